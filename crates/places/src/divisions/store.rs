//! Walking the tree: children, descendants of a level, counts for denominators.

use access::{Day, Level, Outcome, Place, Problem, Scope, Visible};
use kernel::place::DivisionId;
use sea_orm::{ColumnTrait as _, Condition, Order, Value};

use super::{Past, SeesTree, history, row::division};

/// Which of the two lists a count or a list goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum List {
    /// Units that may stand in a denominator: the civil list; statistical townships where the civil list names none;
    /// farms and zones where their kind is asked for.
    #[default]
    Counted,
    /// Units of the civil-affairs list.
    Civil,
    /// Units of the statistical list.
    Stat,
    /// Units of either list.
    All,
}

/// Which divisions of a level are wanted.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// Level.
    pub level: Level,
    /// Kinds; empty means every kind.
    pub kinds: &'a [String],
    /// List.
    pub list: List,
    /// Existing on this day.
    pub on: Day,
}

impl Wanted<'_> {
    /// The condition without the place.
    fn condition(&self) -> Condition {
        let mut all = Condition::all().add(division::Column::Level.eq(self.level.number())).add(open_on(self.on));
        all = if self.kinds.is_empty() {
            all.add(division::Column::Kind.ne("filler"))
        } else {
            all.add(division::Column::Kind.is_in(self.kinds.to_vec()))
        };
        match self.list {
            List::Counted => all.add(division::Column::Counted.eq(true)),
            List::Civil => all.add(division::Column::CodeCivil.is_not_null()),
            List::Stat => all.add(division::Column::CodeStat.is_not_null()),
            List::All => all,
        }
    }

    fn fits(&self, row: &division::Model) -> bool {
        let listed = match self.list {
            List::Counted => row.counted,
            List::Civil => row.code_civil.is_some(),
            List::Stat => row.code_stat.is_some(),
            List::All => true,
        };
        let kind = if self.kinds.is_empty() { row.kind != "filler" } else { self.kinds.contains(&row.kind) };
        listed && kind && row.level == self.level.number() && row.is_open_on(self.on)
    }
}

/// Existing on a day: set up by then and not closed before it.
pub(super) fn open_on(day: Day) -> Condition {
    let last = Condition::any().add(division::Column::ValidTo.is_null()).add(division::Column::ValidTo.gte(day));
    let first = Condition::any().add(division::Column::BegunOn.is_null()).add(division::Column::BegunOn.lte(day));
    Condition::all().add(last).add(first)
}

/// The query behind [`children`], for plan tests.
pub fn children_query<P: SeesTree>(
    scope: &Scope<P>,
    parent: DivisionId,
    on: Day,
) -> Visible<'static, division::Entity> {
    scope
        .find::<division::Entity>()
        .filter(division::Column::ParentId.eq(parent))
        .filter(division::Column::Kind.ne("filler"))
        .filter(open_on(on))
        .order(division::Column::Level, Order::Asc)
        .order(division::Column::Id, Order::Asc)
}

/// Divisions right below `parent` (the provinces for `None`) as they were on a day, by level and then as the lists order
/// them; statistics fillers are left out. `after` is the (level, id) of the last row seen.
pub async fn children<P: SeesTree>(
    scope: &Scope<P>,
    parent: Option<&Place>,
    on: Day,
    after: Option<(i32, DivisionId)>,
    limit: u64,
) -> Outcome<Vec<division::Model>> {
    let past = past_around(scope, parent, on).await?;
    let parent_id = parent.map_or(0, |p| p.id);
    let mut query = children_query(scope, parent_id, on);
    if past.is_empty() {
        if let Some((level, id)) = after {
            let same = Condition::all().add(division::Column::Level.eq(level)).add(division::Column::Id.gt(id));
            query = query.filter(Condition::any().add(division::Column::Level.gt(level)).add(same));
        }
        return query.limit(limit).all().await;
    }
    let mut rows = query.filter(history::unchanged_since(on)).all().await?;
    let changed = past.rows(scope, parent).await?;
    rows.extend(changed.into_iter().filter(|r| r.parent_id == parent_id && r.kind != "filler" && r.is_open_on(on)));
    let rows = rows.into_iter().map(|r| past.apply(r));
    Ok(sorted(rows, |r| (r.level, r.id), after, limit))
}

/// The query behind [`descendants_at`], for plan tests.
pub fn descendants_query<P: SeesTree>(
    scope: &Scope<P>,
    place: &Place,
    wanted: &Wanted<'_>,
) -> Visible<'static, division::Entity> {
    scope.find_in::<division::Entity>(place).filter(wanted.condition()).order(division::Column::Id, Order::Asc)
}

/// Divisions of a level inside `place` as they were on a day, by id; `after` is the id of the last row seen.
pub async fn descendants_at<P: SeesTree>(
    scope: &Scope<P>,
    place: &Place,
    wanted: &Wanted<'_>,
    after: Option<DivisionId>,
    limit: u64,
) -> Outcome<Vec<division::Model>> {
    let past = past_around(scope, Some(place), wanted.on).await?;
    let query = descendants_query(scope, place, wanted);
    let later = |q: Visible<'static, division::Entity>| match after {
        Some(id) => q.filter(division::Column::Id.gt(id)),
        None => q,
    };
    if past.is_empty() {
        return later(query).limit(limit).all().await;
    }
    let mut rows = later(query.filter(history::unchanged_since(wanted.on))).limit(limit).all().await?;
    rows.extend(changed_in(scope, &past, place, wanted).await?);
    Ok(sorted(rows.into_iter().map(|r| past.apply(r)), |r| r.id, after, limit))
}

