//! E-mail by SMTP (RFC 5321), one connection a letter. The steps are taken one by one and not by the library's `send`,
//! because what a failure means hangs on the step: before the letter's words it was not sent, after them perhaps.

use std::time::{Duration, SystemTime};

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::{Address, Message};
use serde::Deserialize;
use store::sessions;

use crate::{Channel, Item, Letter, Link, Outcome, Parcel};

/// Whether and when the connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// Begins in clear and must change over (port 587).
    #[default]
    Starttls,
    /// Encrypted from the first byte (port 465).
    Tls,
    /// In clear: for a relay on the same machine.
    None,
}

/// How letters leave by SMTP.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SmtpSettings {
    pub host: String,
    /// The usual one of the kind of encryption where it is not named.
    pub port: Option<u16>,
    pub tls: Security,
    pub user: Option<String>,
    pub password: Option<String>,
    /// `สาน <saan@example.org>`
    pub from: String,
    /// How long each step may take; 60 seconds where it is not named.
    pub patience_seconds: Option<u64>,
}

impl std::fmt::Debug for SmtpSettings {
    // the password is for nobody's log
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SmtpSettings")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("tls", &self.tls)
            .field("user", &self.user)
            .field("from", &self.from)
            .finish_non_exhaustive()
    }
}

/// Why the settings cannot be used; one sentence for the operator.
#[derive(Debug, thiserror::Error)]
pub enum EmailError {
    #[error("the sender of letters, {0:?}, is no e-mail address such as: Saan <saan@example.org>")]
    From(String),
    #[error("no host is named for e-mail")]
    Host,
    #[error("a user is named for e-mail and no password, or a password and no user")]
    Password,
    #[error("TLS for e-mail to {0}: {1}")]
    Tls(String, String),
}

/// The channel `email`.
pub struct Email {
    host: String,
    port: u16,
    security: Security,
    tls: Option<TlsParameters>,
    credentials: Option<Credentials>,
    from: Mailbox,
    patience: Duration,
}

impl std::fmt::Debug for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Email").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}

impl Email {
    /// Its word in the store.
    pub const WORD: &'static str = "email";

    /// From settings, without a connection.
    ///
    /// # Errors
    /// [`EmailError`] names the setting that cannot be used.
    pub fn new(settings: &SmtpSettings) -> Result<Self, EmailError> {
        let host = settings.host.trim().to_owned();
        if host.is_empty() {
            return Err(EmailError::Host);
        }
        let credentials = match (&settings.user, &settings.password) {
            (Some(user), Some(password)) => Some(Credentials::new(user.clone(), password.clone())),
            (None, None) => None,
            _ => return Err(EmailError::Password),
        };
        let tls = match settings.tls {
            Security::None => None,
            Security::Starttls | Security::Tls => Some(
                TlsParameters::new(host.clone()).map_err(|e| EmailError::Tls(host.clone(), e.to_string()))?,
            ),
        };
        let usual = match settings.tls {
            Security::Starttls => 587,
            Security::Tls => 465,
            Security::None => 25,
        };
        Ok(Self {
            port: settings.port.unwrap_or(usual),
            security: settings.tls,
            tls,
            credentials,
            from: mailbox(&settings.from).ok_or_else(|| EmailError::From(settings.from.clone()))?,
            patience: Duration::from_secs(settings.patience_seconds.unwrap_or(60)),
            host,
        })
    }

    /// Everything up to the letter's words; nothing was sent when this fails.
    fn approach(&self, to: &Address, ascii: AsciiBody) -> Result<SmtpConnection, Outcome> {
        let later = |what: &str, e: &SmtpError| Outcome::Later(format!("{what}: {}", reason(e)));
        let hello = ClientId::Domain(self.from.email.domain().to_owned());
        let wrapped = self.tls.as_ref().filter(|_| self.security == Security::Tls);
        let at = (self.host.as_str(), self.port);
        let mut connection = SmtpConnection::connect(at, Some(self.patience), &hello, wrapped, None)
            .map_err(|e| later("no connection", &e))?;
        if let Some(tls) = self.tls.as_ref().filter(|_| self.security == Security::Starttls) {
            connection.starttls(tls, &hello).map_err(|e| later("STARTTLS", &e))?;
        }
        if let Some(credentials) = &self.credentials {
            connection
                .auth(&[Mechanism::Plain, Mechanism::Login], credentials)
                .map_err(|e| later("the server does not let us sign in", &e))?;
        }
        let mut options = Vec::new();
        if !to.to_string().is_ascii() {
            if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
                connection.abort();
                return Err(Outcome::Refused("the server takes no address in other letters than a–z".into()));
            }
            options.push(MailParameter::SmtpUtfEight);
        }
        if ascii == AsciiBody::No {
            options.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        // a sender who is refused is our own matter to set right, not the recipient's
        connection
            .command(Mail::new(Some(self.from.email.clone()), options))
            .map_err(|e| later("the sender is refused", &e))?;
        if let Err(error) = connection.command(Rcpt::new(to.clone(), Vec::new())) {
            connection.abort();
            return Err(recipient_refused(&error));
        }
        connection
            .command(Data)
            .map_err(|e| if e.is_permanent() { Outcome::Refused(reason(&e)) } else { later("DATA", &e) })?;
        Ok(connection)
    }
}

