//! Introducing two members to each other (N4, S2): both are asked apart, and a refusal can never be told from silence.
//!
//! Whatever anybody answers, an introduction closes at one time that is fixed when it begins, and until then it looks
//! the same to everybody but the one who answered. The caps are those of *Matching*, the score is that of *Next best
//! introduction*; its weights are starting values. What of the scored pairs is proposed stands in [`choice`], what
//! proposing brings in [`lift`].

pub mod choice;
pub mod lift;

/// Where an introduction stands. A refusal is no stage: it stays [`Stage::Asking`] until its time is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// One of the two asked somebody who knows both to pass it on; the other side knows nothing of it.
    Drafted,
    /// Both are asked.
    Asking,
    /// Both said yes.
    Connected,
    /// Its time is over.
    Lapsed,
}

impl Stage {
    /// The word in the store and in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Drafted => "drafted",
            Self::Asking => "asking",
            Self::Connected => "connected",
            Self::Lapsed => "lapsed",
        }
    }

    /// The stage of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Drafted, Self::Asking, Self::Connected, Self::Lapsed]
            .into_iter()
            .find(|stage| stage.word() == word)
    }
}

/// How it began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// One of the two asked for it.
    Asked,
    /// Somebody who knows both offered it.
    Offered,
    /// Found by Saan, and put to both by a coordinator.
    Found,
    /// Found by Saan; a coordinator asked somebody who knows both to introduce them.
    Suggested,
}

impl Origin {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Asked, Self::Offered, Self::Found, Self::Suggested];

    /// The word in the store and in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Offered => "offered",
            Self::Found => "found",
            Self::Suggested => "suggested",
        }
    }

    /// The origin of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.word() == word)
    }
}

/// Whether it was worth meeting, as each of the two says for themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Worth {
    Yes,
    No,
    /// Too early to say: asked once more.
    Early,
}

impl Worth {
    /// All answers.
    pub const ALL: [Self; 3] = [Self::Yes, Self::Early, Self::No];

    /// The word in the store and in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Early => "early",
        }
    }

    /// The answer of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|worth| worth.word() == word)
    }
}

/// Days until both have answered, or never will.
pub const DAYS_OPEN: i64 = 14;
/// Days until the one in between has passed it on, where it is asked for through somebody.
pub const DAYS_TO_PASS_ON: i64 = 7;
/// Days for which the same two are not asked again, from the day it began, whatever came of it. Fixed.
pub const DAYS_PAIR_RESTS: i64 = 180;
/// Days after both said yes when they are asked whether it was worth it.
pub const DAYS_UNTIL_WORTH: i64 = 10;
/// Days after "too early to say" when they are asked once more.
pub const DAYS_UNTIL_WORTH_AGAIN: i64 = 14;

/// Days from the beginning until it closes, fixed when it begins.
#[must_use]
pub const fn days_open(through_somebody: Through) -> i64 {
    match through_somebody {
        Through::Nobody => DAYS_OPEN,
        Through::Somebody => DAYS_TO_PASS_ON + DAYS_OPEN,
    }
}

/// Whether somebody in between has to pass it on first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Through {
    Nobody,
    Somebody,
}

/// What a member takes on: how many introductions they are asked into, and how many they are asked to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Open at once, 0 to [`Limits::MOST`]; 0: they are asked into none.
    pub at_once: i64,
    /// In seven days.
    pub a_week: i64,
    /// To make for others in thirty days.
    pub to_make: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { at_once: 2, a_week: 3, to_make: 3 }
    }
}

/// How much a member has on their hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Load {
    /// Introductions they are asked into and whose time is not over, whatever they answered.
    pub open: i64,
    /// Into which they were asked within seven days.
    pub week: i64,
    /// Which they made or were asked to make within thirty days.
    pub made: i64,
}

impl Limits {
    /// The largest that can be chosen.
    pub const MOST: i64 = 20;

    /// The same within what can be chosen.
    #[must_use]
    pub fn clamped(self) -> Self {
        let within = |n: i64| n.clamp(0, Self::MOST);
        Self { at_once: within(self.at_once), a_week: within(self.a_week), to_make: within(self.to_make) }
    }

    /// Whether there is room for one more introduction of their own.
    #[must_use]
    pub const fn room(&self, load: Load) -> bool {
        load.open < self.at_once && load.week < self.a_week
    }

    /// Whether they can be asked to make one more.
    #[must_use]
    pub const fn room_to_make(&self, load: Load) -> bool {
        load.made < self.to_make
    }
}

