use crate::Letter;
use store::Micros;

/// One letter on its way to one address.
#[derive(Debug, Clone, Copy)]
pub struct Parcel<'a> {
    pub letter: &'a Letter,
    /// As the channel writes it: an e-mail address, a subscription, a LINE user.
    pub address: &'a str,
    pub now: Micros,
    /// After this moment nobody needs it.
    pub expires_at: Option<Micros>,
}

/// What came of handing a letter over. Sentences are for the operator, in English, without the letter's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The other side answers for it from now on.
    Accepted(String),
    /// There is no such address, or nobody there: nothing should be sent to it again.
    NoSuchAddress(String),
    /// This letter is refused for good; another one to the same address may be taken.
    Refused(String),
    /// Nothing was taken; the same letter may be taken later.
    Later(String),
    /// The same, and the other side says how many microseconds it wants to be left alone.
    NotBefore(String, i64),
    /// It was handed over and no answer came: perhaps it was sent.
    Unknown(String),
}

/// A way out of the house.
pub trait Channel: Send + Sync {
    /// Its word in [`crate::To::channel`] and in the store.
    fn word(&self) -> &'static str;

    /// For how many microseconds the other side knows a letter again that was handed over, so that handing it over once
    /// more sends it once; 0 where it does not.
    fn remembers(&self) -> i64 {
        0
    }

    /// Hands one letter over. Runs on a thread that may block, outside any transaction; ends in bounded time.
    fn send(&self, parcel: &Parcel<'_>) -> Outcome;
}
