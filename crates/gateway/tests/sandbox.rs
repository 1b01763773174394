//! The sandbox's faults on the wire, as a carrier's customer sees them.

use axum::extract::State;
use serde_json::json;
use std::sync::{Arc, Mutex};

async fn heard(State(bodies): State<Arc<Mutex<Vec<String>>>>, body: String) -> &'static str {
    let text = form_urlencoded::parse(body.as_bytes()).find(|(name, _)| name == "Body").map(|(_, value)| value.into_owned());
    bodies.lock().expect("one at a time").extend(text);
    "<Response/>"
}

#[tokio::test]
async fn texts_of_a_phone_come_in_another_order_where_it_is_told_so() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().expect("a folder");
    let bodies: Arc<Mutex<Vec<String>>> = Arc::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let webhook = format!("http://{}/hook", listener.local_addr().expect("an address"));
    let router = axum::Router::new().route("/hook", axum::routing::post(heard)).with_state(bodies.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let settings = sandbox::Settings {
        account: "AC1".into(),
        token: "a token of the test".into(),
        webhook: Some(webhook),
        folder: folder.path().to_owned(),
        now: Arc::new(|| 1),
    };
    let running = sandbox::start("127.0.0.1:0".parse().expect("an address"), settings).await.expect("it starts");
    let client = reqwest::Client::builder().build().expect("a client");
    let control = async |what: &str, value: serde_json::Value| {
        let request = client.post(format!("http://{}/control/{what}", running.http)).header("content-type", "application/json");
        let answer = request.body(value.to_string()).send().await.expect("an answer");
        assert!(answer.status().is_success(), "{what}: {}", answer.status());
    };
    let writes = async |words: &str| {
        control("text", json!({ "phone": "+12035550101", "number": "+12035550190", "body": words, "meant_for": "" })).await;
    };
    writes("one").await;
    control("fault", json!({ "number": "+12035550101", "faults": { "reorder": true } })).await;
    writes("two").await;
    writes("three").await;
    assert_eq!(*bodies.lock().expect("one at a time"), ["one", "three", "two"]);
}
