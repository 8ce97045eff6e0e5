//! Where a member may stand on a map that others see: near the middle of its sub-district or district, never at home,
//! and always at the same spot (`docs/decisions/0004-places.md`).
//!
//! The middle is that of the table of places, so the spot says no more than the name of the place does; it is moved
//! within a disc for each member, so that a hundred members of one sub-district do not stand on one point. Cells are
//! those of H3 (Uber; h3geo.org), resolution 6, some 36 km².

use h3o::{LatLng, Resolution};
use store::Value;
use store::ids::ActorId;
use thai::places::{self, Level, PlaceCode};

/// How far from the middle of a sub-district, in kilometers.
const SUBDISTRICT_KM: f64 = 2.0;
/// How far from the middle of a district, in kilometers.
const DISTRICT_KM: f64 = 5.0;
/// Kilometers to a degree of latitude on the sphere that [`places::haversine_km`] measures on.
const DEGREE_KM: f64 = 6371.0 * std::f64::consts::PI / 180.0;

/// A spot that may be shown for a member.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// The H3 cell the spot lies in, resolution 6, in hexadecimal digits.
    pub cell: String,
}

/// The spot of a member who lives in this place; none for a province alone, whose middle would say a wrong place.
#[must_use]
pub fn shown(member: ActorId, place: PlaceCode) -> Option<Shown> {
    let most = match place.level() {
        Level::Province => return None,
        Level::District => DISTRICT_KM,
        Level::Subdistrict => SUBDISTRICT_KM,
    };
    let middle = places::get(place)?;
    let (one, other) = fractions(member, place);
    // the root spreads the spots evenly over the disc; without it they would crowd around the middle
    let away = most * one.sqrt();
    let (north, east) = (std::f64::consts::TAU * other).sin_cos();
    let latitude = middle.lat + away * north / DEGREE_KM;
    let longitude = middle.lon + away * east / (DEGREE_KM * middle.lat.to_radians().cos());
    let cell = LatLng::new(latitude, longitude).ok()?.to_cell(Resolution::Six).to_string();
    Some(Shown { latitude, longitude, cell })
}

/// The columns of an actor that hold its spot, and what stands in them; empty where there is none.
#[must_use]
pub fn cells(member: ActorId, place: Option<PlaceCode>) -> [(&'static str, Value); 3] {
    let spot = place.and_then(|place| shown(member, place));
    let [latitude, longitude] = [spot.as_ref().map(|s| s.latitude), spot.as_ref().map(|s| s.longitude)]
        .map(|degrees| degrees.map_or(Value::Null, Value::Real));
    let cell = spot.map_or(Value::Null, |spot| Value::Text(spot.cell));
    [("public_latitude", latitude), ("public_longitude", longitude), ("public_cell", cell)]
}

/// Two numbers from 0 to below 1 that are always the same for a member and a place, and unlike those of others.
fn fractions(member: ActorId, place: PlaceCode) -> (f64, f64) {
    let seed = mixed(u64::from_ne_bytes(member.0.to_ne_bytes())) ^ u64::from(place.number());
    let (one, other) = (mixed(seed), mixed(mixed(seed)));
    (fraction(one), fraction(other))
}

/// One step of splitmix64 (Steele, Lea & Flood 2014).
const fn mixed(seed: u64) -> u64 {
    let z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The upper 32 bits as a number from 0 to below 1.
fn fraction(bits: u64) -> f64 {
    f64::from(u32::try_from(bits >> 32).unwrap_or(0)) / (f64::from(u32::MAX) + 1.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_place() -> impl Strategy<Value = PlaceCode> {
        let all: Vec<PlaceCode> = places::provinces()
            .iter()
            .flat_map(|province| places::children(province.code))
            .flat_map(|district| std::iter::once(district).chain(places::children(district.code)))
            .map(|place| place.code)
            .collect();
        proptest::sample::select(all)
    }

    proptest! {
        #[test]
        fn a_spot_is_near_its_place_stays_and_is_not_that_of_another(
            member in any::<i64>(), further in 1_i64..1_000_000, place in any_place(),
        ) {
            let spot = shown(ActorId(member), place).unwrap();
            let middle = places::get(place).unwrap();
            let km = places::haversine_km((spot.latitude, spot.longitude), (middle.lat, middle.lon));
            let most = if place.level() == Level::District { 5.0 } else { 2.0 };
            prop_assert!(km <= most * 1.001, "{km} km from {place}");
            prop_assert_ne!((spot.latitude, spot.longitude), (middle.lat, middle.lon));
            prop_assert_eq!(shown(ActorId(member), place).unwrap(), spot.clone());
            let other = shown(ActorId(member.wrapping_add(further)), place).unwrap();
            prop_assert_ne!((spot.latitude, spot.longitude), (other.latitude, other.longitude));
            let cell: h3o::CellIndex = spot.cell.parse().unwrap();
            prop_assert_eq!(cell.resolution(), Resolution::Six);
            let center = LatLng::from(cell);
            // a cell of this size reaches at most 4.5 km from its center
            let off = places::haversine_km((spot.latitude, spot.longitude), (center.lat(), center.lng()));
            prop_assert!(off < 4.5, "{off} km from the center of {}", spot.cell);
        }
    }

    #[test]
    fn spots_fill_the_disc_evenly() {
        let place = PlaceCode::from_number(500_701).unwrap();
        let middle = places::get(place).unwrap();
        let (mut inner, mut north, mut east) = (0, 0, 0);
        for member in 0..4000 {
            let spot = shown(ActorId(member), place).unwrap();
            let km = places::haversine_km((spot.latitude, spot.longitude), (middle.lat, middle.lon));
            inner += i32::from(km < 1.0);
            north += i32::from(spot.latitude > middle.lat);
            east += i32::from(spot.longitude > middle.lon);
        }
        // half the radius holds a quarter of the disc; five standard deviations either way
        assert!((863..=1137).contains(&inner), "{inner}");
        assert!((1842..=2158).contains(&north) && (1842..=2158).contains(&east), "{north} {east}");
    }

    #[test]
    fn a_province_alone_has_no_spot() {
        let member = ActorId(7);
        assert_eq!(shown(member, PlaceCode::from_number(50).unwrap()), None);
        assert!(cells(member, None).iter().all(|(_, value)| matches!(value, Value::Null)));
    }
}
