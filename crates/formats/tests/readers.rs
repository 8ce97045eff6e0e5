//! Readers take whatever comes: they answer or refuse, and never panic.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its sample has failed")]

use formats::intake::{Intake, Known, Options};
use formats::{delimited, detect, icalendar, vcard, xlsx};
use proptest::prelude::*;

fn everything(bytes: &[u8]) {
    let _ = detect::detect(bytes);
    let _ = delimited::read(bytes);
    let _ = vcard::read(bytes);
    if let Ok(calendar) = icalendar::read(bytes) {
        let from = jiff::civil::date(2025, 1, 1).at(0, 0, 0, 0);
        let before = jiff::civil::date(2026, 1, 1).at(0, 0, 0, 0);
        for event in &calendar.events {
            let _ = (event.starts(from, before), event.days(), event.ends_before_start());
        }
    }
    let _ = xlsx::read(bytes);
    if let Ok(plan) = Intake::new(&Known::default(), Options::default()).read("any", bytes) {
        let _ = (plan.report(), plan.preview(thai::Lang::Thai));
    }
}

fn sample(name: &str) -> Vec<u8> {
    std::fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)).unwrap()
}

/// Lines people and programs write, in any order, so that readers get past their first check.
fn lines() -> impl Strategy<Value = Vec<u8>> {
    let words = [
        "BEGIN:VCARD",
        "END:VCARD",
        "BEGIN:VEVENT",
        "END:VEVENT",
        "BEGIN:VCALENDAR",
        "AGENT:",
        "UID:1",
        "N;CHARSET=TIS-620;ENCODING=QUOTED-PRINTABLE:=A1=",
        "FN:สมชาย",
        " พับ",
        "TEL:081-",
        "PHOTO;ENCODING=b:AAA",
        "DTSTART:20250101T100000Z",
        "DTSTART;TZID=\"x:25681301",
        "RRULE:FREQ=MONTHLY;BYDAY=-1MO;BYSETPOS=-1",
        "RRULE:FREQ=YEARLY;INTERVAL=99999;COUNT=0;BYMONTHDAY=-400",
        "DURATION:P9999999999W",
        "EXDATE:2025",
        "ชื่อ-นามสกุล,หน่วยงาน,เบอร์โทร,ให้ได้",
        "นางสาว ก,\"ข\"\"\n;ค,1) ก 2) ข",
        "source,target,relation,since",
        "วันที่;ใคร;คุยกับใคร;ช่องทาง",
        "\";\"",
        "sep=;",
        "\u{feff}",
        "รวม",
        ",,,",
        "〃;ก;ข;โทร",
    ];
    let ends = ["\n", "\r\n", "\r", "=\r\n"];
    prop::collection::vec((prop::sample::select(words.to_vec()), prop::sample::select(ends.to_vec())), 0..40)
        .prop_map(|parts| {
            parts.iter().flat_map(|(word, end)| [word.as_bytes(), end.as_bytes()].concat()).collect()
        })
}

/// What fuzzing once found, and seeds of every reader.
#[test]
fn the_corpora_of_the_fuzz_targets() {
    let corpora = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    let mut replayed = 0;
    for folder in std::fs::read_dir(corpora).unwrap() {
        for file in std::fs::read_dir(folder.unwrap().path()).unwrap() {
            everything(&std::fs::read(file.unwrap().path()).unwrap());
            replayed += 1;
        }
    }
    assert!(replayed >= 14, "{replayed} files");
}

#[test]
fn a_small_workbook_with_errors_merges_and_a_far_cell() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/workbook/small");
    let workbook = xlsx::read(&std::fs::read(path).unwrap()).unwrap();
    assert_eq!(workbook.date_system, thai::dates::DateSystem::Since1904);
    assert_eq!(workbook.sheets[1].visibility, formats::table::Visibility::VeryHidden);
    let sheet = &workbook.sheets[0];
    let row = &sheet.rows[1];
    assert_eq!(row.cell(0), &formats::table::Cell::Error("#DIV/0!".into()));
    assert_eq!(row.cell(1), &formats::table::Cell::FormulaWithoutValue);
    assert_eq!((sheet.spans[0].first_row, sheet.spans[0].last_row), (2, 4));
    // the cell in the last column of all is beyond what a person's sheet holds
    assert_eq!(sheet.rows.len(), 2);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        everything(&bytes);
    }

    #[test]
    fn any_lines(bytes in lines()) {
        everything(&bytes);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn damaged_samples(
        name in prop::sample::select(vec!["members.xlsx", "contacts.csv", "ties.csv", "phonebook.vcf", "calendar.ics"]),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = sample(name);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        everything(&bytes);
        bytes.truncate(cut.index(bytes.len()));
        everything(&bytes);
    }
}
