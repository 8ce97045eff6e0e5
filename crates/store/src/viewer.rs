use crate::ids::{AccountId, ActorId, ConsentId};

/// Who asks. There is no path to private rows without one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Viewer {
    /// Nobody we know: sees what is public.
    Anonymous,
    /// A person with an account, for themselves or for a member they act for.
    Member {
        account: AccountId,
        /// The person behind the account.
        person: ActorId,
        /// The member they act as now: themselves, or a group or organization that named them.
        acting_as: ActorId,
        /// Runs this instance: technical rights, no voice.
        operator: bool,
    },
    /// The program itself, and why. The reason is written into the journal.
    System(&'static str),
}

impl Viewer {
    /// The member whose eyes these are.
    #[must_use]
    pub const fn actor(&self) -> Option<ActorId> {
        match self {
            Self::Member { acting_as, .. } => Some(*acting_as),
            Self::Anonymous | Self::System(_) => None,
        }
    }

    /// The account signed in.
    #[must_use]
    pub const fn account(&self) -> Option<AccountId> {
        match self {
            Self::Member { account, .. } => Some(*account),
            Self::Anonymous | Self::System(_) => None,
        }
    }

    /// The person signed in, whoever they act for.
    #[must_use]
    pub const fn person(&self) -> Option<ActorId> {
        match self {
            Self::Member { person, .. } => Some(*person),
            Self::Anonymous | Self::System(_) => None,
        }
    }

    /// Whether this is the operator of the instance.
    #[must_use]
    pub const fn is_operator(&self) -> bool {
        matches!(self, Self::Member { operator: true, .. })
    }

    /// Whether this is the program itself.
    #[must_use]
    pub const fn is_system(&self) -> bool {
        matches!(self, Self::System(_))
    }
}

/// By which door a write came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Through {
    Page,
    Api,
    CommandLine,
    Job,
}

impl Through {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Api => "api",
            Self::CommandLine => "command_line",
            Self::Job => "job",
        }
    }
}

/// Who acts, by which door, and with which consent when it is for someone else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acting {
    pub viewer: Viewer,
    pub through: Through,
    /// For a member without an account: the consent under which someone writes for them.
    pub on_behalf_of: Option<ActorId>,
    pub consent: Option<ConsentId>,
    /// The reserved key under which this was asked for ([`crate::idempotency::reserve`]): settled with the write.
    pub key: Option<std::sync::Arc<str>>,
}

impl Acting {
    /// A write of this viewer's own.
    #[must_use]
    pub const fn new(viewer: Viewer, through: Through) -> Self {
        Self { viewer, through, on_behalf_of: None, consent: None, key: None }
    }

    /// A write of the program itself.
    #[must_use]
    pub const fn system(reason: &'static str) -> Self {
        Self::new(Viewer::System(reason), Through::Job)
    }
}
