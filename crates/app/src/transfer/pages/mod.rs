mod personal;

pub(super) use personal::all as all_of_mine;
pub use personal::{mine, take_mine};

use askama::Template;
use axum::extract::{Multipart, Path, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse as _;
use formats::Refusal;
use formats::intake::words::{column as column_word, reason as reason_word};
use formats::intake::{Column, Formulas, Intake, Known, Mapping, Options, Plan, SamePair, Source, Suggested};
use store::ids::{ActorId, ImportId};
use store::{Reading, Viewer};
use web::{Answer, Asker, Fields, Lang, Page, Place, Problem, on_a_thread, see_other};

use super::actions::{self, Verdict};
use super::export::{self, Format};
use super::queries::{self, Import, merging};
use super::{bring_in, undo};
use crate::members::{self, Named};
use crate::{App, Texts, dates};

#[derive(Template)]
#[template(path = "transfer/start.html")]
struct Start<'a> {
    t: Texts,
    lang: Lang,
    imports: &'a [Import],
    problem: Option<&'a str>,
    formats: &'static [Format],
}

/// What a form of export is good for: its name alone says nothing to whoever never met it.
const fn purpose(t: Texts, format: &Format) -> &'static str {
    match format {
        Format::Xlsx => t.transfer_export_xlsx(),
        Format::Csv => t.transfer_export_csv(),
        Format::Json => t.transfer_export_json(),
        Format::Vcf => t.transfer_export_vcf(),
        Format::Ics => t.transfer_export_ics(),
        Format::Graphml => t.transfer_export_graphml(),
        Format::Gexf => t.transfer_export_gexf(),
        Format::Kumu => t.transfer_export_kumu(),
    }
}

/// `GET /transfer`: bring in a file, or look at what was brought in.
pub async fn start(asker: Asker, State(app): State<App>) -> Answer {
    show_start(&asker, &app, None).await
}

async fn show_start(asker: &Asker, app: &App, problem: Option<&str>) -> Answer {
    let (_, network) = asker.coordinator()?;
    let imports =
        app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(queries::list(r, network)?)).await?;
    let t = Texts(asker.lang);
    let main = Start { t, lang: asker.lang, imports: &imports, problem, formats: Format::ALL };
    Page::new(asker, t.transfer_title()).at(Place::Networks).with(&main)
}

/// `POST /transfer`: keeps the files and shows what they would make. Nothing of the network is written yet.
pub async fn upload(asker: Asker, State(app): State<App>, form: Multipart) -> Answer {
    let (_, network) = asker.coordinator()?;
    let t = Texts(asker.lang);
    let files = sent(form).await?;
    if files.is_empty() {
        return show_start(&asker, &app, Some(t.transfer_no_file())).await;
    }
    match keep(&asker, &app, network, files).await? {
        Ok(id) => Ok(see_other(&format!("/transfer/{id}"))),
        Err(sentence) => show_start(&asker, &app, Some(&sentence)).await,
    }
}

/// The files of a form, each with its name.
pub(super) async fn sent(mut form: Multipart) -> Result<Vec<(String, Vec<u8>)>, Problem> {
    let mut files = Vec::new();
    while let Some(field) = form.next_field().await.map_err(|_| Problem::bad_request())? {
        let name = field.file_name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(|_| Problem::too_large())?;
        if !name.is_empty() {
            files.push((thai::text::truncate(&name, 120).into_owned(), bytes.to_vec()));
        }
    }
    Ok(files)
}

/// Keeps files as an import that waits, or says why one of them cannot be read: such a one is not kept.
pub(super) async fn keep(
    asker: &Asker,
    app: &App,
    network: ActorId,
    files: Vec<(String, Vec<u8>)>,
) -> Result<Result<ImportId, String>, Problem> {
    let lang = asker.lang;
    let (files, refused) = on_a_thread(move || {
        let mut intake =
            Intake::new(&Known::default(), Options { formulas: Formulas::AsText, ..Options::default() });
        let refused = files.iter().find_map(|(name, bytes)| {
            intake.read(name, bytes).err().map(|refusal| format!("{name}: {}", refusal.message(lang)))
        });
        Ok::<_, Problem>((files, refused))
    })
    .await?;
    if let Some(sentence) = refused {
        return Ok(Err(sentence));
    }
    let id = app
        .house
        .write(&asker.acting(), move |w| {
            let id = actions::keep(w, network, &files)?;
            Ok::<_, Problem>(w.finished(id)?)
        })
        .await?;
    Ok(Ok(id))
}

