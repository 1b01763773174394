//! Homeword from outside: its processes, its database, and the forms a browser posts.

use crate::carrier::{Carrier, Kind};
use anyhow::{Context, bail, ensure};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A made-up district and where its processes are.
pub(crate) struct House {
    /// The program.
    pub(crate) program: PathBuf,
    folder: PathBuf,
    /// What `sample` said.
    pub(crate) sample: Value,
    port: u16,
    metrics: u16,
}

/// A running process; killed when dropped.
pub(crate) struct Process {
    /// The child.
    pub(crate) child: Child,
}

impl Drop for Process {
    fn drop(&mut self) {
        // One that ended by itself can't be killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Process {
    /// Sends it a signal by its process id, such as `STOP`, `CONT`, `TERM`.
    pub(crate) fn signal(&self, name: &str) -> anyhow::Result<()> {
        crate::run(Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]))
    }
}

/// What to make.
pub(crate) struct Wanted<'a> {
    /// The program.
    pub(crate) program: &'a Path,
    /// `sqlite` or a PostgreSQL URL.
    pub(crate) database: &'a str,
    /// Families.
    pub(crate) families: u32,
}

/// What its configuration says besides; what is left out is as shipped.
#[derive(Default)]
pub(crate) struct Wiring<'a> {
    /// The account texts go by; empty: Twilio's format.
    pub(crate) account: String,
    /// Of the section `sms`: where texts go, and more.
    pub(crate) sms: String,
    /// Of the section `letters`.
    pub(crate) letters: String,
    /// Whether `/metrics` is served: for one process of a house only.
    pub(crate) metrics: bool,
    /// The translation program.
    pub(crate) apertium: &'a str,
    /// More words for `sample`.
    pub(crate) sample: &'a [&'a str],
}

impl House {
    /// Writes the configuration and makes the district, for a carrier that keeps a journal.
    pub(crate) fn build(wanted: &Wanted<'_>, carrier: &Carrier, kind: Kind) -> anyhow::Result<House> {
        let sms = format!("base_url = \"{}\"\noutcome = \"{}\"\npatience_seconds = 2\n", carrier.url, kind.outcome());
        House::furnish(wanted, &Wiring { sms, ..Wiring::default() })
    }

