//! Bearerbox, smsbox and fakesmsc on free ports, with the configuration of docs/providers/kannel.md; ended by their process
//! ids. Knows nothing of what is sent.

use super::air::{self, Phone};
use crate::house::{Process, client, until};
use anyhow::{Context, bail, ensure};
use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

const PASSWORD: &str = "9c1f4be05d7a4a7e8f1d3b60c2a5e794";
const HOOK_SECRET: &str = "27d0a6c84e5b4f0f9a3c1e8b7d6f5a42";
/// How long a program may take to begin.
const PATIENCE: Duration = Duration::from_secs(15);

/// A folder that goes with whoever holds it.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        // In the temporary folder: whoever cleans that up finds it.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Where bearerbox keeps what is on its way.
#[derive(Clone, Copy)]
pub(crate) enum Store {
    /// As docs/providers/kannel.md says: a file each, receipts too; nothing is lost with the process.
    Spool,
    /// All in one file, receipts that are waited for in memory: the fastest that keeps texts.
    File,
}

/// See the module. Programs stop before their folder goes.
pub(crate) struct Gateway {
    programs: Vec<Process>,
    admin: u16,
    boxes: u16,
    center: u16,
    sendsms: u16,
    fakes: AtomicU32,
    folder: Folder,
}

/// One fakesmsc.
pub(crate) struct Fake {
    _process: Process,
    log: PathBuf,
}

impl Fake {
    fn log(&self) -> anyhow::Result<String> {
        std::fs::read_to_string(&self.log).context("fakesmsc's log")
    }

    /// What phones got through it so far from a number of ours.
    pub(crate) fn heard(&self, from: &str) -> anyhow::Result<HashMap<String, Phone>> {
        air::heard(&self.log()?, from)
    }

    /// How many texts it sent.
    pub(crate) fn sent(&self) -> anyhow::Result<usize> {
        Ok(self.log()?.matches("fakesmsc: sent message").count())
    }
}

impl Gateway {
    /// Ports and secrets; nothing runs yet.
    pub(crate) fn prepare() -> anyhow::Result<Gateway> {
        let folder = Folder(std::env::temp_dir().join(format!("homeword-kannel-{}", std::process::id())));
        std::fs::create_dir_all(folder.0.join("dlr"))?;
        std::fs::create_dir_all(folder.0.join("store"))?;
        std::fs::write(folder.0.join("password"), PASSWORD)?;
        std::fs::write(folder.0.join("hook"), HOOK_SECRET)?;
        // Held together, so that no two are the same.
        let held = (0..4).map(|_| std::net::TcpListener::bind("127.0.0.1:0")).collect::<Result<Vec<_>, _>>()?;
        let ports = held.iter().map(|listener| Ok(listener.local_addr()?.port())).collect::<anyhow::Result<Vec<_>>>()?;
        let [admin, boxes, center, sendsms] = ports[..] else { bail!("four ports") };
        Ok(Gateway { programs: vec![], admin, boxes, center, sendsms, fakes: AtomicU32::new(0), folder })
    }

    /// Homeword's account with it.
    pub(crate) fn account(&self) -> String {
        let folder = self.folder.0.display();
        format!(
            "[sms.accounts.kannel]\nkind = \"kannel\"\nbase_url = \"http://127.0.0.1:{}\"\nusername = \"homeword\"\n\
             password = \"file:{folder}/password\"\nhook_secret = \"file:{folder}/hook\"\n",
            self.sendsms
        )
    }

    /// Starts bearerbox and smsbox; back when both take calls.
    pub(crate) async fn start(&mut self, site: &str, store: Store) -> anyhow::Result<()> {
        std::fs::write(self.path("kannel.conf"), self.configuration(site, store))?;
        for (name, port) in [("bearerbox", self.boxes), ("smsbox", self.sendsms)] {
            let conf = self.path("kannel.conf");
            let mut process = begin(Path::new("/usr/sbin").join(name).as_path(), &[&conf], &self.path(&format!("{name}.out")))?;
            let listens = until(&format!("{name} listens"), PATIENCE, async || {
                ensure!(process.child.try_wait()?.is_none(), "it ended by itself");
                Ok(tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok())
            })
            .await;
            if let Err(fault) = listens {
                let said = std::fs::read_to_string(self.path(&format!("{name}.out"))).unwrap_or_default();
                bail!("{name} does not start: {fault:#}\n{said}");
            }
            self.programs.push(process);
        }
        Ok(())
    }

