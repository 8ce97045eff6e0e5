use network::rights::{Action, may};
use network::vocabulary::{ActorKind, IntentState, Mode, Side, Terms, Urgency, Visibility};
use store::ids::{ActorId, IntentId};
use store::journal::{Act, Entry};
use store::{Error, Micros, Reading, Writing, audience};
use thai::Lang;

use super::queries::{self, Card};
use super::{ReplyId, rules};
use crate::{notices, search};

/// What is said of an offer or need.
#[derive(Debug, Clone)]
pub struct Draft {
    pub side: Side,
    /// Made from the text where it is empty.
    pub title: String,
    pub text: String,
    /// Codes its author tapped.
    pub categories: Vec<String>,
    pub mode: Mode,
    pub terms: Terms,
    pub urgency: Urgency,
    /// `TH-50`, `5007`; empty and not everywhere: the owner's own province is not assumed.
    pub areas: Vec<String>,
    pub everywhere: bool,
    /// When it suits, in words.
    pub available: String,
    /// Days since 1970, the last one included.
    pub starts_on: Option<i64>,
    pub ends_on: Option<i64>,
    /// Without one: 180 days.
    pub valid_until: Option<Micros>,
    /// How many requests an offer can take.
    pub capacity: i64,
    /// Without one: the members of the network, or few where the rules keep it among few.
    pub visibility: Option<Visibility>,
    /// The one coordinator who sees what is kept among few; without one: see [`confidant`].
    pub confidant: Option<ActorId>,
    pub lang: Lang,
}

impl Draft {
    /// A gift, anywhere, any time; set what is known.
    #[must_use]
    pub fn new(side: Side, text: &str) -> Self {
        Self {
            side,
            title: String::new(),
            text: text.to_owned(),
            categories: Vec::new(),
            mode: Mode::Either,
            terms: Terms::Gift,
            urgency: Urgency::Whenever,
            areas: Vec::new(),
            everywhere: false,
            available: String::new(),
            starts_on: None,
            ends_on: None,
            valid_until: None,
            capacity: 1,
            visibility: None,
            confidant: None,
            lang: Lang::Thai,
        }
    }
}

/// A draft made ready to be written, with what the rules say about it.
struct Ready {
    draft: Draft,
    guessed: Vec<(String, f64)>,
    text_key: String,
    visibility: Visibility,
    restricted: bool,
}

fn ready(draft: &Draft, kind: ActorKind) -> Ready {
    let mut draft = draft.clone();
    draft.text = thai::text::normalize(&draft.text).into_owned();
    if draft.title.trim().is_empty() {
        draft.title = rules::title(&draft.text);
    }
    draft.categories = rules::known(&draft.categories);
    if draft.mode == Mode::Online {
        draft.everywhere = true;
    }
    let whole = format!("{} {}", draft.title, draft.text);
    let guessed = rules::guesses(&whole);
    let person = kind == ActorKind::Person;
    // whoever chose who may see it has chosen; the rule is for those who did not
    let restricted = match draft.visibility {
        None => rules::is_restricted(draft.side, person, &draft.categories, &guessed),
        Some(_) => false,
    };
    Ready {
        visibility: if restricted {
            Visibility::Private
        } else {
            draft.visibility.unwrap_or(Visibility::Network)
        },
        restricted,
        text_key: rules::text_key(&draft.text),
        guessed,
        draft,
    }
}

/// Posts an offer or need of this member. The caller has checked the right to write for it; see [`may_post`].
///
/// # Errors
/// The database's own.
pub fn post(w: &mut Writing<'_>, actor: ActorId, network: ActorId, draft: &Draft) -> Result<IntentId, Error> {
    let (kind, _) = queries::owner(w, actor)?;
    let ready = ready(draft, kind);
    let restricted_to = trusted(w, &ready, actor, network)?;
    let id = queries::insert(
        w,
        actor,
        network,
        &ready.draft,
        &ready.text_key,
        (ready.visibility.word(), restricted_to),
    )?;
    queries::put_categories(w, id, &ready.draft.categories, &ready.guessed)?;
    refresh(w, id)?;
    let entry = Entry::new(act(draft.side), "giving.post", id.0).in_network(network).for_member(actor);
    w.record(&entry.fields(&["intent"]))?;
    Ok(id)
}

/// Who sees what is kept among few beside its owner: the one they chose, as long as that one coordinates the network.
fn trusted(
    w: &Writing<'_>,
    ready: &Ready,
    actor: ActorId,
    network: ActorId,
) -> Result<Option<ActorId>, Error> {
    if !ready.restricted {
        return Ok(None);
    }
    let coordinators = queries::coordinators(w, network)?;
    match ready.draft.confidant.filter(|chosen| coordinators.contains(chosen)) {
        Some(chosen) => Ok(Some(chosen)),
        None => confidant(w, actor, network).map(Some),
    }
}

