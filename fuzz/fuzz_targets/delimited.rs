//! Any bytes as delimited text.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = formats::delimited::read(bytes);
});
