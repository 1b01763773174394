//! A mailbox read from a server of our own that can be as bad as servers are: it refuses, cuts, forgets its numbers. What is counted is
//! what was taken: nothing is lost, whatever happens in between. The second witness is Dovecot, in tests/peers/imap.py.

mod server;

use domain::Time;
use domain::letter::Bookmark;
use email::*;
use server::{Bad, Server};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Takes what comes, unless it is told not to.
#[derive(Default)]
struct Desk {
    taken: Mutex<Vec<InMailbox>>,
    bookmark: Mutex<Option<Bookmark>>,
    /// Letters to put off, one after another.
    later: Mutex<usize>,
    forgets: Mutex<bool>,
}

#[async_trait::async_trait]
impl Behind for Desk {
    async fn bookmark(&self) -> Result<Option<Bookmark>, MailboxFault> {
        Ok(*self.bookmark.lock().expect("a bookmark"))
    }
    async fn set_bookmark(&self, bookmark: Bookmark) -> bool {
        if !*self.forgets.lock().expect("whether") {
            *self.bookmark.lock().expect("a bookmark") = Some(bookmark);
        }
        true
    }
    async fn take(&self, letter: InMailbox) -> Took {
        let mut later = self.later.lock().expect("how many");
        if *later > 0 {
            *later -= 1;
            return Took::Later;
        }
        self.taken.lock().expect("letters").push(letter);
        Took::Kept
    }
}

impl Desk {
    fn subjects(&self) -> Vec<String> {
        let taken = self.taken.lock().expect("letters");
        taken.iter().map(|letter| String::from_utf8_lossy(&letter.raw).lines().last().unwrap_or_default().to_owned()).collect()
    }
}

fn settings(server: &Server) -> MailboxSettings {
    let limits =
        MailboxLimits { answer: Duration::from_millis(500), look: Duration::from_millis(150), letter: 400, ..MailboxLimits::default() };
    MailboxSettings {
        host: "127.0.0.1".into(),
        port: server.port,
        tls: Tls::None,
        user: "office@maple.example".into(),
        entry: Entry::Password("a \"pass\\word".into()),
        folder: "INBOX".into(),
        limits,
    }
}

