//! What went wrong, in one sentence of the reader's language.

use std::path::Path;

use graph::read::{Column, Problem, ReadError};
use thai::Lang;

/// A file that cannot be read: which, where and why.
pub(in crate::commands) fn sentence(error: &ReadError, lang: Lang) -> String {
    if lang == Lang::English {
        return error.to_string();
    }
    let mut sentence = format!("ไฟล์ {}", error.file);
    if error.line > 0 {
        sentence.push_str(&format!(" บรรทัดที่ {}", error.line));
    }
    if error.column > 0 {
        sentence.push_str(&format!(" คอลัมน์ที่ {}", error.column));
    }
    format!("{sentence}: {}", problem_in_thai(&error.problem))
}

fn problem_in_thai(problem: &Problem) -> String {
    match problem {
        Problem::Io(error) => format!("เปิดอ่านไม่ได้ ({error})"),
        Problem::NotUtf8 => "ข้อความไม่ใช่ UTF-8 โปรดบันทึกตารางเป็น CSV UTF-8".to_owned(),
        Problem::Utf16 => "ข้อความเป็น UTF-16 โปรดบันทึกตารางเป็น CSV UTF-8".to_owned(),
        Problem::Empty { expected } => format!("ไฟล์ว่าง ต้องมีบรรทัดหัวตาราง {}", columns_in_thai(expected)),
        Problem::NoColumn { name, expected } => {
            format!("หัวตารางไม่มีคอลัมน์ {name} ต้องมี {}", columns_in_thai(expected))
        }
        Problem::ColumnTwice { name } => format!("หัวตารางมีคอลัมน์ {name} ซ้ำกัน"),
        Problem::Fields { found, expected } => {
            format!("บรรทัดนี้มี {found} ช่อง แต่หัวตารางมี {expected} ช่อง")
        }
        Problem::OpenQuote => "เปิดเครื่องหมายคำพูดแล้วไม่ได้ปิด".to_owned(),
        Problem::AfterQuote => "มีข้อความต่อท้ายเครื่องหมายคำพูดที่ปิดแล้ว ต้องเป็นจุลภาคหรือจบบรรทัด".to_owned(),
        Problem::LineTooLong { limit } => format!("บรรทัดยาวเกิน {limit} ไบต์"),
        Problem::NoId => "รหัสว่าง ต้องเป็นชื่อหรือหมายเลขของสมาชิก".to_owned(),
        Problem::IdTwice { id } => format!("สมาชิก \"{id}\" อยู่ในไฟล์นี้สองครั้ง"),
        Problem::UnknownId { id } => format!("ไม่มีสมาชิก \"{id}\" ในตารางสมาชิก"),
        Problem::Weight { text } => format!("น้ำหนัก \"{text}\" ไม่ใช่ตัวเลขตั้งแต่ 0 ขึ้นไป"),
        Problem::WeightSum => "น้ำหนักรวมกันแล้วใหญ่เกินกว่าที่ตัวเลขจะเก็บได้".to_owned(),
        Problem::Time { text } => {
            format!("เวลา \"{text}\" ไม่ใช่ตัวเลขและไม่ใช่วันเวลาแบบ 2026-01-31T09:30:00+07:00")
        }
        Problem::TooManyActors { limit } => format!("มีสมาชิกเกิน {limit} ราย"),
    }
}

fn columns_in_thai(expected: &str) -> String {
    expected
        .replace(" and optionally ", " และจะมี ")
        .replace(" and then the columns of traits", " แล้วตามด้วยคอลัมน์อื่น")
}

pub(in crate::commands) fn cannot_write(error: &std::io::Error, lang: Lang) -> String {
    match lang {
        Lang::Thai => format!("เขียนผลลัพธ์ไม่ได้: {error}"),
        Lang::English => format!("the result cannot be written: {error}"),
    }
}

pub(super) fn no_measure(name: &str, lang: Lang) -> String {
    let names: Vec<&str> = graph::measures::MEASURES.iter().map(|measure| measure.name).collect();
    let names = names.join(", ");
    match lang {
        Lang::Thai => format!("ไม่มีตัวชี้วัดชื่อ \"{name}\" ชื่อที่มีคือ {names}"),
        Lang::English => format!("there is no measure \"{name}\"; there are {names}"),
    }
}

pub(super) fn needs_column(name: &str, lang: Lang) -> String {
    match lang {
        Lang::Thai => format!("ตัวชี้วัด {name} ต้องบอกคอลัมน์กลุ่มด้วย --group"),
        Lang::English => format!("the measure {name} needs a column to group by: give --group COLUMN"),
    }
}

pub(super) fn no_column(column: &str, actors: Option<&Path>, lang: Lang) -> String {
    match (actors, lang) {
        (Some(file), Lang::Thai) => format!("ไฟล์ {} ไม่มีคอลัมน์ \"{column}\"", file.display()),
        (Some(file), Lang::English) => format!("{} has no column \"{column}\"", file.display()),
        (None, Lang::Thai) => format!("คอลัมน์ \"{column}\" อยู่ในตารางสมาชิก โปรดบอกไฟล์ด้วย --actors"),
        (None, Lang::English) => {
            format!("the column \"{column}\" is one of the table of actors: give --actors ACTORS.csv")
        }
    }
}

pub(super) fn respondent(column: &Column, lang: Lang) -> String {
    let wrong = column.labels.iter().find(|label| !matches!(*label, "" | "0" | "1")).unwrap_or_default();
    match lang {
        Lang::Thai => format!("คอลัมน์ respondent มีค่า \"{wrong}\" ต้องเป็น 1 (ตอบ) หรือ 0 (ไม่ได้ตอบ)"),
        Lang::English => {
            format!("the column respondent has \"{wrong}\"; expected 1 (answered) or 0 (did not)")
        }
    }
}