/// What speaks for introducing two to each other, each 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    /// F: one could give what the other needs, or the other way.
    pub fit: f64,
    /// Q: both are at the same matter.
    pub goal: f64,
    /// W: those who know both, by the strength of their ties.
    pub warmth: f64,
    /// How readily both answer; 0.5 where nothing is known of it ([`choice::readiness`]).
    pub ready: f64,
    /// What the tie would do for the whole network.
    pub structure: f64,
    /// Nw: few ties on one side or both.
    pub newcomer: f64,
    /// Eq: somebody small would meet somebody who has what it takes.
    pub equity: f64,
    /// How much of their room is taken, of both and of who would introduce them.
    pub load: f64,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            fit: 0.0,
            goal: 0.0,
            warmth: 0.0,
            ready: 0.5,
            structure: 0.0,
            newcomer: 0.0,
            equity: 0.0,
            load: 0.0,
        }
    }
}

/// The score of *Next best introduction*, and none where there is no purpose: a pair that would only look well in the
/// network is never proposed.
///
/// S = `P_yes` · (0.45·max(F, 0.6·Q) + 0.25·Struct + 0.15·Nw + 0.15·Eq) − 0.2·Load, with
/// `P_yes` = σ(−1 + 2·W + 1.5·F + ready).
#[must_use]
pub fn score(terms: &Terms) -> Option<f64> {
    let within = |value: f64| if value.is_finite() { value.clamp(0.0, 1.0) } else { 0.0 };
    let (fit, goal) = (within(terms.fit), within(terms.goal));
    if fit <= 0.0 && goal <= 0.0 {
        return None;
    }
    let odds = -1.0 + 2.0 * within(terms.warmth) + 1.5 * fit + within(terms.ready);
    let yes = 1.0 / (1.0 + (-odds).exp());
    let worth = 0.45 * fit.max(0.6 * goal)
        + 0.25 * within(terms.structure)
        + 0.15 * within(terms.newcomer)
        + 0.15 * within(terms.equity);
    Some(yes * worth - 0.2 * within(terms.load))
}

/// Nw: 1/(1+deg u) + 1/(1+deg v), at most 1. The first ties matter most.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "nobody has 2^52 ties")]
pub fn newcomer(ties_of_one: u64, ties_of_other: u64) -> f64 {
    let part = |ties: u64| 1.0 / (1.0 + ties as f64);
    (part(ties_of_one) + part(ties_of_other)).min(1.0)
}

/// J: 2·sA·sB / (n·(n−1)), the share of all pairs that could reach each other only through this tie.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "sizes of networks fit a double")]
pub fn joins(one_part: u64, other_part: u64, members: u64) -> f64 {
    if members < 2 {
        return 0.0;
    }
    let all = members as f64 * (members as f64 - 1.0);
    (2.0 * one_part as f64 * other_part as f64 / all).min(1.0)
}

/// B: how far two groups are from having the ties that their sizes lead one to expect, 0 (enough) to 1 (none).
#[must_use]
pub fn bridges(ties_between: f64, expected: f64) -> f64 {
    if expected <= 0.0 { 0.0 } else { (1.0 - ties_between / expected).clamp(0.0, 1.0) }
}

/// Several ways to help add up: 1 − Π(1 − f).
#[must_use]
pub fn together(parts: impl IntoIterator<Item = f64>) -> f64 {
    1.0 - parts.into_iter().map(|part| 1.0 - part.clamp(0.0, 1.0)).product::<f64>()
}

/// On which of the two lists a pair stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum List {
    /// They would probably meet anyway; an introduction spares them time.
    Anyway,
    /// Nothing would bring them together, and the network needs it.
    Needed,
}

