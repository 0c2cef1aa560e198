//! Queries over persons: lists by index, search by key, search keys and residences. No rules.

use access::{Scope, Visible, Writing, placement::division, reach::Reach};
use kernel::{
    Day, Id, Level, Outcome, Permit, Place, Sees, codes,
    document::{self, phone},
    name::Query,
};
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, ExprTrait as _, Order, QueryFilter as _, Value,
    sea_query::{Expr, SelectStatement, SimpleExpr},
};

use super::{
    keys,
    row::{person, person_key, residence},
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

/// How a person was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// By name.
    Name,
    /// By pinyin.
    Pinyin,
    /// By initials.
    Initials,
    /// By document number.
    IdNumber,
    /// By telephone number.
    Phone,
    /// By the last four of the document number.
    IdLast4,
    /// By the last four of the telephone number.
    PhoneLast4,
}

/// Persons inside the reach, newest first.
pub fn listing<P>(scope: &Scope<P>, filter: &Filter, after: Option<Id>, rows: u64) -> Visible<'static, person::Entity>
where
    P: Permit + Sees<person::Entity>,
{
    let mut query = narrowed(scope, filter, filter.place.as_ref());
    if let Some(after) = after {
        query = query.filter(person::Column::Id.lt(after));
    }
    query.order(person::Column::Id, Order::Desc).limit(rows)
}

fn narrowed<P>(scope: &Scope<P>, filter: &Filter, place: Option<&Place>) -> Visible<'static, person::Entity>
where
    P: Permit + Sees<person::Entity>,
{
    let mut query = match place {
        Some(place) => scope.find_in::<person::Entity>(place),
        None => scope.find::<person::Entity>(),
    };
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

/// One step of a search: a word, whole or as a beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    by: By,
    word: String,
    whole: bool,
}

/// The steps of a search by name or letters: whole words first.
pub fn steps(query: &Query) -> Vec<Step> {
    let kinds: Vec<(By, String)> = match query {
        Query::Name(key) => vec![(By::Name, format!("n:{key}"))],
        Query::Letters(letters) => vec![(By::Pinyin, format!("p:{letters}")), (By::Initials, format!("i:{letters}"))],
        _ => Vec::new(),
    };
    let step = |whole: bool| kinds.iter().map(move |(by, word)| Step { by: *by, word: word.clone(), whole });
    step(true).chain(step(false)).collect()
}

/// Persons found by what was typed, at most `limit`, whole words before beginnings.
///
/// Each query drives from the word range of `person_key` and looks persons up by (place, id).
pub async fn search<P>(scope: &Scope<P>, filter: &Filter, query: &Query, limit: u64) -> Outcome<Vec<(person::Model, By)>>
where
    P: Permit + Sees<person::Entity>,
{
    let mut found = Found { limit: usize::try_from(limit).unwrap_or(usize::MAX), rows: Vec::new() };
    match query {
        Query::Document(_, normal) => {
            let hash = scope.index("number", normal);
            let query = narrowed(scope, filter, filter.place.as_ref()).filter(person::Column::IdHash.eq(hash));
            found.add(By::IdNumber, query.limit(limit).all().await?);
        }
        Query::Phone(normal) => {
            let hash = scope.index("phone", normal);
            let last4 = phone::parse(normal).map(|p| p.last4()).unwrap_or_default();
            for query in by_last4(scope, filter, &last4).await? {
                let query = query.filter(person::Column::PhoneHash.eq(hash.clone()));
                found.add(By::Phone, query.limit(found.room()).all().await?);
            }
        }
        Query::Last4(last4) => {
            for query in by_last4(scope, filter, last4).await? {
                for row in query.limit(found.room()).all().await? {
                    let by = last4_of(scope, &row, last4)?;
                    found.add(by, vec![row]);
                }
            }
        }
        other => {
            for step in steps(other) {
                for place in places(scope, filter) {
                    if found.room() == 0 {
                        return Ok(found.rows);
                    }
                    let query = narrowed(scope, filter, Some(&place)).filter(has_word(&place, &step));
                    // As many rows more as may have been found by an earlier step already.
                    found.add(step.by, query.limit(limit + found.rows.len() as u64).all().await?);
                }
            }
        }
    }
    Ok(found.rows)
}

