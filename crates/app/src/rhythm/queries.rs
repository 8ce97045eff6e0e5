use network::rhythm::{Day, Entry, History, counted};
use network::strength::{Felt, weight};
use network::vocabulary::{Channel, Direction};
use store::ids::{ActorId, CareId, ContactId, LabelId};
use store::{Cells, Error, FromRow, Micros, Reading, Value, Writing, listed, params};

use super::zone::day_of_contact;

mod prompts;

pub use prompts::{count_prompt, known, mark_prompt, prompt, settle_prompts};

/// A care as it stands in its table.
#[derive(Debug, Clone)]
pub struct CareRow {
    pub id: CareId,
    pub holder: ActorId,
    pub other: ActorId,
    pub network: Option<ActorId>,
    pub ideal: Option<i64>,
    pub max: Option<i64>,
    pub touch_at: Option<Micros>,
    pub touch_on: Option<Day>,
    pub attempt_on: Option<Day>,
    pub attempts: i64,
    pub inbound_on: Option<Day>,
    pub next_fixed_on: Option<Day>,
    pub snoozed_until: Option<Day>,
    pub paused_from: Option<Day>,
    pub paused_to: Option<Day>,
    pub prompted_on: Option<Day>,
    pub prompts: i64,
    pub locked_until: Option<Day>,
    pub channel: Option<String>,
    pub why: String,
    pub delegate: Option<ActorId>,
    pub ended_on: Option<Day>,
    pub created_on: Day,
    pub updated_at: Micros,
    pub version: i64,
}

impl FromRow for CareRow {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self {
            id: c.take()?,
            holder: c.take()?,
            other: c.take()?,
            network: c.take()?,
            ideal: c.take()?,
            max: c.take()?,
            touch_at: c.take()?,
            touch_on: c.take()?,
            attempt_on: c.take()?,
            attempts: c.take()?,
            inbound_on: c.take()?,
            next_fixed_on: c.take()?,
            snoozed_until: c.take()?,
            paused_from: c.take()?,
            paused_to: c.take()?,
            prompted_on: c.take()?,
            prompts: c.take()?,
            locked_until: c.take()?,
            channel: c.take()?,
            why: c.take()?,
            delegate: c.take()?,
            ended_on: c.take()?,
            created_on: c.take()?,
            updated_at: c.take()?,
            version: c.take()?,
        })
    }
}

const CARE: &str = "c.id, c.holder_id, c.other_id, c.network_id, c.ideal_days, c.max_days, c.last_touch_at, \
                    c.last_touch_on, c.last_attempt_on, c.attempts, c.last_inbound_on, c.next_fixed_on, \
                    c.snoozed_until, c.paused_from, c.paused_to, c.prompted_on, c.prompts, c.locked_until, c.channel, \
                    c.why, c.delegate_id, c.ended_on, c.created_on, c.updated_at, c.version";

/// Who is gone, erased or blocked is nobody to be reminded of.
const REACHABLE: &str = "EXISTS (SELECT 1 FROM actor o WHERE o.id = c.other_id AND o.gone_at IS NULL \
                         AND o.state <> 'deleted') AND NOT EXISTS (SELECT 1 FROM block b WHERE \
                         (b.actor_id = c.holder_id AND b.blocked_id = c.other_id) OR \
                         (b.actor_id = c.other_id AND b.blocked_id = c.holder_id))";

/// The living cares of a holder, and those handed to it, of people who can be reached.
pub fn living(r: &Reading<'_>, holder: ActorId) -> Result<Vec<CareRow>, Error> {
    let sql = format!(
        "SELECT {CARE} FROM care c WHERE c.holder_id = $1 AND c.ended_on IS NULL AND {REACHABLE} \
         UNION ALL SELECT {CARE} FROM care c WHERE c.delegate_id = $1 AND c.ended_on IS NULL AND {REACHABLE}"
    );
    r.all(&sql, params![holder])
}

/// The care of a holder toward another.
pub fn between(r: &Reading<'_>, holder: ActorId, other: ActorId) -> Result<Option<CareRow>, Error> {
    let sql = format!("SELECT {CARE} FROM care c WHERE c.holder_id = $1 AND c.other_id = $2");
    r.first(&sql, params![holder, other])
}

