use network::telling::{Channel, Choice, Scope, Topic, When, silenced, when};
use store::ids::ActorId;
use store::journal::{Act, Entry};
use store::{Error, Micros, Reading, Writing, sessions};

use super::hours::Hours;
use super::queries::{self, choices, letters};

/// Tells a member what happened: `kind` names the feature and what it is (`giving.reply`), `object` what it is about,
/// `about` who did it, `words` a title or a sentence to quote. Nobody is told what they did themselves. Whether it
/// stands in the list and when a letter about it is due follows from what they chose; both are written here, in the
/// transaction in which it happened.
///
/// # Errors
/// The database's own.
pub fn tell(
    w: &mut Writing<'_>,
    actor: ActorId,
    kind: &str,
    object: i64,
    about: Option<ActorId>,
    words: &str,
) -> Result<(), Error> {
    if about == Some(actor) {
        return Ok(());
    }
    let topic = Topic::of_kind(kind);
    let own = choices::applying(w, actor, actor, about)?;
    // what concerns the account itself stands in the list always: a new password nobody asked for must be seen
    let hidden = topic != Topic::Account && when(&own, topic, Channel::Page) == When::Never;
    let notice = queries::insert(w, actor, kind, object, about, words, &hidden)?;
    for person in letters::readers(w, actor)? {
        for channel in Channel::OUTSIDE {
            if let Some(at) = due_at(w, (person, channel), actor, about, topic)? {
                choices::begin_hours(w, person)?;
                letters::put(w, (notice, person, channel), at)?;
            }
        }
    }
    Ok(())
}

/// When a letter about this is due by a channel to a person who reads for `to`; none where they want none or have no
/// address there.
fn due_at(
    r: &Reading<'_>,
    (person, channel): (ActorId, Channel),
    to: ActorId,
    about: Option<ActorId>,
    topic: Topic,
) -> Result<Option<Micros>, Error> {
    if about == Some(person) || !has_address(r, person, channel)? {
        return Ok(None);
    }
    let wanted = when(&choices::applying(r, person, to, about)?, topic, channel);
    if wanted == When::Never {
        return Ok(None);
    }
    Ok(choices::hours(r, person)?.next(wanted, r.now()))
}

/// Whether a person may be reached there. Of LINE only the operator's settings know it: nothing is sent there that was not
/// chosen, and only those choose it who may be reached.
fn has_address(r: &Reading<'_>, person: ActorId, channel: Channel) -> Result<bool, Error> {
    Ok(match channel {
        Channel::Page => false,
        Channel::Email => post::email_of(r, person)?.is_some(),
        Channel::Push => !post::subscriptions_of(r, person)?.is_empty(),
        Channel::Line => true,
    })
}

/// Whether a member was told this about this object since then.
///
/// # Errors
/// The database's own.
pub fn told(r: &Reading<'_>, actor: ActorId, kind: &str, object: i64, since: Micros) -> Result<bool, Error> {
    queries::told(r, actor, kind, object, since)
}

/// Begins to look at a person's summaries: from now on there is an address for them.
///
/// # Errors
/// The database's own.
pub fn begin_letters(w: &mut Writing<'_>, person: ActorId) -> Result<(), Error> {
    choices::begin_hours(w, person)
}

/// When people to be in touch with are written about by a channel, as a person chose. "At once" has no meaning for what
/// no event begins: it is once a day then.
pub fn rhythm(r: &Reading<'_>, person: ActorId, channel: Channel) -> Result<When, Error> {
    let chosen = when(&choices::applying(r, person, person, None)?, Topic::Rhythm, channel);
    Ok(if chosen == When::AtOnce { When::Daily } else { chosen })
}

/// The most pressing of those by which a person is written to; how often their summaries are looked at.
pub fn pace(r: &Reading<'_>, person: ActorId) -> Result<When, Error> {
    let mut pace = When::Never;
    for channel in Channel::OUTSIDE {
        if has_address(r, person, channel)? {
            pace = pace.min(rhythm(r, person, channel)?);
        }
    }
    Ok(pace)
}

/// A place among the choices of a person: about what, which topic, which channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    pub scope: Scope,
    /// 0 for everything.
    pub about: i64,
    pub topic: Option<Topic>,
    pub channel: Option<Channel>,
}

impl Spot {
    /// Of everything.
    #[must_use]
    pub const fn everything(topic: Option<Topic>, channel: Channel) -> Self {
        Self { scope: Scope::Default, about: 0, topic, channel: Some(channel) }
    }

    const fn with(self, when: When) -> Choice {
        Choice { scope: self.scope, topic: self.topic, channel: self.channel, when }
    }
}

/// Chooses when to be told at some places, or takes a choice back with none. "Never" silences whatever narrower choice
/// would bring the same words again (trap 1), and letters that were due and are not wanted any more are not written.
///
/// # Errors
/// The database's own.
pub fn choose(w: &mut Writing<'_>, person: ActorId, chosen: &[(Spot, Option<When>)]) -> Result<(), Error> {
    for (spot, wanted) in chosen {
        match wanted {
            None => choices::remove_at(w, person, spot.about, &spot.with(When::Never))?,
            Some(When::Never) => turn_off(w, person, *spot)?,
            Some(wanted) => choices::put(w, person, spot.about, &spot.with(*wanted))?,
        }
    }
    plan_anew(w, person)?;
    w.record(&Entry::new(Act::Do, "notices.choose", person.0).fields(&["telling"]))
}

