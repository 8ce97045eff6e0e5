//! What a coordinator writes for somebody without an account, and what the API knows of ties, rhythm and words that
//! only pages knew before.

use axum::http::StatusCode;
use serde_json::{Value, json};
use store::{Viewer, params};

use crate::api::Program;
use crate::joining::own_id;
use crate::rhythm::{id_of, tied};
use crate::site::{Person, Reply, Site, on_demo};

/// Somebody without an account, entered by a coordinator, who said yes by phone.
fn somebody(coordinator: &Person<'_>, name: &str, once: &str) -> String {
    let fields = [
        ("once", once),
        ("kind", "person"),
        ("name", name),
        ("capacity", "4"),
        ("visibility", "network"),
        ("phone", "081 234 5678"),
    ];
    coordinator.done("/members/new", &fields).trim_start_matches("/members/").to_owned()
}

fn agrees(coordinator: &Person<'_>, id: &str) {
    coordinator.done(&format!("/joining/unclaimed/{id}/answer"), &[("manner", "phone"), ("answer", "yes")]);
}

/// How many writes of this verb were journalled for somebody with their consent by somebody else.
fn for_them(site: &Site, verb: &str, id: &str) -> i64 {
    let actor: store::ids::ActorId = id.parse().unwrap();
    site.db
        .read(&Viewer::System("test"), |r| {
            r.one(
                "SELECT COUNT(*) FROM journal WHERE verb = $1 AND on_behalf_of = $2 AND actor_id <> $2 \
                 AND consent_id IS NOT NULL",
                params![verb, actor],
            )
        })
        .unwrap()
}

fn made(reply: &Reply) -> Value {
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.body);
    serde_json::from_str(&reply.body).unwrap()
}

#[test]
fn a_coordinator_writes_a_tie_and_a_contact_for_somebody_who_agreed_and_has_no_account() {
    on_demo(|site| {
        let (coordinator, member) = (site.sign_in("coordinator"), site.sign_in("member"));
        let id = somebody(&coordinator, "บัวผัน คำแก้ว", "assist-000001");
        let nan = own_id(&member);
        assert!(!coordinator.page(&format!("/members/{id}")).contains("เขียนแทนสมาชิกคนนี้"), "no consent yet");
        assert_eq!(coordinator.get(&format!("/ties/new?for={id}")).status, StatusCode::FORBIDDEN);
        agrees(&coordinator, &id);
        let page = coordinator.page(&format!("/members/{id}"));
        assert!(page.contains("เขียนแทนสมาชิกคนนี้") && page.contains(&format!("/ties/new?for={id}")));
        assert!(!member.page(&format!("/members/{id}")).contains("เขียนแทนสมาชิกคนนี้"));
        assert!(!coordinator.page(&format!("/members/{nan}")).contains("เขียนแทนสมาชิกคนนี้"), "has an account");

        // whom they mean is looked up, then the same three fields as for oneself
        let found = coordinator.page(&format!("/ties/new?for={id}&q=แนน"));
        assert!(found.contains(&format!("/ties/new?for={id}&amp;with={nan}")));
        let form = [
            ("once", "assist-000002"),
            ("for", id.as_str()),
            ("with", nan.as_str()),
            ("offers", "สอนจักสาน"),
            ("relation", "neighbour"),
        ];
        assert_eq!(member.post("/ties/new", &form).status, StatusCode::FORBIDDEN);
        let tie = coordinator.done("/ties/new", &form);
        assert_eq!(coordinator.done("/ties/new", &form), tie, "a second tap makes nothing");
        assert_eq!(for_them(site, "ties.propose", &id), 1);
        assert!(member.page("/today").contains("สอนจักสาน"));
        member.done(&format!("{tie}/answer"), &[("answer", "yes")]);
        assert!(member.page("/ties").contains("บัวผัน"), "the tie is hers, not the coordinator's");
        assert!(!coordinator.page("/ties").contains("บัวผัน"));

        let date = app::dates::day(site.db.now()).to_string();
        let log = [
            ("once", "assist-000003"),
            ("for", id.as_str()),
            ("with", nan.as_str()),
            ("channel", "visit"),
            ("answered", "mutual"),
            ("outcome", "learning"),
            ("date", date.as_str()),
            ("summary", "ไปเรียนจักสานที่บ้าน"),
        ];
        assert_eq!(member.post("/ties/log", &log).status, StatusCode::FORBIDDEN);
        coordinator.done("/ties/log", &log);
        assert_eq!(for_them(site, "ties.log", &id), 1);
        assert!(member.page(&tie).contains("ไปเรียนจักสานที่บ้าน"));
    });
}

