use thai::Lang;

/// The texts of the page itself, in one language; features have their own.
#[derive(Debug, Clone, Copy)]
pub struct Texts(pub Lang);

include!(concat!(env!("OUT_DIR"), "/texts.rs"));
