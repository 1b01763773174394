//! How long the pure parts take that every text goes through: counting segments, a sentence, a phrase in a language, routing, a
//! webhook's signature, a company's form, a letter read. `cargo bench -p testkit --bench pure`; figures seen are in `docs/speed.md`.

use criterion::{Criterion, criterion_group, criterion_main};
use domain::carrier::{Content, Destination, Outgoing, SmsProvider};
use domain::ports::{Candidate, ContactCard, Evidence, Recent, Route};
use domain::wire::Moment;
use domain::*;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Duration;

const ENGLISH: &str = "Ms Rivera: we learn to tell time. Tonight ask your child to read a clock. Class meeting Thu Mar 12, 5:30 PM:\n1 Coming 2 Not coming 3 Contact me 0 Not clear";
const ARABIC: &str =
    "نتعلم قراءة الساعة؛ ليقرأها طفلكم الليلة. لقاء الصف الخميس 12 مارس 5:30 مساء:\n1 سنحضر 2 لن نحضر 3 تواصلوا معي 0 غير واضح";

fn segments(bench: &mut Criterion) {
    for (name, text) in [("GSM-7, 155 characters", ENGLISH), ("UCS-2, 2 segments", ARABIC)] {
        bench.bench_function(&format!("segments: {name}"), |run| run.iter(|| sms::segments(black_box(text))));
        bench.bench_function(&format!("economy: {name}"), |run| run.iter(|| sms::economy(black_box(text))));
    }
}

/// Short texts as families and teachers write them: how many a second one core segments, and measures.
fn short_texts(bench: &mut Criterion) {
    use domain::carrier::Texts;
    const GSM: [&str; 4] = [
        "Maya was absent today. If she is ill, please answer this text: 1 Ill 2 At home 3 Call me",
        "No school tomorrow, Tuesday, because of snow. Buses do not run. We are back on Wednesday.",
        "Señora Peña: mañana la clase empieza a las 8:30, no a las 9. Traiga agua y un abrigo, por favor.",
        "Please bring the signed form [blue] by Friday; lunch costs 5€. Room 12, second floor.",
    ];
    const UNICODE: [&str; 4] = [
        "غابت مايا اليوم. إذا كانت مريضة فالرجاء الرد على هذه الرسالة: 1 مريضة 2 في البيت 3 اتصلوا بي",
        "Mañana no hay clase por la nieve. Los autobuses no circulan; volvemos el sábado a las ocho.",
        "कल स्कूल बंद रहेगा, कृपया बच्चे को घर पर रखें और फोन पर खबर करें; गणित की किताब साथ रखें",
        "Great work today 👏🏽 see you tomorrow at nine, and bring the family 👨‍👩‍👧‍👦 to the garden!",
    ];
    let mut group = bench.benchmark_group("four short texts");
    group.throughput(criterion::Throughput::Elements(4));
    for (name, texts) in [("GSM-7", GSM), ("UCS-2", UNICODE)] {
        group.bench_function(format!("segments: {name}"), |run| run.iter(|| black_box(texts).map(|text| sms::segments(text).segments)));
        group.bench_function(format!("measure: {name}"), |run| {
            run.iter(|| black_box(texts).map(|text| sms::Codec.measure(text, Default::default()).segments))
        });
    }
    let spanish = UNICODE[1];
    let link = sms::text::Link { shifts: sms::text::Shifts::All, ..Default::default() };
    group.throughput(criterion::Throughput::Elements(1));
    group.bench_function("segments: all national tables tried", |run| run.iter(|| sms::segments_over(black_box(spanish), link)));
    group.finish();
}

