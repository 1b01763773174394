//! What PostgreSQL keeps beside the deliveries, held against the deliveries themselves: whatever changed them, and however.

use sqlx::{Connection, Executor, PgConnection, Row};

/// Rows of one side that the other lacks: what waits, what somebody has to see to, what is under way.
const APART: &str = "WITH rows AS (SELECT sender, lane, opens, id FROM delivery WHERE state = 0), kinds AS (SELECT district, CAST(CASE state WHEN 8 THEN 8 WHEN 5 THEN 5 ELSE 4 END AS BIGINT) AS kind, CASE state WHEN 8 THEN rendition WHEN 5 THEN opens ELSE 0 END AS key, id FROM delivery WHERE state = 8 OR (state = 5 AND restored > 0) OR (state IN (4, 6, 7) AND walked = 0)) SELECT (SELECT COUNT(*) FROM (TABLE rows EXCEPT TABLE waiting) x), (SELECT COUNT(*) FROM (TABLE waiting EXCEPT TABLE rows) x), (SELECT COUNT(*) FROM (TABLE kinds EXCEPT TABLE aside) x), (SELECT COUNT(*) FROM (TABLE aside EXCEPT TABLE kinds) x), (SELECT COUNT(*) FROM delivery d WHERE d.state = 1 AND NOT EXISTS (SELECT 1 FROM under_way u WHERE u.district = d.district AND u.claimed_until = COALESCE(d.claimed_until, 0) AND d.id = ANY(u.ids)))";

/// Nothing is missing, and nothing is there that has gone.
pub async fn agrees(url: &str) {
    let mut conn = PgConnection::connect(url).await.expect("a connection");
    let row = sqlx::query(APART).fetch_one(&mut conn).await.expect("a row");
    let apart: Vec<i64> = (0..5).map(|column| row.get(column)).collect();
    assert_eq!(apart, [0; 5], "waiting: lacks, has too much; aside: lacks, has too much; under way: lacks");
}

/// Deliveries in every state, of a district that is none.
const EVERY: &str = "INSERT INTO delivery (district, id, message, contact, rendition, language, channel, sender, lane, weight, state, attempt, opens, closes, claimed_at, claimed_until, students, menu_base, speaks_for, reason, changed, restored, walked, offers) SELECT -1, -n, -1, -n, -5, 'so', 1, -6, 3, 3, n % 10, 0, n, 100, 1, CASE n % 10 WHEN 1 THEN 50 + n % 2 END, '[]', 0, 0, '', 0, CASE WHEN n % 3 = 0 THEN 7 END, n % 2, 4 FROM generate_series(1, 40) n";

/// The schema before this one, by number.
const SCHEMA_15: [(i64, &str); 14] = [
    (1, include_str!("../../migrations/0001_house.sql")),
    (2, include_str!("../../migrations/0002_people_and_duty.sql")),
    (3, include_str!("../../migrations/0003_restore.sql")),
    (4, include_str!("../../migrations/0004_engine.sql")),
    (5, include_str!("../../migrations/0005_lean.sql")),
    (6, include_str!("../../migrations/0006_bell.sql")),
    (7, include_str!("../../migrations/0007_once.sql")),
    (8, include_str!("../../migrations/0008_lease.sql")),
    (9, include_str!("../../migrations/0009_parts.sql")),
    (10, include_str!("../../migrations/0010_asked.sql")),
    (12, include_str!("../../migrations/0012_greetings_and_pictures.sql")),
    (13, include_str!("../../migrations/0013_by_contact.sql")),
    (14, include_str!("../../migrations/0014_letters.sql")),
    (15, include_str!("../../migrations/0015_mailbox.sql")),
];

