//! What a read is about to ask, learned from the reads by the same code before it, and asked along with what it asks
//! now.
//!
//! A page asks some twenty-five small things one after the other. To a database behind a wire each is a journey there
//! and back, which costs three times what finding the answer does; sent together (pipelined) they share one. Which they
//! will be is nearly always known: the same code asks the same statements, and their parameters are who asks, the hour, a
//! constant, a parameter of an earlier statement or a cell of the first row of an earlier answer. That much is learned
//! here, for each closure that reads.
//!
//! A guess changes no answer: what was fetched ahead is handed over only when exactly that statement is asked with exactly
//! those parameters in the same read. Statements are fetched in the order in which they are usually asked, and none before
//! one that usually comes first and is not known yet: who reads a version and then the rows, and keeps the rows under that
//! version, does not get rows that are older. A wrong guess costs its statement, and a statement that is rarely wanted
//! is no longer guessed.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::database::{Asking, Connection};
use crate::{Error, Micros, Row, Value, Viewer};

/// Statements known of one closure; further ones are asked when they come.
const ASKS: usize = 64;
/// So often a statement must have been met with its parameters explained before it is guessed.
const MET: u32 = 3;
/// Explaining a parameter is given up after so many explanations that did not hold.
const GIVEN_UP: u8 = 4;
/// What was counted longer ago counts half.
const HALVED_AT: u32 = 64;
/// Once so many reads were learned from, one of sixteen is.
const LEARNED: u32 = 64;
const ONE_OF: u32 = 16;

/// What is known of all closures that read.
#[derive(Debug, Default)]
pub struct Foresight {
    habits: Mutex<HashMap<&'static str, Arc<Mutex<Habit>>>>,
}

/// What one closure asks.
#[derive(Debug, Default)]
struct Habit {
    /// Reads seen, and those counted since the counts were halved.
    reads: u32,
    counted: u32,
    asks: Vec<Ask>,
    /// The places of the asks in the order in which they are asked.
    order: Vec<usize>,
}

/// One statement of a closure: the n-th time that it asks this text.
#[derive(Debug)]
struct Ask {
    sql: Arc<str>,
    nth: usize,
    /// How many were asked before it, the last time.
    before: usize,
    /// Among the reads counted, those that asked it.
    met: u32,
    /// Reads that asked it since its parameters were explained anew.
    explained: u32,
    /// For each parameter all that it may come from.
    origins: Vec<Vec<Origin>>,
    failed: u8,
}

/// Where a parameter comes from.
#[derive(Debug, Clone, PartialEq)]
enum Origin {
    /// The place in [`starts`].
    Start(usize),
    Constant(Value),
    /// The parameter at this place of that statement.
    Parameter(usize, usize),
    /// The column of the first row of the answer to that statement.
    Cell(usize, usize),
}

/// What is known before anything was asked.
fn starts(viewer: &Viewer, now: Micros) -> [Value; 4] {
    let id = |id: Option<i64>| id.map_or(Value::Null, Value::Int);
    [
        id(viewer.actor().map(|id| id.0)),
        id(viewer.person().map(|id| id.0)),
        id(viewer.account().map(|id| id.0)),
        Value::Int(now.0),
    ]
}

/// One read under way, or what a write reads before it changes anything.
#[derive(Debug)]
pub struct Course {
    habit: Arc<Mutex<Habit>>,
    starts: [Value; 4],
    /// Whether a statement that fails takes all others with it.
    transaction: bool,
    /// Nothing is fetched ahead any more.
    over: Cell<bool>,
    /// What was asked so far, in order.
    asked: RefCell<Vec<Asked>>,
    /// What was fetched and not asked yet, in the order in which it was fetched.
    ahead: RefCell<Vec<Asked>>,
}

#[derive(Debug)]
struct Asked {
    sql: Arc<str>,
    nth: usize,
    parameters: Vec<Value>,
    rows: Vec<Row>,
    /// The first row, where the rows were handed over.
    first: Option<Row>,
}

impl Foresight {
    /// A read by the closure of this name begins.
    pub fn begin(&self, closure: &'static str, viewer: &Viewer, now: Micros, transaction: bool) -> Course {
        let mut habits = self.habits.lock().unwrap_or_else(PoisonError::into_inner);
        let habit = Arc::clone(habits.entry(closure).or_default());
        Course {
            habit,
            starts: starts(viewer, now),
            transaction,
            over: Cell::new(false),
            asked: RefCell::default(),
            ahead: RefCell::default(),
        }
    }
}

