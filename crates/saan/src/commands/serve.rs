use std::net::SocketAddr;
use std::sync::Arc;

use app::joining;
use store::{Database, Settings};
use thai::Lang;

use super::{Failure, Globals, settings};
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
    let settings = settings::read(args.settings.as_deref(), &args.mail)?;
    let mut outside = Outside { carrier: settings.carrier()?, providers: settings.providers()? };
    if !outside.carrier.is_empty() && args.public_url.is_none() {
        // a link must not begin with whatever Host a request claims
        return Err(Failure::Call(
            "letters need --public-url, the address their links begin with".to_owned(),
        ));
    }
    let db = open(globals)?;
    let public_url = args.public_url.clone().map(|url| url.trim_end_matches('/').to_owned());
    let mut push = None;
    if let Some(origin) = &public_url {
        // made at the first start, kept from then on: browsers are bound to it
        let key =
            post::Vapid::of(&db, &settings.contact(origin)).map_err(|e| Failure::Work(e.to_string()))?;
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
    let lang = globals.lang();
    let first = joining::setup_secret(&db).map_err(|e| Failure::Work(e.to_string()))?;
    let public = setup.public_url.clone();
    listen(db, setup, args.listen, args.metrics, outside, move |address| {
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

/// Opens the store that the call names.
pub fn open(globals: &Globals) -> Result<Arc<Database>, Failure> {
    Database::open(&globals.settings()).map(Arc::new).map_err(|e| Failure::Work(e.to_string()))
}

impl Globals {
    /// Where the store is.
    #[must_use]
    pub fn settings(&self) -> Settings {
        match &self.database {
            Some(url) if url.starts_with("postgres") => Settings::postgresql(url),
            Some(path) => Settings::folder(std::path::Path::new(path)),
            None => {
                Settings::folder(self.data.as_deref().unwrap_or_else(|| std::path::Path::new("./saan-data")))
            }
        }
    }
}

/// What an instance has to do with the world outside.
#[derive(Debug, Default)]
pub struct Outside {
    pub carrier: post::Carrier,
    pub providers: joining::Providers,
}

/// Serves the store until the process is asked to end.
pub fn listen(
    db: Arc<Database>,
    setup: web::Setup,
    address: SocketAddr,
    metrics: Option<SocketAddr>,
    outside: Outside,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), Failure> {
    let failed = |what: &str, e: std::io::Error| Failure::Work(format!("{what}: {e}"));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| failed("cannot start", e))?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(address)
            .await
            .map_err(|e| failed(&format!("cannot listen at {address}"), e))?;
        ready(listener.local_addr().map_err(|e| failed("cannot listen", e))?);
        let watched = match metrics {
            Some(at) => Some(
                tokio::net::TcpListener::bind(at)
                    .await
                    .map_err(|e| failed(&format!("cannot listen at {at}"), e))?,
            ),
            None => None,
        };
        let mut app = server::assemble(db, setup);
        app.providers = outside.providers;
        server::serve(listener, app, watched, outside.carrier, server::asked_to_stop())
            .await
            .map_err(|e| failed("the server ended", e))
    })
}
