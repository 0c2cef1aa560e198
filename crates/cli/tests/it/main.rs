//! Tests of the program as a whole: commands, crashes, tampering.

mod commands;
mod crash;
mod program;
mod tampering;
