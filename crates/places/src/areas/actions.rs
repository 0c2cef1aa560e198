//! Verbs that change areas.

use access::{Level, Outcome, Scope, Writing, Written, audit::Change as Changed, placement::division};
use chrono::NaiveDate;
use kernel::{Day, Field, Id, Problem, day, place::DivisionId};
use sea_orm::ActiveValue::Set;
use serde::Deserialize;
use uuid::Uuid;

use super::{row::area, store};
use crate::{
    network::{Change, checks::Faults},
    stations::row::station,
};

/// Most villages of one area.
const MOST: usize = 200;

/// An area to make.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewArea {
    /// Client-made UUIDv7.
    pub id: Uuid,
    /// Name.
    #[schema(min_length = 1, max_length = 50)]
    pub name: String,
    /// Codes of its villages.
    #[schema(max_items = 200)]
    pub villages: Vec<String>,
    /// First day.
    pub from: NaiveDate,
}

/// What may change on an area.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AreaChange {
    /// The revision that was seen.
    pub rev: i32,
    /// Name.
    #[schema(min_length = 1, max_length = 50)]
    pub name: Option<String>,
    /// All its villages from today on.
    #[schema(max_items = 200)]
    pub villages: Option<Vec<String>>,
    /// Last day.
    pub to: Option<NaiveDate>,
}

/// The divisions of village codes; each must be a village that exists.
pub async fn villages(scope: &Scope<Change>, field: &str, codes: &[String]) -> Outcome<Vec<division::Model>> {
    let mut found: Vec<division::Model> = Vec::with_capacity(codes.len());
    for (i, code) in codes.iter().enumerate() {
        let field = format!("{field}[{i}]");
        let village = scope.resolve(&field, code).await?;
        if village.level != Level::Village.number() {
            return Err(Problem::invalid(Field::new(
                field,
                "level",
                "请选择村（社区）一级。",
                "Choose a village or community.",
            )));
        }
        if !found.iter().any(|v| v.id == village.id) {
            found.push(village);
        }
    }
    Ok(found)
}

/// Refuses villages outside the township of a station.
pub fn inside(station: &station::Model, field: &str, villages: &[division::Model]) -> Outcome<()> {
    match villages.iter().find(|v| v.township_id != station.township_id) {
        None => Ok(()),
        Some(v) => Err(Problem::invalid(Field::new(
            field,
            "outside_township",
            format!("“{}”不在该社工站所在的乡镇（街道），请重新选择。", v.name),
            format!("{} is not in the township of the station; choose again.", v.name),
        ))),
    }
}

/// Makes an area.
pub async fn make(scope: &Scope<Change>, station: Id, new: NewArea, digest: &[u8]) -> Outcome<Written> {
    let mut faults = Faults::default();
    faults.name("name", &new.name);
    faults.items("villages", &new.villages, MOST);
    faults.planned("from", new.from, scope.today());
    faults.finish()?;
    let found = villages(scope, "villages", &new.villages).await?;
    scope
        .write_once(new.id, digest, move |tx| {
            Box::pin(async move {
                let station = tx.get::<station::Entity>(station).await?;
                put(tx, &station, &new, &found).await.map(|_| ())
            })
        })
        .await
}

/// Inserts a checked area with its villages.
pub async fn put(
    tx: &Writing<'_, Change>,
    station: &station::Model,
    new: &NewArea,
    villages: &[division::Model],
) -> Outcome<area::Model> {
    inside(station, "villages", villages)?;
    open(station)?;
    let row = tx
        .insert_part::<area::Entity, station::Entity>(
            station,
            area::ActiveModel {
                id: Set(new.id),
                name: Set(new.name.trim().to_owned()),
                from_on: Set(new.from),
                to_on: Set(None),
                county_id: Set(station.county_id),
                ..Default::default()
            },
        )
        .await?;
    // Asked after the insert, whose audit record makes writers of a county wait for each other.
    free(tx, station, Some(row.id), villages).await?;
    let ids: Vec<DivisionId> = villages.iter().map(|v| v.id).collect();
    store::put_villages(tx, &row, &ids, new.from).await?;
    Ok(row)
}

/// Refuses additions to a closed station.
pub fn open(station: &station::Model) -> Outcome<()> {
    if station.status == "closed" {
        return Err(Problem::refused(
            "network.closed",
            "该社工站已撤销，不能再添加内容。",
            "The station is closed; nothing can be added to it.",
        ));
    }
    Ok(())
}

