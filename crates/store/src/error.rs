/// What can go wrong between a feature and the database.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A row that was asked for by its id is not there, or not for this viewer: the two are never told apart.
    #[error("not found")]
    NotFound,
    /// A unique key is taken already (a second tap, a name in use).
    #[error("already there: {0}")]
    Taken(String),
    /// Someone else changed the row since it was read.
    #[error("changed by someone else in the meantime")]
    Changed,
    /// The other writers did not let go in time, or the same transaction lost its race several times.
    #[error("the database is busy; nothing was written")]
    Busy,
    /// The database cannot be opened or reached.
    #[error("cannot open the database: {0}")]
    Open(String),
    /// A column holds what its reader does not expect, or a statement is wrong: a fault of ours.
    #[error("database: {0}")]
    Fault(String),
}

impl Error {
    /// Whether the same closure, called once more on a fresh transaction, may succeed.
    pub(crate) fn worth_another_try(&self) -> bool {
        matches!(self, Self::Busy)
    }
}
