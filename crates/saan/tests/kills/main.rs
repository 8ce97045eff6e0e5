//! The program is killed while people write, as by a power cut, and started again: everything that was answered with
//! yes is there, nothing is there by half, and whatever is sent again with its key makes one object.
//!
//! `SAAN_KILLS` says how often on each database; `cargo xtask bench kills` asks for a thousand.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test whose premise fails has failed"
)]

mod browser;
mod letters;

use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use browser::Browser;
use store::{Acting, Backend, Clock, Database, Settings, Viewer, params};
use testing::Fresh;

/// How many write at once.
const WRITERS: u64 = 4;

/// The program on a store, as a process.
struct Program {
    child: Child,
    port: u16,
}

/// The store as the command line takes it.
fn place(settings: &Settings) -> [String; 2] {
    match &settings.backend {
        Backend::Folder(folder) => ["--data".to_owned(), folder.display().to_string()],
        Backend::PostgreSql(url) => ["--database".to_owned(), url.clone()],
        Backend::Memory => panic!("a store in memory cannot be killed"),
    }
}

fn saan(settings: &Settings, arguments: &[&str]) -> Output {
    let program = env!("CARGO_BIN_EXE_saan");
    Command::new(program).args(arguments).args(place(settings)).stdin(Stdio::null()).output().unwrap()
}

impl Program {
    fn start(settings: &Settings) -> Self {
        Self::start_with(settings, &[])
    }

    fn start_with(settings: &Settings, more: &[String]) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = Command::new(env!("CARGO_BIN_EXE_saan"))
            .args(["serve", "--listen", &format!("127.0.0.1:{port}")])
            .args(place(settings))
            .args(more)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut program = Self { child, port };
        let began = Instant::now();
        while program.browser("").get("/healthz").is_none() {
            assert!(began.elapsed() < Duration::from_secs(60), "the server answers");
            assert!(program.child.try_wait().unwrap().is_none(), "the server goes on");
            std::thread::sleep(Duration::from_millis(5));
        }
        program
    }

    fn browser(&self, cookie: &str) -> Browser {
        Browser::new(self.port, cookie)
    }

    /// SIGKILL: no handler runs, nothing is flushed.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Something that was to be written: by the form or by the API, under a key of its own.
#[derive(Debug, Clone)]
struct Wish {
    number: u64,
    text: String,
}

#[derive(Debug, PartialEq, Eq)]
enum Came {
    Yes,
    /// The key is held by a process that died before it wrote anything.
    UnderWay,
    Nothing,
}

impl Wish {
    fn new(number: u64) -> Self {
        Self {
            number, text: format!("เก็บผักให้เพื่อนบ้าน รอบที่ {number:06}")
        }
    }

    fn send(&self, browser: &mut Browser) -> Came {
        let key = format!("wish-{:06}", self.number);
        let reply = if self.number.is_multiple_of(2) {
            let fields = [
                ("side", "offer"),
                ("asked", "1"),
                ("text", self.text.as_str()),
                ("mode", "either"),
                ("terms", "gift"),
                ("urgency", "whenever"),
                ("ends", "180"),
                ("capacity", "4"),
                ("everywhere", "1"),
                ("once", &key),
            ];
            browser.post("/giving/new", &fields)
        } else {
            let body = serde_json::json!({"side": "offer", "text": self.text});
            browser.post_json("/api/v1/giving", &body, &key)
        };
        match reply {
            Some((303 | 201 | 200, _)) => Came::Yes,
            Some((409, _)) => Came::UnderWay,
            Some((status, body)) => panic!("{}: {status} {body}", self.text),
            None => Came::Nothing,
        }
    }
}

/// Texts of wishes that stand in the store more or less than once, and those that stand there by half.
fn faults(db: &Database, wanted: &[String], never: &[String]) -> Vec<String> {
    db.read(&Viewer::System("test"), |r| {
        let mut faults = Vec::new();
        let count = "SELECT COUNT(*) FROM intent WHERE text = $1";
        for (texts, right) in [(wanted, 1), (never, 0)] {
            for text in texts {
                let found: i64 = r.one(count, params![text])?;
                if found != right {
                    faults.push(format!("{text}: {found} times"));
                }
            }
        }
        let half: Vec<String> = r.all(
            "SELECT i.text FROM intent i WHERE i.text LIKE 'เก็บผัก%' AND (NOT EXISTS (SELECT 1 FROM audience a \
             WHERE a.object_id = i.id) OR NOT EXISTS (SELECT 1 FROM indexed x WHERE x.object_id = i.id) \
             OR NOT EXISTS (SELECT 1 FROM journal j WHERE j.object_id = i.id))",
            params![],
        )?;
        faults.extend(half.into_iter().map(|text| format!("by half: {text}")));
        Ok::<_, store::Error>(faults)
    })
    .unwrap()
}

fn kills(otherwise: u32) -> u32 {
    std::env::var("SAAN_KILLS").ok().and_then(|times| times.parse().ok()).unwrap_or(otherwise)
}