#[test]
fn a_program_of_a_coordinator_writes_for_them_and_nobody_elses_does() {
    on_demo(|site| {
        let (coordinator, member) = (site.sign_in("coordinator"), site.sign_in("member"));
        let (program, other) = (Program::of(site, &coordinator, true), Program::of(site, &member, true));
        let id = somebody(&coordinator, "บัวผัน คำแก้ว", "assist-000001");
        let tie = json!({"for": id, "object": own_id(&member), "relation": "knows", "offers": "สอนจักสาน"});
        assert_eq!(program.send("POST", "/api/v1/ties", Some(&tie), None).status, StatusCode::FORBIDDEN);
        agrees(&coordinator, &id);
        assert_eq!(other.send("POST", "/api/v1/ties", Some(&tie), None).status, StatusCode::FORBIDDEN);
        let tie = made(&program.send("POST", "/api/v1/ties", Some(&tie), None));
        assert_eq!(tie["subject"], id.as_str());
        let contact = json!({"for": id, "with": [own_id(&member)], "channel": "phone", "summary": "นัดวันสอน"});
        assert_eq!(
            other.send("POST", "/api/v1/ties/contacts", Some(&contact), None).status,
            StatusCode::FORBIDDEN
        );
        made(&program.send("POST", "/api/v1/ties/contacts", Some(&contact), None));
        assert_eq!((for_them(site, "ties.propose", &id), for_them(site, "ties.log", &id)), (1, 1));
        // somebody with an account writes for themselves
        let mine = json!({"for": own_id(&member), "with": [id], "channel": "phone"});
        assert_eq!(
            program.send("POST", "/api/v1/ties/contacts", Some(&mine), None).status,
            StatusCode::FORBIDDEN
        );

        // the other way: a member proposes, the coordinator asks by phone and writes the answer down
        let second = somebody(&coordinator, "คำปัน ใจดี", "assist-000004");
        agrees(&coordinator, &second);
        let tie = json!({"object": second, "relation": "knows", "offers": "สอนวัดความดัน"});
        let tie = made(&other.send("POST", "/api/v1/ties", Some(&tie), None));
        let path = format!("/api/v1/ties/{}", tie["id"].as_str().unwrap());
        let yes = json!({"yes": true});
        let recorded = format!("{path}/recorded");
        assert_eq!(other.send("POST", &recorded, Some(&yes), None).status, StatusCode::FORBIDDEN);
        assert_eq!(program.send("POST", &recorded, Some(&yes), None).status, StatusCode::NO_CONTENT);
        assert_eq!(other.get(&path)["state"], "confirmed");
        assert_eq!(for_them(site, "ties.record_answer", &second), 1);
    });
}

