//! Services counted (服务统计): 人次 and 人数 by place, span, service, work field and mode, exact at all times [G7, D2].
//!
//! An *act* (人次) is one completed visit that met the person or somebody close (`met`, `proxy_met`), in any mode: a call is
//! an act too, although it is no service coverage. *People* (人数) are the distinct persons of those acts. The two are never
//! added to each other, and people of several months, places or services are never added up: who came in March and in
//! April is one person of the quarter. *Minutes* are service minutes without travel; of a visit to several people they
//! stand on the first row only, so that one hour with a family of three is one hour, three acts and three people.
//!
//! One act may carry several services, so services do not add up to the total. The five of companionship (情绪疏导、心理抚慰、
//! 精神关爱、关系调适、社会融入) and the eight of 社会救助法 art. 55 are one list, `service_kind`.
//!
//! `service_counter` is kept in the transaction of every visit that is recorded, corrected or voided ([`counted`]), for the
//! village, township and county where the service took place, in months, quarters and years. A city adds up its counties
//! and has rows of its own only to take back who was served in two of them. `sheqiao check` recomputes all of it.
//! Domain reference §9.4, §13.2 (`service_persontimes / persons`).

pub mod hours;
pub mod model;
pub mod store;

pub use model::{bit, mask};
pub use store::{counted, differences, rebuild, regrouped};
