//! Rows of one person and all that surrounds it, for the demo worlds and the benchmark's data set.

use access::Scope;
use ground::{chance, clock};
use kernel::{Day, Id, Outcome, Sealed, Secret};
use people::persons::{Read, keys, row::NEVER_BEFORE};
use sea_orm::Value;

use super::{clearances, load::Rows, visits, visits::Told};

/// Tables filled for one station.
pub struct Tables {
    /// Rows of the table.
    pub persons: Rows,
    /// Rows of the table.
    pub keys: Rows,
    /// Rows of the table.
    pub residences: Rows,
    /// Rows of the table.
    pub households: Rows,
    /// Rows of the table.
    pub memberships: Rows,
    /// Rows of the table.
    pub categories: Rows,
    /// Rows of the table.
    pub entries: Rows,
    /// Rows of the table.
    pub transitions: Rows,
    /// Rows of the table.
    pub visits: Rows,
    /// Rows of the table.
    pub clearances: Rows,
}

/// What is known of a person.
pub struct Facts<'a> {
    /// Id.
    pub id: Id,
    /// Name on the document.
    pub name: &'a str,
    /// Code of list `sex`.
    pub sex: &'a str,
    /// Birth date.
    pub birth: Day,
    /// Code of list `ethnicity`.
    pub ethnicity: Option<&'a str>,
    /// Code of list `marital`.
    pub marital: Option<&'a str>,
    /// Code of list `education`.
    pub education: Option<&'a str>,
    /// Code of list `id_doc_type`.
    pub doc_type: &'a str,
    /// Document number in its normal form, or the temporary one.
    pub number: &'a str,
    /// Its last four, when it is a document's.
    pub last4: Option<String>,
    /// Why there is none.
    pub no_number_reason: Option<&'a str>,
    /// Telephone in its normal form, and its last four.
    pub phone: Option<(&'a str, String)>,
    /// Address below the village.
    pub address: Option<&'a str>,
    /// Ids of province, city, county, township, village.
    pub path: [i32; 5],
    /// Day of the first entry; the residence begins with it.
    pub found: Day,
    /// Responsible worker.
    pub worker: Id,
    /// Code of list `lead_source`.
    pub source: &'a str,
    /// Open categories.
    pub cat_bits: i64,
    /// Whether one of them is a target category.
    pub is_target: bool,
    /// Ledger state.
    pub state: &'a str,
    /// Grade; empty when there is none.
    pub grade: &'a str,
    /// What the visits left behind.
    pub told: &'a Told,
    /// Next due day.
    pub next: Day,
    /// When the nightly job looks at the person.
    pub next_check_on: Day,
    /// Who entered it.
    pub actor: Id,
}

/// Adds the person, the words it is found by and its residence.
pub fn person(t: &mut Tables, scope: &Scope<Read>, of: &Facts<'_>) -> Outcome<()> {
    let [province_id, city_id, county_id, township_id, village_id] = of.path;
    let seal = |text: &str| scope.seal(&Secret::new(text));
    let opt = |v: Option<Sealed>| Value::from(v.map(|s| s.0));
    let text = |v: Option<&str>| Value::from(v.map(str::to_owned));
    t.persons.push([
        of.id.into(),
        of.name.into(),
        "[]".into(),
        keys::pinyin(of.name).into(),
        of.sex.into(),
        Some(of.birth).into(),
        text(of.ethnicity),
        text(Some("CHN")),
        text(of.marital),
        text(of.education),
        of.doc_type.into(),
        opt(Some(seal(of.number)?)),
        Value::from(of.last4.as_ref().map(|_| scope.index("number", of.number))),
        text(of.no_number_reason),
        opt(of.phone.as_ref().map(|(normal, _)| seal(normal)).transpose()?),
        Value::from(of.phone.as_ref().map(|(normal, _)| scope.index("phone", normal))),
        opt(of.address.map(seal).transpose()?),
        village_id.into(),
        township_id.into(),
        county_id.into(),
        city_id.into(),
        province_id.into(),
        Some(of.found).into(),
        Some(village_id).into(),
        Value::from(None::<Day>),
        Some(of.found).into(),
        text(Some("oral")),
        Some(of.worker).into(),
        of.source.into(),
        of.cat_bits.into(),
        of.is_target.into(),
        of.state.into(),
        of.grade.into(),
        of.told.last_contact.unwrap_or(NEVER_BEFORE).into(),
        of.told.last_served.unwrap_or(NEVER_BEFORE).into(),
        of.next.into(),
        of.told.failed_in_row.into(),
        of.next_check_on.into(),
        clock::start_of_day(of.found).into(),
        of.actor.into(),
    ]);
    if people::minors::minor_by(Some(of.birth), of.cat_bits, scope.today()) {
        let at = clock::start_of_day(of.found);
        // An id of its own beside the person's, without another throw of the dice.
        let (approval, reason) = (Id::from_u128(of.id.as_u128() ^ 1), seal("责任社工")?);
        t.clearances.push(clearances::standing(approval, (of.id, of.worker, of.actor), reason, at, of.path));
    }
    let mut words = keys::name_words(of.name, []);
    words.insert(keys::birth_word(of.birth, of.sex));
    let index = |purpose: &str, text: &str| scope.index(purpose, text);
    for last in of.last4.iter().chain(of.phone.iter().map(|(_, last4)| last4)) {
        words.insert(keys::last4_word(index, county_id, last));
    }
    for word in words {
        t.keys.push([county_id.into(), word.into(), of.id.into()]);
    }
    t.residences.push([
        of.id.into(),
        of.found.into(),
        Value::from(None::<Day>),
        village_id.into(),
        township_id.into(),
        county_id.into(),
        city_id.into(),
        province_id.into(),
    ]);
    Ok(())
}

