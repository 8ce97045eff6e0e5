//! Where members are: chosen on a form without scripts, sent by a program, brought in by a list; and the spot that may
//! be shown for it, which leaves through no page yet.

use axum::http::StatusCode;
use serde_json::json;
use thai::places::{PlaceCode, get, haversine_km};

use crate::api::Program;
use crate::site::{Site, on_demo};

/// Latitude, longitude and cell of a member, as stored.
type Spot = (Option<f64>, Option<f64>, Option<String>);

fn spot_of(site: &Site, name: &str) -> Spot {
    let sql = "SELECT public_latitude, public_longitude, public_cell FROM actor WHERE name = $1";
    site.db
        .read::<_, store::Error>(&store::Viewer::System("test"), |r| r.one(sql, store::params![name]))
        .unwrap()
}

/// Sub-district (else district, else province), languages and kind of organization, as stored.
fn said_of(site: &Site, name: &str) -> (String, String, String) {
    let sql = "SELECT COALESCE(subdistrict_code, district_code, province_code, ''), languages, \
               COALESCE(org_type, '') FROM actor WHERE name = $1";
    site.db
        .read::<_, store::Error>(&store::Viewer::System("test"), |r| r.one(sql, store::params![name]))
        .unwrap()
}

/// The spot is there, within `km` of the place and not its own point.
fn assert_near(spot: &Spot, place: u32, km: f64) {
    let middle = get(PlaceCode::from_number(place).unwrap()).unwrap();
    let (Some(latitude), Some(longitude), Some(cell)) = spot else { panic!("no spot for {place}: {spot:?}") };
    let away = haversine_km((*latitude, *longitude), (middle.lat, middle.lon));
    assert!(away > 0.0 && away <= km * 1.001, "{away} km from {place}");
    // resolution 6: the second half byte of an H3 index in hexadecimal digits
    assert!(cell.len() == 15 && cell.starts_with("86"), "{cell}");
}

fn options(page: &str, name: &str) -> usize {
    let Some(select) = page.split(&format!("<select id=\"{name}\"")).nth(1) else { return 0 };
    select.split("</select>").next().unwrap().matches("<option").count()
}

const NAME: &str = "กลุ่มทอผ้าบ้านดอน";

fn group(rest: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let mut fields = vec![
        ("kind", "group"),
        ("name", NAME),
        ("bio", "ทอผ้า <ฝ้าย>"),
        ("capacity", "7"),
        ("visibility", "network"),
        ("org_type", "farmer_group"),
        ("language", "th"),
        ("language", "nod"),
        ("can", "care.elderly"),
        ("once", "places-form-1"),
    ];
    fields.extend(rest);
    fields
}

#[test]
fn a_form_without_scripts_shows_the_places_inside_and_keeps_what_was_typed() {
    on_demo(|site| {
        let coordinator = site.sign_in("coordinator");
        let first = coordinator.page("/members/new");
        assert_eq!((options(&first, "district"), options(&first, "subdistrict")), (0, 0));
        let page = coordinator
            .post("/members/new", &group(&[("phone", "not yet"), ("province", "TH-50"), ("do", "places")]))
            .body;
        assert_eq!(options(&page, "district"), 26, "25 districts and none of them");
        assert_eq!(options(&page, "subdistrict"), 0);
        for kept in [
            "value=\"กลุ่มทอผ้าบ้านดอน\"",
            "ทอผ้า &#60;ฝ้าย&#62;",
            "value=\"not yet\"",
            "value=\"nod\" checked",
            "value=\"care.elderly\" checked",
            "value=\"farmer_group\" selected",
            "value=\"TH-50\" selected",
            "value=\"places-form-1\"",
        ] {
            assert!(page.contains(kept), "{kept} is kept");
        }
        assert!(!page.contains("-problem\""), "nobody is told of mistakes before they are done");
        let district = [("province", "TH-50"), ("district", "5007"), ("do", "places")];
        let page = coordinator.post("/members/new", &group(&district)).body;
        assert_eq!(options(&page, "subdistrict"), 12, "11 sub-districts and none of them");
        assert!(page.contains("value=\"5007\" selected"));
        // the province is chosen anew: the district goes, as it lies elsewhere
        let other = [("province", "TH-51"), ("district", "5007"), ("do", "places")];
        let page = coordinator.post("/members/new", &group(&other)).body;
        assert!(!page.contains("value=\"5007\"") && options(&page, "subdistrict") == 0);
        let reply = coordinator.post("/members/new", &group(&[("province", "TH-51"), ("district", "5007")]));
        assert!(reply.status == StatusCode::OK && reply.body.contains("id=\"district-problem\""));
        assert!(!coordinator.page("/members?kind=group").contains(NAME), "nothing was written so far");
    });
}

