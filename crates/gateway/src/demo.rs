//! `demo`: a district from nothing, Homeword and its sandbox as two processes on free ports.

use crate::clock::SystemClock;
use crate::ids::random_hex;
use anyhow::{Context, bail};
use domain::ports::Clock;
use domain::roster::Draft;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// Everybody's password in the demo.
pub const PASSWORD: &str = "homeword-demo";

/// `sandbox`: prints where it listens, runs until the process ends.
pub async fn sandbox(listen: SocketAddr, account: String, token_file: &Path, folder: PathBuf) -> anyhow::Result<()> {
    let token = std::fs::read_to_string(token_file).with_context(|| format!("reading {}", token_file.display()))?.trim().to_owned();
    let settings = sandbox::Settings { account, token, webhook: None, folder, now: std::sync::Arc::new(|| SystemClock.now().0) };
    let running = sandbox::start(listen, settings).await?;
    println!("{}", json!({ "listening": running.http.to_string(), "smtp": running.smtp.to_string() }));
    running.wait().await;
    Ok(())
}

/// The two processes; they end with this.
pub struct Demo {
    /// Homeword's address.
    pub homeword: String,
    /// The sandbox's address.
    pub sandbox: String,
    /// Where Homeword takes letters.
    pub letters: String,
    /// The carrier's token.
    pub token: String,
    /// The sample.
    pub draft: Draft,
    _children: Vec<Child>,
    _folder: Option<tempfile::TempDir>,
}

/// Starts a process of this program; what it says once it listens.
async fn start(arguments: &[&str]) -> anyhow::Result<(Child, Value)> {
    let program = std::env::current_exe().context("finding this program")?;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .context("starting a process")?;
    let output = child.stdout.take().context("no output")?;
    let mut lines = BufReader::new(output).lines();
    let line = tokio::time::timeout(std::time::Duration::from_secs(30), lines.next_line())
        .await
        .context("the process did not start in 30 seconds")??;
    let value: Value = serde_json::from_str(&line.unwrap_or_default()).context("the process ended before it listened")?;
    Ok((child, value))
}

fn told(value: &Value, name: &str) -> anyhow::Result<String> {
    Ok(value[name].as_str().with_context(|| format!("the process did not say its {name}"))?.to_owned())
}

fn free_port() -> anyhow::Result<SocketAddr> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

/// For programs that test against a demo: another mail world than the sandbox's, a folder of their own.
#[derive(Default)]
pub struct Setting {
    /// `HOST:PORT` of the server letters go through.
    pub server: Option<String>,
    /// Where letters are handed over.
    pub letters: Option<SocketAddr>,
    /// A file with settings of `[letters]`, in place of the demo's own.
    pub more_letters: Option<PathBuf>,
    /// Where the data are and stay.
    pub folder: Option<PathBuf>,
}

/// A configuration with more settings of letters, or others in place of its own.
fn with_letters(config: &str, more: &str) -> anyhow::Result<String> {
    let mut all: toml::Table = toml::from_str(config)?;
    if let Some(toml::Value::Table(letters)) = all.get_mut("letters") {
        letters.extend(toml::from_str::<toml::Table>(more)?);
    }
    Ok(toml::to_string(&all)?)
}

