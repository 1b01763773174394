//! What came with a text: kept once, given to one worker at a time, settled once, its bytes with it.

use crate::way;
use domain::conversation::Via;
use domain::media::MediaKind;
use domain::ports::*;
use domain::*;
use store::Opened;

pub async fn pictures_are_kept_with_their_text(opened: &Opened) {
    let (district, ..) = way::district(opened).await;
    let pictures = &opened.attachments;
    let link =
        |number, link: &str| NewAttachment { key: "sms:with".into(), number, account: "twilio".into(), link: link.into(), at: Time(10) };
    for _ in 0..2 {
        pictures.attach(district, &[link(0, "https://m/0"), link(1, "https://m/1")]).await.expect("kept, once");
    }
    let incoming = NewIncoming {
        id: IncomingId(77_001),
        key: "sms:with".into(),
        via: Via::Sms,
        received: Time(10),
        from: "+1".into(),
        to: "+2".into(),
        raw: Vec::new(),
        carrier_answered: false,
    };
    opened.inbound.take_in(district, &[incoming]).await.expect("taken in");
    assert!(pictures.fetching(Time(9)).await.expect("read").is_empty(), "not before it came");
    assert_eq!(pictures.fetching(Time(10)).await.expect("read"), [district]);
    let mut first = pictures.to_fetch(district, Time(10), Time(50), 9).await.expect("claimed");
    first.sort_by_key(|row| row.number);
    assert_eq!(
        first.iter().map(|row| (row.number, row.tries, row.link.as_str())).collect::<Vec<_>>(),
        [(0, 1, "https://m/0"), (1, 1, "https://m/1")]
    );
    assert!(pictures.to_fetch(district, Time(49), Time(90), 9).await.expect("read").is_empty(), "somebody has them");
    // A worker that slept: another took it over.
    let again = pictures.to_fetch(district, Time(50), Time(90), 9).await.expect("taken over");
    assert_eq!(again.len(), 2);
    let bytes = b"\xff\xd8\xff\0picture".to_vec();
    let here = || Tried::Here { kind: MediaKind::Jpeg, bytes: bytes.clone() };
    assert!(!pictures.tried(district, &first[0], &here(), None).await.expect("asked"), "its try is over");
    let second = again.iter().find(|row| row.number == 0).expect("the first picture");
    assert!(pictures.tried(district, second, &here(), None).await.expect("settled"));
    assert!(!pictures.tried(district, second, &here(), None).await.expect("asked"), "once");
    let other = again.iter().find(|row| row.number == 1).expect("the second picture");
    assert!(pictures.tried(district, other, &Tried::GivenUp("it is too large".into()), None).await.expect("settled"));
    let listed = pictures.attached(district, &[IncomingId(77_001)]).await.expect("read");
    let told: Vec<_> = listed.iter().map(|one| (one.number, one.kind, one.size, one.reason.as_str())).collect();
    assert_eq!(told, [(0, Some(MediaKind::Jpeg), bytes.len() as i64, ""), (1, None, 0, "it is too large")]);
    assert_eq!(pictures.bytes(district, IncomingId(77_001), 0).await.expect("read"), Some((MediaKind::Jpeg, bytes)));
    assert_eq!(pictures.bytes(district, IncomingId(77_001), 1).await.expect("read"), None);
    assert_eq!(pictures.bytes(DistrictId(district.0 + 1), IncomingId(77_001), 0).await.expect("read"), None, "another district's");
    pictures.fetch_again(district, IncomingId(77_001), 0, Time(60)).await.expect("nothing: it is here");
    pictures.fetch_again(district, IncomingId(77_001), 1, Time(60)).await.expect("once more");
    let once_more = pictures.to_fetch(district, Time(60), Time(90), 9).await.expect("claimed");
    assert_eq!(once_more.iter().map(|row| (row.number, row.tries)).collect::<Vec<_>>(), [(1, 1)]);
    assert!(!pictures.stands_in(district, IncomingId(77_001), ThreadId(1)).await.expect("read"));
}
