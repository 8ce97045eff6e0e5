use std::collections::HashMap;

use network::vocabulary::{ActorKind, IntentState, Mode, Role, Side, Terms, Urgency};
use store::ids::{ActorId, IntentId};
use store::{Cells, Error, FromRow, Micros, Reading, Value, Writing, audience, listed, params};

use super::{Draft, ReplyId, rules};

mod answered;

pub use answered::{Answered, answered_last, answered_of};

/// An offer or need as cards and pages show it.
#[derive(Debug, Clone)]
pub struct Card {
    pub id: IntentId,
    pub side: Side,
    pub actor: ActorId,
    pub network: ActorId,
    pub title: String,
    pub text: String,
    pub mode: Mode,
    pub terms: Terms,
    pub urgency: Urgency,
    pub areas: Vec<String>,
    pub everywhere: bool,
    pub available: String,
    pub starts_on: Option<i64>,
    pub ends_on: Option<i64>,
    pub valid_until: Micros,
    pub capacity: i64,
    pub visibility: String,
    pub restricted: bool,
    pub state: IntentState,
    pub met_by: Option<ActorId>,
    pub met_note: String,
    pub lang: String,
    pub created_at: Micros,
    pub updated_at: Micros,
    pub version: i64,
    pub owner: String,
    pub owner_kind: ActorKind,
    /// Codes its author tapped, else what the words say with some certainty.
    pub categories: Vec<String>,
    pub tapped: bool,
}

impl FromRow for Card {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        let id = c.take()?;
        let side: String = c.take()?;
        let (actor, network) = (c.take()?, c.take()?);
        let (title, text): (String, String) = (c.take()?, c.take()?);
        let (mode, terms, urgency): (String, String, String) = (c.take()?, c.take()?, c.take()?);
        let areas: String = c.take()?;
        Ok(Self {
            id,
            side: Side::from_word(&side).unwrap_or(Side::Need),
            actor,
            network,
            // what a file brought in has no title of its own
            title: if title.is_empty() { rules::title(&text) } else { title },
            text,
            mode: Mode::from_word(&mode).unwrap_or(Mode::Either),
            terms: Terms::from_word(&terms).unwrap_or(Terms::Gift),
            urgency: Urgency::from_word(&urgency).unwrap_or(Urgency::Whenever),
            areas: areas.split_whitespace().map(str::to_owned).collect(),
            everywhere: c.take()?,
            available: c.take()?,
            starts_on: c.take()?,
            ends_on: c.take()?,
            valid_until: c.take()?,
            capacity: c.take()?,
            visibility: c.take()?,
            restricted: c.take()?,
            state: IntentState::from_word(&c.take::<String>()?).unwrap_or(IntentState::Withdrawn),
            met_by: c.take()?,
            met_note: c.take()?,
            lang: c.take()?,
            created_at: c.take()?,
            updated_at: c.take()?,
            version: c.take()?,
            owner: c.take()?,
            owner_kind: ActorKind::from_word(&c.take::<String>()?).unwrap_or(ActorKind::Person),
            categories: Vec::new(),
            tapped: false,
        })
    }
}

const CARD: &str = "i.id, i.side, i.actor_id, i.network_id, i.title, i.text, i.mode, i.terms, i.urgency, i.areas, \
    i.everywhere, i.available, i.starts_on, i.ends_on, i.valid_until, i.capacity, i.visibility, \
    i.restricted_to IS NOT NULL, i.state, i.met_by, i.met_note, i.lang, i.created_at, i.updated_at, i.version, \
    CASE WHEN a.nickname <> '' THEN a.nickname ELSE a.name END, a.kind \
    FROM intent i JOIN actor a ON a.id = i.actor_id";

/// Both must be visible: the offer or need, and whose it is.
fn seen(n: usize) -> String {
    format!(
        "a.gone_at IS NULL AND {} AND {}",
        audience::visible("i.id", n),
        audience::visible("i.actor_id", n)
    )
}