impl List {
    /// Those whom common contacts bring together would meet anyway; of the others those whose tie does something for
    /// the whole are needed.
    #[must_use]
    pub fn of(common_contacts: usize, structure: f64) -> Self {
        if common_contacts < 2 && structure > 0.0 { Self::Needed } else { Self::Anyway }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn terms() -> impl Strategy<Value = Terms> {
        let part = || 0.0..=1.0_f64;
        (part(), part(), part(), part(), part(), part(), part(), part()).prop_map(
            |(fit, goal, warmth, ready, structure, newcomer, equity, load)| Terms {
                fit,
                goal,
                warmth,
                ready,
                structure,
                newcomer,
                equity,
                load,
            },
        )
    }

    #[test]
    fn the_score_is_the_one_of_the_formula() {
        let terms = Terms {
            fit: 0.5,
            goal: 0.2,
            warmth: 0.25,
            ready: 0.75,
            structure: 0.4,
            newcomer: 0.5,
            equity: 1.0,
            load: 0.5,
        };
        // σ(-1 + 0.5 + 0.75 + 0.75) = σ(1) = 0.731059; 0.225 + 0.1 + 0.075 + 0.15 = 0.55; 0.55·0.731059 − 0.1
        assert!((score(&terms).unwrap() - 0.302_082).abs() < 1e-6);
        // nothing known of who answers: σ(0.75) = 0.679179
        let unknown = Terms { ready: Terms::default().ready, ..terms };
        assert!((score(&unknown).unwrap() - 0.273_548).abs() < 1e-6);
    }

    #[test]
    fn nobody_is_proposed_for_the_network_alone() {
        let ideal = Terms { structure: 1.0, newcomer: 1.0, equity: 1.0, warmth: 1.0, ..Terms::default() };
        assert_eq!(score(&ideal), None);
        assert!(score(&Terms { goal: 0.1, ..ideal }).is_some());
    }

    #[test]
    fn sizes_and_ties_are_measured_as_written() {
        assert!((joins(3, 2, 5) - 0.6).abs() < 1e-12);
        assert!((joins(1, 1, 1)).abs() < 1e-12);
        assert!((newcomer(0, 0) - 1.0).abs() < 1e-12);
        assert!((newcomer(3, 1) - 0.75).abs() < 1e-12);
        assert!((bridges(1.0, 4.0) - 0.75).abs() < 1e-12);
        assert!((bridges(9.0, 4.0)).abs() < 1e-12);
        assert!((bridges(0.0, 0.0)).abs() < 1e-12);
        assert!((together([0.5, 0.5]) - 0.75).abs() < 1e-12);
    }

    #[test]
    fn common_contacts_bring_people_together_without_us() {
        assert_eq!(List::of(3, 0.9), List::Anyway);
        assert_eq!(List::of(0, 0.1), List::Needed);
        assert_eq!(List::of(0, 0.0), List::Anyway);
    }

    #[test]
    fn the_default_caps_are_those_of_the_table() {
        let limits = Limits::default();
        assert_eq!((limits.at_once, limits.a_week, limits.to_make), (2, 3, 3));
        assert!(limits.room(Load { open: 1, week: 2, made: 9 }));
        assert!(!limits.room(Load { open: 2, week: 0, made: 0 }));
        assert!(!limits.room(Load { open: 0, week: 3, made: 0 }));
        assert!(limits.room_to_make(Load { open: 9, week: 9, made: 2 }));
        assert!(!limits.room_to_make(Load { open: 0, week: 0, made: 3 }));
        assert_eq!(days_open(Through::Nobody), 14);
        assert_eq!(days_open(Through::Somebody), 21);
    }

    #[test]
    fn words_are_read_back() {
        for stage in [Stage::Drafted, Stage::Asking, Stage::Connected, Stage::Lapsed] {
            assert_eq!(Stage::from_word(stage.word()), Some(stage));
        }
        for origin in Origin::ALL {
            assert_eq!(Origin::from_word(origin.word()), Some(origin));
        }
        for worth in Worth::ALL {
            assert_eq!(Worth::from_word(worth.word()), Some(worth));
        }
    }

    proptest! {
        #[test]
        fn more_of_what_speaks_for_a_pair_never_lowers_its_score(terms in terms(), more in 0.0..=1.0_f64) {
            let before = score(&terms);
            let up = |value: f64| value + (1.0 - value) * more;
            for raised in [
                Terms { fit: up(terms.fit), ..terms },
                Terms { goal: up(terms.goal), ..terms },
                Terms { warmth: up(terms.warmth), ..terms },
                Terms { ready: up(terms.ready), ..terms },
                Terms { structure: up(terms.structure), ..terms },
                Terms { newcomer: up(terms.newcomer), ..terms },
                Terms { equity: up(terms.equity), ..terms },
            ] {
                prop_assert!(score(&raised) >= before);
            }
            let burdened = Terms { load: up(terms.load), ..terms };
            prop_assert!(score(&burdened) <= before);
        }

        #[test]
        fn limits_stay_within_what_can_be_chosen(at_once in any::<i64>(), a_week in any::<i64>(), to_make in any::<i64>()) {
            let limits = Limits { at_once, a_week, to_make }.clamped();
            prop_assert!((0..=Limits::MOST).contains(&limits.at_once));
            prop_assert!((0..=Limits::MOST).contains(&limits.a_week));
            prop_assert!((0..=Limits::MOST).contains(&limits.to_make));
        }
    }
}
