//! What families send besides words, as pages show it and hand it out: a picture as a picture, a recording to be played, everything else
//! as a file. Nothing of it may run: the browser is told its kind by its first bytes, and that it stands alone.

use crate::Web;
use crate::forms::{Fields, field, id};
use crate::page::{Fault, Page};
use crate::session::Person;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect};
use domain::media::MediaKind;
use domain::ports::Attached;
use domain::{IncomingId, TaskId, ThreadId};
use messaging::Media;

/// One of them in a bubble or a card.
pub(crate) struct Shown {
    /// Where it is.
    pub href: String,
    /// "A picture, 210 KB".
    pub words: String,
    /// `picture`, `sound`, `film`, `file`, `waits`, `failed`.
    pub how: &'static str,
}

fn size(bytes: i64) -> String {
    if bytes < 1024 * 1024 { format!("{} KB", (bytes + 1023) / 1024) } else { format!("{:.1} MB", bytes as f64 / (1024.0 * 1024.0)) }
}

/// How a page shows it, under the place it belongs to.
pub(crate) fn shown(place: &str, one: &Attached) -> Shown {
    let href = format!("{place}/media/{}/{}", one.incoming, one.number);
    let (what, how) = match one.kind {
        None if one.reason.is_empty() => return Shown { href, words: "A picture or file is being fetched.".into(), how: "waits" },
        None => {
            let words = format!("A picture or file came that cannot be shown: {}.", one.reason);
            return Shown { href, words, how: "failed" };
        }
        Some(kind) if kind.is_picture() => ("A picture", "picture"),
        Some(MediaKind::Heic) => ("A picture (HEIC), to download", "file"),
        Some(MediaKind::Pdf) => ("A PDF, to download", "file"),
        Some(MediaKind::Amr) => ("A recording (AMR), to download", "file"),
        Some(MediaKind::Mp4 | MediaKind::ThreeGp) => ("A recording", "film"),
        Some(kind) if kind.plays() => ("A recording", "sound"),
        Some(_) => ("A file of a kind we do not know: open it only if you expect it", "file"),
    };
    Shown { href, words: format!("{what}, {}", size(one.size)), how }
}

/// The bytes, so that nothing in them can run or reach anything.
fn handed_out(media: Media, incoming: &str, number: i16) -> Page {
    let way = if media.kind.is_picture() || media.kind.plays() { "inline" } else { "attachment" };
    let name = format!("{way}; filename=\"homeword-{incoming}-{number}.{}\"", media.kind.ending());
    let headers = [
        (header::CONTENT_TYPE, media.kind.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox; frame-ancestors 'none'".to_owned()),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, media.bytes).into_response())
}

fn number(text: &str) -> Result<i16, Fault> {
    text.parse().map_err(|_| Fault::Absent)
}

/// `/thread/{id}/media/{incoming}/{number}`.
pub(crate) async fn of_thread(
    State(web): State<Web>,
    person: Person,
    Path((thread, incoming, which)): Path<(String, String, String)>,
) -> Page {
    let (thread, which): (ThreadId, i16) = (id(&thread)?, number(&which)?);
    let of: IncomingId = id(&incoming)?;
    handed_out(web.flows.media(&person.actor, thread, of, which).await?, &of.to_string(), which)
}

/// Tries once more what could not be fetched.
pub(crate) async fn again(
    State(web): State<Web>,
    person: Person,
    Path((thread, incoming, which)): Path<(String, String, String)>,
    Form(fields): Form<Fields>,
) -> Page {
    person.check(field(&fields, "token"))?;
    let thread: ThreadId = id(&thread)?;
    web.flows.fetch_again(&person.actor, thread, id(&incoming)?, number(&which)?).await?;
    Ok(Redirect::to(&format!("/thread/{thread}")).into_response())
}

/// `/by-hand/{id}/media/{incoming}/{number}`; a task is about one incoming, whatever the address says.
pub(crate) async fn of_task(State(web): State<Web>, person: Person, Path((task, incoming, which)): Path<(String, String, String)>) -> Page {
    let (task, which): (TaskId, i16) = (id(&task)?, number(&which)?);
    let of: IncomingId = id(&incoming)?;
    handed_out(web.flows.media_of_task(&person.actor, task, of, which).await?, &of.to_string(), which)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn told(bytes: &[u8]) -> Vec<String> {
        let media = Media { kind: MediaKind::sniff(bytes), bytes: bytes.to_vec() };
        let answer = crate::page::headers(handed_out(media, "7", 0).expect("an answer")).await;
        let read = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        ["content-type", "content-disposition", "content-security-policy", "x-content-type-options"].map(read).to_vec()
    }

    #[tokio::test]
    async fn what_a_family_sent_can_run_nothing_and_only_pictures_and_recordings_are_shown() {
        let alone = "default-src 'none'; sandbox; frame-ancestors 'none'";
        let picture = told(b"\xff\xd8\xff\xe0").await;
        assert_eq!(picture, ["image/jpeg", "inline; filename=\"homeword-7-0.jpg\"", alone, "nosniff"]);
        for file in [&b"<svg onload=\"alert(1)\"/>"[..], b"<!doctype html><script>", b"%!PS"] {
            let file = told(file).await;
            assert_eq!(file, ["application/octet-stream", "attachment; filename=\"homeword-7-0.bin\"", alone, "nosniff"]);
        }
        assert!(told(b"%PDF-1.4").await[1].starts_with("attachment"), "a paper may hold scripts: it is opened elsewhere");
    }

    #[test]
    fn what_could_not_be_fetched_says_why() {
        let one = Attached { incoming: IncomingId(7), number: 1, kind: None, size: 0, reason: "it is too large".into() };
        let failed = shown("/thread/3", &one);
        assert_eq!((failed.how, failed.href.as_str()), ("failed", "/thread/3/media/7/1"));
        assert!(failed.words.ends_with("cannot be shown: it is too large."), "{}", failed.words);
        assert_eq!(shown("/x", &Attached { kind: Some(MediaKind::Png), size: 2_000_000, ..one }).words, "A picture, 1.9 MB");
    }
}
