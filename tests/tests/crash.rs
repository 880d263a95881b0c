//! SIGKILL at random moments under load: nothing accepted is lost, nothing is issued twice.

use mohar_tests::{Service, mohar, sample};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

const KILLS: u64 = 100;

#[test]
fn a_hundred_kills_lose_nothing() {
    let mut dir = std::env::temp_dir().join(format!("mohar-crash-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    // Every answer that was given: idempotency key and the index of its certificate.
    let answered: Mutex<BTreeMap<String, u64>> = Mutex::default();
    let next = AtomicU64::new(0);
    let body = sample("income").to_string();
    for kill in 0..KILLS {
        let service = Service::start_in(dir.clone(), &[]);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    loop {
                        let key = format!("k{}", next.fetch_add(1, Ordering::Relaxed));
                        let Ok((201, answer)) = service.post("/v1/certificates", Some(&key), body.as_bytes())
                        else {
                            break;
                        };
                        answered.lock().unwrap().insert(key, answer["index"].as_u64().unwrap());
                    }
                });
            }
            // A moment that differs each time: 2 to 41 ms, spread by a prime step.
            std::thread::sleep(Duration::from_millis(2 + kill * 17 % 40));
            service.signal_kill();
        });
        dir = service.kill();
    }
    let service = Service::start_in(dir, &[]);
    let answered = answered.into_inner().unwrap();
    assert!(answered.len() as u64 > KILLS, "there was load: {}", answered.len());
    for (key, index) in &answered {
        let (status, again) = service.post("/v1/certificates", Some(key), body.as_bytes()).unwrap();
        assert_eq!((status, again["index"].as_u64()), (200, Some(*index)), "{key} was answered before");
    }
    let audit = mohar(&["audit", "--data", &service.dir.display().to_string()]);
    assert_eq!(audit.status.code(), Some(0), "{}", String::from_utf8_lossy(&audit.stdout));
}
