//! What a list of persons was asked for: read from the query string, checked, then listed, counted or exported by the same path.

use std::cmp::Ordering;

use access::{Page, Scope, Visible};
use kernel::{Day, Field, Id, Outcome, Problem, codes, name, page as paging, params};
use sea_orm::{ColumnTrait as _, Condition, Order};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    Read,
    checks::Faults,
    http::Total,
    row::{PersonLine, person},
    search::{self, By},
    store::{self, Filter},
    totals,
};

/// What persons to list.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PersonQuery {
    /// Division code.
    pub place: Option<String>,
    /// Category codes; several mean any of them. `DIS` means any disability.
    #[serde(default)]
    pub category: Vec<String>,
    /// Grades; several mean any of them.
    #[serde(default)]
    pub grade: Vec<String>,
    /// Ledger states; several mean any of them.
    #[serde(default)]
    pub state: Vec<String>,
    /// Responsible worker.
    pub worker: Option<Uuid>,
    /// Name, pinyin, initials, document number, telephone, or last four of either.
    pub q: Option<String>,
    /// Newest first when left out; `due` is the next due day, earliest first, `-due` latest first. A search has an order of its own.
    pub order: Option<String>,
    /// Page size, 1 to 200.
    pub limit: Option<u64>,
    /// Cursor of the page.
    pub cursor: Option<String>,
}

/// The orders a list of persons can have, beside newest first.
pub const ORDERS: &[&str] = &["due", "-due"];

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sequence {
    Newest,
    Due,
    DueLast,
}

/// A checked question.
pub struct Asked {
    filter: Filter,
    typed: name::Query,
    by: Sequence,
}

/// Position in a list: due day (in an order by due day only) and id of the last row.
type Key = (Option<Day>, Id);

impl Asked {
    /// Checks a question.
    ///
    /// # Errors
    /// Every fault of every field, with a sentence.
    pub async fn check(scope: &Scope<Read>, q: &PersonQuery) -> Outcome<Self> {
        let by = match q.order.as_deref() {
            None | Some("") => Sequence::Newest,
            Some("due") => Sequence::Due,
            Some("-due") => Sequence::DueLast,
            Some(_) => {
                return Err(Problem::invalid(Field::new(
                    "order",
                    "unknown_order",
                    "不能按此列排序，请选择“下次走访”或取消排序。",
                    "The list cannot be ordered by this column; choose the next due day or none.",
                )));
            }
        };
        let filter = filter(scope, q).await?;
        let text = q.q.as_deref().unwrap_or_default();
        let typed = name::query_kind(text);
        check_query(scope, text, &typed)?;
        Ok(Self { filter, typed, by })
    }

    /// Whether this is a search, which gives the best matches on one page.
    pub fn is_search(&self) -> bool {
        self.typed != name::Query::Nothing
    }

    /// One page, with how a search found each.
    pub async fn page(
        &self,
        scope: &Scope<Read>,
        cursor: Option<&str>,
        limit: u64,
    ) -> Outcome<Page<(PersonLine, Option<By>)>> {
        let after: Option<Key> = self.key(cursor)?;
        if self.is_search() {
            let found = search::search(scope, &self.filter, &self.typed, limit).await?;
            return Ok(Page::whole(found.into_iter().map(|(person, by)| (person, Some(by))).collect()));
        }
        let order: fn(&PersonLine, &PersonLine) -> Ordering = match self.by {
            Sequence::Newest => PersonLine::newest_first,
            Sequence::Due => due_first,
            Sequence::DueLast => due_last,
        };
        let rows: Vec<PersonLine> = self.rows(scope, after, limit + 1).lines(PersonLine::columns(), order).await?;
        let page = match self.by {
            Sequence::Newest => Page::cut(rows, limit, |p| p.id),
            Sequence::Due | Sequence::DueLast => Page::cut(rows, limit, |p| (p.next_due_on, p.id)),
        };
        Ok(page.map(|person| (person, None)))
    }

    /// How many rows all pages hold, where counters or a short count can tell.
    pub async fn total(&self, scope: &Scope<Read>) -> Outcome<Option<Total>> {
        if self.is_search() { Ok(None) } else { totals::of(scope, &self.filter).await }
    }

    /// How many there are, counted up to `most`; whom the list shows by a read trail counts too.
    pub async fn count(&self, scope: &Scope<Read>, most: u64) -> Outcome<u64> {
        if self.is_search() {
            let found = search::search(scope, &self.filter, &self.typed, paging::MAX_LIMIT.min(most)).await?;
            return Ok(found.len() as u64);
        }
        store::listing(scope, &self.filter, None, most).count(most).await
    }

    /// How many a file may hold, counted up to `most`: only who is within reach. A read trail lets one look, not take away.
    pub async fn within_reach(&self, scope: &Scope<Read>, most: u64) -> Outcome<u64> {
        match self.is_search() {
            true => self.count(scope, most).await,
            false => self.own(scope, most).count(most).await,
        }
    }

