//! `saan strengthen`: which introductions help the network most, as one JSON object.

use std::path::PathBuf;

use graph::Direction;
use graph::groups::Groups;
use graph::read::{self, Actors, Times};
use graph::strengthen::{Aim, Introduction, Pairs, Plan, Standing, Wish, strengthen};
use serde_json::{Map, Value, json};
use thai::Lang;

use super::analyze::faults;
use super::recommend::groups;
use super::{Failure, Globals};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Ties: source,target and optionally weight; they count as undirected
    #[arg(value_name = "TIES.csv")]
    ties: PathBuf,
    /// How many introductions at most
    #[arg(short = 'k')]
    k: usize,
    /// What they are for
    #[arg(long, value_enum)]
    aim: AimName,
    /// Actors: id, then columns of their traits
    #[arg(long, value_name = "ACTORS.csv")]
    actors: Option<PathBuf>,
    /// The column that names each actor's group
    #[arg(long, value_name = "COLUMN", requires = "actors")]
    group: Option<String>,
    /// Who may be introduced: within each actor's best 10 by resource allocation, two or three ties apart, or anyone
    #[arg(long, value_enum, default_value = "plausible")]
    pairs: PairsName,
    /// In how many introductions one actor may stand
    #[arg(long, default_value_t = 2)]
    per_actor: usize,
    /// One JSON object (the only form there is)
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum AimName {
    /// Shorter ways between all: efficiency
    Paths,
    /// Fewer articulation points and bridges
    Resilience,
    /// Islands tied to the rest by two ties each
    Islands,
    /// E-I index toward what group sizes lead one to expect; needs --group
    Mixing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum PairsName {
    Plausible,
    Near,
    All,
}

pub fn run(args: &Args, globals: &Globals) -> Result<(), Failure> {
    let lang = globals.lang();
    if args.aim == AimName::Mixing && args.group.is_none() {
        return Err(Failure::Call(match lang {
            Lang::Thai => "--aim mixing ต้องระบุ --group และ --actors".to_owned(),
            Lang::English => "--aim mixing needs --group and --actors".to_owned(),
        }));
    }
    let refused = |error: read::ReadError| Failure::Work(faults::sentence(&error, lang));
    let known = match &args.actors {
        Some(path) => Some(read::actors(path).map_err(refused)?),
        None => None,
    };
    let ties = read::ties(&args.ties, known, Times::Ignored).map_err(refused)?;
    let of = groups(&ties.actors, args.group.as_deref(), lang)?;
    let of = args.group.as_ref().map(|_| Groups::new(of));
    let (network, actors) = ties.network(Direction::Undirected).map_err(refused)?;
    let wish = Wish {
        aim: match args.aim {
            AimName::Paths => Aim::Paths,
            AimName::Resilience => Aim::Resilience,
            AimName::Islands => Aim::Islands,
            AimName::Mixing => Aim::Mixing,
        },
        count: args.k,
        pairs: match args.pairs {
            PairsName::Plausible => Pairs::Plausible,
            PairsName::Near => Pairs::Near,
            PairsName::All => Pairs::All,
        },
        per_actor: args.per_actor,
    };
    let plan = strengthen(&network, of.as_ref(), wish);
    if plan.introductions.len() < args.k {
        eprintln!("{}", fewer(lang, args.k, plan.introductions.len()));
    }
    println!("{}", object(&plan, &actors));
    Ok(())
}

fn fewer(lang: Lang, asked: usize, found: usize) -> String {
    match lang {
        Lang::Thai => format!("ขอ {asked} คู่ มี {found} คู่ที่ช่วยได้"),
        Lang::English => format!("{asked} introductions were asked for; {found} help"),
    }
}

fn object(plan: &Plan, actors: &Actors) -> Value {
    let introductions: Vec<Value> = plan.introductions.iter().map(|i| introduction(i, actors)).collect();
    let mut object = json!({
        "introductions": introductions,
        "before": standing(&plan.before),
        "after": standing(&plan.after),
    });
    if plan.sampled
        && let Some(fields) = object.as_object_mut()
    {
        fields.insert("approximate".to_owned(), json!({ "efficiency": { "method": "sampled sources" } }));
    }
    object
}

fn introduction(introduction: &Introduction, actors: &Actors) -> Value {
    let id = |actor: u32| actors.ids.get(actor).unwrap_or_default();
    let via: Vec<&str> = introduction.via.iter().map(|&actor| id(actor)).collect();
    let gain = introduction.gain;
    let mut gained = Map::new();
    gained.insert("efficiency".to_owned(), json!(gain.efficiency));
    gained.insert("articulation_points".to_owned(), json!(gain.articulation_points));
    gained.insert("bridges".to_owned(), json!(gain.bridges));
    gained.insert("islands".to_owned(), json!(gain.islands));
    if let Some(index) = gain.e_i_index {
        gained.insert("e_i_index".to_owned(), json!(index));
    }
    json!({ "a": id(introduction.a), "b": id(introduction.b), "via": via, "gain": gained })
}

fn standing(standing: &Standing) -> Value {
    let mut fields = Map::new();
    fields.insert("efficiency".to_owned(), json!(standing.efficiency));
    fields.insert("largest_component".to_owned(), json!(standing.largest_component));
    fields.insert("articulation_points".to_owned(), json!(standing.articulation_points));
    fields.insert("bridges".to_owned(), json!(standing.bridges));
    fields.insert("algebraic_connectivity".to_owned(), json!(standing.algebraic_connectivity));
    fields.insert("islands".to_owned(), json!(standing.islands));
    if let Some(index) = standing.e_i_index {
        fields.insert("e_i_index".to_owned(), json!(index));
    }
    Value::Object(fields)
}