    /// The same, wired as one likes.
    pub(crate) fn furnish(wanted: &Wanted<'_>, wiring: &Wiring<'_>) -> anyhow::Result<House> {
        let folder = std::env::temp_dir().join(format!("homeword-house-{}-{}", std::process::id(), wanted.families));
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder)?;
        let path = |name: &str| folder.join(name).display().to_string();
        std::fs::write(path("token"), crate::company::TOKEN)?;
        std::fs::write(path("secret"), "fedcba9876543210fedcba9876543210")?;
        let database = if wanted.database == "sqlite" { format!("sqlite:{}", path("house.db")) } else { wanted.database.to_owned() };
        let free = || anyhow::Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port());
        let (port, metrics) = (free()?, free()?);
        let twilio =
            || format!("[sms.accounts.twilio]\nkind = \"twilio\"\naccount = \"ACbench\"\nauth_token = \"file:{}\"\n", path("token"));
        let account = if wiring.account.is_empty() { twilio() } else { wiring.account.clone() };
        let config = format!(
            "listen = \"127.0.0.1:{port}\"\npublic_url = \"http://127.0.0.1:{port}\"\ndatabase = \"{database}\"\n\
             {account}{}[letters]\nsecret = \"file:{}\"\n{}\
             [translation]\napertium = \"{}\"\n[spool]\nfolder = \"{}\"\n{}",
            wiring.sms,
            path("secret"),
            wiring.letters,
            wiring.apertium,
            path("spool"),
            if wiring.metrics { format!("[metrics]\nlisten = \"127.0.0.1:{metrics}\"\n") } else { String::new() }
        );
        std::fs::write(path("homeword.toml"), config)?;
        let mut command = Command::new(wanted.program);
        command.args(["sample", "--config", &path("homeword.toml"), "--families", &wanted.families.to_string()]).args(wiring.sample);
        let output = command.output().context("starting homeword sample")?;
        ensure!(output.status.success(), "homeword sample: {}", String::from_utf8_lossy(&output.stderr));
        let sample = serde_json::from_slice(&output.stdout).context("what homeword sample says")?;
        Ok(House { program: wanted.program.to_owned(), folder, sample, port, metrics })
    }

    /// Starts `serve`; returns once it listens. `die` = `HOMEWORD_DIE_AT`.
    pub(crate) fn serve(&self, die: Option<&str>) -> anyhow::Result<Process> {
        self.start(&["serve", "--config", &self.file("homeword.toml")], die)
    }

    /// Starts `serve --without-workers`; `more` is added to its configuration.
    pub(crate) fn pages(&self, more: &str) -> anyhow::Result<Process> {
        std::fs::write(self.file("pages.toml"), format!("{}{more}", std::fs::read_to_string(self.file("homeword.toml"))?))?;
        self.start(&["serve", "--without-workers", "--config", &self.file("pages.toml")], None)
    }

    /// Starts a `worker` that calls itself so to PostgreSQL; `more` is added to its configuration.
    pub(crate) fn worker(&self, name: &str, database: &str, more: &str) -> anyhow::Result<Process> {
        let config = std::fs::read_to_string(self.file("homeword.toml"))?;
        let named = config.replace(&format!("\"{database}\""), &format!("\"{database}&application_name={name}\""));
        ensure!(named != config, "the configuration does not name {database}");
        let path = self.file(&format!("{name}.toml"));
        std::fs::write(&path, format!("{named}{more}"))?;
        self.start(&["worker", "--config", &path], None)
    }

    fn file(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    fn start(&self, arguments: &[&str], die: Option<&str>) -> anyhow::Result<Process> {
        let mut line = Command::new(&self.program);
        line.args(arguments);
        if let Some(die) = die {
            line.env("HOMEWORD_DIE_AT", die);
        }
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.folder.join("log"))?;
        let mut child = line.stdout(Stdio::piped()).stderr(log).spawn().context("starting homeword")?;
        let mut first = String::new();
        BufReader::new(child.stdout.take().context("no output")?).read_line(&mut first)?;
        ensure!(first.starts_with('{'), "homeword did not begin: see {}", self.folder.join("log").display());
        Ok(Process { child })
    }

    /// The website.
    pub(crate) fn site(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The port of the website.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The value of a line of `/metrics`; 0 where it has not happened yet.
    pub(crate) async fn counted(&self, client: &reqwest::Client, line: &str) -> anyhow::Result<u64> {
        let text = client.get(format!("http://127.0.0.1:{}/metrics", self.metrics)).send().await?.text().await?;
        let value = text.lines().find_map(|one| one.strip_prefix(line)?.trim().parse::<f64>().ok());
        Ok(value.unwrap_or_default() as u64)
    }

    /// Its folder: database, log.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for House {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

/// The one HTTP client of these checks.
pub(crate) fn client() -> anyhow::Result<reqwest::Client> {
    // Installed once a process; a second time is no fault.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Ok(reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).tcp_nodelay(true).timeout(Duration::from_secs(60)).build()?)
}

/// Somebody signed in.
pub(crate) struct Browser {
    client: reqwest::Client,
    site: String,
    cookie: String,
}

impl Browser {
    /// Signs in with the form.
    pub(crate) async fn sign_in(house: &House, who: &str) -> anyhow::Result<Browser> {
        let text = |name: &str| house.sample[name].as_str().unwrap_or_default().to_owned();
        let mut browser = Browser { client: client()?, site: house.site(), cookie: String::new() };
        let answer = browser.post("/sign-in", &[("name", &text(who)), ("password", &text("password"))]).await?;
        let cookie = answer.headers().get("set-cookie").and_then(|value| value.to_str().ok()).and_then(|value| value.split(';').next());
        browser.cookie = cookie.context("nobody could sign in")?.to_owned();
        Ok(browser)
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> anyhow::Result<reqwest::Response> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.client.post(format!("{}{path}", self.site)).header("cookie", &self.cookie);
        Ok(request.header("content-type", "application/x-www-form-urlencoded").body(body).send().await?)
    }

    /// A page.
    pub(crate) async fn page(&self, path: &str) -> anyhow::Result<String> {
        let answer = self.client.get(format!("{}{path}", self.site)).header("cookie", &self.cookie).send().await?;
        ensure!(answer.status().is_success(), "{path} answered {}", answer.status());
        Ok(answer.text().await?)
    }

    /// The same form once more: the first one stays.
    pub(crate) async fn send_again(&self, token: &str, id: &str, audience: &str, fields: &[(&str, &str)]) -> anyhow::Result<String> {
        let mut all = vec![("token", token), ("id", id), ("audience", audience), ("action", "send")];
        all.extend_from_slice(fields);
        let answer = self.post("/compose", &all).await?;
        let status = answer.status();
        match answer.headers().get("location").and_then(|value| value.to_str().ok()) {
            Some(place) if status.is_redirection() => Ok(place.rsplit('/').next().unwrap_or_default().to_owned()),
            _ => bail!("the form was not taken: {status}: {}", fault_of(&answer.text().await?)),
        }
    }

    /// Answers a conversation.
    pub(crate) async fn answer(&self, thread: &str, text: &str) -> anyhow::Result<()> {
        let page = self.page(&format!("/thread/{thread}")).await?;
        let (token, id) = (hidden(&page, "token")?, hidden(&page, "id")?);
        let fields = [("token", token.as_str()), ("id", &id), ("text", text), ("action", "send")];
        let answer = self.post(&format!("/thread/{thread}"), &fields).await?;
        ensure!(answer.status().is_redirection(), "the answer was not taken: {}", answer.status());
        Ok(())
    }

    /// What follows `start` in the links of a page, each once.
    pub(crate) async fn links(&self, path: &str, start: &str) -> anyhow::Result<Vec<String>> {
        let page = self.page(path).await?;
        let mark = format!("href=\"{start}");
        let mut all: Vec<String> = page.split(&mark).skip(1).filter_map(|rest| Some(rest.split('"').next()?.to_owned())).collect();
        all.sort();
        all.dedup();
        Ok(all)
    }

    /// Token and id of an empty form.
    pub(crate) async fn form(&self) -> anyhow::Result<(String, String)> {
        let page = self.page("/compose").await?;
        Ok((hidden(&page, "token")?, hidden(&page, "id")?))
    }
}

fn hidden(html: &str, name: &str) -> anyhow::Result<String> {
    let mark = format!("name=\"{name}\" value=\"");
    let start = html.find(&mark).with_context(|| format!("no {name} in the form"))? + mark.len();
    Ok(html[start..].split('"').next().unwrap_or_default().to_owned())
}

fn fault_of(html: &str) -> String {
    html.split("class=\"fault\"").nth(1).and_then(|rest| rest.split('<').next()).unwrap_or_default().trim_start_matches('>').to_owned()
}

/// Waits for a condition that is looked at every 20 ms.
pub(crate) async fn until(what: &str, most: Duration, mut holds: impl AsyncFnMut() -> anyhow::Result<bool>) -> anyhow::Result<()> {
    let begun = Instant::now();
    while !holds().await? {
        ensure!(begun.elapsed() < most, "waited {} s for: {what}", most.as_secs());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}
