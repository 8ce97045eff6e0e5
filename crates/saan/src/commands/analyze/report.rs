//! The figures as a report: a title, a value and a sentence each, under headings, in Thai or English.

use std::io::{self, Write};

use graph::measures::Value;
use graph::triads::TRIAD_TYPES;
use thai::Lang;

use super::words::words;
use super::{Figure, Findings};

/// How many actors are named under a figure that each actor has.
const NAMED: usize = 5;
/// How many cut points, bridges or communities are listed.
const LISTED: usize = 10;

pub(super) fn write(findings: &Findings, lang: Lang, out: &mut impl Write) -> io::Result<()> {
    let report = Report { findings, lang };
    report.head(out)?;
    for (section, heading) in SECTIONS.iter().enumerate() {
        let figures = findings.figures.iter().filter(|figure| section_of(figure.measure.name) == section);
        for (i, figure) in figures.enumerate() {
            if i == 0 {
                let heading = report.say(heading.0, heading.1);
                writeln!(out, "\n{heading}\n{}", "─".repeat(40))?;
            }
            report.figure(figure, out)?;
        }
    }
    Ok(())
}

/// Headings in Thai and English.
const SECTIONS: [(&str, &str); 5] = [
    ("ภาพรวม", "The whole"),
    ("ความเชื่อมถึงกันและจุดเปราะ", "How it holds together"),
    ("การให้และรับ ลำดับชั้น", "Give and take, ranks"),
    ("ใครอยู่ตรงไหน", "Who stands where"),
    ("ตามกลุ่มและคุณลักษณะ", "By groups and traits"),
];

fn section_of(name: &str) -> usize {
    match name {
        _ if graph::measures::named(name).is_some_and(|measure| measure.needs.a_trait()) => 4,
        "weak_components"
        | "largest_component"
        | "fragmentation"
        | "fragmentation_distance"
        | "efficiency"
        | "best_single_removal"
        | "und_articulation_points"
        | "und_bridges"
        | "und_biconnected_components"
        | "krackhardt_connectedness"
        | "strong_components"
        | "und_mean_distance"
        | "und_diameter" => 1,
        "dyad_census" | "triad_census" => 2,
        _ if name.starts_with("reciprocity") || name.starts_with("krackhardt") => 2,
        "und_degree"
        | "und_betweenness"
        | "betweenness_directed"
        | "und_closeness"
        | "und_harmonic"
        | "und_eigenvector"
        | "und_core_number"
        | "pagerank_weighted"
        | "constraint_unweighted"
        | "constraint_weighted"
        | "effective_size_unweighted"
        | "und_clustering_local" => 3,
        _ => 0,
    }
}

struct Report<'a> {
    findings: &'a Findings,
    lang: Lang,
}

