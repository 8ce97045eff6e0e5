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

/// All that is said of one member, row by row, but for when it was last written.
fn said_of(site: &crate::site::Site, name: &str) -> Vec<Vec<String>> {
    site.db
        .read::<_, store::Error>(&store::Viewer::System("test"), |r| {
            let mut all = Vec::new();
            for sql in [
                "SELECT name || '|' || nickname || '|' || bio || '|' || profession || '|' || position || '|' || \
                 COALESCE(org_type, 'none') || '|' || COALESCE(size_band, 'none') || '|' || languages || '|' || \
                 COALESCE(province_code, '') || '|' || COALESCE(district_code, '') || '|' || \
                 COALESCE(subdistrict_code, '') || '|' || contact_hours || '|' || visibility || '|' || \
                 CAST(version AS TEXT) || '|' || CAST(updated_at AS TEXT) FROM actor WHERE name = $1",
                "SELECT CAST(p.id AS TEXT) || '|' || p.kind || '|' || p.value || '|' || p.shown || '|' || p.note || '|' || \
                 p.visibility || '|' || CAST(p.created_at AS TEXT) FROM contact_point p JOIN actor a ON a.id = p.actor_id \
                 WHERE a.name = $1 ORDER BY p.id",
                "SELECT CAST(u.object_id AS TEXT) || '|' || CAST(u.key AS TEXT) FROM audience u JOIN contact_point p \
                 ON p.id = u.object_id JOIN actor a ON a.id = p.actor_id WHERE a.name = $1 ORDER BY u.object_id, u.key",
                "SELECT CAST(c.id AS TEXT) || '|' || c.category || '|' || c.note || '|' || \
                 CAST(c.wants_to_learn AS TEXT) FROM capability c JOIN actor a ON a.id = c.actor_id \
                 WHERE a.name = $1 ORDER BY c.id",
                "SELECT CAST(j.id AS TEXT) FROM journal j JOIN actor a ON a.id = j.object_id WHERE a.name = $1 ORDER BY j.id",
            ] {
                all.push(r.all::<String>(sql, store::params![name])?);
            }
            Ok(all)
        })
        .unwrap()
}

/// What the page's form would send if its button were pressed now.
fn form_on(page: &str) -> Vec<(String, String)> {
    let form = page.split("<form method=\"post\" action=\"/members/").nth(1).unwrap();
    let form = form.split("</form>").next().unwrap();
    let plain = |text: &str| {
        text.replace("&#60;", "<").replace("&#34;", "\"").replace("&#39;", "'").replace("&#38;", "&")
    };
    let attribute = |tag: &str, name: &str| {
        tag.split(&format!(" {name}=\"")).nth(1).map(|rest| plain(rest.split('"').next().unwrap()))
    };
    let mut fields = Vec::new();
    for tag in form.split('<').skip(1) {
        let (tag, text) = tag.split_once('>').unwrap();
        let Some(name) = attribute(tag, "name") else { continue };
        if let Some(kind) = tag.starts_with("input").then(|| attribute(tag, "type").unwrap_or_default()) {
            if !matches!(kind.as_str(), "checkbox" | "radio") || tag.ends_with(" checked") {
                fields.push((name, attribute(tag, "value").unwrap_or_default()));
            }
        } else if tag.starts_with("textarea") {
            fields.push((name, plain(text)));
        } else if tag.starts_with("select") {
            let options = form.split(&format!(" name=\"{name}\"")).nth(1).unwrap();
            let options = options.split("</select>").next().unwrap();
            let all: Vec<&str> = options.split("<option").skip(1).collect();
            let chosen = all.iter().find(|option| option.contains(" selected>")).or(all.first());
            fields.push((name, chosen.and_then(|option| attribute(option, "value")).unwrap_or_default()));
        }
    }
    fields
}

fn three_phones(w: &mut store::Writing<'_>, name: &str, kind: network::vocabulary::ActorKind) {
    use network::vocabulary::{OrgType, SizeBand, Visibility};
    let network = app::networks::found_by_name(w, "เครือข่ายพยาบาลวิชาชีพภาคเหนือ").unwrap().unwrap();
    let mut sketch = app::members::Sketch::named(kind, name);
    sketch.org_type = Some(OrgType::FarmerGroup);
    sketch.size_band = Some(SizeBand::Some);
    sketch.languages = "th en".to_owned();
    sketch.bio = "บรรทัดแรก\nบรรทัดที่สอง \"ในเครื่องหมาย\"".to_owned();
    (sketch.province, sketch.district, sketch.subdistrict) =
        (Some("TH-50".to_owned()), Some("5007".to_owned()), Some("500701".to_owned()));
    sketch.contact_points = vec![
        ("phone", "+66812223331".to_owned(), "081-222-3331".to_owned(), Visibility::Tie),
        ("phone", "+66812223332".to_owned(), "081-222-3332".to_owned(), Visibility::Network),
        ("phone", "+66812223333".to_owned(), "081-222-3333".to_owned(), Visibility::Private),
        ("line", "weaving".to_owned(), "Weaving".to_owned(), Visibility::Public),
        ("facebook", "https://facebook.example/weave".to_owned(), "weave".to_owned(), Visibility::Network),
    ];
    sketch.capabilities = vec![("care.elderly".to_owned(), false)];
    let id = app::members::enter(w, &sketch).unwrap();
    let joined = network::vocabulary::MembershipState::Member;
    app::members::join(w, network, id, network::vocabulary::Role::Member, "", joined).unwrap();
}

