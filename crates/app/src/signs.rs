//! The small signs beside names and ways: a letter that stands for a face, and drawings for kinds of matters.
//!
//! People know each other by nickname, so the sign of พี่ดา carries ด: the word of kinship before it says nothing. Its
//! color follows from the name, so that somebody keeps hers on every page; groups, organizations and networks have
//! their own shape and color. A sign is never the only word for anything: the name or the title stands beside it.

/// Colors of people's signs, as the styles name them; none is indigo.
const COLORS: [&str; 6] = ["", "leaf", "turmeric", "clay", "plum", "teal"];

/// The sign of a member as HTML. `kind` is the word of its kind: person, group, organization or network.
#[must_use]
pub fn of(kind: &str, called: &str) -> String {
    if matches!(kind, "offer" | "need") {
        return of_address("/giving");
    }
    let color = if kind == "person" { color(called) } else { "" };
    format!("<span class=\"sign {kind} {color}\" aria-hidden=\"true\">{}</span>", letter(kind, called))
}

/// The letter people would know the name by.
fn letter(kind: &str, called: &str) -> String {
    // only words that hardly ever begin a nickname itself: ตาล and อาทิตย์ keep their first letter
    const BEFORE: [&str; 12] = ["อาจารย์", "น้อง", "พี่", "ลุง", "ป้า", "น้า", "ยาย", "แม่", "พ่อ", "คุณ", "หมอ", "ครู"];
    let bare = BEFORE.iter().filter(|_| kind == "person").find_map(|word| called.strip_prefix(word));
    let name = bare.map(str::trim_start).filter(|rest| rest.chars().count() > 1).unwrap_or(called);
    // a leading vowel sign is no letter to know somebody by
    name.chars().find(|c| c.is_alphabetic() && !('เ'..='ไ').contains(c)).map(String::from).unwrap_or_default()
}

fn color(called: &str) -> &'static str {
    // FNV-1a: spreads short names, and no more hangs on it than a color
    let hash =
        called.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    let at = usize::try_from(hash ^ (hash >> 15)).unwrap_or(0) % COLORS.len();
    COLORS.get(at).copied().unwrap_or_default()
}