impl Report<'_> {
    fn say<'a>(&self, thai: &'a str, english: &'a str) -> &'a str {
        match self.lang {
            Lang::Thai => thai,
            Lang::English => english,
        }
    }

    fn head(&self, out: &mut impl Write) -> io::Result<()> {
        let (actors, ties) =
            (grouped(self.findings.actors.len() as u128), grouped(self.findings.ties as u128));
        let kind = match self.findings.directed {
            true => self.say("สายมีทิศ", "directed"),
            false => self.say("สายไม่มีทิศ", "undirected"),
        };
        match self.lang {
            Lang::Thai => writeln!(out, "เครือข่ายนี้มีสมาชิก {actors} ราย สายสัมพันธ์ {ties} สาย ({kind})")?,
            Lang::English => writeln!(out, "This network has {actors} actors and {ties} ties ({kind}).")?,
        }
        let dropped = self.findings.dropped;
        let notes = [
            (dropped.loops, "สายที่ผูกกับตัวเอง ไม่นับ", "ties of an actor to itself, not counted"),
            (dropped.zero_weights, "แถวที่น้ำหนักเป็น 0 ไม่นับ", "rows of weight 0, not counted"),
            (
                dropped.parallel,
                "แถวที่ซ้ำคู่เดิม รวมน้ำหนักเข้าด้วยกัน",
                "rows of a pair already named, their weights added",
            ),
        ];
        for (count, thai, english) in notes {
            if count > 0 {
                writeln!(out, "  · {} {}", grouped(u128::from(count)), self.say(thai, english))?;
            }
        }
        Ok(())
    }

    fn figure(&self, figure: &Figure, out: &mut impl Write) -> io::Result<()> {
        let Some(words) = words(figure.measure.name, self.lang) else { return Ok(()) };
        let column = figure.column.as_ref().map(|column| format!(" [{column}]")).unwrap_or_default();
        write!(out, "\n{}{column}: ", words.title)?;
        self.value(&figure.outcome.value, figure.measure.name, out)?;
        if let Some(approximation) = &figure.outcome.approximation {
            let (error, confidence) =
                (short(approximation.bound.error), approximation.bound.confidence * 100.0);
            let note = match self.lang {
                Lang::Thai => {
                    format!("ค่าโดยประมาณ คลาดเคลื่อนไม่เกิน {error} ด้วยความเชื่อมั่น {confidence:.0} %")
                }
                Lang::English => {
                    format!("approximate, off by {error} at most with {confidence:.0} % confidence")
                }
            };
            writeln!(out, "  ({note})")?;
        }
        writeln!(out, "  {}", words.meaning)
    }

    fn value(&self, value: &Value, name: &str, out: &mut impl Write) -> io::Result<()> {
        match value {
            Value::Undefined => {
                writeln!(
                    out,
                    "– {}",
                    self.say("(คำนวณไม่ได้กับเครือข่ายแบบนี้)", "(not defined for such a network)")
                )
            }
            Value::Number(number) => writeln!(out, "{}", short(*number)),
            Value::Count(count) => writeln!(out, "{}", grouped(*count)),
            Value::Counts(counts) => self.counts(counts, name, out),
            Value::Numbers(numbers) => self.top(numbers, out),
            Value::Whole(numbers) if name == "und_communities_weighted" => self.communities(numbers, out),
            Value::Whole(numbers) => {
                self.top(&numbers.iter().map(|&number| Some(number as f64)).collect::<Vec<_>>(), out)
            }
            Value::Actors(actors) => {
                let names = actors.iter().map(|&actor| self.id(actor).to_owned()).collect();
                self.list(names, out)
            }
            Value::Pairs(pairs) => {
                let names = pairs.iter().map(|&(a, b)| format!("{} – {}", self.id(a), self.id(b)));
                self.list(names.collect(), out)
            }
            Value::Roles(roles) => {
                let totals: Vec<Option<f64>> = roles.iter().map(|[.., total]| Some(*total as f64)).collect();
                self.top(&totals, out)
            }
            Value::Actor(actor, numbers) => {
                writeln!(out, "{}", self.id(*actor))?;
                for (name, number) in numbers {
                    writeln!(out, "    {} {}", self.part(name), short(*number))?;
                }
                Ok(())
            }
        }
    }

    fn part<'a>(&self, name: &'a str) -> &'a str {
        match name {
            "fragmentation" => self.say("ความแตกเป็นส่วนหลังจากนั้น", "fragmentation then"),
            "fragmentation_distance" => {
                self.say("ความแตกเมื่อคิดระยะทางหลังจากนั้น", "fragmentation by distance then")
            }
            "loss" => self.say("ความแตกที่เพิ่มขึ้น", "rise in fragmentation"),
            other => other,
        }
    }

    fn id(&self, actor: u32) -> &str {
        self.findings.actors.ids.get(actor).unwrap_or_default()
    }

    fn counts(&self, counts: &[u128], name: &str, out: &mut impl Write) -> io::Result<()> {
        if name != "triad_census" {
            let counts: Vec<String> = counts.iter().map(|&count| grouped(count)).collect();
            return writeln!(out, "{}", counts.join(" · "));
        }
        writeln!(out)?;
        for (kind, &count) in TRIAD_TYPES.iter().zip(counts).filter(|(_, count)| **count > 0) {
            writeln!(out, "    {kind:<4} {:>12}", grouped(count))?;
        }
        Ok(())
    }

    /// The highest values and whose they are.
    fn top(&self, numbers: &[Option<f64>], out: &mut impl Write) -> io::Result<()> {
        let mut known: Vec<(u32, f64)> =
            (0..).zip(numbers).filter_map(|(actor, number)| number.map(|number| (actor, number))).collect();
        if known.is_empty() {
            return self.value(&Value::Undefined, "", out);
        }
        let mean = known.iter().map(|(_, number)| number).sum::<f64>() / known.len() as f64;
        let by_value = |a: &(u32, f64), b: &(u32, f64)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        if known.len() > NAMED {
            known.select_nth_unstable_by(NAMED, by_value);
            known.truncate(NAMED);
        }
        known.sort_by(by_value);
        writeln!(out, "{} {}", self.say("เฉลี่ย", "mean"), short(mean))?;
        for (actor, number) in known {
            writeln!(out, "    {:>10}  {}", short(number), self.id(actor))?;
        }
        Ok(())
    }

    fn list(&self, mut names: Vec<String>, out: &mut impl Write) -> io::Result<()> {
        names.sort_unstable();
        writeln!(out, "{}", grouped(names.len() as u128))?;
        for name in names.iter().take(LISTED) {
            writeln!(out, "    {name}")?;
        }
        self.more(names.len(), out)
    }

    fn more(&self, count: usize, out: &mut impl Write) -> io::Result<()> {
        if count <= LISTED {
            return Ok(());
        }
        let rest = grouped((count - LISTED) as u128);
        match self.lang {
            Lang::Thai => writeln!(out, "    … และอีก {rest}"),
            Lang::English => writeln!(out, "    … and {rest} more"),
        }
    }

    fn communities(&self, of: &[u64], out: &mut impl Write) -> io::Result<()> {
        let count = of.iter().max().map_or(0, |&last| last as usize + 1);
        let mut members: Vec<(usize, Vec<u32>)> = vec![(0, Vec::new()); count];
        for (actor, &community) in (0..).zip(of) {
            if let Some((size, first)) = members.get_mut(community as usize) {
                *size += 1;
                if first.len() < NAMED {
                    first.push(actor);
                }
            }
        }
        members.sort_by_key(|(size, _)| std::cmp::Reverse(*size));
        writeln!(out, "{}", grouped(count as u128))?;
        for (size, first) in members.iter().take(LISTED) {
            let names: Vec<&str> = first.iter().map(|&actor| self.id(actor)).collect();
            let more = if *size > NAMED { ", …" } else { "" };
            let unit = self.say("ราย", "actors");
            writeln!(out, "    {} {unit}: {}{more}", grouped(*size as u128), names.join(", "))?;
        }
        self.more(count, out)
    }
}

/// A number as people write it: four significant digits, groups of three.
fn short(number: f64) -> String {
    let size = number.abs();
    if size == 0.0 {
        return "0".to_owned();
    }
    if size >= 1000.0 {
        let whole = grouped(size.round() as u128);
        return if number < 0.0 { format!("−{whole}") } else { whole };
    }
    if size < 0.001 {
        return format!("{number:.2e}").replace('-', "−");
    }
    let decimals = if size >= 100.0 {
        1
    } else if size >= 10.0 {
        2
    } else {
        3
    };
    let text = format!("{number:.decimals$}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    text.replace('-', "−")
}

fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let cases = [
            (0.0, "0"),
            (0.139_037, "0.139"),
            (-0.717_948, "−0.718"),
            (1.0, "1"),
            (231.071_4, "231.1"),
            (12_345.6, "12,346"),
            (0.000_012_3, "1.23e−5"),
        ];
        for (number, text) in cases {
            assert_eq!(short(number), text);
        }
        assert_eq!(grouped(187_468_472_747_528_188), "187,468,472,747,528,188");
    }
}
