//! Tests of this wing through HTTP, on both engines.

mod accounts;
mod audit;
mod signing;
mod writes;
