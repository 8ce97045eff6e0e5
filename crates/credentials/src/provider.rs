//! Another service's word on who somebody is: OpenID Connect by authorization code with PKCE, state and nonce (OpenID
//! Connect Core 1.0, RFC 7636, RFC 9207), LINE Login included. One answer of the service opens one sign-in that was begun
//! in the same browser, at the same service, and no other.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::keys::{Algorithm, Form};
use crate::{PublicKey, Refused, decode, encode, random, sha256};

/// A service, as the operator names it.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// In our own addresses: `line`, `municipality`; a–z, 0–9 and hyphens.
    pub name: String,
    /// On the button: LINE.
    pub label: String,
    /// `https://access.line.me`; its `/.well-known/openid-configuration` says the rest.
    pub issuer: String,
    pub client_id: String,
    pub client_secret: String,
    /// `openid profile` where nothing is named; `email` asks for the address as well.
    #[serde(default = "usual_scopes")]
    pub scopes: String,
}

fn usual_scopes() -> String {
    "openid profile".to_owned()
}

impl std::fmt::Debug for Settings {
    // the secret is for nobody's log
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings")
            .field("name", &self.name)
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

impl Settings {
    /// One sentence about what cannot be used, if anything.
    ///
    /// # Errors
    /// [`Refused`] names it.
    pub fn check(&self) -> Result<(), Refused> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.name.is_empty() || !self.name.chars().all(plain) {
            return Err(Refused("the name of a provider is made of a–z, 0–9 and hyphens"));
        }
        if !is_safe(&self.issuer) {
            return Err(Refused("the issuer of a provider is an address that begins with https://"));
        }
        if self.client_id.is_empty() || self.client_secret.is_empty() {
            return Err(Refused("a provider needs client_id and client_secret"));
        }
        Ok(())
    }
}

/// https, or this machine itself.
fn is_safe(url: &str) -> bool {
    url.starts_with("https://")
        || ["http://127.0.0.1", "http://localhost"].iter().any(|own| {
            url.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
        })
}

/// How the service is asked. Answers are JSON of bounded length; every call ends in bounded time.
pub trait Fetch: Send + Sync {
    /// GET.
    ///
    /// # Errors
    /// [`Refused`] when there is no answer that can be read.
    fn get(&self, url: &str) -> Result<Value, Refused>;

    /// POST of a form, signed in with HTTP Basic.
    ///
    /// # Errors
    /// As [`Self::get`].
    fn post(&self, url: &str, form: &[(&str, &str)]) -> Result<Value, Refused>;
}

/// What the service says of itself.
#[derive(Debug, Clone, Deserialize)]
struct Discovery {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
}

fn discover(fetch: &dyn Fetch, settings: &Settings) -> Result<Discovery, Refused> {
    let url = format!("{}/.well-known/openid-configuration", settings.issuer.trim_end_matches('/'));
    let found: Discovery = serde_json::from_value(fetch.get(&url)?)
        .map_err(|_| Refused("the service's own description cannot be read"))?;
    if found.issuer != settings.issuer {
        return Err(Refused("the service calls itself by another name"));
    }
    if ![&found.authorization_endpoint, &found.token_endpoint, &found.jwks_uri]
        .into_iter()
        .all(|url| is_safe(url))
    {
        return Err(Refused("the service names an address without https"));
    }
    Ok(found)
}

/// What is remembered between leaving for the service and coming back, on our side alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begun {
    pub provider: String,
    pub state: String,
    pub nonce: String,
    pub verifier: String,
}

/// Begins a sign-in: what to remember, and where the browser goes.
///
/// # Errors
/// [`Refused`] when the service cannot be asked.
pub fn begin(fetch: &dyn Fetch, settings: &Settings, redirect: &str) -> Result<(Begun, String), Refused> {
    let discovery = discover(fetch, settings)?;
    let begun = Begun {
        provider: settings.name.clone(),
        state: encode(&random(24)?),
        nonce: encode(&random(24)?),
        verifier: encode(&random(32)?),
    };
    let challenge = encode(&sha256(begun.verifier.as_bytes()));
    let joint = if discovery.authorization_endpoint.contains('?') { '&' } else { '?' };
    let query = query(&[
        ("response_type", "code"),
        ("client_id", &settings.client_id),
        ("redirect_uri", redirect),
        ("scope", &settings.scopes),
        ("state", &begun.state),
        ("nonce", &begun.nonce),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ]);
    Ok((begun, format!("{}{joint}{query}", discovery.authorization_endpoint)))
}

/// `a=1&b=2`, everything but letters and digits escaped.
#[must_use]
pub fn query(pairs: &[(&str, &str)]) -> String {
    let escaped = |text: &str| {
        text.bytes().fold(String::new(), |mut out, byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                out.push(char::from(byte));
            } else {
                out.push_str(&format!("%{byte:02X}"));
            }
            out
        })
    };
    pairs.iter().map(|(key, value)| format!("{key}={}", escaped(value))).collect::<Vec<_>>().join("&")
}

/// What the browser brought back.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Back {
    pub code: String,
    pub state: String,
    /// The service's name, where it says it (RFC 9207): against mixing two services up.
    pub iss: Option<String>,
    pub error: Option<String>,
}

