use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};

use crate::joining::{between, own_id};
use crate::site::{Person, Reply, Site, on_demo};

/// A program with a token.
pub struct Program<'a> {
    pub site: &'a Site,
    pub token: String,
}

impl<'a> Program<'a> {
    /// The token is made on the settings page, as a person would.
    pub fn of(site: &'a Site, person: &Person<'_>, writes: bool) -> Self {
        let fields = [("label", "test"), ("write", if writes { "1" } else { "" })];
        let page = person.post("/joining/settings/tokens", &fields);
        let token = between(&page.body, "<code>", "</code>").to_owned();
        assert!(token.starts_with("saan_"), "the token is shown once");
        assert!(!person.page("/joining/settings").contains(&token), "and never again");
        Self { site, token }
    }

    pub fn send(&self, method: &str, path: &str, body: Option<&Value>, key: Option<&str>) -> Reply {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "saan.test")
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.site.send(request.body(body).unwrap())
    }

    pub fn get(&self, path: &str) -> Value {
        let reply = self.send("GET", path, None, None);
        assert_eq!(reply.status, StatusCode::OK, "{path}: {}", reply.body);
        serde_json::from_str(&reply.body).unwrap()
    }
}

pub fn problem(reply: &Reply) -> Value {
    assert_eq!(reply.content_type, "application/problem+json", "{}", reply.body);
    let body: Value = serde_json::from_str(&reply.body).unwrap();
    assert_eq!(body["status"], u64::from(reply.status.as_u16()));
    assert!(body["title"].as_str().is_some_and(|title| !title.is_empty()));
    body
}

#[test]
fn the_description_checked_in_is_the_one_served() {
    let served = serde_json::to_string_pretty(&saan::server::openapi::document()).unwrap() + "\n";
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
    if std::env::var_os("SAAN_WRITE").is_some() {
        std::fs::write(path, &served).unwrap();
    }
    let checked_in = std::fs::read_to_string(path).unwrap_or_default();
    assert!(checked_in == served, "docs/openapi.json is not up to date: run this test with SAAN_WRITE=1");
    let document: Value = serde_json::from_str(&served).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    // every address of the router is described, and none but those
    let mut described: Vec<&str> =
        document["paths"].as_object().unwrap().keys().map(String::as_str).collect();
    let mut routed: Vec<String> = crate::policy::routes()
        .into_iter()
        .map(|(path, _)| path)
        .filter(|path| path.starts_with("/api/") && path != "/api/v1/openapi.json")
        .collect();
    routed.dedup();
    routed.sort();
    described.sort_unstable();
    assert_eq!(described, routed);
}

#[test]
fn a_token_opens_what_its_scopes_say_and_no_page() {
    on_demo(|site| {
        let member = site.sign_in("member");
        let reads = Program::of(site, &member, false);
        let me = reads.get("/api/v1/joining/me");
        assert_eq!(me["scopes"], "read");
        assert_eq!(me["acting_name"], "แนน");
        let invitation = json!({"message": "มาด้วยกัน"});
        let reply = reads.send("POST", "/api/v1/joining/invitations", Some(&invitation), None);
        assert_eq!(reply.status, StatusCode::FORBIDDEN);
        assert_eq!(problem(&reply)["type"], "/problems/scope");
        assert_eq!(reads.send("GET", "/joining/settings", None, None).status, StatusCode::FORBIDDEN);

        let writes = Program::of(site, &member, true);
        let reply = writes.send("POST", "/api/v1/joining/invitations", Some(&invitation), None);
        assert_eq!(reply.status, StatusCode::CREATED);
        assert_eq!(writes.send("POST", "/joining/erase", None, None).status, StatusCode::FORBIDDEN);

        let revoke =
            between(&member.page("/joining/settings"), "action=\"/joining/settings/tokens/tok", "\"")
                .to_owned();
        member.done(&format!("/joining/settings/tokens/tok{revoke}"), &[]);
        let last = writes.send("GET", "/api/v1/joining/me", None, None);
        assert_eq!(last.status, StatusCode::UNAUTHORIZED, "the newest stands first and was revoked");
        problem(&last);
        reads.get("/api/v1/joining/me");
    });
}

