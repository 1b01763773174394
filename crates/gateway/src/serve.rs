//! `serve`: everything wired, the website and the workers in one process; or the website alone, beside processes that work.

use crate::bell::Bell;
use crate::carried::Carried;
use crate::clock::SystemClock;
use crate::config::{Config, Secrets};
use crate::ending::Ending;
use crate::health::Health;
use crate::ids::NodeIds;
use crate::links::{Door, Link, Links};
use crate::mail_hooks::{Known, MailHooks};
use crate::mailroom::Mailroom;
use crate::metrics::Metrics;
use crate::node::Slot;
use crate::workers::Spools;
use crate::{client::HttpClient, hooks::Companies};
use anyhow::Context;
use domain::carrier::{Carrier, MailProvider, SmsProvider};
use domain::people::Channel;
use domain::ports::{Clock, Ids};
use domain::wire::Moment;
use messaging::{Carriers, Flows, Ports, Speech};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// Flows with their bell: workers wake, open pages hear.
pub struct Wired {
    /// The use cases.
    pub flows: Flows,
    /// Rung for workers.
    pub wake: Arc<Notify>,
    /// Heard by pages.
    pub changes: tokio::sync::broadcast::Sender<domain::DistrictId>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Companies that carry texts.
    pub companies: Vec<(String, Arc<dyn SmsProvider>)>,
    /// Companies that carry letters.
    pub mail_companies: Vec<(String, Arc<dyn MailProvider>)>,
    /// Now and a nonce.
    pub moment: Arc<dyn Fn() -> Moment + Send + Sync>,
    /// This node's.
    pub slot: Arc<Slot>,
    /// What happened, counted.
    pub metrics: Arc<Metrics>,
    /// Rung after every change.
    pub bell: Arc<Bell>,
    /// Accounts that hold a session.
    pub links: Links,
}

impl Wired {
    /// Lets other processes hear of changes from now on; over NATS as well, where there is one and this build knows it.
    pub fn tell_others(&self, nats: &str, token: &str) {
        #[cfg(feature = "nats")]
        crate::nats::join(nats, token, &self.bell);
        #[cfg(not(feature = "nats"))]
        let _ = (nats, token);
        let (bell, directory) = (self.bell.clone(), self.flows.ports().directory.clone());
        tokio::spawn(async move { bell.tell(directory.as_ref()).await });
    }

    /// Holds the sessions it can get, until the end is asked for; what they hear goes through this door.
    pub async fn hold_links(&self, door: impl Fn() -> Door, ending: Ending) {
        let ports = self.flows.ports();
        self.links.run(door, ports.directory.clone(), ports.ids.secret(), ending).await;
    }

    /// What was not told yet, before the process ends. Others lose nothing by its failure: they look for themselves.
    pub async fn last_told(&self) {
        let told = self.bell.tell_now(self.flows.ports().directory.as_ref());
        // A database that is away holds up no exit.
        let _ = tokio::time::timeout(Duration::from_millis(300), told).await;
    }
}

/// What whoever operates it sees of a process.
pub struct Watched {
    page: crate::metrics::Page,
    /// Asked by proxies.
    pub health: Arc<Health>,
}

impl Watched {
    /// Of this process.
    pub fn of(wired: &Wired, ending: &Ending) -> Self {
        let (directory, clock) = (wired.flows.ports().directory.clone(), wired.clock.clone());
        let page = crate::metrics::Page { metrics: wired.metrics.clone(), directory: directory.clone(), clock: clock.clone() };
        Self { page, health: Arc::new(Health { directory, clock, slot: wired.slot.clone(), ending: ending.clone() }) }
    }

    /// Listens where the configuration says; where that is.
    pub async fn listen(&self, config: &Config) -> anyhow::Result<Option<String>> {
        let Some(address) = config.metrics.listen()? else {
            return Ok(None);
        };
        let listener = listen(address, "metrics").await?;
        let address = listener.local_addr()?.to_string();
        let router = crate::metrics::router(self.page.clone()).merge(web::health_router(self.health.clone()));
        // It answers to the end: the last seconds are what somebody wants to see.
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Some(address))
    }
}

/// What our reader must know of mail programs, and our own marker, in every shipped language.
pub fn mail_words() -> email::MailWords {
    let sentences = localization::Catalogue::shipped();
    let tables = localization::MailTables::shipped();
    email::MailWords {
        attribution: tables.attribution.clone(),
        sent_from: tables.sent_from.clone(),
        automatic: tables.automatic.clone(),
        undelivered: tables.undelivered.clone(),
        late: tables.late.clone(),
        full: tables.full.clone(),
        gone: tables.gone.clone(),
        unwanted: tables.unwanted.clone(),
        separators: tables.separators.clone(),
        markers: sentences.languages().filter_map(|tag| sentences.say(tag, "email-reply-above", &[])).collect(),
    }
}

/// How a conversation with a mail server is protected, in the configuration's word.
pub(crate) fn tls(word: &str) -> email::Tls {
    match word {
        "tls" => email::Tls::Whole,
        "none" => email::Tls::None,
        _ => email::Tls::Starttls,
    }
}

