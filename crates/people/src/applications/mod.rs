//! Applications (帮办代办): what is kept of an application prepared for a person, and of every act on it [G10, G13].
//!
//! Here are the rows and the queries, so that they follow the person: a move, another responsible worker, a merge of two
//! records. What may be applied for, which act comes next and who may do it is the business of the policies (wing `aid`,
//! room `applications`).

pub mod row;
pub mod store;

use kernel::Sees;

use row::application;

// The history of an application is open to whoever may see the application; a minor's file stays closed (wing `aid`).
impl Sees<application::Entity> for access::history::ReadHistory {}
impl Sees<application::Entity> for access::history::ReadAccessLog {}
