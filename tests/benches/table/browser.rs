//! The portal in Chromium with the CPU slowed six times.

use crate::Line;
use mohar_tests::browser::Browser;
use mohar_tests::{Service, sample};
use serde_json::{Value, json};

pub fn measure(lines: &mut Vec<Line>) {
    eprintln!("browser …");
    let service = Service::start("bench-browser");
    let certificate = service.issue(&sample("caste-sc"), "k");
    let mut browser = Browser::start("bench");
    browser.call("Emulation.setCPUThrottlingRate", &json!({ "rate": 6 }));
    browser.call("Performance.enable", &json!({}));
    let before = script_ms(&mut browser);
    browser.open(certificate["qr"].as_str().expect("qr"));
    assert_eq!(browser.verdict(), "genuine");
    let script = script_ms(&mut browser) - before;
    // Only what came before the verdict: the offline copy is fetched afterwards.
    let bytes: f64 = browser
        .events
        .iter()
        .filter(|e| e["method"] == "Network.loadingFinished")
        .filter_map(|e| e["params"]["encodedDataLength"].as_f64())
        .sum();
    lines.push(Line::most("browser: bytes to the first verdict", bytes / 1e3, " KB", 60.0, "≤ 60 KB"));
    lines.push(Line::most(
        "browser: script to the first verdict, CPU slowed 6 times",
        script,
        " ms",
        100.0,
        "≤ 100 ms",
    ));
}

fn script_ms(browser: &mut Browser) -> f64 {
    let metrics = browser.call("Performance.getMetrics", &json!({}));
    let list: &[Value] = metrics["metrics"].as_array().map_or(&[], Vec::as_slice);
    let script = list.iter().find(|m| m["name"] == "ScriptDuration");
    script.and_then(|m| m["value"].as_f64()).unwrap_or(0.0) * 1e3
}
