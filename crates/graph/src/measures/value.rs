//! What a measure gives.

use crate::bound::Bound;

/// The value of a measure. Actors are numbered as in the network given.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// The network is not of a kind that the measure speaks of.
    Undefined,
    Number(f64),
    Count(u128),
    Counts(Vec<u128>),
    /// One for each actor; none where it is undefined for that actor.
    Numbers(Vec<Option<f64>>),
    /// One whole number for each actor.
    Whole(Vec<u64>),
    /// Some of the actors.
    Actors(Vec<u32>),
    /// Some pairs of actors.
    Pairs(Vec<(u32, u32)>),
    /// For each actor how often it holds each role.
    Roles(Vec<[u64; 6]>),
    /// An actor and numbers about it, each with its name.
    Actor(u32, Vec<(&'static str, f64)>),
}

impl From<Option<f64>> for Value {
    fn from(value: Option<f64>) -> Self {
        value.map_or(Self::Undefined, Self::Number)
    }
}

impl From<Option<Vec<f64>>> for Value {
    fn from(values: Option<Vec<f64>>) -> Self {
        values.map_or(Self::Undefined, |values| Self::Numbers(values.into_iter().map(Some).collect()))
    }
}

/// How a value that is not exact was found, and how far it may be off.
#[derive(Debug, Clone, PartialEq)]
pub struct Approximation {
    /// In a few words, with the size of the sample.
    pub method: String,
    pub bound: Bound,
}

/// A measure's value, and how it was approximated if it was.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    pub value: Value,
    pub approximation: Option<Approximation>,
}

impl Outcome {
    pub(super) fn exact(value: impl Into<Value>) -> Self {
        Self { value: value.into(), approximation: None }
    }

    pub(super) fn sampled(value: impl Into<Value>, method: &str, bound: Option<Bound>) -> Self {
        let value = value.into();
        let bound = bound.filter(|_| value != Value::Undefined);
        let approximation = bound.map(|bound| Approximation { method: method.to_owned(), bound });
        Self { value, approximation }
    }
}
