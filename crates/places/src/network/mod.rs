//! The network (站点网络): stations, areas, points, posts, assignments and plaques share these rules [G1-G3, G9].
//!
//! A station (社工站) is hosted by a township-level unit, farms (农林场) included; a point (社工点) of it is seated in a village
//! of that unit. Both run through one status machine ([`status`]), whose every step is dated and may be entered late but
//! never ahead, so that "was it open on that day" has an answer for any day. Coverage counts only what operates, has a plaque
//! and has somebody assigned; [`sql`] says the same to the database.
//!
//! The network is public knowledge inside a county: everyone with an account reads it county-wide; it is changed only inside
//! the place of the grant. What it is not: who the clients are (people) and the coverage figures (insight).

pub mod checks;
pub mod figures;
pub mod history;
pub mod row;
pub mod sql;
pub mod status;

use access::{
    House, Sees,
    history::{Kind, ReadAccessLog, ReadHistory},
};
use utoipa_axum::router::OpenApiRouter;

use crate::{
    areas::row::area,
    plaques::row::plaque,
    points::row::{point, point_village},
    posts::row::{assignment, post},
    stations::row::station,
};

kernel::permits! {
    /// Reads stations, points, posts and plaques of the county.
    Read = "places.network.read", "查看站点网络", "Read stations and points",
        sees [station::Entity, area::Entity, point::Entity, point_village::Entity, post::Entity, assignment::Entity, plaque::Entity];
    /// Sets up and changes stations, points, posts and plaques.
    Change = "places.network.change", "维护站点网络", "Change stations and points",
        sees [station::Entity, area::Entity, point::Entity, point_village::Entity, post::Entity, assignment::Entity, plaque::Entity];
}

/// The routes of stations, areas, points, posts and plaques.
pub fn routes() -> OpenApiRouter<House> {
    crate::stations::http::routes()
        .merge(crate::areas::http::routes())
        .merge(crate::points::http::routes())
        .merge(crate::posts::http::routes())
        .merge(crate::plaques::http::routes())
}

impl Sees<station::Entity> for ReadHistory {}
impl Sees<station::Entity> for ReadAccessLog {}
impl Sees<point::Entity> for ReadHistory {}
impl Sees<point::Entity> for ReadAccessLog {}
impl Sees<post::Entity> for ReadHistory {}
impl Sees<post::Entity> for ReadAccessLog {}
impl Sees<assignment::Entity> for ReadHistory {}
impl Sees<assignment::Entity> for ReadAccessLog {}

/// The kinds of record of the network whose history can be read.
pub fn kinds() -> Vec<Kind> {
    vec![
        Kind::of::<station::Entity>(),
        Kind::of::<point::Entity>(),
        Kind::of::<post::Entity>(),
        Kind::of::<assignment::Entity>(),
    ]
}
