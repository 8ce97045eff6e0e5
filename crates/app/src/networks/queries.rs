use store::ids::ActorId;
use store::{Cells, Error, FromRow, Reading, Value, Writing, audience, params};

/// What a network says about itself.
#[derive(Debug, Clone)]
pub struct Network {
    pub id: ActorId,
    pub name: String,
    pub about: String,
    pub origin: Option<String>,
    pub stage: Option<String>,
    pub version: i64,
}

impl FromRow for Network {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self {
            id: c.take()?,
            name: c.take()?,
            about: c.take()?,
            origin: c.take()?,
            stage: c.take()?,
            version: c.take()?,
        })
    }
}

/// A network, if this viewer may see it.
pub fn find(r: &Reading<'_>, id: ActorId) -> Result<Network, Error> {
    let sql = format!(
        "SELECT a.id, a.name, a.bio, a.origin, a.stage, a.version FROM actor a WHERE a.id = $1 AND a.kind = 'network' \
         AND a.gone_at IS NULL AND {}",
        audience::visible("a.id", 2)
    );
    r.one(&sql, &[Value::Int(id.0), audience::parameter(r.viewer())])
}

/// How many there are, for the network's page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Size {
    /// How many members of each kind.
    pub members: Vec<(String, i64)>,
    /// Open offers.
    pub offers: i64,
    /// Open needs.
    pub needs: i64,
}

/// Counts members, offers and needs; beside them how many members there are.
pub fn size(r: &Reading<'_>, id: ActorId) -> Result<(Size, i64), Error> {
    let members: Vec<(String, i64)> = r.all(
        "SELECT a.kind, COUNT(*) FROM membership m JOIN actor a ON a.id = m.part_id WHERE m.whole_id = $1 \
         AND m.state = 'member' AND a.gone_at IS NULL AND a.consent = 'given' GROUP BY a.kind ORDER BY a.kind",
        params![id],
    )?;
    let (offers, needs) = r.one(
        "SELECT COUNT(CASE WHEN side = 'offer' THEN 1 END), COUNT(CASE WHEN side = 'need' THEN 1 END) FROM intent \
         WHERE network_id = $1 AND state = 'open' AND valid_until > $2",
        params![id, r.now()],
    )?;
    let all = members.iter().map(|(_, count)| count).sum();
    Ok((Size { members, offers, needs }, all))
}

/// Its coordinators.
pub fn coordinators(r: &Reading<'_>, id: ActorId) -> Result<Vec<ActorId>, Error> {
    r.all(
        "SELECT part_id FROM membership WHERE whole_id = $1 AND role = 'coordinator' AND state = 'member' ORDER BY since, id",
        params![id],
    )
}

/// What waits for a coordinator: persons whose consent is pending, undecided duplicates, persons nobody has claimed,
/// concerns that were brought.
pub fn work(r: &Reading<'_>, id: ActorId) -> Result<(i64, i64, i64, i64, i64), Error> {
    r.one(
        "SELECT (SELECT COUNT(*) FROM membership m JOIN actor a ON a.id = m.part_id WHERE m.whole_id = $1 \
           AND m.state = 'member' AND a.consent = 'pending' AND a.gone_at IS NULL), \
         (SELECT COUNT(*) FROM likely_duplicate d WHERE d.network_id = $1 AND d.state = 'open'), \
         (SELECT COUNT(*) FROM membership m JOIN actor a ON a.id = m.part_id WHERE m.whole_id = $1 \
           AND m.state = 'member' AND a.kind = 'person' AND a.claimed_by IS NULL AND a.gone_at IS NULL), \
         (SELECT COUNT(*) FROM concern c WHERE c.network_id = $1 AND c.state = 'open'), \
         (SELECT COUNT(*) FROM membership m JOIN actor a ON a.id = m.part_id WHERE m.whole_id = $1 \
           AND m.state = 'applied' AND a.gone_at IS NULL)",
        params![id],
    )
}

/// The network of this name, whatever the case and spaces.
///
/// # Errors
/// The database's own.
pub fn found_by_name(r: &Reading<'_>, name: &str) -> Result<Option<ActorId>, Error> {
    r.first(
        // the index of names leaves out persons, and a database takes it only where the question does, too
        "SELECT id FROM actor WHERE kind = 'network' AND kind <> 'person' AND name_key = $1 AND gone_at IS NULL \
         ORDER BY id LIMIT 1",
        params![thai::names::short_key(name)],
    )
}

pub fn put_founding(
    w: &mut Writing<'_>,
    id: ActorId,
    origin: &str,
    stage: &str,
    founder: Option<ActorId>,
) -> Result<(), Error> {
    w.execute_one(
        "UPDATE actor SET origin = $2, stage = $3, founder_id = $4, joining = 'ask' WHERE id = $1",
        params![id, origin, stage, founder],
    )
}

/// Names the founder where none is known; answers whether none was.
pub fn put_founder(w: &mut Writing<'_>, id: ActorId, founder: ActorId) -> Result<bool, Error> {
    let now = w.now();
    let changed = w.execute(
        "UPDATE actor SET founder_id = $2, updated_at = $3, version = version + 1 WHERE id = $1 AND founder_id IS NULL",
        params![id, founder, now],
    )?;
    Ok(changed > 0)
}

/// Changes name and purpose of a network that nobody changed since `version`.
pub fn put_about(
    w: &mut Writing<'_>,
    id: ActorId,
    version: i64,
    name: &str,
    about: &str,
) -> Result<(), Error> {
    let now = w.now();
    let changed = w.execute(
        "UPDATE actor SET name = $3, bio = $4, name_key = $5, sort_key = $6, updated_at = $7, version = version + 1 \
         WHERE id = $1 AND version = $2",
        params![id, version, name, about, thai::names::short_key(name), thai::sorting::sort_key(name), now],
    )?;
    if changed == 0 { Err(Error::Changed) } else { Ok(()) }
}