#[test]
fn a_request_with_a_key_is_done_once() {
    on_demo(|site| {
        let program = Program::of(site, &site.sign_in("coordinator"), true);
        let group = json!({"kind": "group", "name": "กลุ่มอาสาแม่ริม", "province": "TH-50"});
        let first = program.send("POST", "/api/v1/members", Some(&group), Some("key-1"));
        assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
        let second = program.send("POST", "/api/v1/members", Some(&group), Some("key-1"));
        assert_eq!((second.status, &second.body), (StatusCode::CREATED, &first.body));
        let other = json!({"kind": "group", "name": "กลุ่มอื่น"});
        let reply = program.send("POST", "/api/v1/members", Some(&other), Some("key-1"));
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(problem(&reply)["type"], "/problems/idempotency-key");
        // what failed lets its key go, so that the corrected request may carry it
        let wrong = json!({"kind": "group", "name": ""});
        assert_eq!(
            problem(&program.send("POST", "/api/v1/members", Some(&wrong), Some("key-2")))["field"],
            "name"
        );
        assert_eq!(
            program.send("POST", "/api/v1/members", Some(&other), Some("key-2")).status,
            StatusCode::CREATED
        );
        let groups = program.get("/api/v1/members?kind=group");
        assert_eq!(groups["members"].as_array().unwrap().len(), 2);
    });
}

#[test]
fn a_list_pages_by_cursor_and_shows_each_once() {
    on_demo(|site| {
        let program = Program::of(site, &site.sign_in("coordinator"), true);
        for n in 0..53 {
            let group = json!({"kind": "group", "name": format!("กลุ่มที่ {n:02}")});
            let reply = program.send("POST", "/api/v1/members", Some(&group), None);
            assert_eq!(reply.status, StatusCode::CREATED);
        }
        let mut seen = Vec::new();
        let mut path = "/api/v1/members".to_owned();
        loop {
            let page = program.get(&path);
            seen.extend(
                page["members"].as_array().unwrap().iter().map(|m| m["id"].as_str().unwrap().to_owned()),
            );
            let Some(next) = page["next"].as_str() else { break };
            path = format!(
                "/api/v1/members?after={}",
                form_urlencoded::byte_serialize(next.as_bytes()).collect::<String>()
            );
        }
        assert_eq!(seen.len(), 56, "three persons and fifty-three groups");
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 56);
    });
}

#[test]
fn a_change_on_an_old_version_is_refused_and_only_ones_own_may_be_changed() {
    on_demo(|site| {
        let member = site.sign_in("member");
        let program = Program::of(site, &member, true);
        let path = format!("/api/v1/members/{}", own_id(&member));
        let before = program.get(&path);
        let change =
            json!({"name": "นันทิดา ใจงาม", "nickname": "แนน", "bio": "ดูแลแผล", "version": before["version"]});
        let reply = program.send("PUT", &path, Some(&change), None);
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
        assert_eq!(program.get(&path)["bio"], "ดูแลแผล");
        let reply = program.send("PUT", &path, Some(&change), None);
        assert_eq!(reply.status, StatusCode::CONFLICT);
        assert_eq!(problem(&reply)["type"], "/problems/changed");
        let other = format!("/api/v1/members/{}", own_id(&site.sign_in("supporter")));
        assert_eq!(program.send("PUT", &other, Some(&change), None).status, StatusCode::FORBIDDEN);
        let unread = program.send("POST", "/api/v1/ties", Some(&json!({"object": 7})), None);
        assert!(unread.status.is_client_error());
        problem(&unread);
    });
}

#[test]
fn a_tie_is_proposed_and_answered_by_programs() {
    on_demo(|site| {
        let (coordinator, member) = (site.sign_in("coordinator"), site.sign_in("member"));
        let (proposer, other) = (Program::of(site, &coordinator, true), Program::of(site, &member, true));
        let tie = json!({"object": own_id(&member), "relation": "colleague", "offers": "สอนทำแผล"});
        let made = proposer.send("POST", "/api/v1/ties", Some(&tie), None);
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        let id = serde_json::from_str::<Value>(&made.body).unwrap()["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/ties/{id}");
        let supporter = Program::of(site, &site.sign_in("supporter"), true);
        assert_eq!(supporter.send("GET", &path, None, None).status, StatusCode::NOT_FOUND);
        let answered = other.send("POST", &format!("{path}/answer"), Some(&json!({"yes": true})), None);
        assert_eq!(answered.status, StatusCode::NO_CONTENT);
        assert_eq!(proposer.get(&path)["state"], "confirmed");
        assert_eq!(proposer.get("/api/v1/networks")["networks"][0]["people"], 3);
        assert_eq!(proposer.get("/api/v1/introductions")["introductions"], json!([]));
    });
}

