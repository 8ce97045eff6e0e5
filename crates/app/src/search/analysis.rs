//! From what was written to the terms that are kept, and from what was typed to the question asked of the index.

use std::sync::OnceLock;

use index::{Group, Query};
use matching::Taxonomy;
use thai::words::{Kind, Lexicon, LexiconBuilder, Token};

/// What is typed beyond this says nothing more.
const LONGEST_QUERY: usize = 200;
/// A beginning shorter than this begins everything.
const SHORTEST_BEGINNING: usize = 2;

/// The words of places, of community work and of the categories in both languages.
fn lexicon() -> &'static Lexicon {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    LEXICON.get_or_init(|| {
        let mut builder = LexiconBuilder::new().places();
        for category in Taxonomy::built_in().categories() {
            let words = [&category.th, &category.en].into_iter();
            for word in words.chain(&category.syn_th).chain(&category.syn_en) {
                builder = builder.concept(word, &category.code);
            }
        }
        builder.build()
    })
}

/// A concept stands among the terms behind a sign that no word begins with.
fn term(token: &Token) -> String {
    match &token.kind {
        Kind::Piece | Kind::Compound => token.text.clone(),
        Kind::Concept(code) => format!("#{code}"),
    }
}

/// Words between spaces: a given name, a family name, the name of a group.
fn runs(folded: &str) -> impl Iterator<Item = &str> {
    let words = folded.split(|c: char| c.is_whitespace() || matches!(c, '"' | '(' | ')' | ',' | '/' | '·'));
    words.filter(|word| (2..=30).contains(&word.chars().count()))
}

/// The terms of a document as they are stored: a line for the title, one for the text, one for the title's words.
pub fn document(title: &str, text: &str) -> String {
    let (title, text) = (thai::text::fold(title), thai::text::fold(text));
    let line = |folded: &str| {
        let terms: Vec<String> = lexicon().tokens_of_folded(folded).iter().map(term).collect();
        terms.join("\t")
    };
    format!("{}\n{}\n{}", line(&title), line(&text), runs(&title).collect::<Vec<_>>().join("\t"))
}

/// Back from [`document`]: the terms of the title, of the text, and the title's words.
pub fn stored(tokens: &str) -> [Vec<&str>; 3] {
    let mut lines = tokens.split('\n');
    [(); 3].map(|()| lines.next().unwrap_or_default().split('\t').filter(|term| !term.is_empty()).collect())
}

/// What was typed, as the questions that are asked one after the other until there is enough.
#[derive(Debug, Default)]
pub struct Asked {
    /// Every word, the last one perhaps only begun.
    pub exact: Query,
    /// The last word taken whole as a beginning: for names that the dictionary cuts differently once they are whole.
    pub begun: Option<Query>,
    /// By what the words mean, where they mean something known.
    pub meant: Option<Query>,
    /// Half of the words, when all together are nowhere.
    pub some: Option<Query>,
    /// The words between spaces.
    pub words: Vec<String>,
    /// The same keys typed with the Thai keyboard.
    pub slipped: Option<String>,
}

/// Reads what was typed.
pub fn query(typed: &str) -> Asked {
    let typed: String = typed.chars().take(LONGEST_QUERY).collect();
    let folded = thai::text::fold(&typed);
    let tokens = lexicon().tokens_of_folded(&folded);
    let mut pieces: Vec<&Token> = tokens.iter().filter(|t| t.kind == Kind::Piece).collect();
    if pieces.iter().any(|piece| !piece.stop) {
        pieces.retain(|piece| !piece.stop);
    }
    if pieces.is_empty() {
        return Asked::default();
    }
    let must: Vec<Group> = pieces.iter().map(|piece| group(piece, &folded)).collect();
    let mut should: Vec<String> = tokens.iter().filter(|t| t.kind != Kind::Piece).map(term).collect();
    should.extend(pieces.last().map(|last| last.text.clone()));
    should.extend(runs(&folded).map(str::to_owned));
    should.sort_unstable();
    should.dedup();
    let query = |must: Vec<Group>| Query { must, should: should.clone(), ..Query::default() };
    // a syllable of two letters says too little to stand for the whole
    let telling: Vec<Group> = pieces
        .iter()
        .filter(|piece| piece.text.chars().count() > SHORTEST_BEGINNING)
        .map(|piece| Group::of(&piece.text))
        .collect();
    let some = (must.len() > 1 && !telling.is_empty())
        .then(|| Query { at_least: Some(telling.len().div_ceil(2)), ..query(telling) });
    Asked {
        begun: begun(&folded, &pieces).map(query),
        meant: meant(&tokens, &pieces, &folded).map(query),
        exact: query(must),
        some,
        words: runs(&folded).map(str::to_owned).collect(),
        slipped: thai::text::keyboard_slip(&typed),
    }
}

