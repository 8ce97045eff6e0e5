//! Who asks: from a cookie or an access token to a [`Viewer`], once a request.

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;
use store::ids::ActorId;
use store::sessions::{self, Secret, Session};
use store::{Acting, Through, Viewer};
use thai::Lang;

use crate::{House, Problem, Texts, cookies, device};

/// Who asks, in which language, and what the page says about them.
#[derive(Debug, Clone)]
pub struct Asker {
    pub viewer: Viewer,
    pub lang: Lang,
    /// What the session says, when somebody is signed in.
    pub session: Option<Arc<Session>>,
    /// The cookie's or token's secret.
    pub secret: Option<String>,
    /// An access token's scopes; a cookie may do whatever its person may.
    pub scopes: Option<String>,
    /// The reserved `Idempotency-Key` under which this was asked for.
    pub key: Option<Arc<str>>,
    /// The address the request came from, behind proxies that are trusted.
    pub address: IpAddr,
    /// For a member without an account, whose words somebody writes down.
    pub on_behalf_of: Option<ActorId>,
    /// For how many microseconds this form waited on its device; 0 for one that did not.
    pub waited: i64,
    /// The path and query asked for, to come back to.
    pub path: String,
    /// `https://host` as the browser sees it.
    pub origin: String,
}

impl Asker {
    /// The page's texts.
    #[must_use]
    pub const fn texts(&self) -> Texts {
        Texts(self.lang)
    }

    /// The member whose eyes these are.
    #[must_use]
    pub const fn actor(&self) -> Option<ActorId> {
        self.viewer.actor()
    }

    /// The network whose pages are shown.
    #[must_use]
    pub fn network(&self) -> Option<ActorId> {
        self.session.as_ref().and_then(|session| session.network)
    }

    /// Whether they coordinate the network whose pages are shown.
    #[must_use]
    pub fn coordinates(&self) -> bool {
        self.session.as_ref().is_some_and(|session| session.coordinator)
    }

    /// How a write of theirs is journalled.
    #[must_use]
    pub fn acting(&self) -> Acting {
        let through = if self.scopes.is_some() { Through::Api } else { Through::Page };
        Acting {
            key: self.key.clone(),
            on_behalf_of: self.on_behalf_of,
            ..Acting::new(self.viewer.clone(), through)
        }
    }

    /// The member who is signed in, or the way to sign in.
    ///
    /// # Errors
    /// [`Problem::sign_in`] for somebody we do not know.
    pub fn member(&self) -> Result<(ActorId, &Session), Problem> {
        match (self.viewer.actor(), &self.session) {
            (Some(actor), Some(session)) => Ok((actor, session)),
            _ => Err(Problem::sign_in()),
        }
    }

    /// The member and the network whose pages are shown.
    ///
    /// # Errors
    /// [`Problem::sign_in`]; [`Problem::not_found`] for somebody who is in no network.
    pub fn member_and_network(&self) -> Result<(ActorId, ActorId), Problem> {
        let (actor, session) = self.member()?;
        Ok((actor, session.network.ok_or_else(Problem::not_found)?))
    }

    /// The network they coordinate.
    ///
    /// # Errors
    /// [`Problem::sign_in`], or [`Problem::forbidden`] for those who do not coordinate it.
    pub fn coordinator(&self) -> Result<(ActorId, ActorId), Problem> {
        let (actor, network) = self.member_and_network()?;
        if self.coordinates() { Ok((actor, network)) } else { Err(Problem::forbidden()) }
    }
}

/// The header by which a program says for which member it speaks, one its person acts for.
const ACT_AS: &str = "act-as";