struct Found {
    limit: usize,
    rows: Vec<(person::Model, By)>,
}

impl Found {
    fn room(&self) -> u64 {
        self.limit.saturating_sub(self.rows.len()) as u64
    }

    fn add(&mut self, by: By, mut more: Vec<person::Model>) {
        more.sort_by(|a, b| (&a.name_pinyin, &a.name, a.id).cmp(&(&b.name_pinyin, &b.name, b.id)));
        for row in more {
            if self.rows.len() < self.limit && !self.rows.iter().any(|(known, _)| known.id == row.id) {
                self.rows.push((row, by));
            }
        }
    }
}

/// The places a search looks in: the parts of the reach, or what of them lies in the place asked for.
fn places<P: Permit>(scope: &Scope<P>, filter: &Filter) -> Vec<Place> {
    let part = |reach: &Reach| match filter.place {
        Some(place) => reach.within(&place),
        None => Some(*reach),
    };
    let whole = |reach| match reach {
        Reach::Inside(place) | Reach::Own(place, _) => Some(place),
        // Only jobs reach everything, and they do not search.
        Reach::All => None,
    };
    let mut places: Vec<Place> = scope.reaches().iter().filter_map(part).filter_map(whole).collect();
    places.dedup();
    places
}

/// The statements of a search by name or letters, for plan tests.
pub fn search_statements<P>(scope: &Scope<P>, filter: &Filter, query: &Query, limit: u64) -> Vec<sea_orm::Statement>
where
    P: Permit + Sees<person::Entity>,
{
    let mut all = Vec::new();
    for step in steps(query) {
        for place in places(scope, filter) {
            all.extend(narrowed(scope, filter, Some(&place)).filter(has_word(&place, &step)).limit(limit).statements());
        }
    }
    all
}

/// The person has this word in the county (or one of the counties) of the place.
fn has_word(place: &Place, step: &Step) -> SimpleExpr {
    let word = Expr::col(person_key::Column::Word);
    let words = if step.whole {
        Condition::all().add(word.eq(step.word.as_str()))
    } else {
        let end = format!("{}\u{10FFFF}", step.word);
        Condition::all().add(word.clone().gte(step.word.as_str())).add(word.lt(end))
    };
    with_keys(county_of_key(place), words)
}

/// The person has one of these words in the county of the place.
fn has_any_word(place: &Place, words: &[String]) -> SimpleExpr {
    let words = Condition::all().add(Expr::col(person_key::Column::Word).is_in(words.iter().map(String::as_str)));
    with_keys(county_of_key(place), words)
}

fn with_keys(county: SimpleExpr, words: Condition) -> SimpleExpr {
    let mut keys = SelectStatement::new();
    keys.column(person_key::Column::PersonId).from(person_key::Entity).and_where(county).cond_where(words);
    Expr::col((person::Entity, person::Column::Id)).in_subquery(keys)
}

fn county_of_key(place: &Place) -> SimpleExpr {
    let county = Expr::col(person_key::Column::CountyId);
    let above = match place.level {
        Level::Province => division::Column::ProvinceId,
        Level::City => division::Column::CityId,
        _ => return county.eq(place.at(Level::County)),
    };
    // Each township names its county, also where a city stands for it.
    let mut counties = SelectStatement::new();
    counties
        .column(division::Column::CountyId)
        .from(division::Entity)
        .and_where(Expr::col(above).eq(place.id))
        .and_where(Expr::col(division::Column::Level).eq(Level::Township.number()));
    county.in_subquery(counties)
}

/// One query per county: the word holds a hash over the county.
async fn by_last4<P>(scope: &Scope<P>, filter: &Filter, last4: &str) -> Outcome<Vec<Visible<'static, person::Entity>>>
where
    P: Permit + Sees<person::Entity>,
{
    let mut queries = Vec::new();
    for place in places(scope, filter) {
        for county in counties(scope, &place).await? {
            let word = keys::last4_word(|purpose, text| scope.index(purpose, text), county, last4);
            let in_county = Expr::col(person_key::Column::CountyId).eq(county);
            let words = Condition::all().add(Expr::col(person_key::Column::Word).eq(word));
            queries.push(narrowed(scope, filter, Some(&place)).filter(with_keys(in_county, words)));
        }
    }
    Ok(queries)
}