/// A word; the one still being typed stands for all that begin so.
fn group(piece: &Token, folded: &str) -> Group {
    let mut group = Group::of(&piece.text);
    if piece.span.end == folded.len() && piece.text.chars().count() >= SHORTEST_BEGINNING {
        // as typed, not its stem: half a word has none
        let typed = folded.get(piece.span.clone()).unwrap_or(&piece.text);
        group.beginning = vec![typed.to_owned()];
    }
    group
}

fn begun(folded: &str, pieces: &[&Token]) -> Option<Vec<Group>> {
    let start = folded.rfind(' ').map_or(0, |space| space + 1);
    let run = folded.get(start..)?;
    let inside = pieces.iter().filter(|piece| piece.span.start >= start).count();
    if inside < 2 {
        return None;
    }
    let before = pieces.iter().filter(|piece| piece.span.start < start);
    let mut groups: Vec<Group> = before.map(|piece| Group::of(&piece.text)).collect();
    groups.push(Group::beginning(run));
    Some(groups)
}

/// Where words make a term that stands for something, the term and what it stands for take the place of the words.
fn meant(tokens: &[Token], pieces: &[&Token], folded: &str) -> Option<Vec<Group>> {
    let mut concepts: Vec<&Token> = tokens.iter().filter(|t| matches!(t.kind, Kind::Concept(_))).collect();
    if concepts.is_empty() {
        return None;
    }
    concepts.sort_by_key(|token| (token.span.start, std::cmp::Reverse(token.span.end)));
    let mut groups = Vec::new();
    let mut covered = 0;
    for concept in &concepts {
        if concept.span.start < covered {
            continue;
        }
        covered = concept.span.end;
        let same = concepts.iter().filter(|other| other.span == concept.span);
        let mut any: Vec<String> = same.map(|other| term(other)).collect();
        any.push(concept.text.clone());
        groups.push(Group { any, beginning: Vec::new() });
    }
    let outside = |piece: &&&Token| {
        !concepts.iter().any(|c| c.span.start <= piece.span.start && piece.span.end <= c.span.end)
    };
    groups.extend(pieces.iter().filter(outside).map(|piece| group(piece, folded)));
    Some(groups)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_survives_being_stored() {
        let tokens = document("ป้าศรี สมศรี น้ำใส", "รับซ่อมหลังคาที่โดนน้ำท่วม");
        let [title, text, words] = stored(&tokens);
        assert_eq!(words, ["ป้าศรี", "สมศรี", "น้ำใส"]);
        assert!(title.contains(&"น้ำ") && text.contains(&"น้ำท่วม") && text.contains(&"ท่วม"));
        assert_eq!(stored(&document("", "")), [vec![], vec![], vec![]] as [Vec<&str>; 3]);
    }

    #[test]
    fn the_last_word_may_be_begun_and_common_words_do_not_count() {
        let asked = query("ขอ ช่างไม้ ที่ nurs");
        assert!(asked.exact.must.iter().all(|group| group.any != ["ที่"]), "{:?}", asked.exact.must);
        assert_eq!(asked.exact.must.last().unwrap().beginning, ["nurs"]);
        assert!(query("").exact.must.is_empty() && query("   ·").exact.must.is_empty());
        assert!(!query("ที่").exact.must.is_empty(), "a common word alone is still looked for");
    }

    #[test]
    fn a_word_in_one_language_means_the_same_in_the_other() {
        let concepts = |typed| {
            let groups = query(typed).meant.unwrap();
            groups
                .must
                .iter()
                .flat_map(|g| &g.any)
                .filter(|t| t.starts_with('#'))
                .cloned()
                .collect::<Vec<_>>()
        };
        assert!(concepts("dementia").contains(&"#care.dementia".to_owned()));
        assert!(concepts("สมองเสื่อม").contains(&"#care.dementia".to_owned()));
    }
}
