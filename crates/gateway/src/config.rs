//! Configuration: one TOML file over the embedded default. Unknown keys are refused; secrets are only named.

use crate::accounts::{Account, Carries};
use anyhow::{Context, bail};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// The default, as shipped.
pub const DEFAULT: &str = include_str!("../../../config/homeword.toml");

/// See `config/homeword.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where the website listens.
    pub listen: std::net::SocketAddr,
    /// As seen from outside.
    pub public_url: String,
    /// Database URL.
    pub database: String,
    /// Accounts with companies that carry texts, by name.
    #[serde(skip)]
    pub accounts: BTreeMap<String, Account>,
    /// Letters.
    pub letters: Letters,
    /// Engines.
    pub translation: Translation,
    /// What waits while the database is away.
    pub spool: Spool,
    /// What families send besides words.
    pub pictures: Pictures,
    /// How processes wake each other.
    pub wake: Wake,
    /// Numbers for whoever operates it.
    pub metrics: Metrics,
    /// What is written to standard error.
    pub log: Log,
}

/// How processes wake each other.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wake {
    /// URL of a NATS server; empty = none.
    pub nats: String,
    /// Reference of the secret; empty = the server wants none.
    pub token: String,
}

/// Numbers for whoever operates it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    /// Where Prometheus reads them; empty = nowhere.
    pub listen: String,
}

impl Metrics {
    /// Where to listen.
    pub fn listen(&self) -> anyhow::Result<Option<std::net::SocketAddr>> {
        address(&self.listen).context("metrics.listen must be ADDRESS:PORT, such as 127.0.0.1:9464")
    }
}

/// What is written to standard error.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// `text`, `json`.
    pub format: String,
}

/// Letters.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Letters {
    /// `HOST:PORT` of the server that carries letters out; empty = none.
    pub server: String,
    /// `none`, `starttls`, `tls`.
    pub tls: String,
    /// User; empty = the server wants none.
    pub user: String,
    /// Reference of the secret.
    pub password: String,
    /// What we call ourselves.
    pub name: String,
    /// Connections at once.
    pub connections: u16,
    /// Keys that sign letters; empty where the mail server signs.
    pub dkim: Vec<Dkim>,
    /// The addresses letters leave from, as far as they are known.
    pub leaves_from: Vec<std::net::IpAddr>,
    /// The subdomain families answer at; empty = plus-addresses.
    pub reply_subdomain: String,
    /// Whether families answer at plus-addresses of the school's one mailbox.
    pub one_mailbox: bool,
    /// Accounts with companies that carry letters, by name.
    #[serde(skip)]
    pub accounts: BTreeMap<String, Account>,
    /// Mailboxes that letters are fetched from.
    pub mailboxes: Vec<crate::mailboxes::Mailbox>,
    /// The name server; empty = the machine's.
    pub resolver: String,
    /// Where the world hands letters over by SMTP; empty = nowhere.
    pub listen_smtp: String,
    /// File of the certificate for it.
    pub certificate: String,
    /// Reference of its key.
    pub certificate_key: String,
    /// Whether Homeword itself finds out who wrote a letter.
    pub verify_writers: bool,
    /// The mail server's name in its Authentication-Results; empty = nobody says who wrote a letter.
    pub authserv_id: String,
    /// Where letters are handed over by LMTP; empty = nowhere.
    pub listen: String,
    /// Reference of the secret.
    pub secret: String,
}

/// A key that signs letters.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dkim {
    /// Whose letters: those from this domain and the ones beneath it.
    pub domain: String,
    /// The key's name in the DNS.
    pub selector: String,
    /// Reference of the private key, PEM.
    pub key: String,
}

impl Letters {
    /// Host and port of the server; `None` where no letters are sent.
    pub fn server(&self) -> anyhow::Result<Option<(String, u16)>> {
        if self.server.is_empty() {
            return Ok(None);
        }
        let (host, port) = self.server.rsplit_once(':').context("letters.server must be HOST:PORT")?;
        let port = port.parse().ok().filter(|port| *port > 0).context("letters.server must end in a port, such as :587")?;
        Ok(Some((host.trim_matches(['[', ']']).to_owned(), port)))
    }

    /// Where to listen for the world.
    pub fn listen_smtp(&self) -> anyhow::Result<Option<std::net::SocketAddr>> {
        address(&self.listen_smtp).context("letters.listen_smtp must be ADDRESS:PORT, such as 0.0.0.0:25")
    }

