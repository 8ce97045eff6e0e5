//! What must hold before anything is weighed: place, days, mode, capacity.
//!
//! An offer can meet a need when their days overlap, it can take on more, and both can do it online, or both on site
//! where the offer reaches.

use crate::intent::{Day, Intent, Reach};
use crate::why::Obstacle;

/// What keeps an offer from meeting a need; `None` if it can. The first of time, capacity, mode, place.
#[must_use]
pub fn obstacle(offer: &Intent, need: &Intent, today: Option<Day>) -> Option<Obstacle> {
    let Some(shared) = offer.window.shared(need.window) else { return Some(Obstacle::Time) };
    if let (Some(today), Some(last)) = (today, shared.until)
        && last < today
    {
        return Some(Obstacle::Time);
    }
    if offer.capacity == Some(0) {
        return Some(Obstacle::Capacity);
    }
    let online = offer.mode.online() && need.mode.online();
    let onsite = offer.mode.onsite() && need.mode.onsite();
    if online || (onsite && reaches(&offer.reach, &need.reach)) {
        return None;
    }
    Some(if onsite { Obstacle::Place } else { Obstacle::Mode })
}

fn reaches(offer: &Reach, need: &Reach) -> bool {
    let (Reach::Areas(served), Reach::Areas(wanted)) = (offer, need) else { return true };
    served.iter().any(|s| wanted.iter().any(|w| s.overlaps(*w)))
}

/// How near an offer comes to a need: 0 everywhere or online, 1 the same province, 2 district, 3 subdistrict.
#[must_use]
pub fn nearness(offer: &Intent, need: &Intent) -> u8 {
    let (Reach::Areas(served), Reach::Areas(wanted)) = (&offer.reach, &need.reach) else { return 0 };
    if !(offer.mode.onsite() && need.mode.onsite()) {
        return 0;
    }
    let pairs = served.iter().flat_map(|s| wanted.iter().map(move |w| s.agreement(*w)));
    pairs.max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intent::{Area, IntentKey, Mode, Side, Window};

    fn intent(side: Side, mode: Mode, areas: &[&str], from: &str, until: &str) -> Intent {
        Intent {
            mode,
            reach: Reach::Areas(areas.iter().map(|code| Area::parse(code).unwrap()).collect()),
            window: Window { from: Day::parse(from), until: Day::parse(until) },
            ..Intent::new(IntentKey(1), side, "")
        }
    }

    #[test]
    fn names_what_stands_in_the_way() {
        let need = intent(Side::Need, Mode::Onsite, &["TH-50"], "2026-12-01", "2026-12-31");
        let offer = |mode, area, from, until| intent(Side::Offer, mode, &[area], from, until);
        let fits = offer(Mode::Either, "TH-50", "2026-01-01", "2027-01-01");
        let today = Day::parse("2026-12-10");
        assert_eq!(obstacle(&fits, &need, today), None);
        assert_eq!(obstacle(&fits, &need, Day::parse("2027-01-01")), Some(Obstacle::Time));
        let far = offer(Mode::Onsite, "TH-40", "", "");
        assert_eq!(obstacle(&far, &need, today), Some(Obstacle::Place));
        let online = offer(Mode::Online, "TH-50", "", "");
        assert_eq!(obstacle(&online, &need, today), Some(Obstacle::Mode));
        let over = offer(Mode::Onsite, "TH-50", "2026-01-01", "2026-11-30");
        assert_eq!(obstacle(&over, &need, None), Some(Obstacle::Time));
        let full = Intent { capacity: Some(0), ..fits };
        assert_eq!(obstacle(&full, &need, today), Some(Obstacle::Capacity));
        let anyhow = Intent { mode: Mode::Either, ..need };
        assert_eq!(obstacle(&online, &anyhow, today), None);
        assert_eq!(nearness(&far, &anyhow), 0);
        assert_eq!(nearness(&Intent { capacity: None, ..full }, &anyhow), 1);
    }
}
