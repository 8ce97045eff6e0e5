//! Any bytes as an address book, written out again line by line.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for card in formats::vcard::read(bytes).unwrap_or_default() {
        let _ = (card.kind(), card.structured_name(), card.photo(), card.members());
        for property in &card.properties {
            assert!(!property.to_line().contains(['\n', '\r']));
        }
    }
});
