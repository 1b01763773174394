//! A company's own library as a judge: calls go to a script of `tests/peers`, one JSON line each, and it says of each whether the
//! library takes it for genuine. The interpreter is named by an environment variable; without it, nothing is judged.

use base64::Engine;
use domain::wire::WireCall;
use std::io::Write;
use std::process::{Command, Stdio};

/// `{"method", "url", "body" (base64), "headers"}` a line in, `true` or `false` a line out.
pub(crate) fn verdicts<'a>(interpreter: &str, script: &str, told: &str, calls: impl Iterator<Item = &'a WireCall>) -> Vec<bool> {
    let lines: String = calls
        .map(|call| {
            let body = base64::engine::general_purpose::STANDARD.encode(&call.body);
            let headers: serde_json::Map<String, serde_json::Value> =
                call.headers.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect();
            serde_json::json!({ "method": call.method, "url": call.url, "body": body, "headers": headers }).to_string() + "\n"
        })
        .collect();
    let program = std::env::var(interpreter).unwrap_or_else(|_| panic!("{interpreter} names no interpreter"));
    let script = format!("{}/../../tests/peers/{script}", env!("CARGO_MANIFEST_DIR"));
    let mut child = Command::new(program).args([&script, told]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let writer = std::thread::spawn(move || stdin.write_all(lines.as_bytes()).expect("it reads"));
    let output = child.wait_with_output().expect("it ends");
    writer.join().expect("all was written");
    assert!(output.status.success(), "{script} failed");
    String::from_utf8_lossy(&output.stdout).lines().map(|line| line == "true").collect()
}
