//! Words too common to tell texts apart, and the particles and laughter of chats.

/// Our own list; each word folded.
const THAI: &str = "และ หรือ แต่ ที่ ซึ่ง อัน ของ ใน จาก โดย กับ แด่ ต่อ เพื่อ ให้ ได้ จะ กำลัง แล้ว ก็ ว่า เป็น อยู่ คือ มี นี้ นั้น นั่น นี่ \
    โน้น ด้วย ถ้า เพราะ จึง เลย มาก กว่า ที่สุด ทุก บาง หลาย แต่ละ เอง กัน อีก ยัง คง เคย ต้อง ควร อาจ น่า อยาก ต้องการ ช่วง เมื่อ ตอน ขณะ ระหว่าง \
    ตั้งแต่ จน ถึง แถว ตาม ทั้ง ทั้งหมด ไม่ ไม่มี ไม่ได้ ไม่รู้ ใช่ ไหม มั้ย หรือเปล่า ป่าว อะไร ใคร ไหน เท่าไร เท่าไหร่ อย่างไร ยังไง ทำไม เมื่อไร เมื่อไหร่ ผม ฉัน ดิฉัน \
    เรา พวก ท่าน คุณ การ ความ ไว้ ขึ้น ลง ไป มา เข้า ออก เสีย แค่ เพียง ประมาณ ราว สำหรับ เกี่ยวกับ รวม อย่าง เช่น ฯลฯ นะ ครับ ค่ะ คะ \
    จ้า จ้ะ จร้า คับ ค้าบ ฮะ ฮับ งับ สิ ซิ ละ ล่ะ เถอะ เนอะ เนาะ เด้อ เน้อ หนอ วะ โว้ย เว้ย อ่ะ อะ อ้ะ ง่ะ ใน นอก บน ใต้ \
    ดังนั้น เนื่องจาก แม้ ขอ ช่วย หน่อย ด้าน เรื่อง";
const ENGLISH: &str = "a an and or but if then the this that these those of to in on at by for from with without about as is are was \
    were be been being am do does did has have had will would can could should may might must not no nor so than too very \
    i we you he she it they me us him her them my our your his its their who whom which what when where why how all any \
    some each every more most other such only own same just also there here please up down out over into";

/// Whether a folded word says too little to be looked for: และ, ครับ, the, and laughter (555, ฮ่าฮ่า).
#[must_use]
pub fn is_stop_word(folded: &str) -> bool {
    let laughter = folded.len() >= 3 && folded.bytes().all(|b| b == b'5');
    laughter || set().contains(folded) || folded == "ฮ่า" || folded == "อิอิ"
}

fn set() -> &'static std::collections::HashSet<&'static str> {
    static WORDS: std::sync::LazyLock<std::collections::HashSet<&'static str>> =
        std::sync::LazyLock::new(|| THAI.split_whitespace().chain(ENGLISH.split_whitespace()).collect());
    &WORDS
}

#[cfg(test)]
mod tests {
    use super::is_stop_word;
    use crate::text::fold;

    #[test]
    fn particles_are_stop_words_and_needs_are_not() {
        for word in ["ครับ", "และ", "the", "555", "55555", "จ้า"] {
            assert!(is_stop_word(&fold(word)), "{word}");
        }
        for word in ["ข้าว", "ข่าว", "น้ำ", "nurse", "5", "1669"] {
            assert!(!is_stop_word(&fold(word)), "{word}");
        }
    }

    #[test]
    fn the_lists_are_folded() {
        for word in super::THAI.split_whitespace().chain(super::ENGLISH.split_whitespace()) {
            assert_eq!(fold(word), word);
        }
    }
}