#[test]
fn requests_are_counted_by_route_and_not_by_address() {
    let metrics = saan::server::metrics::Metrics::default();
    let counted = axum::Router::new()
        .route("/members/{id}", axum::routing::get(async || "ok"))
        .layer(axum::middleware::from_fn_with_state(metrics.clone(), saan::server::metrics::count));
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        use tower::ServiceExt as _;
        for path in ["/members/mem_1", "/members/mem_2", "/no/such", "/none/either"] {
            let request = Request::builder().uri(path).body(Body::empty()).unwrap();
            counted.clone().oneshot(request).await.unwrap();
        }
    });
    let text = metrics.text((3, 1));
    assert!(
        text.contains("saan_requests_count{method=\"GET\",route=\"/members/{id}\",status=\"2xx\"} 2\n"),
        "{text}"
    );
    assert!(text.contains("saan_requests_count{method=\"GET\",route=\"none\",status=\"4xx\"} 2\n"), "{text}");
    assert!(text.contains(
        "saan_requests_bucket{method=\"GET\",route=\"/members/{id}\",status=\"2xx\",le=\"+Inf\"} 2\n"
    ));
    assert!(text.contains("saan_jobs{state=\"waiting\"} 3\n") && !text.contains("mem_1"));
}

#[test]
fn a_program_acts_for_a_group_that_named_its_person_and_for_no_other() {
    on_demo(|site| {
        let (coordinator, member) = (site.sign_in("coordinator"), site.sign_in("member"));
        let at = coordinator.done(
            "/members/new",
            &[
                ("once", "new-group-001"),
                ("kind", "group"),
                ("name", "กลุ่มแม่บ้าน"),
                ("visibility", "network"),
                ("capacity", "4"),
            ],
        );
        let group = at.split('?').next().unwrap().rsplit('/').next().unwrap().to_owned();
        let program = Program::of(site, &member, true);
        let asked = |as_whom: &str| {
            let request = Request::builder()
                .uri("/api/v1/joining/me")
                .header(header::HOST, "saan.test")
                .header(header::AUTHORIZATION, format!("Bearer {}", program.token))
                .header("act-as", as_whom);
            site.send(request.body(Body::empty()).unwrap())
        };
        assert_eq!(asked(&group).status, StatusCode::FORBIDDEN, "not theirs to speak for");
        assert_eq!(asked("mem_zzz").status, StatusCode::FORBIDDEN, "nobody");
        coordinator.done(&format!("/joining/stewards/{group}"), &[("person", own_id(&member).as_str())]);
        let reply = asked(&group);
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
        let me: Value = serde_json::from_str(&reply.body).unwrap();
        assert_eq!(
            (me["acting_as"].as_str(), me["acting_name"].as_str()),
            (Some(group.as_str()), Some("กลุ่มแม่บ้าน"))
        );
    });
}

#[test]
fn a_program_changes_renews_withdraws_and_ends_what_it_posted() {
    on_demo(|site| {
        let program = Program::of(site, &site.sign_in("member"), true);
        let need = json!({"side": "need", "text": "ขอคนช่วยขนของย้ายสำนักงาน"});
        let made = program.send("POST", "/api/v1/giving", Some(&need), Some("need-once-1"));
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        let again = program.send("POST", "/api/v1/giving", Some(&need), Some("need-once-1"));
        assert_eq!(again.body, made.body, "once for a key");
        let card: Value = serde_json::from_str(&made.body).unwrap();
        let path = format!("/api/v1/giving/{}", card["id"].as_str().unwrap());
        let change = json!({"version": card["version"], "side": "need", "text": "ขอคนช่วยขนโต๊ะ"});
        assert_eq!(program.send("PUT", &path, Some(&change), None).status, StatusCode::OK);
        assert_eq!(program.send("PUT", &path, Some(&change), None).status, StatusCode::CONFLICT);
        for (act, state) in [("renew", "open"), ("withdraw", "withdrawn"), ("reopen", "open")] {
            let reply = program.send("POST", &format!("{path}/{act}"), None, None);
            let card: Value = serde_json::from_str(&reply.body).unwrap();
            assert_eq!((reply.status, card["state"].as_str()), (StatusCode::OK, Some(state)), "{act}");
        }
        let met = program.send("POST", &format!("{path}/met"), Some(&json!({"note": "เพื่อนช่วยแล้ว"})), None);
        assert_eq!(serde_json::from_str::<Value>(&met.body).unwrap()["state"], "fulfilled");
        let other = Program::of(site, &site.sign_in("supporter"), true);
        assert_eq!(other.send("POST", &format!("{path}/withdraw"), None, None).status, StatusCode::NOT_FOUND);
        assert!(program.get("/api/v1/notices")["notices"].is_array());
        assert!(program.get("/api/v1/transfer/mine")["offers_and_needs"][0]["title"].is_string());
        assert_eq!(
            other.send("GET", "/api/v1/administration/concerns", None, None).status,
            StatusCode::FORBIDDEN
        );
    });
}

