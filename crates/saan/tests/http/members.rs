use axum::http::StatusCode;

use crate::site::on_demo;

#[test]
fn a_coordinator_enters_somebody_without_internet_who_is_not_shown_before_consent() {
    on_demo(|site| {
        let coordinator = site.sign_in("coordinator");
        let member = site.sign_in("member");
        let form = [
            ("once", "12345678-one"),
            ("kind", "person"),
            ("name", "นางสมศรี  นำ้ใส"),
            ("nickname", "ป้าศรี"),
            ("phone", "๐๘๑ ๒๓๔ ๕๖๗๘"),
            ("capacity", "4"),
            ("visibility", "network"),
        ];
        let page = coordinator.done("/members/new", &form);
        assert_eq!(coordinator.done("/members/new", &form), page, "a second tap makes nobody twice");
        assert!(coordinator.page(&page).contains("น้ำใส"), "marks stand in their order");
        assert!(coordinator.page(&page).contains("081-234-5678"));
        assert_eq!(coordinator.page("/members").matches("ป้าศรี").count(), 1);

        assert_eq!(member.get(&page).status, StatusCode::NOT_FOUND);
        assert!(!member.page("/members").contains("ป้าศรี"));
    });
}

#[test]
fn a_form_with_a_mistake_keeps_what_was_typed_and_names_the_field() {
    on_demo(|site| {
        let coordinator = site.sign_in("coordinator");
        let reply = coordinator.post(
            "/members/new",
            &[("kind", "person"), ("name", ""), ("nickname", "เอก<b>"), ("phone", "12"), ("capacity", "สี่")],
        );
        assert_eq!(reply.status, StatusCode::OK);
        assert!(reply.body.contains("value=\"เอก&#60;b&#62;\""), "typed text comes back, escaped");
        for field in ["name", "phone", "capacity"] {
            assert!(reply.body.contains(&format!("id=\"{field}-problem\"")), "{field} is named");
        }
    });
}

#[test]
fn only_a_coordinator_enters_members_and_a_stranger_is_shown_the_way_in() {
    on_demo(|site| {
        let member = site.sign_in("member");
        assert_eq!(member.get("/members/new").status, StatusCode::FORBIDDEN);
        assert_eq!(member.post("/members/new", &[("name", "ใครสักคน")]).status, StatusCode::FORBIDDEN);
        let reply = site.stranger().get("/members?kind=person");
        assert_eq!(reply.location.as_deref(), Some("/joining/sign-in?back=%2Fmembers%3Fkind%3Dperson"));
    });
}

#[test]
fn unknown_and_foreign_ids_are_simply_not_found() {
    on_demo(|site| {
        let member = site.sign_in("member");
        for path in ["/members/mem_0000000000004", "/members/tie_0000000000004", "/members/x%00/edit"] {
            assert_eq!(member.get(path).status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(member.get("/members/%FF").status, StatusCode::BAD_REQUEST, "bytes that are no UTF-8");
    });
}

#[test]
fn every_page_speaks_both_languages() {
    on_demo(|site| {
        let mut member = site.sign_in("member");
        assert!(member.page("/members").contains("<html lang=\"th\">"));
        member.lang = "en";
        let page = member.page("/members");
        assert!(page.contains("<html lang=\"en\">") && page.contains("Members"));
    });
}
