//! What only one may hold: taken, renewed, lapsed, taken over, given back.

use domain::Time;
use domain::letter::Bookmark;
use store::Opened;

/// See the module.
pub async fn a_lease_has_one_holder_at_a_time(opened: &Opened) {
    let lease =
        async |name: &str, holder: &str, now, until| opened.directory.lease(name, holder, Time(now), Time(until)).await.expect("a lease");
    assert!(lease("sms center", "one", 100, 130).await, "nobody had it");
    assert!(!lease("sms center", "two", 110, 140).await, "it is held");
    assert!(lease("sms center", "one", 120, 150).await, "renewed");
    assert!(!lease("sms center", "two", 149, 179).await, "the renewal counts, and what was asked in vain changed nothing");
    assert!(lease("sms village", "two", 120, 150).await, "another name is another lease");

    assert!(lease("sms center", "two", 150, 180).await, "its time is up: taken over");
    assert!(!lease("sms center", "one", 151, 181).await, "and lost to whoever slept");
    assert!(!lease("sms center", "one", 152, 152).await, "what is not mine I cannot give back");
    assert!(!lease("sms center", "three", 153, 183).await, "and did not");
    assert!(lease("sms center", "two", 179, 209).await, "the new holder renews");

    assert!(lease("sms center", "two", 190, 190).await, "given back");
    assert!(lease("sms center", "one", 190, 220).await, "free at once");
    assert!(lease("sms center", "one", 240, 270).await, "late, and nobody came in between: still its own");
}

/// What was read of a mailbox is known after it is written, and each mailbox has its own.
pub async fn a_bookmark_is_kept(opened: &Opened) {
    let directory = &opened.directory;
    assert_eq!(directory.bookmark("office@a.example").await.expect("read"), None);
    let far = Bookmark { validity: u32::MAX, uid: u32::MAX - 1, read: Time(9) };
    for bookmark in [Bookmark { validity: 7, uid: 1, read: Time(5) }, far] {
        directory.set_bookmark("office@a.example", bookmark).await.expect("kept");
        assert_eq!(directory.bookmark("office@a.example").await.expect("read"), Some(bookmark));
    }
    assert_eq!(directory.bookmark("office@b.example").await.expect("read"), None);
}

/// Many ask at the same moment, for a lease that never was and for one that is over.
pub async fn of_many_who_ask_at_once_one_gets_it(opened: &Opened) {
    for (now, until) in [(100, 130), (130, 160), (500, 530)] {
        let ask = |holder: usize| {
            let directory = opened.directory.clone();
            async move { directory.lease("crowded", &format!("{now} {holder}"), Time(now), Time(until)).await.expect("a lease") }
        };
        let all = futures_util::future::join_all((0..16).map(|holder| tokio::spawn(ask(holder)))).await;
        assert_eq!(all.into_iter().filter(|one| *one.as_ref().expect("no panic")).count(), 1);
    }
}
