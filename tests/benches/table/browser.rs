//! The portal in Chromium with the CPU slowed six times.

use crate::{Line, status};
use mohar_tests::browser::Browser;
use mohar_tests::recorder::Recorder;
use mohar_tests::{Service, sample};
use serde_json::{Value, json};

const SLOWER: u32 = 6;

pub fn measure(lines: &mut Vec<Line>) {
    eprintln!("browser …");
    let service = Service::start("bench-browser");
    let certificate = service.issue(&sample("caste-sc"), "k");
    let net = Recorder::start(&service.base_url);
    let digits = certificate["qr"].as_str().and_then(|qr| qr.split_once('#')).expect("a fragment").1;
    let link = format!("{}/#{digits}", net.base_url);
    first_visit(lines, &link);
    offline(lines, &link, &net);
    look_up(lines, &service);
}

fn slowed(name: &str) -> Browser {
    let mut browser = Browser::start(name);
    browser.call("Emulation.setCPUThrottlingRate", &json!({ "rate": SLOWER }));
    browser
}

fn first_visit(lines: &mut Vec<Line>, link: &str) {
    let mut browser = slowed("bench");
    browser.call("Performance.enable", &json!({}));
    let before = script_ms(&mut browser);
    browser.open(link);
    assert_eq!(browser.verdict(), "genuine");
    let script = script_ms(&mut browser) - before;
    // Only what came before the verdict: the offline copy is fetched afterwards.
    let loaded = browser.events.iter().filter(|e| e["method"] == "Network.loadingFinished");
    let bytes: f64 = loaded.filter_map(|e| e["params"]["encodedDataLength"].as_f64()).sum();
    lines.push(Line::most("browser: bytes to the first verdict", bytes / 1e3, " KB", 60.0, "≤ 60 KB"));
    lines.push(Line::most(
        "browser: script to the first verdict, CPU slowed 6 times",
        script,
        " ms",
        100.0,
        "≤ 100 ms",
    ));
}

/// A first visit to its end: the verdict, the offline copy, and the statuses of all. Then without a network.
fn offline(lines: &mut Vec<Line>, link: &str, net: &Recorder) {
    let mut browser = slowed("bench-offline");
    let before = net.received();
    browser.open(link);
    assert_eq!(browser.verdict(), "genuine");
    browser.wait("navigator.serviceWorker.ready.then(() => true)");
    browser.wait("caches.open('mohar-lists-2').then((c) => c.match('/met')).then(Boolean)");
    browser.wait("caches.match('/js/later.js').then(Boolean)");
    // The service here has one certificate; what a million's snapshot has more is added.
    let [million, one] = [1_000_000, 1].map(|issued| status::signed(&status::strewn(issued)).len());
    let bytes = net.received() - before + (million - one) as u64;
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let kilobytes = bytes as f64 / 1e3;
    let what = "browser: bytes of a first visit, offline copy and snapshot of 1 million included";
    lines.push(Line::most(what, kilobytes, " KB", 120.0, "≤ 120 KB"));

    net.cut();
    let watch = "new MutationObserver(() => { if (document.documentElement.dataset.verdict) window.judgedAt ??= performance.now(); }).observe(document, { attributes: true, subtree: true });";
    browser.call("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": watch }));
    let mut times: Vec<f64> = (0..7)
        .map(|_| {
            browser.open(link);
            assert_eq!(browser.verdict(), "genuine");
            browser.wait("window.judgedAt").as_f64().expect("a time")
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let what = "browser: navigation to the verdict without a network, CPU slowed 6 times";
    lines.push(Line::most(what, times[times.len() / 2], " ms", 100.0, "≤ 100 ms"));
}

/// From the bytes of a snapshot of ten million certificates to the status of one.
fn look_up(lines: &mut Vec<Line>, service: &Service) {
    let mut browser = slowed("bench-look-up");
    browser.open(&service.base_url);
    browser.wait("document.documentElement.dataset.view === 'home'");
    let payload = status::strewn(10_000_000).encode();
    let blocks = mohar_keys::file::hex(&payload);
    // The blocks alone: the signature is WebCrypto's work.
    let script = format!(
        "(async () => {{ const {{ fromHex, listOf }} = await import('/package/index.js'); const {{ decode }} = await import('/package/cbor.js');
        const [, changes, issued, issuedAt, expires, blocks] = decode(fromHex('{blocks}'));
        const state = {{ changes, issued, issuedAt, expires, blocks, changed: new Map() }}, start = performance.now();
        for (let i = 0; i < 200; i++) listOf(state, i % blocks.length);
        return (performance.now() - start) / 200; }})()"
    );
    let time = browser.eval(&script).as_f64().expect("a time");
    lines.push(Line::plain(
        "browser: status of one of 10 million from the snapshot, CPU slowed 6 times",
        format!("{time:.2} ms"),
    ));
}

fn script_ms(browser: &mut Browser) -> f64 {
    let metrics = browser.call("Performance.getMetrics", &json!({}));
    let list: &[Value] = metrics["metrics"].as_array().map_or(&[], Vec::as_slice);
    let script = list.iter().find(|m| m["name"] == "ScriptDuration");
    script.and_then(|m| m["value"].as_f64()).unwrap_or(0.0) * 1e3
}