/// Who the service says it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub issuer: String,
    pub subject: String,
    /// Only where the service says that it checked it.
    pub verified_email: Option<String>,
}

impl Identity {
    /// As it is kept: subjects are unique within a service alone.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.issuer, self.subject)
    }
}

/// Ends a sign-in: takes the code to the service and checks its word. `now` in seconds since 1970.
///
/// # Errors
/// [`Refused`] says what does not fit.
pub fn finish(
    fetch: &dyn Fetch,
    settings: &Settings,
    redirect: &str,
    begun: &Begun,
    back: &Back,
    now: i64,
) -> Result<Identity, Refused> {
    if begun.provider != settings.name {
        return Err(Refused("the answer is of another service"));
    }
    if back.state != begun.state {
        return Err(Refused("the answer is to another question"));
    }
    if back.iss.as_ref().is_some_and(|iss| *iss != settings.issuer) {
        return Err(Refused("the answer is of another service"));
    }
    if back.error.is_some() || back.code.is_empty() {
        return Err(Refused("the service did not let them in"));
    }
    let discovery = discover(fetch, settings)?;
    let answer = fetch.post(
        &discovery.token_endpoint,
        &[
            ("grant_type", "authorization_code"),
            ("code", &back.code),
            ("redirect_uri", redirect),
            ("client_id", &settings.client_id),
            ("client_secret", &settings.client_secret),
            ("code_verifier", &begun.verifier),
        ],
    )?;
    let token = answer
        .get("id_token")
        .and_then(Value::as_str)
        .ok_or(Refused("the service gave no word on who it is"))?;
    let claims = verified(fetch, settings, &discovery, token)?;
    check_claims(settings, begun, &claims, now)?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
    let subject = text("sub").filter(|sub| !sub.is_empty() && sub.len() <= 255);
    let verified = claims.get("email_verified").is_some_and(|said| said == true || said == "true");
    Ok(Identity {
        issuer: settings.issuer.clone(),
        subject: subject.ok_or(Refused("the service does not say who"))?,
        verified_email: text("email").filter(|_| verified).map(|email| email.to_lowercase()),
    })
}

/// The claims of a token whose signature is the service's (RFC 7515, compact form).
fn verified(
    fetch: &dyn Fetch,
    settings: &Settings,
    discovery: &Discovery,
    token: &str,
) -> Result<Value, Refused> {
    const BAD: Refused = Refused("the service's word cannot be read");
    let (signed, signature) = token.rsplit_once('.').ok_or(BAD)?;
    let (head, body) = signed.split_once('.').ok_or(BAD)?;
    let json = |part: &str| -> Result<Value, Refused> {
        serde_json::from_slice(&decode(part).ok_or(BAD)?).map_err(|_| BAD)
    };
    let head = json(head)?;
    let signature = decode(signature).ok_or(BAD)?;
    let algorithm: Algorithm = head
        .get("alg")
        .cloned()
        .and_then(|alg| serde_json::from_value(alg).ok())
        .ok_or(Refused("the service's word is signed in no way we take"))?;
    if head.get("crit").is_some() {
        return Err(BAD);
    }
    let right = match algorithm {
        // the secret is of this service alone, so that a public key never passes for one
        Algorithm::HS256 => {
            let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, settings.client_secret.as_bytes());
            ring::hmac::verify(&key, signed.as_bytes(), &signature).is_ok()
        }
        _ => {
            let keys = fetch.get(&discovery.jwks_uri)?;
            let wanted = head.get("kid").and_then(Value::as_str);
            keys.get("keys")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter(|key| wanted.is_none() || key.get("kid").and_then(Value::as_str) == wanted)
                .filter(|key| key.get("use").and_then(Value::as_str).is_none_or(|used| used == "sig"))
                .filter_map(|key| PublicKey::from_jwk(key).ok())
                .filter(|key| key.algorithm() == algorithm)
                .any(|key| key.verifies(signed.as_bytes(), &signature, Form::Fixed))
        }
    };
    if right { json(body) } else { Err(Refused("the signature is not the service's")) }
}

/// Clocks differ by so many seconds.
const LEEWAY: i64 = 60;

fn check_claims(settings: &Settings, begun: &Begun, claims: &Value, now: i64) -> Result<(), Refused> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    let time = |name: &str| claims.get(name).and_then(Value::as_i64);
    if text("iss") != settings.issuer {
        return Err(Refused("the word is another service's"));
    }
    let ours = |one: &Value| one.as_str() == Some(settings.client_id.as_str());
    let (meant, others) = match claims.get("aud") {
        Some(Value::Array(list)) => (list.iter().any(ours), list.len() > 1),
        Some(one) => (ours(one), false),
        None => (false, false),
    };
    let for_us = claims.get("azp").map_or(!others, ours);
    if !meant || !for_us {
        return Err(Refused("the word was meant for somebody else"));
    }
    if time("exp").is_none_or(|end| end + LEEWAY <= now) {
        return Err(Refused("the word is too old"));
    }
    if time("iat").is_none_or(|begin| begin - LEEWAY > now) {
        return Err(Refused("the word is from later than now"));
    }
    if text("nonce") != begun.nonce {
        return Err(Refused("the word is the answer to another question"));
    }
    Ok(())
}
