//! What a visit says: as it comes in, as it is corrected, as it is kept.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Day, Millis};
use serde::{Deserialize, Deserializer};
use uuid::Uuid;

/// A visit to record (走访记录).
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVisit {
    /// Id made by the client (UUIDv7).
    pub id: Uuid,
    /// Who was visited.
    pub person_id: Uuid,
    /// Kind, list `visit_kind`.
    pub kind: String,
    /// Mode, list `visit_mode`.
    pub mode: String,
    /// Day of the visit (Beijing), today at the latest.
    pub visited_on: NaiveDate,
    /// When it began.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// How long it took, in minutes.
    #[schema(minimum = 0, maximum = 1440)]
    pub minutes: Option<i32>,
    /// Result, list `contact_result`.
    pub contact_result: String,
    /// Who came along.
    #[schema(max_length = 200)]
    pub companions: Option<String>,
    /// What was seen and said.
    #[schema(min_length = 1, max_length = 4000)]
    pub summary: String,
    /// Risk signs seen, list `risk_sign`.
    #[serde(default)]
    pub risk_signs: Vec<String>,
    /// Needs found, list `need_domain`.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Services given, list `service_kind`.
    #[serde(default)]
    pub services: Vec<String>,
    /// Field of work, list `work_field`; by the person's categories when left out.
    pub work_field: Option<String>,
    /// Others of the caller's care who were served in the same visit, up to 20: each gets a record, the minutes count once.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub also: Vec<Uuid>,
    /// The caller was asked about overlapping or long hours and says they are right.
    #[serde(default)]
    pub confirmed: bool,
    /// Policies that were explained.
    #[schema(max_length = 4000)]
    pub policies_explained: Option<String>,
    /// What was done or arranged.
    #[schema(max_length = 4000)]
    pub actions: Option<String>,
    /// Day promised for the next visit.
    pub next_visit_on: Option<NaiveDate>,
    /// Where exactly, if not at home.
    #[schema(max_length = 200)]
    pub place_note: Option<String>,
    /// Why there is no signature.
    #[schema(max_length = 200)]
    pub no_signature_reason: Option<String>,
}

/// A correction of a visit that is not locked yet; what is left out stays, null empties.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviseVisit {
    /// Revision the caller saw.
    pub rev: i32,
    /// The caller was asked about overlapping or long hours and says they are right.
    #[serde(default)]
    pub confirmed: bool,
    /// Kind, list `visit_kind`.
    pub kind: Option<String>,
    /// Mode, list `visit_mode`.
    pub mode: Option<String>,
    /// Day of the visit.
    pub visited_on: Option<NaiveDate>,
    /// When it began.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub started_at: Option<Option<DateTime<Utc>>>,
    /// When it ended.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub ended_at: Option<Option<DateTime<Utc>>>,
    /// How long it took, in minutes.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i32>, minimum = 0, maximum = 1440)]
    pub minutes: Option<Option<i32>>,
    /// Result, list `contact_result`.
    pub contact_result: Option<String>,
    /// Who came along.
    #[schema(max_length = 200)]
    pub companions: Option<String>,
    /// What was seen and said.
    #[schema(min_length = 1, max_length = 4000)]
    pub summary: Option<String>,
    /// Risk signs seen.
    pub risk_signs: Option<Vec<String>>,
    /// Needs found.
    pub needs: Option<Vec<String>>,
    /// Services given.
    pub services: Option<Vec<String>>,
    /// Field of work.
    pub work_field: Option<String>,
    /// Policies that were explained.
    #[schema(max_length = 4000)]
    pub policies_explained: Option<String>,
    /// What was done or arranged.
    #[schema(max_length = 4000)]
    pub actions: Option<String>,
    /// Day promised for the next visit.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<NaiveDate>)]
    pub next_visit_on: Option<Option<NaiveDate>>,
    /// Where exactly, if not at home.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub place_note: Option<Option<String>>,
    /// Why there is no signature.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub no_signature_reason: Option<Option<String>>,
}