/// Finds out who asks before any handler runs.
///
/// # Errors
/// A problem page when the store cannot be read.
pub async fn identify(State(house): State<House>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<std::net::SocketAddr>>().map(|info| info.0.ip());
    let headers = request.headers();
    let (address, secure) = seen_through_proxies(headers, peer, &house.setup.trusted_proxies);
    let host = headers.get(header::HOST).and_then(|h| h.to_str().ok()).unwrap_or("localhost").to_owned();
    let origin = house
        .setup
        .public_url
        .clone()
        .unwrap_or_else(|| format!("{}://{host}", if secure { "https" } else { "http" }));
    let path = request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
    let chosen = cookies::get(headers, cookies::LANGUAGE).and_then(|tag| Lang::from_tag(&tag));
    // pages are Thai until somebody chooses; a program says in each request what it reads
    let chosen = chosen.or_else(|| wanted(headers).filter(|_| path.starts_with("/api/")));
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .map(str::to_owned);
    let cookie = cookies::get(headers, cookies::SESSION);
    // a program says in each request for whom it speaks; a browser's session remembers it
    let acts_as = headers.get(ACT_AS).map(|value| value.to_str().ok().and_then(|id| id.parse().ok()));
    let mut asker = Asker {
        viewer: Viewer::Anonymous,
        lang: chosen.unwrap_or_default(),
        session: None,
        secret: None,
        scopes: None,
        key: None,
        on_behalf_of: None,
        waited: device::waited(headers),
        address,
        path,
        origin,
    };
    if let Some(secret) = bearer.clone().or(cookie) {
        let asked = secret.clone();
        let by_token = bearer.is_some();
        let found = house
            .read(&Viewer::System("sessions"), move |r| {
                if by_token {
                    let found = sessions::find_token(r, &asked, acts_as.flatten())?;
                    return Ok(found.map(|(session, scopes)| (session, Some(scopes))));
                }
                Ok::<_, store::Error>(sessions::find(r, &asked)?.map(|session| (session, None)))
            })
            .await;
        match found {
            // an id that is none, and somebody the person does not act for, are answered alike
            Ok(Some((session, Some(_)))) if acts_as.is_some_and(|id| id != Some(session.acting_as)) => {
                return Problem::forbidden().into_answer(&asker);
            }
            Ok(Some((session, scopes))) => {
                if session.wants_touch(house.database().now()) {
                    let secret = secret.clone();
                    house.used(if by_token { Secret::Token(secret) } else { Secret::Session(secret) });
                }
                asker.viewer = session.viewer();
                asker.lang = chosen.or_else(|| Lang::from_tag(&session.lang)).unwrap_or_default();
                asker.session = Some(Arc::new(session));
                asker.secret = Some(secret);
                asker.scopes = scopes;
            }
            Ok(None) if by_token => return Problem::sign_in().into_answer(&asker),
            Ok(None) => {}
            Err(error) => return Problem::from(error).into_answer(&asker),
        }
    }
    // what somebody else wrote on this device is not sent in this one's name
    if !device::is_meant_for(request.headers(), asker.session.as_deref()) {
        return Problem::another_person().into_answer(&asker);
    }
    request.extensions_mut().insert(asker.clone());
    let response = next.run(request).await;
    let mut response = crate::problem::shown(response, &asker).await;
    if let Some(mark) = asker.session.as_deref().and_then(device::mark) {
        response.headers_mut().insert(device::FOR, mark);
    }
    response
}

/// The first of our languages by what `Accept-Language` prefers (RFC 9110 §12.5.4).
fn wanted(headers: &HeaderMap) -> Option<Lang> {
    let asked = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut best: Option<(f32, Lang)> = None;
    for part in asked.split(',').take(20) {
        let mut pieces = part.split(';');
        let Some(lang) = pieces.next().and_then(|tag| Lang::from_tag(tag.trim())) else { continue };
        let weight = pieces.find_map(|piece| piece.trim().strip_prefix("q=")?.parse().ok()).unwrap_or(1.0);
        if weight > best.map_or(0.0, |(most, _)| most) {
            best = Some((weight, lang));
        }
    }
    best.map(|(_, lang)| lang)
}

/// The address and scheme the browser used. A forwarded header counts only from a proxy that was named in the
/// settings: anybody else could write into it what they like.
fn seen_through_proxies(headers: &HeaderMap, peer: Option<IpAddr>, trusted: &[IpAddr]) -> (IpAddr, bool) {
    let peer = peer.unwrap_or(IpAddr::from([127, 0, 0, 1]));
    if !trusted.contains(&peer) {
        return (peer, false);
    }
    let secure = headers.get("x-forwarded-proto").is_some_and(|value| value == "https");
    // the rightmost address that is not a proxy of ours: what stands left of it is the client's own claim
    let forwarded = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|part| part.trim().parse::<IpAddr>().ok())
        .collect::<Vec<_>>();
    let client = forwarded.into_iter().rev().find(|address| !trusted.contains(address)).unwrap_or(peer);
    (client, secure)
}

impl<S: Send + Sync> FromRequestParts<S> for Asker {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_else(|| Self {
            viewer: Viewer::Anonymous,
            lang: Lang::default(),
            session: None,
            secret: None,
            scopes: None,
            key: None,
            on_behalf_of: None,
            waited: 0,
            address: IpAddr::from([127, 0, 0, 1]),
            path: parts.uri.to_string(),
            origin: String::new(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_most_wanted_of_ours_is_taken() {
        let lang = |asked: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, asked.parse().unwrap());
            wanted(&headers)
        };
        assert_eq!(lang("en"), Some(Lang::English));
        assert_eq!(lang("en-GB,en;q=0.9,th;q=0.8"), Some(Lang::English));
        assert_eq!(lang("fr, en;q=0.2, th;q=0.7"), Some(Lang::Thai));
        assert_eq!(lang("en;q=0, fr"), None);
    }

    #[test]
    fn a_forwarded_address_counts_only_from_a_trusted_proxy() {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "6.6.6.6, 203.0.113.9, 10.0.0.2".parse().unwrap());
        headers.insert("x-forwarded-proto", "https".parse().unwrap());
        let proxy: IpAddr = "10.0.0.1".parse().unwrap();
        let inner: IpAddr = "10.0.0.2".parse().unwrap();
        let stranger: IpAddr = "198.51.100.7".parse().unwrap();
        let trusted = [proxy, inner];
        assert_eq!(seen_through_proxies(&headers, Some(stranger), &trusted), (stranger, false));
        assert_eq!(
            seen_through_proxies(&headers, Some(proxy), &trusted),
            ("203.0.113.9".parse().unwrap(), true)
        );
    }
}
