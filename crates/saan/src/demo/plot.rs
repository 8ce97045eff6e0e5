//! The year before today: what happened on which day. Told from the tables where they speak of it; the rest is drawn
//! with a fixed seed.

use std::collections::HashSet;

use network::vocabulary::{Channel, Outcome, Relation, TieOrigin};
use store::Error;

use super::chance::Chance;
use super::tables::{self, rows, word};

/// Days from the first to today.
pub const YEAR: i64 = 365;
const SEED: u64 = 2569;

/// One row of a members' table.
#[derive(Debug, Clone)]
pub struct Member {
    pub network: usize,
    pub nickname: &'static str,
    pub kind: &'static str,
    pub name: &'static str,
    pub profession: &'static str,
    pub position: &'static str,
    pub district: &'static str,
    pub province: &'static str,
    pub role: &'static str,
    pub mark: &'static str,
    pub can: &'static str,
    pub learn: &'static str,
    pub about: &'static str,
    /// Made up; no such number is given out.
    pub phone: String,
}

/// What happens.
#[derive(Debug, Clone)]
pub enum Step {
    Enter(Box<Member>),
    Belong([&'static str; 4]),
    /// A row of the table of offers and needs, and in how many days from today it ends.
    Post([&'static str; 8], i64),
    /// A need that will be met.
    Ask([&'static str; 5]),
    Met([&'static str; 5]),
    Bind(Tie),
    Log {
        network: usize,
        one: &'static str,
        other: &'static str,
        channel: Channel,
        outcome: Outcome,
        summary: &'static str,
    },
    /// What is still open today, or was introduced before: a row of that table.
    Matter([&'static str; 6]),
}

/// A tie that both agreed to.
#[derive(Debug, Clone)]
pub struct Tie {
    pub network: usize,
    pub one: &'static str,
    pub other: &'static str,
    pub relation: Relation,
    pub origin: TieOrigin,
    pub offers: &'static str,
    pub asks: &'static str,
    pub benefit: &'static str,
}

/// The members of all networks.
///
/// # Errors
/// [`Error::Fault`] naming a row that is not right.
pub fn members() -> Result<Vec<Member>, Error> {
    let mut members = Vec::new();
    for (network, (_, text)) in tables::MEMBERS.into_iter().enumerate() {
        for row in rows::<12>(text)? {
            let [
                nickname,
                kind,
                name,
                profession,
                position,
                district,
                province,
                role,
                mark,
                can,
                learn,
                about,
            ] = row;
            let number = members.len();
            let phone = format!("08{}-000-{:04}", number % 9 + 1, 1000 + number * 7);
            members.push(Member {
                network,
                nickname,
                kind,
                name,
                profession,
                position,
                district,
                province,
                role,
                mark,
                can,
                learn,
                about,
                phone,
            });
        }
    }
    Ok(members)
}

/// The whole year, day by day; of one day in the order things need each other.
///
/// # Errors
/// [`Error::Fault`] naming a row that is not right.
pub fn year() -> Result<Vec<(i64, Step)>, Error> {
    let members = members()?;
    let mut chance = Chance::seeded(SEED);
    let mut steps = Vec::new();
    for (at, member) in members.iter().enumerate() {
        // coordinators and organizations are there from the start; the others come over four months
        let first =
            member.role == "coordinator" || member.kind != "p" || !member.mark.is_empty() || at % 4 == 0;
        let day = match member.mark {
            "pending" => chance.day(YEAR - 40, YEAR - 3),
            _ if first => 0,
            _ => chance.day(1, 120),
        };
        steps.push((day, Step::Enter(Box::new(member.clone()))));
    }
    for row in rows::<4>(tables::BELONGING)? {
        steps.push((125, Step::Belong(row)));
    }
    giving(&mut chance, &mut steps)?;
    ties(&members, &mut chance, &mut steps)?;
    for row in rows::<6>(tables::WAITING)? {
        let day = match row {
            ["introduced", ..] => chance.day(150, YEAR - 30),
            _ => YEAR - 1,
        };
        steps.push((day, Step::Matter(row)));
    }
    // stable: of one day in the order above
    steps.sort_by_key(|(day, _)| *day);
    Ok(steps)
}

fn giving(chance: &mut Chance, steps: &mut Vec<(i64, Step)>) -> Result<(), Error> {
    for row in rows::<5>(tables::MET)? {
        let day = chance.day(130, YEAR - 60);
        steps.push((day, Step::Ask(row)));
        steps.push((day + chance.day(5, 35), Step::Met(row)));
    }
    let mut ending = HashSet::new();
    for row in rows::<8>(tables::GIVING)? {
        let [owner, ..] = row;
        // the three accounts have one each that wants renewing
        let accounts = super::PERSONS.iter().any(|(nickname, _)| *nickname == owner);
        let ends = if accounts && ending.insert(owner) { 5 } else { chance.day(20, 170) };
        steps.push((chance.day(YEAR - 150, YEAR - 4), Step::Post(row, ends)));
    }
    Ok(())
}

fn ties(members: &[Member], chance: &mut Chance, steps: &mut Vec<(i64, Step)>) -> Result<(), Error> {
    let told = told_ties(members)?;
    let drawn = drawn_ties(members, &told, chance)?;
    let contacts = contacts()?;
    for (tie, latest, often) in
        told.into_iter().map(|tie| (tie, 200, 3)).chain(drawn.into_iter().map(|tie| (tie, 300, 1)))
    {
        let day = chance.day(126, latest);
        let of_network: Vec<_> = contacts.iter().filter(|contact| contact.0 == tie.network).collect();
        for _ in 0..often + chance.below(2) {
            let Some(contact) = chance.one_of(&of_network) else { continue };
            let (network, channel, outcome, summary) = **contact;
            let (one, other) = if chance.below(2) == 0 { (tie.one, tie.other) } else { (tie.other, tie.one) };
            let step = Step::Log { network, one, other, channel, outcome, summary };
            steps.push((chance.day(day + 1, YEAR - 1), step));
        }
        steps.push((day, Step::Bind(tie)));
    }
    Ok(())
}

fn told_ties(members: &[Member]) -> Result<Vec<Tie>, Error> {
    rows::<7>(tables::TIES)?
        .into_iter()
        .map(|[one, other, relation, origin, offers, asks, benefit]| {
            // a tie across networks is of the one where both are
            let network = members.iter().find(|m| m.nickname == other).map_or(0, |member| member.network);
            let relation = word(Relation::from_word(relation), relation)?;
            let origin = word(TieOrigin::from_word(origin), origin)?;
            Ok(Tie { network, one, other, relation, origin, offers, asks, benefit })
        })
        .collect()
}

/// Two ties for everybody where there is room, rather with neighbors; the three accounts have only what is told.
fn drawn_ties(members: &[Member], told: &[Tie], chance: &mut Chance) -> Result<Vec<Tie>, Error> {
    const RELATIONS: [Relation; 4] = [Relation::Knows, Relation::Colleague, Relation::Friend, Relation::Peer];
    const ORIGINS: [TieOrigin; 3] = [TieOrigin::Event, TieOrigin::Self_, TieOrigin::Invitation];
    // who waits for an answer or an introduction is not tied yet
    let mut apart: HashSet<(&str, &str)> =
        rows::<6>(tables::WAITING)?.into_iter().map(|[_, one, other, ..]| (one, other)).collect();
    apart.extend(told.iter().map(|tie| (tie.one, tie.other)));
    let open: Vec<&Member> = members
        .iter()
        .filter(|m| m.kind == "p" && !matches!(m.mark, "pending" | "hidden" | "account"))
        .collect();
    let mut drawn = Vec::new();
    for member in &open {
        let mut near = Vec::new();
        for other in &open {
            let same = other.network == member.network && other.nickname != member.nickname;
            if same && (other.province == member.province || chance.below(3) == 0) {
                near.push(other.nickname);
            }
        }
        for _ in 0..2 {
            let Some(other) = chance.one_of(&near).copied() else { continue };
            let one = member.nickname;
            if apart.contains(&(one, other)) || apart.contains(&(other, one)) {
                continue;
            }
            apart.insert((one, other));
            drawn.push(Tie {
                network: member.network,
                one,
                other,
                relation: chance.one_of(&RELATIONS).copied().unwrap_or(Relation::Knows),
                origin: chance.one_of(&ORIGINS).copied().unwrap_or(TieOrigin::Self_),
                offers: "",
                asks: "",
                benefit: "",
            });
        }
    }
    Ok(drawn)
}

type Contact = (usize, Channel, Outcome, &'static str);

fn contacts() -> Result<Vec<Contact>, Error> {
    rows::<4>(tables::CONTACTS)?
        .into_iter()
        .map(|[network, channel, outcome, summary]| {
            Ok((
                network_of(network)?,
                word(Channel::from_word(channel), channel)?,
                word(Outcome::from_word(outcome), outcome)?,
                summary,
            ))
        })
        .collect()
}

/// The network's place in [`tables::MEMBERS`].
///
/// # Errors
/// [`Error::Fault`] naming a word that is none.
pub fn network_of(named: &str) -> Result<usize, Error> {
    word(tables::MEMBERS.iter().position(|(name, _)| *name == named), named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_right_and_names_only_members() {
        let members = members().unwrap();
        let known: HashSet<&str> = members.iter().map(|member| member.nickname).collect();
        assert_eq!(known.len(), members.len(), "no nickname twice");
        assert!((135..=165).contains(&members.len()), "{} members", members.len());
        for member in &members {
            let place = thai::places::resolve(member.province, member.district, "").place;
            let found = place.and_then(|place| place.district());
            assert!(found.is_some(), "{} lives in {}, {}", member.nickname, member.district, member.province);
        }
        let mut named: Vec<&str> = Vec::new();
        named.extend(
            rows::<8>(tables::GIVING)
                .unwrap()
                .iter()
                .map(|[owner, ..]| owner.split_once('@').map_or(*owner, |(owner, _)| owner)),
        );
        named.extend(
            rows::<4>(tables::BELONGING).unwrap().iter().flat_map(|[part, whole, ..]| [*part, *whole]),
        );
        named.extend(
            rows::<6>(tables::WAITING).unwrap().iter().flat_map(|[_, one, other, ..]| [*one, *other]),
        );
        named.extend(rows::<6>(tables::CARDS).unwrap().iter().map(|[who, ..]| *who));
        for name in named {
            assert!(known.contains(name), "“{name}” is no member");
        }
    }

    #[test]
    fn the_year_is_the_same_every_time_and_nothing_comes_before_its_people() {
        let year = year().unwrap();
        assert_eq!(format!("{year:?}"), format!("{:?}", super::year().unwrap()));
        let mut here: HashSet<&str> = HashSet::new();
        for (day, step) in &year {
            assert!((0..YEAR).contains(day), "day {day}");
            match step {
                Step::Enter(member) => {
                    here.insert(member.nickname);
                }
                Step::Bind(tie) => assert!(here.contains(tie.one) && here.contains(tie.other), "{tie:?}"),
                Step::Log { one, other, .. } => assert!(here.contains(one) && here.contains(other)),
                Step::Belong(_) | Step::Post(..) | Step::Ask(_) | Step::Met(_) | Step::Matter(_) => {}
            }
        }
    }
}
