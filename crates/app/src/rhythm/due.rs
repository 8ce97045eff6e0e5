use std::collections::HashMap;

use network::rhythm::{
    Cadence, Candidate, Care, Day, Pauses, Prompted, Prompting, Said, Season, Source, State, Why, crowd,
    date_of, on_time, pick,
};
use network::strength::{Warmth, strength};
use store::ids::{ActorId, LabelId};
use store::{Error, Reading};
use thai::dates::PartialDate;
use web::Lang;

use super::queries::{self, CareRow, DefaultRow, LabelRow};
use super::zone::day_in;
use crate::{Texts, dates};

/// A care with what its rule says of it today.
#[derive(Debug, Clone)]
pub struct Kept {
    pub row: CareRow,
    pub care: Care,
    /// Who said how often.
    pub source: Source,
    /// Today in the holder's zone.
    pub today: Day,
    pub prompted: Prompted,
    /// They gave last, and nothing went back.
    pub gave_last: bool,
    /// There is a word to keep between the two.
    pub open_commitment: bool,
}

impl Kept {
    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> State {
        self.care.state(self.today)
    }

    /// The day to be in touch again.
    #[must_use]
    pub fn due_on(&self) -> Day {
        self.care.due(self.today)
    }

    /// Whether the question is open: keep, lengthen, hand over, let go?
    #[must_use]
    pub fn asks(&self) -> bool {
        let due = matches!(self.state(), State::Due | State::Overdue | State::Dormant);
        due && self.prompted.asks(&self.care, self.today)
    }
}

/// What networks and labels say, read once for a holder.
struct Words {
    labels: HashMap<LabelId, LabelRow>,
    given: HashMap<ActorId, Vec<LabelId>>,
    networks: HashMap<ActorId, NetworkWords>,
}

struct NetworkWords {
    defaults: Vec<DefaultRow>,
    roles: HashMap<ActorId, String>,
}

impl Words {
    fn read(r: &Reading<'_>, holder: ActorId, networks: &[ActorId]) -> Result<Self, Error> {
        let mut words = Self { labels: HashMap::new(), given: HashMap::new(), networks: HashMap::new() };
        for label in queries::labels_of(r, holder)? {
            words.labels.insert(label.id, label);
        }
        for (other, label) in queries::given_labels(r, holder)? {
            words.given.entry(other).or_default().push(label);
        }
        for network in networks {
            if words.networks.contains_key(network) {
                continue;
            }
            let defaults = queries::defaults(r, *network)?;
            let named = defaults.iter().any(|row| !row.role.is_empty() && row.role != "member");
            let roles =
                if named { queries::roles(r, *network)?.into_iter().collect() } else { HashMap::new() };
            words.networks.insert(*network, NetworkWords { defaults, roles });
        }
        Ok(words)
    }

    /// Label cadence and weight, then role, network and season.
    fn of(&self, row: &CareRow) -> (Said, f64, Option<Season>) {
        let labels: Vec<&LabelRow> =
            self.given.get(&row.other).into_iter().flatten().filter_map(|id| self.labels.get(id)).collect();
        let label = labels
            .iter()
            .filter_map(|label| Cadence::given(label.ideal, label.max))
            .min_by_key(|cadence| cadence.ideal);
        let weight = labels.iter().map(|label| label.weight).max_by(f64::total_cmp).unwrap_or(1.0);
        let mut said = Said { tie: Cadence::given(row.ideal, row.max), label, role: None, network: None };
        let Some(network) = row.network.and_then(|network| self.networks.get(&network)) else {
            return (said, weight, None);
        };
        let of_role = |role: &str| network.defaults.iter().find(|row| row.role == role);
        let cadence = |row: Option<&DefaultRow>| row.and_then(|row| Cadence::given(row.ideal, row.max));
        let role = network.roles.get(&row.other).map_or("member", String::as_str);
        said.role = cadence(of_role(role));
        let everybody = of_role("");
        said.network = cadence(everybody);
        let season = everybody.and_then(|row| row.season).and_then(|(from, to)| Season::read(from, to));
        (said, weight, season)
    }
}

