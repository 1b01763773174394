//! What happens in the story, chapter by chapter: every hard case of the sample is in it.

use super::Teller;
use super::browser::{Browser, between, links, option};
use super::figures::figures;
use crate::demo::PASSWORD;
use anyhow::{Context, ensure};
use serde_json::Value;

const LUCIA: &str = "+12035550101";
const KARIM: &str = "+12035550102";
const JANE: &str = "+12035550103";
const ROSA_AND_LUIS: &str = "+12035550104";
const AYAN: &str = "+12035550105";
const CARMEN: &str = "+12035550106";
const PABLO: &str = "+12035550107";
const JUANA: &str = "+12035550110";
const ANA: &str = "+18605550101";
const LAYLA: &str = "layla@families.example";
const STRANGER: &str = "+12035550150";
const OFFICE: &str = "+12035550190";

/// Who reads what at home, one phone a language, for the principal's invitation.
const HOMES: &[(&str, &str, &str)] = &[
    ("Camila", "Portuguese", "+18605550106"),
    ("Yolette", "Haitian Creole", "+18605550111"),
    ("Yan", "Chinese, simplified", "+18605550117"),
    ("Mei-ling", "Chinese, traditional", "+18605550118"),
    ("Huda", "Arabic", "+18605550122"),
    ("Thuy", "Vietnamese", "+18605550128"),
    ("Nadia", "Urdu", "+18605550133"),
    ("Sahra", "Somali", "+18605550140"),
    ("Tomasz", "Polish", "+18605550144"),
    ("Zahra", "Dari", "+18605550147"),
    ("Olena", "Ukrainian", "+18605550149"),
    ("Zawadi", "Swahili", "+18605550154"),
    ("Rosario", "Spanish", "+18605550160"),
    ("Kate", "English", "+18605550170"),
];

/// Everybody who is signed in.
struct Staff {
    rivera: Browser,
    chen: Browser,
    salem: Browser,
    principal: Browser,
    office: Browser,
    nurse: Browser,
}

/// The fields of the form that every message has.
fn form<'a>(audience: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut all = vec![("audience", audience), ("answers", "open"), ("weight", "routine"), ("action", "send")];
    for (name, value) in more {
        all.retain(|(known, _)| known != name);
        all.push((name, value));
    }
    all
}

/// The whole story, and its figures.
pub(super) async fn play(teller: &Teller<'_>) -> anyhow::Result<Value> {
    let base = &teller.demo.homeword;
    let sign_in = |name: &'static str| Browser::sign_in(base, name, PASSWORD);
    let staff = Staff {
        rivera: sign_in("rivera@maple.example").await?,
        chen: sign_in("chen@maple.example").await?,
        salem: sign_in("interpreter@maple.example").await?,
        principal: sign_in("principal@maple.example").await?,
        office: sign_in("office@maple.example").await?,
        nurse: sign_in("nurse@maple.example").await?,
    };
    let (rivera_line, rivera_box, karim_line) = written_once(teller, &staff).await?;
    families_answer(teller, &staff, &rivera_line, &rivera_box, &karim_line).await?;
    two_teachers(teller, &staff, &rivera_line).await?;
    nobody_is_guessed(teller, &staff).await?;
    in_every_language(teller, &staff).await?;
    by_hand(teller, &staff).await?;
    private_and_dangerous(teller, &staff).await?;
    stop_and_emergency(teller, &staff).await?;
    figures(teller, &staff.principal, &[("Ms Rivera", &staff.rivera), ("Mr Chen", &staff.chen)]).await
}

