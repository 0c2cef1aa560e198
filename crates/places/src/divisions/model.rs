//! What a division event may be as it comes in: pure checks. What it comes to stands in [`super::plan`].

use kernel::{Day, Field, codes};
use serde::{Deserialize, Serialize};

/// The longest name of a division.
const NAME: usize = 50;
/// The longest document number.
const APPROVAL: usize = 200;
/// The longest remark.
const NOTE: usize = 4_000;
/// The most divisions of one event.
const MOST: usize = 50;
/// The most new divisions of one split.
const MOST_PARTS: usize = 20;
/// The most villages of one split or boundary change.
const MOST_VILLAGES: usize = 500;
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
    /// 改设（撤乡设镇、撤镇设街道、村改居、撤县设区）
    Convert,
    /// 隶属变更
    Reparent,
    /// 合并
    Merge,
    /// 分设
    Split,
    /// 界线变更
    Boundary,
    /// 撤销
    Abolish,
    /// 设立
    Create,
}

impl EventKind {
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Rename => "rename",
            Self::Recode => "recode",
            Self::Convert => "convert",
            Self::Reparent => "reparent",
            Self::Merge => "merge",
            Self::Split => "split",
            Self::Boundary => "boundary",
            Self::Abolish => "abolish",
            Self::Create => "create",
        }
    }
}

/// A division that a split sets up.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPart {
    /// Name.
    pub name: String,
    /// Kind, see code list `division_kind`; that of the division that is split when left out.
    pub kind: Option<String>,
    /// Civil-affairs code.
    pub code_civil: Option<String>,
    /// Statistical code.
    pub code_stat: Option<String>,
    /// Township: codes of the villages it gets.
    #[serde(default)]
    pub villages: Vec<String>,
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
    /// Codes of the divisions concerned; empty for a division that is set up.
    #[serde(default)]
    pub from: Vec<String>,
    /// Merge: the division they merge into. Reparent: the new parent. Boundary: the division that gains. Abolish: the only
    /// successor, which takes over all. Create: the parent. Otherwise empty or the same as `from`.
    pub to: Option<String>,
    /// New name.
    pub new_name: Option<String>,
    /// New kind, see code list `division_kind`.
    pub new_kind: Option<String>,
    /// New civil-affairs code.
    pub new_code_civil: Option<String>,
    /// New statistical code.
    pub new_code_stat: Option<String>,
    /// Split: the divisions that are set up.
    #[serde(default)]
    pub parts: Vec<NewPart>,
    /// Boundary change of townships: codes of the villages that change over.
    #[serde(default)]
    pub villages: Vec<String>,
    /// Abolished village with several successors: their codes; what lies in it is assigned to them one by one.
    #[serde(default)]
    pub successors: Vec<String>,
    /// Split: the division that is split ends.
    #[serde(default)]
    pub closes: bool,
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
    code(&mut faults, "new_code_civil", new.new_code_civil.as_ref());
    code(&mut faults, "new_code_stat", new.new_code_stat.as_ref());
    kind(&mut faults, "new_kind", new.new_kind.as_deref());
    part_faults(new, &mut faults);
    faults.extend(unused(new));
    faults.extend(count_faults(new));
    faults
}

fn code(faults: &mut Vec<Field>, field: &str, code: Option<&String>) {
    if let Some(code) = code
        && !(matches!(code.len(), 2 | 4 | 6 | 9 | 12) && code.bytes().all(|b| b.is_ascii_digit()))
    {
        faults.push(bad_code(field));
    }
}

fn kind(faults: &mut Vec<Field>, field: &str, kind: Option<&str>) {
    if kind.is_some_and(|k| k == "filler" || !codes::has("division_kind", k)) {
        faults.push(Field::unknown_code(field, "division_kind"));
    }
}

