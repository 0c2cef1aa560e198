//! Library (公开政策库): what anybody may read of the policies, without a login [G13].
//!
//! By situation of life (生活情境), in plain words, with where to go, what to bring, limits and sources; and the conditions
//! of a place as data, so that a browser can answer for itself whether something may fit. The server is never told what
//! somebody answers, nor which policy of the shelf is opened: the whole shelf is one answer, the same for everybody at a
//! place.
//!
//! - Nothing here reads a row of anybody; the doors take an [`access::Open`], which cannot.
//! - A duty of an agency (部门职责) is shown as one, never as something to apply for.
//! - Restricted policies (限制知悉: children with HIV, state guardianship, severe mental disorder, correction and detox) are
//!   described like all others, so that whoever needs one finds it, but nobody is questioned about them: their conditions
//!   do not leave the server and no self-check asks for their facts.
//! - Papers that data matching obtains are named as not to be brought (社会救助法 art. 62).
//! - What was not read in its source keeps its mark 待核实, an invented standard its mark 示例.
//! - A result in the browser is orientation, no decision (个人信息保护法 art. 24).

pub mod conditions;
pub mod http;
pub mod texts;
pub mod view;

pub use http::routes;

use access::{Open, PlaceRef};
use kernel::{Outcome, place::DivisionId};

use crate::{
    policies::{Chain, Here, shelf::here_by},
    revisions::store,
};

/// The plan of today at a place, given with those above it, the nearest first; the nation's for none. The only way of this
/// room to policies, parameters and what places decided about them.
pub async fn plan_for(door: &Open, places: &[(DivisionId, PlaceRef)]) -> Outcome<Here> {
    let chain = Chain::new(places.iter().map(|(id, place)| (*id, place.code.as_str())));
    here_by(door.generation().await?, door.today(), &chain, async |ids| store::in_force_openly(door, ids).await).await
}
