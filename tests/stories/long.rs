//! Long messages, and what a message comes to before it is sent.

use crate::*;
use domain::carrier::{Capacity, Texts};
use domain::people::Channel;
use domain::price::Price;
use messaging::{Leaves, Terms, Whole};

/// A school whose texts cost something, and which links after so many segments.
async fn priced(link_after: u16) -> School {
    let price = Price::read("0.0079", "USD");
    School::wired(|_| {}, |ports| ports.carriers = ports.carriers.clone().on("", Terms { price, link_after })).await
}

/// Segments of everything these phones got.
fn on_the_bill(school: &School, phones: &[String]) -> u64 {
    let each = |text: &str| u64::from(sms::Codec.measure(text, Capacity::default()).segments);
    phones.iter().flat_map(|phone| school.texts(phone)).map(|(_, text)| each(&text)).sum()
}

/// All phones of the sample.
async fn phones(school: &School) -> Vec<String> {
    let audience = Audience::School { school: school.person("Ms Rivera").await.schools[0] };
    let people = &school.flows.ports().people;
    let rows = people.reach(school.district, &audience, school.now(), GuardianId(0), 1000).await.expect("read");
    let mut all: Vec<String> = rows.into_iter().filter(|row| row.address.starts_with('+')).map(|row| row.address).collect();
    all.sort();
    all.dedup();
    all
}

/// Words of about so many letters, a new one in each line.
fn words(letters: usize) -> String {
    let mut text = String::from("On Thursday we go to the museum. Please read what your child needs for the day:");
    let mut line = 0;
    while text.len() < letters {
        line += 1;
        text.push_str(&format!("\n{line}. A warm coat, a lunch without nuts and a bottle with water."));
    }
    text
}

/// The link in a text, without the house before it.
fn code(text: &str) -> &str {
    text.split_once("https://homeword.example/m/").map(|(_, rest)| rest.split_whitespace().next().unwrap_or_default()).unwrap_or_default()
}

#[tokio::test]
async fn what_a_message_comes_to_is_said_before_it_is_sent_and_is_what_is_sent() {
    let school = priced(6).await;
    let place = school.person("Ms Rivera").await.schools[0];
    let phones = phones(&school).await;
    // Without a child's name the estimate is exact: notices, questions about the language and answers are counted as they go.
    for (weight, answers, key) in [(Weight::Routine, AnswerSet::Coming, "class-meeting"), (Weight::Emergency, AnswerSet::None, "closed")] {
        let arguments = [("date", "2026-03-12"), ("time", "17:30"), ("place", "room 12"), ("reason", "snow")];
        let mut form = school.form(Audience::School { school: place }, phrase(key, &arguments));
        (form.weight, form.answers) = (weight, answers);
        let before = on_the_bill(&school, &phones);
        let preview = school.flows.preview(&school.person("Ms Okafor").await, &form).await.expect("a preview");
        assert!(preview.languages.iter().all(|row| row.waits.is_none()), "nothing waits: all of it is sent");
        school.sends("Ms Okafor", &form).await;
        let sent = on_the_bill(&school, &phones) - before;
        assert_eq!(preview.estimate.segments, sent, "{weight:?}");
        let by_text: usize = preview.languages.iter().map(|row| row.by_sms).sum();
        assert!(sent > by_text as u64, "some languages need two");
        let cost = preview.estimate.cost.expect("a price is configured");
        assert_eq!(cost.millionths, i128::from(sent) * 7_900);
    }
    // With names it is an upper bound.
    let form = school.form(Audience::School { school: place }, phrase("reading-at-home", &[]));
    let before = on_the_bill(&school, &phones);
    let preview = school.flows.preview(&school.person("Ms Okafor").await, &form).await.expect("a preview");
    school.sends("Ms Okafor", &form).await;
    let sent = on_the_bill(&school, &phones) - before;
    assert!(sent <= preview.estimate.segments && sent * 2 > preview.estimate.segments, "{sent} of {}", preview.estimate.segments);
    school.ends().await;
    // Nobody said a price: none is made up.
    let free_of_price = School::open().await;
    let form = free_of_price.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await;
    let preview = free_of_price.flows.preview(&free_of_price.person("Ms Rivera").await, &form).await.expect("a preview");
    assert!(preview.estimate.cost.is_none() && preview.price.is_none() && preview.estimate.segments > 0);
    free_of_price.ends().await;
}

