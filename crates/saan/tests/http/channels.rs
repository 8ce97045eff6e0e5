//! Web push and LINE beside the list and letters: a real push endpoint that decrypts, a peer that speaks as LINE's
//! Messaging API does, and what each may and may not be told (RFC 8030, 8291, 8292; LINE Messaging API reference, push
//! message and retrying API requests).

use std::sync::Arc;

use axum::http::StatusCode;
use base64::Engine as _;
use post::{Carrier, Line, LineSettings, Push, Vapid};
use serde_json::{Value, json};
use store::{Error, Micros, Viewer, params};
use testing::device::{Device, sender};
use testing::http::{Peer, Says};
use web::Setup;

use crate::joining::own_id;
use crate::site::{Person, Site, link};

const ORIGIN: &str = "https://saan.example";
const ISSUER: &str = "https://access.line.me";
const USER: &str = "U4af4980629f0000000000000000000a1";

/// An instance with web push and LINE, once on each database.
fn on_site(test: impl Fn(&Site)) {
    testing::on_both(|fresh| {
        saan::demo::plant(&fresh.settings).unwrap();
        let key = Vapid::of(&fresh.open(), ORIGIN).unwrap();
        let setup = Setup {
            public_url: Some(ORIGIN.to_owned()),
            push: Some(key.public()),
            line: Some(ISSUER.to_owned()),
            ..Setup::default()
        };
        test(&Site::with(Arc::new(fresh), setup));
    });
}

fn count(site: &Site, sql: &str) -> i64 {
    site.db.read::<_, Error>(&Viewer::System("test"), |r| r.one(sql, &[])).unwrap()
}

fn subscribe(person: &Person<'_>, peer: &Peer, path: &str, device: &Device) {
    let (endpoint, key, auth) = (format!("{}{path}", peer.origin()), device.p256dh(), device.auth());
    person.done("/notices/devices", &[("endpoint", &endpoint), ("p256dh", &key), ("auth", &auth)]);
}

fn pushes(site: &Site) -> Carrier {
    Carrier::default().with(Arc::new(Push::anywhere(Vapid::of(&site.db, ORIGIN).unwrap())))
}

fn by_line(peer: &Peer) -> Carrier {
    let settings =
        LineSettings { token: "the-token".to_owned(), api: peer.origin(), ..LineSettings::default() };
    Carrier::default().with(Arc::new(Line::new(&settings).unwrap()))
}

fn settings(person: &Person<'_>) -> Value {
    serde_json::from_str(&person.page("/api/v1/notices/settings")).unwrap()
}

/// Chooses by the API what is told at once, by which channel, and whether a locked screen says it.
fn choose(person: &Person<'_>, channel: &str, words: bool) {
    let mut body = settings(person);
    body["choices"] = json!([{ "scope": "default", "channel": channel, "when": "at_once" }]);
    body["words_on_screen"] = json!(words);
    let request = person
        .asks("PUT", "/api/v1/notices/settings")
        .header("content-type", "application/json")
        .body(axum::body::Body::from(body.to_string()))
        .unwrap();
    assert_eq!(person.site.send(request).status, StatusCode::OK);
}

/// The coordinator refers something urgent to the member.
fn refer(site: &Site, title: &str) {
    let sender = site.sign_in("coordinator");
    let to = link(&sender.page("/members"), "แนน").trim_start_matches("/members/").to_owned();
    let once = format!("once-{title}");
    let form = [
        ("once", once.as_str()),
        ("do", "send"),
        ("to", &to),
        ("title", title),
        ("reason", "แผลใหญ่ขึ้น"),
        ("days", "7"),
        ("urgent", "1"),
    ];
    sender.done("/referrals/new", &form);
}

fn write_letters(site: &Site) -> usize {
    let outside = app::notices::Outside { origin: ORIGIN.to_owned(), line: Some(ISSUER.to_owned()) };
    app::notices::write_letters(&site.db, outside, &[]).unwrap()
}

