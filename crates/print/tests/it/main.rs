//! What comes out of the press, read back by other programs.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod look;
mod read;
