//! Keeping one's word: the network's share is everybody's from five people on, one's own record nobody's but one's own.

use network::vocabulary::PromiseState;
use serde_json::Value;
use store::ids::ActorId;
use store::journal::{Act, Entry};
use store::{Acting, audience, params};

use crate::joining::own_id;
use crate::rhythm::{id_of, newcomer};
use crate::silence::{Observed, differences, observe, without_ids};
use crate::site::{Site, on_demo};

/// A promise that was settled yesterday.
fn settled(site: &Site, provider: ActorId, receiver: ActorId, state: PromiseState) {
    site.db
        .write::<_, store::Error>(&Acting::system("test"), |w| {
            let network: ActorId = w.one("SELECT id FROM actor WHERE kind = 'network'", &[])?;
            let (id, now) = (w.new_id(), w.now());
            let day = now.day(7) - 1;
            w.execute(
                "INSERT INTO promise (id, network_id, provider_id, receiver_id, proposed_by, what, due_on, state, \
                 words, settled_on, created_at, updated_at, version) \
                 VALUES ($1, $2, $3, $4, $3, 'ช่วยขนของ', $5, $6, '', $5, $7, $7, 1)",
                params![id, network, provider, receiver, day, state.word(), now],
            )?;
            audience::set(w, id, &[audience::own(provider), audience::own(receiver)])?;
            w.done(&Entry::new(Act::Do, "test.write", id), ())
        })
        .unwrap();
}

#[test]
fn the_networks_share_of_kept_promises_shows_from_five_people_on() {
    on_demo(|site| {
        let receiver = id_of(site, "coordinator");
        let share = |name: &str| {
            let person = site.sign_in(name);
            let page = person.page("/exchanges/network");
            let section = page.split("<h2>รักษาคำพูด</h2>").nth(1).unwrap();
            let section = section.split("</section>").next().unwrap().to_owned();
            let api: Value = serde_json::from_str(&person.page("/api/v1/exchanges/network")).unwrap();
            (section, api["promises_kept"].clone())
        };
        let everybody = ["member", "coordinator", "supporter"];
        for i in 0..4 {
            let state = if i == 0 { PromiseState::Broken } else { PromiseState::Kept };
            let provider = newcomer(site, &format!("คนที่ {i}"));
            settled(site, provider, receiver, state);
            settled(site, provider, receiver, PromiseState::Kept);
        }
        for name in everybody {
            let (page, api) = share(name);
            assert!(page.contains("ยังมีน้อยเกินกว่าจะบอกเป็นตัวเลข") && !page.contains("ร้อยละ"), "{page}");
            assert!(api.is_null(), "eight promises of four people: {api}");
        }
        settled(site, newcomer(site, "คนที่ห้า"), receiver, PromiseState::Late);
        let seen = everybody.map(share);
        assert!(seen.iter().all(|one| *one == seen[0]), "everybody is shown the same: {seen:?}");
        let (page, api) = &seen[0];
        // seven kept of nine
        assert!(page.contains("ประมาณร้อยละ 78 จาก 9 เรื่อง"), "{page}");
        assert!(!api.is_null());
        assert!(!page.contains("คนที่"), "and names nobody: {page}");
    });
}

/// The same life twice, once with promises kept and once with promises broken: only the one who gave them, and each time
/// the one who got them, can tell.
#[test]
fn nobody_sees_how_another_keeps_their_word() {
    for (got_them, uninvolved) in [("supporter", "coordinator"), ("coordinator", "supporter")] {
        let lived = |state: PromiseState| {
            let seen = std::cell::RefCell::new(Vec::<(Observed, String, String)>::new());
            on_demo(|site| {
                let ids = ["member", got_them].map(|name| own_id(&site.sign_in(name)));
                for _ in 0..3 {
                    settled(site, ids[0].parse().unwrap(), ids[1].parse().unwrap(), state);
                }
                let person = site.sign_in(uninvolved);
                let mut all = observe(&person, &ids, "itr_0000000000004");
                for path in [
                    format!("/promises/new?with={}", ids[0]),
                    format!("/api/v1/members/{}/vouches", ids[0]),
                    "/transfer/export/json".to_owned(),
                    "/transfer/mine/json".to_owned(),
                ] {
                    let reply = person.get(&path);
                    all.push((path, format!("{} {}", reply.status.as_u16(), without_ids(&reply.body))));
                }
                let receiver = site.sign_in(got_them);
                for path in ["/promises".to_owned(), format!("/members/{}", ids[0])] {
                    let page = receiver.page(&path);
                    assert!(!page.contains("คำพูดของคุณ"), "who got them sees promises and no record: {page}");
                }
                let member = site.sign_in("member");
                let own = member.page("/promises");
                seen.borrow_mut().push((all, own, member.page("/api/v1/promises/record")));
            });
            seen.into_inner()
        };
        for (kept, broken) in lived(PromiseState::Kept).iter().zip(&lived(PromiseState::Broken)) {
            let found = differences(&kept.0, &broken.0);
            assert!(found.is_empty(), "{uninvolved} can tell: {}", found.join("\n"));
            let line = |page: &str, words: &str| assert!(page.contains(words), "{words}: {page}");
            line(&kept.1, "ทำตามที่รับปาก 3 เรื่อง · ช้ากว่าวันที่บอก 0 เรื่อง · ไม่ได้ทำ 0 เรื่อง");
            line(&broken.1, "ทำตามที่รับปาก 0 เรื่อง · ช้ากว่าวันที่บอก 0 เรื่อง · ไม่ได้ทำ 3 เรื่อง");
            assert_ne!(kept.2, broken.2, "one's own record is there for oneself");
        }
    }
}
