use store::ids::{ActorId, WordId};
use store::{Cells, Error, FromRow, Micros, Reading, Value, Writing, params};

/// Something written, as its room shows it.
#[derive(Debug, Clone)]
pub struct WordRow {
    pub id: WordId,
    pub room: String,
    pub object: i64,
    pub by: ActorId,
    pub by_name: String,
    pub person: Option<ActorId>,
    pub reply_to: Option<WordId>,
    pub words: String,
    pub picture: Option<String>,
    pub at: Micros,
    pub gone: bool,
}

impl FromRow for WordRow {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self {
            id: c.take()?,
            room: c.take()?,
            object: c.take()?,
            by: c.take()?,
            by_name: c.take()?,
            person: c.take()?,
            reply_to: c.take()?,
            words: c.take()?,
            picture: c.take()?,
            at: c.take()?,
            gone: c.take()?,
        })
    }
}

/// The writer's name is shown to those concerned: they see each other in that thing already.
const WORD: &str = "w.id, w.room, w.object_id, w.by_id, CASE WHEN a.nickname <> '' THEN a.nickname ELSE a.name END, \
                    w.person_id, w.reply_to, w.words, w.picture, w.at, w.gone_at IS NOT NULL";

/// What was written in a room, oldest first, the last two hundred.
pub fn in_room(r: &Reading<'_>, room: &str, object: i64) -> Result<Vec<WordRow>, Error> {
    let sql = format!(
        "SELECT {WORD} FROM word w JOIN actor a ON a.id = w.by_id WHERE w.object_id = $1 AND w.room = $2 \
         ORDER BY w.id DESC LIMIT 200"
    );
    let mut rows: Vec<WordRow> = r.all(&sql, params![object, room])?;
    rows.reverse();
    Ok(rows)
}

pub fn find(r: &Reading<'_>, id: WordId) -> Result<WordRow, Error> {
    let sql = format!("SELECT {WORD} FROM word w JOIN actor a ON a.id = w.by_id WHERE w.id = $1");
    r.one(&sql, params![id])
}

/// What is written.
#[derive(Debug, Clone)]
pub struct NewWord<'a> {
    pub room: &'a str,
    pub object: i64,
    pub network: Option<ActorId>,
    pub by: ActorId,
    pub reply_to: Option<WordId>,
    pub words: &'a str,
    pub picture: Option<&'a str>,
}

pub fn insert(w: &mut Writing<'_>, word: &NewWord<'_>) -> Result<WordId, Error> {
    let (id, now) = (WordId(w.new_id()), w.now());
    let person = w.viewer().person();
    w.execute(
        "INSERT INTO word (id, room, object_id, network_id, by_id, person_id, reply_to, words, picture, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        params![
            id,
            word.room,
            word.object,
            word.network,
            word.by,
            person,
            word.reply_to,
            word.words,
            word.picture,
            now
        ],
    )?;
    Ok(id)
}

/// Empties what somebody wrote; its place stays for the answers to it. Whether there was anything.
pub fn take_back(w: &mut Writing<'_>, id: WordId, person: ActorId) -> Result<bool, Error> {
    let now = w.now();
    let changed = w.execute(
        "UPDATE word SET words = '', picture = NULL, gone_at = $3 WHERE id = $1 AND person_id = $2 AND gone_at IS NULL",
        params![id, person, now],
    )?;
    Ok(changed > 0)
}

/// Keeps a picture under the hash of its bytes.
pub fn keep_file(w: &mut Writing<'_>, sha256: &str, media_type: &str, bytes: &[u8]) -> Result<(), Error> {
    let now = w.now();
    w.execute(
        "INSERT INTO file (sha256, media_type, bytes, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (sha256) DO NOTHING",
        &[
            Value::Text(sha256.to_owned()),
            Value::Text(media_type.to_owned()),
            Value::Bytes(bytes.to_vec()),
            Value::Int(now.0),
        ],
    )?;
    Ok(())
}

pub fn file(r: &Reading<'_>, sha256: &str) -> Result<(String, Vec<u8>), Error> {
    r.one("SELECT media_type, bytes FROM file WHERE sha256 = $1", params![sha256])
}

/// Notes that a member saw these words; once each.
pub fn saw(w: &mut Writing<'_>, member: ActorId, words: &[WordId]) -> Result<(), Error> {
    let now = w.now();
    for word in words {
        w.execute(
            "INSERT INTO word_seen (word_id, actor_id, at) VALUES ($1, $2, $3) ON CONFLICT (word_id, actor_id) DO NOTHING",
            params![*word, member, now],
        )?;
    }
    Ok(())
}

/// How many could see a word of the network, and how many did: members with an account.
pub fn reach(r: &Reading<'_>, network: ActorId, word: WordId) -> Result<(i64, i64), Error> {
    r.one(
        "SELECT (SELECT COUNT(*) FROM membership m JOIN actor a ON a.id = m.part_id WHERE m.whole_id = $1 \
           AND m.state = 'member' AND a.claimed_by IS NOT NULL AND a.gone_at IS NULL), \
         (SELECT COUNT(*) FROM word_seen s WHERE s.word_id = $2)",
        params![network, word],
    )
}

/// The newest word of the network that a member has not seen, of the last fortnight.
pub fn unseen(r: &Reading<'_>, network: ActorId, member: ActorId) -> Result<Option<WordRow>, Error> {
    let sql = format!(
        "SELECT {WORD} FROM word w JOIN actor a ON a.id = w.by_id WHERE w.object_id = $1 AND w.room = 'network' \
         AND w.gone_at IS NULL AND w.reply_to IS NULL AND w.at > $3 AND NOT EXISTS \
         (SELECT 1 FROM word_seen s WHERE s.word_id = w.id AND s.actor_id = $2) ORDER BY w.id DESC LIMIT 1"
    );
    r.first(&sql, params![network, member, r.now().plus(-14 * Micros::DAY)])
}