/// How letters are written and read, with this house's key.
pub fn post(config: &Config, secrets: &Secrets) -> email::Post {
    email::Post::new(vec![(1, secrets.letters.clone().into_bytes())], mail_words())
        .judged_by(config.letters.judge())
        .answered_at(config.letters.answers())
}

/// Opens the store and wires every room, for a command that ends by itself.
pub async fn wire(config: &Config, secrets: &Secrets) -> anyhow::Result<Wired> {
    wire_until(config, secrets, Ending::never()).await
}

/// The same, for a process that is asked to end.
pub async fn wire_until(config: &Config, secrets: &Secrets, ending: Ending) -> anyhow::Result<Wired> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let metrics = Arc::new(Metrics::default());
    let opened = store::open_measured(&config.database, metrics.clone())
        .await
        .with_context(|| format!("opening {}", config.database.split('@').next_back().unwrap_or_default()))?;
    let slot = Arc::new(Slot::take(opened.directory.as_ref(), clock.now()).await.context("taking a node slot")?);
    slot.keep(opened.directory.clone(), clock.clone());
    let ids: Arc<dyn Ids> = Arc::new(NodeIds::new(clock.clone(), slot.clone()));
    let carried = |inner: Arc<dyn Carrier>, account: &str, channel| -> Arc<dyn Carrier> {
        Arc::new(Carried { inner, account: account.to_owned(), channel, metrics: metrics.clone(), ending: ending.clone() })
    };
    let moment: Arc<dyn Fn() -> Moment + Send + Sync> = {
        let clock = clock.clone();
        Arc::new(move || Moment { now: clock.now(), nonce: crate::ids::chance() })
    };
    let mut carriers = Carriers::default();
    let mut companies: Vec<(String, Arc<dyn SmsProvider>)> = Vec::new();
    let mut links = Links::default();
    for (name, account) in &config.accounts {
        carriers = carriers.on(name, account.terms.clone());
        if account.is_link() {
            let link = Link::open(name, account, &config.public_url, clock.clone(), moment.clone())?;
            carriers = carriers.with(Channel::Sms, name, carried(link.clone(), name, Channel::Sms));
            links.add(link);
            continue;
        }
        let provider = account.build(name, &config.public_url)?;
        let client = Arc::new(HttpClient::new(account.patience(), clock.clone(), ending.clone())?);
        let carrier = sms::HttpCarrier::new(provider.clone(), client, moment.clone(), account.connections.into());
        carriers = carriers.with(Channel::Sms, name, carried(Arc::new(carrier), name, Channel::Sms));
        companies.push((name.clone(), provider));
    }
    let mut mail_companies = Vec::new();
    for (name, account) in &config.letters.accounts {
        let provider = account.build_mail(name, &config.public_url)?;
        let client = Arc::new(HttpClient::new(account.patience(), clock.clone(), ending.clone())?);
        let carrier = email::HttpLetters::new(provider.clone(), client, moment.clone(), account.connections.into());
        carriers = carriers.with(Channel::Email, name, carried(Arc::new(carrier), name, Channel::Email));
        mail_companies.push((name.clone(), provider));
    }
    if let Some((host, port)) = config.letters.server()? {
        let tls = tls(&config.letters.tls);
        let login = (!config.letters.user.is_empty()).then(|| (config.letters.user.clone(), secrets.mail.clone()));
        let carrier = email::SmtpCarrier::new(email::SmtpSettings {
            host,
            port,
            tls,
            login,
            name: config.letters.name.clone(),
            connections: config.letters.connections.into(),
            signers: secrets.signers.clone(),
            limits: email::Limits::default(),
        });
        carriers = carriers.with(Channel::Email, "smtp", carried(Arc::new(carrier), "smtp", Channel::Email));
    }
    let engines =
        if config.translation.apertium.is_empty() { None } else { translation::Apertium::find(&config.translation.apertium).await };
    let wake = Arc::new(Notify::new());
    let (changes, _) = tokio::sync::broadcast::channel(256);
    let bell = Arc::new(Bell::new(wake.clone(), changes.clone()));
    let rung = bell.clone();
    let speech = Arc::new(Speech::default());
    let letters = post(config, secrets);
    let ports = Ports {
        directory: opened.directory,
        people: opened.people,
        outbound: opened.outbound,
        wide: opened.wide,
        restored: opened.restored,
        inbound: opened.inbound,
        words: opened.words,
        views: opened.views,
        attachments: opened.attachments,
        redraw: Arc::new(crate::fetch::Drawing::default()),
        fetch: Arc::new(crate::fetch::Fetcher::new(companies.clone(), &config.pictures)?),
        texts: Arc::new(sms::Codec),
        letters: Arc::new(letters),
        translate: Arc::new(translation::Translator::new(engines.into_iter().map(Arc::new).collect()).measured(metrics.clone())),
        passages: Arc::new(translation::Slots),
        carriers,
        clock: clock.clone(),
        ids,
        bell: Arc::new(move |district| rung.ring(district)),
        public_url: config.public_url.clone(),
        point: crate::points::at,
    };
    Ok(Wired { flows: Flows::new(ports, speech), wake, changes, clock, companies, mail_companies, moment, slot, metrics, bell, links })
}

