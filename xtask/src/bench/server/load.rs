//! What people do, and how fast it is done: as fast as it goes (closed loop), or so many a second whatever happens
//! (open loop, timed from when each should have been sent, so that a stall is seen by everybody who waits in it).

use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde::Deserialize;

use super::http::{self, Connection};

/// What the maker of the crowd wrote for us.
#[derive(Debug, Deserialize)]
pub struct Crowd {
    pub password: String,
    pub sessions: Vec<Session>,
    pub members: Vec<String>,
    pub narrow: Vec<String>,
    pub broad: String,
    pub counts: serde_json::Value,
}

#[derive(Debug, Deserialize)]
pub struct Session {
    pub secret: String,
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Members,
    Narrow,
    Broad,
    Board,
    Member,
    Today,
    Offer,
    Log,
}

impl Kind {
    pub const ALL: [Self; 8] = [
        Self::Members,
        Self::Narrow,
        Self::Broad,
        Self::Board,
        Self::Member,
        Self::Today,
        Self::Offer,
        Self::Log,
    ];

    pub const fn words(self) -> &'static str {
        match self {
            Self::Members => "member list",
            Self::Narrow => "search, narrow word",
            Self::Broad => "search, broad word",
            Self::Board => "board",
            Self::Member => "member page",
            Self::Today => "today",
            Self::Offer => "post an offer",
            Self::Log => "log a tie",
        }
    }

    /// Of a hundred requests of the mix.
    const fn share(self) -> usize {
        match self {
            Self::Members | Self::Board => 20,
            Self::Narrow => 15,
            Self::Broad => 5,
            Self::Member => 30,
            // as rarely asked for as it is the first page of a day; measured by itself
            Self::Today => 0,
            Self::Offer | Self::Log => 5,
        }
    }
}

/// One kind, or all in their shares.
#[derive(Debug, Clone, Copy)]
pub enum What {
    One(Kind),
    Mixed,
}

const TEXTS: [&str; 6] = [
    "รับสอนวัดความดันให้คนในหมู่บ้าน บ่ายวันเสาร์",
    "มีรถกระบะ ช่วยขนของให้ผู้สูงอายุย้ายบ้านได้",
    "ช่วยเยี่ยมบ้านผู้ป่วยติดเตียง สัปดาห์ละครั้ง",
    "สอนใช้โทรศัพท์มือถือให้คุณยาย ทีละคน",
    "แบ่งกล้าผักสวนครัว มารับได้ที่บ้าน",
    "ซ่อมหลังคารั่วให้คนเฒ่าคนแก่ ช่วงหน้าฝน",
];

static SENT: AtomicU64 = AtomicU64::new(0);

/// Numbers that look random (xorshift64*, Vigna 2016, doi:10.1145/2845077).
#[derive(Debug)]
pub struct Chance(u64);

impl Chance {
    pub const fn seeded(seed: u64) -> Self {
        Self(seed.wrapping_mul(2).wrapping_add(1))
    }

    pub fn below(&mut self, below: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let wide = u128::from(self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)) * below as u128;
        usize::try_from(wide >> 64).unwrap_or(0)
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> Result<&'a T, String> {
        let at = self.below(all.len());
        all.get(at).ok_or_else(|| "the crowd's file is empty".to_owned())
    }
}

impl Crowd {
    fn kind(what: What, chance: &mut Chance) -> Kind {
        let mut mixed = || {
            let mut at = chance.below(100);
            for kind in Kind::ALL {
                if at < kind.share() {
                    return kind;
                }
                at -= kind.share();
            }
            Kind::Member
        };
        match what {
            What::One(kind) => kind,
            What::Mixed => mixed(),
        }
    }

    /// A request as somebody of the crowd sends it.
    pub fn request(&self, kind: Kind, chance: &mut Chance) -> Result<Vec<u8>, String> {
        let who = chance.of(&self.sessions)?.secret.as_str();
        let once = format!("bench-{:012}", SENT.fetch_add(1, Ordering::Relaxed));
        Ok(match kind {
            Kind::Members => http::get("/members", who),
            Kind::Narrow => http::get(&format!("/search?q={}", http::escaped(chance.of(&self.narrow)?)), who),
            Kind::Broad => http::get(&format!("/search?q={}", http::escaped(&self.broad)), who),
            Kind::Board => http::get("/giving", who),
            Kind::Member => http::get(&format!("/members/{}", chance.of(&self.members)?), who),
            Kind::Today => http::get("/today", who),
            Kind::Offer => {
                let text = format!("{} ({once})", chance.of(&TEXTS)?);
                let fields = [
                    ("side", "offer"),
                    ("asked", "1"),
                    ("text", &text),
                    ("mode", "either"),
                    ("terms", "gift"),
                    ("urgency", "whenever"),
                    ("ends", "180"),
                    ("capacity", "4"),
                    ("everywhere", "1"),
                    ("once", &once),
                ];
                http::post("/giving/new", who, &fields, "198.51.100.1")
            }
            Kind::Log => {
                let fields = [
                    ("with", chance.of(&self.members)?.as_str()),
                    ("channel", "phone"),
                    ("answered", "mutual"),
                    ("outcome", "information"),
                    ("date", "2026-01-15"),
                    ("summary", "คุยเรื่องงาน"),
                    ("once", &once),
                ];
                http::post("/ties/log", who, &fields, "198.51.100.1")
            }
        })
    }
}

/// What was measured.
#[derive(Debug, Default)]
pub struct Measured {
    /// Microseconds from when a request should have been sent to the last byte of its answer.
    latencies: Vec<u32>,
    /// Answers with a status that says no, and connections that broke.
    pub failed: usize,
    pub seconds: f64,
    first_failure: Option<String>,
}

