//! Prints what files would make of an empty network: `cargo run --release -p formats --example plan -- FILE…`

use formats::intake::{Intake, Known, Options};
use thai::Lang;

fn main() -> std::io::Result<()> {
    let mut intake = Intake::new(&Known::default(), Options::default());
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path)?;
        let begun = std::time::Instant::now();
        match intake.read(&path, &bytes) {
            Ok(plan) => println!("{}", plan.preview(Lang::English)),
            Err(refusal) => println!("{path}: {} ({})", refusal.message(Lang::English), refusal.code()),
        }
        eprintln!("{path}: {:.2} s", begun.elapsed().as_secs_f64());
    }
    Ok(())
}
