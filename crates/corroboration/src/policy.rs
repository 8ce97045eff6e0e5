//! What a network has decided: distances, times, weights and thresholds.
//!
//! The values of [`Policy::default`] come from the calibration seeds of the report simulator (see the crate's README
//! for how), those of [`Policy::reference`] are the plain formulae without this crate's own terms.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::footprint::CountModel;

/// What may happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Hazard {
    /// Hail.
    Hail,
    /// Damaging wind.
    Wind,
    /// Flood.
    Flood,
    /// Earthquake.
    Quake,
}

impl Hazard {
    /// All hazards.
    pub const ALL: [Self; 4] = [Self::Hail, Self::Wind, Self::Flood, Self::Quake];

    /// The name in the protocol.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Hail => "hail",
            Self::Wind => "wind",
            Self::Flood => "flood",
            Self::Quake => "quake",
        }
    }

    /// Radius within which reports join a claim, in kilometers.
    #[must_use]
    pub fn radius_km(self) -> f64 {
        match self {
            Self::Hail => 6.0,
            Self::Wind => 8.0,
            Self::Flood => 5.0,
            Self::Quake => 45.0,
        }
    }

    /// Time within which reports join a claim, in minutes.
    #[must_use]
    pub fn window_min(self) -> f64 {
        match self {
            Self::Hail => 45.0,
            Self::Wind => 60.0,
            Self::Flood => 300.0,
            Self::Quake => 25.0,
        }
    }
}

impl fmt::Display for Hazard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Hazard {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|h| h.name() == name).ok_or(())
    }
}

/// How loud a published message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Amber: corroborated by the community.
    Watch,
    /// Red: a steward or an official source stands behind it.
    Warning,
}

/// A term of the belief that can be left out, to see what it is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Term {
    /// Voices that depend on each other count as one group.
    Groups,
    /// Heard or copied counts less than seen.
    Hearsay,
    /// A witness far from home counts as hearsay.
    Away,
    /// Who names a place that may as well be their home is taken to have been at home.
    Home,
    /// A picture older than a day sinks its group.
    OldPictures,
    /// Denials near the place count against it.
    Denials,
    /// Neighbors are asked.
    Asks,
    /// No credit for what was already public, none for hearsay.
    NoCredit,
    /// Trained observers near who say nothing count against it.
    Silence,
    /// The number of independent reporters is weighed against the number to expect.
    Count,
    /// Where few live, fewer err.
    Size,
    /// Accounts made in one burst count as one.
    Bursts,
    /// Accounts let in by somebody who lives far away count as one.
    Vouching,
    /// No alert without an asked, trained or steward's confirmation.
    Confirmation,
    /// Independent voices agreeing on place and hour count extra, where they are not counted.
    Agreement,
    /// Reporting and answering rates are learned from verdicts.
    Rates,
    /// A steward's verdict is evidence for the claim it is about.
    Verdicts,
    /// Voices that came by themselves prove only so much by their quality.
    Collusion,
    /// The event is a disc of unknown place and size, in place of a kernel around the centroid.
    Footprint,
}

impl Term {
    /// All terms.
    pub const ALL: [Self; 19] = [
        Self::Groups,
        Self::Hearsay,
        Self::Away,
        Self::Home,
        Self::OldPictures,
        Self::Denials,
        Self::Asks,
        Self::NoCredit,
        Self::Silence,
        Self::Count,
        Self::Size,
        Self::Bursts,
        Self::Vouching,
        Self::Confirmation,
        Self::Agreement,
        Self::Rates,
        Self::Verdicts,
        Self::Collusion,
        Self::Footprint,
    ];

    /// The name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Groups => "groups",
            Self::Hearsay => "hearsay",
            Self::Away => "away",
            Self::Home => "home",
            Self::OldPictures => "old-pictures",
            Self::Denials => "denials",
            Self::Asks => "asks",
            Self::NoCredit => "no-credit",
            Self::Silence => "silence",
            Self::Count => "count",
            Self::Size => "size",
            Self::Bursts => "bursts",
            Self::Vouching => "vouching",
            Self::Confirmation => "confirmation",
            Self::Agreement => "agreement",
            Self::Rates => "rates",
            Self::Verdicts => "verdicts",
            Self::Collusion => "collusion",
            Self::Footprint => "footprint",
        }
    }
}

impl FromStr for Term {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|t| t.name() == name).ok_or(())
    }
}