#[test]
fn a_program_reads_problems_in_its_language_and_which_field_they_mean() {
    on_demo(|site| {
        let program = Program::of(site, &site.sign_in("member"), true);
        let ask = |language: &str, path: &str| {
            let request = Request::builder()
                .uri(path)
                .header(header::HOST, "saan.test")
                .header(header::AUTHORIZATION, format!("Bearer {}", program.token))
                .header(header::ACCEPT_LANGUAGE, language);
            site.send(request.body(Body::empty()).unwrap())
        };
        let title = |language: &str| problem(&ask(language, "/api/v1/members/nobody"))["title"].clone();
        assert_eq!(title("en-US,en;q=0.9"), "There is no such page, or you may not see it yet");
        assert_eq!(title("th"), "ไม่พบหน้านี้ หรือยังไม่มีสิทธิ์ดู");
        assert_eq!(title("fr, th;q=0.4, en;q=0.6"), title("en"));

        let lacking = program.send("POST", "/api/v1/giving", Some(&json!({"text": "ข้าว"})), None);
        assert_eq!(
            (lacking.status, &problem(&lacking)["field"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!("side"))
        );
        let group = json!({"kind": "group", "name": 5});
        let wrong = program.send("POST", "/api/v1/members", Some(&group), None);
        assert_eq!(problem(&wrong)["field"], "name");
    });
}

#[test]
fn a_parameter_nobody_reads_is_refused_by_name() {
    on_demo(|site| {
        let program = Program::of(site, &site.sign_in("member"), false);
        for (path, name) in [
            ("/api/v1/members?cursor=zzz", "cursor"),
            ("/api/v1/joining/me?side=zzz", "side"),
            ("/api/v1/giving?side=need&befor=1", "befor"),
        ] {
            let reply = program.send("GET", path, None, None);
            assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{path}");
            let problem = problem(&reply);
            assert_eq!(
                (&problem["type"], &problem["field"]),
                (&json!("/problems/unknown-parameter"), &json!(name))
            );
        }
        for (path, name) in [
            ("/api/v1/giving?side=zzz", "side"),
            ("/api/v1/giving?before=zzz", "before"),
            ("/api/v1/members?after=zzz", "after"),
            ("/api/v1/members?kind=zzz", "kind"),
            ("/api/v1/search?q=a&kind=zzz", "kind"),
            ("/api/v1/ties?before=zzz", "before"),
            ("/api/v1/notices?before=zzz", "before"),
        ] {
            let reply = program.send("GET", path, None, None);
            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: {}", reply.body);
            assert_eq!(problem(&reply)["field"], name, "{path}");
        }
        program.get("/api/v1/giving?side=need&before=");
    });
}

#[test]
fn today_and_the_gatherings_of_a_network_are_there_for_programs() {
    on_demo(|site| {
        let coordinator = site.sign_in("coordinator");
        let calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:one@x\r\n\
                        DTSTART:20261201T030000Z\r\nSUMMARY:ประชุมเดือนธันวา\r\nLOCATION:วัดป่าแดด\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        let sheet = "ชื่อ-นามสกุล,เบอร์โทร\nสมศรี น้ำใส,0812345678\n";
        for (name, text) in [("x.ics", calendar), ("x.csv", sheet)] {
            let import = coordinator.upload("/transfer", name, text.as_bytes()).location.unwrap();
            coordinator.done(&import, &[("do", "write")]);
        }
        let program = Program::of(site, &coordinator, false);
        let network = program.get("/api/v1/networks")["networks"][0]["id"].as_str().unwrap().to_owned();
        let found = program.get(&format!("/api/v1/networks/{network}/gatherings"));
        let first = &found["gatherings"][0];
        assert_eq!(first["title"], "ประชุมเดือนธันวา");
        assert_eq!(
            (&first["starts_at"], &first["place"]),
            (&json!("2026-12-01T03:00:00Z"), &json!("วัดป่าแดด"))
        );

        let today = program.get("/api/v1/today");
        let cards = today["cards"].as_array().unwrap();
        let consent = cards.iter().find(|card| card["link"] == "/members?pending=1");
        let consent = consent.unwrap_or_else(|| panic!("who did not consent yet is work for today: {today}"));
        assert_eq!((&consent["act"]["kind"], &consent["rank"]), (&json!("look"), &json!(3)));
        let page = coordinator.page("/today");
        for card in cards {
            assert!(page.contains(card["link"].as_str().unwrap()), "{card} is not on the page");
        }
    });
}

#[test]
fn who_tries_too_often_is_told_when_to_try_again() {
    on_demo(|site| {
        let wrong = [("name", "member"), ("password", "not this one")];
        for _ in 0..10 {
            let reply = site.stranger().post("/joining/sign-in", &wrong);
            assert_ne!(reply.status, StatusCode::TOO_MANY_REQUESTS);
            site.fresh.clock.advance(store::Micros::MINUTE);
        }
        let reply = site.stranger().post("/joining/sign-in", &wrong);
        assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS);
        // the first of the ten was ten minutes ago
        assert_eq!(reply.headers[header::RETRY_AFTER], "300");
        // the right one does not help before the time is over, and does after it
        let right = [("name", "member"), ("password", saan::demo::PASSWORD)];
        assert_eq!(site.stranger().post("/joining/sign-in", &right).status, StatusCode::TOO_MANY_REQUESTS);
        site.fresh.clock.advance(299 * 1_000_000);
        let reply = site.stranger().post("/joining/sign-in", &right);
        assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(reply.headers[header::RETRY_AFTER], "1");
        site.fresh.clock.advance(1_000_000);
        assert_eq!(site.stranger().post("/joining/sign-in", &right).status, StatusCode::SEE_OTHER);
    });
}

