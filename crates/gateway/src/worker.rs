//! `worker`: the workers alone, beside `serve` and as many of its like as a district needs, on one PostgreSQL. It has no state
//! of its own: what it holds, it holds by rows with deadlines. Must never know pages: it takes in nothing but what its links hear.

use crate::ending::Ending;
use crate::links::Door;
use crate::serve::{self, Watched};
use crate::workers::Spools;
use anyhow::{Context, ensure};
use std::path::Path;
use std::sync::Arc;

/// Runs until SIGTERM or Ctrl-C, and ends as `serve` does. `metrics` stands in for the setting: workers that share a file and a
/// machine listen each on its own port.
pub async fn worker(path: &Path, metrics: Option<String>) -> anyhow::Result<()> {
    let mut config = crate::config::read(path)?;
    if let Some(metrics) = metrics {
        config.metrics.listen = metrics;
    }
    ensure!(
        config.shared(),
        "a worker of its own needs PostgreSQL: SQLite belongs to one process. Run homeword serve alone, which works as well, or set \
         database = \"postgres://…\" in {}",
        path.display()
    );
    let secrets = config.secrets()?;
    let ending = Ending::on_signals()?;
    let wired = serve::wire_until(&config, &secrets, ending.clone()).await?;
    serve::say_paused(&wired).await?;
    let metrics = Watched::of(&wired, &ending).listen(&config).await?;
    wired.tell_others(&config.wake.nats, &secrets.wake);
    let spools = Spools { own: None, elsewhere: true };
    let work = tokio::spawn(crate::workers::work(&wired, spools, ending.clone()));
    let straight = || Door::Straight(Arc::new(wired.flows.clone()));
    let workers = async { tokio::join!(work, wired.hold_links(straight, ending.clone())).0 };
    println!("{}", serde_json::json!({ "worker": wired.slot.number(), "metrics": metrics }));
    tokio::select! {
        workers = workers => workers.context("the workers")?,
        () = ending.overdue() => serve::say_unfinished(),
    }
    wired.last_told().await;
    Ok(())
}
