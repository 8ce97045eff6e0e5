//! The lines of a CSV file one at a time, split into fields, in memory bounded by the longest line allowed.

#![expect(
    clippy::indexing_slicing,
    reason = "positions come from searches in the same buffer; this is the hot path"
)]

use std::io::Read;

use super::error::{Problem, ReadError};

/// The longest line read. A quotation mark that is never closed would otherwise swallow the whole file.
const LONGEST: usize = 1 << 20;
const CHUNK: usize = 1 << 18;

pub(super) struct Records<R> {
    input: R,
    file: String,
    buffer: Vec<u8>,
    /// what of the buffer is not yet given out
    begin: usize,
    filled: usize,
    ended: bool,
    /// the line on which the present record begins, and the one on which the next does
    line: u64,
    next_line: u64,
    fields: Vec<(usize, usize)>,
}

impl<R: Read> Records<R> {
    pub(super) fn new(input: R, file: &str) -> Result<Self, ReadError> {
        let mut records = Self {
            input,
            file: file.to_owned(),
            buffer: vec![0; CHUNK],
            begin: 0,
            filled: 0,
            ended: false,
            line: 0,
            next_line: 1,
            fields: Vec::new(),
        };
        while records.filled < 3 && !records.ended {
            records.fill()?;
        }
        let start = &records.buffer[..records.filled];
        if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) {
            return Err(records.error(0, Problem::Utf16));
        }
        if start.starts_with(&[0xef, 0xbb, 0xbf]) {
            records.begin = 3;
        }
        Ok(records)
    }

    /// An error on the present line, in the field with that index.
    pub(super) fn error_in(&self, field: usize, problem: Problem) -> ReadError {
        self.error(field + 1, problem)
    }

    /// An error on the present line, in a column counted from 1, or in none (0).
    pub(super) fn error(&self, column: usize, problem: Problem) -> ReadError {
        ReadError { file: self.file.clone(), line: self.line, column, problem }
    }

    /// How many fields the present line has.
    pub(super) fn len(&self) -> usize {
        self.fields.len()
    }

    /// A field of the present line without its quotation marks; empty when there is none.
    pub(super) fn bytes(&self, field: usize) -> &[u8] {
        match self.fields.get(field) {
            Some(&(start, end)) => &self.buffer[start..end],
            None => &[],
        }
    }

    /// A field of the present line as text.
    pub(super) fn text(&self, field: usize) -> Result<&str, ReadError> {
        std::str::from_utf8(self.bytes(field)).map_err(|_| self.error_in(field, Problem::NotUtf8))
    }

    /// Goes to the next line that is not blank; false at the end of the file.
    pub(super) fn advance(&mut self) -> Result<bool, ReadError> {
        loop {
            let Some(end) = self.plain_end()? else { return Ok(false) };
            self.line = self.next_line;
            self.fields.clear();
            if memchr::memchr(b'"', &self.buffer[self.begin..end]).is_some() {
                self.quoted_record()?;
            } else {
                self.plain_record(end);
            }
            let blank = match self.fields.as_slice() {
                [(start, end)] => start == end,
                fields => fields.is_empty(),
            };
            if !blank {
                return Ok(true);
            }
        }
    }

    /// The next lines that hold that many small whole numbers and nothing else and lie in the buffer: what most lines
    /// of a large table are. Eight bytes are looked at in one step. False where the next line is not such a one.
    pub(super) fn block(&mut self, count: usize, block: &mut Block) -> bool {
        match count {
            1 => self.block_of::<1>(block),
            2 => self.block_of::<2>(block),
            3 => self.block_of::<3>(block),
            4 => self.block_of::<4>(block),
            _ => false,
        }
    }

    fn block_of<const COUNT: usize>(&mut self, block: &mut Block) -> bool {
        block.rows = 0;
        let begin = self.begin;
        let filled = &self.buffer[..self.filled];
        while block.rows < BLOCK {
            let Some((values, end)) = numbers::<COUNT>(filled, self.begin) else { break };
            for (column, value) in block.columns.iter_mut().zip(values) {
                column[block.rows] = value;
            }
            self.begin = end;
            block.rows += 1;
        }
        block.bytes = self.begin - begin;
        self.next_line += block.rows as u64;
        self.line = self.next_line - 1;
        block.rows > 0
    }

    /// An error so many lines above the present one, in the field with that index.
    pub(super) fn error_above(&self, lines: usize, field: usize, problem: Problem) -> ReadError {
        let error = self.error_in(field, problem);
        ReadError { line: error.line - lines as u64, ..error }
    }

    /// Where the line ends that begins here, read into the buffer; none at the end of the file.
    fn plain_end(&mut self) -> Result<Option<usize>, ReadError> {
        let mut from = self.begin;
        loop {
            if let Some(at) = memchr::memchr(b'\n', &self.buffer[from..self.filled]) {
                return Ok(Some(from + at));
            }
            if self.ended {
                return Ok((self.begin < self.filled).then_some(self.filled));
            }
            let searched = self.filled - self.begin;
            self.fill()?;
            from = self.begin + searched;
        }
    }

    /// A line without quotation marks: every comma parts two fields, blanks around them do not count.
    fn plain_record(&mut self, end: usize) {
        let mut start = self.begin;
        for at in memchr::memchr_iter(b',', &self.buffer[self.begin..end]) {
            let comma = self.begin + at;
            self.fields.push(trimmed(&self.buffer, start, comma));
            start = comma + 1;
        }
        self.fields.push(trimmed(&self.buffer, start, end));
        self.begin = (end + 1).min(self.filled);
        self.next_line += 1;
    }

    /// A line with quotation marks, which may hold commas, line ends and doubled marks. Doubled marks are made
    /// single where they stand, so that fields remain slices of the buffer.
    fn quoted_record(&mut self) -> Result<(), ReadError> {
        let mut at = self.begin;
        loop {
            while matches!(self.peek(&mut at)?, Some(b' ' | b'\t')) {
                at += 1;
            }
            let field = if self.peek(&mut at)? == Some(b'"') {
                at += 1;
                self.quoted_field(&mut at)?
            } else {
                let start = at - self.begin;
                while !matches!(self.peek(&mut at)?, None | Some(b',' | b'\n')) {
                    at += 1;
                }
                let (from, to) = trimmed(&self.buffer, self.begin + start, at);
                (from - self.begin, to - self.begin)
            };
            // relative to the record's begin until it is complete: reading on may move the record
            self.fields.push(field);
            match self.peek(&mut at)? {
                Some(b',') => at += 1,
                Some(_) => {
                    at += 1;
                    self.next_line += 1;
                    break;
                }
                None => break,
            }
        }
        let begin = self.begin;
        for field in &mut self.fields {
            *field = (field.0 + begin, field.1 + begin);
        }
        self.begin = at;
        Ok(())
    }

    /// The rest of a field after its opening mark; leaves `at` on the comma or line end behind it.
    fn quoted_field(&mut self, at: &mut usize) -> Result<(usize, usize), ReadError> {
        let start = *at - self.begin;
        let mut write = start;
        loop {
            let Some(byte) = self.peek(at)? else {
                return Err(self.error(self.fields.len() + 1, Problem::OpenQuote));
            };
            *at += 1;
            if byte == b'"' {
                if self.peek(at)? != Some(b'"') {
                    break;
                }
                *at += 1;
            }
            self.next_line += u64::from(byte == b'\n');
            let to = self.begin + write;
            self.buffer[to] = byte;
            write += 1;
        }
        while matches!(self.peek(at)?, Some(b' ' | b'\t' | b'\r')) {
            *at += 1;
        }
        match self.peek(at)? {
            None | Some(b',' | b'\n') => Ok((start, write)),
            Some(_) => Err(self.error(self.fields.len() + 1, Problem::AfterQuote)),
        }
    }

    /// The byte at a position, reading on when the buffer ends there; the position follows the record if it moves.
    fn peek(&mut self, at: &mut usize) -> Result<Option<u8>, ReadError> {
        while *at == self.filled && !self.ended {
            let relative = *at - self.begin;
            self.fill()?;
            *at = self.begin + relative;
        }
        Ok((*at < self.filled).then(|| self.buffer[*at]))
    }

    /// Reads on behind what is in the buffer, moving the record to its front when room is wanted.
    fn fill(&mut self) -> Result<(), ReadError> {
        if self.begin > 0 && self.filled == self.buffer.len() {
            self.buffer.copy_within(self.begin..self.filled, 0);
            self.filled -= self.begin;
            self.begin = 0;
        }
        if self.filled == self.buffer.len() {
            if self.buffer.len() >= LONGEST {
                self.line = self.next_line;
                let open = memchr::memchr(b'"', &self.buffer[self.begin..self.filled]).is_some();
                let problem = if open { Problem::OpenQuote } else { Problem::LineTooLong { limit: LONGEST } };
                return Err(self.error(0, problem));
            }
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        loop {
            match self.input.read(&mut self.buffer[self.filled..]) {
                Ok(0) => self.ended = true,
                Ok(more) => self.filled += more,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(self.error(0, Problem::Io(error))),
            }
            return Ok(());
        }
    }
}

