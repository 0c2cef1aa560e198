//! Invented people of one station: who they are, their categories, households, ledger and where they live.

use ::people::{
    due::model::{Standing, next_due},
    persons::{
        Read,
        checks::Faults,
        keys,
        model::NewPerson,
        row::{NEVER_BEFORE, NEVER_DUE},
    },
};
use access::{House, Scope, placement::division};
use ground::{chance, clock};
use kernel::{Day, Id, Sealed, Secret, codes, day, params::Params};
use sea_orm::Value;
use serde_json::json;

use super::{
    load::Rows,
    names::{Numbers, Words, pick, weighted},
    visits::{self, Told},
    world::{Station, World},
};

/// A kind of person: weight, ages, categories, grade.
struct Kind {
    from_age: i64,
    to_age: i64,
    categories: &'static [&'static str],
    grade: &'static str,
}

const fn kind(from_age: i64, to_age: i64, categories: &'static [&'static str], grade: &'static str) -> Kind {
    Kind { from_age, to_age, categories, grade }
}

/// Shares are invented and of the order of size of a farming county.
const KINDS: &[(u64, Kind)] = &[
    (120, kind(20, 75, &["DIBAO"], "C")),
    (40, kind(60, 82, &["DIBAO"], "B")),
    (30, kind(60, 90, &["TEKUN_H"], "B")),
    (10, kind(68, 92, &["TEKUN_H", "ALONE"], "A")),
    (8, kind(60, 88, &["TEKUN_I"], "B")),
    (60, kind(25, 70, &["NEAR"], "C")),
    (25, kind(25, 68, &["RIGID"], "B")),
    (6, kind(4, 17, &["DEFACTO"], "A")),
    (3, kind(3, 17, &["ORPHAN"], "A")),
    (18, kind(3, 17, &["DIFFICULT_CHILD"], "B")),
    (110, kind(3, 15, &["LEFT_CHILD"], "B")),
    (90, kind(20, 80, &["DIS_4_3"], "C")),
    (40, kind(20, 80, &["DIS_4_2"], "B")),
    (18, kind(20, 85, &["DIS_1_1"], "B")),
    (25, kind(30, 84, &["DIS_2_2", "DIBAO"], "B")),
    (100, kind(80, 97, &["ELDER80"], "C")),
    (45, kind(80, 96, &["ELDER80", "ALONE"], "B")),
    (14, kind(81, 96, &["ELDER80", "ALONE", "DIBAO"], "A")),
    (60, kind(62, 84, &["EMPTY"], "C")),
    (40, kind(60, 79, &["ALONE"], "B")),
    (20, kind(62, 84, &["LEFT_ELDER"], "C")),
    (12, kind(66, 92, &["DISABLED_ELDER"], "B")),
    (10, kind(30, 66, &["POVERTY_WATCH"], "C")),
    (5, kind(50, 74, &["FP_SPECIAL"], "B")),
    (35, kind(18, 78, &[], "C")),
    (30, kind(60, 79, &["ELDER60"], "C")),
];

/// How many clients a station gets beside the others: by its villages.
pub fn weight(station: &Station) -> u64 {
    u64::try_from(station.villages.len()).unwrap_or(0)
}

/// Makes people, each checked as the register checks its form.
pub struct Maker<'a> {
    world: &'a World,
    scope: Scope<Read>,
    words: Words,
    numbers: Numbers,
    target: i64,
    params: &'static Params,
}

/// Tables filled for one station.
struct Tables {
    persons: Rows,
    keys: Rows,
    residences: Rows,
    households: Rows,
    memberships: Rows,
    categories: Rows,
    entries: Rows,
    transitions: Rows,
    visits: Rows,
}

/// A household that takes further members.
struct Home {
    id: Id,
    surname: Option<char>,
    address: String,
    places: u64,
}

