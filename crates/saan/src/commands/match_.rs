//! `saan match`: which offers meet each need and why; also who has the same need, and rings of giving.

use std::collections::HashMap;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use matching::fair::{Caps, Turns, Urgency};
use matching::lines::{self, Fault, Named};
use matching::{
    ActorKey, CategoryId, Day, Distant, Found, IntentKey, OwnerKind, Pool, Proposal, Ring, Side, Situation,
    Taxonomy, Ties, Why,
};
use thai::Lang;

use super::analyze::faults;
use super::{Failure, Globals};

/// With --fair, a turn is taken among so many times the offers shown.
const AMONG: usize = 4;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Offers, as JSON lines
    #[arg(long, value_name = "FILE")]
    offers: PathBuf,
    /// Needs, as JSON lines
    #[arg(long, value_name = "FILE")]
    needs: PathBuf,
    /// Only the categories of this taxonomy
    #[arg(long, value_name = "FILE")]
    taxonomy: Option<PathBuf>,
    /// Who is tied to whom, as CSV with source and target
    #[arg(long, value_name = "TIES.csv")]
    ties: Option<PathBuf>,
    /// Offers for each need at most
    #[arg(long, default_value_t = 5)]
    top: usize,
    /// The day of asking: what is over by then is left out
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    as_of: Option<Day>,
    /// Let owners take turns
    #[arg(long)]
    fair: bool,
    /// For each need the needs most like it instead
    #[arg(long, conflicts_with_all = ["rings", "fair"])]
    same_need: bool,
    /// Rings of giving of two and three instead
    #[arg(long, conflicts_with = "fair")]
    rings: bool,
    /// JSON lines instead of a report
    #[arg(long)]
    json: bool,
}

fn parse_day(text: &str) -> Result<Day, String> {
    Day::parse(text).ok_or_else(|| "a date such as 2026-12-01".to_owned())
}

/// What was read, with the names things have in the files.
struct Material {
    pool: Pool,
    needs: Vec<Named>,
    /// id and owner kind by key
    ids: HashMap<IntentKey, (String, OwnerKind)>,
    actors: Vec<String>,
    ties: Option<Ties>,
}

pub fn run(args: &Args, globals: &Globals) -> Result<(), Failure> {
    let lang = globals.lang();
    let material = read(args, lang)?;
    let mut output = BufWriter::new(io::stdout().lock());
    let printer = Printer { material: &material, lang, json: args.json };
    let situation = Situation { today: args.as_of, ties: material.ties.as_ref(), ..Situation::default() };
    let outcome = if args.rings {
        material.pool.rings(3, &situation).iter().try_for_each(|ring| printer.ring(&mut output, ring))
    } else if args.same_need {
        let mut needs = material.needs.iter();
        needs.try_for_each(|need| {
            printer.same(&mut output, need, &material.pool.same_need(&need.intent, args.top))
        })
    } else {
        answer(args, &situation, &printer, &mut output)
    };
    written(outcome.and_then(|()| output.flush()), lang)
}

fn answer(args: &Args, situation: &Situation, printer: &Printer, output: &mut impl Write) -> io::Result<()> {
    let material = printer.material;
    let mut turns = args.fair.then(|| Turns::among(material.ids.len().saturating_sub(material.needs.len())));
    for need in &material.needs {
        let wide = if args.fair { args.top * AMONG } else { args.top };
        let mut found = material.pool.offers_for(&need.intent, wide, situation);
        found.distant.truncate(args.top);
        if let Some(turns) = &mut turns {
            let kind = |key| material.ids.get(&key).map_or(OwnerKind::Person, |(_, kind)| *kind);
            found.fit = turns.order(found.fit, args.top, &Caps::default(), Urgency::Usual, kind);
        }
        printer.need(output, need, &found)?;
    }
    Ok(())
}