async fn written_once(teller: &Teller<'_>, staff: &Staff) -> anyhow::Result<(String, String, String)> {
    teller.say("Ms Rivera writes once to her class, in everyday words.");
    let reading = option(&staff.rivera.page("/compose").await?, "Grade 2 reading").context("her class")?;
    let words = "Class meeting Thursday at 5:30 PM in room 12. We show how we learn to tell time.";
    staff.rivera.submit("/compose", "/compose", &form(&reading, &[("text", words), ("answers", "coming")])).await?;
    let (_, english) = teller.reads(JANE, "Class meeting").await?;
    teller.quote("Jane (English)", &english);

    teller.say("Spanish and Arabic wait for a person: Ms Salem, the interpreter, writes and approves them.");
    let queue = staff.salem.until("/review", "holds in Spanish and Arabic", |html| links(html, "/review/").len() >= 4).await?;
    for hold in links(&queue, "/review/").iter().filter(|path| !path.contains("phrases")) {
        let page = staff.salem.page(hold).await?;
        let words = if page.contains("lang=\"ar\"") {
            "لقاء الصف يوم الخميس الساعة 5:30 PM في الغرفة 12. نعرض كيف نتعلم قراءة الساعة."
        } else {
            "Junta de la clase el jueves a las 5:30 PM en el salón 12. Mostramos cómo aprendemos la hora."
        };
        staff.salem.submit(hold, hold, &[("words", words), ("action", "approve")]).await?;
    }
    let (rivera_line, spanish) = teller.reads(LUCIA, "Junta de la clase").await?;
    teller.quote("Lucía (Spanish)", &spanish);
    let (karim_line, arabic) = teller.reads(KARIM, "لقاء الصف").await?;
    teller.quote("Karim (Arabic)", &arabic);
    let (rivera_box, subject, letter) = teller.opens(LAYLA, "لقاء الصف").await?;
    ensure!(letter.contains("Class meeting Thursday"), "the original is not under the translation");
    teller.quote("Layla (Arabic, by email)", &format!("[{subject}] {}", letter.trim()));
    teller.say("Rosa and Luis share a phone and read two languages: it gets one text in each.");
    teller.reads(ROSA_AND_LUIS, "Junta de la clase").await?;
    teller.reads(ROSA_AND_LUIS, "Class meeting").await?;
    teller.reads(AYAN, "Class meeting").await.context("Somali: nobody could write it, so the original goes")?;
    teller.say("    Ayan (Somali): nobody reviews Somali yet; she gets a notice in her language and the original, and staff see it.");
    ensure!(teller.texts(PABLO).await?.is_empty(), "an order keeps Pablo out");
    teller.say("    Pablo gets nothing: an order is on file. Ms Rivera sees a count, not who or why.");
    Ok((rivera_line, rivera_box, karim_line))
}

async fn families_answer(teller: &Teller<'_>, staff: &Staff, rivera_line: &str, rivera_box: &str, karim_line: &str) -> anyhow::Result<()> {
    let (rivera, salem) = (&staff.rivera, &staff.salem);
    teller.say("Families answer from the same phone, in their own language.");
    teller.writes(LUCIA, rivera_line, "1", "Ms Rivera").await?;
    teller.writes(KARIM, karim_line, "سنحضر جميعا إن شاء الله", "Ms Rivera").await?;
    teller.writes(JANE, &teller.reads(JANE, "Class meeting").await?.0, "2 sorry, I work late", "Ms Rivera").await?;
    ensure!(teller.posts(LAYLA, rivera_box, "سأحضر مع والد رامي. شكرا لكم", "Ms Rivera").await? == 250, "her letter was not taken");
    let forged = rivera_box.replacen("reply+", "reply+aa", 1);
    ensure!(teller.posts(LAYLA, &forged, "أنا شخص آخر", "").await? == 550, "a forged answer address was taken");
    teller.say("    Layla answers from her mailbox; a letter to an answer address somebody made up is refused at the door.");
    let sent = links(&rivera.page("/sent").await?, "/message/").into_iter().next().context("her message")?;
    rivera
        .until(&sent, "the tally", |html| html.contains("Coming: <strong>1</strong>") && html.contains("Not coming: <strong>1</strong>"))
        .await?;
    let inbox = rivera.until("/", "four replies", |html| links(html, "/thread/").len() >= 4).await?;
    teller.say(&format!("    Ms Rivera's inbox has {} conversations; her tally says who comes.", links(&inbox, "/thread/").len()));

    teller.say("She answers Karim; he reads it where he wrote.");
    let karim = thread_with(rivera, &inbox, "Karim Haddad").await?;
    answered(rivera, salem, &karim, "Wonderful, see you on Thursday.", "رائع، نراكم يوم الخميس.").await?;
    let (again, answer) = teller.reads(KARIM, "نراكم").await?;
    ensure!(again == karim_line, "the answer came from another number than the one the family wrote to");
    teller.quote("Karim", &answer);
    let layla = thread_with(rivera, &inbox, "Layla Mansour").await?;
    answered(rivera, salem, &layla, "Bring a clock with hands, if you have one.", "أحضروا ساعة ذات عقارب إن وجدت.").await?;
    let (_, _, clock) = teller.opens(LAYLA, "أحضروا ساعة").await?;
    teller.quote("Layla", clock.trim());
    Ok(())
}

