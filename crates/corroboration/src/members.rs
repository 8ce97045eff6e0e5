//! Who is in the network: accounts, where they live, who invited whom, when they were last asked.

use std::collections::{HashMap, VecDeque};

use crate::crowd::Record;
use crate::dependence::BURST_SECONDS;
use crate::fingerprint::Fingerprint;
use crate::place::{Grid, Moment, Place};
use crate::policy::Policy;
use crate::reliability::Reliability;
use crate::{Member, Tier};

const DAY: f64 = 86_400.0;
/// Days during which an account counts as young in the invitation tree.
const YOUNG_ANCESTRY_DAYS: f64 = 60.0;
/// Days during which a group of accounts is capped.
const YOUNG_CAP_DAYS: f64 = 30.0;
/// Kilometers within which registrations are compared.
const BURST_KM: f64 = 5.0;
/// Least number of accounts in a burst.
const BURST_LEAST: usize = 4;
/// A burst is one that chance brings less often than this.
const BURST_CHANCE: f64 = 0.002;
/// Kilometers beyond which an inviter is no neighbor.
const AFAR_KM: f64 = 15.0;
/// Longest chain of invitations followed.
const CHAIN: usize = 16;

/// An account.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub tier: Tier,
    pub created: Moment,
    pub home: Place,
    pub device: Option<Fingerprint>,
    pub reliability: Reliability,
    pub record: Record,
    invited_by: Option<u32>,
    asks: VecDeque<Moment>,
}

impl Account {
    pub fn trained(&self) -> bool {
        matches!(self.tier, Tier::Trained | Tier::Official)
    }

    pub fn young(&self, now: Moment) -> bool {
        now.since(self.created) < YOUNG_CAP_DAYS * DAY
    }

    /// Asks in the last 30 days.
    pub fn asks_this_month(&self, now: Moment) -> usize {
        self.asks.iter().filter(|t| now.since(**t) < 30.0 * DAY).count()
    }

    /// Whether the policy lets this member be asked now, at most `month` times in 30 days.
    pub fn may_be_asked(&self, policy: &Policy, month: usize, now: Moment) -> bool {
        now.since(self.created) >= policy.ask_age_days * DAY
            && self.asks.back().is_none_or(|t| now.minutes_since(*t) >= policy.ask_rest_min)
            && self.asks_this_month(now) < month
    }

    pub fn asked(&mut self, now: Moment) {
        while self.asks.front().is_some_and(|t| now.since(*t) >= 30.0 * DAY) {
            self.asks.pop_front();
        }
        self.asks.push_back(now);
    }
}

/// All accounts, by number and name.
#[derive(Debug, Clone)]
pub(crate) struct Members {
    accounts: Vec<Account>,
    names: Vec<String>,
    numbers: HashMap<String, u32>,
    homes: Grid,
    awaited: HashMap<String, Vec<u32>>,
}

impl Members {
    pub fn new() -> Self {
        Self {
            accounts: Vec::new(),
            names: Vec::new(),
            numbers: HashMap::new(),
            homes: Grid::new(BURST_KM),
            awaited: HashMap::new(),
        }
    }

    /// Adds an account, or brings a known one up to date; what was learned about it stays.
    pub fn add(&mut self, member: &Member) -> u32 {
        let invited_by = self.inviter(member);
        if let Some(number) = self.number(&member.id) {
            if let Some(account) = self.accounts.get_mut(number as usize) {
                self.homes.remove(account.home, number);
                self.homes.insert(member.home, number);
                if account.tier != member.tier {
                    account.reliability = Reliability::of(member.tier, member.created);
                }
                account.tier = member.tier;
                account.created = member.created;
                account.home = member.home;
                account.device = member.device;
                account.invited_by = invited_by;
            }
            return number;
        }
        let number = u32::try_from(self.accounts.len()).unwrap_or(u32::MAX);
        self.accounts.push(Account {
            tier: member.tier,
            created: member.created,
            home: member.home,
            device: member.device,
            reliability: Reliability::of(member.tier, member.created),
            record: Record::default(),
            invited_by,
            asks: VecDeque::new(),
        });
        self.names.push(member.id.clone());
        self.numbers.insert(member.id.clone(), number);
        self.homes.insert(member.home, number);
        for invited in self.awaited.remove(&member.id).unwrap_or_default() {
            if let Some(account) = self.get_mut(invited) {
                account.invited_by = Some(number);
            }
        }
        number
    }

    /// The inviter's number; an inviter we have not heard of yet is filled in when they come.
    fn inviter(&mut self, member: &Member) -> Option<u32> {
        let name = member.invited_by.as_ref()?;
        let known = self.number(name);
        if known.is_none() {
            let number =
                self.number(&member.id).unwrap_or(u32::try_from(self.accounts.len()).unwrap_or(u32::MAX));
            self.awaited.entry(name.clone()).or_default().push(number);
        }
        known
    }

    pub fn number(&self, name: &str) -> Option<u32> {
        self.numbers.get(name).copied()
    }

    pub fn name(&self, number: u32) -> &str {
        self.names.get(number as usize).map_or("", String::as_str)
    }

    pub fn get(&self, number: u32) -> Option<&Account> {
        self.accounts.get(number as usize)
    }

    pub fn get_mut(&mut self, number: u32) -> Option<&mut Account> {
        self.accounts.get_mut(number as usize)
    }

