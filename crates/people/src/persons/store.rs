//! Queries over persons: lists by index, search keys and residences. No rules.

use std::collections::HashMap;

use access::{Scope, Visible, Writing};
use kernel::{
    Day, Id, Outcome, Permit, Place, Sees, codes,
    document::{self, DocType, phone},
};
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, ExprTrait as _, Order, QueryFilter as _, Value,
    sea_query::{Expr, SimpleExpr},
};

use super::{
    keys,
    row::{person, residence},
};

/// What a list of persons is narrowed to.
#[derive(Debug, Default, Clone)]
pub struct Filter {
    /// Inside this place.
    pub place: Option<Place>,
    /// Any of these categories open.
    pub mask: Option<i64>,
    /// Any of these grades.
    pub grades: Vec<String>,
    /// Any of these ledger states.
    pub states: Vec<String>,
    /// This responsible worker.
    pub worker: Option<Id>,
}

/// Persons inside the reach, newest first.
pub fn listing<P>(scope: &Scope<P>, filter: &Filter, after: Option<Id>, rows: u64) -> Visible<'static, person::Entity>
where
    P: Permit + Sees<person::Entity>,
{
    let mut query = match filter.place {
        Some(place) => narrowed(scope, filter, Some(&place)),
        // Asked without a place the list shows who was handed over, as long as the trail lasts: nobody vanishes from sight.
        None => matching(scope.find_with_trail::<person::Entity>(None), filter),
    };
    if let Some(after) = after {
        query = query.filter(person::Column::Id.lt(after));
    }
    query.order(person::Column::Id, Order::Desc).limit(rows)
}

/// The whole rows of these persons, a page of them at the most, as far as they lie inside the reach.
pub async fn with_ids<P>(scope: &Scope<P>, ids: impl IntoIterator<Item = Id>) -> Outcome<HashMap<Id, person::Model>>
where
    P: Permit + Sees<person::Entity>,
{
    let ids: Vec<Id> = ids.into_iter().collect();
    let rows = scope.find::<person::Entity>().filter(person::Column::Id.is_in(ids)).all().await?;
    Ok(rows.into_iter().map(|person| (person.id, person)).collect())
}

pub(super) fn narrowed<P>(scope: &Scope<P>, filter: &Filter, place: Option<&Place>) -> Visible<'static, person::Entity>
where
    P: Permit + Sees<person::Entity>,
{
    let query = match place {
        Some(place) => scope.find_in::<person::Entity>(place),
        None => scope.find::<person::Entity>(),
    };
    matching(query, filter)
}

/// Narrows to what the filter asks for beside the place.
pub(super) fn matching(
    mut query: Visible<'static, person::Entity>,
    filter: &Filter,
) -> Visible<'static, person::Entity> {
    if let Some(mask) = filter.mask {
        query = query.filter(any_of(mask));
    }
    for (column, list, wanted) in [
        (person::Column::Grade, "grade", &filter.grades),
        (person::Column::LedgerState, "ledger_state", &filter.states),
    ] {
        query = match wanted.as_slice() {
            [] => query,
            [code] => query.filter(column.eq(code.as_str())),
            // As what it must not be: an index that leads through several codes loses the order of ids.
            codes => query.filter(column.is_not_in(all_but(list, codes))),
        };
    }
    if let Some(worker) = filter.worker {
        query = query.filter(person::Column::WorkerId.eq(worker));
    }
    query
}

/// Any category of this mask open.
pub fn any_of(mask: i64) -> SimpleExpr {
    Expr::col((person::Entity, person::Column::CatBits)).bit_and(mask).ne(0_i64)
}

/// Every code of a list, and none at all (the empty text), but these.
fn all_but(list: &str, wanted: &[String]) -> Vec<&'static str> {
    let all = codes::list(list).map_or(&[][..], |list| &list.items);
    let all = std::iter::once("").chain(all.iter().map(|item| item.code.as_str()));
    all.filter(|code| !wanted.iter().any(|w| w == code)).collect()
}

/// Other living persons with this number, wherever they are: (inside the reach of the caller, outside).
pub async fn number_twins<P>(
    tx: &Writing<'_, P>,
    me: Id,
    hash: &[u8],
) -> Outcome<(Vec<person::Model>, Vec<person::Model>)>
where
    P: Permit + Sees<person::Entity>,
{
    let same = Condition::all()
        .add(person::Column::IdHash.eq(hash.to_vec()))
        .add(person::Column::Id.ne(me))
        .add(person::Column::DiedOn.is_null());
    let inside = tx.find::<person::Entity>().filter(same.clone()).all().await?;
    let all = person::Entity::find().filter(same).all(tx.derived()).await?;
    let outside = all.into_iter().filter(|row| !inside.iter().any(|known| known.id == row.id)).collect();
    Ok((inside, outside))
}

