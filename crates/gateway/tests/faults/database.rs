//! Between Homeword and PostgreSQL. Runs where `HOMEWORD_POSTGRES` names a server (`cargo xtask postgresql`).

use crate::carrier::{Carrier, Kind};
use crate::common::{Databases, House, PHONE, TOKEN, until};
use crate::proxy::{Behind, Fault, Proxy};
use domain::SenderId;
use domain::delivery::DeliveryState;
use std::process::Command;
use std::time::{Duration, Instant};

/// A database of its own, with the line in front of it. The server listens on a socket in a folder.
async fn database() -> Option<(Databases, Proxy)> {
    let own = Databases::on_postgresql("fault")?;
    let (place, settings) = own.tests.split_once('?').expect("a folder");
    let folder = settings.split("host=").nth(1).expect("a folder").split('&').next().expect("a folder");
    let name = place.rsplit('/').next().expect("a name");
    let proxy = Proxy::start(Behind::Unix(format!("{folder}/.s.PGSQL.5432").into())).await;
    let programs = format!("postgres://postgres@{}/{name}?sslmode=disable", proxy.address);
    Some((Databases { programs, ..own }, proxy))
}

/// Texts that are stored, by their words: (different, all).
fn stored(url: &str) -> (usize, usize) {
    let query = "SELECT COUNT(DISTINCT raw), COUNT(*) FROM incoming";
    let output = Command::new("psql").args(["-At", "-F", " ", "-d", url, "-c", query]).output().expect("psql");
    let text = String::from_utf8(output.stdout).expect("figures");
    let (different, all) = text.trim().split_once(' ').expect("two figures");
    (different.parse().expect("a figure"), all.parse().expect("a figure"))
}

/// Families write, all at once; each is acknowledged before a company would hang up.
async fn families_write(address: &str, to: &str, numbers: std::ops::Range<usize>) {
    let client = reqwest::Client::new();
    let mut posts = tokio::task::JoinSet::new();
    for number in numbers {
        let fields = [("MessageSid", format!("SM{number}")), ("From", PHONE.into()), ("To", to.into()), ("Body", format!("No. {number}"))];
        let fields: Vec<(String, String)> = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let signature = sms::signature(TOKEN, "http://homeword.example/hooks/sms/twilio", &fields);
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
        let request = client.post(format!("http://{address}/hooks/sms/twilio")).header("x-twilio-signature", signature);
        let request = request.header("content-type", "application/x-www-form-urlencoded").timeout(Duration::from_secs(15)).body(body);
        posts.spawn(async move { request.send().await.map(|answer| answer.status().as_u16()) });
    }
    while let Some(answer) = posts.join_next().await {
        assert_eq!(answer.expect("no panic").expect("an answer in fifteen seconds"), 200);
    }
}

async fn number_of(house: &House, sender: SenderId) -> String {
    let senders = house.opened.people.senders(domain::DistrictId(1)).await.expect("senders");
    senders.into_iter().find(|row| row.id == sender).expect("a sender").address
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_goes_without_a_word_stops_nothing_for_long_and_no_text_is_lost() {
    let Some((databases, proxy)) = database().await else { return };
    let carrier = Carrier::start(Kind::Keyed).await;
    let house = House::of(&carrier.address, "keyed", Some(&databases)).await;
    let sender = house.sender(1000.0).await;
    let number = number_of(&house, sender).await;
    let served = house.serve("warn");
    let mut texts = Vec::new();
    for (round, fault) in [Fault::Forgotten, Fault::Silent].into_iter().enumerate() {
        let first = house.queue(sender).await;
        until("a good line carries", 60, async || house.state(first).await == DeliveryState::Accepted).await;
        families_write(&served.pages, &number, round * 100..round * 100 + 20).await;
        until("stored", 30, async || stored(&databases.tests).0 >= round * 100 + 20).await;

        proxy.set(fault);
        let begun = Instant::now();
        let late = house.queue(sender).await;
        families_write(&served.pages, &number, round * 100 + 20..round * 100 + 100).await;
        if fault == Fault::Silent {
            // Longer than any of its limits of time.
            until("time passes", 60, async || begun.elapsed() > Duration::from_secs(25)).await;
            assert_eq!(house.state(late).await, DeliveryState::Queued);
            // What hung hangs for good: the other side forgot it.
            proxy.set(Fault::Forgotten);
        }
        until("sending goes on", 90, async || house.state(late).await == DeliveryState::Accepted).await;
        until("every text is stored", 90, async || stored(&databases.tests).0 >= round * 100 + 100).await;
        println!("{fault:?}: everything went on {:.1} s after it began", begun.elapsed().as_secs_f64());
        texts.extend([first, late]);
    }
    assert_eq!(stored(&databases.tests), (200, 200), "each once");
    let sent = carrier.sent();
    assert!(texts.iter().all(|text| sent.get(&text.0) == Some(&1)), "each went to its phone once: {sent:?}");
    carrier.stop();
}