impl Measured {
    pub fn rate(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a rate needs no last digit")]
        let done = self.latencies.len() as f64;
        done / self.seconds.max(1e-9)
    }

    pub fn count(&self) -> usize {
        self.latencies.len()
    }

    /// Milliseconds within which this share of the answers came.
    pub fn within(&self, share: f64) -> f64 {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a place in a list"
        )]
        let at = ((self.latencies.len() as f64 * share) as usize).min(self.latencies.len().saturating_sub(1));
        self.latencies.get(at).map_or(0.0, |micros| f64::from(*micros) / 1000.0)
    }

    /// Says the first failure aloud; a figure with failures in it means nothing.
    pub fn complain(&self, what: &str) {
        if let Some(first) = &self.first_failure {
            eprintln!("{what}: {} of {} failed, the first: {first}", self.failed, self.count() + self.failed);
        }
    }

    fn add(&mut self, other: Self) {
        self.latencies.extend(other.latencies);
        self.failed += other.failed;
        self.first_failure = self.first_failure.take().or(other.first_failure);
    }

    fn note(&mut self, outcome: Result<http::Reply, String>, since: Instant) {
        match outcome {
            Ok(reply) if reply.status < 400 && !(reply.status == 200 && reply.body.is_empty()) => {
                self.latencies.push(u32::try_from(since.elapsed().as_micros()).unwrap_or(u32::MAX));
            }
            Ok(reply) => {
                self.failed += 1;
                let page = String::from_utf8_lossy(&reply.body);
                // the title of a problem's page says what it was
                let title = page.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next());
                let text = title.unwrap_or(&page).chars().take(300).collect::<String>();
                self.first_failure.get_or_insert(format!("{}: {text}", reply.status));
            }
            Err(why) => {
                self.failed += 1;
                self.first_failure.get_or_insert(why);
            }
        }
    }
}

/// Threads that send at once, each as soon as its last answer came.
const CLOSED: u64 = 8;
/// Threads that keep a fixed rate: enough that one is always free until answers take 100 ms.
const OPEN: u64 = 64;

/// As fast as it goes.
pub fn closed(address: SocketAddr, crowd: &Crowd, what: What, lasts: Duration) -> Measured {
    let until = Instant::now() + lasts;
    together(CLOSED, |seed, measured| {
        let (mut connection, mut chance) = (Connection::to(address), Chance::seeded(seed));
        while Instant::now() < until {
            let kind = Crowd::kind(what, &mut chance);
            let began = Instant::now();
            let outcome = crowd.request(kind, &mut chance).and_then(|request| connection.send(&request));
            measured.note(outcome, began);
        }
    })
}

/// So many requests a second.
pub fn open(address: SocketAddr, crowd: &Crowd, what: What, rate: u32, lasts: Duration) -> Measured {
    let began = Instant::now();
    let every = Duration::from_secs(1) / rate;
    let turn = AtomicU64::new(0);
    together(OPEN, |seed, measured| {
        let (mut connection, mut chance) = (Connection::to(address), Chance::seeded(seed + 1000));
        loop {
            let number = u32::try_from(turn.fetch_add(1, Ordering::Relaxed)).unwrap_or(u32::MAX);
            let due = every * number;
            if due > lasts {
                return;
            }
            let due = began + due;
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            let kind = Crowd::kind(what, &mut chance);
            let outcome = crowd.request(kind, &mut chance).and_then(|request| connection.send(&request));
            measured.note(outcome, due);
        }
    })
}

fn together(threads: u64, work: impl Fn(u64, &mut Measured) + Sync) -> Measured {
    let all = Mutex::new(Measured::default());
    let began = Instant::now();
    std::thread::scope(|scope| {
        for seed in 1..=threads {
            let (all, work) = (&all, &work);
            scope.spawn(move || {
                let mut mine = Measured::default();
                work(seed, &mut mine);
                all.lock().unwrap_or_else(PoisonError::into_inner).add(mine);
            });
        }
    });
    let mut all = all.into_inner().unwrap_or_else(PoisonError::into_inner);
    all.seconds = began.elapsed().as_secs_f64();
    all.latencies.sort_unstable();
    all
}

/// Five people a second sign in while `work` is measured; what `work` answers, and how many came in.
pub fn while_signing_in<T>(address: SocketAddr, crowd: &Crowd, work: impl FnOnce() -> T) -> (T, usize) {
    let over = AtomicBool::new(false);
    let came = AtomicU64::new(0);
    let done = std::thread::scope(|scope| {
        for lane in 0..5_u32 {
            let (over, came) = (&over, &came);
            scope.spawn(move || {
                let mut connection = Connection::to(address);
                let began = Instant::now() + Duration::from_millis(200) * lane;
                for turn in 0.. {
                    let due = began + Duration::from_secs(1) * turn;
                    std::thread::sleep(due.saturating_duration_since(Instant::now()));
                    if over.load(Ordering::Relaxed) {
                        return;
                    }
                    let number = turn * 5 + lane;
                    let name = format!("person{}", number as usize % crowd.sessions.len().max(1));
                    let from = format!("203.0.113.{}", number % 250);
                    let fields = [("name", name.as_str()), ("password", crowd.password.as_str())];
                    let request = http::post("/joining/sign-in", "", &fields, &from);
                    match connection.send(&request) {
                        Ok(reply) if reply.session.is_some() => {
                            came.fetch_add(1, Ordering::Relaxed);
                        }
                        Ok(reply) => eprintln!("signing in: {}", reply.status),
                        Err(why) => eprintln!("signing in: {why}"),
                    }
                }
            });
        }
        let done = work();
        over.store(true, Ordering::Relaxed);
        done
    });
    (done, usize::try_from(came.into_inner()).unwrap_or(0))
}
