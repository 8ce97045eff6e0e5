use proptest::prelude::*;

use super::*;
use crate::vocabulary::{Channel, Direction};

const TODAY: Day = 20_779;

fn care() -> Care {
    Care {
        id: 4,
        created_on: TODAY,
        cadence: Cadence::new(30, None),
        weight: 1.0,
        history: History::default(),
        next_fixed_on: None,
        snoozed_until: None,
        pauses: Pauses::default(),
        ended: false,
        crowded: false,
    }
}

fn touched(on: Day) -> Care {
    Care { history: History::of(&[touch(on)]), ..care() }
}

const fn touch(on: Day) -> Entry {
    Entry { at: on * 86_400_000_000, on, counted: Counted::Touch { inbound: false } }
}

const fn attempt(on: Day) -> Entry {
    Entry { at: on * 86_400_000_000, on, counted: Counted::Attempt }
}

#[test]
fn the_days_are_those_of_the_rule() {
    let care = touched(TODAY - 10);
    assert_eq!((care.cadence.ideal, care.cadence.max), (30, 45), "the longest gap is half as long again");
    assert_eq!((care.due(TODAY), care.late(TODAY)), (TODAY + 20, TODAY + 35));
    let states: Vec<(Day, State)> = [10, 23, 24, 29, 30, 45, 46, 365, 366]
        .into_iter()
        .map(|after| (after, touched(TODAY - after).state(TODAY)))
        .collect();
    assert_eq!(
        states,
        [
            (10, State::Fresh),
            (23, State::Fresh),
            (24, State::DueSoon),
            (29, State::DueSoon),
            (30, State::Due),
            (45, State::Due),
            (46, State::Overdue),
            (365, State::Overdue),
            (366, State::Dormant)
        ]
    );
}

#[test]
fn the_first_state_that_holds_wins() {
    let mut care = touched(TODAY - 400);
    care.history.attempts = 3;
    care.history.attempt = Some(TODAY - 29);
    care.snoozed_until = Some(TODAY + 1);
    care.pauses.own = Some((TODAY - 1, Some(TODAY)));
    care.ended = true;
    assert_eq!(care.state(TODAY), State::Ended);
    care.ended = false;
    assert_eq!(care.state(TODAY), State::Paused);
    care.pauses.own = None;
    assert_eq!(care.state(TODAY), State::Snoozed);
    care.snoozed_until = Some(TODAY);
    assert_eq!(care.state(TODAY), State::Unanswered, "the snooze is over on its day");
    care.history.attempt = Some(TODAY - 30);
    assert_eq!(care.state(TODAY), State::Dormant);
    care.cadence = Cadence::new(200, Some(399));
    assert_eq!(care.state(TODAY), State::Overdue, "three times the longest gap is more than a year");
    care.cadence = Cadence::new(200, Some(400));
    assert_eq!(care.state(TODAY), State::Due);
}

#[test]
fn who_is_new_comes_up_at_half_the_gap() {
    let care = care();
    assert_eq!(care.anchor(), TODAY - 15);
    assert_eq!(care.due(TODAY), TODAY + 15);
    assert_eq!(care.state(TODAY), State::Fresh);
    assert_eq!(care.state(TODAY + 15), State::Due);
}

#[test]
fn urgency_grows_from_the_day_to_twice_the_gap() {
    let care = touched(TODAY - 30);
    assert!(care.urgency(TODAY).abs() < 1e-12);
    assert!((care.urgency(TODAY + 15) - 1.0).abs() < 1e-12, "when it turns late");
    assert!((care.urgency(TODAY + 300) - 2.0).abs() < 1e-12);
    assert!(((Care { weight: 1.5, ..care }).urgency(TODAY + 15) - 1.5).abs() < 1e-12);
}

#[test]
fn a_fixed_date_stands_until_a_touch_near_it() {
    let mut care = touched(TODAY - 100);
    care.next_fixed_on = Some(TODAY + 5);
    assert_eq!(care.due(TODAY), TODAY + 5);
    assert!(!clears_fixed(TODAY + 1, TODAY + 5));
    assert!(clears_fixed(TODAY + 2, TODAY + 5) && clears_fixed(TODAY + 9, TODAY + 5));
}