fn part_faults(new: &NewEvent, faults: &mut Vec<Field>) {
    for (at, part) in new.parts.iter().enumerate() {
        text(faults, &format!("parts[{at}].name"), &part.name, NAME);
        code(faults, &format!("parts[{at}].code_civil"), part.code_civil.as_ref());
        code(faults, &format!("parts[{at}].code_stat"), part.code_stat.as_ref());
        kind(faults, &format!("parts[{at}].kind"), part.kind.as_deref());
        if part.code_civil.is_none() && part.code_stat.is_none() {
            faults.push(Field::required(format!("parts[{at}].code_civil")));
        }
    }
    let villages = new.villages.len() + new.parts.iter().map(|p| p.villages.len()).sum::<usize>();
    if new.parts.len() > MOST_PARTS || villages > MOST_VILLAGES || new.successors.len() > MOST_PARTS {
        faults.push(Field::new(
            if new.parts.is_empty() { "villages" } else { "parts" },
            "too_many",
            format!("一次最多新设 {MOST_PARTS} 个区划、划转 {MOST_VILLAGES} 个村，请分次登记。"),
            format!(
                "At most {MOST_PARTS} divisions and {MOST_VILLAGES} villages at once; record them one after another."
            ),
        ));
    }
}

/// The first thing that was sent and that this kind of event does not read.
fn unused(new: &NewEvent) -> Option<Field> {
    use EventKind as K;
    let kind = new.kind;
    let given = [
        ("new_kind", new.new_kind.is_some() && !matches!(kind, K::Convert | K::Create)),
        ("parts", !new.parts.is_empty() && kind != K::Split),
        ("villages", !new.villages.is_empty() && kind != K::Boundary),
        ("successors", !new.successors.is_empty() && kind != K::Abolish),
        ("closes", new.closes && kind != K::Split),
        ("new_name", new.new_name.is_some() && matches!(kind, K::Split | K::Boundary | K::Abolish)),
    ];
    let (field, _) = given.into_iter().find(|(_, given)| *given)?;
    Some(Field::new(
        field,
        "not_used",
        "这种变更不需要此项，请留空。",
        "This kind of event does not use it; leave it empty.",
    ))
}

fn text(faults: &mut Vec<Field>, field: &str, text: &str, most: usize) {
    if text.trim().is_empty() {
        faults.push(Field::required(field));
    } else if text.trim().chars().count() > most {
        faults.push(Field::too_long(field, most));
    } else if text.contains(['\n', '\r', '\t']) {
        faults.push(Field::new(field, "control_character", "请写在一行内，不要换行。", "Write it in one line."));
    }
}

pub(super) fn bad_code(field: &str) -> Field {
    Field::new(
        field,
        "format",
        "代码位数不对：省 2 位、市 4 位、县 6 位、乡 9 位、村 12 位数字。",
        "A code has 2, 4, 6, 9 or 12 digits: province, prefecture, county, township, village.",
    )
}

/// What every kind of event needs, by the number of divisions it names.
fn count_faults(new: &NewEvent) -> Option<Field> {
    use EventKind as K;
    let other_target = new.to.as_ref().is_some_and(|to| new.from.first() != Some(to));
    let lacks = |field: &str| Some(Field::required(field));
    match (new.kind, new.from.len()) {
        (K::Create, 0) => create_faults(new),
        (K::Create, _) => Some(Field::new(
            "from",
            "not_used",
            "新设区划不是由别的区划变来的，请留空；由原区划分出的请登记“分设”。",
            "A division that is set up comes from none; record a split otherwise.",
        )),
        (_, 0) => lacks("from"),
        (_, n) if n > MOST => Some(Field::new(
            "from",
            "too_many",
            format!("一次最多登记 {MOST} 个区划，请分次登记。"),
            format!("At most {MOST} divisions at once; record them one after another."),
        )),
        (K::Merge | K::Reparent, _) if new.to.is_none() => lacks("to"),
        (K::Merge | K::Reparent, _) => None,
        (_, n) if n > 1 => Some(Field::new(
            "from",
            "too_many",
            "这种变更一次只登记一个区划。",
            "This kind of event concerns one division.",
        )),
        (K::Boundary, _) if new.to.is_none() => lacks("to"),
        (K::Abolish, _) if new.to.is_some() && !new.successors.is_empty() => Some(Field::new(
            "successors",
            "choose",
            "“全部并入一个区划”和“分给几个区划”只能选一种。",
            "Name one successor that takes all, or several, not both.",
        )),
        (K::Boundary | K::Abolish, _) => None,
        (_, _) if other_target => Some(Field::new(
            "to",
            "not_used",
            "这种变更不需要目标区划，请留空。",
            "This kind of event has no target; leave it empty.",
        )),
        (K::Rename, _) if new.new_name.is_none() => lacks("new_name"),
        (K::Convert, _) if new.new_kind.is_none() => lacks("new_kind"),
        (K::Recode, _) if new.new_code_civil.is_none() && new.new_code_stat.is_none() => lacks("new_code_civil"),
        (K::Split, _) if new.parts.len() < if new.closes { 2 } else { 1 } => lacks("parts"),
        _ => None,
    }
}

