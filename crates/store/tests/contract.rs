//! One contract, run on SQLite always and on PostgreSQL where `HOMEWORD_POSTGRES` names one.

mod aside;
mod frozen;
mod lease;
mod over;
mod pictures;
mod restored;
mod taken;
mod way;

use sqlx::{Connection, Executor, Row, SqlSafeStr};

#[tokio::test]
async fn sqlite_prepares_every_statement_and_goes_the_whole_way() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("house.db");
    let opened = store::open(&format!("sqlite:{}", path.display())).await.expect("a database");
    let mut conn = sqlx::SqliteConnection::connect(&format!("sqlite:{}", path.display())).await.expect("a connection");
    for (name, sql) in store::sqlite::STATEMENTS.iter().copied().flatten().copied() {
        let prepared = (&mut conn).prepare(sql.into_sql_str()).await;
        assert!(prepared.is_ok(), "{name}: {:?}", prepared.err());
    }
    way::the_whole_way(&opened).await;
    way::stop_wins_over_a_claim(&opened).await;
    way::an_order_wins_over_a_claim(&opened).await;
    way::rates_and_caps_hold_for_every_claimer(&opened).await;
    way::what_has_fallen_is_walked_once(&opened).await;
    way::a_rung_is_whole_or_nothing(&opened).await;
    over::a_delivery_goes_on_over_another_number(&opened).await;
    over::a_delivery_whose_digits_are_taken_keeps_its_number(&opened).await;
    taken::a_digit_and_a_line_are_given_once(&opened).await;
    taken::digits_are_given_once_however_they_are_given(&opened).await;
    way::a_bell_is_heard_in_its_district(&opened).await;
    lease::a_lease_has_one_holder_at_a_time(&opened).await;
    lease::of_many_who_ask_at_once_one_gets_it(&opened).await;
    lease::a_bookmark_is_kept(&opened).await;
    pictures::pictures_are_kept_with_their_text(&opened).await;
    store::open(&format!("sqlite:{}", path.display())).await.expect("opened a second time, nothing to migrate");
}

/// Schema 6, whose deliveries, attempts and ids lay otherwise in SQLite.
const SCHEMA_6: [&str; 6] = [
    include_str!("../migrations/0001_house.sql"),
    include_str!("../migrations/0002_people_and_duty.sql"),
    include_str!("../migrations/0003_restore.sql"),
    include_str!("../migrations/0004_engine.sql"),
    include_str!("../migrations/0005_lean.sql"),
    include_str!("../migrations/0006_bell.sql"),
];

#[tokio::test]
async fn an_older_file_keeps_its_deliveries_and_what_became_of_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("house.db").display());
    let mut conn = sqlx::SqliteConnection::connect(&format!("{url}?mode=rwc")).await.expect("a connection");
    conn.execute("CREATE TABLE migration (number BIGINT PRIMARY KEY)").await.expect("a table");
    for (number, text) in SCHEMA_6.iter().enumerate() {
        let text: String = text.lines().filter(|line| !line.starts_with("--")).map(|line| line.replace(" BYTES ", " BLOB ")).collect();
        conn.execute(sqlx::AssertSqlSafe(text)).await.expect("an older schema");
        sqlx::query("INSERT INTO migration (number) VALUES ($1)").bind(number as i64 + 1).execute(&mut conn).await.expect("noted");
    }
    let held = "INSERT INTO delivery (district, id, message, contact, rendition, language, channel, sender, lane, weight, state, attempt, opens, closes, claimed_at, claimed_until, students, menu_base, speaks_for, reason, changed, restored, walked, offers) VALUES (1, 2, 3, 4, 5, 'so', 6, 7, 8, 9, 1, 11, 12, 13, 14, 15, '[[16,\"A\"]]', 17, 18, 'why', 19, 20, 21, 22)";
    let settled = "INSERT INTO attempt (district, delivery, number, at, outcome, segments, reason) VALUES (1, 2, 11, 30, 2, 3, 'so')";
    let named = "INSERT INTO provider_id (district, id, delivery, number) VALUES (1, 'SM1', 2, 11)";
    for row in [held, settled, named] {
        conn.execute(row).await.expect("a row");
    }
    let every = "SELECT json_array(district, id, message, contact, rendition, language, channel, sender, lane, weight, state, attempt, opens, closes, claimed_at, claimed_until, students, menu_base, speaks_for, reason, changed, restored, walked, offers) FROM delivery UNION ALL SELECT json_array(district, delivery, number, at, outcome, segments, reason) FROM attempt UNION ALL SELECT json_array(district, id, delivery, number) FROM provider_id";
    let before: Vec<String> = sqlx::query_scalar(every).fetch_all(&mut conn).await.expect("three rows");
    let indexes = "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'delivery' AND sql IS NOT NULL ORDER BY name";
    let found: Vec<String> = sqlx::query_scalar(indexes).fetch_all(&mut conn).await.expect("indexes");
    conn.close().await.expect("closed");
    store::open(&url).await.expect("brought up to date");
    let mut conn = sqlx::SqliteConnection::connect(&url).await.expect("a connection");
    let after: Vec<String> = sqlx::query_scalar(every).fetch_all(&mut conn).await.expect("three rows");
    assert_eq!((before.len(), before), (3, after), "each column is where it was");
    let kept: Vec<String> = sqlx::query_scalar(indexes).fetch_all(&mut conn).await.expect("indexes");
    assert_eq!(kept, found, "and each index");
}

