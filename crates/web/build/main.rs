//! Turns the texts of this crate into typed functions.

#![expect(clippy::expect_used, reason = "a build that cannot go on has failed")]

mod texts;

fn main() {
    texts::generate(&[("web".to_owned(), std::path::PathBuf::from("src"))]);
}
