//! Correcting a person and moving house.

use access::{
    Scope, Writing,
    placement::{self, division},
};
use chrono::NaiveDate;
use kernel::{
    Day, Field, Id, Outcome, Permit, Place, Problem, Sealed, Secret, document::Paper, document::phone::Phone,
};
use sea_orm::ActiveValue::Set;
use serde::{Deserialize, Deserializer};
use serde_json::json;
use uuid::Uuid;

use super::{
    Change,
    actions::{self, number_of, number_twins, raise_tasks, reason_of, registration},
    checks::{Faults, LONG},
    keys,
    model::{self, BEFORE_BIRTH, Document, Told},
    row::person,
    store,
};
use crate::{applications, categories, due, figures, ledger, screening, visits};

/// Changes of a person: what is left out stays, null clears.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Revision {
    /// Revision the caller saw.
    pub rev: i32,
    /// Name as on the document.
    #[schema(max_length = 50)]
    pub name: Option<String>,
    /// Code of list `sex`.
    pub sex: Option<String>,
    /// Birth date.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<NaiveDate>)]
    pub birth_date: Option<Option<NaiveDate>>,
    /// Code of list `ethnicity`.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub ethnicity: Option<Option<String>>,
    /// Code of list `marital`.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub marital: Option<Option<String>>,
    /// Code of list `education`.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub education: Option<Option<String>>,
    /// Code of list `political`.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub political: Option<Option<String>>,
    /// Code of list `nationality`.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub nationality: Option<Option<String>>,
    /// Code of list `id_doc_type`; comes with its number or reason.
    pub doc_type: Option<String>,
    /// Document number.
    #[schema(max_length = 64)]
    pub number: Option<Secret>,
    /// The number was copied from an unverified paper.
    pub paper_unverified: Option<bool>,
    /// Why there is no document.
    #[schema(max_length = 200)]
    pub no_number_reason: Option<String>,
    /// Telephone.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 30)]
    pub phone: Option<Option<Secret>>,
    /// Village where the person lives now.
    pub village: Option<String>,
    /// Since when; the day of moving when the village changes.
    pub residence_since: Option<NaiveDate>,
    /// Address below the village.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub address: Option<Option<Secret>>,
    /// Place of registration.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub hukou_village: Option<Option<String>>,
    /// Address of registration.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub hukou_address: Option<Option<Secret>>,
    /// Name in daily use.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 50)]
    pub usual_name: Option<Option<String>>,
    /// Former names.
    #[schema(max_items = 10)]
    pub former_names: Option<Vec<String>>,
    /// Note.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 4000)]
    pub note: Option<Option<String>>,
    /// Whether and how the person was told.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Told>)]
    pub told: Option<Option<Told>>,
    /// Responsible worker.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Uuid>)]
    pub worker_id: Option<Option<Uuid>>,
    /// Day a visit is planned for, today at the earliest.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<NaiveDate>)]
    pub planned_on: Option<Option<NaiveDate>>,
}

impl Revision {
    /// A revision that changes nothing yet.
    pub fn nothing(rev: i32) -> Self {
        Self { rev, ..Self::default() }
    }
}

/// Tells a null that was given from a field that was left out.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(d: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(d).map(Some)
}

/// A planned day lies within a year.
const PLAN_DAYS: i64 = 366;

/// A revision with what had to be looked up.
pub struct Ready {
    new: Revision,
    name: Option<String>,
    usual_name: Option<String>,
    former_names: Vec<String>,
    phone: Option<Phone>,
    address: Option<Secret>,
    hukou_address: Option<Secret>,
    note: Option<String>,
    village: Option<division::Model>,
    hukou: Option<division::Model>,
}

impl Ready {
    /// The same for the person as it stands now, where nobody saw it before.
    pub fn at_rev(&mut self, rev: i32) {
        self.new.rev = rev;
    }
}

/// Corrects a person, or moves somebody inside the reach.
pub async fn revise(scope: &Scope<Change>, id: Id, new: Revision) -> Outcome<()> {
    let ready = ready(scope, new).await?;
    scope.write(move |tx| Box::pin(async move { apply(tx, id, &ready).await })).await
}