/// One file as its preview shows it.
#[derive(Debug, Default)]
struct Shown {
    name: String,
    refused: Option<String>,
    /// What has to be looked at before it is written.
    look_at: Option<String>,
    makes: Vec<String>,
    tables: Vec<ShownTable>,
    rejected: Vec<(u32, String)>,
    /// A yes of those who said no before.
    asked_again: Vec<(u32, String)>,
    left: Vec<(u32, String)>,
    warnings: Vec<(u32, String)>,
    pairs: Vec<(String, String, String)>,
    unread_sheets: Vec<(String, String)>,
}

#[derive(Debug)]
struct ShownTable {
    sheet: String,
    certain: bool,
    /// heading, code of what it means
    columns: Vec<(String, &'static str)>,
}

#[derive(Template)]
#[template(path = "transfer/preview.html")]
struct Preview<'a> {
    t: Texts,
    import: &'a Import,
    files: &'a [Shown],
    meanings: Vec<(&'static str, &'static str)>,
    writable: bool,
    done_on: String,
}

/// Plans the kept files against what the network holds now.
pub(super) fn plan(
    r: &Reading<'_>,
    network: ActorId,
    id: ImportId,
) -> Result<(Known, Intake, Files), Problem> {
    let known = queries::known(r, network)?;
    let mut mapping = Mapping::default();
    for (heading, code) in queries::remembered_mapping(r, network)? {
        mapping.set(&heading, Column::from_code(&code));
    }
    let options = Options { mapping, suggested: Suggested::Apart, formulas: Formulas::AsText };
    Ok((known.clone(), Intake::new(&known, options), queries::uploads(r, id)?))
}

type Files = Vec<(String, Vec<u8>, String)>;

/// `GET /transfer/{id}`: what would be made, or what was.
pub async fn preview(asker: Asker, State(app): State<App>, Path(id): Path<String>) -> Answer {
    let id: ImportId = id.parse().map_err(|_| Problem::not_found())?;
    let (_, network) = asker.coordinator()?;
    let lang = asker.lang;
    let (import, files) = app
        .house
        .read(&Viewer::System("preview of an import"), move |r| {
            let import = queries::find(r, network, id)?;
            let mut shown = Vec::new();
            if import.state == "waiting" {
                let (_, mut intake, files) = plan(r, network, id)?;
                for (name, bytes, _) in files {
                    shown.push(match intake.read(&name, &bytes) {
                        Ok(plan) => show(&plan, lang),
                        Err(refusal) => {
                            Shown { name, refused: Some(refusal.message(lang)), ..Shown::default() }
                        }
                    });
                }
            }
            Ok::<_, Problem>((import, shown))
        })
        .await?;
    let t = Texts(lang);
    let mut meanings = vec![("", t.transfer_leave_out())];
    meanings.extend(Column::ALL.map(|column| (column.code(), column_word(column, lang))));
    let writable = import.state == "waiting" && files.iter().all(|file| file.refused.is_none());
    let done_on = dates::short(import.created_at, lang);
    let main = Preview { t, import: &import, files: &files, meanings, writable, done_on };
    Page::new(&asker, t.transfer_preview()).at(Place::Networks).with(&main)
}

/// Why a file is not simply written: it has cells that a spreadsheet would run.
pub(super) fn look_at(plan: &Plan, lang: Lang) -> Option<String> {
    let cells = plan.formula_like.clone();
    (!cells.is_empty()).then(|| Refusal::FormulaLikeCells(cells).message(lang))
}

fn show(plan: &Plan, lang: Lang) -> Shown {
    let t = Texts(lang);
    let mut shown = Shown { name: plan.file.clone(), look_at: look_at(plan, lang), ..Shown::default() };
    let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let mut make = |n: usize, text: fn(Texts, i64) -> String| {
        if n > 0 {
            shown.makes.push(text(t, number(n)));
        }
    };
    if let Some(part) = &plan.members {
        use formats::intake::{ActorKind, Consent, IntentKind};
        let new = |kind: ActorKind| {
            part.people.actors.iter().filter(|a| a.existing.is_none() && a.kind == kind).count()
        };
        make(new(ActorKind::Person), |t, n| t.transfer_makes_persons(n));
        make(new(ActorKind::Group), |t, n| t.transfer_makes_groups(n));
        make(new(ActorKind::Organization), |t, n| t.transfer_makes_organizations(n));
        make(part.people.actors.iter().filter(|a| a.existing.is_some()).count(), |t, n| {
            t.transfer_adds_to(n)
        });
        make(part.people.memberships.iter().filter(|m| m.new).count(), |t, n| {
            t.transfer_makes_memberships(n)
        });
        let intents = |kind| part.people.intents.iter().filter(|i| i.new && i.kind == kind).count();
        make(intents(IntentKind::Offer), |t, n| t.transfer_makes_offers(n));
        make(intents(IntentKind::Need), |t, n| t.transfer_makes_needs(n));
        let pending = |a: &&formats::intake::PlannedActor| a.consent == Consent::Pending;
        make(part.people.actors.iter().filter(pending).count(), |t, n| t.transfer_pending(n));
    }
    if let Some(log) = &plan.log {
        make(log.contacts.iter().filter(|c| c.new).count(), |t, n| t.transfer_makes_contacts(n));
    }
    if let Some(ties) = &plan.ties {
        make(ties.ties.iter().filter(|tie| tie.new).count(), |t, n| t.transfer_makes_ties(n));
    }
    if let Some(activities) = &plan.activities {
        make(activities.planned.iter().filter(|a| a.new).count(), |t, n| t.transfer_makes_gatherings(n));
    }
    lists(plan, lang, &mut shown);
    shown
}

