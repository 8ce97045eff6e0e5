//! Any bytes as a calendar, its series expanded over a year.
#![no_main]

use formats::icalendar;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let from = "2025-01-01T00:00:00".parse().expect("a fixed time");
    let before = "2026-01-01T00:00:00".parse().expect("a fixed time");
    for event in icalendar::read(bytes).unwrap_or_default().events {
        let _ = (event.starts(from, before), event.days(), event.ends_before_start());
    }
});