/// Divisions of the level that were different on the day and lay inside `place` then.
async fn changed_in<P: SeesTree>(
    scope: &Scope<P>,
    past: &Past,
    place: &Place,
    wanted: &Wanted<'_>,
) -> Outcome<Vec<division::Model>> {
    let around = around(scope, place).await?;
    let rows = past.rows(scope, Some(&around)).await?;
    Ok(rows.into_iter().filter(|r| r.lies_in(place) && wanted.fits(r)).collect())
}

/// How many divisions of a level lie inside `place` on a day: a denominator.
pub async fn count_at<P: SeesTree>(scope: &Scope<P>, place: &Place, wanted: &Wanted<'_>) -> Outcome<i64> {
    let past = past_around(scope, Some(place), wanted.on).await?;
    let changed = if past.is_empty() { 0 } else { changed_in(scope, &past, place, wanted).await?.len() };
    let report = scope.report(place)?;
    let (mut sql, values) = count_sql(report.column(), place, wanted);
    if !past.is_empty() {
        sql.push_str(
            " AND NOT EXISTS (SELECT 1 FROM division_version v WHERE v.division_id = division.id AND v.valid_to >= $3)",
        );
    }
    let rows = report.query(&sql, values).await?;
    let unchanged: i64 = rows.first().map_or(Ok(0), |r| r.try_get("", "n"))?;
    Ok(unchanged + i64::try_from(changed).map_err(Problem::internal)?)
}

/// The statement behind [`count_at`].
pub fn count_sql(column: &str, place: &Place, wanted: &Wanted<'_>) -> (String, Vec<Value>) {
    let mut values: Vec<Value> = vec![place.id.into(), wanted.level.number().into(), wanted.on.into()];
    let mut sql = format!(
        "SELECT COUNT(*) AS n FROM division WHERE {column} = $1 AND level = $2 AND (valid_to IS NULL OR valid_to >= $3) \
         AND (begun_on IS NULL OR begun_on <= $3)"
    );
    sql.push_str(match wanted.list {
        List::Counted => " AND counted",
        List::Civil => " AND code_civil IS NOT NULL",
        List::Stat => " AND code_stat IS NOT NULL",
        List::All => "",
    });
    if wanted.kinds.is_empty() {
        sql.push_str(" AND kind <> 'filler'");
    } else {
        let marks: Vec<String> = wanted.kinds.iter().enumerate().map(|(i, _)| format!("${}", i + 4)).collect();
        sql.push_str(&format!(" AND kind IN ({})", marks.join(", ")));
        values.extend(wanted.kinds.iter().map(|k| Value::from(k.as_str())));
    }
    (sql, values)
}

/// Civil-affairs codes of a place and everything above it, nearest first, as parameters are looked up.
pub async fn codes_upward<P: SeesTree>(scope: &Scope<P>, place: &Place) -> Outcome<Vec<String>> {
    let mut codes = Vec::with_capacity(5);
    let mut before = 0;
    for id in place.path.into_iter().rev().filter(|id| *id != 0) {
        // A skipped level repeats the ancestor.
        if id != before {
            codes.extend(scope.division(id).await?.code_civil);
            before = id;
        }
    }
    Ok(codes)
}

/// Divisions by id, as far as the reach sees them.
pub async fn rows_by_id<P: SeesTree>(scope: &Scope<P>, ids: Vec<DivisionId>) -> Outcome<Vec<division::Model>> {
    let mut rows = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(400) {
        rows.extend(scope.find::<division::Entity>().filter(division::Column::Id.is_in(chunk.to_vec())).all().await?);
    }
    Ok(rows)
}

/// The differences of a day around a place: those of its county for a township, so that moved villages are found.
pub(super) async fn past_around<P: SeesTree>(scope: &Scope<P>, place: Option<&Place>, on: Day) -> Outcome<Past> {
    if on >= scope.today() {
        return Ok(Past::default());
    }
    match place {
        Some(place) => Past::on(scope, Some(&around(scope, place).await?), on).await,
        None => Past::on(scope, None, on).await,
    }
}

/// The place itself, or the county of a township or village.
async fn around<P: SeesTree>(scope: &Scope<P>, place: &Place) -> Outcome<Place> {
    if place.level < Level::Township {
        return Ok(*place);
    }
    Ok(scope.division(place.at(Level::County)).await?.place())
}

/// Rows once each in the order of their key, after a key, at most `limit`.
fn sorted<K: Ord>(
    rows: impl Iterator<Item = division::Model>,
    key: impl Fn(&division::Model) -> K,
    after: Option<K>,
    limit: u64,
) -> Vec<division::Model> {
    let mut rows: Vec<division::Model> = rows.filter(|r| after.as_ref().is_none_or(|a| key(r) > *a)).collect();
    rows.sort_by_key(|r| key(r));
    rows.dedup_by_key(|r| r.id);
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    rows
}