#[test]
fn an_attempt_is_no_touch_and_a_backfilled_one_never_moves_it_back_trap_11() {
    let first = History::of(&[touch(TODAY - 10)]);
    assert_eq!(History::of(&[touch(TODAY - 10), attempt(TODAY)]).touch, first.touch);
    assert_eq!(History::of(&[touch(TODAY - 10), touch(TODAY - 40)]).touch, first.touch);
    let history =
        History::of(&[attempt(TODAY - 9), attempt(TODAY - 8), touch(TODAY - 8), attempt(TODAY - 2)]);
    assert_eq!((history.attempts, history.attempt), (1, Some(TODAY - 2)), "only those since the last touch");
    for channel in Channel::ALL {
        assert_eq!(
            counted(Direction::Mutual, *channel, 2, true),
            Counted::Touch { inbound: false },
            "{channel:?}"
        );
    }
    assert_eq!(counted(Direction::Outbound, Channel::Line, 2, true), Counted::Attempt);
    assert_eq!(counted(Direction::Outbound, Channel::Line, 2, false), Counted::Inbound);
    assert_eq!(counted(Direction::Inbound, Channel::Line, 2, true), Counted::Touch { inbound: true });
    assert_eq!(counted(Direction::Broadcast, Channel::Line, 2, true), Counted::Nothing);
    assert_eq!(counted(Direction::Mutual, Channel::Event, 12, true), Counted::Touch { inbound: false });
    assert_eq!(counted(Direction::Mutual, Channel::Event, 13, true), Counted::Nothing);
}

#[test]
fn twenty_added_in_one_evening_do_not_fall_on_one_day_trap_19() {
    // ids as the store makes them, one after the other
    let id = |i: i64| (23_412_345_678_901 + i) << 14;
    let mut cares: Vec<Care> = (0..20_i64).map(|i| Care { id: id(i), ..care() }).collect();
    crowd(&mut cares);
    let mut days: Vec<Day> = cares.iter().map(|care| care.due(TODAY)).collect();
    days.sort_unstable();
    let most = days.chunk_by(|a, b| a == b).map(<[Day]>::len).max().unwrap();
    days.dedup();
    assert!(days.len() >= 5, "spread over {days:?}");
    assert!(most <= 8, "{most} on one day");
    assert!(days.iter().all(|due| (due - (TODAY + 15)).abs() <= 3), "at most a tenth of the gap: {days:?}");
    let quarter: std::collections::HashSet<i64> = (0..20)
        .map(|i| Care { id: id(i), cadence: Cadence::new(90, None), crowded: true, ..care() }.jitter())
        .collect();
    assert!(quarter.len() >= 8, "a fortnight is used: {quarter:?}");
    let mut few: Vec<Care> = (0..3_i64).map(|i| Care { id: i * 4, ..care() }).collect();
    crowd(&mut few);
    assert!(few.iter().all(|care| care.jitter() == 0), "three on a day are no crowd");
}

#[test]
fn the_word_goes_down_from_tie_to_label_to_role_to_network() {
    let days = |n| Some(Cadence::new(n, None));
    let mut said = Said { tie: days(7), label: days(14), role: days(21), network: days(60) };
    assert_eq!(said.cadence(), (Cadence { ideal: 7, max: 10 }, Source::Tie));
    said.tie = None;
    assert_eq!(said.cadence().1, Source::Label);
    said.label = None;
    assert_eq!(said.cadence().1, Source::Role);
    said.role = None;
    assert_eq!(said.cadence().1, Source::Network);
    said.network = None;
    assert_eq!(said.cadence(), (BUILT_IN, Source::BuiltIn));
}