/// Fields of a line that a [`Block`] can hold.
pub(super) const MOST_NUMBERS: usize = 4;
/// Lines that a [`Block`] can hold.
const BLOCK: usize = 1024;

/// Lines of numbers, column by column.
pub(super) struct Block {
    columns: [[u32; BLOCK]; MOST_NUMBERS],
    rows: usize,
    bytes: usize,
}

impl Default for Block {
    fn default() -> Self {
        Self { columns: [[0; BLOCK]; MOST_NUMBERS], rows: 0, bytes: 0 }
    }
}

impl Block {
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// About how many rows like these a file of that many bytes holds.
    pub(super) fn rows_in(&self, bytes: u64) -> usize {
        let rows = bytes as f64 * self.rows as f64 / self.bytes.max(1) as f64;
        (rows * 1.02) as usize
    }

    /// The numbers of one column; none where there is no such column.
    pub(super) fn column(&self, field: usize) -> &[u32] {
        self.columns.get(field).map_or(&[], |column| &column[..self.rows])
    }
}

/// A line of numbers is looked at as so many bytes; those behind are there for the last number to be taken from.
const LINE: usize = 32;
const WORD: usize = 8;

/// The numbers of the line that begins at a place, and where the next one begins.
///
/// Where all fields end is found first and at once, so that the next line need not wait for the numbers of this one.
#[inline]
fn numbers<const COUNT: usize>(buffer: &[u8], begin: usize) -> Option<([u32; COUNT], usize)> {
    let line: &[u8; LINE + WORD] = buffer.get(begin..)?.first_chunk()?;
    let mut ends = other_than_digits(line);
    let mut values = [0; COUNT];
    let mut start = 0;
    let mut last = b',';
    for value in &mut values {
        let end = ends.trailing_zeros() as usize;
        if last != b',' || end >= LINE {
            return None;
        }
        ends &= ends - 1;
        let word = line[start..].first_chunk::<WORD>()?;
        *value = number(u64::from_le_bytes(*word), end - start)?;
        last = line[end];
        start = end + 1;
    }
    if last == b'\r' {
        last = line[start];
        start += 1;
    }
    (last == b'\n').then_some((values, begin + start))
}

