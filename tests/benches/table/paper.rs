//! The printed page, through the release program.

use crate::Line;
use mohar_schemas::qr;
use mohar_tests::{Service, sample};
use std::time::Instant;

pub fn measure(lines: &mut Vec<Line>) {
    eprintln!("paper …");
    let service = Service::start("bench-paper");
    for kind in ["caste-sc", "income", "marriage-hindu"] {
        let certificate = service.issue(&sample(kind), kind);
        let path = format!("/v1/certificates/{}/pdf", certificate["id"].as_str().expect("id"));
        let bytes = service.get_as_caller(&path).len();
        let time = |path: &str| {
            let start = Instant::now();
            let _ = service.get_as_caller(path);
            start.elapsed().as_secs_f64()
        };
        let mut times: Vec<f64> = (0..60).map(|_| time(&path)).collect();
        times.sort_by(f64::total_cmp);
        let version = qr::symbol(certificate["qr"].as_str().expect("qr")).expect("a symbol").version;
        lines.push(Line::most(format!("PDF of {kind}, over HTTP"), times[30] * 1e3, " ms", 5.0, "≤ 5 ms"));
        #[expect(clippy::cast_precision_loss, reason = "tens of thousands")]
        let size = bytes as f64 / 1e3;
        lines.push(Line::most(format!("PDF of {kind}, size"), size, " KB", 60.0, "≤ 60 KB"));
        lines.push(Line::most(format!("QR version of {kind}"), f64::from(version), "", 13.0, "≤ 13"));
    }
}
