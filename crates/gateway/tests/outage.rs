//! A process whose files may not grow (as on a full disk), killed without warning: what it acknowledged is all there afterwards.

#[path = "common/whole.rs"]
mod whole;

use domain::Time;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const BINARY: &str = env!("CARGO_BIN_EXE_homeword");
const TOKEN: &str = "a token of the test";
const PHONE: &str = "+12035550101";
const WORDS: &str = "Mi hija no puede ir hoy. ";

struct Place {
    folder: tempfile::TempDir,
    listen: String,
}

impl Place {
    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A district with the sample's people and an administrator.
    fn prepare() -> Place {
        let folder = tempfile::tempdir().expect("a folder");
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
        let place = Place { folder, listen: free.to_string() };
        for (name, text) in [("token", TOKEN), ("secret", "0123456789abcdef0123"), ("password", "a long enough password")] {
            std::fs::write(place.file(name), text).expect("written");
        }
        let file = |name: &str| place.file(name).display().to_string();
        let config = format!(
            "listen = \"{0}\"\npublic_url = \"http://{0}\"\ndatabase = \"sqlite:{1}\"\n[sms.accounts.twilio]\nkind = \"twilio\"\nbase_url = \"http://127.0.0.1:9\"\naccount = \"AC1\"\nauth_token = \"file:{2}\"\n[letters]\nsecret = \"file:{3}\"\n[translation]\napertium = \"\"\n[spool]\nfolder = \"{4}\"\n",
            place.listen,
            file("homeword.db"),
            file("token"),
            file("secret"),
            file("spool")
        );
        std::fs::write(place.file("homeword.toml"), config).expect("written");
        let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/examples/two-schools");
        place.run(&["setup", "--district", "D", "--email", "admin@d.example", "--password-file", &file("password")]);
        place.run(&["import", sample]);
        place
    }

    fn run(&self, arguments: &[&str]) {
        let output =
            Command::new(BINARY).args(arguments).arg("--config").arg(self.file("homeword.toml")).output().expect("the program runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// How many texts the database has, concluded or not.
    async fn stored(&self) -> i64 {
        let opened = store::open(&format!("sqlite:{}", self.file("homeword.db").display())).await.expect("the database");
        let district = opened.directory.districts().await.expect("read")[0].id;
        let concluded = opened.views.inbound_figures(district).await.expect("read");
        let waiting = opened.inbound.waiting(district, Time::NEVER, Time::NEVER, 5_000).await.expect("read");
        concluded.received + concluded.handled + waiting.len() as i64
    }

    /// The program, its files at most so many kilobytes; `None` for any size.
    fn serve(&self, kilobytes: Option<u32>) -> Serving {
        // Without the trap the kernel ends a process that writes past the limit; with it the write fails, as on a full disk.
        let limit = kilobytes.map_or(String::new(), |most| format!("trap '' XFSZ; ulimit -f {}; ", most * 2));
        let mut child = Command::new("sh")
            .args(["-c", &format!("{limit}exec \"$0\" serve --config \"$1\""), BINARY])
            .arg(self.file("homeword.toml"))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let mut errors = child.stderr.take().expect("errors");
        let log = std::thread::spawn(move || {
            let mut text = String::new();
            let _ = errors.read_to_string(&mut text);
            text
        });
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("output")).read_line(&mut line).expect("a line");
        assert!(line.contains("listening"), "{line:?}");
        Serving { child, log: Some(log), url: format!("http://{}", self.listen), client: client() }
    }
}

fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client")
}

/// The program as it runs; killed without warning.
struct Serving {
    child: Child,
    log: Option<std::thread::JoinHandle<String>>,
    url: String,
    client: reqwest::Client,
}

impl Serving {
    async fn post(&self, path: &str, headers: &[(&str, &str)], fields: &[(&str, &str)]) -> reqwest::Response {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let mut request =
            self.client.post(format!("{}{path}", self.url)).header("content-type", "application/x-www-form-urlencoded").body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.expect("an answer")
    }

    async fn text(&self, sid: &str) -> u16 {
        let words = WORDS.repeat(40);
        let fields = [("MessageSid", sid), ("From", PHONE), ("To", "+12035550190"), ("Body", words.as_str()), ("NumMedia", "0")];
        let owned: Vec<(String, String)> = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let signature = sms::signature(TOKEN, &format!("{}/hooks/sms/twilio", self.url), &owned);
        self.post("/hooks/sms/twilio", &[("x-twilio-signature", &signature)], &fields).await.status().as_u16()
    }

    async fn sign_in(&self) -> String {
        let answer = self.post("/sign-in", &[], &[("name", "admin@d.example"), ("password", "a long enough password")]).await;
        answer.headers()["set-cookie"].to_str().expect("a cookie").split(';').next().expect("a cookie").to_owned()
    }

    async fn page(&self, cookie: &str, path: &str) -> String {
        let request = self.client.get(format!("{}{path}", self.url)).header("cookie", cookie);
        request.send().await.expect("an answer").text().await.expect("a page")
    }

    /// Gives the first school the office's number.
    async fn add_number(&self) {
        let cookie = self.sign_in().await;
        let page = self.page(&cookie, "/numbers").await;
        let between = |before: &str| page.split(before).nth(1).and_then(|rest| rest.split('"').next()).expect("a value").to_owned();
        let (token, school) = (between("name=\"token\" value=\""), between("<option value=\""));
        let fields = [("token", token.as_str()), ("school", &school), ("address", "+12035550190"), ("use", "office")];
        assert_eq!(self.post("/numbers", &[("cookie", &cookie)], &fields).await.status().as_u16(), 303);
    }

    /// Ends it in the middle of whatever it does; what it logged.
    fn kill(mut self) -> String {
        self.child.kill().expect("killed");
        self.child.wait().expect("ended");
        self.log.take().expect("a log").join().expect("read")
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn what_was_acknowledged_on_a_full_disk_and_before_a_kill_is_all_there_and_only_once() {
    let place = Place::prepare();
    let serving = place.serve(None);
    serving.add_number().await;
    serving.kill();
    // Without a log beside it, the next process has all of the limit before it.
    whole::whole(&place.file("homeword.db")).await;

    let serving = place.serve(Some(160));
    let mut acknowledged = 0;
    let refused = loop {
        let status = serving.text(&format!("SM{acknowledged}")).await;
        if status != 200 || acknowledged > 2_000 {
            break status;
        }
        acknowledged += 1;
    };
    assert_eq!(refused, 503, "where neither takes it, nobody is told that it was taken");
    let spooled = place.file("spool/waiting.spool").metadata().expect("the spool").len();
    assert!(spooled > 100_000 && acknowledged > 100, "{spooled} bytes in the spool, {acknowledged} acknowledged");
    let log = serving.kill();
    assert!(!log.contains("Mi hija") && !log.contains(&PHONE[1..]), "nobody's words or number in a log: {log}");

    let serving = place.serve(None);
    let begun = Instant::now();
    while place.file("spool/waiting.spool").metadata().expect("the spool").len() > 0 {
        assert!(begun.elapsed() < Duration::from_secs(30), "the spool is taken in at the start");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(serving.text("SM0").await, 200, "a company that comes again");
    let log = serving.kill();
    assert!(!log.contains("Mi hija") && !log.contains(&PHONE[1..]), "{log}");
    assert_eq!(place.file("spool/aside.spool").metadata().expect("there").len(), 0, "nothing was set aside");
    assert_eq!(place.stored().await, acknowledged, "every one that was acknowledged, once");
}