#[tokio::test]
async fn when_the_last_text_leaves_follows_the_rate_what_waits_and_the_brands_day() {
    let school = priced(6).await;
    let ports = school.flows.ports();
    let place = school.person("Ms Rivera").await.schools[0];
    let principal = school.person("Ms Okafor").await;
    let mut office =
        ports.people.senders(school.district).await.expect("senders").into_iter().find(|one| one.address == OFFICE).expect("one");
    let form = || school.form(Audience::School { school: place }, phrase("reading-at-home", &[]));
    let last = async |form: &messaging::Draft| {
        let preview = school.flows.preview(&principal, form).await.expect("a preview");
        let by_text: usize = preview.languages.iter().filter(|row| row.waits.is_none()).map(|row| row.by_sms).sum();
        (preview.estimate.last, preview.opens, by_text as i64)
    };
    office.rate = 0.1;
    ports.directory.save_sender(school.district, &office).await.expect("saved");
    let (slow, opens, texts) = last(&form()).await;
    assert_eq!(slow, Some(Leaves::By(opens.plus_seconds((texts - 1) * 10))), "a text in ten seconds");
    // Ten a day for the whole brand: the last ones leave days later, in the morning, or not while they are of use.
    (office.rate, office.brand, office.daily) = (10.0, "maple".into(), 10);
    ports.directory.save_sender(school.district, &office).await.expect("saved");
    let mut long_of_use = form();
    long_of_use.useful_until = Some(school.now().plus_days(20));
    let (capped, _, texts) = last(&long_of_use).await;
    let days = (texts - 1) / 10;
    let expected = at("2026-03-10T07:00").plus_days(days).0 + (texts - 1) % 10 * 100_000;
    assert_eq!(capped, Some(Leaves::By(Time(expected))), "{texts} texts, {days} days");
    let mut soon_over = form();
    soon_over.useful_until = Some(school.now().plus_hours(3));
    assert_eq!(last(&soon_over).await.0, Some(Leaves::TooLate));
    // What was sent today is gone from the day, and what waits goes first.
    school.sends("Ms Okafor", &long_of_use).await;
    let ahead = ports.views.ahead(school.district, &office, Lane::Broadcast, domain::time::carrier_day(school.now())).await.expect("read");
    assert_eq!((ahead.spent, ahead.waiting), (10, texts - 10));
    assert_eq!(ports.views.ahead(school.district, &office, Lane::Reply, 0).await.expect("read"), domain::views::Ahead::default());
    let mut another = form();
    another.useful_until = Some(school.now().plus_days(20));
    let later = last(&another).await.0;
    let both = (2 * texts - 1) / 10;
    let expected = at("2026-03-10T07:00").plus_days(both).0 + (2 * texts - 1) % 10 * 100_000;
    assert_eq!(later, Some(Leaves::By(Time(expected))), "behind what waits");
    school.ends().await;
}

#[tokio::test]
async fn what_its_company_would_refuse_goes_as_a_link_however_few_segments_it_is() {
    let school = priced(6).await;
    let form = async || school.to_class("Grade 2 reading", free(&words(300))).await;
    school.sends("Ms Rivera", &form().await).await;
    let whole = school.reads(JANE);
    assert!(code(&whole).is_empty() && whole.encode_utf16().count() > 200, "three segments go as they are: {whole}");
    school.air.takes_at_most(200);
    school.sends("Ms Rivera", &form().await).await;
    let short = school.reads(JANE);
    assert!(!code(&short).is_empty() && short.encode_utf16().count() <= 200, "{short}");
    school.ends().await;
}

