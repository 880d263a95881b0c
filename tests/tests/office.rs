//! How an office runs: leave, forwarding together, officers, and many certificates revoked by two.

use mohar_schemas::catalogue::published;
use mohar_tests::Service as Running;
use mohar_tests::journey::{apply, citizen, decide, officer, officer_as, pair};
use mohar_tests::visitor::Visitor;
use serde_json::Value;
use std::process::Command;

const DAYS: [(&str, &str); 2] = [("from", "2026-01-01"), ("until", "2026-12-31")];

fn today(more: i64) -> String {
    let out =
        Command::new("date").env("TZ", "IST-5:30").args(["+%F", "-d", &format!("{more} days")]).output();
    String::from_utf8_lossy(&out.expect("date").stdout).trim().to_owned()
}

#[test]
fn a_colleague_stands_in_and_files_are_forwarded_together() {
    let running = Running::start("leave");
    let visitor = citizen(&running);
    let service = published().service("income").expect("a service");
    let numbers: Vec<String> = (0..3).map(|_| apply(&visitor, service)).collect();
    let clerk = officer(&running, "dealing-assistant");
    let page = clerk.page("/console");
    assert!(page.contains("this step by"), "{page}");
    let ticked: Vec<_> = numbers.iter().map(|n| pair("number", n)).collect();
    let (_, page) = clerk.send("/console/forward", &ticked);
    assert!(page.contains("Forwarded: 3"), "{page}");
    assert!(
        clerk.send("/console/forward", &ticked).1.contains("Forwarded: 0"),
        "they are not the clerk's any more"
    );
    let kanungo = officer(&running, "kanungo");
    assert!(!kanungo.page("/console").contains(&numbers[1]));
    let patwari = officer(&running, "patwari");
    let leave = |to: &str, until: &str| {
        let pairs = [pair("do", "add"), pair("to", to), pair("from", &today(0)), pair("until", until)];
        patwari.send("/console/leave", &pairs).1
    };
    for (to, until) in [("nobody", today(1)), ("patwari", today(1)), ("kanungo", today(-1))] {
        assert!(leave(to, &until).contains("Name a colleague"), "{to} {until}");
    }
    let page = leave("kanungo", &today(3));
    assert!(page.contains("It begins and ends by itself"), "{page}");
    assert!(kanungo.page("/console").contains(&numbers[1]), "the colleague sees the files");
    let end = page.split("value=\"end:").nth(1).and_then(|r| r.split('"').next()).expect("its id").to_owned();
    patwari.send("/console/leave", &[pair("do", &format!("end:{end}"))]);
    assert!(!kanungo.page("/console").contains(&numbers[1]), "no longer");
}

#[test]
fn two_administrators_revoke_and_officers_come_and_go() {
    let running = Running::start("administrators");
    let visitor = citizen(&running);
    let service = published().service("income").expect("a service");
    let number = apply(&visitor, service);
    decide(&running, service, &number);
    let (_, pdf) = visitor.open(&format!("/apply/a/{number}/certificate.pdf"));
    let verdict = || running.post("/v1/verify", None, &pdf).expect("an answer").1["verdict"].clone();
    assert_eq!(verdict(), "genuine");
    assert_eq!(officer(&running, "sdm").open("/console/admin").0, 404, "administrators only");
    let first = officer(&running, "administrator");
    let page = first.page("/console/admin");
    assert!(page.contains("Messages that were not taken") && page.contains("in use"), "{page}");

    let add = |id: &str| {
        let pairs = [
            ("do", "add"),
            ("id", id),
            ("name", "Second"),
            ("role", "administrator"),
            ("office", "sdm-narela"),
        ];
        first.send("/console/admin/officers", &pairs.map(|(n, v)| pair(n, v))).1
    };
    assert!(add("X").contains("3 to 40 small letters"));
    assert!(add("sdm").contains("is taken"), "nobody is replaced by mistake");
    second(&running);
    let second = officer_as(&running, "second", "administrator");

    let wish = |who: &Visitor, act: &str, reason: &str| {
        let mut pairs = vec![pair("do", act), pair("officer", "sdm"), pair("reason", reason)];
        pairs.extend(DAYS.map(|(n, v)| pair(n, v)));
        who.send("/console/admin/revocations", &pairs).1
    };
    assert!(wish(&first, "preview", "").contains("and a reason"));
    assert!(wish(&first, "preview", "fraud").contains(&number), "what it would be");
    let page = wish(&first, "propose", "fraud");
    assert!(page.contains("nothing is revoked yet") && !page.contains("confirm:"), "{page}");
    assert_eq!(verdict(), "genuine");
    let page = second.page("/console/admin/revocations");
    let id =
        page.split("value=\"confirm:").nth(1).and_then(|r| r.split('"').next()).expect("its id").to_owned();
    let confirm =
        |who: &Visitor| who.send("/console/admin/revocations", &[pair("do", &format!("confirm:{id}"))]).1;
    assert!(confirm(&first).contains("another administrator confirms"));
    assert!(confirm(&second).contains("Revoked."));
    assert_eq!(verdict(), "revoked");
    assert!(second.page(&format!("/console/a/{number}")).contains("Certificate revoked"), "it is in the log");

    let auditor = officer(&running, "auditor");
    let page = auditor.page(&format!("/console/a/{number}"));
    assert!(
        page.contains("Sunita Devi") && !page.contains("name=\"do\""),
        "reads everything, changes nothing"
    );
    let gone = first.send("/console/admin/officers", &[pair("do", "remove:second")]).1;
    assert!(gone.contains("open sessions have ended"), "{gone}");
    assert!(!second.page("/console/sign-in").is_empty() && second.page("/console").contains("Password"));
    let own = first.send("/console/admin/officers", &[pair("do", "remove:administrator")]).1;
    assert!(own.contains("not yours"), "nobody locks the door behind themselves");
}

/// A second administrator with the first one's password and secret.
fn second(running: &Running) {
    let sql = "INSERT INTO officers SELECT 'second', 'Second', posts, password, totp FROM officers WHERE id = 'administrator'";
    let done = Command::new("sqlite3").arg(running.dir.join("mohar.db")).arg(sql).status();
    assert!(done.expect("sqlite3; tests/run installs it").success());
    let demo: Value =
        serde_json::from_slice(&std::fs::read(running.dir.join("demo.json")).expect("demo.json"))
            .expect("JSON");
    assert!(demo["officers"].as_array().is_some_and(|o| o.iter().any(|o| o["id"] == "administrator")));
}
