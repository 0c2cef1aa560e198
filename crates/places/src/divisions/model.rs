//! What a division event may be, and what it comes to: pure rules.

use kernel::{Day, Field, Level, Outcome, Problem};
use serde::{Deserialize, Serialize};

use super::row::division;

/// The longest name of a division.
const NAME: usize = 50;
/// The longest document number.
const APPROVAL: usize = 200;
/// The longest remark.
const NOTE: usize = 4_000;
/// The most divisions of one event.
const MOST: usize = 50;
/// Nothing is dated before the founding of the state.
const FIRST_DAY: Option<Day> = Day::from_ymd_opt(1949, 10, 1);

/// Kinds of events that can be recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// 更名
    Rename,
    /// 代码变更
    Recode,
    /// 合并
    Merge,
}

impl EventKind {
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Rename => "rename",
            Self::Recode => "recode",
            Self::Merge => "merge",
        }
    }
}

/// A division event as it is sent.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEvent {
    /// UUIDv7 made by the client.
    pub id: uuid::Uuid,
    /// Kind.
    pub kind: EventKind,
    /// First day on which it holds; today or earlier.
    pub effective_on: chrono::NaiveDate,
    /// Number of the approving document.
    pub approval_no: String,
    /// Remark.
    pub note: Option<String>,
    /// Codes of the divisions concerned.
    pub from: Vec<String>,
    /// Merge: code of the division they merge into. Otherwise empty or the same as `from`.
    pub to: Option<String>,
    /// New name.
    pub new_name: Option<String>,
    /// New civil-affairs code.
    pub new_code_civil: Option<String>,
    /// New statistical code.
    pub new_code_stat: Option<String>,
}

/// Everything that is wrong with an event before any division is looked at.
pub fn faults(new: &NewEvent, today: Day) -> Vec<Field> {
    let mut faults = Vec::new();
    if new.effective_on > today {
        faults.push(Field::new(
            "effective_on",
            "future",
            "生效日期不能晚于今天：请在生效当日或之后登记。",
            "The event must not lie in the future: record it on its day or later.",
        ));
    } else if FIRST_DAY.is_some_and(|first| new.effective_on < first) {
        faults.push(Field::new(
            "effective_on",
            "range",
            "生效日期过早，请核对批准文件。",
            "The day is too early; compare it with the document.",
        ));
    }
    text(&mut faults, "approval_no", &new.approval_no, APPROVAL);
    if new.note.as_ref().is_some_and(|n| n.chars().count() > NOTE) {
        faults.push(Field::too_long("note", NOTE));
    }
    if let Some(name) = &new.new_name {
        text(&mut faults, "new_name", name, NAME);
    }
    for (field, code) in [("new_code_civil", &new.new_code_civil), ("new_code_stat", &new.new_code_stat)] {
        if let Some(code) = code
            && !(matches!(code.len(), 2 | 4 | 6 | 9 | 12) && code.bytes().all(|b| b.is_ascii_digit()))
        {
            faults.push(bad_code(field));
        }
    }
    faults.extend(count_faults(new));
    faults
}

fn text(faults: &mut Vec<Field>, field: &'static str, text: &str, most: usize) {
    if text.trim().is_empty() {
        faults.push(Field::required(field));
    } else if text.trim().chars().count() > most {
        faults.push(Field::too_long(field, most));
    } else if text.contains(['\n', '\r', '\t']) {
        faults.push(Field::new(field, "control_character", "请写在一行内，不要换行。", "Write it in one line."));
    }
}

fn bad_code(field: &'static str) -> Field {
    Field::new(
        field,
        "format",
        "代码位数不对：省 2 位、市 4 位、县 6 位、乡 9 位、村 12 位数字。",
        "A code has 2, 4, 6, 9 or 12 digits: province, prefecture, county, township, village.",
    )
}

fn count_faults(new: &NewEvent) -> Option<Field> {
    let other_target = new.to.as_ref().is_some_and(|to| new.from.first() != Some(to));
    match (new.kind, new.from.len()) {
        (_, 0) => Some(Field::required("from")),
        (_, n) if n > MOST => Some(Field::new(
            "from",
            "too_many",
            format!("一次最多登记 {MOST} 个区划，请分次登记。"),
            format!("At most {MOST} divisions at once; record them one after another."),
        )),
        (EventKind::Merge, _) if new.to.is_none() => Some(Field::required("to")),
        (EventKind::Merge, _) => None,
        (_, n) if n > 1 => Some(Field::new(
            "from",
            "too_many",
            "更名和代码变更一次只登记一个区划。",
            "A rename or recode concerns one division.",
        )),
        (_, _) if other_target => Some(Field::new(
            "to",
            "not_used",
            "更名和代码变更不需要目标区划，请留空。",
            "A rename or recode has no target; leave it empty.",
        )),
        (EventKind::Rename, _) if new.new_name.is_none() => Some(Field::required("new_name")),
        (EventKind::Recode, _) if new.new_code_civil.is_none() && new.new_code_stat.is_none() => {
            Some(Field::required("new_code_civil"))
        }
        _ => None,
    }
}