impl<'a> Maker<'a> {
    /// A maker for this world.
    pub async fn new(house: &House, world: &'a World) -> anyhow::Result<Self> {
        let params = Params::national();
        let target = params.codes("coverage.target_categories", &["national"], world.today);
        Ok(Self {
            world,
            scope: Scope::on_behalf_of(house, "demo.people").await?,
            words: Words::read()?,
            numbers: Numbers::default(),
            target: codes::categories_mask(target.iter().map(String::as_str)),
            params,
        })
    }

    /// All rows of the people of one station.
    pub fn station(
        &mut self,
        station: &Station,
        share: u64,
        resident: Option<Id>,
        actor: Id,
    ) -> anyhow::Result<Vec<Rows>> {
        let mut t = tables();
        let count = u64::try_from(station.villages.len()).unwrap_or(0).max(1);
        for (n, village) in station.villages.iter().enumerate() {
            let n64 = u64::try_from(n).unwrap_or(0);
            let people = share / count + u64::from(n64 < share % count);
            let far = n64 % self.world.far_village == self.world.far_village - 1;
            let mut home: Option<Home> = None;
            for _ in 0..people {
                home = self.person(&mut t, station, village, far, home, resident, actor)?;
            }
        }
        Ok(vec![
            t.persons,
            t.keys,
            t.residences,
            t.households,
            t.memberships,
            t.categories,
            t.entries,
            t.transitions,
            t.visits,
        ])
    }

