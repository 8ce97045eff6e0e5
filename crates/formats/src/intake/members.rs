//! Rows of a members' table to entries: who is a person, who an organization, what is rejected (rules 2 to 4, 7 to 10).

use thai::dates::{DateSystem, Unread};
use thai::names::PersonName;
use thai::phones;
use thai::text::{is_empty_word, normalize};

use super::cells::{self, Answer};
use super::grid::{DataRow, Grid};
use super::headings::Column;
use super::organizations::{self, OrganizationName};
use super::people::{CardExtras, OrganizationEntry, PersonEntry, Reach};
use super::plan::{Rejected, Source, Warning};
use crate::table::Cell;

/// A members' table, read.
#[derive(Debug, Default)]
pub struct Members {
    /// Rows about persons.
    pub persons: Vec<PersonEntry>,
    /// Rows about organizations.
    pub bodies: Vec<OrganizationEntry>,
    /// Rows that are not taken in.
    pub rejected: Vec<Rejected>,
    /// Values that were lost.
    pub warnings: Vec<Warning>,
}

/// The codes of warnings that a report lists by row.
pub const INVALID_EMAIL: &str = "invalid_email";
/// A telephone cell without one valid number.
pub const INVALID_PHONE: &str = "invalid_phone";
/// A time of sending that is none.
pub const INVALID_TIMESTAMP: &str = "invalid_timestamp";

/// Reads every row of a members' table.
#[must_use]
pub fn read(grid: &Grid, system: DateSystem) -> Members {
    let mut members = Members::default();
    for row in &grid.rows {
        let reading = Reading { grid, row, system };
        match reading.entry() {
            Err(reason) => members.rejected.push(Rejected { source: row.source, reason }),
            Ok(entry) => {
                members.warnings.extend(reading.warnings());
                match entry {
                    Entry::Person(person) => members.persons.push(*person),
                    Entry::Organization(body) => members.bodies.push(*body),
                }
            }
        }
    }
    members
}

enum Entry {
    Person(Box<PersonEntry>),
    Organization(Box<OrganizationEntry>),
}

struct Reading<'a> {
    grid: &'a Grid,
    row: &'a DataRow,
    system: DateSystem,
}

impl Reading<'_> {
    fn source(&self) -> Source {
        self.row.source
    }

    fn cell(&self, column: Column) -> &Cell {
        self.grid.cell(self.row, column)
    }

    /// What a column says; several columns of one meaning are read together.
    fn said(&self, column: Column) -> String {
        let parts: Vec<String> =
            self.grid.cells(self.row, column).map(cells::said).filter(|text| !text.is_empty()).collect();
        parts.join("\n")
    }

    fn entry(&self) -> Result<Entry, &'static str> {
        if self.row.undecodable {
            return Err("undecodable_bytes");
        }
        if self.grid.cells(self.row, Column::Name).any(|cell| matches!(cell, Cell::Error(_))) {
            return Err("error_in_key_cell");
        }
        let written = self.written_name();
        let organizations = organizations::split(&self.said(Column::Organization));
        if written.is_empty() && organizations.is_empty() {
            return Err("no_name_no_org");
        }
        if is_test(&written) {
            return Err("test_row");
        }
        if written.is_empty() {
            return Ok(Entry::Organization(Box::new(self.organization(organizations))));
        }
        if organizations.is_empty() && organizations::begins_like_one(&written) {
            let itself = vec![OrganizationName::new(&written)];
            return Ok(Entry::Organization(Box::new(self.organization(itself))));
        }
        Ok(Entry::Person(Box::new(self.person(&written, organizations))))
    }

    fn written_name(&self) -> String {
        let name = cells::said(self.cell(Column::Name));
        let family = cells::said(self.cell(Column::FamilyName));
        let whole = normalize(&format!("{name} {family}")).replace('\n', " ");
        if is_empty_word(&whole) { String::new() } else { whole }
    }

    fn person(&self, written: &str, organizations: Vec<OrganizationName>) -> PersonEntry {
        PersonEntry {
            source: self.source(),
            name: PersonName::parse(written),
            nickname: cells::said(self.cell(Column::Nickname)),
            organizations: with_roles(organizations, &self.said(Column::Role)),
            reach: self.reach(),
            consent: cells::consent(self.cell(Column::Consent)),
            offers: self.intents(Column::Offer),
            needs: self.intents(Column::Need),
            submitted: cells::date(self.cell(Column::Submitted), self.system)
                .ok()
                .filter(thai::dates::Reading::is_plausible),
            extras: CardExtras::default(),
        }
    }

    fn organization(&self, organizations: Vec<OrganizationName>) -> OrganizationEntry {
        OrganizationEntry {
            source: self.source(),
            organizations,
            reach: self.reach(),
            offers: self.intents(Column::Offer),
            needs: self.intents(Column::Need),
            extras: CardExtras::default(),
            members: Vec::new(),
        }
    }

    fn intents(&self, column: Column) -> Vec<String> {
        self.grid.cells(self.row, column).flat_map(cells::intents).collect()
    }

    fn reach(&self) -> Reach {
        let phones = self.grid.cells(self.row, Column::Phone).flat_map(|cell| phone_cell(cell).numbers);
        let emails =
            self.grid.cells(self.row, Column::Email).flat_map(|cell| email_parts(&cells::said(cell)));
        Reach {
            phones: phones.map(|phone| phone.e164().to_owned()).collect(),
            emails: emails.filter_map(|part| cells::email(&part)).collect(),
            line_ids: self.grid.cells(self.row, Column::Line).filter_map(cells::line_id).collect(),
            province: without_word(&self.said(Column::Province), &["จังหวัด", "จ."]),
            district: without_word(&self.said(Column::District), &["อำเภอ", "อ.", "เขต"]),
            subdistrict: without_word(&self.said(Column::Subdistrict), &["ตำบล", "ต.", "แขวง"]),
            availability: self.said(Column::Availability),
        }
    }

    fn warnings(&self) -> Vec<Warning> {
        let mut warnings = Vec::new();
        let mut warn = |what: String, cell: &Cell| {
            warnings.push(Warning { source: self.source(), what, text: cells::text(cell) });
        };
        for (at, column) in self.grid.columns() {
            let cell = self.row.cells.get(at).unwrap_or(&Cell::Empty);
            match (column, cell) {
                (_, Cell::Error(_)) => warn(format!("error_cell:{}", column.code()), cell),
                (_, Cell::FormulaWithoutValue) => warn("formula_without_value".to_owned(), cell),
                (Column::Phone, _) if phone_cell(cell).is_invalid() => warn(INVALID_PHONE.to_owned(), cell),
                (Column::Email, _) if email_is_bad(cell) => warn(INVALID_EMAIL.to_owned(), cell),
                (Column::Submitted, _) if self.timestamp_is_bad(cell) => {
                    warn(INVALID_TIMESTAMP.to_owned(), cell);
                }
                _ => {}
            }
        }
        warnings
    }

    fn timestamp_is_bad(&self, cell: &Cell) -> bool {
        match cells::date(cell, self.system) {
            Ok(reading) => !reading.is_plausible(),
            Err(Unread::Empty) => false,
            Err(Unread::Vague | Unread::Invalid) => !cell.is_blank(),
        }
    }
}