    /// By whose name a letter's writer is judged: the mail server's, or ours.
    pub fn judge(&self) -> &str {
        if self.verify_writers { email::OURS } else { &self.authserv_id }
    }

    /// Reads what STARTTLS needs.
    fn tls(&self) -> anyhow::Result<Option<std::sync::Arc<rustls::ServerConfig>>> {
        if self.certificate.is_empty() {
            return Ok(None);
        }
        let chain =
            std::fs::read_to_string(&self.certificate).with_context(|| format!("letters.certificate: cannot read {}", self.certificate))?;
        let key = secret(&self.certificate_key, "letters.certificate_key")?;
        email::Listening::tls(&chain, &key).map(Some).map_err(|fault| anyhow::anyhow!("letters.certificate: {fault}"))
    }

    /// Who is asked about mail domains.
    pub fn resolver(&self) -> anyhow::Result<Option<std::net::SocketAddr>> {
        address(&self.resolver).context("letters.resolver must be ADDRESS:PORT, such as 127.0.0.1:53")
    }

    /// Where families answer.
    pub fn answers(&self) -> email::Answers {
        match (self.one_mailbox, self.reply_subdomain.as_str()) {
            (true, _) => email::Answers::Mailbox,
            (false, "") => email::Answers::Plus,
            (false, subdomain) => email::Answers::Subdomain(subdomain.to_owned()),
        }
    }

    /// Who finds out by the DNS who wrote a letter, where the house does so itself.
    pub fn dns(&self) -> anyhow::Result<Option<email::Dns>> {
        if self.verify_writers { Ok(Some(email::Dns::new(self.resolver()?)?)) } else { Ok(None) }
    }

    /// Whether letters are sent at all.
    pub fn go_out(&self) -> bool {
        !self.server.is_empty() || !self.accounts.is_empty()
    }

    /// Where answers to letters from a domain go.
    pub fn answers_at(&self, domain: &str) -> String {
        if self.reply_subdomain.is_empty() { domain.to_owned() } else { format!("{}.{domain}", self.reply_subdomain) }
    }

    /// Reads the keys that sign letters.
    fn signers(&self) -> anyhow::Result<Vec<email::Signer>> {
        let mut all = Vec::new();
        for Dkim { domain, selector, key } in &self.dkim {
            let setting = format!("letters.dkim of {domain}, {selector}");
            let label =
                |text: &str| !text.is_empty() && text.chars().all(|mark| mark.is_ascii_alphanumeric() || ['-', '.', '_'].contains(&mark));
            if !label(domain) || !label(selector) {
                bail!("{setting}: domain and selector are names in the DNS, such as school.example and homeword1");
            }
            all.push(email::Signer::new(domain, selector, &secret(key, &setting)?).map_err(|fault| anyhow::anyhow!("{setting}: {fault}"))?);
        }
        let alone = all.iter().find(|signer| !all.iter().any(|other| other.is_rsa() && other.domain() == signer.domain()));
        if let Some(signer) = alone {
            bail!("letters.dkim: {} has an Ed25519 key alone, which few mail servers check: set an RSA key beside it", signer.domain());
        }
        Ok(all)
    }

    /// Where to listen.
    pub fn listen(&self) -> anyhow::Result<Option<std::net::SocketAddr>> {
        address(&self.listen).context("letters.listen must be ADDRESS:PORT, such as 127.0.0.1:2424")
    }
}

/// An address to listen on; none where the setting is empty.
fn address(text: &str) -> anyhow::Result<Option<std::net::SocketAddr>> {
    if text.is_empty() { Ok(None) } else { Ok(Some(text.parse()?)) }
}

/// Engines.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Translation {
    /// Program, or empty.
    pub apertium: String,
}

/// What families send besides words.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pictures {
    /// The most one of them may hold.
    pub megabytes: u32,
    /// Whether a company may be on this very machine: the sandbox, a test.
    pub this_machine: bool,
}

/// What waits while the database is away.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spool {
    /// Its folder.
    pub folder: std::path::PathBuf,
    /// The most it may hold.
    pub megabytes: u32,
}