#[test]
fn a_program_keeps_a_note_and_corrects_a_contact_that_its_person_wrote() {
    on_demo(|site| {
        let (nan, da) = (id_of(site, "member"), id_of(site, "coordinator"));
        tied(site, nan, da);
        let (one, other) = (site.sign_in("member"), site.sign_in("coordinator"));
        let (one, other) = (Program::of(site, &one, true), Program::of(site, &other, true));
        let tie = one.get("/api/v1/ties")["ties"][0]["id"].as_str().unwrap().to_owned();
        let note = format!("/api/v1/ties/{tie}/note");
        let words = json!({"words": "ชอบคุยตอนเย็น"});
        assert_eq!(one.send("PUT", &note, Some(&words), None).status, StatusCode::NO_CONTENT);
        assert_eq!(one.get(&note), words);
        assert_eq!(other.get(&note)["words"], "", "each side has its own");
        let stranger = Program::of(site, &site.sign_in("supporter"), true);
        assert_eq!(stranger.send("GET", &note, None, None).status, StatusCode::NOT_FOUND);
        assert_eq!(stranger.send("PUT", &note, Some(&words), None).status, StatusCode::NOT_FOUND);
        assert_eq!(one.get("/api/v1/ties/rule")["stewards"], 0, "a person answers alone");
        let rule = json!({"stewards": 2});
        assert_eq!(one.send("PUT", "/api/v1/ties/rule", Some(&rule), None).status, StatusCode::FORBIDDEN);

        let contact = json!({"with": [da.to_string()], "channel": "phone", "summary": "โทรคุย"});
        let id = made(&one.send("POST", "/api/v1/ties/contacts", Some(&contact), None))["id"].clone();
        let path = format!("/api/v1/ties/contacts/{}", id.as_str().unwrap());
        let before = one.get(&path);
        assert_eq!(before["who"], json!([nan.to_string(), da.to_string()]));
        let more = json!({"with": [], "channel": "visit", "summary": "แวะไปหาที่บ้าน", "outcome": "help"});
        assert_eq!(other.send("PUT", &path, Some(&more), None).status, StatusCode::NOT_FOUND, "not theirs");
        assert_eq!(one.send("PUT", &path, Some(&more), None).status, StatusCode::NO_CONTENT);
        let after = one.get(&path);
        assert_eq!((&after["channel"], &after["summary"]), (&json!("visit"), &json!("แวะไปหาที่บ้าน")));
        assert_eq!((&after["at"], &after["who"]), (&before["at"], &before["who"]), "when and who stay");
        let late = json!({"with": [], "channel": "visit", "at": "2100-01-01T00:00:00Z"});
        assert_eq!(
            one.send("PUT", &path, Some(&late), None).status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "not in the future"
        );
    });
}

