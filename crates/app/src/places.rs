//! Places on screen: province and district in the reader's language. Provinces are kept by ISO 3166-2 code, districts
//! and sub-districts by DOPA number.

use thai::Lang;
use thai::places::{self, Level, PlaceCode};

mod shown;

pub use shown::{Shown, cells as shown_cells, shown};

/// The provinces for a form, as code and name, in the order people look them up.
#[must_use]
pub fn provinces(lang: Lang) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> =
        places::provinces().iter().map(|place| (place.code.iso(), place.name(lang).to_owned())).collect();
    all.sort_by_cached_key(|(_, name)| thai::sorting::sort_key(name));
    all
}

/// Whether this is the code of a province.
#[must_use]
pub fn is_province(code: &str) -> bool {
    PlaceCode::from_iso(code).is_some()
}

/// The places directly inside the place of this code, as code and name, in the order people look them up; none where the
/// code is unknown.
#[must_use]
pub fn inside(lang: Lang, code: &str) -> Vec<(String, String)> {
    let Some(code) = PlaceCode::parse(code) else { return Vec::new() };
    let places = places::in_order(places::children(code), lang);
    places.into_iter().map(|place| (place.code.to_string(), place.name(lang).to_owned())).collect()
}

/// The place a member's three codes name: the narrowest that lies in the wider ones.
#[must_use]
pub fn narrowest(
    province: Option<&str>,
    district: Option<&str>,
    subdistrict: Option<&str>,
) -> Option<PlaceCode> {
    let mut place = PlaceCode::from_iso(province?)?;
    for code in [district, subdistrict] {
        let narrower = code.and_then(PlaceCode::parse).filter(|code| code.parent() == Some(place));
        let Some(narrower) = narrower else { break };
        place = narrower;
    }
    Some(place)
}

/// Province by ISO 3166-2, district and sub-district by DOPA number, as they are stored for a place.
#[must_use]
pub fn codes(place: PlaceCode) -> [Option<String>; 3] {
    let subdistrict = (place.level() == Level::Subdistrict).then(|| place.to_string());
    [Some(place.iso()), place.district().map(|district| district.to_string()), subdistrict]
}

/// District and province as a line, if they are known.
#[must_use]
pub fn label(lang: Lang, province: &Option<String>, district: &Option<String>) -> Option<String> {
    let province = places::get(PlaceCode::from_iso(province.as_deref()?)?)?;
    let district = district
        .as_deref()
        .and_then(|number| number.parse().ok())
        .and_then(PlaceCode::from_number)
        .and_then(places::get);
    Some(match district {
        Some(district) => format!("{} · {}", district.name(lang), province.name(lang)),
        None => province.name(lang).to_owned(),
    })
}

/// The name of a place of any level, if its code is known.
#[must_use]
pub fn name(lang: Lang, code: &str) -> Option<&'static str> {
    let digits = code.strip_prefix("TH-").unwrap_or(code);
    places::get(PlaceCode::from_number(digits.parse().ok()?)?).map(|place| place.name(lang))
}
