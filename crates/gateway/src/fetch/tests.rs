//! Companies of the test on this machine, and links that must lead nowhere.

use super::*;
use axum::Router;
use axum::http::HeaderMap;
use axum::response::Redirect;
use axum::routing::get;
use std::sync::Mutex;

fn fetcher(this_machine: bool, company: Option<&str>) -> Fetcher {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let companies = company.map(|base| {
        let company = sms::Twilio::new(sms::TwilioSettings {
            base_url: base.to_owned(),
            account: "AC1".into(),
            tokens: vec!["a token of the test".into()],
            status_callback: String::new(),
            messaging_service: None,
            outcome: sms::Outcome::Blind,
            slowest: Duration::from_secs(35),
        });
        ("twilio".to_owned(), Arc::new(company) as Arc<dyn SmsProvider>)
    });
    Fetcher::new(companies.into_iter().collect(), &Pictures { megabytes: 1, this_machine }).expect("a client")
}

/// Serves on this machine; gives its address.
async fn serves(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    base
}

#[test]
fn only_the_public_internet_is_asked() {
    let refused = "0.0.0.0 10.1.2.3 100.64.0.1 100.127.255.255 127.0.0.1 127.9.9.9 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8 \
        192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.7 203.0.113.9 224.0.0.1 240.0.0.1 255.255.255.255 \
        :: ::1 ::ffff:10.0.0.1 ::ffff:127.0.0.1 ::ffff:169.254.169.254 ::10.0.0.1 64:ff9b::a00:1 64:ff9b:1::1 100::1 2001::1 2001:db8::1 \
        2002:a00:1:: 3fff::1 fc00::1 fd00:ec2::254 fe80::1 fec0::1 ff02::1";
    for text in refused.split_whitespace() {
        assert!(!public(text.parse().expect(text)), "{text}");
    }
    for text in
        ["8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
    {
        assert!(public(text.parse().expect(text)), "{text}");
    }
}

#[test]
fn a_link_is_judged_before_anything_is_looked_up() {
    let good = |link: &str, this_machine| may_be_asked(&Url::parse(link).expect(link), this_machine).is_ok();
    assert!(good("https://media.example/1", false) && good("https://8.8.8.8/1", false));
    for link in [
        "http://media.example/1",
        "ftp://media.example/1",
        "file:///etc/passwd",
        "https://user:word@media.example/1",
        "https://127.0.0.1/1",
        "https://2130706433/1",
        "https://0x7f.1/1",
        "https://[::1]/1",
        "https://[::ffff:10.0.0.1]/1",
        "https://169.254.169.254/latest/meta-data",
    ] {
        assert!(!good(link, false), "{link}");
    }
    assert!(good("http://127.0.0.1:8080/1", true) && !good("http://media.example/1", true) && !good("https://10.0.0.1/1", true));
}

#[tokio::test]
async fn a_name_is_judged_by_what_it_comes_to_when_it_is_connected() {
    let base = serves(Router::new().route("/1", get(|| async { "a picture" }))).await;
    let port = base.rsplit(':').next().expect("a port");
    let named = fetcher(false, None).fetch("", &format!("https://localhost:{port}/1")).await;
    assert_eq!(named, Err(NotFetched::Never("the company's link leads into a private network")));
    assert!(matches!(fetcher(false, None).fetch("", &format!("{base}/1")).await, Err(NotFetched::Never(_))));
    assert_eq!(fetcher(true, None).fetch("", &format!("{base}/1")).await, Ok(b"a picture".to_vec()));
}

#[tokio::test]
async fn redirects_are_judged_one_by_one_and_secrets_stay_with_the_company() {
    let shown: Arc<Mutex<Vec<bool>>> = Arc::default();
    let seen = shown.clone();
    let storage = Router::new().route(
        "/1",
        get(move |headers: HeaderMap| async move {
            seen.lock().expect("one at a time").push(headers.contains_key("authorization"));
            "a picture"
        }),
    );
    let storage = serves(storage).await;
    let (to, seen) = (format!("{storage}/1"), shown.clone());
    let company = Router::new()
        .route(
            "/m",
            get(move |headers: HeaderMap| async move {
                seen.lock().expect("one at a time").push(headers.contains_key("authorization"));
                Redirect::temporary(&to)
            }),
        )
        .route("/inside", get(|| async { Redirect::temporary("http://10.0.0.1/secret") }))
        .route("/meta", get(|| async { Redirect::temporary("https://169.254.169.254/latest") }))
        .route("/round", get(|| async { Redirect::temporary("/round") }));
    let company = serves(company).await;
    let fetcher = fetcher(true, Some(&company));
    assert_eq!(fetcher.fetch("twilio", &format!("{company}/m")).await, Ok(b"a picture".to_vec()));
    assert_eq!(*shown.lock().expect("one at a time"), [true, false], "the company's storage is somebody else's");
    for path in ["/inside", "/meta", "/round"] {
        assert!(matches!(fetcher.fetch("twilio", &format!("{company}{path}")).await, Err(NotFetched::Never(_))), "{path}");
    }
}

/// A company that says no length and does not end.
async fn endless() -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let link = format!("http://{}/endless", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a call");
        let mut asked = Vec::new();
        while !asked.ends_with(b"\r\n\r\n") {
            asked.push(stream.read_u8().await.expect("a request"));
        }
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await;
        while stream.write_all(format!("400\r\n{}\r\n", "x".repeat(1024)).as_bytes()).await.is_ok() {}
    });
    link
}

#[tokio::test]
async fn what_is_too_large_is_not_read_to_its_end_and_what_is_not_there_yet_is_asked_for_again() {
    let router = Router::new().route("/long", get(|| async { vec![0_u8; 1024 * 1024 + 1] })).route("/empty", get(|| async { "" }));
    let base = serves(router).await;
    let fetcher = fetcher(true, None);
    for link in [format!("{base}/long"), endless().await] {
        assert_eq!(fetcher.fetch("", &link).await, Err(NotFetched::Never("it is too large")), "{link}");
    }
    for path in ["empty", "nowhere"] {
        assert!(matches!(fetcher.fetch("", &format!("{base}/{path}")).await, Err(NotFetched::Later(_))), "{path}");
    }
}