fn sentences(bench: &mut Criterion) {
    let catalogue = localization::Catalogue::shipped();
    let speech = messaging::Speech::default();
    for language in ["en", "ar"] {
        let arguments = [("school", "Maple School"), ("teacher", "Ms Rivera")];
        assert!(catalogue.say(language, "stopped", &arguments).is_some_and(|text| text.contains("Ms Rivera")), "nothing is measured");
        bench.bench_function(&format!("a sentence: {language}"), |run| {
            run.iter(|| catalogue.say(black_box(language), "stopped", black_box(&arguments)));
        });
        bench.bench_function(&format!("an answer line of four: {language}"), |run| {
            run.iter(|| {
                let digits = domain::menu::digits(message::AnswerSet::Coming, 1);
                digits
                    .iter()
                    .filter_map(|(_, answer)| speech.answer_word(black_box(language), *answer))
                    .map(|word| word.len())
                    .sum::<usize>()
            });
        });
        let school = people::School {
            id: SchoolId(1),
            name: "Maple School".into(),
            short_name: "Maple".into(),
            zone: None,
            phone: "203-555-0100".into(),
        };
        let setting = speech.setting_arguments(&school, "Ms Rivera");
        let none = BTreeMap::new();
        assert!(speech.plain(language, "reading-at-home", &none, &setting).is_some(), "nothing is measured");
        bench.bench_function(&format!("a phrase, plain: {language}"), |run| {
            run.iter(|| speech.plain(black_box(language), "reading-at-home", &none, &setting));
        });
    }
}

fn routing(bench: &mut Criterion) {
    let teacher = |staff: i64| Candidate {
        staff: StaffId(staff),
        title: "Ms Rivera".into(),
        teaches: "reading".into(),
        student: Some(StudentId(1)),
        school: SchoolId(1),
    };
    let card = ContactCard {
        contact: ContactId(1),
        channel: people::Channel::Sms,
        address: String::new(),
        guardians: vec![],
        children: vec![],
        candidates: (1..6).map(teacher).collect(),
        blocked: 0,
        stopped_staff: vec![],
        suspended: false,
        confirmed: true,
    };
    let recent = |index: i64, staff| Recent {
        delivery: DeliveryId(index),
        speaks_for: StaffId(staff),
        student: None,
        at: Time(index),
        message: MessageId(1),
    };
    let came = messaging::Came { at: Time(100), known: true, office: false, addressed: None };
    let route = |staff| Route { staff: StaffId(staff), student: Some(StudentId(1)), at: Time(0) };
    let one = Evidence { routes: vec![route(1)], recent: (0..20).map(|index| recent(index, 1)).collect(), ..Evidence::default() };
    let several = Evidence {
        routes: vec![route(1), route(2)],
        recent: (0..20).map(|index| recent(index, 1 + index % 3)).collect(),
        ..Evidence::default()
    };
    assert!(matches!(messaging::decide(&one, &card, &came), messaging::Decision::Thread { .. }));
    assert!(matches!(messaging::decide(&several, &card, &came), messaging::Decision::Ask(named) if named.len() == 5));
    // Of a hundred thousand lines one after another, far apart: none of them lies in a cache.
    let short = |evidence: &Evidence| Evidence { recent: evidence.recent[..6].to_vec(), ..evidence.clone() };
    let lines: Vec<Evidence> = (0..100_000).map(|index| short(if index % 10 == 0 { &several } else { &one })).collect();
    let people: Vec<(StaffId, String)> = (1..6).map(|staff| (StaffId(staff), format!("Ms Rivera-{staff}"))).collect();
    let text = "Good morning, she forgot her reading book at home today and will bring it tomorrow, thank you";
    let mut next = 0;
    bench.bench_function("routing: one of 100,000 lines, whom it addresses and where it goes", |run| {
        run.iter(|| {
            next = (next + 7919) % lines.len();
            let addressed = messaging::addressed(black_box(text), &people);
            messaging::decide(&lines[next], &card, &messaging::Came { addressed, ..came })
        });
    });
    bench.bench_function("routing: one conversation", |run| run.iter(|| messaging::decide(black_box(&one), &card, &came)));
    bench.bench_function("routing: a question of five", |run| run.iter(|| messaging::decide(black_box(&several), &card, &came)));
}

