//! The lists that can be saved and exported, and what each understands: one question, checked by the list itself.

use access::{Scope, read_query};
use kernel::{Day, Field, Outcome, Permit, Problem};

use crate::{
    due::asked::{self as due, DueQuery},
    persons::{
        self,
        asked::{self as people, PersonQuery},
    },
    visits::{
        self,
        asked::{self as made, VisitQuery},
    },
};

/// A list of the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// The ledger (服务对象台账).
    Persons,
    /// Due visits (待走访).
    Due,
    /// Visits (走访记录).
    Visits,
}

impl List {
    /// The list with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "persons" => Some(Self::Persons),
            "due" => Some(Self::Due),
            "visits" => Some(Self::Visits),
            _ => None,
        }
    }

    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Persons => "persons",
            Self::Due => "due",
            Self::Visits => "visits",
        }
    }

    /// The orders it can have, beside its own.
    pub fn orders(self) -> &'static [&'static str] {
        match self {
            Self::Persons => people::ORDERS,
            Self::Due | Self::Visits => &[],
        }
    }
}

/// A question to one of the lists, checked; it carries the scope that may ask it.
pub enum Asked {
    /// To the ledger.
    Persons(Scope<persons::Read>, people::Asked),
    /// To the due list.
    Due(Scope<visits::Read>, due::Asked),
    /// To the visits.
    Visits(Scope<visits::Read>, made::Asked),
}

/// Checks `query` as the list itself would, for the same session.
///
/// # Errors
/// What the list says against it; [`Problem::Forbidden`] when the caller may not read that list.
pub async fn ask<P: Permit>(scope: &Scope<P>, list: List, query: &str, order: &str) -> Outcome<Asked> {
    Ok(match list {
        List::Persons => {
            let scope = scope.also::<persons::Read>()?;
            let mut q: PersonQuery = read_query(query)?;
            whole(q.limit.is_some() || q.cursor.is_some() || q.order.is_some())?;
            q.order = Some(order.to_owned()).filter(|o| !o.is_empty());
            let asked = people::Asked::check(&scope, &q).await?;
            Asked::Persons(scope, asked)
        }
        List::Due => {
            let scope = scope.also::<visits::Read>()?;
            let q: DueQuery = read_query(query)?;
            whole(q.limit.is_some() || q.cursor.is_some())?;
            let asked = due::Asked::check(&scope, &q).await?;
            Asked::Due(scope, asked)
        }
        List::Visits => {
            let scope = scope.also::<visits::Read>()?;
            let q: VisitQuery = read_query(query)?;
            whole(q.limit.is_some() || q.cursor.is_some())?;
            let asked = made::Asked::check(&scope, &q).await?;
            Asked::Visits(scope, asked)
        }
    })
}

/// Refuses a question that names a page of a list instead of the list.
fn whole(names_a_page: bool) -> Outcome<()> {
    if !names_a_page {
        return Ok(());
    }
    Err(Problem::invalid(Field::new(
        "query",
        "page",
        "筛选条件中不能含有翻页和排序参数，请只保留查询条件。",
        "A filter must not name a page or an order; keep the conditions only.",
    )))
}

impl Asked {
    /// How many of the people were born after `day`, counted up to `most`; visits name no birth dates, so 0.
    pub async fn born_after(&self, day: Day, most: u64) -> Outcome<u64> {
        match self {
            Self::Persons(scope, asked) => asked.born_after(scope, day, most).await,
            Self::Due(scope, asked) => asked.born_after(scope, day, most).await,
            Self::Visits(..) => Ok(0),
        }
    }

    /// How many rows a file may hold, counted up to `most`: whom the caller sees by a read trail only stays out.
    pub async fn within_reach(&self, most: u64) -> Outcome<u64> {
        match self {
            Self::Persons(scope, asked) => asked.within_reach(scope, most).await,
            Self::Due(..) | Self::Visits(..) => self.count(most).await,
        }
    }

    /// How many rows there are, counted up to `most`.
    pub async fn count(&self, most: u64) -> Outcome<u64> {
        match self {
            Self::Persons(scope, asked) => asked.count(scope, most).await,
            Self::Due(scope, asked) => asked.count(scope, most).await,
            Self::Visits(scope, asked) => asked.count(scope, most).await,
        }
    }
}
