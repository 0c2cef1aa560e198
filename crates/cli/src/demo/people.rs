//! Invented people of one station: who they are, their categories, households, ledger and where they live.

use ::people::{
    due::model::{Standing, next_due},
    persons::{Read, checks::Faults, model::NewPerson, row::NEVER_DUE},
};
use access::{House, Scope, placement::division};
use ground::{chance, clock};
use kernel::{Day, Id, Secret, codes, day, params::Params};
use sea_orm::Value;
use serde_json::json;

use super::{
    load::Rows,
    names::{Numbers, Words, pick, weighted},
    rows::{self, Facts, Tables, ledger, tables},
    timers,
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
        Ok(t.all())
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
        let [_, _, county_id, ..] = path;
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
        let assigned: Vec<(Id, String, Day)> =
            form.categories.iter().map(|c| (c.id, c.category.clone(), c.from)).collect();
        let set = timers::set(
            dice,
            &timers::About { state, grade, birth, since: found, next_due_on: next },
            &assigned,
            &told,
            today,
        );
        let (number, last4) = match &checked.document {
            ::people::persons::model::Document::Numbered(n) => (n.normal.clone(), Some(n.last4())),
            ::people::persons::model::Document::Missing(_) => {
                (kernel::document::temporary(&village.code(), u32::try_from(dice.below(900_000))?), None)
            }
        };
        let facts = Facts {
            id,
            name: &checked.name,
            sex,
            birth,
            ethnicity: form.ethnicity.as_deref(),
            marital: form.marital.as_deref(),
            education: form.education.as_deref(),
            doc_type: &form.doc_type,
            number: &number,
            last4,
            no_number_reason: form.no_number_reason.as_deref(),
            phone: checked.phone.as_ref().map(|p| (p.normal.as_str(), p.last4())),
            address: checked.address.as_ref().map(Secret::expose),
            path,
            found,
            worker,
            source,
            cat_bits,
            is_target,
            state,
            grade,
            told: &told,
            next,
            next_check_on: set.next_check_on,
            actor,
        };
        rows::person(t, &self.scope, &facts)?;
        for (category, next_review_on) in form.categories.iter().zip(&set.category_reviews) {
            t.categories.push([
                category.id.into(),
                id.into(),
                category.category.clone().into(),
                category.source.clone().into(),
                category.evidence_kind.clone().into(),
                category.evidence_ref.clone().into(),
                category.from.into(),
                Value::from(None::<Day>),
                (*next_review_on).into(),
                county_id.into(),
            ]);
        }
        let new_found = source != "import"
            && !kind.categories.iter().any(|c| codes::category(c).and_then(|i| i.statutory) == Some(true));
        ledger(dice, t, id, county_id, worker, state, grade, found, new_found, set.reviewed_on);
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
