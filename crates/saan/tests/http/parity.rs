//! What a page can do the API can do, too, and what it answers is what its description says.

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::{Value, json};

use crate::api::{Program, problem};
use crate::policy::{filled, routes};
use crate::site::{Reply, Site, on_demo};

/// What a page can do and the API cannot, and why not.
const PAGES_ALONE: &[(&str, &str)] = &[
    ("/joining/with/", "a person signs in by another service, a program has a token"),
    ("/joining/link/", "a person ties another service by the link in a letter"),
    ("/notices/line", "LINE calls it, with its own signature"),
    ("/notices/off/", "whoever holds the letter, without an account"),
    ("/joining/sign-in", "a person signs in, a program has a token"),
    ("/joining/sign-out", "a token is revoked, not signed out"),
    ("/joining/act-as/", "the header Act-As"),
    ("/joining/i/", "a newcomer's own form, with what they agree to"),
    ("/joining/ask/", "a newcomer's own form, with what they agree to"),
    ("/joining/unclaimed/{id}/code", "a secret on paper, handed over by a person"),
    ("/joining/unclaimed/{id}/consent", "a sheet to be printed"),
    ("/joining/c", "a newcomer's own form"),
    ("/joining/consent/", "the person's own answer by their link"),
    ("/joining/erase", "a token must not be able to erase its person"),
    ("/joining/settings/language", "a request says its language itself"),
    ("/joining/settings/password", "a token must not be able to change a password"),
    ("/joining/settings/sessions", "a token must not be able to end a person's sessions"),
    ("/joining/settings/tokens", "a token must not be able to make another"),
    ("/joining/reset", "a person sets a password anew, a program has a token"),
    ("/joining/passkey", "a person signs in, a program has a token"),
    ("/joining/email", "a person proves an address by its link"),
    ("/joining/access", "a token must not be able to change how a person signs in"),
    ("/joining/stewards/", "whom a group trusts to speak for it is said by a person"),
    ("/joining/setup/", "the first operator's own form"),
    ("/giving/suggest", "chips while somebody writes"),
    ("/notices/devices", "a device is allowed by its own browser, for its session"),
    ("/calendar", "a secret address outlives the token that would make it"),
];

/// Where the API names a thing otherwise than the page does.
const NAMED: &[(&str, &str)] = &[
    ("/introductions/new", "/api/v1/introductions"),
    ("/introductions/offer", "/api/v1/introductions"),
    ("/ties/log", "/api/v1/ties/contacts"),
    ("/ties/contact/{member}", "/api/v1/ties/contacts"),
    ("/ties/contacts/{contact}/undo", "/api/v1/ties/contacts/{id}"),
    ("/notices/settings/about/{id}", "/api/v1/notices/settings"),
    ("/notices/settings/choices/{choice}/remove", "/api/v1/notices/settings"),
    ("/joining/invite", "/api/v1/joining/invitations"),
    ("/joining/invite/{id}/withdraw", "/api/v1/joining/invitations/{id}"),
    ("/joining/unclaimed/{id}/answer", "/api/v1/administration/members/{id}/consent"),
    ("/joining/leave/{network}", "/api/v1/joining/leave"),
    ("/joining/block/{member}", "/api/v1/joining/blocks/{member}"),
    ("/joining/report/{object}", "/api/v1/joining/reports"),
    ("/joining/settings/visibility", "/api/v1/joining/visibility"),
    ("/administration/applications/{person}/accept", "/api/v1/administration/applications/{person}"),
    ("/administration/applications/{person}/decline", "/api/v1/administration/applications/{person}"),
    ("/administration/members/{id}/remove", "/api/v1/administration/members/{id}"),
    ("/members/new", "/api/v1/members"),
    ("/members/{id}/edit", "/api/v1/members/{id}"),
    ("/introductions/{id}/pair-again", "/api/v1/introductions/not-these/{id}"),
    ("/ties/new", "/api/v1/ties"),
    ("/giving/new", "/api/v1/giving"),
    ("/giving/{id}/edit", "/api/v1/giving/{id}"),
    ("/giving/{id}/reply", "/api/v1/giving/{id}/replies"),
    ("/transfer", "/api/v1/transfer/imports"),
    ("/transfer/{id}", "/api/v1/transfer/imports/{id}/confirm"),
    ("/transfer/{id}/undo", "/api/v1/transfer/imports/{id}/undo"),
    ("/transfer/duplicates/{id}", "/api/v1/transfer/duplicates/{id}"),
    ("/transfer/merges/{id}/undo", "/api/v1/transfer/merges/{id}/undo"),
    ("/notices/read", "/api/v1/notices/read"),
    ("/networks/edit", "/api/v1/networks/{id}"),
    ("/ties/contacts/{contact}", "/api/v1/ties/contacts/{id}"),
    ("/rhythm/default", "/api/v1/rhythm/defaults"),
    ("/rhythm/{care}/cadence", "/api/v1/rhythm/{id}"),
    ("/rhythm/{care}/next", "/api/v1/rhythm/{id}"),
    ("/rhythm/{care}/settle", "/api/v1/rhythm/{id}/settle"),
    ("/rhythm/{care}/labels", "/api/v1/rhythm/{id}/labels"),
    ("/words/at/{word}/undo", "/api/v1/words/at/{word}"),
    ("/vouches/{member}", "/api/v1/members/{id}/vouches"),
    ("/vouches/{member}/undo", "/api/v1/vouches/{id}"),
    ("/referrals/new", "/api/v1/referrals"),
    ("/referrals/{id}/consent", "/api/v1/referrals/{id}/step"),
    ("/referrals/{id}/pass-on", "/api/v1/referrals/{id}/step"),
    ("/promises/new", "/api/v1/promises"),
    ("/promises/rings/{id}/answer", "/api/v1/promises/rings/{id}"),
    ("/promises/reply/{id}", "/api/v1/promises/replies/{id}"),
    ("/promises/{id}/day", "/api/v1/promises/{id}/{act}"),
    ("/exchanges/new", "/api/v1/exchanges"),
    ("/exchanges/kept/{id}", "/api/v1/exchanges"),
    ("/exchanges/{id}/confirm", "/api/v1/exchanges/{id}/{act}"),
    ("/exchanges/{id}/dispute", "/api/v1/exchanges/{id}/{act}"),
    ("/exchanges/{id}/gained", "/api/v1/exchanges/{id}/{act}"),
    ("/exchanges/{id}/helped", "/api/v1/exchanges/{id}/{act}"),
    ("/exchanges/{id}/thanks", "/api/v1/exchanges/{id}/{act}"),
    ("/resources/new", "/api/v1/resources"),
    ("/resources/{id}/edit", "/api/v1/resources/{id}"),
    ("/resources/{id}/gone", "/api/v1/resources/{id}"),
    ("/resources/{id}/book", "/api/v1/resources/{id}/bookings"),
    ("/resources/bookings/{id}/answer", "/api/v1/resources/bookings/{id}/{step}"),
];

