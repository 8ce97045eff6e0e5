//! The word lists every part of Saan shares: one spelling in tables, in the API and in the journal.

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// All of them, in the order they are offered.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word in tables and in the API.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// Back from [`Self::word`].
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

words! {
    /// What kind of member.
    ActorKind { Person = "person", Group = "group", Organization = "organization", Network = "network",
        /// A feed or a machine, never a member.
        Service = "service" }
}
words! {
    /// The part a member has in a network. Voice comes from membership alone.
    Role { Member = "member", Coordinator = "coordinator",
        /// Helps the network stand on its own feet; no vote.
        Supporter = "supporter",
        /// Watches; no vote.
        Observer = "observer",
        /// Looks after information.
        Steward = "steward" }
}
words! {
    /// Who may see an object.
    Visibility {
        /// Me and who acts for me; for a whole member: hidden.
        Private = "private",
        /// Those tied to me.
        Tie = "tie",
        /// A named group.
        Group = "group",
        /// The members of the network.
        Network = "network",
        Public = "public" }
}
words! {
    /// How members were in contact.
    Channel { Line = "line", Phone = "phone", Meeting = "meeting", Visit = "visit", Email = "email", InApp = "in_app",
        Online = "online", Facebook = "facebook", Radio = "radio", Event = "event", Letter = "letter", Other = "other" }
}
words! {
    /// Who reached out to whom.
    Direction { Mutual = "mutual", Outbound = "outbound", Inbound = "inbound", Broadcast = "broadcast" }
}
words! {
    /// What came of a contact.
    Outcome { Information = "information", Help = "help", Decision = "decision", Promise = "promise",
        Introduction = "introduction", Referral = "referral", Learning = "learning", Nothing = "nothing" }
}
words! {
    /// What somebody gained.
    Benefit { Material = "material", Money = "money", Knowledge = "knowledge", Skill = "skill",
        Recognition = "recognition", Reputation = "reputation", Advancement = "advancement",
        Relationship = "relationship", Belonging = "belonging", Safety = "safety", Happiness = "happiness",
        Other = "other" }
}
words! {
    /// How two members are tied.
    Relation { Knows = "knows", Friend = "friend", Colleague = "colleague", Mentors = "mentors", Member = "member",
        Partner = "partner", Peer = "peer", Parent = "parent", Affiliated = "affiliated", Supplies = "supplies",
        Supports = "supports", RefersTo = "refers_to", Introduces = "introduces", Exchanges = "exchanges", Kin = "kin",
        Neighbour = "neighbour", Other = "other" }
}

impl Relation {
    /// Whether the two ends mean different things.
    #[must_use]
    pub const fn is_directed(self) -> bool {
        matches!(
            self,
            Self::Mentors
                | Self::Member
                | Self::Parent
                | Self::Supplies
                | Self::Supports
                | Self::RefersTo
                | Self::Introduces
        )
    }

    /// The layer of the network this relation is counted in.
    #[must_use]
    pub const fn layer(self) -> Layer {
        match self {
            Self::Colleague | Self::Partner | Self::Peer | Self::Affiliated | Self::Member | Self::Parent => {
                Layer::Collab
            }
            Self::Mentors => Layer::Advice,
            Self::Exchanges => Layer::Exchange,
            Self::Supplies | Self::Supports => Layer::Depend,
            Self::Knows
            | Self::Friend
            | Self::RefersTo
            | Self::Introduces
            | Self::Kin
            | Self::Neighbour
            | Self::Other => Layer::Contact,
        }
    }
}