/// Numbers of a telephone cell; a number that a sheet shows as a date is still its digits.
fn phone_cell(cell: &Cell) -> phones::PhoneCell {
    match cell {
        Cell::Number(number) | Cell::Serial(number) => phones::parse_number(*number),
        Cell::Text(text) => phones::parse_cell(text),
        _ => phones::PhoneCell::default(),
    }
}

fn email_is_bad(cell: &Cell) -> bool {
    let said = cells::said(cell);
    !said.is_empty() && email_parts(&said).iter().all(|part| cells::email(part).is_none())
}

/// A cell may hold two addresses, one below the other or parted by a comma.
fn email_parts(said: &str) -> Vec<String> {
    said.split(['\n', ',', ';'])
        .map(str::trim)
        .filter(|part| !is_empty_word(part))
        .map(str::to_owned)
        .collect()
}

/// The first role for the first organization, where there are as many; else the whole text for each.
fn with_roles(organizations: Vec<OrganizationName>, cell: &str) -> Vec<(OrganizationName, Option<String>)> {
    let roles = organizations::parts(cell);
    let whole = (!is_empty_word(cell)).then(|| cell.to_owned());
    let in_order = roles.len() == organizations.len();
    organizations
        .into_iter()
        .enumerate()
        .map(|(at, name)| {
            let role =
                if in_order { roles.get(at).filter(|r| !is_empty_word(r)).cloned() } else { whole.clone() };
            (name, role)
        })
        .collect()
}

fn is_test(name: &str) -> bool {
    let lower = name.to_lowercase();
    let mut words = lower.split_whitespace().peekable();
    words.peek().is_some() && words.all(|word| matches!(word, "ทดสอบ" | "test"))
}

fn without_word(place: &str, words: &[&str]) -> String {
    let place = place.trim();
    words.iter().find_map(|word| place.strip_prefix(word)).map_or(place, str::trim).to_owned()
}

impl From<Answer> for super::plan::Consent {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Yes => Self::Given,
            Answer::No | Answer::Unclear => Self::Pending,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_go_with_organizations_in_order_or_stay_a_text() {
        let two = || organizations::split("รพ.สต.ก / ชมรม ข");
        let roles =
            |cell: &str| with_roles(two(), cell).into_iter().map(|(_, role)| role).collect::<Vec<_>>();
        assert_eq!(roles("พยาบาล / ที่ปรึกษา"), [Some("พยาบาล".to_owned()), Some("ที่ปรึกษา".to_owned())]);
        assert_eq!(roles("พยาบาล"), [Some("พยาบาล".to_owned()), Some("พยาบาล".to_owned())]);
        assert_eq!(roles("-"), [None, None]);
    }

    #[test]
    fn places_lose_their_word() {
        assert_eq!(without_word("จ. เชียงราย", &["จังหวัด", "จ."]), "เชียงราย");
        assert_eq!(without_word("อำเภอเมืองเชียงใหม่", &["อำเภอ", "อ.", "เขต"]), "เมืองเชียงใหม่");
    }

    #[test]
    fn test_rows() {
        assert!(is_test("ทดสอบ Test"));
        assert!(!is_test("ทดสอบ ใจดี"));
    }
}
