use thai::Lang;

/// The texts of the features, in one language; a message of the feature `giving` begins with `giving_`.
#[derive(Debug, Clone, Copy)]
pub struct Texts(pub Lang);

include!(concat!(env!("OUT_DIR"), "/texts.rs"));
