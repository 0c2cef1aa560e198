//! A record that is not there: the row of a person who was merged or removed, emptied of what lists and figures read.
//!
//! It lies in no place (all its place columns are 0), names no worker, is nobody's target and is never due. So no reach covers
//! it, and no list, search, counter or coverage finds it, whoever wrote the query. Facts hang on as they did.

use access::Writing;
use access::cells::Cell;
use kernel::{Id, Outcome, Permit};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, EntityTrait, IdenStatic as _, Iterable as _, ModelTrait as _};

use super::carry::{Changed, Pen};
use crate::{
    figures,
    persons::row::{NEVER_BEFORE, NEVER_DUE, person},
    screening,
};

/// Empties the row; gives it as it is now.
pub async fn empty<P: Permit>(
    pen: &mut Pen<'_, '_, P>,
    before: &person::Model,
    merged_into: Option<Id>,
) -> Outcome<person::Model> {
    let after = pen
        .tx
        .update_part::<person::Entity>(before, |r| {
            r.province_id = Set(0);
            r.city_id = Set(0);
            r.county_id = Set(0);
            r.township_id = Set(0);
            r.village_id = Set(0);
            r.worker_id = Set(None);
            r.id_hash = Set(None);
            r.phone_hash = Set(None);
            r.cat_bits = Set(0);
            r.is_target = Set(false);
            r.ledger_state = Set("dismissed".to_owned());
            r.grade = Set(String::new());
            r.last_visit_on = Set(NEVER_BEFORE);
            r.last_served_on = Set(NEVER_BEFORE);
            r.next_due_on = Set(NEVER_DUE);
            r.failed_in_row = Set(0);
            r.next_check_on = Set(NEVER_DUE);
            r.red_open = Set(0);
            r.merged_into = Set(merged_into);
        })
        .await?;
    note(pen, before, &after).await?;
    figures::moved(pen.tx, Some(before), &after).await?;
    pen.tx.execute("DELETE FROM person_key WHERE person_id = $1", vec![before.id.into()]).await?;
    screening::store::forget(pen.tx, before.id).await?;
    Ok(after)
}

/// Writes down what changed on a person row.
pub async fn note<P: Permit>(pen: &mut Pen<'_, '_, P>, before: &person::Model, after: &person::Model) -> Outcome<()> {
    let mut cells: Vec<Changed> = Vec::new();
    for column in <person::Entity as EntityTrait>::Column::iter() {
        if matches!(column, person::Column::Rev | person::Column::AuditNo) {
            continue;
        }
        let (old, new) = (Cell::of(before.get(column))?, Cell::of(after.get(column))?);
        if old != new {
            cells.push((column.as_str().to_owned(), old, new));
        }
    }
    if cells.is_empty() {
        return Ok(());
    }
    pen.note("person", &vec![("id".to_owned(), before.id.into())], &cells).await
}

/// Puts the cells of a person row back that nobody changed since, `path` as its place when it lay in none.
pub async fn put_back<P: Permit>(
    tx: &Writing<'_, P>,
    cells: &[Changed],
    now: &person::Model,
    path: Option<[i32; 5]>,
) -> Outcome<person::Model> {
    let mut set = Vec::new();
    for (name, before, after) in cells {
        let column = person::Column::iter().find(|c| c.as_str() == name);
        if let Some(column) = column
            && Cell::of(now.get(column))? == *after
        {
            set.push((column, before.value()));
        }
    }
    tx.update_part::<person::Entity>(now, |row| {
        for (column, value) in set {
            row.set(column, value);
        }
        if let Some([province, city, county, township, village]) = path {
            row.province_id = Set(province);
            row.city_id = Set(city);
            row.county_id = Set(county);
            row.township_id = Set(township);
            row.village_id = Set(village);
        }
    })
    .await
}
