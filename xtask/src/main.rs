//! The tasks of those who build Saan: `cargo xtask test`, `tidy`, `bench`, `train`, `places`, `assets`, `map`.

fn main() -> std::process::ExitCode {
    eprintln!("cargo xtask test | tidy | bench | train | places | assets | map");
    std::process::ExitCode::from(2)
}
