//! The table of ties: `source,target` and optionally `weight` (1 where it is not given) and `time`.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::actors::{Actors, check_width, header, too_many};
use super::error::{Problem, ReadError};
use super::ids::{Ids, NONE};
use super::records::{Block, MOST_NUMBERS, Records};
use crate::network::{Builder, Direction, Graph};

/// Whether the times of ties are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Times {
    /// A column `time` is passed over unread.
    Ignored,
    /// A column `time` is read: a number, or a date and time of RFC 3339 as seconds since 1970.
    Read,
}

/// The rows of a table of ties in their order, loops included, with the actors they name.
#[derive(Debug, Clone, Default)]
pub struct Ties {
    pub actors: Actors,
    pub sources: Vec<u32>,
    pub targets: Vec<u32>,
    /// Finite, 0 or more.
    pub weights: Vec<f64>,
    /// Not a number where a row has no time; empty where none were read.
    pub times: Vec<f64>,
    file: String,
}

impl Ties {
    /// Room for so many rows, so that the columns need not be moved as they grow.
    fn reserve(&mut self, rows: usize) {
        self.sources.reserve_exact(rows);
        self.targets.reserve_exact(rows);
        self.weights.reserve_exact(rows);
    }

    /// The network of these ties.
    ///
    /// # Errors
    /// When the weights add up to infinity.
    pub fn network(self, direction: Direction) -> Result<(Graph, Actors), ReadError> {
        let builder =
            Builder::of_rows(direction, self.actors.len() as u32, (self.sources, self.targets, self.weights));
        match builder.build() {
            Ok(graph) => Ok((graph, self.actors)),
            Err(_) => Err(ReadError { file: self.file, line: 0, column: 0, problem: Problem::WeightSum }),
        }
    }
}

const EXPECTED: &str = "source,target and optionally weight,time";

/// Reads the table of ties. With a table of actors every id must stand in it; without, actors are numbered in the
/// order in which they first appear.
///
/// # Errors
/// When the file cannot be read or a row is not as said above.
pub fn ties(path: &Path, actors: Option<Actors>, times: Times) -> Result<Ties, ReadError> {
    let file = path.display().to_string();
    match File::open(path) {
        Ok(input) => {
            let length = input.metadata().map_or(0, |about| about.len());
            read_ties(input, &file, actors, times, length)
        }
        Err(error) => Err(ReadError { file, line: 0, column: 0, problem: Problem::Io(error) }),
    }
}

/// Reads the table of ties from any source; `file` is what errors call it.
///
/// # Errors
/// As [`ties`].
pub fn ties_from(
    input: impl Read,
    file: &str,
    actors: Option<Actors>,
    times: Times,
) -> Result<Ties, ReadError> {
    read_ties(input, file, actors, times, 0)
}

/// With the length of the whole file in bytes, 0 where it is not known.
fn read_ties(
    input: impl Read,
    file: &str,
    actors: Option<Actors>,
    times: Times,
    length: u64,
) -> Result<Ties, ReadError> {
    let mut records = Records::new(input, file)?;
    let names = header(&mut records, EXPECTED)?;
    let place = |wanted: &str| names.iter().position(|name| name.eq_ignore_ascii_case(wanted));
    let missing = |name| Problem::NoColumn { name, expected: EXPECTED };
    let source = place("source").ok_or_else(|| records.error(0, missing("source")))?;
    let target = place("target").ok_or_else(|| records.error(0, missing("target")))?;
    let weight = place("weight");
    let time = place("time").filter(|_| times == Times::Read);

    let closed = actors.is_some();
    let mut ties = Ties { actors: actors.unwrap_or_default(), file: file.to_owned(), ..Ties::default() };
    let of_numbers = time.is_none() && names.len() <= MOST_NUMBERS;
    let mut block = Block::default();
    loop {
        while of_numbers && records.block(names.len(), &mut block) {
            if ties.sources.is_empty() {
                ties.reserve(block.rows_in(length));
            }
            add_block(&mut ties, &block, [source, target], closed).map_err(|(row, field, problem)| {
                records.error_above(block.rows().saturating_sub(row + 1), field, problem)
            })?;
            match weight {
                Some(field) => ties.weights.extend(block.column(field).iter().copied().map(f64::from)),
                None => ties.weights.resize(ties.sources.len(), 1.0),
            }
        }
        if !records.advance()? {
            break;
        }
        check_width(&records, names.len())?;
        for (field, ends) in [(source, &mut ties.sources), (target, &mut ties.targets)] {
            ends.push(end_of(&records, field, &mut ties.actors.ids, closed)?);
        }
        ties.weights.push(match weight {
            Some(field) => weight_in(&records, field)?,
            None => 1.0,
        });
        if let Some(field) = time {
            ties.times.push(time_in(&records, field)?);
        }
    }
    Ok(ties)
}