/// Puts the categories to the cards.
fn with_categories(r: &Reading<'_>, mut cards: Vec<Card>) -> Result<Vec<Card>, Error> {
    if cards.is_empty() {
        return Ok(cards);
    }
    let mut parameters = Vec::new();
    let ids = listed(&mut parameters, cards.iter().map(|card| card.id));
    let sql = format!(
        "SELECT intent_id, category, tapped FROM intent_category WHERE intent_id IN ({ids}) \
         AND (tapped OR weight >= 0.5) ORDER BY tapped DESC, weight DESC, category"
    );
    let rows: Vec<(i64, String, bool)> = r.all(&sql, &parameters)?;
    let mut by_id: HashMap<i64, Vec<(String, bool)>> = HashMap::new();
    for (id, category, tapped) in rows {
        by_id.entry(id).or_default().push((category, tapped));
    }
    for card in &mut cards {
        let categories = by_id.remove(&card.id.0).unwrap_or_default();
        card.tapped = categories.iter().any(|(_, tapped)| *tapped);
        let counts = categories.into_iter().filter(|(_, tapped)| *tapped || !card.tapped);
        card.categories = counts.map(|(code, _)| code).collect();
    }
    Ok(cards)
}

/// One, if this viewer may see it.
pub fn find(r: &Reading<'_>, id: IntentId) -> Result<Card, Error> {
    let sql = format!("SELECT {CARD} WHERE i.id = $1 AND {}", seen(2));
    let card: Card = r.one(&sql, &[Value::Int(id.0), audience::parameter(r.viewer())])?;
    with_categories(r, vec![card])?.pop().ok_or(Error::NotFound)
}

/// Of these, the ones that may be proposed to this viewer: open, visible, their owners willing and not in each other's
/// way.
pub fn proposable(r: &Reading<'_>, ids: &[IntentId], to: ActorId) -> Result<Vec<Card>, Error> {
    let mut parameters = vec![audience::parameter(r.viewer()), Value::Int(r.now().0), Value::Int(to.0)];
    let listed = listed(&mut parameters, ids);
    let sql = format!(
        "SELECT {CARD} WHERE i.id IN ({listed}) AND i.state = 'open' AND i.valid_until > $2 AND i.actor_id <> $3 \
         AND a.consent = 'given' AND a.may_be_suggested AND NOT EXISTS (SELECT 1 FROM block b \
         WHERE (b.actor_id = $3 AND b.blocked_id = i.actor_id) OR (b.actor_id = i.actor_id AND b.blocked_id = $3)) \
         AND {}",
        seen(1)
    );
    let mut cards: Vec<Card> = r.all(&sql, &parameters)?;
    cards.sort_by_key(|card| ids.iter().position(|id| *id == card.id));
    with_categories(r, cards)
}

/// Which the board shows.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub network: Option<ActorId>,
    pub side: Option<Side>,
    pub actor: Option<ActorId>,
    pub category: Option<String>,
    /// A province: what reaches it, and what can be done online.
    pub province: Option<String>,
}

/// A page of the board: urgent ones are marked, not moved, so that the newest stand first; `before` is an id or 0.
pub fn board(r: &Reading<'_>, filter: &Filter, before: i64, rows: i64) -> Result<Vec<Card>, Error> {
    let mut parameters = params![before, r.now()].to_vec();
    let mut sql = format!(
        "SELECT {CARD} WHERE i.state = 'open' AND i.valid_until > $2 AND (CAST($1 AS BIGINT) = 0 OR i.id < $1)"
    );
    let mut and = |condition: &str, value: Value| {
        parameters.push(value);
        sql.push_str(" AND ");
        sql.push_str(&condition.replace("$?", &format!("${}", parameters.len())));
    };
    // a member has few of them, a network many: the sign keeps a database that has not counted from going through the
    // network's for the member's
    let by_member = filter.actor.is_some();
    if let Some(network) = filter.network {
        and(if by_member { "+i.network_id = $?" } else { "i.network_id = $?" }, Value::Int(network.0));
    }
    if let Some(side) = filter.side {
        and("i.side = $?", Value::Text(side.word().to_owned()));
    }
    if let Some(actor) = filter.actor {
        and("i.actor_id = $?", Value::Int(actor.0));
    }
    if let Some(category) = &filter.category {
        and(
            "EXISTS (SELECT 1 FROM intent_category c WHERE c.intent_id = i.id AND c.category = $? \
             AND (c.tapped OR c.weight >= 0.5))",
            Value::Text(category.clone()),
        );
    }
    if let Some(province) = &filter.province {
        // codes stand between spaces: TH-50, or a district of it such as 5007
        let number: String = province.chars().filter(char::is_ascii_digit).collect();
        and(
            &format!(
                "(i.everywhere OR i.mode <> 'onsite' OR i.areas LIKE $? OR (' ' || i.areas) LIKE '% {number}%')"
            ),
            Value::Text(format!("%{province}%")),
        );
    }
    parameters.push(audience::parameter(r.viewer()));
    sql.push_str(&format!(" AND {}", seen(parameters.len())));
    parameters.push(Value::Int(rows));
    sql.push_str(&format!(" ORDER BY i.id DESC LIMIT ${}", parameters.len()));
    let cards = r.all(&sql, &parameters)?;
    with_categories(r, cards)
}

