//! Counts and findings as shown.

use std::collections::HashMap;

use access::{PlaceRef, Scope};
use chrono::NaiveDate;
use kernel::{Id, Outcome, Place};
use people::{
    minors,
    persons::{
        Named,
        row::{PersonLine, person},
    },
    screening::{
        row::{screening_dismissal, screening_finding, screening_run},
        store::{self, Filter},
    },
};
use policy::card::{Card, Nature};
use sea_orm::{ColumnTrait as _, Order};
use serde::Serialize;
use uuid::Uuid;

use super::{
    Read, Run, Runs,
    model::{ELIGIBLE, LOST, UNKNOWN},
    run,
};
use crate::policies::{
    shelf::shelf,
    view::{PolicyShort, unit_code},
};

/// Findings are counted up to this; more is shown as 10,000+.
pub const MOST: u64 = 10_000;

/// Findings of one kind of a policy.
#[derive(Debug, Clone, Copy, Default, Serialize, utoipa::ToSchema)]
pub struct Counted {
    /// How many wait for a second look, counted up to 10,000.
    pub waiting: u64,
    /// Whether there are more.
    pub more: bool,
    /// How many of them came up since the last day of screening, counted up to 10,000.
    pub new: u64,
}

/// A policy with what a screening found of it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PolicyFindings {
    /// The policy.
    pub policy: PolicyShort,
    /// Who may fit and does not receive.
    pub eligible: Counted,
    /// Of whom it no longer fits.
    pub lost: Counted,
    /// Of whom it became unknown.
    pub unknown: Counted,
}

/// A run.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ScreeningRunView)]
pub struct RunView {
    /// full (everybody) or incremental (whoever may differ).
    pub kind: String,
    /// Whether it was of one township only.
    pub of_township: bool,
    /// The county's first: a baseline.
    pub is_first: bool,
    /// Day.
    pub day: NaiveDate,
    /// When it was done (ISO 8601, UTC).
    pub ended_at: Option<String>,
    /// Persons looked at.
    pub seen: i64,
    /// Persons of whom something differs from last time.
    pub changed: i64,
    /// Persons a full run found different whom the daily ones had missed.
    pub missed: i64,
}

/// What a screening found at a place.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ScreeningView {
    /// The place.
    pub place: PlaceRef,
    /// The last run of the county, or of the township where that is later; null before the first.
    pub last: Option<RunView>,
    /// When everybody was looked at last; null before the first time.
    pub last_full_on: Option<NaiveDate>,
    /// Whether this caller may screen this place now.
    pub can_run: bool,
    /// Whether this caller may set findings aside.
    pub can_dismiss: bool,
    /// Policies that are screened, in the order of the library.
    pub policies: Vec<PolicyFindings>,
}

/// What was said on a second look.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct SecondLook {
    /// Code of list `screening_reason`.
    pub reason: String,
    /// More in words; empty where names are masked.
    pub note: String,
    /// Who said so.
    pub actor: Named,
    /// When (ISO 8601, UTC).
    pub at: String,
}

/// A finding: a hint, no decision.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FindingRow {
    /// Id.
    pub id: Uuid,
    /// Whom it is about.
    pub person: Named,
    /// Whether the file of this minor is closed to the caller.
    pub closed: bool,
    /// The policy.
    pub policy: PolicyShort,
    /// eligible, lost or unknown.
    pub kind: String,
    /// Day it came up.
    pub since_on: NaiveDate,
    /// Amount in units of `amount_unit`, where known and open to the caller.
    pub amount: Option<i64>,
    /// Unit of the amount: fen, fen_month, fen_year, none.
    pub amount_unit: String,
    /// Whether the amount hangs on invented values for tests and training (示例).
    pub is_example: bool,
    /// Village.
    pub place: Option<PlaceRef>,
    /// Who answers for the person.
    pub worker: Option<Named>,
    /// What was said on a second look; null while it waits for one.
    pub second_look: Option<SecondLook>,
}

/// The cards that are screened.
pub fn screened() -> Outcome<Vec<&'static Card>> {
    let cards = shelf()?.all.in_order();
    Ok(cards.into_iter().filter(|c| !c.restricted && c.nature == Nature::Benefit).collect())
}

