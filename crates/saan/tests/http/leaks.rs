//! Markers stand in everything that is somebody's own; every page anybody can reach is read as every role; no marker
//! shows where it must not (trap 3, D3).

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use app::{giving, members};
use axum::http::StatusCode;
use network::vocabulary::{ActorKind, Consent, MembershipState, Role, Side, Visibility};
use store::ids::{ActorId, IntentId};
use store::journal::{Act, Entry};
use store::{Acting, Error, Writing, audience, params};

use crate::joining::own_id;
use crate::policy::routes;
use crate::site::{Person, Site, on_demo};

const ROLES: [&str; 4] = ["stranger", "member", "supporter", "coordinator"];

/// A marker and the roles that may meet it.
const MARKERS: [(&str, &[&str]); 30] = [
    ("MARKPENDING", &["coordinator"]),
    ("MARKREFUSED", &["coordinator"]),
    ("MARKHIDDEN", &[]),
    ("MARKPHONE", &["member"]),
    ("MARKNEED", &["member"]),
    ("MARKCONCERN", &["member", "coordinator"]),
    ("MARKAPPLICATION", &["coordinator"]),
    ("MARKNOTICE", &["member"]),
    ("MARKBEFORE", &["member"]),
    ("MARKCONTACT", &["member", "coordinator"]),
    ("MARKELSEWHERE", &[]),
    ("MARKINVITATION", &["member"]),
    ("MARKWHY", &["member"]),
    ("MARKLABEL", &["member"]),
    ("MARKSAID", &["member", "coordinator"]),
    ("MARKPAUSE", &[]),
    ("MARKTOKEN", &["member"]),
    // who runs the instance sees where letters went, and nobody what they say
    ("MARKLETTER", &["member", "coordinator"]),
    ("MARKWORDS", &[]),
    ("MARKNOTE", &["member"]),
    ("MARKENTRUSTED", &["member", "coordinator"]),
    // between two, and nobody else's, coordinators included
    ("MARKPROMISE", &["member", "supporter"]),
    ("MARKEXCHANGE", &["member", "supporter"]),
    ("MARKTHANKS", &["member", "supporter"]),
    ("MARKBOOKING", &["member", "supporter"]),
    ("MARKREFERRAL", &["member", "supporter"]),
    ("MARKREPLY", &["member", "supporter"]),
    // on a tie both sides read what each offers and asks, and the coordinators who may have to call one of them
    ("MARKTIE", &["member", "supporter", "coordinator"]),
    // what a list held is its coordinator's
    ("MARKIMPORT", &["coordinator"]),
    // where somebody lives and what they want to be told is theirs
    ("MARKZONE", &["member"]),
];

/// Markers that whoever may meet them meets at these addresses alone: what stood in one's own profile before is among
/// one's own data, and nowhere else.
const ONLY_AT: [(&str, &[&str]); 1] = [("MARKBEFORE", &["/transfer/mine", "/api/v1/transfer/mine"])];

fn person(
    w: &mut Writing<'_>,
    network: ActorId,
    name: &str,
    consent: Option<Consent>,
) -> Result<ActorId, Error> {
    let mut sketch = members::Sketch::named(ActorKind::Person, name);
    sketch.bio = name.to_owned();
    sketch.context_limits = name.to_owned();
    if name == "MARKHIDDEN" {
        sketch.visibility = Visibility::Private;
    }
    let id = members::enter(w, &sketch)?;
    members::join(w, network, id, Role::Member, name, MembershipState::Member)?;
    if let Some(state) = consent {
        members::record_consent(w, id, state, "paper", "")?;
    }
    Ok(id)
}

