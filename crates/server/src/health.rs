//! `/healthz` (the process answers), `/readyz` (the database answers and is migrated), `/metrics` (Prometheus text).

use std::sync::LazyLock;

use access::House;
use axum::{Json, Router, extract::State, http::StatusCode, routing::get};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use serde_json::json;

static METRICS: LazyLock<Option<PrometheusHandle>> = LazyLock::new(|| {
    let builder = PrometheusBuilder::new().set_buckets(&[0.001, 0.005, 0.02, 0.1, 0.5, 2.0, 10.0]).ok()?;
    builder.install_recorder().ok()
});

/// Starts collecting metrics; harmless when called twice.
pub fn install() {
    LazyLock::force(&METRICS);
}

/// The three routes.
pub fn routes() -> Router<House> {
    Router::new().route("/healthz", get(alive)).route("/readyz", get(ready)).route("/metrics", get(metrics))
}

async fn alive() -> Json<serde_json::Value> {
    Json(json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}

async fn ready(State(house): State<House>) -> (StatusCode, Json<serde_json::Value>) {
    let floor = house.floor();
    let database = floor.db.ping().await;
    let schema = database && schema::is_current(floor.db.read()).await.unwrap_or(false);
    let divisions = schema && access::placement::is_loaded(floor.db.read()).await.unwrap_or(false);
    let ok = database && schema && divisions;
    let status = if ok { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({ "ready": ok, "database": database, "schema": schema, "divisions": divisions })))
}

async fn metrics() -> String {
    METRICS.as_ref().map(PrometheusHandle::render).unwrap_or_default()
}
