//! What the store holds about what a member promised, gave, received, hoped for and lent.

use store::audience;

use super::personal::{As, Asked, By, table, who};
use As::{Day, Moment, Text};
use By::{Eyes, Member};

/// The other side of a row with a giver and a receiver.
fn other(alias: &str) -> String {
    who(&format!(
        "(CASE WHEN {alias}.provider_id = $1 THEN {alias}.receiver_id ELSE {alias}.provider_id END)"
    ))
}

fn side(alias: &str) -> String {
    format!("CASE WHEN {alias}.provider_id = $1 THEN 'given' ELSE 'received' END")
}

/// Each table.
pub fn tables() -> Vec<Asked> {
    let mut all = given();
    all.extend(said());
    all.extend(shared());
    all
}

fn given() -> Vec<Asked> {
    vec![
        table(
            "promises",
            Eyes,
            &[
                ("side", &side("p"), Text),
                ("who", &other("p"), Text),
                ("title", "p.what", Text),
                ("until", "p.due_on", Day),
                ("state", "p.state", Text),
                ("words", "p.words", Text),
                ("at", "p.created_at", Moment),
            ],
            &format!(
                "FROM promise p WHERE (p.provider_id = $1 OR p.receiver_id = $1) AND {} ORDER BY p.id",
                audience::visible("p.id", 2)
            ),
        ),
        table(
            "exchanges",
            Eyes,
            &[
                ("side", &side("e"), Text),
                ("who", &other("e"), Text),
                ("title", "e.what", Text),
                ("text", "e.quantity", Text),
                ("at", "e.on_day", Day),
                ("state", "e.state", Text),
                ("words", "e.dispute_words", Text),
            ],
            &format!(
                "FROM exchange e WHERE (e.provider_id = $1 OR e.receiver_id = $1) AND {} ORDER BY e.id",
                audience::visible("e.id", 2)
            ),
        ),
        table(
            "thanks",
            Eyes,
            &[("who", &who("t.from_id"), Text), ("words", "t.words", Text), ("at", "t.at", Moment)],
            &format!(
                "FROM appreciation t WHERE (t.from_id = $1 OR t.to_id = $1) AND {} ORDER BY t.id",
                audience::visible("t.id", 2)
            ),
        ),
    ]
}

/// One's own answers, and nobody else's.
fn said() -> Vec<Asked> {
    vec![
        table(
            "benefits",
            Member,
            &[("title", "e.what", Text), ("benefit", "b.benefit", Text)],
            "FROM exchange_benefit b JOIN exchange e ON e.id = b.exchange_id WHERE b.actor_id = $1 \
             ORDER BY e.id, b.benefit",
        ),
        table(
            "alone",
            Member,
            &[("title", "e.what", Text), ("answer", "a.alone", Text), ("at", "a.at", Moment)],
            "FROM exchange_answer a JOIN exchange e ON e.id = a.exchange_id WHERE a.actor_id = $1 ORDER BY e.id",
        ),
        table(
            "hopes",
            Member,
            &[("benefit", "x.benefit", Text), ("answer", "x.level", Text), ("at", "x.answered_at", Moment)],
            "FROM expectation x WHERE x.actor_id = $1 ORDER BY x.id",
        ),
        table(
            "rings",
            Member,
            &[("title", "n.title", Text), ("answer", "s.answer", Text), ("at", "s.answered_at", Moment)],
            "FROM ring_side s JOIN intent n ON n.id = s.need_id WHERE s.provider_id = $1 ORDER BY s.id",
        ),
    ]
}

fn shared() -> Vec<Asked> {
    vec![
        table(
            "resources",
            Member,
            &[
                ("title", "s.title", Text),
                ("text", "s.text", Text),
                ("place", "s.location", Text),
                ("state", "s.state", Text),
                ("at", "s.created_at", Moment),
            ],
            "FROM resource s WHERE s.holder_id = $1 ORDER BY s.id",
        ),
        table(
            "bookings",
            Member,
            &[
                ("title", "s.title", Text),
                ("from", "b.from_at", Moment),
                ("until", "b.until_at", Moment),
                ("words", "b.purpose", Text),
                ("state", "b.state", Text),
            ],
            "FROM booking b JOIN resource s ON s.id = b.resource_id WHERE b.borrower_id = $1 ORDER BY b.id",
        ),
    ]
}