/// Plants a marker in every private place; answers the addresses somebody might guess.
pub fn plant(site: &Site) -> Vec<String> {
    let parse = |id: String| id.parse::<ActorId>().unwrap();
    let member = parse(own_id(&site.sign_in("member")));
    let coordinator = parse(own_id(&site.sign_in("coordinator")));
    let supporter = parse(own_id(&site.sign_in("supporter")));
    site.db
        .write(&Acting::system("test"), |w| {
            let network: ActorId = w.one("SELECT id FROM actor WHERE kind = 'network'", &[])?;
            let mut between = Vec::new();
            let account: i64 = w.one("SELECT id FROM account WHERE person_id = $1", params![member])?;
            let mut guessed = vec![
                person(w, network, "MARKPENDING", None)?,
                person(w, network, "MARKREFUSED", Some(Consent::Refused))?,
                person(w, network, "MARKHIDDEN", Some(Consent::Given))?,
            ];
            // who brought them must not make them show
            w.execute("UPDATE membership SET invited_by = $1 WHERE part_id <> $1", params![member])?;
            let other = members::enter(w, &members::Sketch::named(ActorKind::Network, "MARKELSEWHERE"))?;
            guessed.extend([other, person(w, other, "MARKELSEWHERE", Some(Consent::Given))?]);
            let now = w.now();
            let mut insert = |table: &str, cells: &[(&str, store::Value)]| {
                let id = w.new_id();
                let mut all = vec![("id", store::Value::Int(id))];
                all.extend_from_slice(cells);
                w.insert(table, &all).map(|()| id)
            };
            let text = |text: &str| store::Value::Text(text.to_owned());
            let int = |n: i64| store::Value::Int(n);
            let point = insert_point(&mut insert, member.0, now.0)?;
            insert(
                "concern",
                &[
                    ("network_id", int(network.0)),
                    ("object_id", int(coordinator.0)),
                    ("by_id", int(member.0)),
                    ("words", text("MARKCONCERN")),
                    ("state", text("open")),
                    ("answer", text("")),
                    ("at", int(now.0)),
                ],
            )?;
            insert(
                "notice",
                &[
                    ("actor_id", int(member.0)),
                    ("kind", text("other")),
                    ("object_id", int(0)),
                    ("words", text("MARKNOTICE")),
                    ("at", int(now.0)),
                ],
            )?;
            let expires = now.plus(store::Micros::DAY).0;
            insert(
                "invitation",
                &[
                    ("token_hash", text("none")),
                    ("token", text("none")),
                    ("network_id", int(network.0)),
                    ("from_id", int(member.0)),
                    ("role", text("member")),
                    ("message", text("MARKINVITATION")),
                    ("opened", int(0)),
                    ("accepted", int(0)),
                    ("state", text("open")),
                    ("created_at", int(now.0)),
                    ("expires_at", int(expires)),
                ],
            )?;
            insert(
                "access_token",
                &[
                    ("token_hash", text("none")),
                    ("account_id", int(account)),
                    ("acting_as", int(member.0)),
                    ("label", text("MARKTOKEN")),
                    ("scopes", text("read")),
                    ("created_at", int(now.0)),
                    ("expires_at", int(expires)),
                ],
            )?;
            w.execute(
                "INSERT INTO telling_hours (actor_id, zone, quiet_from, quiet_until, weekday, next_at) \
                 VALUES ($1, 'MARKZONE', 0, 0, 1, 0)",
                params![member],
            )?;
            let mut letter = post::Letter::new("test", "th", "MARKWORDS");
            letter.paragraphs.push("MARKWORDS".to_owned());
            post::enqueue(w, &letter, &post::To::email("MARKLETTER@example.org").person(member))?;
            w.execute("UPDATE delivery SET state = 'perhaps', detail = ''", &[])?;
            audience::set(w, point, &[audience::own(member)])?;
            let asks = person(w, network, "somebody", Some(Consent::Given))?;
            members::join(w, network, asks, Role::Member, "", MembershipState::Applied)?;
            w.execute(
                "UPDATE membership SET answers = 'MARKAPPLICATION' WHERE whole_id = $1 AND part_id = $2",
                params![network, asks],
            )?;
            app::ties::log(
                w,
                &app::ties::ContactDraft {
                    who: vec![coordinator, member],
                    network: Some(network),
                    at: now,
                    whole_day: true,
                    origin: app::ties::ContactOrigin::Manual,
                    channel: network::vocabulary::Channel::Phone,
                    direction: network::vocabulary::Direction::Mutual,
                    summary: "MARKCONTACT".to_owned(),
                    outcome: network::vocabulary::Outcome::Help,
                },
            )?;
            let written = plant_rhythm(w, network, member, coordinator)?;
            guessed_between(w, network, (member, supporter), &mut between)?;
            let mut draft = giving::Draft::new(Side::Need, "MARKNEED");
            draft.visibility = Some(Visibility::Private);
            let need: IntentId = giving::post(w, member, network, &draft)?;
            // a note on a tie is its writer's alone; a personal need is seen by the one coordinator beside its owner
            let supporter = w.one("SELECT part_id FROM membership WHERE role = 'supporter'", &[])?;
            let tie = app::ties::bind(
                w,
                &app::ties::Bound {
                    subject: member,
                    object: supporter,
                    network: Some(network),
                    relation: network::vocabulary::Relation::Knows,
                    origin: network::vocabulary::TieOrigin::Self_,
                    introduced_by: None,
                    offers: "",
                    asks: "",
                    benefit: "",
                },
            )?;
            w.insert(
                "tie_note",
                &[
                    ("tie_id", store::Value::Int(tie.0)),
                    ("actor_id", store::Value::Int(member.0)),
                    ("words", store::Value::Text("MARKNOTE".to_owned())),
                    ("updated_at", store::Value::Int(now.0)),
                ],
            )?;
            plant_beside(w, (network, account), (member, supporter), tie.0, &mut between)?;
            let mut draft = giving::Draft::new(Side::Need, "MARKENTRUSTED");
            draft.categories = vec!["legal.debt".to_owned()];
            draft.confidant = Some(coordinator);
            let entrusted: IntentId = giving::post(w, member, network, &draft)?;
            widen(w)?;
            w.record(
                &Entry::new(Act::Do, "test.write", member.0).before("bio", Some("MARKBEFORE".to_owned())),
            )?;
            let mut addresses: Vec<String> = guessed
                .iter()
                .flat_map(|id| [format!("/members/{id}"), format!("/api/v1/members/{id}")])
                .collect();
            addresses.extend([format!("/giving/{need}"), format!("/api/v1/giving/{need}")]);
            addresses.extend([format!("/giving/{entrusted}"), format!("/api/v1/giving/{entrusted}")]);
            addresses.extend([format!("/ties/{tie}"), format!("/api/v1/ties/{tie}")]);
            addresses.extend(["json", "vcf", "kumu"].map(|form| format!("/transfer/export/{form}")));
            addresses.push("/api/v1/transfer/mine".to_owned());
            addresses.extend(written);
            addresses.push(format!("/api/v1/networks/{other}"));
            for id in &guessed {
                addresses.extend([format!("/ties/new?with={id}"), format!("/ties/log?with={id}")]);
                addresses.extend([format!("/joining/report/{id}"), format!("/joining/stewards/{id}")]);
            }
            for (marker, _) in MARKERS {
                addresses.extend([format!("/search?q={marker}"), format!("/api/v1/search?q={marker}")]);
                addresses.push(format!("/joining/unclaimed?q={marker}"));
            }
            addresses.append(&mut between);
            w.finished(addresses)
        })
        .unwrap()
}

