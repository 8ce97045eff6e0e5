//! One's own data, to read and to take along.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse as _;
use formats::export::{self, Table};
use store::Error;
use store::ids::{AccountId, ActorId};
use web::{Answer, Asker, Page, Problem, on_a_thread};

use super::super::personal;
use crate::{App, Texts};

/// Whose data this is, and the account where it is the person's own.
fn own(asker: &Asker) -> Result<(ActorId, Option<AccountId>), Problem> {
    let (actor, session) = asker.member()?;
    Ok((actor, asker.viewer.account().filter(|_| session.person == actor)))
}

pub(in crate::transfer) async fn all(asker: &Asker, app: &App) -> Result<Vec<personal::Part>, Problem> {
    let (actor, account) = own(asker)?;
    let (db, viewer) = (app.house.database().clone(), asker.viewer.clone());
    on_a_thread(move || db.snapshot(&viewer, |r| personal::gather(r, actor, account)).map_err(Problem::from))
        .await
}

#[derive(Template)]
#[template(path = "transfer/mine.html")]
struct Mine<'a> {
    t: Texts,
    name: &'a str,
    tables: &'a [Table],
}

/// `GET /transfer/mine`: everything about the one who asks, to read.
pub async fn mine(asker: Asker, State(app): State<App>) -> Answer {
    let (_, session) = asker.member()?;
    let parts = all(&asker, &app).await?;
    let t = Texts(asker.lang);
    let tables = personal::as_tables(&parts, asker.lang);
    Page::new(&asker, t.transfer_mine_title()).with(&Mine { t, name: &session.acting_name, tables: &tables })
}

/// `GET /transfer/mine/{format}`: the same as a file.
pub async fn take_mine(asker: Asker, State(app): State<App>, Path(format): Path<String>) -> Answer {
    own(&asker)?;
    let media_type = match format.as_str() {
        "json" => "application/json",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "zip" => "application/zip",
        _ => return Err(Problem::not_found()),
    };
    let parts = all(&asker, &app).await?;
    let failed = |e: String| Problem::from(Error::Fault(e));
    let bytes = match format.as_str() {
        "json" => serde_json::to_vec_pretty(&personal::as_json(&parts)).map_err(|e| failed(e.to_string()))?,
        "xlsx" => {
            export::workbook(&personal::as_tables(&parts, asker.lang)).map_err(|e| failed(e.to_string()))?
        }
        _ => export::archive(&personal::as_tables(&parts, asker.lang)).map_err(|e| failed(e.to_string()))?,
    };
    let headers = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"saan-mine.{format}\"")),
    ];
    Ok((headers, bytes).into_response())
}