/// Sets everything up and starts it.
pub async fn begin(setting: Setting) -> anyhow::Result<Demo> {
    let fresh = match &setting.folder {
        Some(_) => None,
        None => Some(tempfile::Builder::new().prefix("homeword-demo-").tempdir().context("a data folder")?),
    };
    let folder = fresh.as_ref().map(|folder| folder.path().to_owned()).or(setting.folder).context("a data folder")?;
    let file = |name: &str| folder.join(name).display().to_string();
    let token = random_hex();
    std::fs::write(file("sms-token"), &token)?;
    std::fs::write(file("letter-secret"), random_hex())?;
    let (carrier, said) = start(&["sandbox", "--token-file", &file("sms-token"), "--folder", &file("sandbox")]).await?;
    let sandbox = format!("http://{}", told(&said, "listening")?);
    let (listen, letters) = (free_port()?, setting.letters.map_or_else(free_port, Ok)?);
    let server = setting.server.map_or_else(|| told(&said, "smtp"), Ok)?;
    let config = format!(
        "listen = \"{listen}\"\npublic_url = \"http://{listen}\"\ndatabase = \"sqlite:{}\"\n[sms.accounts.twilio]\nkind = \"twilio\"\nbase_url = \"{sandbox}\"\naccount = \"ACsandbox\"\nauth_token = \"file:{}\"\noutcome = \"keyed\"\nprice_per_segment = \"0.0079\"\nprice_currency = \"USD\"\n[letters]\nserver = \"{server}\"\ntls = \"none\"\nlisten = \"{letters}\"\nsecret = \"file:{}\"\n[spool]\nfolder = \"{}\"\n[pictures]\nthis_machine = true\n",
        file("homeword.db"),
        file("sms-token"),
        file("letter-secret"),
        file("spool")
    );
    let config = match &setting.more_letters {
        Some(path) => with_letters(&config, &std::fs::read_to_string(path).context("reading more settings of letters")?)?,
        None => config,
    };
    std::fs::write(file("homeword.toml"), &config)?;
    let draft = {
        let config = crate::config::read(Path::new(&file("homeword.toml")))?;
        let wired = crate::serve::wire(&config, &config.secrets()?).await?;
        crate::setup::sample(&wired, PASSWORD).await?
    };
    let (serve, said) = start(&["serve", "--config", &file("homeword.toml")]).await?;
    let homeword = format!("http://{}", told(&said, "listening")?);
    let http = crate::story::browser::Http::new()?;
    http.json(
        &format!("{sandbox}/control/target"),
        &json!({ "webhook": format!("{homeword}/hooks/sms/twilio"), "lmtp": letters.to_string() }),
    )
    .await?;
    let languages = localization::Languages::shipped();
    let named: Vec<Value> = draft
        .contacts
        .iter()
        .filter_map(|contact| {
            let guardian = draft.guardians.iter().find(|guardian| guardian.source == contact.guardian)?;
            let tag = guardian.language.clone().unwrap_or_default();
            let direction = if languages.right_to_left(&tag) { "rtl" } else { "ltr" };
            Some(json!({ "number": contact.value, "name": format!("{} {}", guardian.given, guardian.family), "language": tag, "direction": direction }))
        })
        .collect();
    http.json(&format!("{sandbox}/control/name"), &Value::Array(named)).await?;
    // One phone of the sample turns out to be a landline, and one mailbox to be gone, only when something is sent there.
    for (guardian, faults) in [("g13", json!({ "landline": true })), ("g15", json!({ "bounce": true }))] {
        for contact in draft.contacts.iter().filter(|contact| contact.guardian == guardian) {
            http.json(&format!("{sandbox}/control/fault"), &json!({ "number": contact.value, "faults": faults })).await?;
        }
    }
    Ok(Demo { homeword, sandbox, letters: letters.to_string(), token, draft, _children: vec![carrier, serve], _folder: fresh })
}

/// `demo`.
pub async fn demo(story: bool, as_json: bool, machine: bool, setting: Setting) -> anyhow::Result<()> {
    if as_json && !story {
        bail!("--json goes with --story");
    }
    // Heard from now on: a signal that came later would leave the two processes behind.
    let mut end = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt())?;
    let demo = begin(setting).await?;
    if story {
        return crate::story::tell(&demo, as_json).await;
    }
    if machine {
        println!("{}", json!({ "homeword": demo.homeword, "sandbox": demo.sandbox, "token": demo.token, "letters": demo.letters }));
        end.recv().await;
        return Ok(());
    }
    println!("Homeword runs at                  {}", demo.homeword);
    println!("Families' phones and mailboxes   {}", demo.sandbox);
    println!();
    println!("Sign in (everybody's password is {PASSWORD}):");
    for person in &demo.draft.staff {
        let roles: Vec<&str> = person.roles.iter().map(|role| role.as_str()).collect();
        println!("  {:<28} {} ({})", person.email, person.title, roles.join(", "));
    }
    println!();
    println!("Ctrl-C ends both. Nothing real is reached, and the data go with them.");
    end.recv().await;
    Ok(())
}