    #[allow(clippy::too_many_arguments)] // one person and all that surrounds it
    fn person(
        &mut self,
        t: &mut Tables,
        station: &Station,
        village: &division::Model,
        far: bool,
        home: Option<Home>,
        resident: Option<Id>,
        actor: Id,
    ) -> anyhow::Result<Option<Home>> {
        let (dice, today) = (&self.world.dice, self.world.today);
        let worker = resident.unwrap_or(actor);
        let kind = weighted(dice, KINDS).ok_or_else(|| anyhow::anyhow!("no kind of person"))?;
        let age = kind.from_age + i64::try_from(dice.below(u64::try_from(kind.to_age - kind.from_age + 1)?))?;
        let birth = day::add_days(day::add_months(today, -i32::try_from(age * 12)?), -i64::try_from(dice.below(360))?);
        let surname =
            home.as_ref().and_then(|h| h.surname).filter(|_| dice.below(3) > 0).or_else(|| self.words.surname(dice));
        let name = self.words.name(dice, surname, age);
        let address = home.as_ref().map_or_else(|| self.words.address(dice), |h| h.address.clone());
        let sex = if dice.below(100) < 47 { "1" } else { "2" };
        let number = self.numbers.next(&self.world.regions, birth);
        // Numbers kept for tests by the numbering plan do not exist for mobiles; 199 0000 xxxx stands for an invented one.
        let phone = (age > 15 && dice.below(10) < 7).then(|| format!("1990000{:04}", dice.below(10_000)));
        let entered = day::add_days(today, -(40 + i64::try_from(dice.below(700))?)).max(station.opened);
        let state =
            *weighted(dice, &[(930, "active"), (15, "verifying"), (35, "lead"), (10, "suspended"), (10, "exited")])
                .unwrap_or(&"active");
        let found = if matches!(state, "lead" | "verifying") {
            day::add_days(today, -i64::try_from(dice.below(9))?)
        } else {
            entered
        };
        let id = chance::id(clock::start_of_day(found) + i64::try_from(dice.below(36_000_000))?, dice);
        let source = *weighted(
            dice,
            &[(60, "import"), (25, "visit"), (10, "village_report"), (3, "self_report"), (2, "data_match")],
        )
        .unwrap_or(&"visit");
        let documented = number.is_some() && dice.below(250) > 0;
        let categories: Vec<serde_json::Value> = kind
            .categories
            .iter()
            .map(|c| {
                let item = codes::category(c);
                let statutory = item.and_then(|i| i.statutory).unwrap_or(false);
                json!({
                    "id": chance::id(clock::start_of_day(found), dice), "category": c, "from": found.max(birth),
                    "evidence_kind": if statutory { "decision_notice" } else { "visit_record" },
                    "evidence_ref": if statutory { format!("鼎民救确〔{}〕{}号", found.format("%Y"), 1 + dice.below(900)) } else { "入户核实".to_owned() },
                    "source": if statutory { "document" } else { "worker_judgement" },
                })
            })
            .collect();
        let form: NewPerson = serde_json::from_value(json!({
            "id": id, "name": name, "sex": sex, "birth_date": birth,
            "ethnicity": if dice.below(60) == 0 { "03" } else { "01" },
            "doc_type": if documented { "citizen_id" } else { "none" },
            "number": number.filter(|_| documented),
            "no_number_reason": (!documented).then_some("户口待补录"),
            "phone": phone, "village": village.code(), "address": address, "lead_source": source,
            "marital": if age < 20 { "10" } else { *pick(dice, &["20", "20", "20", "30", "40", "10"]).unwrap_or(&"20") },
            "education": if age < 12 { "80" } else { *pick(dice, &["80", "70", "70", "60", "90"]).unwrap_or(&"70") },
            "categories": categories, "told": { "on": found, "way": "oral" },
        }))?;
        let mut faults = Faults::default();
        let checked = form.check(today, &mut faults);
        let checked = faults.done(checked)?;

        let place = village.place();
        let path = place.path;
        let [province_id, city_id, county_id, township_id, village_id] = path;
        let cat_bits = codes::categories_mask(kind.categories.iter().copied());
        let is_target = cat_bits & self.target != 0;
        let graded = matches!(state, "active" | "suspended");
        let grade = if graded { kind.grade } else { "" };
        let told = visits::of_person(
            self.world,
            &self.words,
            &visits::About { person: id, worker, path, state, grade: kind.grade, since: entered, far, child: age < 16 },
            &mut t.visits,
        );
        let next = next_due(&standing(state, grade, cat_bits, found, &told), self.params, &["national"], today)
            .map_or(NEVER_DUE, |n| n.on);
        let (normal, last4) = match &checked.document {
            ::people::persons::model::Document::Numbered(n) => (n.normal.clone(), Some(n.last4())),
            ::people::persons::model::Document::Missing(_) => {
                (kernel::document::temporary(&village.code(), u32::try_from(dice.below(900_000))?), None)
            }
        };
        let seal = |text: &str| self.scope.seal(&Secret::new(text));
        let opt = |v: Option<Sealed>| Value::from(v.map(|s| s.0));
        let phone_number = checked.phone.as_ref().map(|p| p.normal.clone());
        t.persons.push([
            id.into(),
            checked.name.clone().into(),
            "[]".into(),
            keys::pinyin(&checked.name).into(),
            sex.into(),
            Some(birth).into(),
            form.ethnicity.clone().into(),
            Some("CHN".to_owned()).into(),
            form.marital.clone().into(),
            form.education.clone().into(),
            form.doc_type.clone().into(),
            opt(Some(seal(&normal)?)),
            Value::from(last4.as_ref().map(|_| self.scope.index("number", &normal))),
            form.no_number_reason.clone().into(),
            opt(phone_number.as_deref().map(seal).transpose()?),
            Value::from(phone_number.as_deref().map(|p| self.scope.index("phone", p))),
            opt(checked.address.as_ref().map(|a| self.scope.seal(a)).transpose()?),
            village_id.into(),
            township_id.into(),
            county_id.into(),
            city_id.into(),
            province_id.into(),
            Some(found).into(),
            Some(village_id).into(),
            Value::from(None::<Day>),
            Some(found).into(),
            Some("oral".to_owned()).into(),
            Some(worker).into(),
            source.into(),
            cat_bits.into(),
            is_target.into(),
            state.into(),
            grade.into(),
            told.last_contact.unwrap_or(NEVER_BEFORE).into(),
            told.last_served.unwrap_or(NEVER_BEFORE).into(),
            next.into(),
            told.failed_in_row.into(),
            clock::start_of_day(found).into(),
            actor.into(),
        ]);
        let mut words = keys::name_words(&checked.name, []);
        let index = |purpose: &str, text: &str| self.scope.index(purpose, text);
        let phone_last4 = checked.phone.as_ref().map(|p| p.last4());
        for last in [last4, phone_last4].into_iter().flatten() {
            words.insert(keys::last4_word(index, county_id, &last));
        }
        for word in words {
            t.keys.push([county_id.into(), word.into(), id.into()]);
        }
        t.residences.push([
            id.into(),
            found.into(),
            Value::from(None::<Day>),
            village_id.into(),
            township_id.into(),
            county_id.into(),
            city_id.into(),
            province_id.into(),
        ]);
        for category in &form.categories {
            t.categories.push([
                category.id.into(),
                id.into(),
                category.category.clone().into(),
                category.source.clone().into(),
                category.evidence_kind.clone().into(),
                category.evidence_ref.clone().into(),
                category.from.into(),
                Value::from(None::<Day>),
                county_id.into(),
            ]);
        }
        let new_found = source != "import"
            && !kind.categories.iter().any(|c| codes::category(c).and_then(|i| i.statutory) == Some(true));
        ledger(dice, t, id, county_id, worker, state, grade, found, new_found);
        self.household(t, home, id, village, surname, address, found, path)
    }