#[test]
fn a_member_entered_and_changed_has_a_spot_that_moves_with_the_place_alone() {
    on_demo(|site| {
        let coordinator = site.sign_in("coordinator");
        let mae_rim = [("province", "TH-50"), ("district", "5007"), ("subdistrict", "500701")];
        let at = coordinator.done("/members/new", &group(&mae_rim));
        let edit = format!("{at}/edit");
        let first = spot_of(site, NAME);
        assert_near(&first, 500_701, 2.0);
        let said = ("500701".to_owned(), "th nod".to_owned(), "farmer_group".to_owned());
        assert_eq!(said_of(site, NAME), said);
        let page = coordinator.page(&at);
        assert!(page.contains("คำเมือง") && page.contains("กลุ่มเกษตรกร"));

        let mut form = group(&mae_rim);
        form.push(("version", "1"));
        form.push(("nickname", "ทอผ้า"));
        coordinator.done(&edit, &form);
        assert_eq!(spot_of(site, NAME), first, "another word does not move it");
        assert_eq!(said_of(site, NAME), said);
        let shown = coordinator.page(&edit);
        assert!(shown.contains("value=\"500701\" selected") && shown.contains("value=\"nod\" checked"));

        let mut form = group(&[("province", "TH-50"), ("district", "5014"), ("subdistrict", "")]);
        form.push(("version", "2"));
        coordinator.done(&edit, &form);
        assert_near(&spot_of(site, NAME), 5014, 5.0);
        let mut form = group(&[("province", "TH-50"), ("district", ""), ("subdistrict", "")]);
        form.push(("version", "3"));
        coordinator.done(&edit, &form);
        assert_eq!(spot_of(site, NAME), (None, None, None), "a province alone has none");

        // whoever may not change somebody is not shown the form with the places either
        let member = site.sign_in("member");
        assert_eq!(member.post(&edit, &[("do", "places")]).status, StatusCode::FORBIDDEN);
        assert_eq!(member.post("/members/new", &[("do", "places")]).status, StatusCode::FORBIDDEN);
    });
}

