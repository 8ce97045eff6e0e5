//! The commands for who runs an instance, as they call them: setup, backup, restore, check, export, and what a wrong
//! call answers.

#![expect(clippy::unwrap_used, reason = "a test whose premise fails has failed")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use store::{Database, Settings, Viewer};

/// A folder of this test's own, gone at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("saan-commands-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn at(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

fn saan(folder: &Folder, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_saan"));
    command.current_dir(&folder.0).args(words).env_remove("SAAN_DATABASE").stdin(Stdio::null());
    command
}

fn run(folder: &Folder, words: &[&str]) -> Output {
    saan(folder, words).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn printed(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn done(folder: &Folder, words: &[&str]) -> Output {
    let output = run(folder, words);
    assert_eq!(output.status.code(), Some(0), "{words:?}: {}{}", printed(&output), said(&output));
    output
}

/// A list of one member.
fn sheet(folder: &Folder) -> String {
    let path = folder.at("list.csv");
    std::fs::write(&path, "ชื่อ-นามสกุล,เบอร์โทร,ยินยอม\nสมศรี น้ำใส,0812345678,ใช่\n").unwrap();
    path
}

#[test]
fn a_mistyped_folder_is_no_empty_store() {
    let folder = Folder::new("typo");
    let typo = folder.at("typo");
    let out = folder.at("out");
    for words in [
        vec!["check"],
        vec!["backup", &out],
        vec!["export", "--network", "x", "--format", "json", "--out", &out],
        vec!["restore", &out],
    ] {
        let words = [&words[..], &["--data", &typo, "--lang", "en"]].concat();
        let output = run(&folder, &words);
        assert_eq!(output.status.code(), Some(1), "{words:?}");
        assert!(said(&output).contains("there is no "), "{words:?}: {}", said(&output));
        assert!(!Path::new(&typo).exists(), "{words:?} made a store");
    }
}

#[test]
fn a_wrong_call_is_told_in_the_language_asked_for() {
    let folder = Folder::new("call");
    let output = run(&folder, &["check", "--database", "nonsense", "--lang", "en"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("postgres://"), "{}", said(&output));
    assert!(!folder.0.join("nonsense").exists());

    for (words, sentence) in [
        (&["weave", "--lang", "th"][..], "ไม่รู้จักคำสั่ง weave"),
        (&["check", "--lang=th", "--loud"], "ไม่รู้จัก --loud"),
        (
            &["export", "--lang", "th", "--network", "x", "--format", "doc", "--out", "y"],
            "ค่า doc ใช้กับ --format",
        ),
        (&["backup", "--lang", "th"], "ยังขาด <FILE>"),
    ] {
        let output = run(&folder, words);
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        assert!(said(&output).contains(sentence), "{words:?}: {}", said(&output));
    }
    let english = run(&folder, &["weave", "--lang", "en"]);
    assert_eq!(english.status.code(), Some(2));
    assert!(said(&english).contains("unrecognized subcommand"), "{}", said(&english));
}

#[test]
fn a_store_is_set_up_taken_out_backed_up_and_brought_back() {
    let folder = Folder::new("whole");
    let (data, other) = (folder.at("data"), folder.at("other"));
    let mut setup = saan(
        &folder,
        &["setup", "--operator", "ดา", "--network", "ทดลอง", "--password-stdin", "--data", &data],
    )
    .stdin(Stdio::piped())
    .stdout(Stdio::null())
    .spawn()
    .unwrap();
    setup.stdin.take().unwrap().write_all(b"long enough\n").unwrap();
    assert!(setup.wait().unwrap().success());
    let list = sheet(&folder);
    done(&folder, &["import", &list, "--network", "ทดลอง", "--yes", "--data", &data]);
    done(&folder, &["check", "--data", &data]);

    let out = folder.at("out.json");
    done(&folder, &["export", "--network", "ทดลอง", "--format", "json", "--out", &out, "--data", &data]);
    assert!(std::fs::read_to_string(&out).unwrap().contains("สมศรี น้ำใส"));
    let output = run(
        &folder,
        &["export", "--network", "อื่น", "--format", "json", "--out", &out, "--data", &data, "--lang", "th"],
    );
    assert_eq!((output.status.code(), said(&output).trim()), (Some(1), "ไม่พบ อื่น"));

    let backup = folder.at("backup.saan");
    done(&folder, &["backup", &backup, "--data", &data]);
    done(&folder, &["restore", &backup, "--data", &other]);
    done(&folder, &["check", "--data", &other]);
    done(&folder, &["export", "--network", "ทดลอง", "--format", "csv", "--out", &out, "--data", &other]);
    let again = run(&folder, &["restore", &backup, "--data", &other, "--lang", "th"]);
    assert_eq!(again.status.code(), Some(1));
    assert!(said(&again).contains("กู้คืนได้เฉพาะลงที่เก็บว่าง"), "{}", said(&again));

    let bytes = std::fs::read(&backup).unwrap();
    for (name, broken) in [("half", &bytes[..bytes.len() / 2]), ("none", b"no backup at all".as_slice())] {
        let path = folder.at(name);
        std::fs::write(&path, broken).unwrap();
        let output = run(&folder, &["restore", &path, "--data", &folder.at("third"), "--lang", "th"]);
        assert_eq!(output.status.code(), Some(1));
        let sentence = said(&output);
        assert!(sentence.contains("ไม่ใช่ไฟล์สำรองของสาน หรือเสียหาย"), "{sentence}");
        assert!(!sentence.contains("stream") && !sentence.contains("header"), "{sentence}");
    }
    let nowhere = folder.at("no/such/folder/backup.saan");
    let output = run(&folder, &["backup", &nowhere, "--data", &data, "--lang", "th"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("ไม่มีไฟล์หรือโฟลเดอร์นี้"), "{}", said(&output));
}

#[test]
fn a_fault_is_named_in_both_languages() {
    let folder = Folder::new("fault");
    let data = folder.at("data");
    let list = sheet(&folder);
    done(&folder, &["import", &list, "--network", "ทดลอง", "--yes", "--data", &data]);
    {
        let db = Database::open(&Settings::folder(Path::new(&data))).unwrap();
        db.bookkeeping::<_, store::Error>("test", |w| w.execute("DELETE FROM key_holder", &[]).map(|_| ()))
            .unwrap();
    }
    for (lang, sentence) in
        [("th", "ไม่มีกุญแจของกลุ่มหรือเครือข่ายที่สังกัด"), ("en", "lacks the key of what it is part of")]
    {
        let output = run(&folder, &["check", "--data", &data, "--lang", lang]);
        assert_eq!(output.status.code(), Some(1));
        assert!(printed(&output).contains(sentence), "{}", printed(&output));
    }
}

#[test]
fn a_demo_takes_an_empty_store_only() {
    let folder = Folder::new("demo");
    let data = folder.at("data");
    let list = sheet(&folder);
    done(&folder, &["import", &list, "--network", "ทดลอง", "--yes", "--data", &data]);
    let output = run(&folder, &["demo", "--listen", "127.0.0.1:0", "--data", &data, "--lang", "en"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("a demo needs an empty one"), "{}", said(&output));
    assert!(printed(&output).is_empty(), "no accounts are offered: {}", printed(&output));
    let db = Database::open(&Settings::folder(Path::new(&data))).unwrap();
    let accounts: i64 = db
        .read::<_, store::Error>(&Viewer::System("test"), |r| r.one("SELECT COUNT(*) FROM account", &[]))
        .unwrap();
    assert_eq!(accounts, 0);
}

#[test]
fn what_the_command_line_writes_is_journaled_as_such() {
    let folder = Folder::new("journal");
    let data = folder.at("data");
    let list = sheet(&folder);
    done(&folder, &["import", &list, "--network", "ทดลอง", "--yes", "--data", &data]);
    let db = Database::open(&Settings::folder(Path::new(&data))).unwrap();
    let through: Vec<String> = db
        .read::<_, store::Error>(&Viewer::System("test"), |r| {
            r.all("SELECT DISTINCT through FROM journal", &[])
        })
        .unwrap();
    assert_eq!(through, ["command_line"]);
}

#[test]
fn a_write_that_waits_for_another_program_says_so() {
    let folder = Folder::new("waiting");
    let data = folder.at("data");
    let list = sheet(&folder);
    done(&folder, &["import", &list, "--network", "ทดลอง", "--yes", "--data", &data]);
    let db = Database::open(&Settings::folder(Path::new(&data))).unwrap();
    // the lock is held until the sentence was read
    let (mut child, mut stderr) = db
        .bookkeeping::<_, store::Error>("test", |_| {
            let mut child = saan(
                &folder,
                &["import", &list, "--network", "อีกแห่ง", "--yes", "--data", &data, "--lang", "en"],
            )
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
            let mut stderr = BufReader::new(child.stderr.take().unwrap());
            let mut line = String::new();
            stderr.read_line(&mut line).unwrap();
            assert!(line.contains("another program is writing to this store"), "{line}");
            Ok((child, stderr))
        })
        .unwrap();
    let mut rest = String::new();
    std::io::Read::read_to_string(&mut stderr, &mut rest).unwrap();
    assert!(child.wait().unwrap().success(), "{rest}");
    assert!(!rest.contains("another program"), "said once: {rest}");
}