#[test]
fn silence_off_season_is_no_decay() {
    // hail from 15 February to 15 June
    let season = Season::read(215, 615).unwrap();
    let on = |y, m, d| day_of(jiff::civil::date(y, m, d));
    let mut care = touched(on(2026, 6, 10));
    care.pauses.season = Some(season);
    assert_eq!(care.state(on(2026, 6, 15)), State::Fresh);
    assert_eq!(care.state(on(2026, 6, 16)), State::Paused);
    assert_eq!(care.state(on(2027, 2, 14)), State::Paused);
    assert_eq!(care.state(on(2027, 2, 15)), State::Fresh, "six days of the season went by, not eight months");
    assert_eq!(care.due(on(2027, 3, 20)), on(2027, 2, 14) + 25);
    // over the turn of the year, with a day that not every year has
    let winter = Season::read(1101, 229).unwrap();
    let rests = |day| Pauses { own: None, season: Some(winter) }.rests(day);
    assert!(
        !rests(on(2027, 1, 5)) && !rests(on(2027, 2, 28)) && rests(on(2027, 3, 1)) && !rests(on(2028, 2, 29))
    );
    assert!(Season::read(231, 615).is_none() && Season::read(0, 615).is_none());
}

#[test]
fn prompts_back_off_and_then_ask() {
    let care = touched(TODAY - 30);
    let mut prompted = Prompted::default();
    assert_eq!(prompted.may(&care, TODAY), Prompting::Now);
    prompted = Prompted { on: Some(TODAY), count: 1, locked_until: None };
    assert_eq!(prompted.may(&care, TODAY), Prompting::Wait(TODAY + 15), "no second prompt in one cycle");
    assert_eq!(prompted.may(&care, TODAY + 15), Prompting::Now);
    prompted = Prompted { on: Some(TODAY + 15), count: 2, locked_until: None };
    assert_eq!(prompted.may(&care, TODAY + 44), Prompting::Wait(TODAY + 45));
    prompted = Prompted { on: Some(TODAY + 45), count: 3, locked_until: None };
    assert_eq!(prompted.may(&care, TODAY + 75), Prompting::Ask);
    prompted.count = 4;
    assert_eq!(prompted.may(&care, TODAY + 200), Prompting::Silent);
    prompted = Prompted { on: None, count: 0, locked_until: Some(TODAY + 30) };
    assert_eq!(prompted.may(&care, TODAY), Prompting::Wait(TODAY + 30));
    assert_eq!(Prompted::default().may(&touched(TODAY), TODAY), Prompting::NotDue);
    prompted = Prompted { on: Some(TODAY), count: 1, locked_until: None };
    assert_eq!(
        prompted.may(&touched(TODAY), TODAY + 3),
        Prompting::Wait(TODAY + 15),
        "nor for another reason"
    );
}

fn candidate(care: Care, today: Day) -> Candidate {
    let prompting = Prompted::default().may(&care, today);
    Candidate { care, prompting, open_commitment: false, gave_last: false }
}

#[test]
fn five_are_picked_three_due_one_silent_one_who_gave() {
    let due: Vec<Candidate> =
        (0..6).map(|i| candidate(Care { id: i * 4, ..touched(TODAY - 31 - i) }, TODAY)).collect();
    let mut all = due;
    all.push(candidate(touched(TODAY - 500), TODAY));
    all.push(candidate(Care { created_on: TODAY - 700, ..care() }, TODAY));
    let mut gave = candidate(touched(TODAY - 2), TODAY);
    gave.gave_last = true;
    all.push(gave);
    let picked = pick(&all, TODAY);
    let expected = [(5, Why::Due), (4, Why::Due), (3, Why::Due), (6, Why::Dormant), (8, Why::Reciprocity)];
    assert_eq!(picked.iter().map(|one| (one.at, one.why)).collect::<Vec<_>>(), expected);
}