impl Course {
    /// The rows of a statement: fetched before, or now together with what is likely to be asked next.
    pub fn rows(
        &self,
        connection: &mut dyn Connection,
        sql: &str,
        parameters: &[Value],
    ) -> Result<Vec<Row>, Error> {
        if self.over.get() || self.asked.borrow().len() >= ASKS {
            return connection.query(sql, parameters);
        }
        let fetched = {
            let mut ahead = self.ahead.borrow_mut();
            let place = ahead.iter().position(|one| &*one.sql == sql && one.parameters == parameters);
            place.map(|place| ahead.remove(place).rows)
        };
        let rows = match fetched {
            Some(rows) => rows,
            None => self.fetch(connection, sql, parameters)?,
        };
        let mut asked = self.asked.borrow_mut();
        let nth = asked.iter().filter(|one| &*one.sql == sql).count();
        let first = rows.first().cloned();
        asked.push(Asked { sql: sql.into(), nth, parameters: parameters.to_vec(), rows: Vec::new(), first });
        Ok(rows)
    }

    /// Something is changed: what was fetched ahead may be wrong now.
    pub fn change(&self) {
        self.over.set(true);
        self.ahead.borrow_mut().clear();
    }

    fn fetch(
        &self,
        connection: &mut dyn Connection,
        sql: &str,
        parameters: &[Value],
    ) -> Result<Vec<Row>, Error> {
        let guessed = self.guess(sql, parameters);
        if guessed.is_empty() {
            return connection.query(sql, parameters);
        }
        let mut together = vec![Asking { sql, parameters }];
        together.extend(guessed.iter().map(|one| Asking { sql: &one.sql, parameters: &one.parameters }));
        let mut answers = connection.query_together(&together)?.into_iter();
        let own = answers.next().unwrap_or(Err(Error::NotFound));
        let mut ahead = self.ahead.borrow_mut();
        for (one, answer) in guessed.into_iter().zip(answers) {
            match answer {
                Ok(rows) => ahead.push(Asked { rows, ..one }),
                Err(error) if self.transaction => return Err(error),
                // it is asked again when it is meant, and fails then
                Err(_) => {}
            }
        }
        own
    }

    /// What will likely be asked next, up to the first of which it is not known yet with what.
    fn guess(&self, sql: &str, parameters: &[Value]) -> Vec<Asked> {
        let habit = self.habit.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = self.asked.borrow();
        let nth = asked.iter().filter(|one| &*one.sql == sql).count();
        // of each ask of this closure what was said and answered in this read
        let known: Vec<Option<(&[Value], Option<&Row>)>> = habit
            .asks
            .iter()
            .map(|ask| {
                if ask.nth == nth && &*ask.sql == sql {
                    return Some((parameters, None));
                }
                let one = asked.iter().find(|one| one.nth == ask.nth && one.sql == ask.sql);
                one.map(|one| (one.parameters.as_slice(), one.first.as_ref()))
            })
            .collect();
        let ahead = self.ahead.borrow();
        let is_ahead = |ask: &Ask| ahead.iter().any(|one| one.nth == ask.nth && one.sql == ask.sql);
        let reached = habit.order.iter().rposition(|place| known.get(*place).is_some_and(Option::is_some));
        let mut guessed: Vec<(&Ask, usize, Vec<Value>)> = Vec::new();
        for place in habit.order.iter().skip(reached.map_or(0, |reached| reached + 1)) {
            let Some(ask) = habit.asks.get(*place) else { continue };
            if ask.met * 4 < habit.counted * 3 || is_ahead(ask) {
                continue;
            }
            let find = |origin: &Origin| match origin {
                Origin::Start(at) => self.starts.get(*at).cloned(),
                Origin::Constant(value) => Some(value.clone()),
                Origin::Parameter(of, at) => {
                    let guessed =
                        guessed.iter().find(|(_, place, _)| place == of).map(|(.., all)| all.as_slice());
                    guessed.or_else(|| known.get(*of)?.map(|(all, _)| all))?.get(*at).cloned()
                }
                Origin::Cell(of, at) => known.get(*of)?.and_then(|(_, row)| row?.0.get(*at)).cloned(),
            };
            let found: Option<Vec<Value>> =
                ask.origins.iter().map(|origins| origins.iter().find_map(find)).collect();
            match found {
                Some(found) if ask.explained >= MET => guessed.push((ask, *place, found)),
                _ => break,
            }
        }
        let made = |(ask, _, parameters): (&Ask, usize, Vec<Value>)| Asked {
            sql: Arc::clone(&ask.sql),
            nth: ask.nth,
            parameters,
            rows: Vec::new(),
            first: None,
        };
        guessed.into_iter().map(made).collect()
    }
}