/// A care by its id: the holder's own, or one handed to it.
pub fn find(r: &Reading<'_>, id: CareId, holder: ActorId) -> Result<CareRow, Error> {
    let sql =
        format!("SELECT {CARE} FROM care c WHERE c.id = $1 AND (c.holder_id = $2 OR c.delegate_id = $2)");
    r.one(&sql, params![id, holder])
}

/// The holders of a network's living cares, with each care: for the share that is on time.
pub fn of_network(r: &Reading<'_>, network: ActorId) -> Result<Vec<CareRow>, Error> {
    let sql = format!(
        "SELECT {CARE} FROM care c JOIN membership m ON m.part_id = c.holder_id AND m.whole_id = $1 \
         AND m.state = 'member' WHERE c.ended_on IS NULL AND {REACHABLE} ORDER BY c.holder_id"
    );
    r.all(&sql, params![network])
}

/// The zone a member lives in.
pub fn zone(r: &Reading<'_>, actor: ActorId) -> Result<String, Error> {
    r.one("SELECT zone FROM actor WHERE id = $1", params![actor])
}

pub fn set_zone(w: &mut Writing<'_>, actor: ActorId, zone: &str) -> Result<(), Error> {
    w.execute_one("UPDATE actor SET zone = $2 WHERE id = $1", params![actor, zone])
}

/// What a network suggests: role (empty: everybody), gaps, season.
#[derive(Debug, Clone)]
pub struct DefaultRow {
    pub role: String,
    pub ideal: Option<i64>,
    pub max: Option<i64>,
    pub season: Option<(i64, i64)>,
}

impl FromRow for DefaultRow {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        let (role, ideal, max) = (c.take()?, c.take()?, c.take()?);
        let (from, to): (Option<i64>, Option<i64>) = (c.take()?, c.take()?);
        Ok(Self { role, ideal, max, season: from.zip(to) })
    }
}

pub fn defaults(r: &Reading<'_>, network: ActorId) -> Result<Vec<DefaultRow>, Error> {
    r.all(
        "SELECT role, ideal_days, max_days, season_from, season_to FROM cadence_default WHERE network_id = $1",
        params![network],
    )
}

pub fn set_default(w: &mut Writing<'_>, network: ActorId, row: &DefaultRow) -> Result<(), Error> {
    let now = w.now();
    w.execute(
        "INSERT INTO cadence_default (network_id, role, ideal_days, max_days, season_from, season_to, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (network_id, role) DO UPDATE SET ideal_days = $3, \
         max_days = $4, season_from = $5, season_to = $6, updated_at = $7",
        params![
            network,
            row.role,
            row.ideal,
            row.max,
            row.season.map(|season| season.0),
            row.season.map(|season| season.1),
            now
        ],
    )?;
    Ok(())
}

/// The role of each of a network's members that is not plainly a member.
pub fn roles(r: &Reading<'_>, network: ActorId) -> Result<Vec<(ActorId, String)>, Error> {
    r.all(
        "SELECT part_id, role FROM membership WHERE whole_id = $1 AND state = 'member' AND role <> 'member'",
        params![network],
    )
}

/// A holder's own word for ties.
#[derive(Debug, Clone)]
pub struct LabelRow {
    pub id: LabelId,
    pub name: String,
    pub ideal: Option<i64>,
    pub max: Option<i64>,
    pub weight: f64,
}

impl FromRow for LabelRow {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self { id: c.take()?, name: c.take()?, ideal: c.take()?, max: c.take()?, weight: c.take()? })
    }
}

/// The labels of a holder, by name.
///
/// # Errors
/// The database's own.
pub fn labels_of(r: &Reading<'_>, holder: ActorId) -> Result<Vec<LabelRow>, Error> {
    r.all(
        "SELECT id, name, ideal_days, max_days, weight FROM label WHERE holder_id = $1 ORDER BY name",
        params![holder],
    )
}

