//! Queries over pairs, and the candidates of one record by index.

use access::{Scope, Visible, Writing};
use kernel::{
    Id, Outcome, Permit, Place, Sees,
    document::{DocType, phone},
};
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, ExprTrait as _, Order, QueryFilter as _, QuerySelect as _,
};

use super::{model::Traits, row::person_twin};
use crate::persons::{
    keys,
    row::{person, person_key},
};

/// Most candidates looked at under one word.
const MOST: u64 = 200;

/// Pairs in a state inside the reach (and the place), newest first.
pub fn listing<P>(
    scope: &Scope<P>,
    place: Option<&Place>,
    state: &str,
    after: Option<Id>,
    rows: u64,
) -> Visible<'static, person_twin::Entity>
where
    P: Permit + Sees<person_twin::Entity>,
{
    let query = match place {
        Some(place) => scope.find_in::<person_twin::Entity>(place),
        None => scope.find::<person_twin::Entity>(),
    };
    let query =
        query.filter(person_twin::Column::State.eq(state)).order(person_twin::Column::Id, Order::Desc).limit(rows);
    match after {
        Some(after) => query.filter(person_twin::Column::Id.lt(after)),
        None => query,
    }
}

/// What is compared of a record.
pub fn traits<P: Permit>(scope: &Scope<P>, person: &person::Model) -> Outcome<Traits> {
    let former: Vec<String> = serde_json::from_str(&person.former_names).unwrap_or_default();
    let names = std::iter::once(person.name.as_str())
        .chain(person.usual_name.as_deref())
        .chain(former.iter().map(String::as_str));
    let number = match (&person.id_number, DocType::from_code(&person.doc_type)) {
        (Some(sealed), Some(kind)) if kind != DocType::None => {
            Some((kind, scope.open_for_use(sealed)?.expose().to_owned()))
        }
        _ => None,
    };
    Ok(Traits {
        birth: person.birth_date,
        sex: person.sex.clone(),
        village: person.village_id,
        township: person.township_id,
        phone: person.phone_hash.clone(),
        number,
        ..Traits::named(names)
    })
}

/// Words under which a record that may be the same can be found: (inside the township, inside the county).
pub fn words<P: Permit>(scope: &Scope<P>, person: &person::Model) -> Outcome<(Vec<String>, Vec<String>)> {
    let heard = keys::name_words(&person.name, []).into_iter().filter(|w| w.starts_with("q:")).collect();
    let mut wide = Vec::new();
    if let Some(birth) = person.birth_date {
        wide.extend(["0", "1", "2", "9"].map(|sex| keys::birth_word(birth, sex)));
    }
    if let Some(sealed) = &person.phone
        && let Ok(phone) = phone::parse(scope.open_for_use(sealed)?.expose())
    {
        wide.push(keys::last4_word(|purpose, text| scope.index(purpose, text), person.county_id, &phone.last4()));
    }
    Ok((heard, wide))
}

/// Other records of the county that may be the same person, wherever in the county they lie: by number, by sound in the
/// township, by birth date, by telephone.
pub async fn candidates_in<P: Permit>(tx: &Writing<'_, P>, person: &person::Model) -> Outcome<Vec<person::Model>> {
    let (heard, wide) = words(tx.scope(), person)?;
    let mut found: Vec<person::Model> = Vec::new();
    let county = person::Column::CountyId.eq(person.county_id);
    let mut queries = Vec::new();
    if let Some(hash) = person.id_hash.clone().filter(|_| person.doc_type != DocType::None.code()) {
        queries.push(Condition::all().add(person::Column::IdHash.eq(hash)).add(county.clone()));
    }
    if !heard.is_empty() {
        queries.push(
            Condition::all()
                .add(under(person.county_id, &heard))
                .add(person::Column::TownshipId.eq(person.township_id)),
        );
    }
    if !wide.is_empty() {
        queries.push(Condition::all().add(under(person.county_id, &wide)).add(county));
    }
    for condition in queries {
        let rows = person::Entity::find().filter(condition).limit(MOST).all(tx.derived()).await?;
        found.extend(rows.into_iter().filter(|row| row.id != person.id));
    }
    found.sort_by_key(|row| row.id);
    found.dedup_by_key(|row| row.id);
    Ok(found)
}

/// The record has one of these words in its county.
pub fn under(county: i32, words: &[String]) -> sea_orm::sea_query::SimpleExpr {
    use sea_orm::sea_query::{Expr, SelectStatement};
    let mut keys = SelectStatement::new();
    keys.column(person_key::Column::PersonId)
        .from(person_key::Entity)
        .and_where(Expr::col(person_key::Column::CountyId).eq(county))
        .and_where(Expr::col(person_key::Column::Word).is_in(words.iter().map(String::as_str)));
    Expr::col((person::Entity, person::Column::Id)).in_subquery(keys)
}

/// All pairs of a record, in whatever state.
pub async fn pairs_in<P: Permit>(tx: &Writing<'_, P>, person: Id) -> Outcome<Vec<person_twin::Model>> {
    let mut rows = Vec::new();
    for column in [person_twin::Column::FirstId, person_twin::Column::SecondId] {
        rows.extend(person_twin::Entity::find().filter(column.eq(person)).all(tx.derived()).await?);
    }
    Ok(rows)
}

/// The two records of a pair, as the caller may see them.
pub async fn both<P>(scope: &Scope<P>, pairs: &[person_twin::Model]) -> Outcome<Vec<person::Model>>
where
    P: Permit + Sees<person::Entity>,
{
    let mut ids: Vec<Id> = pairs.iter().flat_map(|pair| [pair.first_id, pair.second_id]).collect();
    ids.sort_unstable();
    ids.dedup();
    scope.find::<person::Entity>().filter(person::Column::Id.is_in(ids)).all().await
}