fn turn_off(w: &mut Writing<'_>, person: ActorId, spot: Spot) -> Result<(), Error> {
    let off = spot.with(When::Never);
    for earlier in choices::all(w, person)? {
        let same = earlier.choice.scope == spot.scope && earlier.about == spot.about;
        if (same || spot.scope == Scope::Default)
            && let Some(silent) = silenced(&off, &earlier.choice)
        {
            choices::put(w, person, earlier.about, &silent)?;
        }
    }
    choices::put(w, person, spot.about, &off)
}

/// Puts these choices in the place of all that stood, as they are.
///
/// # Errors
/// The database's own.
pub fn put_all(w: &mut Writing<'_>, person: ActorId, chosen: &[(Spot, When)]) -> Result<(), Error> {
    for one in choices::all(w, person)? {
        choices::remove(w, person, one.id)?;
    }
    for (spot, wanted) in chosen {
        choices::put(w, person, spot.about, &spot.with(*wanted))?;
    }
    plan_anew(w, person)?;
    w.record(&Entry::new(Act::Do, "notices.choose", person.0).fields(&["telling"]))
}

/// Takes one choice back.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs.
pub fn take_back(w: &mut Writing<'_>, person: ActorId, id: i64) -> Result<(), Error> {
    choices::remove(w, person, id)?;
    plan_anew(w, person)?;
    w.record(&Entry::new(Act::Do, "notices.choose", person.0).fields(&["telling"]))
}

/// Letters that are due follow what was chosen since; those on their way are held back.
fn plan_anew(w: &mut Writing<'_>, person: ActorId) -> Result<(), Error> {
    for (notice, word, to, kind, about) in letters::planned(w, person)? {
        let Some(channel) = Channel::from_word(&word) else { continue };
        match due_at(w, (person, channel), to, about, Topic::of_kind(&kind))? {
            Some(at) => letters::put(w, (notice, person, channel), at)?,
            None => {
                letters::take(w, (notice, person, channel))?;
            }
        }
    }
    let everything = choices::applying(w, person, person, None)?;
    for channel in Channel::OUTSIDE {
        let off = |topic: &Topic| when(&everything, *topic, channel) == When::Never;
        let begins = format!("notices/{}", channel.word());
        for topic in Topic::ALL.iter().filter(|topic| off(topic)) {
            post::withdraw(w, person, &format!("{begins}/{}/", topic.word()))?;
        }
        if Topic::ALL.iter().all(off) {
            post::withdraw(w, person, &format!("{begins}/several/"))?;
        }
    }
    Ok(())
}

/// Writes down where and when a person lives.
///
/// # Errors
/// The database's own.
pub fn live(w: &mut Writing<'_>, person: ActorId, hours: &Hours) -> Result<(), Error> {
    let next = hours.next(pace(w, person)?, w.now()).unwrap_or_else(|| w.now().plus(7 * Micros::DAY));
    choices::put_hours(w, person, hours, next)?;
    plan_anew(w, person)?;
    w.record(&Entry::new(Act::Do, "notices.hours", person.0).fields(&[
        "zone",
        "quiet_from",
        "quiet_until",
        "weekday",
    ]))
}

/// Whether what is shown on a locked screen may say what it is about, from now on.
///
/// # Errors
/// The database's own.
pub fn show_words(w: &mut Writing<'_>, person: ActorId, words: &bool) -> Result<(), Error> {
    choices::put_words(w, person, words)?;
    w.record(&Entry::new(Act::Do, "notices.words", person.0).fields(&["words"]))
}

/// This device is told things from now on, as long as its session lasts.
///
/// # Errors
/// The database's own.
pub fn subscribe(
    w: &mut Writing<'_>,
    person: ActorId,
    session: &str,
    device: &post::Subscription,
) -> Result<(), Error> {
    let id = post::subscribe(w, session, device)?;
    choices::begin_hours(w, person)?;
    w.record(&Entry::new(Act::Do, "notices.subscribe", id.0).fields(&["push_subscription"]))
}

/// A device is told nothing any more.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs.
pub fn unsubscribe(
    w: &mut Writing<'_>,
    account: store::ids::AccountId,
    id: post::SubscriptionId,
) -> Result<(), Error> {
    post::unsubscribe(w, account, id)?;
    w.record(&Entry::new(Act::Do, "notices.unsubscribe", id.0).fields(&["push_subscription"]))
}

/// Makes the secret of a link that turns letters by a channel off: all of a topic, or all.
///
/// # Errors
/// The database's own.
pub fn off_link(
    w: &mut Writing<'_>,
    (person, channel): (ActorId, Channel),
    topic: Option<Topic>,
) -> Result<String, Error> {
    let secret = sessions::new_secret()?;
    choices::insert_link(w, &sessions::hash(&secret), person, topic, channel)?;
    Ok(secret)
}

/// What the link of a letter turns off, and for whom.
///
/// # Errors
/// [`Error::NotFound`] where there is no such link.
pub fn of_link(r: &Reading<'_>, secret: &str) -> Result<(ActorId, Option<Topic>, Channel), Error> {
    choices::link(r, &sessions::hash(secret))
}
