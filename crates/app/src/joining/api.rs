//! JSON of this feature.
