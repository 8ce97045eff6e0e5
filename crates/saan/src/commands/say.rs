//! What went wrong with the store or a file, as one sentence in the reader's language.

use std::fmt::Display;
use std::io::ErrorKind;
use std::sync::Once;

use store::dump::DumpError;
use thai::Lang;

/// The sentence of this language.
pub fn either(lang: Lang, thai: impl Into<String>, english: impl Into<String>) -> String {
    match lang {
        Lang::Thai => thai.into(),
        Lang::English => english.into(),
    }
}

/// What the store answered.
pub fn store_error(lang: Lang, error: &store::Error) -> String {
    use store::Error;
    if lang == Lang::English {
        return error.to_string();
    }
    match error {
        Error::NotFound => "ไม่พบ".to_owned(),
        Error::Taken(what) => format!("มีอยู่แล้ว: {what}"),
        Error::Changed => "มีคนอื่นแก้ไปก่อนแล้ว".to_owned(),
        Error::Busy => "ที่เก็บข้อมูลไม่ว่าง ยังไม่ได้เขียนอะไร".to_owned(),
        Error::Open(why) => format!("เปิดที่เก็บข้อมูลไม่ได้: {why}"),
        Error::Fault(why) => format!("ที่เก็บข้อมูลขัดข้อง: {why}"),
    }
}

/// What became of a backup that could not be written.
pub fn not_backed_up(lang: Lang, path: &impl Display, error: &DumpError) -> String {
    match error {
        DumpError::Store(error) => store_error(lang, error),
        DumpError::File(error) => {
            let (thai, english) = file(error);
            let why = either(lang, thai, english);
            either(lang, format!("เขียน {path} ไม่ได้: {why}"), format!("{path} cannot be written: {why}"))
        }
        other => other.to_string(),
    }
}

/// What became of a backup that could not be brought back.
pub fn not_restored(lang: Lang, path: &impl Display, error: &DumpError) -> String {
    let (thai, english) = match error {
        DumpError::Store(error) => return store_error(lang, error),
        DumpError::NotEmpty => (
            "ที่เก็บมีข้อมูลอยู่แล้ว กู้คืนได้เฉพาะลงที่เก็บว่าง",
            "the store is not empty; a backup is brought back into an empty one",
        ),
        DumpError::OtherVersion => {
            ("ไฟล์สำรองมาจากโปรแกรมคนละรุ่น", "the backup was made by another version of the program")
        }
        DumpError::Damaged { line, .. } => {
            return either(
                lang,
                format!("{path}: ไม่ใช่ไฟล์สำรองของสาน หรือเสียหาย (บรรทัดที่ {line}) ยังไม่ได้เขียนอะไร"),
                format!("{path}: no backup of Saan, or a damaged one (line {line}); nothing was written"),
            );
        }
        DumpError::File(error) => match error.kind() {
            ErrorKind::NotFound | ErrorKind::PermissionDenied | ErrorKind::IsADirectory => file(error),
            // the reader of the packed file speaks of its streams; the operator needs to know what to do
            _ => (
                "ไม่ใช่ไฟล์สำรองของสาน หรือเสียหาย ยังไม่ได้เขียนอะไร",
                "no backup of Saan, or a damaged or cut off one; nothing was written",
            ),
        },
    };
    format!("{path}: {}", either(lang, thai, english))
}

/// Why a file cannot be read or written, in Thai and in English.
fn file(error: &std::io::Error) -> (&'static str, &'static str) {
    match error.kind() {
        ErrorKind::NotFound => ("ไม่มีไฟล์หรือโฟลเดอร์นี้", "there is no such file or folder"),
        ErrorKind::PermissionDenied => ("ไม่มีสิทธิ์ใช้", "it is not allowed"),
        ErrorKind::IsADirectory => ("เป็นโฟลเดอร์ ไม่ใช่ไฟล์", "it is a folder, not a file"),
        ErrorKind::StorageFull => ("ที่ว่างในดิสก์หมด", "the disk is full"),
        _ => ("ระบบไม่ยอม", "the system refused"),
    }
}

/// As [`file`], one sentence that names the file.
pub fn file_error(lang: Lang, path: &impl Display, error: &std::io::Error) -> String {
    let (thai, english) = file(error);
    format!("{path}: {}", either(lang, thai, english))
}

/// Says once that a write waits for the server or another command.
pub const fn waiting(lang: Lang) -> fn() {
    static SAID: Once = Once::new();
    match lang {
        Lang::Thai => || SAID.call_once(|| eprintln!("มีโปรแกรมอื่นกำลังเขียนที่เก็บนี้อยู่ กำลังรอ…")),
        Lang::English => {
            || SAID.call_once(|| eprintln!("another program is writing to this store; waiting…"))
        }
    }
}

/// What is wrong with a call that clap refuses, in Thai; its own words in English.
pub fn wrong_call(lang: Lang, error: &clap::Error) -> Option<String> {
    use clap::error::{ContextKind, ErrorKind as Wrong};
    if lang == Lang::English || !error.use_stderr() {
        return None;
    }
    let named = |kind| error.get(kind).map(ToString::to_string).unwrap_or_default();
    let argument = named(ContextKind::InvalidArg);
    let sentence = match error.kind() {
        Wrong::InvalidValue | Wrong::ValueValidation => {
            let value = named(ContextKind::InvalidValue);
            let valid = named(ContextKind::ValidValue);
            let valid = if valid.is_empty() { valid } else { format!(" ใช้ได้: {valid}") };
            if value.is_empty() {
                format!("{argument} ต้องมีค่า{valid}")
            } else {
                format!("ค่า {value} ใช้กับ {argument} ไม่ได้{valid}")
            }
        }
        Wrong::UnknownArgument => format!("ไม่รู้จัก {argument}"),
        Wrong::InvalidSubcommand => format!("ไม่รู้จักคำสั่ง {}", named(ContextKind::InvalidSubcommand)),
        Wrong::ArgumentConflict => {
            format!("{argument} ใช้ร่วมกับ {} ไม่ได้", named(ContextKind::PriorArg))
        }
        Wrong::MissingRequiredArgument => format!("ยังขาด {argument}"),
        Wrong::MissingSubcommand => "ยังไม่ได้บอกว่าให้ทำคำสั่งใด".to_owned(),
        Wrong::InvalidUtf8 => "คำสั่งมีตัวอักษรที่ไม่ใช่ UTF-8".to_owned(),
        // help that stands for a call without a command is clap's own
        Wrong::DisplayHelpOnMissingArgumentOrSubcommand => return None,
        _ => "คำสั่งไม่ถูกต้อง".to_owned(),
    };
    Some(format!("เรียกไม่ถูก: {sentence}\nดูวิธีใช้: saan --help"))
}