/// Which of its labels a holder gave to another.
///
/// # Errors
/// The database's own.
pub fn labels_between(r: &Reading<'_>, holder: ActorId, other: ActorId) -> Result<Vec<LabelId>, Error> {
    r.all(
        "SELECT l.id FROM label l JOIN tie_label t ON t.label_id = l.id WHERE l.holder_id = $1 AND t.other_id = $2",
        params![holder, other],
    )
}

/// Every label a holder gave: to whom, and which.
pub fn given_labels(r: &Reading<'_>, holder: ActorId) -> Result<Vec<(ActorId, LabelId)>, Error> {
    r.all(
        "SELECT t.other_id, l.id FROM label l JOIN tie_label t ON t.label_id = l.id WHERE l.holder_id = $1",
        params![holder],
    )
}

pub fn put_label(
    w: &mut Writing<'_>,
    holder: ActorId,
    name: &str,
    gaps: (Option<i64>, Option<i64>),
    weight: f64,
) -> Result<LabelId, Error> {
    let (id, now) = (w.new_id(), w.now());
    w.execute(
        "INSERT INTO label (id, holder_id, name, ideal_days, max_days, weight, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (holder_id, name) DO UPDATE SET ideal_days = $4, \
         max_days = $5, weight = $6",
        params![id, holder, name, gaps.0, gaps.1, weight, now],
    )?;
    w.one("SELECT id FROM label WHERE holder_id = $1 AND name = $2", params![holder, name])
}

pub fn give_label(w: &mut Writing<'_>, label: LabelId, other: ActorId) -> Result<(), Error> {
    w.execute(
        "INSERT INTO tie_label (label_id, other_id) VALUES ($1, $2) ON CONFLICT (label_id, other_id) DO NOTHING",
        params![label, other],
    )?;
    Ok(())
}

pub fn drop_label(w: &mut Writing<'_>, holder: ActorId, id: LabelId) -> Result<(), Error> {
    w.execute(
        "DELETE FROM tie_label WHERE label_id = $1 AND EXISTS (SELECT 1 FROM label l WHERE l.id = $1 AND l.holder_id = $2)",
        params![id, holder],
    )?;
    w.execute("DELETE FROM label WHERE id = $1 AND holder_id = $2", params![id, holder])?;
    Ok(())
}

/// Gives another exactly these labels; labels of somebody else are passed over.
pub fn set_labels(
    w: &mut Writing<'_>,
    holder: ActorId,
    other: ActorId,
    labels: &[LabelId],
) -> Result<(), Error> {
    w.execute(
        "DELETE FROM tie_label WHERE other_id = $2 AND label_id IN (SELECT id FROM label WHERE holder_id = $1)",
        params![holder, other],
    )?;
    for label in labels {
        w.execute(
            "INSERT INTO tie_label (label_id, other_id) SELECT l.id, CAST($3 AS BIGINT) FROM label l WHERE l.id = $2 \
             AND l.holder_id = $1 ON CONFLICT (label_id, other_id) DO NOTHING",
            params![holder, *label, other],
        )?;
    }
    Ok(())
}

/// Whom each member acts for now.
pub fn acts_for(r: &Reading<'_>, person: ActorId) -> Result<Vec<ActorId>, Error> {
    r.all("SELECT actor_id FROM stewardship WHERE person_id = $1 AND until IS NULL", params![person])
}

/// A member and whoever acts for it: any of them may be in touch.
fn side(r: &Reading<'_>, member: ActorId) -> Result<Vec<ActorId>, Error> {
    let mut side: Vec<ActorId> =
        r.all("SELECT person_id FROM stewardship WHERE actor_id = $1 AND until IS NULL", params![member])?;
    side.push(member);
    Ok(side)
}

/// The cares of a holder, or handed to it, toward another.
pub fn concerned(r: &Reading<'_>, holder: ActorId, other: ActorId) -> Result<Vec<CareRow>, Error> {
    let sql = format!(
        "SELECT {CARE} FROM care c WHERE c.other_id = $2 AND (c.holder_id = $1 OR c.delegate_id = $1)"
    );
    r.all(&sql, params![holder, other])
}