/// What this member offers or needs now, the newest first.
pub fn own_open(
    r: &Reading<'_>,
    network: ActorId,
    (actor, side): (ActorId, Side),
    most: i64,
) -> Result<Vec<IntentId>, Error> {
    r.all(
        "SELECT id FROM intent WHERE actor_id = $1 AND state = 'open' AND side = $2 AND +network_id = $3 \
         AND valid_until > $4 ORDER BY id DESC LIMIT $5",
        params![actor, side.word(), network, r.now(), most],
    )
}

/// The offer or need of this member with this text, whatever became of it.
pub fn with_text(r: &Reading<'_>, actor: ActorId, side: Side, key: &str) -> Result<Option<IntentId>, Error> {
    r.first(
        "SELECT id FROM intent WHERE actor_id = $1 AND side = $2 AND text_key = $3 ORDER BY id DESC",
        params![actor, side.word(), key],
    )
}

/// Kind of member, and whether it may be written for by a coordinator because nobody claimed it.
pub fn owner(r: &Reading<'_>, actor: ActorId) -> Result<(ActorKind, bool), Error> {
    let (kind, unclaimed): (String, bool) =
        r.one("SELECT kind, claimed_by IS NULL FROM actor WHERE id = $1", params![actor])?;
    Ok((ActorKind::from_word(&kind).unwrap_or(ActorKind::Person), unclaimed))
}

/// The part a member has in a network, if any.
pub fn role(r: &Reading<'_>, network: ActorId, actor: ActorId) -> Result<Option<Role>, Error> {
    let word: Option<String> = r.first(
        "SELECT role FROM membership WHERE whole_id = $1 AND part_id = $2 AND state = 'member'",
        params![network, actor],
    )?;
    Ok(word.and_then(|word| Role::from_word(&word)))
}

fn cells(draft: &Draft, text_key: &str, now: Micros) -> Vec<(&'static str, Value)> {
    let until = rules::valid_until(now, draft.valid_until, draft.ends_on);
    let values = params![
        draft.title,
        draft.text,
        text_key,
        draft.mode.word(),
        draft.terms.word(),
        draft.urgency.word(),
        draft.areas.join(" "),
        draft.everywhere,
        draft.available,
        draft.starts_on,
        draft.ends_on,
        until,
        draft.capacity.clamp(1, 99),
        draft.lang.tag()
    ];
    let names = [
        "title",
        "text",
        "text_key",
        "mode",
        "terms",
        "urgency",
        "areas",
        "everywhere",
        "available",
        "starts_on",
        "ends_on",
        "valid_until",
        "capacity",
        "lang",
    ];
    names.into_iter().zip(values.iter().cloned()).collect()
}

