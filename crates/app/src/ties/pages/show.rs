use askama::Template;
use axum::extract::{Path, State};
use network::vocabulary::{Outcome, TieOrigin};
use store::Reading;
use store::ids::{ActorId, TieId};
use web::{Answer, Asker, Fields, Form, Page, Place, Problem, see_other};

use super::super::actions;
use super::super::queries::{self, Tie};
use super::{channel_label, outcome_label, relation_from, state_label};
use crate::members::{self, Named};
use crate::parts::Line;
use crate::{App, Texts, dates, rhythm};

#[derive(Template)]
#[template(path = "ties/show.html")]
struct Show<'a> {
    t: Texts,
    w: web::Texts,
    tie: &'a Tie,
    subject: &'a Named,
    object: &'a Named,
    relation: &'static str,
    /// Whether anything is said of what is offered, asked and gained.
    said: bool,
    about: Vec<(&'static str, String)>,
    asked: bool,
    declined: bool,
    agreed: Option<String>,
    lapses: Option<String>,
    mine: bool,
    living: bool,
    form: &'a Form,
    rhythm: &'a str,
    room: String,
    lines: &'a [Shown],
    first: Option<First>,
}

/// A first contact made of what is offered, asked and gained: as a message, or as a call with what to say.
struct First {
    message: String,
    /// The message ready to be shared on LINE.
    line: String,
    address: String,
    phone: Option<(String, String)>,
    say: String,
}

impl First {
    fn of(t: Texts, asker: &Asker, tie: &Tie, other: &members::Profile, me: &str) -> Self {
        let mut parts = vec![t.ties_message_hello(me, other.card.called())];
        for (label, words) in [
            (t.ties_message_offer(), &tie.subject_offers),
            (t.ties_message_ask(), &tie.subject_asks),
            (t.ties_message_benefit(), &tie.benefit),
        ] {
            if !words.is_empty() {
                parts.push(format!("{label} {words}"));
            }
        }
        let say = parts.join("\n");
        let address = format!("{}/ties/{}", asker.origin, tie.id);
        let message = format!("{say}\n{} {address}", t.ties_message_answer());
        let encoded: String = form_urlencoded::byte_serialize(message.as_bytes()).collect();
        // LINE reads %20 and shows a plus as a plus
        let line = format!("https://line.me/R/share?text={}", encoded.replace('+', "%20"));
        let phone = other
            .contact_points
            .iter()
            .find(|point| point.kind == "phone")
            .map(|point| (point.value.clone(), point.shown.clone()));
        Self { message, line, address, phone, say }
    }
}

/// A line of the timeline with its day.
struct Shown {
    day: String,
    line: Line,
}

/// `GET /ties/{id}`
pub async fn show(asker: Asker, State(app): State<App>, Path(id): Path<String>) -> Answer {
    let id: TieId = id.parse().map_err(|_| Problem::not_found())?;
    let form = Form::new(asker.texts(), Fields::default());
    with_form(asker, app, id, form).await
}

/// The page of a tie, with what was typed into the answer where that was too long.
pub(super) async fn with_form(asker: Asker, app: App, id: TieId, mut form: Form) -> Answer {
    let (actor, _) = asker.member()?;
    let t = Texts(asker.lang);
    let asked = asker.clone();
    let timelines = app.timelines;
    let (tie, subject, object, about, rhythm, lines, note, agreed, first) = app
        .house
        .read(&asker.viewer, move |r| {
            let tie = queries::find(r, id)?;
            let one = |id| members::names(r, &[id])?.pop().ok_or_else(Problem::not_found);
            let (subject, object) = (one(tie.subject)?, one(tie.object)?);
            let about = about(r, &asked, &tie)?;
            let mut lines = Vec::new();
            for timeline in timelines {
                lines.extend(timeline(r, &asked, tie.subject, tie.object)?);
            }
            lines.sort_by_key(|line| std::cmp::Reverse(line.at));
            lines.truncate(60);
            let mine = tie.subject == actor || tie.object == actor;
            let rhythm = if mine { rhythm::panel(r, &asked, tie.other(actor))? } else { String::new() };
            let note = if mine { queries::note(r, id, actor)? } else { String::new() };
            let agreed = (queries::agreed(r, id)?, queries::stewards_asked(r, tie.object)?);
            let first = if tie.state == "proposed" && tie.subject == actor {
                let other = members::find(r, tie.object)?;
                Some(First::of(t, &asked, &tie, &other, subject.called()))
            } else {
                None
            };
            Ok::<_, Problem>((tie, subject, object, about, rhythm, lines, note, agreed, first))
        })
        .await?;
    form.fields.set("note", note);
    let waits = tie.object == actor && tie.state == "proposed";
    let lines: Vec<Shown> =
        lines.into_iter().map(|line| Shown { day: dates::short(line.at, asker.lang), line }).collect();
    Page::new(&asker, t.ties_between(subject.called(), object.called())).at(Place::Members).with(&Show {
        t,
        w: asker.texts(),
        relation: relation_from(t, &tie, actor),
        said: [
            &tie.subject_offers,
            &tie.subject_asks,
            &tie.benefit,
            &tie.object_offers,
            &tie.object_asks,
            &tie.object_benefit,
        ]
        .iter()
        .any(|words| !words.is_empty()),
        about,
        asked: waits && !tie.declined,
        declined: waits && tie.declined,
        agreed: (waits && agreed.1 > 1).then(|| t.ties_agreed(agreed.0, agreed.1)),
        lapses: tie.lapses_at.filter(|_| tie.state == "proposed").map(|at| dates::short(at, asker.lang)),
        mine: tie.subject == actor || tie.object == actor,
        living: matches!(tie.state.as_str(), "confirmed" | "active" | "quiet" | "dormant"),
        tie: &tie,
        subject: &subject,
        object: &object,
        form: &form,
        rhythm: &rhythm,
        room: format!("/words/tie/{id}"),
        lines: &lines,
        first,
    })
}

