use std::net::SocketAddr;
use std::sync::Arc;

use app::joining;
use store::{Backend, Database, Settings};
use thai::Lang;

use super::{Failure, Globals, say, settings};
use crate::server;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where to listen
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDR")]
    listen: SocketAddr,
    /// The address people see, for links and QR codes, as https://saan.example.org
    #[arg(long, value_name = "URL", env = "SAAN_PUBLIC_URL")]
    public_url: Option<String>,
    /// A reverse proxy whose X-Forwarded-For and X-Forwarded-Proto are believed; may stand several times
    #[arg(long = "trusted-proxy", value_name = "IP")]
    trusted_proxies: Vec<std::net::IpAddr>,
    /// Where Prometheus reads GET /metrics; a listener of its own, never the public one
    #[arg(long, value_name = "ADDR")]
    metrics: Option<SocketAddr>,
    /// Settings that do not fit on a command line, as TOML: docs/running.md names them
    #[arg(long, value_name = "FILE", env = "SAAN_SETTINGS")]
    settings: Option<std::path::PathBuf>,
    #[command(flatten)]
    mail: settings::Mail,
}

pub fn run(args: &Args, globals: &Globals) -> Result<(), Failure> {
    let lang = globals.lang();
    let settings = settings::read(args.settings.as_deref(), &args.mail)?;
    let mut outside = Outside {
        carrier: settings.carrier()?,
        providers: settings.providers()?,
        webhook: post::Webhook::of(&settings.line).map(Arc::new),
    };
    if !outside.carrier.is_empty() && args.public_url.is_none() {
        // a link must not begin with whatever Host a request claims
        return Err(Failure::Call(say::either(
            lang,
            "จะส่งจดหมายต้องมี --public-url ที่อยู่ซึ่งลิงก์ในจดหมายขึ้นต้น",
            "letters need --public-url, the address their links begin with",
        )));
    }
    let db = open(globals)?;
    let public_url = args.public_url.clone().map(|url| url.trim_end_matches('/').to_owned());
    let mut push = None;
    if let Some(origin) = &public_url {
        // made at the first start, kept from then on: browsers are bound to it
        let key = post::Vapid::of(&db, &settings.contact(origin)).map_err(|e| failed(lang, &e))?;
        push = Some(key.public());
        outside.carrier = outside.carrier.with(Arc::new(post::Push::new(key)));
    }
    let setup = web::Setup {
        public_url,
        trusted_proxies: args.trusted_proxies.clone(),
        letters: outside.carrier.has(post::Email::WORD),
        push,
        line: outside.carrier.has(post::Line::WORD).then(|| settings.line.issuer.clone()),
        demo: false,
    };
    let first = joining::setup_secret(&db).map_err(|e| failed(lang, &e))?;
    let public = setup.public_url.clone();
    let listening = Listening { address: args.listen, metrics: args.metrics, lang };
    listen(db, setup, &listening, outside, move |address| {
        eprintln!("http://{address}");
        if let Some(secret) = first {
            let origin = public.unwrap_or_else(|| format!("http://{address}"));
            eprintln!("{}", first_link(lang, &format!("{origin}/joining/setup/{secret}")));
        }
    })
}

/// What is said at the first start: whoever opens this link makes the first operator and network.
fn first_link(lang: Lang, link: &str) -> String {
    match lang {
        Lang::Thai => format!("ยังไม่มีผู้ดูแล เปิดลิงก์นี้เพื่อตั้งผู้ดูแลและเครือข่ายแรก (ใช้ได้ครั้งเดียว ใน 7 วัน):\n{link}"),
        Lang::English => {
            format!(
                "no operator yet; this link makes the first operator and network (once, within 7 days):\n{link}"
            )
        }
    }
}

/// Opens the store that the call names, and makes it where there is none.
pub fn open(globals: &Globals) -> Result<Arc<Database>, Failure> {
    let settings = globals.settings()?.with_waiting(say::waiting(globals.lang()));
    Database::open(&settings).map(Arc::new).map_err(|e| failed(globals.lang(), &e))
}