/// Writes a new one.
pub fn insert(
    w: &mut Writing<'_>,
    actor: ActorId,
    network: ActorId,
    draft: &Draft,
    text_key: &str,
    (visibility, restricted_to): (&str, Option<ActorId>),
) -> Result<IntentId, Error> {
    let (id, now, by) = (IntentId(w.new_id()), w.now(), w.viewer().person());
    let rest = params![
        id,
        draft.side.word(),
        actor,
        network,
        visibility,
        restricted_to,
        "open",
        "",
        now,
        by,
        now,
        1_i64
    ];
    let names = [
        "id",
        "side",
        "actor_id",
        "network_id",
        "visibility",
        "restricted_to",
        "state",
        "met_note",
        "created_at",
        "created_by",
        "updated_at",
        "version",
    ];
    let mut all: Vec<(&str, Value)> = names.into_iter().zip(rest.iter().cloned()).collect();
    all.extend(cells(draft, text_key, now));
    w.insert("intent", &all)?;
    Ok(id)
}

/// Writes what was changed; [`Error::Changed`] when somebody else changed it since.
pub fn update(
    w: &mut Writing<'_>,
    id: IntentId,
    version: i64,
    draft: &Draft,
    text_key: &str,
    (visibility, restricted_to): (&str, Option<ActorId>),
) -> Result<(), Error> {
    let now = w.now();
    let mut all = cells(draft, text_key, now);
    all.push(("visibility", Value::Text(visibility.to_owned())));
    all.push(("restricted_to", restricted_to.map_or(Value::Null, |id| Value::Int(id.0))));
    let sets: Vec<String> =
        all.iter().enumerate().map(|(n, (column, _))| format!("{column} = ${}", n + 4)).collect();
    let sql = format!(
        "UPDATE intent SET {}, updated_at = $3, version = version + 1 WHERE id = $1 AND version = $2",
        sets.join(", ")
    );
    let mut parameters = params![id, version, now].to_vec();
    parameters.extend(all.into_iter().map(|(_, value)| value));
    if w.execute(&sql, &parameters)? == 0 { Err(Error::Changed) } else { Ok(()) }
}

/// Replaces the categories: those tapped, and those guessed with how sure.
pub fn put_categories(
    w: &mut Writing<'_>,
    id: IntentId,
    tapped: &[String],
    guessed: &[(String, f64)],
) -> Result<(), Error> {
    w.execute("DELETE FROM intent_category WHERE intent_id = $1", params![id])?;
    let mut rows: Vec<Vec<Value>> = tapped.iter().map(|code| params![id, code, true, 1.0].to_vec()).collect();
    for (code, p) in guessed.iter().filter(|(code, _)| !tapped.contains(code)) {
        rows.push(params![id, code, false, *p].to_vec());
    }
    w.insert_rows("intent_category", &["intent_id", "category", "tapped", "weight"], &rows)?;
    Ok(())
}

/// Moves it to another state; how it ended, where it did.
pub fn set_state(
    w: &mut Writing<'_>,
    id: IntentId,
    state: IntentState,
    met: Option<(Option<ActorId>, &str)>,
    until: Option<Micros>,
) -> Result<(), Error> {
    let now = w.now();
    let (by, note) = met.unwrap_or((None, ""));
    w.execute_one(
        "UPDATE intent SET state = $1, met_by = $2, met_note = $3, valid_until = COALESCE($4, valid_until), \
         updated_at = $5, version = version + 1 WHERE id = $6",
        params![state.word(), by, note, until, now, id],
    )
}

/// Open ones that end before a moment: id, owner, title, end.
pub fn ending(
    r: &Reading<'_>,
    before: Micros,
    rows: i64,
) -> Result<Vec<(IntentId, ActorId, String, Micros)>, Error> {
    r.all(
        "SELECT id, actor_id, title, valid_until FROM intent WHERE state = 'open' AND valid_until <= $1 \
         ORDER BY valid_until, id LIMIT $2",
        params![before, rows],
    )
}

/// A reply as the owner sees it.
#[derive(Debug, Clone)]
pub struct Reply {
    pub id: ReplyId,
    pub intent: IntentId,
    pub actor: ActorId,
    pub name: String,
    pub words: String,
    pub state: String,
    pub at: Micros,
}

impl FromRow for Reply {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self {
            id: c.take()?,
            intent: c.take()?,
            actor: c.take()?,
            name: c.take()?,
            words: c.take()?,
            state: c.take()?,
            at: c.take()?,
        })
    }
}

const REPLY: &str = "SELECT p.id, p.intent_id, p.actor_id, CASE WHEN a.nickname <> '' THEN a.nickname ELSE a.name END, \
                     p.words, p.state, p.at FROM reply p JOIN actor a ON a.id = p.actor_id";

