//! The binary `homeword`: configuration, wiring, workers, the one HTTP client, the command line.

mod accounts;
mod backup;
mod bell;
mod carried;
mod check;
mod client;
mod clock;
mod config;
mod deliver;
mod demo;
mod doctor;
mod ending;
mod fetch;
mod health;
mod hooks;
mod ids;
mod import;
mod intake;
mod links;
mod mail_hooks;
mod mailboxes;
mod mailroom;
mod metrics;
#[cfg(feature = "nats")]
mod nats;
mod node;
mod points;
mod programs;
mod restore;
mod resume;
mod sample;
mod serve;
mod setup;
mod spool;
mod staff;
mod story;
mod timely;
mod tries;
mod worker;
mod workers;

use anyhow::Context;
use clap::{Parser, Subcommand};
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

/// Two-way family messaging for schools, in the language of the home.
#[derive(Parser)]
#[command(version)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// A district, a carrier and a website on this machine, from nothing, in one command.
    Demo {
        /// Plays the whole exchange and tells it, then ends.
        #[arg(long)]
        story: bool,
        /// With --story: one JSON object on standard output.
        #[arg(long)]
        json: bool,
        /// Prints the addresses and the carrier's token as one JSON line, for programs that test against it.
        #[arg(long, hide = true)]
        machine: bool,
        /// With --machine: letters go through this server instead of the sandbox.
        #[arg(long, hide = true, requires = "machine")]
        mail_server: Option<String>,
        /// With --machine: where letters are handed over.
        #[arg(long, hide = true, requires = "machine")]
        letters: Option<std::net::SocketAddr>,
        /// With --machine: a file with settings of [letters], in place of the demo's own.
        #[arg(long, hide = true, requires = "machine")]
        more_letters: Option<PathBuf>,
        /// With --machine: where its data are and stay.
        #[arg(long, hide = true, requires = "machine")]
        folder: Option<PathBuf>,
    },
    /// The website, webhooks and workers.
    Serve {
        /// The configuration file.
        #[arg(long, default_value = "homeword.toml")]
        config: PathBuf,
        /// Sends nothing: homeword worker does it, in processes of its own, on PostgreSQL.
        #[arg(long)]
        without_workers: bool,
    },
    /// Workers alone, beside homeword serve: as many processes as you like, on PostgreSQL.
    Worker {
        /// The configuration file.
        #[arg(long, default_value = "homeword.toml")]
        config: PathBuf,
        /// Where this one's metrics and health are read, ADDRESS:PORT, in place of metrics.listen; empty: nowhere.
        #[arg(long)]
        metrics: Option<String>,
    },
    /// The carrier of the demo, for tests and training.
    Sandbox {
        /// Where it listens; port 0 chooses a free one.
        #[arg(long, default_value = "127.0.0.1:0")]
        listen: std::net::SocketAddr,
        /// The account id its API answers to.
        #[arg(long, default_value = "ACsandbox")]
        account: String,
        /// File with the account's auth token.
        #[arg(long)]
        token_file: PathBuf,
        /// Folder of its journal.
        #[arg(long)]
        folder: PathBuf,
    },
    /// Makes a district and its first administrator.
    Setup {
        /// The configuration file.
        #[arg(long, default_value = "homeword.toml")]
        config: PathBuf,
        /// Name of the district.
        #[arg(long)]
        district: String,
        /// IANA zone.
        #[arg(long, default_value = "America/New_York")]
        zone: String,
        /// The administrator's email address, which is the sign-in name.
        #[arg(long)]
        email: String,
        /// File with the administrator's password.
        #[arg(long)]
        password_file: PathBuf,
    },
    /// Takes in a roster: OneRoster 1.1 CSV files, a folder or a ZIP. Says row by row what happens.
    Import {
        /// The folder or the ZIP.
        path: PathBuf,
        /// The configuration file.
        #[arg(long, default_value = "homeword.toml")]
        config: PathBuf,
        /// Only says what would happen.
        #[arg(long)]
        dry_run: bool,
        /// Which district, where there are several.
        #[arg(long)]
        district: Option<String>,
        /// The most that may go of anything, in percent of what is there; more is asked about, not done.
        #[arg(long, default_value_t = 10)]
        most_removals: u8,
        /// Header of the home language in users.csv, where it does not say so itself.
        #[arg(long, default_value = "")]
        language_column: String,
    },
    /// Invites somebody, or takes away what they may do.
    #[command(subcommand)]
    Staff(staff::Staff),
    /// A made-up district of any size, live, for measuring; prints as JSON who may sign in and where to send.
    #[command(hide = true)]
    Sample {
        /// The configuration file.
        #[arg(long, default_value = "homeword.toml")]
        config: PathBuf,
        /// How many families.
        #[arg(long)]
        families: u32,
        /// Texts a second its number may send.
        #[arg(long, default_value_t = 1_000_000.0)]
        rate: f64,
        /// What the families have: sms or email.
        #[arg(long, default_value = "sms", value_parser = |word: &str| domain::people::Channel::read(word).ok_or("sms or email"))]
        channel: domain::people::Channel,
    },
    /// Brings the database's schema up to date.
    Migrate {
        /// The configuration file.
        #[arg(long, default_value = "homeword.toml")]
        config: PathBuf,
    },
    /// Looks at everything an operator must know, and says of each line: ok, look, or fails, and what to do.
    Doctor {
        /// The configuration file.
        #[arg(long, default_value = "homeword.toml")]
        config: PathBuf,
        /// One JSON object on standard output.
        #[arg(long)]
        json: bool,
    },
    /// Writes a backup while the website runs: one file, for your eyes only (0600). Never overwrites.
    Backup {
        /// The file to write.
        to: PathBuf,
        /// The configuration file.
        #[arg(long, default_value = "homeword.toml")]
        config: PathBuf,
    },
    /// Puts a backup in the place of the database. Nothing is sent until `homeword resume`.
    Restore {
        /// The file that homeword backup wrote.
        from: PathBuf,
        /// The configuration file.
        #[arg(long, default_value = "homeword.toml")]
        config: PathBuf,
        /// Although the database is not empty: what is there is kept beside, under another name.
        #[arg(long)]
        move_current_data_aside: bool,
    },
    /// After a restore: says what may have gone since the backup, and lets sending start again.
    Resume {
        /// The configuration file.
        #[arg(long, default_value = "homeword.toml")]
        config: PathBuf,
        /// Only says how things stand; sending stays paused.
        #[arg(long)]
        dry_run: bool,
    },
    /// Reads the configuration and says what is wrong with it.
    CheckConfig {
        /// The configuration file.
        #[arg(long, default_value = "homeword.toml")]
        config: PathBuf,
    },
    /// Takes one letter on standard input, for a mail server that starts a program for each: it goes to the running homeword serve.
    Deliver {
        /// The configuration file.
        #[arg(long, default_value = "homeword.toml")]
        config: PathBuf,
        /// Where the letter goes back to; empty for a report.
        #[arg(long, default_value = "", allow_hyphen_values = true)]
        from: String,
        /// Whom it is for.
        #[arg(required = true, allow_hyphen_values = true)]
        to: Vec<String>,
    },
    /// Prints as JSON what Homeword would do with a text, a letter or a reply.
    #[command(subcommand)]
    Try(tries::Try),
}

