//! What is done by the clock: offers and needs that are over, introductions and proposals of ties that nobody answered.
//! Each may run in several processes at once and at any time; doing it twice changes nothing.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use store::{Database, Error};

/// How often the clock is looked at.
const EVERY: Duration = Duration::from_secs(60);

type Chore = fn(&Database) -> Result<(), Error>;

const CHORES: &[(&str, Chore)] = &[
    ("giving", |db| app::giving::expire(db).map(|_| ())),
    ("introductions", |db| app::introductions::lapse(db).map(|_| ())),
    ("referrals", |db| app::referrals::overdue(db).map(|_| ())),
    ("ties", |db| app::ties::lapse(db).map(|_| ())),
    ("joining", app::joining::forget_old),
    ("post", |db| post::forget_old(db).map(|_| ())),
    ("promises", app::promises::lapse),
    ("promises", |db| app::promises::remind(db).map(|_| ())),
    ("rhythm", |db| app::rhythm::begin_missing(db).map(|_| ())),
    ("rhythm", |db| app::rhythm::mark_prompts(db).map(|_| ())),
    ("resources", |db| app::resources::remind(db).map(|_| ())),
];

/// Runs until it is dropped.
pub async fn run(db: Arc<Database>) {
    let mut clock = tokio::time::interval(EVERY);
    clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        clock.tick().await;
        let db = Arc::clone(&db);
        let done = tokio::task::spawn_blocking(move || {
            for (name, chore) in CHORES {
                if let Err(error) = chore(&db) {
                    // the next round tries again
                    tracing::error!("{name}: {error}");
                }
            }
        });
        if let Err(error) = done.await {
            tracing::error!("worker: {error}");
        }
    }
}

/// How often it is looked whether a network's pairs of the day are drawn.
const DRAW_EVERY: Duration = Duration::from_secs(3_600);
/// For so many rounds a network that was drawn from is left.
const ROUNDS: u32 = 24;

/// Draws the pairs of each network once a day, until it is dropped. The first time an hour after the start: nobody waits
/// for it.
pub async fn draw_pairs(db: Arc<Database>, pools: app::giving::Pools, pairs: app::introductions::Pairs) {
    let mut clock = tokio::time::interval(DRAW_EVERY);
    clock.tick().await;
    let (mut done, mut round) = (HashSet::new(), 0);
    loop {
        clock.tick().await;
        if round % ROUNDS == 0 {
            done.clear();
        }
        round += 1;
        let (db, pools, pairs, known) = (Arc::clone(&db), pools.clone(), pairs.clone(), done.clone());
        let drawn =
            tokio::task::spawn_blocking(move || app::introductions::draw_pairs(&db, &pools, &pairs, &known));
        match drawn.await {
            Ok(Ok(networks)) => done.extend(networks),
            Ok(Err(error)) => tracing::error!("introductions: {error}"),
            Err(error) => tracing::error!("introductions: {error}"),
        }
    }
}

/// How often the outbox is looked at: somebody waits for the link to a new password.
const POST_EVERY: Duration = Duration::from_secs(3);

/// Carries letters until it is dropped; one that is on its way then says so in the store.
pub async fn carry(db: Arc<Database>, carrier: post::Carrier, outside: Option<app::notices::Outside>) {
    if carrier.is_empty() {
        return;
    }
    let mut clock = tokio::time::interval(POST_EVERY);
    clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        clock.tick().await;
        let (db, carrier, outside) = (Arc::clone(&db), carrier.clone(), outside.clone());
        let round = move || {
            let mut written = 0;
            if let Some(outside) = outside {
                app::joining::answer_resets(&db, &outside.origin)?;
                written = app::notices::write_letters(&db, outside, super::router::REMINDERS)?;
            }
            Ok::<_, Error>((written, carrier.carry(&db)?))
        };
        match tokio::task::spawn_blocking(round).await {
            Ok(Ok((written, carried))) => {
                if carried.not_sent > 0 {
                    tracing::warn!("letters: {} sent, {} not", carried.sent, carried.not_sent);
                }
                // on the morning of everybody's summary there is more than one round holds
                if written > 0 || carried.sent > 0 {
                    clock.reset_immediately();
                }
            }
            Ok(Err(error)) => tracing::error!("letters: {error}"),
            Err(error) => tracing::error!("letters: {error}"),
        }
    }
}
