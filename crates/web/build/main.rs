//! Turns the texts of this crate into typed functions.

mod texts;

fn main() {
    texts::generate(&[("web".to_owned(), std::path::PathBuf::from("src"))]);
}
