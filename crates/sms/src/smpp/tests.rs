//! Reading and writing without a socket: another's codec as a witness, what centers really send, and noise.

#[path = "../../../../fuzz/src/mutation.rs"]
mod mutation;

use super::pdu::{Body, Delivered, Number, command, header, tag, write};
use super::receipt::{self, Receipt};
use super::settings::{Ids, Long, SmppSettings};
use super::*;
use crate::company::Given;
use crate::text::Shifts;
use domain::carrier::Part;
use domain::{DeliveryId, DistrictId, SenderId, Time};
use proptest::prelude::*;
use rusmpp::decode::DecodeWithLength;
use rusmpp::{Command, Pdu};
use std::collections::BTreeMap;

pub(super) const NOW: Time = Time(1_790_000_000_000_000);

/// A sink that takes everything and forgets it.
struct Forgets;
#[async_trait::async_trait]
impl Sink for Forgets {
    async fn take(&self, _heard: Vec<Heard>) -> Result<(), NotTaken> {
        Ok(())
    }
}

pub(super) fn settings(change: &[(&str, &str)]) -> Result<SmppSettings, crate::Wrong> {
    let defaults = crate::smpp_settings::LINK.settings.iter().map(|one| (one.name.to_owned(), one.default.unwrap_or("").to_owned()));
    let mut values: BTreeMap<String, String> = defaults.collect();
    let own = [("host", "127.0.0.1"), ("system_id", "school"), ("password", "secret08"), ("tls", "no")];
    values.extend(own.iter().chain(change).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    SmppSettings::read(&Given { hook: "https://homeword.example/hooks/sms/center".into(), slowest: Duration::from_secs(30), values })
}

fn link(change: &[(&str, &str)]) -> Smpp {
    let moment = Arc::new(|| Moment { now: NOW, nonce: 1 << 63 });
    Smpp::new(settings(change).expect("settings"), moment, Arc::new(Forgets))
}

pub(super) fn outgoing(number: i64, text: &str) -> Outgoing {
    Outgoing {
        district: DistrictId(1),
        delivery: DeliveryId(number),
        attempt: 1,
        sender: SenderId(4),
        from: "+12035550199".into(),
        to: Destination::Phone(Phone::from(format!("+1203555{:04}", number % 10_000))),
        content: Content::Text(domain::mask::Body::new(text.to_owned())),
        useful_until: NOW.plus_minutes(90),
        begin_before: Time::NEVER,
    }
}

fn delivered(esm_class: u8, data_coding: u8, octets: &[u8]) -> Delivered {
    let from = Number { ton: 1, npi: 1, digits: "12035550100".into() };
    let to = Number { ton: 1, npi: 1, digits: "12035550199".into() };
    Delivered { from, to, esm_class, data_coding, octets: octets.to_vec(), options: vec![] }
}

fn witnessed(octets: &[u8]) -> Command {
    let mut rest = bytes::BytesMut::from(&octets[4..]);
    let length = rest.len();
    let (command, read) = Command::decode(&mut rest, length).expect("another's codec reads it");
    assert_eq!(read, length, "and nothing is left over");
    command
}

#[test]
fn another_codec_reads_what_we_write() {
    let texts = [
        ("Reading folder tomorrow, {[~]} €", 0, 1),
        ("Мы закрыты завтра", 8, 1),
        (&"The school is closed. ".repeat(20), 0, 3),
        (&"Школа закрыта 🏫 ".repeat(20), 8, 6),
    ];
    for (text, coding, count) in texts {
        for (long, setting) in [(Long::Header, "udh"), (Long::Payload, "payload")] {
            let link = link(&[("long", setting)]);
            let sms = outgoing(100, text);
            let (messages, segments) = text::messages(text, long, Shifts::None, 7).expect("short enough");
            assert_eq!((messages.len(), usize::from(segments)), (if long == Long::Header { count } else { 1 }, count));
            let mut read = String::new();
            for message in &messages {
                let octets = write(command::SUBMIT_SM, 0, 9, &link.body(&sms, "+12035550100", message));
                let command = witnessed(&octets);
                let Some(Pdu::SubmitSm(pdu)) = command.pdu() else { panic!("no submit_sm") };
                assert_eq!((pdu.source_addr.as_str(), pdu.destination_addr.as_str()), ("12035550199", "12035550100"));
                assert_eq!(pdu.validity_period.as_str(), "000000013000000R", "an hour and a half");
                assert_eq!(u8::from(pdu.data_coding), coding);
                assert_eq!(u8::from(pdu.registered_delivery), 1);
                let again = Delivered::deliver_sm(&octets[16..]);
                assert!(again.octets.len() <= 159 || message.payload);
                let (piece, part) = text::read(&again);
                assert_eq!(part.is_some(), messages.len() > 1);
                read.push_str(&piece);
            }
            assert_eq!(read, text);
        }
    }
}

#[test]
fn national_tables_go_out_where_the_center_passes_them() {
    let text = "Öğrenci yarın gelmeyecek; ateşi var. Şimdi arayın. ".repeat(2);
    let (plain, segments) = text::messages(&text, Long::Header, Shifts::None, 1).expect("short");
    assert_eq!((plain.len(), segments, plain[0].data_coding), (2, 2, 8));
    let (tables, segments) = text::messages(&text, Long::Header, Shifts::All, 1).expect("short");
    assert_eq!((tables.len(), segments, tables[0].data_coding, tables[0].esm_class), (1, 1, 0, 0x40));
    assert_eq!(text::read(&delivered(0x40, 0, &tables[0].octets)), (text, None));
}

#[test]
fn a_text_is_measured_as_it_goes_out() {
    use domain::carrier::{Carrier, Texts};
    let texts = [
        "Öğrenci yarın gelmeyecek; ateşi var. ",
        "कल स्कूल बंद है। ",
        "Mañana no habrá clases. ",
        "Tomorrow there is no school. ",
        "明天不上课。",
    ];
    for text in texts.iter().flat_map(|text| [1, 3, 9, 30].map(|times| text.repeat(times))) {
        for (said, shifts) in [("no", Shifts::None), ("yes", Shifts::All)] {
            let (messages, segments) = text::messages(&text, Long::Header, shifts, 1).expect("short");
            let measured = crate::Codec.measure(&text, link(&[("tables", said)]).abilities().capacity);
            assert_eq!((usize::from(measured.segments), segments), (messages.len(), measured.segments), "{text}");
        }
    }
}

#[test]
fn what_another_codec_writes_is_read() {
    use rusmpp::encode::owned::Encode;
    use rusmpp::pdus::DeliverSm;
    use rusmpp::tlvs::MessageDeliveryRequestTlvValue as Option_;
    use rusmpp::types::{COctetString, OctetString};
    use rusmpp::values::{DataCoding, EsmClass, MessageState, Npi, Ton};
    let string = |text: &str| COctetString::from_string(text.to_owned()).expect("short");
    let pdu = DeliverSm::builder()
        .source_addr_ton(Ton::International)
        .source_addr_npi(Npi::Isdn)
        .source_addr(string("12035550100"))
        .dest_addr_ton(Ton::NetworkSpecific)
        .destination_addr(string("12035550199"))
        .esm_class(EsmClass::from(4))
        .data_coding(DataCoding::from(3))
        .short_message(OctetString::from_slice(b"id:0299 stat:DELIVRD").expect("short"))
        .push_tlv(Option_::ReceiptedMessageId(COctetString::from_static_slice(b"12B\0").expect("short")))
        .push_tlv(Option_::MessageState(MessageState::Delivered))
        .build();
    let mut octets = bytes::BytesMut::new();
    pdu.encode(&mut octets);
    let read = Delivered::deliver_sm(&octets);
    assert_eq!((read.from.ton, read.from.digits.as_str(), read.to.ton), (1, "12035550100", 3));
    let receipt = receipt::read(&read).expect("a receipt");
    assert!(receipt::is_receipt(&read));
    assert_eq!((receipt.said.as_deref(), receipt.option.as_deref()), (Some("0299"), Some("12B")));
    assert_eq!(receipt.kind, ReceiptKind::Delivered);
}

#[test]
fn a_receipt_is_read_in_both_forms_and_never_from_a_familys_words() {
    let words = b"id:77 sub:001 dlvrd:000 submit date:2611270101 done date:2611270102 stat:UNDELIV err:011 text:stat:DELIVRD id:1";
    let receipt = receipt::read(&delivered(4, 0, words)).expect("a receipt");
    assert_eq!((receipt.said.as_deref(), receipt.state, receipt.done.as_str()), (Some("77"), "UNDELIV", "2611270102"));
    assert_eq!(receipt.reason().as_deref(), Some("UNDELIV 011"));
    assert!(!receipt::is_receipt(&delivered(0, 0, words)), "a family may write this");
    let spaced = receipt::read(&delivered(4, 0, b"ID: 9 Stat: delivrd Err:000")).expect("a receipt");
    assert_eq!((spaced.said.as_deref(), spaced.kind, spaced.code), (Some("9"), ReceiptKind::Delivered, None));
    let mut options = delivered(0, 0, b"");
    options.options =
        vec![(tag::RECEIPTED_MESSAGE_ID, b"AB12\0".to_vec()), (tag::MESSAGE_STATE, vec![3]), (tag::NETWORK_ERROR_CODE, vec![3, 0, 27])];
    assert!(receipt::is_receipt(&options), "some centers leave esm_class at 0");
    let expired = receipt::read(&options).expect("a receipt");
    assert_eq!(expired.reason().as_deref(), Some("EXPIRED 27"));
    assert!(matches!(expired.fault(), Some(SendFault::NotSent(_))));
    for broken in [&b"stat:DELIVRD"[..], b"id:1", b"id:1 stat:WHATEVER", b"id:1 text: stat:DELIVRD", b"id: stat:DELIVRD", b"\xff"] {
        assert_eq!(receipt::read(&delivered(4, 0, broken)), None, "{broken:?}");
    }
}

#[test]
fn texts_come_in_in_every_coding_and_in_parts() {
    let units = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    let read = |esm_class, coding, octets: &[u8]| text::read(&delivered(esm_class, coding, octets));
    assert_eq!(read(0, 0, b"\x00 \x1be 1").0, "@ € 1");
    assert_eq!(read(0, 0, b"ma\xf1ana @").0, "mañana @", "Latin-1 under the wrong name");
    assert_eq!(read(0x40, 0, b"\x03\x24\x01\x01\x1bG\x1bs").0, "Ğş", "Turkish letters");
    assert_eq!(read(0, 3, b"S\xed, ma\xf1ana").0, "Sí, mañana");
    assert_eq!(read(0, 8, &units("مرحبا 🏫")).0, "مرحبا 🏫");
    assert_eq!(read(0, 8, &[0x26]).0, "\u{fffd}", "half a unit");
    assert_eq!(read(0, 8, &[0xd8, 0x3d, 0, 0x61]).0, "\u{fffd}a", "half a pair");
    assert_eq!(read(0, 6, b"\xbf\xe0\xd8\xd2\xd5\xe2").0, "Привет");
    assert_eq!(read(0, 7, b"\xf9\xec\xe5\xed").0, "שלום");
    assert_eq!((read(0, 0xf1, b"hi").0, read(0, 0x18, &units("да")).0), ("hi".into(), "да".into()));
    assert_eq!(read(0, 1, b"a\0b").0, "ab", "no column takes a NUL");
    let part = |set: &str, number, of| Some(Part { set: set.into(), number, of });
    assert_eq!(read(0x40, 0, b"\x05\x00\x03\x2a\x03\x02two"), ("two".into(), part("8.42", 2, 3)));
    assert_eq!(read(0x40, 8, &[&b"\x06\x08\x04\x01\x02\x02\x01"[..], &units("да")].concat()), ("да".into(), part("16.258", 1, 2)));
    let ports = b"\x0b\x05\x04\x0b\x84\x23\xf0\x00\x03\x01\x02\x02x";
    assert_eq!(read(0x40, 0, ports), ("x".into(), part("8.1", 2, 2)), "other elements are passed over");
    for odd in [&b"\x05\x00\x03\x2a\x03\x04"[..], b"\x05\x00\x03\x2a\x03\x00", b"\x05\x00\x03\x2a\x01\x01", b"\x02\x00\x03"] {
        assert_eq!(read(0x40, 0, odd).1, None, "{odd:?} is no part");
    }
    assert_eq!(read(0x40, 0, b"\x20abc").0, " abc", "a header longer than the message is none");
    let mut sar = delivered(0, 0, b"one");
    sar.options = vec![(tag::SAR_REFERENCE, vec![1, 0]), (tag::SAR_TOTAL, vec![2]), (tag::SAR_NUMBER, vec![1])];
    assert_eq!(text::read(&sar), ("one".into(), part("sar.256", 1, 2)));
    let payload = Body::default().string("").octets(&[1, 1]).string("1203").octets(&[1, 1]).string("1204").octets(&[0, 0, 0]);
    let payload = payload.string("").string("").octets(&[0, 0, 0, 0, 0]).option(tag::MESSAGE_PAYLOAD, &[b'a'; 300]);
    assert_eq!(text::read(&Delivered::deliver_sm(&payload.0)).0, "a".repeat(300));
}

fn receipt_of(said: Option<&str>, option: Option<&str>, kind: ReceiptKind) -> Receipt {
    let (said, option) = (said.map(str::to_owned), option.map(str::to_owned));
    Receipt { said, option, kind, state: "DELIVRD", code: None, done: String::new() }
}

#[test]
fn a_receipt_finds_its_text_whichever_way_its_id_is_written() {
    let phones = ["12035550100", "12035550199"];
    let about = |ids, answered: &str, said: Option<&str>, option: Option<&str>, phones| {
        let mut known = Known::default();
        let text = known.begin("1.2.3".into(), "+12035550100", 1);
        known.learn(text, 0, answered, ids);
        let about = known.about(&receipt_of(said, option, ReceiptKind::Delivered), ids, phones);
        (about.reference.is_some(), about.id)
    };
    for ids in [Ids::Auto, Ids::AsIs, Ids::HexToDecimal] {
        assert_eq!(about(ids, "uuid-7F", Some("uuid-7F"), None, phones), (true, "uuid-7F".into()), "{ids:?}");
    }
    assert_eq!(about(Ids::Auto, "12B", Some("0000000299"), None, phones), (true, "12B".into()));
    assert_eq!(about(Ids::Auto, "0012b", None, Some("12B"), phones), (true, "0012b".into()));
    assert_eq!(about(Ids::Auto, "299", None, Some("12B"), phones), (true, "299".into()), "the other way round");
    assert_eq!(about(Ids::HexToDecimal, "12B", Some("299"), None, phones), (true, "299".into()));
    assert_eq!(about(Ids::HexToDecimal, "12B", Some("299"), Some("12B"), phones), (true, "299".into()));
    assert_eq!(about(Ids::AsIs, "12B", Some("299"), None, phones), (false, "299".into()));
    let others = ["12035559999", "12035550199"];
    assert_eq!(about(Ids::Auto, "10", Some("16"), None, others), (false, "16".into()), "another family's");
    assert_eq!(about(Ids::Auto, "12B", Some("299"), None, ["12035550199", "2035550100"]), (true, "12B".into()), "numbers swapped");
    // After a restart nothing is known: what the settlement kept is what the receipt goes out with.
    let mut empty = Known::default();
    let mut alone = |ids, said, option| empty.about(&receipt_of(said, option, ReceiptKind::Delivered), ids, phones).id;
    assert_eq!(known::canonical("12B", Ids::HexToDecimal), "299");
    assert_eq!(alone(Ids::HexToDecimal, Some("0000000299"), Some("12B")), "299");
    assert_eq!(alone(Ids::HexToDecimal, None, Some("12B")), "299");
    assert_eq!(alone(Ids::Auto, Some("x"), Some("12B")), "12B");
}

#[test]
fn a_long_text_has_arrived_when_all_of_it_has() {
    let (mut known, phones) = (Known::default(), ["12035550100", ""]);
    let text = known.begin("1.2.3".into(), "+12035550100", 3);
    for part in 0..3 {
        known.learn(text, part, &format!("p{part}"), Ids::Auto);
    }
    let mut kind = |id, kind| known.about(&receipt_of(Some(id), None, kind), Ids::Auto, phones).kind;
    assert_eq!(kind("p2", ReceiptKind::Delivered), ReceiptKind::Accepted);
    assert_eq!(kind("p2", ReceiptKind::Delivered), ReceiptKind::Accepted, "the center repeated itself");
    assert_eq!(kind("p0", ReceiptKind::Delivered), ReceiptKind::Accepted);
    assert_eq!(kind("p1", ReceiptKind::Failed), ReceiptKind::Failed, "one part will not come");
    assert_eq!(kind("p1", ReceiptKind::Delivered), ReceiptKind::Delivered);
}

#[test]
fn a_receipt_waits_for_the_texts_that_were_under_way() {
    let mut known = Known::default();
    let (first, second) = (known.begin("a".into(), "1", 1), known.begin("b".into(), "2", 1));
    let mark = known.mark();
    let third = known.begin("c".into(), "3", 1);
    known.end(second);
    assert!(!known.answered(mark));
    known.end(first);
    assert!(known.answered(mark), "the third began after it");
    known.end(third);
    for number in 0..100_010 {
        let text = known.begin(String::new(), "1", 1);
        known.learn(text, 0, &number.to_string(), Ids::Auto);
        known.end(text);
    }
    assert!(!known.knows(&receipt_of(Some("3"), None, ReceiptKind::Delivered), Ids::AsIs, ["1", ""]), "the oldest are forgotten");
}

#[test]
fn statuses_are_sorted_and_unclear_only_where_it_may_have_been_taken() {
    use fault::{of_bind, of_submit};
    assert!(matches!(of_submit(0x58), SendFault::Throttled { .. }) && matches!(of_submit(0x14), SendFault::Throttled { .. }));
    assert!(matches!(of_submit(0x0b), SendFault::BadAddress(_)));
    assert!(matches!(of_submit(0x0a), SendFault::Config(_)));
    assert!(matches!(of_submit(0x64), SendFault::NotSent(_)));
    assert_eq!(of_submit(0x401), SendFault::Refused { code: "smpp 0x401".into() });
    let unclear: Vec<u32> = (1..0x600).filter(|status| of_submit(*status).is_unclear()).collect();
    assert_eq!(unclear, [0x08, 0xfe, 0xff]);
    assert!(matches!(of_bind(0x0e), SendFault::Config(_)) && matches!(of_bind(0x0f), SendFault::Config(_)));
    assert!(matches!(of_bind(0x05), SendFault::NotSent(_)));
}

#[test]
fn wrong_settings_are_named() {
    let wrong = |name: &str, value: &str| settings(&[(name, value)]).err().map(|wrong| wrong.setting);
    for (name, value) in [
        ("host", ""),
        ("host", "smpp://center"),
        ("port", "0"),
        ("port", "99999"),
        ("tls", "perhaps"),
        ("system_id", ""),
        ("system_id", "longer than fifteen"),
        ("password", "naïve"),
        ("bind", "both"),
        ("window", "0"),
        ("rate", "fast"),
        ("ids", "hex"),
        ("source_ton", "9"),
        ("long", "sar"),
        ("country", "USA"),
    ] {
        assert_eq!(wrong(name, value).as_deref(), Some(name), "{name} = {value:?}");
    }
    let good = settings(&[("country", "+44"), ("bind", "separate")]).expect("good");
    assert_eq!((good.account.as_str(), good.country.as_str(), good.separate), ("center", "44", true));
}

#[test]
fn numbers_come_out_as_e164() {
    let phone = |change: &[(&str, &str)], ton, digits: &str| {
        let from = Number { ton, npi: 1, digits: digits.into() };
        let delivery = intake::Delivery { answer: 0, sequence: 1, print: [0; 32], delivered: Delivered { from, ..delivered(0, 0, b"x") } };
        match link(change).incoming(&delivery).event {
            Event::Incoming { from, .. } => from.into_inner(),
            _ => panic!("an incoming text"),
        }
    };
    assert_eq!(phone(&[], 1, "12035550100"), "+12035550100");
    assert_eq!(phone(&[], 0, "+12035550100"), "+12035550100");
    assert_eq!(phone(&[], 0, "0012035550100"), "+12035550100");
    assert_eq!(phone(&[("country", "44")], 2, "07700900123"), "+447700900123");
    assert_eq!(phone(&[("country", "44")], 0, "07700900123"), "+447700900123");
    assert_eq!(phone(&[("country", "44")], 1, "447700900123"), "+447700900123");
    assert_eq!((phone(&[], 3, "12345"), phone(&[], 5, "SCHOOL")), ("12345".into(), "SCHOOL".into()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever a center sends is read, as a text and as a receipt, and printed without what it says.
    #[test]
    fn noise_is_read(body in proptest::collection::vec(any::<u8>(), 0..400), esm_class: u8, coding: u8, head: [u8; 16]) {
        let _ = header(head);
        let link = link(&[("country", "1")]);
        for read in [Delivered::deliver_sm(&body), Delivered::data_sm(&body)] {
            let shaped = Delivered { esm_class, data_coding: coding, octets: body.clone(), ..read.clone() };
            for delivered in [read, shaped] {
                let (words, part) = text::read(&delivered);
                prop_assert!(!words.contains('\0'));
                prop_assert!(part.is_none_or(|part| part.number >= 1 && part.number <= part.of && part.of > 1));
                let receipt = receipt::read(&delivered);
                let delivery = intake::Delivery { answer: 0, sequence: 1, print: repeats::print(&body), delivered };
                let _ = link.incoming(&delivery);
                if let Some(receipt) = receipt {
                    let Event::Receipt { key, .. } = link.settled(&delivery, &receipt).event else { panic!("a receipt") };
                    prop_assert!(!key.is_empty() && key.chars().count() <= 200);
                }
            }
        }
    }

    /// A receipt's words in any disorder.
    #[test]
    fn receipts_words_in_any_disorder(words in "(id:|stat:|err:|done date:|text:|DELIVRD|UNDELIV|[a-z0-9 :é]){0,12}") {
        if let Some(receipt) = receipt::read(&delivered(4, 3, words.as_bytes())) {
            prop_assert!(receipt.said.is_some_and(|id| !id.is_empty() && !id.contains(':')));
        }
    }

    /// A cut PDU is read as far as it goes, and a whole one in full.
    #[test]
    fn a_cut_pdu_is_read_as_far_as_it_goes(text in "\\PC{1,34}", cut in 0usize..200) {
        let link = link(&[]);
        let (messages, _) = text::messages(&text, Long::Header, Shifts::None, 1).expect("short");
        let body = link.body(&outgoing(1, &text), "+12035550100", &messages[0]);
        let whole = Delivered::deliver_sm(&body);
        prop_assert_eq!(text::read(&whole).0, crate::economy(&text));
        let part = Delivered::deliver_sm(&body[..cut.min(body.len())]);
        prop_assert!(whole.octets.starts_with(&part.octets));
        prop_assert!(whole.to.digits.starts_with(&part.to.digits));
    }
}

/// The kept corpus of the fuzz target, and a great many changes of it.
#[test]
fn whatever_a_center_sends_is_read() {
    let seeds = mutation::corpus("smpp");
    assert!(seeds.len() > 5, "PDUs to begin with");
    for (index, input) in seeds.iter().enumerate() {
        mutation::try_one(properties::holds, input, &format!("input {index}"));
    }
    for seed in 0..10_000 {
        mutation::try_one(properties::holds, &mutation::mutated(&seeds, &mut mutation::Dice(seed)), &format!("seed {seed}"));
    }
}

/// PostgreSQL indexes no word of any length, and a center would deliver for ever what cannot be committed.
#[test]
fn ids_and_numbers_of_any_length_are_kept_short_and_an_id_stays_the_same_one() {
    let link = link(&[]);
    let long = "7".repeat(3000);
    assert_eq!(link.named("7f"), "center:7f");
    assert!(link.named(&long).len() < 200 && link.named(&long) == link.named(&long) && link.named(&long) != link.named(&long[1..]));
    let from = Number { ton: 1, npi: 1, digits: long };
    let delivery = intake::Delivery { answer: 0, sequence: 1, print: [0; 32], delivered: Delivered { from, ..delivered(0, 0, b"x") } };
    let Event::Incoming { from, .. } = link.incoming(&delivery).event else { panic!("an incoming text") };
    assert_eq!(from.reveal().chars().count(), 65);
}
