use store::ids::{ActorId, IntentId};
use store::{Cells, Error, FromRow, Micros, Reading, Value, Writing, audience, listed, params};

use super::{MemberWords, Noted};

const COLUMNS: &[&str] =
    &["object_id", "kind", "network_id", "actor_id", "tokens", "facets", "gone", "changed_at"];

/// A row of what was analyzed; when it changed is said as it is written.
pub fn row(noted: &Noted<'_>, tokens: &str) -> Vec<Value> {
    let facets = noted.facets.join(" ");
    params![noted.object, noted.kind, noted.network, noted.actor, tokens, facets, false, 0_i64].to_vec()
}

/// Says of rows that they change now: who follows looks back a few seconds from the last change, and what was prepared
/// before the transaction began may be older than that.
fn stamp(rows: &mut [Vec<Value>], now: Micros) {
    for changed_at in rows.iter_mut().filter_map(|row| row.last_mut()) {
        *changed_at = Value::Int(now.0);
    }
}

/// Writes what was analyzed. The time of change only grows, also when two writes fall on one tick of the clock: who
/// follows tells by it what is new.
pub fn put(w: &mut Writing<'_>, rows: &mut [Vec<Value>]) -> Result<(), Error> {
    stamp(rows, w.now());
    w.insert_rows_with(
        "indexed",
        COLUMNS,
        rows,
        "ON CONFLICT (object_id) DO UPDATE SET kind = excluded.kind, \
         network_id = excluded.network_id, actor_id = excluded.actor_id, tokens = excluded.tokens, \
         facets = excluded.facets, gone = FALSE, changed_at = CASE WHEN indexed.changed_at >= excluded.changed_at \
         THEN indexed.changed_at + 1 ELSE excluded.changed_at END",
    )?;
    Ok(())
}

/// As [`put`], of objects of which nothing was written before.
pub fn put_new(w: &mut Writing<'_>, rows: &mut [Vec<Value>]) -> Result<(), Error> {
    stamp(rows, w.now());
    w.insert_rows("indexed", COLUMNS, rows)?;
    Ok(())
}

/// Marks an object as gone.
pub fn put_gone(w: &mut Writing<'_>, object: i64) -> Result<(), Error> {
    let now = w.now();
    w.execute(
        "UPDATE indexed SET gone = TRUE, tokens = '', changed_at = CASE WHEN changed_at >= $1 THEN changed_at + 1 \
         ELSE $1 END WHERE object_id = $2",
        params![now, object],
    )?;
    Ok(())
}

/// Marks what belongs to a member as changed.
pub fn touch(w: &mut Writing<'_>, actor: ActorId) -> Result<(), Error> {
    let now = w.now();
    w.execute(
        "UPDATE indexed SET changed_at = CASE WHEN changed_at >= $1 THEN changed_at + 1 ELSE $1 END \
         WHERE actor_id = $2 AND object_id <> $2",
        params![now, actor],
    )?;
    Ok(())
}

/// Offers and needs that went from one of these members to the other are the other's where they are found, too.
pub fn change_hands(w: &mut Writing<'_>, one: ActorId, other: ActorId) -> Result<(), Error> {
    let now = w.now();
    w.execute(
        "UPDATE indexed SET actor_id = (SELECT n.actor_id FROM intent n WHERE n.id = indexed.object_id), \
         changed_at = CASE WHEN changed_at >= $1 THEN changed_at + 1 ELSE $1 END \
         WHERE object_id IN (SELECT n.id FROM intent n WHERE n.actor_id IN ($2, $3) AND n.actor_id <> indexed.actor_id)",
        params![now, one, other],
    )?;
    Ok(())
}

/// A row of the change log.
#[derive(Debug, Clone)]
pub struct Indexed {
    pub object: i64,
    pub kind: String,
    pub network: Option<i64>,
    pub actor: Option<i64>,
    pub tokens: String,
    pub facets: String,
    pub changed_at: i64,
    pub gone: bool,
}

impl FromRow for Indexed {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self {
            object: c.take()?,
            kind: c.take()?,
            network: c.take()?,
            actor: c.take()?,
            tokens: c.take()?,
            facets: c.take()?,
            changed_at: c.take()?,
            gone: c.take()?,
        })
    }
}

const INDEXED: &str = "SELECT i.object_id, i.kind, i.network_id, i.actor_id, i.tokens, i.facets, i.changed_at, i.gone FROM indexed i";

