//! What the store holds about the rhythms a member keeps, what it wrote, and whom it stands up for.

use super::personal::{As, Asked, By, table, who};
use As::{Day, Moment, Text};
use By::{Eyes, Member};

/// The rhythms a member keeps, and what it wrote.
pub fn tables() -> Vec<Asked> {
    vec![
        table(
            "rhythms",
            Eyes,
            &[
                ("who", &who("c.other_id"), Text),
                ("ideal_days", "c.ideal_days", Text),
                ("max_days", "c.max_days", Text),
                ("last_contact", "c.last_touch_at", Moment),
                ("next", "c.next_fixed_on", Day),
                ("until", "c.snoozed_until", Day),
                ("words", "c.why", Text),
                ("for", &who("c.delegate_id"), Text),
                ("at", "c.created_at", Moment),
            ],
            "FROM care c WHERE c.holder_id = $1 ORDER BY c.id",
        ),
        table(
            "prompts",
            Eyes,
            &[
                ("who", &who("c.other_id"), Text),
                ("channel", "p.channel", Text),
                ("state", "p.state", Text),
                ("at", "p.at", Moment),
            ],
            "FROM prompt p JOIN care c ON c.id = p.care_id WHERE c.holder_id = $1 ORDER BY p.id",
        ),
        table(
            "labels",
            Eyes,
            &[
                ("name", "l.name", Text),
                ("ideal_days", "l.ideal_days", Text),
                ("who", &who("t.other_id"), Text),
            ],
            "FROM label l LEFT JOIN tie_label t ON t.label_id = l.id WHERE l.holder_id = $1 ORDER BY l.id, t.other_id",
        ),
        table(
            "agreed_for_groups",
            Eyes,
            &[("who", &who("t.object_id"), Text), ("at", "x.at", Moment)],
            "FROM tie_consent x JOIN tie t ON t.id = x.tie_id WHERE x.person_id = $1 ORDER BY x.at",
        ),
        table(
            "let_in_for_groups",
            Eyes,
            &[("who", &who("m.part_id"), Text), ("group", &who("m.whole_id"), Text), ("at", "x.at", Moment)],
            "FROM membership_consent x JOIN membership m ON m.id = x.membership_id WHERE x.person_id = $1 ORDER BY x.at",
        ),
        table(
            "written",
            Member,
            &[("in", "w.room", Text), ("words", "w.words", Text), ("at", "w.at", Moment)],
            "FROM word w WHERE (w.by_id = $1 OR w.person_id = $1) AND w.gone_at IS NULL ORDER BY w.id",
        ),
        table(
            "seen",
            Member,
            &[("in", "w.room", Text), ("at", "s.at", Moment)],
            "FROM word_seen s JOIN word w ON w.id = s.word_id WHERE s.actor_id = $1 ORDER BY s.at",
        ),
        table(
            "vouches",
            Eyes,
            &[
                ("by", &who("v.by_id"), Text),
                ("for", &who("v.for_id"), Text),
                ("category", "v.category", Text),
                ("words", "v.words", Text),
                ("at", "v.at", Moment),
                ("expires", "v.expires_at", Moment),
            ],
            "FROM vouch v WHERE v.by_id = $1 OR v.for_id = $1 ORDER BY v.id",
        ),
        table(
            "calendar_addresses",
            Member,
            &[("at", "f.created_at", Moment), ("until", "f.revoked_at", Moment)],
            "FROM calendar_feed f WHERE f.actor_id = $1 ORDER BY f.created_at",
        ),
    ]
}
