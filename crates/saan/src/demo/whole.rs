//! The demo people see: three networks, planted day by day through the public functions of the features, with a clock
//! that goes through the past year.

use std::collections::HashMap;

use app::{dates, giving, introductions, joining, members, networks, ties, transfer};
use formats::intake::{Intake, Known, Options};
use network::introduction::Worth;
use network::vocabulary::{
    ActorKind, Benefit, Consent, Direction, MembershipState, Mode, NetworkOrigin, OrgType, Outcome, Relation,
    Role, Side, SizeBand, Terms, TieOrigin, Urgency, Visibility,
};
use store::ids::{ActorId, IntentId, TieId};
use store::journal::{Act, Entry};
use store::{Acting, Clock, Database, Error, Micros, Settings, Viewer, Writing};

use super::given;
use super::plot::{self, Member, Step, Tie, YEAR};
use super::tables::{self, rows, word};
use super::weaving;
use super::{ACCOUNTS, NURSES, PASSWORD, PERSONS};

/// So many days are written in one transaction, at its last moment.
const FORTNIGHT: i64 = 14;

/// The networks in the order of [`tables::MEMBERS`]: name, what it is for, how it came to be, who introduces.
const NETWORKS: [(&str, &str, NetworkOrigin, &str); 3] = [
    (NURSES.0, NURSES.1, NetworkOrigin::Grassroots, "พี่ดา"),
    ("อาสาเฝ้าฟ้าภาคเหนือ", "คนวัดฝน คนเฝ้าน้ำ และคนดับไฟป่า ที่บอกข่าวกันก่อนภัยมาถึง", NetworkOrigin::Evolved, "น้าหมอก"),
    (
        "เครือข่ายเกษตรอินทรีย์ล้านนา",
        "คนปลูก คนแปรรูป และคนกิน ที่อยากให้ดินดีและขายได้",
        NetworkOrigin::Established,
        "แม่นงค์",
    ),
];

/// Plants three networks with a year behind them in an empty store; a store that has accounts already is left as it
/// is.
///
/// # Errors
/// The database's own.
pub fn plant_whole(settings: &Settings) -> Result<(), Error> {
    let today = settings.clock.now();
    let clock = Clock::fake(today.plus(-YEAR * Micros::DAY));
    let db = Database::open(&settings.clone().with_clock(clock.clone()))?;
    if db.read(&Viewer::System("demo"), joining::any_account)? {
        return Ok(());
    }
    let mut planting = Planting {
        first: clock.now(),
        today,
        hash: joining::hash_password(PASSWORD)?,
        networks: Vec::new(),
        actors: HashMap::new(),
        came: HashMap::new(),
        intents: Vec::new(),
        ties: Vec::new(),
    };
    db.write(&Acting::system("demo"), |w| {
        planting.found(w)?;
        w.finished(())
    })?;
    let steps = plot::year()?;
    for fortnight in steps.chunk_by(|(a, _), (b, _)| a / FORTNIGHT == b / FORTNIGHT) {
        let Some((day, _)) = fortnight.first() else { continue };
        let end = planting.first.plus((day / FORTNIGHT + 1) * FORTNIGHT * Micros::DAY);
        let end = Micros(end.0.min(today.0 - Micros::HOUR));
        clock.advance(end.0 - clock.now().0);
        db.write(&Acting::system("demo"), |w| {
            for (day, step) in fortnight {
                planting.take(w, *day, step)?;
            }
            w.finished(())
        })?;
    }
    planting.gather(&db)?;
    let known =
        weaving::Known { actors: &planting.actors, networks: &planting.networks, ties: &planting.ties };
    weaving::weave(&db, &clock, Micros(today.0 - Micros::HOUR), &known)?;
    given::plant(&db, planting.network(0)?, &planting.actors, db.now())
}

/// What is known while planting.
struct Planting {
    first: Micros,
    today: Micros,
    /// The password of everybody, hashed once.
    hash: String,
    networks: Vec<ActorId>,
    /// By nickname.
    actors: HashMap<&'static str, ActorId>,
    /// Those with an account in each network, in the order they came.
    came: HashMap<usize, Vec<ActorId>>,
    /// Whose, its text, its id.
    intents: Vec<(&'static str, &'static str, IntentId)>,
    /// The two ends of each tie.
    ties: Vec<(ActorId, ActorId, TieId)>,
}

impl Planting {
    fn found(&mut self, w: &mut Writing<'_>) -> Result<(), Error> {
        self.networks.clear();
        for (name, about, origin, _) in NETWORKS {
            let founding =
                networks::Founding { name: name.to_owned(), about: about.to_owned(), origin, founder: None };
            self.networks.push(networks::found(w, &founding)?);
        }
        Ok(())
    }

