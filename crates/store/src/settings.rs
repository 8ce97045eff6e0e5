use std::path::{Path, PathBuf};

use crate::Clock;

/// Where the store is and how it is opened.
#[derive(Debug, Clone)]
pub struct Settings {
    pub backend: Backend,
    pub clock: Clock,
    /// Connections that read at the same time.
    pub readers: usize,
    /// Called once a write has waited half a second for another process on the same SQLite store.
    pub waiting: Option<fn()>,
}

/// How long a write waits before somebody is told that it waits.
pub(crate) const SOON: std::time::Duration = std::time::Duration::from_millis(500);

/// Which database.
#[derive(Debug, Clone)]
pub enum Backend {
    /// `saan.db` in this folder.
    Folder(PathBuf),
    /// A database that lives as long as it is open: for examples and quick tests.
    Memory,
    /// `postgres://…`
    PostgreSql(String),
}

impl Settings {
    /// SQLite in a folder.
    #[must_use]
    pub fn folder(path: &Path) -> Self {
        Self { backend: Backend::Folder(path.to_owned()), clock: Clock::System, readers: 4, waiting: None }
    }

    /// A `postgres://` address.
    #[must_use]
    pub fn postgresql(url: &str) -> Self {
        Self { backend: Backend::PostgreSql(url.to_owned()), clock: Clock::System, readers: 8, waiting: None }
    }

    /// A fresh database in memory.
    #[must_use]
    pub fn in_memory() -> Self {
        Self { backend: Backend::Memory, clock: Clock::System, readers: 2, waiting: None }
    }

    /// Telling somebody, by this, that a write waits.
    #[must_use]
    pub const fn with_waiting(mut self, told: fn()) -> Self {
        self.waiting = Some(told);
        self
    }

    /// With this clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }
}
