//! Turns the texts of each feature folder into typed functions.

#![expect(clippy::expect_used, reason = "a build that cannot go on has failed")]

#[path = "../../web/build/texts.rs"]
mod texts;

fn main() {
    let mut folders: Vec<_> = std::fs::read_dir("src")
        .expect("the crate has sources")
        .flatten()
        .filter(|entry| entry.path().join("texts.th.ftl").is_file())
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path()))
        .collect();
    folders.sort();
    println!("cargo::rerun-if-changed=src");
    texts::generate(&folders);
}
