//! The outlines of provinces: read from the published map, and who shares a border with whom.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;

/// One shape of the map.
pub struct Outline {
    /// DOPA code; `None` for the lake of Songkhla.
    pub code: Option<u32>,
    label: String,
    path: String,
    points: Vec<(f64, f64)>,
}

/// Points of two outlines nearer than this (in the map's units, about 1.7 km each) are the same border point.
const SAME: f64 = 0.15;

/// Border points, with the province each belongs to, by the square they lie in.
type Grid = HashMap<(i64, i64), Vec<(u32, (f64, f64))>>;

/// # Errors
/// When a shape's label names no province, or a path has commands other than `m` and `z`.
pub fn read(svg: &str) -> Result<Vec<Outline>, String> {
    let mut found = Vec::new();
    for shape in svg.split("<path").skip(1) {
        let label = attribute(shape, "aria-label").ok_or("a shape without a label")?;
        let path = attribute(shape, "d").ok_or("a shape without a path")?;
        let code = if label.starts_with("Lake") { None } else { Some(province(label)?) };
        let points = points(path)?;
        found.push(Outline {
            code,
            label: label.into(),
            path: path.split_whitespace().collect::<Vec<_>>().join(" "),
            points,
        });
    }
    Ok(found)
}

fn attribute<'a>(shape: &'a str, name: &str) -> Option<&'a str> {
    // each attribute stands on a line of its own
    let from = shape.split_once(&format!("\t{name}=\""))?.1;
    from.split_once('"').map(|(value, _)| value)
}

fn province(label: &str) -> Result<u32, String> {
    match thai::places::find_province(label) {
        thai::places::Found::Place(code) => Ok(code.number()),
        _ => Err(format!("the map's {label} is no province known here")),
    }
}

/// Absolute points of a path of relative lines.
fn points(path: &str) -> Result<Vec<(f64, f64)>, String> {
    let (mut x, mut y) = (0.0, 0.0);
    let mut start = (0.0, 0.0);
    let mut found = Vec::new();
    let mut begins = false;
    for word in path.split_whitespace() {
        match word {
            "m" => begins = true,
            "z" => (x, y) = start,
            pair => {
                let (dx, dy) = pair.split_once(',').ok_or_else(|| format!("unexpected {pair} in a path"))?;
                let number =
                    |text: &str| text.parse::<f64>().map_err(|_| format!("unexpected {text} in a path"));
                x += number(dx)?;
                y += number(dy)?;
                if begins {
                    start = (x, y);
                    begins = false;
                }
                found.push((x, y));
            }
        }
    }
    Ok(found)
}

/// For each province those that share at least two border points with it.
pub fn neighbors(outlines: &[Outline]) -> HashMap<u32, Vec<u32>> {
    let mut grid = Grid::new();
    let cell = |(x, y): (f64, f64)| (x.floor() as i64, y.floor() as i64);
    for (code, outline) in outlines.iter().filter_map(|o| o.code.map(|code| (code, o))) {
        for point in &outline.points {
            grid.entry(cell(*point)).or_default().push((code, *point));
        }
    }
    let mut found = HashMap::new();
    for (code, outline) in outlines.iter().filter_map(|o| o.code.map(|code| (code, o))) {
        let mut shared: HashMap<u32, usize> = HashMap::new();
        for point in &outline.points {
            for other in beside(&grid, *point, code) {
                *shared.entry(other).or_default() += 1;
            }
        }
        let mut list: Vec<u32> = shared.into_iter().filter(|(_, n)| *n >= 2).map(|(code, _)| code).collect();
        list.sort_unstable();
        found.insert(code, list);
    }
    found
}

fn beside(grid: &Grid, point: (f64, f64), code: u32) -> BTreeSet<u32> {
    let mut found = BTreeSet::new();
    for (dx, dy) in (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (dx, dy))) {
        let cell = (point.0.floor() as i64 + dx, point.1.floor() as i64 + dy);
        for (other, at) in grid.get(&cell).into_iter().flatten() {
            if *other != code && (at.0 - point.0).hypot(at.1 - point.1) < SAME {
                found.insert(*other);
            }
        }
    }
    found
}

/// The map as we keep it: ISO 3166-2 codes as ids, nothing but the outlines.
pub fn svg(outlines: &[Outline], version: &str) -> String {
    let mut out = format!(
        "<!-- Outlines of the provinces of Thailand: @svg-maps/thailand {version}, after MapSVG \
         (https://mapsvg.com/maps/thailand), CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/); \
         changed: ids are ISO 3166-2 codes. Made by `cargo xtask places`. -->\n\
         <svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 560 1025\">\n"
    );
    for outline in outlines {
        let id = outline.code.map_or_else(|| "lake".to_owned(), |code| format!("TH-{code}"));
        let _ = writeln!(out, "<path id=\"{id}\" aria-label=\"{}\" d=\"{}\"/>", outline.label, outline.path);
    }
    out.push_str("</svg>\n");
    out
}