/// What the API does not do yet; each line is a hole to be closed, and none may be added without being seen here.
const HOLES: &[&str] = &[];

#[test]
fn what_a_page_does_the_api_does_or_says_why_not() {
    let routes = routes();
    let written = |path: &str| {
        routes.iter().any(|(known, methods)| {
            known == path && methods.iter().any(|method| matches!(*method, "POST" | "PUT" | "DELETE"))
        })
    };
    let mut missing = Vec::new();
    for (path, methods) in &routes {
        if !methods.contains(&"POST") || path.starts_with("/api/") {
            continue;
        }
        let named = NAMED.iter().find(|(page, _)| page == path).map(|(_, api)| (*api).to_owned());
        let alone = named.is_none()
            && PAGES_ALONE.iter().any(|(begin, why)| path.starts_with(begin) && !why.is_empty());
        let api = named.unwrap_or_else(|| format!("/api/v1{path}"));
        if !alone && !written(&api) && !HOLES.contains(&path.as_str()) {
            missing.push(path.clone());
        }
    }
    assert!(missing.is_empty(), "no API for {missing:?}");
    // a reason or a name for a page that is gone would hide the next hole
    for (page, _) in NAMED {
        assert!(routes.iter().any(|(path, _)| path == page), "{page} is no page");
    }
    for (begin, _) in PAGES_ALONE {
        assert!(routes.iter().any(|(path, _)| path.starts_with(begin)), "{begin} is no page");
    }
}

/// Whether a value is what a schema of the description says: as much of JSON Schema as those of problems use.
fn fits(value: &Value, schema: &Value) -> Result<(), String> {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let wanted = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        one => vec![one.as_str().ok_or("a schema without a type")?],
    };
    if !wanted.contains(&kind) {
        return Err(format!("{value} is {kind}, not {wanted:?}"));
    }
    if let (Some(least), Some(number)) = (schema["minimum"].as_f64(), value.as_f64())
        && number < least
    {
        return Err(format!("{number} is less than {least}"));
    }
    let Some(object) = value.as_object() else { return Ok(()) };
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if !object.contains_key(name) {
            return Err(format!("{name} is missing"));
        }
    }
    for (name, value) in object {
        let known = schema["properties"].get(name).ok_or_else(|| format!("{name} is not described"))?;
        fits(value, known).map_err(|why| format!("{name}: {why}"))?;
    }
    Ok(())
}

/// Every operation of the description: method, address, what is said of it.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if operation["responses"].is_object() {
                found.push((method.to_uppercase(), path.clone(), operation.clone()));
            }
        }
    }
    assert!(found.len() > 100, "{}", found.len());
    found
}

