//! What is shown of a person: the row of lists and the page, masked as the scope says.

use std::collections::HashMap;

use access::{PlaceRef, Scope};
use kernel::{
    Id, Outcome, Permit, codes, day,
    document::{self, DocType, Paper, Warning},
    params::Params,
    secret::SecretKind,
};
use sea_orm::ColumnTrait as _;
use serde::Serialize;
use uuid::Uuid;

use super::{
    Read,
    model::Told,
    row::{NEVER_BEFORE, NEVER_DUE, PersonLine, person},
    search::By,
};
use crate::{
    categories::{self, CategoryView},
    due,
    handovers::{self, view::Answers},
    households::{self, HouseholdShort},
    ledger::{self, LedgerView},
    minors::{self, MinorAccess},
    risks::{self, RiskView},
    visits::{self, http::VisitView},
};

/// An account or person with its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Named {
    /// Id.
    pub id: Uuid,
    /// Name as this caller may see it.
    pub name: String,
}

/// How a search found somebody.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Matched {
    /// By what.
    pub by: By,
}

/// A person in a list.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct PersonRow {
    /// Id.
    pub id: Uuid,
    /// Name, masked when the scope says so.
    pub name: String,
    /// Code of list `sex`.
    pub sex: String,
    /// Age in full years (周岁); of the dead at death.
    pub age: Option<u16>,
    /// Birth date; null where names are masked.
    pub birth_date: Option<chrono::NaiveDate>,
    /// Open categories.
    pub categories: Vec<String>,
    /// Code of list `grade`.
    pub grade: Option<String>,
    /// Code of list `ledger_state`.
    pub ledger_state: Option<String>,
    /// Village of today.
    pub village: Option<PlaceRef>,
    /// Township of today.
    pub township: Option<PlaceRef>,
    /// Document number, masked.
    pub id_number_masked: Option<String>,
    /// Telephone, masked.
    pub phone_masked: Option<String>,
    /// Latest contact.
    pub last_visit_on: Option<chrono::NaiveDate>,
    /// Next due day.
    pub next_due_on: Option<chrono::NaiveDate>,
    /// none, ok, soon, due or overdue.
    pub due_state: String,
    /// Responsible worker.
    pub worker: Option<Named>,
    /// Day of death.
    pub died_on: Option<chrono::NaiveDate>,
    /// Whether this is a minor whose file is closed to the caller: name masked, no birth date, no number.
    pub closed: bool,
    /// Handed over: seen by a read trail only, nothing to write.
    pub away: bool,
    /// How a search found the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matched: Option<Matched>,
}

/// A document as shown.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DocumentView {
    /// Code of list `id_doc_type`.
    pub doc_type: String,
    /// Number, masked.
    pub number_masked: Option<String>,
    /// Whether it is the primary one.
    pub primary: bool,
}

/// Something odd that does not block.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WarningView {
    /// Code.
    pub code: String,
    /// In Chinese.
    pub message: String,
    /// In English.
    pub message_en: String,
}

/// Figures of one person.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PersonStats {
    /// Completed visits.
    pub visits_total: u32,
    /// Completed visits of the last twelve months.
    pub visits_12m: u32,
    /// Days since the latest contact.
    pub days_since_visit: Option<i64>,
}

/// The page of a person.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PersonPage {
    /// What lists show.
    #[serde(flatten)]
    pub row: PersonRow,
    /// Name in daily use.
    pub usual_name: Option<String>,
    /// Former names.
    pub former_names: Vec<String>,
    /// Code of list `ethnicity`.
    pub ethnicity: Option<String>,
    /// Code of list `marital`.
    pub marital: Option<String>,
    /// Code of list `education`.
    pub education: Option<String>,
    /// Code of list `political`.
    pub political: Option<String>,
    /// Code of list `nationality`.
    pub nationality: Option<String>,
    /// Documents.
    pub documents: Vec<DocumentView>,
    /// Why there is no document.
    pub no_number_reason: Option<String>,
    /// Place of registration.
    pub hukou_village: Option<PlaceRef>,
    /// Address of registration, masked.
    pub hukou_address: Option<String>,
    /// Township and village, with stars where an address is kept.
    pub address_masked: String,
    /// Since when the person lives there.
    pub residence_since: Option<chrono::NaiveDate>,
    /// Lives away from the place of registration (人户分离).
    pub mismatch: bool,
    /// The station that answers for the person, and a hand-over on its way.
    pub answers: Answers,
    /// Whether and how the person was told (告知).
    pub told: Option<Told>,
    /// Code of list `lead_source`.
    pub lead_source: String,
    /// Note; null where names are masked.
    pub note: Option<String>,
    /// Red risk signs, the newest first.
    pub risks: Vec<RiskView>,
    /// How many of them are open; known to everybody who sees the person.
    pub red_open: i32,
    /// The running (or last) episode in the ledger.
    pub ledger: LedgerView,
    /// Open categories.
    pub categories_open: Vec<CategoryView>,
    /// Ended categories.
    pub categories_closed: Vec<CategoryView>,
    /// Households the person belongs to.
    pub households: Vec<HouseholdShort>,
    /// Figures.
    pub stats: PersonStats,
    /// The latest visits, where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visits: Option<Vec<VisitView>>,
    /// Day a visit is planned for by hand.
    pub planned_on: Option<chrono::NaiveDate>,
    /// Whether the file is open to the caller, and how; matters for minors.
    pub opening: MinorAccess,
    /// What looks odd.
    pub warnings: Vec<WarningView>,
    /// When the person was entered.
    pub created_at: String,
    /// Revision.
    pub rev: i32,
}

