//! What can be wrong with a table, and where.

use std::fmt;

/// A table that cannot be read: which file, where in it, and what is wrong.
#[derive(Debug)]
pub struct ReadError {
    /// The file as it was named in the call.
    pub file: String,
    /// The line, from 1; 0 where no line is at fault.
    pub line: u64,
    /// The column, from 1, counted in fields; 0 where no column is at fault.
    pub column: usize,
    pub problem: Problem,
}

/// What is wrong in a table.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    #[error("cannot be read: {0}")]
    Io(#[from] std::io::Error),
    #[error("the text is not UTF-8; save the table as CSV UTF-8")]
    NotUtf8,
    #[error("the text is UTF-16; save the table as CSV UTF-8")]
    Utf16,
    #[error("the file is empty; expected a header with {expected}")]
    Empty { expected: &'static str },
    #[error("the header has no column {name}; expected {expected}")]
    NoColumn { name: &'static str, expected: &'static str },
    #[error("the header names the column {name} twice")]
    ColumnTwice { name: String },
    #[error("this line has {found} fields; the header has {expected}")]
    Fields { found: usize, expected: usize },
    #[error("a quotation mark is opened and not closed")]
    OpenQuote,
    #[error("text follows a closing quotation mark; expected a comma or the end of the line")]
    AfterQuote,
    #[error("the line is longer than {limit} bytes")]
    LineTooLong { limit: usize },
    #[error("the id is empty; expected the name or number of an actor")]
    NoId,
    #[error("the actor \"{id}\" stands in this file twice")]
    IdTwice { id: String },
    #[error("the actor \"{id}\" is not in the table of actors")]
    UnknownId { id: String },
    #[error("the weight \"{text}\" is not a number of 0 or more")]
    Weight { text: String },
    #[error("the weights add up to more than a number can hold")]
    WeightSum,
    #[error("the time \"{text}\" is neither a number nor a date and time as 2026-01-31T09:30:00+07:00")]
    Time { text: String },
    #[error("there are more than {limit} actors")]
    TooManyActors { limit: u32 },
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if self.line > 0 {
            write!(f, ", line {}", self.line)?;
        }
        if self.column > 0 {
            write!(f, ", column {}", self.column)?;
        }
        write!(f, ": {}", self.problem)
    }
}

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.problem)
    }
}