fn lists(plan: &Plan, lang: Lang, shown: &mut Shown) {
    let t = Texts(lang);
    // row 15 of which sheet, where there are several
    let sheet = |source: Source| {
        let several = plan.tables.len() > 1;
        plan.tables
            .iter()
            .find(|table| several && table.number == source.sheet)
            .map(|table| table.sheet.as_str())
    };
    let row = |source: Source, code: &str| {
        let reason = reason_word(code, lang);
        let reason = match sheet(source) {
            Some(name) => t.transfer_on_sheet(reason, name),
            None => reason.to_owned(),
        };
        (source.row, reason)
    };
    for table in &plan.tables {
        shown.tables.push(ShownTable {
            sheet: table.sheet.clone(),
            certain: table.certain,
            columns: table
                .columns
                .iter()
                .map(|(_, heading, meaning)| (heading.clone(), meaning.map_or("", Column::code)))
                .collect(),
        });
    }
    for (name, why) in &plan.sheets_not_imported {
        shown.unread_sheets.push((name.clone(), reason_word(why, lang).to_owned()));
    }
    if let Some(part) = &plan.members {
        shown.rejected.extend(part.rejected.iter().map(|r| row(r.source, r.reason)));
        let again = part.people.yes_after_no();
        shown.asked_again.extend(again.filter_map(|a| Some((a.sources.first()?.row, a.name.clone()))));
        shown.left.extend(part.people.left.iter().map(|one| (one.source.row, one.name.clone())));
        for warning in &part.warnings {
            let what = warning.what.split(':').next().unwrap_or_default();
            shown
                .warnings
                .push((warning.source.row, format!("{}: {}", reason_word(what, lang), warning.text)));
        }
        let numbered = part.people.numbered();
        let name = |no| numbered.get(&no).map(|actor| actor.name.clone()).unwrap_or_default();
        let pair = |pair: &SamePair| (name(pair.a), name(pair.b), reason_word(pair.reason, lang).to_owned());
        shown.pairs.extend(part.people.pairs.iter().chain(&part.people.organization_pairs).map(pair));
    }
    if let Some(log) = &plan.log {
        shown.rejected.extend(log.rejected.iter().map(|r| row(r.source, r.reason)));
        shown.rejected.extend(log.undecided.iter().map(|u| row(u.source, u.reason)));
    }
    if let Some(ties) = &plan.ties {
        shown.rejected.extend(ties.rejected.iter().map(|r| row(r.source, r.reason)));
        shown.rejected.extend(ties.undecided.iter().map(|u| row(u.source, u.reason)));
    }
}

/// `POST /transfer/{id}`: corrects what a heading means, or writes the import.
pub async fn confirm(asker: Asker, State(app): State<App>, Path(id): Path<String>, fields: Fields) -> Answer {
    let id: ImportId = id.parse().map_err(|_| Problem::not_found())?;
    let (_, network) = asker.coordinator()?;
    let here = format!("/transfer/{id}");
    if fields.text("do") == "map" {
        let pairs: Vec<(String, String)> = fields
            .all("heading")
            .into_iter()
            .map(str::to_owned)
            .zip(fields.all("column").into_iter().map(str::to_owned))
            .collect();
        app.house
            .write(&asker.acting(), move |w| {
                actions::map(w, network, id, &pairs)?;
                Ok::<_, Problem>(w.finished(())?)
            })
            .await?;
        return Ok(see_other(&here));
    }
    write_in(&asker, &app, id).await?;
    Ok(see_other(&here))
}

