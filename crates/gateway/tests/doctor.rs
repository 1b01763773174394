//! `homeword doctor`: one line for everything, with what to do; nothing of anybody.

mod common;
#[path = "../../email/tests/wire/names.rs"]
mod names;

use common::{BINARY, House, PHONE, Stub, WORDS};
use serde_json::Value;
use std::process::Command;

/// Its exit code and what it said.
fn doctor(config: &str, more: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(BINARY).args(["doctor", "--config", config]).args(more).output().expect("the program runs");
    (output.status.code(), String::from_utf8(output.stdout).expect("UTF-8"))
}

/// (stand, words) of a line.
fn line(told: &Value, about: &str) -> (String, String) {
    let found = told["lines"].as_array().expect("lines").iter().find(|line| line["about"] == about);
    let found = found.unwrap_or_else(|| panic!("no line about {about}: {told}"));
    let field = |name: &str| found[name].as_str().expect("a text").to_owned();
    (field("stand"), field("words"))
}

#[tokio::test]
async fn it_looks_at_everything_and_fails_where_something_does() {
    let carrier = Stub::slow();
    let house = House::new(&carrier, "").await;
    house.district(|district| district.rehearsal = true).await;
    let told = |expected: i32| {
        let (code, text) = doctor(&house.config(), &["--json"]);
        assert_eq!(code, Some(expected), "{text}");
        let told: Value = serde_json::from_str(&text).expect("one JSON object");
        assert_eq!(told["fails"], expected != 0);
        told
    };
    let first = told(0);
    let expected = [
        ("configuration", "ok", "every setting is known"),
        ("secrets", "ok", "can be read"),
        ("database", "ok", "up to date"),
        ("clock", "ok", "this machine's clock"),
        ("node slots", "ok", "0 of 512"),
        ("queue, emergency", "ok", "nothing waits"),
        ("incoming", "ok", "nothing waits"),
        ("on hold", "ok", "nothing waits"),
        ("texts", "ok", "accounts: twilio"),
        ("letters", "look", "letters.server is empty"),
        ("engine", "look", "no engine"),
        ("phrases", "look", "es 21"),
        ("state", "look", "rehearsal"),
        ("senders", "look", "none"),
        ("numbers", "look", "No office number"),
        ("duty list", "look", "Nobody is told at once"),
        ("emergency phrases", "look", ""),
        ("proof of arrival", "look", "No message was reported as arrived"),
        ("approvals", "look", "no phrase is approved"),
    ];
    for (about, stand, words) in expected {
        let (known, said) = line(&first, about);
        assert!(known == stand && said.contains(words), "{about}: {known}: {said}");
    }

    // Live, the same things are faults.
    house.district(|_| {}).await;
    let live = told(1);
    assert_eq!((line(&live, "state").0.as_str(), line(&live, "duty list").0.as_str()), ("ok", "fails"));

    let sender = house.sender(1.0).await;
    house.queue(sender).await;
    assert_eq!(house.claim_and_die(sender).await, [1]);
    house.queue(sender).await;
    house.opened.outbound.pause_sender(domain::DistrictId(1), sender, true, WORDS, &common::audit()).await.expect("paused");
    let busy = told(1);
    assert!(line(&busy, "queue, broadcast").1.starts_with("1 may leave"), "{busy}");
    assert!(line(&busy, "late claims").1.starts_with("1 "), "{busy}");
    assert!(line(&busy, "senders").1.contains(&format!("paused: {sender}")), "{busy}");

    let (_, text) = doctor(&house.config(), &[]);
    assert!(text.contains("FAILS  duty list") && text.contains("\nMaple\n"), "{text}");
    for private in [PHONE, &PHONE[1..], WORDS, "Morales", "Sofía", "Rivera", "rivera@", &format!("1203{:07}", sender.0)] {
        assert!(!text.contains(private) && !busy.to_string().contains(private), "{private} stands in the report: {text}");
    }
}

#[tokio::test]
async fn a_wrong_setting_a_missing_secret_and_an_absent_database_are_said_and_nothing_is_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| folder.path().join(name).display().to_string();
    let told = |config: &str| {
        std::fs::write(file("homeword.toml"), config).expect("written");
        let (code, text) = doctor(&file("homeword.toml"), &[]);
        assert_eq!(code, Some(1), "{text}");
        text
    };
    assert!(told("listn = \"x\"").contains("did you mean listen?"));
    let database = format!("database = \"sqlite:{}\"\n", file("h.db"));
    assert!(told(&format!("{database}[letters]\nsecret = \"file:/nowhere\"\n")).contains("letters.secret"));
    std::fs::write(file("secret"), "0123456789abcdef0123").expect("written");
    let config = format!("{database}[letters]\nsecret = \"file:{}\"\n", file("secret"));
    assert!(told(&config).contains("FAILS  database           it does not answer"));
    assert!(!std::path::Path::new(&file("h.db")).exists(), "looking makes no database");
    std::fs::write(file("h.db"), "").expect("written");
    assert!(told(&config).contains("run homeword migrate"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_domain_is_looked_up_with_the_key_that_signs_and_the_addresses_letters_leave_from() {
    let carrier = Stub::slow();
    let house = House::new(&carrier, "").await;
    let key = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../email/fixtures/dkim/rsa.pem")).expect("a key");
    let signer = email::Signer::new("maple.example", "one", &key).expect("a key");
    let us = std::net::Ipv4Addr::new(192, 0, 2, 25);
    let server = names::Names::default()
        .text("answer.mail.maple.example", "v=spf1 ip4:192.0.2.25 -all")
        .text("one._domainkey.maple.example", &signer.record())
        .text("_dmarc.maple.example", "v=DMARC1; p=none")
        .mail_server("answer.mail.maple.example", "mx.maple.example")
        .address("mx.maple.example", us)
        .reverse(us, "mx.maple.example")
        .serve()
        .await;
    let file = |name: &str| std::path::Path::new(&house.config()).with_file_name(name);
    std::fs::write(file("dkim.pem"), key).expect("written");
    let pem = file("dkim.pem").display().to_string();
    let more = format!(
        "[letters]\nserver = \"127.0.0.1:1\"\nresolver = \"{server}\"\nreply_subdomain = \"answer\"\nleaves_from = [\"192.0.2.25\"]\ndkim = [{{ domain = \"maple.example\", selector = \"one\", key = \"file:{pem}\" }}]\n"
    );
    let config = std::fs::read_to_string(house.config()).expect("read").replace("[letters]\n", &more);
    std::fs::write(house.config(), config).expect("written");
    house.mail_identity("school@mail.maple.example").await;

    let (_, text) = doctor(&house.config(), &["--json"]);
    let told: Value = serde_json::from_str(&text).expect("one JSON object");
    let expected = [
        ("spf", "ok", "lets every address"),
        ("dkim", "ok", "one._domainkey.maple.example has our key"),
        ("dmarc", "look", "only watches"),
        ("answers", "ok", "answer.mail.maple.example go to mx.maple.example"),
        ("reverse", "ok", "192.0.2.25 is mx.maple.example"),
    ];
    for (about, stand, words) in expected {
        let (known, said) = line(&told, about);
        assert!(known == stand && said.contains(words), "{about}: {known}: {said}");
    }
    assert!(!text.contains("PRIVATE"), "{text}");
    std::fs::write(file("dkim.pem"), "no key").expect("written");
    let (_, text) = doctor(&house.config(), &[]);
    assert!(text.contains("FAILS  secrets") && text.contains("letters.dkim of maple.example, one: it is no private key in PEM"), "{text}");
}