/// Rows of lists, in the order given.
pub async fn rows<P: Permit>(
    scope: &Scope<P>,
    people: impl IntoIterator<Item = impl Into<PersonLine>>,
) -> Outcome<Vec<PersonRow>> {
    let people: Vec<PersonLine> = people.into_iter().map(Into::into).collect();
    let places = scope.labels(people.iter().flat_map(PersonLine::path)).await?;
    let names = scope.account_names(people.iter().filter_map(|p| p.worker_id).collect()).await?;
    let mut disabilities = disabilities(scope, &people).await?;
    let open = minors::open_among(scope, &people).await?;
    let (today, mut rows) = (scope.today(), Vec::with_capacity(people.len()));
    for person in people {
        let here = due::actions::codes_in(&places, &person.path());
        let soon = Params::national().whole("visit.soon_days", &due::actions::nearest(&here), today).unwrap_or(0);
        let sealed = |kind, sealed: &Option<_>| sealed.as_ref().map(|s| scope.show(kind, s)).transpose();
        let closed = !open.contains_key(&person.id);
        rows.push(PersonRow {
            name: if closed { kernel::mask::name(&person.name) } else { scope.show_name(&person.name) },
            age: person.birth_date.and_then(|birth| day::age_on(birth, person.died_on.unwrap_or(today))),
            birth_date: person.birth_date.filter(|_| !scope.masked() && !closed),
            categories: open_codes(&person, disabilities.remove(&person.id).unwrap_or_default()),
            grade: Some(person.grade.clone()).filter(|g| !g.is_empty()),
            village: places.get(&person.village_id).cloned(),
            township: places.get(&person.township_id).cloned(),
            id_number_masked: sealed(SecretKind::Number, &person.id_number)?.filter(|_| !closed),
            phone_masked: sealed(SecretKind::Phone, &person.phone)?,
            last_visit_on: Some(person.last_visit_on).filter(|on| *on > NEVER_BEFORE),
            next_due_on: Some(person.next_due_on).filter(|on| *on < NEVER_DUE),
            due_state: due::model::due_state(person.next_due_on, soon, today).to_owned(),
            worker: person.worker_id.map(|id| Named { id, name: names.get(&id).cloned().unwrap_or_default() }),
            died_on: person.died_on,
            closed,
            away: !scope.reaches().iter().any(|reach| reach.covers(&person.path(), person.worker_id)),
            matched: None,
            id: person.id,
            sex: person.sex,
            ledger_state: Some(person.ledger_state),
        });
    }
    Ok(rows)
}

/// Codes of the disabilities of those who have one: disabilities share two bits, so their codes are looked up.
async fn disabilities<P: Permit>(scope: &Scope<P>, people: &[PersonLine]) -> Outcome<HashMap<Id, Vec<String>>> {
    let mask = codes::category_mask("DIS").unwrap_or(0);
    let disabled: Vec<Id> = people.iter().filter(|p| p.cat_bits & mask != 0).map(|p| p.id).collect();
    let open = categories::store::open_of_page(scope, &disabled).await?;
    let coded = |rows: Vec<categories::row::category_assignment::Model>| {
        rows.into_iter().map(|a| a.category).filter(|c| c.starts_with("DIS_")).collect()
    };
    Ok(open.into_iter().map(|(person, rows)| (person, coded(rows))).collect())
}

/// Codes of the open categories, without restricted ones.
fn open_codes(person: &PersonLine, disabilities: Vec<String>) -> Vec<String> {
    let shared = codes::category_mask("DIS").unwrap_or(0);
    let bits = person.cat_bits & !codes::restricted_mask() & !shared;
    due::model::categories(bits).map(str::to_owned).chain(disabilities).collect()
}

