//! The one client by which channels speak HTTPS: bounded patience, short answers, no redirects, certificates of the
//! system's own list. An address that a member's browser named must not lead into the operator's own network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};

use crate::Outcome;

/// Where a client may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Public addresses over https alone: what a stranger named.
    Public,
    /// Anywhere, as for an address the operator named, and in tests.
    Anywhere,
}

const PATIENCE: Duration = Duration::from_secs(30);
const CONNECTING: Duration = Duration::from_secs(10);
/// Octets of an answer that are read.
const LARGEST: u64 = 16 * 1024;

/// A client that goes as far as `reach` says.
pub fn client(reach: Reach) -> Agent {
    // a certificate of the list that cannot be read leaves one service unreachable, not all
    let certificates: Vec<Certificate<'static>> = rustls_native_certs::load_native_certs()
        .certs
        .iter()
        .map(|der| Certificate::from_der(der.as_ref()).to_owned())
        .collect();
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::Specific(Arc::new(certificates)))
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build();
    let config = Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .timeout_connect(Some(CONNECTING))
        .max_redirects(0)
        .http_status_as_error(false)
        .https_only(reach == Reach::Public)
        // a proxy would look names up itself, past the rule on addresses
        .proxy(None)
        .tls_config(tls)
        .build();
    Agent::with_parts(config, DefaultConnector::default(), Within(reach))
}

/// Looks names up and leaves out what may not be reached.
#[derive(Debug)]
struct Within(Reach);

impl Resolver for Within {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = DefaultResolver::default().resolve(uri, config, timeout)?;
        if self.0 == Reach::Anywhere {
            return Ok(found);
        }
        let mut kept = self.empty();
        for address in found.iter().filter(|address| is_public(address.ip())) {
            kept.push(*address);
        }
        if kept.is_empty() { Err(Error::HostNotFound) } else { Ok(kept) }
    }
}

/// Whether an address belongs to the open network (the special ones of RFC 6890, as far as they matter here).
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => match v6.to_ipv4() {
            // ::ffff:10.0.0.1 and ::10.0.0.1 are 10.0.0.1
            Some(v4) => is_public_v4(v4),
            None => is_public_v6(v6),
        },
    }
}

fn is_public_v4(v4: Ipv4Addr) -> bool {
    let [a, b, ..] = v4.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let measuring = a == 198 && (18..20).contains(&b);
    let special = v4.is_private()
        || v4.is_loopback()
        || v4.is_link_local()
        || v4.is_multicast()
        || v4.is_documentation();
    !(special || shared || measuring || a == 0 || a >= 240)
}

fn is_public_v6(v6: Ipv6Addr) -> bool {
    let [first, second, ..] = v6.segments();
    let within = first & 0xffc0 == 0xfe80 || first & 0xfe00 == 0xfc00 || v6.is_multicast();
    // ways that carry an IPv4 address inside: 64:ff9b::/96, 2002::/16
    let carries = (first == 0x64 && second == 0xff9b) || first == 0x2002;
    !(within || carries || v6.is_loopback() || v6.is_unspecified() || (first == 0x2001 && second == 0xdb8))
}

/// What the other side answered: status, how long it wants to be left alone in seconds, the first words of its answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub retry_after: Option<i64>,
    pub words: String,
}

/// Reads an answer.
pub fn read(mut answer: ureq::http::Response<ureq::Body>) -> Answer {
    let retry_after =
        answer.headers().get("retry-after").and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let words = answer.body_mut().with_config().limit(LARGEST).read_to_string().unwrap_or_default();
    let words = words.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect();
    Answer { status: answer.status().as_u16(), retry_after, words }
}

/// What a failure before an answer means for a letter that must not be sent twice.
pub fn failed(error: &Error) -> Outcome {
    use ureq::Timeout;
    let why = error.to_string().chars().take(300).collect::<String>();
    match error {
        Error::HostNotFound
        | Error::ConnectionFailed
        | Error::Tls(_)
        | Error::Rustls(_)
        | Error::Timeout(Timeout::Resolve | Timeout::Connect) => Outcome::Later(why),
        Error::Io(io) if io.kind() == std::io::ErrorKind::ConnectionRefused => Outcome::Later(why),
        Error::BadUri(_) | Error::Http(_) | Error::RequireHttpsOnly(_) => Outcome::Refused(why),
        _ => Outcome::Unknown(why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_operators_own_network_is_not_public() {
        for inside in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "64:ff9b::a00:1",
            "2002:a00:1::1",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["142.250.1.1", "2404:6800:4001::1", "172.32.0.1", "100.128.0.1"] {
            assert!(is_public(outside.parse().unwrap()), "{outside}");
        }
    }

    #[test]
    fn a_name_that_leads_inside_is_not_found() {
        let refused = client(Reach::Public).post("https://localhost:9/").send("x").unwrap_err();
        assert!(matches!(failed(&refused), Outcome::Later(_)), "{refused}");
        let clear = client(Reach::Public).post("http://203.0.113.1/").send("x").unwrap_err();
        assert!(matches!(failed(&clear), Outcome::Refused(_)), "{clear}");
    }
}
