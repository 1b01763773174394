//! A teacher writes once; each family reads it in its own language.

use crate::*;

#[tokio::test]
async fn a_phrase_reaches_each_family_in_its_own_language_with_its_childs_name() {
    let school = School::open().await;
    let form = school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await;
    school.sends("Ms Rivera", &form).await;
    assert!(school.reads(JANE).starts_with("Ms Rivera: this week please read with Leo"), "{}", school.reads(JANE));
    assert!(school.reads(LUCIA).contains("Sofía"), "{}", school.reads(LUCIA));
    assert!(school.reads(KARIM).starts_with("\u{200f}Ms Rivera: "), "a Latin name does not turn it around: {}", school.reads(KARIM));
    assert!(school.reads(AYAN).contains("Hodan") && !school.reads(AYAN).contains("please"), "Somali: {}", school.reads(AYAN));
    // Two children of one family with one teacher: one text, both names.
    let fourth = school.to_class("Grade 4 reading", phrase("reading-at-home", &[])).await;
    school.sends("Ms Rivera", &fourth).await;
    let ana = school.reads("+18605550101");
    assert!(ana.contains("Bruno, Alice") && school.texts("+18605550101").len() == 1, "{ana}");
    // Two guardians on one phone, of two languages: one text each.
    assert_eq!(school.texts(ROSA_AND_LUIS).len(), 2);
    let letters = school.mailbox(LAYLA);
    assert!(letters.len() == 1 && letters[0].0.text.reveal().contains("Rami"), "email only");
    assert!(school.has_task("Miller", TaskKind::NotReached).await, "neither phone nor email: by hand");
    school.ends().await;
}

#[tokio::test]
async fn the_preview_counts_before_anything_is_written_and_warns() {
    let school = School::open().await;
    let rivera = school.person("Ms Rivera").await;
    let form = school
        .to_class("Grade 2 reading", phrase("class-meeting", &[("date", "2026-03-12"), ("time", "17:30"), ("place", "room 12")]))
        .await;
    let preview = school.flows.preview(&rivera, &form).await.expect("a preview");
    assert_eq!(preview.languages.iter().map(|row| row.families).sum::<usize>(), preview.line.families);
    let spanish = preview.languages.iter().find(|row| row.language == "es").expect("Spanish");
    assert!(spanish.text.contains("jueves") && spanish.segments >= 1 && spanish.from == WordsFrom::PhraseDraft, "{spanish:?}");
    assert!(preview.line.not_included >= 1, "{:?}", preview.line);
    let known = preview.languages.iter().filter(|row| row.language != "und").count();
    let told = (preview.line.languages_now + preview.line.languages_waiting, preview.line.language_asked, preview.names_child);
    assert_eq!(told, (known, 1, false), "who is asked for a language is counted apart");
    assert_eq!(preview.useful_until, at("2026-03-12T17:30"), "a meeting is of use until it begins");
    let form = school.to_family("Leo Baker", free("Tomorrow Leo sits with Amina.")).await;
    let preview = school.flows.preview(&rivera, &form).await.expect("a preview");
    assert!(preview.warnings.contains(&messaging::Warning::OtherPupil("Amina".into())), "{:?}", preview.warnings);
    assert!(preview.warnings.contains(&messaging::Warning::RelativeDay("tomorrow".into())));
    assert!(school.texts(JANE).is_empty(), "nothing was written");
    for bad in [free("  "), phrase("class-meeting", &[("date", "soon")])] {
        let form = school.to_class("Grade 2 reading", bad).await;
        assert!(matches!(school.flows.preview(&rivera, &form).await, Err(messaging::FlowFault::Invalid(_))));
    }
    school.ends().await;
}

#[tokio::test]
async fn learning_stands_in_fields_of_its_own_in_each_language() {
    let school = School::open().await;
    let mut form = school.to_class("Grade 2 reading", free("Hello from class.")).await;
    form.learning.try_at_home = "Read a clock together.".into();
    school.sends("Ms Rivera", &form).await;
    assert!(school.reads(JANE).contains("Try at home: Read a clock together."), "{}", school.reads(JANE));
    school.ends().await;
}