    #[allow(clippy::too_many_arguments)] // one membership and its household
    fn household(
        &self,
        t: &mut Tables,
        home: Option<Home>,
        person: Id,
        village: &division::Model,
        surname: Option<char>,
        address: String,
        on: Day,
        path: [i32; 5],
    ) -> anyhow::Result<Option<Home>> {
        let dice = &self.world.dice;
        let new_id = |dice| chance::id(clock::start_of_day(on), dice);
        let [province_id, city_id, county_id, township_id, village_id] = path;
        let (home, relation) = match home {
            Some(mut home) if home.places > 0 => {
                home.places -= 1;
                (home, *pick(dice, &["1", "2", "3", "4", "5", "8"]).unwrap_or(&"8"))
            }
            _ => {
                let home = Home { id: new_id(dice), surname, address, places: dice.below(3) };
                let sealed = self.scope.seal(&Secret::new(home.address.clone()))?;
                t.households.push([
                    home.id.into(),
                    "cohabiting".into(),
                    Some(person).into(),
                    Some(sealed.0).into(),
                    village_id.into(),
                    township_id.into(),
                    county_id.into(),
                    city_id.into(),
                    province_id.into(),
                    on.into(),
                    Value::from(None::<Day>),
                    clock::start_of_day(on).into(),
                ]);
                (home, "0")
            }
        };
        t.memberships.push([
            new_id(dice).into(),
            home.id.into(),
            person.into(),
            relation.into(),
            true.into(),
            on.into(),
            Value::from(None::<Day>),
            village.county_id.into(),
        ]);
        Ok(Some(home))
    }
}

fn standing(state: &str, grade: &str, cat_bits: i64, since: Day, told: &Told) -> Standing {
    Standing {
        state: state.to_owned(),
        grade: grade.to_owned(),
        cat_bits,
        opened_on: since,
        state_since: since,
        reopened: false,
        contacts: told.contacts.clone(),
        pauses: Vec::new(),
    }
}

#[allow(clippy::too_many_arguments)] // one entry and its transitions
fn ledger(
    dice: &ground::chance::Seeded,
    t: &mut Tables,
    person: Id,
    county: i32,
    actor: Id,
    state: &str,
    grade: &str,
    opened: Day,
    new_found: bool,
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
        county.into(),
    ]);
}

fn tables() -> Tables {
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
    "created_at",
    "created_by",
];
