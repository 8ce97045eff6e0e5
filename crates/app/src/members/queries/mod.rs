//! The SQL of this feature: what it reads; what it writes stands in [`writing`].

pub mod writing;

use std::collections::HashMap;

use network::vocabulary::{ActorKind, ActorState, Consent, Role, Visibility};
use store::ids::{ActorId, MembershipId};
use store::{Cells, Error, FromRow, Reading, audience, params};
use web::paging::{Cursor, Rows};

use crate::search::MemberWords;

/// What decides who may see a member.
#[derive(Debug)]
pub struct SeenBy {
    pub kind: String,
    visibility: Visibility,
    consent: Consent,
    pub gone: bool,
    /// Erased: only those who were tied to it still see that somebody was there.
    pub erased: bool,
    /// The networks, groups and organizations it is part of.
    pub wholes: Vec<ActorId>,
}

impl SeenBy {
    /// The keys that open this member.
    pub fn keys(&self, id: ActorId) -> Vec<i64> {
        self.keys_for(id, self.visibility)
    }

    /// The keys that open something of this member's with a visibility of its own.
    pub fn keys_for(&self, id: ActorId, visibility: Visibility) -> Vec<i64> {
        let mut keys = vec![audience::own(id)];
        if self.gone {
            return keys;
        }
        if self.erased {
            keys.push(audience::tied(id));
            return keys;
        }
        // before consent, and when it was refused, those who look after the network see it and nobody else
        if self.consent != Consent::Given {
            keys.extend(self.wholes.iter().map(|whole| audience::coordinators(*whole)));
            return keys;
        }
        match visibility {
            Visibility::Private => {}
            Visibility::Tie => keys.push(audience::tied(id)),
            Visibility::Group | Visibility::Network => {
                keys.push(audience::tied(id));
                keys.extend(self.wholes.iter().map(|whole| audience::members(*whole)));
                // a network, group or organization is seen by its own members
                keys.push(audience::members(id));
            }
            Visibility::Public => {
                keys.push(audience::PUBLIC);
            }
        }
        keys
    }
}

/// Reads what decides who may see a member.
pub fn seen_by(r: &Reading<'_>, id: ActorId) -> Result<SeenBy, Error> {
    let (kind, visibility, consent, state, gone): (String, String, String, String, bool) = r.one(
        "SELECT kind, visibility, consent, state, gone_at IS NOT NULL FROM actor WHERE id = $1",
        params![id],
    )?;
    let wholes = r.all(
        "SELECT m.whole_id FROM membership m JOIN actor w ON w.id = m.whole_id \
         WHERE m.part_id = $1 AND m.state = 'member' ORDER BY CASE w.kind WHEN 'network' THEN 0 ELSE 1 END, m.whole_id",
        params![id],
    )?;
    Ok(SeenBy {
        kind,
        visibility: Visibility::from_word(&visibility).unwrap_or(Visibility::Private),
        consent: Consent::from_word(&consent).unwrap_or(Consent::Pending),
        gone,
        erased: state == ActorState::Deleted.word(),
        wholes,
    })
}

/// The contact points of a member and who may see each.
pub fn contact_point_visibilities(r: &Reading<'_>, id: ActorId) -> Result<Vec<(i64, Visibility)>, Error> {
    let rows: Vec<(i64, String)> =
        r.all("SELECT id, visibility FROM contact_point WHERE actor_id = $1", params![id])?;
    Ok(rows
        .into_iter()
        .map(|(id, word)| (id, Visibility::from_word(&word).unwrap_or(Visibility::Private)))
        .collect())
}

/// Title and text by which a member is found.
pub fn words(r: &Reading<'_>, id: ActorId) -> Result<(String, String), Error> {
    let (name, nickname, others, bio, profession, position): (
        String,
        String,
        String,
        String,
        String,
        String,
    ) = r.one(
        "SELECT name, nickname, other_nicknames, bio, profession, position FROM actor WHERE id = $1",
        params![id],
    )?;
    let words = MemberWords {
        name: &name,
        nickname: &nickname,
        other_nicknames: &others,
        profession: &profession,
        position: &position,
        bio: &bio,
    };
    Ok(words.title_and_text())
}