impl Drop for Course {
    /// Learns from what was asked.
    fn drop(&mut self) {
        let asked = self.asked.take();
        if asked.is_empty() {
            return;
        }
        let mut habit = self.habit.lock().unwrap_or_else(PoisonError::into_inner);
        habit.reads = habit.reads.saturating_add(1);
        if habit.reads > LEARNED && !habit.reads.is_multiple_of(ONE_OF) && self.ahead.borrow().is_empty() {
            return;
        }
        habit.learn(&asked, &self.starts);
    }
}

impl Habit {
    fn learn(&mut self, asked: &[Asked], starts: &[Value]) {
        self.counted += 1;
        if self.counted >= HALVED_AT {
            self.counted /= 2;
            for ask in &mut self.asks {
                ask.met /= 2;
            }
        }
        // where each of these stands among the asks known
        let mut places: Vec<Option<usize>> = Vec::with_capacity(asked.len());
        for one in asked {
            let place = self.place_of(one);
            for at in 0..one.parameters.len() {
                let Some(place) = place else { break };
                self.explain(place, at, asked, &places, one, starts);
            }
            if let Some(ask) = place.and_then(|place| self.asks.get_mut(place)) {
                ask.met += 1;
                ask.explained += 1;
                ask.before = places.len();
            }
            places.push(place);
        }
        self.order = (0..self.asks.len()).collect();
        let Self { asks, order, .. } = self;
        order.sort_by_key(|place| asks.get(*place).map(|ask| ask.before));
    }

    /// The place of a statement among those known, made where there is room.
    fn place_of(&mut self, one: &Asked) -> Option<usize> {
        let place = self.asks.iter().position(|ask| ask.nth == one.nth && ask.sql == one.sql);
        if place.is_some() || self.asks.len() >= ASKS {
            return place;
        }
        self.asks.push(Ask {
            sql: Arc::clone(&one.sql),
            nth: one.nth,
            before: 0,
            met: 0,
            explained: 0,
            origins: vec![Vec::new(); one.parameters.len()],
            failed: 0,
        });
        Some(self.asks.len() - 1)
    }

    /// Keeps of what may explain a parameter what explains it here too; where nothing does, begins anew.
    fn explain(
        &mut self,
        place: usize,
        at: usize,
        asked: &[Asked],
        places: &[Option<usize>],
        one: &Asked,
        starts: &[Value],
    ) {
        let Some(value) = one.parameters.get(at) else { return };
        let Some(ask) = self.asks.get_mut(place) else { return };
        let Some(origins) = ask.origins.get_mut(at) else { return };
        let all = all_origins(value, asked, places, starts);
        let before = origins.len();
        origins.retain(|origin| all.contains(origin));
        if !origins.is_empty() {
            return;
        }
        if before > 0 || ask.explained > 0 {
            ask.failed = ask.failed.saturating_add(1);
            ask.explained = 0;
        }
        if ask.failed < GIVEN_UP
            && let Some(origins) = ask.origins.get_mut(at)
        {
            *origins = all;
        }
    }
}

