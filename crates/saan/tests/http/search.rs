use std::sync::Mutex;

use axum::http::StatusCode;
use network::vocabulary::Side;
use store::ids::ActorId;
use store::{Acting, Viewer};

use crate::site::{Person, Site, on_demo};

const DOCUMENTS: &str = include_str!("../data/search_documents.tsv");
const QUERIES: &str = include_str!("../data/search_queries.tsv");

/// Posts the documents of the marked queries, in their order, as the demo's coordinator.
fn plant(site: &Site) {
    site.db
        .write(&Acting::system("test"), |w| {
            let (network, actor): (ActorId, ActorId) =
                w.one("SELECT whole_id, part_id FROM membership WHERE role = 'coordinator'", &[])?;
            for line in DOCUMENTS.lines() {
                let (side, text) = line.split_once('\t').unwrap();
                let mut draft = app::giving::Draft::new(Side::from_word(side).unwrap(), text);
                draft.visibility = Some(network::vocabulary::Visibility::Network);
                app::giving::post(w, actor, network, &draft)?;
            }
            w.finished(())
        })
        .map_err(|error: store::Error| error)
        .unwrap();
}

fn ask(person: &Person<'_>, q: &str) -> serde_json::Value {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", q).finish();
    serde_json::from_str(&person.page(&format!("/api/v1/search?{query}"))).unwrap()
}

