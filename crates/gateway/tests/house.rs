//! The house from outside: the story as one command plays it, and bad input that must lose nothing.

use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const BINARY: &str = env!("CARGO_BIN_EXE_homeword");

#[test]
fn the_story_is_told_and_nothing_is_misrouted() {
    let output = Command::new(BINARY).args(["demo", "--story", "--json"]).output().expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(text.trim().lines().count(), 1, "one JSON object alone: {text}");
    let told: Value = serde_json::from_str(&text).expect("JSON");
    let count = |path: &str| told.pointer(path).and_then(Value::as_i64).unwrap_or(-1);
    assert_eq!(count("/replies/misrouted"), 0, "{told}");
    for path in [
        "/replies/asked",
        "/replies/office",
        "/replies/routed",
        "/held",
        "/deliveries/sms/failed",
        "/deliveries/email/delivered",
        "/deliveries/email/failed",
    ] {
        assert!(count(path) >= 1, "{path}: {told}");
    }
    assert_eq!(count("/replies/routed") + count("/replies/asked") + count("/replies/office"), count("/replies/received"), "{told}");
}

/// A demo that runs until it is dropped.
struct Demo {
    child: Child,
    homeword: String,
    sandbox: String,
    token: String,
    letters: String,
}

impl Drop for Demo {
    fn drop(&mut self) {
        // Its two children end with it: asked to end, it drops them.
        let _ = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
    }
}

fn demo() -> Demo {
    let mut child = Command::new(BINARY).args(["demo", "--machine"]).stdout(Stdio::piped()).spawn().expect("the program runs");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("output")).read_line(&mut line).expect("a line");
    let told: Value = serde_json::from_str(&line).expect("JSON");
    let field = |name: &str| told[name].as_str().expect("an address").to_owned();
    Demo { child, homeword: field("homeword"), sandbox: field("sandbox"), token: field("token"), letters: field("letters") }
}

struct Caller {
    demo: Demo,
    client: reqwest::Client,
}

impl Caller {
    async fn hook(&self, fields: &[(&str, &str)], token: &str) -> u16 {
        let url = format!("{}/hooks/sms/twilio", self.demo.homeword);
        let owned: Vec<(String, String)> = fields.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&owned).finish();
        let request = self
            .client
            .post(&url)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("x-twilio-signature", sms::signature(token, &url, &owned));
        request.body(body).send().await.expect("an answer").status().as_u16()
    }

    async fn sign_in(&self, name: &str) -> String {
        let body = format!("name={}&password=homeword-demo", name.replace('@', "%40"));
        let request = self
            .client
            .post(format!("{}/sign-in", self.demo.homeword))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body);
        let answer = request.send().await.expect("an answer");
        answer.headers()["set-cookie"].to_str().expect("a cookie").split(';').next().expect("a cookie").to_owned()
    }

    async fn page(&self, cookie: &str, path: &str) -> (u16, String) {
        let answer = self.client.get(format!("{}{path}", self.demo.homeword)).header("cookie", cookie).send().await.expect("an answer");
        (answer.status().as_u16(), answer.text().await.expect("a page"))
    }

    async fn figures(&self, cookie: &str) -> Value {
        serde_json::from_str(&self.page(cookie, "/figures.json").await.1).expect("figures")
    }
}

async fn caller() -> Caller {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    Caller { demo: demo(), client }
}

#[tokio::test]
async fn bad_input_is_refused_or_kept_and_never_a_panic() {
    let caller = caller().await;
    let token = caller.demo.token.clone();
    let principal = caller.sign_in("principal@maple.example").await;
    let text = |sid: &'static str, from: &'static str, body: &'static str| {
        [("MessageSid", sid), ("From", from), ("To", "+12035550190"), ("Body", body), ("NumMedia", "0"), ("SmsStatus", "received")]
    };

    assert_eq!(caller.hook(&text("SM0", "+12035550101", "hola"), "wrong token").await, 403);
    let long = "largo ".repeat(17_000);
    let big = [("MessageSid", "SM5"), ("From", "+12035550106"), ("To", "+12035550190"), ("Body", long.as_str()), ("NumMedia", "0")];
    for fields in [
        &text("SM1", "+12035550101", "")[..],
        &text("SM2", "+12035550101", "👍👍"),
        &text("SM3", "+12035550199", "nul\0nul"),
        &text("SM4", "", "nobody"),
        &big,
    ] {
        assert_eq!(caller.hook(fields, &token).await, 200);
    }
    assert_eq!(caller.hook(&text("SM1", "+12035550101", ""), &token).await, 200, "a repeated webhook is acknowledged");
    let url = format!("{}/hooks/sms/twilio", caller.demo.homeword);
    let unsigned = caller
        .client
        .post(&url)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(vec![0xff, b'=', 0xfe])
        .send()
        .await
        .expect("an answer");
    assert_eq!(unsigned.status().as_u16(), 403);

    let begun = Instant::now();
    loop {
        let figures = caller.figures(&principal).await;
        if figures["received"].as_i64() == Some(5) {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "five were taken, {figures} were concluded");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    for path in ["/", "/by-hand", "/families", "/review", "/nonsense", "/thread/1", "/message/x", "/family/99"] {
        let (status, _) = caller.page(&principal, path).await;
        assert!(matches!(status, 200 | 404), "{path} answered {status}");
    }
    let (status, _) = caller.page(&caller.sign_in("rivera@maple.example").await, "/audit").await;
    assert_eq!(status, 404, "what is not hers answers like what is absent");
}

