//! What is shown of hand-overs.

use std::collections::HashMap;

use access::{PlaceRef, Scope, iso, shares};
use kernel::{Id, Level, Outcome, Permit};
use sea_orm::ColumnTrait as _;
use serde::Serialize;
use uuid::Uuid;

use super::{Read, model::OpenItems, row::handover, store};
use crate::persons::{self, Named, PersonRow, row::person};

/// A hand-over as shown.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct HandoverView {
    /// Id.
    pub id: Uuid,
    /// `station` (between stations) or `worker` (inside one).
    pub kind: String,
    /// The caseload it belongs to.
    pub batch_id: Option<Uuid>,
    /// proposed, accepted, declined, withdrawn.
    pub state: String,
    /// Whether it waits for an answer.
    pub open: bool,
    /// The person; null when the caller may not see the person (any more).
    pub person: Option<PersonRow>,
    /// Village it comes from.
    pub from: Option<PlaceRef>,
    /// Township it comes from.
    pub from_township: Option<PlaceRef>,
    /// Village it goes to.
    pub to: Option<PlaceRef>,
    /// Township it goes to.
    pub to_township: Option<PlaceRef>,
    /// Who was responsible.
    pub from_worker: Option<Named>,
    /// Who is.
    pub to_worker: Option<Named>,
    /// Code of list `handover_reason`.
    pub reason: String,
    /// More about it.
    pub note: Option<String>,
    /// Code of list `handover_consent`.
    pub consent: String,
    /// Since when the person lives there.
    pub moved_on: chrono::NaiveDate,
    /// Last day to answer in time.
    pub answer_by: chrono::NaiveDate,
    /// What was open when it was proposed.
    pub open_items: OpenItems,
    /// Who proposed it.
    pub proposed_by: Named,
    /// When.
    pub created_at: String,
    /// Day of the answer.
    pub decided_on: Option<chrono::NaiveDate>,
    /// Who answered.
    pub decided_by: Option<Named>,
    /// Code of list `handover_answer`, when declined or withdrawn.
    pub answer: Option<String>,
    /// More about the answer.
    pub answer_note: Option<String>,
    /// First day on which the sender no longer reads.
    pub trail_until: Option<chrono::NaiveDate>,
    /// Revision.
    pub rev: i32,
}

/// Hand-overs as shown, in the order given; persons only as far as the caller may see them.
pub async fn views(scope: &Scope<Read>, rows: Vec<handover::Model>) -> Outcome<Vec<HandoverView>> {
    let found = store::people(scope, rows.iter().map(|r| r.person_id).collect()).await?;
    let people: HashMap<Id, PersonRow> = match scope.also::<persons::Read>() {
        Ok(read) => persons::rows(&read, found).await?.into_iter().map(|p| (p.id, p)).collect(),
        Err(_) => HashMap::new(),
    };
    let accounts = rows.iter().flat_map(|r| [Some(r.proposed_by), r.decided_by, r.from_worker_id, r.to_worker_id]);
    let names = scope.account_names(accounts.flatten().collect()).await?;
    let places = scope
        .labels(rows.iter().flat_map(|r| [r.village_id, r.township_id, r.from_village_id, r.from_township_id]))
        .await?;
    let named = |id: Id| Named { id, name: names.get(&id).cloned().unwrap_or_default() };
    Ok(rows
        .into_iter()
        .map(|r| HandoverView {
            // A person may be handed over twice on one page.
            person: people.get(&r.person_id).cloned(),
            from: places.get(&r.from_village_id).cloned(),
            from_township: places.get(&r.from_township_id).cloned(),
            to: places.get(&r.village_id).cloned(),
            to_township: places.get(&r.township_id).cloned(),
            from_worker: r.from_worker_id.map(named),
            to_worker: r.to_worker_id.map(named),
            proposed_by: named(r.proposed_by),
            decided_by: r.decided_by.map(named),
            open_items: serde_json::from_str(&r.open_items).unwrap_or_default(),
            created_at: iso(r.created_at),
            id: r.id,
            kind: r.kind,
            batch_id: r.batch_id,
            state: r.state,
            open: r.is_open,
            reason: r.reason,
            note: r.note,
            consent: r.consent,
            moved_on: r.moved_on,
            answer_by: r.answer_by,
            decided_on: r.decided_on,
            answer: r.answer,
            answer_note: r.answer_note,
            trail_until: r.trail_until,
            rev: r.rev,
        })
        .collect())
}

/// A hand-over on its way, on the page of a person.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OnItsWay {
    /// Id.
    pub id: Uuid,
    /// Township it comes from.
    pub from: Option<PlaceRef>,
    /// Township it goes to.
    pub to: Option<PlaceRef>,
    /// Last day to answer in time.
    pub answer_by: chrono::NaiveDate,
    /// Revision.
    pub rev: i32,
}

/// Who answers for a person: the third of the three places, beside registration and residence.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Answers {
    /// The responsible station; null when none is known inside the county.
    pub station: Option<Named>,
    /// The office that decides about benefits: township of registration, or its county (社会救助法 art. 37).
    pub benefit_office: Option<PlaceRef>,
    /// A hand-over that waits for an answer.
    pub handover: Option<OnItsWay>,
    /// Whether the caller may read only, by a trail after a hand-over.
    pub read_only: bool,
    /// Last day of the trail; null while the hand-over is not answered, or without trail.
    pub read_until: Option<chrono::NaiveDate>,
}

/// Who answers for a person.
pub async fn answers<P: Permit>(scope: &Scope<P>, person: &person::Model) -> Outcome<Answers> {
    let open = store::open_of(scope, person).await?;
    let office = match person.hukou_village_id {
        Some(id) => {
            let place = scope.division(id).await?.place();
            let at = [place.at(Level::Township), place.at(Level::County), id];
            at.into_iter().find(|id| *id != 0)
        }
        None => None,
    };
    let ids = open.iter().flat_map(|h| [h.from_township_id, h.township_id]).chain(office);
    let places = scope.labels(ids).await?;
    let covered = scope.reaches().iter().any(|r| r.covers(&person.path(), person.worker_id));
    let trail = if covered { None } else { scope.trail_of(person.id).await? };
    Ok(Answers {
        station: station(scope, person).await?,
        benefit_office: office.and_then(|id| places.get(&id).cloned()),
        handover: open.map(|h| OnItsWay {
            id: h.id,
            from: places.get(&h.from_township_id).cloned(),
            to: places.get(&h.township_id).cloned(),
            answer_by: h.answer_by,
            rev: h.rev,
        }),
        read_only: !covered,
        read_until: trail.and_then(|t| shares::shown(t.until)).map(|first| kernel::day::add_days(first, -1)),
    })
}

/// The responsible station as the caller may see it: the one that is kept, else the one that serves the residence.
async fn station<P: Permit>(scope: &Scope<P>, person: &person::Model) -> Outcome<Option<Named>> {
    use places::stations::row::station;
    let Ok(network) = scope.also::<places::network::Read>() else { return Ok(None) };
    let found = network.find::<station::Entity>();
    let found = match person.station_id {
        Some(id) => found.filter(station::Column::Id.eq(id)),
        None => {
            found.filter(station::Column::TownshipId.eq(person.township_id)).filter(station::Column::ClosedOn.is_null())
        }
    };
    Ok(found.read_first().await?.map(|s| Named { id: s.id, name: s.name }))
}
