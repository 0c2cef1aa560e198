//! The engine as its users see it.

mod faults;
mod invent;
mod laws;
mod oracle;
mod settle;
mod stories;
