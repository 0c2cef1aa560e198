//! What comes in for a point, and its checks. Pure.

use chrono::NaiveDate;
use kernel::{Day, Outcome};
use serde::Deserialize;
use uuid::Uuid;

use crate::network::checks::{Faults, given};

/// Most villages of one point.
pub const MOST: usize = 50;

/// A point to set up.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPoint {
    /// Client-made UUIDv7.
    pub id: Uuid,
    /// Its station.
    pub station_id: Uuid,
    /// Name.
    #[schema(min_length = 1, max_length = 50)]
    pub name: String,
    /// Code of the village it is seated in.
    pub seat: String,
    /// Codes of the villages it covers; the seat is covered without being named.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub covered: Vec<String>,
    /// Area of the station it belongs to.
    pub area_id: Option<Uuid>,
    /// Days open per week.
    #[schema(minimum = 1, maximum = 7)]
    pub days_open_per_week: Option<i32>,
    /// Where it is, in words (usually rooms of the village).
    #[schema(max_length = 200)]
    pub premises: Option<String>,
    /// Since when it is planned and covers its villages; today when left out.
    pub from: Option<NaiveDate>,
}

impl NewPoint {
    /// Checks the form.
    pub fn check(&self, today: Day) -> Outcome<()> {
        let mut faults = Faults::default();
        faults.name("name", &self.name);
        faults.items("covered", &self.covered, MOST);
        faults.short("premises", self.premises.as_deref());
        if let Some(days) = self.days_open_per_week {
            faults.range("days_open_per_week", days, 1, 7);
        }
        if let Some(from) = self.from {
            faults.past("from", from, today);
        }
        faults.finish()
    }
}

/// What may change on a point; a field left out stays, null clears it.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PointChange {
    /// The revision that was seen.
    pub rev: i32,
    /// Name.
    #[schema(min_length = 1, max_length = 50)]
    pub name: Option<String>,
    /// All villages it covers from today on; the seat is always covered.
    #[schema(max_items = 50)]
    pub covered: Option<Vec<String>>,
    /// Area.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Uuid>)]
    pub area_id: Option<Option<Uuid>>,
    /// Days open per week.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 7)]
    pub days_open_per_week: Option<Option<i32>>,
    /// Where it is.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub premises: Option<Option<String>>,
}

impl PointChange {
    /// Checks the form.
    pub fn check(&self) -> Outcome<()> {
        let mut faults = Faults::default();
        if let Some(name) = &self.name {
            faults.name("name", name);
        }
        faults.items("covered", self.covered.as_deref().unwrap_or_default(), MOST);
        faults.short("premises", self.premises.as_ref().and_then(|p| p.as_deref()));
        if let Some(days) = self.days_open_per_week.flatten() {
            faults.range("days_open_per_week", days, 1, 7);
        }
        faults.finish()
    }
}
