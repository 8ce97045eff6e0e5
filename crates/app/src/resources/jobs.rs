use store::{Database, Error, Micros, Viewer};

use super::queries;
use crate::notices;

/// Reminds whoever has something in hand, once, a day before it goes back. May run at any time and any number of times.
///
/// # Errors
/// The database's own.
pub fn remind(db: &Database) -> Result<usize, Error> {
    let due = db.read(&Viewer::System("remind"), |r| {
        let now = r.now();
        let mut due = Vec::new();
        for booking in queries::all_to_return(r, now.plus(-7 * Micros::DAY), now.plus(Micros::DAY))? {
            if !notices::told(r, booking.borrower, "booking_due", booking.id.0, Micros(0))? {
                due.push(booking);
            }
        }
        Ok::<_, Error>(due)
    })?;
    for part in due.chunks(200) {
        db.bookkeeping("remind", |w| {
            for booking in part {
                notices::tell(
                    w,
                    booking.borrower,
                    "booking_due",
                    booking.id.0,
                    Some(booking.holder),
                    &booking.title,
                )?;
            }
            Ok::<_, Error>(())
        })?;
    }
    Ok(due.len())
}
