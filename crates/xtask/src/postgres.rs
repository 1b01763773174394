//! A private PostgreSQL cluster on a unix socket, for whatever needs a real one; ended by `pg_ctl` when dropped.

use anyhow::{Context, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The environment variable by which tests hear of it.
pub(crate) const VARIABLE: &str = "HOMEWORD_POSTGRES";

/// See the module.
pub(crate) struct Cluster {
    folder: PathBuf,
    programs: PathBuf,
    options: String,
}

impl Cluster {
    /// Starts one with durable settings, as a district would run it; `settings` are `-c` options more.
    pub(crate) fn start(settings: &str) -> anyhow::Result<Cluster> {
        let versions = std::fs::read_dir("/usr/lib/postgresql").context("PostgreSQL is not installed")?;
        let programs = versions.flatten().map(|entry| entry.path().join("bin")).max().context("PostgreSQL has no version")?;
        let folder = std::env::temp_dir().join(format!("homeword-pg-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        if root() {
            crate::run(Command::new("chown").arg("postgres").arg(&folder))?;
        }
        let socket = folder.display();
        let options = format!("-c listen_addresses='' -c unix_socket_directories='{socket}' -c max_connections=200 {settings}");
        let cluster = Cluster { folder, programs, options };
        cluster.program("initdb", &["-D", &cluster.data(), "-U", "postgres", "-A", "trust", "--no-locale", "-E", "UTF8"])?;
        cluster.begin()?;
        Ok(cluster)
    }

    /// Starts its server; back once it takes connections.
    pub(crate) fn begin(&self) -> anyhow::Result<()> {
        let log = self.folder.join("log").display().to_string();
        self.program("pg_ctl", &["-D", &self.data(), "-o", &self.options, "-l", &log, "-w", "start"])
    }

    /// Stops its server as a power cut would: nothing is flushed, nobody is told.
    pub(crate) fn cut(&self) -> anyhow::Result<()> {
        self.program("pg_ctl", &["-D", &self.data(), "-m", "immediate", "-w", "stop"])
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@localhost/postgres?host={}", self.folder.display())
    }

    fn data(&self) -> String {
        format!("{}/data", self.folder.display())
    }

    /// Runs one of its programs as the user who owns it.
    fn program(&self, name: &str, arguments: &[&str]) -> anyhow::Result<()> {
        let program: &Path = &self.programs.join(name);
        let mut command = if root() { Command::new("runuser") } else { Command::new(program) };
        if root() {
            command.args(["-u", "postgres", "--"]).arg(program);
        }
        let output = command.args(arguments).current_dir("/").output().with_context(|| format!("starting {name}"))?;
        if !output.status.success() {
            bail!("{name}: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // Nothing more can be done about one that does not stop.
        let _ = self.cut();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

pub(crate) fn root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n")
}

/// The store's contract, every story, a bad line to the database and bad calls at the door, on PostgreSQL.
pub(crate) fn stories() -> anyhow::Result<()> {
    let cluster = Cluster::start("-c fsync=off")?;
    let test = |arguments: &[&str]| crate::run(crate::whole("test", arguments).env(VARIABLE, cluster.url()));
    test(&["--test", "contract", "--", "--ignored"])?;
    test(&["--test", "stories", "--test", "teachers"])?;
    test(&["--test", "faults", "database"])?;
    test(&["--test", "door", "postgresql"])
}