    /// How many of those within reach were born after `day`, counted up to `most`.
    pub async fn born_after(&self, scope: &Scope<Read>, day: Day, most: u64) -> Outcome<u64> {
        if self.is_search() {
            let found = search::search(scope, &self.filter, &self.typed, paging::MAX_LIMIT).await?;
            return Ok(found.iter().filter(|(p, _)| p.birth_date.is_some_and(|b| b > day)).count() as u64);
        }
        self.own(scope, most).filter(person::Column::BirthDate.gt(day)).count(most).await
    }

    fn own(&self, scope: &Scope<Read>, most: u64) -> Visible<'static, person::Entity> {
        store::narrowed(scope, &self.filter, self.filter.place.as_ref())
            .order(person::Column::Id, Order::Desc)
            .limit(most)
    }

    /// The rows behind `after`, in order; also for plan tests.
    pub fn rows(&self, scope: &Scope<Read>, after: Option<Key>, rows: u64) -> Visible<'static, person::Entity> {
        let (day, id) = match after {
            None => (None, None),
            Some((day, id)) => (day, Some(id)),
        };
        let order = match self.by {
            Sequence::Newest => return store::listing(scope, &self.filter, id, rows),
            Sequence::Due => Order::Asc,
            Sequence::DueLast => Order::Desc,
        };
        let mut query = store::narrowed(scope, &self.filter, self.filter.place.as_ref());
        if let (Some(day), Some(id)) = (day, id) {
            query = query.filter(behind(day, id, order == Order::Asc));
        }
        query.order(person::Column::NextDueOn, order.clone()).order(person::Column::Id, order).limit(rows)
    }

    fn key(&self, cursor: Option<&str>) -> Outcome<Option<Key>> {
        Ok(match self.by {
            Sequence::Newest => paging::decode::<Id>(cursor)?.map(|id| (None, id)),
            Sequence::Due | Sequence::DueLast => {
                crate::visits::model::day_key(cursor)?.map(|(day, id)| (Some(day), id))
            }
        })
    }
}

/// The order by due day, for rows of several places that are merged.
fn due_first(a: &PersonLine, b: &PersonLine) -> Ordering {
    (a.next_due_on, a.id).cmp(&(b.next_due_on, b.id))
}

fn due_last(a: &PersonLine, b: &PersonLine) -> Ordering {
    due_first(b, a)
}

/// Behind a row in the order of due days; the first part alone already bounds the index range.
fn behind(day: Day, id: Id, rising: bool) -> Condition {
    let (due, key) = (person::Column::NextDueOn, person::Column::Id);
    let (edge, past, later) = match rising {
        true => (due.gte(day), due.gt(day), key.gt(id)),
        false => (due.lte(day), due.lt(day), key.lt(id)),
    };
    let same_day = Condition::all().add(due.eq(day)).add(later);
    Condition::all().add(edge).add(Condition::any().add(past).add(same_day))
}

async fn filter(scope: &Scope<Read>, q: &PersonQuery) -> Outcome<Filter> {
    let mut faults = Faults::default();
    for (field, list, given) in [("grade", "grade", &q.grade), ("state", "ledger_state", &q.state)] {
        faults.list(field, given);
        given.iter().for_each(|code| faults.code(field, list, code));
    }
    faults.list("category", &q.category);
    let mut mask = 0;
    for code in &q.category {
        // A restricted category is not known here.
        match codes::category_mask(code).filter(|m| m & codes::restricted_mask() == 0) {
            Some(bits) => mask |= bits,
            None => faults.push(Field::unknown_code("category", "category")),
        }
    }
    let place = match q.place.as_deref() {
        Some(text) => faults.keep(scope.resolve("place", text).await)?.map(|division| division.place()),
        None => None,
    };
    faults.done(Some(Filter {
        place,
        mask: (!q.category.is_empty()).then_some(mask),
        grades: q.grade.clone(),
        states: q.state.clone(),
        worker: q.worker,
    }))
}

fn check_query(scope: &Scope<Read>, text: &str, typed: &name::Query) -> Outcome<()> {
    let fault = |code, zh: String, en: String| Err(Problem::invalid(Field::new("q", code, zh, en)));
    if text.chars().count() > 64 {
        return Err(Problem::invalid(Field::too_long("q", 64)));
    }
    match typed {
        name::Query::Letters(letters) => {
            let least = params::Params::national().whole("search.min_letters", &[], scope.today()).unwrap_or(1);
            if (letters.len() as i64) < least {
                return fault(
                    "too_short",
                    format!("请至少输入 {least} 个拼音字母。"),
                    format!("Type at least {least} letters."),
                );
            }
            Ok(())
        }
        name::Query::Partial(_) => fault(
            "partial_number",
            "请输入完整的证件或电话号码，或其后四位。".to_owned(),
            "Type the whole document or telephone number, or its last four.".to_owned(),
        ),
        _ => Ok(()),
    }
}
