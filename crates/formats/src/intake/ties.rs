//! Ties from a list (rule 12): both ends must be members already; a relation of ours, or a person decides.

use std::collections::{BTreeMap, HashMap, HashSet};

use thai::dates::{self, DateSystem, PartialDate};
use thai::text::western_digits;

use super::cells;
use super::grid::{DataRow, Grid};
use super::headings::Column;
use super::known::ActorKind;
use super::plan::{
    ActorNo, Meaning, PlannedMembership, PlannedTie, Rejected, Relation, Repeated, Undecided, Warning,
};
use super::roster::{Roster, ShortForms};
use crate::table::Cell;

/// A list of ties, read.
#[derive(Debug, Default)]
pub struct Ties {
    /// Ties that count.
    pub ties: Vec<PlannedTie>,
    /// Rows that say who belongs where.
    pub memberships: Vec<PlannedMembership>,
    /// Rows that are not taken in.
    pub rejected: Vec<Rejected>,
    /// Rows that say again what an earlier one said.
    pub repeated: Vec<Repeated>,
    /// Rows a person must decide on.
    pub undecided: Vec<Undecided>,
    /// Values that were lost.
    pub warnings: Vec<Warning>,
}

/// Two members and what ties them; for undirected ties the smaller number first.
pub type TieKey = (Relation, ActorNo, ActorNo);

/// The key by which two rows say the same.
#[must_use]
pub fn key(relation: Relation, subject: ActorNo, object: ActorNo) -> TieKey {
    if relation.is_directed() || subject <= object {
        (relation, subject, object)
    } else {
        (relation, object, subject)
    }
}

impl Ties {
    /// Ties by the kinds of their ends; groups count as organizations.
    #[must_use]
    pub fn by_kind(&self, roster: &Roster) -> BTreeMap<&'static str, usize> {
        let is_person = |no: ActorNo| roster.get(no).is_some_and(|actor| actor.kind == ActorKind::Person);
        let mut counts = BTreeMap::new();
        for tie in &self.ties {
            let kinds = match (is_person(tie.subject), is_person(tie.object)) {
                (true, true) => "person-person",
                (false, false) => "organisation-organisation",
                _ => "person-organisation",
            };
            *counts.entry(kinds).or_default() += 1;
        }
        counts
    }
}

/// Reads a list of ties. `known` are those that stand already; new ones are added.
pub fn read(grid: &Grid, roster: &mut Roster, known: &mut HashSet<TieKey>) -> Ties {
    let mut ties = Ties::default();
    let mut seen: HashMap<TieKey, super::plan::Source> = HashMap::new();
    for row in &grid.rows {
        let source = row.source;
        match read_row(grid, row, roster) {
            Err(Trouble::Reject(reason)) => ties.rejected.push(Rejected { source, reason }),
            Err(Trouble::Decide(reason, text)) => ties.undecided.push(Undecided { source, reason, text }),
            Ok(Row::Membership(member, organization)) => {
                let again = ties
                    .memberships
                    .iter()
                    .find(|other| other.member == member && other.organization == organization)
                    .and_then(|other| other.sources.first().copied());
                if let Some(same_as) = again {
                    ties.repeated.push(Repeated { source, same_as });
                    continue;
                }
                let new = roster.join(member, organization);
                ties.memberships.push(PlannedMembership {
                    member,
                    organization,
                    role: None,
                    new,
                    sources: vec![source],
                });
            }
            Ok(Row::Tie(subject, object, relation)) => {
                let key = key(relation, subject, object);
                if let Some(same_as) = seen.get(&key) {
                    ties.repeated.push(Repeated { source, same_as: *same_as });
                    continue;
                }
                seen.insert(key, source);
                let (strength, since) = details(grid, row, &mut ties.warnings);
                ties.ties.push(PlannedTie {
                    subject,
                    object,
                    relation,
                    relation_text: cells::said(grid.cell(row, Column::Relation)),
                    strength,
                    since,
                    new: known.insert(key),
                    source,
                });
            }
        }
    }
    ties
}

enum Row {
    Tie(ActorNo, ActorNo, Relation),
    Membership(ActorNo, ActorNo),
}

