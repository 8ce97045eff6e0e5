//! The index answers what one would find by reading every document, after any history of changes.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test whose premise fails has failed")]

use std::collections::BTreeMap;

use index::{Count, Document, Group, Index, Query, Seer, Word};
use proptest::prelude::*;

#[derive(Debug, Clone)]
struct Paper {
    kind: usize,
    keys: Vec<i64>,
    owner_keys: Vec<i64>,
    facets: Vec<usize>,
    title: Vec<usize>,
    text: Vec<usize>,
}

const WORDS: [&str; 9] = ["ข้าว", "ข่าว", "ข้าวสาร", "น้ำ", "น้ำท่วม", "ป่า", "ป้า", "nurse", "nur"];
const KINDS: [&str; 3] = ["person", "offer", "need"];
const FACETS: [&str; 2] = ["area:TH-50", "cat:care"];

fn paper() -> impl Strategy<Value = Paper> {
    let words = |most| prop::collection::vec(0..WORDS.len(), 0..most);
    (
        0..3_usize,
        prop::collection::vec(0i64..6, 0..3),
        prop::collection::vec(0i64..6, 0..3),
        prop::collection::vec(0..2_usize, 0..2),
        words(4),
        words(8),
    )
        .prop_map(|(kind, keys, owner_keys, facets, title, text)| Paper {
            kind,
            keys,
            owner_keys,
            facets,
            title,
            text,
        })
}

fn put(index: &mut Index, object: i64, paper: &Paper) {
    let pick = |list: &[usize]| list.iter().map(|n| WORDS[*n]).collect::<Vec<_>>();
    let facets: Vec<&str> = paper.facets.iter().map(|n| FACETS[*n]).collect();
    let document = Document {
        object,
        kind: KINDS[paper.kind],
        network: 1,
        actor: object,
        keys: &paper.keys,
        owner_keys: &paper.owner_keys,
        facets: &facets,
        title: &pick(&paper.title),
        text: &pick(&paper.text),
        words: &[],
    };
    index.upsert(&document).unwrap();
}

fn has(paper: &Paper, fits: impl Fn(&str) -> bool) -> bool {
    paper.title.iter().chain(&paper.text).any(|n| fits(WORDS[*n]))
}

proptest! {
    #[test]
    fn finds_what_reading_everything_finds(
        history in prop::collection::vec((0i64..20, prop::option::weighted(0.8, paper())), 0..60),
        held in prop::collection::btree_set(0i64..6, 0..4),
        first in 0..WORDS.len(),
        second in prop::option::of(0..WORDS.len()),
        kind in prop::option::of(0..3_usize),
        facet in prop::option::of(0..2_usize),
        either in any::<bool>(),
    ) {
        let mut index = Index::default();
        let mut papers: BTreeMap<i64, Paper> = BTreeMap::new();
        for (object, paper) in history {
            match paper {
                Some(paper) => { put(&mut index, object, &paper); papers.insert(object, paper); }
                None => { prop_assert_eq!(index.remove(object), papers.remove(&object).is_some()); }
            }
        }
        let mut must = vec![Group::beginning(WORDS[first])];
        must.extend(second.map(|n| Group::of(WORDS[n])));
        let query = Query {
            at_least: either.then_some(1),
            must,
            kinds: kind.map(|n| KINDS[n].to_owned()).into_iter().collect(),
            facets: facet.map(|n| FACETS[n].to_owned()).into_iter().collect(),
            ..Query::default()
        };
        let held: Vec<i64> = held.into_iter().collect();
        let expected: Vec<i64> = papers.iter().filter(|(_, paper)| {
            let begins = has(paper, |word| word.starts_with(WORDS[first]));
            let stands = second.map(|n| has(paper, |word| word == WORDS[n]));
            let words = match stands { Some(stands) if either => begins || stands, Some(stands) => begins && stands, None => begins };
            words && paper.keys.iter().any(|key| held.contains(key))
                    && (paper.owner_keys.is_empty() || paper.owner_keys.iter().any(|key| held.contains(key)))
                && kind.is_none_or(|n| paper.kind == n) && facet.is_none_or(|n| paper.facets.contains(&n))
        }).map(|(object, _)| *object).collect();
        for settled in [false, true] {
            if settled { index.settle(); }
            let found = index.search(&query, Seer::Keys(&held), 100);
            prop_assert_eq!(found.count, Count::Exactly(expected.len()));
            prop_assert!(found.hits.windows(2).all(|pair| pair[0].score >= pair[1].score));
            let few = index.search(&query, Seer::Keys(&held), 3);
            prop_assert_eq!(&few.hits[..], &found.hits[..found.hits.len().min(3)], "the first three are the first three");
            let mut objects: Vec<i64> = found.hits.iter().map(|hit| hit.object).collect();
            objects.sort_unstable();
            prop_assert_eq!(&objects, &expected);
        }
    }
}