/// What a member keeps for themselves of a tie, and what the two of it write to each other.
fn plant_rhythm(
    w: &mut Writing<'_>,
    network: ActorId,
    member: ActorId,
    coordinator: ActorId,
) -> Result<Vec<String>, Error> {
    let bound = app::ties::Bound {
        subject: member,
        object: coordinator,
        network: Some(network),
        relation: network::vocabulary::Relation::Colleague,
        origin: network::vocabulary::TieOrigin::Self_,
        introduced_by: None,
        offers: "",
        asks: "",
        benefit: "",
    };
    let tie = app::ties::bind(w, &bound)?;
    let care: i64 =
        w.one("SELECT id FROM care WHERE holder_id = $1 AND other_id = $2", params![member, coordinator])?;
    w.execute("UPDATE care SET why = 'MARKWHY', paused_reason = 'MARKPAUSE' WHERE id = $1", params![care])?;
    let (label, word, now) = (w.new_id(), w.new_id(), w.now());
    w.execute(
        "INSERT INTO label (id, holder_id, name, weight, created_at) VALUES ($1, $2, 'MARKLABEL', 1.0, $3)",
        params![label, member, now],
    )?;
    w.execute("INSERT INTO tie_label (label_id, other_id) VALUES ($1, $2)", params![label, coordinator])?;
    w.execute(
        "INSERT INTO word (id, room, object_id, by_id, person_id, words, at) VALUES ($1, 'tie', $2, $3, $3, 'MARKSAID', $4)",
        params![word, tie, member, now],
    )?;
    let (care, word) = (store::ids::CareId(care), store::ids::WordId(word));
    Ok(vec![
        format!("/ties/{tie}"),
        format!("/words/tie/{tie}"),
        format!("/api/v1/words/tie/{tie}"),
        format!("/rhythm/{care}"),
        format!("/words/at/{word}"),
        format!("/members/{coordinator}"),
        format!("/members/{member}"),
    ])
}