#[test]
fn a_program_sets_labels_the_networks_rhythm_and_how_people_come_in() {
    on_demo(|site| {
        let (nan, da) = (id_of(site, "member"), id_of(site, "coordinator"));
        tied(site, nan, da);
        let (member, coordinator) = (site.sign_in("member"), site.sign_in("coordinator"));
        let (program, leads) = (Program::of(site, &member, true), Program::of(site, &coordinator, true));
        let label = json!({"name": "คนสนิท", "ideal_days": 7, "max_days": 14, "weight": 1.5});
        let label = made(&program.send("POST", "/api/v1/rhythm/labels", Some(&label), None));
        let care = program.get("/api/v1/rhythm")["rhythms"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/rhythm/{care}/labels");
        let given = json!({"labels": [label["id"]]});
        assert_eq!(program.send("PUT", &path, Some(&given), None).status, StatusCode::NO_CONTENT);
        assert_eq!(program.get(&path), given);
        let rhythm = program.get(&format!("/api/v1/rhythm/{care}"));
        assert_eq!((&rhythm["ideal_days"], &rhythm["source"]), (&json!(7), &json!("label")));
        let strange = json!({"labels": ["lab_0000000000004"]});
        assert_eq!(program.send("PUT", &path, Some(&strange), None).status, StatusCode::UNPROCESSABLE_ENTITY);
        let gone = format!("/api/v1/rhythm/labels/{}", label["id"].as_str().unwrap());
        assert_eq!(leads.send("DELETE", &gone, None, None).status, StatusCode::NOT_FOUND, "not theirs");
        assert_eq!(program.send("DELETE", &gone, None, None).status, StatusCode::NO_CONTENT);
        assert_eq!(program.get("/api/v1/rhythm/labels")["labels"], json!([]));

        let zone = json!({"zone": "Asia/Tokyo"});
        assert_eq!(
            program.send("PUT", "/api/v1/rhythm/zone", Some(&zone), None).status,
            StatusCode::NO_CONTENT
        );
        assert_eq!(program.get("/api/v1/rhythm/zone"), zone);
        let suggested = json!({"ideal_days": 20, "max_days": 40, "rests_from": "0401", "rests_to": "0430"});
        let path = "/api/v1/rhythm/defaults";
        assert_eq!(program.send("PUT", path, Some(&suggested), None).status, StatusCode::FORBIDDEN);
        assert_eq!(leads.send("PUT", path, Some(&suggested), None).status, StatusCode::NO_CONTENT);
        assert_eq!(leads.get(path)["suggestions"][0]["rests_from"], "0401");
        assert_eq!(program.get(&format!("/api/v1/rhythm/{care}"))["ideal_days"], 20);
        let wrong = json!({"rests_from": "1332", "rests_to": "0430"});
        assert_eq!(leads.send("PUT", path, Some(&wrong), None).status, StatusCode::UNPROCESSABLE_ENTITY);

        let how = json!({"joining": "invitation"});
        let path = "/api/v1/administration/joining";
        assert_eq!(program.send("PUT", path, Some(&how), None).status, StatusCode::FORBIDDEN);
        assert_eq!(leads.send("PUT", path, Some(&how), None).status, StatusCode::NO_CONTENT);
        assert_eq!(leads.get(path), how);
        let network = leads.get("/api/v1/networks")["networks"][0].clone();
        let path = format!("/api/v1/networks/{}", network["id"].as_str().unwrap());
        let change = json!({"name": "เครือข่ายใหม่", "about": "ดูแลกัน", "version": network["version"]});
        assert_eq!(program.send("PUT", &path, Some(&change), None).status, StatusCode::FORBIDDEN);
        assert_eq!(leads.send("PUT", &path, Some(&change), None).status, StatusCode::OK);
        assert_eq!(leads.send("PUT", &path, Some(&change), None).status, StatusCode::CONFLICT);
        assert!(member.page("/networks").contains("เครือข่ายใหม่"));
        assert_eq!(
            program.send("GET", "/api/v1/administration/letters", None, None).status,
            StatusCode::FORBIDDEN
        );
    });
}

#[test]
fn a_program_tells_everybody_takes_words_back_and_stands_up_for_somebody_no_more() {
    on_demo(|site| {
        let (nan, da) = (id_of(site, "member"), id_of(site, "coordinator"));
        tied(site, nan, da);
        let (member, coordinator) = (site.sign_in("member"), site.sign_in("coordinator"));
        let (program, leads) = (Program::of(site, &member, true), Program::of(site, &coordinator, true));
        let words = json!({"words": "ประชุมวันเสาร์"});
        let told = "/api/v1/words/network";
        assert_eq!(program.send("POST", told, Some(&words), None).status, StatusCode::FORBIDDEN);
        let word = made(&leads.send("POST", told, Some(&words), None));
        let seen = program.get(told);
        assert_eq!(seen["words"][0]["word"]["words"], "ประชุมวันเสาร์");
        assert_eq!(
            (&seen["words"][0]["could"], &leads.get(told)["words"][0]["did"]),
            (&Value::Null, &json!(0))
        );
        let own = format!("/api/v1/words/at/{}", word["id"].as_str().unwrap());
        assert_eq!(program.send("DELETE", &own, None, None).status, StatusCode::NOT_FOUND, "not theirs");
        assert_eq!(leads.send("DELETE", &own, None, None).status, StatusCode::NO_CONTENT);
        assert_eq!(program.get(told)["words"], json!([]));
        let vouch = json!({"category": "legal.debt", "words": "ทำแผลเก่ง"});
        let path = format!("/api/v1/members/{nan}/vouches");
        let help = json!({"with": [nan.to_string()], "channel": "visit", "outcome": "help"});
        made(&leads.send("POST", "/api/v1/ties/contacts", Some(&help), None));
        let id = made(&leads.send("POST", &path, Some(&vouch), None))["id"].as_str().unwrap().to_owned();
        let one = format!("/api/v1/vouches/{id}");
        assert_eq!(program.send("DELETE", &one, None, None).status, StatusCode::NOT_FOUND, "not theirs");
        assert_eq!(leads.send("DELETE", &one, None, None).status, StatusCode::NO_CONTENT);
        assert_eq!(program.get(&path)["vouches"], json!([]));
        assert_eq!(program.send("GET", "/api/v1/promises/rings", None, None).status, StatusCode::FORBIDDEN);
        assert_eq!(leads.get("/api/v1/promises/rings")["rings"], json!([]));
        let thing = json!({"kind": "thing", "title": "เต็นท์"});
        let thing = made(&program.send("POST", "/api/v1/resources", Some(&thing), None));
        let path = format!("/api/v1/resources/{}", thing["id"].as_str().unwrap());
        assert_eq!(program.send("DELETE", &path, None, None).status, StatusCode::NO_CONTENT);
        assert!(!program.get("/api/v1/resources").to_string().contains("เต็นท์"));
    });
}