fn titles(answer: &serde_json::Value) -> Vec<String> {
    let results = answer["results"].as_array().unwrap();
    results.iter().map(|found| found["title"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn sixty_marked_queries_find_what_is_meant_and_the_same_on_both_databases() {
    let before: Mutex<Option<Vec<Vec<String>>>> = Mutex::new(None);
    on_demo(|site| {
        plant(site);
        let member = site.sign_in("member");
        let mut answers = Vec::new();
        for line in QUERIES.lines().filter(|line| !line.starts_with('#')) {
            let mut cells = line.split('\t');
            let (typed, meant) = (cells.next().unwrap(), cells.next().unwrap());
            let found = titles(&ask(&member, typed));
            assert!(found.first().is_some_and(|title| title.contains(meant)), "{typed}: {found:?}");
            if let Some(never) = cells.next().and_then(|cell| cell.strip_prefix('!')) {
                let wrong = found.iter().find(|title| title.contains(never) && !title.contains(typed));
                assert_eq!(wrong, None, "{typed} is not {never}");
            }
            assert!(found.len() <= 10);
            answers.push(found);
        }
        assert!(answers.len() >= 60);
        let mut before = before.lock().unwrap();
        if let Some(other) = &*before {
            assert_eq!(other, &answers, "the same first ten on both databases");
        }
        *before = Some(answers);
    });
}

#[test]
fn a_word_in_one_language_finds_what_is_written_in_the_other() {
    on_demo(|site| {
        plant(site);
        let member = site.sign_in("member");
        assert!(titles(&ask(&member, "สมองเสื่อม")).iter().any(|title| title.contains("Dementia")));
        assert!(titles(&ask(&member, "landslide")).iter().any(|title| title.contains("ดินถล่ม")));
    });
}

#[test]
fn what_sounds_alike_is_offered_and_hidden_names_never_are() {
    on_demo(|site| {
        let (member, coordinator) = (site.sign_in("member"), site.sign_in("coordinator"));
        let answer = ask(&member, "ดารุนี");
        assert_eq!(titles(&answer), [] as [&str; 0]);
        assert_eq!(answer["suggestions"][0], "ดารุณี");
        assert!(member.page("/search?q=ดารุนี").contains("หมายถึงคำนี้หรือเปล่า"));
        // somebody entered by the coordinator who did not consent yet
        let form =
            [("kind", "person"), ("name", "ศิริขวัญ ทองแท้"), ("capacity", "4"), ("visibility", "network")];
        coordinator.done("/members/new", &form);
        assert_eq!(titles(&ask(&coordinator, "ศิริขวัญ")).len(), 1);
        assert_eq!(titles(&ask(&member, "ศิริขวัญ")).len(), 0);
        assert_eq!(ask(&member, "สิริขวัญ")["suggestions"].as_array().unwrap().len(), 0);
        assert_eq!(ask(&coordinator, "สิริขวัญ")["suggestions"][0], "ศิริขวัญ");
        assert_eq!(ask(&member, "ศิริขวัญ")["count"], 0, "not even counted");
    });
}

#[test]
fn members_are_found_by_name_nickname_and_the_beginning_of_both() {
    on_demo(|site| {
        let member = site.sign_in("member");
        for typed in ["พี่ดา", "ดารุณี", "ดารุณี แสงทอง", "แสงทอง", "ดารุ"]
        {
            let answer = ask(&member, typed);
            assert_eq!(answer["results"][0]["title"], "พี่ดา", "{typed}: {answer}");
            assert_eq!(answer["results"][0]["kind"], "person");
        }
    });
}

#[test]
fn a_broad_word_shows_its_first_ten_and_says_that_there_are_more() {
    on_demo(|site| {
        site.db
            .write(&Acting::system("test"), |w| {
                let (network, actor): (ActorId, ActorId) =
                    w.one("SELECT whole_id, part_id FROM membership WHERE role = 'coordinator'", &[])?;
                let draft = app::giving::Draft::new(Side::Offer, "ให้กล้ากล้วยน้ำว้า");
                let id = app::giving::post(w, actor, network, &draft)?;
                // copies, because reading eleven hundred texts would only test patience
                for (table, own) in [("intent", "id"), ("audience", "object_id"), ("indexed", "object_id")] {
                    let names: Vec<String> = w.columns(table)?.into_iter().map(|(name, _)| name).collect();
                    let columns = names.join(", ");
                    let copied = columns.replacen(own, &format!("{own} + $1"), 1);
                    let sql = format!(
                        "INSERT INTO {table} ({columns}) SELECT {copied} FROM {table} WHERE {own} = $2"
                    );
                    for n in 1..1100_i64 {
                        w.execute(&sql, store::params![n * 4, id])?;
                    }
                }
                w.finished(())
            })
            .map_err(|error: store::Error| error)
            .unwrap();
        let member = site.sign_in("member");
        let answer = ask(&member, "กล้วย");
        assert_eq!((answer["count"].as_u64(), answer["more"].as_bool()), (Some(1000), Some(true)));
        assert_eq!(titles(&answer).len(), 10);
        let page = member.page("/search?q=กล้วย");
        assert!(page.contains("มากกว่า 1,000"));
        let second: serde_json::Value = serde_json::from_str(
            &member.page("/api/v1/search?q=%E0%B8%81%E0%B8%A5%E0%B9%89%E0%B8%A7%E0%B8%A2&from=10"),
        )
        .unwrap();
        let ids = |answer: &serde_json::Value| {
            let results = answer["results"].as_array().unwrap();
            results.iter().map(|found| found["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(ids(&second).len(), 10);
        assert!(ids(&second).iter().all(|id| !ids(&answer).contains(id)), "the next ten are others");
    });
}

#[test]
fn kinds_are_filtered_and_strangers_are_shown_the_way_in() {
    on_demo(|site| {
        plant(site);
        let member = site.sign_in("member");
        let page = member.page("/search?q=ป่าชุมชน&kind=need");
        assert!(page.contains("แลกเปลี่ยนเรียนรู้เรื่องป่าชุมชน") && !page.contains("กล้าไม้แจก"));
        assert!(site.stranger().get("/search?q=x").location.unwrap().starts_with("/joining/sign-in"));
        assert_eq!(site.stranger().get("/api/v1/search?q=x").status, StatusCode::UNAUTHORIZED);
        for odd in ["", "%20", "%00", "%E0%B9%88", "%F0%9F%92%A9", "a%22%3Cb%3E"] {
            assert_eq!(member.get(&format!("/search?q={odd}")).status, StatusCode::OK, "{odd}");
        }
        assert!(!member.page("/search?q=%3Cscript%3E").contains("<script>"));
    });
}

#[test]
fn what_is_written_is_found_at_once_also_by_another_process_and_after_a_start() {
    on_demo(|site| {
        let other = site.beside();
        let (member, beside) = (site.sign_in("member"), other.sign_in("coordinator"));
        assert_eq!(titles(&ask(&beside, "ผักหวาน")).len(), 0);
        let offer = member.done(
            "/giving/new",
            &[
                ("side", "offer"),
                ("text", "ผักหวานป่าแบ่งกันกิน"),
                ("asked", "1"),
                ("capacity", "2"),
                ("do", "post"),
            ],
        );
        let offer = offer.split('?').next().unwrap().to_owned();
        assert_eq!(titles(&ask(&beside, "ผักหวาน")).len(), 1);
        let edit = [("text", "หน่อไม้แบ่งกันกิน"), ("capacity", "2"), ("version", "1"), ("do", "post")];
        member.done(&format!("{offer}/edit"), &edit);
        for person in [&member, &beside] {
            assert_eq!(titles(&ask(person, "ผักหวาน")).len(), 0, "the old words are gone");
            assert_eq!(titles(&ask(person, "หน่อไม้")).len(), 1);
        }
        let later = site.beside();
        assert_eq!(titles(&ask(&later.sign_in("member"), "หน่อไม้")).len(), 1);
        assert_eq!(later.stranger().page("/healthz"), "ok\n");
    });
}

#[test]
fn the_program_itself_sees_all_and_a_stranger_nothing() {
    on_demo(|site| {
        plant(site);
        let engine = app::search::Engine::default();
        while !engine.ready_soon(&site.db) {}
        let wanted =
            app::search::Wanted { text: "น้ำท่วม".to_owned(), most: 10, ..Default::default() };
        let found = |viewer: Viewer| site.db.read(&viewer, |r| engine.ask(r, &wanted)).unwrap().hits.len();
        // two that name the flood, and what is needed when the water has gone
        let titles = titles(&ask(&site.sign_in("coordinator"), "น้ำท่วม"));
        assert!(titles.get(2).is_some_and(|title| title.contains("หลังน้ำลด")), "{titles:?}");
        assert_eq!(found(Viewer::System("test")), 3);
        assert_eq!(found(Viewer::Anonymous), 0);
    });
}
