//! What an editing of a member changes: nothing that the page did not show, and in the journal the fields that differ,
//! no others (D3).

use network::vocabulary::{ActorKind, ContactPointKind, OrgType, SizeBand, Visibility};
use store::ids::ActorId;
use store::journal::{Act, Entry};

use super::Sketch;
use super::queries::Profile;

impl Sketch {
    /// What is said of a member now, as far as this viewer may see it: where an editing begins.
    #[must_use]
    pub fn of(profile: &Profile) -> Self {
        let visible = |word: &str| Visibility::from_word(word).unwrap_or(Visibility::Private);
        let points = profile.contact_points.iter().filter_map(|point| {
            let kind = ContactPointKind::from_word(&point.kind)?;
            Some((kind.word(), point.value.clone(), point.shown.clone(), visible(&point.visibility)))
        });
        Self {
            kind: ActorKind::from_word(&profile.card.kind).unwrap_or(ActorKind::Person),
            name: profile.card.name.clone(),
            nickname: profile.card.nickname.clone(),
            bio: profile.bio.clone(),
            profession: profile.card.profession.clone(),
            position: profile.card.position.clone(),
            org_type: profile.org_type.as_deref().and_then(OrgType::from_word),
            size_band: profile.size_band.as_deref().and_then(SizeBand::from_word),
            languages: profile.languages.clone(),
            province: profile.card.province.clone(),
            district: profile.card.district.clone(),
            subdistrict: profile.subdistrict.clone(),
            capacity_a_month: profile.capacity_a_month,
            contact_hours: profile.contact_hours.clone(),
            context_limits: profile.context_limits.clone(),
            context_avoid: profile.context_avoid.clone(),
            context_matters: profile.context_matters.clone(),
            visibility: visible(&profile.visibility),
            may_be_suggested: profile.may_be_suggested,
            contact_points: points.collect(),
            capabilities: profile.capabilities.clone(),
        }
    }

    /// What an editing puts in the place of the first way of this kind, the one that was shown: nothing takes it away,
    /// another keeps who may see it, and the further ones of its kind stay.
    pub fn replace_point(&mut self, kind: ContactPointKind, to: Option<(String, String)>) {
        let at = self.contact_points.iter().position(|point| point.0 == kind.word());
        match (at.and_then(|at| self.contact_points.get_mut(at)), to) {
            // unchanged is what looks unchanged, however it was written once
            (Some(point), Some((value, shown))) if point.2 != shown && point.1 != value => {
                (point.1, point.2) = (value, shown);
            }
            (Some(_), Some(_)) | (None, None) => {}
            (Some(_), None) => {
                if let Some(at) = at {
                    self.contact_points.remove(at);
                }
            }
            (None, Some((value, shown))) => {
                self.contact_points.push((kind.word(), value, shown, Visibility::Network));
            }
        }
    }

    /// The fields that differ from `before`, each with what it held, under the names the store has for them.
    #[must_use]
    pub fn differing(&self, before: &Self) -> Vec<(&'static str, Option<String>)> {
        let (old, new) = (before.said(), self.said());
        let pairs = old.into_iter().zip(new);
        pairs.filter(|((_, was), (_, is))| was != is).map(|(was, _)| was).collect()
    }

    fn said(&self) -> Vec<(&'static str, Option<String>)> {
        let some = |text: &str| Some(text.to_owned());
        let mut points: Vec<String> = self
            .contact_points
            .iter()
            .map(|(kind, value, _, visibility)| format!("{kind} {value} {}", visibility.word()))
            .collect();
        points.sort();
        let mut capabilities: Vec<String> = self
            .capabilities
            .iter()
            .map(|(category, learn)| format!("{} {category}", if *learn { "learn" } else { "can" }))
            .collect();
        capabilities.sort();
        capabilities.dedup();
        vec![
            ("name", some(&self.name)),
            ("nickname", some(&self.nickname)),
            ("bio", some(&self.bio)),
            ("profession", some(&self.profession)),
            ("position", some(&self.position)),
            ("org_type", self.org_type.map(|word| word.word().to_owned())),
            ("size_band", self.size_band.map(|word| word.word().to_owned())),
            ("languages", some(&self.languages)),
            ("province_code", self.province.clone()),
            ("district_code", self.district.clone()),
            ("subdistrict_code", self.subdistrict.clone()),
            ("capacity_a_month", Some(self.capacity_a_month.to_string())),
            ("contact_hours", some(&self.contact_hours)),
            ("context_limits", some(&self.context_limits)),
            ("context_avoid", some(&self.context_avoid)),
            ("context_matters", some(&self.context_matters)),
            ("visibility", some(self.visibility.word())),
            ("may_be_suggested", Some(self.may_be_suggested.to_string())),
            ("contact_point", Some(points.join("\n"))),
            ("capability", Some(capabilities.join("\n"))),
        ]
    }

    /// The journal entry of an editing that made `self` of `before`; none where nothing differs.
    #[must_use]
    pub fn changed(&self, id: ActorId, before: &Self) -> Option<Entry> {
        let differing = self.differing(before);
        if differing.is_empty() {
            return None;
        }
        let entry = Entry::new(Act::Do, "members.change", id.0).for_member(id);
        Some(differing.into_iter().fold(entry, |entry, (field, was)| entry.before(field, was)))
    }
}
