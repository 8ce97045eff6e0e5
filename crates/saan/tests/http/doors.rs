//! What stands at the doors of an instance: the session's cookie, the headers of every page, where figures are read;
//! and what is remembered and kept behind them.

use std::sync::atomic::{AtomicBool, Ordering};

use axum::http::{StatusCode, header};
use serde_json::json;
use store::Database;

use crate::api::Program;
use crate::site::on_demo;

#[test]
fn the_session_is_no_business_of_scripts_and_a_page_runs_nobody_elses() {
    on_demo(|site| {
        let fields = [("name", "member"), ("password", saan::demo::PASSWORD)];
        let reply = site.stranger().post("/joining/sign-in", &fields);
        let cookie = reply.cookies.iter().find(|cookie| cookie.starts_with("saan_session=")).unwrap();
        for flag in ["HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.split("; ").any(|part| part == flag), "{flag}: {cookie}");
        }
        let member = site.sign_in("member");
        for path in ["/today", "/members", "/no/such/page", "/api/v1/joining/me"] {
            let headers = member.get(path).headers;
            let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
            assert!(
                policy.contains("default-src 'self'") || policy.contains("default-src 'none'"),
                "{path}: {policy}"
            );
            assert!(!policy.contains("unsafe-eval") && !policy.contains("script-src *"), "{path}: {policy}");
            assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{path}");
            assert_eq!(headers[header::X_FRAME_OPTIONS], "DENY", "{path}");
            assert_eq!(headers[header::CACHE_CONTROL], "private, no-store", "{path}");
        }
    });
}

#[test]
fn figures_are_read_at_a_door_of_their_own() {
    use http_body_util::BodyExt as _;
    use tower::ServiceExt as _;
    on_demo(|site| {
        assert_eq!(site.sign_in("coordinator").get("/metrics").status, StatusCode::NOT_FOUND);
        assert_ne!(site.stranger().get("/metrics").status, StatusCode::OK);
        let door = saan::server::metrics::router(saan::server::metrics::Metrics::default(), site.db.clone());
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let request =
                axum::http::Request::builder().uri("/metrics").body(axum::body::Body::empty()).unwrap();
            let answer = door.clone().oneshot(request).await.unwrap();
            assert_eq!(answer.status(), StatusCode::OK);
            let text = answer.into_body().collect().await.unwrap().to_bytes();
            assert!(String::from_utf8_lossy(&text).contains("saan_jobs{"));
            let other =
                axum::http::Request::builder().uri("/members").body(axum::body::Body::empty()).unwrap();
            assert_eq!(door.oneshot(other).await.unwrap().status(), StatusCode::NOT_FOUND);
        });
    });
}

#[test]
fn what_a_heading_means_is_asked_once_in_a_network() {
    on_demo(|site| {
        let coordinator = site.sign_in("coordinator");
        let program = Program::of(site, &coordinator, true);
        let sheet = |name: &str, skill: &str| format!("ชื่อ-นามสกุล,เบอร์โทร,ฝีมือประจำตัว\n{name},,{skill}\n");
        let offers = |body: &serde_json::Value| body["files"][0]["report"]["counts"]["offers"].clone();
        let first = coordinator.upload("/transfer", "x.csv", sheet("สมศรี น้ำใส", "ทำขนม").as_bytes());
        let path = first.location.unwrap().replace("/transfer/", "/api/v1/transfer/imports/");
        assert_eq!(offers(&program.get(&path)), json!(0), "nobody said yet what the heading means");
        let meaning = json!({"columns": {"ฝีมือประจำตัว": "offer"}});
        let reply = program.send("PUT", &format!("{path}/headings"), Some(&meaning), None);
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
        assert_eq!(offers(&program.get(&path)), json!(1));
        // another list of the same network, later
        let second = coordinator.upload("/transfer", "y.csv", sheet("มะลิ ดอกขาว", "จักสาน").as_bytes());
        let path = second.location.unwrap().replace("/transfer/", "/api/v1/transfer/imports/");
        assert_eq!(offers(&program.get(&path)), json!(1), "the network remembers");
    });
}

#[test]
fn a_backup_taken_while_others_write_is_one_moment_of_the_store() {
    on_demo(|site| {
        let stop = AtomicBool::new(false);
        let mut backup = Vec::new();
        std::thread::scope(|scope| {
            let writer = scope.spawn(|| {
                let coordinator = site.sign_in("coordinator");
                let mut written = 0;
                while written < 3 || !stop.load(Ordering::SeqCst) {
                    written += 1;
                    let (once, name) = (format!("backup-{written:06}"), format!("กลุ่มที่ {written}"));
                    let fields = [
                        ("once", once.as_str()),
                        ("kind", "group"),
                        ("name", name.as_str()),
                        ("visibility", "network"),
                        ("capacity", "4"),
                    ];
                    coordinator.done("/members/new", &fields);
                }
            });
            store::dump::write(&site.db, &mut backup).unwrap();
            stop.store(true, Ordering::SeqCst);
            writer.join().unwrap();
        });
        let other = testing::sqlite();
        let db = Database::open(&other.settings).unwrap();
        store::dump::restore(&db, || Ok(backup.as_slice())).unwrap();
        assert_eq!(store::soundness::check(&db).unwrap(), []);
        assert_eq!(app::search::faults(&db).unwrap(), []);
    });
}

#[test]
fn a_need_shows_whom_to_call_how_to_pass_it_on_and_who_needs_the_same() {
    on_demo(|site| {
        let coordinator = site.sign_in("coordinator");
        let heading = "ชื่อ-นามสกุล,เบอร์โทร,สิ่งที่ต้องการ,ยินยอม";
        let sheet = format!(
            "{heading}\nสมศรี น้ำใส,0812345678,อยากได้ครูสอนภาษาอังกฤษเด็ก,ใช่\nมะลิ ดอกขาว,0898765432,ต้องการครูสอนภาษาอังกฤษให้เด็ก,ใช่\n"
        );
        let import = coordinator.upload("/transfer", "x.csv", sheet.as_bytes()).location.unwrap();
        coordinator.done(&import, &[("do", "write")]);
        let needs = Program::of(site, &coordinator, false).get("/api/v1/giving?side=need");
        let all = needs.as_object().unwrap().values().find_map(|list| list.as_array()).unwrap();
        let of = |words: &str| {
            let need =
                all.iter().find(|need| need["text"].as_str().is_some_and(|text| text.starts_with(words)));
            need.unwrap_or_else(|| panic!("{words}: {needs}"))["id"].as_str().unwrap().to_owned()
        };
        let (first, second) = (of("อยากได้"), of("ต้องการ"));
        let page = site.sign_in("member").page(&format!("/giving/{first}"));
        assert!(page.contains("href=\"tel:+66812345678\""), "{page}");
        assert!(page.contains("https://line.me/R/share?text="), "{page}");
        assert!(page.contains(&format!("href=\"/giving/{second}\"")), "others with the same need: {page}");
    });
}