/// Ties the member's account to LINE, as signing in by it does.
fn tie_line(site: &Site) {
    site.db
        .bookkeeping::<_, Error>("test", |w| {
            w.execute(
                "INSERT INTO account_name (kind, name, account_id, confirmed_at) SELECT 'provider', $1, account_id, 1 \
                 FROM account_name WHERE name = 'member'",
                params![format!("{ISSUER} {USER}")],
            )
        })
        .unwrap();
}

#[test]
fn a_push_reaches_the_device_and_nobody_between_reads_it() {
    on_site(|site| {
        let (peer, device) = (Peer::start(&[]), Device::new());
        let member = site.sign_in("member");
        assert!(member.page("/notices/settings").contains("data-subscribe"), "the page offers it");
        subscribe(&member, &peer, "/push/one", &device);
        choose(&member, "push", true);
        refer(site, "แผลกดทับของยายบุญมี");
        assert_eq!(write_letters(site), 1);
        let carrier = pushes(site);
        assert_eq!(carrier.carry(&site.db).unwrap().sent, 1);
        assert_eq!(carrier.carry(&site.db).unwrap().sent, 0, "once");

        let request = peer.requests().pop().unwrap();
        assert_eq!(request.line, "POST /push/one");
        assert_eq!(request.header("content-encoding"), "aes128gcm");
        assert!((1..=259_200).contains(&request.header("ttl").parse::<i64>().unwrap()));
        assert!(request.header("topic").len() == 32 && request.body.len() <= 4096);
        let (claims, key) = sender(&request).unwrap();
        assert_eq!(claims["aud"], peer.origin());
        assert_eq!(claims["sub"], ORIGIN);
        let now = site.db.now().0 / Micros::SECOND;
        assert!((now..=now + 86_400).contains(&claims["exp"].as_i64().unwrap()));
        assert_eq!(Some(key), site.app.house.setup.push, "the key the browser was given");
        assert!(Device::new().open(&request.body).is_none(), "no other device reads it");
        let mut changed = request.body.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert!(device.open(&changed).is_none());

        let shown: Value = serde_json::from_slice(&device.open(&request.body).unwrap()).unwrap();
        assert!(shown["title"].as_str().unwrap().contains("แผลกดทับของยายบุญมี"), "{shown}");
        assert_eq!(shown["body"], "เพราะเลือกให้บอกเรื่องเรื่องที่ส่งต่อกัน บนเครื่องนี้", "why it came");
        let to = shown["url"].as_str().unwrap().strip_prefix(ORIGIN).unwrap();
        assert!(member.get(to).location.unwrap().starts_with("/referrals/ref_"), "it leads to the matter");
        // one tap turns it off, without signing in
        let off = shown["off"][0].as_str().unwrap().strip_prefix(ORIGIN).unwrap().to_owned();
        assert_eq!(site.stranger().post(&off, &[]).status, StatusCode::OK);
        refer(site, "เตียง");
        assert_eq!(write_letters(site), 0);
    });
}

#[test]
fn a_locked_screen_names_nobody_unless_its_owner_allowed_it() {
    on_site(|site| {
        let (peer, device) = (Peer::start(&[]), Device::new());
        let member = site.sign_in("member");
        subscribe(&member, &peer, "/push/one", &device);
        tie_line(site);
        let line = Peer::start(&[Says::Status(200, "", "{}"), Says::Status(200, "", "{}")]);
        for channel in ["push", "line"] {
            choose(&member, channel, false);
            refer(site, &format!("แผลกดทับ {channel}"));
            write_letters(site);
        }
        pushes(site).carry(&site.db).unwrap();
        by_line(&line).carry(&site.db).unwrap();
        site.fresh.clock.advance(Micros::HOUR);
        by_line(&line).carry(&site.db).unwrap();
        let opened = device.open(&peer.requests()[0].body).unwrap();
        let said = String::from_utf8(line.requests()[0].body.clone()).unwrap();
        let shown: Value = serde_json::from_slice(&opened).unwrap();
        assert_eq!(shown["title"], "มี 1 เรื่องถึงคุณ");
        assert_eq!(shown["body"], "เพราะเปิดการแจ้งเตือนบนเครื่องนี้");
        for text in [String::from_utf8(opened).unwrap(), said] {
            assert!(!text.contains("แผล") && !text.contains("พี่ดา") && !text.contains("ส่งต่อ"), "{text}");
            assert!(text.contains("/notices/not_") && text.contains("/notices/off/"), "{text}");
        }
        // the page says so where it is chosen
        assert!(member.page("/notices/settings").contains("name=\"words\""));
    });
}