/// The replies to one, oldest first.
pub fn replies(r: &Reading<'_>, intent: IntentId) -> Result<Vec<Reply>, Error> {
    let sql = format!(
        "{REPLY} WHERE p.intent_id = $1 AND p.state <> 'withdrawn' AND {} ORDER BY p.id LIMIT 100",
        audience::visible("p.actor_id", 2)
    );
    r.all(&sql, &[Value::Int(intent.0), audience::parameter(r.viewer())])
}

/// One reply.
pub fn find_reply(r: &Reading<'_>, id: ReplyId) -> Result<Reply, Error> {
    r.one(&format!("{REPLY} WHERE p.id = $1"), params![id])
}

/// Whether this member replied, and in which state that reply is.
pub fn reply_of(r: &Reading<'_>, intent: IntentId, actor: ActorId) -> Result<Option<String>, Error> {
    r.first("SELECT state FROM reply WHERE intent_id = $1 AND actor_id = $2", params![intent, actor])
}

/// Which of these this member replied to.
pub fn replied(r: &Reading<'_>, actor: ActorId) -> Result<Vec<IntentId>, Error> {
    r.all(
        "SELECT intent_id FROM reply WHERE actor_id = $1 AND state <> 'withdrawn' ORDER BY at DESC LIMIT 500",
        params![actor],
    )
}

/// Writes a reply; a second one of the same member replaces the words of the first. Whether it is new.
pub fn put_reply(w: &mut Writing<'_>, intent: IntentId, actor: ActorId, words: &str) -> Result<bool, Error> {
    let (id, now) = (w.new_id(), w.now());
    let before = reply_of(w, intent, actor)?;
    w.execute(
        "INSERT INTO reply (id, intent_id, actor_id, words, state, at) VALUES ($1, $2, $3, $4, 'open', $5) \
         ON CONFLICT (intent_id, actor_id) DO UPDATE SET words = excluded.words, at = excluded.at, \
         state = CASE WHEN reply.state = 'withdrawn' THEN 'open' ELSE reply.state END",
        params![id, intent, actor, words, now],
    )?;
    Ok(before.is_none_or(|state| state == "withdrawn"))
}

/// The owner's answer to a reply.
pub fn answer_reply(w: &mut Writing<'_>, id: ReplyId, state: &str) -> Result<(), Error> {
    let now = w.now();
    w.execute_one("UPDATE reply SET state = $1, answered_at = $2 WHERE id = $3", params![state, now, id])
}

/// How many replies were agreed to.
pub fn taken(r: &Reading<'_>, intent: IntentId) -> Result<i64, Error> {
    r.one("SELECT COUNT(*) FROM reply WHERE intent_id = $1 AND state = 'accepted'", params![intent])
}

/// What changed among offers and needs after a moment: id and version.
pub fn changed(r: &Reading<'_>, after: Micros) -> Result<Vec<(IntentId, i64)>, Error> {
    r.all("SELECT id, version FROM intent WHERE updated_at > $1 ORDER BY updated_at, id", params![after])
}

/// One as the engine reads it, with what decides whether it belongs in the pool.
#[derive(Debug, Clone)]
pub struct Pooled {
    pub card: Card,
    /// Requests agreed to.
    pub taken: i64,
}

/// These as the engine reads them, whoever may see them.
pub fn pooled(r: &Reading<'_>, ids: &[IntentId]) -> Result<Vec<Pooled>, Error> {
    let mut parameters = Vec::new();
    let ids = listed(&mut parameters, ids);
    let sql = format!("SELECT {CARD} WHERE i.id IN ({ids}) ORDER BY i.id");
    let cards = with_categories(r, r.all(&sql, &parameters)?)?;
    let sql = format!(
        "SELECT intent_id, COUNT(*) FROM reply WHERE state = 'accepted' AND intent_id IN ({ids}) GROUP BY intent_id"
    );
    let taken: HashMap<i64, i64> = r.all::<(i64, i64)>(&sql, &parameters)?.into_iter().collect();
    Ok(cards
        .into_iter()
        .map(|card| Pooled { taken: taken.get(&card.id.0).copied().unwrap_or(0), card })
        .collect())
}

