//! Where and when: points on the globe in degrees, moments in seconds, distances in kilometers.
//!
//! Distances use the equirectangular approximation, good to a few meters over the tens of kilometers a claim spans.

use std::collections::HashMap;
use std::fmt;

/// Kilometers a degree of latitude (mean meridian, WGS 84).
const KM_A_DEGREE: f64 = 111.195;

/// A point in degrees (WGS 84).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Latitude, −90 to 90.
    pub lat: f64,
    /// Longitude, −180 to 180.
    pub lon: f64,
}

impl Place {
    /// A point; `None` outside the globe or when a number is not finite.
    #[must_use]
    pub fn new(lat: f64, lon: f64) -> Option<Self> {
        ((-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon)).then_some(Self { lat, lon })
    }

    /// East and north of `origin`, in kilometers.
    #[must_use]
    pub fn offset_km(self, origin: Self) -> (f64, f64) {
        let mut dlon = self.lon - origin.lon;
        // the short way over the date line
        if dlon > 180.0 {
            dlon -= 360.0;
        } else if dlon < -180.0 {
            dlon += 360.0;
        }
        let shrink = ((self.lat + origin.lat) / 2.0).to_radians().cos();
        (dlon * KM_A_DEGREE * shrink, (self.lat - origin.lat) * KM_A_DEGREE)
    }

    /// Distance in kilometers.
    #[must_use]
    pub fn km(self, other: Self) -> f64 {
        let (x, y) = self.offset_km(other);
        x.hypot(y)
    }

    /// The point a `share` (0 to 1) of the way toward `other`.
    #[must_use]
    pub fn toward(self, other: Self, share: f64) -> Self {
        Self {
            lat: self.lat + share * (other.lat - self.lat),
            lon: self.lon + share * (other.lon - self.lon),
        }
    }
}

/// A moment, in whole seconds of Unix time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Moment(pub i64);

impl Moment {
    /// Reads an RFC 3339 time; a leap second counts as the second before it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.parse::<jiff::Timestamp>().ok().map(|t| Self(t.as_second()))
    }

    /// Seconds since `earlier`; negative when this is before it.
    #[must_use]
    pub fn since(self, earlier: Self) -> f64 {
        self.0.saturating_sub(earlier.0) as f64
    }

    /// Minutes since `earlier`; negative when this is before it.
    #[must_use]
    pub fn minutes_since(self, earlier: Self) -> f64 {
        self.since(earlier) / 60.0
    }

    /// This moment and `minutes` later.
    #[must_use]
    pub fn after_minutes(self, minutes: f64) -> Self {
        Self(self.0.saturating_add((minutes * 60.0) as i64))
    }
}

impl fmt::Display for Moment {
    /// RFC 3339 in UTC.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_second(self.0) {
            Ok(t) => write!(f, "{t}"),
            Err(_) => write!(f, "@{}", self.0),
        }
    }
}

/// A grid over the globe that finds what lies near a place.
#[derive(Debug, Clone, Default)]
pub struct Grid {
    cell_degrees: f64,
    cells: HashMap<(i32, i32), Vec<u32>>,
}

impl Grid {
    /// A grid with cells of about `cell_km` kilometers at the equator.
    #[must_use]
    pub fn new(cell_km: f64) -> Self {
        Self { cell_degrees: cell_km / KM_A_DEGREE, cells: HashMap::new() }
    }

    /// Puts an item at a place.
    pub fn insert(&mut self, place: Place, item: u32) {
        self.cells.entry(self.cell(place)).or_default().push(item);
    }

    /// Takes an item out again from the place it was put at.
    pub fn remove(&mut self, place: Place, item: u32) {
        let cell = self.cell(place);
        if let Some(items) = self.cells.get_mut(&cell) {
            items.retain(|i| *i != item);
            if items.is_empty() {
                self.cells.remove(&cell);
            }
        }
    }

    /// Items in the cells within `km` of a place, and some beyond; in a fixed order.
    pub fn near(&self, place: Place, km: f64) -> impl Iterator<Item = u32> + '_ {
        let (row, column) = self.cell(place);
        let cell_km = self.cell_degrees * KM_A_DEGREE;
        let rows = (km / cell_km).ceil() as i32;
        // toward the poles cells grow narrow; past 80 degrees nobody lives
        let shrink = place.lat.to_radians().cos().max(0.17);
        let columns = (km / (cell_km * shrink)).ceil() as i32;
        (row.saturating_sub(rows)..=row.saturating_add(rows))
            .flat_map(move |r| {
                (column.saturating_sub(columns)..=column.saturating_add(columns)).map(move |c| (r, c))
            })
            .filter_map(|cell| self.cells.get(&cell))
            .flatten()
            .copied()
    }

    fn cell(&self, place: Place) -> (i32, i32) {
        ((place.lat / self.cell_degrees).floor() as i32, (place.lon / self.cell_degrees).floor() as i32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_degree_north_is_the_mean_meridian_degree() {
        let a = Place::new(18.0, 99.0).unwrap();
        let b = Place::new(19.0, 99.0).unwrap();
        assert!((a.km(b) - 111.195).abs() < 1e-9);
    }

    #[test]
    fn a_degree_east_shrinks_with_latitude() {
        let a = Place::new(60.0, 10.0).unwrap();
        let b = Place::new(60.0, 11.0).unwrap();
        assert!((a.km(b) - 55.5975).abs() < 1e-3);
    }

    #[test]
    fn the_date_line_is_crossed_the_short_way() {
        let a = Place::new(0.0, 179.9).unwrap();
        let b = Place::new(0.0, -179.9).unwrap();
        assert!((a.km(b) - 22.239).abs() < 1e-3);
    }

    #[test]
    fn numbers_off_the_globe_are_no_place() {
        assert_eq!(Place::new(f64::NAN, 0.0), None);
        assert_eq!(Place::new(90.1, 0.0), None);
        assert_eq!(Place::new(0.0, f64::INFINITY), None);
    }

    #[test]
    fn a_moment_reads_offsets() {
        let thai = Moment::parse("2025-03-01T07:00:00+07:00").unwrap();
        assert_eq!(thai, Moment::parse("2025-03-01T00:00:00Z").unwrap());
        assert_eq!(thai.to_string(), "2025-03-01T00:00:00Z");
        assert_eq!(Moment::parse("yesterday"), None);
    }

    proptest! {
        #[test]
        fn the_grid_misses_nothing_near(
            lat in -70.0..70.0f64, lon in -179.0..179.0f64, dlat in -0.5..0.5f64, dlon in -0.5..0.5f64, km in 0.1..40.0f64,
        ) {
            let (here, there) = (Place { lat, lon }, Place { lat: lat + dlat, lon: lon + dlon });
            let mut grid = Grid::new(5.0);
            grid.insert(there, 7);
            if here.km(there) <= km {
                prop_assert!(grid.near(here, km).any(|i| i == 7));
            }
            grid.remove(there, 7);
            prop_assert_eq!(grid.near(here, km).count(), 0);
        }

        #[test]
        fn distance_is_symmetric(a in -60.0..60.0f64, b in -180.0..180.0f64, c in -60.0..60.0f64, d in -180.0..180.0f64) {
            let (p, q) = (Place::new(a, b).unwrap(), Place::new(c, d).unwrap());
            prop_assert!((p.km(q) - q.km(p)).abs() < 1e-6);
        }
    }
}