/// The coordinator whom a member trusts with what is kept among few, unless they choose another: who writes it down for
/// them, else who entered them, else who invited them, else the one who has been coordinator longest. A member who is
/// the only coordinator keeps it to themselves.
///
/// # Errors
/// The database's own.
pub fn confidant(r: &Reading<'_>, actor: ActorId, network: ActorId) -> Result<ActorId, Error> {
    let coordinators = queries::coordinators(r, network)?;
    let near = r.viewer().actor().into_iter().chain(queries::brought_by(r, actor, network)?);
    let other = |one: &ActorId| *one != actor && coordinators.contains(one);
    Ok(near.into_iter().find(other).or_else(|| coordinators.iter().copied().find(other)).unwrap_or(actor))
}

/// What was entrusted to somebody who no longer coordinates a network goes to the next who does.
///
/// # Errors
/// The database's own.
pub fn entrust_anew(w: &mut Writing<'_>, network: ActorId, former: ActorId) -> Result<(), Error> {
    for (id, owner) in queries::entrusted(w, network, former)? {
        let next = confidant(w, owner, network)?;
        queries::entrust(w, id, next)?;
        refresh(w, id)?;
    }
    Ok(())
}

/// What the act is in the journal: who offers gives, who asks receives.
const fn act(side: Side) -> Act {
    match side {
        Side::Offer => Act::Give,
        Side::Need => Act::Receive,
    }
}

/// The offer or need this member posted with this text before, whatever became of it.
///
/// # Errors
/// The database's own.
pub fn same(r: &Reading<'_>, actor: ActorId, side: Side, text: &str) -> Result<Option<IntentId>, Error> {
    queries::with_text(r, actor, side, &rules::text_key(text))
}

/// Whether the one who asks may post for this member in this network: for themselves, or as a coordinator for somebody
/// nobody claimed.
pub fn may_post(r: &Reading<'_>, network: ActorId, actor: ActorId) -> Result<bool, Error> {
    let Some(asker) = r.viewer().actor() else { return Ok(r.viewer().is_system()) };
    let Some(role) = queries::role(r, network, asker)? else { return Ok(false) };
    if !may(role, Action::Weave) {
        return Ok(false);
    }
    if asker == actor {
        return Ok(true);
    }
    let (_, unclaimed) = queries::owner(r, actor)?;
    Ok(unclaimed && may(role, Action::EnterMembers) && queries::role(r, network, actor)?.is_some())
}

/// Whether the one who asks may change it.
pub fn may_change(r: &Reading<'_>, card: &Card) -> Result<bool, Error> {
    may_post(r, card.network, card.actor)
}

fn changeable(w: &Writing<'_>, id: IntentId) -> Result<Card, Error> {
    let card = queries::find(w, id)?;
    if may_change(w, &card)? { Ok(card) } else { Err(Error::NotFound) }
}

/// Who may see it and by which words it is found, after anything about it changed. The owner's own visibility and
/// consent are asked again wherever it is shown.
fn refresh(w: &mut Writing<'_>, id: IntentId) -> Result<(), Error> {
    let Some(pooled) = queries::pooled(w, &[id])?.pop() else { return Err(Error::NotFound) };
    let card = pooled.card;
    let mut keys = vec![audience::own(card.actor)];
    if let Some(confidant) = queries::entrusted_to(w, id)? {
        // what an earlier version kept names the network and not one of its coordinators
        let of_all = confidant == card.network;
        keys.push(if of_all { audience::coordinators(confidant) } else { audience::own(confidant) });
    } else {
        match Visibility::from_word(&card.visibility).unwrap_or(Visibility::Private) {
            Visibility::Private => {}
            Visibility::Tie => keys.push(audience::tied(card.actor)),
            Visibility::Group | Visibility::Network => keys.push(audience::members(card.network)),
            Visibility::Public => keys.extend([audience::members(card.network), audience::PUBLIC]),
        }
        // who looks after the network sees what waits in it
        if card.visibility != Visibility::Private.word() {
            keys.push(audience::coordinators(card.network));
        }
    }
    audience::set(w, id.0, &keys)?;
    if card.state != IntentState::Open {
        return search::forget(w, id.0);
    }
    let mut facets: Vec<String> = card.categories.iter().map(|code| format!("cat:{code}")).collect();
    facets.extend(card.areas.iter().map(|code| format!("area:{code}")));
    search::note(
        w,
        &search::Noted {
            object: id.0,
            kind: card.side.word(),
            network: Some(card.network),
            actor: card.actor,
            title: &card.title,
            text: &card.text,
            facets: &facets,
        },
    )
}

/// Changes what is said.
pub fn change(w: &mut Writing<'_>, id: IntentId, version: i64, draft: &Draft) -> Result<(), Error> {
    let before = changeable(w, id)?;
    let draft = Draft { side: before.side, ..draft.clone() };
    let ready = ready(&draft, before.owner_kind);
    let restricted_to = trusted(w, &ready, before.actor, before.network)?;
    queries::update(w, id, version, &ready.draft, &ready.text_key, (ready.visibility.word(), restricted_to))?;
    queries::put_categories(w, id, &ready.draft.categories, &ready.guessed)?;
    refresh(w, id)?;
    let entry = Entry::new(act(before.side), "giving.change", id.0)
        .in_network(before.network)
        .for_member(before.actor);
    w.record(&entry.before("title", Some(before.title)).before("text", Some(before.text)))
}

