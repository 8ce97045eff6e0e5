use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use store::sessions::Secret;
use store::{Acting, Database, Done, Error, Micros, Reading, Viewer, Writing};
use tokio::sync::Semaphore;

/// What every request stands on: the store and how this instance is set up.
#[derive(Debug, Clone)]
pub struct House {
    db: Arc<Database>,
    pub setup: Arc<Setup>,
    /// As many at once as the store has connections: whoever waits here holds no thread and its memory.
    reads: Arc<Semaphore>,
    writes: Arc<Semaphore>,
    used: Arc<Mutex<Used>>,
}

/// Which sessions and tokens were used since that was last written down. What still waits when the program ends is lost:
/// each was used within the last moment of another.
#[derive(Debug, Default)]
struct Used {
    waiting: Vec<(Secret, Micros)>,
    written: Option<Micros>,
}

/// How long a request waits for its turn before it gives up.
const PATIENCE: Duration = Duration::from_secs(20);
/// Uses of sessions are written down at most this often.
const USES_TOGETHER: Micros = Micros(1_000_000);

/// How this instance is set up.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// The address people see, such as `https://saan.example.org`, for links in messages and QR codes; without it the
    /// address of the request.
    pub public_url: Option<String>,
    /// Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// Whether letters leave by e-mail: only then is anything offered that needs one.
    pub letters: bool,
    /// The public key by which browsers subscribe to web push, where pushes leave.
    pub push: Option<String>,
    /// The issuer of LINE Login, where messages leave by LINE.
    pub line: Option<String>,
    /// A network of made-up people, to try things out.
    pub demo: bool,
}

impl House {
    #[must_use]
    pub fn new(db: Arc<Database>, setup: Arc<Setup>) -> Self {
        let (reads, writes) = (Semaphore::new(db.readers()), Semaphore::new(db.writers()));
        Self { db, setup, reads: Arc::new(reads), writes: Arc::new(writes), used: Arc::default() }
    }

    /// Has it written down that this session or token was used: at once, or together with others when that was just
    /// done for somebody.
    pub(crate) fn used(&self, secret: Secret) {
        let together = {
            let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
            let now = self.db.now();
            used.waiting.retain(|(known, _)| *known != secret);
            used.waiting.push((secret, now));
            // a clock that was set back holds nothing up
            if used.written.is_some_and(|at| (0..USES_TOGETHER.0).contains(&(now.0 - at.0))) {
                return;
            }
            used.written = Some(now);
            std::mem::take(&mut used.waiting)
        };
        let db = Arc::clone(&self.db);
        tokio::task::spawn_blocking(move || {
            if let Err(error) = db.touch(&together) {
                tracing::warn!("sessions: {error}");
            }
        });
    }

    /// On a thread that may block, once one of these places is free.
    async fn gated<T, E>(
        &self,
        places: &Semaphore,
        work: impl FnOnce() -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let waiting = tokio::time::timeout(PATIENCE, places.acquire());
        // nobody closes the semaphore: the second is the wait that was too long
        let Ok(Ok(_place)) = waiting.await else { return Err(Error::Busy.into()) };
        on_a_thread(work).await
    }

    /// The store itself, for jobs and for what runs on a thread of its own.
    #[must_use]
    pub const fn database(&self) -> &Arc<Database> {
        &self.db
    }

    /// Reads on a thread that may block.
    ///
    /// # Errors
    /// Whatever the closure answers, or the database's own.
    pub async fn read<T, E>(
        &self,
        viewer: &Viewer,
        work: impl FnOnce(&Reading<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (db, viewer) = (Arc::clone(&self.db), viewer.clone());
        self.gated(&self.reads, move || db.read(&viewer, work)).await
    }

    /// Writes on a thread that may block, in one transaction.
    ///
    /// # Errors
    /// Whatever the closure answers, or the database's own.
    pub async fn write<T, E>(
        &self,
        acting: &Acting,
        work: impl FnMut(&mut Writing<'_>) -> Result<Done<T>, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (db, acting) = (Arc::clone(&self.db), acting.clone());
        self.gated(&self.writes, move || db.write(&acting, work)).await
    }
}

/// Runs what takes long or blocks away from the threads that serve requests.
///
/// # Errors
/// Whatever the work answers; [`Error::Fault`] when it panicked.
pub async fn on_a_thread<T, E>(work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, E>
where
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(Error::Fault(format!("the work ended early: {error}")).into()),
    }
}