/// Plans the files of an import once more and writes them. A second time changes nothing.
pub(super) async fn write_in(asker: &Asker, app: &App, id: ImportId) -> Result<(), Problem> {
    let (_, network) = asker.coordinator()?;
    let db = app.house.database().clone();
    let acting = asker.acting();
    on_a_thread(move || {
        let (known, plans) = db.read(&Viewer::System("import"), |r| {
            // the import must be this network's
            queries::find(r, network, id)?;
            let (known, mut intake, files) = plan(r, network, id)?;
            let mut plans = Vec::new();
            for (name, bytes, _) in &files {
                plans.push(intake.read(name, bytes).map_err(|_| Problem::bad_request())?);
            }
            Ok::<_, Problem>((known, plans))
        })?;
        bring_in(&db, &acting, network, &known, &plans, Some(id)).map_err(Problem::from)
    })
    .await?;
    Ok(())
}

/// `POST /transfer/{id}/undo`
pub async fn undo_submit(asker: Asker, State(app): State<App>, Path(id): Path<String>) -> Answer {
    let id: ImportId = id.parse().map_err(|_| Problem::not_found())?;
    let (_, network) = asker.coordinator()?;
    let db = app.house.database().clone();
    let acting = asker.acting();
    on_a_thread(move || undo(&db, &acting, network, id).map_err(Problem::from)).await?;
    Ok(see_other(&format!("/transfer/{id}")))
}

/// A pair that may be one member.
#[derive(Debug)]
struct ShownPair {
    id: i64,
    a: Named,
    b: Named,
    why: String,
}

#[derive(Template)]
#[template(path = "transfer/duplicates.html")]
struct Duplicates<'a> {
    t: Texts,
    pairs: &'a [ShownPair],
    merges: &'a [(i64, Named, String)],
}

/// `GET /transfer/duplicates`
pub async fn duplicates(asker: Asker, State(app): State<App>) -> Answer {
    let (_, network) = asker.coordinator()?;
    let lang = asker.lang;
    let (pairs, merges) = app
        .house
        .read(&asker.viewer, move |r| {
            let name = |id: ActorId| Ok::<_, Problem>(members::names(r, &[id])?.pop());
            let mut pairs = Vec::new();
            for (id, a, b, reason) in merging::open(r, network)? {
                if let (Some(a), Some(b)) = (name(a)?, name(b)?) {
                    pairs.push(ShownPair { id, a, b, why: reason_word(&reason, lang).to_owned() });
                }
            }
            let mut merges = Vec::new();
            for (id, kept, merged) in merging::recent(r, network)? {
                if let Some(kept) = name(kept)? {
                    merges.push((id, kept, merged));
                }
            }
            Ok::<_, Problem>((pairs, merges))
        })
        .await?;
    let t = Texts(lang);
    Page::new(&asker, t.transfer_duplicates()).at(Place::Networks).with(&Duplicates {
        t,
        pairs: &pairs,
        merges: &merges,
    })
}

/// `POST /transfer/duplicates/{id}`: they are one, or they are two.
pub async fn decide(asker: Asker, State(app): State<App>, Path(id): Path<i64>, fields: Fields) -> Answer {
    let (_, network) = asker.coordinator()?;
    let verdict = if fields.text("same") == "yes" { Verdict::One } else { Verdict::Two };
    app.house
        .write(&asker.acting(), move |w| {
            actions::decide(w, network, id, verdict)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(see_other("/transfer/duplicates"))
}

impl From<actions::VerdictError> for Problem {
    fn from(error: actions::VerdictError) -> Self {
        match error {
            actions::VerdictError::TwoAccounts => Self::new(StatusCode::CONFLICT, "two-accounts", |lang| {
                Texts(lang).transfer_two_accounts().to_owned()
            }),
            actions::VerdictError::Store(error) => error.into(),
        }
    }
}

/// `POST /transfer/merges/{id}/undo`
pub async fn undo_merge(asker: Asker, State(app): State<App>, Path(id): Path<i64>) -> Answer {
    let (_, network) = asker.coordinator()?;
    app.house
        .write(&asker.acting(), move |w| {
            actions::part(w, network, id)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(see_other("/transfer/duplicates"))
}

/// `GET /transfer/export/{format}`: the network as the one who asks may see it.
pub async fn take_out(asker: Asker, State(app): State<App>, Path(format): Path<String>) -> Answer {
    let format = Format::from_word(&format).ok_or_else(Problem::not_found)?;
    let (_, network) = asker.coordinator()?;
    let (db, viewer, lang) = (app.house.database().clone(), asker.viewer.clone(), asker.lang);
    let bytes = on_a_thread(move || {
        let network = db.snapshot(&viewer, |r| export::gather(r, network, lang))?;
        export::write(&network, format, lang).map_err(Problem::from)
    })
    .await?;
    let (media_type, end) = format.media_type();
    let headers = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"saan.{end}\"")),
    ];
    Ok((headers, bytes).into_response())
}