#[tokio::test]
async fn sqlite_says_what_waits_off_its_indexes() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("house.db").display().to_string();
    let url = format!("sqlite:{path}");
    assert!(store::behind(&url).await.is_err() && !std::path::Path::new(&path).exists(), "looking makes no file");
    std::fs::write(&path, "").expect("an empty file is an empty database");
    assert!(store::behind(&url).await.expect("it answers") > 0);
    let heard = std::sync::Arc::new(way::Heard::default());
    let opened = store::open_measured(&url, heard.clone()).await.expect("a database");
    assert_eq!(store::behind(&url).await.expect("it answers"), 0);
    way::what_waits_is_seen(&opened, &heard).await;
    assert!(opened.directory.clock().await.expect("a clock").0 > 1_700_000_000_000_000, "microseconds UTC");

    let mut conn = sqlx::SqliteConnection::connect(&url).await.expect("a connection");
    let all = store::sqlite::STATEMENTS.iter().copied().flatten().copied();
    for (name, sql) in all.filter(|(name, _)| ["QUEUE", "INCOMING", "OPEN_HOLDS", "LATE_CLAIMS"].contains(name)) {
        let plan = sqlx::query(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"))).fetch_all(&mut conn).await.expect("a plan");
        let lines: Vec<String> = plan.iter().map(|row| row.get("detail")).collect();
        let places = lines.iter().filter(|line| line.starts_with("SEARCH") || line.starts_with("SCAN"));
        for line in places.filter(|line| !["SCAN s", "SCAN t", "SCAN capped"].iter().any(|small| line.starts_with(small))) {
            // A sender is of one district: its index needs no more.
            assert!(line.contains("INDEX") && (line.contains("district=?") || line.contains("sender=?")), "{name}: {lines:#?}");
        }
        assert!(!lines.iter().any(|line| line.contains("TEMP B-TREE")), "{name} sorts: {lines:#?}");
    }
}