/// Says which districts send nothing since a restore.
pub async fn say_paused(wired: &Wired) -> anyhow::Result<()> {
    for district in crate::resume::paused(wired).await? {
        tracing::warn!(%district, "sending is paused after a restore: look at what may have gone, then run homeword resume");
    }
    Ok(())
}

/// Says that patience ended before the work did.
pub fn say_unfinished() {
    tracing::warn!("not everything finished in time: what is left stays claimed until its deadline");
}

/// Runs until SIGTERM or Ctrl-C. Then nothing is begun, calls under way finish and settle, and the process ends within ten
/// seconds; what did not finish stays claimed until its deadline, and is reconciled by whoever runs then.
/// Without workers nothing is sent, and nothing that came in is understood, until a worker of another process does it.
pub async fn serve(path: &Path, without_workers: bool) -> anyhow::Result<()> {
    let config = crate::config::read(path)?;
    let secrets = config.secrets()?;
    let ending = Ending::on_signals()?;
    let wired = wire_until(&config, &secrets, ending.clone()).await?;
    say_paused(&wired).await?;
    if without_workers && !config.shared() {
        tracing::warn!("nothing is sent: on SQLite no other process can work, run homeword serve without --without-workers");
    }
    let listener = listen(config.listen, "pages").await?;
    let spool = crate::spool::Spool::open(&config.spool.folder, u64::from(config.spool.megabytes) * 1024 * 1024)
        .with_context(|| format!("opening the spool in {}", config.spool.folder.display()))?;
    let intake = crate::intake::Intake::new(Arc::new(wired.flows.clone()), spool, wired.clock.clone(), crate::intake::PATIENCE);
    let draining = tokio::spawn({
        let intake = intake.clone();
        async move { intake.drain().await }
    });
    let mailroom = Arc::new(Mailroom::new(wired.flows.clone(), intake.clone()));
    let letters = crate::mailroom::listen(&config, &secrets, mailroom.clone(), wired.clock.clone(), &ending).await?;
    let mail = MailHooks {
        mailroom,
        flows: wired.flows.clone(),
        intake: intake.clone(),
        companies: wired.mail_companies.clone(),
        wire: Arc::new(HttpClient::new(Duration::from_secs(10), wired.clock.clone(), ending.clone())?),
        dns: config.letters.dns()?,
        metrics: wired.metrics.clone(),
        moment: wired.moment.clone(),
        known: Known::default(),
    };
    #[cfg(not(feature = "imap"))]
    let mailboxes = tokio::task::JoinSet::<()>::new();
    #[cfg(feature = "imap")]
    let mailboxes = crate::mailboxes::keep(&config, &secrets, &wired.flows, &intake, &wired.clock, &ending)?;
    let watched = Watched::of(&wired, &ending);
    let metrics = watched.listen(&config).await?;
    let hooks = Companies {
        intake: intake.clone(),
        calls: Arc::new(wired.flows.clone()),
        caller_waits: crate::hooks::CALLER_WAITS,
        sms: wired.companies.clone(),
        metrics: wired.metrics.clone(),
        moment: wired.moment.clone(),
        mail: Some(mail),
    };
    let site = web::Web {
        flows: wired.flows.clone(),
        hooks: Arc::new(hooks),
        health: watched.health,
        public_url: config.public_url.as_str().into(),
        changes: wired.changes.clone(),
    };
    wired.tell_others(&config.wake.nats, &secrets.wake);
    let listening = tokio::spawn({
        let (bell, directory) = (wired.bell.clone(), wired.flows.ports().directory.clone());
        async move { bell.listen(directory.as_ref()).await }
    });
    // Only who works holds a link: what waits for it is left to its holder.
    let workers = async {
        if !without_workers {
            let spools = Spools { own: Some(intake.clone()), elsewhere: config.shared() };
            let work = tokio::spawn(crate::workers::work(&wired, spools, ending.clone()));
            let (worked, ()) = tokio::join!(work, wired.hold_links(|| Door::Spooled(intake.clone()), ending.clone()));
            return worked;
        }
        Ok(())
    };
    println!(
        "{}",
        serde_json::json!({ "listening": listener.local_addr()?.to_string(), "letters": letters.0, "smtp": letters.1, "metrics": metrics })
    );
    let asked = ending.clone();
    let pages = axum::serve(listener, web::router(site)).with_graceful_shutdown(async move { asked.wait().await });
    let finished = async { tokio::join!(pages, workers, mailboxes.join_all()) };
    tokio::select! {
        (pages, workers, _) = finished => {
            pages.context("the website")?;
            workers.context("the workers")?;
        }
        () = ending.overdue() => say_unfinished(),
    }
    draining.abort();
    listening.abort();
    wired.last_told().await;
    Ok(())
}

pub(crate) async fn listen(address: std::net::SocketAddr, what: &str) -> anyhow::Result<tokio::net::TcpListener> {
    tokio::net::TcpListener::bind(address).await.with_context(|| format!("listening for {what} on {address}"))
}
