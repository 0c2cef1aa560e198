//! Accounts (账号) and grants (授权): the system administrator proposes, the security administrator approves.
//!
//! A grant is role × organisation × place × period and works only once somebody else has approved it (maker ≠ checker).
//! SA, SEC and AU are never the same person. An account is suspended, never deleted; suspending it or resetting its
//! password ends its sessions at once.

pub mod actions;
pub mod http;
pub mod lapsed;
pub mod store;

use crate::row::{account, organisation, role_grant};

kernel::permits! {
    /// Reading accounts and grants.
    ReadAccounts = "access.accounts.read", "查看账号", "Read accounts",
        sees [account::Entity, role_grant::Entity, organisation::Entity];
    /// Making and changing accounts, proposing grants.
    ChangeAccounts = "access.accounts.change", "管理账号", "Manage accounts",
        sees [account::Entity, role_grant::Entity, organisation::Entity];
    /// Approving or refusing grants somebody else proposed.
    ApproveGrants = "access.grants.approve", "审批授权", "Approve grants",
        sees [account::Entity, role_grant::Entity];
}