/// Checks a revision as far as no row is needed.
pub async fn ready(scope: &Scope<Change>, new: Revision) -> Outcome<Ready> {
    let (mut faults, today) = (Faults::default(), scope.today());
    let name = new.name.as_deref().and_then(|n| model::person_name("name", n, &mut faults));
    let usual_name =
        model::optional_name("usual_name", new.usual_name.iter().flatten().next().map(String::as_str), &mut faults);
    let former_names = model::former_names(new.former_names.as_deref().unwrap_or_default(), &mut faults);
    if let Some(sex) = &new.sex {
        faults.code("sex", "sex", sex);
    }
    let lists = [
        ("ethnicity", &new.ethnicity),
        ("marital", &new.marital),
        ("education", &new.education),
        ("political", &new.political),
        ("nationality", &new.nationality),
    ];
    for (list, code) in lists {
        faults.optional_code(list, list, code.iter().flatten().next().map(String::as_str));
    }
    if let Some(Some(birth)) = new.birth_date {
        faults.birth("birth_date", birth, today);
    }
    if let Some(since) = new.residence_since {
        faults.past("residence_since", since, today);
    }
    if let Some(Some(planned)) = new.planned_on
        && !(today..=kernel::day::add_days(today, PLAN_DAYS)).contains(&planned)
    {
        faults.push(Field::new(
            "planned_on",
            "range",
            "计划走访日期应在今天起一年之内，请修改。",
            "The planned day must lie within a year from today; correct it.",
        ));
    }
    model::check_told(new.told.iter().flatten().next(), today, &mut faults);
    let phone = model::check_phone(new.phone.iter().flatten().next().map(Secret::expose), &mut faults);
    let address = model::secret_text("address", new.address.iter().flatten().next(), &mut faults);
    let hukou_address = model::secret_text("hukou_address", new.hukou_address.iter().flatten().next(), &mut faults);
    let note = faults.optional_text("note", new.note.iter().flatten().next().map(String::as_str), LONG);
    let village = match &new.village {
        Some(text) => faults.keep(actions::village(scope, "village", text).await)?,
        None => None,
    };
    let hukou = match new.hukou_village.iter().flatten().next() {
        Some(text) => faults.keep(registration(scope, text).await)?,
        None => None,
    };
    faults.done(Some(()))?;
    Ok(Ready { new, name, usual_name, former_names, phone, address, hukou_address, note, village, hukou })
}

/// Carries a checked revision out inside a running write.
pub async fn apply(tx: &Writing<'_, Change>, id: Id, ready: &Ready) -> Outcome<()> {
    let before = tx.get_rev::<person::Entity>(id, ready.new.rev).await?;
    let place = ready.village.as_ref().map_or_else(|| before.place(), division::Model::place);
    tx.must_cover(&place)?;
    let moved = place.path != before.path();
    let document = check(tx, &before, ready).await?;
    check_worker(tx, &before, ready, &place).await?;
    check_since(tx, &before, ready, moved).await?;
    let target = {
        let labels = placement::labels(tx.derived(), place.path).await?;
        let here = due::actions::codes_in(&labels, &place.path);
        categories::actions::is_target(before.cat_bits, &due::actions::nearest(&here), tx.scope().today())
    };
    let change = prepare(tx, &before, ready, document.as_ref(), &place, target).await?;
    let left = left_by(tx, &before, ready, &place).await?;
    let changes_station = place.path != before.path() && place.at(kernel::Level::Township) != before.township_id;
    let after = super::change(tx, &before, |r| {
        change(r);
        if left {
            r.worker_id = Set(None);
        }
        if changes_station {
            r.station_id = Set(None);
        }
    })
    .await?;
    if document.is_some() {
        let twins = number_twins(tx, &after).await?;
        raise_tasks(tx, &after, &twins).await?;
    }
    store::put_keys(tx, &after).await?;
    if moved {
        store::put_residence(tx, &after, ready.new.residence_since.unwrap_or(tx.scope().today())).await?;
        visits::follow(tx, &after).await?;
        due::refresh(tx, &after).await?;
    } else if let Some(since) = ready.new.residence_since {
        store::restart_residence(tx, &after, since).await?;
    }
    Ok(())
}

/// Where a person is taken to, and who answers there.
pub(crate) struct Moving {
    /// The village.
    pub to: Place,
    /// First day of the residence there.
    pub since: Day,
    /// Address below the village; none leaves it as it is.
    pub address: Option<Option<Sealed>>,
    /// Responsible worker.
    pub worker: Option<Id>,
    /// Responsible station, where it is not that of the residence.
    pub station: Option<Id>,
}

