//! One contract, run on SQLite always and on a private PostgreSQL cluster with `--features peers`.

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
    store::open(&format!("sqlite:{}", path.display())).await.expect("opened a second time, nothing to migrate");
}

#[cfg(feature = "peers")]
mod peer {
    use super::*;
    use std::path::{Path, PathBuf};
    use std::process::Command;

    /// A private cluster on a unix socket, ended by `pg_ctl` when dropped.
    struct Cluster {
        folder: tempfile::TempDir,
        programs: PathBuf,
    }

    fn as_postgres(program: &Path, arguments: &[&str]) {
        let root = Command::new("id").arg("-u").output().expect("id").stdout == b"0\n";
        let mut command = if root { Command::new("runuser") } else { Command::new(program) };
        if root {
            command.args(["-u", "postgres", "--"]).arg(program);
        }
        let output = command.args(arguments).current_dir("/").output().expect("PostgreSQL is installed");
        assert!(output.status.success(), "{}: {}", program.display(), String::from_utf8_lossy(&output.stderr));
    }

    impl Cluster {
        fn start() -> Cluster {
            let programs = std::fs::read_dir("/usr/lib/postgresql")
                .expect("PostgreSQL is installed")
                .flatten()
                .map(|entry| entry.path().join("bin"))
                .max()
                .expect("a version");
            let folder = tempfile::tempdir().expect("a folder");
            Command::new("chown").arg("postgres").arg(folder.path()).status().expect("chown");
            let cluster = Cluster { folder, programs };
            let data = cluster.data();
            as_postgres(&cluster.programs.join("initdb"), &["-D", &data, "-U", "postgres", "-A", "trust", "--no-locale", "-E", "UTF8"]);
            let options = format!("-c listen_addresses='' -c unix_socket_directories='{}'", cluster.folder.path().display());
            let log = format!("{}/log", cluster.folder.path().display());
            as_postgres(&cluster.programs.join("pg_ctl"), &["-D", &data, "-o", &options, "-l", &log, "-w", "start"]);
            cluster
        }
        fn data(&self) -> String {
            format!("{}/data", self.folder.path().display())
        }
        fn url(&self) -> String {
            format!("postgres://postgres@localhost/postgres?host={}", self.folder.path().display())
        }
    }

    impl Drop for Cluster {
        fn drop(&mut self) {
            as_postgres(&self.programs.join("pg_ctl"), &["-D", &self.data(), "-m", "fast", "-w", "stop"]);
        }
    }

    #[tokio::test]
    async fn postgresql_prepares_every_statement_and_goes_the_whole_way() {
        let cluster = Cluster::start();
        let opened = store::open(&cluster.url()).await.expect("a database");
        let mut conn = sqlx::PgConnection::connect(&cluster.url()).await.expect("a connection");
        for (name, sql) in store::postgres::STATEMENTS.iter().copied().flatten().copied() {
            let prepared = (&mut conn).prepare(sql.into_sql_str()).await;
            assert!(prepared.is_ok(), "{name}: {:?}", prepared.err());
        }
        way::the_whole_way(&opened).await;
        way::stop_wins_over_a_claim(&opened).await;
    }
}
