//! `cargo xtask bench server [--sizes 10000,1040000] [--databases sqlite,postgres] [--ties N] [--seconds N] [--part P]`:
//! the release build under load over HTTP, on networks as large as Thailand's village health volunteers, beside what
//! is aimed at. Parts: `load` (the networks), `demo` (start and memory), `import`, `digest` (everybody's summary), `kills`;
//! all but `kills` without `--part`.

#[path = "server/http.rs"]
mod http;
#[path = "server/import.rs"]
mod import;
#[path = "server/load.rs"]
mod load;
#[path = "server/process.rs"]
mod process;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use http::Connection;
use load::{Crowd, Kind, Measured, What};
use process::{Place, Server};

use crate::postgres;

/// Requests a second in the open loop.
const RATE: u32 = 500;

/// What is measured.
#[derive(Debug)]
struct Call {
    sizes: Vec<usize>,
    databases: Vec<String>,
    ties: usize,
    seconds: u64,
    parts: Vec<String>,
    kills: u64,
}

pub fn run(arguments: &[String]) -> Result<(), String> {
    let call = read(arguments)?;
    if !arguments.iter().any(|argument| argument == "--built") {
        return build_and_run(arguments);
    }
    let scratch = Scratch::new()?;
    println!("{}\n", machine());
    if call.parts.iter().any(|part| part == "demo") {
        demo(&scratch.0)?;
    }
    if call.parts.iter().any(|part| part == "load") {
        for database in &call.databases {
            for size in &call.sizes {
                network(&call, database, *size, &scratch.0)?;
            }
        }
    }
    if call.parts.iter().any(|part| part == "digest") {
        for database in &call.databases {
            digest(&call, database, &scratch.0)?;
        }
    }
    if call.parts.iter().any(|part| part == "kills") {
        kills(&call)?;
    }
    if call.parts.iter().any(|part| part == "import") {
        for database in &call.databases {
            import::run(database, &scratch.0)?;
        }
    }
    Ok(())
}

fn read(arguments: &[String]) -> Result<Call, String> {
    let value = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).map(String::as_str)
    };
    let list = |name: &str, otherwise: &str| -> Vec<String> {
        value(name).unwrap_or(otherwise).split(',').map(str::to_owned).collect()
    };
    let number = |name: &str, otherwise: u64| match value(name) {
        Some(text) => text.parse::<u64>().map_err(|_| format!("{name} takes a number")),
        None => Ok(otherwise),
    };
    let sizes = list("--sizes", "10000,1040000").iter().map(|size| size.parse()).collect::<Result<_, _>>();
    let databases = list("--databases", "sqlite,postgres");
    if databases.iter().any(|name| !["sqlite", "postgres"].contains(&name.as_str())) {
        return Err("--databases takes sqlite, postgres or both".to_owned());
    }
    Ok(Call {
        sizes: sizes.map_err(|_| "--sizes takes numbers of members".to_owned())?,
        databases,
        ties: usize::try_from(number("--ties", 2)?).unwrap_or(2),
        seconds: number("--seconds", 3)?,
        parts: list("--part", "demo,load,import,digest"),
        kills: number("--kills", 1000)?,
    })
}

/// Builds what is measured and what measures, and does it with that: a client without optimization would be measured
/// with the server.
fn build_and_run(arguments: &[String]) -> Result<(), String> {
    let cargo = |rest: &[&str]| {
        let status = crate::cargo().args(rest).status().map_err(|e| format!("cargo: {e}"))?;
        if status.success() { Ok(()) } else { Err(format!("cargo {}: {status}", rest.join(" "))) }
    };
    cargo(&["build", "--release", "-p", "saan", "-p", "xtask"])?;
    cargo(&["bench", "-q", "-p", "saan", "--bench", "crowd", "--no-run"])?;
    let status = Command::new("target/release/xtask")
        .args(["bench", "server", "--built"])
        .args(arguments)
        .status()
        .map_err(|e| format!("target/release/xtask: {e}"))?;
    if status.success() { Ok(()) } else { Err("the bench failed".to_owned()) }
}

