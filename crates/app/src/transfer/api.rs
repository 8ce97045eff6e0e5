//! Bringing in, deciding on likely pairs, and taking out, for programs.

use axum::Json;
use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::ids::{ActorId, ImportId};
use utoipa::{OpenApi, ToSchema};
use web::{Asker, Problem};

use super::actions::{self, Verdict};
use super::export::Format;
use super::queries::{self, Import, merging};
use super::{MergeId, PairId, pages, personal, undo};
use crate::{App, members};

/// The description of these addresses.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(mine, imports, bring, import, map, confirm, take_back, duplicates, decide, part, export),
    components(schemas(
        PersonalData,
        ImportOf,
        Imports,
        NewImport,
        Preview,
        PreviewOf,
        Headings,
        Pair,
        Pairs,
        MergeOf,
        PairVerdict
    )),
    tags((name = "transfer"))
)]
pub struct Api;

/// Everything about you: for each table its rows, each an object. Moments are RFC 3339, days ISO 8601.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonalData {
    #[serde(flatten)]
    pub tables: Map<String, Value>,
}

/// Everything the store holds about whom you act as; how you sign in too when you act as yourself. The other side's
/// answers, and members you may not see, are not in it.
#[utoipa::path(get, path = "/api/v1/transfer/mine", tag = "transfer",
    responses((status = 200, body = PersonalData), (status = 401)))]
pub async fn mine(asker: Asker, State(app): State<App>) -> Result<Json<PersonalData>, Problem> {
    let parts = pages::all_of_mine(&asker, &app).await?;
    Ok(Json(PersonalData { tables: personal::as_json(&parts) }))
}

/// One import.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportOf {
    /// `imp_…`
    pub id: String,
    /// `waiting`, `done` or `undone`
    pub state: String,
    pub files: Vec<String>,
    /// RFC 3339
    pub created_at: String,
}

impl From<Import> for ImportOf {
    fn from(import: Import) -> Self {
        Self {
            id: import.id.to_string(),
            state: import.state,
            files: import.files.lines().map(str::to_owned).collect(),
            created_at: jiff::Timestamp::from_microsecond(import.created_at.0)
                .map_or_else(|_| String::new(), |at| at.to_string()),
        }
    }
}

/// The imports of the network, the newest first, at most twenty.
#[derive(Debug, Serialize, ToSchema)]
pub struct Imports {
    pub imports: Vec<ImportOf>,
}

/// The imports of the network you coordinate.
#[utoipa::path(get, path = "/api/v1/transfer/imports", tag = "transfer",
    responses((status = 200, body = Imports), (status = 403)))]
pub async fn imports(asker: Asker, State(app): State<App>) -> Result<Json<Imports>, Problem> {
    let (_, network) = asker.coordinator()?;
    let found = app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(queries::list(r, network)?)).await?;
    Ok(Json(Imports { imports: found.into_iter().map(ImportOf::from).collect() }))
}

/// Files as a form sends them.
#[derive(Debug, ToSchema)]
pub struct NewImport {
    /// One or several of xlsx, csv, vCard, iCalendar; 40 MiB together.
    #[schema(value_type = Vec<String>, format = Binary)]
    pub files: Vec<String>,
}

/// What an import would make, or made.
#[derive(Debug, Serialize, ToSchema)]
pub struct Preview {
    pub import: ImportOf,
    /// While it waits: each file with what it would make.
    pub files: Vec<PreviewOf>,
}

/// One file of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreviewOf {
    pub name: String,
    /// Why it cannot be read, in the reader's language.
    pub refused: Option<String>,
    /// What a person has to look at before it is written, in the reader's language: cells that a spreadsheet would run.
    /// To confirm the import takes them as text.
    pub look_at: Option<String>,
    /// As `saan import --json` reports it.
    #[schema(value_type = Option<Object>)]
    pub report: Option<Value>,
}

/// Keeps files as an import that waits for its confirmation: nothing of the network is written yet. A file that cannot
/// be read is refused, and nothing is kept. Once for an `Idempotency-Key`.
#[utoipa::path(post, path = "/api/v1/transfer/imports", tag = "transfer",
    request_body(content = NewImport, content_type = "multipart/form-data"),
    responses((status = 201, body = Preview), (status = 403), (status = 413), (status = 422)))]
