//! Applications under SIGKILL: what was answered is there, nothing is doubled, every rupee is booked
//! once.

use mohar_schemas::catalogue::published;
use mohar_schemas::form::By;
use mohar_tests::Service;
use mohar_tests::journey::{PNG, citizen, form, pair};
use mohar_tests::mohar;
use mohar_tests::visitor::Visitor;
use std::collections::BTreeSet;
use std::process::Command;
use std::sync::Mutex;
use std::time::Duration;

/// Kills, at least; more until as many applications are paid for as `MOHAR_APPLICATIONS` says.
const KILLS: u64 = 12;
const CITIZENS: usize = 3;

/// Hands applications in until the service is killed; remembers which were answered as paid.
fn until_killed(visitor: &Visitor, paid: &Mutex<BTreeSet<String>>) {
    let service = published().service("income").expect("a service");
    let answers = [form(service, By::Citizen), vec![pair("do", "save")]].concat();
    let step = || -> Option<()> {
        let (_, page) = visitor.try_send("/apply/s/income", &[])?;
        let number = page.split("/apply/a/").nth(1)?.get(..16)?.to_owned();
        let at = format!("/apply/a/{number}");
        visitor.try_send(&at, &answers)?;
        for document in &service.documents {
            visitor.try_attach(&format!("{at}/files/{}", document.kind), PNG)?;
        }
        visitor.try_send(&at, &[pair("do", "submit"), pair("consent", "yes")])?;
        let (_, gateway) = visitor.try_send(&format!("{at}/pay"), &[])?;
        let order = gateway.split("action=\"/gateway/").nth(1)?.split('"').next()?.to_owned();
        let (_, page) = visitor.try_send(&format!("/gateway/{order}"), &[])?;
        if page.contains("With the office") {
            paid.lock().expect("the set").insert(number);
        }
        Some(())
    };
    while step().is_some() {}
}

#[test]
fn nothing_is_lost_or_doubled() {
    let mut running = Service::start("applications-crash");
    let mut visitors: Vec<Visitor> = vec![];
    for _ in 0..CITIZENS {
        visitors.push(citizen(&running));
        // One code a minute and phone: the next citizen is the same person on another device.
        let _ = std::fs::remove_file(running.dir.join("codes.txt"));
        forget_codes(&running);
    }
    let paid = Mutex::default();
    let wanted = std::env::var("MOHAR_APPLICATIONS").map_or(21, |n| n.parse().expect("a number"));
    let enough = |paid: &Mutex<BTreeSet<String>>| paid.lock().expect("the set").len() >= wanted;
    for kill in (0..1_000).take_while(|kill| *kill < KILLS || !enough(&paid)) {
        std::thread::scope(|scope| {
            for visitor in &visitors {
                scope.spawn(|| until_killed(visitor, &paid));
            }
            std::thread::sleep(Duration::from_millis(150 + kill * 97 % 400));
            running.signal_kill();
        });
        let dir = running.kill();
        running = Service::start_in(dir, &[]);
        for visitor in &mut visitors {
            visitor.moved(&running.base_url);
        }
    }
    let paid = paid.into_inner().expect("the set");
    assert!(paid.len() >= wanted, "only {} were paid", paid.len());
    for number in &paid {
        let page = visitors[0].page(&format!("/apply/a/{number}"));
        assert!(page.contains("With the office"), "{number} was lost: {page}");
        assert_eq!(page.matches("Fee paid").count(), 1, "{number} was booked once");
    }
    // The gateway's books, ours, and the log come to agree, lost callbacks included.
    let gateway = std::fs::read_to_string(running.dir.join("gateway.txt")).expect("the gateway's books");
    let seen = u64::try_from(gateway.lines().collect::<BTreeSet<_>>().len()).expect("a count");
    let query = |sql: &str| -> u64 {
        let out = Command::new("sqlite3").arg(running.dir.join("mohar.db")).arg(sql).output();
        String::from_utf8_lossy(&out.expect("sqlite3").stdout).trim().parse().expect("a number")
    };
    let booked = || query("SELECT count(*) FROM orders WHERE state = 'paid'");
    let mut waits = 0..60;
    while booked() < seen && waits.next().is_some() {
        std::thread::sleep(Duration::from_millis(250));
    }
    let audit = mohar(&["audit", "--data", &running.dir.display().to_string()]);
    assert_eq!(audit.status.code(), Some(0), "{}", String::from_utf8_lossy(&audit.stdout));
    let logged = query("SELECT count(*) FROM events WHERE body LIKE '%\"act\":\"paid\"%'");
    let at_work = query("SELECT count(*) FROM applications WHERE state = 'in-work'");
    assert_eq!((booked(), logged, at_work), (seen, seen, seen), "the books, the log and the office");
}

fn forget_codes(running: &Service) {
    let sql = "DELETE FROM tries";
    let done = Command::new("sqlite3").arg(running.dir.join("mohar.db")).arg(sql).status();
    assert!(done.expect("sqlite3; tests/run installs it").success());
}
