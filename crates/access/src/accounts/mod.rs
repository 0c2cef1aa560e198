//! Accounts (账号) and grants (授权): the system administrator proposes, the security administrator approves.
//!
//! A grant is role × organisation × place × period and works only once somebody else has approved it (maker ≠ checker).
//! SA, SEC and AU are never the same person. An account is suspended, never deleted; suspending it ends its sessions.

pub mod store;
