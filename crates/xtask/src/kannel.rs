//! `kannel`: Debian's Kannel between Homeword and its own fake message center. A broadcast in twelve languages arrives on every
//! phone once, whole and in the right coding, every receipt comes home, and what families write is taken in once. Knows of
//! Kannel what docs/providers/kannel.md says, and of Homeword's words what `locales/` holds.

mod air;
pub(crate) mod gateway;

use crate::house::{Browser, House, Wanted, Wiring, until};
use crate::kill::{number, rows};
use air::Phone;
use anyhow::{Context, ensure};
use gateway::{Gateway, Store};
use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::time::{Duration, Instant};

/// Families of the broadcast.
const FAMILIES: u32 = 2000;
/// Home languages, in the order in which `sample` gives them to its families.
const LANGUAGES: [&str; 12] = ["es", "pt-BR", "ht", "zh-Hans", "ar", "vi", "ur", "so", "pl", "uk", "sw", "en"];
/// What a child should bring: long, so that texts in GSM 7-bit come whole and in parts, and with a sign of its extension table.
const ITEM: &str = "a warm coat, boots, a hat, a cup, a spoon and €5 for the bus to the park";
/// What stands before a text that is read from the right and begins with a Latin name.
const RIGHT_TO_LEFT: char = '\u{200f}';
/// What families write: the type fakesmsc gives it, and the words.
const WRITTEN: [(&str, &str); 5] = [
    ("text", "Thank you, we will bring it."),
    ("text", "Gracias, señora. ¿A qué hora? Traigo 5€"),
    ("ucs2", "شكرا، سنحضر الدفتر غدا إن شاء الله"),
    ("ucs2", "谢谢老师，我们会带来的"),
    ("ucs2", "Дякуємо, прийдемо 👍👩‍👧"),
];
/// Texts of each.
const EACH: usize = 200;
/// How long one thing may take.
const PATIENCE: Duration = Duration::from_secs(40);
/// How long fakesmsc may take to write down what it read.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// A step of the test run.
pub(crate) fn peer() -> anyhow::Result<()> {
    crate::program()?;
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(play(Path::new("target/debug/homeword")))
}

async fn play(program: &Path) -> anyhow::Result<()> {
    let begun = Instant::now();
    let mut gateway = Gateway::prepare()?;
    let wanted = Wanted { program, database: "sqlite", families: FAMILIES };
    let house = House::furnish(&wanted, &Wiring { account: gateway.account(), ..Wiring::default() })?;
    gateway.start(&house.site(), Store::Spool).await?;
    let _served = house.serve(None)?;

    let fake = gateway.fake(&["-m", "0", "1 2 text nothing"])?;
    gateway.reads("online").await?;
    let sent = Instant::now();
    broadcast(&house).await?;
    let receipts = sent.elapsed();
    let office = house.sample["office"].as_str().context("the office's number")?;
    let read = || arrived(&fake.heard(office)?);
    // A receipt may come home before fakesmsc has written down the text. What is wrong still, the last look says.
    let _ = until("fakesmsc has read everything", LAST_WORDS, async || Ok(read().is_ok())).await;
    let arrived = read()?;
    drop(fake);

    let wrote = Instant::now();
    taken_in(&house, &gateway).await?;
    println!(
        "kannel: {FAMILIES} texts in {} languages, {} GSM 7-bit and {} UCS-2, {} of them in parts ({} parts in all); {FAMILIES} delivered, \
         0 receipts missing, {:.1} s; {} incoming texts, each once, {:.1} s; {:.0} s in all",
        LANGUAGES.len(),
        arrived.gsm,
        FAMILIES - arrived.gsm,
        arrived.long,
        arrived.parts,
        receipts.as_secs_f64(),
        WRITTEN.len() * EACH,
        wrote.elapsed().as_secs_f64(),
        begun.elapsed().as_secs_f64(),
    );
    Ok(())
}

/// The principal writes to everybody; back when every delivery is delivered.
async fn broadcast(house: &House) -> anyhow::Result<()> {
    let principal = Browser::sign_in(house, "principal").await?;
    let (token, form) = principal.form().await?;
    let audience = format!("school:{}", house.sample["school"].as_str().unwrap_or_default());
    let fields = [("phrase", "bring-item"), ("argument-date", "2027-12-10"), ("argument-item", ITEM), ("weight", "routine")];
    principal.send_again(&token, &form, &audience, &fields).await?;
    let delivered = || number(house, None, "SELECT COUNT(*) FROM delivery WHERE state = 3");
    let waited = until("every receipt", PATIENCE, async || Ok(delivered()? == i64::from(FAMILIES))).await;
    let delivered = delivered()?;
    ensure!(delivered == i64::from(FAMILIES), "{} receipts are missing, {delivered} texts are delivered", i64::from(FAMILIES) - delivered);
    waited
}

/// What arrived, counted.
#[derive(Default)]
struct Arrived {
    gsm: u32,
    long: u32,
    parts: usize,
}

