use std::sync::Arc;

use store::{Acting, Database, Done, Error, Reading, Viewer, Writing};

/// What every request stands on: the store and how this instance is set up.
#[derive(Debug, Clone)]
pub struct House {
    db: Arc<Database>,
    pub setup: Arc<Setup>,
}

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
    pub const fn new(db: Arc<Database>, setup: Arc<Setup>) -> Self {
        Self { db, setup }
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
        on_a_thread(move || db.read(&viewer, work)).await
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
        on_a_thread(move || db.write(&acting, work)).await
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