/// Takes a person to another place, also outside the reach: visits, search keys, figures and due day follow.
///
/// For hand-overs only, which open a read trail for whoever loses the person.
pub(crate) async fn relocate<P: Permit>(
    tx: &Writing<'_, P>,
    before: &person::Model,
    moving: Moving,
) -> Outcome<person::Model> {
    let target = {
        let labels = placement::labels(tx.derived(), moving.to.path).await?;
        let here = due::actions::codes_in(&labels, &moving.to.path);
        categories::actions::is_target(before.cat_bits, &due::actions::nearest(&here), tx.scope().today())
    };
    let [province, city, county, township, village] = moving.to.path;
    let after = tx
        .update_part::<person::Entity>(before, |r| {
            r.province_id = Set(province);
            r.city_id = Set(city);
            r.county_id = Set(county);
            r.township_id = Set(township);
            r.village_id = Set(village);
            r.residence_since = Set(Some(moving.since));
            r.worker_id = Set(moving.worker);
            // A visit planned by hand was the plan of whoever was responsible.
            r.planned_on = Set(None);
            r.station_id = Set(moving.station);
            r.is_target = Set(target);
            if let Some(address) = moving.address {
                r.address = Set(address);
            }
        })
        .await?;
    figures::moved(tx, Some(before), &after).await?;
    store::put_keys(tx, &after).await?;
    store::put_residence(tx, &after, moving.since).await?;
    visits::follow(tx, &after).await?;
    applications::store::follow(tx, &after).await?;
    screening::store::follow(tx, &after).await?;
    due::refresh(tx, &after).await
}

/// Checks against the person as it stands; gives the document when it changes.
async fn check(tx: &Writing<'_, Change>, before: &person::Model, ready: &Ready) -> Outcome<Option<Document>> {
    let (new, mut faults, today) = (&ready.new, Faults::default(), tx.scope().today());
    let doc_type = new.doc_type.as_deref().unwrap_or(&before.doc_type);
    let touched = new.doc_type.is_some() || new.number.is_some() || new.no_number_reason.is_some();
    let document = if touched {
        let paper = if new.paper_unverified == Some(true) { Paper::Unverified } else { Paper::Seen };
        let number = new.number.as_ref().map(Secret::expose);
        model::check_document(doc_type, number, new.no_number_reason.as_deref(), paper, today, &mut faults)
    } else {
        None
    };
    let birth = new.birth_date.unwrap_or(before.birth_date);
    if let Some(since) = new.residence_since {
        faults.not_before("residence_since", since, birth, BEFORE_BIRTH.0, BEFORE_BIRTH.1);
    }
    if let (Some(birth), Some(died)) = (birth, before.died_on) {
        faults.not_before(
            "birth_date",
            died,
            Some(birth),
            "出生日期晚于死亡日期，请核对。",
            "The birth date lies after the death.",
        );
    }
    faults.done(Some(()))?;
    Ok(document)
}

/// Whoever sees own clients only cannot hand them over; the new worker must work at the place.
async fn check_worker(tx: &Writing<'_, Change>, before: &person::Model, ready: &Ready, place: &Place) -> Outcome<()> {
    let Some(worker) = ready.new.worker_id else { return Ok(()) };
    if worker == before.worker_id {
        return Ok(());
    }
    if !tx.scope().reaches().iter().any(|r| r.covers(&place.path, worker)) {
        return Err(Problem::refused(
            "person.handover",
            "责任社工由站长或事务性岗位调整，请联系站长。",
            "The station head or the transactional worker assigns clients; ask them.",
        ));
    }
    match worker {
        Some(worker) if !ledger::store::workers_in(tx, place).await?.contains(&worker) => {
            Err(Problem::invalid(Field::new(
                "worker_id",
                "not_a_worker",
                "该账号不是此地的社工，请从本站社工中选择。",
                "This account does not work here; choose a worker of the station.",
            )))
        }
        _ => Ok(()),
    }
}

/// Whether the responsible worker does not work where the person moves to: better nobody, who is listed, than somebody blind.
async fn left_by(tx: &Writing<'_, Change>, before: &person::Model, ready: &Ready, place: &Place) -> Outcome<bool> {
    let (Some(worker), None) = (before.worker_id, ready.new.worker_id) else { return Ok(false) };
    if place.at(kernel::Level::Township) == before.township_id {
        return Ok(false);
    }
    Ok(!ledger::store::workers_in(tx, place).await?.contains(&worker))
}