/// Opens the store that the call names, which must be there: a mistyped folder is no empty store.
pub fn open_existing(globals: &Globals) -> Result<Arc<Database>, Failure> {
    if let Backend::Folder(folder) = globals.settings()?.backend
        && !folder.join("saan.db").is_file()
    {
        let folder = folder.display();
        return Err(Failure::Work(say::either(
            globals.lang(),
            format!("{folder}: ไม่มีที่เก็บข้อมูลของสานที่นี่"),
            format!("{folder}: there is no store of Saan here"),
        )));
    }
    open(globals)
}

/// What the store answered, as the end of a command.
pub fn failed(lang: Lang, error: &store::Error) -> Failure {
    Failure::Work(say::store_error(lang, error))
}

impl Globals {
    /// Where the store is.
    ///
    /// # Errors
    /// An address that is none of a PostgreSQL database: a folder is named with `--data`.
    pub fn settings(&self) -> Result<Settings, Failure> {
        match &self.database {
            Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                Ok(Settings::postgresql(url))
            }
            Some(url) => Err(Failure::Call(say::either(
                self.lang(),
                format!("--database {url}: ต้องเป็นที่อยู่แบบ postgres://… ส่วนโฟลเดอร์ใช้ --data"),
                format!(
                    "--database {url}: an address as postgres://… is needed; a folder is named with --data"
                ),
            ))),
            None => Ok(Settings::folder(
                self.data.as_deref().unwrap_or_else(|| std::path::Path::new("./saan-data")),
            )),
        }
    }
}

/// What an instance has to do with the world outside.
#[derive(Debug, Default)]
pub struct Outside {
    pub carrier: post::Carrier,
    pub providers: joining::Providers,
    /// What LINE says by itself, where it is listened to.
    pub webhook: Option<Arc<post::Webhook>>,
}

/// Where a server listens, and in which language it says that it cannot.
#[derive(Debug, Clone, Copy)]
pub struct Listening {
    pub address: SocketAddr,
    /// Where Prometheus reads.
    pub metrics: Option<SocketAddr>,
    pub lang: Lang,
}

/// Serves the store until the process is asked to end.
pub fn listen(
    db: Arc<Database>,
    setup: web::Setup,
    at: &Listening,
    outside: Outside,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), Failure> {
    let ended = |thai: &str, english: &str, e: std::io::Error| {
        Failure::Work(format!("{}: {e}", say::either(at.lang, thai, english)))
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| ended("เริ่มทำงานไม่ได้", "cannot start", e))?;
    runtime.block_on(async {
        let listener = bound(at.address, at.lang).await?;
        let address = listener.local_addr().map_err(|e| ended("เปิดรับไม่ได้", "cannot listen", e))?;
        ready(address);
        let watched = match at.metrics {
            Some(metrics) => Some(bound(metrics, at.lang).await?),
            None => None,
        };
        let mut app = server::assemble(db, setup);
        app.providers = outside.providers;
        app.webhook = outside.webhook;
        server::serve(listener, app, watched, outside.carrier, server::asked_to_stop())
            .await
            .map_err(|e| ended("เซิร์ฟเวอร์หยุดทำงาน", "the server ended", e))
    })
}

/// A listener at an address that may be taken, or not ours.
async fn bound(address: SocketAddr, lang: Lang) -> Result<tokio::net::TcpListener, Failure> {
    tokio::net::TcpListener::bind(address).await.map_err(|error| {
        let (thai, english) = match error.kind() {
            std::io::ErrorKind::AddrInUse => ("มีโปรแกรมอื่นใช้อยู่แล้ว", "another program listens there"),
            std::io::ErrorKind::PermissionDenied => ("ไม่มีสิทธิ์ใช้", "it is not allowed"),
            _ => ("ใช้ที่อยู่นี้ไม่ได้", "the address cannot be used"),
        };
        Failure::Work(say::either(
            lang,
            format!("เปิดรับที่ {address} ไม่ได้: {thai}"),
            format!("cannot listen at {address}: {english}"),
        ))
    })
}
