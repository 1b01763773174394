//! One body of SQL for two databases; the queue lives in it.
//!
//! `shared/` is compiled once per database through a `Db` alias and a few macro fragments. This room must never know HTTP or
//! any company's name. Integers are BIGINT everywhere, times are microseconds UTC, structs that no query looks into are JSON.

#![expect(clippy::duplicate_mod, reason = "the shared body is compiled once per database on purpose")]

pub mod backup;
mod combiner;
mod fault;
mod numbers;
pub mod postgres;
pub mod sqlite;

use domain::ports::*;
use domain::views::Views;
use std::sync::Arc;

/// The store as the flows see it: one handle behind every port.
#[derive(Clone)]
pub struct Opened {
    /// Numbers, sign-ins, senders with work due.
    pub directory: Arc<dyn Directory>,
    /// People and places.
    pub people: Arc<dyn People>,
    /// The way out.
    pub outbound: Arc<dyn Outbound>,
    /// Whole schools and districts.
    pub wide: Arc<dyn Wide>,
    /// What may have gone since a backup.
    pub restored: Arc<dyn Restored>,
    /// The way in.
    pub inbound: Arc<dyn Inbound>,
    /// Memory and approvals.
    pub words: Arc<dyn WordStore>,
    /// Reads for pages.
    pub views: Arc<dyn Views>,
    /// What came with texts.
    pub attachments: Arc<dyn Attachments>,
}

/// Opens (and migrates) the database a URL names: `sqlite:PATH` or `postgres://…`.
pub async fn open(url: &str) -> Stored<Opened> {
    open_measured(url, Arc::new(())).await
}

/// The same, telling a meter of claims, settlements and commits.
pub async fn open_measured(url: &str, meter: Arc<dyn Meter>) -> Stored<Opened> {
    if let Some(path) = url.strip_prefix("sqlite:") {
        let handle = Arc::new(sqlite::open(path.trim_start_matches("//"), meter).await?);
        Ok(Opened {
            directory: handle.clone(),
            people: handle.clone(),
            outbound: handle.clone(),
            wide: handle.clone(),
            restored: handle.clone(),
            inbound: handle.clone(),
            words: handle.clone(),
            views: handle.clone(),
            attachments: handle,
        })
    } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
        let handle = Arc::new(postgres::open(url, meter).await?);
        Ok(Opened {
            directory: handle.clone(),
            people: handle.clone(),
            outbound: handle.clone(),
            wide: handle.clone(),
            restored: handle.clone(),
            inbound: handle.clone(),
            words: handle.clone(),
            views: handle.clone(),
            attachments: handle,
        })
    } else {
        Err(StoreFault::Refused("the database URL must begin with sqlite: or postgres:".into()))
    }
}

/// How many migrations the database behind a URL lacks. Makes no file, writes nothing.
pub async fn behind(url: &str) -> Stored<usize> {
    match url.strip_prefix("sqlite:") {
        Some(path) => sqlite::behind(path.trim_start_matches("//")).await,
        None => postgres::behind(url).await,
    }
}

/// Defines statements as constants, and lists them so that a test prepares each one on both databases.
macro_rules! statements {
    ($($name:ident = $sql:expr;)*) => {
        $(const $name: &str = $sql;)*
        /// Every statement of this file, by name.
        pub const ALL: &[(&str, &str)] = &[$((stringify!($name), $name)),*];
    };
}
pub(crate) use statements;