#[tokio::test]
async fn sqlite_restored_sends_nothing_anew() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| format!("sqlite:{}", folder.path().join(name).display());
    let opened = store::open(&file("house.db")).await.expect("a database");
    let scene = restored::Scene::set(&opened).await;
    let manifest = store::backup::begin(&file("house.db"), "9.9", restored::BACKUP).await.expect("noted");
    let copy = folder.path().join("copy.db");
    store::backup::snapshot(file("house.db").trim_start_matches("sqlite:"), &copy).await.expect("a snapshot");
    assert!(!store::backup::free(file("house.db").trim_start_matches("sqlite:")).await.expect("read"), "it is open");
    assert_eq!(store::backup::inspect(&copy.display().to_string()).await.expect("good"), manifest);
    let (from, marked) = store::backup::take_in(&file("copy.db"), restored::RESTORE).await.expect("taken in");
    assert_eq!((from, marked), (manifest, 4));
    scene.restored(&store::open(&file("copy.db")).await.expect("a database")).await;

    let mut conn = sqlx::SqliteConnection::connect(&file("copy.db")).await.expect("a connection");
    sqlx::query("INSERT INTO migration (number) VALUES (9999)").execute(&mut conn).await.expect("a newer schema");
    conn.close().await.expect("closed");
    // The store that was dropped closes its lines on threads of their own.
    let begun = std::time::Instant::now();
    while !store::backup::free(&copy.display().to_string()).await.expect("read") {
        assert!(begun.elapsed() < std::time::Duration::from_secs(30), "it stays open");
        tokio::task::yield_now().await;
    }
    let newer = store::backup::take_in(&file("copy.db"), restored::RESTORE).await.expect_err("refused").to_string();
    assert!(newer.contains("schema 9999") && newer.contains("newer"), "{newer}");
}

#[tokio::test]
async fn sqlite_lets_several_begin_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    way::many_open_an_empty_database_at_once(&format!("sqlite:{}", folder.path().join("house.db").display())).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn postgresql_prepares_every_statement_and_goes_the_whole_way() {
    let url = std::env::var("HOMEWORD_POSTGRES").expect("HOMEWORD_POSTGRES names an empty database; cargo xtask test starts one");
    way::many_open_an_empty_database_at_once(&url).await;
    let heard = std::sync::Arc::new(way::Heard::default());
    let opened = store::open_measured(&url, heard.clone()).await.expect("a database");
    assert_eq!(store::behind(&url).await.expect("it answers"), 0);
    way::what_waits_is_seen(&opened, &heard).await;
    assert!(opened.directory.clock().await.expect("a clock").0 > 1_700_000_000_000_000, "microseconds UTC");
    let mut conn = sqlx::PgConnection::connect(&url).await.expect("a connection");
    for (name, sql) in store::postgres::STATEMENTS.iter().copied().flatten().copied() {
        let prepared = (&mut conn).prepare(sql.into_sql_str()).await;
        assert!(prepared.is_ok(), "{name}: {:?}", prepared.err());
    }
    aside::is_filled_from_an_older_database(&url).await;
    aside::is_kept_in_step(&url).await;
    aside::costs_no_index(&url).await;
    way::the_whole_way(&opened).await;
    way::stop_wins_over_a_claim(&opened).await;
    way::an_order_wins_over_a_claim(&opened).await;
    way::rates_and_caps_hold_for_every_claimer(&opened).await;
    way::what_has_fallen_is_walked_once(&opened).await;
    way::a_rung_is_whole_or_nothing(&opened).await;
    over::a_delivery_goes_on_over_another_number(&opened).await;
    over::a_delivery_whose_digits_are_taken_keeps_its_number(&opened).await;
    taken::a_digit_and_a_line_are_given_once(&opened).await;
    taken::digits_are_given_once_however_they_are_given(&opened).await;
    way::a_bell_is_heard_in_its_district(&opened).await;
    lease::a_lease_has_one_holder_at_a_time(&opened).await;
    lease::of_many_who_ask_at_once_one_gets_it(&opened).await;
    lease::a_bookmark_is_kept(&opened).await;
    pictures::pictures_are_kept_with_their_text(&opened).await;
    frozen::who_waits_behind_a_sleeper_and_sleeps_too_is_in_nobodys_way(&opened, &url).await;

    aside::agrees(&url).await;

    let scene = restored::Scene::set(&opened).await;
    store::backup::begin(&url, "9.9", restored::BACKUP).await.expect("noted");
    store::backup::guard(&url).await.expect("guarded");
    assert!(store::open(&url).await.err().expect("refused").to_string().contains("did not end"), "half restored is not opened");
    store::backup::take_in(&url, restored::RESTORE).await.expect("taken in");
    scene.restored(&store::open(&url).await.expect("a database")).await;
    aside::agrees(&url).await;
}