fn main() -> anyhow::Result<ExitCode> {
    let line = Line::parse();
    logs(&line.command);
    // reqwest is built without a provider, so that aws-lc stays out: ring is installed here, once.
    rustls::crypto::ring::default_provider().install_default().map_err(|_| anyhow::anyhow!("a TLS provider was installed before"))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("starting the runtime")?;
    let outcome = runtime.block_on(run(line.command));
    // A password that is being hashed, or a program that does not go, holds up no exit.
    runtime.shutdown_timeout(std::time::Duration::from_millis(500));
    outcome
}

/// Logs on standard error, in the format the configuration names; where it cannot be read, the command says so itself.
fn logs(command: &Command) {
    let format = match command {
        Command::Serve { config, .. } | Command::Worker { config, .. } => {
            config::read(config).map(|config| config.log.format).unwrap_or_default()
        }
        _ => String::new(),
    };
    let filter = tracing_subscriber::EnvFilter::try_from_env("HOMEWORD_LOG").unwrap_or_else(|_| "warn".into());
    let lines = tracing_subscriber::fmt().with_writer(std::io::stderr).with_env_filter(filter);
    if format == "text" { lines.with_ansi(std::io::stderr().is_terminal()).init() } else { lines.json().init() }
}

async fn run(command: Command) -> anyhow::Result<ExitCode> {
    if let Command::Doctor { config, json } = &command {
        return doctor::doctor(config, *json).await;
    }
    if let Command::Deliver { config, from, to } = &command {
        return Ok(deliver::deliver(config, from, to).await);
    }
    act(command).await.map(|()| ExitCode::SUCCESS)
}

async fn act(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Demo { story, json, machine, mail_server, letters, more_letters, folder } => {
            demo::demo(story, json, machine, demo::Setting { server: mail_server, letters, more_letters, folder }).await
        }
        Command::Serve { config, without_workers } => serve::serve(&config, without_workers).await,
        Command::Worker { config, metrics } => worker::worker(&config, metrics).await,
        Command::Sandbox { listen, account, token_file, folder } => demo::sandbox(listen, account, &token_file, folder).await,
        Command::Setup { config, district, zone, email, password_file } => {
            setup::first(&config, &district, &zone, &email, &password_file).await
        }
        Command::Import { path, config, dry_run, district, most_removals, language_column } => {
            let how = import::How { dry_run, district, most_removals, mapping: roster::Mapping { language: language_column } };
            import::import(&config, &path, &how).await
        }
        Command::Sample { config, families, rate, channel } => sample::make(&config, families, rate, channel).await,
        Command::Migrate { config } => {
            let config = config::read(&config)?;
            store::open(&config.database).await.context("migrating")?;
            println!("The schema is up to date.");
            Ok(())
        }
        Command::Backup { to, config } => backup::backup(&config, &to).await,
        Command::Restore { from, config, move_current_data_aside } => restore::restore(&config, &from, move_current_data_aside).await,
        Command::Resume { config, dry_run } => resume::resume(&config, dry_run).await,
        Command::CheckConfig { config } => {
            let config = config::read(&config)?;
            check::check(&config).await?;
            println!("The configuration is good.");
            Ok(())
        }
        Command::Staff(what) => staff::run(&what).await,
        Command::Try(what) => tries::run(&what),
        Command::Doctor { .. } | Command::Deliver { .. } => Ok(()),
    }
}