/// Adds the ends of ties; of a fault the row in the block and the field. Actors known already, as most are, are looked up
/// column by column, so that many looks are under way at once; what is left is numbered in the order of rows.
fn add_block(
    ties: &mut Ties,
    block: &Block,
    fields: [usize; 2],
    closed: bool,
) -> Result<(), (usize, usize, Problem)> {
    let columns = fields.map(|field| block.column(field));
    let ids = &mut ties.actors.ids;
    let begin = ties.sources.len();
    let [sources, targets] = columns.map(|column| column.iter().map(|&number| ids.known(number)));
    ties.sources.extend(sources);
    ties.targets.extend(targets);
    let ends = [&mut ties.sources, &mut ties.targets].map(|ends| ends.get_mut(begin..).unwrap_or_default());
    if ends.iter().all(|ends| !ends.contains(&NONE)) {
        return Ok(());
    }
    let [sources, targets] = ends;
    for (row, both) in sources.iter_mut().zip(targets).enumerate() {
        for ((end, column), &field) in <[&mut u32; 2]>::from(both).into_iter().zip(columns).zip(&fields) {
            let (NONE, Some(&number)) = (*end, column.get(row)) else { continue };
            *end = end_by_number(ids, number, closed).map_err(|problem| (row, field, problem))?;
        }
    }
    Ok(())
}

fn end_by_number(ids: &mut Ids, number: u32, closed: bool) -> Result<u32, Problem> {
    if closed {
        let id = number.to_string();
        return ids.find(&id).ok_or(Problem::UnknownId { id });
    }
    ids.number_number(number).ok_or_else(too_many)
}

fn end_of<R: Read>(
    records: &Records<R>,
    field: usize,
    ids: &mut Ids,
    closed: bool,
) -> Result<u32, ReadError> {
    let id = records.text(field)?;
    if id.is_empty() {
        return Err(records.error_in(field, Problem::NoId));
    }
    if closed {
        return ids.find(id).ok_or_else(|| records.error_in(field, Problem::UnknownId { id: id.to_owned() }));
    }
    ids.number(id).ok_or_else(|| records.error_in(field, too_many()))
}

fn weight_in<R: Read>(records: &Records<R>, field: usize) -> Result<f64, ReadError> {
    let bytes = records.bytes(field);
    if bytes.is_empty() {
        return Ok(1.0);
    }
    // most weights are small whole numbers
    if bytes.len() <= 9 && bytes.iter().all(u8::is_ascii_digit) {
        let value = bytes.iter().fold(0_u32, |value, &digit| value * 10 + u32::from(digit - b'0'));
        return Ok(f64::from(value));
    }
    let text = records.text(field)?;
    match text.parse::<f64>() {
        Ok(weight) if weight.is_finite() && weight >= 0.0 => Ok(weight),
        _ => Err(records.error_in(field, Problem::Weight { text: shortened(text) })),
    }
}

fn time_in<R: Read>(records: &Records<R>, field: usize) -> Result<f64, ReadError> {
    let text = records.text(field)?;
    if text.is_empty() {
        return Ok(f64::NAN);
    }
    if let Some(time) = text.parse::<f64>().ok().filter(|time| time.is_finite()) {
        return Ok(time);
    }
    match text.parse::<jiff::Timestamp>() {
        Ok(time) => Ok(time.as_millisecond() as f64 / 1000.0),
        Err(_) => Err(records.error_in(field, Problem::Time { text: shortened(text) })),
    }
}

