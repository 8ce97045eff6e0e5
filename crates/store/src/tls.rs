//! How the way to PostgreSQL is protected, as its address says: `?sslmode=` is `disable`, `prefer` (without it: no TLS),
//! `require` or `verify-full`, and `&sslrootcert=` the file of the certificates that are trusted, in place of the
//! system's.
//!
//! Unlike libpq, `require` checks the server's certificate as `verify-full` does: a connection that anybody in between
//! could open is protected from nobody. Modes that would encrypt without checking the name are refused in a sentence.

use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::Error;

/// An address taken apart: what the driver reads, and the keeper of the way where there is one.
pub struct Way {
    pub url: String,
    pub tls: Option<MakeRustlsConnect>,
}

impl Way {
    /// Reads an address.
    ///
    /// # Errors
    /// [`Error::Open`] for a mode that is not offered, or roots that cannot be read.
    pub fn read(url: &str) -> Result<Self, Error> {
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let (mut mode, mut roots) = (String::new(), None);
        let mut rest = Vec::new();
        for part in query.split('&').filter(|part| !part.is_empty()) {
            match part.split_once('=') {
                Some(("sslmode", value)) => mode = decoded(value)?,
                Some(("sslrootcert", value)) => roots = Some(decoded(value)?),
                _ => rest.push(part.to_owned()),
            }
        }
        let tls = match mode.as_str() {
            "" | "disable" | "prefer" if roots.is_some() => {
                return Err(Error::Open("sslrootcert needs sslmode=verify-full".to_owned()));
            }
            "" | "disable" | "prefer" => None,
            "require" | "verify-full" => Some(MakeRustlsConnect::new(config(roots.as_deref())?)),
            other => {
                return Err(Error::Open(format!(
                    "sslmode={other} is not offered: use disable, require or verify-full"
                )));
            }
        };
        rest.push(format!("sslmode={}", if tls.is_some() { "require" } else { "disable" }));
        Ok(Self { url: format!("{base}?{}", rest.join("&")), tls })
    }
}

/// `%2F` and the like back to what they stand for.
fn decoded(text: &str) -> Result<String, Error> {
    let wrong = || Error::Open(format!("“{text}” in the database address is not readable"));
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|b| char::from(b).to_digit(16)).ok_or_else(wrong);
        let value = digit()? * 16 + digit()?;
        bytes.push(u8::try_from(value).map_err(|_| wrong())?);
    }
    String::from_utf8(bytes).map_err(|_| wrong())
}

fn config(roots: Option<&str>) -> Result<ClientConfig, Error> {
    let mut store = RootCertStore::empty();
    match roots {
        Some(path) if path != "system" => {
            let unreadable = |why: String| Error::Open(format!("sslrootcert {path}: {why}"));
            let found =
                CertificateDer::pem_file_iter(Path::new(path)).map_err(|e| unreadable(e.to_string()))?;
            for certificate in found {
                let certificate = certificate.map_err(|e| unreadable(e.to_string()))?;
                store.add(certificate).map_err(|e| unreadable(e.to_string()))?;
            }
            if store.is_empty() {
                return Err(unreadable("no certificate stands in this file".to_owned()));
            }
        }
        _ => {
            let found = rustls_native_certs::load_native_certs();
            store.add_parsable_certificates(found.certs);
            if store.is_empty() {
                return Err(Error::Open(
                    "this system has no trusted certificates: name some by sslrootcert".to_owned(),
                ));
            }
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| Error::Open(e.to_string()))?;
    Ok(config.with_root_certificates(store).with_no_client_auth())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(url: &str) -> String {
        match Way::read(url) {
            Err(Error::Open(why)) => why,
            Err(other) => panic!("{other}"),
            Ok(way) => panic!("{} was taken", way.url),
        }
    }

    #[test]
    fn an_address_without_tls_goes_to_the_driver_as_it_is() {
        let way = Way::read("postgres://saan@db/saan").unwrap();
        assert_eq!((way.url.as_str(), way.tls.is_none()), ("postgres://saan@db/saan?sslmode=disable", true));
        let way = Way::read("postgres://saan@db/saan?connect_timeout=5&sslmode=disable").unwrap();
        assert_eq!(way.url, "postgres://saan@db/saan?connect_timeout=5&sslmode=disable");
    }

    #[test]
    fn what_protects_from_nobody_is_refused() {
        assert!(refused("postgres://db/saan?sslmode=verify-ca").contains("verify-full"));
        assert!(refused("postgres://db/saan?sslrootcert=/tmp/ca.pem").contains("sslmode=verify-full"));
        assert!(refused("postgres://db/saan?sslmode=%zz").contains("not readable"));
    }

    #[test]
    fn roots_that_cannot_be_read_are_named() {
        let why = refused("postgres://db/saan?sslmode=verify-full&sslrootcert=%2Fno%2Fsuch.pem");
        assert!(why.starts_with("sslrootcert /no/such.pem: "), "{why}");
        let empty = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        let why = refused(&format!("postgres://db/saan?sslmode=require&sslrootcert={empty}"));
        assert!(why.contains("no certificate"), "{why}");
    }
}