#[test]
fn an_open_word_goes_before_the_older() {
    let mut a = candidate(touched(TODAY - 30), TODAY);
    let mut b = candidate(Care { id: 8, ..touched(TODAY - 30) }, TODAY);
    assert_eq!(pick(&[a.clone(), b.clone()], TODAY)[0].at, 0);
    b.open_commitment = true;
    assert_eq!(pick(&[a.clone(), b.clone()], TODAY)[0].at, 1);
    a.open_commitment = true;
    assert_eq!(pick(&[a, b], TODAY)[0].at, 0);
}

#[test]
fn a_month_that_is_too_short_does_not_change_the_day() {
    let days: Vec<i8> = (1..=12).map(|m| date_of(monthly(31, 2027, m).unwrap()).day()).collect();
    assert_eq!(days, [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]);
}

#[test]
fn a_clock_set_back_makes_nobody_due() {
    let care = touched(TODAY);
    assert_eq!(care.state(TODAY - 200), State::Fresh);
    assert!(care.urgency(TODAY - 200).abs() < 1e-12);
    let prompted = Prompted { on: Some(TODAY), count: 1, locked_until: None };
    assert_ne!(prompted.may(&touched(TODAY - 60), TODAY - 20), Prompting::Now, "no second prompt either");
}

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let counted = prop_oneof![
        Just(Counted::Touch { inbound: false }),
        Just(Counted::Touch { inbound: true }),
        Just(Counted::Attempt),
        Just(Counted::Inbound),
        Just(Counted::Nothing)
    ];
    prop::collection::vec((TODAY - 900..=TODAY, 0_i64..24, counted), 0..40).prop_map(|rows| {
        rows.into_iter()
            .map(|(on, hour, counted)| Entry { at: (on * 24 + hour) * 3_600_000_000, on, counted })
            .collect()
    })
}