/// Codes by which a member is filtered exactly.
pub fn facets(r: &Reading<'_>, id: ActorId) -> Result<Vec<String>, Error> {
    let mut facets: Vec<String> = r.all(
        "SELECT CASE WHEN wants_to_learn THEN 'learn:' || category ELSE 'can:' || category END \
         FROM capability WHERE actor_id = $1",
        params![id],
    )?;
    let (province, district): (Option<String>, Option<String>) =
        r.one("SELECT province_code, district_code FROM actor WHERE id = $1", params![id])?;
    facets.extend(province.map(|code| format!("area:{code}")));
    facets.extend(district.map(|code| format!("area:{code}")));
    Ok(facets)
}

/// Whether a living tie joins the two.
pub fn tied(r: &Reading<'_>, a: ActorId, b: ActorId) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM tie WHERE ((subject_id = $1 AND object_id = $2) OR (subject_id = $2 AND object_id = $1)) \
               AND state IN ('confirmed', 'active', 'quiet', 'dormant')";
    Ok(r.first::<i64>(sql, params![a, b])?.is_some())
}

/// A member as a list shows it.
#[derive(Debug, Clone)]
pub struct Card {
    pub id: ActorId,
    pub kind: String,
    pub name: String,
    pub nickname: String,
    pub profession: String,
    pub position: String,
    pub province: Option<String>,
    pub district: Option<String>,
    pub consent: String,
    pub state: String,
    pub sort_key: String,
}

impl FromRow for Card {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self {
            id: c.take()?,
            kind: c.take()?,
            name: c.take()?,
            nickname: c.take()?,
            profession: c.take()?,
            position: c.take()?,
            province: c.take()?,
            district: c.take()?,
            consent: c.take()?,
            state: c.take()?,
            sort_key: c.take()?,
        })
    }
}

const CARD: &str = "a.id, a.kind, a.name, a.nickname, a.profession, a.position, a.province_code, a.district_code, \
                    a.consent, a.state, a.sort_key";

/// Which members a list shows.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub whole: Option<ActorId>,
    pub kind: Option<String>,
    pub province: Option<String>,
    /// A category code: members who can do it. Exact, never by words (trap 14).
    pub can: Option<String>,
    pub pending: bool,
}

/// A page of the directory, in the order people look names up.
pub fn list(r: &Reading<'_>, filter: &Filter, after: &Cursor, rows: i64) -> Result<Rows<Card>, Error> {
    let mut sql =
        format!("SELECT {CARD} FROM actor a WHERE a.gone_at IS NULL AND (a.sort_key, a.id) > ($1, $2)");
    let mut parameters = params![after.key, after.id].to_vec();
    let mut and = |condition: &str, value: store::Value| {
        parameters.push(value);
        sql.push_str(" AND ");
        sql.push_str(&condition.replace("$?", &format!("${}", parameters.len())));
    };
    if let Some(whole) = filter.whole {
        and(
            "EXISTS (SELECT 1 FROM membership m WHERE m.whole_id = $? AND m.part_id = a.id AND m.state = 'member')",
            store::Value::Int(whole.0),
        );
    }
    if let Some(kind) = &filter.kind {
        and("a.kind = $?", store::Value::Text(kind.clone()));
    }
    if let Some(province) = &filter.province {
        and("a.province_code = $?", store::Value::Text(province.clone()));
    }
    if let Some(can) = &filter.can {
        and(
            "EXISTS (SELECT 1 FROM capability c WHERE c.actor_id = a.id AND c.category = $? AND NOT c.wants_to_learn)",
            store::Value::Text(can.clone()),
        );
    }
    if filter.pending {
        and("a.consent = $?", store::Value::Text(Consent::Pending.word().to_owned()));
    }
    parameters.push(audience::parameter(r.viewer()));
    sql.push_str(&format!(" AND {}", audience::visible("a.id", parameters.len())));
    // a number, not a parameter: PostgreSQL plans for a tenth of all members where it does not know how many are wanted,
    // and so plans anew each time
    sql.push_str(&format!(" ORDER BY a.sort_key, a.id LIMIT {}", rows + 1));
    let found = r.all::<Card>(&sql, &parameters)?;
    Ok(Rows::cut(found, rows, |card| Cursor { key: card.sort_key.clone(), id: card.id.0 }))
}

/// A member's name, for a link.
#[derive(Debug, Clone)]
pub struct Named {
    pub id: ActorId,
    pub kind: String,
    pub name: String,
    pub nickname: String,
}

impl FromRow for Named {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self { id: c.take()?, kind: c.take()?, name: c.take()?, nickname: c.take()? })
    }
}

impl Named {
    /// What people call them.
    #[must_use]
    pub fn called(&self) -> &str {
        if self.nickname.is_empty() { &self.name } else { &self.nickname }
    }
}

