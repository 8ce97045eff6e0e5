//! The lexicon: terms found in a text by longest match, across the cuts of the dictionary.

use super::segment::{pieces, syllable_ends};
use super::terms::TERMS;
use super::{Kind, Token, english::stem, is_stop_word};
use crate::text::{fold, is_leading_vowel, is_letter_or_digit, is_thai};
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

/// A term with at least this many letters may begin or end inside a piece, for the dictionary cuts wrongly at times.
const ONE_SIDE_FREE: usize = 5;
/// And with this many, both.
const BOTH_SIDES_FREE: usize = 8;

/// Collects the terms of a [`Lexicon`].
#[derive(Debug, Default)]
pub struct LexiconBuilder {
    /// other spelling as compared → as written and own spelling, both folded
    aliases: BTreeMap<String, (String, String)>,
    /// own spelling and what it stands for, folded, in order of entry
    terms: Vec<(String, Option<Arc<str>>)>,
}

impl LexiconBuilder {
    /// Begins with our own terms of community work: อสม., รพ.สต., PM2.5, LINE, น้ำท่วม and their spellings.
    #[must_use]
    pub fn new() -> Self {
        let mut builder = Self::default();
        for line in TERMS.lines() {
            let mut spellings = line.split('|');
            let Some(own) = spellings.next() else { continue };
            builder = builder.term(own);
            for other in spellings {
                builder = builder.alias(other, own);
            }
        }
        builder
    }

    /// Begins with nothing.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// A word of several pieces that should be seen as one.
    #[must_use]
    pub fn term(mut self, term: &str) -> Self {
        self.terms.push((fold(term), None));
        self
    }

    /// Another spelling of a term; found as the term itself.
    #[must_use]
    pub fn alias(mut self, written: &str, term: &str) -> Self {
        let written = fold(written);
        self.aliases.insert(key(&written), (written, fold(term)));
        self
    }

    /// A term that stands for a concept, such as a synonym of a category; a slash separates several terms. One term
    /// may stand for several concepts, and then gives a token for each.
    #[must_use]
    pub fn concept(mut self, terms: &str, code: &str) -> Self {
        let code: Arc<str> = Arc::from(code);
        for term in terms.split('/') {
            self.terms.push((fold(term), Some(Arc::clone(&code))));
        }
        self
    }

    /// The names of provinces and districts, each with the concept `place.<code>` of its DOPA code.
    #[must_use]
    pub fn places(mut self) -> Self {
        for (name, code) in crate::places::names_for_lexicon() {
            self = self.concept(&name, &code);
        }
        self
    }

    /// The lexicon. Empty terms and terms of one letter are left out.
    #[must_use]
    pub fn build(self) -> Lexicon {
        let mut lexicon = Lexicon::default();
        lexicon.nodes.push(Node::default());
        for (term, concept) in self.terms {
            let own = self.aliases.get(&key(&term)).map_or(&term, |(_, own)| own);
            lexicon.enter(own, own, concept);
        }
        for (written, own) in self.aliases.values() {
            lexicon.enter(written, own, None);
        }
        for candidates in lexicon.phrases.values_mut() {
            candidates.sort_by_key(|phrase| std::cmp::Reverse(phrase.stems.len()));
        }
        lexicon
    }
}

/// Terms ready to be found. Cheap to share, never changes; a new one is built when the terms change.
#[derive(Debug, Default)]
pub struct Lexicon {
    /// letters of Thai terms; the first node is the root
    nodes: Vec<Node>,
    /// English terms by the stem they begin with, longest first
    phrases: HashMap<String, Vec<Phrase>>,
    entries: Vec<Entry>,
    by_text: HashMap<String, usize>,
}

#[derive(Debug, Default)]
struct Node {
    /// sorted by letter
    next: Vec<(char, usize)>,
    entry: Option<usize>,
}

#[derive(Debug)]
struct Phrase {
    stems: Vec<String>,
    entry: usize,
}

#[derive(Debug)]
struct Entry {
    text: String,
    concepts: Vec<Arc<str>>,
}

/// How spellings are compared: in Thai full stops and spaces do not matter (อ.ส.ม. is อสม), in English endings.
fn key(folded: &str) -> String {
    if has_thai(folded) {
        folded.chars().filter(|c| !matches!(c, '.' | ' ')).collect()
    } else {
        own_text(folded)
    }
}

fn has_thai(text: &str) -> bool {
    text.chars().any(is_thai)
}

/// What an own spelling is compared by: English ones by their stems.
fn own_text(folded: &str) -> String {
    if has_thai(folded) {
        return folded.to_owned();
    }
    let stems: Vec<String> = pieces(folded).filter_map(|span| folded.get(span).map(stem)).collect();
    stems.join(" ")
}

impl Lexicon {
    /// Our own terms alone.
    #[must_use]
    pub fn own() -> Self {
        LexiconBuilder::new().build()
    }

