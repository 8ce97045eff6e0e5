//! From what people saw to an alert others can trust: reports are gathered into claims, independent voices are told
//! from echoes, neighbors are asked, and a claim is published only when the evidence carries it.
//!
//! An [`Engine`] is fed members, reports, answers, verdicts and the time, and gives back [`Outcome`]s: ask this
//! member, tell the members, alert. It reads no clock, no file and no random number, so the same lines give the same
//! alerts on every machine.
//!
//! - [`reliability`]: how far one reporter is believed (Beta counts, asymmetric learning)
//! - [`dependence`]: which voices count as one
//! - [`footprint`]: where the event may lie, and what those who saw nothing say about it
//! - [`crowd`]: how often people here report and answer, learned from verdicts
//! - [`belief`]: the log-odds of a claim
//! - [`asking`]: whom to ask, and when to stop
//! - [`lines`]: the same engine as a protocol of JSON lines
//!
//! *Invariant*: a claim is never alerted by spontaneous reports of ordinary members alone; somebody who was asked, a
//! trained observer or a steward has said the same.

pub mod asking;
pub mod belief;
pub mod claim;
pub mod crowd;
pub mod dependence;
mod engine;
pub mod fingerprint;
pub mod footprint;
pub mod lines;
mod members;
pub mod place;
pub mod policy;
pub mod reliability;

pub use claim::{ClaimId, State};
pub use engine::{ClaimView, Engine, Outcome, Refusal};
pub use place::{Moment, Place};
pub use policy::{Hazard, Level, Policy, Term};

use serde::Deserialize;

/// Standing of an account, which sets its prior reliability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// A public office that reports in its own name.
    Official,
    /// A trained observer.
    Trained,
    /// A member.
    Member,
    /// Somebody without an account.
    Guest,
}

/// An account as the engine needs it.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Stable name of the account.
    pub id: String,
    /// Standing.
    pub tier: Tier,
    /// When the account was made.
    pub created: Moment,
    /// About where the person lives; asks go out by it.
    pub home: Place,
    /// Who invited them.
    pub invited_by: Option<String>,
    /// The device the account was made on.
    pub device: Option<fingerprint::Fingerprint>,
}

/// One observation, as received.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Who reports.
    pub member: String,
    /// What is reported.
    pub hazard: Hazard,
    /// Seen, or looked and not seen.
    pub polarity: Polarity,
    /// When it was observed.
    pub observed: Moment,
    /// When it reached us; orders the stream.
    pub received: Moment,
    /// Where it was observed.
    pub place: Place,
    /// Accuracy of the place in meters.
    pub accuracy_m: f64,
    /// Own eyes, or heard and passed on.
    pub witness: Witness,
    /// Perceptual hash of a photo.
    pub photo: Option<fingerprint::Fingerprint>,
    /// Similarity hash of the text.
    pub text: Option<fingerprint::Fingerprint>,
    /// The device, unless staff took the call.
    pub device: Option<fingerprint::Fingerprint>,
}

/// Whether the hazard was seen or looked for in vain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
pub enum Polarity {
    /// It is here.
    Seen,
    /// It is not here.
    NotSeen,
}

impl Polarity {
    /// The polarity of a yes or no.
    #[must_use]
    pub fn of(seen: bool) -> Self {
        if seen { Self::Seen } else { Self::NotSeen }
    }
}

/// Whether the reporter saw it or passes it on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Witness {
    /// Own eyes.
    Firsthand,
    /// Heard or forwarded.
    Hearsay,
}

/// The answer to an ask ("do you see it where you are?").
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Who answers.
    pub member: String,
    /// What was asked about.
    pub hazard: Hazard,
    /// The time that was asked about.
    pub observed: Moment,
    /// When the answer reached us.
    pub received: Moment,
    /// Seen, or not seen.
    pub polarity: Polarity,
}

/// What a steward found out.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// When it was given.
    pub at: Moment,
    /// What it is about.
    pub hazard: Hazard,
    /// Where.
    pub place: Place,
    /// When the event was, or was said to be.
    pub observed: Moment,
    /// True or false.
    pub finding: Finding,
}

/// The finding of a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Finding {
    /// It happened.
    True,
    /// It did not.
    False,
}