/// The names of these members in the order asked for, as far as this viewer may see them.
///
/// # Errors
/// The database's own.
pub fn names(r: &Reading<'_>, ids: &[ActorId]) -> Result<Vec<Named>, Error> {
    let found = named(r, ids.iter().copied())?;
    Ok(ids.iter().filter_map(|id| found.get(id).cloned()).collect())
}

/// Who these members are, as far as this viewer may see them: for a list, so that not each line asks for itself.
///
/// # Errors
/// The database's own.
pub fn named(
    r: &Reading<'_>,
    ids: impl IntoIterator<Item = ActorId>,
) -> Result<HashMap<ActorId, Named>, Error> {
    let ids: Vec<ActorId> = ids.into_iter().collect();
    let mut found: HashMap<ActorId, Named> = HashMap::new();
    for some in ids.chunks(NAMES_AT_ONCE) {
        let mut parameters = vec![audience::parameter(r.viewer())];
        let listed = store::listed(&mut parameters, some);
        let sql = format!(
            "SELECT a.id, a.kind, a.name, a.nickname FROM actor a WHERE a.id IN ({listed}) AND a.gone_at IS NULL AND {}",
            audience::visible("a.id", 1)
        );
        found.extend(r.all::<Named>(&sql, &parameters)?.into_iter().map(|named| (named.id, named)));
    }
    Ok(found)
}

/// Names asked for in one statement.
const NAMES_AT_ONCE: usize = 256;

/// Members of a network whose name or nickname begins like this, as far as this viewer may see them.
///
/// # Errors
/// The database's own.
pub fn named_like(r: &Reading<'_>, network: ActorId, typed: &str, rows: i64) -> Result<Vec<Named>, Error> {
    let begins = format!("{}%", thai::text::normalize(typed).replace(['%', '_'], ""));
    let sql = format!(
        "SELECT a.id, a.kind, a.name, a.nickname FROM actor a JOIN membership m ON m.part_id = a.id \
         WHERE m.whole_id = $1 AND m.state = 'member' AND a.gone_at IS NULL AND (a.nickname LIKE $3 OR a.name LIKE $3) \
         AND {} ORDER BY a.sort_key, a.id LIMIT $4",
        audience::visible("a.id", 2)
    );
    let viewer = audience::parameter(r.viewer());
    r.all(&sql, &[store::Value::Int(network.0), viewer, store::Value::Text(begins), store::Value::Int(rows)])
}

/// Everything about a member that stands on its page.
#[derive(Debug, Clone)]
pub struct Profile {
    pub card: Card,
    pub bio: String,
    pub org_type: Option<String>,
    pub size_band: Option<String>,
    pub languages: String,
    pub subdistrict: Option<String>,
    pub capacity_a_month: i64,
    pub contact_hours: String,
    pub context_limits: String,
    pub context_avoid: String,
    pub context_matters: String,
    pub visibility: String,
    pub may_be_suggested: bool,
    pub claimed_by: Option<i64>,
    pub version: i64,
    pub contact_points: Vec<ContactPoint>,
    pub capabilities: Vec<(String, bool)>,
    pub belongs_to: Vec<Belonging>,
    pub parts: Vec<Belonging>,
}

impl Profile {
    /// Whether there is something they can help with.
    #[must_use]
    pub fn can_something(&self) -> bool {
        self.capabilities.iter().any(|(_, learn)| !learn)
    }

    /// Whether there is something they want to learn.
    #[must_use]
    pub fn would_learn(&self) -> bool {
        self.capabilities.iter().any(|(_, learn)| *learn)
    }
}

/// A way to reach a member.
#[derive(Debug, Clone)]
pub struct ContactPoint {
    pub kind: String,
    pub value: String,
    pub shown: String,
    pub visibility: String,
}

impl FromRow for ContactPoint {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self { kind: c.take()?, value: c.take()?, shown: c.take()?, visibility: c.take()? })
    }
}

/// A membership as seen from one side.
#[derive(Debug, Clone)]
pub struct Belonging {
    pub membership: MembershipId,
    pub other: Named,
    pub role: String,
    pub title: String,
}

impl FromRow for Belonging {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self { membership: c.take()?, other: Named::from_row(c)?, role: c.take()?, title: c.take()? })
    }
}