    /// How many terms it knows, other spellings not counted.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it knows none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn enter(&mut self, written: &str, own: &str, concept: Option<Arc<str>>) {
        let own = own_text(own);
        if own.chars().count() < 2 {
            return;
        }
        let entry = *self.by_text.entry(own).or_insert_with_key(|text| {
            self.entries.push(Entry { text: text.clone(), concepts: Vec::new() });
            self.entries.len() - 1
        });
        if let Some((concept, entry)) = concept.zip(self.entries.get_mut(entry))
            && !entry.concepts.contains(&concept)
        {
            entry.concepts.push(concept);
        }
        if has_thai(written) {
            self.enter_letters(&key(written), entry)
        } else {
            self.enter_phrase(written, entry)
        }
    }

    fn enter_letters(&mut self, letters: &str, entry: usize) {
        let mut at = 0;
        for letter in letters.chars() {
            let fresh = self.nodes.len();
            let Some(node) = self.nodes.get_mut(at) else { return };
            match node.next.binary_search_by_key(&letter, |(c, _)| *c) {
                Ok(found) => at = node.next.get(found).map_or(0, |(_, next)| *next),
                Err(place) => {
                    node.next.insert(place, (letter, fresh));
                    self.nodes.push(Node::default());
                    at = fresh;
                }
            }
        }
        if let Some(node) = self.nodes.get_mut(at).filter(|_| at != 0) {
            node.entry = Some(entry);
        }
    }

    fn enter_phrase(&mut self, written: &str, entry: usize) {
        let stems: Vec<String> = pieces(written).filter_map(|span| written.get(span).map(stem)).collect();
        let Some(first) = stems.first().cloned() else { return };
        let candidates = self.phrases.entry(first).or_default();
        if !candidates.iter().any(|phrase| phrase.stems == stems) {
            candidates.push(Phrase { stems, entry });
        }
    }

    /// The words of a text: every piece, and the lexicon's terms over them, in order of place.
    ///
    /// ```
    /// use thai::words::{Kind, LexiconBuilder};
    /// let lexicon = LexiconBuilder::new().concept("น้ำท่วม/flood", "disaster.flood").build();
    /// let tokens = lexicon.tokens("นำ้ท่วมบ้านยาย");
    /// let texts: Vec<&str> = tokens.iter().map(|t| t.text.as_str()).collect();
    /// assert_eq!(texts, ["น้ำ", "น้ำท่วม", "น้ำท่วม", "ท่วม", "บ้าน", "ยาย"]);
    /// assert_eq!(tokens[2].kind, Kind::Concept("disaster.flood".into()));
    /// ```
    #[must_use]
    pub fn tokens(&self, text: &str) -> Vec<Token> {
        self.tokens_of_folded(&fold(text))
    }

    /// As [`tokens`](Self::tokens), for a text that was folded before.
    #[must_use]
    pub fn tokens_of_folded(&self, folded: &str) -> Vec<Token> {
        let spans: Vec<Range<usize>> = pieces(folded).collect();
        let mut tokens = Vec::with_capacity(spans.len() * 2);
        for span in &spans {
            let Some(word) = folded.get(span.clone()) else { continue };
            let text = if word.is_ascii() { stem(word) } else { word.to_owned() };
            tokens.push(Token { stop: is_stop_word(word), text, kind: Kind::Piece, span: span.clone() });
        }
        let found = tokens.len();
        self.add_letters(folded, &spans, &mut tokens);
        self.add_phrases(folded, &spans, &mut tokens);
        if tokens.len() > found {
            tokens.sort_by(|a, b| {
                (a.span.start, &a.kind, a.span.end).cmp(&(b.span.start, &b.kind, b.span.end))
            });
        }
        tokens
    }

    /// Thai terms: the longest from each place on, none inside another.
    fn add_letters(&self, folded: &str, spans: &[Range<usize>], tokens: &mut Vec<Token>) {
        if self.nodes.len() < 2 {
            return;
        }
        let mut free_from = 0;
        let mut before: Option<char> = None;
        for (start, letter) in folded.char_indices() {
            let may_begin =
                start >= free_from && !before.is_some_and(is_leading_vowel) && is_letter_or_digit(letter);
            before = Some(letter);
            if !may_begin {
                continue;
            }
            if let Some((end, entry)) = self.longest(folded, start, spans) {
                self.push(folded, (entry, start..end), spans, tokens);
                free_from = end;
            }
        }
    }

    fn longest(&self, folded: &str, start: usize, spans: &[Range<usize>]) -> Option<(usize, usize)> {
        let mut node = self.nodes.first()?;
        let mut best = None;
        let mut count = 0usize;
        let mut rest = folded.get(start..)?.char_indices().peekable();
        while let Some((offset, letter)) = rest.next() {
            if matches!(letter, '.' | ' ') && count > 0 {
                continue;
            }
            let Ok(found) = node.next.binary_search_by_key(&letter, |(c, _)| *c) else { break };
            node = self.nodes.get(node.next.get(found)?.1)?;
            count += 1;
            let end = start + offset + letter.len_utf8();
            if let Some(entry) = node.entry
                && stands_alone(spans, start..end, count, rest.peek().map(|(_, c)| *c))
            {
                best = Some((end, entry));
            }
        }
        best
    }

    /// English terms: whole words with nothing but a space or hyphen between.
    fn add_phrases(&self, folded: &str, spans: &[Range<usize>], tokens: &mut Vec<Token>) {
        let mut at = 0;
        while let Some(span) = spans.get(at) {
            let word = folded.get(span.clone()).unwrap_or_default();
            let stems = if word.is_ascii() { self.phrases.get(&stem(word)) } else { None };
            let matching = stems.and_then(|candidates| {
                candidates.iter().find(|phrase| {
                    let ahead = spans.get(at..at + phrase.stems.len());
                    ahead.is_some_and(|ahead| is_phrase(folded, ahead, &phrase.stems))
                })
            });
            let Some(phrase) = matching else {
                at += 1;
                continue;
            };
            let end = spans.get(at + phrase.stems.len() - 1).map_or(span.end, |last| last.end);
            self.push(folded, (phrase.entry, span.start..end), spans, tokens);
            at += phrase.stems.len();
        }
    }

    fn push(
        &self,
        folded: &str,
        found: (usize, Range<usize>),
        spans: &[Range<usize>],
        tokens: &mut Vec<Token>,
    ) {
        let (entry, span) = found;
        let Some(entry) = self.entries.get(entry) else { return };
        let one_piece = spans.binary_search_by_key(&(span.start, span.end), |s| (s.start, s.end)).is_ok();
        let word = folded.get(span.clone()).unwrap_or_default();
        let respelled = if word.is_ascii() { stem(word) != entry.text } else { word != entry.text };
        if !one_piece || respelled {
            let text = entry.text.clone();
            let stop = is_stop_word(&text);
            tokens.push(Token { text, kind: Kind::Compound, span: span.clone(), stop });
        }
        for code in &entry.concepts {
            let (text, kind) = (entry.text.clone(), Kind::Concept(Arc::clone(code)));
            tokens.push(Token { text, kind, span: span.clone(), stop: false });
        }
    }
}