/// A promise, an exchange with private thanks, and a booking between two; the addresses somebody might guess.
fn guessed_between(
    w: &mut Writing<'_>,
    network: ActorId,
    (giver, taker): (ActorId, ActorId),
    addresses: &mut Vec<String>,
) -> Result<(), Error> {
    let fault = |error: &dyn std::fmt::Display| Error::Fault(error.to_string());
    let draft = app::promises::Draft {
        network,
        provider: giver,
        receiver: taker,
        what: "MARKPROMISE".to_owned(),
        due_on: Some(w.now().day(7)),
        intent: None,
    };
    let promise = app::promises::made(w, &draft, None, None)?;
    let draft = app::exchanges::Draft {
        network,
        provider: giver,
        receiver: taker,
        what: "MARKEXCHANGE".to_owned(),
        action: network::vocabulary::ExchangeAction::Work,
        quantity: String::new(),
        effort_minutes: None,
        on_day: w.now().day(7),
        intent: None,
        promise: None,
        benefits: Vec::new(),
    };
    let exchange =
        app::exchanges::record(w, &draft, network::promise::Side::Provider).map_err(|error| fault(&error))?;
    app::exchanges::thank(w, exchange, "MARKTHANKS", app::exchanges::Readers::Us)
        .map_err(|error| fault(&error))?;
    let resource = app::resources::put(
        w,
        network,
        giver,
        &app::resources::Draft {
            kind: network::vocabulary::ResourceKind::Thing,
            title: "ของกลาง".to_owned(),
            text: String::new(),
            category: None,
            quantity: 1,
            condition: network::vocabulary::Condition::Good,
            lendable: true,
            location: String::new(),
        },
    )?;
    let wanted = app::resources::Wanted {
        from: w.now(),
        until: w.now().plus(store::Micros::DAY),
        pieces: 1,
        purpose: "MARKBOOKING".to_owned(),
    };
    let booking = app::resources::book(w, resource, taker, &wanted).map_err(|error| fault(&error))?;
    for path in ["", "/api/v1"] {
        addresses.extend([
            format!("{path}/promises/{promise}"),
            format!("{path}/exchanges/{exchange}"),
            format!("{path}/resources/{resource}"),
        ]);
    }
    addresses.push(format!("/resources/bookings/{booking}"));
    Ok(())
}

