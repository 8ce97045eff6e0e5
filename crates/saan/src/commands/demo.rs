use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use store::{Database, Settings, Viewer, dump, journal};
use thai::Lang;

use super::{Failure, Globals, say, serve};
use crate::demo;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where to listen
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDR")]
    listen: SocketAddr,
}

pub fn run(args: &Args, globals: &Globals) -> Result<(), Failure> {
    let temporary = TemporaryFolder::new();
    let settings = match (&globals.data, &globals.database) {
        (None, None) => Settings::folder(&temporary.0),
        _ => globals.settings()?,
    };
    let lang = globals.lang();
    let failed = |e: store::Error| serve::failed(lang, &e);
    let db = Database::open(&settings).map(Arc::new).map_err(failed)?;
    let system = Viewer::System("demo");
    if db.read(&system, dump::is_empty).map_err(failed)? {
        demo::plant_whole(&settings).map_err(failed)?;
    } else if !db.read(&system, |r| journal::tells_of(r, demo::WHOLE)).map_err(failed)? {
        // accounts with a public password have no place beside what is somebody's own
        return Err(Failure::Work(say::either(
            lang,
            "ที่เก็บนี้มีข้อมูลอื่นอยู่แล้ว การสาธิตต้องเริ่มจากที่เก็บว่าง",
            "this store holds something else already; a demo needs an empty one",
        )));
    }
    let setup = web::Setup { demo: true, ..web::Setup::default() };
    let listening = serve::Listening { address: args.listen, metrics: None, lang };
    serve::listen(db, setup, &listening, serve::Outside::default(), |address| {
        println!("http://{address}");
        let heading = match lang {
            Lang::Thai => "บัญชีตัวอย่าง (ชื่อผู้ใช้ / รหัสผ่าน)",
            Lang::English => "Demo accounts (user name / password)",
        };
        println!("{heading}");
        for (name, _) in demo::ACCOUNTS {
            println!("  {name} / {}", demo::PASSWORD);
        }
    })
}

/// Where a demo without a folder of its own lives, and goes when it ends.
struct TemporaryFolder(PathBuf);

impl TemporaryFolder {
    fn new() -> Self {
        Self(std::env::temp_dir().join(format!("saan-demo-{}", std::process::id())))
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        // best effort: the system's own cleaning takes what is left
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