/// All that a value may have come from, what is known earliest first; a constant last, since most that look like one are
/// not.
fn all_origins(value: &Value, asked: &[Asked], places: &[Option<usize>], starts: &[Value]) -> Vec<Origin> {
    let mut all: Vec<Origin> = starts
        .iter()
        .enumerate()
        .filter(|(_, start)| *start == value && **start != Value::Null)
        .map(|(at, _)| Origin::Start(at))
        .collect();
    for (one, place) in asked.iter().zip(places) {
        let Some(place) = place else { continue };
        let same = |values: &[Value], make: fn(usize, usize) -> Origin, all: &mut Vec<Origin>| {
            for (at, other) in values.iter().enumerate() {
                if other == value && *other != Value::Null {
                    all.push(make(*place, at));
                }
            }
        };
        same(&one.parameters, Origin::Parameter, &mut all);
        if let Some(row) = &one.first {
            same(&row.0, Origin::Cell, &mut all);
        }
    }
    all.push(Origin::Constant(value.clone()));
    all
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A database that counts journeys and answers a statement by its parameters: ten more in the first column.
    #[derive(Debug, Default)]
    struct Wire {
        journeys: usize,
        statements: usize,
        /// Whether what is called frail fails.
        failing: bool,
    }

    fn answer(sql: &str, parameters: &[Value]) -> Vec<Row> {
        let more = |value: &Value| if let Value::Int(n) = value { Value::Int(n + 10) } else { value.clone() };
        if sql.contains("nothing") { Vec::new() } else { vec![Row(parameters.iter().map(more).collect())] }
    }

    impl Connection for Wire {
        fn query(&mut self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
            self.journeys += 1;
            self.statements += 1;
            if self.failing && sql.contains("frail") {
                Err(Error::NotFound)
            } else {
                Ok(answer(sql, parameters))
            }
        }
        fn pipelines(&self) -> bool {
            true
        }
        fn query_together(&mut self, asked: &[Asking<'_>]) -> Result<Vec<Result<Vec<Row>, Error>>, Error> {
            let before = self.journeys;
            let answers = asked.iter().map(|one| self.query(one.sql, one.parameters)).collect();
            self.journeys = before + 1;
            Ok(answers)
        }
        fn execute(&mut self, _: &str, _: &[Value]) -> Result<u64, Error> {
            Ok(0)
        }
        fn insert(&mut self, _: &str, _: &[&str], _: &[Vec<Value>], _: &str) -> Result<u64, Error> {
            Ok(0)
        }
        fn tables(&mut self) -> Result<Vec<String>, Error> {
            Ok(Vec::new())
        }
        fn columns(&mut self, _: &str) -> Result<Vec<(String, String)>, Error> {
            Ok(Vec::new())
        }
    }

    const WHO: Viewer = Viewer::System("test");

    /// Asks each statement with its parameters; how many journeys it took, and how many statements.
    fn read(foresight: &Foresight, now: i64, asks: &[(&str, Vec<i64>)]) -> (usize, usize) {
        let mut wire = Wire::default();
        let course = foresight.begin("a page", &WHO, Micros(now), false);
        for (sql, parameters) in asks {
            let parameters: Vec<Value> = parameters.iter().copied().map(Value::Int).collect();
            let rows = course.rows(&mut wire, sql, &parameters);
            assert_eq!(rows.ok(), Some(answer(sql, &parameters)), "{sql} {parameters:?}");
        }
        (wire.journeys, wire.statements)
    }

    #[test]
    fn what_follows_from_the_page_and_the_hour_is_asked_with_the_first_statement() {
        let foresight = Foresight::default();
        let page = |id: i64, now: i64| {
            read(
                &foresight,
                now,
                &[
                    ("member", vec![id]),
                    ("ties", vec![id, now]),
                    ("offers", vec![id, 7]),
                    ("ties", vec![id, 8]),
                ],
            )
        };
        for time in 0..3 {
            assert_eq!(page(100 + time, 5_000 + time), (4, 4), "not yet: it may be chance");
        }
        for time in 3..200 {
            assert_eq!(page(100 + time, 5_000 + time), (1, 4));
        }
    }

    #[test]
    fn what_depends_on_an_answer_is_asked_as_soon_as_the_answer_is_there() {
        let foresight = Foresight::default();
        // the network is ten more than the member, its coordinator ten more than that
        let page = |id: i64| {
            let asks = [
                ("member", vec![id]),
                ("network", vec![id + 10]),
                ("coordinator", vec![id + 20]),
                ("words", vec![id]),
                ("charter", vec![id + 10]),
            ];
            read(&foresight, 1, &asks)
        };
        for id in [31, 57, 82] {
            assert_eq!(page(id).0, 5);
        }
        // the member; the network; its coordinator, and with it what was known and comes after it
        assert_eq!(page(90), (3, 5));
    }

    #[test]
    fn nothing_is_fetched_before_what_usually_comes_first() {
        let foresight = Foresight::default();
        // the version is asked with a number that only the program's memory knows
        let page = |id: i64, number: i64| {
            read(&foresight, 1, &[("member", vec![id]), ("version", vec![number]), ("rows", vec![id])])
        };
        for id in 0..20 {
            let (journeys, statements) = page(id, 1_000 + id * 37 % 101);
            assert!(journeys >= 2 && statements == 3, "{journeys}: rows are not asked along with the member");
        }
        // what nobody foresaw is asked by itself, and what was fetched stays
        let foresight = Foresight::default();
        for id in 0..5 {
            read(&foresight, 1, &[("member", vec![id]), ("ties", vec![id]), ("offers", vec![id])]);
        }
        let asks = [("member", vec![40]), ("surprise", vec![40]), ("ties", vec![40]), ("offers", vec![40])];
        assert_eq!(read(&foresight, 1, &asks), (2, 4));
    }

    #[test]
    fn what_is_rarely_wanted_is_not_asked_for_long() {
        let foresight = Foresight::default();
        let with = |id: i64| vec![("member", vec![id]), ("ties", vec![id]), ("rare", vec![id])];
        for id in 0..10 {
            read(&foresight, 1, &with(id * 7));
        }
        let mut wasted = 0;
        for id in 0..300 {
            let (_, statements) = read(&foresight, 1, &[("member", vec![id]), ("ties", vec![id])]);
            wasted += statements - 2;
        }
        assert!(wasted < 10, "{wasted} of 300");
    }

    #[test]
    fn a_parameter_nobody_can_know_is_not_guessed() {
        let foresight = Foresight::default();
        let mut statements = 0;
        for id in 0..200 {
            // the second parameter comes from nowhere
            let asks = [("member", vec![id]), ("dice", vec![id, 1_000 + id * 37 % 101])];
            statements += read(&foresight, 1, &asks).1;
        }
        assert!(statements < 410, "{statements}");
    }

    #[test]
    fn a_guess_that_fails_fails_nobody_who_did_not_ask() {
        let foresight = Foresight::default();
        for id in 0..5 {
            read(&foresight, 1, &[("member", vec![id]), ("frail", vec![id]), ("ties", vec![id])]);
        }
        let mut wire = Wire { failing: true, ..Wire::default() };
        let asked = [Value::Int(40)];
        let course = foresight.begin("a page", &WHO, Micros(1), false);
        assert!(course.rows(&mut wire, "member", &asked).is_ok());
        assert_eq!(wire.statements, 3, "it was guessed");
        assert!(course.rows(&mut wire, "ties", &asked).is_ok());
        assert!(course.rows(&mut wire, "frail", &asked).is_err(), "asked again, when it is meant");
        drop(course);
        // in a transaction the first failure is everybody's
        let course = foresight.begin("a page", &WHO, Micros(1), true);
        assert!(course.rows(&mut wire, "member", &asked).is_err());
    }

    #[test]
    fn what_was_fetched_before_a_change_is_asked_again() {
        let foresight = Foresight::default();
        for id in 0..5 {
            read(&foresight, 1, &[("member", vec![id]), ("ties", vec![id])]);
        }
        let mut wire = Wire::default();
        let course = foresight.begin("a page", &WHO, Micros(1), true);
        assert!(course.rows(&mut wire, "member", &[Value::Int(40)]).is_ok());
        assert_eq!((wire.journeys, wire.statements), (1, 2));
        course.change();
        assert!(course.rows(&mut wire, "ties", &[Value::Int(40)]).is_ok());
        assert_eq!((wire.journeys, wire.statements), (2, 3));
    }

    proptest! {
        /// Whatever is asked in whatever order, each answer is the one to what was asked (checked in `read`).
        #[test]
        fn no_answer_is_another_ones(
            reads in prop::collection::vec(
                prop::collection::vec((0_usize..5, prop::collection::vec(0_i64..4, 0..3)), 0..90), 0..20,
            ),
        ) {
            let foresight = Foresight::default();
            for (now, asks) in reads.into_iter().enumerate() {
                let asks: Vec<(&str, Vec<i64>)> = asks
                    .into_iter()
                    .map(|(sql, parameters)| (["a", "b", "c", "nothing", "e"][sql], parameters))
                    .collect();
                let (journeys, _) = read(&foresight, i64::try_from(now).unwrap_or(0), &asks);
                prop_assert!(journeys <= asks.len());
            }
        }
    }
}
