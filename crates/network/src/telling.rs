//! Being told at the right time: which word reaches a member, by which way, and when (what users expect; trap 1).
//!
//! One rule of precedence for everything that is ever told: **person > tie > group > default**. What a member chose about
//! somebody counts before what they chose about their tie with them, that before what they chose about a group or network
//! of theirs, and that before what they chose for everything. Within one of the four a choice that names the topic counts
//! before one that does not, and then one that names the channel. Of two that say it equally closely (somebody is in two
//! networks), the quieter one counts, so that what was turned off stays off.

/// What a word is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Topic {
    /// Offers and needs, and replies to them.
    Giving,
    /// Ties that are proposed and answered.
    Ties,
    /// What others write on a tie, an introduction, a referral, an offer or a need.
    Words,
    /// Being introduced.
    Introductions,
    /// Promises, and rings of them.
    Promises,
    /// What was given, confirmed and thanked for.
    Exchanges,
    /// Things that are shared, and their bookings.
    Resources,
    /// What was referred.
    Referrals,
    /// With whom it is time to be in touch.
    Rhythm,
    /// The network and one's own account.
    Account,
}

impl Topic {
    /// All topics, in the order they are shown.
    pub const ALL: [Self; 10] = [
        Self::Giving,
        Self::Ties,
        Self::Words,
        Self::Introductions,
        Self::Promises,
        Self::Exchanges,
        Self::Resources,
        Self::Referrals,
        Self::Rhythm,
        Self::Account,
    ];

    /// The word in the store and in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Giving => "giving",
            Self::Ties => "ties",
            Self::Words => "words",
            Self::Introductions => "introductions",
            Self::Promises => "promises",
            Self::Exchanges => "exchanges",
            Self::Resources => "resources",
            Self::Referrals => "referrals",
            Self::Rhythm => "rhythm",
            Self::Account => "account",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    /// The topic of a notice, by the part of its kind before the first `_` or `.`.
    #[must_use]
    pub fn of_kind(kind: &str) -> Self {
        match kind.split(['_', '.']).next().unwrap_or_default() {
            "giving" => Self::Giving,
            "tie" => Self::Ties,
            "words" => Self::Words,
            "introduction" => Self::Introductions,
            "promise" => Self::Promises,
            // a vouch is thanks for what somebody is good at
            "exchange" | "member" => Self::Exchanges,
            "booking" => Self::Resources,
            "referral" => Self::Referrals,
            "care" | "rhythm" => Self::Rhythm,
            _ => Self::Account,
        }
    }
}

/// A way by which a word reaches somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Channel {
    /// The list in the page.
    Page,
    /// A letter.
    Email,
    /// A word on a device that was allowed to show it.
    Push,
    /// A message by LINE.
    Line,
}

impl Channel {
    /// All channels.
    pub const ALL: [Self; 4] = [Self::Page, Self::Email, Self::Push, Self::Line];

    /// Those by which something leaves the house.
    pub const OUTSIDE: [Self; 3] = [Self::Email, Self::Push, Self::Line];

    /// The word in the store and in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Email => "email",
            Self::Push => "push",
            Self::Line => "line",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }
}

/// When a word is told; from the most pressing to the quietest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum When {
    AtOnce,
    Daily,
    Weekly,
    Never,
}

impl When {
    /// All of them, from the most pressing to the quietest.
    pub const ALL: [Self; 4] = [Self::AtOnce, Self::Daily, Self::Weekly, Self::Never];

    /// The word in the store and in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::AtOnce => "at_once",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Never => "never",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }
}

/// What a choice was made about, from the closest to the widest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// One member.
    Person,
    /// One tie.
    Tie,
    /// A group, an organization or a network, and whoever is in it.
    Group,
    /// Everything.
    Default,
}

impl Scope {
    /// All scopes, from the closest to the widest.
    pub const ALL: [Self; 4] = [Self::Person, Self::Tie, Self::Group, Self::Default];

    /// The word in the store and in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Tie => "tie",
            Self::Group => "group",
            Self::Default => "default",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }
}

