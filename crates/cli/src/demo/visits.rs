//! A year of visits of one person.

use ground::{chance, clock};
use kernel::{Day, Id, day};
use sea_orm::Value;

use super::{
    load::Rows,
    names::{Words, pick, weighted},
    world::World,
};

/// Whom the visits are about.
pub struct About<'a> {
    /// The person.
    pub person: Id,
    /// Who visits.
    pub worker: Id,
    /// Where the person lives.
    pub path: [i32; 5],
    /// Ledger state.
    pub state: &'a str,
    /// Grade that sets the rhythm.
    pub grade: &'a str,
    /// In the ledger since.
    pub since: Day,
    /// Lives in a village that is rarely reached.
    pub far: bool,
    /// Under 16.
    pub child: bool,
}

/// What the visits left behind.
#[derive(Default)]
pub struct Told {
    /// Latest contact in each mode.
    pub contacts: Vec<(String, Day)>,
    /// Latest contact of any mode.
    pub last_contact: Option<Day>,
    /// Latest visit that counts as served.
    pub last_served: Option<Day>,
    /// Failed visits since the last contact.
    pub failed_in_row: i32,
}

/// Columns of a visit row.
pub const COLUMNS: &[&str] = &[
    "id",
    "person_id",
    "worker_id",
    "kind",
    "mode",
    "visited_on",
    "minutes",
    "contact_result",
    "companions",
    "summary",
    "risk_signs",
    "needs",
    "services",
    "work_field",
    "policies_explained",
    "actions",
    "qualifies",
    "state",
    "served_village_id",
    "village_id",
    "township_id",
    "county_id",
    "city_id",
    "province_id",
    "created_at",
    "service_bits",
];

/// Adds the visits of a year and tells what they left behind.
pub fn of_person(world: &World, words: &Words, about: &About<'_>, rows: &mut Rows) -> Told {
    let dice = &world.dice;
    let mut told = Told::default();
    // Leads have not been met; one in nine was never reached, and far villages lost touch months ago.
    if matches!(about.state, "lead" | "verifying" | "exited") || dice.below(9) == 0 {
        return told;
    }
    let rhythm = match about.grade {
        "A" => 30,
        "B" => 90,
        _ => 150,
    };
    let start = day::add_days(world.today, -365).max(about.since);
    let end = if about.far { day::add_days(world.today, -130) } else { world.today };
    let mut on = day::add_days(start, i64::try_from(dice.below(rhythm)).unwrap_or(0));
    let mut first = true;
    while on <= end {
        visit(world, words, about, on, first, rows, &mut told);
        first = false;
        let step = rhythm * 7 / 10 + dice.below(rhythm * 6 / 10);
        on = day::add_days(on, i64::try_from(step.max(5)).unwrap_or(30));
    }
    told
}

fn visit(world: &World, words: &Words, about: &About<'_>, on: Day, first: bool, rows: &mut Rows, told: &mut Told) {
    let dice = &world.dice;
    let mode = *weighted(dice, &[(80, "home"), (12, "phone"), (5, "companion"), (3, "video")]).unwrap_or(&"home");
    let result = *weighted(dice, &[(90, "met"), (4, "proxy_met"), (6, "not_home")]).unwrap_or(&"met");
    let contact = result != "not_home";
    let qualifies = contact && matches!(mode, "home" | "companion");
    let kind = match mode {
        "phone" => "phone",
        "video" => "video",
        "companion" => "companion",
        _ if first => "first",
        _ => "routine",
    };
    if contact {
        told.last_contact = Some(on);
        told.failed_in_row = 0;
        match told.contacts.iter_mut().find(|(m, _)| m == mode) {
            Some((_, last)) => *last = on,
            None => told.contacts.push((mode.to_owned(), on)),
        }
    } else {
        told.failed_in_row += 1;
    }
    if qualifies {
        told.last_served = Some(on);
    }
    let summary = if contact { pick(dice, &words.summaries) } else { pick(dice, &words.failed) };
    let services = match (contact, about.child) {
        (false, _) => "[]",
        (true, true) => "[\"visiting_care\",\"spiritual_care\"]",
        (true, false) => *pick(
            dice,
            &[
                "[\"visiting_care\"]",
                "[\"visiting_care\",\"emotional_counselling\"]",
                "[\"file_visit\"]",
                "[\"resource_link\"]",
            ],
        )
        .unwrap_or(&"[]"),
    };
    let at = clock::start_of_day(on) + 9 * 3_600_000 + i64::try_from(dice.below(8 * 3_600_000)).unwrap_or(0);
    let [province_id, city_id, county_id, township_id, village_id] = about.path;
    rows.push([
        chance::id(at, dice).into(),
        about.person.into(),
        about.worker.into(),
        kind.into(),
        mode.into(),
        on.into(),
        Value::from(contact.then(|| 15 + i32::try_from(dice.below(50)).unwrap_or(0))),
        result.into(),
        "".into(),
        summary.cloned().unwrap_or_default().into(),
        "[]".into(),
        "[]".into(),
        services.into(),
        if about.child { "left_child" } else { "assistance" }.into(),
        "".into(),
        "".into(),
        qualifies.into(),
        "completed".into(),
        village_id.into(),
        village_id.into(),
        township_id.into(),
        county_id.into(),
        city_id.into(),
        province_id.into(),
        at.into(),
        service_bits(services).into(),
    ]);
}

/// The services of a row, written as JSON, as one bit each.
fn service_bits(services: &str) -> i64 {
    let codes: Vec<String> = serde_json::from_str(services).unwrap_or_default();
    ::people::services::mask(codes.iter().map(String::as_str))
}