#[test]
fn what_the_push_service_answers_is_heeded() {
    on_site(|site| {
        let (peer, device) = (Peer::start(&[]), Device::new());
        let carrier = pushes(site);
        let member = site.sign_in("member");
        subscribe(&member, &peer, "/push/one", &device);
        choose(&member, "push", true);
        let state = || -> String {
            let sql = "SELECT state FROM delivery WHERE channel = 'push' ORDER BY id DESC LIMIT 1";
            site.db.read::<_, Error>(&Viewer::System("test"), |r| r.one(sql, &[])).unwrap()
        };
        // it wants to be left alone for half an hour
        peer.will_say(&[Says::Status(429, "retry-after: 1800", ""), Says::Status(503, "", "")]);
        refer(site, "หนึ่ง");
        write_letters(site);
        carrier.carry(&site.db).unwrap();
        site.fresh.clock.advance(29 * Micros::MINUTE);
        carrier.carry(&site.db).unwrap();
        assert_eq!(peer.requests().len(), 1);
        site.fresh.clock.advance(2 * Micros::MINUTE);
        carrier.carry(&site.db).unwrap();
        assert_eq!((peer.requests().len(), state().as_str()), (2, "waiting"), "503: later again");
        site.fresh.clock.advance(Micros::HOUR);
        carrier.carry(&site.db).unwrap();
        assert_eq!((peer.requests().len(), state().as_str()), (3, "sent"));
        let first = &peer.requests()[0];
        assert!(peer.requests().iter().all(|one| one.header("topic") == first.header("topic")));
        assert_ne!(first.body, peer.requests()[1].body, "each try has a key of its own");

        // the connection breaks before an answer: perhaps sent, and not again by itself
        peer.will_say(&[Says::HangsUp]);
        refer(site, "สอง");
        write_letters(site);
        carrier.carry(&site.db).unwrap();
        assert_eq!(state(), "perhaps");
        site.fresh.clock.advance(Micros::HOUR);
        carrier.carry(&site.db).unwrap();
        assert_eq!(peer.requests().len(), 4);
        assert!(site.sign_in("coordinator").page("/administration/letters").contains("Web push"));

        // the device is gone: nothing is written to it any more, and it is no device of the list
        peer.will_say(&[Says::Status(410, "", "")]);
        refer(site, "สาม");
        write_letters(site);
        carrier.carry(&site.db).unwrap();
        assert_eq!(count(site, "SELECT COUNT(*) FROM push_subscription"), 0);
        refer(site, "สี่");
        assert_eq!(write_letters(site), 0);
        for title in ["หนึ่ง", "สอง", "สาม", "สี่"] {
            assert!(member.page("/notices").contains(title), "nothing is lost from the list");
        }
    });
}