#[tokio::test]
async fn a_long_message_goes_as_its_first_words_and_a_link_to_this_one_message() {
    let school = priced(3).await;
    let mut form = school.to_class("Grade 2 reading", free(&words(900))).await;
    form.answers = AnswerSet::Coming;
    let preview = school.flows.preview(&school.person("Ms Rivera").await, &form).await.expect("a preview");
    let english = preview.languages.iter().find(|row| row.language == "en").expect("English");
    assert!(english.linked && english.segments <= 2 && english.text.contains("bottle with water"), "{english:?}");
    let id = school.sends("Ms Rivera", &form).await;
    let text = school.reads(JANE);
    assert!(text.starts_with("Ms Rivera: On Thursday we go to the museum"), "{text}");
    assert!(text.contains("Read all of it here:\nhttps://homeword.example/m/") && text.contains("1 Coming"), "{text}");
    assert!(sms::Codec.measure(&text, Capacity::default()).segments <= 2, "{text}");
    let (first_words, _) = text.split_once("\n1 Coming").expect("its answers");
    assert_eq!(sms::Codec.measure(first_words, Capacity::default()).segments, 1, "{first_words}");
    // Answers are answers.
    school.answers(JANE, "1").await;
    let view = school.flows.ports().views.message_view(school.district, id).await.expect("read").expect("a message");
    assert_eq!(view.tally, [(Answer::Coming, 1)]);

    let Whole::Here(page) = school.flows.whole(code(&text)).await.expect("read") else { panic!("the link opens nothing") };
    assert_eq!((page.language.as_str(), page.author.as_str(), page.original), ("en", "Ms Rivera", None));
    assert!(page.text.ends_with("a bottle with water."), "{}", page.text);
    // A family of a language without words: its notice, and the original.
    school.later(90).await;
    let karim = school.texts(KARIM).into_iter().map(|(_, text)| text).find(|text| !code(text).is_empty()).expect("a link");
    assert!(karim.contains("الرسالة كاملة:"), "{karim}");
    assert!(!karim.contains("\n1 "), "its answers stand under the notice, where they can be read: {karim}");
    assert!(school.texts(KARIM).iter().any(|(_, text)| code(text).is_empty() && text.contains("\n1 ")), "{:?}", school.texts(KARIM));
    let Whole::Here(page) = school.flows.whole(code(&karim)).await.expect("read") else { panic!("the link opens nothing") };
    assert!(page.language == "ar" && page.text_language == "en" && !page.notice.is_empty(), "{page:?}");
    // Each link is its own; another's end, another delivery, another day open nothing.
    assert_ne!(code(&text), code(&karim));
    let other = if code(&text).ends_with('A') { 'Q' } else { 'A' };
    for forged in ["", "x", &code(&text)[1..], &format!("{}{other}", &code(&text)[..46]), "../sign-in"] {
        assert!(matches!(school.flows.whole(forged).await, Ok(Whole::Absent)), "{forged}");
    }
    school.until(at("2026-04-09T12:00")).await;
    assert!(matches!(school.flows.whole(code(&text)).await, Ok(Whole::Here(_))), "thirty days");
    school.until(at("2026-04-10T12:00")).await;
    let Ok(Whole::Ended { language, words }) = school.flows.whole(code(&karim)).await else { panic!("it ends") };
    assert!(language == "ar" && words.contains("المدرسة"), "{words}");
    school.ends().await;
}

#[tokio::test]
async fn translated_words_stand_on_the_page_with_the_original_beneath_and_name_no_child() {
    let school = priced(1).await;
    let mut form = school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await;
    form.learning.try_at_home = String::new();
    form.learning.learning = String::new();
    school.sends("Ms Rivera", &form).await;
    let text = school.reads(KARIM);
    assert!(!code(&text).is_empty() && !text.contains("please read"), "two segments are more than one: {text}");
    let Whole::Here(page) = school.flows.whole(code(&text)).await.expect("read") else { panic!("the link opens nothing") };
    assert!(page.text.contains("طفلكم") && !page.text.contains("Amina") && page.text_language == "ar", "{page:?}");
    let (heading, original, language) = page.original.expect("the original");
    assert!(heading == "الأصل بالإنجليزية" && language == "en", "{heading}");
    assert!(original.contains("please read with your child ten minutes a day"), "{original}");
    school.ends().await;
}

#[tokio::test]
async fn an_emergency_an_urgent_word_and_a_nurses_matter_never_are_links() {
    let school = priced(1).await;
    let mut form = school.form(Audience::School { school: school.person("Ms Rivera").await.schools[0] }, free(&words(900)));
    form.weight = Weight::Emergency;
    let preview = school.flows.preview(&school.person("Ms Okafor").await, &form).await.expect("a preview");
    assert!(preview.languages.iter().all(|row| !row.linked && row.segments > 5), "{:?}", preview.languages);
    school.sends("Ms Okafor", &form).await;
    let mut urgent = school.to_family("Leo Baker", free(&words(700))).await;
    urgent.weight = Weight::Urgent;
    school.sends("Ms Okafor", &urgent).await;
    let private = school.to_family("Leo Baker", free(&words(800))).await;
    school.sends("Nurse Lopes", &private).await;
    let all: Vec<String> = school.texts(JANE).into_iter().map(|(_, text)| text).collect();
    assert!(all.len() >= 3 && all.iter().all(|text| code(text).is_empty()), "{all:?}");
    // The proof of a nurse's delivery, had somebody made one, opens nothing.
    let view = school.flows.ports().views.sent(school.district, None, &[], 10).await.expect("read");
    let nurse = view.iter().find(|row| row.author == "Nurse Lopes").expect("sent").message;
    let card = school.flows.ports().people.contact_at(school.district, Channel::Sms, JANE).await.expect("read").expect("a contact");
    let delivery = school.flows.ports().outbound.delivery_to(school.district, nurse, card).await.expect("read").expect("one");
    let link = domain::letter::PageLink { district: school.district, delivery, last_day: u16::MAX };
    let code = school.flows.ports().letters.page_code(link);
    assert!(matches!(school.flows.whole(&code).await, Ok(Whole::Absent)));
    school.ends().await;
}
