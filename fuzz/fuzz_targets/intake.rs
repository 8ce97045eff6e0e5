//! Any bytes as a file someone brings, planned, reported and shown.
#![no_main]

use formats::intake::{Intake, Known, Options};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut intake = Intake::new(&Known::default(), Options::default());
    if let Ok(plan) = intake.read("any", bytes) {
        let _ = (plan.report(), plan.preview(thai::Lang::Thai), plan.preview(thai::Lang::English));
    }
});
