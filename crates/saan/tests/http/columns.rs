//! Every column that holds words is marked by the crawl of [`crate::leaks`], or stands here with the reason why it need
//! not be: whoever adds a column decides.

use std::collections::BTreeMap;

use store::{Error, Viewer};

use crate::site::on_demo;

/// Columns of any table that hold a word of a fixed list, a code, a secret's digest or a zone: nothing anybody wrote.
const CODES: &str = "kind state act verb through reason_code lang visibility consent verification origin stage joining role side \
                     mode terms urgency relation layer channel direction outcome status action use_state condition \
                     condition_out condition_back scope topic timing room step purpose manner consent_manner subject \
                     category benefit worth feedback alone answer token_hash code_hash name_hash request_hash session_hash \
                     password_hash sha256 media_type idempotency_key zone org_type size_band languages avatar picture \
                     province_code district_code subdistrict_code public_cell contact_channel areas birthday since text_key \
                     name_key sort_key ring_key headings_key scopes secret uri uid card_uid sequence";

/// Tables, or single columns, of which no page shows what stands there, or everybody may read it; and why.
const NOT_MARKED: &[(&str, &str)] = &[
    ("setting", "the program's own"),
    ("opening", "the program's own"),
    ("migration", "the program's own"),
    ("journal.reason", "which part of the program acted"),
    ("journal.fields", "names of columns"),
    ("journal_before.field", "the name of a column"),
    ("job", "what waits to be done; a letter's words are marked in it"),
    (
        "delivery",
        "where a letter went is marked; what the other server answered is for who runs the instance",
    ),
    ("indexed", "terms of texts that are marked themselves; search asks for the markers"),
    ("account_name", "the names somebody signs in with; accounts.rs reads them as everybody else"),
    ("passkey", "the key's own id and public half; its label is marked"),
    ("session", "the browser's name; only its owner's settings read it"),
    ("one_time_code", "what a slip or letter is good for; read when it is used"),
    ("sign_in_attempt", "the address a try came from; never shown"),
    ("idempotency", "an answer that is given again to the same account alone"),
    ("actor.nickname", "beside the name, which is marked"),
    ("capability", "what somebody can do is shown wherever the member is"),
    ("invitation.token", "the secret itself; who holds it may come in"),
    ("gathering", "what the whole network is invited to"),
    ("gathering_change", "what the whole network is invited to"),
    ("introduction", "introducing.rs and introductions.rs read it as each side and as everybody else"),
    ("introduction_answer", "silence.rs reads what an answer may not show"),
    ("introduction_worth", "introducing.rs reads it as each side and as everybody else"),
    ("import_upload", "kept until a list is written; never shown as it came"),
    ("import_object", "what was before an import; read when it is taken back"),
    ("import_mapping", "headings, for the coordinators of the network"),
    ("likely_duplicate", "a code of why two may be one"),
    ("merge", "names of columns, for parting again"),
    ("vouch", "said for the network to read"),
    ("resource", "shared with the network to read"),
    ("push_subscription", "where a browser is reached and its keys; never shown"),
    ("intent.title", "beside the text, which is marked"),
    ("referral.feedback", "a code"),
];

#[test]
fn every_column_of_words_is_marked_or_stands_here_with_a_reason() {
    on_demo(|site| {
        crate::leaks::plant(site);
        let marked = site
            .db
            .read::<_, Error>(&Viewer::System("test"), |r| {
                let mut marked = BTreeMap::new();
                for table in r.tables()? {
                    for (column, _) in r.columns(&table)?.into_iter().filter(|(_, kind)| kind == "text") {
                        let sql = format!("SELECT COUNT(*) FROM {table} WHERE {column} LIKE '%MARK%'");
                        marked.insert((table.clone(), column), r.one::<i64>(&sql, &[])? > 0);
                    }
                }
                Ok(marked)
            })
            .unwrap();
        assert!(marked.len() > 200, "the store's columns are read: {}", marked.len());
        let codes: Vec<&str> = CODES.split_whitespace().collect();
        let reasoned = |table: &str, column: &str| {
            NOT_MARKED.iter().any(|(place, _)| *place == table || *place == format!("{table}.{column}"))
        };
        let open: Vec<String> = marked
            .iter()
            .filter(|((table, column), marked)| {
                !**marked && !codes.contains(&column.as_str()) && !reasoned(table, column)
            })
            .map(|((table, column), _)| format!("{table}.{column}"))
            .collect();
        assert_eq!(open, Vec::<String>::new(), "mark these in leaks.rs, or name them here with a reason");
        // what was dropped or renamed leaves the list
        for (place, _) in NOT_MARKED {
            let there =
                marked.keys().any(|(table, column)| *place == table || *place == format!("{table}.{column}"));
            assert!(there, "{place} is no column any more");
        }
    });
}