fn killed_again_and_again(fresh: &Fresh, times: u32) {
    let settings = fresh.settings.clone().with_clock(Clock::System);
    saan::demo::plant(&settings).unwrap();
    let next = AtomicU64::new(0);
    let mut done: Vec<String> = Vec::new();
    let mut unsure: Vec<Wish> = Vec::new();
    let mut never: Vec<String> = Vec::new();
    let mut cookie = String::new();
    for round in 0..times {
        let program = Program::start(&settings);
        if cookie.is_empty() {
            cookie = program.browser("").sign_in("member", saan::demo::PASSWORD);
        }
        // what got no answer before the last kill is sent again, with its key
        for wish in unsure.drain(..) {
            match wish.send(&mut program.browser(&cookie)) {
                Came::Yes => done.push(wish.text),
                Came::UnderWay => never.push(wish.text),
                Came::Nothing => panic!("the server answers what is sent again"),
            }
        }
        let (yes, no) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
        std::thread::scope(|scope| {
            for _ in 0..WRITERS {
                scope.spawn(|| {
                    let mut browser = program.browser(&cookie);
                    loop {
                        let wish = Wish::new(next.fetch_add(1, Ordering::Relaxed));
                        match wish.send(&mut browser) {
                            Came::Yes => yes.lock().unwrap().push(wish.text),
                            Came::UnderWay => panic!("{}: nobody else has this key", wish.text),
                            Came::Nothing => return no.lock().unwrap().push(wish),
                        }
                    }
                });
            }
            let until = Duration::from_millis(60 + u64::from(round) * 37 % 190);
            std::thread::sleep(until);
            let id = program.child.id().to_string();
            assert!(Command::new("kill").args(["-9", &id]).status().unwrap().success());
        });
        program.kill();
        done.extend(yes.into_inner().unwrap());
        unsure = no.into_inner().unwrap();
        let recent = &done[done.len().saturating_sub(200)..];
        let db = Database::open(&settings).unwrap();
        assert_eq!(faults(&db, recent, &never), [""; 0], "after kill {}", round + 1);
    }
    let program = Program::start(&settings);
    for wish in unsure {
        match wish.send(&mut program.browser(&cookie)) {
            Came::Yes => done.push(wish.text),
            Came::UnderWay => never.push(wish.text),
            Came::Nothing => panic!("the server answers what is sent again"),
        }
    }
    program.kill();
    assert!(done.len() > times as usize, "people could write in between: {}", done.len());
    let db = Database::open(&settings).unwrap();
    assert_eq!(faults(&db, &done, &never), [""; 0]);
    drop(db);
    let check = saan(&settings, &["check"]);
    assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stdout));
    eprintln!("{times} kills: {} writes answered, {} keys given back", done.len(), never.len());
}

#[test]
fn a_server_killed_while_people_write_loses_nothing_on_sqlite() {
    killed_again_and_again(&testing::sqlite(), kills(50));
}

#[test]
fn a_server_killed_while_people_write_loses_nothing_on_postgresql() {
    let Some(fresh) = testing::postgresql() else { return };
    killed_again_and_again(&fresh, kills(50));
}

/// Writers wait for each other, whichever process they are in, and nothing is lost.
#[test]
fn a_server_and_an_import_share_one_folder() {
    let fresh = testing::sqlite();
    let settings = fresh.settings.clone().with_clock(Clock::System);
    saan::demo::plant(&settings).unwrap();
    let program = Program::start(&settings);
    let cookie = program.browser("").sign_in("member", saan::demo::PASSWORD);
    let network = "เครือข่ายพยาบาลวิชาชีพภาคเหนือ";
    let sheet = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../formats/tests/data/members.xlsx");
    let over = std::sync::atomic::AtomicBool::new(false);
    let written = std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            let (mut browser, mut written) = (program.browser(&cookie), Vec::new());
            for number in 0.. {
                let wish = Wish::new(number);
                assert_eq!(wish.send(&mut browser), Came::Yes);
                written.push(wish.text);
                if over.load(Ordering::Relaxed) && number > 10 {
                    break;
                }
            }
            written
        });
        let imported =
            saan(&settings, &["import", "--yes", "--network", network, &sheet.display().to_string()]);
        over.store(true, Ordering::Relaxed);
        assert!(imported.status.success(), "{}", String::from_utf8_lossy(&imported.stderr));
        writing.join().unwrap()
    });
    // what the other process wrote is found by this one
    let found = program.browser(&cookie).get("/members").unwrap();
    assert_eq!(found.0, 200);
    program.kill();
    let db = Database::open(&settings).unwrap();
    assert_eq!(faults(&db, &written, &[]), [""; 0]);
    let persons: i64 = db
        .read(&Viewer::System("test"), |r| {
            r.one("SELECT COUNT(*) FROM import_object WHERE kind = 'actor' AND made", params![])
        })
        .unwrap();
    assert!(persons >= 115, "{persons}");
    drop(db);
    let check = saan(&settings, &["check"]);
    assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stdout));
}

/// Whoever writes while another process holds the writer waits, and is served as soon as it lets go.
#[test]
fn a_writer_waits_for_another_process() {
    let fresh = testing::sqlite();
    let settings = fresh.settings.clone().with_clock(Clock::System);
    saan::demo::plant(&settings).unwrap();
    let program = Program::start(&settings);
    let cookie = program.browser("").sign_in("member", saan::demo::PASSWORD);
    let db = Database::open(&settings).unwrap();
    let let_go = AtomicU64::new(0);
    let (held, holding) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        let mut browser = program.browser(&cookie);
        scope.spawn(|| {
            let done: Result<(), store::Error> = db.bookkeeping("test", |w| {
                w.execute("UPDATE setting SET value = value", params![])?;
                held.send(()).unwrap();
                std::thread::sleep(Duration::from_millis(1200));
                let_go.store(1, Ordering::SeqCst);
                Ok(())
            });
            done.unwrap();
        });
        holding.recv().unwrap();
        // readers are never held
        assert_eq!(program.browser(&cookie).get("/members").unwrap().0, 200);
        assert_eq!(let_go.load(Ordering::SeqCst), 0, "the page came while the writer was held");
        assert_eq!(Wish::new(1).send(&mut browser), Came::Yes);
        assert_eq!(let_go.load(Ordering::SeqCst), 1, "the write came after it");
    });
    let nothing: Result<(), store::Error> = db.write(&Acting::system("test"), |w| w.finished(()));
    nothing.unwrap();
}