/// Writes the search keys of a person anew, and looks for records that may be the same person.
pub async fn put_keys<P: Permit>(tx: &Writing<'_, P>, person: &person::Model) -> Outcome<()> {
    put_words(tx, person).await?;
    crate::duplicates::actions::refresh(tx, person).await
}

/// Writes the search keys of a person anew.
pub async fn put_words<P: Permit>(tx: &Writing<'_, P>, person: &person::Model) -> Outcome<()> {
    let scope = tx.scope();
    let former: Vec<String> = serde_json::from_str(&person.former_names).unwrap_or_default();
    let others = person.usual_name.as_deref().into_iter().chain(former.iter().map(String::as_str));
    let mut words = keys::name_words(&person.name, others);
    words.extend(person.birth_date.map(|birth| keys::birth_word(birth, &person.sex)));
    let mut last4 = Vec::new();
    // Nobody looks for the end of a temporary number.
    if let Some(number) = person.id_number.as_ref().filter(|_| person.doc_type != DocType::None.code()) {
        last4.push(document::last4(scope.open_for_use(number)?.expose()));
    }
    if let Some(phone) = &person.phone
        && let Ok(phone) = phone::parse(scope.open_for_use(phone)?.expose())
    {
        last4.push(phone.last4());
    }
    words.extend(
        last4.iter().map(|l| keys::last4_word(|purpose, text| scope.index(purpose, text), person.county_id, l)),
    );
    tx.execute("DELETE FROM person_key WHERE person_id = $1", vec![person.id.into()]).await?;
    let rows: Vec<String> = (1..=words.len()).map(|n| format!("($1, ${}, $2)", n + 2)).collect();
    let sql = format!("INSERT INTO person_key (county_id, word, person_id) VALUES {}", rows.join(", "));
    let mut values: Vec<Value> = vec![person.county_id.into(), person.id.into()];
    values.extend(words.into_iter().map(Value::from));
    tx.execute(&sql, values).await?;
    Ok(())
}

/// Notes that a person lives at this place from this day on; the residence before ends the same day.
pub async fn put_residence<P: Permit>(tx: &Writing<'_, P>, person: &person::Model, from: Day) -> Outcome<()> {
    let conn = tx.derived();
    residence::Entity::update_many()
        .col_expr(residence::Column::ToOn, Expr::value(from))
        .filter(residence::Column::PersonId.eq(person.id))
        .filter(residence::Column::ToOn.is_null())
        .exec(conn)
        .await?;
    // A second move on one day replaces the first.
    residence::Entity::delete_by_id((person.id, from)).exec(conn).await?;
    let row = residence::Model {
        person_id: person.id,
        from_on: from,
        to_on: None,
        village_id: person.village_id,
        township_id: person.township_id,
        county_id: person.county_id,
        city_id: person.city_id,
        province_id: person.province_id,
    };
    residence::Entity::insert(residence::ActiveModel::from(row)).exec_without_returning(conn).await?;
    Ok(())
}

/// First day of the residence of today.
pub async fn residence_from<P: Permit>(tx: &Writing<'_, P>, person: &person::Model) -> Outcome<Option<Day>> {
    let open = tx.parts::<residence::Entity, person::Entity>(person).filter(residence::Column::ToOn.is_null());
    Ok(open.one().await?.map(|row| row.from_on))
}

/// Day on which the residence before today's ended.
pub async fn residence_before<P: Permit>(tx: &Writing<'_, P>, person: &person::Model) -> Outcome<Option<Day>> {
    let rows = tx.parts::<residence::Entity, person::Entity>(person).filter(residence::Column::ToOn.is_not_null());
    Ok(rows.all().await?.into_iter().filter_map(|row| row.to_on).max())
}

/// Lets the residence of today begin on another day.
pub async fn restart_residence<P: Permit>(tx: &Writing<'_, P>, person: &person::Model, from: Day) -> Outcome<()> {
    residence::Entity::update_many()
        .col_expr(residence::Column::FromOn, Expr::value(from))
        .filter(residence::Column::PersonId.eq(person.id))
        .filter(residence::Column::ToOn.is_null())
        .exec(tx.derived())
        .await?;
    Ok(())
}