#[test]
fn a_device_is_told_as_long_as_its_session_lasts_and_its_owner_wants_it() {
    on_site(|site| {
        let peer = Peer::start(&[]);
        let devices = || count(site, "SELECT COUNT(*) FROM push_subscription");
        let (phone, tablet) = (Device::new(), Device::new());
        let (member, second) = (site.sign_in("member"), site.sign_in("member"));
        subscribe(&member, &peer, "/push/phone", &phone);
        subscribe(&member, &peer, "/push/phone", &phone);
        assert_eq!(devices(), 1, "the same device twice is one");
        subscribe(&second, &peer, "/push/tablet", &tablet);
        choose(&member, "push", true);
        refer(site, "หนึ่ง");
        write_letters(site);
        assert_eq!(pushes(site).carry(&site.db).unwrap().sent, 2, "each device is told");

        // taken back on the page, also after a letter was written and before it left
        refer(site, "สอง");
        write_letters(site);
        let page = second.page("/notices/settings");
        let remove = page.split("action=\"").find(|part| part.starts_with("/notices/devices/psh_")).unwrap();
        let other = site.sign_in("coordinator").post(remove.split('"').next().unwrap(), &[]);
        assert_eq!(other.status, StatusCode::NOT_FOUND, "nobody else's");
        second.done(remove.split('"').next().unwrap(), &[]);
        assert_eq!(devices(), 1);
        assert_eq!(pushes(site).carry(&site.db).unwrap().sent, 1);

        // another account on the same phone takes its place; signing out ends it
        let coordinator = site.sign_in("coordinator");
        subscribe(&coordinator, &peer, "/push/phone", &phone);
        let member_of = "SELECT COUNT(*) FROM push_subscription p JOIN session s ON s.token_hash = p.session_hash \
                         JOIN account_name n ON n.account_id = s.account_id WHERE n.name = 'member'";
        assert!(count(site, member_of) <= 1);
        coordinator.done("/joining/sign-out", &[]);
        assert_eq!(devices(), count(site, member_of));
        site.db.bookkeeping::<_, Error>("test", |w| w.execute("DELETE FROM session", &[])).unwrap();
        assert_eq!(devices(), 0, "with the session, whoever ended it");

        for (endpoint, key, auth) in [
            ("file:///etc/passwd", phone.p256dh(), phone.auth()),
            ("https://push.example/1", "AAAA".to_owned(), phone.auth()),
            ("https://push.example/1", phone.p256dh(), String::new()),
        ] {
            let form = [("endpoint", endpoint), ("p256dh", key.as_str()), ("auth", auth.as_str())];
            assert_eq!(
                site.sign_in("member").post("/notices/devices", &form).status,
                StatusCode::BAD_REQUEST
            );
        }
    });
}

/// Whoever names an address of the operator's own network as their device makes the program ask nothing there.
#[test]
fn an_address_inside_is_not_asked() {
    on_site(|site| {
        let (peer, device) = (Peer::start(&[]), Device::new());
        let member = site.sign_in("member");
        subscribe(&member, &peer, "/push/one", &device);
        choose(&member, "push", true);
        refer(site, "หนึ่ง");
        write_letters(site);
        let carrier = Carrier::default().with(Arc::new(Push::new(Vapid::of(&site.db, ORIGIN).unwrap())));
        carrier.carry(&site.db).unwrap();
        assert!(peer.requests().is_empty());
        assert_eq!(count(site, "SELECT COUNT(*) FROM delivery WHERE state = 'refused'"), 1);
    });
}

