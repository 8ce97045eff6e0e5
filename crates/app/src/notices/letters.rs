//! What a letter says: one matter, or a summary of several, each with why it is there and how to stop it.

use network::telling::{MOST_PEOPLE, Topic};
use store::ids::ActorId;
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
    /// Where it does not come from a line: what it is, the same every time.
    pub key: String,
    pub words: String,
    pub why: String,
    /// Path of the page where something can be done about it.
    pub path: String,
    /// Whom it is about.
    pub about: Option<ActorId>,
}

/// Whom a letter is written to.
#[derive(Debug, Clone)]
pub struct Reader {
    pub person: ActorId,
    pub address: String,
    pub lang: Lang,
    /// `https://…` with which links begin.
    pub origin: String,
}

/// The word for a topic.
#[must_use]
pub fn topic_label(t: Texts, topic: Topic) -> &'static str {
    match topic {
        Topic::Giving => t.notices_topic_giving(),
        Topic::Ties => t.notices_topic_ties(),
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

/// Writes the letter into the outbox, in the transaction that marks its lines as written about.
pub fn enqueue(w: &mut Writing<'_>, reader: &Reader, matters: &[Matter], left: usize) -> Result<(), Error> {
    let Some(first) = matters.first() else { return Ok(()) };
    let t = Texts(reader.lang);
    let one_topic = matters.iter().all(|matter| matter.topic == first.topic);
    let subject = match matters {
        [only] if left == 0 => only.words.clone(),
        _ => t.notices_letter_several(i64::try_from(matters.len() + left).unwrap_or(0)),
    };
    // what it is about and who reads it stand in the key: a letter that is not wanted any more is found by it
    let sort = if one_topic { first.topic.word() } else { "several" };
    let cause = first.notice.map_or_else(|| format!("{}/{}", first.key, w.now().0), |id| id.to_string());
    let mut letter =
        post::Letter::new(format!("notices/{sort}/{}/{cause}", reader.person), reader.lang.tag(), &subject);
    let mut offs: Vec<(Topic, String)> = Vec::new();
    for matter in matters {
        let url = match offs.iter().find(|(topic, _)| *topic == matter.topic) {
            Some((_, url)) => url.clone(),
            None => {
                let secret = actions::off_link(w, reader.person, Some(matter.topic))?;
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
            off: Some(post::Link::new(&t.notices_letter_off(topic_label(t, matter.topic)), &url)),
        });
    }
    if left > 0 {
        letter.paragraphs.push(t.notices_letter_more(i64::try_from(left).unwrap_or(0)));
    }
    letter.paragraphs.insert(0, t.notices_letter_hello().to_owned());
    letter.link =
        Some(post::Link::new(t.notices_letter_settings(), &format!("{}/notices/settings", reader.origin)));
    let (off, footer) = match offs.as_slice() {
        [(topic, url)] => (url.clone(), t.notices_letter_why(topic_label(t, *topic))),
        _ => {
            let secret = actions::off_link(w, reader.person, None)?;
            (format!("{}/notices/off/{secret}", reader.origin), t.notices_letter_why_all().to_owned())
        }
    };
    letter.footer = footer;
    letter.unsubscribe = Some(off);
    post::enqueue(w, &letter, &post::To::email(&reader.address).person(reader.person))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matter(about: i64) -> Matter {
        Matter {
            topic: Topic::Giving,
            notice: None,
            key: String::new(),
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