/// What a contact is: id, moment, whether a whole day, channel, direction.
type ContactCells = (ContactId, Micros, bool, String, String, i64, i64, String);

/// A contact as the rhythm and the strength of a tie see it.
#[derive(Debug, Clone, Copy)]
pub struct Heard {
    pub id: ContactId,
    pub entry: Entry,
    pub weight: f64,
}

/// The contacts between two sides, newest first, as one of them counts them: a side is a member and whoever acts for
/// it. `delegate` counts to the holder's side.
pub fn heard(
    r: &Reading<'_>,
    holder: ActorId,
    other: ActorId,
    delegate: Option<ActorId>,
    zone: &str,
) -> Result<Vec<Heard>, Error> {
    let mut mine = side(r, holder)?;
    mine.extend(delegate);
    let mut parameters = Vec::new();
    let mine = listed(&mut parameters, mine);
    let theirs = listed(&mut parameters, side(r, other)?);
    let sql = format!(
        "SELECT c.id, c.at, c.whole_day, c.channel, c.direction, p.position, \
         (SELECT COUNT(*) FROM contact_participant n WHERE n.contact_id = c.id), c.origin FROM contact_participant p \
         JOIN contact_participant q ON q.contact_id = p.contact_id AND q.position <> p.position \
         JOIN contact c ON c.id = p.contact_id WHERE p.actor_id IN ({mine}) AND q.actor_id IN ({theirs}) \
         ORDER BY c.at DESC, c.id DESC, p.position LIMIT 400"
    );
    let rows: Vec<ContactCells> = r.all(&sql, &parameters)?;
    let mut heard: Vec<Heard> = Vec::new();
    for (id, at, whole_day, channel, direction, position, people, origin) in rows {
        // a contact of several of one side counts once; the one who began it comes first
        if heard.last().is_some_and(|last| last.id == id) {
            continue;
        }
        let channel = Channel::from_word(&channel).unwrap_or(Channel::Other);
        let direction = Direction::from_word(&direction).unwrap_or(Direction::Mutual);
        let people = usize::try_from(people).unwrap_or(2);
        let counted = counted(direction, channel, people, position == 0);
        let on = day_of_contact(zone, at, &whole_day);
        heard.push(Heard {
            id,
            entry: Entry { at: at.0, on, counted },
            weight: weight(channel, people, origin == "exchange"),
        });
    }
    Ok(heard)
}

/// What was heard, as strength reads it.
pub fn felt(heard: &[Heard], today: Day) -> Vec<Felt> {
    heard
        .iter()
        .map(|one| Felt { counted: one.entry.counted, weight: one.weight, age: today - one.entry.on })
        .collect()
}

/// Writes what a rhythm remembers.
pub fn remember(
    w: &mut Writing<'_>,
    care: CareId,
    history: &History,
    last: Option<ContactId>,
) -> Result<(), Error> {
    let now = w.now();
    let by = w.viewer().person();
    w.execute_one(
        "UPDATE care SET last_touch_at = $2, last_touch_on = $3, last_touch_contact = $4, last_touch_by = $5, \
         last_attempt_on = $6, attempts = $7, last_inbound_on = $8, updated_at = $9, version = version + 1 WHERE id = $1",
        params![
            care,
            history.touch.map(|touch| touch.at),
            history.touch.map(|touch| touch.on),
            last,
            last.and(by),
            history.attempt,
            i64::from(history.attempts),
            history.inbound,
            now
        ],
    )
}

/// A touch that is news: what was asked of the holder is answered by it.
pub fn answered(w: &mut Writing<'_>, care: CareId, clears_fixed: Option<Day>) -> Result<(), Error> {
    let now = w.now();
    w.execute(
        "UPDATE care SET prompts = 0, prompted_on = NULL, locked_until = NULL, snoozed_until = NULL, \
         next_fixed_on = CASE WHEN next_fixed_on <= $2 THEN NULL ELSE next_fixed_on END WHERE id = $1",
        params![care, clears_fixed.unwrap_or(i64::MIN)],
    )?;
    w.execute(
        "UPDATE prompt SET state = CASE WHEN state = 'sent' THEN 'acted' ELSE 'dismissed_system' END, settled_at = $2 \
         WHERE care_id = $1 AND state IN ('queued', 'sent')",
        params![care, now],
    )?;
    Ok(())
}