#[test]
fn d3_a_profile_saved_unchanged_is_unchanged_and_one_changed_field_is_all_the_journal_names() {
    on_demo(|site| {
        use network::vocabulary::ActorKind;
        site.db
            .bookkeeping::<_, store::Error>("test", |w| {
                three_phones(w, "กลุ่มทอผ้าหลายเบอร์", ActorKind::Group);
                Ok(())
            })
            .unwrap();
        let coordinator = site.sign_in("coordinator");
        let directory = coordinator.page("/members?kind=group");
        let at = directory.find("กลุ่มทอผ้าหลายเบอร์").unwrap();
        let path = directory[..at].rsplit("href=\"").next().unwrap().split('"').next().unwrap().to_owned();
        let edit = format!("{path}/edit");
        let before = said_of(site, "กลุ่มทอผ้าหลายเบอร์");
        assert!(before[0][0].contains("farmer_group|10-49|th en") && before[1].len() == 5, "{before:?}");

        let unchanged = form_on(&coordinator.page(&edit));
        let send = |fields: &[(String, String)]| {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
            coordinator.done(&edit, &fields)
        };
        send(&unchanged);
        assert_eq!(said_of(site, "กลุ่มทอผ้าหลายเบอร์"), before, "pressing the button changes nothing");

        // the phone that the page showed gets another number; who may see it, and what was not shown, stay
        let mut fields = form_on(&coordinator.page(&edit));
        fields.iter_mut().find(|(name, _)| name == "phone").unwrap().1 = "053 111 222".to_owned();
        send(&fields);
        let after = said_of(site, "กลุ่มทอผ้าหลายเบอร์");
        let numbers: Vec<Vec<&str>> =
            after[1].iter().map(|row| row.split('|').skip(1).collect::<Vec<_>>()).collect();
        let seen_by = |value: &str| numbers.iter().find(|row| row[1] == value).map(|row| row[4]);
        assert_eq!(seen_by("+66812223331"), Some("tie"), "what a coordinator is not shown stays");
        assert_eq!(seen_by("+66812223333"), Some("private"));
        assert_eq!(seen_by("+6653111222"), Some("network"));
        assert_eq!(seen_by("+66812223332"), None, "the shown one was replaced");
        assert_eq!(seen_by("weaving"), Some("public"));
        let fields = site
            .db
            .read::<_, store::Error>(&store::Viewer::System("test"), |r| {
                r.one::<String>(
                    "SELECT fields FROM journal WHERE verb = 'members.change' ORDER BY id DESC LIMIT 1",
                    &[],
                )
            })
            .unwrap();
        assert_eq!(fields, "contact_point");
    });
}

#[test]
fn d3_somebodys_own_phone_for_those_tied_to_them_stays_so() {
    on_demo(|site| {
        let member = site.sign_in("member");
        let path = format!("/members/{}", crate::joining::own_id(&member));
        let set = "UPDATE contact_point SET visibility = 'tie' WHERE kind = 'phone' AND actor_id IN \
                   (SELECT id FROM actor WHERE name = 'นันทิดา ใจงาม')";
        site.db.bookkeeping::<_, store::Error>("test", |w| w.execute(set, &[]).map(|_| ())).unwrap();
        let phone = "SELECT p.visibility || p.value FROM contact_point p JOIN actor a ON a.id = p.actor_id \
                     WHERE p.kind = 'phone' AND a.name = 'นันทิดา ใจงาม'";
        let read = || {
            site.db
                .read::<_, store::Error>(&store::Viewer::System("test"), |r| r.all::<String>(phone, &[]))
                .unwrap()
        };
        let before = read();
        let mut fields = form_on(&member.page(&format!("{path}/edit")));
        fields.iter_mut().find(|(name, _)| name == "bio").unwrap().1 = "พยาบาลที่ชอบปลูกผัก".to_owned();
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        member.done(&format!("{path}/edit"), &fields);
        assert_eq!(read(), before);
        assert!(member.page(&path).contains("ชอบปลูกผัก"));
    });
}