async fn free(
    tx: &Writing<'_, Change>,
    station: &station::Model,
    own: Option<Id>,
    villages: &[division::Model],
) -> Outcome<()> {
    let taken = store::open_villages(tx, station.id).await?;
    let clash = villages.iter().find(|v| taken.iter().any(|t| t.village_id == v.id && Some(t.area_id) != own));
    match clash {
        None => Ok(()),
        Some(v) => Err(Problem::refused(
            "area.village_taken",
            format!("“{}”已属于本站另一个片区，请先从原片区移出。", v.name),
            format!("{} belongs to another area of this station; take it out there first.", v.name),
        )),
    }
}

/// Changes an area and tells its station.
pub async fn change(scope: &Scope<Change>, id: Id, change: AreaChange) -> Outcome<Id> {
    let today = scope.today();
    let mut faults = Faults::default();
    if let Some(name) = &change.name {
        faults.name("name", name);
    }
    faults.items("villages", change.villages.as_deref().unwrap_or_default(), MOST);
    if let Some(to) = change.to {
        faults.planned("to", to, today);
    }
    faults.finish()?;
    let found = match &change.villages {
        Some(codes) => Some(villages(scope, "villages", codes).await?),
        None => None,
    };
    scope.write(move |tx| Box::pin(async move { apply(tx, id, change, found, today).await })).await
}

async fn apply(
    tx: &Writing<'_, Change>,
    id: Id,
    change: AreaChange,
    villages: Option<Vec<division::Model>>,
    today: Day,
) -> Outcome<Id> {
    let before = store::any(tx, id).await?;
    let station = tx.get::<station::Entity>(before.station_id).await?;
    if before.rev != change.rev {
        return Err(Problem::Stale(before.rev));
    }
    if let Some(to) = change.to {
        let mut faults = Faults::default();
        faults.end("to", before.from_on, to, today);
        faults.finish()?;
    }
    let mut row = tx
        .update_part::<area::Entity>(&before, |r| {
            if let Some(name) = &change.name {
                r.name = Set(name.trim().to_owned());
            }
            if let Some(to) = change.to {
                r.to_on = Set(Some(to));
            }
        })
        .await?;
    if let Some(villages) = villages {
        inside(&station, "villages", &villages)?;
        row = swap(tx, &station, &row, &villages, today).await?;
    }
    if let Some(to) = change.to {
        for village in store::open_villages(tx, station.id).await?.iter().filter(|v| v.area_id == row.id) {
            store::end_village(tx, village, to).await?;
        }
    }
    Ok(station.id)
}

/// Records both sets, ends villages that left and adds those that came.
async fn swap(
    tx: &Writing<'_, Change>,
    station: &station::Model,
    row: &area::Model,
    villages: &[division::Model],
    today: Day,
) -> Outcome<area::Model> {
    let open: Vec<_> =
        store::open_villages(tx, row.station_id).await?.into_iter().filter(|v| v.area_id == row.id).collect();
    let gone: Vec<_> = open.iter().filter(|o| !villages.iter().any(|v| v.id == o.village_id)).collect();
    let came: Vec<DivisionId> =
        villages.iter().map(|v| v.id).filter(|id| !open.iter().any(|o| o.village_id == *id)).collect();
    if gone.is_empty() && came.is_empty() {
        return Ok(row.clone());
    }
    let labels = tx.scope().labels(open.iter().map(|o| o.village_id)).await?;
    let before: Vec<String> = open.iter().filter_map(|o| labels.get(&o.village_id)).map(|l| l.name.clone()).collect();
    let after: Vec<String> = villages.iter().map(|v| v.name.clone()).collect();
    let touched = tx.touch::<area::Entity>(row, vec![changed_villages(&before, &after)]).await?;
    free(tx, station, Some(row.id), villages).await?;
    // The new set holds from today, so what leaves it ended yesterday.
    let yesterday = day::add_days(today, -1);
    for village in gone {
        store::end_village(tx, village, yesterday).await?;
    }
    store::put_villages(tx, row, &came, row.from_on.max(today)).await?;
    Ok(touched)
}

/// The change of a set of villages, which stands in a table of its own, as the history tells it.
pub fn changed_villages(before: &[String], after: &[String]) -> Changed {
    let text = |names: &[String]| (!names.is_empty()).then(|| names.join("、"));
    Changed { field: "villages".to_owned(), before: text(before), after: text(after) }
}

/// Ends every open area of a station that closes.
pub async fn end_all(tx: &Writing<'_, Change>, station: &station::Model, on: Day) -> Outcome<()> {
    for area in tx.parts::<area::Entity, station::Entity>(station).all().await? {
        if area.to_on.is_none() {
            let last = on.max(area.from_on);
            tx.update_part::<area::Entity>(&area, |r| r.to_on = Set(Some(last))).await?;
        }
    }
    for village in store::open_villages(tx, station.id).await? {
        store::end_village(tx, &village, on).await?;
    }
    Ok(())
}
