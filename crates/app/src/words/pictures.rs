//! Pictures that come with words: JPEG and PNG, without what cameras add about place, time and device.

/// The most bytes of one picture.
pub const LARGEST: usize = 3 * 1024 * 1024;

/// The name under which a picture is kept: the hash of its bytes.
pub fn name(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::new();
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    store::sessions::hash(&text)
}

/// A picture as it may be shown to others; none for what is no JPEG or PNG, or is cut off.
pub fn cleaned(bytes: &[u8]) -> Option<(&'static str, Vec<u8>)> {
    if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        return jpeg(bytes).map(|clean| ("image/jpeg", clean));
    }
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return png(bytes).map(|clean| ("image/png", clean));
    }
    None
}

/// Segments up to the picture's own data; APP1 to APP15 (EXIF, place, device) and comments are left out.
fn jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut clean = vec![0xff, 0xd8];
    let mut at = 2;
    loop {
        let (&[0xff, marker], rest) = bytes.get(at..)?.split_first_chunk::<2>()? else { return None };
        if marker == 0xda {
            clean.extend_from_slice(bytes.get(at..)?);
            return Some(clean);
        }
        let length = usize::from(u16::from_be_bytes(*rest.first_chunk::<2>()?));
        let segment = bytes.get(at..at + 2 + length.max(2))?;
        if !matches!(marker, 0xe1..=0xef | 0xfe) {
            clean.extend_from_slice(segment);
        }
        at += segment.len();
    }
}

/// Chunks; texts, times and EXIF are left out.
fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut clean = bytes.get(..8)?.to_vec();
    let mut at = 8;
    loop {
        let head = bytes.get(at..at + 8)?;
        let length = usize::try_from(u32::from_be_bytes(*head.first_chunk::<4>()?)).ok()?;
        let chunk = bytes.get(at..at.checked_add(length)?.checked_add(12)?)?;
        let kind = head.get(4..8)?;
        if !matches!(kind, b"tEXt" | b"zTXt" | b"iTXt" | b"eXIf" | b"tIME") {
            clean.extend_from_slice(chunk);
        }
        if kind == b"IEND" {
            return Some(clean);
        }
        at += chunk.len();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_camera_says_of_place_is_left_out() {
        let mut photo = vec![0xff, 0xd8, 0xff, 0xe1, 0, 12];
        photo.extend_from_slice(b"Exif\0\0GPS!");
        photo.extend_from_slice(&[0xff, 0xdb, 0, 3, 7, 0xff, 0xda, 1, 2, 3]);
        let (kind, clean) = cleaned(&photo).unwrap();
        assert_eq!(kind, "image/jpeg");
        assert_eq!(clean, [0xff, 0xd8, 0xff, 0xdb, 0, 3, 7, 0xff, 0xda, 1, 2, 3]);
        let chunk = |kind: &[u8; 4], data: &[u8]| {
            let mut chunk = u32::try_from(data.len()).unwrap().to_be_bytes().to_vec();
            chunk.extend_from_slice(kind);
            chunk.extend_from_slice(data);
            chunk.extend_from_slice(&[0; 4]);
            chunk
        };
        let start = b"\x89PNG\r\n\x1a\n".to_vec();
        let mut picture = start.clone();
        picture.extend(chunk(b"tEXt", b"where I live"));
        picture.extend(chunk(b"IEND", b""));
        let mut expected = start;
        expected.extend(chunk(b"IEND", b""));
        assert_eq!(cleaned(&picture), Some(("image/png", expected)));
        assert_eq!(cleaned(b"<svg onload=alert(1)>"), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_cleaned_or_refused(mut bytes in prop::collection::vec(any::<u8>(), 0..200), kind in 0..3) {
            if kind == 1 { bytes.splice(0..0, [0xff, 0xd8, 0xff]); }
            if kind == 2 { bytes.splice(0..0, *b"\x89PNG\r\n\x1a\n"); }
            if let Some((_, clean)) = cleaned(&bytes) { prop_assert!(clean.len() <= bytes.len()); }
        }
    }
}