/// A teacher answers; the interpreter puts it into the family's language.
async fn answered(teacher: &Browser, interpreter: &Browser, thread: &str, words: &str, translated: &str) -> anyhow::Result<()> {
    teacher.submit(thread, thread, &[("text", words), ("action", "send")]).await?;
    let queue = interpreter.until("/review", "the answer among what waits", |html| html.contains(words)).await?;
    for hold in links(&queue, "/review/").iter().filter(|path| !path.contains("phrases")) {
        // Names, times and numbers stand in boxes of their own on the page: a few words tell whose text it is.
        let start = words.split(',').next().unwrap_or(words);
        if interpreter.page(hold).await?.contains(start) {
            let led = interpreter.submit(hold, hold, &[("words", translated), ("action", "approve")]).await?;
            ensure!(led.starts_with("/review"), "the words were not approved: {led}");
            return Ok(());
        }
    }
    anyhow::bail!("no hold shows these words: {words}")
}

async fn two_teachers(teller: &Teller<'_>, staff: &Staff, rivera_line: &str) -> anyhow::Result<()> {
    teller.say("Mr Chen writes to the same families: each reads him on another number, so answers never mix.");
    let math = option(&staff.chen.page("/compose").await?, "Grade 2 math").context("his class")?;
    staff.chen.submit("/compose", "/compose", &form(&math, &[("phrase", "reading-at-home")])).await?;
    let (chen_line, phrase) = teller.reads(LUCIA, "Mr Chen").await?;
    teller.quote("Lucía (Spanish, a phrase)", &phrase);
    ensure!(chen_line != rivera_line, "two teachers of one family share a number though others are free");
    teller.writes(LUCIA, &chen_line, "Leemos todas las noches, gracias", "Mr Chen").await?;
    staff.chen.until("/", "Lucía's answer", |html| links(html, "/thread/").len() == 1).await?;
    teller.say("Karim does not understand it: he answers 0, and gets it in simpler words. The text was unclear, not he.");
    let (line, _) = teller.reads(KARIM, "Mr Chen").await?;
    teller.writes(KARIM, &line, "0", "Mr Chen").await?;
    let (_, plain) = teller.reads(KARIM, "اقرؤوا معا").await?;
    teller.quote("Karim", &plain);

    teller.say("Ana has two children with Ms Rivera: one text, both names.");
    let fourth = option(&staff.rivera.page("/compose").await?, "Grade 4 reading").context("her other class")?;
    staff.rivera.submit("/compose", "/compose", &form(&fourth, &[("phrase", "reading-at-home")])).await?;
    let (_, both) = teller.reads(ANA, "Bruno, Alice").await?;
    teller.quote("Ana (Portuguese)", &both);
    Ok(())
}

async fn in_every_language(teller: &Teller<'_>, staff: &Staff) -> anyhow::Result<()> {
    teller.say("The principal invites everyone to decide together. Nobody has checked these sentences yet, and every page says so.");
    for school in ["Everyone at Maple Street", "Everyone at Harbor Middle"] {
        let audience = option(&staff.principal.page("/compose").await?, school).context("her school")?;
        let arguments =
            [("phrase", "council-meeting"), ("argument-date", "2026-12-09"), ("argument-time", "18:00"), ("argument-place", "Main gym")];
        staff.principal.submit("/compose", "/compose", &form(&audience, &[&arguments[..], &[("answers", "coming")]].concat())).await?;
    }
    for (name, language, phone) in HOMES {
        let (_, words) = teller.reads(phone, "Main gym").await.with_context(|| format!("{name} reads {language}"))?;
        teller.quote(&format!("{name} ({language})"), &words);
    }
    Ok(())
}

async fn nobody_is_guessed(teller: &Teller<'_>, staff: &Staff) -> anyhow::Result<()> {
    teller.say("Carmen writes to the office's number, where nobody talks with her: she is asked, and answers with a digit.");
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
    staff.rivera.until("/", "Carmen's text", |html| html.contains("Carmen Reyes")).await?;

    teller.say("Juana's language has no words here yet: she is asked in eight languages by their own names, and chooses one.");
    let (line, names) = teller.reads(JUANA, "Español").await?;
    teller.quote("Juana (K'iche')", &names);
    let digit = names.split_whitespace().zip(names.split_whitespace().skip(1)).find(|(_, name)| *name == "Español").context("Spanish")?.0;
    teller.writes(JUANA, &line, digit, "").await?;
    let (_, hello) = teller.reads(JUANA, "mensajes de la escuela").await?;
    teller.quote("Juana", &hello);

    teller.say("A number nobody knows writes: the office reads it. Nobody is left in silence.");
    teller.writes(STRANGER, OFFICE, "Hello, is this the school?", "the office").await?;
    teller.reads(STRANGER, "We do not know this number").await?;
    staff.office.until("/by-hand", "the stranger's text", |html| html.contains("is this the school?")).await?;
    Ok(())
}