proptest! {
    #[test]
    fn a_history_does_not_depend_on_the_order_of_writing(entries in entries(), seed in any::<u64>()) {
        let mut other = entries.clone();
        // an order drawn from the seed
        other.sort_by_key(|entry| (entry.at ^ i64::from_ne_bytes(seed.to_ne_bytes())).wrapping_mul(0x9e37_79b9));
        prop_assert_eq!(History::of(&entries), History::of(&other));
    }

    #[test]
    fn adding_the_newest_is_the_same_as_counting_anew(entries in entries(), last in entries()) {
        let mut history = History::of(&entries);
        let mut all = entries;
        for entry in last {
            all.push(entry);
            if history.is_after(&entry) {
                history.add(&entry);
            } else {
                history = History::of(&all);
            }
            prop_assert_eq!(history, History::of(&all));
        }
    }

    #[test]
    fn one_more_contact_never_moves_the_touch_back(entries in entries(), more in entries()) {
        let before = History::of(&entries).touch;
        let mut all = entries;
        all.extend(more);
        prop_assert!(History::of(&all).touch >= before);
    }

    #[test]
    fn every_care_has_one_state_and_the_days_stand_in_order(
        entries in entries(), ideal in 1_i64..800, max in prop::option::of(1_i64..2000), today in TODAY - 950..TODAY + 3000,
        fixed in prop::option::of(TODAY - 100..TODAY + 100), snooze in prop::option::of(TODAY - 100..TODAY + 100),
        pause in prop::option::of((TODAY - 300..TODAY, prop::option::of(TODAY..TODAY + 200))), season in any::<bool>(),
    ) {
        let care = Care {
            cadence: Cadence::new(ideal, max), history: History::of(&entries), next_fixed_on: fixed,
            snoozed_until: snooze, pauses: Pauses { own: pause, season: Season::read(215, 615).filter(|_| season) },
            crowded: true, ..care()
        };
        prop_assert!(care.late(today) >= care.counted_from(today) + care.cadence.ideal);
        prop_assert!(care.jitter().abs() <= 7.min((ideal + 5) / 10));
        let urgency = care.urgency(today);
        prop_assert!((0.0..=2.0).contains(&urgency));
        let rested = care.pauses.rested(care.anchor(), today);
        prop_assert!((0..=(today - care.anchor()).max(0)).contains(&rested));
        // the definition itself, day by day
        let slow = (care.anchor() + 1..=today).filter(|day| care.pauses.rests(*day)).count();
        prop_assert_eq!(usize::try_from(rested).unwrap(), slow);
        match care.state(today) {
            State::Due => prop_assert!(today >= care.due(today) && today <= care.late(today)),
            State::Overdue => prop_assert!(today > care.late(today)),
            State::Fresh => prop_assert!(today < care.due(today)),
            State::Dormant => prop_assert!(today - care.anchor() > 365),
            State::Unanswered => prop_assert!(care.history.attempts >= 3),
            State::Ended => prop_assert!(false, "never ended here"),
            State::Paused | State::Snoozed | State::DueSoon => {}
        }
    }

    #[test]
    fn a_touch_today_makes_fresh_unless_something_holds(entries in entries(), ideal in 5_i64..400) {
        let mut all = entries;
        all.push(touch(TODAY + 1));
        let care = Care { cadence: Cadence::new(ideal, None), history: History::of(&all), ..care() };
        prop_assert_eq!(care.state(TODAY + 1), State::Fresh);
    }

    #[test]
    fn nobody_is_picked_twice_and_never_more_than_five(
        rows in prop::collection::vec((0_i64..900, any::<bool>(), any::<bool>(), 0_u32..6), 0..60),
    ) {
        let all: Vec<Candidate> = rows
            .iter()
            .zip(0_i64..)
            .map(|((ago, open, gave, count), i)| {
                let care = Care { id: i * 4, ..touched(TODAY - ago) };
                let prompted = Prompted { on: Some(TODAY - ago / 2), count: *count, locked_until: None };
                let prompting = prompted.may(&care, TODAY);
                Candidate { care, prompting, open_commitment: *open, gave_last: *gave }
            })
            .collect();
        let picked = pick(&all, TODAY);
        prop_assert!(picked.len() <= 5);
        let mut places: Vec<usize> = picked.iter().map(|one| one.at).collect();
        places.sort_unstable();
        places.dedup();
        prop_assert_eq!(places.len(), picked.len());
        for one in &picked {
            prop_assert!(!matches!(all[one.at].prompting, Prompting::Wait(_) | Prompting::Silent));
        }
    }

    /// Whoever is looked at every so many days and never answers: three prompts and one question, each half a gap and
    /// then a whole gap apart at least, each with a day of its own; then silence.
    #[test]
    fn who_never_answers_is_prompted_three_times_and_asked_once(
        ideal in 1_i64..400, ago in 0_i64..900, every in 1_i64..40, locked in prop::option::of(0_i64..60),
    ) {
        let care = Care { cadence: Cadence::new(ideal, None), ..touched(TODAY - ago) };
        let mut prompted = Prompted { locked_until: locked.map(|days| TODAY + days), ..Prompted::default() };
        let mut said: Vec<(Day, Day, bool)> = Vec::new();
        let mut today = TODAY;
        while today < TODAY + 4_000 {
            let may = prompted.may(&care, today);
            if matches!(may, Prompting::Now | Prompting::Ask) {
                let from = prompted.from(&care, today);
                prop_assert!(from <= today, "it was not time before {}", from);
                prop_assert!(today - from < every || said.is_empty(), "and not later than it is looked at");
                said.push((today, from, may == Prompting::Ask));
                prompted = Prompted { on: Some(today), count: prompted.count + 1, ..prompted };
            }
            today += every;
        }
        prop_assert_eq!(said.iter().map(|one| one.2).collect::<Vec<_>>(), [false, false, false, true]);
        let gaps: Vec<Day> = said.windows(2).map(|two| two[1].0 - two[0].0).collect();
        for (gap, wanted) in gaps.iter().zip([(ideal + 1) / 2, ideal, ideal]) {
            prop_assert!((wanted..wanted + every).contains(gap), "{:?} of {}", gaps, ideal);
        }
        prop_assert!(said.windows(2).all(|two| two[0].1 < two[1].1), "each has its own day");
        prop_assert!(prompted.asks(&care, today), "the question stays open");
    }
}
