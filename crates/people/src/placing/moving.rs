//! Moving one row of a queue to its village, from the day of the event on.

use access::{Writing, placement, placement::division};
use kernel::{Id, Outcome, Permit, Problem};
use places::{
    divisions::row::{queue, queue_item},
    points::row::point,
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, Value};

use super::Assign;
use crate::{
    categories, due,
    households::row::household,
    persons::{self, row::person, store},
    visits,
};

/// Moves what an item names and notes the choice.
pub async fn place(
    tx: &Writing<'_, Assign>,
    queue: &queue::Model,
    item: &queue_item::Model,
    to: &division::Model,
) -> Outcome<()> {
    match item.kind.as_str() {
        "person" => move_person(tx, queue, item.object_id, to).await?,
        "household" => move_household(tx, item.object_id, to).await?,
        "point" => move_point(tx, queue, item.object_id, to).await?,
        other => return Err(Problem::internal(format!("queue item of kind {other}"))),
    }
    note(tx, queue, &item.kind, item.object_id, to).await
}

/// Notes who placed a row where.
async fn note(tx: &Writing<'_, Assign>, queue: &queue::Model, kind: &str, id: Id, to: &division::Model) -> Outcome<()> {
    let text = "UPDATE division_queue_item SET to_id = $1, decided_by = $2, decided_at = $3 \
                WHERE queue_id = $4 AND kind = $5 AND object_id = $6";
    let scope = tx.scope();
    let values: Vec<Value> =
        vec![to.id.into(), scope.actor().into(), scope.now().into(), queue.id.into(), kind.into(), id.into()];
    tx.execute(text, values).await.map(|_| ())
}

async fn move_person(tx: &Writing<'_, Assign>, queue: &queue::Model, id: Id, to: &division::Model) -> Outcome<()> {
    let before = tx.get::<person::Entity>(id).await?;
    if before.village_id == to.id {
        return Ok(());
    }
    let path = to.place().path;
    let labels = placement::labels(tx.derived(), path).await?;
    let here = due::actions::codes_in(&labels, &path);
    let places: Vec<&str> = here.iter().map(String::as_str).collect();
    let target = categories::actions::is_target(before.cat_bits, &places, tx.scope().today());
    let registered_here = before.hukou_village_id == Some(before.village_id);
    let new_hukou = to.id;
    let after = persons::change(tx, &before, move |r| {
        let [province, city, county, township, village] = path;
        r.province_id = Set(province);
        r.city_id = Set(city);
        r.county_id = Set(county);
        r.township_id = Set(township);
        r.village_id = Set(village);
        r.is_target = Set(target);
        if registered_here {
            r.hukou_village_id = Set(Some(new_hukou));
        }
    })
    .await?;
    let since = store::residence_from(tx, &before).await?;
    let from = since.map_or(queue.effective_on, |since| Ord::max(since, queue.effective_on));
    store::put_residence(tx, &after, from).await?;
    visits::follow(tx, &after).await?;
    tasks_follow(tx, id, to).await?;
    due::actions::refresh(tx, &after).await?;
    let own = tx.find::<household::Entity>().filter(household::Column::HeadId.eq(id));
    for home in own.filter(household::Column::VillageId.eq(before.village_id)).all().await? {
        move_household(tx, home.id, to).await?;
        note(tx, queue, "household", home.id, to).await?;
    }
    Ok(())
}

async fn tasks_follow<P: Permit>(tx: &Writing<'_, P>, subject: Id, to: &division::Model) -> Outcome<()> {
    let text = "UPDATE task SET village_id = $1, township_id = $2, county_id = $3, city_id = $4, province_id = $5 \
                WHERE subject_id = $6 AND subject_kind IN ('person', 'household', 'point') AND village_id <> 0";
    let values: Vec<Value> = vec![
        to.id.into(),
        to.township_id.into(),
        to.county_id.into(),
        to.city_id.into(),
        to.province_id.into(),
        subject.into(),
    ];
    tx.execute(text, values).await.map(|_| ())
}

async fn move_household(tx: &Writing<'_, Assign>, id: Id, to: &division::Model) -> Outcome<()> {
    let before = tx.get::<household::Entity>(id).await?;
    let [province, city, county, township, village] = to.place().path;
    tx.update::<household::Entity>(&before, |r| {
        r.province_id = Set(province);
        r.city_id = Set(city);
        r.county_id = Set(county);
        r.township_id = Set(township);
        r.village_id = Set(village);
    })
    .await?;
    Ok(())
}

/// The seat of a point: from the day on it stands in the other village, and its figures of earlier days in the old one.
async fn move_point(tx: &Writing<'_, Assign>, queue: &queue::Model, id: Id, to: &division::Model) -> Outcome<()> {
    let before = tx.get::<point::Entity>(id).await?;
    if before.village_id == to.id {
        return Ok(());
    }
    let [province, city, county, township, village] = to.place().path;
    let after = tx
        .update::<point::Entity>(&before, |r| {
            r.province_id = Set(province);
            r.city_id = Set(city);
            r.county_id = Set(county);
            r.township_id = Set(township);
            r.village_id = Set(village);
        })
        .await?;
    let on = queue.effective_on;
    let text = "UPDATE network_status SET host_id = $1 WHERE owner_id = $2 AND on_day >= $3";
    tx.execute(text, vec![village.into(), id.into(), on.into()]).await?;
    // A suspension counts its days from its first: it gets no second row.
    let text = "INSERT INTO network_status (owner_id, on_day, serial, owner_kind, status, host_id, reason, actor_id, at, county_id) \
                SELECT h.owner_id, $3, 0, h.owner_kind, h.status, $1, $4, $5, $6, h.county_id FROM network_status h \
                WHERE h.owner_id = $2 AND h.on_day < $3 AND h.status <> 'suspended' \
                AND NOT EXISTS (SELECT 1 FROM network_status n WHERE n.owner_id = $2 AND n.on_day = $3) \
                ORDER BY h.on_day DESC, h.serial DESC LIMIT 1";
    let scope = tx.scope();
    let values: Vec<Value> =
        vec![village.into(), id.into(), on.into(), "区划变更".into(), scope.actor().into(), scope.now().into()];
    tx.execute(text, values).await?;
    let text = "INSERT INTO point_village (point_id, village_id, from_on, to_on, township_id, county_id, city_id, province_id) \
                SELECT p.id, p.village_id, $2, NULL, p.township_id, p.county_id, p.city_id, p.province_id FROM point p \
                WHERE p.id = $1 AND NOT EXISTS (SELECT 1 FROM point_village v WHERE v.point_id = p.id \
                AND v.village_id = p.village_id AND (v.to_on IS NULL OR v.to_on >= $2))";
    tx.execute(text, vec![after.id.into(), on.into()]).await?;
    tasks_follow(tx, id, to).await
}
