//! Real parts: what they need is installed here, idempotent, as root or through sudo.

use crate::{program, run};
use anyhow::Context;
use std::path::Path;
use std::process::{Child, Command, Stdio};

const DEBIAN: &[&str] = &[
    "postgresql",
    "nats-server",
    "apertium",
    "apertium-eng-spa",
    "postfix",
    "swaks",
    "libnet-ssleay-perl",
    "dovecot-core",
    "dovecot-imapd",
    "dovecot-lmtpd",
    "procps",
    "chromium",
    "kannel",
    "kannel-extras",
    "fonts-noto-core",
    "python3-venv",
];
const FOLDER: &str = "target/peers";

/// PyPI's: companies' SDKs (Telnyx's checks nothing without PyNaCl); readers of what goes over the air (the second says `bitstring`
/// without its version, and breaks with 5).
const PYTHON: &[&str] = &[
    "twilio==9.13.0",
    "telnyx==4.189.0",
    "pynacl==1.6.2",
    "vonage-http-client==1.5.2",
    "plivo==4.63.0",
    "gsmcodecs==1.0.0",
    "smspdudecoder==2.2.0",
    "bitstring==4.3.1",
    "dkimpy==1.1.8",
    "dnslib==0.9.26",
    "aiosmtpd==1.4.6",
    "cryptography==50.0.2",
];
/// npm's: a browser's hand and its eye for faults; two that count segments; a message center; a company's SDK; a mail server and a client. Each with the folder that tells whether it is there.
const NODE: &[(&str, &str)] = &[
    ("playwright-core", "playwright-core"),
    ("axe-core", "axe-core"),
    ("sms-segments-calculator@1.3.0", "sms-segments-calculator"),
    ("split-sms@0.1.7", "split-sms"),
    ("smpp@0.5.1", "smpp"),
    ("@vonage/sms@1.21.0", "@vonage/sms"),
    ("@vonage/auth@1.15.0", "@vonage/auth"),
    ("smtp-server@3.21.6", "smtp-server"),
    ("nodemailer@10.6.0", "nodemailer"),
];

/// Installs what is missing of Debian's packages, PyPI's and npm's.
pub(crate) fn install() -> anyhow::Result<()> {
    let missing: Vec<&str> = DEBIAN.iter().copied().filter(|package| !installed(package)).collect();
    if !missing.is_empty() {
        let root = crate::postgres::root();
        let apt = || {
            let mut command = if root { Command::new("apt-get") } else { Command::new("sudo") };
            if !root {
                command.arg("apt-get");
            }
            command.env("DEBIAN_FRONTEND", "noninteractive").arg("-qq");
            command
        };
        run(apt().arg("update"))?;
        run(apt().args(["install", "--yes", "--no-install-recommends"]).args(&missing))?;
    }
    packages()
}

/// Installs what is missing of PyPI's packages and npm's.
fn packages() -> anyhow::Result<()> {
    std::fs::create_dir_all(FOLDER)?;
    let venv = format!("{FOLDER}/python");
    if !Path::new(&format!("{venv}/bin/python")).exists() {
        run(Command::new("python3").args(["-m", "venv", &venv]))?;
    }
    run(Command::new(format!("{venv}/bin/python")).args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(PYTHON))?;
    let node = format!("{FOLDER}/node");
    std::fs::create_dir_all(&node)?;
    if NODE.iter().any(|(_, folder)| !Path::new(&format!("{node}/node_modules/{folder}")).exists()) {
        let packages = NODE.iter().map(|(package, _)| *package);
        run(Command::new("npm").args(["install", "--silent", "--no-audit", "--no-fund", "--prefix", &node]).args(packages))?;
    }
    Ok(())
}

fn installed(package: &str) -> bool {
    Command::new("dpkg").args(["-s", package]).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// A demo for a peer; ended by its process id.
struct Demo {
    child: Child,
    told: String,
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
    }
}

fn demo() -> anyhow::Result<Demo> {
    use std::io::{BufRead, BufReader};
    program()?;
    let mut child =
        Command::new("target/debug/homeword").args(["demo", "--machine"]).stdout(Stdio::piped()).spawn().context("starting the demo")?;
    let mut told = String::new();
    BufReader::new(child.stdout.take().context("output")?).read_line(&mut told)?;
    Ok(Demo { child, told: told.trim().to_owned() })
}

/// Thousands of texts, split and encoded by our codec: Twilio's calculator cuts the same parts, readers of others read them.
pub(crate) fn segments() -> anyhow::Result<()> {
    let file = format!("{FOLDER}/segments.jsonl");
    let texts = std::fs::File::create(&file).with_context(|| format!("writing {file}"))?;
    run(&mut crate::whole("build", &["--quiet", "--example", "segments"]))?;
    run(Command::new("target/debug/examples/segments").stdout(texts))?;
    run(Command::new(format!("{FOLDER}/python/bin/python")).args(["tests/peers/segments.py", &file]))?;
    run(Command::new("node").env("NODE_PATH", format!("{FOLDER}/node/node_modules")).args(["tests/peers/segments.cjs", &file]))
}

/// Companies' own libraries say of each call what we say, genuine or forged, and we take what they sign. Needs nothing but them, so it
/// can run alone.
pub(crate) fn companies() -> anyhow::Result<()> {
    packages()?;
    let folder = Path::new(FOLDER).canonicalize().context(FOLDER)?;
    let tests = ["test", "--quiet", "--package", "sms", "--lib", "company::sdk", "--", "--ignored", "--nocapture", "--test-threads=1"];
    run(crate::bounded(&tests)
        .env("PEER_PYTHON", folder.join("python/bin/python"))
        .env("PEER_NODE", "node")
        .env("NODE_PATH", folder.join("node/node_modules")))
}

/// The company's own SDK signs webhooks that we accept, and sends what the sandbox accepts.
pub(crate) fn twilio() -> anyhow::Result<()> {
    let demo = demo()?;
    run(Command::new(format!("{FOLDER}/python/bin/python")).args(["tests/peers/twilio_sdk.py", &demo.told]))
}

/// Letters through a real Postfix and Dovecot, both ways, read and written by Python's own mail library; then with npm's mail server and
/// client and with aiosmtpd at the other ends; then from a mailbox that is all a school has; then over mail
/// companies, whose end is ours; then letters made to be dear, under a limit of memory.
pub(crate) fn mail() -> anyhow::Result<()> {
    program()?;
    let python = || Command::new(format!("{FOLDER}/python/bin/python"));
    run(python().args(["tests/peers/mail.py", "target/debug/homeword"]))?;
    run(python().args(["tests/peers/mail_ends.py", "target/debug/homeword"]).env("NODE_PATH", format!("{FOLDER}/node/node_modules")))?;
    run(python().args(["tests/peers/imap.py", "target/debug/homeword"]))?;
    run(python().args(["tests/peers/mail_companies.py", "target/debug/homeword"]))?;
    run(python().args(["tests/peers/memory.py", "target/debug/homeword"]))
}

/// Chromium plays a teacher and two families, and visits every page at both widths; axe finds no violation.
pub(crate) fn browser() -> anyhow::Result<()> {
    let demo = demo()?;
    run(Command::new("node").env("NODE_PATH", format!("{FOLDER}/node/node_modules")).args(["tests/peers/browser.cjs", &demo.told]))
}