fn is_phrase(folded: &str, spans: &[Range<usize>], stems: &[String]) -> bool {
    let words_fit = spans
        .iter()
        .zip(stems)
        .all(|(span, wanted)| folded.get(span.clone()).is_some_and(|w| stem(w) == *wanted));
    let gaps_fit = spans.windows(2).all(|pair| match pair {
        [one, other] => folded.get(one.end..other.start).is_some_and(|gap| matches!(gap, "" | " " | "-")),
        _ => true,
    });
    words_fit && gaps_fit
}

/// Whether a term of `count` letters may be cut out here. Short terms must begin and end where pieces do (หมอ is not
/// in หมอน); a long one may cross them, if no mark of the next letter is torn off.
fn stands_alone(spans: &[Range<usize>], term: Range<usize>, count: usize, next: Option<char>) -> bool {
    if !syllable_ends(next) {
        return false;
    }
    let inside = |at: usize| {
        let place = spans.partition_point(|span| span.end <= at);
        spans.get(place).is_some_and(|span| span.start < at)
    };
    match usize::from(inside(term.start)) + usize::from(inside(term.end)) {
        0 => true,
        1 => count >= ONE_SIDE_FREE,
        _ => count >= BOTH_SIDES_FREE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn concepts(lexicon: &Lexicon, text: &str) -> Vec<String> {
        let kinds = lexicon.tokens(text).into_iter().map(|t| t.kind);
        kinds
            .filter_map(|kind| if let Kind::Concept(code) = kind { Some(code.to_string()) } else { None })
            .collect()
    }

    fn texts(lexicon: &Lexicon, text: &str, kind: &Kind) -> Vec<String> {
        lexicon.tokens(text).into_iter().filter(|t| t.kind == *kind).map(|t| t.text).collect()
    }

    #[test]
    fn both_pieces_and_compounds() {
        let lexicon = Lexicon::own();
        assert_eq!(texts(&lexicon, "น้ำท่วมบ้านผู้สูงอายุ", &Kind::Piece), ["น้ำ", "ท่วม", "บ้าน", "ผู้", "สูง", "อายุ"]);
        assert_eq!(texts(&lexicon, "น้ำท่วมบ้านผู้สูงอายุ", &Kind::Compound), ["น้ำท่วม", "ผู้สูงอายุ"]);
    }

    #[test]
    fn other_spellings_are_the_term_itself() {
        let lexicon = Lexicon::own();
        for text in ["อ.ส.ม. มาเยี่ยม", "อสม.มาเยี่ยม", "อาสาสมัครสาธารณสุขประจำหมู่บ้านมาเยี่ยม"]
        {
            assert!(lexicon.tokens(text).iter().any(|t| t.text == "อสม"), "{text}");
        }
        for text in ["รพ.สต.บ้านห้วย", "รพสต บ้านห้วย", "รพ. สต. บ้านห้วย", "อนามัยบ้านห้วย"]
        {
            assert_eq!(texts(&lexicon, text, &Kind::Compound)[0], "โรงพยาบาลส่งเสริมสุขภาพตำบล", "{text}");
        }
        for text in ["ค่าฝุ่น PM 2.5", "ฝุ่นจิ๋วเยอะ"] {
            assert!(lexicon.tokens(text).iter().any(|t| t.text == "pm25"), "{text}");
        }
        assert!(lexicon.tokens("ทักไลน์มา").iter().any(|t| t.text == "line"));
    }

    #[test]
    fn thai_and_english_meet() {
        let lexicon = Lexicon::own();
        for (thai, english) in [
            ("น้ำท่วมบ้าน", "our house was flooded"),
            ("คนแก่ล้ม", "older people fall"),
            ("ขอยืมรถเข็น", "lend a wheelchair"),
            ("ช่วงหน้าแล้ง", "before the dry season"),
        ] {
            let terms = |text: &str| texts(&lexicon, text, &Kind::Compound);
            let (thai, english) = (terms(thai), terms(english));
            assert!(thai.iter().any(|term| english.contains(term)), "{thai:?} {english:?}");
        }
    }

    #[test]
    fn a_synonym_in_one_language_is_found_in_the_other() {
        let lexicon = LexiconBuilder::new().concept("landslides", "disaster.landslide").build();
        assert_eq!(concepts(&lexicon, "กลัวดินสไลด์"), ["disaster.landslide"]);
    }

    #[test]
    fn concepts_come_from_thai_and_english() {
        let lexicon = LexiconBuilder::new()
            .concept("เยี่ยมบ้าน/home visits", "health.visit")
            .concept("รถเข็น", "goods.wheelchair")
            .concept("รถเข็น", "health.devices")
            .concept("หมอ", "health.clinic")
            .build();
        assert_eq!(concepts(&lexicon, "ขอคนเยี่ยม บ้าน"), ["health.visit"]);
        assert_eq!(concepts(&lexicon, "two Home-Visits a week"), ["health.visit"]);
        assert_eq!(concepts(&lexicon, "wheelchair"), ["goods.wheelchair", "health.devices"]);
        assert_eq!(concepts(&lexicon, "ปลอกหมอน"), Vec::<String>::new());
        assert_eq!(concepts(&lexicon, "หาหมอ"), ["health.clinic"]);
        assert_eq!(concepts(&lexicon, ""), Vec::<String>::new());
    }

    #[test]
    fn places_are_seen_where_they_are_meant() {
        let lexicon = LexiconBuilder::new().places().build();
        for (text, code) in [
            ("น้ำท่วมที่อ.ลี้", "place.5104"),
            ("รับส่งแถวเชียงใหม่", "place.50"),
            ("จ.เลย", "place.42"),
            ("from Chiang Rai", "place.57"),
            ("บ้านอยู่สันทราย", "place.5014"),
        ] {
            assert!(
                concepts(&lexicon, text).iter().any(|found| found == code),
                "{text} {:?}",
                lexicon.tokens(text)
            );
        }
        for text in ["กินข้าวเลย", "ตากผ้า", "แพร่เชื้อ", "สองคน", "ไปท่าเรือ"]
        {
            assert_eq!(concepts(&lexicon, text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn words_one_mark_apart_never_meet() {
        let lexicon = LexiconBuilder::new()
            .concept("ข่าว", "news")
            .concept("ป้า", "aunt")
            .concept("เสือ", "tiger")
            .build();
        for text in ["ข้าวสาร", "ขาว", "ป่าไม้", "ปา", "เสื้อผ้า"]
        {
            assert_eq!(concepts(&lexicon, text), Vec::<String>::new(), "{text}");
        }
        assert_eq!(concepts(&lexicon, "ฟังข่าว"), ["news"]);
    }

    #[test]
    fn spans_cut_the_folded_text() {
        let lexicon = Lexicon::own();
        let folded = fold("LINE กลุ่ม อสม. แจ้งน้ำท่วม ๓ หลัง home visits");
        for token in lexicon.tokens_of_folded(&folded) {
            let word = folded.get(token.span.clone()).unwrap();
            assert!(token.kind != Kind::Piece || word.starts_with(&token.text), "{token:?}");
        }
    }
}