/// The page of a person inside the scope.
pub async fn page(scope: &Scope<Read>, id: Id) -> Outcome<PersonPage> {
    let person = scope.find_with_trail::<person::Entity>(None).filter(person::Column::Id.eq(id)).read_one().await?;
    page_of(scope, person, &[]).await
}

/// The page of a person at hand, with what looked odd in the form.
pub(super) async fn page_of(scope: &Scope<Read>, person: person::Model, odd: &[Warning]) -> Outcome<PersonPage> {
    let opening = minors::http::access_of(scope, &person).await?;
    let masked = scope.masked() || !opening.open;
    let row = rows(scope, vec![person.clone()]).await?.into_iter().next().ok_or(kernel::Problem::NotFound)?;
    let assignments = categories::store::of(scope, &person).await?;
    let views = assignments.into_iter().filter_map(|a| CategoryView::of(a, masked));
    let (categories_open, categories_closed): (Vec<_>, Vec<_>) = views.partition(|c| c.to.is_none());
    let hukou = match person.hukou_village_id {
        Some(id) => Some(scope.division(id).await?),
        None => None,
    };
    let former: Vec<String> = serde_json::from_str(&person.former_names).unwrap_or_default();
    let named = |place: &Option<PlaceRef>| place.as_ref().map(|p| p.name.clone()).unwrap_or_default();
    let path = format!("{} / {}", named(&row.township), named(&row.village));
    Ok(PersonPage {
        planned_on: person.planned_on,
        usual_name: person.usual_name.as_deref().filter(|_| opening.open).map(|n| scope.show_name(n)),
        former_names: former.iter().filter(|_| opening.open).map(|n| scope.show_name(n)).collect(),
        documents: vec![DocumentView {
            doc_type: person.doc_type.clone(),
            number_masked: row.id_number_masked.clone(),
            primary: true,
        }],
        hukou_address: person.hukou_address.as_ref().map(|s| scope.show(SecretKind::Address, s)).transpose()?,
        answers: handovers::view::answers(scope, &person).await?,
        mismatch: hukou.as_ref().is_some_and(|h| !h.place().contains(&person.place())),
        hukou_village: hukou.map(|h| h.short()),
        address_masked: kernel::mask::address(&path, if person.address.is_some() { "*" } else { "" }),
        told: person.told_on.zip(person.told_way.clone()).map(|(on, way)| Told { on, way }),
        risks: risks::of(scope, &person, masked).await?,
        red_open: person.red_open,
        ledger: ledger::http::view(scope, &person, masked).await?,
        categories_open,
        categories_closed,
        households: if opening.open { households::shorts(scope, &person).await? } else { Vec::new() },
        stats: stats(scope, &person).await?,
        visits: None,
        warnings: if opening.open { warnings(scope, &person, odd)? } else { Vec::new() },
        opening,
        created_at: access::iso(person.created_at),
        rev: person.rev,
        no_number_reason: person.no_number_reason.filter(|_| !masked),
        note: person.note.filter(|_| !masked),
        residence_since: person.residence_since,
        ethnicity: person.ethnicity,
        marital: person.marital,
        education: person.education,
        political: person.political,
        nationality: person.nationality,
        lead_source: person.lead_source,
        row,
    })
}

async fn stats(scope: &Scope<Read>, person: &person::Model) -> Outcome<PersonStats> {
    let today = scope.today();
    let (all, recent) = visits::store::counts(scope, person, day::add_months(today, -12)).await?;
    let last = Some(person.last_visit_on).filter(|on| *on > NEVER_BEFORE);
    Ok(PersonStats {
        visits_total: u32::try_from(all).unwrap_or(u32::MAX),
        visits_12m: u32::try_from(recent).unwrap_or(u32::MAX),
        days_since_visit: last.map(|on| day::days_between(on, today)),
    })
}

/// What looks odd about the number that is kept, and what looked odd in the form.
fn warnings(scope: &Scope<Read>, person: &person::Model, odd: &[Warning]) -> Outcome<Vec<WarningView>> {
    let mut all: Vec<Warning> = odd.to_vec();
    if let (Some(kind), Some(sealed)) = (DocType::from_code(&person.doc_type), &person.id_number) {
        let plain = scope.open_for_use(sealed)?;
        if let Ok(number) = document::parse_from(kind, plain.expose(), scope.today(), Paper::Unverified) {
            all.extend(number.disagreements(&person.sex, person.birth_date));
            all.extend(number.warnings);
        }
    }
    let mut views: Vec<WarningView> = Vec::new();
    for warning in all {
        if views.iter().all(|v| v.code != warning.code()) {
            views.push(WarningView {
                code: warning.code().to_owned(),
                message: warning.zh(),
                message_en: warning.en(),
            });
        }
    }
    Ok(views)
}
