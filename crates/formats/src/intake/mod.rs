//! The plan of an import: what files would make of the network, before anything is written.
//!
//! A coordinator brings the sheet of members, the log of contacts, an address book, a calendar. Each file is
//! understood by its content, looked at alone for its numbers, and resolved against what the network holds and what
//! earlier files of the same call brought. What is ambiguous is listed for a person to decide, never decided here;
//! what cannot be read is listed with its row and reason; nobody is made a member of by being mentioned (product
//! rows traps 3, 4, 8, 13–15, 20). The store writes a [`Plan`], or nothing.

mod activities;
mod cards;
pub mod cells;
mod contacts;
mod grid;
pub mod headings;
mod known;
mod members;
mod near;
pub mod organizations;
mod people;
mod plan;
mod preview;
mod profile;
mod report;
mod roster;
mod sets;
mod ties;
pub mod words;

use std::collections::{HashMap, HashSet};

use thai::dates::DateSystem;

pub use activities::{Activities, occurrences};
pub use contacts::{Log, MentionCounts};
pub use headings::{Column, Mapping, TableKind};
pub use known::{ActorKind, Known, KnownActivity, KnownActor, KnownTie};
pub use people::{Counts, People, Suggested};
pub use plan::{
    ActorNo, Channel, Consent, FileKind, IntentKind, Meaning, Mention, PlannedActivity, PlannedActor,
    PlannedContact, PlannedIntent, PlannedMembership, PlannedTie, Rejected, Relation, Repeated, SamePair,
    Skipped, Source, TableRead, Undecided, Warning,
};
pub use roster::{Roster, RosterActor};
pub use ties::Ties;

use crate::delimited::{self, Delimited};
use crate::refusal::Refusal;
use crate::table::{Cell, Sheet, Visibility, cell_name};
use crate::{detect, icalendar, vcard, xlsx};
use grid::Grid;

/// The most rows of members of a file, so that it fits in memory with all that is made of it.
pub const MOST_MEMBERS: usize = 100_000;
/// The most entries of logs and ties of a file.
pub const MOST_ENTRIES: usize = 200_000;

/// What becomes of cells that look like a spreadsheet's formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Formulas {
    /// The file is refused until a person has looked.
    #[default]
    Refuse,
    /// A person has looked: they are text.
    AsText,
}

/// How a call of an import is done.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// What people said headings mean.
    pub mapping: Mapping,
    /// What becomes of two that may be one.
    pub suggested: Suggested,
    /// What becomes of cells that look like formulas.
    pub formulas: Formulas,
}

/// One call of an import: files in order, each resolved against those before it and the network.
#[derive(Debug)]
pub struct Intake {
    options: Options,
    roster: Roster,
    /// Who was a member before.
    left: Roster,
    contacts: HashSet<String>,
    ties: HashSet<ties::TieKey>,
    activities: activities::KnownActivities,
}

/// What one file would make.
#[derive(Debug)]
pub struct Plan {
    /// The file's name, for the person who brought it.
    pub file: String,
    /// What it is.
    pub kind: FileKind,
    /// How its letters were written, of text.
    pub encoding: Option<String>,
    /// What stands between its fields, of delimited text.
    pub delimiter: Option<char>,
    /// How its days are counted, of workbooks.
    pub date_system: DateSystem,
    /// How its tables were understood.
    pub tables: Vec<TableRead>,
    /// Sheets that are not taken in, with the reason.
    pub sheets_not_imported: Vec<(String, &'static str)>,
    /// Members, where the file lists them.
    pub members: Option<MembersPart>,
    /// Contacts, where the file lists them.
    pub log: Option<Log>,
    /// Ties, where the file lists them.
    pub ties: Option<Ties>,
    /// Activities of a calendar.
    pub activities: Option<Activities>,
    /// Cards of an address book, counted.
    pub cards: usize,
    /// Cells that a spreadsheet would run, as `A2`, taken as text: for a person to look at before anything is written.
    pub formula_like: Vec<String>,
    /// True where the network, or an earlier file, held anything before this file.
    pub after_others: bool,
    /// For each sheet that lists members a key of its headings, by which the same list is known when it comes again.
    pub sheet_keys: HashMap<u16, String>,
    names: HashMap<ActorNo, String>,
    tie_kinds: std::collections::BTreeMap<&'static str, usize>,
}

/// The members' part of a plan.
#[derive(Debug)]
pub struct MembersPart {
    /// The sheet's name, empty for other files.
    pub sheet: String,
    /// What it makes.
    pub people: People,
    /// Rows that are not taken in, in order.
    pub rejected: Vec<Rejected>,
    /// Rows that hold no entry.
    pub skipped: Vec<Skipped>,
    /// Values that were lost.
    pub warnings: Vec<Warning>,
    /// Rows that were taken in.
    pub accepted: usize,
}

impl Intake {
    /// Begins a call with what the network holds.
    #[must_use]
    pub fn new(known: &Known, options: Options) -> Self {
        let (roster, left) = (Roster::new(known), Roster::of_left(known));
        let numbers: HashMap<i64, ActorNo> =
            known.actors.iter().enumerate().map(|(at, actor)| (actor.id, ActorNo(at))).collect();
        let tie = |tie: &KnownTie| {
            Some(ties::key(tie.relation, *numbers.get(&tie.subject)?, *numbers.get(&tie.object)?))
        };
        Self {
            options,
            roster,
            left,
            contacts: known.contacts.iter().cloned().collect(),
            ties: known.ties.iter().filter_map(tie).collect(),
            activities: known.activities.iter().map(|a| (a.uid.clone(), (Some(a.id), a.sequence))).collect(),
        }
    }

