//! Why a whole file is refused: one clear sentence in Thai and English, and a stable code.
//!
//! A refused file brings in nothing at all, whatever could be salvaged from it. A single bad row is no refusal; it
//! is rejected with its number and a reason (see [`crate::intake`]).

use std::fmt;

use thai::Lang;

/// A file that is not read, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// No bytes at all.
    Empty,
    /// A workbook whose directory is missing or broken, or whose parts end early.
    Incomplete,
    /// A workbook that unpacks beyond what a person's sheet needs.
    ExpandsTooFar,
    /// A web page with the name of a workbook, as some web systems hand out.
    WebPage,
    /// The binary workbook of Excel 97 to 2003, or a workbook locked with a password.
    OldOrLockedWorkbook,
    /// A zip archive, Word document or other package without a workbook inside.
    NotAWorkbook,
    /// A workbook whose inner XML cannot be read; where.
    DamagedWorkbook(String),
    /// A property or line beyond 1 MB, or folded more than 1,000 times; the line it begins on, from 1.
    LineTooLong(u32),
    /// A record beyond 1 MB; its number, from 1.
    RowTooLong(u32),
    /// More cells, cards or events than can be held in memory safely.
    TooMany,
    /// Cards inside cards or components inside components, too many levels; the line, from 1.
    NestedTooDeep(u32),
    /// Cells that a spreadsheet would run, as `A2`; nothing is imported until a person has looked.
    FormulaLikeCells(Vec<String>),
    /// Nothing we read: a picture, a document, a program.
    UnknownFormat,
    /// Text without headings that say which column is the name.
    NoHeadings,
}

impl Refusal {
    /// The stable code, as in the `error` of a report.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty_file",
            Self::Incomplete => "file_incomplete",
            Self::ExpandsTooFar => "expands_too_far",
            Self::WebPage => "not_a_workbook_html",
            Self::OldOrLockedWorkbook => "old_or_locked_workbook",
            Self::NotAWorkbook => "not_a_workbook",
            Self::DamagedWorkbook(_) => "damaged_workbook",
            Self::LineTooLong(_) => "line_too_long",
            Self::RowTooLong(_) => "row_too_long",
            Self::TooMany => "too_many",
            Self::NestedTooDeep(_) => "nested_too_deep",
            Self::FormulaLikeCells(_) => "formula_like_cells",
            Self::UnknownFormat => "unknown_format",
            Self::NoHeadings => "no_headings",
        }
    }

    /// One sentence for the person who brought the file.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        match lang {
            Lang::Thai => self.thai(),
            Lang::English => self.english(),
        }
    }

    fn thai(&self) -> String {
        match self {
            Self::Empty => "ไฟล์ว่างเปล่า".to_owned(),
            Self::Incomplete => "ไฟล์ไม่ครบ น่าจะดาวน์โหลดหรือส่งมาไม่จบ ขอไฟล์ใหม่".to_owned(),
            Self::ExpandsTooFar => "ไฟล์ขยายตัวใหญ่ผิดปกติ จึงไม่เปิด".to_owned(),
            Self::WebPage => "ไฟล์นี้เป็นหน้าเว็บ ไม่ใช่ Excel จริง ให้เปิดใน Excel แล้วบันทึกเป็น .xlsx".to_owned(),
            Self::OldOrLockedWorkbook => {
                "ไฟล์นี้เป็น Excel รุ่นเก่า (.xls) หรือล็อกรหัสผ่านไว้ ให้บันทึกใหม่เป็น .xlsx แบบไม่มีรหัสผ่าน".to_owned()
            }
            Self::NotAWorkbook => "ไฟล์นี้ไม่ใช่ตาราง Excel ให้บันทึกเป็น .xlsx หรือ CSV".to_owned(),
            Self::DamagedWorkbook(part) => format!("อ่านไฟล์ Excel นี้ไม่ได้ ({part}) ให้เปิดใน Excel แล้วบันทึกใหม่"),
            Self::LineTooLong(line) => format!("ข้อมูลหนึ่งบรรทัดยาวหรือพับซ้อนเกินไป (เริ่มที่บรรทัด {line})"),
            Self::RowTooLong(row) => format!("แถวที่ {row} ยาวเกินไป (เกินขีดจำกัด 1 MB ต่อแถว)"),
            Self::TooMany => "ไฟล์มีข้อมูลมากเกินไป ให้แบ่งเป็นหลายไฟล์".to_owned(),
            Self::NestedTooDeep(line) => format!("ข้อมูลซ้อนกันหลายชั้นเกินไป (บรรทัด {line})"),
            Self::FormulaLikeCells(cells) => {
                format!("พบช่องที่ขึ้นต้นเหมือนสูตร ({}) ไฟล์นี้อาจไม่ปลอดภัย จึงยังไม่นำเข้า", shortened(cells))
            }
            Self::UnknownFormat => "ไม่รู้จักไฟล์ชนิดนี้ นำเข้าได้จาก .xlsx .csv .vcf และ .ics".to_owned(),
            Self::NoHeadings => "ไม่พบหัวตาราง ต้องมีคอลัมน์ชื่อหรือหน่วยงาน และอีกอย่างน้อยหนึ่งคอลัมน์ที่รู้จัก".to_owned(),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::Empty => "the file is empty".to_owned(),
            Self::Incomplete => {
                "the workbook is cut off (its directory is missing or broken); ask for the file again".to_owned()
            }
            Self::ExpandsTooFar => {
                "the workbook unpacks to far more data than its size allows; refused".to_owned()
            }
            Self::WebPage => {
                "this is a web page, not a workbook; open it in Excel and save it as .xlsx".to_owned()
            }
            Self::OldOrLockedWorkbook => {
                "this is an old Excel workbook (.xls) or one locked with a password; save it as .xlsx without a password"
                    .to_owned()
            }
            Self::NotAWorkbook => "this is not a workbook; save the table as .xlsx or CSV".to_owned(),
            Self::DamagedWorkbook(part) => {
                format!("this workbook cannot be read ({part}); open it in Excel and save it again")
            }
            Self::LineTooLong(line) => {
                format!("one property is too long or folded too many times (it begins on line {line}); refused")
            }
            Self::RowTooLong(row) => format!("row {row} is longer than the limit (1 MB a row)"),
            Self::TooMany => "the file holds more than can be read at once; split it into several".to_owned(),
            Self::NestedTooDeep(line) => format!("entries are nested too deeply (line {line}); refused"),
            Self::FormulaLikeCells(cells) => format!(
                "cells look like spreadsheet formulas ({}); nothing is imported until a person has looked",
                shortened(cells)
            ),
            Self::UnknownFormat => {
                "this kind of file is not known; bring .xlsx, .csv, .vcf or .ics".to_owned()
            }
            Self::NoHeadings => {
                "no headings found; a column of names or organizations and one more known column are needed"
                    .to_owned()
            }
        }
    }
}

/// The first few cells, so that the sentence stays a sentence.
fn shortened(cells: &[String]) -> String {
    const SHOWN: usize = 8;
    let first: Vec<&str> = cells.iter().take(SHOWN).map(String::as_str).collect();
    let more = cells.len().saturating_sub(SHOWN);
    if more == 0 { first.join(", ") } else { format!("{}, +{more}", first.join(", ")) }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.english())
    }
}

impl std::error::Error for Refusal {}
