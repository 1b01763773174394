//! `serve`: everything wired, the website and the workers in one process.

use crate::clock::SystemClock;
use crate::config::{Config, Secrets};
use crate::ids::NodeIds;
use crate::{client::HttpClient, hooks::Companies};
use anyhow::Context;
use domain::carrier::{Carrier, SmsProvider};
use domain::people::Channel;
use domain::ports::{Clock, Ids};
use domain::wire::Moment;
use messaging::{Flows, Ports, Speech};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
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
    /// Now and a nonce.
    pub moment: Arc<dyn Fn() -> Moment + Send + Sync>,
}

/// What our reader must know of mail programs, and our own marker, in every shipped language.
pub fn mail_words() -> email::MailWords {
    let sentences = localization::Catalogue::shipped();
    let tables = localization::MailTables::shipped();
    email::MailWords {
        attribution: tables.attribution.clone(),
        sent_from: tables.sent_from.clone(),
        automatic: tables.automatic.clone(),
        separators: tables.separators.clone(),
        markers: sentences.languages().filter_map(|tag| sentences.say(tag, "email-reply-above", &[])).collect(),
    }
}

/// How long a node's slot is taken for.
const SLOT_SECONDS: i64 = 60;

/// Opens the store and wires every room.
pub async fn wire(config: &Config, secrets: &Secrets) -> anyhow::Result<Wired> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let opened = store::open(&config.database)
        .await
        .with_context(|| format!("opening {}", config.database.split('@').next_back().unwrap_or_default()))?;
    let now = clock.now();
    let slot = opened.directory.node_slot(None, now, now.plus_seconds(SLOT_SECONDS)).await.context("taking a node slot")?;
    let ids: Arc<dyn Ids> = Arc::new(NodeIds::new(clock.clone(), slot.unsigned_abs()));
    renew(opened.directory.clone(), clock.clone(), slot);
    let moment: Arc<dyn Fn() -> Moment + Send + Sync> = {
        let (clock, ids) = (clock.clone(), ids.clone());
        Arc::new(move || Moment { now: clock.now(), nonce: ids.secret() })
    };
    let mut carriers: BTreeMap<Channel, Arc<dyn Carrier>> = BTreeMap::new();
    let mut companies: Vec<(String, Arc<dyn SmsProvider>)> = Vec::new();
    if !config.sms.account.is_empty() {
        let outcome = match config.sms.outcome.as_str() {
            "keyed" => sms::Outcome::Keyed,
            "look-up" => sms::Outcome::LookUp,
            _ => sms::Outcome::Blind,
        };
        let provider: Arc<dyn SmsProvider> = Arc::new(sms::Twilio::new(sms::TwilioSettings {
            base_url: config.sms.base_url.clone(),
            account: config.sms.account.clone(),
            tokens: vec![secrets.sms_token.clone()],
            status_callback: format!("{}/hooks/sms/twilio", config.public_url),
            messaging_service: None,
            outcome,
        }));
        carriers.insert(Channel::Sms, Arc::new(sms::HttpCarrier::new(provider.clone(), Arc::new(HttpClient::new()?), moment.clone())));
        companies.push(("twilio".into(), provider));
    }
    if let Some((host, port)) = config.letters.server()? {
        let tls = match config.letters.tls.as_str() {
            "tls" => email::Tls::Whole,
            "none" => email::Tls::None,
            _ => email::Tls::Starttls,
        };
        let login = (!config.letters.user.is_empty()).then(|| (config.letters.user.clone(), secrets.mail.clone()));
        let carrier = email::SmtpCarrier::new(email::SmtpSettings {
            host,
            port,
            tls,
            login,
            name: config.letters.name.clone(),
            connections: config.letters.connections.into(),
            limits: email::Limits::default(),
        });
        carriers.insert(Channel::Email, Arc::new(carrier));
    }
    let engines =
        if config.translation.apertium.is_empty() { None } else { translation::Apertium::find(&config.translation.apertium).await };
    let wake = Arc::new(Notify::new());
    let (changes, _) = tokio::sync::broadcast::channel(256);
    let bell = {
        let (wake, changes) = (wake.clone(), changes.clone());
        Arc::new(move |district| {
            wake.notify_one();
            // Nobody listening is no fault.
            let _ = changes.send(district);
        })
    };
    let speech = Arc::new(Speech::default());
    let letters = email::Post::new(vec![(1, secrets.letters.clone().into_bytes())], mail_words());
    let ports = Ports {
        directory: opened.directory,
        people: opened.people,
        outbound: opened.outbound,
        restored: opened.restored,
        inbound: opened.inbound,
        words: opened.words,
        views: opened.views,
        texts: Arc::new(sms::Codec),
        letters: Arc::new(letters),
        translate: Arc::new(translation::Translator::new(engines.into_iter().map(Arc::new).collect())),
        passages: Arc::new(translation::Slots),
        carriers,
        clock: clock.clone(),
        ids,
        bell,
        staff_url: config.public_url.clone(),
    };
    Ok(Wired { flows: Flows::new(ports, speech), wake, changes, clock, companies, moment })
}

/// Keeps the node's slot while the process runs.
fn renew(directory: Arc<dyn domain::ports::Directory>, clock: Arc<dyn Clock>, slot: i16) {
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(std::time::Duration::from_secs(20)).await;
            let now = clock.now();
            if let Err(fault) = directory.node_slot(Some(slot), now, now.plus_seconds(SLOT_SECONDS)).await {
                tracing::error!(%fault, "the node slot was not renewed");
            }
        }
    });
}

/// Runs until SIGTERM or Ctrl-C.
pub async fn serve(path: &Path) -> anyhow::Result<()> {
    let config = crate::config::read(path)?;
    let secrets = config.secrets()?;
    let wired = wire(&config, &secrets).await?;
    for district in crate::resume::paused(&wired).await? {
        tracing::warn!(%district, "sending is paused after a restore: look at what may have gone, then run homeword resume");
    }
    let listener = tokio::net::TcpListener::bind(config.listen).await.with_context(|| format!("listening on {}", config.listen))?;
    let mut letters = None;
    if let Some(address) = config.letters.listen()? {
        let listener = tokio::net::TcpListener::bind(address).await.with_context(|| format!("listening for letters on {address}"))?;
        let mailroom = Arc::new(crate::mailroom::Mailroom { flows: wired.flows.clone() });
        letters = Some(listener.local_addr()?.to_string());
        tokio::spawn(email::listen(listener, mailroom, email::LmtpLimits::default()));
    }
    let hooks = Companies { flows: wired.flows.clone(), sms: wired.companies.clone(), moment: wired.moment.clone() };
    let site = web::Web {
        flows: wired.flows.clone(),
        hooks: Arc::new(hooks),
        public_url: config.public_url.clone(),
        changes: wired.changes.clone(),
    };
    let workers = tokio::spawn(crate::workers::work(wired.flows, wired.clock, wired.wake));
    println!("{}", serde_json::json!({ "listening": listener.local_addr()?.to_string(), "letters": letters }));
    let ended = axum::serve(listener, web::router(site)).with_graceful_shutdown(asked_to_end());
    // Open event streams never end by themselves: ten seconds, then the process goes.
    tokio::select! {
        outcome = ended => outcome?,
        () = async { asked_to_end().await; tokio::time::sleep(std::time::Duration::from_secs(10)).await } => {}
    }
    workers.abort();
    Ok(())
}

async fn asked_to_end() {
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = terminate => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