/// Whether a letter as it goes over the wire is ASCII alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AsciiBody {
    Yes,
    No,
}

/// A refusal of the recipient: for good it means that there is nobody, but for 5.7.x, which is the server's policy.
fn recipient_refused(error: &SmtpError) -> Outcome {
    let why = reason(error);
    if !error.is_permanent() {
        return Outcome::Later(why);
    }
    if why.contains("5.7.") { Outcome::Refused(why) } else { Outcome::NoSuchAddress(why) }
}

/// What the server said, in one line of bounded length.
fn reason(error: &SmtpError) -> String {
    use std::error::Error as _;
    let mut said = error.to_string();
    if let Some(source) = error.source() {
        said = format!("{said}: {source}");
    }
    said.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect()
}

impl Channel for Email {
    fn word(&self) -> &'static str {
        Self::WORD
    }

    fn send(&self, parcel: &Parcel<'_>) -> Outcome {
        let Ok(to) = parcel.address.parse::<Address>() else {
            return Outcome::NoSuchAddress("this is no e-mail address".to_owned());
        };
        let words = match written(&self.from, &to, parcel) {
            Ok(words) => words,
            Err(why) => return Outcome::Refused(why),
        };
        let ascii = if words.is_ascii() { AsciiBody::Yes } else { AsciiBody::No };
        let mut connection = match self.approach(&to, ascii) {
            Ok(connection) => connection,
            Err(outcome) => return outcome,
        };
        let outcome = match connection.message(&words) {
            Ok(response) => Outcome::Accepted(response.message().collect::<Vec<_>>().join(" ")),
            Err(e) if e.is_permanent() => Outcome::Refused(reason(&e)),
            Err(e) if e.is_transient() => Outcome::Later(reason(&e)),
            Err(e) => Outcome::Unknown(format!("no answer to the letter: {}", reason(&e))),
        };
        // the answer is known; how the other side takes the goodbye changes nothing
        connection.abort();
        outcome
    }
}

/// `สาน <saan@example.org>` or the address alone.
fn mailbox(text: &str) -> Option<Mailbox> {
    match text.trim().strip_suffix('>').and_then(|rest| rest.split_once('<')) {
        Some((name, address)) => {
            let name = name.trim().trim_matches('"').trim();
            let name = (!name.is_empty()).then(|| name.to_owned());
            Some(Mailbox::new(name, address.trim().parse().ok()?))
        }
        None => Some(Mailbox::new(None, text.trim().parse().ok()?)),
    }
}

/// The letter as it goes over the wire.
fn written(from: &Mailbox, to: &Address, parcel: &Parcel<'_>) -> Result<Vec<u8>, String> {
    let letter = parcel.letter;
    let one_line: String =
        letter.subject.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
    let since = Duration::from_micros(u64::try_from(parcel.now.0).unwrap_or_default());
    // the same letter tried twice carries the same id, so that a mailbox may tell
    let id: String = sessions::hash(&letter.key).chars().take(40).collect();
    let header =
        |name: &'static str, value: String| HeaderValue::new(HeaderName::new_from_ascii_str(name), value);
    let mut builder = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to.clone()))
        .subject(one_line.trim())
        .date(SystemTime::UNIX_EPOCH + since)
        .message_id(Some(format!("<{id}@{}>", from.email.domain())))
        // no answering machine should answer (RFC 3834)
        .raw_header(header("Auto-Submitted", "auto-generated".to_owned()))
        .raw_header(header("Content-Language", letter.lang.clone()));
    if let Some(url) = letter.unsubscribe.as_deref().filter(|url| url.is_ascii() && !url.contains(['<', '>']))
    {
        builder = builder
            .raw_header(header("List-Unsubscribe", format!("<{url}>")))
            .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
    }
    builder
        .multipart(MultiPart::alternative_plain_html(plain(letter), html(letter)))
        .map(|message| message.formatted())
        .map_err(|e| format!("the letter cannot be written: {e}"))
}

fn plain(letter: &Letter) -> String {
    let mut out = letter.paragraphs.join("\n\n");
    for item in &letter.items {
        out.push_str(&format!("\n\n* {}", item.words));
        if !item.why.is_empty() {
            out.push_str(&format!("\n  {}", item.why));
        }
        for link in item.link.iter().chain(&item.off) {
            out.push_str(&format!("\n  {}: {}", link.label, link.url));
        }
    }
    if let Some(link) = &letter.link {
        out.push_str(&format!("\n\n{}:\n{}", link.label, link.url));
    }
    if !letter.footer.is_empty() {
        out.push_str(&format!("\n\n-- \n{}", letter.footer));
    }
    if let Some(url) = &letter.unsubscribe {
        out.push_str(&format!("\n{url}"));
    }
    out.push('\n');
    out
}

