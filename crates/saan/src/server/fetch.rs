//! The one client that asks other services over HTTPS: for sign-in by their word. Short patience, short answers, no
//! redirects, certificates of the system's own list.

use std::sync::Arc;
use std::time::Duration;

use credentials::Refused;
use credentials::provider::Fetch;
use serde_json::Value;
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

const PATIENCE: Duration = Duration::from_secs(10);
const LARGEST: u64 = 512 * 1024;
const SILENT: Refused = Refused("the service does not answer as it should");

/// Asks over the network.
#[derive(Debug, Clone)]
pub struct Client(Agent);

impl Default for Client {
    fn default() -> Self {
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
        let config = Agent::config_builder().timeout_global(Some(PATIENCE)).max_redirects(0).tls_config(tls);
        Self(config.build().into())
    }
}

fn read(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Value, Refused> {
    let failed = |error: ureq::Error| {
        tracing::warn!("provider: {error}");
        SILENT
    };
    let mut answer = answer.map_err(failed)?;
    let text = answer.body_mut().with_config().limit(LARGEST).read_to_string().map_err(failed)?;
    serde_json::from_str(&text).map_err(|_| SILENT)
}

impl Fetch for Client {
    fn get(&self, url: &str) -> Result<Value, Refused> {
        read(self.0.get(url).call())
    }

    fn post(&self, url: &str, form: &[(&str, &str)]) -> Result<Value, Refused> {
        read(self.0.post(url).header("accept", "application/json").send_form(form.iter().copied()))
    }
}