    fn actor(&self, nickname: &str) -> Result<ActorId, Error> {
        word(self.actors.get(nickname).copied(), nickname)
    }

    fn network(&self, at: usize) -> Result<ActorId, Error> {
        word(self.networks.get(at).copied(), "network")
    }

    /// The first network of this member.
    fn home(&self, nickname: &str) -> Result<ActorId, Error> {
        let found = tables::MEMBERS.iter().position(|(_, text)| {
            text.lines().any(|line| line.split('|').next().is_some_and(|cell| cell.trim() == nickname))
        });
        self.network(word(found, nickname)?)
    }

    /// The offer or need of this owner whose text has these words.
    fn intent(&self, owner: &str, words: &str) -> Result<IntentId, Error> {
        let found =
            self.intents.iter().rev().find(|(whose, text, _)| *whose == owner && text.contains(words));
        word(found.map(|(.., id)| *id), words)
    }

    fn take(&mut self, w: &mut Writing<'_>, day: i64, step: &Step) -> Result<(), Error> {
        match step {
            Step::Enter(member) => self.enter(w, member),
            Step::Belong(row) => self.belong(w, *row),
            Step::Post(row, ends) => self.post(w, *row, *ends),
            Step::Ask([owner, category, text, ..]) => {
                let mut draft = giving::Draft::new(Side::Need, text);
                draft.categories = vec![(*category).to_owned()];
                draft.visibility = Some(Visibility::Network);
                let id = giving::post(w, self.actor(owner)?, self.home(owner)?, &draft)?;
                self.intents.push((*owner, *text, id));
                Ok(())
            }
            Step::Met([owner, _, text, by, how]) => {
                giving::close_met(w, self.intent(owner, text)?, Some(self.actor(by)?), how)
            }
            Step::Bind(tie) => self.bind(w, tie),
            Step::Log { network, one, other, channel, outcome, summary } => {
                let id = ties::log(
                    w,
                    &ties::ContactDraft {
                        who: vec![self.actor(one)?, self.actor(other)?],
                        network: Some(self.network(*network)?),
                        at: self.first.plus(day * Micros::DAY),
                        whole_day: true,
                        origin: ties::ContactOrigin::Manual,
                        channel: *channel,
                        direction: Direction::Mutual,
                        summary: (*summary).to_owned(),
                        outcome: *outcome,
                    },
                )?;
                w.record(&Entry::new(Act::Do, "ties.log", id.0).fields(&["contact"]))
            }
            Step::Matter(row) => self.matter(w, *row),
        }
    }

    fn enter(&mut self, w: &mut Writing<'_>, member: &Member) -> Result<(), Error> {
        let id = members::enter(w, &sketch(member)?)?;
        w.record(&Entry::new(Act::Administer, "members.enter", id.0).fields(&["actor"]))?;
        self.actors.insert(member.nickname, id);
        let role = word(Role::from_word(member.role), member.role)?;
        members::join(w, self.network(member.network)?, id, role, "", MembershipState::Member)?;
        if member.kind != "p" || member.mark == "pending" {
            return Ok(());
        }
        let manner = if member.mark == "unclaimed" { "told_coordinator" } else { "own_account" };
        members::record_consent(w, id, Consent::Given, manner, "")?;
        if member.mark == "unclaimed" {
            return Ok(());
        }
        self.bring(w, member.network, id)?;
        let named = PERSONS.iter().position(|(nickname, _)| *nickname == member.nickname);
        let Some((account, role)) = named.and_then(|at| ACCOUNTS.get(at)) else {
            joining::open_account_hashed(w, id, &member.phone, &self.hash, "th")?;
            return Ok(());
        };
        joining::open_account(w, id, account, PASSWORD, *role == Role::Coordinator)?;
        if *role == Role::Coordinator {
            // who weaves one network is a plain member of another
            let farmers = self.network(plot::network_of("farmers")?)?;
            members::join(w, farmers, id, Role::Member, "", MembershipState::Member)?;
        }
        Ok(())
    }

    /// Three of five came by the invitation of somebody who was there: some brought several, most brought nobody.
    fn bring(&mut self, w: &mut Writing<'_>, network: usize, id: ActorId) -> Result<(), Error> {
        let whole = self.network(network)?;
        let came = self.came.entry(network).or_default();
        let at = came.len();
        if let Some(by) = came.get(at * 2 / 5).filter(|_| at % 5 > 1) {
            joining::bring(w, whole, id, *by)?;
        }
        came.push(id);
        Ok(())
    }

    fn belong(&self, w: &mut Writing<'_>, [part, whole, title, steward]: [&str; 4]) -> Result<(), Error> {
        let (part, whole) = (self.actor(part)?, self.actor(whole)?);
        members::join(w, whole, part, Role::Member, title, MembershipState::Member)?;
        if steward == "steward" {
            joining::add_steward(w, whole, part)?;
        }
        Ok(())
    }

