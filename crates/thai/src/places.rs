//! Places of Thailand: 77 provinces, 928 districts and their sub-districts, by the codes of the Department of
//! Provincial Administration (DOPA), with Thai and official English names, points, postal codes, regions and
//! neighboring provinces.
//!
//! [`find_province`], [`find_district`] and [`find_subdistrict`] read what people write into a cell (จ.เชียงใหม่, ชม.,
//! โคราช, "Chiangmai"); a slip of one letter is offered as a suggestion, never taken. [`nearness`] and
//! [`distance_km`] say how far apart two places are.
//!
//! Sources: codes, names and postal codes from `geothai` 3.2.1 (data CC BY 4.0, after DOPA), points from
//! `@bilions/thailand-address` 2.0.1 (ISC), neighbors from the outlines of `@svg-maps/thailand` 2.0.0 (CC BY 4.0);
//! made by `cargo xtask places`. Where a sub-district's point was not published it has its district's.

use std::fmt;

mod address;
mod find;
mod provinces;
mod table;

pub use address::read_address;
pub(crate) use find::names_for_lexicon;
pub use find::{Found, Resolved, find_district, find_province, find_subdistrict, resolve};

/// A place's DOPA code: two digits for a province, four for a district, six for a sub-district.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PlaceCode(u32);

/// How large a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// จังหวัด
    Province,
    /// อำเภอ, in Bangkok เขต
    District,
    /// ตำบล, in Bangkok แขวง
    Subdistrict,
}

/// The six regions of the National Geographic Committee.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Region {
    /// ภาคเหนือ
    North,
    /// ภาคตะวันออกเฉียงเหนือ (อีสาน)
    Northeast,
    /// ภาคกลาง
    Central,
    /// ภาคตะวันออก
    East,
    /// ภาคตะวันตก
    West,
    /// ภาคใต้
    South,
}

/// What two places share, nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Nearness {
    /// The same sub-district.
    Subdistrict,
    /// The same district.
    District,
    /// The same province.
    Province,
    /// Neighboring provinces.
    Neighbor,
    /// The same region.
    Region,
    /// None of these.
    Far,
}

/// One place of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// DOPA code.
    pub code: PlaceCode,
    /// Thai name without จังหวัด, อำเภอ, ตำบล.
    pub th: &'static str,
    /// Official English name.
    pub en: &'static str,
    /// Latitude in degrees: a sub-district's point to about 100 m, a larger place's middle of those inside.
    pub lat: f64,
    /// Longitude in degrees.
    pub lon: f64,
    /// The usual postal code; 0 for a province.
    pub postcode: u32,
}

impl PlaceCode {
    /// The code of a place that is in the table.
    #[must_use]
    pub fn from_number(number: u32) -> Option<Self> {
        let code = Self(number);
        get(code).map(|_| code)
    }

    /// Reads back what [`Display`](fmt::Display) wrote: `5014`. Also an ISO code: `TH-50`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = matches!(text.len(), 2 | 4 | 6) && text.bytes().all(|b| b.is_ascii_digit());
        if digits { Self::from_number(text.parse().ok()?) } else { Self::from_iso(text) }
    }

    /// The number as published: 50, 5014, 501402.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }

    /// Province, district or sub-district.
    #[must_use]
    pub const fn level(self) -> Level {
        match self.0 {
            0..=99 => Level::Province,
            100..=9999 => Level::District,
            _ => Level::Subdistrict,
        }
    }

    /// The province it lies in, or itself.
    #[must_use]
    pub const fn province(self) -> Self {
        match self.level() {
            Level::Province => self,
            Level::District => Self(self.0 / 100),
            Level::Subdistrict => Self(self.0 / 10_000),
        }
    }

    /// The district it lies in, or itself; `None` for a province.
    #[must_use]
    pub const fn district(self) -> Option<Self> {
        match self.level() {
            Level::Province => None,
            Level::District => Some(self),
            Level::Subdistrict => Some(Self(self.0 / 100)),
        }
    }

    /// The place it lies in directly; `None` for a province.
    #[must_use]
    pub const fn parent(self) -> Option<Self> {
        match self.level() {
            Level::Province => None,
            Level::District | Level::Subdistrict => Some(Self(self.0 / 100)),
        }
    }

    /// Whether it is `other` or lies in it.
    #[must_use]
    pub fn is_within(self, other: Self) -> bool {
        self == other || self.parent().is_some_and(|parent| parent.is_within(other))
    }

    /// ISO 3166-2 of its province: `TH-50`.
    #[must_use]
    pub fn iso(self) -> String {
        format!("TH-{:02}", self.province().0)
    }

    /// The province of an ISO 3166-2 code such as `TH-50`.
    #[must_use]
    pub fn from_iso(iso: &str) -> Option<Self> {
        let number = iso.strip_prefix("TH-").filter(|digits| digits.len() == 2)?;
        Self::from_number(number.parse().ok()?)
    }

    /// The region of its province.
    #[must_use]
    pub fn region(self) -> Region {
        let number = self.province().0;
        provinces::PROVINCES.iter().find(|p| p.code == number).map_or(Region::Central, |p| p.region)
    }
}

