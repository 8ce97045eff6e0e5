//! The table, read once when first asked for.

use super::provinces::PROVINCES;
use super::{Level, Place, PlaceCode};
use std::collections::HashMap;
use std::sync::LazyLock;

const DATA: &str = include_str!("../../data/places.tsv");

#[derive(Default)]
struct Table {
    provinces: Vec<Place>,
    /// by code
    districts: Vec<Place>,
    /// by code
    subdistricts: Vec<Place>,
    neighbors: HashMap<PlaceCode, Vec<PlaceCode>>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| read(DATA));

/// The data is made by our own task and checked by a test; a line of another shape is left out.
fn read(data: &'static str) -> Table {
    let mut table = Table::default();
    for line in data.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        let _ = match *fields.as_slice() {
            [code, lat, lon, neighbors] if code.len() == 2 && !neighbors.is_empty() && is_number(lat) => {
                add_province(&mut table, code, lat, lon, neighbors)
            }
            [code, th, en, lat, lon, postcode] if code.len() == 4 => {
                add_district(&mut table, [code, lat, lon, postcode], th, en)
            }
            [code, th, en, lat, lon, ..] => {
                add_subdistrict(&mut table, [code, lat, lon], th, en, fields.get(5))
            }
            _ => None,
        };
    }
    table
}

fn is_number(field: &str) -> bool {
    field.bytes().all(|b| b.is_ascii_digit())
}

fn degrees(thousandths: &str) -> Option<f64> {
    thousandths.parse::<i32>().ok().map(|t| f64::from(t) / 1000.0)
}

fn add_province(table: &mut Table, code: &str, lat: &str, lon: &str, neighbors: &str) -> Option<()> {
    let number = code.parse().ok()?;
    let official = PROVINCES.iter().find(|p| p.code == number)?;
    let code = PlaceCode(number);
    let (lat, lon) = (degrees(lat)?, degrees(lon)?);
    table.provinces.push(Place { code, th: official.th, en: official.en, lat, lon, postcode: 0 });
    let beside = neighbors.split(' ').filter_map(|n| n.parse().ok().map(PlaceCode)).collect();
    table.neighbors.insert(code, beside);
    Some(())
}

fn add_district(table: &mut Table, numbers: [&str; 4], th: &'static str, en: &'static str) -> Option<()> {
    let [code, lat, lon, postcode] = numbers;
    let code = PlaceCode(code.parse().ok()?);
    let (lat, lon, postcode) = (degrees(lat)?, degrees(lon)?, postcode.parse().ok()?);
    table.districts.push(Place { code, th, en, lat, lon, postcode });
    Some(())
}

fn add_subdistrict(
    table: &mut Table,
    numbers: [&str; 3],
    th: &'static str,
    en: &'static str,
    postcode: Option<&&str>,
) -> Option<()> {
    let [code, lat, lon] = numbers;
    let district = table.districts.last()?;
    let code = PlaceCode(district.code.0 * 100 + code.parse::<u32>().ok()?);
    let (lat, lon) = (district.lat + degrees(lat)?, district.lon + degrees(lon)?);
    let postcode = postcode.and_then(|p| p.parse().ok()).unwrap_or(district.postcode);
    table.subdistricts.push(Place { code, th, en, lat, lon, postcode });
    Some(())
}

pub(super) fn get(code: PlaceCode) -> Option<&'static Place> {
    let list = match code.level() {
        Level::Province => &TABLE.provinces,
        Level::District => &TABLE.districts,
        Level::Subdistrict => &TABLE.subdistricts,
    };
    let at = list.binary_search_by_key(&code, |place| place.code).ok()?;
    list.get(at)
}

pub(super) fn provinces() -> &'static [Place] {
    &TABLE.provinces
}

pub(super) fn districts() -> &'static [Place] {
    &TABLE.districts
}

pub(super) fn children(code: PlaceCode) -> &'static [Place] {
    let list = match code.level() {
        Level::Province => &TABLE.districts,
        Level::District => &TABLE.subdistricts,
        Level::Subdistrict => return &[],
    };
    let start = list.partition_point(|place| place.code.0 / 100 < code.0);
    let end = list.partition_point(|place| place.code.0 / 100 <= code.0);
    list.get(start..end).unwrap_or_default()
}

pub(super) fn neighbors(province: PlaceCode) -> &'static [PlaceCode] {
    TABLE.neighbors.get(&province).map_or(&[], Vec::as_slice)
}
