use store::journal::{Act, Entry};
use store::{Acting, Database, Error};

use super::{actions, queries};
use crate::notices;

/// Says once of each referral whose day has passed that it is overdue: the coordinators see it from then on, and its
/// sender is told. May run in several processes at once.
///
/// # Errors
/// The database's own.
pub fn overdue(db: &Database) -> Result<usize, Error> {
    db.write(&Acting::system("overdue"), |w| {
        let today = w.now().day(7);
        let mut count = 0;
        for referral in queries::newly_overdue(w, today)? {
            if !queries::mark_overdue(w, referral.id)? {
                continue;
            }
            count += 1;
            let referral = queries::of_program(w, referral.id)?;
            actions::show_to(w, &referral)?;
            let mut told = queries::coordinators(w, referral.network)?;
            told.extend([referral.sender, referral.receiver]);
            told.sort_unstable();
            told.dedup();
            for to in told {
                notices::tell(w, to, "referral_overdue", referral.id.0, None, &referral.title)?;
            }
            w.record(
                &Entry::new(Act::Do, "referrals.overdue", referral.id.0)
                    .in_network(referral.network)
                    .fields(&["overdue_at"]),
            )?;
        }
        w.finished(count)
    })
}
