//! Papers (打印材料): what a worker takes along or puts on the table, as PDF or Word [G13, Part C 7 and 10].
//!
//! For a person the *plain-words sheet with help list* (政策明白纸和帮办单): what may fit, what is still to be asked, what to
//! bring, where, who, in how many days, and a receipt to tear off; also in large print. For an application the prefilled forms:
//! application with authorisation and promise (申请及授权书), home survey (入户调查表), notice of the opinion (审核意见公示),
//! refusal (不予确认告知书).
//!
//! Only what is known here is filled in; everything else is a space to write in. What data matching obtains is not asked for
//! (社会救助法 art. 62), the sheet says that it is a hint and no decision (个人信息保护法 art. 24), values that are examples or
//! not verified say so. The forms are ours, laid out after the rules they name: a place with a form of its own uses that one, and
//! the binding act is done elsewhere. Numbers are masked; with a reason, and the permit to reveal, they stand in full and each
//! is recorded as revealed. Every paper is recorded as an export of its person or application before it is handed out.
//!
//! The plain-words sheet is built from [`crate::entitlements`], the forms from [`crate::applications`], with the caller's own scope.

pub mod forms;
pub mod http;
pub mod known;
pub mod sheet;
pub mod words;

pub use http::routes;

use people::{applications::row::application, persons::row::person};

kernel::permits! {
    /// Printing papers of persons and applications.
    Print = "aid.papers.print", "打印明白纸和申请材料", "Print plain-words sheets and forms", sees [person::Entity, application::Entity];
}
