//! The settings of an instance: a TOML file, and on top of it the command line and the environment, which win.

use std::path::Path;
use std::sync::Arc;

use post::{Carrier, Email, Line, LineSettings, Security, SmtpSettings};
use serde::Deserialize;

use super::Failure;

/// What the file may hold.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    pub mail: SmtpSettings,
    /// Messages by LINE.
    pub line: LineSettings,
    /// Services whose word opens accounts.
    pub provider: Vec<credentials::provider::Settings>,
}

/// E-mail on the command line; without a host no letter leaves.
#[derive(Debug, Default, clap::Args)]
pub struct Mail {
    /// The SMTP server that takes letters; without one nothing is sent
    #[arg(long, value_name = "HOST", env = "SAAN_SMTP_HOST")]
    smtp_host: Option<String>,
    /// Its port (default: 587 with starttls, 465 with tls, 25 with none)
    #[arg(long, value_name = "PORT", env = "SAAN_SMTP_PORT")]
    smtp_port: Option<u16>,
    /// starttls (the default), tls or none
    #[arg(long, value_name = "MODE", env = "SAAN_SMTP_TLS", value_parser = security)]
    smtp_tls: Option<Security>,
    /// The name to sign in with at the server
    #[arg(long, value_name = "NAME", env = "SAAN_SMTP_USER")]
    smtp_user: Option<String>,
    /// A file that holds the password alone; or SAAN_SMTP_PASSWORD
    #[arg(long, value_name = "FILE", env = "SAAN_SMTP_PASSWORD_FILE")]
    smtp_password_file: Option<std::path::PathBuf>,
    /// Who sends, as "Saan <saan@example.org>"
    #[arg(long, value_name = "SENDER", env = "SAAN_MAIL_FROM")]
    mail_from: Option<String>,
    /// A file that holds the channel access token of the operator's LINE account alone; or SAAN_LINE_TOKEN
    #[arg(long, value_name = "FILE", env = "SAAN_LINE_TOKEN_FILE")]
    line_token_file: Option<std::path::PathBuf>,
    /// A file that holds the channel secret of that account alone, to hear who blocked it; or SAAN_LINE_SECRET
    #[arg(long, value_name = "FILE", env = "SAAN_LINE_SECRET_FILE")]
    line_secret_file: Option<std::path::PathBuf>,
}

fn security(word: &str) -> Result<Security, String> {
    match word {
        "starttls" => Ok(Security::Starttls),
        "tls" => Ok(Security::Tls),
        "none" => Ok(Security::None),
        _ => Err("starttls, tls or none".to_owned()),
    }
}

/// Reads the file, if one is named, and lays the command line over it.
///
/// # Errors
/// One sentence that names the file and what in it cannot be read.
pub fn read(file: Option<&Path>, over: &Mail) -> Result<Settings, Failure> {
    let read = |path: &Path| {
        std::fs::read_to_string(path).map_err(|e| Failure::Work(format!("{}: {e}", path.display())))
    };
    let mut settings = match file {
        Some(path) => parsed(&read(path)?).map_err(|e| Failure::Work(format!("{}: {e}", path.display())))?,
        None => Settings::default(),
    };
    let mail = &mut settings.mail;
    let lay = |on: &mut String, over: &Option<String>| {
        if let Some(value) = over {
            on.clone_from(value);
        }
    };
    lay(&mut mail.host, &over.smtp_host);
    lay(&mut mail.from, &over.mail_from);
    mail.port = over.smtp_port.or(mail.port);
    mail.tls = over.smtp_tls.unwrap_or(mail.tls);
    mail.user = over.smtp_user.clone().or_else(|| mail.user.take());
    if let Some(path) = &over.smtp_password_file {
        mail.password = Some(read(path)?.trim_end_matches(['\r', '\n']).to_owned());
    } else if let Ok(password) = std::env::var("SAAN_SMTP_PASSWORD") {
        mail.password = Some(password);
    }
    if let Some(path) = &over.line_token_file {
        read(path)?.trim_end_matches(['\r', '\n']).clone_into(&mut settings.line.token);
    } else if let Ok(token) = std::env::var("SAAN_LINE_TOKEN") {
        settings.line.token = token;
    }
    if let Some(path) = &over.line_secret_file {
        read(path)?.trim_end_matches(['\r', '\n']).clone_into(&mut settings.line.secret);
    } else if let Ok(secret) = std::env::var("SAAN_LINE_SECRET") {
        settings.line.secret = secret;
    }
    Ok(settings)
}

