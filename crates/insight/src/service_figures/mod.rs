//! Services in figures (服务统计): 人次, 人数 and minutes of a place and a span, by service, field, mode, month and place [G7, D2].
//!
//! Two figures that are never mixed: 人次 counts acts, 人数 counts people, each once in the span asked. Acts may be added up over
//! months and places; people may not, so each row shows the people of that row only, and the rows of people do not add up to
//! the total. One act may carry several services. A span is a month (2026-11), a quarter (2026-Q4) or a year (2026).
//!
//! The figures are read from counters that `people/services` keeps in the transaction of every visit. They go by the place
//! where the service took place; the lists behind them go by the people in the caller's reach, who may have moved since.
//! Rows come in the order of the tree and of the lists; nothing is ranked. Domain reference §13.2.

mod figures;
pub mod http;

pub use http::routes;

use places::divisions::division;

kernel::permits! {
    /// Reads how many services were given to how many people.
    ReadServiceFigures = "insight.service_figures.read", "查看服务统计", "Read service figures", sees [division::Entity];
}