#[test]
fn a_program_reads_and_writes_all_of_a_member() {
    on_demo(|site| {
        let program = Program::of(site, &site.sign_in("coordinator"), true);
        let sent = json!({"kind": "group", "name": "กลุ่มทอผ้า", "email": "Weave@Example.org", "line": "weave01",
            "contact_hours": "หลังสี่โมงเย็น", "capacity_a_month": 7, "size_band": "10-49", "context_limits": "มีเด็กเล็ก",
            "context_avoid": "โทรดึก", "context_matters": "ตรงเวลา", "may_be_suggested": false});
        let made = program.send("POST", "/api/v1/members", Some(&sent), None);
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        let made: Value = serde_json::from_str(&made.body).unwrap();
        for field in [
            "contact_hours",
            "capacity_a_month",
            "size_band",
            "context_limits",
            "context_avoid",
            "context_matters",
            "may_be_suggested",
        ] {
            assert_eq!(made[field], sent[field], "{field}");
        }
        let points = made["contact_points"].as_array().unwrap();
        for (kind, value) in [("email", "weave@example.org"), ("line", "weave01")] {
            assert!(points.contains(&json!({"kind": kind, "value": value})), "{points:?}");
        }
        // what is not sent stays
        let path = format!("/api/v1/members/{}", made["id"].as_str().unwrap());
        let less = json!({"name": "กลุ่มทอผ้าบ้านดอน", "version": made["version"]});
        assert_eq!(program.send("PUT", &path, Some(&less), None).status, StatusCode::OK);
        let after = program.get(&path);
        assert_eq!(
            (&after["size_band"], &after["context_avoid"]),
            (&sent["size_band"], &sent["context_avoid"])
        );
        for (field, value) in
            [("size_band", json!("many")), ("capacity_a_month", json!(100)), ("email", json!("nobody"))]
        {
            let mut wrong = json!({"kind": "group", "name": "กลุ่มอื่น"});
            wrong[field] = value;
            assert_eq!(problem(&program.send("POST", "/api/v1/members", Some(&wrong), None))["field"], field);
        }
    });
}
