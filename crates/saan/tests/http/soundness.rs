//! `saan check` on a whole demo: nothing to say of it, and every planted fault named.

use store::Database;

/// Every fault there is, in English.
fn faults(db: &Database) -> Vec<String> {
    let mut found = store::soundness::check(db).unwrap();
    found.extend(app::search::faults(db).unwrap());
    found.into_iter().map(|fault| fault.english).collect()
}

/// One of those that `rows` says.
fn any(table: &str, rows: &str) -> String {
    format!("(SELECT MAX(x.id) FROM {table} x WHERE {rows})")
}

#[test]
fn each_planted_fault_is_named() {
    testing::on_both(|fresh| {
        saan::demo::plant_whole(&fresh.settings).unwrap();
        let db = fresh.open();
        assert_eq!(faults(&db), Vec::<String>::new());

        let member = any("actor", "x.kind = 'person' AND x.state = 'active'");
        let need = any("intent", "x.state = 'open' AND x.visibility = 'network'");
        // one whose making stands in the journal by itself
        let told =
            |verb: &str| format!("x.id IN (SELECT j.object_id FROM journal j WHERE j.verb = '{verb}')");
        let tie = any("tie", &format!("x.state <> 'ended' AND {}", told("ties.bind")));
        let mut planted = vec![
            (
                format!("UPDATE indexed SET tokens = 'other' WHERE object_id = {member}"),
                "index of",
                "the words stored are not those of its text",
            ),
            (
                format!("UPDATE actor SET name = 'คนอื่น' WHERE id = {}", any("actor", "x.kind = 'group'")),
                "index of",
                "the words stored are not those of its text",
            ),
            (
                format!("DELETE FROM indexed WHERE object_id = {}", any("actor", "x.kind = 'organization'")),
                "index of",
                "cannot be found by its words",
            ),
            (
                format!("UPDATE indexed SET tokens = 'other' WHERE object_id = {need}"),
                "index of",
                "the words stored are not those of its text",
            ),
            (
                "INSERT INTO indexed (object_id, kind, tokens, facets, changed_at, gone) VALUES (400, 'person', 'a', '', 1, FALSE)"
                    .to_owned(),
                "index of",
                "is found although it is not there",
            ),
            (
                format!(
                    "UPDATE indexed SET actor_id = {member} WHERE object_id = {}",
                    any("intent", "x.state = 'open' AND x.side = 'offer'")
                ),
                "index of",
                "is found as somebody else's",
            ),
            ("INSERT INTO audience (object_id, key) VALUES (400, 0)".to_owned(), "audience of", "there is no such object"),
            (
                format!("INSERT INTO audience (object_id, key) VALUES ({need}, 401)"),
                "audience of",
                "opened to somebody who is not there",
            ),
            (format!("INSERT INTO audience (object_id, key) VALUES ({tie}, 0)"), "tie", "shown to others"),
            (
                format!("INSERT INTO audience (object_id, key) VALUES ({}, 0)", any("contact", "1 = 1")),
                "contact",
                "shown to others",
            ),
            (
                format!("UPDATE intent SET visibility = 'private' WHERE id = {need}"),
                "intent",
                "shown to others",
            ),
            (
                format!("INSERT INTO key_holder (actor_id, key) SELECT {member}, w.id + 3 FROM actor w WHERE w.kind = 'network'"),
                "actor",
                "holds the key of what it is no part of",
            ),
            (
                format!(
                    "INSERT INTO key_holder (actor_id, key) SELECT {member}, MIN(o.id) + 2 FROM actor o WHERE o.id <> {member} \
                     AND o.gone_at IS NULL AND NOT EXISTS (SELECT 1 FROM key_holder k WHERE k.actor_id = {member} AND k.key = o.id + 2)"
                ),
                "actor",
                "holds the key of somebody it is not tied to",
            ),
            (
                format!("DELETE FROM journal WHERE object_id = {tie}"),
                "tie",
                "the journal does not say who made it",
            ),
            (
                format!("DELETE FROM journal WHERE object_id = {need}"),
                "intent",
                "the journal does not say who made it",
            ),
            (
                "INSERT INTO journal (id, at, through, act, verb, object_id, fields) VALUES (400, 1, 'page', 'frobnicate', 'x.y', 4, '')"
                    .to_owned(),
                "journal",
                "speaks of an act there is no word for",
            ),
            (
                "INSERT INTO journal (id, at, through, act, verb, object_id, fields) VALUES (404, 1, 'page', 'do', 'x', 4, '')"
                    .to_owned(),
                "journal",
                "does not say which feature acted",
            ),
        ];
        for table in ["resource", "promise", "exchange", "appreciation", "booking", "tie", "contact", "actor"]
        {
            let rows = match table {
                "resource" => "x.state <> 'gone'",
                "actor" => "x.kind = 'person' AND x.state = 'unclaimed' AND x.gone_at IS NULL",
                "contact" => "x.id < (SELECT MAX(y.id) FROM contact y)",
                "tie" => "x.state <> 'ended'",
                _ => "1 = 1",
            };
            planted.push((
                format!("DELETE FROM audience WHERE object_id = {}", any(table, rows)),
                table,
                "nobody may see it, not even its owner",
            ));
        }
        planted.push(("DELETE FROM key_holder".to_owned(), "actor", "lacks the key of what it is part of"));
        let mut known = faults(&db).len();
        for (sql, place, wrong) in planted {
            let changed = db
                .bookkeeping::<_, store::Error>("test", |w| w.execute(&sql, &[]))
                .unwrap_or_else(|e| panic!("{sql}: {e}"));
            assert!(changed > 0, "{sql} planted nothing");
            let found = faults(&db);
            assert!(found.len() > known || sql.contains("key_holder"), "{sql}: {found:?}");
            known = found.len();
            assert!(
                found.iter().any(|fault| fault.starts_with(place) && fault.contains(wrong)),
                "{sql}: {wrong} is not among {found:?}"
            );
        }
    });
}
