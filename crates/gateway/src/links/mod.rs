//! Accounts that hold a session instead of being called: only one process may, the one whose lease it is. Here leases are taken,
//! renewed and given back, and sessions run and ended with them. Must never know what is spoken in a session.
//!
//! A lease is a row with a deadline. A process that cannot renew it in time ends its session before the deadline, so that the next
//! holder finds none; one that slept past it finds that out with its first look at the clock.

#[cfg(feature = "smpp")]
mod smpp;
#[cfg(test)]
mod tests;

use crate::accounts::Account;
use crate::ending::Ending;
use crate::intake::{self, Intake, Taking};
use crate::spool::Call;
use domain::Time;
use domain::carrier::*;
use domain::ports::{Clock, Directory, Stored};
use domain::wire::Moment;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How long a lease is taken for, in seconds: so long, and a look more, nobody has the session after a crash.
const SECONDS: i64 = 30;
/// A session ends so many seconds before a lease that was not renewed: what is under way may be answered, clocks may differ.
const MARGIN: i64 = 12;
/// How often a lease is renewed, or asked for where another has it.
const RENEW: Duration = Duration::from_secs(5);
/// How long the database may take to answer that.
const PATIENCE: Duration = Duration::from_secs(5);

/// A session with a company, and what it carries.
#[async_trait::async_trait]
pub trait Session: Carrier {
    /// Keeps it up until `stop`; ends it in order.
    async fn run(&self, stop: watch::Receiver<bool>);
}

/// Where what sessions hear is kept.
pub enum Door {
    /// In the database, or in this process's spool while that is away.
    Spooled(Intake),
    /// In the database alone: whatever is not kept, the company keeps.
    Straight(Arc<dyn Taking>),
}

/// The way to a [`Door`], which opens when the process takes things in: sessions are made before.
#[derive(Default)]
pub struct Inlet(OnceLock<(Door, Arc<dyn Clock>)>);

impl Inlet {
    /// Keeps it all; it may be acknowledged where this says so, and nowhere else.
    #[cfg_attr(not(any(feature = "smpp", test)), expect(dead_code, reason = "in a build without links nothing is heard"))]
    pub async fn take(&self, account: &str, events: Vec<Event>) -> bool {
        let Some((door, clock)) = self.0.get() else { return false };
        let kept = match door {
            Door::Spooled(intake) => intake.take(Call::Events(events)).await.map_err(|fault| fault.to_string()),
            Door::Straight(taking) => match tokio::time::timeout(intake::PATIENCE, taking.events(events, clock.now())).await {
                Ok(taken) => taken.map_err(|fault| fault.to_string()),
                Err(_) => Err("the database did not answer in time".into()),
            },
        };
        if let Err(fault) = &kept {
            tracing::error!(%fault, account, "what a link heard could not be kept: the company delivers it again");
        }
        kept.is_ok()
    }
}

/// An account that holds a session, and whether it is this process's. As a carrier it begins nothing while it is not.
pub struct Link {
    account: String,
    session: Arc<dyn Session>,
    inlet: Arc<Inlet>,
    clock: Arc<dyn Clock>,
    until: AtomicI64,
}

impl Link {
    /// Of an account that is one; nothing is connected yet.
    pub fn open(
        name: &str,
        account: &Account,
        public_url: &str,
        clock: Arc<dyn Clock>,
        moment: Arc<dyn Fn() -> Moment + Send + Sync>,
    ) -> anyhow::Result<Arc<Link>> {
        let inlet = Arc::new(Inlet::default());
        #[cfg(feature = "smpp")]
        let session = smpp::session(name, &account.given(name, public_url)?, moment, inlet.clone())?;
        #[cfg(not(feature = "smpp"))]
        let session = {
            let _ = (account.given(name, public_url)?, moment);
            crate::accounts::no_such_link(&format!("sms.accounts.{name}"))?
        };
        Ok(Arc::new(Link::of(name, session, inlet, clock)))
    }

    fn of(name: &str, session: Arc<dyn Session>, inlet: Arc<Inlet>, clock: Arc<dyn Clock>) -> Link {
        Link { account: name.to_owned(), session, inlet, clock, until: AtomicI64::new(0) }
    }

    fn held(&self) -> bool {
        self.clock.now().0 < self.until.load(Ordering::Acquire)
    }

    /// Takes the lease, runs the session while it is ours, gives it back: again and again until the end is asked for.
    async fn keep(&self, lease: Lease, ending: Ending) {
        while !ending.begun() {
            if self.renew(&lease).await {
                tracing::info!(account = self.account, "this process holds the link");
                self.hold(&lease, &ending).await;
            }
            tokio::select! {
                () = tokio::time::sleep(RENEW) => {}
                () = ending.wait() => {}
            }
        }
    }

