//! Services counted again after an event: 人数 cannot be added up when places change what lies in them, see [`recount`].

use std::collections::BTreeSet;

use access::{Level, Outcome, Writing};
use kernel::place::DivisionId;
use sea_orm::Value;

use super::{
    ChangeDivisions,
    plan::{Change, Under},
    recount,
    row::division,
    shift::path_below,
};

/// Counts the services of every place an event changed; the tree stands as it is after the event.
pub async fn counted_again(
    tx: &Writing<'_, ChangeDivisions>,
    change: &Change,
    fresh: &[division::Model],
) -> Outcome<()> {
    let low = |d: &&division::Model| d.level >= Level::Township.number();
    let mut ids: BTreeSet<DivisionId> =
        change.closed.iter().chain([&change.stays]).chain(fresh).filter(low).map(|d| d.id).collect();
    let (mut above, mut provinces): (BTreeSet<DivisionId>, BTreeSet<DivisionId>) = Default::default();
    for (division, under) in &change.moved {
        let parent = match under {
            Under::Known(parent) => Some(&**parent),
            Under::Fresh(at) => fresh.get(*at),
        };
        let Some(parent) = parent else { continue };
        let (old, new) = (division.place().path, path_below(division.id, division.level, parent));
        let [province, city, county, township, _] = old;
        let [new_province, new_city, new_county, new_township, _] = new;
        if division.level == Level::Village.number() {
            ids.extend([township, new_township]);
        }
        if [county, city, province] != [new_county, new_city, new_province] {
            // Cities and provinces keep what is counted twice below them, under the negative id.
            above.extend([county, new_county, -city, -new_city, -province, -new_province]);
            provinces.extend([province, new_province]);
        }
    }
    ids.remove(&0);
    recount::places(tx, &ids.into_iter().collect::<Vec<_>>()).await?;
    recount_above(tx, &above, &provinces).await
}

/// Counts counties, cities and provinces again, from all visits of the provinces concerned.
async fn recount_above(
    tx: &Writing<'_, ChangeDivisions>,
    above: &BTreeSet<DivisionId>,
    provinces: &BTreeSet<DivisionId>,
) -> Outcome<()> {
    if above.is_empty() {
        return Ok(());
    }
    let list = |ids: &BTreeSet<DivisionId>| ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    tx.execute(&format!("DELETE FROM service_counter WHERE at_id IN ({})", list(above)), Vec::<Value>::new()).await?;
    let sql = format!(
        "INSERT INTO service_counter (at_id, span, kind, acts, people, minutes) {} \
         SELECT at_id, span, kind, CAST(acts AS bigint), CAST(people AS bigint), CAST(minutes AS bigint) \
         FROM expected WHERE at_id IN ({})",
        recount::expected(&format!("d.province_id IN ({})", list(provinces))),
        list(above)
    );
    tx.execute(&sql, Vec::<Value>::new()).await.map(|_| ())
}