/// The next so many rows by id, for the first building.
pub fn after(r: &Reading<'_>, object: i64, rows: i64) -> Result<Vec<Indexed>, Error> {
    let sql = format!("{INDEXED} WHERE i.object_id > $1 AND NOT i.gone ORDER BY i.object_id LIMIT $2");
    r.all(&sql, params![object, rows])
}

/// Who may see the rows between two ids, by id.
pub fn keys_between(r: &Reading<'_>, above: i64, up_to: i64) -> Result<Vec<(i64, i64)>, Error> {
    r.all(
        "SELECT object_id, key FROM audience WHERE object_id > $1 AND object_id <= $2 ORDER BY object_id",
        params![above, up_to],
    )
}

/// What changed after a moment: id and time alone, for most of it is known already.
pub fn changed(r: &Reading<'_>, after: Micros) -> Result<Vec<(i64, i64)>, Error> {
    r.all(
        "SELECT object_id, changed_at FROM indexed WHERE changed_at > $1 ORDER BY changed_at",
        params![after],
    )
}

/// These rows.
pub fn these(r: &Reading<'_>, objects: &[i64]) -> Result<Vec<Indexed>, Error> {
    let mut parameters = Vec::new();
    let ids = listed(&mut parameters, objects);
    r.all(&format!("{INDEXED} WHERE i.object_id IN ({ids}) ORDER BY i.object_id"), &parameters)
}

/// Who may see these, by id.
pub fn keys_of(r: &Reading<'_>, objects: &[i64]) -> Result<Vec<(i64, i64)>, Error> {
    let mut parameters = Vec::new();
    let ids = listed(&mut parameters, objects);
    r.all(
        &format!("SELECT object_id, key FROM audience WHERE object_id IN ({ids}) ORDER BY object_id"),
        &parameters,
    )
}

/// What an object says, and what is stored for searching it.
#[derive(Debug)]
pub struct Words {
    pub object: i64,
    pub title: String,
    pub text: String,
    pub stored: Option<String>,
}

/// The open offers and needs after an id: title and text as they stand, and what is stored for searching.
pub fn intent_texts_after(r: &Reading<'_>, after: i64, rows: i64) -> Result<Vec<Words>, Error> {
    let found: Vec<(i64, String, String, Option<String>)> = r.all(
        "SELECT n.id, n.title, n.text, i.tokens FROM intent n LEFT JOIN indexed i ON i.object_id = n.id AND NOT i.gone \
         WHERE n.state = 'open' AND n.id > $1 ORDER BY n.id LIMIT $2",
        params![after, rows],
    )?;
    Ok(found.into_iter().map(|(object, title, text, stored)| Words { object, title, text, stored }).collect())
}

/// The members after an id, as [`intent_texts_after`].
pub fn member_texts_after(r: &Reading<'_>, after: i64, rows: i64) -> Result<Vec<Words>, Error> {
    #[expect(clippy::type_complexity, reason = "a row of texts, taken apart on the next line")]
    let found: Vec<(i64, String, String, String, String, String, String, Option<String>)> = r.all(
        "SELECT a.id, a.name, a.nickname, a.other_nicknames, a.profession, a.position, a.bio, i.tokens FROM actor a \
         LEFT JOIN indexed i ON i.object_id = a.id AND NOT i.gone \
         WHERE a.gone_at IS NULL AND a.state <> 'deleted' AND a.id > $1 ORDER BY a.id LIMIT $2",
        params![after, rows],
    )?;
    let words = |(object, name, nickname, others, profession, position, bio, stored): (
        i64,
        String,
        String,
        String,
        String,
        String,
        String,
        Option<String>,
    )| {
        let said = MemberWords {
            name: &name,
            nickname: &nickname,
            other_nicknames: &others,
            profession: &profession,
            position: &position,
            bio: &bio,
        };
        let (title, text) = said.title_and_text();
        Words { object, title, text, stored }
    };
    Ok(found.into_iter().map(words).collect())
}

/// An object, and what is wrong with it, in Thai and in English.
pub type Astray = (i64, (&'static str, &'static str));

