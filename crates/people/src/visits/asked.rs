//! What a list of visits was asked for: read from the query string, checked, then listed, counted or exported by the same path.

use access::{Page, Scope, Visible};
use chrono::NaiveDate;
use kernel::{Field, Outcome, Place};
use serde::Deserialize;
use uuid::Uuid;

use super::{Read, model, row::visit, store};
use crate::{persons::row::person, services};

/// Which visits to list.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct VisitQuery {
    /// Visits to this person.
    pub person: Option<Uuid>,
    /// Visits to people who live in this place; without person and place, the caller's own place.
    pub place: Option<String>,
    /// From this day; `from` means the same.
    #[serde(rename = "visited_on.from", alias = "from")]
    #[param(rename = "visited_on.from")]
    pub from: Option<NaiveDate>,
    /// To this day, inclusive; `to` means the same.
    #[serde(rename = "visited_on.to", alias = "to")]
    #[param(rename = "visited_on.to")]
    pub to: Option<NaiveDate>,
    /// Of this kind, list `visit_kind`.
    pub kind: Option<String>,
    /// With this service, list `service_kind`; needs `from`.
    pub service: Option<String>,
    /// In this work field, list `work_field`; needs `from`.
    pub field: Option<String>,
    /// In this mode, list `visit_mode`; needs `from`.
    pub mode: Option<String>,
    /// Only acts of service: completed and somebody met, as the service figures count them.
    #[serde(default)]
    pub acts: bool,
    /// Page size, 1 to 200.
    pub limit: Option<u64>,
    /// Cursor of the page.
    pub cursor: Option<String>,
}

/// Whose visits.
enum Whose {
    Person(Box<person::Model>),
    Place(Place),
}

/// A checked question.
pub struct Asked {
    whose: Whose,
    filter: store::Filter,
}

impl Asked {
    /// Checks a question.
    ///
    /// # Errors
    /// Unknown codes, impossible days; a person or place that is not there.
    pub async fn check(scope: &Scope<Read>, q: &VisitQuery) -> Outcome<Self> {
        let unknown = q.kind.as_ref().filter(|kind| !kernel::codes::has("visit_kind", kind));
        let faults: Vec<Field> = unknown
            .map(|_| Field::unknown_code("kind", "visit_kind"))
            .into_iter()
            .chain(model::day_faults("from", q.from))
            .chain(model::day_faults("to", q.to))
            .collect();
        model::refuse(faults)?;
        super::http::check_acts(q)?;
        let filter = store::Filter {
            from: q.from,
            to: q.to,
            kind: q.kind.clone(),
            service: q.service.as_deref().and_then(services::bit).map(|bit| 1 << bit),
            field: q.field.clone(),
            mode: q.mode.clone(),
            acts: q.acts,
        };
        let place = match (&q.place, q.person) {
            (None, Some(_)) => None,
            (text, _) => Some(scope.place_or_own("place", text.as_deref()).await?.place()),
        };
        let whose = match (q.person, place) {
            (None, Some(place)) => Whose::Place(place),
            (Some(id), place) => {
                let person = store::person(scope, id, place).await?;
                super::http::opened(scope, &person).await?;
                Whose::Person(Box::new(person))
            }
            (None, None) => return Err(kernel::Problem::NotFound),
        };
        Ok(Self { whose, filter })
    }

    async fn rows(
        &self,
        scope: &Scope<Read>,
        after: Option<store::Key>,
        rows: u64,
    ) -> Outcome<Visible<'static, visit::Entity>> {
        match &self.whose {
            Whose::Person(person) => store::of_person(scope, person, &self.filter, after, rows).await,
            Whose::Place(place) => Ok(store::of_place(scope, place, &self.filter, after, rows)),
        }
    }

    /// One page, newest first.
    pub async fn page(&self, scope: &Scope<Read>, cursor: Option<&str>, limit: u64) -> Outcome<Page<visit::Model>> {
        let after = model::day_key(cursor)?;
        let rows = self.rows(scope, after, limit + 1).await?.read().await?;
        Ok(Page::cut(rows, limit, |v| (v.visited_on, v.id)))
    }

    /// How many there are, counted up to `most`.
    pub async fn count(&self, scope: &Scope<Read>, most: u64) -> Outcome<u64> {
        self.rows(scope, None, most).await?.count(most).await
    }
}
