use std::sync::Arc;

use store::jobs::Job;
use store::{Database, Error, Viewer};

use crate::queries::{self, Taken};
use crate::{Channel, Letter, Outcome, Parcel, Push};

/// Takes letters out of the outbox and hands them to their channels. Several may run at once, in several processes.
#[derive(Clone, Default)]
pub struct Carrier {
    channels: Vec<Arc<dyn Channel>>,
}

impl std::fmt::Debug for Carrier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words: Vec<_> = self.channels.iter().map(|channel| channel.word()).collect();
        f.debug_struct("Carrier").field("channels", &words).finish()
    }
}

/// What one round did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Carried {
    pub sent: usize,
    /// Refused, put off, or unknown.
    pub not_sent: usize,
}

/// Letters that one hand carries, one after the other, before others are called: so few need no more, and a server that
/// does not take them is not asked by many at once.
const ALONE: usize = 8;
/// Hands that carry together when there is more: most of a letter's time is waiting for the other side's answers.
const HANDS: usize = 8;
/// Letters each of them takes in one round, so that a full outbox does not keep a worker from its other work.
const EACH: usize = 12;

impl Carrier {
    /// With one more channel.
    #[must_use]
    pub fn with(mut self, channel: Arc<dyn Channel>) -> Self {
        self.channels.push(channel);
        self
    }

    /// Whether letters can leave at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.channels.is_empty()
    }

    /// Whether letters of this channel can leave.
    #[must_use]
    pub fn has(&self, word: &str) -> bool {
        self.channels.iter().any(|channel| channel.word() == word)
    }

    /// Carries what is due: a few letters one after the other, many by several hands. Runs on a thread that may block.
    ///
    /// # Errors
    /// The database's own; a letter that was on its way says "sending" then, and is found again.
    pub fn carry(&self, db: &Database) -> Result<Carried, Error> {
        let mut carried = self.carry_some(db, ALONE)?;
        if carried.sent < ALONE {
            return Ok(carried);
        }
        let hands: Vec<Result<Carried, Error>> = std::thread::scope(|scope| {
            let hands: Vec<_> = (0..HANDS).map(|_| scope.spawn(|| self.carry_some(db, EACH))).collect();
            let fault = |_| Err(Error::Fault("a thread that carries letters ended".to_owned()));
            hands.into_iter().map(|hand| hand.join().unwrap_or_else(fault)).collect()
        });
        for hand in hands {
            let hand = hand?;
            carried.sent += hand.sent;
            carried.not_sent += hand.not_sent;
        }
        Ok(carried)
    }

    fn carry_some(&self, db: &Database, most: usize) -> Result<Carried, Error> {
        let mut carried = Carried::default();
        for _ in 0..most {
            let Some(job) = db.take_job(queries::KIND)? else { break };
            if self.carry_one(db, &job)? {
                carried.sent += 1;
            } else {
                carried.not_sent += 1;
            }
        }
        Ok(carried)
    }

    fn carry_one(&self, db: &Database, job: &Job) -> Result<bool, Error> {
        let Some(taken) = db.read(&Viewer::System("post"), |r| queries::of_job(r, job.id))? else {
            db.finish_job(job, Ok(()))?;
            return Ok(false);
        };
        let outcome = match self.ready(db, job, &taken)? {
            Ready::Nothing => {
                db.finish_job(job, Ok(()))?;
                return Ok(false);
            }
            Ready::Settle(outcome) => outcome,
            Ready::Send(channel, letter, address) => channel.send(&Parcel {
                letter: &letter,
                address: &address,
                now: db.now(),
                expires_at: taken.expires_at,
            }),
        };
        db.bookkeeping("post", |w| queries::settle(w, &taken, job, &outcome))?;
        Ok(matches!(outcome, Outcome::Accepted(_)))
    }

    /// Says "sending" in the store, or why the letter is not handed over.
    fn ready(&self, db: &Database, job: &Job, taken: &Taken) -> Result<Ready<'_>, Error> {
        let channel = self.channels.iter().find(|channel| channel.word() == taken.channel);
        let known = channel.is_some_and(|channel| db.now().0 - taken.at.0 < channel.remembers());
        match taken.state.as_str() {
            "waiting" => {}
            // the other side knows it again
            "sending" if known => {}
            "sending" => {
                let why = "the process ended while it was being sent";
                return Ok(Ready::Settle(Outcome::Unknown(why.to_owned())));
            }
            _ => return Ok(Ready::Nothing),
        }
        let Some(channel) = channel else {
            return Ok(Ready::Settle(Outcome::Later(format!("no {} is set up", taken.channel))));
        };
        let Ok(letter) = serde_json::from_str::<Letter>(&job.payload) else {
            return Ok(Ready::Settle(Outcome::Refused("its words are forgotten".to_owned())));
        };
        if taken.expires_at.is_some_and(|end| end < db.now()) {
            return Ok(Ready::Settle(Outcome::Refused("its time is over".to_owned())));
        }
        let Some(address) = address(db, taken)? else {
            return Ok(Ready::Settle(Outcome::Refused("the device takes none any more".to_owned())));
        };
        // whoever finds this state and did not write it knows: perhaps sent
        db.bookkeeping("post", |w| queries::put(w, taken.id, job.id, ("sending", "waiting"), ""))?;
        Ok(Ready::Send(channel.as_ref(), Box::new(letter), address))
    }
}

/// The address as its channel reads it; none for a device that was taken back meanwhile.
fn address(db: &Database, taken: &Taken) -> Result<Option<String>, Error> {
    let kept = taken.address.clone().unwrap_or_default();
    if taken.channel != Push::WORD {
        return Ok(Some(kept));
    }
    let Ok(id) = kept.parse() else { return Ok(None) };
    db.read(&Viewer::System("post"), |r| queries::push::address(r, id))
}

enum Ready<'a> {
    /// With the address as the channel reads it.
    Send(&'a dyn Channel, Box<Letter>, String),
    /// Without handing anything over.
    Settle(Outcome),
    Nothing,
}

/// Letters whose time is over are not sent any more, and their words are forgotten. Answers how many were looked at.
///
/// # Errors
/// The database's own.
pub fn forget_old(db: &Database) -> Result<u64, Error> {
    queries::expire(db)
}