    async fn hold(&self, lease: &Lease, ending: &Ending) {
        let (stop, stopped) = watch::channel(false);
        let renewed = async {
            loop {
                tokio::select! {
                    () = tokio::time::sleep(RENEW) => {}
                    () = ending.wait() => break,
                }
                if !self.renew(lease).await {
                    tracing::warn!(account = self.account, "the lease was not renewed: the link ends here, whoever has the lease connects");
                    break;
                }
            }
            stop.send_replace(true);
        };
        tokio::join!(self.session.run(stopped), renewed);
        self.until.store(0, Ordering::Release);
        let now = self.clock.now();
        if let Err(fault) = lease.ask(&self.account, now, now).await {
            tracing::warn!(%fault, account = self.account, "the lease was not given back: it ends by itself");
        }
    }

    /// Whether the session may be ours for the next while.
    async fn renew(&self, lease: &Lease) -> bool {
        let now = self.clock.now();
        let until = now.plus_seconds(SECONDS);
        match lease.ask(&self.account, now, until).await {
            Ok(true) => {
                self.until.store(until.0, Ordering::Release);
                return true;
            }
            Ok(false) => self.until.store(0, Ordering::Release),
            Err(fault) => tracing::warn!(%fault, account = self.account, "the database does not say whose the link is"),
        }
        let sure = self.clock.now().plus_seconds(MARGIN).0 < self.until.load(Ordering::Acquire);
        if !sure {
            // From now on nothing is claimed for it.
            self.until.store(0, Ordering::Release);
        }
        sure
    }
}

#[async_trait::async_trait]
impl Carrier for Link {
    fn abilities(&self) -> Abilities {
        self.session.abilities()
    }

    async fn send(&self, set: &[Outgoing]) -> Vec<SendResult> {
        if self.held() {
            return self.session.send(set).await;
        }
        // Lost since it was claimed. "Not begun": unlike a fault of the carrier it uses up no attempt.
        set.iter().map(|_| SendResult::Fault(SendFault::Throttled { after: Some(Duration::from_secs(1)) })).collect()
    }

    async fn find(&self, attempts: &[Attempted]) -> Vec<Found> {
        self.session.find(attempts).await
    }
}

/// Who knows whose a lease is: the database, or a test's own.
#[async_trait::async_trait]
trait Leases: Send + Sync {
    async fn lease(&self, name: &str, holder: &str, now: Time, until: Time) -> Stored<bool>;
}

#[async_trait::async_trait]
impl Leases for Arc<dyn Directory> {
    async fn lease(&self, name: &str, holder: &str, now: Time, until: Time) -> Stored<bool> {
        self.as_ref().lease(name, holder, now, until).await
    }
}

/// By what name this process asks, and whom.
#[derive(Clone)]
struct Lease {
    leases: Arc<dyn Leases>,
    holder: String,
}

impl Lease {
    async fn ask(&self, account: &str, now: Time, until: Time) -> Result<bool, String> {
        let name = format!("sms {account}");
        match tokio::time::timeout(PATIENCE, self.leases.lease(&name, &self.holder, now, until)).await {
            Ok(Ok(mine)) => Ok(mine),
            Ok(Err(fault)) => Err(fault.to_string()),
            Err(_) => Err("it did not answer in time".into()),
        }
    }
}

/// The links of the configuration.
#[derive(Clone, Default)]
pub struct Links(Vec<Arc<Link>>);

impl Links {
    /// One more.
    pub fn add(&mut self, link: Arc<Link>) {
        self.0.push(link);
    }

    /// Whether this process may claim for the account: it is no link, or one that is held here. What waits for another's link is
    /// left to its owner.
    pub fn may_claim(&self, account: &str) -> bool {
        self.0.iter().find(|link| link.account == account).is_none_or(|link| link.held())
    }

    /// Whether there is none.
    pub fn none(&self) -> bool {
        self.0.is_empty()
    }

    /// Keeps what it can get of them, until the end is asked for and each is ended in order. `holder` is this process's own word.
    pub async fn run(&self, door: impl Fn() -> Door, directory: Arc<dyn Directory>, holder: String, ending: Ending) {
        let lease = Lease { leases: Arc::new(directory), holder };
        let mut running = JoinSet::new();
        for link in &self.0 {
            // A second time it would be the same door.
            let _ = link.inlet.0.set((door(), link.clock.clone()));
            let (link, lease, ending) = (link.clone(), lease.clone(), ending.clone());
            running.spawn(async move { link.keep(lease, ending).await });
        }
        while let Some(ended) = running.join_next().await {
            if ended.is_err() {
                tracing::error!("a link's task failed: nothing goes over it until this process is started again");
            }
        }
    }
}
