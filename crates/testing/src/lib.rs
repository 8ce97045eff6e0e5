//! What tests stand on: a fresh store on each database, a clock that a test moves.

pub mod device;
pub mod http;
pub mod provider;
pub mod smtp;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use store::{Clock, Database, Micros, Settings};

/// 2026-11-22T05:00:00Z, noon in Bangkok: when tests begin unless they say otherwise.
pub const NOON: Micros = Micros(1_795_323_600_000_000);

/// The address of a PostgreSQL server on which tests may make databases; `cargo xtask test` sets it.
pub const SERVER: &str = "SAAN_TEST_POSTGRES";

/// A fresh store that goes away with the test.
#[derive(Debug)]
pub struct Fresh {
    pub settings: Settings,
    pub clock: Clock,
    dropped: Option<(String, String)>,
}

impl Fresh {
    /// Opens it; a second call is a second process on the same store.
    ///
    /// # Panics
    /// When the store cannot be opened.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a test without its store has failed")]
    pub fn open(&self) -> Database {
        Database::open(&self.settings).expect("the test's store opens")
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        if let Some((server, name)) = self.dropped.take()
            && let Ok(mut client) = postgres::Client::connect(&server, postgres::NoTls)
        {
            let _ = client.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
        if let store::Backend::Folder(folder) = &self.settings.backend {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

fn unique() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("saan_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst))
}

/// A fresh SQLite store in a temporary folder, with a fake clock.
#[must_use]
pub fn sqlite() -> Fresh {
    let clock = Clock::fake(NOON);
    let folder = std::env::temp_dir().join(unique());
    Fresh { settings: Settings::folder(&folder).with_clock(clock.clone()), clock, dropped: None }
}

/// A fresh PostgreSQL store, with a fake clock; none where there is no server to make it on.
///
/// # Panics
/// When the server is named and cannot be used, or when it is not named although `CI` is set: there, nothing is
/// skipped in silence.
#[must_use]
#[expect(clippy::expect_used, clippy::panic, reason = "a test without its store has failed")]
pub fn postgresql() -> Option<Fresh> {
    // two sessions that copy the template at once refuse each other
    static MAKING: Mutex<()> = Mutex::new(());
    let Ok(server) = std::env::var(SERVER) else {
        assert!(std::env::var_os("CI").is_none(), "{SERVER} is not set: PostgreSQL would go untested");
        eprintln!("skipped on PostgreSQL: {SERVER} is not set (cargo xtask test sets it)");
        return None;
    };
    let name = unique();
    {
        let _one = MAKING.lock();
        let mut client =
            postgres::Client::connect(&server, postgres::NoTls).expect("the test server answers");
        client.batch_execute(&format!("CREATE DATABASE {name}")).expect("a test database can be made");
    }
    let Some((base, _)) = server.rsplit_once('/') else { panic!("{SERVER} names no database") };
    let clock = Clock::fake(NOON);
    let mut settings = Settings::postgresql(&format!("{base}/{name}")).with_clock(clock.clone());
    settings.readers = 4;
    Some(Fresh { settings, clock, dropped: Some((server, name)) })
}

/// Runs a test on each database.
pub fn on_both(test: impl Fn(Fresh)) {
    test(sqlite());
    if let Some(fresh) = postgresql() {
        test(fresh);
    }
}
