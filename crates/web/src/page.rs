use askama::Template;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};

use crate::{Asker, Lang, Problem, Texts, assets, runs};

/// The places of the menu; a feature's pages belong to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Today,
    Members,
    Giving,
    Networks,
}

/// One page: its title, its main part, and the house around it.
#[derive(Debug)]
pub struct Page<'a> {
    asker: &'a Asker,
    title: String,
    place: Option<Place>,
    main: String,
    flash: Option<(String, Option<String>)>,
    problem: bool,
    plain: bool,
}

#[derive(Template)]
#[template(path = "page.html")]
struct Layout<'a> {
    t: Texts,
    asker: &'a Asker,
    lang: &'static str,
    title: &'a str,
    place: Option<Place>,
    main: &'a str,
    flash: &'a Option<(String, Option<String>)>,
    problem: bool,
    plain: bool,
    back: String,
    css: String,
    face: String,
    js: String,
    icon: String,
    touch: String,
}

impl Layout<'_> {
    fn here(&self, place: Place) -> &'static str {
        if self.place == Some(place) { "page" } else { "false" }
    }
}

impl<'a> Page<'a> {
    /// A page for the one who asks.
    #[must_use]
    pub fn new(asker: &'a Asker, title: impl Into<String>) -> Self {
        Self {
            asker,
            title: title.into(),
            place: None,
            main: String::new(),
            flash: None,
            problem: false,
            plain: false,
        }
    }

    /// Which word of the menu is lit.
    #[must_use]
    pub const fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// A sentence on top that says what was done, and the address that takes it back.
    #[must_use]
    pub fn done(mut self, sentence: impl Into<String>, undo: Option<String>) -> Self {
        self.flash = Some((sentence.into(), undo));
        self
    }

    /// Without menu: for signing in and for what is printed.
    #[must_use]
    pub const fn plain(mut self) -> Self {
        self.plain = true;
        self
    }

    /// The page that only says what went wrong.
    #[must_use]
    pub const fn problem(mut self) -> Self {
        self.problem = true;
        self
    }

    /// Puts the main part in and shows the whole.
    ///
    /// # Errors
    /// A fault when the template cannot be rendered.
    pub fn with(mut self, main: &impl Template) -> Result<Response, Problem> {
        self.main = main.render()?;
        Ok(self.show())
    }

    /// Shows the page as it stands.
    #[must_use]
    pub fn show(self) -> Response {
        let back: String = form_urlencoded::byte_serialize(self.asker.path.as_bytes()).collect();
        let layout = Layout {
            t: self.asker.texts(),
            asker: self.asker,
            lang: self.asker.lang.tag(),
            title: &self.title,
            place: self.place,
            main: &self.main,
            flash: &self.flash,
            problem: self.problem,
            plain: self.plain,
            back,
            css: assets::address("saan.css"),
            face: assets::address("plex-thai-400.woff2"),
            js: assets::address("saan.js"),
            icon: assets::address("icon.svg"),
            touch: assets::address("icon-192.png"),
        };
        let headers = [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CONTENT_LANGUAGE, self.asker.lang.tag()),
        ];
        match layout.render() {
            Ok(html) if self.asker.lang == Lang::English => {
                (headers, runs::mark_thai(&html).into_owned()).into_response()
            }
            Ok(html) => (headers, html).into_response(),
            // the problem page is this same layout: a plain sentence is all that is left
            Err(error) => {
                tracing::error!("layout: {error}");
                (axum::http::StatusCode::INTERNAL_SERVER_ERROR, headers, self.title).into_response()
            }
        }
    }
}