pub async fn bring(
    asker: Asker,
    State(app): State<App>,
    form: Multipart,
) -> Result<(StatusCode, Json<Preview>), Problem> {
    let (_, network) = asker.coordinator()?;
    let files = pages::sent(form).await?;
    if files.is_empty() {
        return Err(Problem::invalid("files"));
    }
    let id = pages::keep(&asker, &app, network, files).await?.map_err(|sentence| {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "refused", |_| sentence.clone()).in_field("files")
    })?;
    Ok((StatusCode::CREATED, Json(preview(&asker, &app, id).await?)))
}

async fn preview(asker: &Asker, app: &App, id: ImportId) -> Result<Preview, Problem> {
    let (_, network) = asker.coordinator()?;
    let lang = asker.lang;
    let viewer = store::Viewer::System("preview of an import");
    app.house
        .read(&viewer, move |r| {
            let import = queries::find(r, network, id)?;
            let mut files = Vec::new();
            if import.state == "waiting" {
                let (_, mut intake, kept) = pages::plan(r, network, id)?;
                for (name, bytes, _) in kept {
                    let read = intake.read(&name, &bytes);
                    files.push(PreviewOf {
                        name,
                        refused: read.as_ref().err().map(|refusal| refusal.message(lang)),
                        look_at: read.as_ref().ok().and_then(|plan| pages::look_at(plan, lang)),
                        report: read.ok().map(|plan| plan.report()),
                    });
                }
            }
            Ok::<_, Problem>(Preview { import: import.into(), files })
        })
        .await
}

fn id_of(id: &str) -> Result<ImportId, Problem> {
    id.parse().map_err(|_| Problem::not_found())
}

/// One import, with what it would make while it waits.
#[utoipa::path(get, path = "/api/v1/transfer/imports/{id}", tag = "transfer", params(("id" = String, Path)),
    responses((status = 200, body = Preview), (status = 403), (status = 404)))]
pub async fn import(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Preview>, Problem> {
    asker.coordinator()?;
    Ok(Json(preview(&asker, &app, id_of(&id)?).await?))
}

/// What headings mean, remembered for the network.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct Headings {
    /// Heading to column code; an empty code leaves the column out.
    pub columns: std::collections::BTreeMap<String, String>,
}

/// Corrects what the headings of this network's lists mean; answers what the import would make now.
#[utoipa::path(put, path = "/api/v1/transfer/imports/{id}/headings", tag = "transfer", params(("id" = String, Path)),
    request_body = Headings, responses((status = 200, body = Preview), (status = 403), (status = 404), (status = 422)))]
pub async fn map(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(headings): Json<Headings>,
) -> Result<Json<Preview>, Problem> {
    let (_, network) = asker.coordinator()?;
    let id = id_of(&id)?;
    let known = |code: &String| code.is_empty() || formats::intake::Column::from_code(code).is_some();
    if headings.columns.len() > 200 || !headings.columns.values().all(known) {
        return Err(Problem::invalid("columns"));
    }
    let pairs: Vec<(String, String)> = headings.columns.into_iter().collect();
    app.house
        .write(&asker.acting(), move |w| {
            queries::find(w, network, id)?;
            actions::map(w, network, id, &pairs)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(Json(preview(&asker, &app, id).await?))
}

/// Writes an import that waits, all or nothing. A second time changes nothing.
#[utoipa::path(post, path = "/api/v1/transfer/imports/{id}/confirm", tag = "transfer", params(("id" = String, Path)),
    responses((status = 200, body = Preview), (status = 403), (status = 404)))]
pub async fn confirm(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Preview>, Problem> {
    asker.coordinator()?;
    let id = id_of(&id)?;
    pages::write_in(&asker, &app, id).await?;
    Ok(Json(preview(&asker, &app, id).await?))
}

/// Takes a whole import back. A second time changes nothing.
#[utoipa::path(post, path = "/api/v1/transfer/imports/{id}/undo", tag = "transfer", params(("id" = String, Path)),
    responses((status = 200, body = Preview), (status = 403), (status = 404)))]