#[test]
fn a_message_by_line_is_sent_once_whatever_breaks() {
    on_site(|site| {
        let said = [
            Says::HangsUp,
            Says::Status(
                409,
                "x-line-accepted-request-id: 1",
                "{\"message\":\"The retry key is already accepted\"}",
            ),
            Says::Status(200, "", "{\"sentMessages\":[{\"id\":\"1\"}]}"),
        ];
        let peer = Peer::start(&said);
        let carrier = by_line(&peer);
        let member = site.sign_in("member");
        refer(site, "ศูนย์");
        tie_line(site);
        assert_eq!(write_letters(site), 0, "nobody is written to by LINE who did not choose it");
        choose(&member, "line", true);
        refer(site, "หนึ่ง <ก> & \"ข\"");
        assert_eq!(write_letters(site), 1);
        carrier.carry(&site.db).unwrap();
        site.fresh.clock.advance(Micros::HOUR);
        assert_eq!(carrier.carry(&site.db).unwrap().sent, 1, "LINE had it already, and says so");
        let requests = peer.requests();
        assert_eq!(requests.len(), 2);
        assert_eq!(requests[0].header("x-line-retry-key"), requests[1].header("x-line-retry-key"));
        assert_eq!(requests[0].body, requests[1].body, "the same request, as the reference asks");
        let request = &requests[1];
        assert_eq!(request.line, "POST /v2/bot/message/push");
        assert_eq!(request.header("authorization"), "Bearer the-token");
        assert_eq!(request.header("content-type"), "application/json");
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        assert_eq!(body["to"], USER);
        assert_eq!(body["messages"].as_array().unwrap().len(), 1);
        assert_eq!(body["messages"][0]["type"], "text");
        let text = body["messages"][0]["text"].as_str().unwrap();
        assert!(
            text.contains("หนึ่ง <ก> & \"ข\"") && text.contains("https://saan.example/notices/not_"),
            "{text}"
        );
        assert!(text.contains("ทางข้อความ LINE"), "why it came: {text}");
        let off = text.rsplit_once('\n').unwrap().1.strip_prefix(ORIGIN).unwrap();

        // the program dies while a message is on its way: LINE knows the key, so it is handed over once more
        refer(site, "สอง");
        write_letters(site);
        site.db
            .bookkeeping::<_, Error>("test", |w| {
                w.execute("UPDATE delivery SET state = 'sending' WHERE state = 'waiting'", &[])
            })
            .unwrap();
        assert_eq!(carrier.carry(&site.db).unwrap().sent, 1);
        assert_ne!(peer.requests()[2].header("x-line-retry-key"), request.header("x-line-retry-key"));

        assert_eq!(
            site.stranger().get(off).status,
            StatusCode::OK,
            "LINE looks at links: that turns nothing off"
        );
        assert_eq!(site.stranger().post(off, &[]).status, StatusCode::OK);
        refer(site, "สาม");
        assert_eq!(write_letters(site), 0);
    });
}

#[test]
fn what_line_refuses_is_told_to_the_operator() {
    on_site(|site| {
        let peer = Peer::start(&[
            Says::Status(429, "", "{\"message\":\"You have reached your monthly limit.\"}"),
            Says::Status(400, "", "{\"message\":\"The property, 'to', in the request body is invalid\"}"),
        ]);
        let carrier = by_line(&peer);
        tie_line(site);
        let member = site.sign_in("member");
        assert!(member.page("/notices/settings").contains("name=\"line\""));
        choose(&member, "line", true);
        refer(site, "หนึ่ง");
        write_letters(site);
        carrier.carry(&site.db).unwrap();
        let operator = site.sign_in("coordinator").page("/administration/letters");
        assert!(operator.contains("of this month are used up"), "{operator}");
        assert!(member.page("/notices/settings").contains("ปลายทางไม่รับ"), "and to whom it was for");
        // nobody of that id: nothing is sent there again, and the page says how to be reached once more
        refer(site, "สอง");
        write_letters(site);
        carrier.carry(&site.db).unwrap();
        refer(site, "สาม");
        assert_eq!(write_letters(site), 0);
        assert_eq!(peer.requests().len(), 2);
        assert!(!member.page("/notices/settings").contains("name=\"line\""));
        assert!(member.page("/notices").contains("สาม"));
        // signing in by LINE once more is the way back, and no message of before comes late
        site.db
            .bookkeeping::<_, Error>("test", |w| post::accepts_again(w, &format!("{ISSUER} {USER}")))
            .unwrap();
        assert_eq!(write_letters(site), 0);
        refer(site, "สี่");
        assert_eq!(write_letters(site), 1);
    });
}

