//! Whatever somebody sends: no route answers with a server error, on no body (issue "Bad input"; trap 13 for doubles).

use axum::body::Body;
use axum::http::StatusCode;

use crate::policy::{filled, routes};
use crate::site::{Person, on_demo};

/// Addresses whose ids are of something there is, of something there is not, of another kind, and of nothing.
fn addresses(path: &str, there: &str) -> Vec<String> {
    let with = |id: &str| {
        let parts = path.split('/').map(|part| if part.starts_with('{') { id } else { part });
        parts.collect::<Vec<_>>().join("/")
    };
    let mut all = vec![filled(path)];
    if path.contains('{') {
        all.extend([
            with(there),
            with("mem_zzzzzzzzzzzzzz"),
            with("-9223372036854775808"),
            with("%00%FF%FE"),
            with("%E0%B8%81".repeat(300).as_str()),
        ]);
    }
    all
}

fn forms(there: &str) -> Vec<Vec<u8>> {
    let long = "ก".repeat(60_000);
    let names = [
        "once",
        "name",
        "nickname",
        "password",
        "login",
        "text",
        "side",
        "kind",
        "with",
        "date",
        "from",
        "until",
        "offers",
        "words",
        "message",
        "answer",
        "version",
        "capacity",
        "province",
        "visibility",
        "consent",
        "role",
        "same",
        "do",
        "heading",
        "column",
        "categories",
        "label",
        "write",
        "lang",
        "manner",
        "who",
        "person",
        "for",
        "asked",
        "ends",
        "phone",
        "email",
        "line",
        "summary",
        "channel",
        "relation",
        "by",
        "a",
        "b",
        "how",
        "sure",
        "old",
        "about",
        "purpose",
        "undo",
        "confidant",
    ];
    let all = |value: &str| -> Vec<u8> {
        let pairs = names.iter().map(|name| (*name, value));
        form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish().into_bytes()
    };
    vec![
        Vec::new(),
        b"\xff\xfe\x00=\xc3\x28&text=\xe0\xb8&name=\xed\xa0\x80".to_vec(),
        b"text=%ED%A0%80&name=%FF&once=%00%00%00%00%00%00%00%00".to_vec(),
        all("\u{0}\u{202e}\u{200b}\u{feff}"),
        all(there),
        all("-9223372036854775808"),
        all("99999999999999999999"),
        all("2569-13-45"),
        format!("text={long}&name={long}&words={long}").into_bytes(),
        vec![b'&'; 50_000],
    ]
}

fn jsons(there: &str) -> Vec<Vec<u8>> {
    let deep = format!("{}{}", "[".repeat(2_000), "]".repeat(2_000));
    vec![
        Vec::new(),
        b"{}".to_vec(),
        b"[]".to_vec(),
        b"null".to_vec(),
        b"{\"text\":\"\xff\xfe\"}".to_vec(),
        b"{\"text\":\"\\ud800\",\"side\":\"need\"}".to_vec(),
        deep.into_bytes(),
        format!("{{\"side\":\"offer\",\"text\":\"{}\"}}", "ก".repeat(60_000)).into_bytes(),
        format!(
            "{{\"side\":\"need\",\"text\":\"\\u0000\",\"kind\":\"person\",\"name\":\"\\u0000\",\"object\":\"{there}\",\
             \"relation\":\"knows\",\"offers\":\"\\u0000\",\"yes\":true,\"same\":true,\"words\":\"\\u0000\",\
             \"version\":-1,\"member\":\"{there}\",\"with\":\"{there}\",\"channel\":\"line\",\"at\":\"-9999-01-01\",\
             \"starts_on\":\"9999-12-31\",\"ends_on\":\"0000-01-01\",\"capacity\":-9223372036854775808,\
             \"message\":\"\\u0000\",\"columns\":{{\"\\u0000\":\"\"}},\"state\":\"given\",\"role\":\"member\",\
             \"network\":\"{there}\",\"a\":\"{there}\",\"b\":\"{there}\",\"visibility\":\"network\"}}"
        )
        .into_bytes(),
    ]
}

fn send(person: &Person<'_>, method: &str, path: &str, kind: &str, body: &[u8]) -> StatusCode {
    let Ok(request) = person.asks(method, path).header("content-type", kind).body(Body::from(body.to_vec()))
    else {
        // an address no client can send
        return StatusCode::BAD_REQUEST;
    };
    let reply = person.site.send(request);
    assert!(
        !reply.status.is_server_error(),
        "{method} {path} with {}: {} {}",
        String::from_utf8_lossy(&body.iter().copied().take(80).collect::<Vec<_>>()),
        reply.status,
        reply.body.chars().take(300).collect::<String>()
    );
    reply.status
}

/// Ends the session, or leads out of the house: asked by hand elsewhere.
const NOT_HERE: [&str; 1] = ["/joining/sign-out"];

fn everything(person: &Person<'_>, there: &str) -> usize {
    let mut sent = 0;
    for (path, methods) in routes() {
        if NOT_HERE.contains(&path.as_str()) {
            continue;
        }
        let api = path.starts_with("/api/");
        for method in methods {
            for address in addresses(&path, there) {
                if method == "GET" {
                    for query in [
                        "",
                        "?q=%FF%00&before=%00&after=zzz.%FF&side=x&province='&for=%FF&with=-1&cursor=%E0",
                    ] {
                        send(person, method, &format!("{address}{query}"), "text/plain", b"");
                        sent += 1;
                    }
                    continue;
                }
                let (kind, bodies) = if api {
                    ("application/json", jsons(there))
                } else {
                    ("application/x-www-form-urlencoded", forms(there))
                };
                // one address is asked with every body, the odd ones with two
                let few = if address == filled(&path) || address.contains(there) { bodies.len() } else { 1 };
                for body in bodies.iter().rev().take(few) {
                    send(person, method, &address, kind, body);
                    sent += 1;
                }
                if few > 1 {
                    send(person, method, &address, "multipart/form-data; boundary=x", b"--x\r\nnothing");
                    sent += 1;
                }
            }
        }
    }
    sent
}

#[test]
fn no_body_and_no_address_makes_a_server_error() {
    on_demo(|site| {
        // who may do the most reads the most; what another role may not do is refused before it is read
        let person = site.sign_in("coordinator");
        let there = crate::joining::own_id(&site.sign_in("supporter"));
        let sent = everything(&person, &there);
        assert!(sent > 1_000, "the crawl asks the house: {sent}");
    });
}

#[test]
fn what_is_larger_than_a_form_is_refused_as_too_large() {
    on_demo(|site| {
        let person = site.sign_in("coordinator");
        let body = vec![b'a'; 300 * 1024];
        for (path, kind) in [
            ("/giving/new", "application/x-www-form-urlencoded"),
            ("/members/new", "application/x-www-form-urlencoded"),
            ("/api/v1/giving", "application/json"),
            ("/api/v1/members", "application/json"),
        ] {
            let status = send(&person, "POST", path, kind, &body);
            assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
        }
    });
}