fn put_together(words: &Words, row: CareRow, today: Day) -> Kept {
    let (said, weight, season) = words.of(&row);
    let (cadence, source) = said.cadence();
    let care = Care {
        id: row.id.0,
        created_on: row.created_on,
        cadence,
        weight,
        history: row.history(),
        next_fixed_on: row.next_fixed_on,
        snoozed_until: row.snoozed_until,
        pauses: Pauses { own: row.paused_from.map(|from| (from, row.paused_to)), season },
        ended: row.ended_on.is_some(),
        crowded: false,
    };
    let prompted = Prompted {
        on: row.prompted_on,
        count: u32::try_from(row.prompts).unwrap_or(0),
        locked_until: row.locked_until,
    };
    Kept { row, care, source, today, prompted, gave_last: false, open_commitment: false }
}

/// All living cares of a holder and those handed to it, as they stand today in the holder's zone.
///
/// # Errors
/// The database's own.
pub fn of_holder(r: &Reading<'_>, holder: ActorId) -> Result<Vec<Kept>, Error> {
    let rows = queries::living(r, holder)?;
    let today = day_in(&queries::zone(r, holder)?, r.now());
    let networks: Vec<ActorId> = rows.iter().filter_map(|row| row.network).collect();
    let words = Words::read(r, holder, &networks)?;
    let mut kept: Vec<Kept> = rows.into_iter().map(|row| put_together(&words, row, today)).collect();
    let mut cares: Vec<Care> = kept.iter().map(|one| one.care.clone()).collect();
    crowd(&mut cares);
    let (to_me, by_me) = queries::gave(r, holder)?;
    let back: HashMap<ActorId, i64> = by_me.into_iter().map(|(who, at)| (who, at.0)).collect();
    let last: HashMap<ActorId, i64> = to_me.into_iter().map(|(who, at)| (who, at.0)).collect();
    let promised = queries::promised(r, holder)?;
    for (one, care) in kept.iter_mut().zip(cares) {
        one.care = care;
        one.open_commitment = promised.contains(&one.row.other);
        let theirs = last.get(&one.row.other).copied();
        one.gave_last = theirs.is_some_and(|at| back.get(&one.row.other).is_none_or(|mine| *mine < at));
    }
    // whose it is keeps its own; what was handed over is looked after by the one it was handed to
    kept.retain(|one| one.row.delegate.is_none_or(|delegate| delegate == holder));
    Ok(kept)
}

/// The care of a holder toward one other, living or ended.
///
/// # Errors
/// The database's own.
pub fn kept(r: &Reading<'_>, holder: ActorId, other: ActorId) -> Result<Option<Kept>, Error> {
    let Some(row) = queries::between(r, holder, other)? else { return Ok(None) };
    let today = day_in(&queries::zone(r, holder)?, r.now());
    let networks: Vec<ActorId> = row.network.into_iter().collect();
    let words = Words::read(r, holder, &networks)?;
    Ok(Some(put_together(&words, row, today)))
}

/// How the tie of a holder to another feels, from the contacts of both sides.
///
/// # Errors
/// The database's own.
pub fn warmth(r: &Reading<'_>, holder: ActorId, other: ActorId) -> Result<Warmth, Error> {
    let zone = queries::zone(r, holder)?;
    let today = day_in(&zone, r.now());
    let half_life = kept(r, holder, other)?.map_or(90, |one| one.care.cadence.ideal);
    let heard = queries::heard(r, holder, other, None, &zone)?;
    Ok(Warmth::of(strength(&queries::felt(&heard, today), half_life)))
}

/// Somebody to be in touch with, and why.
#[derive(Debug, Clone)]
pub struct Due {
    pub kept: Kept,
    pub why: Why,
    /// Three prompts were without an answer: keep, lengthen, hand over, let go?
    pub ask: bool,
}

