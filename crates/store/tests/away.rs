//! A database that another connection holds: what comes in hears that it is away, never that it was taken or is wrong.

use domain::conversation::Via;
use domain::ports::{NewIncoming, StoreFault};
use domain::{DistrictId, IncomingId, Time};
use sqlx::{Connection, Executor};

fn row(id: i64, key: &str) -> NewIncoming {
    let (from, to) = ("+12035550101".into(), "+12035550190".into());
    NewIncoming {
        id: IncomingId(id),
        key: key.into(),
        via: Via::Sms,
        received: Time(id),
        from,
        to,
        raw: b"hola".to_vec(),
        carrier_answered: false,
    }
}

#[tokio::test]
async fn a_write_lock_held_past_the_time_out_is_away_and_a_repeated_row_is_dropped_afterwards() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("house.db").display());
    let opened = store::open(&url).await.expect("a database");
    let district = DistrictId(1);
    let take = async |id, key: &str| opened.inbound.take_in(district, &[row(id, key)]).await;
    assert_eq!(take(1, "a").await.expect("taken"), [true]);

    let mut other = sqlx::SqliteConnection::connect(&url).await.expect("a connection");
    other.execute("BEGIN IMMEDIATE").await.expect("the write lock");
    assert!(matches!(take(2, "b").await, Err(StoreFault::Away(_))));
    other.execute("ROLLBACK").await.expect("let go");

    assert_eq!(take(3, "b").await.expect("taken"), [true], "the same call again, from the spool");
    assert_eq!(take(4, "b").await.expect("dropped"), [false], "and once more");
    assert_eq!(opened.inbound.waiting(district, Time(10), Time(20), 10).await.expect("read").len(), 2);
}