/// A referral, a reply, what stands on a tie, a list that was brought in, and how somebody signs in.
fn plant_beside(
    w: &mut Writing<'_>,
    (network, account): (ActorId, i64),
    (member, supporter): (ActorId, ActorId),
    tie: i64,
    addresses: &mut Vec<String>,
) -> Result<(), Error> {
    let (referral, step, reply, import, now) = (w.new_id(), w.new_id(), w.new_id(), w.new_id(), w.now());
    w.execute(
        "INSERT INTO referral (id, network_id, sender_id, receiver_id, subject, title, reason, urgency, state, due_on, reply, \
         feedback_words, secret, created_at, updated_at, version) VALUES ($1, $2, $3, $4, 'question', 'MARKREFERRAL', \
         'MARKREFERRAL', 'whenever', 'requested', 30000, 'MARKREFERRAL', 'MARKREFERRAL', 'none', $5, $5, 1)",
        params![referral, network, member, supporter, now],
    )?;
    audience::set(w, referral, &[audience::own(member), audience::own(supporter)])?;
    w.execute(
        "INSERT INTO referral_step (id, referral_id, at, by_id, step, words) VALUES ($1, $2, $3, $4, 'receive', 'MARKREFERRAL')",
        params![step, referral, now, member],
    )?;
    let need = giving::post(w, member, network, &giving::Draft::new(Side::Need, "ต้องการเก้าอี้"))?;
    w.execute(
        "INSERT INTO reply (id, intent_id, actor_id, words, state, at) VALUES ($1, $2, $3, 'MARKREPLY', 'open', $4)",
        params![reply, need, supporter, now],
    )?;
    w.execute(
        "UPDATE tie SET subject_offers = 'MARKTIE', subject_asks = 'MARKTIE', benefit = 'MARKTIE', object_offers = 'MARKTIE', object_asks = 'MARKTIE', object_benefit = 'MARKTIE', note = 'MARKTIE' WHERE id = $1",
        params![tie],
    )?;
    w.execute(
        "INSERT INTO import (id, network_id, state, files, report, created_at) VALUES ($1, $2, 'done', 'MARKIMPORT', 'MARKIMPORT', $3)",
        params![import, network, now],
    )?;
    w.execute(
        "INSERT INTO passkey (id, account_id, label, credential, created_at) VALUES ('none', $1, 'MARKTOKEN', 'none', $2)",
        params![account, now],
    )?;
    addresses.extend([
        format!("/referrals/ref_{}", store::ids::encode(referral)),
        format!("/api/v1/referrals/ref_{}", store::ids::encode(referral)),
        format!("/giving/{need}"),
        format!("/api/v1/giving/{need}"),
    ]);
    Ok(())
}

/// Every other text of a row that holds a marker holds it, too: who may not read one may not read the others.
fn widen(w: &mut Writing<'_>) -> Result<(), Error> {
    for (table, marked, others) in [
        (
            "actor",
            "name",
            "title profession position other_nicknames aliases card_lines place_words contact_hours context_avoid context_matters",
        ),
        ("contact_point", "shown", "note"),
        ("concern", "words", "answer"),
        ("intent", "text", "available met_note"),
        ("promise", "what", "words"),
        ("exchange", "what", "quantity dispute_words"),
        ("booking", "purpose", "words"),
    ] {
        for column in others.split(' ') {
            w.execute(&format!("UPDATE {table} SET {column} = {marked} WHERE {marked} LIKE 'MARK%'"), &[])?;
        }
    }
    w.execute(
        "UPDATE contact_participant SET words = 'MARKCONTACT' WHERE contact_id IN (SELECT id FROM contact WHERE summary = 'MARKCONTACT')",
        &[],
    )?;
    w.execute(
        "UPDATE consent SET wording = 'MARKREFUSED' WHERE actor_id IN (SELECT id FROM actor WHERE name = 'MARKREFUSED')",
        &[],
    )?;
    Ok(())
}

