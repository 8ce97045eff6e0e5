//! The one inverted index: what a person may see and is looking for, found in memory, best first (search, the board,
//! candidates for matching).
//!
//! It is handed words that were cut and folded before and compares them letter by letter: ข้าว is never ข่าว. Who may
//! see a document is checked inside the scan, so that the first ten are the first ten of *this* person, and counting
//! stops when there are more than anybody reads. A library of its own: no I/O, no clock, no knowledge of Thai.
//!
//! Ranking is BM25 (Robertson and Zaragoza 2009) with the title as a heavier field of the same document (BM25F).
//! docs/decisions/0002-index.md says why it is our own and what was measured.
//!
//! ```
//! use index::{Document, Group, Index, Query, Seer};
//!
//! let mut index = Index::default();
//! index.upsert(&Document { object: 1, kind: "need", keys: &[7], title: &["น้ำ", "ท่วม"], ..Document::default() })?;
//! index.upsert(&Document { object: 2, kind: "need", keys: &[9], title: &["น้ำ"], ..Document::default() })?;
//! let query = Query { must: vec![Group::of("น้ำ")], ..Query::default() };
//! let found = index.search(&query, Seer::Keys(&[7]), 10);
//! assert_eq!(found.hits.iter().map(|hit| hit.object).collect::<Vec<_>>(), [1]);
//! # Ok::<(), index::Full>(())
//! ```

mod broad;
mod index;
mod posting;
mod scan;
mod spelling;

pub use index::{Document, Full, Index, Word};
pub use scan::{Count, Group, Hit, Hits, MOST_COUNTED, Query, Seer};