#[test]
fn every_operation_names_its_errors_and_their_body() {
    let document = serde_json::to_value(saan::server::openapi::document()).unwrap();
    for (method, path, operation) in operations(&document) {
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.contains_key("401") && responses.contains_key("503"), "{method} {path}");
        assert!(!path.contains('{') || responses.contains_key("404"), "{method} {path}");
        for (status, response) in responses.iter().filter(|(status, _)| status.starts_with(['4', '5'])) {
            let shared =
                response["$ref"].as_str().and_then(|name| document.pointer(name.trim_start_matches('#')));
            let response = shared.unwrap_or(response);
            let body = &response["content"]["application/problem+json"]["schema"]["$ref"];
            assert_eq!(body, "#/components/schemas/Problem", "{method} {path} {status}");
            assert!(!response["description"].as_str().unwrap().is_empty(), "{method} {path} {status}");
        }
        for parameter in path.split('/').filter_map(|part| part.strip_prefix('{')) {
            let name = parameter.trim_end_matches('}');
            let named = operation["parameters"].as_array().is_some_and(|all| {
                all.iter().any(|one| one["name"] == name && one["in"] == "path" && one["required"] == true)
            });
            assert!(named, "{method} {path} does not describe {name}");
        }
    }
}

#[test]
fn schemas_of_two_features_do_not_take_one_name() {
    let mut named = std::collections::BTreeMap::new();
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../app/src");
    let mut folders = vec![std::path::PathBuf::from(root)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap_or_default();
            for part in source.split("ToSchema)]").skip(1) {
                let Some((_, rest)) = part.split_once("pub struct ") else { continue };
                let name: String = rest.chars().take_while(|c| c.is_alphanumeric()).collect();
                if let Some(other) = named.insert(name.clone(), path.clone()) {
                    panic!("{name} of {} and of {}", path.display(), other.display());
                }
            }
        }
    }
    assert!(named.len() > 60, "{}", named.len());
}

fn ask(site: &Site, token: Option<&str>, method: &str, path: &str, body: &'static str) -> Reply {
    let mut request = Request::builder().method(method).uri(path).header(header::HOST, "saan.test");
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    if !body.is_empty() {
        request = request.header(header::CONTENT_TYPE, "application/json");
    }
    site.send(request.body(Body::from(body)).unwrap())
}

#[test]
fn what_goes_wrong_at_every_address_is_what_the_description_says() {
    on_demo(|site| {
        let document = serde_json::to_value(saan::server::openapi::document()).unwrap();
        let schema = &document["components"]["schemas"]["Problem"];
        let reads = Program::of(site, &site.sign_in("member"), false).token;
        let member = Program::of(site, &site.sign_in("member"), true).token;
        let coordinator = Program::of(site, &site.sign_in("coordinator"), true).token;
        let mut seen = std::collections::BTreeMap::new();
        for (method, path, operation) in operations(&document) {
            // who leaves would be asked nothing more
            if path == "/api/v1/joining/leave" {
                continue;
            }
            let known = filled(&path);
            let unknown: String = path
                .split('/')
                .map(|part| if part.starts_with('{') { "zzz" } else { part })
                .collect::<Vec<_>>()
                .join("/");
            let tries = [
                (None, &known, "{}"),
                (Some("saan_wrong"), &known, "{}"),
                (Some(reads.as_str()), &known, "{}"),
                (Some(member.as_str()), &known, "{}"),
                (Some(member.as_str()), &known, "{\"words\": "),
                (Some(member.as_str()), &known, ""),
                (Some(member.as_str()), &unknown, "{}"),
                (Some(coordinator.as_str()), &known, "{}"),
                (Some(coordinator.as_str()), &unknown, "[1]"),
            ];
            for (token, address, body) in tries {
                let body = if method == "GET" { "" } else { body };
                let reply = ask(site, token, &method, address, body);
                let status = reply.status.as_u16().to_string();
                assert!(
                    operation["responses"].get(&status).is_some(),
                    "{method} {path} answered {status} to {body:?}, which is not described: {}",
                    reply.body
                );
                if reply.status.is_client_error() || reply.status.is_server_error() {
                    let body = problem(&reply);
                    fits(&body, schema).unwrap_or_else(|why| panic!("{method} {path}: {why} in {body}"));
                    *seen.entry(status).or_insert(0) += 1;
                }
            }
        }
        for status in ["400", "401", "403", "404", "422"] {
            assert!(seen.contains_key(status), "{status} in {seen:?}");
        }
        assert!(!seen.contains_key("500"), "{seen:?}");
        assert!(fits(&json!({"type": "/problems/x", "status": 404}), schema).is_err(), "a title is required");
        assert!(fits(&json!({"type": 1, "title": "x", "status": 404}), schema).is_err());
        assert!(fits(&json!({"type": "x", "title": "x", "status": 404, "more": 1}), schema).is_err());
    });
}