type Insert<'a> = dyn FnMut(&str, &[(&str, store::Value)]) -> Result<i64, Error> + 'a;

fn insert_point(insert: &mut Insert<'_>, member: i64, now: i64) -> Result<i64, Error> {
    let text = |text: &str| store::Value::Text(text.to_owned());
    insert(
        "contact_point",
        &[
            ("actor_id", store::Value::Int(member)),
            ("kind", text("phone")),
            ("value", text("MARKPHONE")),
            ("shown", text("MARKPHONE")),
            ("note", text("")),
            ("visibility", text("private")),
            ("created_at", store::Value::Int(now)),
        ],
    )
}

/// Reads everything a role can reach: every address without ids, the guessed ones, and whatever the pages link to.
fn crawl(person: &Person<'_>, guessed: &[String]) -> BTreeMap<String, BTreeSet<&'static str>> {
    let mut queue: VecDeque<String> = routes()
        .into_iter()
        .filter(|(path, methods)| methods.contains(&"GET") && !path.contains('{'))
        .map(|(path, _)| path)
        .collect();
    queue.extend(guessed.iter().cloned());
    let mut seen = BTreeSet::new();
    let mut met: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
    while let Some(path) = queue.pop_front() {
        let path = path.replace("&#38;", "&").replace("&amp;", "&");
        let skip = path.starts_with("/assets") || path.starts_with("/language") || path.starts_with("//");
        if skip || seen.len() >= 400 || !seen.insert(path.clone()) {
            continue;
        }
        let reply = person.get(&path);
        assert_ne!(reply.status, StatusCode::INTERNAL_SERVER_ERROR, "{path}");
        // what one typed oneself comes back on the page it was typed into; the API answers with what it found alone
        let typed =
            path.split_once("q=").map_or("", |(_, typed)| typed.split('&').next().unwrap_or_default());
        for (marker, _) in MARKERS {
            let echoed = typed == marker && !path.starts_with("/api/");
            if reply.body.contains(marker) && !echoed {
                met.entry(path.clone()).or_default().insert(marker);
            }
        }
        if !reply.content_type.starts_with("text/html") {
            continue;
        }
        for link in reply.body.split("href=\"/").skip(1) {
            queue.push_back(format!("/{}", link.split('"').next().unwrap_or_default()));
        }
    }
    assert!(seen.len() > 40, "the crawl reads the house: {}", seen.len());
    met
}

#[test]
fn trap_3_no_marker_shows_where_it_must_not() {
    on_demo(|site| {
        let guessed = plant(site);
        let mut shown: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for role in ROLES {
            let person = if role == "stranger" { site.stranger() } else { site.sign_in(role) };
            for (path, markers) in crawl(&person, &guessed) {
                for marker in markers {
                    let (_, allowed) = MARKERS.iter().find(|(known, _)| *known == marker).unwrap();
                    assert!(allowed.contains(&role), "{marker} shows to a {role} at {path}");
                    for (_, places) in ONLY_AT.iter().filter(|(known, _)| *known == marker) {
                        let at = path.split('?').next().unwrap_or_default();
                        let there = places.iter().any(|place| {
                            at.strip_prefix(place)
                                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                        });
                        assert!(there, "{marker} shows to a {role} at {path}");
                    }
                    shown.entry(marker).or_default().insert(role);
                }
            }
        }
        // a crawl that meets nothing would prove nothing: whoever may see, does
        for (marker, allowed) in MARKERS {
            let met: Vec<&str> =
                shown.get(marker).map(|roles| roles.iter().copied().collect()).unwrap_or_default();
            for role in allowed {
                assert!(met.contains(role), "{marker} should show to a {role} somewhere; met by {met:?}");
            }
        }
    });
}
