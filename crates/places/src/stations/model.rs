//! What comes in for a station, and its checks. Pure.

use chrono::NaiveDate;
use kernel::{Day, Field, Outcome};
use serde::Deserialize;
use uuid::Uuid;

use crate::network::checks::{Faults, given};

/// A station to set up.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStation {
    /// Client-made UUIDv7.
    pub id: Uuid,
    /// Name of the station.
    #[schema(min_length = 1, max_length = 50)]
    pub name: String,
    /// Code of the township, street or farm that hosts it.
    pub place: String,
    /// Organisation that hosts it.
    #[schema(max_length = 200)]
    pub host_org_name: Option<String>,
    /// Organisation that runs it.
    #[schema(max_length = 200)]
    pub operator_org_name: Option<String>,
    /// How it is run, see code list `operating_mode`.
    pub operating_mode: String,
    /// Address.
    #[schema(max_length = 200)]
    pub address: Option<String>,
    /// Telephone of the station.
    #[schema(max_length = 30)]
    pub phone: Option<String>,
    /// Since when it is there (for one that is entered late); the plan is dated so.
    pub opened_on: Option<NaiveDate>,
    /// Note.
    #[schema(max_length = 4000)]
    pub note: Option<String>,
}

impl NewStation {
    /// Checks the form.
    pub fn check(&self, today: Day) -> Outcome<()> {
        let mut faults = Faults::default();
        faults.name("name", &self.name);
        faults.code("operating_mode", "operating_mode", &self.operating_mode);
        faults.short("host_org_name", self.host_org_name.as_deref());
        faults.short("operator_org_name", self.operator_org_name.as_deref());
        faults.short("address", self.address.as_deref());
        phone(&mut faults, self.phone.as_deref());
        faults.long("note", self.note.as_deref());
        if let Some(on) = self.opened_on {
            faults.past("opened_on", on, today);
        }
        faults.finish()
    }
}

/// What may change on a station; a field left out stays, null clears it.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StationChange {
    /// The revision that was seen.
    pub rev: i32,
    /// Name.
    #[schema(min_length = 1, max_length = 50)]
    pub name: Option<String>,
    /// Host organisation.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub host_org_name: Option<Option<String>>,
    /// Operator.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub operator_org_name: Option<Option<String>>,
    /// Operating mode.
    pub operating_mode: Option<String>,
    /// Address.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub address: Option<Option<String>>,
    /// Telephone.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 30)]
    pub phone: Option<Option<String>>,
    /// Latitude, in the system of `crs`.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<f64>, minimum = -90, maximum = 90)]
    pub lat: Option<Option<f64>>,
    /// Longitude.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<f64>, minimum = -180, maximum = 180)]
    pub lng: Option<Option<f64>>,
    /// Coordinate system of the two: CGCS2000, WGS84 or GCJ02; kept as it came.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub crs: Option<Option<String>>,
    /// Floor area in square metres.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 100_000)]
    pub floor_area_m2: Option<Option<i32>>,
    /// Opening hours in words.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub open_hours: Option<Option<String>>,
    /// Rooms and equipment, see code list `premises`.
    #[schema(max_items = 50)]
    pub facilities: Option<Vec<String>>,
    /// Note.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 4000)]
    pub note: Option<Option<String>>,
}

impl StationChange {
    /// Checks the form.
    pub fn check(&self) -> Outcome<()> {
        let mut faults = Faults::default();
        if let Some(name) = &self.name {
            faults.name("name", name);
        }
        if let Some(mode) = &self.operating_mode {
            faults.code("operating_mode", "operating_mode", mode);
        }
        faults.short("host_org_name", inner(&self.host_org_name));
        faults.short("operator_org_name", inner(&self.operator_org_name));
        faults.short("address", inner(&self.address));
        faults.short("open_hours", inner(&self.open_hours));
        phone(&mut faults, inner(&self.phone));
        faults.long("note", inner(&self.note));
        if let Some(area) = self.floor_area_m2.flatten() {
            faults.range("floor_area_m2", area, 1, 100_000);
        }
        self.check_position(&mut faults);
        if let Some(facilities) = &self.facilities {
            faults.items("facilities", facilities, 50);
            for (i, code) in facilities.iter().enumerate() {
                faults.code(&format!("facilities[{i}]"), "premises", code);
            }
        }
        faults.finish()
    }

    fn check_position(&self, faults: &mut Faults) {
        for (field, value, most) in [("lat", self.lat.flatten(), 90.0), ("lng", self.lng.flatten(), 180.0)] {
            if value.is_some_and(|v| !v.is_finite() || v.abs() > most) {
                faults.push(Field::new(
                    field,
                    "range",
                    format!("坐标应在 -{most} 到 {most} 之间，请核对。"),
                    format!("The coordinate must be between -{most} and {most}; check it."),
                ));
            }
        }
        let known = ["CGCS2000", "WGS84", "GCJ02"];
        if inner(&self.crs).is_some_and(|c| !known.contains(&c)) {
            faults.push(Field::new(
                "crs",
                "unknown_code",
                "坐标系应为 CGCS2000、WGS84 或 GCJ02，请选择。",
                "The coordinate system must be CGCS2000, WGS84 or GCJ02; choose one.",
            ));
        }
    }
}

fn inner(text: &Option<Option<String>>) -> Option<&str> {
    text.as_ref().and_then(|t| t.as_deref())
}

fn phone(faults: &mut Faults, text: Option<&str>) {
    let Some(text) = text.map(str::trim).filter(|t| !t.is_empty()) else { return };
    let right = text.chars().count() <= 30 && text.chars().all(|c| c.is_ascii_digit() || " -+()（）转".contains(c));
    if !right {
        faults.push(Field::new(
            "phone",
            "format",
            "电话格式不正确，请填写座机（含区号）或手机号。",
            "Not a telephone number; give the number with area code.",
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(json: serde_json::Value) -> Result<StationChange, serde_json::Error> {
        serde_json::from_value(json)
    }

    #[test]
    fn a_field_left_out_stays_and_null_clears_it() {
        let c = change(serde_json::json!({"rev": 1, "address": null})).unwrap();
        assert_eq!(c.address, Some(None));
        assert_eq!(c.phone, None);
    }

    #[test]
    fn wrong_positions_phones_and_codes_are_refused() {
        for json in [
            serde_json::json!({"rev": 1, "lat": 91.0}),
            serde_json::json!({"rev": 1, "lng": -181.0}),
            serde_json::json!({"rev": 1, "crs": "BD09"}),
            serde_json::json!({"rev": 1, "phone": "call me"}),
            serde_json::json!({"rev": 1, "facilities": ["pool"]}),
            serde_json::json!({"rev": 1, "floor_area_m2": 0}),
            serde_json::json!({"rev": 1, "name": " "}),
        ] {
            assert!(change(json.clone()).unwrap().check().is_err(), "{json}");
        }
        let right =
            serde_json::json!({"rev": 1, "lat": 29.0, "lng": 111.7, "crs": "CGCS2000", "phone": "0736-7382000"});
        assert!(change(right).unwrap().check().is_ok());
    }
}
