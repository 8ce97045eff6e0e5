//! Two members that are one, and parted again: their rhythm and what they chose to be told go along wholly, and come back.

use std::fmt::Write as _;

use axum::http::StatusCode;
use network::vocabulary::{Channel, Direction};
use store::ids::ActorId;
use store::journal::{Act, Entry};
use store::{Acting, Error, Micros, Viewer, Writing, params};

use crate::joining::own_id;
use crate::races::{at_once, count, sound};
use crate::rhythm::{id_of, newcomer, tied};
use crate::site::{Person, Site, on_demo};

/// Writes as nobody in particular.
fn write(site: &Site, what: impl Fn(&mut Writing<'_>) -> Result<(), Error>) {
    site.db
        .write::<_, Error>(&Acting::system("test"), |w| {
            what(w)?;
            w.done(&Entry::new(Act::Do, "test.write", 0), ())
        })
        .unwrap();
}

/// A coordinator is asked whether these two are one.
fn suspected(site: &Site, one: ActorId, other: ActorId) -> String {
    write(site, |w| {
        let (id, now) = (w.new_id(), w.now());
        w.execute(
            "INSERT INTO likely_duplicate (id, network_id, a_id, b_id, reason, state, at) \
             SELECT $1, id, $2, $3, '', 'open', $4 FROM actor WHERE kind = 'network'",
            params![id, one, other, now],
        )?;
        Ok(())
    });
    let page = site.sign_in("coordinator").page("/transfer/duplicates");
    let id = page.split("action=\"/transfer/duplicates/").nth(1).unwrap().split('"').next().unwrap();
    format!("/transfer/duplicates/{id}")
}

fn undo(coordinator: &Person<'_>) {
    let page = coordinator.page("/transfer/duplicates");
    let undo = page.split("action=\"/transfer/merges/").nth(1).unwrap().split('"').next().unwrap();
    coordinator.done(&format!("/transfer/merges/{undo}"), &[]);
}

/// Every row of a table that says something of the two or of those around them, in one order.
fn rows(site: &Site, sql: &str) -> Vec<String> {
    let viewer = Viewer::System("test");
    site.db.read::<_, Error>(&viewer, |r| r.all::<String>(sql, params![])).unwrap()
}

/// What rhythm and settings are, row by row.
fn all(site: &Site) -> String {
    let mut said = String::new();
    for sql in [
        "SELECT holder_id || ' ' || other_id || ' ' || COALESCE(CAST(ideal_days AS TEXT), '-') || ' ' || \
         COALESCE(CAST(max_days AS TEXT), '-') || ' ' || COALESCE(CAST(snoozed_until AS TEXT), '-') || ' ' || \
         COALESCE(CAST(next_fixed_on AS TEXT), '-') || ' ' || COALESCE(CAST(paused_from AS TEXT), '-') || ' ' || \
         COALESCE(CAST(prompted_on AS TEXT), '-') || ' ' || prompts || ' ' || why || ' ' || paused_reason || ' ' || \
         COALESCE(channel, '-') || ' ' || COALESCE(CAST(delegate_id AS TEXT), '-') || ' ' || \
         COALESCE(CAST(last_touch_on AS TEXT), '-') || ' ' || COALESCE(CAST(ended_on AS TEXT), '-') || ' ' || \
         created_on FROM care ORDER BY holder_id, other_id",
        "SELECT care_id || ' ' || due_on || ' ' || channel || ' ' || state FROM prompt ORDER BY id",
        "SELECT holder_id || ' ' || name FROM label ORDER BY id",
        "SELECT label_id || ' ' || other_id FROM tie_label ORDER BY label_id, other_id",
        "SELECT actor_id || ' ' || scope || ' ' || about_id || ' ' || topic || ' ' || timing FROM telling ORDER BY id",
        "SELECT actor_id || ' ' || zone || ' ' || quiet_from FROM telling_hours ORDER BY actor_id",
        "SELECT actor_id || ' ' || at_once FROM introduction_limit ORDER BY actor_id",
        "SELECT actor_id || ' ' || blocked_id FROM block ORDER BY actor_id, blocked_id",
        "SELECT actor_id || ' ' || tie_id || ' ' || words FROM tie_note ORDER BY tie_id, actor_id",
        "SELECT actor_id || ' ' || kind || ' ' || object_id FROM notice WHERE kind <> 'joining_application' ORDER BY id",
    ] {
        writeln!(said, "{sql}").unwrap();
        for row in rows(site, sql) {
            writeln!(said, "  {row}").unwrap();
        }
    }
    said
}

struct Twins {
    kept: ActorId,
    merged: ActorId,
    nan: ActorId,
    da: ActorId,
}

/// Two that are one, both tied to the member, the younger to the coordinator too; what the younger one says of rhythm and of
/// being told stands in every table that knows such things.
fn twins(site: &Site) -> Twins {
    let (nan, da) = (id_of(site, "member"), id_of(site, "coordinator"));
    let (kept, merged) = (newcomer(site, "มะลิ ดอกขาว"), newcomer(site, "มะลิ ดอกขาวนวล"));
    for one in [kept, merged] {
        tied(site, one, nan);
    }
    tied(site, merged, da);
    write(site, |w| {
        let now = w.now();
        let today = now.day(7);
        let mut contact =
            app::ties::ContactDraft::now(merged, nan, now.plus(-4 * Micros::DAY), Channel::Line);
        contact.direction = Direction::Mutual;
        let logged = app::ties::log(w, &contact)?;
        w.record(&Entry::new(Act::Do, "test.write", logged.0))?;
        // toward the same member: the younger one has a rhythm of her own, is put off, and was reminded
        w.execute(
            "UPDATE care SET ideal_days = 20, max_days = 40, snoozed_until = $3, prompts = 2, prompted_on = $4, \
             why = 'สอนทำขนมกัน', channel = 'phone', next_fixed_on = $5 WHERE holder_id = $1 AND other_id = $2",
            params![merged, nan, today + 14, today - 3, today + 9],
        )?;
        let care: i64 =
            w.one("SELECT id FROM care WHERE holder_id = $1 AND other_id = $2", params![merged, nan])?;
        let id = w.new_id();
        w.execute(
            "INSERT INTO prompt (id, care_id, due_on, channel, state, at) VALUES ($1, $2, $3, 'today', 'shown', $4)",
            params![id, care, today - 3, now],
        )?;
        // and the member put the two off differently
        w.execute(
            "UPDATE care SET snoozed_until = $3, why = 'ถามเรื่องตลาด' WHERE holder_id = $1 AND other_id = $2",
            params![nan, kept, today + 5],
        )?;
        w.execute(
            "UPDATE care SET snoozed_until = $3, why = 'ถามเรื่องร้องเพลง', paused_from = $4, paused_reason = 'หน้านา' \
             WHERE holder_id = $1 AND other_id = $2",
            params![nan, merged, today + 30, today],
        )?;
        for (holder, other) in [(kept, nan), (merged, da), (merged, nan)] {
            let (id, now) = (w.new_id(), w.now());
            let label: Option<i64> =
                w.first("SELECT id FROM label WHERE holder_id = $1 AND name = 'คนสนิท'", params![holder])?;
            if label.is_none() {
                w.execute(
                    "INSERT INTO label (id, holder_id, name, ideal_days, weight, created_at) VALUES ($1, $2, 'คนสนิท', 30, 1, $3)",
                    params![id, holder, now],
                )?;
            }
            w.execute(
                "INSERT INTO tie_label (label_id, other_id) VALUES ($1, $2)",
                params![label.unwrap_or(id), other],
            )?;
        }
        // what she wants to be told and when, what she takes on, whom she blocked, what she noted
        let id = w.new_id();
        w.execute(
            "INSERT INTO telling (id, actor_id, scope, about_id, topic, channel, timing, updated_at) \
             VALUES ($1, $2, 'default', 0, 'rhythm', '', 'never', $3)",
            params![id, merged, now],
        )?;
        w.execute(
            "INSERT INTO telling_hours (actor_id, zone, quiet_from, quiet_until, weekday, next_at) \
             VALUES ($1, 'Asia/Tokyo', 1200, 480, 3, 0)",
            params![merged],
        )?;
        w.execute(
            "INSERT INTO introduction_limit (actor_id, at_once, a_week, to_make, updated_at) VALUES ($1, 0, 0, 0, $2)",
            params![merged, now],
        )?;
        let blocked: ActorId =
            w.one("SELECT person_id FROM account a JOIN account_name n ON n.account_id = a.id WHERE n.name = 'supporter'", params![])?;
        w.execute(
            "INSERT INTO block (actor_id, blocked_id, at) VALUES ($1, $2, $3)",
            params![merged, blocked, now],
        )?;
        let tie: i64 =
            w.one("SELECT id FROM tie WHERE subject_id = $1 AND object_id = $2", params![merged, da])?;
        w.execute(
            "INSERT INTO tie_note (tie_id, actor_id, words, updated_at) VALUES ($1, $2, 'ชอบกาแฟ', $3)",
            params![tie, merged, now],
        )?;
        Ok(())
    });
    Twins { kept, merged, nan, da }
}

#[test]
fn rhythm_and_settings_of_two_that_are_one_go_along_wholly_and_come_back_when_parted() {
    on_demo(|site| {
        let two = twins(site);
        let before = all(site);
        let coordinator = site.sign_in("coordinator");
        let pair = suspected(site, two.kept, two.merged);
        coordinator.done(&pair, &[("same", "yes")]);

        let today = site.db.now().day(7);
        let care = |holder: ActorId, other: ActorId| {
            let viewer = Viewer::System("test");
            site.db
                .read::<(Option<i64>, Option<i64>, Option<i64>, Option<i64>, i64, String, Option<i64>), Error>(&viewer, |r| {
                    r.one(
                        "SELECT ideal_days, snoozed_until, next_fixed_on, prompted_on, prompts, why, last_touch_on FROM care \
                         WHERE holder_id = $1 AND other_id = $2",
                        params![holder, other],
                    )
                })
                .unwrap()
        };
        assert_eq!(
            care(two.kept, two.nan),
            (
                Some(20),
                Some(today + 14),
                Some(today + 9),
                Some(today - 3),
                2,
                "สอนทำขนมกัน".to_owned(),
                Some(today - 4)
            ),
            "what the one did not say, the other did; and the contact counts"
        );
        let mine = care(two.nan, two.kept);
        assert_eq!(
            (mine.1, mine.5.as_str()),
            (Some(today + 30), "ถามเรื่องตลาด"),
            "the later day, and one's own words"
        );
        assert_eq!(mine.6, Some(today - 4));
        care(two.kept, two.da);
        let of = |sql: &str| {
            let viewer = Viewer::System("test");
            site.db.read::<i64, Error>(&viewer, |r| r.one(sql, params![two.kept])).unwrap()
        };
        for (sql, rows) in [
            ("SELECT COUNT(*) FROM prompt p JOIN care c ON c.id = p.care_id WHERE c.holder_id = $1", 1),
            ("SELECT COUNT(*) FROM tie_label t JOIN label l ON l.id = t.label_id WHERE l.holder_id = $1", 2),
            ("SELECT COUNT(*) FROM telling WHERE actor_id = $1", 1),
            ("SELECT COUNT(*) FROM telling_hours WHERE actor_id = $1 AND zone = 'Asia/Tokyo'", 1),
            ("SELECT at_once FROM introduction_limit WHERE actor_id = $1", 0),
            ("SELECT COUNT(*) FROM block WHERE actor_id = $1", 1),
            ("SELECT COUNT(*) FROM tie_note WHERE actor_id = $1", 1),
        ] {
            assert_eq!(of(sql), rows, "{sql}");
        }
        sound(site);

        undo(&coordinator);
        assert_eq!(all(site), before, "each as it was");
        sound(site);
    });
}

#[test]
fn what_was_changed_since_stays_changed_when_two_are_parted() {
    on_demo(|site| {
        let two = twins(site);
        let coordinator = site.sign_in("coordinator");
        coordinator.done(&suspected(site, two.kept, two.merged), &[("same", "yes")]);
        let today = site.db.now().day(7);
        write(site, |w| {
            w.execute(
                "UPDATE care SET snoozed_until = $3, why = 'เรื่องใหม่' WHERE holder_id = $1 AND other_id = $2",
                params![two.kept, two.nan, today + 60],
            )?;
            Ok(())
        });
        undo(&coordinator);
        let viewer = Viewer::System("test");
        let now: (Option<i64>, String, Option<i64>) = site
            .db
            .read::<_, Error>(&viewer, |r| {
                r.one(
                    "SELECT snoozed_until, why, ideal_days FROM care WHERE holder_id = $1 AND other_id = $2",
                    params![two.kept, two.nan],
                )
            })
            .unwrap();
        assert_eq!(now, (Some(today + 60), "เรื่องใหม่".to_owned(), None));
    });
}

/// Of two of whom one signs in, the one who signs in stays; two who both do are not made one by somebody else.
#[test]
fn whoever_signs_in_still_does_after_two_are_made_one() {
    on_demo(|site| {
        let coordinator = site.sign_in("coordinator");
        let (nan, wit) = (id_of(site, "member"), id_of(site, "supporter"));
        let twin = newcomer(site, "นันทิดา ใจงาม");
        // an import may have brought her in before she came: the older one has no account
        write(site, |w| {
            w.execute("UPDATE account SET person_id = $1 WHERE person_id = $2", params![twin, nan])?;
            w.execute("UPDATE actor SET claimed_by = (SELECT a.id FROM account a WHERE a.person_id = $1) WHERE id = $1", params![twin])?;
            w.execute("UPDATE actor SET claimed_by = NULL WHERE id = $1", params![nan])?;
            w.execute("DELETE FROM session WHERE acting_as = $1", params![nan])?;
            Ok(())
        });
        coordinator.done(&suspected(site, nan, twin), &[("same", "yes")]);
        let member = site.sign_in("member");
        assert_eq!(own_id(&member), twin.to_string(), "she comes in as before");
        assert_eq!(member.get("/today").status, StatusCode::OK);
        let said = coordinator.post(&suspected(site, twin, wit), &[("same", "yes")]);
        assert_eq!(said.status, StatusCode::CONFLICT);
        assert!(said.body.contains("ต่างมีบัญชีของตัวเอง"), "{}", said.body);
        assert_eq!(count(site, "SELECT COUNT(*) FROM merge"), 1);
        sound(site);
    });
}

/// Somebody writes down a contact with the one while the two are made one: it is there, once, and moves the one rhythm.
#[test]
fn a_contact_written_while_two_are_made_one_is_not_lost() {
    on_demo(|site| {
        let two = twins(site);
        let (coordinator, member) = (site.sign_in("coordinator"), site.sign_in("member"));
        let pair = suspected(site, two.kept, two.merged);
        let (a, b) = (coordinator.cookie.clone(), member.cookie.clone());
        let merge = |site: &Site| site.with_cookie(a.clone()).post(&pair, &[("same", "yes")]);
        let log = |site: &Site| {
            let fields =
                [("once", "merge-log-01"), ("channel", "phone"), ("answered", "mutual"), ("back", "/today")];
            site.with_cookie(b.clone()).post(&format!("/ties/contact/{}", two.merged), &fields)
        };
        let [merged, logged] = at_once(site, merge, log);
        assert_eq!(merged.status, StatusCode::SEE_OTHER, "{merged:?}");
        assert!(!logged.status.is_server_error(), "{logged:?}");
        let wrote = i64::from(logged.status == StatusCode::SEE_OTHER);
        assert_eq!(
            count(site, "SELECT COUNT(*) FROM contact WHERE channel = 'phone'"),
            wrote,
            "who was told that it is done finds it"
        );
        sound(site);
    });
}