    /// Connects a fakesmsc; bearerbox talks to one at a time, and to the next when that one is gone.
    pub(crate) fn fake(&self, arguments: &[impl AsRef<OsStr>]) -> anyhow::Result<Fake> {
        let log = self.path(&format!("fakesmsc-{}.log", self.fakes.fetch_add(1, Ordering::Relaxed)));
        let port = self.center.to_string();
        let mut all: Vec<&OsStr> = vec!["-H".as_ref(), "127.0.0.1".as_ref(), "-r".as_ref(), port.as_ref()];
        all.extend(arguments.iter().map(AsRef::as_ref));
        Ok(Fake { _process: begin(Path::new("/usr/lib/kannel/test/fakesmsc"), &all, &log)?, log })
    }

    /// Waits until bearerbox's status page says so.
    pub(crate) async fn reads(&self, words: &str) -> anyhow::Result<()> {
        let (client, mut page) = (client()?, String::new());
        let url = format!("http://127.0.0.1:{}/status.txt?password={PASSWORD}", self.admin);
        let waited = until(words, PATIENCE, async || {
            page = client.get(&url).send().await?.text().await?;
            Ok(page.contains(words))
        })
        .await;
        waited.with_context(|| format!("bearerbox's status: {page}"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.0.join(name)
    }

    /// Where smsbox takes texts.
    pub(crate) fn submits_at(&self) -> u16 {
        self.sendsms
    }

    /// A whole request for a text whose receipt goes to `told`.
    pub(crate) fn submit(&self, index: u32, told: &str) -> Vec<u8> {
        let (phone, text) = (format!("+1475{:07}", 2_000_000 + index), "x".repeat(110));
        let fields = [("username", "homeword"), ("password", PASSWORD), ("from", "+12035550100"), ("to", &phone)];
        let receipt = [("text", text.as_str()), ("dlr-mask", "3"), ("dlr-url", told)];
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).extend_pairs(receipt).finish();
        format!("GET /cgi-bin/sendsms?{query} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n").into_bytes()
    }

    fn configuration(&self, site: &str, store: Store) -> String {
        let Gateway { admin, boxes, center, sendsms, .. } = self;
        let folder = self.folder.0.display();
        let store = match store {
            Store::Spool => {
                format!("dlr-storage = spool\ndlr-spool = \"{folder}/dlr\"\nstore-type = spool\nstore-location = \"{folder}/store\"")
            }
            Store::File => format!("dlr-storage = internal\nstore-type = file\nstore-location = \"{folder}/store/texts\""),
        };
        format!(
            r#"group = core
admin-port = {admin}
admin-password = {PASSWORD}
admin-deny-ip = "*.*.*.*"
admin-allow-ip = "127.0.0.1"
smsbox-port = {boxes}
box-deny-ip = "*.*.*.*"
box-allow-ip = "127.0.0.1"
{store}
log-file = "{folder}/bearerbox.log"
log-level = 3

group = smsc
smsc = fake
smsc-id = school
port = {center}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
sendsms-interface = 127.0.0.1
log-file = "{folder}/smsbox.log"
log-level = 3
http-request-retry = 360
http-queue-delay = 10

group = sendsms-user
username = homeword
password = {PASSWORD}
user-deny-ip = "*.*.*.*"
user-allow-ip = "127.0.0.1"
max-messages = 10
concatenation = true

group = sms-service
keyword = default
catch-all = true
max-messages = 0
omit-empty = true
get-url = "{site}/hooks/sms/kannel?key={HOOK_SECRET}&from=%p&to=%P&text=%b&charset=%C&coding=%c&udh=%u&time=%T&id=%I"
"#
        )
    }
}

/// Starts a program whose words go to a file.
fn begin(program: &Path, arguments: &[impl AsRef<OsStr>], log: &Path) -> anyhow::Result<Process> {
    let file = std::fs::File::create(log)?;
    let mut line = Command::new(program);
    line.args(arguments).stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
    let child =
        line.spawn().with_context(|| format!("starting {}: are Debian's kannel and kannel-extras installed?", program.display()))?;
    Ok(Process { child })
}