/// Hands a letter over by LMTP; what the last command said.
fn hand_over(address: &str, to: &str, raw: &[u8]) -> String {
    use std::io::Write;
    let mut stream = BufReader::new(std::net::TcpStream::connect(address).expect("the listener"));
    let mut say = |words: &[u8]| {
        stream.get_mut().write_all(words).expect("said");
        let mut line = String::new();
        while line.as_bytes().get(3) != Some(&b' ') {
            line.clear();
            stream.read_line(&mut line).expect("heard");
        }
        line
    };
    say(b"");
    for command in ["LHLO mx", "MAIL FROM:<someone@families.example>", &format!("RCPT TO:<{to}>"), "DATA"] {
        let answer = say(format!("{command}\r\n").as_bytes());
        if !matches!(answer.as_bytes()[0], b'2' | b'3') {
            return answer;
        }
    }
    say(&[raw, b"\r\n.\r\n"].concat())
}

#[tokio::test]
async fn letters_in_old_charsets_to_made_up_addresses_or_too_large_are_read_or_refused() {
    let caller = caller().await;
    let letters = caller.demo.letters.clone();
    let school = "school@mail.maple.example";
    let old = b"From: <someone@families.example>\r\nSubject: ?\r\nContent-Type: text/plain; charset=windows-1256\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\xe5\xe1 \xc7\xe1\xe3\xcf\xd1\xd3\xc9 \xe3\xdd\xca\xe6\xcd\xc9 \xdb\xcf\xc7\xbf";
    assert!(hand_over(&letters, school, old).starts_with("250"));
    assert!(hand_over(&letters, school, b"\xff\xfe\0 no letter at all").starts_with("250"));
    assert!(hand_over(&letters, "reply+made-up@mail.maple.example", old).starts_with("550"));
    assert!(hand_over(&letters, "someone@elsewhere.example", old).starts_with("550"));
    assert!(hand_over(&letters, school, &b"large \r\n".repeat(30 * 1024 * 1024 / 8)).starts_with("552"));
    let office = caller.sign_in("office@maple.example").await;
    let begun = Instant::now();
    loop {
        let (_, page) = caller.page(&office, "/by-hand").await;
        if page.contains("هل المدرسة مفتوحة غدا؟") && page.contains("no letter at all") {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "the office reads both letters");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// As a mail server starts it; the exit code it goes by.
fn delivered(config: &str, to: &str, raw: &[u8]) -> Option<i32> {
    delivered_from("someone@families.example", config, &[to], raw)
}

fn delivered_from(from: &str, config: &str, to: &[&str], raw: &[u8]) -> Option<i32> {
    use std::io::Write;
    let mut child = Command::new(BINARY)
        .args(["deliver", "--config", config, "--from", from])
        .args(to)
        .stdin(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("the program starts");
    child.stdin.take().expect("an input").write_all(raw).expect("said");
    child.wait().expect("it ends").code()
}

#[tokio::test]
async fn a_mail_server_without_lmtp_starts_a_program_for_each_letter() {
    let caller = caller().await;
    let folder = tempfile::tempdir().expect("a folder");
    let config = folder.path().join("homeword.toml");
    let config = config.to_str().expect("a path");
    std::fs::write(config, format!("[letters]\nlisten = \"{}\"\n", caller.demo.letters)).expect("written");
    let raw = "From someone@families.example Tue Mar 10 12:00:00 2026\nFrom: <someone@families.example>\nSubject: bus\n\nWhere does the bus stop?\n";
    assert_eq!(delivered(config, "school@mail.maple.example", raw.as_bytes()), Some(0));
    assert_eq!(delivered(config, "reply+made-up@mail.maple.example", raw.as_bytes()), Some(67));
    // A report's sender as Postfix names it, and two recipients of one letter.
    assert_eq!(delivered_from("MAILER-DAEMON", config, &["school@mail.maple.example"], raw.as_bytes()), Some(0));
    let both = ["school@mail.maple.example", "harbor@elsewhere.example"];
    assert_eq!(delivered_from("", config, &both, raw.as_bytes()), Some(67));
    let office = caller.sign_in("office@maple.example").await;
    let begun = Instant::now();
    while !caller.page(&office, "/by-hand").await.1.contains("Where does the bus stop?") {
        assert!(begun.elapsed() < Duration::from_secs(20), "the office reads it");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    std::fs::write(config, "[letters]\nlisten = \"127.0.0.1:1\"\n").expect("written");
    assert_eq!(delivered(config, "school@mail.maple.example", raw.as_bytes()), Some(75), "it comes again");
    std::fs::write(config, "[letters]\nlisten = \"nowhere\"\n").expect("written");
    assert_eq!(delivered(config, "school@mail.maple.example", raw.as_bytes()), Some(75), "a wrong setting loses no letter");
}

#[tokio::test]
async fn two_submits_of_one_form_are_one_message_and_a_stale_token_sends_nothing() {
    let caller = caller().await;
    let rivera = caller.sign_in("rivera@maple.example").await;
    let (_, form) = caller.page(&rivera, "/compose").await;
    let hidden = |name: &str| {
        form.split(&format!("name=\"{name}\" value=\"")).nth(1).and_then(|rest| rest.split('"').next()).expect("a field").to_owned()
    };
    let class = form.split("<option value=\"class:").nth(1).and_then(|rest| rest.split('"').next()).expect("a class").to_owned();
    let send = |token: String| {
        let fields = [
            ("token", token),
            ("id", hidden("id")),
            ("audience", format!("class:{class}")),
            ("text", "Once only".into()),
            ("answers", "open".into()),
            ("weight", "routine".into()),
            ("action", "send".into()),
        ];
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        caller
            .client
            .post(format!("{}/compose", caller.demo.homeword))
            .header("cookie", &rivera)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body)
            .send()
    };
    assert_eq!(send("stale".into()).await.expect("an answer").status().as_u16(), 403);
    for _ in 0..2 {
        assert_eq!(send(hidden("token")).await.expect("an answer").status().as_u16(), 303);
    }
    let (_, sent) = caller.page(&rivera, "/sent").await;
    assert_eq!(sent.matches("Once only").count(), 1);
    let (status, _) = caller.page("homeword=nobody", "/sent").await;
    assert_eq!(status, 303, "without a session there is only the sign-in page");
    assert!(caller.demo.sandbox.starts_with("http://127.0.0.1"));
}

/// Runs the program; (whether it succeeded, what it said on both outputs).
fn run(arguments: &[&str]) -> (bool, String) {
    let output = Command::new(BINARY).args(arguments).output().expect("the program runs");
    (output.status.success(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

#[test]
fn a_roster_is_taken_in_told_row_by_row_and_not_taken_away_by_mistake() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| folder.path().join(name).display().to_string();
    for (name, text) in [("secret", "0123456789abcdef0123"), ("password", "a long enough password")] {
        std::fs::write(file(name), text).expect("written");
    }
    let config = format!("database = \"sqlite:{}\"\n[letters]\nsecret = \"file:{}\"\n", file("homeword.db"), file("secret"));
    std::fs::write(file("homeword.toml"), config).expect("written");
    let config = file("homeword.toml");
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/examples/two-schools");
    let (good, told) = run(&["import", sample, "--config", &config]);
    assert!(!good && told.contains("homeword setup"), "{told}");
    let (good, told) =
        run(&["setup", "--config", &config, "--district", "D", "--email", "admin@d.example", "--password-file", &file("password")]);
    assert!(good, "{told}");

    let (good, told) = run(&["import", sample, "--config", &config, "--dry-run"]);
    assert!(good && told.contains("student     60 new") && told.contains("dry run"), "{told}");
    let (good, told) = run(&["import", sample, "--config", &config]);
    assert!(good && told.contains("guardian    90 new") && told.contains("read from the column \"metadata.homelanguage\""), "{told}");
    assert!(told.contains("users.csv:") && told.contains("does not know this language"), "{told}");
    assert!(!told.contains("Ixcoy") && !told.contains("555"), "no person in a report");
    let (good, told) = run(&["import", sample, "--config", &config]);
    assert!(good && told.contains("student     0 new, 0 changed, 0 gone, 60 as before"), "a second import is a delta: {told}");

    let invite = ["staff", "invite", "osei@d.example", "--title", "Mr Osei", "--role", "teacher", "--school", "Maple Street School"];
    let (good, told) = run(&[&invite[..], &["--config", &config]].concat());
    assert!(good && told.contains("/invitation/"), "{told}");
    let (good, told) = run(&["staff", "invite", "x@d.example", "--title", "X", "--role", "teecher", "--config", &config]);
    assert!(!good && told.contains("there is no role \"teecher\""), "{told}");
    let (good, told) = run(&["staff", "disable", "osei@d.example", "--config", &config]);
    assert!(good && told.contains("Mr Osei may not sign in any more"), "{told}");

    let short = folder.path().join("short");
    std::fs::create_dir(&short).expect("a folder");
    for name in ["orgs.csv", "classes.csv", "enrollments.csv"] {
        std::fs::copy(format!("{sample}/{name}"), short.join(name)).expect("copied");
    }
    let users = std::fs::read_to_string(format!("{sample}/users.csv")).expect("read");
    let half: Vec<&str> = users.lines().take(80).collect();
    std::fs::write(short.join("users.csv"), half.join("\r\n")).expect("written");
    let (good, told) = run(&["import", &short.display().to_string(), "--config", &config]);
    assert!(!good && told.contains("the roster would take away"), "{told}");
    let (good, told) = run(&["import", sample, "--config", &config, "--dry-run"]);
    assert!(good && told.contains("student     0 new, 0 changed, 0 gone, 60 as before"), "nothing was half taken in: {told}");
}
