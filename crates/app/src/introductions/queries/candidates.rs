//! The pairs that stood among the best of a network, and what became of them: counted, never named.

use network::introduction::choice::DAYS_HELD_OUT;
use network::introduction::lift::{DAYS_UNTIL_TIED, Outcome, Side};
use store::ids::ActorId;
use store::{Error, Micros, Reading, Writing, params};

/// What lies longer ago says little of how it is today.
const DAYS: i64 = 730;

/// A pair that is drawn already: the two, and whether they are left alone.
pub type Drawn = (ActorId, ActorId, bool);

/// The pairs of a network whose draw still stands.
pub fn drawn(r: &Reading<'_>, network: ActorId) -> Result<Vec<Drawn>, Error> {
    let since = r.now().plus(-DAYS_HELD_OUT * Micros::DAY);
    r.all(
        "SELECT a_id, b_id, held_out FROM introduction_candidate WHERE network_id = $1 AND entered_at > $2",
        params![network, since],
    )
}

/// Makes others who enter pairs of this network wait.
pub fn lock_network(w: &mut Writing<'_>, network: ActorId) -> Result<(), Error> {
    w.execute_one("UPDATE actor SET version = version WHERE id = $1", params![network])
}

pub fn enter(w: &mut Writing<'_>, network: ActorId, (a, b, held_out): Drawn) -> Result<(), Error> {
    let (id, now) = (w.new_id(), w.now());
    w.execute(
        "INSERT INTO introduction_candidate (id, network_id, a_id, b_id, held_out, entered_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        params![id, network, a, b, held_out, now],
    )?;
    Ok(())
}

/// The networks there are.
pub fn networks(r: &Reading<'_>) -> Result<Vec<ActorId>, Error> {
    r.all("SELECT id FROM actor WHERE kind = 'network' AND gone_at IS NULL ORDER BY id", params![])
}

/// Whether it came true of a pair `k` that became tied at `k.tied_at`.
const fn came(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Tied => "1 = 1",
        Outcome::Agreed => {
            "EXISTS (SELECT 1 FROM introduction i WHERE ((i.a_id = k.a_id AND i.b_id = k.b_id) \
             OR (i.a_id = k.b_id AND i.b_id = k.a_id)) AND i.connected_at >= k.entered_at AND i.connected_at <= k.entered_at + CAST($4 AS BIGINT))"
        }
        // days have no hours where a whole day was written down
        Outcome::Met => {
            "EXISTS (SELECT 1 FROM contact_participant p JOIN contact_participant q ON q.contact_id = p.contact_id \
             JOIN contact c ON c.id = p.contact_id WHERE p.actor_id = k.a_id AND q.actor_id = k.b_id \
             AND c.direction IN ('mutual', 'inbound') AND c.at > k.tied_at - CAST($6 AS BIGINT) AND c.at <= k.tied_at + CAST($5 AS BIGINT))"
        }
        Outcome::Exchanged => {
            "EXISTS (SELECT 1 FROM exchange e WHERE ((e.provider_id = k.a_id AND e.receiver_id = k.b_id) \
             OR (e.provider_id = k.b_id AND e.receiver_id = k.a_id)) AND e.confirmed_at >= k.tied_at - CAST($6 AS BIGINT) \
             AND e.confirmed_at <= k.tied_at + CAST($5 AS BIGINT))"
        }
        Outcome::Alive => {
            "EXISTS (SELECT 1 FROM contact_participant p JOIN contact_participant q ON q.contact_id = p.contact_id \
             JOIN contact c ON c.id = p.contact_id WHERE p.actor_id = k.a_id AND q.actor_id = k.b_id \
             AND c.direction IN ('mutual', 'inbound') AND c.at > k.tied_at + CAST($5 AS BIGINT) / 2 AND c.at <= k.tied_at + CAST($5 AS BIGINT))"
        }
    }
}

fn side(pairs: i64, came: i64) -> Side {
    let count = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    Side { pairs: count(pairs), came: count(came) }
}

/// Of the pairs old enough for an outcome: those proposed, and those left alone.
pub fn counted(r: &Reading<'_>, network: ActorId, outcome: Outcome) -> Result<(Side, Side), Error> {
    let now = r.now();
    let days = |days: i64| days * Micros::DAY;
    let sql = format!(
        "SELECT k.held_out, COUNT(*), COUNT(CASE WHEN k.tied_at IS NOT NULL AND {} THEN 1 END) FROM \
         (SELECT c.a_id, c.b_id, c.held_out, c.entered_at, (SELECT MIN(CASE WHEN t.object_confirmed_at > t.subject_confirmed_at \
         THEN t.object_confirmed_at ELSE t.subject_confirmed_at END) FROM tie t WHERE ((t.subject_id = c.a_id \
         AND t.object_id = c.b_id) OR (t.subject_id = c.b_id AND t.object_id = c.a_id)) AND t.subject_confirmed_at IS NOT NULL \
         AND t.object_confirmed_at IS NOT NULL AND (t.subject_confirmed_at >= c.entered_at OR t.object_confirmed_at >= c.entered_at) \
         AND t.subject_confirmed_at <= c.entered_at + $4 AND t.object_confirmed_at <= c.entered_at + $4) AS tied_at \
         FROM introduction_candidate c WHERE c.network_id = $1 AND c.entered_at <= $2 AND c.entered_at > $3) k \
         WHERE CAST($4 AS BIGINT) IS NOT NULL AND CAST($5 AS BIGINT) IS NOT NULL AND CAST($6 AS BIGINT) IS NOT NULL \
         GROUP BY k.held_out",
        came(outcome)
    );
    let rows: Vec<(bool, i64, i64)> = r.all(
        &sql,
        params![
            network,
            now.plus(-days(outcome.days())),
            now.plus(-days(DAYS)),
            days(DAYS_UNTIL_TIED),
            days(outcome.days_after_tie()),
            days(1)
        ],
    )?;
    let of = |held: bool| {
        rows.iter().find(|row| row.0 == held).map_or_else(Side::default, |row| side(row.1, row.2))
    };
    Ok((of(false), of(true)))
}

/// Of the proposed pairs whose two were introduced and both said whether it was worth it: how many, and of how many both
/// said yes.
pub fn worth(r: &Reading<'_>, network: ActorId) -> Result<Side, Error> {
    let (pairs, both): (i64, i64) = r.one(
        "SELECT COUNT(*), COUNT(CASE WHEN x.yes = 2 THEN 1 END) FROM (SELECT i.id, \
         COUNT(CASE WHEN s.worth = 'yes' THEN 1 END) AS yes FROM introduction_candidate c JOIN introduction i \
         ON ((i.a_id = c.a_id AND i.b_id = c.b_id) OR (i.a_id = c.b_id AND i.b_id = c.a_id)) \
         AND i.connected_at >= c.entered_at AND i.connected_at <= c.entered_at + $3 \
         JOIN introduction_worth s ON s.introduction_id = i.id AND s.worth <> 'early' \
         WHERE c.network_id = $1 AND c.entered_at > $2 AND NOT c.held_out GROUP BY i.id HAVING COUNT(*) = 2) x",
        params![network, r.now().plus(-DAYS * Micros::DAY), DAYS_UNTIL_TIED * Micros::DAY],
    )?;
    Ok(side(pairs, both))
}