    fn post(&mut self, w: &mut Writing<'_>, row: [&'static str; 8], ends: i64) -> Result<(), Error> {
        let [owner, side, categories, mode, terms, urgency, visibility, text] = row;
        let (owner, network) = match owner.split_once('@') {
            Some((owner, network)) => (owner, self.network(plot::network_of(network)?)?),
            None => (owner, self.home(owner)?),
        };
        let mut draft = giving::Draft::new(word(Side::from_word(side), side)?, text);
        draft.categories = categories.split_whitespace().map(str::to_owned).collect();
        draft.mode = word(Mode::from_word(mode), mode)?;
        draft.terms = word(Terms::from_word(terms), terms)?;
        draft.urgency = word(Urgency::from_word(urgency), urgency)?;
        draft.visibility = Visibility::from_word(visibility);
        draft.valid_until = Some(self.today.plus(ends * Micros::DAY));
        draft.capacity = 2;
        draft.everywhere = draft.mode != Mode::Onsite;
        if draft.mode == Mode::Onsite {
            draft.areas = plot::members()?
                .iter()
                .find(|member| member.nickname == owner)
                .and_then(|member| thai::places::resolve(member.province, "", "").place)
                .map(|place| place.iso())
                .into_iter()
                .collect();
        }
        let id = giving::post(w, self.actor(owner)?, network, &draft)?;
        self.intents.push((owner, text, id));
        Ok(())
    }

    fn bind(&mut self, w: &mut Writing<'_>, tie: &Tie) -> Result<(), Error> {
        let network = self.network(tie.network)?;
        let introducer = NETWORKS.get(tie.network).map(|(.., introducer)| *introducer);
        let introduced_by = match introducer.filter(|_| tie.origin == TieOrigin::Introduction) {
            Some(introducer) => Some(self.actor(introducer)?),
            None => None,
        };
        let id = ties::bind(
            w,
            &ties::Bound {
                subject: self.actor(tie.one)?,
                object: self.actor(tie.other)?,
                network: Some(network),
                relation: tie.relation,
                origin: tie.origin,
                introduced_by,
                offers: tie.offers,
                asks: tie.asks,
                benefit: tie.benefit,
            },
        )?;
        self.ties.push((self.actor(tie.one)?, self.actor(tie.other)?, id));
        w.record(&Entry::new(Act::Do, "ties.bind", id.0).in_network(network).fields(&["tie"]))
    }

    fn matter(&self, w: &mut Writing<'_>, row: [&'static str; 6]) -> Result<(), Error> {
        let [kind, one, other, third, words, more] = row;
        let (a, b) = (self.actor(one)?, self.actor(other)?);
        let network = self.home(other)?;
        match kind {
            "introduced" | "asked" => {
                let id = introductions::ask_both(w, network, self.actor(third)?, (a, ""), (b, more), words)?;
                let Some(id) = id.filter(|_| kind == "introduced") else { return Ok(()) };
                for side in [a, b] {
                    introductions::put_answer(w, id, side, "yes", "")?;
                }
                Ok(())
            }
            "wanted" | "offered" | "worth" => self.introduction(w, network, (a, b), row),
            "proposed" => {
                let draft = ties::Draft {
                    object: b,
                    relation: word(Relation::from_word(third), third)?,
                    said_by: ties::SaidBy::Subject,
                    words: ties::Words {
                        offers: words.to_owned(),
                        asks: more.to_owned(),
                        benefit: String::new(),
                    },
                };
                match ties::propose(w, a, Some(network), &draft) {
                    Err(ties::TieError::Store(error)) => Err(error),
                    // whoever is tied already needs no proposal
                    Ok(_) | Err(_) => Ok(()),
                }
            }
            _ => giving::put_reply(w, self.intent(other, third)?, a, words),
        }
    }

    /// What members themselves do about introductions: ask for one, offer one, say whether it was worth it.
    fn introduction(
        &self,
        w: &mut Writing<'_>,
        network: ActorId,
        (a, b): (ActorId, ActorId),
        [kind, _, _, third, words, more]: [&'static str; 6],
    ) -> Result<(), Error> {
        use app::introductions::{Ask, IntroductionError, Offer, Verdict, Via};
        let done = match kind {
            "wanted" => {
                let ask = Ask {
                    other: b,
                    via: Via::Member(self.actor(third)?),
                    purpose: Benefit::Knowledge,
                    reason: words.to_owned(),
                    other_gains: String::new(),
                    note: more.to_owned(),
                };
                introductions::ask_for(w, network, a, &ask).map(|_| ())
            }
            "offered" => {
                let offer = Offer {
                    a,
                    b,
                    purpose: Benefit::Relationship,
                    reason: words.to_owned(),
                    a_gains: more.to_owned(),
                    b_gains: String::new(),
                    words: String::new(),
                };
                introductions::put_offer(w, network, self.actor(third)?, &offer).map(|_| ())
            }
            _ => {
                let Some(id) = introductions::met(w, a, b)? else { return Ok(()) };
                let verdict = Verdict {
                    worth: Worth::Yes,
                    outcome: word(Outcome::from_word(third), third)?,
                    thanks: words.to_owned(),
                    shared: true,
                };
                introductions::put_worth(w, id, a, &verdict).map_err(IntroductionError::from)
            }
        };
        match done {
            Err(IntroductionError::Store(error)) => Err(error),
            // whom chance tied already needs no introduction
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Brings the gatherings in, as a calendar file of each network would.
    fn gather(&self, db: &Database) -> Result<(), Error> {
        let gatherings = rows::<6>(tables::GATHERINGS)?;
        for (at, (name, _)) in tables::MEMBERS.into_iter().enumerate() {
            let mut calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Saan//demo//TH\r\n".to_owned();
            for (number, [network, days, hour, hours, title, place]) in gatherings.iter().enumerate() {
                if *network != name {
                    continue;
                }
                let count = |text: &str| word(text.parse::<i64>().ok(), text);
                let date =
                    dates::day(self.today.plus(count(days)? * Micros::DAY)).to_string().replace('-', "");
                let (from, hours) = (count(hour)?, count(hours)?);
                calendar.push_str(&format!(
                    "BEGIN:VEVENT\r\nUID:demo-{number}@saan.example\r\nSUMMARY:{title}\r\nLOCATION:{place}\r\n\
                     DTSTART;TZID=Asia/Bangkok:{date}T{from:02}0000\r\n\
                     DTEND;TZID=Asia/Bangkok:{date}T{:02}0000\r\nEND:VEVENT\r\n",
                    from + hours
                ));
            }
            calendar.push_str("END:VCALENDAR\r\n");
            let known = Known::default();
            let plan = Intake::new(&known, Options::default())
                .read("calendar.ics", calendar.as_bytes())
                .map_err(|refusal| Error::Fault(refusal.message(thai::Lang::English)))?;
            transfer::bring_in(db, &Acting::system("demo"), self.network(at)?, &known, &[plan], None)?;
        }
        Ok(())
    }
}

fn sketch(member: &Member) -> Result<members::Sketch, Error> {
    let kind = match member.kind {
        "p" => ActorKind::Person,
        "g" => ActorKind::Group,
        _ => ActorKind::Organization,
    };
    let mut sketch = members::Sketch::named(kind, member.name);
    if kind == ActorKind::Person {
        sketch.nickname = member.nickname.to_owned();
        sketch.profession = member.profession.to_owned();
        sketch.position = member.position.to_owned();
    } else {
        let (org, size) = word(member.profession.split_once(':'), member.profession)?;
        sketch.org_type = Some(word(OrgType::from_word(org), org)?);
        sketch.size_band = Some(word(SizeBand::from_word(size), size)?);
    }
    sketch.bio = member.about.to_owned();
    let place = thai::places::resolve(member.province, member.district, "").place;
    let place = word(place, member.district)?;
    sketch.province = Some(place.province().iso());
    sketch.district = Some(word(place.district(), member.district)?.number().to_string());
    if member.mark == "hidden" {
        sketch.visibility = Visibility::Private;
        sketch.may_be_suggested = false;
    }
    let phone = word(thai::phones::Phone::parse(&member.phone), &member.phone)?;
    // those without internet are reached by phone; the others by it once they are tied
    let seen = if member.mark == "unclaimed" { Visibility::Network } else { Visibility::Tie };
    sketch.contact_points.push(("phone", phone.e164().to_owned(), phone.grouped(), seen));
    let capabilities = |codes: &str, learn| -> Vec<(String, bool)> {
        codes.split_whitespace().map(|code| (code.to_owned(), learn)).collect()
    };
    sketch.capabilities = capabilities(member.can, false);
    sketch.capabilities.extend(capabilities(member.learn, true));
    let cards = rows::<6>(tables::CARDS)?;
    if let Some([_, capacity, hours, limits, avoid, matters]) =
        cards.into_iter().find(|[nickname, ..]| *nickname == member.nickname)
    {
        sketch.capacity_a_month = word(capacity.parse().ok(), capacity)?;
        sketch.contact_hours = hours.to_owned();
        sketch.context_limits = limits.to_owned();
        sketch.context_avoid = avoid.to_owned();
        sketch.context_matters = matters.to_owned();
    }
    Ok(sketch)
}