/// A residence cannot begin before the one that came before it.
async fn check_since(tx: &Writing<'_, Change>, before: &person::Model, ready: &Ready, moved: bool) -> Outcome<()> {
    let Some(since) = ready.new.residence_since else { return Ok(()) };
    let limit: Option<Day> =
        if moved { store::residence_from(tx, before).await? } else { store::residence_before(tx, before).await? };
    let mut faults = Faults::default();
    let (zh, en) = ("早于上一处居住的时间，请核对。", "This lies before the residence that came first; check it.");
    faults.not_before("residence_since", since, limit, zh, en);
    faults.done(Some(()))
}

/// The change of the row, with every secret sealed.
async fn prepare(
    tx: &Writing<'_, Change>,
    before: &person::Model,
    ready: &Ready,
    document: Option<&Document>,
    place: &Place,
    target: bool,
) -> Outcome<impl FnOnce(&mut person::ActiveModel) + Send + use<>> {
    let scope = tx.scope();
    let new = ready.new.clone();
    let seal = |secret: Option<&Secret>| secret.map(|s| scope.seal(s)).transpose();
    let township = placement::by_id(tx.derived(), place.at(kernel::Level::Township)).await?.code();
    let number = document.map(|d| number_of(d, before.id, &township));
    let sealed_number = seal(number.as_ref())?;
    let number_hash = number.as_ref().map(|n| scope.index("number", n.expose()));
    let no_number_reason = document.and_then(reason_of);
    let phone = ready.phone.as_ref().map(|p| Secret::new(p.normal.clone()));
    let sealed_phone = seal(phone.as_ref())?;
    let phone_hash = phone.as_ref().map(|p| scope.index("phone", p.expose()));
    let (address, hukou_address) = (seal(ready.address.as_ref())?, seal(ready.hukou_address.as_ref())?);
    let (name, usual_name, note) = (ready.name.clone(), ready.usual_name.clone(), ready.note.clone());
    let former_names = json!(ready.former_names).to_string();
    let hukou = ready.hukou.as_ref().map(|h| h.id);
    let path = place.path;
    let changes_document = document.is_some();
    Ok(move |r: &mut person::ActiveModel| {
        if let Some(name) = name {
            r.name_pinyin = Set(keys::pinyin(&name));
            r.name = Set(name);
        }
        if new.usual_name.is_some() {
            r.usual_name = Set(usual_name);
        }
        if new.former_names.is_some() {
            r.former_names = Set(former_names);
        }
        if let Some(sex) = new.sex {
            r.sex = Set(sex);
        }
        if let Some(birth) = new.birth_date {
            r.birth_date = Set(birth);
        }
        let codes = [
            (new.ethnicity, &mut r.ethnicity),
            (new.marital, &mut r.marital),
            (new.education, &mut r.education),
            (new.political, &mut r.political),
            (new.nationality, &mut r.nationality),
        ];
        for (code, column) in codes {
            if let Some(code) = code {
                *column = Set(code);
            }
        }
        if changes_document {
            if let Some(doc_type) = new.doc_type {
                r.doc_type = Set(doc_type);
            }
            r.id_number = Set(sealed_number);
            r.id_hash = Set(number_hash);
            r.no_number_reason = Set(no_number_reason);
        }
        if new.phone.is_some() {
            r.phone = Set(sealed_phone);
            r.phone_hash = Set(phone_hash);
        }
        if new.address.is_some() {
            r.address = Set(address);
        }
        if new.hukou_village.is_some() {
            r.hukou_village_id = Set(hukou);
        }
        if new.hukou_address.is_some() {
            r.hukou_address = Set(hukou_address);
        }
        if new.note.is_some() {
            r.note = Set(note);
        }
        if let Some(told) = new.told {
            r.told_on = Set(told.as_ref().map(|t| t.on));
            r.told_way = Set(told.map(|t| t.way));
        }
        if let Some(worker) = new.worker_id {
            r.worker_id = Set(worker);
        }
        if let Some(planned) = new.planned_on {
            r.planned_on = Set(planned);
        }
        if new.residence_since.is_some() {
            r.residence_since = Set(new.residence_since);
        }
        let [province, city, county, township, village] = path;
        r.province_id = Set(province);
        r.city_id = Set(city);
        r.county_id = Set(county);
        r.township_id = Set(township);
        r.village_id = Set(village);
        r.is_target = Set(target);
    })
}