fn read(args: &Args, lang: Lang) -> Result<Material, Failure> {
    let side = |path: &Path, side, first| {
        let bytes = read_file(path, lang)?;
        lines::read_intents(&bytes, side, first).map_err(|fault| wrong_line(path, &fault, lang))
    };
    let mut offers = side(&args.offers, Side::Offer, 0)?;
    let mut needs = side(&args.needs, Side::Need, offers.len() as u64)?;
    let mut pool = match &args.taxonomy {
        Some(path) => Pool::within(&read_taxonomy(path, lang)?),
        None => Pool::default(),
    };
    let mut actors = Names::default();
    let ties = args.ties.as_deref().map(|path| read_ties(path, &mut actors, lang)).transpose()?;
    for named in offers.iter_mut().chain(&mut needs) {
        named.intent.actor = named.actor.as_deref().map(|actor| actors.key(actor));
    }
    let ids = offers
        .iter()
        .chain(&needs)
        .map(|named| (named.intent.key, (named.id.clone(), named.intent.owner)))
        .collect();
    pool.extend(
        offers.into_iter().map(|named| named.intent).chain(needs.iter().map(|named| named.intent.clone())),
    );
    Ok(Material { pool, needs, ids, actors: actors.names, ties })
}

#[derive(Default)]
struct Names {
    names: Vec<String>,
    keys: HashMap<String, ActorKey>,
}

impl Names {
    fn key(&mut self, name: &str) -> ActorKey {
        if let Some(key) = self.keys.get(name) {
            return *key;
        }
        let key = ActorKey(self.names.len() as u64);
        self.names.push(name.to_owned());
        self.keys.insert(name.to_owned(), key);
        key
    }
}

/// Ties as they are counted elsewhere: the weights of a pair add up to a, its strength is a/(a+2).
fn read_ties(path: &Path, actors: &mut Names, lang: Lang) -> Result<Ties, Failure> {
    let refused = |error: graph::read::ReadError| Failure::Work(faults::sentence(&error, lang));
    let ties = graph::read::ties(path, None, graph::read::Times::Ignored).map_err(refused)?;
    let keys: Vec<ActorKey> = ties.actors.ids.iter().map(|name| actors.key(name)).collect();
    let key = |place: &u32| keys.get(*place as usize).copied();
    let mut sums: HashMap<(ActorKey, ActorKey), f64> = HashMap::new();
    for ((source, target), weight) in ties.sources.iter().zip(&ties.targets).zip(&ties.weights) {
        if let (Some(a), Some(b)) = (key(source), key(target)) {
            *sums.entry((a.min(b), a.max(b))).or_default() += weight;
        }
    }
    Ok(Ties::new(sums.into_iter().map(|((a, b), sum)| (a, b, sum / (sum + 2.0)))))
}

/// The bytes of a file, or a sentence that it cannot be read.
pub(super) fn read_file(path: &Path, lang: Lang) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| {
        let name = path.display();
        Failure::Work(match lang {
            Lang::Thai => format!("อ่านไฟล์ {name} ไม่ได้: {error}"),
            Lang::English => format!("cannot read {name}: {error}"),
        })
    })
}

/// The codes a taxonomy file allows.
pub(super) fn read_taxonomy(path: &Path, lang: Lang) -> Result<Vec<CategoryId>, Failure> {
    let text = String::from_utf8_lossy(&read_file(path, lang)?).into_owned();
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    Taxonomy::built_in().codes_in(text).map_err(|error| {
        let (name, line, column) = (path.display(), error.line(), error.column());
        Failure::Work(match lang {
            Lang::Thai => {
                format!("{name} บรรทัด {line} คอลัมน์ {column}: ต้องเป็นหมวดใน \"categories\" ที่มี \"code\"")
            }
            Lang::English => {
                format!("{name}, line {line}, column {column}: expected \"categories\", each with a \"code\"")
            }
        })
    })
}

pub(super) fn wrong_line(path: &Path, fault: &Fault, lang: Lang) -> Failure {
    Failure::Work(fault.sentence(&path.display().to_string(), lang))
}

/// Whoever reads may stop when it has seen enough.
pub(super) fn written(outcome: io::Result<()>, lang: Lang) -> Result<(), Failure> {
    match outcome {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Failure::Work(faults::cannot_write(&error, lang))),
        Ok(()) => Ok(()),
    }
}

#[derive(serde::Serialize)]
struct NeedLine<'a> {
    need: &'a str,
    offers: Vec<OfferLine<'a>>,
    distant: Vec<DistantLine<'a>>,
}

#[derive(serde::Serialize)]
struct SameLine<'a> {
    need: &'a str,
    same: Vec<OfferLine<'a>>,
}

#[derive(serde::Serialize)]
struct OfferLine<'a> {
    id: &'a str,
    score: f64,
    why: Vec<WhyLine>,
}