/// A new care; an ended one begins again, a living one stays as it is. Whether it began now.
pub fn insert(
    w: &mut Writing<'_>,
    holder: ActorId,
    other: ActorId,
    network: Option<ActorId>,
    today: Day,
) -> Result<bool, Error> {
    let (id, now) = (CareId(w.new_id()), w.now());
    let fresh = w.execute(
        "INSERT INTO care (id, holder_id, other_id, network_id, attempts, paused_reason, prompts, why, visibility, \
         created_on, created_at, updated_at, version) VALUES ($1, $2, $3, $4, 0, '', 0, '', 'private', $5, $6, $6, 1) \
         ON CONFLICT (holder_id, other_id) DO NOTHING",
        params![id, holder, other, network, today, now],
    )?;
    if fresh > 0 {
        return Ok(true);
    }
    let again = w.execute(
        "UPDATE care SET ended_on = NULL, updated_at = $3, version = version + 1 WHERE holder_id = $1 \
         AND other_id = $2 AND ended_on IS NOT NULL",
        params![holder, other, now],
    )?;
    Ok(again > 0)
}

/// Sets one column; the names are ours.
pub fn set(w: &mut Writing<'_>, care: CareId, cells: &[(&'static str, Value)]) -> Result<(), Error> {
    let mut parameters = params![care, w.now()].to_vec();
    let mut sets = String::new();
    for (column, value) in cells {
        parameters.push(value.clone());
        sets.push_str(&format!(", {column} = ${}", parameters.len()));
    }
    w.execute_one(
        &format!("UPDATE care SET updated_at = $2, version = version + 1{sets} WHERE id = $1"),
        &parameters,
    )
}

/// When others last gave something to this member, and when it last gave to them: needs that were met, and exchanges
/// the receiver confirmed.
pub fn gave(r: &Reading<'_>, member: ActorId) -> Result<(Pairs, Pairs), Error> {
    let mut to_me: Pairs = r.all(
        "SELECT met_by, MAX(updated_at) FROM intent WHERE actor_id = $1 AND side = 'need' AND state = 'fulfilled' \
         AND met_by IS NOT NULL GROUP BY met_by",
        params![member],
    )?;
    let mut by_me: Pairs = r.all(
        "SELECT actor_id, MAX(updated_at) FROM intent WHERE met_by = $1 AND side = 'need' AND state = 'fulfilled' \
         GROUP BY actor_id",
        params![member],
    )?;
    to_me.extend(r.all::<(ActorId, Micros)>(
        "SELECT provider_id, MAX(confirmed_at) FROM exchange WHERE receiver_id = $1 AND state = 'confirmed' \
         GROUP BY provider_id",
        params![member],
    )?);
    by_me.extend(r.all::<(ActorId, Micros)>(
        "SELECT receiver_id, MAX(confirmed_at) FROM exchange WHERE provider_id = $1 AND state = 'confirmed' \
         GROUP BY receiver_id",
        params![member],
    )?);
    // who gave in both ways stands twice: the later is what counts
    to_me.sort();
    by_me.sort();
    Ok((to_me, by_me))
}

/// With whom a member has a word to keep, on either side.
pub fn promised(r: &Reading<'_>, member: ActorId) -> Result<Vec<ActorId>, Error> {
    r.all(
        "SELECT receiver_id FROM promise WHERE provider_id = $1 AND state = 'accepted' \
         UNION SELECT provider_id FROM promise WHERE receiver_id = $1 AND state = 'accepted'",
        params![member],
    )
}

/// Whom, when.
pub type Pairs = Vec<(ActorId, Micros)>;

