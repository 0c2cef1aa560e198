//! Divisions (行政区划): the tree everything else lies in.
//!
//! Two official lists describe it and disagree on purpose. The civil-affairs list (民政) knows units of government down to
//! the township; the statistical list (统计用区划) adds farms, zones and reservoirs with people but without government, and
//! all villages, and gives its own codes: 430703122 is one township here and another there. So a division has an id of
//! its own that nobody sees, and both codes are attributes that may change. Which list knows a unit decides whether it
//! counts: a station in every township is asked of civil units, of farms and zones only where somebody chooses so, and of
//! statistical townships where the civil list names none (东莞, 三亚 …).
//!
//! The tree is irregular: 东莞 has no counties, 仙桃 hangs on its province, municipalities have no prefectures. A missing
//! level repeats the nearest ancestor, so every list at a level is an equality on one column.
//!
//! History: townships and villages are those of 2023-06-30, the last list published; later differences stand as undated.
//! Events in the product (更名, 代码变更, 改设, 隶属变更, 合并, 分设, 界线变更, 撤销, 设立) keep ids where a division goes
//! on, leave dated versions behind, and rewrite every row that lies in what moves or ends in the same transaction, so nothing
//! is ever left in a place that is gone. What no rule can place (who lives in which part of a divided village) waits in the
//! queue of unassigned (待归属) and stays where it is until people have placed it; only then a village ends. An event is
//! never deleted: a wrong one is corrected by the event that reverses it. The tree, the denominators and the figures of a day
//! before an event stay what they were.
//! What this room is *not*: it does not hold postal addresses or maps, and it does not guess what a review leaves open.

pub mod actions;
pub mod agreement;
pub mod file;
pub mod history;
pub mod http;
pub mod load;
pub mod model;
pub mod moves;
pub mod plan;
pub mod queue;
pub mod recount;
pub mod row;
pub mod search;
pub mod services;
pub mod shift;
pub mod store;
pub mod story;
pub mod tree;
pub mod view;

pub use history::{Past, outside};
pub use load::{Source, load};
pub use row::{division, version};
pub use store::{List, Wanted, children, codes_upward, count_at, descendants_at};

use access::history::{Kind, ReadAccessLog, ReadHistory};
use kernel::Sees;

kernel::permits! {
    /// Look at the tree.
    ReadDivisions = "places.divisions.read", "查看行政区划", "Read divisions",
        sees [division::Entity, version::Entity, row::word::Entity, row::event::Entity, row::event_map::Entity, row::news::Entity, row::review::Entity,
            row::queue::Entity];
    /// Record events.
    ChangeDivisions = "places.divisions.change", "登记区划变更", "Change divisions",
        sees [division::Entity, version::Entity, row::event::Entity, row::queue::Entity];
}

/// A permit that may walk the tree: it names `division` and `version` among what it sees.
pub trait SeesTree: Sees<division::Entity> + Sees<version::Entity> {}
impl<P: Sees<division::Entity> + Sees<version::Entity>> SeesTree for P {}

impl Sees<row::event::Entity> for ReadHistory {}
impl Sees<row::event::Entity> for ReadAccessLog {}

/// The kinds of record of this room whose history can be read.
pub fn kinds() -> Vec<Kind> {
    vec![Kind::of::<row::event::Entity>()]
}