fn create_faults(new: &NewEvent) -> Option<Field> {
    let lacking = [
        ("to", new.to.is_none()),
        ("new_name", new.new_name.is_none()),
        ("new_kind", new.new_kind.is_none()),
        ("new_code_civil", new.new_code_civil.is_none() && new.new_code_stat.is_none()),
    ];
    lacking.into_iter().find(|(_, lacks)| *lacks).map(|(field, _)| Field::required(field))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: EventKind) -> NewEvent {
        NewEvent {
            id: uuid::Uuid::nil(),
            kind,
            effective_on: kernel::day::parse("2026-01-01").unwrap(),
            approval_no: "湘民函〔2026〕1号".into(),
            note: None,
            from: vec!["430703100".into()],
            to: None,
            new_name: None,
            new_kind: None,
            new_code_civil: None,
            new_code_stat: None,
            parts: Vec::new(),
            villages: Vec::new(),
            successors: Vec::new(),
            closes: false,
        }
    }

    fn codes(new: &NewEvent) -> Vec<(String, &'static str)> {
        let today = kernel::day::parse("2026-11-23").unwrap();
        faults(new, today).into_iter().map(|f| (f.field, f.code)).collect()
    }

    #[test]
    fn an_event_says_what_it_lacks() {
        let lacks = [
            (EventKind::Rename, "new_name"),
            (EventKind::Recode, "new_code_civil"),
            (EventKind::Convert, "new_kind"),
            (EventKind::Merge, "to"),
            (EventKind::Reparent, "to"),
            (EventKind::Boundary, "to"),
            (EventKind::Split, "parts"),
        ];
        for (kind, field) in lacks {
            assert_eq!(codes(&event(kind)), [(field.to_owned(), "required")], "{kind:?}");
        }
        assert_eq!(codes(&event(EventKind::Create)), [("from".to_owned(), "not_used")]);
        assert_eq!(codes(&event(EventKind::Abolish)), []);
        let mut new = event(EventKind::Rename);
        new.new_name = Some(" ".into());
        new.effective_on = kernel::day::parse("2026-11-24").unwrap();
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
        new.effective_on = kernel::day::parse("0001-01-01").unwrap();
        assert!(codes(&new).contains(&("effective_on".to_owned(), "range")));
    }

    #[test]
    fn what_a_kind_does_not_read_is_refused_rather_than_lost() {
        let mut new = event(EventKind::Merge);
        new.to = Some("430703101".into());
        new.villages = vec!["430703100200".into()];
        assert_eq!(codes(&new), [("villages".to_owned(), "not_used")]);
        let mut new = event(EventKind::Abolish);
        new.to = Some("430703101".into());
        new.successors = vec!["430703102".into()];
        assert_eq!(codes(&new), [("successors".to_owned(), "choose")]);
        let mut new = event(EventKind::Convert);
        new.new_kind = Some("castle".into());
        assert_eq!(codes(&new).len(), 1);
    }

    #[test]
    fn a_split_that_ends_the_old_division_needs_two_new_ones_with_codes() {
        let part = |code: Option<&str>| NewPart {
            name: "新社区".into(),
            kind: None,
            code_civil: None,
            code_stat: code.map(str::to_owned),
            villages: Vec::new(),
        };
        let mut new = event(EventKind::Split);
        new.parts = vec![part(Some("430703100201"))];
        assert_eq!(codes(&new), []);
        new.closes = true;
        assert_eq!(codes(&new), [("parts".to_owned(), "required")]);
        new.parts.push(part(None));
        assert_eq!(codes(&new), [("parts[1].code_civil".to_owned(), "required")]);
    }
}