/// The ids of the counties of a place.
async fn counties<P: Permit>(scope: &Scope<P>, place: &Place) -> Outcome<Vec<i32>> {
    if place.level >= Level::County {
        return Ok(vec![place.at(Level::County)]);
    }
    let report = scope.report(place)?;
    let sql = format!("SELECT DISTINCT county_id FROM division WHERE {} = $1 AND level = 4", report.column());
    let rows = report.query(&sql, vec![place.id.into()]).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index::<i32>(0)?)).collect()
}

/// Whether the last four are those of the document or of the telephone.
fn last4_of<P: Permit>(scope: &Scope<P>, row: &person::Model, last4: &str) -> Outcome<By> {
    let number = row.id_number.as_ref().map(|sealed| scope.open_for_use(sealed)).transpose()?;
    let by_number = number.is_some_and(|n| document::last4(n.expose()) == last4);
    Ok(if by_number { By::IdLast4 } else { By::PhoneLast4 })
}

/// Persons inside the reach with this number.
pub async fn with_number<P>(scope: &Scope<P>, normal: &str, limit: u64) -> Outcome<Vec<person::Model>>
where
    P: Permit + Sees<person::Entity>,
{
    scope.find::<person::Entity>().filter(person::Column::IdHash.eq(scope.index("number", normal))).limit(limit).all().await
}

/// Persons inside the reach whose name is the same and who were born on this day.
pub async fn with_name_and_birth<P>(scope: &Scope<P>, name: &str, birth: Day, limit: u64) -> Outcome<Vec<person::Model>>
where
    P: Permit + Sees<person::Entity>,
{
    let word = vec![format!("n:{}", kernel::name::name_key(name))];
    let mut rows = Vec::new();
    for place in places(scope, &Filter::default()) {
        let query = scope.find_in::<person::Entity>(&place).filter(has_any_word(&place, &word));
        rows.extend(query.filter(person::Column::BirthDate.eq(birth)).limit(limit).all().await?);
    }
    Ok(rows)
}

/// Persons of a village whose name is or sounds the same.
pub async fn with_name_in_village<P>(scope: &Scope<P>, name: &str, village: &Place, limit: u64) -> Outcome<Vec<person::Model>>
where
    P: Permit + Sees<person::Entity>,
{
    let words: Vec<String> =
        keys::name_words(name, []).into_iter().filter(|w| w.starts_with("n:") || w.starts_with("p:")).collect();
    scope.find_in::<person::Entity>(village).filter(has_any_word(village, &words)).limit(limit).all().await
}

/// Other living persons with this number, wherever they are: (inside the reach of the caller, outside).
pub async fn number_twins<P>(tx: &Writing<'_, P>, me: Id, hash: &[u8]) -> Outcome<(Vec<person::Model>, Vec<person::Model>)>
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

/// Writes the search keys of a person anew.
pub async fn put_keys<P: Permit>(tx: &Writing<'_, P>, person: &person::Model) -> Outcome<()> {
    let scope = tx.scope();
    let former: Vec<String> = serde_json::from_str(&person.former_names).unwrap_or_default();
    let others = person.usual_name.as_deref().into_iter().chain(former.iter().map(String::as_str));
    let mut words = keys::name_words(&person.name, others);
    let mut last4 = Vec::new();
    if let Some(number) = &person.id_number {
        last4.push(document::last4(scope.open_for_use(number)?.expose()));
    }
    if let Some(phone) = &person.phone
        && let Ok(phone) = phone::parse(scope.open_for_use(phone)?.expose())
    {
        last4.push(phone.last4());
    }
    words.extend(last4.iter().map(|l| keys::last4_word(|purpose, text| scope.index(purpose, text), person.county_id, l)));
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
