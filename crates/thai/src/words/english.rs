//! English endings, lightly: enough that "floods", "flooded" and "flooding" meet, not so much that "care" meets "car".

/// A lower-case English word without plural, -ing, -ed and a final silent e; anything not a-z is returned as it is.
///
/// ```
/// use thai::words::stem;
/// assert_eq!(stem("nursing"), stem("nurses"));
/// assert_eq!(stem("ผ้าห่ม"), "ผ้าห่ม");
/// assert_ne!(stem("care"), stem("cars"));
/// ```
#[must_use]
pub fn stem(word: &str) -> String {
    let word = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word);
    if word.len() < 4 || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return word.to_owned();
    }
    let singular = singular(word);
    without_silent_e(&without_verb_ending(&singular)).to_owned()
}

fn singular(word: &str) -> String {
    if let Some(start) = word.strip_suffix("ies").filter(|s| s.len() >= 2) {
        return format!("{start}y");
    }
    for ending in ["sses", "shes", "ches", "xes", "zzes"] {
        if word.ends_with(ending) {
            return word.strip_suffix("es").unwrap_or(word).to_owned();
        }
    }
    let kept = ["ss", "us", "is", "ous"].iter().any(|end| word.ends_with(end));
    if kept { word.to_owned() } else { word.strip_suffix('s').unwrap_or(word).to_owned() }
}

fn without_verb_ending(word: &str) -> String {
    let Some(start) = word.strip_suffix("ing").or_else(|| word.strip_suffix("ed")) else {
        return word.to_owned();
    };
    let vowel = start.bytes().any(|b| matches!(b, b'a' | b'e' | b'i' | b'o' | b'u' | b'y'));
    if start.len() < 4 || !vowel || word.ends_with("eed") {
        return word.to_owned();
    }
    // planning → plan, but filling → fill
    let mut ends = start.bytes().rev();
    match (ends.next(), ends.next()) {
        (Some(last), Some(before)) if last == before && !matches!(last, b'l' | b's' | b'z' | b'e' | b'o') => {
            start.get(..start.len() - 1).unwrap_or(start).to_owned()
        }
        _ => start.to_owned(),
    }
}

fn without_silent_e(word: &str) -> &str {
    word.strip_suffix('e').filter(|start| start.len() >= 4 && !start.ends_with('e')).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn forms_of_a_word_meet() {
        let families: [&[&str]; 10] = [
            &["flood", "floods", "flooded", "flooding"],
            &["nurse", "nurses", "nursing"],
            &["house", "houses", "housing"],
            &["story", "stories"],
            &["class", "classes"],
            &["plan", "plans"],
            &["train", "training", "trained", "trains"],
            &["box", "boxes"],
            &["elder", "elders", "elder's"],
            &["volunteer", "volunteers", "volunteering"],
        ];
        for family in families {
            for word in family {
                assert_eq!(stem(word), stem(family[0]), "{word}");
            }
        }
    }

    #[test]
    fn other_words_stay_apart() {
        for (one, other) in [
            ("care", "car"),
            ("need", "ned"),
            ("bus", "bu"),
            ("string", "str"),
            ("feed", "fe"),
            ("bring", "br"),
        ] {
            assert_ne!(stem(one), other, "{one}");
        }
        assert_eq!(stem("pm25"), "pm25");
    }
}
