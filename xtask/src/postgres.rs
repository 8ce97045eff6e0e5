//! A PostgreSQL server of the tests' own: made in a temporary folder, started on a free port, removed at the end.

use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub struct Server {
    folder: PathBuf,
    programs: PathBuf,
    port: u16,
}

impl Server {
    /// The address under which tests make their databases.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// For tests: what is written need not survive the machine.
    pub fn start() -> Result<Self, String> {
        Self::start_with(
            "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nmax_connections = 200",
        )
    }

    /// For measuring: every commit reaches the disk, and memory is set as a manual for a small machine would.
    pub fn start_lasting() -> Result<Self, String> {
        Self::start_with(
            "shared_buffers = 1GB\nmax_wal_size = 8GB\nmaintenance_work_mem = 512MB\nmax_connections = 50\n\
             max_pred_locks_per_transaction = 1024",
        )
    }

    /// Counts the rows of all databases anew, as the server does by itself a minute after they have grown.
    pub fn count_anew(&self) -> Result<(), String> {
        let port = self.port.to_string();
        let mut command = Command::new(self.programs.join("vacuumdb"));
        run(command.args(["--all", "--analyze-only", "-q", "-h", "127.0.0.1", "-U", "postgres", "-p", &port]))
    }

    /// The process all others of this server come from.
    pub fn process(&self) -> Option<u32> {
        let text = std::fs::read_to_string(self.folder.join("cluster").join("postmaster.pid")).ok()?;
        text.lines().next()?.trim().parse().ok()
    }

    fn start_with(wanted: &str) -> Result<Self, String> {
        let programs =
            programs().ok_or("PostgreSQL is not installed (Debian, Ubuntu: apt-get install postgresql)")?;
        let folder = std::env::temp_dir().join(format!("saan-postgres-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).map_err(|e| e.to_string())?;
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .map_err(|e| e.to_string())?
            .port();
        if is_root() {
            // the server refuses to run as root
            run(Command::new("chown").arg("postgres").arg(&folder))?;
        }
        let server = Self { folder, programs, port };
        server.certify()?;
        let cluster = server.folder.join("cluster");
        server.run_as_owner(
            "initdb",
            &["-D", &text(&cluster), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"],
        )?;
        let mut settings = std::fs::OpenOptions::new()
            .append(true)
            .open(cluster.join("postgresql.conf"))
            .map_err(|e| e.to_string())?;
        writeln!(
            settings,
            "{wanted}\nssl = on\nssl_cert_file = '../server.pem'\nssl_key_file = '../server.key'\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\nport = {port}"
        )
        .map_err(|e| e.to_string())?;
        let log = server.folder.join("log");
        server
            .run_as_owner("pg_ctl", &["-D", &text(&cluster), "-l", &text(&log), "-w", "-t", "60", "start"])?;
        Ok(server)
    }

    /// The certificate that says who this server is: made for it alone.
    pub fn root(&self) -> PathBuf {
        self.folder.join("root.pem")
    }

    /// Makes a root of its own and a certificate for `localhost` by it.
    fn certify(&self) -> Result<(), String> {
        use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
        let wrong = |e: rcgen::Error| e.to_string();
        let mut root = CertificateParams::new(Vec::new()).map_err(wrong)?;
        root.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        let root = CertifiedIssuer::self_signed(root, KeyPair::generate().map_err(wrong)?).map_err(wrong)?;
        let key = KeyPair::generate().map_err(wrong)?;
        let own = CertificateParams::new(vec!["localhost".to_owned()]).map_err(wrong)?;
        let own = own.signed_by(&key, &root).map_err(wrong)?;
        let private = self.folder.join("server.key");
        for (path, text) in [
            (self.root(), root.pem()),
            (self.folder.join("server.pem"), own.pem()),
            (private.clone(), key.serialize_pem()),
        ] {
            std::fs::write(&path, text).map_err(|e| format!("{}: {e}", path.display()))?;
        }
        // the server reads a key that others may read not at all
        run(Command::new("chmod").arg("600").arg(&private))?;
        if is_root() { run(Command::new("chown").arg("postgres").arg(&private)) } else { Ok(()) }
    }

    fn run_as_owner(&self, program: &str, arguments: &[&str]) -> Result<(), String> {
        let program = self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(&program);
            command
        } else {
            Command::new(&program)
        };
        run(command.args(arguments).current_dir(&self.folder))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let cluster = text(&self.folder.join("cluster"));
        let _ = self.run_as_owner("pg_ctl", &["-D", &cluster, "-m", "immediate", "stop"]);
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

pub fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout.trim_ascii() == b"0")
}

fn run(command: &mut Command) -> Result<(), String> {
    let out = command.stdin(Stdio::null()).output().map_err(|e| format!("{command:?}: {e}"))?;
    if out.status.success() {
        return Ok(());
    }
    Err(format!(
        "{command:?}: {}{}",
        String::from_utf8_lossy(&out.stdout),
        String::from_utf8_lossy(&out.stderr)
    ))
}

/// The newest installed server's programs.
pub fn programs() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .filter(|bin| bin.join("initdb").is_file() && bin.join("postgres").is_file())
        .collect();
    found.sort();
    found.pop().or_else(|| {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path)
            .find(|folder| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file())
    })
}
