//! What offers and needs are about: ten domains, 87 categories, each named in Thai and English with the words people
//! use for it.
//!
//! Codes are frozen (stored rows and other programs hold them); synonyms are search terms, never labels. The domain of
//! a category is its `domain` field, not the prefix of its code (`log.venue` belongs to `logistics`).

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::Deserialize;
use thai::Lang;

const BUILT_IN: &str = include_str!("../data/taxonomy.json");

/// Place of a category in the built-in taxonomy, 0 to 86. Stable within one build only: store the code instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CategoryId(pub(crate) u8);

impl CategoryId {
    /// The place as a number, for tables with one row a category.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    pub(crate) fn from_index(index: usize) -> Self {
        // the built-in taxonomy is far below 256 categories (asserted where it is read)
        Self(u8::try_from(index).unwrap_or(u8::MAX))
    }
}

/// A group of categories, such as health or farming.
#[derive(Debug, Clone, Deserialize)]
pub struct Domain {
    /// Frozen code, such as `health`.
    pub code: String,
    /// Label in Thai.
    pub th: String,
    /// Label in English.
    pub en: String,
}

/// One kind of help, such as home nursing visits.
#[derive(Debug, Clone, Deserialize)]
pub struct Category {
    /// Frozen code, such as `health.nursing_home_visit`.
    pub code: String,
    /// Code of its [`Domain`].
    pub domain: String,
    /// Label in Thai.
    pub th: String,
    /// Label in English.
    pub en: String,
    /// Words for it in Thai: search terms, not labels.
    #[serde(default)]
    pub syn_th: Vec<String>,
    /// Words for it in English: search terms, not labels.
    #[serde(default)]
    pub syn_en: Vec<String>,
}

impl Category {
    /// The label in `lang`.
    #[must_use]
    pub fn label(&self, lang: Lang) -> &str {
        match lang {
            Lang::Thai => &self.th,
            Lang::English => &self.en,
        }
    }
}

#[derive(Deserialize)]
struct File {
    domains: Vec<Domain>,
    categories: Vec<Category>,
}

/// The categories and their words. There is one in the program: [`Taxonomy::built_in`].
#[derive(Debug)]
pub struct Taxonomy {
    domains: Vec<Domain>,
    categories: Vec<Category>,
    by_code: HashMap<String, CategoryId>,
}

impl Taxonomy {
    /// The taxonomy every instance shares.
    #[must_use]
    pub fn built_in() -> &'static Self {
        static TAXONOMY: OnceLock<Taxonomy> = OnceLock::new();
        TAXONOMY.get_or_init(|| {
            // a test reads the file, so the empty taxonomy can never ship
            Self::read(BUILT_IN).unwrap_or_else(|_| Self::of(File { domains: vec![], categories: vec![] }))
        })
    }

    fn read(json: &str) -> serde_json::Result<Self> {
        Ok(Self::of(serde_json::from_str(json)?))
    }

    fn of(file: File) -> Self {
        let by_code = file
            .categories
            .iter()
            .enumerate()
            .map(|(place, category)| (category.code.clone(), CategoryId::from_index(place)))
            .collect();
        Self { domains: file.domains, categories: file.categories, by_code }
    }

    /// The domains in the order in which they are shown.
    #[must_use]
    pub fn domains(&self) -> &[Domain] {
        &self.domains
    }

    /// All categories; the place of each is its [`CategoryId`].
    #[must_use]
    pub fn categories(&self) -> &[Category] {
        &self.categories
    }

    /// Every id with its category.
    pub fn iter(&self) -> impl Iterator<Item = (CategoryId, &Category)> {
        self.categories.iter().enumerate().map(|(place, category)| (CategoryId::from_index(place), category))
    }

    /// The category of a code, if there is one.
    #[must_use]
    pub fn find(&self, code: &str) -> Option<CategoryId> {
        self.by_code.get(code).copied()
    }

    /// The category of an id. Ids come from this taxonomy, so there always is one.
    #[must_use]
    pub fn get(&self, id: CategoryId) -> Option<&Category> {
        self.categories.get(id.index())
    }

    /// The frozen code of an id.
    #[must_use]
    pub fn code(&self, id: CategoryId) -> &str {
        self.get(id).map_or("", |category| category.code.as_str())
    }

    /// The label of an id in `lang`.
    #[must_use]
    pub fn label(&self, id: CategoryId, lang: Lang) -> &str {
        self.get(id).map_or("", |category| category.label(lang))
    }

    /// The codes a taxonomy file names, as far as the built-in one has them, in its order; for `--taxonomy`.
    ///
    /// # Errors
    /// The file is no taxonomy (not JSON, or without `categories` that have a `code`).
    pub fn codes_in(&self, json: &str) -> serde_json::Result<Vec<CategoryId>> {
        #[derive(Deserialize)]
        struct Only {
            categories: Vec<Coded>,
        }
        #[derive(Deserialize)]
        struct Coded {
            code: String,
        }
        let only: Only = serde_json::from_str(json)?;
        let mut ids: Vec<CategoryId> = only.categories.iter().filter_map(|c| self.find(&c.code)).collect();
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_is_whole() {
        let taxonomy = Taxonomy::read(BUILT_IN).unwrap();
        assert_eq!(taxonomy.domains().len(), 10);
        assert_eq!(taxonomy.categories().len(), 87);
        for (id, category) in taxonomy.iter() {
            assert_eq!(taxonomy.find(&category.code), Some(id));
            assert!(taxonomy.domains().iter().any(|d| d.code == category.domain), "{}", category.code);
            assert!(!category.th.is_empty() && !category.en.is_empty());
        }
    }

    #[test]
    fn a_taxonomy_file_restricts_to_the_codes_it_names() {
        let taxonomy = Taxonomy::built_in();
        let ids = taxonomy
            .codes_in(r#"{"categories":[{"code":"log.venue"},{"code":"nobody.knows"},{"code":"log.venue"}]}"#)
            .unwrap();
        assert_eq!(ids, [taxonomy.find("log.venue").unwrap()]);
        assert!(taxonomy.codes_in("[]").is_err());
    }
}
