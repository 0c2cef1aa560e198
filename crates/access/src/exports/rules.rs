//! Who approves an export, when it may be made, what its states mean; pure.

use kernel::{Day, Millis, Outcome, Problem, params::Params};

use crate::row::list_export;

/// Waits for a second person.
pub const WAITING: &str = "waiting";
/// May be made.
pub const APPROVED: &str = "approved";
/// Refused by the second person.
pub const REFUSED: &str = "refused";
/// The file is there, to be fetched once.
pub const READY: &str = "ready";
/// The file was fetched and is gone.
pub const FETCHED: &str = "fetched";

const DAY: Millis = 86_400_000;

/// A number of exports; 1 when the parameter is missing.
pub fn number(code: &str, today: Day) -> i64 {
    Params::national().whole(code, &[], today).unwrap_or(1)
}

/// The role whose task it is to approve an export of somebody with these roles: head, reviewer, county officer.
pub fn approver<'a>(roles: impl Iterator<Item = &'a str>) -> &'static str {
    let held: Vec<&str> = roles.collect();
    if held.iter().any(|r| matches!(*r, "TR" | "CA")) {
        "CA"
    } else if held.contains(&"SH") {
        "TR"
    } else {
        "SH"
    }
}

/// Refuses an export that may not be made (again) now.
///
/// # Errors
/// A sentence for each state.
pub fn may_make(row: &list_export::Model, now: Millis, today: Day) -> Outcome<()> {
    let refused = |rule, zh: &str, en: &str| Err(Problem::refused(rule, zh, en));
    let age = now - row.decided_at.unwrap_or(row.created_at);
    match row.state.as_str() {
        WAITING => refused(
            "export.waiting",
            "这份导出还在等待审批，审批通过后才能生成。",
            "This export waits for approval; it can be made once it is approved.",
        ),
        REFUSED => refused(
            "export.refused",
            "这份导出未获批准。请核对用途和范围后重新申请。",
            "This export was not approved. Check purpose and extent and ask again.",
        ),
        FETCHED => refused(
            "export.fetched",
            "这份导出已经下载过。需要新的数据请重新导出。",
            "This export was fetched already. Export again for new data.",
        ),
        _ if age > number("export.approval_days", today) * DAY => {
            refused("export.expired", "这份导出已超过有效期，请重新申请。", "This export is too old; ask again.")
        }
        READY if row.link_until.is_some_and(|until| until > now) => {
            refused("export.ready", "文件已经生成，请在有效期内下载。", "The file is there already; fetch it in time.")
        }
        _ => Ok(()),
    }
}

/// An instant in Beijing to the minute.
pub fn beijing(at: Millis) -> String {
    let eight_hours = 8 * 3_600_000;
    chrono::DateTime::from_timestamp_millis(at + eight_hours)
        .map(|t| t.format("%Y-%m-%d %H:%M").to_string())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_person_stands_above_or_beside_whoever_asks() {
        for (roles, role) in
            [(&["SW"][..], "SH"), (&["TW", "SW"], "SH"), (&["SH", "TW", "SW"], "TR"), (&["TR"], "CA"), (&["CA"], "CA")]
        {
            assert_eq!(approver(roles.iter().copied()), role, "{roles:?}");
        }
    }

    #[test]
    fn a_time_on_a_sheet_is_that_of_beijing() {
        assert_eq!(beijing(1_795_395_600_000), "2026-11-23 09:00");
    }
}
