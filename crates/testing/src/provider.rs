//! A service that says who somebody is, as OpenID Connect and LINE Login do: real HTTP, real signatures, and every wrong
//! answer a test asks for.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};

/// How an answer is wrong, or how it is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Says {
    #[default]
    TheTruth,
    /// Signed with the secret (HS256), as LINE does for web apps.
    BySecret,
    AnotherNonce,
    AnotherAudience,
    /// Ours among several, and handed out to another.
    AnotherParty,
    AnotherIssuer,
    Expired,
    FromTomorrow,
    /// Signed by a key that is not published.
    ForeignKey,
    /// `alg: none` and no signature.
    Unsigned,
    /// HS256 with the published key as the secret.
    PublicKeyAsSecret,
}

#[derive(Debug, Clone)]
struct Granted {
    nonce: String,
    challenge: String,
    redirect: String,
    subject: String,
    email: Option<String>,
    says: Says,
}

#[derive(Debug)]
struct State {
    keys: EcdsaKeyPair,
    foreign: EcdsaKeyPair,
    granted: HashMap<String, Granted>,
}

/// The service, on a free port, as long as the test runs.
#[derive(Debug, Clone)]
pub struct Provider {
    pub issuer: String,
    /// Seconds since 1970 by which its words are dated.
    now: i64,
    state: Arc<Mutex<State>>,
}

pub const CLIENT: &str = "saan-test";
pub const SECRET: &str = "a secret of thirty-two letters...";

#[expect(clippy::expect_used, reason = "a test without its peer has failed")]
fn new_keys() -> EcdsaKeyPair {
    let random = SystemRandom::new();
    let how = &ECDSA_P256_SHA256_FIXED_SIGNING;
    let document = EcdsaKeyPair::generate_pkcs8(how, &random).expect("a key");
    EcdsaKeyPair::from_pkcs8(how, document.as_ref(), &random).expect("a key")
}