/// What an event comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Divisions that end.
    pub closed: Vec<division::Model>,
    /// The division that stays, as it is before the event.
    pub stays: division::Model,
    /// Whether the one that stays was named among `from`.
    pub stays_named: bool,
    /// Its name afterwards.
    pub name: String,
    /// Its civil-affairs code afterwards.
    pub code_civil: Option<String>,
    /// Its statistical code afterwards.
    pub code_stat: Option<String>,
}

impl Change {
    /// Whether name or codes of the one that stays change.
    pub fn is_rewritten(&self) -> bool {
        self.name != self.stays.name
            || self.code_civil != self.stays.code_civil
            || self.code_stat != self.stays.code_stat
    }
}

/// Works out an event over the divisions it names; refuses what cannot be.
pub fn arrange(new: &NewEvent, from: Vec<division::Model>, to: Option<division::Model>) -> Outcome<Change> {
    let stays = match (new.kind, to, from.first()) {
        (EventKind::Merge, Some(to), _) => to,
        (_, _, Some(first)) => first.clone(),
        (_, _, None) => return Err(Problem::invalid(Field::required("from"))),
    };
    let stays_named = from.iter().any(|d| d.id == stays.id);
    let mut closed: Vec<division::Model> = from.into_iter().filter(|d| d.id != stays.id).collect();
    closed.sort_by_key(|d| d.id);
    let many = closed.len();
    closed.dedup_by_key(|d| d.id);
    if closed.len() != many || (new.kind == EventKind::Merge && closed.is_empty()) {
        return Err(Problem::invalid(Field::new(
            "from",
            "repeated",
            "被合并的区划重复，或只有目标区划本身，请重新选择。",
            "A division is named twice, or nothing but the target is; choose again.",
        )));
    }
    for division in closed.iter().chain([&stays]) {
        may_change(division, new.effective_on)?;
    }
    for division in &closed {
        may_merge(division, &stays)?;
    }
    let change = Change {
        name: new.new_name.as_ref().map_or_else(|| stays.name.clone(), |n| n.trim().to_owned()),
        code_civil: new.new_code_civil.clone().or_else(|| stays.code_civil.clone()),
        code_stat: new.new_code_stat.clone().or_else(|| stays.code_stat.clone()),
        closed,
        stays,
        stays_named,
    };
    fitting(new, &change)?;
    Ok(change)
}

fn may_change(division: &division::Model, on: Day) -> Outcome<()> {
    if division.valid_to.is_some() || division.kind == "filler" {
        return Err(Problem::refused(
            "division.closed",
            format!("“{}”已停用，不能再变更，请选择现行区划。", division.name),
            format!("{} is closed; choose a division of today.", division.name),
        ));
    }
    if division.valid_from.is_some_and(|from| from > on) {
        return Err(later_event(&division.name));
    }
    Ok(())
}

/// The refusal of an event that lies before one already recorded.
pub fn later_event(name: &str) -> Problem {
    Problem::refused(
        "division.later_event",
        format!("“{name}”在此日期之后已有变更记录，请核对生效日期。"),
        format!("{name} has an event after this day; check the day."),
    )
}

fn may_merge(division: &division::Model, stays: &division::Model) -> Outcome<()> {
    let level = Level::from_number(stays.level);
    if !matches!(level, Some(Level::Township | Level::Village)) {
        return Err(Problem::refused(
            "division.merge_level",
            "目前只能合并乡镇（街道）和村（社区）。",
            "Only townships and villages can be merged.",
        ));
    }
    if division.level != stays.level || division.parent_id != stays.parent_id {
        return Err(Problem::refused(
            "division.merge_apart",
            format!("“{}”与“{}”不在同一上级之下或层级不同，不能合并。", division.name, stays.name),
            format!("{} and {} are not of one level under one parent; they cannot merge.", division.name, stays.name),
        ));
    }
    Ok(())
}