    /// Accounts whose home lies within `km` of a place, with east and north offsets in kilometers.
    pub fn near(&self, place: Place, km: f64) -> impl Iterator<Item = (u32, &Account, f64, f64)> + '_ {
        self.homes.near(place, km).filter_map(move |number| {
            let account = self.get(number)?;
            let (x, y) = account.home.offset_km(place);
            (x.hypot(y) <= km).then_some((number, account, x, y))
        })
    }

    /// For a young account, the nearest ancestor in the invitation tree that is not young, else the top of the chain.
    pub fn ancestor(&self, number: u32, now: Moment) -> Option<u32> {
        let young = |a: &Account| now.since(a.created) < YOUNG_ANCESTRY_DAYS * DAY;
        let mut at = number;
        let mut account = self.get(at)?;
        if !young(account) {
            return None;
        }
        for _ in 0..CHAIN {
            let Some(up) = account.invited_by else { break };
            let Some(inviter) = self.get(up) else { break };
            at = up;
            account = inviter;
            if !young(account) {
                break;
            }
        }
        Some(at)
    }

    /// Whether the account was let in by somebody who lives far away, and no verdict has borne it out since.
    ///
    /// Inviting is vouching, and a neighbor can vouch for a neighbor; strangers of many distant inviters who turn up
    /// in one village may be one voice. Nothing is held against one of them alone.
    pub fn vouched_from_afar(&self, number: u32) -> bool {
        let Some(account) = self.get(number) else { return false };
        if account.trained() || account.reliability.learned(account.created) > 0.0 {
            return false;
        }
        let inviter = account.invited_by.and_then(|up| self.get(up));
        inviter.is_some_and(|i| i.home.km(account.home) > AFAR_KM)
    }

    /// When the account was made, if it was made in a burst: so many near it within a day that chance hardly brings it.
    ///
    /// Made-up accounts cost the least when they are made in one go; those of one village seldom come so. A burst says
    /// nothing against its members, only that they may be one voice, until verdicts have borne one of them out.
    pub fn burst(&self, number: u32) -> Option<Moment> {
        let account = self.get(number)?;
        if account.trained() || account.reliability.learned(account.created) > 0.0 {
            return None;
        }
        let mut made: Vec<f64> =
            self.near(account.home, BURST_KM).map(|(_, a, _, _)| a.created.since(account.created)).collect();
        let all = made.len();
        let span = made.iter().fold(0.0f64, |s, t| s.max(t.abs())).max(YOUNG_CAP_DAYS * DAY);
        made.retain(|t| t.abs() <= BURST_SECONDS);
        made.sort_by(f64::total_cmp);
        let densest = densest_day(&made);
        if densest < BURST_LEAST {
            return None;
        }
        // what a steady stream of registrations would bring in a day, the burst itself left out
        let expected = (all.saturating_sub(densest)) as f64 * BURST_SECONDS / span;
        (poisson_tail(densest - 1, expected) < BURST_CHANCE).then_some(account.created)
    }
}

/// Most moments (sorted, in seconds from the account's own) in one day that contains the account's own.
fn densest_day(made: &[f64]) -> usize {
    made.iter()
        .filter(|start| **start <= 0.0)
        .map(|start| made.iter().filter(|t| **t >= *start && **t <= start + BURST_SECONDS).count())
        .max()
        .unwrap_or(0)
}

/// Chance of at least `n` where `expected` are expected.
fn poisson_tail(n: usize, expected: f64) -> f64 {
    let mut term = (-expected).exp();
    let mut below = 0.0;
    for k in 0..n {
        below += term;
        term *= expected / (k + 1) as f64;
    }
    (1.0 - below).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(id: &str, created: i64, invited_by: Option<&str>) -> Member {
        Member {
            id: id.to_owned(),
            tier: Tier::Member,
            created: Moment(created),
            home: Place { lat: 18.6, lon: 98.9 },
            invited_by: invited_by.map(str::to_owned),
            device: None,
        }
    }

    #[test]
    fn poisson_tail_has_the_textbook_values() {
        assert!((poisson_tail(0, 1.0) - 1.0).abs() < 1e-12);
        assert!((poisson_tail(1, 1.0) - 0.632_120_558_8).abs() < 1e-9);
        assert!((poisson_tail(4, 0.3) - 0.000_265_8).abs() < 1e-6);
    }

    #[test]
    fn a_burst_of_registrations_is_seen_and_a_steady_stream_is_not() {
        let day = 86_400;
        let mut members = Members::new();
        for k in 0..40 {
            members.add(&member(&format!("steady{k}"), k * 9 * day, None));
        }
        let puppets: Vec<u32> = (0..6)
            .map(|k| members.add(&member(&format!("puppet{k}"), 200 * day + k * 3 * 3600, None)))
            .collect();
        assert!(puppets.iter().all(|p| members.burst(*p).is_some()));
        assert!((0..22).all(|k| members.burst(k).is_none()), "members of other weeks are not of the burst");
    }

    #[test]
    fn young_accounts_share_their_elder() {
        let day = 86_400;
        let mut members = Members::new();
        let elder = members.add(&member("elder", 0, None));
        let a = members.add(&member("a", 100 * day, Some("elder")));
        let b = members.add(&member("b", 101 * day, Some("a")));
        let now = Moment(110 * day);
        assert_eq!(members.ancestor(a, now), Some(elder));
        assert_eq!(members.ancestor(b, now), Some(elder));
        assert_eq!(members.ancestor(b, Moment(400 * day)), None);
        assert_eq!(members.ancestor(elder, now), None);
    }

    #[test]
    fn a_member_is_asked_four_times_a_month_and_then_left_in_peace() {
        let policy = Policy::default();
        let mut members = Members::new();
        let n = members.add(&member("a", 0, None));
        let day = 86_400;
        let mut asked = 0;
        for hour in 0..(24 * 60) {
            let now = Moment(100 * day + hour * 3600);
            let account = members.get_mut(n).unwrap();
            if account.may_be_asked(&policy, policy.ask_month, now) {
                account.asked(now);
                asked += 1;
            }
        }
        assert_eq!(asked, 8, "four in each of two months");
    }
}
