//! What a due list was asked for: read from the query string, checked, then listed, counted or exported by the same path.

use access::{Page, Scope, Visible};
use kernel::{Day, Field, Id, Outcome, Place, Problem};
use sea_orm::ColumnTrait as _;
use serde::Deserialize;
use uuid::Uuid;

use super::{actions, http::soon_days, model, store};
use crate::{
    persons::row::person,
    visits::{self, Read},
};

/// Which due visits to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DueQuery {
    /// Inside this place; the caller's own place when left out.
    pub place: Option<String>,
    /// In the care of this account.
    pub worker: Option<Uuid>,
    /// overdue, due (today) or soon; all three when left out. `not_reached`: priority clients missed several times in a row.
    pub state: Option<String>,
    /// Page size, 1 to 200.
    pub limit: Option<u64>,
    /// Cursor of the page.
    pub cursor: Option<String>,
}

/// A checked question.
pub struct Asked {
    place: Place,
    worker: Option<Id>,
    window: (Option<Day>, Day),
    missed: Option<i32>,
}

impl Asked {
    /// Checks a question.
    ///
    /// # Errors
    /// An unknown state or place.
    pub async fn check(scope: &Scope<Read>, q: &DueQuery) -> Outcome<Self> {
        let place = scope.place_or_own("place", q.place.as_deref()).await?.place();
        let codes = actions::codes_in(&scope.labels(place.path).await?, &place.path);
        let (places, today) = (actions::nearest(&codes), scope.today());
        let (window, missed) = match q.state.as_deref() {
            Some("not_reached") => {
                let (failures, until) = model::missed(&places, today);
                ((None, until), Some(failures))
            }
            state => {
                let window = model::window(state, soon_days(&places, today), today)
                    .ok_or_else(|| Problem::invalid(Field::unknown_code("state", "due_state")))?;
                (window, None)
            }
        };
        Ok(Self { place, worker: q.worker, window, missed })
    }

    fn rows(&self, scope: &Scope<Read>, after: Option<store::Key>) -> Visible<'static, person::Entity> {
        let query = store::due_in(scope, &self.place, self.worker, self.window, after);
        match self.missed {
            Some(failures) => store::missed(query, failures),
            None => query,
        }
    }

    /// One page, the longest overdue first.
    pub async fn page(&self, scope: &Scope<Read>, cursor: Option<&str>, limit: u64) -> Outcome<Page<person::Model>> {
        let after = visits::model::day_key(cursor)?;
        let rows = self.rows(scope, after).limit(limit + 1).all().await?;
        Ok(Page::cut(rows, limit, |p| (p.next_due_on, p.id)))
    }

    /// How many there are, counted up to `most`.
    pub async fn count(&self, scope: &Scope<Read>, most: u64) -> Outcome<u64> {
        self.rows(scope, None).count(most).await
    }

    /// How many of them were born after `day`, counted up to `most`.
    pub async fn born_after(&self, scope: &Scope<Read>, day: Day, most: u64) -> Outcome<u64> {
        self.rows(scope, None).filter(person::Column::BirthDate.gt(day)).count(most).await
    }
}
