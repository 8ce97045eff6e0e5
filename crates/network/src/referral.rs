//! A need, a question or a person is passed to a member who can act, and the sender always sees where it is (B2, N5).
//!
//! The words of the states are those of a FHIR `Task`; who may take which step is one table, [`after`].

/// Where a referral is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// It speaks of a person who has not said yes yet; nobody else knows of it.
    Draft,
    /// Sent, not opened.
    Requested,
    /// Opened by the one it went to.
    Received,
    /// They said they would see to it.
    Accepted,
    /// They are at it.
    InProgress,
    /// Done, with what came of it.
    Completed,
    /// They cannot; the sender may pass it to somebody else.
    Rejected,
    /// Taken back by the sender, or the person it speaks of did not agree.
    Cancelled,
}

/// A step somebody takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// The person it speaks of agrees.
    Consent,
    /// The person it speaks of does not agree, or takes the consent back.
    Refuse,
    /// The page was opened.
    Receive,
    /// Yes, I will see to it.
    Accept,
    /// I cannot.
    Decline,
    /// It goes on to somebody else.
    PassOn,
    /// I am at it.
    Begin,
    /// It is done.
    Complete,
    /// The sender takes it back.
    Cancel,
}

/// What somebody is to a referral.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// Who sent it.
    Sender,
    /// Whom it went to last.
    Receiver,
    /// The person it speaks of.
    Subject,
    /// A coordinator, once it is overdue.
    Coordinator,
}

impl State {
    /// All states.
    pub const ALL: [Self; 8] = [
        Self::Draft,
        Self::Requested,
        Self::Received,
        Self::Accepted,
        Self::InProgress,
        Self::Completed,
        Self::Rejected,
        Self::Cancelled,
    ];

    /// The word in the store and in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Requested => "requested",
            Self::Received => "received",
            Self::Accepted => "accepted",
            Self::InProgress => "in_progress",
            Self::Completed => "completed",
            Self::Rejected => "rejected",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// Somebody still has to do something about it, and it may become overdue.
    #[must_use]
    pub const fn waits(self) -> bool {
        matches!(self, Self::Requested | Self::Received | Self::Accepted | Self::InProgress)
    }

    /// Nothing can change it any more.
    #[must_use]
    pub const fn over(self) -> bool {
        matches!(self, Self::Completed | Self::Cancelled)
    }
}

impl Step {
    /// All steps.
    pub const ALL: [Self; 9] = [
        Self::Consent,
        Self::Refuse,
        Self::Receive,
        Self::Accept,
        Self::Decline,
        Self::PassOn,
        Self::Begin,
        Self::Complete,
        Self::Cancel,
    ];

    /// The word on the trail and in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::Refuse => "refuse",
            Self::Receive => "receive",
            Self::Accept => "accept",
            Self::Decline => "decline",
            Self::PassOn => "pass_on",
            Self::Begin => "begin",
            Self::Complete => "complete",
            Self::Cancel => "cancel",
        }
    }

    /// The step of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.word() == word)
    }
}

/// Where a referral is after a step by somebody of this part; `None` where it is not theirs to take, or too late.
#[must_use]
pub const fn after(state: State, step: Step, part: Part) -> Option<State> {
    use State::{Accepted, Cancelled, Completed, Draft, InProgress, Received, Rejected, Requested};
    match (part, step, state) {
        (Part::Subject, Step::Consent, Draft) => Some(Requested),
        // a consent may be taken back as long as nothing is finished
        (Part::Subject, Step::Refuse, Draft | Requested | Received | Accepted | InProgress | Rejected) => {
            Some(Cancelled)
        }
        (Part::Receiver, Step::Receive, Requested) => Some(Received),
        (Part::Receiver, Step::Accept, Requested | Received) => Some(Accepted),
        (Part::Receiver, Step::Begin, Requested | Received | Accepted) => Some(InProgress),
        (Part::Receiver, Step::Complete, Requested | Received | Accepted | InProgress) => Some(Completed),
        (Part::Receiver, Step::Decline, Requested | Received | Accepted | InProgress) => Some(Rejected),
        (Part::Receiver, Step::PassOn, Requested | Received | Accepted | InProgress) => Some(Requested),
        (Part::Sender, Step::PassOn, Requested | Received | Rejected)
        | (Part::Coordinator, Step::PassOn, Requested | Received | Accepted | InProgress | Rejected) => {
            Some(Requested)
        }
        (Part::Sender, Step::Cancel, Draft | Requested | Received | Accepted | InProgress | Rejected) => {
            Some(Cancelled)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PARTS: [Part; 4] = [Part::Sender, Part::Receiver, Part::Subject, Part::Coordinator];

    #[test]
    fn n5_the_loop_closes() {
        let mut state = State::Draft;
        for (part, step, then) in [
            (Part::Subject, Step::Consent, State::Requested),
            (Part::Receiver, Step::Receive, State::Received),
            (Part::Receiver, Step::PassOn, State::Requested),
            (Part::Receiver, Step::Receive, State::Received),
            (Part::Receiver, Step::Accept, State::Accepted),
            (Part::Receiver, Step::Begin, State::InProgress),
            (Part::Receiver, Step::Complete, State::Completed),
        ] {
            state = after(state, step, part).unwrap();
            assert_eq!(state, then);
        }
    }

    #[test]
    fn nobody_moves_a_draft_but_the_person_it_speaks_of_and_its_sender() {
        for step in Step::ALL {
            assert_eq!(after(State::Draft, step, Part::Receiver), None, "{step:?}");
            assert_eq!(after(State::Draft, step, Part::Coordinator), None, "{step:?}");
        }
        assert_eq!(
            after(State::Draft, Step::Consent, Part::Sender),
            None,
            "consent is not the sender's to give"
        );
    }

    #[test]
    fn words_are_read_back() {
        for state in State::ALL {
            assert_eq!(State::from_word(state.word()), Some(state));
        }
        for step in Step::ALL {
            assert_eq!(Step::from_word(step.word()), Some(step));
        }
        assert_eq!(State::from_word("lost"), None);
    }

    proptest! {
        /// Whatever anybody tries in whatever order: without the person's yes it never leaves the draft but to be
        /// cancelled, and what is over stays over.
        #[test]
        fn any_history_keeps_the_rules(steps in proptest::collection::vec((0usize..9, 0usize..4), 0..40)) {
            let mut state = State::Draft;
            let mut agreed = false;
            for (step, part) in steps {
                let (step, part) = (Step::ALL[step], PARTS[part]);
                let before = state;
                if let Some(next) = after(state, step, part) {
                    agreed |= step == Step::Consent;
                    state = next;
                }
                prop_assert!(!before.over() || state == before);
                prop_assert!(agreed || matches!(state, State::Draft | State::Cancelled));
                prop_assert!(!(state.over() && state.waits()));
            }
        }
    }
}
