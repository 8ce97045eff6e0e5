//! What a letter says: one matter, or a summary of several, each with why it is there and how to stop it.

use network::telling::{Channel, MOST_PEOPLE, Topic};
use store::ids::{ActorId, CareId};
use store::{Error, Writing};
use thai::Lang;

use super::NoticeId;
use super::actions;
use crate::Texts;

/// Lines of one letter; what is more stands in the list.
const MOST_LINES: usize = 20;

/// One matter, ready to be written.
#[derive(Debug, Clone)]
pub struct Matter {
    pub topic: Topic,
    /// The line of the list it comes from.
    pub notice: Option<NoticeId>,
    /// Where it does not come from a line: of whose rhythm it reminds.
    pub care: Option<CareId>,
    pub words: String,
    pub why: String,
    /// Path of the page where something can be done about it.
    pub path: String,
    /// Whom it is about.
    pub about: Option<ActorId>,
}

/// By what somebody is reached, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    Email(String),
    Push(post::SubscriptionId),
    /// A user id at LINE.
    Line(String),
}

impl Way {
    /// Its channel.
    #[must_use]
    pub const fn channel(&self) -> Channel {
        match self {
            Self::Email(_) => Channel::Email,
            Self::Push(_) => Channel::Push,
            Self::Line(_) => Channel::Line,
        }
    }

    fn to(&self) -> post::To {
        match self {
            Self::Email(address) => post::To::email(address),
            Self::Push(device) => post::To::push(*device),
            Self::Line(user) => post::To::line(user),
        }
    }
}

/// Whom a letter is written to.
#[derive(Debug, Clone)]
pub struct Reader {
    pub person: ActorId,
    pub way: Way,
    pub lang: Lang,
    /// `https://…` with which links begin.
    pub origin: String,
    /// Whether what may be read on a locked screen says what it is about.
    pub words: bool,
}

/// The word for a topic.
#[must_use]
pub fn topic_label(t: Texts, topic: Topic) -> &'static str {
    match topic {
        Topic::Giving => t.notices_topic_giving(),
        Topic::Ties => t.notices_topic_ties(),
        Topic::Words => t.notices_topic_words(),
        Topic::Introductions => t.notices_topic_introductions(),
        Topic::Promises => t.notices_topic_promises(),
        Topic::Exchanges => t.notices_topic_exchanges(),
        Topic::Resources => t.notices_topic_resources(),
        Topic::Referrals => t.notices_topic_referrals(),
        Topic::Rhythm => t.notices_topic_rhythm(),
        Topic::Account => t.notices_topic_account(),
    }
}

/// How many of these a letter names: at most [`MOST_PEOPLE`] different people and [`MOST_LINES`] lines, in their order.
#[must_use]
pub fn named(matters: Vec<Matter>) -> (Vec<Matter>, usize) {
    let mut people: Vec<ActorId> = Vec::new();
    let (mut kept, mut left) = (Vec::new(), 0);
    for matter in matters {
        let new = matter.about.filter(|about| !people.contains(about));
        if kept.len() >= MOST_LINES || (new.is_some() && people.len() >= MOST_PEOPLE) {
            left += 1;
            continue;
        }
        people.extend(new);
        kept.push(matter);
    }
    (kept, left)
}

/// The word for a channel, as in "stop e-mail".
#[must_use]
pub fn channel_label(t: Texts, channel: Channel) -> &'static str {
    match channel {
        Channel::Page => t.notices_channel_page(),
        Channel::Email => t.notices_channel_email(),
        Channel::Push => t.notices_channel_push(),
        Channel::Line => t.notices_channel_line(),
    }
}

