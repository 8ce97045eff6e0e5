//! Who gets what at every address: each route of the router, asked as a stranger, in each role of a network and as the
//! operator of the instance, who is a plain member besides, compared with the table checked in beside this file. Ids in addresses are of nothing that exists and
//! forms are empty, so 404 and 400 mean "would be let through to look"; a change of the table is seen in review.

use std::fmt::Write as _;

use axum::body::Body;
use axum::http::Request;

use crate::site::{Person, Reply, on_demo};

/// Every address of the router and its methods, read from the router's own text.
pub fn routes() -> Vec<(String, Vec<&'static str>)> {
    let source = include_str!("../../src/server/router.rs");
    let mut found: Vec<(String, Vec<&'static str>)> = Vec::new();
    for part in source.split(".route(").skip(1) {
        let Some((path, rest)) = part.trim_start().trim_start_matches('"').split_once('"') else { continue };
        // up to the parenthesis that closes the call
        let mut depth = 1;
        let end = rest
            .char_indices()
            .find(|(_, c)| {
                depth += i32::from(*c == '(') - i32::from(*c == ')');
                depth == 0
            })
            .map_or(rest.len(), |(at, _)| at);
        let call = &rest[..end];
        let methods = [("GET", "get("), ("POST", "post("), ("PUT", "put("), ("DELETE", "delete(")]
            .into_iter()
            .filter(|(_, word)| call.contains(&format!(" {word}")) || call.contains(&format!(".{word}")))
            .map(|(method, _)| method)
            .collect();
        found.push((path.to_owned(), methods));
    }
    assert!(found.len() > 80, "the router's text is read: {}", found.len());
    found
}

/// An address with ids of nothing that exists.
pub fn filled(path: &str) -> String {
    path.split('/')
        .map(|part| match part {
            "{id}" if path.starts_with("/ties") || path.starts_with("/api/v1/ties") => "tie_0000000000004",
            "{id}" if path.contains("/giving") => "int_0000000000004",
            "{id}" if path.contains("/promises/rings") => "rng_0000000000004",
            "{id}" if path.contains("/promises/reply") => "rep_0000000000004",
            "{id}" if path.contains("/promises") || path.contains("/exchanges/kept") => "prm_0000000000004",
            "{id}" if path.contains("/exchanges") => "exc_0000000000004",
            "{id}" if path.contains("/resources/bookings") => "bok_0000000000004",
            "{id}" if path.contains("/resources") => "res_0000000000004",
            "{id}" if path.contains("/introductions") => "itr_0000000000004",
            "{id}" if path.contains("/invite") => "inv_0000000000004",
            "{id}" if path.contains("/concerns") => "ccn_0000000000004",
            "{id}" if path.contains("/letters") => "dlv_0000000000004",
            "{id}" if path.contains("/tokens") => "tok_0000000000004",
            "{key}" => "AAAA",
            "{id}" if path.contains("/rhythm") => "car_0000000000004",
            "{id}" if path.contains("/contacts") => "con_0000000000004",
            "{contact}" => "con_0000000000004",
            "{word}" => "wrd_0000000000004",
            "{room}" => "tie",
            "{id}" if path.contains("/words/") => "tie_0000000000004",
            "{care}" => "car_0000000000004",
            "{token}" | "{secret}" | "{hash}" => "0000000000000000000000000000000000000000",
            part if part.starts_with('{') => "mem_0000000000004",
            part => part,
        })
        .collect::<Vec<_>>()
        .join("/")
}

fn class(reply: &Reply) -> String {
    match reply.location.as_deref() {
        Some(to) if to.starts_with("/joining/sign-in") => "sign-in".to_owned(),
        _ => reply.status.as_u16().to_string(),
    }
}

fn asked(person: &Person<'_>, method: &str, path: &str) -> String {
    let request = person.asks(method, path);
    let request: Request<Body> = request
        .header(
            "content-type",
            if path.starts_with("/api/") { "application/json" } else { "application/x-www-form-urlencoded" },
        )
        .body(Body::empty())
        .unwrap();
    class(&person.site.send(request))
}

#[test]
fn every_route_lets_in_whom_the_table_says() {
    on_demo(|site| {
        more_accounts(site);
        let mut table = format!("method\troute\tstranger\t{}\n", ROLES.join("\t"));
        for (path, methods) in routes() {
            // the address bar's own matters are no one's right
            if path.starts_with("/assets") {
                continue;
            }
            for method in methods {
                let _ = write!(table, "{method}\t{path}");
                let ends_it = path == "/joining/sign-out";
                let people = roles(site, ends_it);
                for person in &people {
                    let _ = write!(table, "\t{}", asked(person, method, &filled(&path)));
                }
                table.push('\n');
            }
        }
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/http/policy.tsv");
        if std::env::var_os("SAAN_WRITE").is_some() {
            std::fs::write(path, &table).unwrap();
        }
        let checked_in = std::fs::read_to_string(path).unwrap_or_default();
        for (now, then) in table.lines().zip(checked_in.lines()) {
            assert_eq!(now, then, "tests/http/policy.tsv: if this is meant, run this test with SAAN_WRITE=1");
        }
        assert_eq!(table.lines().count(), checked_in.lines().count(), "a route is missing in policy.tsv");
    });
}

thread_local! {
    static COOKIES: std::cell::RefCell<Vec<Option<String>>> = const { std::cell::RefCell::new(Vec::new()) };
}

/// Accounts in the order of the table's columns.
const ROLES: [&str; 6] = ["member", "supporter", "coordinator", "observer", "steward", "operator"];

/// The roles of which the demo has nobody.
fn more_accounts(site: &crate::site::Site) {
    use network::vocabulary::{ActorKind, Consent, MembershipState, Role};
    let nurses = "เครือข่ายพยาบาลวิชาชีพภาคเหนือ";
    let more = [("observer", Role::Observer), ("steward", Role::Steward), ("operator", Role::Member)];
    site.db
        .bookkeeping::<_, store::Error>("test", |w| {
            let network = app::networks::found_by_name(w, nurses)?.unwrap();
            for (name, role) in more {
                let id = app::members::enter(w, &app::members::Sketch::named(ActorKind::Person, name))?;
                app::members::join(w, network, id, role, "", MembershipState::Member)?;
                app::members::record_consent(w, id, Consent::Given, "demo", "")?;
                app::joining::open_account(w, id, name, saan::demo::PASSWORD, name == "operator")?;
            }
            Ok(())
        })
        .unwrap();
}

/// A stranger and one of each role; signed in once for all routes of a site, since a password
/// costs its time, and afresh where the route ends the session.
fn roles(site: &crate::site::Site, afresh: bool) -> Vec<Person<'_>> {
    let sign_all = || {
        let mut people = vec![site.stranger()];
        people.extend(ROLES.map(|name| site.sign_in(name)));
        people
    };
    if afresh {
        return sign_all();
    }
    COOKIES.with_borrow_mut(|cookies| {
        let people: Vec<Person<'_>> = cookies.iter().map(|cookie| site.with_cookie(cookie.clone())).collect();
        if people.len() == ROLES.len() + 1 && people[1].get("/joining/me").status == 200 {
            return people;
        }
        let people = sign_all();
        *cookies = people.iter().map(|person| person.cookie.clone()).collect();
        people
    })
}