impl Provider {
    /// Starts it; its clock stands at this second.
    ///
    /// # Panics
    /// When no port is free.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a test without its peer has failed")]
    pub fn start(now: i64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let issuer = format!("http://{}", listener.local_addr().expect("its address"));
        let state = State { keys: new_keys(), foreign: new_keys(), granted: HashMap::new() };
        let provider = Self { issuer, now, state: Arc::new(Mutex::new(state)) };
        let served = provider.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let _ = served.answer(stream);
            }
        });
        provider
    }

    /// As an operator would set it up.
    #[must_use]
    pub fn settings(&self, name: &str) -> credentials::provider::Settings {
        credentials::provider::Settings {
            name: name.to_owned(),
            label: name.to_uppercase(),
            issuer: self.issuer.clone(),
            client_id: CLIENT.to_owned(),
            client_secret: SECRET.to_owned(),
            scopes: "openid email".to_owned(),
        }
    }

    /// Somebody says yes at the page where Saan sent them; answers the path and query with which the browser comes back.
    ///
    /// # Panics
    /// When the address is not what the standard asks for.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a test whose premise fails has failed")]
    pub fn says_yes(&self, sent_to: &str, subject: &str, email: Option<&str>, says: Says) -> String {
        let query = sent_to.strip_prefix(&format!("{}/authorize?", self.issuer)).expect("our own address");
        let asked = form(query);
        let get = |name: &str| asked.get(name).cloned().unwrap_or_default();
        assert_eq!((get("response_type"), get("code_challenge_method")), ("code".into(), "S256".into()));
        assert_eq!(get("client_id"), CLIENT);
        let redirect = get("redirect_uri");
        let mut state = self.state();
        let code = format!("code-{}", state.granted.len());
        let granted = Granted {
            nonce: get("nonce"),
            challenge: get("code_challenge"),
            redirect: redirect.clone(),
            subject: subject.to_owned(),
            email: email.map(str::to_owned),
            says,
        };
        state.granted.insert(code.clone(), granted);
        let path = redirect.splitn(4, '/').nth(3).expect("an absolute address").to_owned();
        let state_word = get("state");
        let back =
            credentials::provider::query(&[("code", &code), ("state", &state_word), ("iss", &self.issuer)]);
        format!("/{path}?{back}")
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut out = stream.try_clone()?;
        let mut reader = BufReader::new(stream);
        let mut first = String::new();
        reader.read_line(&mut first)?;
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            if line.trim().is_empty() {
                break;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let path = first.split(' ').nth(1).unwrap_or_default();
        let said = match path {
            "/.well-known/openid-configuration" => Some(json!({
                "issuer": self.issuer,
                "authorization_endpoint": format!("{}/authorize", self.issuer),
                "token_endpoint": format!("{}/token", self.issuer),
                "jwks_uri": format!("{}/keys", self.issuer),
            })),
            "/keys" => Some(json!({ "keys": [self.public_key()] })),
            "/token" => self.token(&form(&String::from_utf8_lossy(&body))),
            _ => None,
        };
        let status = if said.is_some() { "200 OK" } else { "400 Bad Request" };
        let said = said.unwrap_or_else(|| json!({ "error": "invalid_grant" })).to_string();
        write!(
            out,
            "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{said}",
            said.len()
        )
    }

    fn public_key(&self) -> Value {
        let state = self.state();
        let point = state.keys.public_key().as_ref();
        let (x, y) = point.split_at(1).1.split_at(32);
        json!({ "kty": "EC", "crv": "P-256", "use": "sig", "kid": "one",
                "x": credentials::encode(x), "y": credentials::encode(y) })
    }

    /// The word for a code, once, for whom it was granted.
    fn token(&self, asked: &HashMap<String, String>) -> Option<Value> {
        let get = |name: &str| asked.get(name).cloned().unwrap_or_default();
        let granted = self.state().granted.remove(&get("code"))?;
        let proved = credentials::encode(&credentials::sha256(get("code_verifier").as_bytes()));
        let right = proved == granted.challenge
            && get("redirect_uri") == granted.redirect
            && get("client_id") == CLIENT
            && get("client_secret") == SECRET
            && get("grant_type") == "authorization_code";
        right.then(
            || json!({ "access_token": "none", "token_type": "Bearer", "id_token": self.signed(&granted) }),
        )
    }

    fn signed(&self, granted: &Granted) -> String {
        let now = self.now;
        let mut claims = json!({
            "iss": self.issuer, "aud": CLIENT, "sub": granted.subject, "nonce": granted.nonce,
            "iat": now, "exp": now + 600,
        });
        let mut put = |name: &str, value: Value| {
            if let Some(map) = claims.as_object_mut() {
                map.insert(name.to_owned(), value);
            }
        };
        if let Some(email) = &granted.email {
            put("email", json!(email));
            put("email_verified", json!(true));
        }
        match granted.says {
            Says::AnotherNonce => put("nonce", json!("another")),
            Says::AnotherAudience => put("aud", json!("another")),
            Says::AnotherParty => {
                put("aud", json!([CLIENT, "another"]));
                put("azp", json!("another"));
            }
            Says::AnotherIssuer => put("iss", json!("https://another.example")),
            Says::Expired => put("exp", json!(now - 120)),
            Says::FromTomorrow => put("iat", json!(now + 86_400)),
            _ => {}
        }
        let alg = match granted.says {
            Says::BySecret | Says::PublicKeyAsSecret => "HS256",
            Says::Unsigned => "none",
            _ => "ES256",
        };
        let part = |value: &Value| credentials::encode(value.to_string().as_bytes());
        let text = format!("{}.{}", part(&json!({ "alg": alg, "kid": "one", "typ": "JWT" })), part(&claims));
        format!("{text}.{}", credentials::encode(&self.signature(granted.says, text.as_bytes())))
    }

    #[expect(clippy::expect_used, reason = "a test without its peer has failed")]
    fn signature(&self, says: Says, text: &[u8]) -> Vec<u8> {
        let by_secret = |secret: &[u8]| {
            let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret);
            ring::hmac::sign(&key, text).as_ref().to_vec()
        };
        let state = self.state();
        let keys = if says == Says::ForeignKey { &state.foreign } else { &state.keys };
        match says {
            Says::Unsigned => Vec::new(),
            Says::BySecret => by_secret(SECRET.as_bytes()),
            Says::PublicKeyAsSecret => by_secret(state.keys.public_key().as_ref()),
            _ => keys.sign(&SystemRandom::new(), text).expect("a signature").as_ref().to_vec(),
        }
    }
}

/// `a=1&b=%32` to its pairs.
fn form(text: &str) -> HashMap<String, String> {
    let unescaped = |part: &str| {
        let mut bytes = Vec::new();
        let mut rest = part.bytes();
        while let Some(byte) = rest.next() {
            bytes.push(match byte {
                b'+' => b' ',
                b'%' => {
                    let hex: String =
                        [rest.next(), rest.next()].into_iter().flatten().map(char::from).collect();
                    u8::from_str_radix(&hex, 16).unwrap_or(b'?')
                }
                other => other,
            });
        }
        String::from_utf8_lossy(&bytes).into_owned()
    };
    text.split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(key, value)| (unescaped(key), unescaped(value)))
        .collect()
}