/// Secrets as read.
#[derive(Clone)]
pub struct Secrets {
    /// Signs reply addresses.
    pub letters: String,
    /// The mail server's password; empty without a user.
    pub mail: String,
    /// The NATS server's token; empty where it wants none.
    pub wake: String,
    /// The keys that sign letters.
    pub signers: Vec<email::Signer>,
    /// For STARTTLS of the listener by SMTP.
    pub tls: Option<std::sync::Arc<rustls::ServerConfig>>,
    /// What opens each mailbox, in the configuration's order.
    #[cfg_attr(not(feature = "imap"), expect(dead_code, reason = "this build reads no mailbox"))]
    pub mailboxes: Vec<crate::mailboxes::Key>,
}

/// Reads a file over the default.
pub fn read(path: &Path) -> anyhow::Result<Config> {
    let text = std::fs::read_to_string(path).with_context(|| format!("reading {}: write it from config/homeword.toml", path.display()))?;
    parse(&text).with_context(|| format!("in {}", path.display()))
}

fn parse(text: &str) -> anyhow::Result<Config> {
    let mut all: toml::Table = toml::from_str(DEFAULT).context("the embedded default")?;
    let mut given: toml::Table = toml::from_str(text)?;
    let accounts = crate::accounts::take(&mut given, Carries::Texts)?;
    let mail_accounts = crate::accounts::take(&mut given, Carries::Letters)?;
    merge(&mut all, given, "")?;
    all.remove("sms");
    let mut config: Config = toml::Value::Table(all).try_into()?;
    (config.accounts, config.letters.accounts) = (accounts, mail_accounts);
    if !["none", "starttls", "tls"].contains(&config.letters.tls.as_str()) {
        bail!("letters.tls must be none, starttls or tls");
    }
    if !(1..=64).contains(&config.letters.connections) {
        bail!("letters.connections must be from 1 to 64");
    }
    config.letters.server()?;
    config.letters.listen()?;
    config.letters.listen_smtp()?;
    config.letters.resolver()?;
    if !config.letters.listen_smtp.is_empty() && !config.letters.authserv_id.is_empty() {
        bail!("letters: by listen_smtp anybody could write your mail server's word (authserv_id) himself: set verify_writers in its place");
    }
    if config.letters.verify_writers && !config.letters.authserv_id.is_empty() {
        bail!("letters: your mail server (authserv_id) or Homeword itself (verify_writers) says who wrote a letter, not both");
    }
    let subdomain = &config.letters.reply_subdomain;
    if !subdomain.chars().all(|mark| mark.is_ascii_alphanumeric() || mark == '-') || subdomain.starts_with('-') || subdomain.ends_with('-')
    {
        bail!(
            "letters.reply_subdomain must be one word that stands before the domain, such as reply: answers come to reply-…@reply.DOMAIN"
        );
    }
    if !config.letters.accounts.is_empty() && (!config.letters.server.is_empty() || config.letters.accounts.len() > 1) {
        bail!("letters: one way out at a time, either server or one account in letters.accounts");
    }
    if !config.letters.accounts.is_empty() && !config.letters.dkim.is_empty() {
        bail!("letters.dkim signs what goes over letters.server: a mail company signs for the domain itself, take the keys out");
    }
    if config.letters.one_mailbox && !subdomain.is_empty() {
        bail!("letters: families answer either at the one mailbox (one_mailbox) or at a subdomain (reply_subdomain), not both");
    }
    for mailbox in &config.letters.mailboxes {
        mailbox.check()?;
    }
    if config.spool.folder.as_os_str().is_empty() || config.spool.megabytes < 64 {
        bail!("spool.folder must name a folder, and spool.megabytes be at least 64: it holds whole letters");
    }
    if !(1..=100).contains(&config.pictures.megabytes) {
        bail!("pictures.megabytes must be from 1 to 100: each is kept in the database");
    }
    if config.wake.nats.contains('@') {
        bail!("wake.nats holds a password or a token: name the token in wake.token, secrets are not written into the configuration");
    }
    if !config.wake.nats.is_empty() && !["nats://", "tls://"].iter().any(|scheme| config.wake.nats.starts_with(scheme)) {
        bail!("wake.nats must be nats://HOST:PORT or tls://HOST:PORT");
    }
    if !config.wake.nats.is_empty() && !cfg!(feature = "nats") {
        bail!("wake.nats is set, and this build of Homeword has no NATS: build it with --features nats, or leave wake.nats empty");
    }
    config.metrics.listen()?;
    if !["text", "json"].contains(&config.log.format.as_str()) {
        bail!("log.format must be text or json");
    }
    if !config.database.starts_with("sqlite:") && !config.database.starts_with("postgres") {
        bail!("database must begin with sqlite: or postgres:");
    }
    Ok(config)
}

