//! SMPP as one kind of session. Knows neither leases nor the store: what it hears goes to the inlet.

use super::{Inlet, Session};
use domain::wire::Moment;
use sms::smpp::{Heard, NotTaken, Sink, Smpp};
use std::sync::Arc;
use tokio::sync::watch;

/// The session of an account.
pub fn session(
    name: &str,
    given: &sms::Given,
    moment: Arc<dyn Fn() -> Moment + Send + Sync>,
    inlet: Arc<Inlet>,
) -> anyhow::Result<Arc<dyn Session>> {
    let settings = sms::SmppSettings::read(given).map_err(|wrong| anyhow::anyhow!("sms.accounts.{name}.{wrong}"))?;
    Ok(Arc::new(Smpp::new(settings, moment, Arc::new(Kept { account: name.to_owned(), inlet }))))
}

#[async_trait::async_trait]
impl Session for Smpp {
    async fn run(&self, stop: watch::Receiver<bool>) {
        Smpp::run(self, stop).await;
    }
}

/// What the link hears, kept before it is acknowledged.
struct Kept {
    account: String,
    inlet: Arc<Inlet>,
}

#[async_trait::async_trait]
impl Sink for Kept {
    async fn take(&self, heard: Vec<Heard>) -> Result<(), NotTaken> {
        // A receipt's event names our number itself.
        let events = heard.into_iter().map(|heard| heard.event).collect();
        if self.inlet.take(&self.account, events).await { Ok(()) } else { Err(NotTaken) }
    }
}