impl fmt::Display for PlaceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl Place {
    /// With what it is before its name: จังหวัดเชียงใหม่, อำเภอแม่ริม, แขวงสีลม, but กรุงเทพมหานคร alone.
    #[must_use]
    pub fn full_thai(&self) -> String {
        let bangkok = self.code.province().0 == BANGKOK;
        let kind = match (self.code.level(), bangkok) {
            (Level::Province, true) => "",
            (Level::Province, false) => "จังหวัด",
            (Level::District, true) => "เขต",
            (Level::District, false) => "อำเภอ",
            (Level::Subdistrict, true) => "แขวง",
            (Level::Subdistrict, false) => "ตำบล",
        };
        format!("{kind}{}", self.th)
    }

    /// The name in a language.
    #[must_use]
    pub const fn name(&self, lang: crate::Lang) -> &'static str {
        match lang {
            crate::Lang::English => self.en,
            crate::Lang::Thai => self.th,
        }
    }
}

const BANGKOK: u32 = 10;

/// The place of a code.
///
/// ```
/// use thai::places::{PlaceCode, get};
/// let place = get(PlaceCode::from_number(5007).unwrap()).unwrap();
/// assert_eq!((place.th, place.en), ("แม่ริม", "Mae Rim"));
/// ```
#[must_use]
pub fn get(code: PlaceCode) -> Option<&'static Place> {
    table::get(code)
}

/// The 77 provinces by code.
#[must_use]
pub fn provinces() -> &'static [Place] {
    table::provinces()
}

/// The districts of a province or the sub-districts of a district, by code; none below a sub-district.
#[must_use]
pub fn children(code: PlaceCode) -> &'static [Place] {
    table::children(code)
}

/// Places in the order a reader of the language looks them up: Thai order, or A to Z.
///
/// ```
/// use thai::{Lang, places::{in_order, provinces}};
/// assert_eq!(in_order(provinces(), Lang::Thai)[0].th, "กระบี่");
/// assert_eq!(in_order(provinces(), Lang::English)[0].en, "Amnat Charoen");
/// ```
#[must_use]
pub fn in_order(places: &'static [Place], lang: crate::Lang) -> Vec<&'static Place> {
    let mut ordered: Vec<&Place> = places.iter().collect();
    ordered.sort_by_cached_key(|place| crate::sorting::sort_key(place.name(lang)));
    ordered
}

/// The provinces that border the province of a place.
#[must_use]
pub fn neighbors(code: PlaceCode) -> &'static [PlaceCode] {
    table::neighbors(code.province())
}

/// Kilometers between the points of two places along the globe; `None` if one is not in the table.
#[must_use]
pub fn distance_km(one: PlaceCode, other: PlaceCode) -> Option<f64> {
    let (one, other) = (get(one)?, get(other)?);
    Some(haversine_km((one.lat, one.lon), (other.lat, other.lon)))
}

/// Kilometers between two points in degrees (latitude, longitude) on a sphere of 6,371 km: within half a percent.
#[must_use]
pub fn haversine_km(one: (f64, f64), other: (f64, f64)) -> f64 {
    let (lat, other_lat) = (one.0.to_radians(), other.0.to_radians());
    let across = ((other.1 - one.1).to_radians() / 2.0).sin().powi(2);
    let along = ((other_lat - lat) / 2.0).sin().powi(2);
    2.0 * 6371.0 * (along + lat.cos() * other_lat.cos() * across).sqrt().min(1.0).asin()
}