/// Writes the letter into the outbox, in the transaction that marks its lines as written about.
pub fn enqueue(w: &mut Writing<'_>, reader: &Reader, matters: &[Matter], left: usize) -> Result<(), Error> {
    let Some(first) = matters.first() else { return Ok(()) };
    let t = Texts(reader.lang);
    let channel = reader.way.channel();
    let topic = Some(first.topic).filter(|topic| matters.iter().all(|matter| matter.topic == *topic));
    let several = || t.notices_letter_several(i64::try_from(matters.len() + left).unwrap_or(0));
    let quiet = channel != Channel::Email && !reader.words;
    let subject = match matters {
        [only] if left == 0 && !quiet => only.words.clone(),
        _ => several(),
    };
    // by which way, what it is about and who reads it stand in the key: a letter that is not wanted any more is found by
    // it
    let care = first.care.map(|care| care.to_string()).unwrap_or_default();
    let cause = first.notice.map_or_else(|| format!("{care}/{}", w.now().0), |id| id.to_string());
    let device = if let Way::Push(id) = &reader.way { format!("/{id}") } else { String::new() };
    let key = format!(
        "notices/{}/{}/{}/{cause}{device}",
        channel.word(),
        topic.map_or("several", Topic::word),
        reader.person
    );
    let mut letter = post::Letter::new(key, reader.lang.tag(), &subject);
    let off = actions::off_link(w, (reader.person, channel), topic)?;
    letter.unsubscribe = Some(format!("{}/notices/off/{off}", reader.origin));
    letter.stop = t.notices_off_button().to_owned();
    letter.footer = footer(t, channel, topic.filter(|_| !quiet));
    if quiet {
        // whoever passes by reads how many there are, and nothing else
        let to = if let ([only], 0) = (matters, left) { only.path.as_str() } else { "/notices" };
        letter.link = Some(post::Link::new(t.notices_letter_look(), &format!("{}{to}", reader.origin)));
    } else {
        put_items(w, reader, &mut letter, matters, topic)?;
        if left > 0 {
            letter.paragraphs.push(t.notices_letter_more(i64::try_from(left).unwrap_or(0)));
        }
        letter.paragraphs.insert(0, t.notices_letter_hello().to_owned());
        // a letter has room for the way to the settings; elsewhere it would stand for the way to the matter
        let (label, path) = match channel {
            Channel::Email => (t.notices_letter_settings(), "/notices/settings"),
            _ => (t.notices_letter_look(), "/notices"),
        };
        let single = matches!(matters, [_]) && channel != Channel::Email;
        letter.link = (!single).then(|| post::Link::new(label, &format!("{}{path}", reader.origin)));
    }
    post::enqueue(w, &letter, &reader.way.to().person(reader.person))?;
    Ok(())
}

/// Why it came, in the words of its channel: a letter and a message end with the way to stop it, on a device there is a
/// button.
fn footer(t: Texts, channel: Channel, topic: Option<Topic>) -> String {
    let label = channel_label(t, channel);
    match (channel, topic) {
        (Channel::Push, Some(topic)) => t.notices_push_why(topic_label(t, topic)),
        (Channel::Push, None) => t.notices_push_why_all().to_owned(),
        (_, Some(topic)) => t.notices_letter_why(label, topic_label(t, topic)),
        (_, None) => t.notices_letter_why_all(label),
    }
}

fn put_items(
    w: &mut Writing<'_>,
    reader: &Reader,
    letter: &mut post::Letter,
    matters: &[Matter],
    all: Option<Topic>,
) -> Result<(), Error> {
    let (t, channel) = (Texts(reader.lang), reader.way.channel());
    let mut offs: Vec<(Topic, String)> = Vec::new();
    offs.extend(all.zip(letter.unsubscribe.clone()));
    for matter in matters {
        let url = match offs.iter().find(|(topic, _)| *topic == matter.topic) {
            Some((_, url)) => url.clone(),
            None => {
                let secret = actions::off_link(w, (reader.person, channel), Some(matter.topic))?;
                let url = format!("{}/notices/off/{secret}", reader.origin);
                offs.push((matter.topic, url.clone()));
                url
            }
        };
        letter.items.push(post::Item {
            words: matter.words.clone(),
            why: matter.why.clone(),
            link: Some(post::Link::new(
                t.notices_letter_look(),
                &format!("{}{}", reader.origin, matter.path),
            )),
            off: Some(post::Link::new(
                &t.notices_letter_off(channel_label(t, channel), topic_label(t, matter.topic)),
                &url,
            )),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matter(about: i64) -> Matter {
        Matter {
            topic: Topic::Giving,
            notice: None,
            care: None,
            words: String::new(),
            why: String::new(),
            path: String::new(),
            about: (about > 0).then_some(ActorId(about)),
        }
    }

    #[test]
    fn a_letter_names_five_people_and_counts_the_rest() {
        let (kept, left) = named([1, 2, 2, 3, 4, 5, 6, 7, 1, 0].map(matter).to_vec());
        let people: Vec<i64> = kept.iter().map(|one| one.about.map_or(0, |id| id.0)).collect();
        assert_eq!((people, left), (vec![1, 2, 2, 3, 4, 5, 1, 0], 2));
        let (kept, left) = named(vec![matter(1); 30]);
        assert_eq!((kept.len(), left), (20, 10));
    }
}
