//! Letters that leave the house: what a member should learn outside Saan, by e-mail, on a device
//! by web push, or by LINE (notification, T3; RFC 5321, 5322, 8058, 3834, 8030, 8291, 8292; LINE Messaging API).
//!
//! **How a feature sends a letter.** In the transaction of its cause, so that both happen or neither:
//!
//! ```
//! # use store::journal::{Act, Entry};
//! # use store::{Acting, Database, Error, Settings};
//! # fn main() -> Result<(), Error> {
//! # let db = Database::open(&Settings::in_memory())?;
//! db.write(&Acting::system("example"), |w| {
//!     // … what happened is written, and journalled, here …
//!     w.record(&Entry::new(Act::Introduce, "introductions.ask", 1))?;
//!     let mut letter = post::Letter::new("introductions.asked/itr_1/mem_2", "th", "มีคนอยากรู้จัก");
//!     letter.paragraphs.push("พี่ดาอยากแนะนำให้รู้จักกับครูนก".to_owned());
//!     letter.link = Some(post::Link::new("ดูและตอบ", "https://saan.example/introductions"));
//!     post::enqueue(w, &letter, &post::To::email("nan@example.org"))?;
//!     w.finished(())
//! })?;
//! # Ok(()) }
//! ```
//!
//! [`email_of`] answers the confirmed address of a person, if there is one that takes letters. The key names the cause and
//! the recipient: a second letter with it is not written, and the Message-ID is made from it. `not_before` waits, as for
//! quiet hours and digests; after `lasts` the letter is not sent any more. `unsubscribe` is an address of ours that takes a
//! POST without signing in (RFC 8058); every letter that is not asked for needs one. Texts come from the feature's
//! own Fluent files: this crate knows no words.
//!
//! **What is promised.** A letter is a job and a delivery. The [`Carrier`] writes "sending" before it hands the letter to
//! the [`Channel`] and what came of it afterwards. A process that dies in between leaves "sending"; whoever finds it says
//! "perhaps sent" and a person decides: nothing is lost, and nothing is sent twice by itself. What the other side asks to
//! try later is tried again at growing distances; what it refuses is shown, and an address that does not exist is marked
//! where it stands. The words of a letter are forgotten once nobody needs them.
//!
//! **A channel** is a [`Channel`] with a word of its own in `To::channel`; it is handed the letter as it was written and
//! renders it as its medium allows: [`Email`], [`Push`], [`Line`]. Where the other side knows a letter again
//! ([`Channel::remembers`]), one that was on its way when the process died is handed over once more.

mod carrier;
mod channel;
mod email;
mod letter;
mod line;
mod peer;
mod push;
mod queries;
mod webhook;

pub use carrier::{Carried, Carrier, forget_old};
pub use channel::{Channel, Outcome, Parcel};
pub use email::{Email, EmailError, Security, SmtpSettings};
pub use letter::{Item, Letter, Link, To};
pub use line::{Line, LineError, LineSettings};
pub use push::{Push, Subscription, SubscriptionId, Vapid};
pub use queries::push::{DeviceRow, devices, line_of, subscribe, subscriptions_of, unsubscribe};
pub use queries::{
    Decision, DeliveryRow, accepts_again, bounced, decide, email_of, enqueue, forget_person, heed, trouble,
    waiting, withdraw,
};
pub use webhook::{Said, Unheard, Webhook};

store::typed_id!(
    /// One letter to one address.
    DeliveryId, "dlv"
);
