//! Markers of one person are brought into the store by everything a person can do here; after they erased themselves
//! none is left in any column of any table, but what others received and what others said (trap 4, PDPA section 33).

use axum::http::StatusCode;
use store::{Value, Viewer, params};

use crate::joining::{between, own_id};
use crate::site::{Site, on_demo};

/// Stands in every word this person writes and in everything said of them.
const MARK: &str = "zqx";
const PHONE: &str = "812345679";

/// Table and column where a marker stays, and why.
const KEPT: [(&str, &str, &str); 4] = [
    ("contact", "summary", "what the other side wrote down of a call is theirs"),
    ("reply", "words", "an answer that was agreed to was received"),
    ("intent", "title", "what was agreed to was received"),
    ("intent", "text", "what was agreed to was received"),
];

/// Every column that still holds a marker, with what stands there.
fn left(site: &Site) -> Vec<(String, String, String)> {
    site.db
        .read::<_, store::Error>(&Viewer::System("test"), |r| {
            let mut found = Vec::new();
            for table in r.tables()? {
                for (column, kind) in r.columns(&table)? {
                    if !matches!(kind.as_str(), "text" | "bytes") {
                        continue;
                    }
                    let cells: Vec<Vec<Value>> = r.all(&format!("SELECT {column} FROM {table}"), &[])?;
                    for cell in cells.into_iter().flatten() {
                        let text = match cell {
                            Value::Text(text) => text,
                            Value::Bytes(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
                            _ => continue,
                        };
                        let lower = text.to_lowercase();
                        if lower.contains(MARK) || lower.contains(PHONE) {
                            found.push((table.clone(), column.clone(), text));
                        }
                    }
                }
            }
            Ok(found)
        })
        .unwrap()
}

#[test]
fn trap_4_erasing_leaves_no_word_of_a_person_but_what_others_received() {
    on_demo(|site| {
        let (coordinator, friend) = (site.sign_in("coordinator"), site.sign_in("supporter"));
        let invited = friend.done("/joining/invite", &[("once", "invite-00009"), ("message", "มา")]);
        let link = format!("/joining/i/{}", between(&friend.page(&invited), "/joining/i/", "\""));
        let person = site.stranger().comes_in(
            &link,
            &[
                ("once", "sign-up-00009"),
                ("nickname", "Zqxnick"),
                ("name", "Zqxname Zqxfamily"),
                ("login", "zqxlogin"),
                ("password", "zqxpassword"),
                ("consent", "1"),
            ],
        );
        let (me, other) = (own_id(&person), own_id(&friend));
        let edit = person.page(&format!("/members/{me}/edit"));
        let version = between(&edit, "name=\"version\" value=\"", "\"").to_owned();
        person.done(
            &format!("/members/{me}/edit"),
            &[
                ("version", version.as_str()),
                ("kind", "person"),
                ("name", "Zqxname Zqxfamily"),
                ("nickname", "Zqxnick"),
                ("profession", "zqxprofession"),
                ("position", "zqxposition"),
                ("bio", "zqxbio"),
                ("hours", "zqxhours"),
                ("limits", "zqxlimits"),
                ("avoid", "zqxavoid"),
                ("matters", "zqxmatters"),
                ("phone", "081-234-5679"),
                ("line", "zqxline"),
                ("email", "zqx@example.org"),
                ("visibility", "network"),
                ("capacity", "4"),
            ],
        );
        let form = |side: &'static str, text: &'static str, once: &'static str| {
            [
                ("once", once),
                ("side", side),
                ("text", text),
                ("asked", "1"),
                ("mode", "either"),
                ("terms", "gift"),
                ("urgency", "whenever"),
                ("ends", "180"),
                ("capacity", "4"),
                ("province", "TH-50"),
                ("available", if text.starts_with(MARK) { "zqxavailable" } else { "" }),
                ("do", "post"),
            ]
        };
        let address = |at: String| at.split('?').next().unwrap().to_owned();
        let open = address(person.done("/giving/new", &form("need", "zqxopen need", "post-zqx-01")));
        let taken = address(person.done("/giving/new", &form("offer", "zqxtaken offer", "post-zqx-02")));
        let given =
            address(friend.done("/giving/new", &form("need", "ขอคนช่วยขนของย้ายสำนักงาน", "post-fr-001")));
        let asked = address(friend.done("/giving/new", &form("need", "ขอยืมเครื่องเสียงงานวัด", "post-fr-002")));
        let change = person.page(&format!("{open}/edit"));
        let version = between(&change, "name=\"version\" value=\"", "\"").to_owned();
        let mut fields = form("need", "zqxchanged need", "post-zqx-03").to_vec();
        fields.push(("version", version.as_str()));
        person.done(&format!("{open}/edit"), &fields);
        friend.done(&format!("{taken}/reply"), &[("once", "reply-00001"), ("words", "ขอบ้าง")]);
        let page = person.page(&taken);
        let reply = between(&page, "/giving/replies/", "/").to_owned();
        person
            .done(&format!("/giving/replies/{reply}/answer"), &[("once", "answer-0001"), ("answer", "yes")]);
        person.done(&format!("{given}/reply"), &[("once", "reply-00002"), ("words", "zqxreply accepted")]);
        let reply = between(&friend.page(&given), "/giving/replies/", "/").to_owned();
        friend
            .done(&format!("/giving/replies/{reply}/answer"), &[("once", "answer-0002"), ("answer", "yes")]);
        person.done(&format!("{asked}/reply"), &[("once", "reply-00003"), ("words", "zqxreply open")]);
        let tie = address(person.done(
            "/ties/new",
            &[
                ("with", other.as_str()),
                ("relation", "colleague"),
                ("offers", "zqxoffers"),
                ("asks", "zqxasks"),
                ("benefit", "zqxbenefit"),
                ("once", "tie-zqx-0001"),
            ],
        ));
        friend.done(&format!("{tie}/answer"), &[("answer", "yes")]);
        let log = |summary, once, with| {
            [
                ("once", once),
                ("with", with),
                ("channel", "line"),
                ("answered", "mutual"),
                ("date", "2026-01-02"),
                ("summary", summary),
                ("outcome", "help"),
            ]
        };
        person.done("/ties/log", &log("zqxsummary", "log-zqx-0001", other.as_str()));
        friend.done("/ties/log", &log("โทรหา Zqxnick แล้ว", "log-fr-00001", me.as_str()));
        let report = [("once", "report-zqx1"), ("words", "zqxreport")];
        assert_eq!(person.post(&format!("/joining/report/{other}"), &report).status, StatusCode::OK);
        let report = [("once", "report-fr-1"), ("words", "เรื่องของ zqxnick")];
        assert_eq!(friend.post(&format!("/joining/report/{me}"), &report).status, StatusCode::OK);
        person.done("/joining/invite", &[("once", "invite-zqx1"), ("message", "zqxmessage")]);
        person.post("/joining/settings/tokens", &[("label", "zqxlabel"), ("write", "1")]);
        // lists: one brought in that fills them up, one that waits, one that makes a second member who is merged
        let sheet = "\u{feff}ชื่อ-นามสกุล,ชื่อเล่น,หน่วยงาน,บทบาท,จังหวัด,อำเภอ,ตำบล,เบอร์โทร,สิ่งที่ให้ได้,สิ่งที่ต้องการ,ยินยอม\n\
            Zqxname Zqxfamily,Zqxnick,กลุ่มผ้า,zqxrole,เชียงใหม่,สันทราย,,081-234-5679,zqxsheet offer,,ยินยอม\n";
        let import = coordinator.upload("/transfer", "list.csv", sheet.as_bytes()).location.unwrap();
        coordinator.done(&import, &[("do", "write")]);
        let twin = sheet.replace("081-234-5679", "").replace("กลุ่มผ้า", "").replace("zqxrole", "");
        let import = coordinator.upload("/transfer", "twin.csv", twin.as_bytes()).location.unwrap();
        coordinator.done(&import, &[("do", "write")]);
        let page = coordinator.page("/transfer/duplicates");
        let pair = between(&page, "action=\"/transfer/duplicates/", "\"").to_owned();
        coordinator.done(&format!("/transfer/duplicates/{pair}"), &[("same", "yes")]);
        coordinator.upload("/transfer", "waits.csv", sheet.as_bytes());

        let before = left(site);
        for table in [
            "actor",
            "contact_point",
            "membership",
            "intent",
            "reply",
            "tie",
            "contact",
            "concern",
            "notice",
            "invitation",
            "access_token",
            "account_name",
            "journal_before",
            "import",
            "import_upload",
            "indexed",
            "idempotency",
        ] {
            if table == "idempotency" {
                continue;
            }
            assert!(
                before.iter().any(|(found, ..)| found == table),
                "the premise: a marker stands in {table}"
            );
        }
        let erased = person.post("/joining/erase", &[("password", "zqxpassword"), ("sure", "1")]);
        assert_eq!(erased.status, StatusCode::OK);
        let after = left(site);
        let lost: Vec<_> = after
            .iter()
            .filter(|(table, column, _)| {
                !KEPT.iter().any(|(t, c, _)| (t, c) == (&table.as_str(), &column.as_str()))
            })
            .collect();
        assert!(lost.is_empty(), "{lost:#?}");
        let texts: Vec<&str> = after.iter().map(|(.., text)| text.as_str()).collect();
        assert!(texts.contains(&"zqxreply accepted"), "what was agreed to stays with the other: {texts:?}");
        assert!(texts.contains(&"โทรหา Zqxnick แล้ว"), "what the other side wrote stays theirs: {texts:?}");
        for gone in ["zqxreply open", "zqxsummary", "zqxchanged need", "zqxopen need", "zqxsheet offer"] {
            assert!(!texts.contains(&gone), "{gone} is the person's own");
        }
        assert!(friend.page("/ties").contains("อดีตสมาชิก"), "the other side keeps the tie");
        let contacts: i64 = site
            .db
            .read::<_, store::Error>(&Viewer::System("test"), |r| {
                r.one(
                    "SELECT COUNT(*) FROM contact_participant p JOIN contact c ON c.id = p.contact_id",
                    params![],
                )
            })
            .unwrap();
        assert!(contacts >= 4, "that they were in contact stays");
        crate::races::sound(site);
    });
}