pub async fn take_back(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Preview>, Problem> {
    let (_, network) = asker.coordinator()?;
    let id = id_of(&id)?;
    let (db, acting) = (app.house.database().clone(), asker.acting());
    web::on_a_thread(move || undo(&db, &acting, network, id).map_err(Problem::from)).await?;
    Ok(Json(preview(&asker, &app, id).await?))
}

/// Two members that may be one.
#[derive(Debug, Serialize, ToSchema)]
pub struct Pair {
    /// `dup_…`
    pub id: String,
    /// `mem_…`
    pub a: String,
    pub a_name: String,
    pub b: String,
    pub b_name: String,
    /// Why, as a word: `same_name_different_contact`, `shared_contact`, `partial_name`, `similar_name`, …
    pub reason: String,
}

/// Two that were made one, to be parted again.
#[derive(Debug, Serialize, ToSchema)]
pub struct MergeOf {
    /// `mrg_…`
    pub id: String,
    /// `mem_…`
    pub kept: String,
    pub kept_name: String,
    pub merged_name: String,
}

/// Open pairs, at most fifty, and the last ten that were made one.
#[derive(Debug, Serialize, ToSchema)]
pub struct Pairs {
    pub pairs: Vec<Pair>,
    pub merges: Vec<MergeOf>,
}

/// The pairs that wait for a decision in the network you coordinate.
#[utoipa::path(get, path = "/api/v1/transfer/duplicates", tag = "transfer",
    responses((status = 200, body = Pairs), (status = 403)))]
pub async fn duplicates(asker: Asker, State(app): State<App>) -> Result<Json<Pairs>, Problem> {
    let (_, network) = asker.coordinator()?;
    let found = app
        .house
        .read(&asker.viewer, move |r| {
            let name = |id: ActorId| Ok::<_, Problem>(members::names(r, &[id])?.pop());
            let mut all = Pairs { pairs: Vec::new(), merges: Vec::new() };
            for (id, a, b, reason) in merging::open(r, network)? {
                if let (Some(one), Some(other)) = (name(a)?, name(b)?) {
                    all.pairs.push(Pair {
                        id: PairId(id).to_string(),
                        a: a.to_string(),
                        a_name: one.called().to_owned(),
                        b: b.to_string(),
                        b_name: other.called().to_owned(),
                        reason,
                    });
                }
            }
            for (id, kept, merged_name) in merging::recent(r, network)? {
                if let Some(named) = name(kept)? {
                    all.merges.push(MergeOf {
                        id: MergeId(id).to_string(),
                        kept: kept.to_string(),
                        kept_name: named.called().to_owned(),
                        merged_name,
                    });
                }
            }
            Ok::<_, Problem>(all)
        })
        .await?;
    Ok(Json(found))
}

/// They are one, or they are two.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct PairVerdict {
    pub same: bool,
}

/// Settles a pair: made one, the older staying, or kept apart for good.
#[utoipa::path(post, path = "/api/v1/transfer/duplicates/{id}", tag = "transfer", params(("id" = String, Path)),
    request_body = PairVerdict, responses((status = 204), (status = 403), (status = 404)))]
pub async fn decide(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(given): Json<PairVerdict>,
) -> Result<StatusCode, Problem> {
    let (_, network) = asker.coordinator()?;
    let id: PairId = id.parse().map_err(|_| Problem::not_found())?;
    let verdict = if given.same { Verdict::One } else { Verdict::Two };
    app.house
        .write(&asker.acting(), move |w| {
            actions::decide(w, network, id.0, verdict)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Parts two that were made one.
#[utoipa::path(post, path = "/api/v1/transfer/merges/{id}/undo", tag = "transfer", params(("id" = String, Path)),
    responses((status = 204), (status = 403), (status = 404)))]
pub async fn part(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let (_, network) = asker.coordinator()?;
    let id: MergeId = id.parse().map_err(|_| Problem::not_found())?;
    app.house
        .write(&asker.acting(), move |w| {
            actions::part(w, network, id.0)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The network as you may see it, as a file.
#[utoipa::path(get, path = "/api/v1/transfer/export/{format}", tag = "transfer",
    params(("format" = String, Path, description = "xlsx, csv, json, vcf, ics, graphml, gexf or kumu")),
    responses((status = 200, description = "the file", content_type = "application/octet-stream", body = Vec<u8>),
    (status = 403), (status = 404)))]
pub async fn export(
    asker: Asker,
    state: State<App>,
    Path(format): Path<String>,
) -> Result<axum::response::Response, Problem> {
    asker.coordinator()?;
    Format::from_word(&format).ok_or_else(Problem::not_found)?;
    pages::take_out(asker, state, Path(format)).await
}