    /// Everybody the call knows of, by [`ActorNo`].
    #[must_use]
    pub const fn roster(&self) -> &Roster {
        &self.roster
    }

    /// Plans one file.
    ///
    /// # Errors
    /// A [`Refusal`] of the whole file. The call is then as it was before.
    pub fn read(&mut self, name: &str, bytes: &[u8]) -> Result<Plan, Refusal> {
        let kind = detect::detect(bytes)?;
        let mut plan = Plan {
            file: name.to_owned(),
            kind,
            encoding: None,
            delimiter: None,
            date_system: DateSystem::Since1900,
            tables: Vec::new(),
            sheets_not_imported: Vec::new(),
            members: None,
            log: None,
            ties: None,
            activities: None,
            cards: 0,
            formula_like: Vec::new(),
            after_others: !self.roster.is_empty(),
            sheet_keys: HashMap::new(),
            names: HashMap::new(),
            tie_kinds: std::collections::BTreeMap::new(),
        };
        match kind {
            FileKind::Workbook => self.read_workbook(bytes, &mut plan)?,
            FileKind::Delimited => self.read_delimited(bytes, &mut plan)?,
            FileKind::Cards => self.read_cards(bytes, &mut plan)?,
            FileKind::Calendar => {
                plan.activities =
                    Some(activities::read(icalendar::read(bytes)?, &mut self.activities, &self.roster));
            }
        }
        self.remember_names(&mut plan);
        Ok(plan)
    }

    fn read_workbook(&mut self, bytes: &[u8], plan: &mut Plan) -> Result<(), Refusal> {
        let workbook = xlsx::read(bytes)?;
        plan.date_system = workbook.date_system;
        let mut grids: Vec<Grid> = Vec::new();
        for (number, sheet) in (0_u16..).zip(workbook.sheets) {
            let name = sheet.name.clone();
            match self.grid(sheet, number) {
                Ok(grid) => grids.push(grid),
                Err(reason) => plan.sheets_not_imported.push((name, reason)),
            }
        }
        if grids.is_empty() {
            return Err(Refusal::NoHeadings);
        }
        self.take_in(grids, plan)
    }

    fn grid(&self, sheet: Sheet, number: u16) -> Result<Grid, &'static str> {
        match sheet.visibility {
            Visibility::Hidden => return Err("hidden"),
            Visibility::VeryHidden => return Err("very_hidden"),
            Visibility::Visible => {}
        }
        if sheet.rows.iter().all(crate::table::Row::is_blank) {
            return Err("empty");
        }
        Grid::read(sheet, number, &self.options.mapping).ok_or("no_headings")
    }

    fn read_delimited(&mut self, bytes: &[u8], plan: &mut Plan) -> Result<(), Refusal> {
        let Delimited { encoding, delimiter, sheet } = delimited::read(bytes)?;
        plan.encoding = Some(encoding.name());
        plan.delimiter = Some(delimiter);
        let cells = formula_like_cells(&sheet);
        if self.options.formulas == Formulas::Refuse && !cells.is_empty() {
            return Err(Refusal::FormulaLikeCells(cells));
        }
        plan.formula_like = cells;
        let grid = Grid::read(sheet, 0, &self.options.mapping).ok_or(Refusal::NoHeadings)?;
        self.take_in(vec![grid], plan)
    }

    /// Members first, so that the log and the ties of the same workbook find them.
    fn take_in(&mut self, grids: Vec<Grid>, plan: &mut Plan) -> Result<(), Refusal> {
        let rows = |kind: fn(TableKind) -> bool| -> usize {
            grids.iter().filter(|grid| kind(grid.kind)).map(|grid| grid.rows.len()).sum()
        };
        if rows(|kind| kind == TableKind::Members) > MOST_MEMBERS
            || rows(|kind| kind != TableKind::Members) > MOST_ENTRIES
        {
            return Err(Refusal::TooMany);
        }
        let system = plan.date_system;
        plan.tables.extend(grids.iter().map(|grid| grid.read.clone()));
        let (members, others): (Vec<Grid>, Vec<Grid>) =
            grids.into_iter().partition(|grid| grid.kind == TableKind::Members);
        if !members.is_empty() {
            plan.sheet_keys = members.iter().map(|grid| (grid.number, headings_key(&grid.read))).collect();
            plan.members = Some(self.members(members, system, &plan.sheet_keys));
        }
        for grid in others.iter().filter(|grid| grid.kind == TableKind::Contacts) {
            let more = contacts::read(grid, system, &self.roster, &mut self.contacts);
            plan.log.get_or_insert_default().append(more);
        }
        for grid in others.iter().filter(|grid| grid.kind == TableKind::Ties) {
            let more = ties::read(grid, &mut self.roster, &mut self.ties);
            plan.ties.get_or_insert_default().append(more);
        }
        plan.tie_kinds = plan.ties.as_ref().map(|ties| ties.by_kind(&self.roster)).unwrap_or_default();
        Ok(())
    }