fn chosen(all: Vec<Kept>, gate: impl Fn(&Kept) -> Prompting) -> Vec<Due> {
    let today = all.first().map_or(0, |one| one.today);
    let candidates: Vec<Candidate> = all
        .iter()
        .map(|one| Candidate {
            care: one.care.clone(),
            prompting: gate(one),
            open_commitment: one.open_commitment,
            gave_last: one.gave_last,
        })
        .collect();
    pick(&candidates, today)
        .into_iter()
        .filter_map(|picked| {
            let kept = all.get(picked.at)?.clone();
            let ask = candidates.get(picked.at).is_some_and(|one| one.prompting == Prompting::Ask);
            Some(Due { kept, why: picked.why, ask })
        })
        .collect()
}

/// Who a holder is due to be in touch with, at most five: three by how much it presses, one long silent, one who gave
/// last. For a page that somebody opens themselves; what they dismissed stays away for its thirty days.
///
/// # Errors
/// The database's own.
pub fn due(r: &Reading<'_>, holder: ActorId) -> Result<Vec<Due>, Error> {
    Ok(chosen(of_holder(r, holder)?, |one| {
        match one.prompted.locked_until.filter(|until| one.today < *until) {
            Some(until) => Prompting::Wait(until),
            None if one.asks() => Prompting::Ask,
            None => Prompting::Now,
        }
    }))
}

/// Whom a holder may be reminded of by a message today, with the reason, at most five, and never the same matter twice
/// within its cycle. Who sends it notes it with [`super::prompted`], in the same transaction.
///
/// # Errors
/// The database's own.
pub fn to_prompt(r: &Reading<'_>, holder: ActorId) -> Result<Vec<Due>, Error> {
    Ok(chosen(of_holder(r, holder)?, |one| one.prompted.may(&one.care, one.today)))
}

/// How many of a network's cares are on time, and of how many; none where fewer than five members keep one.
///
/// # Errors
/// The database's own.
pub fn on_time_of(r: &Reading<'_>, network: ActorId) -> Result<Option<(usize, usize)>, Error> {
    let mut states = Vec::new();
    let mut holders = Vec::new();
    let rows = queries::of_network(r, network)?;
    for chunk in rows.chunk_by(|a, b| a.holder == b.holder) {
        let Some(holder) = chunk.first().map(|row| row.holder) else { continue };
        let today = day_in(&queries::zone(r, holder)?, r.now());
        let networks: Vec<ActorId> = chunk.iter().filter_map(|row| row.network).collect();
        let words = Words::read(r, holder, &networks)?;
        holders.push(holder);
        states.extend(chunk.iter().map(|row| put_together(&words, row.clone(), today).state()));
    }
    let (on_time, active) = on_time(&states);
    Ok((holders.len() >= 5 && active > 0).then_some((on_time, active)))
}

/// A day as people write it.
#[must_use]
pub fn day_label(day: Day, lang: Lang) -> String {
    dates::short_day(PartialDate::Day(date_of(day)), lang)
}

/// Why somebody is due, in one sentence.
#[must_use]
pub fn reason(t: Texts, due: &Due) -> String {
    if due.ask {
        return t.rhythm_why_ask().to_owned();
    }
    let (care, today) = (&due.kept.care, due.kept.today);
    let last = care.history.touch.map(|touch| day_label(touch.on, t.0));
    match due.why {
        Why::Reciprocity => return t.rhythm_why_gave().to_owned(),
        Why::Dormant => return t.rhythm_why_dormant(last.unwrap_or_default()),
        Why::Due => {}
    }
    if let Some(fixed) = care.next_fixed_on.filter(|fixed| *fixed <= today) {
        return t.rhythm_why_fixed(day_label(fixed, t.0));
    }
    let Some(last) = last else { return t.rhythm_why_new().to_owned() };
    match due.kept.state() {
        State::Overdue => t.rhythm_why_overdue(last, today - care.late(today)),
        _ => t.rhythm_why_due(last, care.cadence.ideal),
    }
}