/// A folder that goes away with everything in it.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Result<Self, String> {
        let folder = std::env::temp_dir().join(format!("saan-bench-{}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        Ok(Self(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // best effort: the system's own cleaning takes what is left
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The tests that kill the server while people write, more often than anybody waits for in tests.
fn kills(call: &Call) -> Result<(), String> {
    let cluster = if call.databases.iter().any(|name| name == "postgres") {
        Some(postgres::Server::start_lasting()?)
    } else {
        None
    };
    let mut tests = crate::cargo();
    tests.args(["test", "--release", "-p", "saan", "--test", "kills", "--", "--nocapture", "loses_nothing"]);
    tests.env("SAAN_KILLS", call.kills.to_string());
    if let Some(cluster) = &cluster {
        tests.env("SAAN_TEST_POSTGRES", cluster.url());
    }
    let began = Instant::now();
    let status = tests.status().map_err(|e| format!("cargo: {e}"))?;
    if !status.success() {
        return Err("something was lost".to_owned());
    }
    println!(
        "{} kills on each database in {:.0} s: nothing lost\n",
        call.kills,
        began.elapsed().as_secs_f64()
    );
    Ok(())
}

/// The processor, its cores, how busy it is, and the day.
fn machine() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = text.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("unknown");
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let date = Command::new("date").arg("+%Y-%m-%d %H:%M").output().map(|out| out.stdout).unwrap_or_default();
    format!(
        "{} × {cores}, load before {}, {}",
        model.trim_start_matches([' ', '\t', ':']),
        load.split(' ').next().unwrap_or_default(),
        String::from_utf8_lossy(&date).trim()
    )
}

/// Start and memory of the demo, and how large its pages are.
fn demo(scratch: &Path) -> Result<(), String> {
    let server = Server::start("demo", None, &scratch.join("demo.log"))?;
    std::thread::sleep(Duration::from_secs(5));
    let (idle, most) = server.memory();
    let mut connection = Connection::to(server.address);
    let fields = [("name", "member"), ("password", "saan-demo")];
    let reply = connection.send(&http::post("/joining/sign-in", "", &fields, "127.0.0.1"))?;
    let session = reply.session.ok_or("the demo's member cannot sign in")?;
    let reply = connection.send(&http::get("/today", &session))?;
    let mut size = reply.body.len();
    let page = String::from_utf8_lossy(&reply.body).into_owned();
    // what the page fetches with it: styles, script, icon, each once
    let fetched: std::collections::BTreeSet<&str> =
        page.split('"').filter(|part| part.starts_with("/assets/")).collect();
    for part in fetched {
        size += connection.send(&http::get(part, &session))?.body.len();
    }
    println!("| demo network | measured | aim |\n|---|---|---|");
    println!("| start to the first answer | {:.2} s | < 1 s |", server.started_in.as_secs_f64());
    println!("| memory after 5 s, and at most | {idle:.0} MB, {most:.0} MB | < 80 MB idle |");
    println!(
        "| first page after signing in, with all it fetches, nothing packed | {} KB | < 100 KB |",
        size / 1024
    );
    println!();
    Ok(())
}

/// One network on one database: made, started, asked.
fn network(call: &Call, database: &str, size: usize, scratch: &Path) -> Result<(), String> {
    let folder = scratch.join(format!("{database}-{size}"));
    let out = scratch.join(format!("{database}-{size}.json"));
    let cluster = if database == "postgres" { Some(postgres::Server::start_lasting()?) } else { None };
    let place = cluster.as_ref().map_or_else(|| Place::Folder(folder.clone()), |c| Place::Database(c.url()));
    eprintln!("{database}, {size}: making the network");
    let began = Instant::now();
    make(call, &place, size, &out)?;
    let made_in = began.elapsed().as_secs_f64();
    let text = std::fs::read_to_string(&out).map_err(|e| e.to_string())?;
    let crowd: Crowd = serde_json::from_str(&text).map_err(|e| e.to_string())?;
    eprintln!("{database}, {size}: made in {made_in:.0} s, starting");
    let server = Server::start("serve", Some(&place), &scratch.join(format!("{database}-{size}.log")))?;
    println!("### {database}, {size} members ({}; made in {made_in:.0} s)\n", crowd.counts);
    println!("| start | measured | aim |\n|---|---|---|");
    println!("| start to the first answer of /healthz | {:.2} s | < 1 s |", server.started_in.as_secs_f64());
    prepared(&server, &crowd)?;
    let (now, most) = server.memory();
    println!("| memory when search is ready, and at most | {now:.0} MB, {most:.0} MB | – |\n");
    let (half, most) = disk(scratch)?;
    loads(call, &server, &crowd, cluster.as_ref(), size)?;
    println!("\nBare disk sync of 4 KB in the same run: p50 {half:.1} ms, p99 {most:.1} ms.");
    let (now, most) = server.memory();
    let (own, mapped) = process::parts_of(server.id());
    println!(
        "\nMemory after the load {now:.0} MB ({own:.0} MB its own, {mapped:.0} MB pages of files), at most {most:.0} MB.\n"
    );
    server.kill();
    drop(cluster);
    let _ = std::fs::remove_dir_all(&folder);
    Ok(())
}

/// How long the disk takes to keep four kilobytes, in milliseconds: what no write can be faster than.
fn disk(scratch: &Path) -> Result<(f64, f64), String> {
    let path = scratch.join("sync");
    let fault = |e: std::io::Error| format!("{}: {e}", path.display());
    let mut file = std::fs::File::create(&path).map_err(fault)?;
    let mut took = Vec::new();
    for _ in 0..SYNCS {
        let began = Instant::now();
        file.write_all(&[7; 4096]).map_err(fault)?;
        file.sync_data().map_err(fault)?;
        took.push(began.elapsed().as_secs_f64() * 1e3);
    }
    took.sort_by(f64::total_cmp);
    let at = |place: usize| took.get(place).copied().unwrap_or(0.0);
    Ok((at(SYNCS / 2), at(SYNCS * 99 / 100)))
}

/// Times the disk is asked.
const SYNCS: usize = 400;

/// Members whose summary is due on one morning.
const DIGEST: usize = 10_000;

/// The summaries of 10,000 members: the maker of the crowd writes them itself, with the program's own code.
fn digest(call: &Call, database: &str, scratch: &Path) -> Result<(), String> {
    let folder = scratch.join(format!("{database}-digest"));
    let cluster = if database == "postgres" { Some(postgres::Server::start_lasting()?) } else { None };
    let place = cluster.as_ref().map_or_else(|| Place::Folder(folder.clone()), |c| Place::Database(c.url()));
    let size = DIGEST.to_string();
    let out = crate::cargo()
        .args(["bench", "-q", "-p", "saan", "--bench", "crowd", "--", "--members", &size, "--digest", &size])
        .args(["--ties", &call.ties.to_string(), "--out"])
        .arg(scratch.join(format!("{database}-digest.json")))
        .args(place.arguments())
        .stderr(std::process::Stdio::inherit())
        .output()
        .map_err(|e| format!("cargo: {e}"))?;
    let said = String::from_utf8_lossy(&out.stdout);
    let rows: Vec<&str> = said.lines().filter(|line| line.starts_with('|')).collect();
    if !out.status.success() || rows.is_empty() {
        return Err(format!("no letters were written: {said}"));
    }
    println!("| {database} | measured | aim |\n|---|---|---|\n{}\n", rows.join("\n"));
    let _ = std::fs::remove_dir_all(&folder);
    Ok(())
}

fn make(call: &Call, place: &Place, size: usize, out: &Path) -> Result<(), String> {
    let status = crate::cargo()
        .args(["bench", "-q", "-p", "saan", "--bench", "crowd", "--"])
        .args(["--members", &size.to_string(), "--ties", &call.ties.to_string(), "--out"])
        .arg(out)
        .args(place.arguments())
        .status()
        .map_err(|e| format!("cargo: {e}"))?;
    if status.success() { Ok(()) } else { Err("the network was not made".to_owned()) }
}

/// Waits until search is ready; how healthz answers meanwhile.
fn prepared(server: &Server, crowd: &Crowd) -> Result<(), String> {
    let session = crowd.sessions.first().ok_or("nobody is signed in")?;
    let mut connection = Connection::to(server.address);
    let search = format!("/search?q={}", http::escaped(&crowd.broad));
    let began = Instant::now();
    let mut slowest = Duration::ZERO;
    let mut said = false;
    loop {
        let asked = Instant::now();
        let health = connection.send(&http::get("/healthz", ""))?;
        slowest = slowest.max(asked.elapsed());
        if health.status != 200 {
            return Err(format!("healthz: {}", health.status));
        }
        let reply = connection.send(&http::get(&search, &session.secret))?;
        let page = String::from_utf8_lossy(&reply.body);
        // a page that found something links to members
        if page.contains("/members/mem_") {
            break;
        }
        said = true;
        if began.elapsed() > Duration::from_secs(1200) {
            return Err("search is not ready after 20 minutes".to_owned());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    // the first looks at the pages that keep something in memory
    for path in ["/giving", "/today"] {
        while Instant::now().duration_since(began) < Duration::from_secs(1200) {
            let asked = Instant::now();
            connection.send(&http::get(path, &session.secret))?;
            if asked.elapsed() < Duration::from_secs(1) {
                break;
            }
        }
    }
    let words = if said { "search says it is being prepared" } else { "it was ready at once" };
    println!("| search ready after | {:.1} s ({words}) | – |", began.elapsed().as_secs_f64());
    println!("| slowest /healthz meanwhile | {:.0} ms | < 1 s |", slowest.as_secs_f64() * 1000.0);
    Ok(())
}

/// All kinds, then all of them mixed, then mixed while people sign in.
fn loads(
    call: &Call,
    server: &Server,
    crowd: &Crowd,
    cluster: Option<&postgres::Server>,
    size: usize,
) -> Result<(), String> {
    let databases_own = cluster.and_then(postgres::Server::process);
    println!(
        "| what | highest rate | CPU a request | p50 at 500/s | p99 at 500/s | failed |\n|---|---|---|---|---|---|"
    );
    let lasts = Duration::from_secs(call.seconds);
    for kind in Kind::ALL {
        eprintln!("{size}: {}", kind.words());
        row(kind.words(), server, databases_own, |open| measure(server, crowd, What::One(kind), lasts, open));
    }
    if let Some(cluster) = cluster {
        // there was no contact when the statements were planned, and now there are thousands: PostgreSQL would notice
        // within a minute, which is longer than the measurement
        cluster.count_anew()?;
    }
    let lasts = lasts * 3;
    let mixed =
        row("**mixed**", server, databases_own, |open| measure(server, crowd, What::Mixed, lasts, open));
    hold_both(server);
    let (with, came) = load::while_signing_in(server.address, crowd, || {
        load::open(server.address, crowd, What::Mixed, RATE, lasts)
    });
    with.complain("mixed while signing in");
    #[expect(clippy::cast_precision_loss, reason = "a rate needs no last digit")]
    let came = came as f64 / with.seconds;
    println!(
        "| mixed while {came:.1} people a second sign in | | | {:.1} ms | {:.1} ms | {} |",
        with.within(0.5),
        with.within(0.99),
        with.failed
    );
    let aim = if size <= 100_000 { ("1,000", "50") } else { ("500 (look-ups)", "100") };
    println!(
        "\nAims: mixed at least {}/s and p99 below {} ms; p99 at most doubles while five a second sign in: ×{:.1}.",
        aim.0,
        aim.1,
        with.within(0.99) / mixed.within(0.99).max(0.001)
    );
    Ok(())
}

fn measure(server: &Server, crowd: &Crowd, what: What, lasts: Duration, how: Loop) -> Measured {
    match how {
        Loop::Closed => load::closed(server.address, crowd, what, lasts),
        Loop::Open => load::open(server.address, crowd, what, RATE, lasts),
    }
}

#[derive(Debug, Clone, Copy)]
enum Loop {
    Closed,
    Open,
}

/// Client and server a core each, the database beside the server.
fn hold_both(server: &Server) {
    process::hold(server.id(), "0");
    process::hold(std::process::id(), "1");
}

/// Both loops of one kind, printed; answers the open one.
fn row(words: &str, server: &Server, database: Option<u32>, measure: impl Fn(Loop) -> Measured) -> Measured {
    process::hold(server.id(), "0,1");
    process::hold(std::process::id(), "0,1");
    let spent = || server.cpu() + database.map_or(0.0, spent_below);
    let before = spent();
    let closed = measure(Loop::Closed);
    let cpu = spent() - before;
    closed.complain(words);
    hold_both(server);
    let open = measure(Loop::Open);
    open.complain(words);
    #[expect(clippy::cast_precision_loss, reason = "a mean needs no last digit")]
    let each = cpu * 1e3 / (closed.count().max(1) as f64);
    println!(
        "| {words} | {:.0}/s | {each:.2} ms | {:.1} ms | {:.1} ms | {} |",
        closed.rate(),
        open.within(0.5),
        open.within(0.99),
        closed.failed + open.failed
    );
    open
}

/// What a database server's own processes spent.
fn spent_below(process: u32) -> f64 {
    process::children_of(process).into_iter().map(process::cpu_of).sum()
}
