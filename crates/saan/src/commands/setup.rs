use std::io::Read as _;

use app::joining;
use store::{Acting, Error, Through, Viewer, sessions};
use thai::Lang;

use super::{Failure, Globals, say, serve};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Who runs this instance: the name, also to sign in with
    #[arg(long, value_name = "NAME")]
    operator: String,
    /// The network they coordinate; one of that name that is there already gets its coordinator
    #[arg(long, value_name = "NAME")]
    network: String,
    /// Read the password from standard input; without it one is made and printed
    #[arg(long)]
    password_stdin: bool,
}

/// The shortest password, as on the page.
const SHORTEST: usize = 8;
/// More than any password: standard input may be anything.
const LONGEST: u64 = 400;

pub fn run(args: &Args, globals: &Globals) -> Result<(), Failure> {
    let lang = globals.lang();
    let refused = |thai: &str, english: &str| Failure::Work(say::either(lang, thai, english));
    let (operator, network) = (args.operator.trim(), args.network.trim());
    if operator.is_empty() || network.is_empty() {
        return Err(Failure::Call(say::either(
            lang,
            "--operator และ --network ต้องมีชื่อ",
            "--operator and --network need a name",
        )));
    }
    let password = if args.password_stdin { read_password()? } else { made_password()? };
    if password.chars().count() < SHORTEST {
        return Err(refused(
            "รหัสผ่านสั้นไป ต้องมีอย่างน้อย 8 ตัวอักษร",
            "the password is too short: at least 8 letters",
        ));
    }
    let db = serve::open(globals)?;
    let failed = |e: Error| serve::failed(lang, &e);
    let first = joining::First {
        name: operator.to_owned(),
        login: operator.to_owned(),
        password_hash: joining::hash_password(&password).map_err(failed)?,
        lang: lang.tag(),
        network: network.to_owned(),
        wording: String::new(),
    };
    let acting = Acting::new(Viewer::System("setup"), Through::CommandLine);
    joining::set_up(&db, &acting, &first).map_err(|e| match e {
        Error::Changed => refused(
            "ที่เก็บนี้มีบัญชีอยู่แล้ว จึงไม่ได้ตั้งผู้ดูแลคนแรกอีก",
            "this store has accounts already; no first operator was made",
        ),
        other => failed(other),
    })?;
    println!("{}", done(lang, operator, network));
    if !args.password_stdin {
        println!("{password}");
    }
    Ok(())
}

fn done(lang: Lang, operator: &str, network: &str) -> String {
    match lang {
        Lang::Thai => format!("ตั้ง {operator} เป็นผู้ดูแล และผู้ประสานงานของ {network} แล้ว"),
        Lang::English => format!("{operator} runs this instance and coordinates {network}"),
    }
}

fn read_password() -> Result<String, Failure> {
    let mut typed = String::new();
    std::io::stdin()
        .take(LONGEST)
        .read_to_string(&mut typed)
        .map_err(|e| Failure::Work(format!("standard input: {e}")))?;
    Ok(typed.trim_end_matches(['\n', '\r']).to_owned())
}

/// A password nobody has to invent; it can be changed in the settings.
fn made_password() -> Result<String, Failure> {
    let secret = sessions::new_secret().map_err(|e| Failure::Work(e.to_string()))?;
    Ok(secret.chars().take(20).collect())
}
