//! The figures as one JSON object. It is written as it goes: a million actors never stand in memory as text.

use std::io::{self, Write};

use graph::measures::Value;
use graph::read::Actors;
use serde::Serialize;

use super::Findings;

/// Readers that hold all numbers as floating point keep whole numbers up to here.
const EXACT: u128 = 1 << 53;

pub(super) fn write(findings: &Findings, out: &mut impl Write) -> io::Result<()> {
    out.write_all(b"{\"actors\":")?;
    list(out, findings.actors.ids.iter(), |out, id| put(out, &id))?;
    out.write_all(b",\"ties\":")?;
    whole(out, findings.ties as u128)?;
    write!(out, ",\"directed\":{}", findings.directed)?;
    let dropped = findings.dropped;
    let counts =
        [("loops", dropped.loops), ("zero_weights", dropped.zero_weights), ("parallel", dropped.parallel)];
    out.write_all(b",\"dropped\":")?;
    object(out, counts.into_iter(), |out, (name, count)| {
        key(out, name)?;
        whole(out, u128::from(count))
    })?;
    out.write_all(b",\"measures\":")?;
    object(out, findings.figures.iter(), |out, figure| {
        key(out, &figure.name())?;
        value(out, &figure.outcome.value, &findings.actors)
    })?;
    out.write_all(b",\"approximate\":")?;
    let approximate = findings.figures.iter().filter_map(|figure| {
        figure.outcome.approximation.as_ref().map(|approximation| (figure.name(), approximation))
    });
    object(out, approximate, |out, (name, approximation)| {
        key(out, &name)?;
        put(
            out,
            &serde_json::json!({
                "method": approximation.method,
                "error": approximation.bound.error,
                "confidence": approximation.bound.confidence,
            }),
        )
    })?;
    out.write_all(b"}\n")
}

fn value(out: &mut impl Write, value: &Value, actors: &Actors) -> io::Result<()> {
    let id = |actor: u32| actors.ids.get(actor).unwrap_or_default();
    match value {
        Value::Undefined => out.write_all(b"null"),
        Value::Number(number) => put(out, number),
        Value::Count(count) => whole(out, *count),
        Value::Counts(counts) => list(out, counts.iter(), |out, &count| whole(out, count)),
        Value::Numbers(numbers) => list(out, numbers.iter(), |out, number| put(out, number)),
        Value::Whole(numbers) => list(out, numbers.iter(), |out, &number| whole(out, u128::from(number))),
        Value::Actors(list_of) => {
            let mut ids: Vec<&str> = list_of.iter().map(|&actor| id(actor)).collect();
            ids.sort_unstable();
            list(out, ids.into_iter(), |out, id| put(out, &id))
        }
        Value::Pairs(pairs) => {
            let mut ids: Vec<[&str; 2]> = pairs.iter().map(|&(a, b)| [id(a), id(b)]).collect();
            for pair in &mut ids {
                pair.sort_unstable();
            }
            ids.sort_unstable();
            list(out, ids.into_iter(), |out, pair| put(out, &pair))
        }
        Value::Roles(roles) => list(out, roles.iter(), |out, counts| {
            list(out, counts.iter(), |out, &count| whole(out, u128::from(count)))
        }),
        Value::Actor(actor, numbers) => {
            write!(out, "{{\"actor\":")?;
            put(out, &id(*actor))?;
            for (name, number) in numbers {
                out.write_all(b",")?;
                key(out, name)?;
                put(out, number)?;
            }
            out.write_all(b"}")
        }
    }
}

fn key(out: &mut impl Write, name: &str) -> io::Result<()> {
    put(out, &name)?;
    out.write_all(b":")
}

fn put(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(out, value).map_err(io::Error::from)
}

/// A whole number; as a string where a reader might round it.
fn whole(out: &mut impl Write, number: u128) -> io::Result<()> {
    if number > EXACT { write!(out, "\"{number}\"") } else { write!(out, "{number}") }
}

fn list<W: Write, T>(
    out: &mut W,
    items: impl Iterator<Item = T>,
    each: impl FnMut(&mut W, T) -> io::Result<()>,
) -> io::Result<()> {
    out.write_all(b"[")?;
    parted_by_commas(out, items, each)?;
    out.write_all(b"]")
}

fn object<W: Write, T>(
    out: &mut W,
    items: impl Iterator<Item = T>,
    each: impl FnMut(&mut W, T) -> io::Result<()>,
) -> io::Result<()> {
    out.write_all(b"{")?;
    parted_by_commas(out, items, each)?;
    out.write_all(b"}")
}

fn parted_by_commas<W: Write, T>(
    out: &mut W,
    items: impl Iterator<Item = T>,
    mut each: impl FnMut(&mut W, T) -> io::Result<()>,
) -> io::Result<()> {
    for (i, item) in items.enumerate() {
        if i > 0 {
            out.write_all(b",")?;
        }
        each(out, item)?;
    }
    Ok(())
}