fn parsed(text: &str) -> Result<Settings, String> {
    toml::from_str(text).map_err(|e| e.to_string().trim().to_owned())
}

impl Settings {
    /// The services that sign people in.
    ///
    /// # Errors
    /// One sentence that names the one that cannot be used.
    pub fn providers(&self) -> Result<app::joining::Providers, Failure> {
        for one in &self.provider {
            one.check().map_err(|e| Failure::Call(format!("provider {:?}: {e}", one.name)))?;
        }
        #[cfg(feature = "providers")]
        let fetch: Option<Arc<dyn credentials::provider::Fetch>> = if self.provider.is_empty() {
            None
        } else {
            Some(Arc::new(crate::server::fetch::Client::default()))
        };
        #[cfg(not(feature = "providers"))]
        let fetch: Option<Arc<dyn credentials::provider::Fetch>> = if self.provider.is_empty() {
            None
        } else {
            return Err(Failure::Call("this program was built without the feature providers".to_owned()));
        };
        Ok(app::joining::Providers { list: Arc::new(self.provider.clone()), fetch })
    }

    /// The ways out of the house that are set up.
    ///
    /// # Errors
    /// One sentence that names the setting that cannot be used.
    pub fn carrier(&self) -> Result<Carrier, Failure> {
        let mut carrier = Carrier::default();
        if !self.mail.host.is_empty() {
            let email = Email::new(&self.mail).map_err(|e| Failure::Call(e.to_string()))?;
            carrier = carrier.with(Arc::new(email));
        }
        if !self.line.token.is_empty() {
            let line = Line::new(&self.line).map_err(|e| Failure::Call(e.to_string()))?;
            carrier = carrier.with(Arc::new(line));
        }
        Ok(carrier)
    }

    /// Whom a push service can ask about what comes from here (RFC 8292 §2.1).
    #[must_use]
    pub fn contact(&self, public_url: &str) -> String {
        let from = &self.mail.from;
        let address =
            from.rsplit_once('<').map_or(from.as_str(), |(_, address)| address.trim_end_matches('>'));
        if address.contains('@') { format!("mailto:{}", address.trim()) } else { public_url.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_wins_over_the_file() {
        let file =
            "[mail]\nhost = \"one.example\"\nport = 2525\ntls = \"none\"\nfrom = \"สาน <a@example.org>\"\n";
        let settings = parsed(file).unwrap();
        assert_eq!((settings.mail.host.as_str(), settings.mail.port), ("one.example", Some(2525)));
        assert!(settings.carrier().unwrap().has("email"));
        assert!(parsed("").unwrap().carrier().unwrap().is_empty(), "off until a host is named");
        assert_eq!(settings.contact("https://saan.example"), "mailto:a@example.org");
        assert_eq!(parsed("").unwrap().contact("https://saan.example"), "https://saan.example");
        let line = parsed("[line]\ntoken = \"abc\"\n").unwrap();
        assert!(line.carrier().unwrap().has("line") && !line.carrier().unwrap().has("email"));
        assert!(parsed("[line]\ntoken = \"a b\"\n").unwrap().carrier().is_err());
        let path = std::env::temp_dir().join(format!("saan-settings-{}.toml", std::process::id()));
        std::fs::write(&path, file).unwrap();
        let over = Mail { smtp_host: Some("two.example".into()), ..Mail::default() };
        let both = read(Some(&path), &over).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert_eq!((both.mail.host.as_str(), both.mail.port), ("two.example", Some(2525)));
        assert_eq!(both.mail.tls, Security::None);
    }

    #[test]
    fn a_setting_nobody_knows_is_named() {
        let why = parsed("[mail]\nhots = \"a\"\n").unwrap_err();
        assert!(why.contains("hots") && why.contains("line 2"), "{why}");
    }
}