/// What a screening found at a place.
pub async fn of(scope: &Scope<Read>, place: &access::placement::division::Model) -> Outcome<ScreeningView> {
    let at = place.place();
    let county = store::as_county(at);
    let township = at.path[3];
    let (mut last, mut full, mut since) = (None, None, None);
    if let Ok(runs) = scope.also::<Runs>() {
        let all = store::runs(&runs, county.id, 0, run::DONE).limit(300).all().await?;
        last = all.first().cloned();
        full = all.iter().find(|r| r.kind == run::FULL).map(|r| r.day);
        // Runs of a day belong together: what the night found is still new at noon.
        let day = last.as_ref().map(|r| r.day);
        since = all.iter().rfind(|r| Some(r.day) == day && !r.is_first).map(|r| r.id);
        if township > 0 {
            let own = store::runs(&runs, county.id, township, run::DONE).limit(1).all().await?.into_iter().next();
            last = last.into_iter().chain(own).max_by_key(|r| r.ended_at);
        }
    }
    let mut policies = Vec::new();
    for card in screened()? {
        policies.push(PolicyFindings {
            policy: PolicyShort::from(card),
            eligible: counted(scope, &at, card, ELIGIBLE, since).await?,
            lost: counted(scope, &at, card, LOST, since).await?,
            unknown: counted(scope, &at, card, UNKNOWN, since).await?,
        });
    }
    Ok(ScreeningView {
        place: place.short(),
        last: last.map(RunView::from),
        last_full_on: full,
        can_run: run::can_run(&at) && scope.also::<Run>().is_ok_and(|run| run.must_cover(&at).is_ok()),
        can_dismiss: scope.holds::<super::Dismiss>(),
        policies,
    })
}

async fn counted(scope: &Scope<Read>, place: &Place, card: &Card, kind: &str, since: Option<Id>) -> Outcome<Counted> {
    let filter = Filter { kind: kind.to_owned(), policy: Some(card.id.clone()), dismissed: false };
    let waiting = store::count(scope, Some(place), &filter, None, MOST + 1).await?;
    let new = match since {
        Some(since) if waiting > 0 => store::count(scope, Some(place), &filter, Some(since), MOST).await?,
        _ => 0,
    };
    Ok(Counted { waiting: waiting.min(MOST), more: waiting > MOST, new })
}

impl From<screening_run::Model> for RunView {
    fn from(r: screening_run::Model) -> Self {
        Self {
            kind: r.kind,
            of_township: r.township_id != 0,
            is_first: r.is_first,
            day: r.day,
            ended_at: r.ended_at.map(access::iso),
            seen: r.seen,
            changed: r.changed,
            missed: r.missed,
        }
    }
}

/// A page of findings as shown. A minor whose file is closed is masked, and the amount stays in the file.
pub async fn rows(scope: &Scope<Read>, all: Vec<screening_finding::Model>) -> Outcome<Vec<FindingRow>> {
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Id> = all.iter().map(|f| f.person_id).collect();
    let people = scope.find::<person::Entity>().filter(person::Column::Id.is_in(ids.iter().copied())).all().await?;
    let people: Vec<PersonLine> = people.into_iter().map(PersonLine::from).collect();
    let open = minors::open_among(scope, &people).await?;
    let names = minors::names_in(scope, &people, &open);
    let places = scope.labels(all.iter().map(|f| f.village_id)).await?;
    let looks = scope
        .parts_of::<screening_dismissal::Entity, person::Entity>(&ids)
        .order(screening_dismissal::Column::At, Order::Asc)
        .order(screening_dismissal::Column::Id, Order::Asc)
        .all()
        .await?;
    let accounts = all.iter().filter_map(|f| f.worker_id).chain(looks.iter().map(|l| l.actor_id)).collect();
    let accounts = scope.account_names(accounts).await?;
    let named = |id: Id, names: &HashMap<Id, String>| Named { id, name: names.get(&id).cloned().unwrap_or_default() };
    let cards = shelf()?.all.cards();
    let row = |f: screening_finding::Model| {
        let card = cards.iter().find(|c| c.id == f.policy)?;
        let closed = !open.contains_key(&f.person_id);
        let hidden = closed || scope.masked();
        let amount = card.version_on(scope.today()).and_then(|v| v.amount.as_ref());
        let look = looks
            .iter()
            .rfind(|l| f.is_dismissed && l.person_id == f.person_id && l.policy == f.policy && l.kind == f.kind);
        Some(FindingRow {
            id: f.id,
            person: named(f.person_id, &names),
            closed,
            policy: PolicyShort::from(card),
            kind: f.kind,
            since_on: f.since_on,
            amount: f.amount.filter(|_| !hidden),
            amount_unit: amount.map_or("none", |a| unit_code(&a.unit)).to_owned(),
            is_example: f.is_example,
            place: places.get(&f.village_id).cloned(),
            worker: f.worker_id.map(|id| named(id, &accounts)),
            second_look: look.map(|l| SecondLook {
                reason: l.reason.clone(),
                note: if hidden { String::new() } else { l.note.clone() },
                actor: named(l.actor_id, &accounts),
                at: access::iso(l.at),
            }),
        })
    };
    Ok(all.into_iter().filter_map(row).collect())
}
