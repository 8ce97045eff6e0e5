//! Ties of groups with groups and of networks with networks: proposed by who acts for one, answered by who acts for the
//! other, in the words of both.

use axum::http::StatusCode;
use network::vocabulary::{ActorKind, Consent, MembershipState, Role};
use store::ids::ActorId;
use store::journal::{Act, Entry};
use store::{Acting, Error};

use crate::rhythm::id_of;
use crate::site::{Site, on_demo};
use crate::timeline::{kept, tie_with};

/// A group, or a network, of the demo's network, for whom one person acts.
fn acted_for(site: &Site, kind: ActorKind, name: &str, steward: ActorId) -> ActorId {
    site.db
        .write::<_, Error>(&Acting::system("test"), |w| {
            let network: ActorId =
                w.one("SELECT id FROM actor WHERE kind = 'network' ORDER BY id LIMIT 1", &[])?;
            let id = app::members::enter(w, &app::members::Sketch::named(kind, name))?;
            app::members::join(w, network, id, Role::Member, "", MembershipState::Member)?;
            app::members::record_consent(w, id, Consent::Given, "paper", "")?;
            app::joining::add_steward(w, id, steward)?;
            w.done(&Entry::new(Act::Administer, "test.enter", id.0), id)
        })
        .unwrap()
}

/// From the proposal to the contact between two who act through somebody.
fn tie_two(site: &Site, kind: ActorKind, relation: &str, said: [&str; 2]) {
    let (da, nan) = (id_of(site, "coordinator"), id_of(site, "member"));
    let north = acted_for(site, kind, "ฝ่ายเหนือ", da);
    let south = acted_for(site, kind, "ฝ่ายใต้", nan);
    let (one, other, third) =
        (site.sign_in("coordinator"), site.sign_in("member"), site.sign_in("supporter"));
    assert_eq!(third.post(&format!("/joining/act-as/{north}"), &[]).status, StatusCode::NOT_FOUND);
    one.done(&format!("/joining/act-as/{north}"), &[]);
    let whom = south.to_string();
    let fields = [
        ("with", whom.as_str()),
        ("relation", relation),
        ("offers", "แบ่งเมล็ดพันธุ์"),
        ("asks", "ช่วยเฝ้าระวังไฟป่า"),
        ("benefit", "สองฝั่งดอยปลอดภัย"),
    ];
    let tie = one.done("/ties/new", &fields);
    // as themselves they are not of the two: the person cannot answer for the group, nor can the one who proposed
    assert!(!other.page("/today").contains("แบ่งเมล็ดพันธุ์"));
    let answer = format!("{tie}/answer");
    assert_eq!(other.post(&answer, &[("answer", "yes")]).status, StatusCode::NOT_FOUND);
    assert_ne!(one.post(&answer, &[("answer", "yes")]).status, StatusCode::SEE_OTHER, "not one's own");
    assert_eq!(third.get(&tie).status, StatusCode::NOT_FOUND);
    assert!(one.page(&tie).contains("รอคำตอบ"));

    other.done(&format!("/joining/act-as/{south}"), &[]);
    assert!(other.page("/today").contains("แบ่งเมล็ดพันธุ์"), "who acts for it is asked");
    assert!(other.page(&tie).contains("ช่วยเฝ้าระวังไฟป่า"));
    other.done(
        &answer,
        &[("answer", "yes"), ("offers", "ส่งอาสาดับไฟ"), ("asks", "ขอวิทยุสื่อสาร"), ("benefit", "ไม่ต้องเฝ้าคนเดียว")],
    );
    for (who, says, own, theirs) in [(&one, said[0], north, south), (&other, said[1], south, north)] {
        let page = who.page(&tie);
        assert!(page.contains("เชื่อมกันแล้ว") && page.contains(says), "{says}: {page}");
        for words in
            ["แบ่งเมล็ดพันธุ์", "ช่วยเฝ้าระวังไฟป่า", "สองฝั่งดอยปลอดภัย", "ส่งอาสาดับไฟ", "ขอวิทยุสื่อสาร", "ไม่ต้องเฝ้าคนเดียว"]
        {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert_eq!(tie_with(who, theirs), tie);
        assert!(who.page("/ties").contains(&format!("href=\"{tie}\"")));
        assert_eq!(kept(site, own, theirs).row.touch_on, None);
    }
    let contact = [("channel", "meeting"), ("answered", "mutual"), ("once", "groups-meet-1")];
    one.done(&format!("/ties/contact/{south}"), &contact);
    for (own, theirs) in [(north, south), (south, north)] {
        assert!(kept(site, own, theirs).row.touch_on.is_some(), "what one writes down moves both");
    }
    assert!(other.page(&tie).contains("ติดต่อกันอยู่"));
    // back as themselves, neither is of the two
    one.done(&format!("/joining/act-as/{da}"), &[]);
    assert!(!one.page("/ties").contains(&format!("href=\"{tie}\"")), "the group's ties are the group's");
}

#[test]
fn a_group_is_tied_to_a_group() {
    on_demo(|site| tie_two(site, ActorKind::Group, "supplies", ["ส่งของให้เขา", "รับของจากเขา"]));
}

#[test]
fn a_network_is_tied_to_a_network() {
    on_demo(|site| tie_two(site, ActorKind::Network, "partner", ["ภาคี", "ภาคี"]));
}