async fn by_hand(teller: &Teller<'_>, staff: &Staff) -> anyhow::Result<()> {
    teller.say(
        "Some are told by hand: Hugo, whose mailbox is gone; Paul, who has neither phone nor email; Dina, who is Deaf and has a landline.",
    );
    let office = &staff.office;
    for name in ["Hugo Ortiz", "Paul Miller", "Dina Farah"] {
        office.until("/by-hand", name, |html| html.contains(name)).await?;
    }
    let queue = office.until("/by-hand?search=dina", "both messages to Dina", |html| links(html, "/by-hand/").len() >= 2).await?;
    ensure!(queue.contains("sign-language interpreter"), "whoever calls must know that she signs");
    let mut card = String::new();
    for path in links(&queue, "/by-hand/") {
        let page = office.page(&path).await?;
        if page.contains("value=\"coming\"") {
            card = path;
        }
    }
    ensure!(!card.is_empty(), "the invitation among Dina's cards");
    office.submit(&card, &format!("{card}/take"), &[]).await?;
    office
        .submit(&card, &card, &[("answer", "coming"), ("said", "She comes with her sister, who signs."), ("result", "Relay call")])
        .await?;
    staff.principal.until("/", "what Dina said", |html| html.contains("Dina Farah")).await?;
    teller.say("    The office reaches Dina by a relay call; what she says stands in the principal's conversation, as her answer.");
    Ok(())
}

async fn private_and_dangerous(teller: &Teller<'_>, staff: &Staff) -> anyhow::Result<()> {
    teller.say("The nurse writes to Leo's family. A text says no word of health.");
    let families = staff.nurse.page("/families?search=Leo").await?;
    let family = links(&families, "/family/").into_iter().next().context("Leo")?;
    let audience = family.replace("/family/", "family:");
    let words = "Leo has a fever and should be picked up.";
    staff.nurse.submit("/compose", "/compose", &form(&audience, &[("text", words), ("weight", "urgent")])).await?;
    let (_, reach) = teller.reads(JANE, "needs to reach you").await?;
    ensure!(!reach.contains("fever"), "a health word stands in a text");
    teller.quote("Jane", &reach);

    teller.say("A text speaks of a knife: it is in the right conversation, and somebody on duty looks now.");
    let (line, _) = teller.reads(ROSA_AND_LUIS, "Class meeting").await?;
    teller.writes(ROSA_AND_LUIS, &line, "Another boy showed Diego a knife on the bus", "Ms Rivera").await?;
    staff.rivera.until("/", "it on top, marked", |html| html.contains("Read now")).await?;
    let queue = staff.principal.until("/by-hand", "a card to look at now", |html| html.contains("Look now")).await?;
    let card = links(&queue, "/by-hand/").into_iter().next().context("the first card")?;
    staff.principal.submit(&card, &format!("{card}/take"), &[]).await?;
    teller.say("    Ms Okafor has it. Had nobody taken it within five minutes, the next on duty would have been told.");
    Ok(())
}

async fn stop_and_emergency(teller: &Teller<'_>, staff: &Staff) -> anyhow::Result<()> {
    teller.say("Lucía writes PARAR: it acts at once, in her language.");
    let (line, _) = teller.reads(LUCIA, "Mr Chen").await?;
    teller.writes(LUCIA, &line, "PARAR", "").await?;
    let (_, stopped) = teller.reads(LUCIA, "salvo emergencias").await?;
    teller.quote("Lucía", &stopped);
    let audience = option(&staff.principal.page("/compose").await?, "Everyone at Maple Street").context("the school")?;
    staff
        .principal
        .submit("/compose", "/compose", &form(&audience, &[("phrase", "test"), ("answers", "none"), ("weight", "emergency")]))
        .await?;
    teller.reads(LUCIA, "PRUEBA").await.context("an emergency reaches a family that stopped")?;
    teller.say("The principal tests an emergency: it reaches every family, also those who stopped everyday texts.");
    Ok(())
}

/// The conversation of an inbox that names this family.
async fn thread_with(browser: &Browser, inbox: &str, name: &str) -> anyhow::Result<String> {
    for thread in links(inbox, "/thread/") {
        if between(&browser.page(&thread).await?, "<h1>", "</h1>").contains(name) {
            return Ok(thread);
        }
    }
    anyhow::bail!("no conversation with {name}")
}