#[tokio::test]
async fn what_is_taken_back_in_time_never_leaves_and_a_form_sent_twice_is_one_message() {
    let school = School::open().await;
    let form = school.to_class("Grade 2 reading", free("Please bring a hat on Friday.")).await;
    let id = school.writes_down("Ms Rivera", &form).await;
    let rivera = school.person("Ms Rivera").await;
    assert!(!school.flows.send(&rivera, &form).await.expect("answered").1, "the first one stays");
    assert!(school.texts(JANE).is_empty(), "for a minute nothing leaves");
    school.flows.withdraw(&rivera, id).await.expect("taken back");
    school.later(5).await;
    assert!(school.texts(JANE).is_empty());
    let chen = school.person("Mr Chen").await;
    assert!(school.flows.withdraw(&chen, id).await.is_err(), "what is not his answers like what is absent");
    school.ends().await;
}

#[tokio::test]
async fn a_message_for_later_leaves_then_and_once() {
    let school = School::open().await;
    let mut form = school.to_class("Grade 2 reading", free("Library day is here.")).await;
    form.send_at = Some(at("2026-03-11T08:30"));
    school.writes_down("Ms Rivera", &form).await;
    school.until(at("2026-03-11T08:29")).await;
    assert!(school.texts(JANE).is_empty());
    school.until(at("2026-03-11T08:31")).await;
    school.later(60).await;
    assert_eq!(school.texts(JANE).len(), 1);
    school.ends().await;
}

#[tokio::test]
async fn at_night_everyday_messages_wait_for_the_morning_and_an_emergency_does_not() {
    let school = School::open().await;
    school.until(at("2026-03-10T22:00")).await;
    let form = school.to_class("Grade 2 reading", free("Books are due this week.")).await;
    school.sends("Ms Rivera", &form).await;
    assert!(school.texts(JANE).is_empty(), "quiet hours");
    let everyone = Audience::School { school: school.person("Ms Rivera").await.schools[0] };
    let mut alarm = school.form(everyone, phrase("closed", &[("date", "2026-03-11"), ("reason", "snow")]));
    (alarm.weight, alarm.answers) = (Weight::Emergency, AnswerSet::None);
    school.sends("Ms Okafor", &alarm).await;
    assert!(school.reads(JANE).contains("NO SCHOOL"), "{}", school.reads(JANE));
    school.until(at("2026-03-11T07:00")).await;
    assert!(school.reads(JANE).contains("Books are due"));
    school.ends().await;
}

#[tokio::test]
async fn an_emergency_in_words_nobody_checked_stands_above_the_original() {
    let school = School::open().await;
    let everyone = Audience::School { school: school.person("Ms Rivera").await.schools[0] };
    let mut alarm = school.form(everyone, phrase("do-not-come", &[]));
    (alarm.weight, alarm.answers) = (Weight::Emergency, AnswerSet::None);
    school.sends("Ms Okafor", &alarm).await;
    let texts = school.texts(KARIM);
    assert_eq!(texts.len(), 2, "the draft, then the original: {texts:?}");
    assert!(texts[0].1.contains("لا تأتوا") && texts[1].1.contains("do NOT come"), "{texts:?}");
    assert!(!texts[1].1.starts_with('\u{200f}'), "the original goes its own direction");
    school.ends().await;
}

#[tokio::test]
async fn a_correction_goes_to_exactly_those_and_replaces_what_had_not_gone() {
    let school = School::open().await;
    school.air.fault(LUCIA, Some(Fault::Down));
    let first = school
        .sends(
            "Ms Rivera",
            &school
                .to_class("Grade 2 reading", phrase("homework-help", &[("date", "2026-03-12"), ("time", "15:00"), ("place", "room 2")]))
                .await,
        )
        .await;
    assert!(school.reads(JANE).contains("3:00 PM") && school.texts(LUCIA).is_empty());
    school.air.fault(LUCIA, None);
    let mut correction = school.form(
        Audience::SameAs { message: first },
        phrase("homework-help", &[("date", "2026-03-12"), ("time", "16:00"), ("place", "room 2")]),
    );
    correction.corrects = Some(first);
    school.sends("Ms Rivera", &correction).await;
    school.later(30).await;
    assert!(school.reads(JANE).starts_with("Correction.") && school.reads(JANE).contains("4:00 PM"), "{}", school.reads(JANE));
    let lucia: Vec<String> = school.texts(LUCIA).into_iter().map(|(_, text)| text).collect();
    assert!(lucia.len() == 1 && lucia[0].contains("4:00"), "the wrong one never left: {lucia:?}");
    assert!(school.texts(STRANGER).is_empty());
    school.ends().await;
}