/// Since when, how it arose, who introduced, who confirmed: what is known of it.
fn about(r: &Reading<'_>, asker: &Asker, tie: &Tie) -> Result<Vec<(&'static str, String)>, Problem> {
    let t = Texts(asker.lang);
    let mut about = Vec::new();
    let since = match &tie.since {
        Some(since) => {
            thai::dates::PartialDate::from_iso(since).map(|date| dates::short_day(date, asker.lang))
        }
        None => tie.object_confirmed_at.map(|at| dates::short(at, asker.lang)),
    };
    about.extend(since.map(|since| (t.ties_about_since(), since)));
    let origin = match TieOrigin::ALL.iter().find(|origin| origin.word() == tie.origin) {
        Some(TieOrigin::Introduction) => t.ties_origin_introduction(),
        Some(TieOrigin::Invitation) => t.ties_origin_invitation(),
        Some(TieOrigin::Event) => t.ties_origin_event(),
        Some(TieOrigin::Import) => t.ties_origin_import(),
        Some(TieOrigin::Referral) => t.ties_origin_referral(),
        Some(TieOrigin::Self_) | None => t.ties_origin_self(),
    };
    about.push((t.ties_about_origin(), origin.to_owned()));
    if let Some(introducer) = tie.introduced_by {
        let name = members::names(r, &[introducer])?.pop();
        about.extend(name.map(|one| (t.ties_about_introduced_by(), one.called().to_owned())));
    }
    for (side, at) in [(tie.subject, tie.subject_confirmed_at), (tie.object, tie.object_confirmed_at)] {
        let Some(at) = at else { continue };
        let name = members::names(r, &[side])?.pop();
        about.extend(name.map(|one| {
            (t.ties_about_confirmed(), format!("{} · {}", one.called(), dates::short(at, asker.lang)))
        }));
    }
    Ok(about)
}

/// `GET /ties/with/{member}`: the tie of whoever asks with a member, or the way to propose one.
pub async fn between(asker: Asker, State(app): State<App>, Path(member): Path<String>) -> Answer {
    let (actor, _) = asker.member()?;
    let other: ActorId = member.parse().map_err(|_| Problem::not_found())?;
    let tie =
        app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(queries::between(r, actor, other)?)).await?;
    Ok(see_other(&match tie {
        Some(tie) => format!("/ties/{}", tie.id),
        None => format!("/ties/new?with={other}"),
    }))
}

/// `POST /ties/{id}/note`: for the side that writes it alone.
pub async fn note_submit(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    let id: TieId = id.parse().map_err(|_| Problem::not_found())?;
    let (actor, _) = asker.member()?;
    let words = fields.tidy("note");
    if words.chars().count() > 2000 {
        return Err(Problem::invalid("note"));
    }
    app.house
        .write(&asker.acting(), move |w| {
            actions::set_note(w, id, actor, &words)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(see_other(&format!("/ties/{id}")))
}

/// `POST /ties/{id}/end`
pub async fn end_submit(asker: Asker, State(app): State<App>, Path(id): Path<String>) -> Answer {
    let id: TieId = id.parse().map_err(|_| Problem::not_found())?;
    let (actor, _) = asker.member()?;
    app.house
        .write(&asker.acting(), move |w| {
            actions::end(w, id, actor).map_err(Problem::from)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(see_other(&format!("/ties/{id}")))
}

/// `POST /ties/rule`: how many of those who act for this group must agree before it does.
pub async fn rule_submit(asker: Asker, State(app): State<App>, fields: Fields) -> Answer {
    let (actor, session) = asker.member()?;
    // a person answers for themselves
    if session.person == actor {
        return Err(Problem::forbidden());
    }
    let stewards = thai::text::western_digits(fields.text("stewards")).trim().parse::<i64>();
    let stewards =
        stewards.ok().filter(|n| (1..=20).contains(n)).ok_or_else(|| Problem::invalid("stewards"))?;
    app.house
        .write(&asker.acting(), move |w| {
            actions::set_rule(w, actor, stewards)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(see_other("/ties"))
}

/// The contacts two members shared, as lines of their timeline.
///
/// # Errors
/// The database's own.
pub fn timeline(r: &Reading<'_>, asker: &Asker, one: ActorId, other: ActorId) -> Result<Vec<Line>, Problem> {
    let t = Texts(asker.lang);
    let person = r.viewer().person();
    let mut lines = Vec::new();
    for contact in queries::contacts_between(r, one, other, 50)? {
        let outcome = Outcome::from_word(&contact.outcome).filter(|outcome| *outcome != Outcome::Nothing);
        let mut words = vec![contact.summary];
        words.extend(outcome.map(|outcome| outcome_label(t, outcome).to_owned()));
        words.retain(|part| !part.is_empty());
        let own =
            contact.origin == "manual" && contact.recorded_by.is_some() && contact.recorded_by == person;
        let mut what = channel_label(t, &contact.channel).to_owned();
        if contact.direction == "outbound" {
            what = format!("{what} · {}", t.ties_log_answered_no());
        }
        lines.push(Line {
            at: contact.at,
            what,
            words: words.join(" · "),
            link: own.then(|| format!("/ties/contacts/{}", contact.id)),
            undo: own.then(|| format!("/ties/contacts/{}/undo", contact.id)),
        });
    }
    Ok(lines)
}
