//! What the link wants to know. Stands in every build, so that a build without the link can say so, and the sample
//! configuration is the same in each. Knows no socket.

use crate::company::{Given, LinkKind, Setting, Wrong};
use crate::text::Shifts;
use std::time::Duration;

/// The kind, as the table of links lists it.
pub(crate) const LINK: LinkKind =
    LinkKind { name: "smpp", title: "SMPP, the link to a mobile company's message center", settings: SETTINGS };

/// What an administrator says.
const SETTINGS: &[Setting] = &[
    Setting::needed("host", "The message center's name or address."),
    Setting::or("port", "2775", "Its port."),
    Setting::or("tls", "yes", "yes, or no: only over a private line, a VPN, or stunnel on this machine."),
    Setting::needed("system_id", "The account's name at the center."),
    Setting::secret("password", "The account's password; many centers take eight characters at most."),
    Setting::or("system_type", "", "Only where the center asks for one."),
    Setting::or("bind", "transceiver", "transceiver, or separate: one connection to send and one to receive."),
    Setting::or("window", "10", "Texts that may be under way before the center has answered; the center says how many."),
    Setting::or("rate", "10", "Messages a second at most; a long text is several. The center says how many."),
    Setting::or("ids", "auto", "How receipts name a text: as-is, hex-to-decimal, or auto, which finds out for texts of this process."),
    Setting::or("source_ton", "1", "Type of our number: 1 international, 3 a short number of the company's."),
    Setting::or("source_npi", "1", "Plan of our number: 1 telephone, 0 unknown."),
    Setting::or("long", "udh", "Long texts: udh, in parts with a header, or payload, in one piece."),
    Setting::or(
        "tables",
        "no",
        "yes: national tables, half the price of texts in Turkish, Portuguese or Hindi; only if the company says they pass.",
    ),
    Setting::or("country", "", "The code before families' numbers where the center writes them without, such as 1 or 44."),
];

/// How the answers to sends and the receipts name one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ids {
    /// Alike.
    AsIs,
    /// The answer in hexadecimal, the receipt in decimal.
    HexToDecimal,
    /// Either: both are tried on the texts this process sent, and the family's number must agree.
    Auto,
}

/// How a long text leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Long {
    /// In parts, each with a header.
    Header,
    /// In one piece, as an optional parameter.
    Payload,
}

/// How long each step may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Name, connection and TLS; then the sign-in.
    pub connect: Duration,
    /// A center's answer to one message.
    pub answer: Duration,
    /// A whole text, with its wait for its turn.
    pub slowest: Duration,
    /// Between two questions whether the center is still there.
    pub enquire: Duration,
    /// The first wait before connecting again; it doubles.
    pub again: Duration,
    /// The longest such wait.
    pub again_at_most: Duration,
    /// How long a receipt may wait for the answer it came before.
    pub hold: Duration,
}

impl Limits {
    /// What centers are used to. `slowest`: the longest a call may take.
    pub fn usual(slowest: Duration) -> Self {
        let seconds = Duration::from_secs;
        Self {
            connect: seconds(10),
            answer: slowest.min(seconds(30)),
            slowest,
            enquire: seconds(30),
            again: seconds(1),
            again_at_most: seconds(60),
            hold: seconds(60),
        }
    }
}

/// An account at a message center.
#[derive(Clone)]
pub struct SmppSettings {
    /// The account's name in our configuration. It stands before the center's ids: those are short, and two centers give the same.
    pub account: String,
    /// The center.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Whether TLS is spoken.
    pub tls: bool,
    /// Account.
    pub system_id: String,
    /// Password.
    pub password: String,
    /// Usually empty.
    pub system_type: String,
    /// One connection for each direction.
    pub separate: bool,
    /// Messages under way at once.
    pub window: usize,
    /// Messages a second.
    pub rate: u32,
    /// See [`Ids`].
    pub ids: Ids,
    /// Type of our number.
    pub source_ton: u8,
    /// Plan of our number.
    pub source_npi: u8,
    /// See [`Long`].
    pub long: Long,
    /// National tables the center passes on.
    pub tables: Shifts,
    /// The calling code of national numbers; empty: none are given so.
    pub country: String,
    /// Patience.
    pub limits: Limits,
}

impl SmppSettings {
    /// Reads what an administrator said.
    pub fn read(given: &Given) -> Result<Self, Wrong> {
        let wrong = |setting: &str, want: &str| Wrong { setting: setting.into(), want: want.into() };
        let number = |name: &str, least: u32, most: u32| {
            let read = given.get(name).trim().parse().ok().filter(|number| (least..=most).contains(number));
            read.ok_or_else(|| wrong(name, &format!("must be a number from {least} to {most}")))
        };
        let text = |name: &str, most: usize| {
            let value = given.get(name);
            let fits = value.len() <= most && value.bytes().all(|octet| octet.is_ascii_graphic() || octet == b' ');
            fits.then(|| value.to_owned()).ok_or_else(|| wrong(name, &format!("must be at most {most} plain letters, digits and signs")))
        };
        let host = given.get("host").trim().to_owned();
        if host.is_empty() || host.contains(['/', ' ']) {
            return Err(wrong("host", "must be a host name or an address, without a port"));
        }
        if given.get("system_id").is_empty() {
            return Err(wrong("system_id", "must be the account's name at the center"));
        }
        let country = given.get("country").trim_start_matches('+').to_owned();
        if !country.bytes().all(|octet| octet.is_ascii_digit()) || country.len() > 3 {
            return Err(wrong("country", "must be a calling code such as 1 or 44, or empty"));
        }
        let hook = given.hook.trim_end_matches('/');
        Ok(Self {
            account: hook.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or(LINK.name).to_owned(),
            host,
            port: number("port", 1, 65_535)? as u16,
            tls: given.one_of("tls", &[("yes", true), ("no", false)])?,
            system_id: text("system_id", 15)?,
            // The specification says eight; more is for centers that do not keep to it.
            password: text("password", 64)?,
            system_type: text("system_type", 12)?,
            separate: given.one_of("bind", &[("transceiver", false), ("separate", true)])?,
            window: number("window", 1, 1000)? as usize,
            rate: number("rate", 1, 10_000)?,
            ids: given.one_of("ids", &[("auto", Ids::Auto), ("as-is", Ids::AsIs), ("hex-to-decimal", Ids::HexToDecimal)])?,
            source_ton: number("source_ton", 0, 6)? as u8,
            source_npi: number("source_npi", 0, 18)? as u8,
            long: given.one_of("long", &[("udh", Long::Header), ("payload", Long::Payload)])?,
            tables: given.one_of("tables", &[("no", Shifts::None), ("yes", Shifts::All)])?,
            country,
            limits: Limits::usual(given.slowest),
        })
    }
}
