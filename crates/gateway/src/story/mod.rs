//! The story: the whole exchange, played from outside. It posts the forms a browser posts and answers through the sandbox; it
//! holds no handle on the store or the flows.

pub mod browser;

use crate::demo::{Demo, PASSWORD};
use anyhow::{Context, ensure};
use browser::{Browser, Http, links, option};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const LUCIA: &str = "+12035550101";
const KARIM: &str = "+12035550102";
const JANE: &str = "+12035550103";
const CARMEN: &str = "+12035550106";
const LAYLA: &str = "layla@families.example";
const STRANGER: &str = "+12035550150";
const OFFICE: &str = "+12035550190";

struct Teller<'a> {
    demo: &'a Demo,
    http: Http,
    quiet: bool,
}

impl Teller<'_> {
    fn say(&self, words: &str) {
        if !self.quiet {
            println!("{words}");
        }
    }

    async fn texts(&self, phone: &str) -> anyhow::Result<Vec<Value>> {
        let phones = self.http.get(&format!("{}/control/phones", self.demo.sandbox)).await?;
        let mine = phones.as_array().into_iter().flatten().find(|row| row["number"] == phone);
        Ok(mine.and_then(|row| row["texts"].as_array().cloned()).unwrap_or_default())
    }

    /// The newest text on a phone that contains this, once it is there: (our number, words).
    async fn reads(&self, phone: &str, words: &str) -> anyhow::Result<(String, String)> {
        let begun = Instant::now();
        loop {
            let texts = self.texts(phone).await?;
            let found =
                texts.iter().rev().find(|text| text["answered"] == false && text["body"].as_str().is_some_and(|body| body.contains(words)));
            if let Some(text) = found {
                return Ok((text["number"].as_str().unwrap_or_default().to_owned(), text["body"].as_str().unwrap_or_default().to_owned()));
            }
            ensure!(begun.elapsed() < Duration::from_secs(30), "waited 30 seconds for a text that says \"{words}\"");
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }

    /// The newest letter in a mailbox that contains this, once it is there: (whom an answer goes to, subject, words).
    async fn opens(&self, mailbox: &str, words: &str) -> anyhow::Result<(String, String, String)> {
        let begun = Instant::now();
        loop {
            let boxes = self.http.get(&format!("{}/control/mailboxes", self.demo.sandbox)).await?;
            let mine = boxes.as_array().into_iter().flatten().find(|row| row["address"] == mailbox);
            let letters = mine.and_then(|row| row["letters"].as_array().cloned()).unwrap_or_default();
            let found = letters
                .iter()
                .rev()
                .find(|letter| letter["answered"] == false && letter["body"].as_str().is_some_and(|body| body.contains(words)));
            if let Some(letter) = found {
                let field = |name: &str| letter[name].as_str().unwrap_or_default().to_owned();
                return Ok((field("other"), field("subject"), field("body")));
            }
            ensure!(begun.elapsed() < Duration::from_secs(30), "waited 30 seconds for a letter that says \"{words}\"");
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }

    async fn posts(&self, mailbox: &str, to: &str, body: &str, meant_for: &str) -> anyhow::Result<u64> {
        let letter = json!({ "mailbox": mailbox, "to": to, "body": body, "meant_for": meant_for });
        let answer = self.http.json(&format!("{}/control/letter", self.demo.sandbox), &letter).await?;
        answer["status"].as_u64().context("the sandbox says how the letter was taken")
    }

    async fn writes(&self, phone: &str, number: &str, body: &str, meant_for: &str) -> anyhow::Result<()> {
        let answer = self
            .http
            .json(
                &format!("{}/control/text", self.demo.sandbox),
                &json!({ "phone": phone, "number": number, "body": body, "meant_for": meant_for }),
            )
            .await?;
        ensure!(answer["status"] == 200, "the webhook answered {}", answer["status"]);
        Ok(())
    }

    fn quote(&self, who: &str, words: &str) {
        self.say(&format!("    {who} reads: {}", words.replace('\n', " / ")));
    }
}

/// Plays it and tells it.
pub async fn tell(demo: &Demo, as_json: bool) -> anyhow::Result<()> {
    let begun = Instant::now();
    let teller = Teller { demo, http: Http::new()?, quiet: as_json };
    let figures = play(&teller).await?;
    let seconds = begun.elapsed().as_secs_f64();
    if as_json {
        let mut all = figures;
        all["seconds"] = json!((seconds * 10.0).round() / 10.0);
        println!("{all}");
    } else {
        teller.say(&format!("\nThe story took {seconds:.1} seconds. {figures}"));
    }
    Ok(())
}

async fn play(teller: &Teller<'_>) -> anyhow::Result<Value> {
    let base = &teller.demo.homeword;
    let rivera = Browser::sign_in(base, "rivera@maple.example", PASSWORD).await?;
    let chen = Browser::sign_in(base, "chen@maple.example", PASSWORD).await?;
    let salem = Browser::sign_in(base, "interpreter@maple.example", PASSWORD).await?;
    let principal = Browser::sign_in(base, "principal@maple.example", PASSWORD).await?;
    let office = Browser::sign_in(base, "office@maple.example", PASSWORD).await?;

    teller.say("Ms Rivera writes once to her class, in everyday words.");
    let compose = rivera.page("/compose").await?;
    let reading = option(&compose, "Grade 2 reading").context("her class")?;
    let words = "Class meeting Thursday at 5:30 PM in room 12. We show how we learn to tell time.";
    let sent = rivera
        .submit(
            "/compose",
            "/compose",
            &[
                ("audience", &reading),
                ("text", words),
                ("answers", "coming"),
                ("weight", "routine"),
                ("learning", ""),
                ("try_at_home", ""),
                ("ask", ""),
                ("action", "send"),
            ],
        )
        .await?;
    let (_, english) = teller.reads(JANE, "Class meeting").await?;
    teller.quote("Jane (English)", &english);

    teller.say("Spanish and Arabic wait for a person: Ms Salem, the interpreter, writes and approves them.");
    let queue = salem.until("/review", "holds in Spanish and Arabic", |html| links(html, "/review/").len() >= 2).await?;
    for hold in links(&queue, "/review/") {
        let page = salem.page(&hold).await?;
        let words = if page.contains("lang=\"ar\"") {
            "لقاء الصف يوم الخميس الساعة 5:30 PM في الغرفة 12. نعرض كيف نتعلم قراءة الساعة."
        } else {
            "Junta de la clase el jueves a las 5:30 PM en el salon 12. Mostramos como aprendemos la hora."
        };
        salem.submit(&hold, &hold, &[("words", words), ("action", "approve")]).await?;
    }
    let (rivera_line, spanish) = teller.reads(LUCIA, "Junta de la clase").await?;
    teller.quote("Lucía (Spanish)", &spanish);
    let (karim_line, arabic) = teller.reads(KARIM, "لقاء الصف").await?;
    teller.quote("Karim (Arabic)", &arabic);
    let (rivera_box, subject, letter) = teller.opens(LAYLA, "لقاء الصف").await?;
    ensure!(letter.contains("Class meeting Thursday"), "the original is not under the translation");
    teller.quote("Layla (Arabic, by email)", &format!("[{subject}] {}", letter.trim()));
    teller.reads("+12035550105", "Class meeting").await.context("Somali: nobody could write it, so the original goes")?;
    teller.say("    Ayan (Somali): no words yet; she gets the original, and staff see it.");

    teller.say("Families answer from the same phone, in their own language.");
    teller.writes(LUCIA, &rivera_line, "1", "Ms Rivera").await?;
    teller.writes(KARIM, &karim_line, "سنحضر جميعا إن شاء الله", "Ms Rivera").await?;
    teller.writes(JANE, &teller.reads(JANE, "Class meeting").await?.0, "2 sorry, I work late", "Ms Rivera").await.ok();
    ensure!(teller.posts(LAYLA, &rivera_box, "سأحضر مع والد رامي. شكرا لكم", "Ms Rivera").await? == 250, "her letter was not taken");
    let forged = rivera_box.replacen("reply+", "reply+aa", 1);
    ensure!(teller.posts(LAYLA, &forged, "أنا شخص آخر", "").await? == 550, "a forged answer address was taken");
    teller.say("    Layla answers from her mailbox; a letter to an answer address somebody made up is refused at the door.");
    rivera.until(&sent, "the tally", |html| html.contains("Coming: <strong>1</strong>")).await?;
    let inbox = rivera.until("/", "two or more replies", |html| links(html, "/thread/").len() >= 4).await?;
    teller.say(&format!("    Ms Rivera's inbox has {} conversations; her tally says who comes.", links(&inbox, "/thread/").len()));

    teller.say("She answers Karim; he reads it where he wrote.");
    let karim_thread = thread_with(&rivera, &inbox, "Karim Haddad").await?;
    rivera.submit(&karim_thread, &karim_thread, &[("text", "Wonderful, see you on Thursday."), ("action", "send")]).await?;
    let hold = salem.until("/review", "her answer in Arabic", |html| html.contains("Wonderful")).await?;
    for path in links(&hold, "/review/") {
        let page = salem.page(&path).await?;
        if page.contains("Wonderful") {
            salem.submit(&path, &path, &[("words", "رائع، نراكم يوم الخميس."), ("action", "approve")]).await?;
        }
    }
    let (again, answer) = teller.reads(KARIM, "نراكم").await?;
    ensure!(again == karim_line, "the answer came from another number than the one the family wrote to");
    teller.quote("Karim", &answer);

    let layla = thread_with(&rivera, &inbox, "Layla Mansour").await?;
    rivera.submit(&layla, &layla, &[("text", "Bring a clock with hands, if you have one."), ("action", "send")]).await?;
    let hold = salem.until("/review", "the letter to Layla", |html| html.contains("Bring a clock")).await?;
    for path in links(&hold, "/review/") {
        if salem.page(&path).await?.contains("Bring a clock") {
            salem.submit(&path, &path, &[("words", "أحضروا ساعة ذات عقارب إن وجدت."), ("action", "approve")]).await?;
        }
    }
    let (_, _, clock) = teller.opens(LAYLA, "أحضروا ساعة").await?;
    teller.quote("Layla", clock.trim());
    office.until("/by-hand", "Hugo, whose mailbox is gone", |html| html.contains("Hugo Ortiz")).await?;
    teller.say("Hugo's mailbox is gone: his letter came back, and he is on the office's list to call.");

    teller.say("Mr Chen writes to the same families: each reads him on another number, so answers never mix.");
    let math = option(&chen.page("/compose").await?, "Grade 2 math").context("his class")?;
    chen.submit(
        "/compose",
        "/compose",
        &[("audience", &math), ("phrase", "reading-at-home"), ("answers", "open"), ("weight", "routine"), ("action", "send")],
    )
    .await?;
    let (chen_line, phrase) = teller.reads(LUCIA, "Mr Chen").await?;
    teller.quote("Lucía (Spanish, a phrase)", &phrase);
    ensure!(chen_line != rivera_line, "two teachers of one family share a number though others are free");
    teller.writes(LUCIA, &chen_line, "Leemos todas las noches, gracias", "Mr Chen").await?;
    chen.until("/", "Lucía's answer", |html| html.contains("Leemos todas las noches") || links(html, "/thread/").len() == 1).await?;

    teller.say("Carmen writes to the office's number, where nobody wrote to her: she is asked, and answers with a digit.");
    teller.writes(CARMEN, OFFICE, "¿Mateo puede llevar su libro a casa?", "Ms Rivera").await?;
    let (_, question) = teller.reads(CARMEN, "¿Para quién es?").await?;
    teller.quote("Carmen", &question);
    let digit = question
        .lines()
        .find(|line| line.contains("Ms Rivera"))
        .and_then(|line| line.chars().next())
        .context("Ms Rivera among the choices")?;
    teller.writes(CARMEN, OFFICE, &digit.to_string(), "").await?;
    let (_, told) = teller.reads(CARMEN, "su mensaje").await?;
    teller.quote("Carmen", &told);
    rivera.until("/", "Carmen's text", |html| html.contains("Carmen Reyes")).await?;

    teller.say("A number nobody knows writes: the office reads it. Nobody is left in silence.");
    teller.writes(STRANGER, OFFICE, "Hello, is this the school?", "the office").await?;
    teller.reads(STRANGER, "We do not know this number").await?;
    office.until("/by-hand", "the stranger's text", |html| html.contains("is this the school?")).await?;

    teller.say("Lucía writes PARAR: it acts at once, in her language.");
    teller.writes(LUCIA, &chen_line, "PARAR", "").await?;
    let (_, stopped) = teller.reads(LUCIA, "No enviaremos mensajes").await?;
    teller.quote("Lucía", &stopped);

    principal
        .submit(
            "/compose",
            "/compose",
            &[
                ("audience", &option(&principal.page("/compose").await?, "Everyone at Maple Street").context("the school")?),
                ("phrase", "test"),
                ("answers", "none"),
                ("weight", "emergency"),
                ("action", "send"),
            ],
        )
        .await?;
    teller.reads(LUCIA, "PRUEBA").await.context("an emergency reaches a family that stopped")?;
    teller.say("The principal tests an emergency: it reaches every family, also those who stopped everyday texts.");

    figures(teller, &principal, &[("Ms Rivera", &rivera), ("Mr Chen", &chen)]).await
}

async fn figures(teller: &Teller<'_>, principal: &Browser, teachers: &[(&str, &Browser)]) -> anyhow::Result<Value> {
    let settled = |text: &str| {
        let value: Value = serde_json::from_str(text).unwrap_or_default();
        let open = value["deliveries"].as_array().into_iter().flatten().any(|row| {
            let state = row["state"].as_str().unwrap_or_default();
            // A mail server says "taken", and nothing after that.
            ["queued", "claimed"].contains(&state) || state == "accepted" && row["channel"] == "sms"
        });
        value["received"].as_i64().unwrap_or(0) >= 7 && !open
    };
    let text = principal.until("/figures.json", "everything to settle", settled).await?;
    let all: Value = serde_json::from_str(&text)?;
    let count = |channel: &str, states: &[&str]| -> i64 {
        let rows = all["deliveries"].as_array().into_iter().flatten();
        rows.filter(|row| row["channel"] == channel && states.contains(&row["state"].as_str().unwrap_or_default()))
            .filter_map(|row| row["count"].as_i64())
            .sum()
    };
    let journal = teller.http.get(&format!("{}/control/journal", teller.demo.sandbox)).await?;
    let mut misrouted = 0;
    for reply in journal
        .as_array()
        .into_iter()
        .flatten()
        .filter(|row| row["answered"] == true && row["meant_for"].as_str().is_some_and(|who| !who.is_empty()))
    {
        let (meant, body) = (reply["meant_for"].as_str().unwrap_or_default(), reply["body"].as_str().unwrap_or_default());
        for (title, browser) in teachers {
            let here = holds(browser, body).await?;
            if here != (*title == meant) {
                misrouted += 1;
            }
        }
    }
    let families = teller.demo.draft.guardians.len();
    let languages: Vec<&str> = all["languages"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let email = |states: &[&str]| count("email", states);
    Ok(json!({
        "families": families,
        "languages": languages,
        "messages": all["messages"],
        "deliveries": { "sms": { "delivered": count("sms", &["delivered"]), "failed": count("sms", &["failed"]) }, "email": { "delivered": email(&["delivered", "accepted"]), "failed": email(&["failed"]) } },
        "replies": { "received": all["received"], "routed": all["routed"], "asked": all["asked"], "office": all["office"], "misrouted": misrouted },
        "held": all["held"],
    }))
}

/// The conversation of an inbox that names this family.
async fn thread_with(browser: &Browser, inbox: &str, name: &str) -> anyhow::Result<String> {
    for thread in links(inbox, "/thread/") {
        if browser.page(&thread).await?.contains(name) {
            return Ok(thread);
        }
    }
    anyhow::bail!("no conversation with {name}")
}

/// Whether a teacher's conversations show these words (an answer by digit shows as its meaning).
async fn holds(browser: &Browser, body: &str) -> anyhow::Result<bool> {
    let inbox = browser.page("/").await?;
    let digit = body.chars().next().is_some_and(|mark| mark.is_ascii_digit());
    let words = if digit { "answer by number" } else { body };
    let words = words.replace('\'', "&#39;");
    for thread in links(&inbox, "/thread/") {
        if browser.page(&thread).await?.contains(&words) {
            return Ok(true);
        }
    }
    Ok(false)
}
