//! `GET /stations/{id}/workload`.

use access::{House, Outcome, Page, Problems, Scope, Segment};
use axum::Json;
use kernel::params::Params;
use places::{network, stations::http::Worker};
use serde::Serialize;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::store::{self, Load};
use crate::service_coverage::ReadServiceCoverage;

/// What one worker of a station has to do.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Workload {
    /// The worker; without account nobody is in their care.
    pub worker: Worker,
    /// Living people in the worker's care.
    pub clients: i64,
    /// Visits due today or soon.
    pub due: i64,
    /// Visits overdue.
    pub overdue: i64,
    /// Visits completed in the last 30 days.
    pub visits_30d: i64,
    /// Volunteers led; none while no volunteers are registered.
    pub volunteers: i64,
}

/// The workload of everybody at work at a station today.
#[utoipa::path(get, path = "/stations/{id}/workload", tag = "network", params(("id" = Uuid, Path)),
    responses((status = 200, body = Page<Workload>), Problems),
    extensions(("x-permit" = json!("insight.service_coverage.read"))))]
async fn workload(scope: Scope<ReadServiceCoverage>, Segment(id): Segment<Uuid>) -> Outcome<Json<Page<Workload>>> {
    let network: Scope<network::Read> = scope.also()?;
    let (township, workers) = places::stations::http::workers_of(&network, id).await?;
    let township = scope.division(township).await?.place();
    scope.report(&township)?;
    let soon = Params::national().whole("visit.soon_days", &[], scope.today()).unwrap_or(0);
    let mut items = Vec::with_capacity(workers.len());
    for worker in workers {
        let load = match worker.id {
            Some(account) => store::of(&scope, account, &township, soon).await?,
            None => Load::default(),
        };
        items.push(Workload {
            worker,
            clients: load.clients,
            due: load.due,
            overdue: load.overdue,
            visits_30d: load.visits,
            volunteers: 0,
        });
    }
    Ok(Json(Page::whole(items)))
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(workload))
}
