//! The bell over plain NATS: a node that changed a district says its id, the others wake at once. Nothing else is said, nothing
//! is kept, and nobody waits for it: without the server workers look twice a second as ever. Must never know more than ids.

use crate::bell::Bell;
use async_nats::connection::State;
use async_nats::{Client, ConnectOptions, Event, Subscriber};
use domain::DistrictId;
use futures_util::StreamExt;
use std::sync::Arc;
use std::time::Duration;

/// Where all nodes speak.
const SUBJECT: &str = "homeword.changed";
/// The least time between two tellings: a broadcast rings thousands of times, and each wakes every node.
const TELLS: Duration = Duration::from_millis(50);
/// The longest pause between two tries to reach the server.
const AGAIN: Duration = Duration::from_secs(2);

/// Joins the others behind this URL; nowhere where it is empty. Comes back at once, whether the server is there or not.
pub fn join(url: &str, token: &str, bell: &Arc<Bell>) {
    if url.is_empty() {
        return;
    }
    let (url, bell) = (url.to_owned(), bell.clone());
    let options = ConnectOptions::new()
        .name("homeword")
        .no_echo()
        .retry_on_initial_connect()
        .connection_timeout(AGAIN)
        .ping_interval(Duration::from_secs(5))
        .reconnect_delay_callback(|tries| AGAIN.min(Duration::from_millis(50) * u32::try_from(tries).unwrap_or(u32::MAX).min(100)))
        .event_callback(|event| async move { say(&event) });
    let options = if token.is_empty() { options } else { options.token(token.to_owned()) };
    tokio::spawn(async move {
        let joined = async {
            let client = options.connect(&url).await?;
            let others = client.subscribe(SUBJECT).await?;
            Ok::<_, async_nats::Error>((client, others))
        };
        match joined.await {
            Ok((client, others)) => {
                tokio::join!(tell(&client, &bell), hear(others, &bell));
            }
            Err(fault) => tracing::error!(%fault, "NATS cannot be used: nodes find work within half a second as without it"),
        }
    });
}

fn say(event: &Event) {
    match event {
        Event::Connected => tracing::info!("NATS is there: nodes wake each other"),
        Event::Disconnected => tracing::warn!("NATS is away: nodes find work within half a second, nothing is lost"),
        event => tracing::debug!(%event, "NATS"),
    }
}

async fn tell(client: &Client, bell: &Bell) {
    loop {
        for district in bell.louder.next().await {
            // What is said while nobody hears is not kept for later: the others have looked by then.
            if client.connection_state() == State::Connected
                && let Err(fault) = client.publish(SUBJECT, district.0.to_string().into()).await
            {
                tracing::debug!(%fault, "NATS took nothing");
            }
        }
        tokio::time::sleep(TELLS).await;
    }
}

async fn hear(mut others: Subscriber, bell: &Bell) {
    while let Some(message) = others.next().await {
        // Whatever else is said there means nothing.
        if let Some(district) = std::str::from_utf8(&message.payload).ok().and_then(|text| text.parse().ok()) {
            bell.here(DistrictId(district));
        }
    }
}