/// Weights, thresholds and limits of a network. Log-odds are natural logarithms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// Terms left out.
    pub without: BTreeSet<Term>,
    /// Factor of each further voice of a group: its k-th weight counts `delta`ᵏ.
    pub delta: f64,
    /// Factor on what was heard, copied or forwarded.
    pub hearsay: f64,
    /// Factor on places less accurate than 2.5 km.
    pub vague: f64,
    /// Log-odds of a new first-hand photo.
    pub photo: f64,
    /// Most a group of accounts weighs that are younger than 30 days, made in one burst or let in from afar.
    pub young_cap: f64,
    /// Weight of a group with an old picture.
    pub old_picture: f64,
    /// Factor on a spontaneous denial.
    pub denial: f64,
    /// Factor on the log-likelihood ratio of answers, where their rates are learned.
    pub answers: f64,
    /// Factor on a denial when asked, where they are not.
    pub asked_denial: f64,
    /// Log-odds of each further independent group that saw it.
    pub agreement: f64,
    /// Most that voices which came by themselves prove by their quality.
    pub voices_cap: f64,
    /// How many reporters to expect.
    pub count: CountModel,
    /// Share of the log-likelihood of silence that counts (reports are not independent of each other).
    pub silence: f64,
    /// Most that silence takes away.
    pub silence_floor: f64,
    /// Log-odds of a steward's verdict.
    pub verdict: f64,
    /// Calibration p = σ(alpha + beta·L).
    pub alpha: f64,
    /// Calibration slope.
    pub beta: f64,
    /// Log-odds from which neighbors are asked.
    pub ask_from: f64,
    /// Log-odds below which a claim with three denials is contradicted.
    pub contradict_below: f64,
    /// Log-odds from which members are told.
    pub advise_from: f64,
    /// Probability from which a claim is alerted.
    pub alert_from: f64,
    /// A witness is taken to have stood at home where that lies within this many times the accuracy of the place named.
    pub home_within: f64,
    /// How far from home they may then have stood, in kilometers.
    pub home_slack_km: f64,
    /// Members asked a round.
    pub ask_round: usize,
    /// Rounds of asking.
    pub ask_rounds: u32,
    /// Minutes between rounds.
    pub ask_every_min: f64,
    /// Most asks to one member in 30 days.
    pub ask_month: usize,
    /// Probability of a claim each earlier ask of the month costs.
    pub ask_price: f64,
    /// Where fewer members than this are in reach, `ask_month_few` stands in place of `ask_month`.
    pub ask_few: usize,
    /// Most asks to one member in 30 days where few live.
    pub ask_month_few: usize,
    /// Least minutes between two asks to one member.
    pub ask_rest_min: f64,
    /// Least age of an account that is asked, in days.
    pub ask_age_days: f64,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            without: BTreeSet::new(),
            delta: 0.25,
            hearsay: 0.30,
            vague: 0.7,
            photo: 0.35,
            young_cap: 1.2,
            old_picture: -2.0,
            denial: 0.8,
            answers: 1.0,
            asked_denial: 1.2,
            agreement: 1.0,
            voices_cap: 2.5,
            count: CountModel {
                shape: 3.0,
                echo: 0.12,
                collusion: 0.05,
                campaign: 0.85,
                size: 0.5,
                usual: 5.0,
            },
            silence: 0.5,
            silence_floor: -4.0,
            verdict: 3.0,
            alpha: 0.0,
            beta: 1.0,
            ask_from: -1.5,
            contradict_below: -2.5,
            advise_from: 1.2,
            alert_from: 0.905,
            home_within: 2.0,
            home_slack_km: 0.5,
            ask_round: 10,
            ask_rounds: 3,
            ask_every_min: 4.0,
            ask_month: 4,
            ask_price: 0.05,
            ask_few: 0,
            ask_month_few: 4,
            ask_rest_min: 360.0,
            ask_age_days: 30.0,
        }
    }
}

impl Policy {
    /// The plain formulae, without silence, bursts, agreement, learned rates and the rule of confirmation.
    #[must_use]
    pub fn reference() -> Self {
        let without = [
            Term::Away,
            Term::Home,
            Term::Silence,
            Term::Count,
            Term::Size,
            Term::Bursts,
            Term::Vouching,
            Term::Confirmation,
            Term::Agreement,
            Term::Rates,
            Term::Verdicts,
            Term::Collusion,
            Term::Footprint,
        ];
        Self { without: without.into_iter().collect(), ..Self::default() }
    }

    /// Whether a term is in use.
    #[must_use]
    pub fn uses(&self, term: Term) -> bool {
        !self.without.contains(&term)
    }

    /// The calibrated probability of log-odds `l`.
    #[must_use]
    pub fn probability(&self, l: f64) -> f64 {
        1.0 / (1.0 + (-(self.alpha + self.beta * l)).exp())
    }
}