/// Plain markup that every mail program shows, also where pictures and styles are off.
fn html(letter: &Letter) -> String {
    let mut out = format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title></head>\
         <body style=\"font-family:sans-serif;font-size:16px;line-height:1.7;max-width:36em;margin:1em auto;padding:0 1em\">",
        escaped(&letter.lang),
        escaped(&letter.subject)
    );
    for paragraph in &letter.paragraphs {
        out.push_str(&format!("<p>{}</p>", escaped(paragraph).replace('\n', "<br>")));
    }
    for item in &letter.items {
        out.push_str(&html_item(item));
    }
    if let Some(link) = &letter.link {
        let url = escaped(&link.url);
        out.push_str(&format!(
            "<p><a href=\"{url}\" style=\"display:inline-block;padding:.6em 1em;background:#0b6b5d;color:#fff;\
             text-decoration:none;border-radius:.4em\">{}</a></p><p style=\"color:#555;word-break:break-all\">{url}</p>",
            escaped(&link.label)
        ));
    }
    if !letter.footer.is_empty() {
        let footer = escaped(&letter.footer).replace('\n', "<br>");
        let footer = match &letter.unsubscribe {
            Some(url) => format!("<a href=\"{}\" style=\"color:#555\">{footer}</a>", escaped(url)),
            None => footer,
        };
        out.push_str(&format!("<hr><p style=\"color:#555;font-size:14px\">{footer}</p>"));
    }
    out.push_str("</body></html>");
    out
}

fn html_item(item: &Item) -> String {
    let anchor = |link: &Link, style: &str| {
        format!("<a href=\"{}\" style=\"{style}\">{}</a>", escaped(&link.url), escaped(&link.label))
    };
    let mut out = format!(
        "<div style=\"border-left:3px solid #0b6b5d;padding:0 0 0 .8em;margin:1em 0\"><p style=\"margin:0\">{}</p>",
        escaped(&item.words)
    );
    if !item.why.is_empty() {
        out.push_str(&format!("<p style=\"margin:0;color:#555;font-size:14px\">{}</p>", escaped(&item.why)));
    }
    let links: Vec<String> = [(&item.link, "color:#0b6b5d"), (&item.off, "color:#555;font-size:14px")]
        .into_iter()
        .filter_map(|(link, style)| link.as_ref().map(|link| anchor(link, style)))
        .collect();
    if !links.is_empty() {
        out.push_str(&format!("<p style=\"margin:.3em 0 0\">{}</p>", links.join(" · ")));
    }
    out.push_str("</div>");
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::Micros;

    #[test]
    fn a_sender_is_read_with_a_thai_name_or_without() {
        let named = mailbox("สาน เครือข่าย <saan@example.org>").unwrap();
        assert_eq!(named.name.as_deref(), Some("สาน เครือข่าย"));
        assert_eq!(named.email.to_string(), "saan@example.org");
        assert!(mailbox("saan@example.org").unwrap().name.is_none());
        assert!(mailbox("nobody").is_none());
        assert!(mailbox("<>").is_none());
    }

    #[test]
    fn no_line_of_a_subject_becomes_a_header() {
        let mut letter = Letter::new("k", "th", "สวัสดี\r\nBcc: everybody@example.org");
        letter.paragraphs.push("<script>".to_owned());
        let parcel = Parcel { letter: &letter, address: "a@example.org", now: Micros(0), expires_at: None };
        let from = mailbox("saan@example.org").unwrap();
        let words = written(&from, &"a@example.org".parse().unwrap(), &parcel).unwrap();
        let text = String::from_utf8(words).unwrap();
        let (head, _) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.contains("Subject: ") && head.lines().all(|line| !line.starts_with("Bcc")), "{head}");
        assert!(!html(&letter).contains("<script>"));
        assert!(!text.contains("List-Unsubscribe"), "only where there is an address for it");
    }

    #[test]
    fn settings_that_cannot_work_are_named() {
        let good = SmtpSettings {
            host: "localhost".into(),
            tls: Security::None,
            from: "a@example.org".into(),
            ..SmtpSettings::default()
        };
        assert!(Email::new(&good).is_ok());
        let half = SmtpSettings { user: Some("a".into()), ..good.clone() };
        assert!(matches!(Email::new(&half), Err(EmailError::Password)));
        assert!(matches!(Email::new(&SmtpSettings::default()), Err(EmailError::Host)));
        let nobody = SmtpSettings { from: "สาน".into(), ..good };
        assert!(matches!(Email::new(&nobody), Err(EmailError::From(_))));
    }
}