/// Enough of a wrong text to find it by.
fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::super::actors_from;
    use super::*;

    fn read(text: &str) -> Result<Ties, ReadError> {
        ties_from(text.as_bytes(), "ties.csv", None, Times::Read)
    }

    fn refused(text: &str) -> String {
        read(text).unwrap_err().to_string()
    }

    fn rows(ties: &Ties) -> Vec<(String, String, f64)> {
        let id = |actor: &u32| ties.actors.ids.get(*actor).unwrap().to_owned();
        let ends = ties.sources.iter().zip(&ties.targets);
        ends.zip(&ties.weights).map(|((source, target), &weight)| (id(source), id(target), weight)).collect()
    }

    fn row(source: &str, target: &str, weight: f64) -> (String, String, f64) {
        (source.to_owned(), target.to_owned(), weight)
    }

    #[test]
    fn however_a_spreadsheet_writes_them_ties_are_the_same() {
        let wanted = [row("ก", "b c", 2.5), row("b c", "ก", 1.0)];
        for text in [
            "source,target,weight\nก,b c,2.5\nb c,ก,1\n",
            "\u{feff}source,target,weight\r\nก,b c,2.5\r\nb c,ก,1",
            "\"source\",\"target\",\"weight\"\r\n\"ก\",\"b c\",2.5\r\n\r\n\"b c\",\"ก\",\"1\"\r\n",
            "Weight , Target,Source,note\n2.5,b c, ก ,\"a \"\"b\"\",\nc\"\n,ก,b c,\n",
        ] {
            assert_eq!(rows(&read(text).unwrap()), wanted, "{text:?}");
        }
    }

    #[test]
    fn quoted_ids_keep_their_commas_marks_and_line_ends() {
        let ties = read("source,target\n\"a,\"\"x\"\"\",\"b\nb\"\nc,d\n").unwrap();
        assert_eq!(rows(&ties), [row("a,\"x\"", "b\nb", 1.0), row("c", "d", 1.0)]);
        // the record before took two lines
        assert_eq!(
            refused("source,target,weight\n\"a\n\",b,1\nc,d,x\n"),
            "ties.csv, line 4, column 3: the weight \"x\" is not a number of 0 or more"
        );
    }

    #[test]
    fn lines_across_buffers_come_out_whole() {
        let long = "x".repeat(100_000);
        let mut text = String::from("source,target,weight\n");
        for i in 0..40 {
            text.push_str(&format!("{long}{i},\"{long} \"\"{i}\"\"\",{i}\n"));
        }
        let ties = read(&text).unwrap();
        for (i, row) in rows(&ties).iter().enumerate() {
            assert_eq!(*row, (format!("{long}{i}"), format!("{long} \"{i}\""), i as f64));
        }
    }

    #[test]
    fn times_are_numbers_or_dates() {
        let ties = read("source,target,time\na,b,12.5\na,b,1970-01-02T07:00:00+07:00\na,b,\n").unwrap();
        assert_eq!(ties.times[..2], [12.5, 86_400.0]);
        assert!(ties.times[2].is_nan());
        assert!(
            refused("source,target,time\na,b,soon\n").starts_with("ties.csv, line 2, column 3: the time")
        );
    }

    #[test]
    fn each_fault_is_named_with_its_place() {
        let header = "source,target,weight\n";
        let faults = [
            (
                "",
                "ties.csv: the file is empty; expected a header with source,target and optionally weight,time",
            ),
            (
                "from,to\n",
                "ties.csv, line 1: the header has no column source; expected source,target and \
                optionally weight,time",
            ),
            ("source,source\n", "ties.csv, line 1, column 2: the header names the column source twice"),
            ("source,target,weight\na,b\n", "ties.csv, line 2: this line has 2 fields; the header has 3"),
            (
                "source,target\na,\n",
                "ties.csv, line 2, column 2: the id is empty; expected the name or number \
                of an actor",
            ),
        ];
        for (text, sentence) in faults {
            assert_eq!(refused(text), sentence);
        }
        for weight in ["NaN", "-1", "inf", "1e999", "-0.5", "two", "1,000"] {
            let sentence = refused(&format!("{header}a,b,1\na,b,\"{weight}\"\n"));
            let wanted =
                format!("ties.csv, line 3, column 3: the weight \"{weight}\" is not a number of 0 or more");
            assert_eq!(sentence, wanted);
        }
        assert_eq!(
            refused("source,target\na,\"b\n"),
            "ties.csv, line 2, column 2: a quotation mark is opened and not closed"
        );
        assert!(refused("source,target\n\"a\"x,b\n").contains("line 2, column 1: text follows"));
    }

    #[test]
    fn text_that_is_not_utf8_is_refused() {
        let bytes = b"source,target\na,\xff\xfe\n";
        let error = ties_from(bytes.as_slice(), "ties.csv", None, Times::Ignored).unwrap_err();
        assert_eq!((error.line, error.column), (2, 2));
        assert!(matches!(error.problem, Problem::NotUtf8));
        let utf16 = b"\xff\xfes\0o\0";
        let error = ties_from(utf16.as_slice(), "ties.csv", None, Times::Ignored).unwrap_err();
        assert!(matches!(error.problem, Problem::Utf16));
    }

    #[test]
    fn a_mark_never_closed_does_not_take_the_memory() {
        let text = format!("source,target\n\"{}", "x".repeat(5 << 20));
        assert_eq!(refused(&text), "ties.csv, line 2: a quotation mark is opened and not closed");
        let text = format!("source,target\n{}", "x".repeat(5 << 20));
        assert_eq!(refused(&text), "ties.csv, line 2: the line is longer than 1048576 bytes");
    }

    #[test]
    fn actors_without_ties_count_and_strangers_are_refused() {
        let actors = || actors_from("id,club\nz,A\ny,B\nx,A\n".as_bytes(), "actors.csv").unwrap();
        let text = "source,target\nx,z\n";
        let ties = ties_from(text.as_bytes(), "ties.csv", Some(actors()), Times::Ignored).unwrap();
        let (network, actors_read) = ties.network(Direction::Directed).unwrap();
        assert_eq!((network.actors(), network.ties()), (3, 1));
        assert_eq!(actors_read.ids.iter().collect::<Vec<_>>(), ["z", "y", "x"]);
        assert_eq!(actors_read.column("club").unwrap().codes, [0, 1, 0]);
        let text = "source,target\nx,z\nx,w\n";
        let error = ties_from(text.as_bytes(), "ties.csv", Some(actors()), Times::Ignored).unwrap_err();
        assert_eq!(
            error.to_string(),
            "ties.csv, line 3, column 2: the actor \"w\" is not in the table of actors"
        );
        let numbered = || actors_from("id\n1\n2\n3\n".as_bytes(), "actors.csv").unwrap();
        let text = "source,target\n1,2\n\n2,3\n1,3\n1,4\n2,1\n3,1\n2,3\n";
        let error = ties_from(text.as_bytes(), "ties.csv", Some(numbered()), Times::Ignored).unwrap_err();
        assert_eq!(
            error.to_string(),
            "ties.csv, line 6, column 2: the actor \"4\" is not in the table of actors"
        );
        let error = actors_from("id\na\nb\na\n".as_bytes(), "actors.csv").unwrap_err();
        assert_eq!(
            error.to_string(),
            "actors.csv, line 4, column 1: the actor \"a\" stands in this file twice"
        );
    }

    #[test]
    fn loops_are_dropped_and_rows_of_a_pair_summed() {
        let ties = read("source,target,weight\na,b,1\na,b,2\nb,a,4\nb,b,9\n").unwrap();
        let (network, _) = ties.clone().network(Direction::Directed).unwrap();
        assert_eq!((network.ties(), network.dropped().loops, network.dropped().parallel), (2, 1, 1));
        assert_eq!(network.out().weight(0, 1), Some(3.0));
        let (network, _) = ties.network(Direction::Undirected).unwrap();
        assert_eq!((network.ties(), network.out().weight(0, 1)), (1, Some(7.0)));
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(
            text in r#"(source,target,weight\n)?[a-c0-9"", \r\n.\-ก]{0,80}"#,
            bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..60),
        ) {
            for input in [text.as_bytes(), &bytes] {
                if let Ok(ties) = ties_from(input, "ties.csv", None, Times::Read) {
                    let rows = ties.sources.len();
                    proptest::prop_assert_eq!((ties.targets.len(), ties.weights.len()), (rows, rows));
                    proptest::prop_assert!(ties.network(Direction::Directed).is_ok());
                }
            }
        }

        #[test]
        fn quoted_ids_come_back_as_written(ids in proptest::collection::vec("[a-zก-ฮ,\" \n]{1,8}", 2..8)) {
            let quoted = |id: &String| format!("\"{}\"", id.replace('"', "\"\""));
            let mut text = String::from("source,target\n");
            for pair in ids.windows(2) {
                text.push_str(&format!("{},{}\r\n", quoted(&pair[0]), quoted(&pair[1])));
            }
            let ties = read(&text).unwrap();
            let back: Vec<&str> = ties.targets.iter().map(|&actor| ties.actors.ids.get(actor).unwrap()).collect();
            proptest::prop_assert_eq!(back, ids[1..].iter().map(String::as_str).collect::<Vec<_>>());
        }
    }
}
