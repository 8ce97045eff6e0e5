//! The program as a process of its own: started, held to a core, looked at from outside, ended.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::http::{self, Connection};

/// Where the release build puts the program.
pub const PROGRAM: &str = "target/release/saan";

/// Where a network is kept.
#[derive(Debug, Clone)]
pub enum Place {
    Folder(PathBuf),
    Database(String),
}

impl Place {
    /// As the command line takes it.
    pub fn arguments(&self) -> [String; 2] {
        match self {
            Self::Folder(folder) => ["--data".to_owned(), folder.display().to_string()],
            Self::Database(url) => ["--database".to_owned(), url.clone()],
        }
    }
}

/// A server that runs; it is killed when this is dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    /// From the start to the first answer of /healthz.
    pub started_in: Duration,
}

impl Server {
    /// Starts `saan COMMAND` and waits until it answers.
    pub fn start(command: &str, place: Option<&Place>, log: &Path) -> Result<Self, String> {
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .map_err(|e| e.to_string())?
            .port();
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let log = std::fs::File::create(log).map_err(|e| format!("{}: {e}", log.display()))?;
        let mut call = Command::new(PROGRAM);
        call.arg(command).args(["--listen", &address.to_string()]);
        if let Some(place) = place {
            call.args(place.arguments()).args(["--trusted-proxy", "127.0.0.1"]);
        }
        let errors = log.try_clone().map_err(|e| e.to_string())?;
        let began = Instant::now();
        let child = call
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .spawn()
            .map_err(|e| format!("{PROGRAM}: {e}"))?;
        let mut server = Self { child, address, started_in: Duration::ZERO };
        loop {
            if let Ok(reply) = Connection::to(address).send(&http::get("/healthz", ""))
                && reply.status == 200
            {
                server.started_in = began.elapsed();
                return Ok(server);
            }
            if let Ok(Some(status)) = server.child.try_wait() {
                return Err(format!("saan {command} ended: {status}"));
            }
            if began.elapsed() > Duration::from_secs(120) {
                return Err(format!("saan {command} does not answer"));
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Seconds of a core spent so far.
    pub fn cpu(&self) -> f64 {
        cpu_of(self.id())
    }

    /// Resident memory now and at most, in MB.
    pub fn memory(&self) -> (f64, f64) {
        memory_of(self.id())
    }

    /// Ends it without a word, as a power cut does.
    pub fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        // it may have ended by itself
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

/// Seconds of a core a process spent (proc(5), utime and stime in ticks of 10 ms).
pub fn cpu_of(process: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // the name stands in brackets and may hold anything
    let after = stat.rsplit_once(") ").map_or("", |(_, rest)| rest);
    let ticks: f64 = after.split(' ').skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum();
    ticks / 100.0
}

/// Resident memory of a process now and at most, in MB.
pub fn memory_of(process: u32) -> (f64, f64) {
    (status_of(process, "VmRSS:"), status_of(process, "VmHWM:"))
}

/// Of the memory a process has now, what is its own and what are pages of mapped files, in MB.
pub fn parts_of(process: u32) -> (f64, f64) {
    (status_of(process, "RssAnon:"), status_of(process, "RssFile:"))
}

/// A field of /proc/…/status that counts kilobytes, in MB (proc(5)).
fn status_of(process: u32, name: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(name));
    let number = line.and_then(|line| line.split_whitespace().nth(1)).and_then(|n| n.parse::<f64>().ok());
    number.unwrap_or(0.0) / 1024.0
}

/// Holds a process with all its threads, those to come included, to these cores.
pub fn hold(process: u32, cores: &str) {
    let held = Command::new("taskset")
        .args(["-a", "-c", "-p", cores, &process.to_string()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if !held.is_ok_and(|status| status.success()) {
        eprintln!("taskset is missing or refused: client and server share their cores freely");
    }
}

/// The processes that have this one for a parent.
pub fn children_of(process: u32) -> Vec<u32> {
    let parent = |id: &u32| {
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        let after = stat.rsplit_once(") ").map_or("", |(_, rest)| rest);
        after.split(' ').nth(1).and_then(|id| id.parse::<u32>().ok())
    };
    let all = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let ids = all.filter_map(|entry| entry.file_name().to_string_lossy().parse::<u32>().ok());
    ids.filter(|id| parent(id) == Some(process)).collect()
}
