//! One key for a name in Thai and in Latin letters: สมชาย and "Somchai".

use crate::text::{fold, is_consonant};

/// The consonants heard in a name, in classes that Thai finals merge (d t s ch → t, b p f → p, l r n → n), the same for
/// Thai letters and for the ways people write Thai in Latin ones. Vowels, w, y and h leave no trace.
///
/// For finding candidates only: many names share a key, and one in eighteen of the official English names of provinces
/// and districts has another than its Thai (948 of 1,005 agree, see the test). Never shown, never decides.
///
/// ```
/// use thai::spelling::sounds;
/// assert_eq!(sounds("สมชาย"), sounds("Somchai"));
/// assert_eq!(sounds("เชียงใหม่"), sounds("Chiang Mai"));
/// assert_ne!(sounds("สมชาย"), sounds("Somying"));
/// ```
#[must_use]
pub fn sounds(name: &str) -> String {
    let folded = fold(name);
    let letters: Vec<char> = folded.chars().collect();
    let mut key = String::new();
    let mut at = 0;
    while let Some(&letter) = letters.get(at) {
        let ahead = letters.get(at + 1).copied();
        let (class, length) = if letter.is_ascii() { latin(letter, ahead) } else { thai(&letters, at) };
        if let Some(class) = class.filter(|class| !key.ends_with(*class)) {
            key.push(class);
        }
        at += length;
    }
    key
}

/// The class of a Latin letter and how many letters it took.
const fn latin(letter: char, ahead: Option<char>) -> (Option<char>, usize) {
    match (letter, ahead) {
        ('n', Some('g')) => (Some('g'), 2),
        ('k' | 'c' | 'p' | 't', Some('h')) => (Some(plain(letter)), 2),
        ('k' | 'c' | 'q' | 'x', _) => (Some('k'), 1),
        ('g', _) => (Some('k'), 1),
        ('d' | 't' | 's' | 'j' | 'z', _) => (Some('t'), 1),
        ('b' | 'p' | 'f' | 'v', _) => (Some('p'), 1),
        ('n' | 'l' | 'r', _) => (Some('n'), 1),
        ('m', _) => (Some('m'), 1),
        _ => (None, 1),
    }
}

/// `kh` is k, `ph` p, `th` and `ch` t.
const fn plain(letter: char) -> char {
    match letter {
        'k' => 'k',
        'p' => 'p',
        _ => 't',
    }
}

/// The class of the Thai letter here and how many letters it took: silenced consonants and the silent ร of ทราย, ศรี
/// leave none.
fn thai(letters: &[char], at: usize) -> (Option<char>, usize) {
    let letter = |ahead: usize| letters.get(at + ahead).copied().unwrap_or(' ');
    if is_consonant(letter(0)) {
        if letter(1) == '์' {
            return (None, 2);
        }
        if matches!(letter(1), 'ิ' | 'ุ') && letter(2) == '์' {
            return (None, 3);
        }
    }
    match letter(0) {
        'ร' if letter(1) == 'ร' => (if is_consonant(letter(2)) { None } else { Some('n') }, 2),
        'ท' | 'ส' | 'ศ' | 'ซ' if letter(1) == 'ร' => (Some('t'), 2),
        'ก' | 'ข' | 'ค' | 'ฆ' | 'ฃ' | 'ฅ' => (Some('k'), 1),
        'ง' => (Some('g'), 1),
        'จ' | 'ฉ' | 'ช' | 'ซ' | 'ฌ' | 'ฎ'..='ฒ' | 'ด'..='ธ' | 'ศ'..='ส' => {
            (Some('t'), 1)
        }
        'บ'..='ภ' => (Some('p'), 1),
        'ณ' | 'น' | 'ร' | 'ล' | 'ฬ' | 'ฤ' => (Some('n'), 1),
        'ม' | 'ำ' => (Some('m'), 1),
        _ => (None, 1),
    }
}

#[cfg(test)]
mod tests {
    use super::sounds;
    use crate::places::{children, provinces};

    #[test]
    fn official_english_names_sound_as_their_thai() {
        let (mut same, mut all) = (0, 0);
        for place in provinces().iter().chain(provinces().iter().flat_map(|p| children(p.code))) {
            all += 1;
            same += usize::from(sounds(place.th) == sounds(place.en));
        }
        println!("{same} of {all}");
        assert!(same * 100 >= all * 94, "{same} of {all}");
    }

    #[test]
    fn names_as_people_write_them() {
        for (thai, latin) in
            [("สมชาย", "Somchai"), ("ลำพูน", "Lamphun"), ("ปิยะนุช", "Piyanuch"), ("ธรรมใจดี", "Tham Jaidee")]
        {
            assert_eq!(sounds(thai), sounds(latin), "{thai}");
        }
        assert_eq!(sounds(""), "");
    }
}