/// One choice of a member that applies to the word in question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    pub scope: Scope,
    /// Every topic without one.
    pub topic: Option<Topic>,
    /// Every channel without one.
    pub channel: Option<Channel>,
    pub when: When,
}

impl Choice {
    fn covers(&self, topic: Topic, channel: Channel) -> bool {
        self.topic.is_none_or(|own| own == topic) && self.channel.is_none_or(|own| own == channel)
    }
}

/// What holds where a member chose nothing: the page at once, a letter once a week, a device that was allowed to show
/// something once a day, and nothing by LINE, where nobody was asked.
#[must_use]
pub const fn usual(channel: Channel) -> When {
    match channel {
        Channel::Page => When::AtOnce,
        Channel::Email => When::Weekly,
        Channel::Push => When::Daily,
        Channel::Line => When::Never,
    }
}

/// When a word about this topic is told by this channel, by the choices that apply to it, in any order.
#[must_use]
pub fn when(choices: &[Choice], topic: Topic, channel: Channel) -> When {
    // the smaller comes first; of two alike the quieter
    let closeness =
        |one: &Choice| (one.scope, one.topic.is_none(), one.channel.is_none(), std::cmp::Reverse(one.when));
    choices
        .iter()
        .filter(|one| one.covers(topic, channel))
        .min_by_key(|one| closeness(one))
        .map_or(usual(channel), |one| one.when)
}

/// What turning off puts in the place of an earlier choice, so that nothing narrower brings the same words again: a
/// "never" at that place, for the words that both speak of. None where they have no word in common, or where the earlier
/// one is wider and loses anyway.
#[must_use]
pub fn silenced(off: &Choice, earlier: &Choice) -> Option<Choice> {
    let topics = off.topic.is_none() || earlier.topic.is_none() || off.topic == earlier.topic;
    let channels = off.channel.is_none() || earlier.channel.is_none() || off.channel == earlier.channel;
    if off.when != When::Never || earlier.scope > off.scope || !topics || !channels {
        return None;
    }
    Some(Choice {
        scope: earlier.scope,
        topic: earlier.topic.or(off.topic),
        channel: earlier.channel.or(off.channel),
        when: When::Never,
    })
}

/// How many people a letter names at most (rhythm.md).
pub const MOST_PEOPLE: usize = 5;

