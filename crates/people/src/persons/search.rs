//! Searching persons by name, sound, initials, number, telephone or last four (检索).

use std::collections::BTreeSet;

use access::{Scope, Visible, placement::division, reach::Reach};
use kernel::{
    Day, Level, Outcome, Permit, Place, Sees,
    document::{self, phone},
    name::Query,
};
use sea_orm::{
    ColumnTrait as _, Condition, ExprTrait as _,
    sea_query::{Expr, SelectStatement, SimpleExpr},
};

use super::{
    keys,
    row::{PersonLine, person, person_key},
    store::{self, Filter, narrowed},
};

/// Most persons handed over among whom last four are looked for.
const AWAY: u64 = 200;

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
pub async fn search<P>(scope: &Scope<P>, filter: &Filter, query: &Query, limit: u64) -> Outcome<Vec<(PersonLine, By)>>
where
    P: Permit + Sees<person::Entity>,
{
    let mut found = Found { limit: usize::try_from(limit).unwrap_or(usize::MAX), rows: Vec::new() };
    match query {
        Query::Document(_, normal) => {
            let hash = scope.index("number", normal);
            let query = match filter.place {
                // Who was handed over is found without a place only: a place means who lives there.
                Some(place) => narrowed(scope, filter, Some(&place)),
                None => store::matching(scope.find_with_trail::<person::Entity>(None), filter),
            };
            let query = query.filter(person::Column::IdHash.eq(hash));
            found.add(By::IdNumber, query.limit(limit).lines(PersonLine::columns(), PersonLine::newest_first).await?);
        }
        Query::Phone(normal) => {
            let hash = scope.index("phone", normal);
            let last4 = phone::parse(normal).map(|p| p.last4()).unwrap_or_default();
            for query in by_last4(scope, filter, &last4).await? {
                let query = query.filter(person::Column::PhoneHash.eq(hash.clone()));
                found.add(
                    By::Phone,
                    query.limit(found.room()).lines(PersonLine::columns(), PersonLine::newest_first).await?,
                );
            }
        }
        Query::Last4(last4) => {
            for query in by_last4(scope, filter, last4).await? {
                for row in query.limit(found.room()).lines(PersonLine::columns(), PersonLine::newest_first).await? {
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
                    found.add(
                        step.by,
                        query
                            .limit(limit + found.rows.len() as u64)
                            .lines(PersonLine::columns(), PersonLine::newest_first)
                            .await?,
                    );
                }
                if found.room() > 0 && filter.place.is_none() {
                    let query = handed_over(scope, filter, &step).limit(limit + found.rows.len() as u64);
                    found.add(step.by, query.lines(PersonLine::columns(), PersonLine::newest_first).await?);
                }
            }
        }
    }
    Ok(found.rows)
}

struct Found {
    limit: usize,
    rows: Vec<(PersonLine, By)>,
}

impl Found {
    fn room(&self) -> u64 {
        self.limit.saturating_sub(self.rows.len()) as u64
    }

    fn add(&mut self, by: By, mut more: Vec<PersonLine>) {
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

/// Persons handed over whom the caller may still read, by a word; led by the shares, which are few.
fn handed_over<P>(scope: &Scope<P>, filter: &Filter, step: &Step) -> Visible<'static, person::Entity>
where
    P: Permit + Sees<person::Entity>,
{
    store::matching(scope.find_trail::<person::Entity>(None), filter).filter(is_known_by(word_of(step)))
}

/// The person has a word for which this holds, asked from the side of the person.
fn is_known_by(word: Condition) -> SimpleExpr {
    let key = |column| Expr::col((person_key::Entity, column));
    let mut keys = SelectStatement::new();
    keys.expr(Expr::val(1))
        .from(person_key::Entity)
        .and_where(key(person_key::Column::PersonId).equals((person::Entity, person::Column::Id)))
        .cond_where(word);
    Expr::exists(keys)
}

/// The plan of the same, for plan tests.
pub fn handed_over_statements<P>(scope: &Scope<P>, filter: &Filter, query: &Query) -> Vec<sea_orm::Statement>
where
    P: Permit + Sees<person::Entity>,
{
    steps(query).iter().flat_map(|step| handed_over(scope, filter, step).limit(20).statements()).collect()
}

/// The person has this word in the county (or one of the counties) of the place.
fn has_word(place: &Place, step: &Step) -> SimpleExpr {
    with_keys(county_of_key(place), word_of(step))
}

fn word_of(step: &Step) -> Condition {
    let word = Expr::col((person_key::Entity, person_key::Column::Word));
    if step.whole {
        Condition::all().add(word.eq(step.word.as_str()))
    } else {
        let end = format!("{}\u{10FFFF}", step.word);
        Condition::all().add(word.clone().gte(step.word.as_str())).add(word.lt(end))
    }
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
    if filter.place.is_none() {
        queries.extend(handed_over_by_last4(scope, filter, last4).await?);
    }
    Ok(queries)
}

/// The same among persons handed over whom the caller may still read: one query per county they live in now.
async fn handed_over_by_last4<P>(
    scope: &Scope<P>,
    filter: &Filter,
    last4: &str,
) -> Outcome<Vec<Visible<'static, person::Entity>>>
where
    P: Permit + Sees<person::Entity>,
{
    let trail = || store::matching(scope.find_trail::<person::Entity>(None), filter);
    let away = trail().limit(AWAY).lines(PersonLine::columns(), PersonLine::newest_first).await?;
    let counties: BTreeSet<i32> = away.iter().map(|person| person.county_id).collect();
    let query = |county| {
        let word = keys::last4_word(|purpose, text| scope.index(purpose, text), county, last4);
        trail().filter(is_known_by(
            Condition::all().add(Expr::col((person_key::Entity, person_key::Column::Word)).eq(word)),
        ))
    };
    Ok(counties.into_iter().map(query).collect())
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
fn last4_of<P: Permit>(scope: &Scope<P>, row: &PersonLine, last4: &str) -> Outcome<By> {
    let number = row.id_number.as_ref().map(|sealed| scope.open_for_use(sealed)).transpose()?;
    let by_number = number.is_some_and(|n| document::last4(n.expose()) == last4);
    Ok(if by_number { By::IdLast4 } else { By::PhoneLast4 })
}

/// Persons inside the reach with this number.
pub async fn with_number<P>(scope: &Scope<P>, normal: &str, limit: u64) -> Outcome<Vec<person::Model>>
where
    P: Permit + Sees<person::Entity>,
{
    scope
        .find::<person::Entity>()
        .filter(person::Column::IdHash.eq(scope.index("number", normal)))
        .limit(limit)
        .all()
        .await
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
pub async fn with_name_in_village<P>(
    scope: &Scope<P>,
    name: &str,
    village: &Place,
    limit: u64,
) -> Outcome<Vec<person::Model>>
where
    P: Permit + Sees<person::Entity>,
{
    let words: Vec<String> =
        keys::name_words(name, []).into_iter().filter(|w| w.starts_with("n:") || w.starts_with("p:")).collect();
    scope.find_in::<person::Entity>(village).filter(has_any_word(village, &words)).limit(limit).all().await
}

/// Persons of a place (a county or below) who have one of these words, at most two hundred.
pub async fn with_words<P>(scope: &Scope<P>, place: &Place, words: &[String]) -> Outcome<Vec<person::Model>>
where
    P: Permit + Sees<person::Entity>,
{
    if words.is_empty() {
        return Ok(Vec::new());
    }
    scope.find_in::<person::Entity>(place).filter(has_any_word(place, words)).limit(200).all().await
}
