//! Tests over all operations at once: doors, roles, bad input, foreign rows.

mod bad_input;
mod doors;
mod foreign_rows;
mod world;
