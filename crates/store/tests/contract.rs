//! One contract, run on SQLite always and on PostgreSQL with `--features peers`.

mod way;

use sqlx::{Connection, Executor, SqlSafeStr};

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
    way::rates_and_caps_hold_for_every_claimer(&opened).await;
    way::what_has_fallen_is_walked_once(&opened).await;
    way::a_rung_is_whole_or_nothing(&opened).await;
    store::open(&format!("sqlite:{}", path.display())).await.expect("opened a second time, nothing to migrate");
}

#[cfg(feature = "peers")]
#[tokio::test]
async fn postgresql_prepares_every_statement_and_goes_the_whole_way() {
    let url = std::env::var("HOMEWORD_POSTGRES").expect("HOMEWORD_POSTGRES names an empty database; cargo xtask test starts one");
    let opened = store::open(&url).await.expect("a database");
    let mut conn = sqlx::PgConnection::connect(&url).await.expect("a connection");
    for (name, sql) in store::postgres::STATEMENTS.iter().copied().flatten().copied() {
        let prepared = (&mut conn).prepare(sql.into_sql_str()).await;
        assert!(prepared.is_ok(), "{name}: {:?}", prepared.err());
    }
    way::the_whole_way(&opened).await;
    way::stop_wins_over_a_claim(&opened).await;
    way::rates_and_caps_hold_for_every_claimer(&opened).await;
    way::what_has_fallen_is_walked_once(&opened).await;
    way::a_rung_is_whole_or_nothing(&opened).await;
}