/// What two places share. A district against its own sub-district counts as the same district.
#[must_use]
pub fn nearness(one: PlaceCode, other: PlaceCode) -> Nearness {
    if one == other && one.level() == Level::Subdistrict {
        Nearness::Subdistrict
    } else if one.district().is_some() && one.district() == other.district() {
        Nearness::District
    } else if one.province() == other.province() {
        Nearness::Province
    } else if neighbors(one).contains(&other.province()) {
        Nearness::Neighbor
    } else if one.region() == other.region() {
        Nearness::Region
    } else {
        Nearness::Far
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(number: u32) -> PlaceCode {
        PlaceCode::from_number(number).unwrap()
    }

    #[test]
    fn the_table_is_whole() {
        assert_eq!(provinces().len(), 77);
        let districts: usize = provinces().iter().map(|p| children(p.code).len()).sum();
        assert_eq!(districts, 928);
        let mut subdistricts = 0;
        for district in provinces().iter().flat_map(|p| children(p.code)) {
            assert!(!district.en.is_empty() && district.en.is_ascii(), "{}", district.th);
            assert!((10_000..=99_999).contains(&district.postcode), "{}", district.th);
            for place in children(district.code) {
                assert!(
                    (5.0..21.0).contains(&place.lat) && (97.0..106.0).contains(&place.lon),
                    "{}",
                    place.th
                );
                assert_eq!(place.code.district(), Some(district.code));
                assert!(!place.en.is_empty(), "{} {}", place.code, place.th);
                subdistricts += 1;
            }
        }
        assert_eq!(subdistricts, 7436);
    }

    #[test]
    fn neighbors_are_mutual_and_known() {
        for province in provinces() {
            assert!(!neighbors(province.code).is_empty(), "{}", province.th);
            for neighbor in neighbors(province.code) {
                assert!(neighbors(*neighbor).contains(&province.code), "{} {neighbor}", province.th);
            }
        }
        let of = |n: u32| neighbors(code(n)).iter().map(|c| c.number()).collect::<Vec<_>>();
        assert_eq!(of(50), [51, 52, 57, 58, 63]);
        assert_eq!(of(30), [16, 19, 25, 26, 27, 31, 36, 40]);
        assert_eq!(of(83), [82]);
        assert_eq!(of(23), [22]);
    }

    #[test]
    fn nearness_and_distance() {
        let (mae_rim, san_sai, lamphun, nan, trang) = (code(5007), code(5014), code(51), code(55), code(92));
        assert_eq!(nearness(code(500701), code(500701)), Nearness::Subdistrict);
        assert_eq!(nearness(code(500701), mae_rim), Nearness::District);
        assert_eq!(nearness(mae_rim, san_sai), Nearness::Province);
        assert_eq!(nearness(mae_rim, lamphun), Nearness::Neighbor);
        assert_eq!(nearness(lamphun, nan), Nearness::Region);
        assert_eq!(nearness(nan, trang), Nearness::Far);
        let km = distance_km(code(5001), code(1001)).unwrap();
        assert!((560.0..610.0).contains(&km), "Chiang Mai to Bangkok {km}");
        assert!(haversine_km((0.0, 0.0), (0.0, 1.0)) - 111.19 < 0.01);
    }

    #[test]
    fn codes_and_names() {
        assert_eq!(code(501402).iso(), "TH-50");
        assert_eq!(PlaceCode::from_iso("TH-90"), Some(code(90)));
        assert_eq!(PlaceCode::from_iso("TH-99"), None);
        assert_eq!(PlaceCode::from_number(9999), None);
        assert_eq!(PlaceCode::parse("5014"), Some(code(5014)));
        assert_eq!(PlaceCode::parse("TH-50"), Some(code(50)));
        assert_eq!(PlaceCode::parse("050"), None);
        assert_eq!(get(code(10)).unwrap().full_thai(), "กรุงเทพมหานคร");
        assert_eq!(get(code(100402)).unwrap().full_thai(), "แขวงสีลม");
        assert_eq!(get(code(5014)).unwrap().full_thai(), "อำเภอสันทราย");
        assert!(code(501402).is_within(code(50)) && !code(50).is_within(code(5014)));
        assert_eq!(code(58).region(), Region::North);
    }
}