#[allow(clippy::too_many_arguments)] // one entry and its transitions
/// The running episode of a person and the steps that led to it.
pub fn ledger(
    dice: &ground::chance::Seeded,
    t: &mut Tables,
    person: Id,
    county: i32,
    actor: Id,
    state: &str,
    grade: &str,
    opened: Day,
    new_found: bool,
    reviewed: Option<Day>,
) {
    let entry = chance::id(clock::start_of_day(opened), dice);
    let path: &[&str] = match state {
        "lead" => &["lead"],
        "verifying" => &["lead", "verifying"],
        "active" => &["lead", "verifying", "active"],
        "suspended" => &["lead", "verifying", "active", "suspended"],
        _ => &["lead", "verifying", "active", "exited"],
    };
    let mut from = "";
    for (n, to) in path.iter().enumerate() {
        let reason = match *to {
            "suspended" => "hospital",
            "exited" => "no_longer_eligible",
            _ => "",
        };
        let shown = if matches!(*to, "active" | "suspended") { grade } else { "" };
        t.transitions.push([
            person.into(),
            opened.into(),
            i64::try_from(n + 1).unwrap_or(0).into(),
            entry.into(),
            from.into(),
            (*to).into(),
            shown.into(),
            reason.into(),
            "".into(),
            actor.into(),
            clock::start_of_day(opened).into(),
        ]);
        from = to;
    }
    let entered = path.contains(&"active").then_some(opened);
    let closed = (state == "exited").then_some(opened);
    t.entries.push([
        entry.into(),
        person.into(),
        1_i32.into(),
        state.into(),
        grade.into(),
        "".into(),
        opened.into(),
        entered.into(),
        closed.into(),
        closed.map(|_| "no_longer_eligible".to_owned()).into(),
        new_found.into(),
        entered.filter(|_| !grade.is_empty()).into(),
        reviewed.into(),
        county.into(),
    ]);
}

/// Empty tables.
pub fn tables() -> Tables {
    Tables {
        persons: Rows::new("person", "person", PERSON),
        keys: Rows::new("person_key", "", &["county_id", "word", "person_id"]),
        residences: Rows::new(
            "residence",
            "",
            &["person_id", "from_on", "to_on", "village_id", "township_id", "county_id", "city_id", "province_id"],
        ),
        households: Rows::new(
            "household",
            "household",
            &[
                "id",
                "kind",
                "head_id",
                "address",
                "village_id",
                "township_id",
                "county_id",
                "city_id",
                "province_id",
                "from_on",
                "to_on",
                "created_at",
            ],
        ),
        memberships: Rows::new(
            "membership",
            "membership",
            &["id", "household_id", "person_id", "relation", "is_cohabiting", "from_on", "to_on", "county_id"],
        ),
        categories: Rows::new(
            "category_assignment",
            "category_assignment",
            &[
                "id",
                "person_id",
                "category",
                "source",
                "evidence_kind",
                "evidence_ref",
                "from_on",
                "to_on",
                "next_review_on",
                "county_id",
            ],
        ),
        entries: Rows::new(
            "ledger_entry",
            "ledger_entry",
            &[
                "id",
                "person_id",
                "episode",
                "state",
                "grade",
                "proposed_grade",
                "opened_on",
                "entered_on",
                "closed_on",
                "exit_reason",
                "new_found",
                "graded_on",
                "reviewed_on",
                "county_id",
            ],
        ),
        transitions: Rows::new(
            "ledger_transition",
            "",
            &[
                "person_id",
                "on_day",
                "serial",
                "entry_id",
                "from_state",
                "to_state",
                "grade",
                "reason",
                "note",
                "actor_id",
                "at",
            ],
        ),
        visits: Rows::new("visit", "visit", visits::COLUMNS),
        clearances: Rows::new("clearance", "clearance", clearances::COLUMNS),
    }
}

const PERSON: &[&str] = &[
    "id",
    "name",
    "former_names",
    "name_pinyin",
    "sex",
    "birth_date",
    "ethnicity",
    "nationality",
    "marital",
    "education",
    "doc_type",
    "id_number",
    "id_hash",
    "no_number_reason",
    "phone",
    "phone_hash",
    "address",
    "village_id",
    "township_id",
    "county_id",
    "city_id",
    "province_id",
    "residence_since",
    "hukou_village_id",
    "died_on",
    "told_on",
    "told_way",
    "worker_id",
    "lead_source",
    "cat_bits",
    "is_target",
    "ledger_state",
    "grade",
    "last_visit_on",
    "last_served_on",
    "next_due_on",
    "failed_in_row",
    "next_check_on",
    "created_at",
    "created_by",
];

impl Tables {
    /// All of them, in the order they go in.
    pub fn all(self) -> Vec<Rows> {
        vec![
            self.persons,
            self.keys,
            self.residences,
            self.households,
            self.memberships,
            self.categories,
            self.entries,
            self.transitions,
            self.visits,
            self.clearances,
        ]
    }
}

/// Accounts, empty.
pub fn accounts() -> Rows {
    let columns = &[
        "id",
        "username",
        "display_name",
        "password_hash",
        "state",
        "must_change",
        "is_demo",
        "county_id",
        "created_at",
    ];
    Rows::new("account", "account", columns)
}

/// Grants, empty.
pub fn grants() -> Rows {
    let columns = &["id", "account_id", "role", "place_id", "county_id", "from_on", "state", "proposed_by"];
    Rows::new("role_grant", "role_grant", columns)
}