fn plain(object: i64, title: &'static [&'static str], text: &'static [&'static str]) -> Document<'static> {
    Document { object, kind: "offer", keys: &[0], title, text, ..Document::default() }
}

#[test]
fn the_title_says_more_than_the_text_and_a_rare_word_more_than_a_common_one() {
    let mut index = Index::default();
    index.upsert(&plain(1, &["บ้าน"], &["ซ่อม", "หลังคา"])).unwrap();
    index.upsert(&plain(2, &["ซ่อม"], &["บ้าน", "หลังคา"])).unwrap();
    index.upsert(&plain(3, &["บ้าน"], &["บ้าน", "บ้าน"])).unwrap();
    let order = |must: Vec<Group>, at_least| {
        let query = Query { must, at_least, ..Query::default() };
        index.search(&query, Seer::All, 9).hits.iter().map(|hit| hit.object).collect::<Vec<_>>()
    };
    assert_eq!(order(vec![Group::of("ซ่อม")], None), [2, 1]);
    assert_eq!(order(vec![Group::of("ซ่อม"), Group::of("บ้าน")], Some(1)).last(), Some(&3));
    assert_eq!(order(vec![Group::of("ซ่อม"), Group::of("ข้าว")], None), [] as [i64; 0]);
}

#[test]
fn a_broad_word_is_counted_as_more_than_a_thousand_and_still_shows_its_best() {
    let mut index = Index::default();
    for object in 1..=3000 {
        let title: &[&str] = if object == 17 { &["ตลาด", "ตลาด"] } else { &["ตลาด"] };
        index
            .upsert(&Document { object, kind: "offer", keys: &[object % 2], title, ..Document::default() })
            .unwrap();
    }
    let query = Query { must: vec![Group::of("ตลาด")], ..Query::default() };
    let found = index.search(&query, Seer::Keys(&[1]), 10);
    assert_eq!(found.count, Count::More);
    let objects: Vec<i64> = found.hits.iter().map(|hit| hit.object).collect();
    assert_eq!(objects, [17, 2999, 2997, 2995, 2993, 2991, 2989, 2987, 2985, 2983]);
}

#[test]
fn a_name_hidden_from_somebody_is_never_suggested_to_them() {
    let mut index = Index::default();
    let word = [Word { term: "วรรณา", heard: "วันา" }];
    index
        .upsert(&Document { object: 1, kind: "person", keys: &[5], words: &word, ..Document::default() })
        .unwrap();
    let typed = Word { term: "วันนา", heard: "วันนา" };
    assert_eq!(index.suggest(&typed, Seer::Keys(&[5]), 3), ["วรรณา"]);
    assert_eq!(index.suggest(&typed, Seer::Keys(&[6]), 3), [] as [String; 0]);
    index.remove(1);
    assert_eq!(index.suggest(&typed, Seer::All, 3), [] as [String; 0]);
}
