//! Counts what an archive unpacks to, before anything reads it.

use std::io::{Cursor, Read};

use flate2::read::DeflateDecoder;
use zip::{CompressionMethod, ZipArchive};

use crate::refusal::Refusal;

/// The most bytes one part of a workbook may unpack to.
pub const LARGEST_PART: u64 = 50_000_000;
/// The most bytes all parts together may unpack to.
pub const LARGEST_WORKBOOK: u64 = 120_000_000;
/// The most parts of a workbook.
const MOST_PARTS: usize = 2_000;

/// Inflates every part once, counting, and lets go of it.
///
/// # Errors
/// [`Refusal::Incomplete`] where the directory is missing or a part ends early, [`Refusal::ExpandsTooFar`] beyond
/// the limits, [`Refusal::NotAWorkbook`] for an archive without a workbook, [`Refusal::DamagedWorkbook`] where a
/// part declares another size than it has.
pub fn check(bytes: &[u8]) -> Result<(), Refusal> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Refusal::Incomplete)?;
    if archive.len() > MOST_PARTS {
        return Err(Refusal::ExpandsTooFar);
    }
    let mut total = 0;
    let mut is_workbook = false;
    let mut false_size = None;
    for at in 0..archive.len() {
        // the raw bytes, inflated here: the archive's own reader would stop at the size the part declares
        let mut part = archive.by_index_raw(at).map_err(|_| Refusal::Incomplete)?;
        if part.encrypted() {
            return Err(Refusal::OldOrLockedWorkbook);
        }
        let name = part.name().map_err(|_| Refusal::Incomplete)?.into_owned();
        is_workbook |= name.eq_ignore_ascii_case("xl/workbook.xml");
        let declared = part.size();
        let room = LARGEST_PART.min(LARGEST_WORKBOOK - total);
        let unpacked = match part.compression() {
            CompressionMethod::Stored => count(&mut part, room)?,
            CompressionMethod::Deflated => count(&mut DeflateDecoder::new(&mut part), room)?,
            _ => return Err(Refusal::NotAWorkbook),
        };
        if unpacked != declared {
            false_size.get_or_insert(name);
        }
        total += unpacked;
    }
    match false_size {
        Some(name) => Err(Refusal::DamagedWorkbook(name)),
        None if is_workbook => Ok(()),
        None => Err(Refusal::NotAWorkbook),
    }
}

/// Bytes until the end, or a refusal once there is no more room.
fn count(part: &mut impl Read, room: u64) -> Result<u64, Refusal> {
    let mut buffer = [0_u8; 32 * 1024];
    let mut unpacked = 0_u64;
    loop {
        match part.read(&mut buffer) {
            Ok(0) => return Ok(unpacked),
            Ok(read) => unpacked += read as u64,
            Err(_) => return Err(Refusal::Incomplete),
        }
        if unpacked > room {
            return Err(Refusal::ExpandsTooFar);
        }
    }
}