const ONES: u64 = 0x0101_0101_0101_0101;

/// A bit for each byte of a line that is no digit.
fn other_than_digits(line: &[u8; LINE + WORD]) -> u32 {
    let mut bits = 0;
    let (words, _) = line.as_chunks::<WORD>();
    for (at, word) in words.iter().take(LINE / WORD).enumerate() {
        let digits = u64::from_le_bytes(*word) ^ (ONES * 0x30);
        // the high bit of each byte that is no digit, and then all of them side by side
        let others = (((digits & (ONES * 0x7f)) + ONES * 0x76) | digits) & (ONES * 0x80);
        let side_by_side = (others >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        bits |= (side_by_side as u32) << (WORD * at);
    }
    bits
}

/// The number that so many digits at the front of eight bytes are. None where there are none or all eight, or a zero
/// stands before others: such texts are not what the number would be written as.
fn number(word: u64, length: usize) -> Option<u32> {
    let digits = word ^ (ONES * 0x30);
    if length == 0 || length >= WORD || (length > 1 && digits & 0xff == 0) {
        return None;
    }
    // zeros before the digits, then two, four and eight of them at once
    let aligned = digits << (64 - 8 * length);
    let pairs = aligned.wrapping_mul(10).wrapping_add(aligned >> 8);
    let fours = (pairs & 0x0000_00ff_0000_00ff).wrapping_mul(100 + (1_000_000 << 32));
    let rest = (pairs >> 16 & 0x0000_00ff_0000_00ff).wrapping_mul(1 + (10_000 << 32));
    Some((fours.wrapping_add(rest) >> 32) as u32)
}

/// A field's bounds without the blanks around it (and the carriage return before a line's end).
fn trimmed(buffer: &[u8], mut start: usize, mut end: usize) -> (usize, usize) {
    let blank = |byte: u8| matches!(byte, b' ' | b'\t' | b'\r');
    while start < end && blank(buffer[start]) {
        start += 1;
    }
    while start < end && blank(buffer[end - 1]) {
        end -= 1;
    }
    (start, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers_of(text: &str, count: usize) -> Option<(Vec<u32>, usize)> {
        fn of<const COUNT: usize>(text: &str) -> Option<(Vec<u32>, usize)> {
            numbers::<COUNT>(text.as_bytes(), 0).map(|(values, end)| (values.to_vec(), end))
        }
        match count {
            1 => of::<1>(text),
            2 => of::<2>(text),
            3 => of::<3>(text),
            _ => of::<4>(text),
        }
    }

    proptest::proptest! {
        #[test]
        fn numbers_are_read_as_written(
            row in proptest::collection::vec(0_u32..9_999_999, 1..=MOST_NUMBERS), ending in "\r?\n", behind in "\\PC{40}",
        ) {
            let written: Vec<String> = row.iter().map(u32::to_string).collect();
            let text = format!("{}{ending}{behind}", written.join(","));
            let length = text.len() - behind.len();
            let read = numbers_of(&text, row.len());
            if length <= LINE {
                proptest::prop_assert_eq!(read.unwrap(), (row.clone(), length));
            }
            if row.len() < MOST_NUMBERS {
                proptest::prop_assert_eq!(numbers_of(&text, row.len() + 1), None);
            }
        }

        #[test]
        fn bytes_other_than_digits_are_all_found(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 40)) {
            let found = other_than_digits(bytes.first_chunk().unwrap());
            for (at, byte) in bytes.iter().take(LINE).enumerate() {
                proptest::prop_assert_eq!(found >> at & 1 == 0, byte.is_ascii_digit());
            }
        }
    }

    #[test]
    fn what_is_no_plain_number_is_left_to_be_read_as_text() {
        for text in
            ["x1,2", "01,2", "12345678,2", ",2", "-1,2", "\u{e01}2,2", "1 ,2", "1,2,3", "1", "1;2", "1,"]
        {
            let text = format!("{text}\n{:40}", "");
            assert_eq!(numbers_of(&text, 2), None, "{text}");
        }
        let text = format!("0,1\r\n{:40}", "");
        assert_eq!(numbers_of(&text, 2), Some((vec![0, 1], 5)));
    }
}