#[derive(serde::Serialize)]
struct WhyLine {
    cause: &'static str,
    weight: f64,
    text: String,
}

#[derive(serde::Serialize)]
struct DistantLine<'a> {
    id: &'a str,
    reason: &'static str,
}

#[derive(serde::Serialize)]
struct RingLine<'a> {
    ring: Vec<StepLine<'a>>,
    score: f64,
}

#[derive(serde::Serialize)]
struct StepLine<'a> {
    giver: &'a str,
    offer: &'a str,
    need: &'a str,
    receiver: &'a str,
    score: f64,
}

struct Printer<'a> {
    material: &'a Material,
    lang: Lang,
    json: bool,
}

impl Printer<'_> {
    fn need(&self, output: &mut impl Write, need: &Named, found: &Found) -> io::Result<()> {
        if self.json {
            let line = NeedLine {
                need: &need.id,
                offers: found.fit.iter().map(|proposal| self.offer(proposal)).collect(),
                distant: found.distant.iter().map(|distant| self.distant(distant)).collect(),
            };
            return write_line(output, &line);
        }
        writeln!(output, "{}: {}", need.id, need.intent.text)?;
        if found.fit.is_empty() {
            writeln!(output, "  {}", if self.lang == Lang::Thai { "ยังไม่พบ" } else { "nothing found yet" })?;
        }
        for proposal in &found.fit {
            self.row(output, proposal)?;
        }
        for distant in &found.distant {
            writeln!(output, "  ({}: {})", self.id(distant.key), distant.obstacle.text(self.lang))?;
        }
        Ok(())
    }

    fn same(&self, output: &mut impl Write, need: &Named, alike: &[Proposal]) -> io::Result<()> {
        if self.json {
            let same = alike.iter().map(|proposal| self.offer(proposal)).collect();
            return write_line(output, &SameLine { need: &need.id, same });
        }
        writeln!(output, "{}: {}", need.id, need.intent.text)?;
        alike.iter().try_for_each(|proposal| self.row(output, proposal))
    }

    fn ring(&self, output: &mut impl Write, ring: &Ring) -> io::Result<()> {
        if self.json {
            let steps = ring.steps.iter().map(|step| StepLine {
                giver: self.actor(step.giver),
                offer: self.id(step.offer),
                need: self.id(step.need),
                receiver: self.actor(step.receiver),
                score: rounded(step.score),
            });
            let line = RingLine { ring: steps.collect(), score: rounded(ring.score) };
            return write_line(output, &line);
        }
        for step in &ring.steps {
            write!(output, "{} → ", self.actor(step.giver))?;
        }
        let first = ring.steps.first().map_or("", |step| self.actor(step.giver));
        writeln!(output, "{first}  ({:.2})", ring.score)
    }

    fn row(&self, output: &mut impl Write, proposal: &Proposal) -> io::Result<()> {
        let text = self.material.pool.get(proposal.key).map_or("", |intent| intent.text.as_str());
        writeln!(output, "  {:.2} {}: {text}", proposal.score, self.id(proposal.key))?;
        let why: Vec<String> = proposal.why.iter().take(3).map(|why| self.text(why)).collect();
        writeln!(output, "       {}", why.join(" · "))
    }

    fn offer(&self, proposal: &Proposal) -> OfferLine<'_> {
        let why = proposal.why.iter().map(|why| WhyLine {
            cause: why.cause.name(),
            weight: rounded(why.weight),
            text: self.text(why),
        });
        OfferLine { id: self.id(proposal.key), score: rounded(proposal.score), why: why.collect() }
    }

    fn distant(&self, distant: &Distant) -> DistantLine<'_> {
        DistantLine { id: self.id(distant.key), reason: distant.obstacle.name() }
    }

    fn text(&self, why: &Why) -> String {
        why.text_naming(self.lang, |actor| Some(self.actor(actor).to_owned()))
    }

    fn id(&self, key: IntentKey) -> &str {
        self.material.ids.get(&key).map_or("", |(id, _)| id)
    }

    fn actor(&self, key: ActorKey) -> &str {
        usize::try_from(key.0)
            .ok()
            .and_then(|place| self.material.actors.get(place))
            .map_or("", String::as_str)
    }
}

fn write_line(output: &mut impl Write, line: &impl serde::Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *output, line)?;
    writeln!(output)
}

fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}