/// What LINE says by itself, signed by it: who blocked the account is not written to, and again once they are friends.
#[test]
fn who_blocked_the_account_at_line_is_not_written_to_until_they_are_back() {
    on_site(|site| {
        tie_line(site);
        let settings = LineSettings { secret: "the-secret".to_owned(), ..LineSettings::default() };
        let mut site = Site::with(site.fresh.clone(), (*site.app.house.setup).clone());
        let call = |site: &Site, secret: &str, kind: &str, user: &str, at: Micros| {
            let body = json!({"destination": "U0", "events": [
                {"type": kind, "timestamp": at.0 / 1000, "source": {"type": "user", "userId": user}}]})
            .to_string();
            let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret.as_bytes());
            let signature =
                base64::engine::general_purpose::STANDARD.encode(ring::hmac::sign(&key, body.as_bytes()));
            let request = axum::http::Request::post("/notices/line")
                .header("content-type", "application/json")
                .header("x-line-signature", signature)
                .body(axum::body::Body::from(body))
                .unwrap();
            site.send(request).status
        };
        let now = site.db.now();
        let minutes = |n: i64| now.plus(n * Micros::MINUTE);
        assert_eq!(
            call(&site, "the-secret", "unfollow", USER, now),
            StatusCode::NOT_FOUND,
            "off until a secret is named"
        );
        site.app.webhook = post::Webhook::of(&settings).map(Arc::new);
        let site = &site;
        let member = site.sign_in("member");
        choose(&member, "line", true);
        assert_eq!(call(site, "another", "unfollow", USER, now), StatusCode::FORBIDDEN);
        let offered = || member.page("/notices/settings").contains("name=\"line\"");
        assert!(offered(), "who has not the secret changes nothing");
        assert_eq!(call(site, "the-secret", "unfollow", "Usomebodyelse", now), StatusCode::OK);
        assert!(offered());

        assert_eq!(call(site, "the-secret", "unfollow", USER, now), StatusCode::OK);
        assert!(!offered());
        refer(site, "หนึ่ง");
        assert_eq!(write_letters(site), 0, "and the rest is in the list");
        assert_eq!(call(site, "the-secret", "follow", USER, minutes(-5)), StatusCode::OK);
        assert!(!offered(), "an older word that comes late undoes nothing");
        for _ in 0..2 {
            assert_eq!(call(site, "the-secret", "follow", USER, minutes(5)), StatusCode::OK);
        }
        assert!(offered());
        refer(site, "สอง");
        assert_eq!(write_letters(site), 1);
        let said = count(site, "SELECT COUNT(*) FROM journal WHERE verb LIKE 'notices.line_%'");
        assert_eq!(said, 2, "what changes nothing is not written down");
    });
}

/// One person is named at most once a cycle, by however many channels.
#[test]
fn devices_follow_the_same_choices_as_letters() {
    on_site(|site| {
        let (peer, device) = (Peer::start(&[]), Device::new());
        let member = site.sign_in("member");
        subscribe(&member, &peer, "/push/one", &device);
        let from = own_id(&site.sign_in("coordinator"));
        let mut body = settings(&member);
        body["choices"] = json!([
            { "scope": "default", "channel": "push", "when": "at_once" },
            { "scope": "person", "about": from, "when": "never" }
        ]);
        let request = member
            .asks("PUT", "/api/v1/notices/settings")
            .header("content-type", "application/json")
            .body(axum::body::Body::from(body.to_string()))
            .unwrap();
        assert_eq!(site.send(request).status, StatusCode::OK);
        refer(site, "หนึ่ง");
        assert_eq!(write_letters(site), 0, "the person counts before everything");
        // the page of settings keeps what a topic says of a device
        member.done(
            "/notices/settings",
            &[
                ("email", "weekly"),
                ("push", "daily"),
                ("push-referrals", "never"),
                ("screens", "1"),
                ("words", "1"),
                ("weekday", "1"),
                ("quiet_from", "21:00"),
                ("quiet_until", "07:00"),
                ("zone", "Asia/Bangkok"),
            ],
        );
        let stood = settings(&member);
        assert_eq!(stood["words_on_screen"], true);
        let has = |topic: Value, when: &str| {
            stood["choices"]
                .as_array()
                .unwrap()
                .iter()
                .any(|one| one["channel"] == "push" && one["topic"] == topic && one["when"] == when)
        };
        assert!(has(json!("referrals"), "never") && has(Value::Null, "daily"), "{stood}");
    });
}