fn fitting(new: &NewEvent, change: &Change) -> Outcome<()> {
    let length = match change.stays.level {
        1 => 2,
        2 => 4,
        3 => 6,
        4 => 9,
        _ => 12,
    };
    for (field, code) in [("new_code_civil", &new.new_code_civil), ("new_code_stat", &new.new_code_stat)] {
        if code.as_ref().is_some_and(|c| c.len() != length) {
            return Err(Problem::invalid(bad_code(field)));
        }
    }
    if new.kind != EventKind::Merge && !change.is_rewritten() {
        let field = if new.kind == EventKind::Rename { "new_name" } else { "new_code_civil" };
        return Err(Problem::invalid(Field::new(
            field,
            "unchanged",
            "与现在的内容相同，没有需要变更的。",
            "This is what it is already; nothing would change.",
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn town(id: i32, parent_id: i32) -> division::Model {
        division::Model {
            id,
            level: 4,
            kind: "town".into(),
            name: format!("镇{id}"),
            initials: "z".into(),
            code_civil: Some(format!("430703{id:03}")),
            code_stat: None,
            parent_id,
            province_id: 1,
            city_id: 2,
            county_id: parent_id,
            township_id: id,
            village_id: 0,
            flags: String::new(),
            counted: true,
            children: 3,
            valid_from: None,
            valid_to: None,
            rev: 1,
            audit_no: 0,
        }
    }

    fn day(text: &str) -> Day {
        kernel::day::parse(text).unwrap()
    }

    fn event(kind: EventKind) -> NewEvent {
        NewEvent {
            id: uuid::Uuid::nil(),
            kind,
            effective_on: day("2026-01-01"),
            approval_no: "湘民函〔2026〕1号".into(),
            note: None,
            from: vec!["430703100".into()],
            to: None,
            new_name: None,
            new_code_civil: None,
            new_code_stat: None,
        }
    }

    fn codes(new: &NewEvent) -> Vec<(String, &'static str)> {
        faults(new, day("2026-11-23")).into_iter().map(|f| (f.field, f.code)).collect()
    }

    #[test]
    fn an_event_says_what_it_lacks() {
        assert_eq!(codes(&event(EventKind::Rename)), [("new_name".to_owned(), "required")]);
        assert_eq!(codes(&event(EventKind::Recode)), [("new_code_civil".to_owned(), "required")]);
        assert_eq!(codes(&event(EventKind::Merge)), [("to".to_owned(), "required")]);
        let mut new = event(EventKind::Rename);
        new.new_name = Some(" ".into());
        new.effective_on = day("2026-11-24");
        new.approval_no = "长".repeat(201);
        new.new_code_stat = Some("43x".into());
        let found = codes(&new);
        for fault in [
            ("effective_on", "future"),
            ("approval_no", "too_long"),
            ("new_name", "required"),
            ("new_code_stat", "format"),
        ] {
            assert!(found.contains(&(fault.0.to_owned(), fault.1)), "{fault:?} in {found:?}");
        }
        new.effective_on = day("0001-01-01");
        assert!(codes(&new).contains(&("effective_on".to_owned(), "range")));
    }

    #[test]
    fn a_merge_needs_one_level_under_one_parent() {
        let new = event(EventKind::Merge);
        let rule = |r: Outcome<Change>| match r {
            Err(Problem::Refused(rule, _)) => rule,
            _ => "none",
        };
        assert_eq!(rule(arrange(&new, vec![town(10, 3)], Some(town(11, 4)))), "division.merge_apart");
        let mut county = town(10, 3);
        county.level = 3;
        assert_eq!(rule(arrange(&new, vec![county.clone()], Some(county.clone()))), "none");
        let mut other = county.clone();
        other.id = 12;
        assert_eq!(rule(arrange(&new, vec![county], Some(other))), "division.merge_level");
        let mut closed = town(10, 3);
        closed.valid_to = Some(day("2025-01-01"));
        assert_eq!(rule(arrange(&new, vec![closed], Some(town(11, 3)))), "division.closed");
        let mut changed = town(10, 3);
        changed.valid_from = Some(day("2026-02-01"));
        assert_eq!(rule(arrange(&new, vec![changed], Some(town(11, 3)))), "division.later_event");
        let change = arrange(&new, vec![town(11, 3), town(10, 3)], Some(town(11, 3))).unwrap();
        assert_eq!((change.closed.len(), change.stays.id, change.stays_named), (1, 11, true));
        assert!(arrange(&new, vec![town(10, 3), town(10, 3)], Some(town(11, 3))).is_err());
    }

    #[test]
    fn a_code_must_have_the_length_of_its_level() {
        let mut new = event(EventKind::Recode);
        new.new_code_civil = Some("430703".into());
        assert!(arrange(&new, vec![town(10, 3)], None).is_err());
        new.new_code_civil = Some("430703999".into());
        assert_eq!(arrange(&new, vec![town(10, 3)], None).unwrap().code_civil.as_deref(), Some("430703999"));
    }
}