fn wire(bench: &mut Criterion) {
    let form: Vec<(String, String)> = [
        ("MessageSid", "SM0123456789abcdef0123456789abcdef"),
        ("From", "+12035550101"),
        ("To", "+12035550190"),
        ("Body", ENGLISH),
        ("NumSegments", "1"),
        ("AccountSid", "AC0123456789abcdef0123456789abcdef"),
        ("ApiVersion", "2010-04-01"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    let url = "https://homeword.example/hooks/twilio/1";
    bench.bench_function("a webhook's signature", |run| run.iter(|| sms::signature("12345", black_box(url), black_box(&form))));
    let twilio = sms::Twilio::new(sms::TwilioSettings {
        base_url: "https://api.twilio.com".into(),
        account: "AC0123456789abcdef0123456789abcdef".into(),
        tokens: vec!["12345".into()],
        status_callback: "https://homeword.example/hooks/twilio/status".into(),
        messaging_service: None,
        outcome: sms::Outcome::Blind,
        slowest: Duration::from_secs(60),
    });
    let moment = Moment { now: Time(1_773_151_200_000_000), nonce: 0 };
    for (name, text) in [("GSM-7", ENGLISH), ("UCS-2", ARABIC)] {
        let outgoing = Outgoing {
            district: DistrictId(1),
            delivery: DeliveryId(3_718_000_000_000_000),
            attempt: 1,
            sender: SenderId(7),
            from: "+12035550190".into(),
            to: Destination::Phone("+12035550101".into()),
            content: Content::Text(text.into()),
            useful_until: Time(1_773_251_200_000_000),
            begin_before: Time::NEVER,
        };
        bench.bench_function(&format!("a company's form: {name}"), |run| run.iter(|| twilio.submit(black_box(&outgoing), &moment)));
    }
}

/// Replies of families and what machines write back, as the fixtures have them: how many a second one core reads.
fn letters(bench: &mut Criterion) {
    use domain::letter::Letters;
    let post = email::Post::new(vec![], testkit::mail_words());
    for set in ["letters", "reports"] {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../email/fixtures").join(set);
        let folders =
            std::fs::read_dir(folder).expect("fixtures").map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir());
        let files = folders.flat_map(|folder| std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()));
        let files = files.filter(|path| path.extension().is_some_and(|kind| kind == "eml"));
        let all: Vec<Vec<u8>> = files.map(|path| std::fs::read(path).expect("a letter")).collect();
        assert!(all.len() > 200, "nothing is measured");
        let mut group = bench.benchmark_group(format!("{} {set}", all.len()));
        group.throughput(criterion::Throughput::Elements(all.len() as u64));
        group.bench_function("read", |run| {
            run.iter(|| all.iter().map(|raw| post.read(black_box(raw), None).text.reveal().len()).sum::<usize>())
        });
        group.finish();
    }
}

/// One letter of usual size, signed with RSA of 2048 bits: how many a second one core does.
fn signatures(bench: &mut Criterion) {
    let pem = include_str!("../../email/fixtures/dkim/rsa.pem");
    let signer = email::Signer::new("maple.example", "one", pem).expect("a key");
    let head = "From: Ms Rivera <school@maple.example>\r\nReply-To: <reply+x@maple.example>\r\nTo: <layla@families.example>\r\nSubject: =?utf-8?b?2LHYs9in2YTYqQ==?=\r\nDate: Tue, 10 Mar 2026 12:00:00 +0000\r\nMessage-ID: <1.2.3@maple.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nList-Unsubscribe: <https://x.example>\r\n\r\n";
    let raw = format!("{head}{}", "We learn to tell time this week. Ask your child to read a clock.\r\n".repeat(60));
    assert!(email::signed(std::slice::from_ref(&signer), "school@maple.example", raw.as_bytes()).is_some(), "nothing is measured");
    let mut group = bench.benchmark_group("a letter");
    group.throughput(criterion::Throughput::Elements(1));
    group.bench_function("sign", |run| {
        run.iter(|| email::signed(std::slice::from_ref(&signer), "school@maple.example", black_box(raw.as_bytes())))
    });
    group.finish();
}

criterion_group!(pure, segments, short_texts, sentences, routing, wire, letters, signatures);
criterion_main!(pure);