/// The default names every key there is: one it does not know is refused, with the nearest that it does.
fn merge(all: &mut toml::Table, given: toml::Table, place: &str) -> anyhow::Result<()> {
    for (key, value) in given {
        let nearest = all.keys().min_by_key(|known| distance(known, &key)).cloned().unwrap_or_default();
        match (all.get_mut(&key), value) {
            (Some(toml::Value::Table(inner)), toml::Value::Table(value)) => merge(inner, value, &format!("{place}{key}."))?,
            (Some(known), value) if std::mem::discriminant(known) == std::mem::discriminant(&value) => *known = value,
            (Some(known), _) => bail!("{place}{key} must be a {}", known.type_str()),
            (None, _) => bail!("there is no setting {place}{key}; did you mean {place}{nearest}?"),
        }
    }
    Ok(())
}

/// Edit distance.
pub(crate) fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, mark) in left.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, other) in right.iter().enumerate() {
            let cost = (corner + usize::from(mark != *other)).min(row[j] + 1).min(row[j + 1] + 1);
            corner = row[j + 1];
            row[j + 1] = cost;
        }
    }
    row[right.len()]
}

/// A named secret.
pub(crate) fn secret(reference: &str, setting: &str) -> anyhow::Result<String> {
    let value = if let Some(name) = reference.strip_prefix("env:") {
        std::env::var(name).with_context(|| format!("{setting}: set the environment variable {name}"))?
    } else if let Some(path) = reference.strip_prefix("file:") {
        std::fs::read_to_string(path).with_context(|| format!("{setting}: cannot read {path}"))?
    } else {
        bail!("{setting} must be env:NAME or file:PATH: secrets are not written into the configuration");
    };
    Ok(value.trim().to_owned())
}

impl Config {
    /// Whether several processes may use the database at once.
    pub fn shared(&self) -> bool {
        self.database.starts_with("postgres")
    }