words! {
    /// The layers in which a network is measured.
    Layer { Contact = "contact", Collab = "collab", Advice = "advice", Exchange = "exchange", Depend = "depend" }
}
words! {
    /// How a tie came to be.
    TieOrigin { Introduction = "introduction", Invitation = "invitation", Event = "event", Import = "import",
        Referral = "referral", Self_ = "self" }
}
words! {
    /// What kind of organization.
    OrgType { CivilSociety = "civil_society", Company = "company", PublicAgency = "public_agency", School = "school",
        Temple = "temple", Clinic = "clinic", FarmerGroup = "farmer_group", Informal = "informal", Other = "other" }
}
words! {
    /// How many people a group or organization has; the equality measures of later chapters read it.
    SizeBand { One = "1", Few = "2-9", Some = "10-49", Many = "50-249", Large = "250+" }
}
words! {
    /// Where a member stands in its life with the network.
    ActorState { Unclaimed = "unclaimed", Invited = "invited", Active = "active", Dormant = "dormant", Left = "left",
        Merged = "merged", Deleted = "deleted" }
}
words! {
    /// Whether a member may be shown and contacted.
    Consent {
        /// Not asked, or not answered: seen by the coordinators alone.
        Pending = "pending",
        Given = "given", Refused = "refused", Withdrawn = "withdrawn" }
}
words! {
    /// Where a membership stands.
    MembershipState { Applied = "applied", Invited = "invited", Member = "member", Left = "left", Removed = "removed" }
}
words! {
    /// Giving or asking.
    Side { Offer = "offer", Need = "need" }
}
words! {
    /// Where help can happen.
    Mode { Onsite = "onsite", Online = "online", Either = "either" }
}
words! {
    /// Whether money or anything else comes back.
    Terms { Gift = "gift", Lend = "lend", Swap = "swap", Pay = "pay" }
}
words! {
    /// How soon a need must be met.
    Urgency { Whenever = "whenever", Soon = "soon", Urgent = "urgent" }
}
words! {
    /// The life of an offer or need.
    IntentState { Open = "open", Fulfilled = "fulfilled", Expired = "expired", Withdrawn = "withdrawn" }
}
words! {
    /// How a network came to be (F1–F3).
    NetworkOrigin { Grassroots = "grassroots", Established = "established", Evolved = "evolved" }
}
words! {
    /// Where a network stands in its life (F4).
    Stage { Gathering = "gathering", Forming = "forming", Agreed = "agreed", Active = "active", Renewing = "renewing",
        Closed = "closed" }
}
words! {
    /// Ways to reach a member.
    ContactPointKind { Phone = "phone", Line = "line", Email = "email", Facebook = "facebook", Web = "web" }
}
words! {
    /// The life of a promise.
    PromiseState {
        /// One side said it, the other has not answered.
        Proposed = "proposed",
        Accepted = "accepted", Kept = "kept",
        /// Kept after its day.
        Late = "late", Broken = "broken",
        /// Taken back with a word.
        Released = "released",
        /// Proposed, and never agreed to.
        Lapsed = "lapsed" }
}
words! {
    /// What happened in an exchange (ValueFlows' actions, those we need).
    ExchangeAction {
        /// Somebody did something for somebody.
        DeliverService = "deliver_service",
        /// Worked along.
        Work = "work",
        /// A thing or money changed hands.
        Transfer = "transfer",
        /// Something was lent.
        Use = "use",
        /// Knowledge was passed on.
        Cite = "cite" }
}
words! {
    /// Where the record of an exchange stands.
    ExchangeState {
        /// Said by one side.
        Recorded = "recorded",
        /// The receiver said so, too.
        Confirmed = "confirmed",
        /// The receiver says that it was not so.
        Disputed = "disputed" }
}
words! {
    /// "Could you have done it alone?"
    Alone { CouldNot = "could_not", WithEffort = "with_effort", Could = "could" }
}
words! {
    /// What the receiver says became of what they received.
    Use { NotYet = "not_yet", Used = "used", Helped = "helped" }
}
words! {
    /// What can be shared.
    ResourceKind { Thing = "thing", Place = "place", Vehicle = "vehicle", Expert = "expert" }
}
words! {
    /// How a thing is.
    Condition { Good = "good", Worn = "worn", Broken = "broken" }
}
words! {
    /// Whether a resource is still there.
    ResourceState { Available = "available", Broken = "broken", Gone = "gone" }
}
words! {
    /// The life of a booking.
    BookingState { Requested = "requested", Agreed = "agreed", Declined = "declined", HandedOver = "handed_over",
        Returned = "returned", Cancelled = "cancelled" }
}

impl BookingState {
    /// Whether it takes up the resource for its time.
    #[must_use]
    pub const fn holds(self) -> bool {
        matches!(self, Self::Agreed | Self::HandedOver)
    }
}