/// A drawing for a kind of matter, named by the first word of its address; a plain thread where there is none.
#[must_use]
pub fn drawn(word: &str) -> String {
    let path = match word {
        "ties" => {
            "M9.5 14.5l5-5M8 11l-2.500 2.500a3.500 3.500 0 0 0 5 5L13 16M16 13l2.500-2.500a3.500 3.500 0 0 0-5-5L11 8"
        }
        "introductions" => {
            "M7 10.500a2.700 2.700 0 1 0 0-5.400 2.700 2.700 0 0 0 0 5.400zM17 10.500a2.700 2.700 0 1 0 0-5.400 2.700 2.700 0 0 0 0 5.400zM2.500 18.500c.4-3 2-4.700 4.500-4.700 2.200 0 3.600 1.200 5 3.200 1.400-2 2.800-3.200 5-3.200 2.500 0 4.100 1.700 4.500 4.700"
        }
        "giving" => {
            "M4 11h16v8.500H4zM3 7.500h18V11H3zM12 7.500v12M12 7.500C9 7.500 7.500 6.300 7.500 5S9 3 12 7.500zM12 7.500c3 0 4.500-1.200 4.500-2.500S15 3 12 7.500z"
        }
        "promises" => "M5 12.500l4.500 4.500L19 7.500",
        "exchanges" => "M4 9h13M13.500 5.500 17 9l-3.500 3.500M20 15H7M10.500 11.500 7 15l3.500 3.500",
        "resources" => "M4 9.500 12 5l8 4.500v7L12 21l-8-4.500zM4 9.500l8 4.500 8-4.500M12 14v7",
        "referrals" => "M4 12h13M12 6.500l5.500 5.500-5.500 5.500M20.500 5v14",
        "rhythm" | "calendar" => "M5 6.500h14v13H5zM5 10.500h14M8.500 4v4M15.500 4v4M9 14.500h2",
        "call" => {
            "M6.500 4h3l1.500 4.500-2 1.500a11 11 0 0 0 5 5l1.500-2L20 14.500v3a2 2 0 0 1-2.200 2A15.500 15.500 0 0 1 4.500 6.200 2 2 0 0 1 6.500 4z"
        }
        "words" => "M4.500 6h15v10.500H11L7 20v-3.500H4.500zM8.500 10h7M8.500 13h4",
        "members" | "me" => {
            "M12 11.500a3.700 3.700 0 1 0 0-7.400 3.700 3.700 0 0 0 0 7.400zM4.500 20c.8-4 3.800-5.700 7.500-5.700s6.700 1.700 7.500 5.700"
        }
        "administration" | "settings" => {
            "M4 7h8M16.500 7H20M4 17h3.500M12 17h8M14.250 9.250a2.250 2.250 0 1 0 0-4.500 2.250 2.250 0 0 0 0 4.500zM9.750 19.250a2.250 2.250 0 1 0 0-4.500 2.250 2.250 0 0 0 0 4.500z"
        }
        "transfer" => "M12 4v10M8 10.500l4 4 4-4M5 19h14",
        "invite" => {
            "M10 11.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM3 19.500c.6-3.600 3.300-5.500 7-5.500 1.500 0 2.800.3 3.900.9M18 14.500v6M15 17.500h6"
        }
        "belonging" => "M5 20V8l7-4 7 4v12M3 20h18M10 20v-5h4v5M9 11h.01M15 11h.01",
        "leave" => "M14 5H6v14h8M11 12h9.500M17 8.500l3.500 3.500-3.500 3.500",
        "health" => "M4 16.500l4.500-5 4 3.500L20 7M15.500 7H20v4.500",
        _ => "M4 9h16M4 15h16M9 4v16M15 4v16",
    };
    format!("<svg viewBox=\"0 0 24 24\" aria-hidden=\"true\"><path d=\"{path}\"/></svg>")
}

/// The drawing for where an address leads, in a round sign of the color of such matters.
#[must_use]
pub fn of_address(address: &str) -> String {
    let word = address.trim_start_matches('/').split(['/', '?']).next().unwrap_or_default();
    let color = match word {
        "giving" | "resources" => "turmeric",
        "rhythm" => "leaf",
        "promises" | "exchanges" => "teal",
        "referrals" | "words" => "plum",
        _ => "",
    };
    let word = if word == "rhythm" { "call" } else { word };
    format!("<span class=\"sign {color}\" aria-hidden=\"true\">{}</span>", drawn(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_carries_the_letter_after_the_word_of_kinship() {
        for (called, wanted) in [
            ("พี่ดา", "ด"),
            ("ลุงแก้ว", "ก"),
            ("อาจารย์วิทย์", "ว"),
            ("เจี๊ยบ", "จ"),
            ("โบว์", "บ"),
            ("Ann", "A"),
            ("พี่", "พ"),
            ("ตาล", "ต"),
        ] {
            assert_eq!(letter("person", called), wanted, "{called}");
        }
        assert_eq!(letter("group", "แม่ญิงสานฝัน"), "ม");
        assert_eq!(letter("person", "123"), "");
    }

    #[test]
    fn a_name_keeps_its_color_and_names_use_them_all() {
        assert_eq!(color("พี่ดา"), color("พี่ดา"));
        let used: std::collections::BTreeSet<&str> = [
            "ก", "ข", "ค", "ง", "จ", "ฉ", "ช", "ซ", "ด", "ต", "น", "บ", "ป", "พ", "ม", "ย", "ร", "ล", "ว",
            "ส",
        ]
        .into_iter()
        .map(color)
        .collect();
        assert!(used.len() >= 5, "{used:?}");
    }

    #[test]
    fn a_sign_holds_nothing_of_the_name_but_a_letter() {
        assert!(!of("person", "<b>x").contains("<b>"));
        assert!(of_address("/giving/int_1").contains("turmeric"));
    }
}