enum Trouble {
    Reject(&'static str),
    Decide(&'static str, String),
}

fn read_row(grid: &Grid, row: &DataRow, roster: &Roster) -> Result<Row, Trouble> {
    if row.undecodable {
        return Err(Trouble::Reject("undecodable_bytes"));
    }
    let source = cells::said(grid.cell(row, Column::Source));
    let target = cells::said(grid.cell(row, Column::Target));
    let relation = cells::said(grid.cell(row, Column::Relation));
    if source.is_empty() || target.is_empty() {
        return Err(Trouble::Reject("missing_endpoint"));
    }
    if relation.is_empty() {
        return Err(Trouble::Reject("missing_relation"));
    }
    let one = roster.mention(&source, ShortForms::AsWritten);
    let other = roster.mention(&target, ShortForms::AsWritten);
    let same_words = cells::intent_key(&source) == cells::intent_key(&target);
    if same_words || one.actor().is_some() && one.actor() == other.actor() {
        return Err(Trouble::Reject("self_tie"));
    }
    let (subject, object) = ends((&one, &source), (&other, &target))?;
    if is_membership(&relation)
        && matches!((&one, &other), (Meaning::Full(_) | Meaning::Short(_), Meaning::Organization(_)))
    {
        return Ok(Row::Membership(subject, object));
    }
    match self::relation(&relation) {
        Some(relation) => Ok(Row::Tie(subject, object, relation)),
        None => Err(Trouble::Decide("unknown_relation", relation)),
    }
}

/// Who stands at the two ends. An end nobody knows is told before one that several could be: it alone decides that
/// the row cannot become a tie by choosing.
fn ends(one: (&Meaning, &str), other: (&Meaning, &str)) -> Result<(ActorNo, ActorNo), Trouble> {
    for (meaning, text) in [one, other] {
        if *meaning == Meaning::Unknown {
            return Err(Trouble::Decide("unknown_endpoint", text.to_owned()));
        }
    }
    let known = |(meaning, text): (&Meaning, &str)| {
        meaning.actor().ok_or_else(|| Trouble::Decide("ambiguous_endpoint", text.to_owned()))
    };
    Ok((known(one)?, known(other)?))
}

fn is_membership(text: &str) -> bool {
    matches!(
        cells::intent_key(text).as_str(),
        "สมาชิก"
            | "สมาชิกของ"
            | "เป็นสมาชิก"
            | "เป็นสมาชิกของ"
            | "member"
            | "memberof"
    )
}

/// A relation by its word, Thai or ours.
#[must_use]
pub fn relation(text: &str) -> Option<Relation> {
    let key = cells::intent_key(text);
    let other_words = match key.as_str() {
        "รู้จัก" => Some(Relation::Knows),
        "neighbor" => Some(Relation::Neighbour),
        "mou" => Some(Relation::Partner),
        "พี่เลี้ยง" => Some(Relation::Mentors),
        _ => None,
    };
    let own = |relation: &Relation| relation.code() == key || cells::intent_key(relation.thai()) == key;
    other_words.or_else(|| Relation::ALL.iter().copied().find(own))
}

fn details(grid: &Grid, row: &DataRow, warnings: &mut Vec<Warning>) -> (Option<u8>, Option<PartialDate>) {
    let mut warn = |what: &str, cell: &Cell| {
        warnings.push(Warning { source: row.source, what: what.to_owned(), text: cells::text(cell) });
    };
    let strength_cell = grid.cell(row, Column::Strength);
    let strength = match strength(&cells::said(strength_cell)) {
        Ok(strength) => strength,
        Err(what) => {
            warn(what, strength_cell);
            None
        }
    };
    let since_cell = grid.cell(row, Column::Since);
    let since = match since(since_cell) {
        Ok(since) => since,
        Err(Unreadable) => {
            warn("since_unreadable", since_cell);
            None
        }
    };
    (strength, since)
}

fn strength(said: &str) -> Result<Option<u8>, &'static str> {
    if said.is_empty() {
        return Ok(None);
    }
    let digits = western_digits(said).into_owned();
    if let Ok(number) = digits.parse::<f64>() {
        return match number {
            1.0 => Ok(Some(1)),
            2.0 => Ok(Some(2)),
            3.0 => Ok(Some(3)),
            4.0 => Ok(Some(4)),
            5.0 => Ok(Some(5)),
            _ => Err("strength_out_of_range"),
        };
    }
    match cells::intent_key(said).as_str() {
        "ห่างๆ" | "ห่าง" => Ok(Some(1)),
        "น้อย" => Ok(Some(2)),
        "ปานกลาง" => Ok(Some(3)),
        "มาก" => Ok(Some(4)),
        "แน่นแฟ้น" => Ok(Some(5)),
        _ => Err("strength_unreadable"),
    }
}

struct Unreadable;

fn since(cell: &Cell) -> Result<Option<PartialDate>, Unreadable> {
    let said = cells::said(cell);
    if said.is_empty() {
        return Ok(None);
    }
    // a bare number of this size is a year, not the serial of a day around 1905
    if let Cell::Number(year) = cell
        && (1900.0..2700.0).contains(year)
    {
        return dates::parse(&said).map(|reading| Some(reading.date)).map_err(|_| Unreadable);
    }
    cells::date(cell, DateSystem::Since1900).map(|reading| Some(reading.date)).map_err(|_| Unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strengths_and_years() {
        assert_eq!(strength("๒"), Ok(Some(2)));
        assert_eq!(strength("ห่าง ๆ"), Ok(Some(1)));
        assert_eq!(strength(""), Ok(None));
        assert_eq!(strength("9"), Err("strength_out_of_range"));
        assert_eq!(strength("0"), Err("strength_out_of_range"));
        for (written, iso) in [
            ("2560", "2017"),
            ("ปี 61", "2018"),
            ("มี.ค. 2562", "2019-03"),
            ("2020", "2020"),
            ("๑ ต.ค. ๒๕๖๔", "2021-10-01"),
            ("2566-02", "2023-02"),
            ("พ.ศ. 2555", "2012"),
            ("ก.ค. 66", "2023-07"),
        ] {
            let read = since(&Cell::Text(written.into())).ok().flatten().map(PartialDate::iso);
            assert_eq!(read.as_deref(), Some(iso), "{written}");
        }
        assert!(since(&Cell::Text("นานแล้ว".into())).is_err());
        assert_eq!(
            since(&Cell::Number(2560.0)).ok().flatten().map(PartialDate::iso).as_deref(),
            Some("2017")
        );
    }

    #[test]
    fn undirected_ties_are_the_same_either_way_round() {
        let (a, b) = (ActorNo(1), ActorNo(2));
        assert_eq!(key(Relation::Knows, a, b), key(Relation::Knows, b, a));
        assert_ne!(key(Relation::Mentors, a, b), key(Relation::Mentors, b, a));
    }

    #[test]
    fn every_relation_reads_its_own_words() {
        for relation in Relation::ALL.iter().copied() {
            assert_eq!(self::relation(relation.thai()), Some(relation));
            assert_eq!(self::relation(relation.code()), Some(relation));
        }
    }
}
