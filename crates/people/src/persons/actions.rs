//! Entering a person, and recording a death.

use access::{
    Scope, Writing, Written,
    placement::{self, division},
    tasks::{self, NewTask},
};
use kernel::{
    Day, Field, Id, Level, Outcome, Problem, Secret, codes,
    document::{self, DocType},
    params::Params,
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{
    Change, Create,
    checks::{Faults, SHORT},
    keys,
    model::{BEFORE_BIRTH, Checked, Document, NewPerson},
    row::{NEVER_BEFORE, NEVER_DUE, person},
    store,
};
use crate::{
    categories, due, figures,
    households::{self, row::household},
    ledger, minors,
};

/// Enters a person with residence, ledger lead, categories, search keys and counters in one transaction.
pub async fn create(scope: &Scope<Create>, new: NewPerson, digest: &[u8]) -> Outcome<Written> {
    let mut faults = Faults::default();
    let checked = new.check(scope.today(), &mut faults);
    let village = faults.keep(village(scope, "village", &new.village).await)?;
    let hukou = match &new.hukou_village {
        Some(text) => faults.keep(registration(scope, text).await)?,
        None => None,
    };
    let (checked, village) = faults.done(checked.zip(village))?;
    new.categories.iter().try_for_each(categories::NewCategory::refuse_restricted)?;
    scope.must_cover(&village.place())?;
    let household = match new.household_id {
        Some(id) => Some(households::actions::open_to(scope, id).await?),
        None => None,
    };
    let entry = Entry { new, checked, village, hukou, household };
    let (id, digest) = (entry.new.id, digest.to_vec());
    scope.write_once(id, &digest, move |tx| Box::pin(async move { enter(tx, &entry).await })).await
}

/// A village (or community) that exists today.
pub(crate) async fn village<P: kernel::Permit>(scope: &Scope<P>, field: &str, text: &str) -> Outcome<division::Model> {
    let found = scope.resolve(field, text).await?;
    if found.place().level != Level::Village || found.valid_to.is_some_and(|to| to < scope.today()) {
        return Err(Problem::invalid(Field::new(
            field,
            "not_a_village",
            "请选择到现有的村（社区）。",
            "Choose an existing village or community.",
        )));
    }
    Ok(found)
}

/// A place of registration: a county or below.
pub(super) async fn registration<P: kernel::Permit>(scope: &Scope<P>, text: &str) -> Outcome<division::Model> {
    let found = scope.resolve("hukou_village", text).await?;
    if found.place().level < Level::County {
        return Err(Problem::invalid(Field::new(
            "hukou_village",
            "too_wide",
            "户籍地请至少选择到县（市、区）。",
            "Choose the place of registration down to the county at least.",
        )));
    }
    Ok(found)
}

struct Entry {
    new: NewPerson,
    checked: Checked,
    village: division::Model,
    hukou: Option<division::Model>,
    household: Option<household::Model>,
}

async fn enter(tx: &Writing<'_, Create>, entry: &Entry) -> Outcome<()> {
    let new = &entry.new;
    let person = tx.insert::<person::Entity>(row(tx, entry).await?).await?;
    // After the insert, so that two people entering the same number at once queue at the county's audit chain first.
    let twins = number_twins(tx, &person).await?;
    let today = tx.scope().today();
    store::put_residence(tx, &person, new.residence_since.unwrap_or(today)).await?;
    store::put_keys(tx, &person).await?;
    let statutory = new.categories.iter().any(categories::NewCategory::is_statutory);
    let new_found = new.lead_source != "import" && !statutory;
    let episode = ledger::store::open(tx, &person, tx.scope().new_id(), 1, today, new_found).await?;
    let lead =
        ledger::store::NewTransition { from: "", to: "lead", grade: "", reason: &new.lead_source, note: "", on: today };
    ledger::store::put_transition(tx, &person, episode.id, lead).await?;
    for category in &new.categories {
        categories::actions::put(tx, &person, category).await?;
    }
    if let Some(household) = &entry.household {
        let relation = new.relation.as_deref().unwrap_or("8");
        households::actions::join(tx, household, &person, relation, today).await?;
    }
    figures::moved(tx, None, &person).await?;
    let person = due::refresh(tx, &person).await?;
    minors::follow(tx, None, &person).await?;
    raise_tasks(tx, &person, &twins).await
}

/// The row of a new person, with everything it repeats of other tables.
async fn row(tx: &Writing<'_, Create>, entry: &Entry) -> Outcome<person::ActiveModel> {
    let (new, checked, scope) = (&entry.new, &entry.checked, tx.scope());
    let place = entry.village.place();
    let [province_id, city_id, county_id, township_id, village_id] = place.path;
    let labels = placement::labels(tx.derived(), place.path).await?;
    let codes_here = due::actions::codes_in(&labels, &place.path);
    let bits = codes::categories_mask(new.categories.iter().map(|c| c.category.as_str()));
    let township = labels.get(&township_id).map(|p| p.code.clone()).unwrap_or_default();
    let number = number_of(&checked.document, new.id, &township);
    let phone = checked.phone.as_ref().map(|p| Secret::new(p.normal.clone()));
    let seal = |secret: Option<&Secret>| secret.map(|s| scope.seal(s)).transpose();
    let works = scope.roles().any(|role| matches!(role, "SH" | "TW" | "SW"));
    Ok(person::ActiveModel {
        id: Set(new.id),
        name: Set(checked.name.clone()),
        usual_name: Set(checked.usual_name.clone()),
        former_names: Set(json!(checked.former_names).to_string()),
        name_pinyin: Set(keys::pinyin(&checked.name)),
        sex: Set(new.sex.clone()),
        birth_date: Set(checked.birth_date),
        ethnicity: Set(new.ethnicity.clone()),
        nationality: Set(new.nationality.clone()),
        marital: Set(new.marital.clone()),
        education: Set(new.education.clone()),
        political: Set(new.political.clone()),
        doc_type: Set(new.doc_type.clone()),
        id_hash: Set(Some(scope.index("number", number.expose()))),
        id_number: Set(seal(Some(&number))?),
        no_number_reason: Set(reason_of(&checked.document)),
        phone_hash: Set(phone.as_ref().map(|p| scope.index("phone", p.expose()))),
        phone: Set(seal(phone.as_ref())?),
        address: Set(seal(checked.address.as_ref())?),
        village_id: Set(village_id),
        township_id: Set(township_id),
        county_id: Set(county_id),
        city_id: Set(city_id),
        province_id: Set(province_id),
        residence_since: Set(new.residence_since),
        hukou_village_id: Set(entry.hukou.as_ref().map(|h| h.id)),
        hukou_address: Set(seal(checked.hukou_address.as_ref())?),
        died_on: Set(None),
        told_on: Set(new.told.as_ref().map(|t| t.on)),
        told_way: Set(new.told.as_ref().map(|t| t.way.clone())),
        worker_id: Set(works.then(|| scope.actor())),
        lead_source: Set(new.lead_source.clone()),
        note: Set(checked.note.clone()),
        cat_bits: Set(bits),
        is_target: Set(categories::actions::is_target(bits, &due::actions::nearest(&codes_here), scope.today())),
        ledger_state: Set("lead".to_owned()),
        grade: Set(String::new()),
        last_visit_on: Set(NEVER_BEFORE),
        last_served_on: Set(NEVER_BEFORE),
        next_due_on: Set(NEVER_DUE),
        failed_in_row: Set(0),
        created_at: Set(scope.now()),
        created_by: Set(scope.actor()),
        ..Default::default()
    })
}

/// The number that is kept; a temporary one carries the township and 32 bits of the id, so that nothing has to be counted.
pub(super) fn number_of(document: &Document, id: Id, township: &str) -> Secret {
    match document {
        Document::Numbered(number) => Secret::new(number.normal.clone()),
        Document::Missing(_) => {
            let (_, _, _, tail) = id.as_fields();
            let [.., a, b, c, d] = *tail;
            let serial = u32::from_be_bytes([a, b, c, d]);
            Secret::new(document::temporary(township.trim_start_matches("stat:"), serial))
        }
    }
}

pub(super) fn reason_of(document: &Document) -> Option<String> {
    match document {
        Document::Numbered(_) => None,
        Document::Missing(reason) => Some(reason.clone()),
    }
}

/// Refuses a number that is known inside the reach; gives the living persons outside who have it.
pub(super) async fn number_twins<P>(tx: &Writing<'_, P>, person: &person::Model) -> Outcome<Vec<person::Model>>
where
    P: kernel::Permit + kernel::Sees<person::Entity>,
{
    let Some(hash) = &person.id_hash else { return Ok(Vec::new()) };
    let (inside, outside) = store::number_twins(tx, person.id, hash).await?;
    match inside.first() {
        None => Ok(outside),
        Some(known) => Err(Problem::refused(
            "person.duplicate_number",
            format!("该证件号码已有档案（编号 {}），请打开已有档案补充内容，不要重复登记。", known.id),
            format!("This document number is registered already (record {}). Open that record instead.", known.id),
        )),
    }
}

/// Tasks that follow from an entry: a number known elsewhere for the county, a missing document for the worker.
pub(super) async fn raise_tasks<P: kernel::Permit>(
    tx: &Writing<'_, P>,
    person: &person::Model,
    twins: &[person::Model],
) -> Outcome<()> {
    let task = |kind, role, detail| NewTask {
        kind,
        role,
        place: person.place(),
        subject_kind: "person",
        subject_id: Some(person.id),
        account_id: None,
        due_on: None,
        detail,
    };
    if !twins.is_empty() {
        let others: Vec<Id> = twins.iter().map(|t| t.id).collect();
        tasks::raise(tx, task("duplicate_person", "CA", json!({"others": others}))).await?;
    }
    if person.doc_type == DocType::None.code() {
        let role = if tx.scope().roles().any(|r| r == "SW") { "SW" } else { "TW" };
        let own = NewTask { account_id: person.worker_id, ..task("document_missing", role, json!({})) };
        tasks::raise(tx, own).await?;
    }
    Ok(())
}

/// A death to record.
#[derive(Debug, Clone, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDeath {
    /// UUIDv7 made by the client.
    pub id: uuid::Uuid,
    /// Revision of the person the caller saw.
    pub rev: i32,
    /// Day of death, today or earlier.
    pub died_on: chrono::NaiveDate,
    /// Evidence, for example a death certificate.
    #[schema(max_length = 200)]
    pub evidence_ref: String,
}

/// Records a death: ends categories and the ledger entry, stops timers, tells the township.
pub async fn record_death(scope: &Scope<Change>, id: Id, death: NewDeath, digest: &[u8]) -> Outcome<Written> {
    let mut faults = Faults::default();
    faults.past("died_on", death.died_on, scope.today());
    faults.text("evidence_ref", &death.evidence_ref, SHORT);
    faults.done(Some(()))?;
    scope
        .write_once(death.id, &[digest, id.as_bytes()].concat(), move |tx| {
            Box::pin(async move {
                let person = tx.get_rev::<person::Entity>(id, death.rev).await?;
                if person.died_on.is_some() {
                    return Err(Problem::refused(
                        "person.dead",
                        "该对象已登记死亡，无需重复登记。",
                        "The death is recorded already.",
                    ));
                }
                let mut faults = Faults::default();
                faults.not_before("died_on", death.died_on, person.birth_date, BEFORE_BIRTH.0, BEFORE_BIRTH.1);
                faults.done(Some(()))?;
                bury(tx, &person, &death).await
            })
        })
        .await
}

async fn bury(tx: &Writing<'_, Change>, person: &person::Model, death: &NewDeath) -> Outcome<()> {
    let was_dibao = categories::store::open_in(tx, person).await?.iter().any(|c| c.category == "DIBAO");
    categories::actions::end_all(tx, person, death.died_on, "death").await?;
    let state = ledger::actions::close_by_death(tx, person, death.evidence_ref.trim()).await?;
    let died_on = death.died_on;
    let after = super::change(tx, person, |r| {
        r.died_on = Set(Some(died_on));
        r.cat_bits = Set(0);
        r.is_target = Set(false);
        r.ledger_state = Set(state);
        r.grade = Set(String::new());
    })
    .await?;
    let after = due::refresh(tx, &after).await?;
    let due_on = if was_dibao { recheck_on(tx, &after, died_on).await? } else { None };
    if was_dibao {
        categories::review::after_death(tx, &after, died_on).await?;
    }
    // Last: until here the household tells whose reviews come forward.
    households::changes::leave_by_death(tx, &after, died_on).await?;
    let task = NewTask {
        kind: "person_died",
        role: "TR",
        place: after.place(),
        subject_kind: "person",
        subject_id: Some(after.id),
        account_id: None,
        due_on,
        detail: json!({"died_on": died_on, "dibao": was_dibao}),
    };
    tasks::raise(tx, task).await
}

/// Until when a dibao household has to be checked again after a death in it (民发〔2022〕83号).
async fn recheck_on(tx: &Writing<'_, Change>, person: &person::Model, died_on: Day) -> Outcome<Option<Day>> {
    let places = due::place_codes_in(tx, person).await?;
    let near = due::actions::nearest(&places);
    let months = Params::national().whole("review.months.DIBAO.after_death", &near, tx.scope().today());
    Ok(months.and_then(|m| i32::try_from(m).ok()).map(|m| kernel::day::add_months(died_on, m)))
}