/// "I can help" or "I would like this". The owner is told, once.
pub fn reply(w: &mut Writing<'_>, id: IntentId, actor: ActorId, words: &str) -> Result<(), Error> {
    let card = queries::find(w, id)?;
    let may = queries::role(w, card.network, actor)?.is_some_and(|role| may(role, Action::Weave));
    if card.actor == actor || card.state != IntentState::Open || !may {
        return Err(Error::NotFound);
    }
    let fresh = queries::put_reply(w, id, actor, words)?;
    if fresh {
        let kind = if card.side == Side::Need { "giving_reply" } else { "giving_ask" };
        notices::tell(w, card.actor, kind, id.0, Some(actor), &card.title)?;
    }
    // helping with a need is giving, asking for an offer is receiving
    let act = if card.side == Side::Need { Act::Give } else { Act::Receive };
    w.record(
        &Entry::new(act, "giving.reply", id.0).in_network(card.network).for_member(actor).fields(&["reply"]),
    )
}

/// The owner's answer. A yes is told to the other; a no is silence.
pub fn answer(w: &mut Writing<'_>, id: ReplyId, agrees: Agreement) -> Result<IntentId, Error> {
    let reply = queries::find_reply(w, id)?;
    let card = changeable(w, reply.intent)?;
    let state = match agrees {
        Agreement::Yes => "accepted",
        Agreement::NotNow => "declined",
    };
    if reply.state != state {
        queries::answer_reply(w, id, state)?;
        queries::set_state(
            w,
            card.id,
            card.state,
            card.met_by.map(|by| (Some(by), card.met_note.as_str())),
            None,
        )?;
        if agrees == Agreement::Yes {
            notices::tell(w, reply.actor, "giving_accepted", card.id.0, Some(card.actor), &card.title)?;
        }
    }
    w.record(
        &Entry::new(act(card.side), "giving.answer", card.id.0)
            .in_network(card.network)
            .for_member(card.actor)
            .fields(&["reply"]),
    )?;
    Ok(card.id)
}

/// The owner's answer to a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreement {
    Yes,
    NotNow,
}

/// A need that was met, an offer that was given: by or to whom, if it was somebody here.
pub fn met(w: &mut Writing<'_>, id: IntentId, by: Option<ActorId>, note: &str) -> Result<(), Error> {
    let card = changeable(w, id)?;
    let by = match by {
        Some(by) if audience::may_see(w, by.0)? => Some(by),
        _ => None,
    };
    queries::set_state(w, id, IntentState::Fulfilled, Some((by, note)), None)?;
    refresh(w, id)?;
    if let Some(by) = by.filter(|_| card.side == Side::Need) {
        notices::tell(w, by, "giving_met", id.0, Some(card.actor), &card.title)?;
    }
    w.record(
        &Entry::new(act(card.side), "giving.met", id.0)
            .in_network(card.network)
            .for_member(card.actor)
            .before("state", Some(card.state.word().to_owned())),
    )
}

/// Takes it back; it can be taken up again.
pub fn withdraw(w: &mut Writing<'_>, id: IntentId) -> Result<(), Error> {
    let card = changeable(w, id)?;
    queries::set_state(w, id, IntentState::Withdrawn, None, None)?;
    refresh(w, id)?;
    w.record(
        &Entry::new(act(card.side), "giving.withdraw", id.0)
            .in_network(card.network)
            .for_member(card.actor)
            .before("state", Some(card.state.word().to_owned())),
    )
}

/// Opens it again after it was withdrawn, met or over; what is over gets its time anew.
pub fn reopen(w: &mut Writing<'_>, id: IntentId) -> Result<(), Error> {
    let card = changeable(w, id)?;
    let now = w.now();
    let until = (card.valid_until <= now).then(|| now.plus(rules::STANDS));
    queries::set_state(w, id, IntentState::Open, None, until)?;
    refresh(w, id)?;
    w.record(
        &Entry::new(act(card.side), "giving.reopen", id.0)
            .in_network(card.network)
            .for_member(card.actor)
            .before("state", Some(card.state.word().to_owned())),
    )
}

/// "Still open": its time begins anew.
pub fn renew(w: &mut Writing<'_>, id: IntentId) -> Result<(), Error> {
    let card = changeable(w, id)?;
    let until = w.now().plus(rules::STANDS);
    queries::set_state(w, id, IntentState::Open, None, Some(until))?;
    refresh(w, id)?;
    w.record(
        &Entry::new(act(card.side), "giving.renew", id.0)
            .in_network(card.network)
            .for_member(card.actor)
            .before("valid_until", Some(card.valid_until.0.to_string())),
    )
}

/// What the job does with one that is over.
pub fn close_expired(w: &mut Writing<'_>, id: IntentId) -> Result<(), Error> {
    queries::set_state(w, id, IntentState::Expired, None, None)?;
    refresh(w, id)?;
    w.record(&Entry::new(Act::Do, "giving.expire", id.0).fields(&["state"]))
}