/// Reads until that holds: over one line after another, as the gateway does. Why each of them ended.
async fn until(server: &Server, desk: &Arc<Desk>, what: &str, holds: impl Fn(&[MailboxFault]) -> bool) -> Vec<MailboxFault> {
    let faults = std::cell::RefCell::new(Vec::new());
    let reading = async {
        loop {
            let fault = read_mailbox(&settings(server), desk.as_ref(), &|| Time(1_790_000_000_000_000)).await;
            faults.borrow_mut().push(fault);
        }
    };
    let watching = async {
        while !holds(&faults.borrow()) {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        () = reading => {}
        seen = tokio::time::timeout(Duration::from_secs(20), watching) => seen.unwrap_or_else(|_| panic!("never: {what}")),
    }
    faults.into_inner()
}

/// The first look, up to where it waits.
async fn begun(server: &Server, desk: &Arc<Desk>) {
    until(server, desk, "a first look", |_| server.said().last().is_some_and(|last| last == "IDLE")).await;
}

#[tokio::test]
async fn what_comes_after_the_first_look_is_taken_once_and_the_mailbox_stays_as_it_is() {
    let server = Server::start().await;
    server.put("before");
    let desk = Arc::new(Desk::default());
    begun(&server, &desk).await;
    server.put("first");
    server.put("second");
    until(&server, &desk, "both", |_| desk.subjects() == ["first", "second"]).await;
    // Another process, later.
    server.put("third");
    until(&server, &desk, "the third", |_| desk.subjects() == ["first", "second", "third"]).await;
    let letter = desk.taken.lock().expect("letters")[0].clone();
    assert_eq!(letter.from, "rosa@families.example");
    assert_eq!(letter.to, ["reply+abc@maple.example", "office@maple.example"]);
    let said = server.said();
    assert!(said.iter().any(|line| line == r#"LOGIN "office@maple.example" "a \"pass\\word""#), "{said:?}");
    let harmless = |line: &String| {
        ["LOGIN", "CAPABILITY", "EXAMINE", "UID SEARCH", "UID FETCH", "IDLE", "DONE"].iter().any(|word| line.starts_with(word))
            && !line.contains("BODY[")
    };
    assert!(said.iter().all(harmless), "nothing is marked as read or moved: {said:?}");
}

#[tokio::test]
async fn a_refused_command_or_a_cut_line_is_not_taken_for_an_empty_mailbox() {
    for bad in
        [Bad::RefusesFetch, Bad::RefusesSearch, Bad::CutsInLetter, Bad::CutsInIdle, Bad::SaysNothing, Bad::SaysBye, Bad::RefusesFolder]
    {
        let server = Server::start().await;
        let desk = Arc::new(Desk::default());
        begun(&server, &desk).await;
        for word in ["one", "two", "three"] {
            server.put(word);
        }
        server.once(bad);
        let all = |faults: &[MailboxFault]| desk.subjects() == ["one", "two", "three"] && !faults.is_empty();
        let faults = until(&server, &desk, "all three, and the bad moment", all).await;
        assert!(faults.iter().all(|fault| matches!(fault, MailboxFault::Away(_))), "{bad:?}: {faults:?}");
    }
}

#[tokio::test]
async fn new_numbers_lose_nothing_that_came_since() {
    let server = Server::start().await;
    let desk = Arc::new(Desk::default());
    begun(&server, &desk).await;
    server.put("one");
    until(&server, &desk, "the first", |_| desk.subjects() == ["one"]).await;
    // Moved to another server: all letters have other, lower numbers, and one came on the way.
    server.put("two");
    server.renumber();
    let twice = until(&server, &desk, "what came on the way", |_| desk.subjects().contains(&"two".to_owned())).await;
    assert!(twice.is_empty(), "without the line being lost: {twice:?}");
    assert!(server.said().iter().any(|line| line.starts_with("UID SEARCH SINCE 19-Sep-2026")), "two days before the last look");
    let mut all = desk.subjects();
    all.dedup();
    assert_eq!(all, ["one", "two"], "read once more, and known by whoever keeps it");
    server.put("three");
    until(&server, &desk, "and on", |_| desk.subjects().last().is_some_and(|last| last == "three")).await;
}

#[tokio::test]
async fn who_cannot_take_a_letter_now_gets_it_again_and_those_after_it_wait() {
    let server = Server::start().await;
    let desk = Arc::new(Desk::default());
    begun(&server, &desk).await;
    *desk.later.lock().expect("how many") = 3;
    server.put("one");
    server.put("two");
    let faults = until(&server, &desk, "both, in order", |_| desk.subjects() == ["one", "two"]).await;
    assert!(faults.is_empty(), "{faults:?}");
    // A bookmark that is not kept costs a second reading and no letter.
    *desk.forgets.lock().expect("whether") = true;
    server.put("three");
    until(&server, &desk, "the third", |_| desk.subjects() == ["one", "two", "three"]).await;
    until(&server, &desk, "the third again", |_| desk.subjects() == ["one", "two", "three", "three"]).await;
}

#[tokio::test]
async fn a_letter_that_is_too_large_is_cut_and_one_that_was_taken_away_is_passed_by() {
    let server = Server::start().await;
    let desk = Arc::new(Desk::default());
    begun(&server, &desk).await;
    server.put(&"x".repeat(10_000));
    server.vanish();
    server.put("after");
    until(&server, &desk, "the last", |_| desk.subjects().len() == 2).await;
    assert_eq!(desk.taken.lock().expect("letters")[0].raw.len(), 400);
    assert_eq!(desk.subjects()[1], "after");
}

#[tokio::test]
async fn a_wrong_password_and_a_folder_that_is_not_there_are_told_apart_from_a_server_that_is_ill() {
    let server = Server::start().await;
    assert_eq!(try_mailbox(&settings(&server)).await, Ok(()));
    let wrong = MailboxSettings { entry: Entry::Password("wrong".into()), ..settings(&server) };
    let refused = |tried| matches!(tried, Err(MailboxFault::Refused(_)));
    assert!(refused(try_mailbox(&wrong).await));
    assert!(refused(try_mailbox(&MailboxSettings { folder: "Archive".into(), ..settings(&server) }).await));
    server.once(Bad::LetsNobodyIn);
    assert!(matches!(try_mailbox(&settings(&server)).await, Err(MailboxFault::Away(_))));
    let nobody = MailboxSettings { port: 1, ..settings(&server) };
    assert!(matches!(try_mailbox(&nobody).await, Err(MailboxFault::Away(_))));
}

struct Token;

#[async_trait::async_trait]
impl Bearer for Token {
    async fn token(&self) -> Result<String, MailboxFault> {
        Ok("ya29.token".into())
    }
}

#[tokio::test]
async fn a_token_goes_as_google_and_microsoft_document_it() {
    let server = Server::start().await;
    let bearer = MailboxSettings { entry: Entry::Bearer(Arc::new(Token)), ..settings(&server) };
    assert_eq!(try_mailbox(&bearer).await, Ok(()));
    // user=office@maple.example^Aauth=Bearer ya29.token^A^A
    let base64 = "dXNlcj1vZmZpY2VAbWFwbGUuZXhhbXBsZQFhdXRoPUJlYXJlciB5YTI5LnRva2VuAQE=";
    assert!(server.said().contains(&base64.to_owned()), "{:?}", server.said());
    server.once(Bad::RefusesToken);
    assert!(matches!(try_mailbox(&bearer).await, Err(MailboxFault::Refused(_))));
}