/// What waits in an older database waits in the newer one, and is set aside.
pub async fn is_filled_from_an_older_database(url: &str) {
    let mut conn = PgConnection::connect(url).await.expect("a connection");
    conn.execute("CREATE SCHEMA older").await.expect("a schema");
    let older = format!("{url}&options=-c%20search_path%3Dolder");
    let mut conn = PgConnection::connect(&older).await.expect("a connection");
    conn.execute("CREATE TABLE migration (number BIGINT PRIMARY KEY)").await.expect("a table");
    for (number, text) in SCHEMA_15 {
        let mine = text.lines().filter(|line| !line.starts_with("--") && !line.starts_with("SQLITE "));
        let text: String = mine.map(|line| format!("{}\n", line.replace(" BYTES ", " BYTEA "))).collect();
        conn.execute(sqlx::AssertSqlSafe(text)).await.expect("an older schema");
        sqlx::query("INSERT INTO migration (number) VALUES ($1)").bind(number).execute(&mut conn).await.expect("noted");
    }
    conn.execute(EVERY).await.expect("made");
    assert_eq!(store::behind(&older).await.expect("it answers"), 1);
    // An older node is in the midst of a step meanwhile: what it writes is set aside too.
    let mut node = PgConnection::connect(&older).await.expect("a connection");
    let mut step = node.begin().await.expect("a step");
    step.execute("UPDATE delivery SET state = 1, claimed_until = 80 WHERE id % 5 = 0").await.expect("claimed");
    step.execute(sqlx::AssertSqlSafe(EVERY.replace("-n, -1, -n,", "-100 - n, -2, -n,"))).await.expect("planned");
    let newer = older.clone();
    let newer = tokio::spawn(async move { store::open(&newer).await.map(drop) });
    let waits = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while sqlx::query(waits).fetch_one(&mut conn).await.expect("a row").get::<i64, _>(0) == 0 {
        assert!(!newer.is_finished(), "it did not wait");
        tokio::task::yield_now().await;
    }
    step.commit().await.expect("committed");
    newer.await.expect("no panic").expect("brought up to date");
    agrees(&older).await;
    let waits: i64 = sqlx::query("SELECT COUNT(*) FROM waiting").fetch_one(&mut conn).await.expect("a row").get(0);
    assert_eq!(waits, 4, "the four there were are claimed, four are new");
    conn.execute("DROP SCHEMA older CASCADE").await.expect("gone");
}

/// A delivery in each state by hand, moved to each other state, then away: one row a statement, and all of them at once.
pub async fn is_kept_in_step(url: &str) {
    let mut conn = PgConnection::connect(url).await.expect("a connection");
    let mut step = conn.begin().await.expect("a step");
    let apart = format!("SELECT CAST(x AS TEXT) FROM ({APART}) x");
    step.execute(EVERY).await.expect("made");
    let mut changes: Vec<String> = (0..10).map(|state| format!("state = {state}")).collect();
    changes.extend(
        ["opens = opens + 1", "sender = sender - 1", "walked = 1 - walked", "restored = 9", "claimed_until = 60"].map(str::to_owned),
    );
    changes.extend((0..10).map(|state| format!("state = {state}, claimed_until = 70, opens = 3")));
    for (number, change) in changes.iter().enumerate() {
        for which in ["id = -7".to_owned(), format!("id % 5 = {}", -(number as i64 % 5)), "true".to_owned()] {
            step.execute(sqlx::AssertSqlSafe(format!("UPDATE delivery SET {change} WHERE district = -1 AND {which}")))
                .await
                .expect("changed");
            let row = sqlx::query(sqlx::AssertSqlSafe(apart.clone())).fetch_one(&mut *step).await.expect("a row");
            assert_eq!(row.get::<String, _>(0), "(0,0,0,0,0)", "after {change} where {which}");
        }
    }
    step.execute("DELETE FROM delivery WHERE district = -1").await.expect("deleted");
    let left = "SELECT (SELECT COUNT(*) FROM waiting WHERE sender < 0) + (SELECT COUNT(*) FROM aside WHERE district = -1)";
    assert_eq!(sqlx::query(left).fetch_one(&mut *step).await.expect("a row").get::<i64, _>(0), 0);
    step.rollback().await.expect("as it was");
}

/// An update of a delivery's state leaves its indexes alone, as long as there is room in its page: what this is all for.
pub async fn costs_no_index(url: &str) {
    let mut conn = PgConnection::connect(url).await.expect("a connection");
    let indexes = "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = CAST('delivery' AS regclass)";
    for row in sqlx::query(indexes).fetch_all(&mut conn).await.expect("indexes") {
        let text: String = row.get(0);
        let changing = ["state", "attempt", "opens", "claimed", "changed", "reason", "walked", "restored"];
        assert!(!changing.iter().any(|column| text.contains(column)), "an index that a claim has to write: {text}");
    }
}