/// Every family has one text: its phrase in its language with its child's name, in the coding that its letters need.
fn arrived(heard: &HashMap<String, Phone>) -> anyhow::Result<Arrived> {
    let mut all = Arrived::default();
    let mut dates: HashMap<&str, HashSet<String>> = HashMap::new();
    let mut short = 0;
    for family in 0..FAMILIES {
        let language = LANGUAGES[family as usize % LANGUAGES.len()];
        let text = heard.get(&phone(family)).with_context(|| format!("family {family} ({language}) got nothing"))?.text();
        let text = text.with_context(|| format!("family {family} ({language})"))?;
        let wanted = phrase(language, family)?;
        let (before, after) = wanted.split_once("{ $date }").context("a phrase without a date")?;
        let date = text.words.trim_start_matches(RIGHT_TO_LEFT).strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
        let date = date
            .filter(|date| !date.is_empty())
            .with_context(|| format!("family {family} ({language}) got {:?}, not {wanted:?}", text.words))?;
        dates.entry(language).or_default().insert(date.to_owned());
        let units = air::septets(&text.words);
        ensure!(text.gsm == units.is_some(), "family {family} ({language}): the wrong coding for {:?}", text.words);
        let fits = units.map_or_else(|| text.words.encode_utf16().count() <= 70, |septets| septets <= 160);
        ensure!((text.parts == 1) == fits, "family {family} ({language}): {} parts of {:?}", text.parts, text.words);
        all.gsm += u32::from(text.gsm);
        all.long += u32::from(!fits);
        short += u32::from(fits && text.gsm);
        all.parts += text.parts;
    }
    ensure!(heard.len() == FAMILIES as usize, "{} phones got something, of {FAMILIES} families", heard.len());
    ensure!(dates.values().all(|one| one.len() == 1), "one language, several dates: {dates:?}");
    ensure!(
        short > 0 && short < all.gsm && all.gsm < FAMILIES,
        "the broadcast proved too little: {short} short ones of {} in GSM",
        all.gsm
    );
    Ok(all)
}

/// The number that `sample` gives a family.
fn phone(family: u32) -> String {
    format!("+1475200{family:04}")
}

/// The words of `locales/` for a family, with the digits it may answer; the date is left open, since a calendar writes it.
fn phrase(language: &str, family: u32) -> anyhow::Result<String> {
    let words = |file: &str, key: &str| {
        let path = format!("locales/{language}/{file}.ftl");
        let text = std::fs::read_to_string(&path).with_context(|| path.clone())?;
        let line = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "));
        anyhow::Ok(line.with_context(|| format!("{path}: no {key}"))?.to_owned())
    };
    let phrase = words("phrases", "bring-item")?.replace("{ $teacher }", "Ms Okafor").replace("{ $item }", ITEM);
    let (contact, unclear) = (words("product", "answer-contact-me")?, words("product", "answer-not-clear")?);
    Ok(format!("{}\n1 {contact} 0 {unclear}", phrase.replace("{ $student }", &format!("Kid{family}"))))
}

/// Families write; every text is in the database once.
async fn taken_in(house: &House, gateway: &Gateway) -> anyhow::Result<()> {
    let office = house.sample["number"].as_str().context("the number")?;
    for (index, (kind, words)) in WRITTEN.iter().enumerate() {
        let words = if *kind == "ucs2" { air::encoded(words) } else { (*words).to_owned() };
        let families = (0..EACH).map(|family| format!("{} {office} {kind} {words}", phone((index * EACH + family) as u32)));
        // Which family writes is thrown; a number that fakesmsc throws too stands at the end, so that no two texts are the same.
        let each = EACH.to_string();
        let mut arguments = vec!["-m".to_owned(), each, "-i".to_owned(), "0.002".to_owned(), "-z".to_owned(), "4".to_owned()];
        arguments.extend(families);
        let fake = gateway.fake(&arguments)?;
        let wanted = ((index + 1) * EACH) as i64;
        let count = || number(house, None, "SELECT COUNT(*) FROM incoming");
        let waited = until("texts are taken in", PATIENCE, async || Ok(count()? >= wanted)).await;
        ensure!(waited.is_ok(), "{} of {wanted} texts are taken in, fakesmsc sent {} of the last {EACH}", count()?, fake.sent()?);
    }
    gateway.reads(&format!("SMS: received {} (0 queued)", WRITTEN.len() * EACH)).await?;
    let stored = rows(house, None, "SELECT sent_from, CAST(raw AS TEXT), COUNT(*) FROM incoming GROUP BY sent_from, raw")?;
    let mut counts = [0; WRITTEN.len()];
    for line in &stored {
        let (from, rest) = line.split_once('|').context("a row")?;
        let (words, count) = rest.rsplit_once('|').context("a row")?;
        ensure!(count == "1", "{words:?} of {from} is taken in {count} times");
        let index = WRITTEN.iter().position(|(_, wanted)| words.starts_with(wanted)).with_context(|| format!("nobody wrote {words:?}"))?;
        let family = from.strip_prefix("+1475200").and_then(|digits| digits.parse::<usize>().ok());
        ensure!(family.is_some_and(|family| family / EACH == index), "{from} did not write {words:?}");
        counts[index] += 1;
    }
    ensure!(counts == [EACH; WRITTEN.len()], "of each kind {EACH} were sent, {counts:?} are taken in");
    Ok(())
}