/// All open ones after an id, for the first building.
pub fn open_after(r: &Reading<'_>, after: IntentId, rows: i64) -> Result<Vec<IntentId>, Error> {
    r.all("SELECT id FROM intent WHERE state = 'open' AND id > $1 ORDER BY id LIMIT $2", params![after, rows])
}

/// What a member says of themselves, for the prompts: profession, position, province, what they can.
pub fn about(r: &Reading<'_>, actor: ActorId) -> Result<About, Error> {
    let (profession, position, province): (String, String, Option<String>) =
        r.one("SELECT profession, position, province_code FROM actor WHERE id = $1", params![actor])?;
    let can = r.all(
        "SELECT category FROM capability WHERE actor_id = $1 AND NOT wants_to_learn ORDER BY category",
        params![actor],
    )?;
    Ok(About { profession, position, province, can, confidants: Vec::new() })
}

/// What prompts are made from.
#[derive(Debug, Clone, Default)]
pub struct About {
    pub profession: String,
    pub position: String,
    pub province: Option<String>,
    pub can: Vec<String>,
    /// The coordinators one of whom may be trusted with a personal matter: id and name, the likeliest first.
    pub confidants: Vec<(String, String)>,
}

/// The coordinators of a network, the longest first.
pub fn coordinators(r: &Reading<'_>, network: ActorId) -> Result<Vec<ActorId>, Error> {
    r.all(
        "SELECT part_id FROM membership WHERE whole_id = $1 AND role = 'coordinator' AND state = 'member' \
         ORDER BY since, id",
        params![network],
    )
}

/// Who entered a member, and who invited them into this network.
pub fn brought_by(r: &Reading<'_>, actor: ActorId, network: ActorId) -> Result<Vec<ActorId>, Error> {
    r.all(
        "SELECT x.by_id FROM (SELECT 1 AS place, created_by AS by_id FROM actor WHERE id = $1 UNION ALL \
         SELECT 2, invited_by FROM membership WHERE part_id = $1 AND whole_id = $2) x \
         WHERE x.by_id IS NOT NULL ORDER BY x.place",
        params![actor, network],
    )
}

/// To whom one that is kept among few is entrusted.
pub fn entrusted_to(r: &Reading<'_>, id: IntentId) -> Result<Option<ActorId>, Error> {
    r.one("SELECT restricted_to FROM intent WHERE id = $1", params![id])
}

/// What is entrusted to somebody in a network: which, and whose.
pub fn entrusted(r: &Reading<'_>, network: ActorId, to: ActorId) -> Result<Vec<(IntentId, ActorId)>, Error> {
    r.all(
        "SELECT id, actor_id FROM intent WHERE network_id = $1 AND restricted_to = $2 ORDER BY id",
        params![network, to],
    )
}

/// Entrusts one to somebody else.
pub fn entrust(w: &mut Writing<'_>, id: IntentId, to: ActorId) -> Result<(), Error> {
    let now = w.now();
    w.execute_one(
        "UPDATE intent SET restricted_to = $2, updated_at = $3, version = version + 1 WHERE id = $1",
        params![id, to, now],
    )
}

/// The owner of an offer or need and those whose answer was accepted; nobody before there is such an answer.
pub fn concerned(r: &Reading<'_>, intent: IntentId) -> Result<Vec<ActorId>, Error> {
    let mut all: Vec<ActorId> = r.all(
        "SELECT DISTINCT y.actor_id FROM reply y JOIN intent n ON n.id = y.intent_id WHERE y.intent_id = $1 \
         AND y.state = 'accepted' AND NOT EXISTS (SELECT 1 FROM block b WHERE (b.actor_id = y.actor_id \
         AND b.blocked_id = n.actor_id) OR (b.actor_id = n.actor_id AND b.blocked_id = y.actor_id))",
        params![intent],
    )?;
    if !all.is_empty() {
        all.extend(r.first::<ActorId>("SELECT actor_id FROM intent WHERE id = $1", params![intent])?);
    }
    Ok(all)
}