    fn members(
        &mut self,
        grids: Vec<Grid>,
        system: DateSystem,
        sheet_keys: &HashMap<u16, String>,
    ) -> MembersPart {
        let mut read = members::Members::default();
        let mut skipped = Vec::new();
        let sheet = grids.first().map(|grid| grid.read.sheet.clone()).unwrap_or_default();
        for grid in grids {
            let more = members::read(&grid, system);
            read.persons.extend(more.persons);
            read.bodies.extend(more.bodies);
            read.rejected.extend(more.rejected);
            read.warnings.extend(more.warnings);
            skipped.extend(grid.skipped);
        }
        let rows = read.persons.len() + read.bodies.len();
        let suggested = self.options.suggested;
        let rosters = (&mut self.roster, &self.left);
        let mut people = people::take_in(read.persons, read.bodies, rosters, suggested, sheet_keys);
        let accepted = rows - people.rejected.len();
        let mut rejected = read.rejected;
        rejected.append(&mut people.rejected);
        rejected.sort_by_key(|row| row.source);
        let refused: HashSet<Source> = rejected.iter().map(|row| row.source).collect();
        read.warnings.retain(|warning| !refused.contains(&warning.source));
        skipped.sort_by_key(|row| row.source);
        MembersPart { sheet, people, rejected, skipped, warnings: read.warnings, accepted }
    }

    fn read_cards(&mut self, bytes: &[u8], plan: &mut Plan) -> Result<(), Refusal> {
        let cards = vcard::read(bytes)?;
        plan.cards = cards.len();
        let read = cards::read(&cards);
        let accepted = read.persons.len() + read.bodies.len();
        // an address book has no headings: one is known by being one
        plan.sheet_keys = HashMap::from([(0, "cards".to_owned())]);
        let suggested = self.options.suggested;
        let rosters = (&mut self.roster, &self.left);
        let mut people = people::take_in(read.persons, read.bodies, rosters, suggested, &plan.sheet_keys);
        let accepted = accepted - people.rejected.len();
        let mut rejected = read.rejected;
        rejected.append(&mut people.rejected);
        rejected.sort_by_key(|row| row.source);
        plan.members = Some(MembersPart {
            sheet: String::new(),
            people,
            rejected,
            skipped: Vec::new(),
            warnings: read.warnings,
            accepted,
        });
        Ok(())
    }

    /// Names of those the plan speaks of, so that it can be shown without the roster.
    fn remember_names(&self, plan: &mut Plan) {
        let mut wanted: Vec<ActorNo> = Vec::new();
        if let Some(part) = &plan.members {
            wanted.extend(part.people.known_pairs.iter().map(|pair| pair.b));
            wanted.extend(part.people.known_organization_pairs.iter().map(|pair| pair.b));
            wanted.extend(&part.people.withdrawn);
        }
        if let Some(ties) = &plan.ties {
            wanted.extend(ties.ties.iter().flat_map(|tie| [tie.subject, tie.object]));
            wanted.extend(ties.memberships.iter().flat_map(|m| [m.member, m.organization]));
        }
        for no in wanted {
            if let Some(actor) = self.roster.get(no) {
                plan.names.insert(no, actor.name.clone());
            }
        }
    }
}

impl Log {
    fn append(&mut self, more: Self) {
        self.contacts.extend(more.contacts);
        self.rejected.extend(more.rejected);
        self.repeated.extend(more.repeated);
        self.undecided.extend(more.undecided);
    }
}

impl Ties {
    fn append(&mut self, more: Self) {
        self.ties.extend(more.ties);
        self.memberships.extend(more.memberships);
        self.rejected.extend(more.rejected);
        self.repeated.extend(more.repeated);
        self.undecided.extend(more.undecided);
        self.warnings.extend(more.warnings);
    }
}

/// What a list is known by when it comes again: its headings, whatever their spacing and case (FNV-1a, 64 bits).
fn headings_key(table: &TableRead) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for (_, heading, _) in &table.columns {
        let letters = heading.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase);
        for letter in letters.chain(std::iter::once('\n')) {
            hash = (hash ^ u64::from(u32::from(letter))).wrapping_mul(0x0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
}

/// Cells of a text file that a spreadsheet would run.
fn formula_like_cells(sheet: &Sheet) -> Vec<String> {
    let mut found = Vec::new();
    for row in &sheet.rows {
        for (at, cell) in row.cells.iter().enumerate() {
            if matches!(cell, Cell::Text(text) if delimited::formula_like(text)) {
                found.push(cell_name(at, row.number));
            }
        }
    }
    found
}