/// Tells a field that is null from one that is left out.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(d: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(d).map(Some)
}

/// What a visit says, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    pub kind: String,
    pub mode: String,
    pub visited_on: Day,
    pub started_at: Option<Millis>,
    pub ended_at: Option<Millis>,
    pub minutes: Option<i32>,
    pub contact_result: String,
    pub companions: String,
    pub summary: String,
    pub risk_signs: Vec<String>,
    pub needs: Vec<String>,
    pub services: Vec<String>,
    pub work_field: String,
    pub policies_explained: String,
    pub actions: String,
    pub next_visit_on: Option<Day>,
    pub place_note: Option<String>,
    pub no_signature_reason: Option<String>,
}

impl From<NewVisit> for Content {
    fn from(new: NewVisit) -> Self {
        Self {
            kind: new.kind,
            mode: new.mode,
            visited_on: new.visited_on,
            started_at: new.started_at.map(millis),
            ended_at: new.ended_at.map(millis),
            minutes: new.minutes.or_else(|| between(new.started_at, new.ended_at)),
            contact_result: new.contact_result,
            companions: trimmed(new.companions.unwrap_or_default()),
            summary: trimmed(new.summary),
            risk_signs: once(new.risk_signs),
            needs: once(new.needs),
            services: once(new.services),
            work_field: new.work_field.unwrap_or_default(),
            policies_explained: trimmed(new.policies_explained.unwrap_or_default()),
            actions: trimmed(new.actions.unwrap_or_default()),
            next_visit_on: new.next_visit_on,
            place_note: filled(new.place_note),
            no_signature_reason: filled(new.no_signature_reason),
        }
    }
}

impl Content {
    /// The content after a correction.
    pub fn revised(self, by: ReviseVisit) -> Self {
        Self {
            kind: by.kind.unwrap_or(self.kind),
            mode: by.mode.unwrap_or(self.mode),
            visited_on: by.visited_on.unwrap_or(self.visited_on),
            started_at: by.started_at.map_or(self.started_at, |v| v.map(millis)),
            ended_at: by.ended_at.map_or(self.ended_at, |v| v.map(millis)),
            minutes: by.minutes.unwrap_or(self.minutes),
            contact_result: by.contact_result.unwrap_or(self.contact_result),
            companions: by.companions.map_or(self.companions, trimmed),
            summary: by.summary.map_or(self.summary, trimmed),
            risk_signs: by.risk_signs.map_or(self.risk_signs, once),
            needs: by.needs.map_or(self.needs, once),
            services: by.services.map_or(self.services, once),
            work_field: by.work_field.unwrap_or(self.work_field),
            policies_explained: by.policies_explained.map_or(self.policies_explained, trimmed),
            actions: by.actions.map_or(self.actions, trimmed),
            next_visit_on: by.next_visit_on.unwrap_or(self.next_visit_on),
            place_note: by.place_note.map_or(self.place_note, filled),
            no_signature_reason: by.no_signature_reason.map_or(self.no_signature_reason, filled),
        }
    }
}

/// The whole minutes from begin to end.
fn between(start: Option<DateTime<Utc>>, end: Option<DateTime<Utc>>) -> Option<i32> {
    let minutes = (end? - start?).num_minutes();
    i32::try_from(minutes).ok().filter(|n| *n >= 0)
}

fn millis(at: DateTime<Utc>) -> Millis {
    at.timestamp_millis()
}

fn trimmed(text: String) -> String {
    text.trim().to_owned()
}

fn filled(text: Option<String>) -> Option<String> {
    text.map(trimmed).filter(|t| !t.is_empty())
}

/// The codes without repeats, in the order given.
fn once(chosen: Vec<String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::with_capacity(chosen.len());
    for code in chosen {
        if !kept.contains(&code) {
            kept.push(code);
        }
    }
    kept
}