#[test]
fn a_program_sends_place_languages_and_kind_and_reads_no_spot() {
    on_demo(|site| {
        let program = Program::of(site, &site.sign_in("coordinator"), true);
        let mut body = json!({"kind": "organization", "name": "โรงเรียนบ้านดอน", "subdistrict": "500701",
            "languages": ["th", "kxm"], "org_type": "school"});
        let made = program.send("POST", "/api/v1/members", Some(&body), None);
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        let member: serde_json::Value = serde_json::from_str(&made.body).unwrap();
        assert_eq!((&member["province"], &member["district"]), (&json!("TH-50"), &json!("5007")));
        assert_eq!((&member["subdistrict"], &member["org_type"]), (&json!("500701"), &json!("school")));
        assert_eq!(member["languages"], json!(["th", "kxm"]));
        let spot = spot_of(site, "โรงเรียนบ้านดอน");
        assert_near(&spot, 500_701, 2.0);

        let path = format!("/api/v1/members/{}", member["id"].as_str().unwrap());
        body = json!({"version": member["version"], "name": "โรงเรียนบ้านดอน", "province": "TH-50"});
        let reply = program.send("PUT", &path, Some(&body), None);
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
        assert_eq!(said_of(site, "โรงเรียนบ้านดอน").0, "500701", "the wider place takes nothing away");
        assert_eq!(spot_of(site, "โรงเรียนบ้านดอน"), spot);
        for (field, wrong) in [
            ("district", json!({"province": "TH-51", "district": "5007"})),
            ("subdistrict", json!({"district": "5007", "subdistrict": "501402"})),
            ("subdistrict", json!({"subdistrict": "5007"})),
            ("languages", json!({"languages": ["th", "tlh"]})),
            ("org_type", json!({"org_type": "empire"})),
        ] {
            let mut body = wrong;
            (body["name"], body["version"], body["kind"]) = (json!("ก"), json!(1), json!("group"));
            for (method, path) in [("POST", "/api/v1/members"), ("PUT", path.as_str())] {
                let reply = program.send(method, path, Some(&body), None);
                let expected = if method == "PUT" && field == "languages" {
                    // what is held decides, so the version is looked at first
                    [StatusCode::CONFLICT, StatusCode::UNPROCESSABLE_ENTITY].contains(&reply.status)
                } else {
                    reply.status == StatusCode::UNPROCESSABLE_ENTITY && reply.body.contains(field)
                };
                assert!(expected, "{method} {field}: {} {}", reply.status, reply.body);
            }
        }
        let person = json!({"kind": "person", "name": "ครูใหญ่", "org_type": "school"});
        let refused = program.send("POST", "/api/v1/members", Some(&person), None);
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "a person is no school");

        // to five digits, a meter
        let latitude = format!("{:.5}", spot.0.unwrap());
        let longitude = format!("{:.5}", spot.1.unwrap());
        let page = format!("/members/{}", member["id"].as_str().unwrap());
        let coordinator = site.sign_in("coordinator");
        for body in [
            program.get(&path).to_string(),
            program.get("/api/v1/members?kind=organization").to_string(),
            coordinator.page(&page),
            coordinator.page(&format!("{page}/edit")),
        ] {
            for secret in
                [&latitude[..latitude.len() - 1], &longitude[..longitude.len() - 1], spot.2.as_ref().unwrap()]
            {
                assert!(!body.contains(secret), "{secret} stands in {body}");
            }
        }
    });
}

#[test]
fn a_list_brings_the_spot_fills_the_place_of_whom_the_network_holds_and_takes_it_back() {
    on_demo(|site| {
        let coordinator = site.sign_in("coordinator");
        let bring = |rows: &str| {
            let sheet = format!("ชื่อ-สกุล,เบอร์โทร,จังหวัด,อำเภอ,ตำบล,ยินยอม\n{rows}\n");
            let import = coordinator.upload("/transfer", "list.csv", sheet.as_bytes()).location.unwrap();
            coordinator.done(&import, &[("do", "write")]);
            import
        };
        let name = get(PlaceCode::from_number(500_701).unwrap()).unwrap().th;
        bring(&format!(
            "ดวงใจ ปลายทาง,0891112221,เชียงใหม่,แม่ริม,{name},ใช่\nมานพ ต้นทาง,0891112222,เชียงใหม่,,,ใช่"
        ));
        let spot = spot_of(site, "ดวงใจ ปลายทาง");
        assert_near(&spot, 500_701, 2.0);
        assert_eq!(spot_of(site, "มานพ ต้นทาง"), (None, None, None));
        let second = bring(&format!("มานพ ต้นทาง,0891112222,เชียงใหม่,แม่ริม,{name},ใช่"));
        assert_eq!(said_of(site, "มานพ ต้นทาง").0, "500701");
        let filled = spot_of(site, "มานพ ต้นทาง");
        assert_near(&filled, 500_701, 2.0);
        assert_ne!(filled, spot, "two members of one sub-district do not stand on one point");
        // another province in a later list is for a person to decide on
        bring("ดวงใจ ปลายทาง,0891112221,ลำพูน,,,ใช่");
        assert_eq!(
            (said_of(site, "ดวงใจ ปลายทาง").0.as_str(), spot_of(site, "ดวงใจ ปลายทาง")),
            ("500701", spot)
        );
        coordinator.done(&format!("{second}/undo"), &[]);
        assert_eq!(said_of(site, "มานพ ต้นทาง").0, "TH-50");
        assert_eq!(spot_of(site, "มานพ ต้นทาง"), (None, None, None));
    });
}
