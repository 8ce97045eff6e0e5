//! Networks of made-up people in natural Thai, to try things out and to test on: the same every time. [`plant`] is the
//! small one for tests, [`plant_whole`] the one people see: three networks with a year behind them.

mod chance;
mod given;
mod plot;
mod tables;
mod weaving;
mod whole;

use app::{joining, members, networks};
use network::vocabulary::{ActorKind, Consent, MembershipState, NetworkOrigin, Role};
use store::ids::ActorId;
use store::journal::{Act, Entry};
use store::{Acting, Database, Error, Settings};

pub use whole::plant_whole;

/// The three accounts: user name and role.
pub const ACCOUNTS: [(&str, Role); 3] =
    [("coordinator", Role::Coordinator), ("member", Role::Member), ("supporter", Role::Supporter)];
/// Who they are: nickname and name.
const PERSONS: [(&str, &str); 3] =
    [("พี่ดา", "ดารุณี แสงทอง"), ("แนน", "นันทิดา ใจงาม"), ("อาจารย์วิทย์", "วิทยา รุ่งเรืองกิจ")];
/// The password of all three.
pub const PASSWORD: &str = "saan-demo";

/// The first network: name and what it is for.
const NURSES: (&str, &str) =
    ("เครือข่ายพยาบาลวิชาชีพภาคเหนือ", "พยาบาลจากโรงพยาบาลและ รพ.สต. ที่ช่วยกันเติบโตในวิชาชีพและดูแลชุมชน");

/// What the journal says once the whole demo is planted: by it a store is known to be a demo's.
pub const WHOLE: &str = "demo.given";

/// Plants three persons in one network in an empty store; a store that has accounts already is left as it is.
///
/// # Errors
/// The database's own.
pub fn plant(settings: &Settings) -> Result<(), Error> {
    let db = Database::open(settings)?;
    if db.read(&store::Viewer::System("demo"), joining::any_account)? {
        return Ok(());
    }
    db.write(&Acting::system("demo"), |w| {
        let network = networks::found(
            w,
            &networks::Founding {
                name: NURSES.0.to_owned(),
                about: NURSES.1.to_owned(),
                origin: NetworkOrigin::Grassroots,
                founder: None,
            },
        )?;
        for ((account, role), (nickname, name)) in ACCOUNTS.iter().zip(PERSONS) {
            let id = person(w, network, nickname, name, *role)?;
            joining::open_account(w, id, account, PASSWORD, *role == Role::Coordinator)?;
        }
        w.done(&Entry::new(Act::Administer, "demo.plant", network.0), ())
    })
}

fn person(
    w: &mut store::Writing<'_>,
    network: ActorId,
    nickname: &str,
    name: &str,
    role: Role,
) -> Result<ActorId, Error> {
    let mut sketch = members::Sketch::named(ActorKind::Person, name);
    sketch.nickname = nickname.to_owned();
    let id = members::enter(w, &sketch)?;
    w.record(&Entry::new(Act::Administer, "members.enter", id.0).in_network(network).fields(&["actor"]))?;
    members::join(w, network, id, role, "", MembershipState::Member)?;
    members::record_consent(w, id, Consent::Given, "demo", "")?;
    Ok(id)
}