/// A member, if this viewer may see it; what of it they may see.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or none for this viewer.
pub fn find(r: &Reading<'_>, id: ActorId) -> Result<Profile, Error> {
    let viewer = audience::parameter(r.viewer());
    let sql = format!(
        "SELECT {CARD}, a.bio, a.org_type, a.size_band, a.languages, a.subdistrict_code, a.capacity_a_month, \
         a.contact_hours, a.context_limits, a.context_avoid, a.context_matters, a.visibility, a.may_be_suggested, \
         a.claimed_by, a.version FROM actor a WHERE a.id = $1 AND a.gone_at IS NULL AND {}",
        audience::visible("a.id", 2)
    );
    let mut profile: Profile = r.one(&sql, &[store::Value::Int(id.0), viewer.clone()])?;
    let sql = format!(
        "SELECT p.kind, p.value, p.shown, p.visibility FROM contact_point p WHERE p.actor_id = $1 AND {} ORDER BY p.kind, p.id",
        audience::visible("p.id", 2)
    );
    profile.contact_points = r.all(&sql, &[store::Value::Int(id.0), viewer.clone()])?;
    profile.capabilities = r.all(
        "SELECT category, wants_to_learn FROM capability WHERE actor_id = $1 ORDER BY wants_to_learn, category",
        params![id],
    )?;
    let side = |from: &str, to: &str| {
        format!(
            "SELECT m.id, o.id, o.kind, o.name, o.nickname, m.role, m.title FROM membership m \
             JOIN actor o ON o.id = m.{to} WHERE m.{from} = $1 AND m.state = 'member' AND o.gone_at IS NULL AND {} \
             ORDER BY o.sort_key, o.id LIMIT 60",
            audience::visible("o.id", 2)
        )
    };
    profile.belongs_to = r.all(&side("part_id", "whole_id"), &[store::Value::Int(id.0), viewer.clone()])?;
    if profile.card.kind == ActorKind::Person.word() {
        return Ok(profile); // nobody belongs to a person
    }
    // a network may have a million members: the first ones are found in the order of names, not by sorting all
    let parts = if profile.card.kind == "network" {
        format!(
            "SELECT m.id, o.id, o.kind, o.name, o.nickname, m.role, m.title FROM actor o CROSS JOIN membership m \
             WHERE m.whole_id = $1 AND m.part_id = o.id AND m.state = 'member' AND o.gone_at IS NULL AND {} \
             ORDER BY o.sort_key, o.id LIMIT 60",
            audience::visible("o.id", 2)
        )
    } else {
        side("whole_id", "part_id")
    };
    profile.parts = r.all(&parts, &[store::Value::Int(id.0), viewer])?;
    Ok(profile)
}

impl FromRow for Profile {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self {
            card: Card::from_row(c)?,
            bio: c.take()?,
            org_type: c.take()?,
            size_band: c.take()?,
            languages: c.take()?,
            subdistrict: c.take()?,
            capacity_a_month: c.take()?,
            contact_hours: c.take()?,
            context_limits: c.take()?,
            context_avoid: c.take()?,
            context_matters: c.take()?,
            visibility: c.take()?,
            may_be_suggested: c.take()?,
            claimed_by: c.take()?,
            version: c.take()?,
            contact_points: Vec::new(),
            capabilities: Vec::new(),
            belongs_to: Vec::new(),
            parts: Vec::new(),
        })
    }
}

/// Whether this viewer may change a member: the member itself, who acts for it, or a coordinator of a network it is in
/// as long as nobody has claimed it.
pub fn may_change(r: &Reading<'_>, id: ActorId) -> Result<bool, Error> {
    let Some(actor) = r.viewer().actor() else { return Ok(r.viewer().is_system()) };
    if actor == id {
        return Ok(true);
    }
    let found: Option<i64> = r.first(
        "SELECT 1 FROM actor a WHERE a.id = $1 AND a.claimed_by IS NULL AND EXISTS (SELECT 1 FROM membership m \
         JOIN membership c ON c.whole_id = m.whole_id WHERE m.part_id = a.id AND m.state = 'member' \
         AND c.part_id = $2 AND c.role = 'coordinator' AND c.state = 'member')",
        params![id, actor],
    )?;
    Ok(found.is_some())
}

/// The role of a member in a network, group or organization, as long as they are in it.
///
/// # Errors
/// The database's own.
pub fn role_in(r: &Reading<'_>, whole: ActorId, part: ActorId) -> Result<Option<Role>, Error> {
    let word: Option<String> = r.first(
        "SELECT role FROM membership WHERE whole_id = $1 AND part_id = $2 AND state = 'member'",
        params![whole, part],
    )?;
    Ok(word.and_then(|word| Role::from_word(&word)))
}
