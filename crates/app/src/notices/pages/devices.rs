//! Devices that show what concerns one: allowed on the device itself, taken back from anywhere.

use axum::extract::{Path, State};
use store::sessions;
use web::{Answer, Asker, Fields, Problem, see_other};

use super::super::actions;
use crate::{App, dates};

/// A device in the list.
#[derive(Debug)]
pub struct DeviceLine {
    pub id: post::SubscriptionId,
    pub device: String,
    pub since: String,
    /// Whether it is the one that asks.
    pub own: bool,
}

/// The devices of an account, as the page shows them.
pub fn device_lines(asker: &Asker, rows: &[post::DeviceRow]) -> Vec<DeviceLine> {
    let own = asker.secret.as_deref().map(store::sessions::hash).unwrap_or_default();
    rows.iter()
        .map(|row| DeviceLine {
            id: row.id,
            device: called(&row.device),
            since: dates::short(row.since, asker.lang),
            own: row.session == own,
        })
        .collect()
}

/// "Chrome · Android", from what a browser says of itself; that, cut, where it names nothing known.
fn called(agent: &str) -> String {
    // whoever imitates another stands before it
    let browsers = [
        ("Line/", "LINE"),
        ("Edg/", "Edge"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    let systems = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "Mac"),
        ("Linux", "Linux"),
    ];
    let find = |known: &[(&str, &'static str)]| {
        known.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name)
    };
    match (find(&browsers), find(&systems)) {
        (Some(browser), Some(system)) => format!("{browser} · {system}"),
        _ => agent.chars().take(60).collect(),
    }
}

/// `POST /notices/devices`: this device is told things from now on, as long as its session lasts.
pub async fn subscribe(asker: Asker, State(app): State<App>, fields: Fields) -> Answer {
    let (_, session) = asker.member()?;
    let person = session.person;
    if app.house.setup.push.is_none() {
        return Err(Problem::not_found());
    }
    let hash = asker.secret.as_deref().map(sessions::hash).ok_or_else(Problem::sign_in)?;
    let device = post::Subscription {
        endpoint: fields.text("endpoint").to_owned(),
        p256dh: fields.text("p256dh").to_owned(),
        auth: fields.text("auth").to_owned(),
    };
    if !device.is_usable() {
        return Err(Problem::bad_request());
    }
    app.house
        .write(&asker.acting(), move |w| {
            actions::subscribe(w, person, &hash, &device)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(see_other("/notices/settings?saved=1"))
}

/// `POST /notices/devices/{id}/remove`
pub async fn unsubscribe(asker: Asker, State(app): State<App>, Path(id): Path<String>) -> Answer {
    let (_, session) = asker.member()?;
    let account = session.account;
    let id = id.parse().map_err(|_| Problem::not_found())?;
    app.house
        .write(&asker.acting(), move |w| {
            actions::unsubscribe(w, account, id)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(see_other("/notices/settings?saved=1"))
}

#[cfg(test)]
mod tests {
    use super::called;

    #[test]
    fn a_device_is_called_by_its_browser_and_system() {
        let android = "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) \
                       Chrome/131.0.0.0 Mobile Safari/537.36";
        assert_eq!(called(android), "Chrome · Android");
        assert_eq!(
            called(&android.replace("Chrome/", "SamsungBrowser/27.0 Chrome/")),
            "Samsung Internet · Android"
        );
        let iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                      Version/18.1 Mobile/15E148 Safari/604.1";
        assert_eq!(called(iphone), "Safari · iPhone");
        assert_eq!(called("curl/8"), "curl/8");
        assert_eq!(called(&"ก".repeat(99)).chars().count(), 60);
    }
}