/// What is stored for searching although it should not be, or of somebody else: the object and what is wrong, in Thai
/// and in English.
pub fn astray(r: &Reading<'_>, rows: usize) -> Result<Vec<Astray>, Error> {
    let mut found = Vec::new();
    for (wrong, condition) in [
        (
            ("ยังค้นพบอยู่ทั้งที่ไม่มีแล้ว", "is found although it is not there"),
            "NOT i.gone AND NOT EXISTS (SELECT 1 FROM intent n WHERE n.id = i.object_id AND n.state = 'open') \
             AND NOT EXISTS (SELECT 1 FROM actor a WHERE a.id = i.object_id AND a.gone_at IS NULL \
             AND a.state <> 'deleted')",
        ),
        (
            ("ค้นพบในชื่อของผู้อื่น", "is found as somebody else's"),
            "NOT i.gone AND (EXISTS (SELECT 1 FROM intent n WHERE n.id = i.object_id AND (i.kind <> n.side \
             OR i.actor_id IS NULL OR i.actor_id <> n.actor_id OR i.network_id IS NULL \
             OR i.network_id <> n.network_id)) \
             OR EXISTS (SELECT 1 FROM actor a WHERE a.id = i.object_id AND (i.kind <> a.kind \
             OR i.actor_id IS NULL OR i.actor_id <> a.id)))",
        ),
        (("ยังเก็บคำไว้ทั้งที่ไม่มีแล้ว", "keeps words although it is gone"), "i.gone AND i.tokens <> ''"),
    ] {
        let sql =
            format!("SELECT i.object_id FROM indexed i WHERE {condition} ORDER BY i.object_id LIMIT {rows}");
        found.extend(r.all::<i64>(&sql, &[])?.into_iter().map(|object| (object, wrong)));
    }
    Ok(found)
}

/// What was found, as the list shows it.
#[derive(Debug, Clone)]
pub struct Card {
    pub object: i64,
    pub kind: String,
    pub title: String,
    /// The full name behind a nickname, or the beginning of the text.
    pub line: String,
    /// For offers and needs, whose it is; for members, what they do.
    pub owner: String,
    pub province: Option<String>,
    pub district: Option<String>,
}

impl FromRow for Card {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self {
            object: c.take()?,
            kind: c.take()?,
            // what a file brought in has its text for a title
            title: thai::text::truncate(&c.take::<String>()?, 80).into_owned(),
            line: c.take()?,
            owner: c.take()?,
            province: c.take()?,
            district: c.take()?,
        })
    }
}

impl Card {
    /// Where it stands.
    #[must_use]
    pub fn address(&self) -> String {
        match self.kind.as_str() {
            "offer" | "need" => format!("/giving/{}", IntentId(self.object)),
            _ => format!("/members/{}", ActorId(self.object)),
        }
    }
}

/// The cards of what was found, in the order given, without what this viewer may not see (any more).
pub fn cards(r: &Reading<'_>, objects: &[i64]) -> Result<Vec<Card>, Error> {
    let mut viewer = vec![audience::parameter(r.viewer())];
    let ids = listed(&mut viewer, objects);
    let members = format!(
        "SELECT a.id, a.kind, CASE WHEN a.nickname <> '' THEN a.nickname ELSE a.name END, \
         CASE WHEN a.nickname <> '' THEN a.name ELSE '' END, \
         CASE WHEN a.position <> '' THEN a.position ELSE a.profession END, a.province_code, a.district_code \
         FROM actor a WHERE a.id IN ({ids}) AND a.gone_at IS NULL AND {}",
        audience::visible("a.id", 1)
    );
    let intents = format!(
        "SELECT i.id, i.side, CASE WHEN i.title <> '' THEN i.title ELSE i.text END, i.text, CASE WHEN a.nickname <> '' THEN a.nickname ELSE a.name END, \
         CAST(NULL AS TEXT), CAST(NULL AS TEXT) FROM intent i JOIN actor a ON a.id = i.actor_id \
         WHERE i.id IN ({ids}) AND i.state = 'open' AND a.gone_at IS NULL AND {} AND {}",
        audience::visible("i.id", 1),
        // nothing of somebody who is hidden
        audience::visible("i.actor_id", 1)
    );
    let mut found: Vec<Card> = r.all(&members, &viewer)?;
    found.extend(r.all::<Card>(&intents, &viewer)?);
    let place = |card: &Card| objects.iter().position(|id| *id == card.object);
    found.sort_by_key(place);
    Ok(found)
}