    /// Reads the secrets this configuration needs.
    pub fn secrets(&self) -> anyhow::Result<Secrets> {
        let letters = secret(&self.letters.secret, "letters.secret")?;
        if letters.len() < 16 {
            bail!("letters.secret must have at least 16 characters");
        }
        let mail = if self.letters.user.is_empty() { String::new() } else { secret(&self.letters.password, "letters.password")? };
        let wake = if self.wake.token.is_empty() { String::new() } else { secret(&self.wake.token, "wake.token")? };
        let mailboxes = self.letters.mailboxes.iter().map(crate::mailboxes::Mailbox::key).collect::<anyhow::Result<_>>()?;
        Ok(Secrets { letters, mail, wake, signers: self.letters.signers()?, tls: self.letters.tls()?, mailboxes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_good_and_a_wrong_key_is_refused_with_the_right_one() {
        assert!(parse("").is_ok());
        let message = |text: &str| parse(text).err().map(|fault| fault.to_string()).unwrap_or_default();
        assert_eq!(message("[sms]\nacount = \"x\""), "there is no setting sms.acount; did you mean sms.accounts?");
        let account = |more: &str| message(&format!("[sms.accounts.town]\n{more}"));
        assert!(account("").contains("sms.accounts.town.kind is missing"));
        assert!(account("kind = \"pigeon\"").contains("must be one of twilio"));
        assert_eq!(
            account("kind = \"twilio\"\nacount = \"x\""),
            "there is no setting sms.accounts.town.acount; did you mean sms.accounts.town.account?"
        );
        assert!(account("kind = \"twilio\"").contains("sms.accounts.town.account is missing: The account's SID"));
        assert!(
            account("kind = \"twilio\"\naccount = \"AC1\"\nauth_token = \"file:/x\"\nconnections = 0")
                .contains("connections must be a number")
        );
        assert!(message("[sms.accounts.\"a/b\"]\nkind = \"twilio\"").contains("letters, digits and -"));
        let priced = "kind = \"twilio\"\naccount = \"AC1\"\nauth_token = \"env:PATH\"\n";
        let good = parse(&format!("[sms.accounts.town]\n{priced}price_per_segment = \"0.0079\"\nprice_currency = \"USD\"\nlink_after = 4"));
        let terms = good.expect("a price").accounts["town"].terms.clone();
        assert_eq!((terms.price.map(|price| price.millionths), terms.link_after), (Some(7_900), 4));
        assert_eq!(parse(&format!("[sms.accounts.town]\n{priced}")).expect("no price").accounts["town"].terms.price, None);
        for wrong in ["price_per_segment = \"0.0079\"", "price_per_segment = \"1,5\"\nprice_currency = \"EUR\"", "price_currency = \"USD\""]
        {
            assert!(account(&format!("{priced}{wrong}")).contains("must be a price and its currency"), "{wrong}");
        }
        assert!(account(&format!("{priced}price_per_segment = 0.0079")).contains("must be a string"), "a float is no price");
        assert!(account(&format!("{priced}link_after = -1")).contains("from 0 to 30"));
        assert!(account(&format!("{priced}link_afer = 3")).contains("did you mean sms.accounts.town.link_after?"));
        let mail = |more: &str| message(&format!("[letters.accounts.town]\n{more}"));
        let good = "kind = \"mailgun\"\ndomain = \"mail.maple.example\"\napi_key = \"env:PATH\"\nsigning_key = \"env:PATH\"\n";
        assert_eq!(mail(good), "");
        assert!(mail("kind = \"twilio\"").contains("must be one of ses, mailgun, postmark, sendgrid"));
        assert!(mail("kind = \"mailgun\"").contains("letters.accounts.town.domain is missing"));
        assert!(mail(&format!("{good}link_after = 3")).contains("there is no setting letters.accounts.town.link_after"));
        assert!(mail(&format!("{good}[letters]\nserver = \"mail.example:25\"")).contains("one way out"));
        assert_eq!(message("listn = \"x\""), "there is no setting listn; did you mean listen?");
        assert_eq!(message("database = 3"), "database must be a string");
        let maybe = "[sms.accounts.town]\nkind = \"twilio\"\naccount = \"AC1\"\nauth_token = \"env:PATH\"\noutcome = \"maybe\"";
        let built = parse(maybe).expect("its kind knows the setting").accounts["town"].check("town", "https://homeword.example");
        assert_eq!(
            built.err().map(|fault| fault.to_string()).unwrap_or_default(),
            "sms.accounts.town.outcome must be one of: blind, keyed, look-up"
        );
        assert!(parse("[letters]\ntls = \"maybe\"").is_err());
        for subdomain in ["reply.", "reply.school.example", "-reply", "re ply"] {
            assert!(message(&format!("[letters]\nreply_subdomain = \"{subdomain}\"")).contains("one word"), "{subdomain}");
        }
        assert!(parse("[letters]\nreply_subdomain = \"reply\"\nlisten_smtp = \"0.0.0.0:25\"\nverify_writers = true").is_ok());
        let world = "[letters]\nlisten_smtp = \"0.0.0.0:25\"\nauthserv_id = \"mx.school.example\"";
        assert!(message(world).contains("anybody could write"), "{}", message(world));
        assert!(message("[letters]\nverify_writers = true\nauthserv_id = \"x\"").contains("not both"));
        assert!(parse("[letters]\nserver = \"mail.example\"").is_err());
        assert!(parse("[letters]\nlisten = \"2424\"").is_err());
        assert!(parse("[spool]\nfolder = \"\"").is_err());
        assert!(parse("[spool]\nmegabytes = 1").is_err());
        assert!(parse("[metrics]\nlisten = \"9464\"").is_err() && parse("[log]\nformat = \"xml\"").is_err());
        assert!(message("[wake]\nnats = \"nats://user:word@10.0.0.5\"").contains("wake.token"));
        assert!(message("[wake]\nnats = \"10.0.0.5:4222\"").contains("nats://HOST:PORT"));
        let built = if cfg!(feature = "nats") { "" } else { "--features nats" };
        assert!(message("[wake]\nnats = \"nats://10.0.0.5:4222\"").contains(built));
        let center = "kind = \"smpp\"\nhost = \"127.0.0.1\"\nsystem_id = \"school\"\npassword = \"env:PATH\"";
        if cfg!(feature = "smpp") {
            assert_eq!(account(center), "");
            assert!(account("kind = \"smpp\"").contains("sms.accounts.town.host is missing: The message center's name"));
            assert!(account(&format!("{center}\nhots = \"x\"")).ends_with("sms.accounts.town.hots; did you mean sms.accounts.town.host?"));
            assert!(account(&format!("{center}\nconnections = 2")).contains("window"));
        } else {
            let told = account(center);
            assert!(told.contains("this build of Homeword has no SMPP") && told.contains("--features smpp"), "{told}");
        }
        assert!(secret("plain", "sms.auth_token").is_err());
    }
}
