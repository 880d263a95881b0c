//! The portal in Chromium with the CPU slowed six times.

use crate::{Line, status};
use mohar_tests::browser::Browser;
use mohar_tests::recorder::Recorder;
use mohar_tests::{Service, sample};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread::sleep;
use std::time::Duration;

const SLOWER: u32 = 6;
/// So long an empty page needs at most to be at rest, and another to be judged.
const SETTLED: Duration = Duration::from_millis(300);
const JUDGED: Duration = Duration::from_millis(1_500);

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
    browser.wait("localStorage.getItem('mohar-lists-2/met')");
    browser.wait("caches.match('/js/later.js').then(Boolean)");
    // The service here has one certificate; what a million's snapshot has more is added.
    let [million, one] = [1_000_000, 1].map(|issued| status::signed(&status::strewn(issued)).len());
    let bytes = net.received() - before + (million - one) as u64;
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let kilobytes = bytes as f64 / 1e3;
    let what = "browser: bytes of a first visit, offline copy and snapshot of 1 million included";
    lines.push(Line::most(what, kilobytes, " KB", 120.0, "≤ 120 KB"));

    net.cut();
    let ms = navigations(&mut browser, link, "genuine");
    let what = "browser: navigation to the verdict, nothing answers, CPU slowed 6 times";
    lines.push(Line::plain(what, format!("{ms:.2} ms")));
    // Without a network the browser says so.
    let none = json!({ "offline": true, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0 });
    browser.call("Network.emulateNetworkConditions", &none);
    let ms = navigations(&mut browser, link, "genuine");
    let what = "browser: navigation to the verdict without a network, CPU slowed 6 times";
    lines.push(Line::most(what, ms, " ms", 100.0, "≤ 100 ms"));
    let empty = empty_page();
    let what = "browser: the same to an empty page of a service worker";
    lines.push(Line::plain(what, format!("{empty:.2} ms")));
    lines.push(Line::plain(
        "browser: the verdict without a network ÷ an empty page",
        format!("{:.2}", ms / empty),
    ));
}

/// Milliseconds from navigation until the page shows that verdict: the median of several.
fn navigations(browser: &mut Browser, link: &str, verdict: &str) -> f64 {
    let watch = "new MutationObserver(() => { if (document.documentElement.dataset.verdict) window.judgedAt ??= performance.now(); }).observe(document, { attributes: true, subtree: true });";
    let added = browser.call("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": watch }));
    let time = |_| {
        browser.call("Page.navigate", &json!({ "url": "about:blank" }));
        sleep(SETTLED);
        browser.call("Page.navigate", &json!({ "url": link }));
        // Whoever asks a page while it is loading slows it down.
        sleep(JUDGED);
        assert_eq!(browser.verdict(), verdict);
        browser.wait("window.judgedAt").as_f64().expect("a time")
    };
    let mut times: Vec<f64> = (0..9).map(time).collect();
    times.sort_by(f64::total_cmp);
    let known = json!({ "identifier": added["identifier"] });
    browser.call("Page.removeScriptToEvaluateOnNewDocument", &known);
    times[times.len() / 2]
}

/// What any page costs: one that says at once that it is there, kept and served as the portal's is.
fn empty_page() -> f64 {
    const PAGE: &str = "<!doctype html><title>Empty</title><script type=\"module\">document.documentElement.dataset.verdict = 'empty'; navigator.serviceWorker.register('/sw.js');</script>";
    const WORKER: &str = "addEventListener('install', (event) => { event.waitUntil(caches.open('kept').then((kept) => kept.add('/')));
        event.addRoutes?.([{ condition: { urlPattern: { pathname: '/' } }, source: { cacheName: 'kept' } }]); });
        addEventListener('fetch', (event) => event.respondWith(caches.match('/')));";
    let site = site(PAGE, WORKER);
    let mut browser = slowed("bench-empty");
    browser.open(&site);
    assert_eq!(browser.verdict(), "empty");
    browser.wait("navigator.serviceWorker.ready.then(() => caches.match('/')).then(Boolean)");
    navigations(&mut browser, &site, "empty")
}

/// Serves a page, and a script at every other address, until the benchmark ends.
fn site(page: &'static str, script: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("http://{}/", listener.local_addr().expect("its address"));
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let lines = BufReader::new(&stream).lines().map_while(Result::ok);
            let head: Vec<_> = lines.take_while(|line| !line.is_empty()).collect();
            let asked_page = head.first().is_some_and(|line| line.starts_with("GET / "));
            let (kind, body) = if asked_page { ("text/html", page) } else { ("text/javascript", script) };
            let head = format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nConnection: close\r\n\r\n");
            // A browser that has gone does not want it any more.
            let _ = stream.write_all(format!("{head}{body}").as_bytes());
        }
    });
    address
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