/// Living ties one of whose ends keeps no rhythm yet.
pub fn without_care(r: &Reading<'_>, after: i64, rows: i64) -> Result<Vec<Tied>, Error> {
    r.all(
        "SELECT t.id, t.subject_id, t.object_id, t.network_id FROM tie t WHERE t.id > $1 \
         AND t.state IN ('confirmed', 'active', 'quiet', 'dormant') ORDER BY t.id LIMIT $2",
        params![after, rows],
    )
}

/// A tie: id, its two ends, its network.
pub type Tied = (i64, ActorId, ActorId, Option<ActorId>);

/// How far older ties were gone through; none when that is over.
pub fn gone_through(r: &Reading<'_>) -> Result<Option<i64>, Error> {
    let value: Option<String> =
        r.first("SELECT value FROM setting WHERE name = 'rhythm.begun'", params![])?;
    Ok(match value.as_deref() {
        Some("all") => None,
        Some(text) => Some(text.parse().unwrap_or(0)),
        None => Some(0),
    })
}

pub fn go_through(w: &mut Writing<'_>, to: &str) -> Result<(), Error> {
    w.execute(
        "INSERT INTO setting (name, value) VALUES ('rhythm.begun', $1) ON CONFLICT (name) DO UPDATE SET value = $1",
        params![to],
    )?;
    Ok(())
}

/// The persons who act for a member, and the members of the same groups: whom something can be handed to.
pub fn colleagues(r: &Reading<'_>, holder: ActorId, network: ActorId) -> Result<Vec<ActorId>, Error> {
    r.all(
        "SELECT DISTINCT x.id FROM actor x WHERE x.id <> $1 AND x.kind = 'person' AND x.claimed_by IS NOT NULL AND (\
         EXISTS (SELECT 1 FROM stewardship s WHERE s.actor_id = $1 AND s.person_id = x.id AND s.until IS NULL) \
         OR EXISTS (SELECT 1 FROM tie t WHERE t.state IN ('confirmed', 'active', 'quiet') \
           AND ((t.subject_id = $1 AND t.object_id = x.id) OR (t.object_id = $1 AND t.subject_id = x.id)))) \
         AND EXISTS (SELECT 1 FROM membership m WHERE m.whole_id = $2 AND m.part_id = x.id AND m.state = 'member') \
         LIMIT 40",
        params![holder, network],
    )
}

/// A contact's row, for those that were written as rows.
pub fn contact(
    r: &Reading<'_>,
    id: ContactId,
) -> Result<(Micros, bool, String, String, Vec<ActorId>), Error> {
    let (at, whole_day, channel, direction): (Micros, bool, String, String) =
        r.one("SELECT at, whole_day, channel, direction FROM contact WHERE id = $1", params![id])?;
    let who = r.all(
        "SELECT actor_id FROM contact_participant WHERE contact_id = $1 AND actor_id IS NOT NULL ORDER BY position",
        params![id],
    )?;
    Ok((at, whole_day, channel, direction, who))
}

/// How many attempts a member made, and how many of them led to a talk with the same person within sixty days.
pub fn replies(r: &Reading<'_>, member: ActorId) -> Result<(i64, i64), Error> {
    r.one(
        "SELECT COUNT(*), COUNT(CASE WHEN EXISTS (SELECT 1 FROM contact_participant q \
           JOIN contact_participant theirs ON theirs.actor_id = q.actor_id \
           JOIN contact_participant mine ON mine.contact_id = theirs.contact_id AND mine.actor_id = $1 \
           JOIN contact d ON d.id = theirs.contact_id \
           WHERE q.contact_id = c.id AND q.actor_id <> $1 AND d.direction IN ('mutual', 'inbound') AND d.at > c.at \
           AND d.at < c.at + $2) THEN 1 END) \
         FROM contact_participant p JOIN contact c ON c.id = p.contact_id \
         WHERE p.actor_id = $1 AND p.position = 0 AND c.direction = 'outbound'",
        params![member, 60 * Micros::DAY],
    )
}

/// Holder and other of each care of a member or toward it.
pub fn of_and_toward(r: &Reading<'_>, member: ActorId) -> Result<Vec<(ActorId, ActorId)>, Error> {
    r.all("SELECT holder_id, other_id FROM care WHERE holder_id = $1 OR other_id = $1", params![member])
}