/// Minutes to wait at a minute of the day (0–1439) until quiet hours are over; 0 outside of them. From and until alike
/// mean that no hour is quiet; from after until goes over midnight.
#[must_use]
pub const fn quiet_for(minute: i64, from: i64, until: i64) -> i64 {
    let into = (minute - from).rem_euclid(1440);
    let long = (until - from).rem_euclid(1440);
    if into < long { long - into } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn topics() -> impl Strategy<Value = Topic> {
        proptest::sample::select(Topic::ALL.to_vec())
    }

    fn channels() -> impl Strategy<Value = Channel> {
        proptest::sample::select(Channel::ALL.to_vec())
    }

    fn choices() -> impl Strategy<Value = Vec<Choice>> {
        let one = (
            proptest::sample::select(Scope::ALL.to_vec()),
            proptest::option::of(topics()),
            proptest::option::of(channels()),
            proptest::sample::select(When::ALL.to_vec()),
        )
            .prop_map(|(scope, topic, channel, when)| Choice { scope, topic, channel, when });
        proptest::collection::vec(one, 0..12)
    }

    #[test]
    fn words_are_read_back_and_every_kind_has_a_topic() {
        for topic in Topic::ALL {
            assert_eq!(Topic::from_word(topic.word()), Some(topic));
        }
        for when in When::ALL {
            assert_eq!(When::from_word(when.word()), Some(when));
        }
        for scope in Scope::ALL {
            assert_eq!(Scope::from_word(scope.word()), Some(scope));
        }
        for channel in Channel::ALL {
            assert_eq!(Channel::from_word(channel.word()), Some(channel));
        }
        assert_eq!(Topic::of_kind("giving_reply"), Topic::Giving);
        assert_eq!(Topic::of_kind("tie_proposed"), Topic::Ties);
        assert_eq!(Topic::of_kind("booking_due"), Topic::Resources);
        assert_eq!(Topic::of_kind("joining_reset"), Topic::Account);
    }

    #[test]
    fn the_closest_choice_counts() {
        let choice = |scope, topic, when| Choice { scope, topic, channel: None, when };
        let mut all = vec![choice(Scope::Default, None, When::Daily)];
        assert_eq!(when(&all, Topic::Giving, Channel::Email), When::Daily);
        all.push(choice(Scope::Group, None, When::Never));
        assert_eq!(when(&all, Topic::Giving, Channel::Email), When::Never);
        all.push(choice(Scope::Tie, None, When::Weekly));
        assert_eq!(when(&all, Topic::Giving, Channel::Email), When::Weekly);
        all.push(choice(Scope::Person, None, When::AtOnce));
        assert_eq!(when(&all, Topic::Giving, Channel::Email), When::AtOnce);
        all.push(choice(Scope::Person, Some(Topic::Giving), When::Never));
        assert_eq!(when(&all, Topic::Giving, Channel::Email), When::Never);
        assert_eq!(when(&all, Topic::Ties, Channel::Email), When::AtOnce);
    }

    proptest! {
        #[test]
        fn nothing_chosen_is_the_usual(topic in topics(), channel in channels()) {
            prop_assert_eq!(when(&[], topic, channel), usual(channel));
        }

        #[test]
        fn the_order_of_choices_is_nothing(
            mut all in choices(), topic in topics(), channel in channels(), turn in 0usize..12
        ) {
            let before = when(&all, topic, channel);
            if !all.is_empty() {
                let by = turn % all.len();
                all.rotate_left(by);
            }
            prop_assert_eq!(when(&all, topic, channel), before);
            all.reverse();
            prop_assert_eq!(when(&all, topic, channel), before);
        }

        /// Whatever is chosen for something wider changes nothing where something closer was chosen.
        #[test]
        fn a_wider_choice_never_wins(
            all in choices(), wider in choices(), topic in topics(), channel in channels()
        ) {
            let closest = all.iter().filter(|one| one.covers(topic, channel)).map(|one| one.scope).min();
            if let Some(closest) = closest {
                let before = when(&all, topic, channel);
                let mut more = all;
                more.extend(wider.into_iter().filter(|one| one.scope > closest));
                prop_assert_eq!(when(&more, topic, channel), before);
            }
        }

        /// Trap 1: what is turned off as one taps "turn this off" is off, whatever was chosen before.
        #[test]
        fn what_is_turned_off_is_off(
            all in choices(), scope in proptest::sample::select(Scope::ALL.to_vec()), topic in topics(),
            channel in channels(), every in any::<bool>()
        ) {
            let off = Choice {
                scope, topic: (!every).then_some(topic), channel: Some(channel), when: When::Never,
            };
            let mut after = all.clone();
            for silent in all.iter().filter_map(|earlier| silenced(&off, earlier)) {
                let place = |one: &Choice| (one.scope, one.topic, one.channel);
                after.retain(|one| place(one) != place(&silent));
                after.push(silent);
            }
            after.push(off);
            prop_assert_eq!(when(&after, topic, channel), When::Never);
            // and nothing else is
            for other in Topic::ALL.into_iter().filter(|other| !every && *other != topic) {
                prop_assert_eq!(when(&after, other, channel), when(&all, other, channel));
            }
        }

        /// After waiting no quiet hour is left, and nobody waits a whole day.
        #[test]
        fn quiet_hours_end(minute in 0i64..1440, from in 0i64..1440, until in 0i64..1440) {
            let wait = quiet_for(minute, from, until);
            prop_assert!((0..1440).contains(&wait));
            prop_assert_eq!(quiet_for((minute + wait).rem_euclid(1440), from, until), 0);
            if wait > 0 {
                prop_assert_eq!((minute + wait).rem_euclid(1440), until);
            }
        }
    }
}
