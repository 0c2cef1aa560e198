//! What a division event comes to, worked out over the divisions it names; pure rules.
//!
//! Every kind is put together from five effects: a division is *rewritten* (name, kind, codes), *set up*, *moved* below
//! another parent with all that lies in it, *ended* with all its rows going to one that stays, or *opened up*: what lies in
//! it can be placed by no rule and waits in the queue of unassigned until people have placed every row.

use kernel::{Day, Field, Level, Outcome, Problem, codes, place::DivisionId};

use super::{
    model::{EventKind, NewEvent, bad_code},
    row::division,
};

/// The divisions an event names, found inside the reach.
#[derive(Debug, Clone, Default)]
pub struct Named {
    /// `from`.
    pub from: Vec<division::Model>,
    /// `to`.
    pub to: Option<division::Model>,
    /// `villages`.
    pub villages: Vec<division::Model>,
    /// Villages of each part.
    pub parts: Vec<Vec<division::Model>>,
    /// `successors`.
    pub successors: Vec<division::Model>,
    /// Whether `to` has open divisions at the level of `from` right below it.
    pub to_has_level: bool,
}

/// A division to be set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fresh {
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: String,
    /// Level.
    pub level: i32,
    /// Civil-affairs code.
    pub code_civil: Option<String>,
    /// Statistical code.
    pub code_stat: Option<String>,
    /// Field that names it, for a code that is in use.
    pub field: String,
}

/// A division an event gives to, known or just set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Under {
    /// It exists.
    Known(Box<division::Model>),
    /// The nth of the new ones.
    Fresh(usize),
}

/// What nobody but people can place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Villages that may take it; none means any of the county.
    pub targets: Vec<Under>,
    /// The source ends when nothing is left.
    pub closes: bool,
}

/// What an event comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Divisions that end and give everything to `stays`.
    pub closed: Vec<division::Model>,
    /// The division the event is about, as it is before: the one that stays, is rewritten or split, or the parent.
    pub stays: division::Model,
    /// Whether it was named among `from`.
    pub stays_named: bool,
    /// Its name afterwards.
    pub name: String,
    /// Its kind afterwards.
    pub kind: String,
    /// Its civil-affairs code afterwards.
    pub code_civil: Option<String>,
    /// Its statistical code afterwards.
    pub code_stat: Option<String>,
    /// Divisions that are set up, and below what.
    pub fresh: Vec<Fresh>,
    /// The parent of those.
    pub fresh_below: DivisionId,
    /// Divisions that get another parent.
    pub moved: Vec<(division::Model, Under)>,
    /// `stays` ends; its rows that lie in no village go to the first of the new ones.
    pub heir: bool,
    /// `stays` ends and has nothing to give.
    pub ends: bool,
    /// What lies in `stays` waits for people.
    pub opened: Option<Opened>,
}

impl Change {
    fn about(stays: division::Model) -> Self {
        Self {
            closed: Vec::new(),
            stays_named: true,
            name: stays.name.clone(),
            kind: stays.kind.clone(),
            code_civil: stays.code_civil.clone(),
            code_stat: stays.code_stat.clone(),
            fresh: Vec::new(),
            fresh_below: stays.parent_id,
            moved: Vec::new(),
            heir: false,
            ends: false,
            opened: None,
            stays,
        }
    }

    /// Whether name, kind or codes of the one that stays change.
    pub fn is_rewritten(&self) -> bool {
        self.name != self.stays.name
            || self.kind != self.stays.kind
            || self.code_civil != self.stays.code_civil
            || self.code_stat != self.stays.code_stat
    }

    /// Every division the event touches and that must be open.
    pub fn touched(&self) -> impl Iterator<Item = &division::Model> {
        let goals = self.moved.iter().map(|(_, under)| under);
        let targets = self.opened.iter().flat_map(|o| o.targets.iter());
        let known = goals.chain(targets).filter_map(|u| match u {
            Under::Known(division) => Some(&**division),
            Under::Fresh(_) => None,
        });
        self.closed.iter().chain([&self.stays]).chain(self.moved.iter().map(|(d, _)| d)).chain(known)
    }
}

/// Works out an event over the divisions it names; refuses what cannot be.
pub fn arrange(new: &NewEvent, named: Named) -> Outcome<Change> {
    let change = match new.kind {
        EventKind::Rename | EventKind::Recode | EventKind::Convert => rewritten(new, first(&named)?)?,
        EventKind::Merge => merged(new, named)?,
        EventKind::Reparent => reparented(new, named)?,
        EventKind::Split => split(new, named)?,
        EventKind::Boundary => boundary(named)?,
        EventKind::Abolish => abolished(named)?,
        EventKind::Create => created(new, named)?,
    };
    for division in change.touched() {
        is_open(division)?;
    }
    // A parent that only takes in may have been renamed since; what ends, moves or is rewritten may not.
    let parent_only = new.kind == EventKind::Create;
    let own = change.closed.iter().chain((!parent_only).then_some(&change.stays));
    for division in own.chain(change.moved.iter().map(|(d, _)| d)) {
        not_later(division, new.effective_on)?;
    }
    for division in change.touched() {
        begun(division, new.effective_on)?;
    }
    fitting(new, &change)?;
    Ok(change)
}

fn first(named: &Named) -> Outcome<division::Model> {
    named.from.first().cloned().ok_or_else(|| Problem::invalid(Field::required("from")))
}

fn target(named: &Named) -> Outcome<division::Model> {
    named.to.clone().ok_or_else(|| Problem::invalid(Field::required("to")))
}

fn level_of(division: &division::Model) -> Level {
    Level::from_number(division.level).unwrap_or(Level::Village)
}

/// Rename, recode, convert: one division, same id.
fn rewritten(new: &NewEvent, stays: division::Model) -> Outcome<Change> {
    let mut change = Change::about(stays);
    put(new, &mut change);
    if let Some(kind) = &new.new_kind {
        of_level("new_kind", kind, change.stays.level)?;
        change.kind.clone_from(kind);
    }
    if !change.is_rewritten() {
        let field = match new.kind {
            EventKind::Rename => "new_name",
            EventKind::Convert => "new_kind",
            _ => "new_code_civil",
        };
        return Err(Problem::invalid(Field::new(
            field,
            "unchanged",
            "与现在的内容相同，没有需要变更的。",
            "This is what it is already; nothing would change.",
        )));
    }
    Ok(change)
}

fn put(new: &NewEvent, change: &mut Change) {
    if let Some(name) = &new.new_name {
        name.trim().clone_into(&mut change.name);
    }
    if new.new_code_civil.is_some() {
        change.code_civil.clone_from(&new.new_code_civil);
    }
    if new.new_code_stat.is_some() {
        change.code_stat.clone_from(&new.new_code_stat);
    }
}

fn merged(new: &NewEvent, named: Named) -> Outcome<Change> {
    let stays = target(&named)?;
    let mut change = Change::about(stays);
    put(new, &mut change);
    gathered(&mut change, named.from)?;
    Ok(change)
}

/// Puts the divisions that end into a change whose `stays` takes them in.
fn gathered(change: &mut Change, from: Vec<division::Model>) -> Outcome<()> {
    let stays = &change.stays;
    change.stays_named = from.iter().any(|d| d.id == stays.id);
    let mut closed: Vec<division::Model> = from.into_iter().filter(|d| d.id != stays.id).collect();
    closed.sort_by_key(|d| d.id);
    let many = closed.len();
    closed.dedup_by_key(|d| d.id);
    if closed.len() != many || closed.is_empty() {
        return Err(Problem::invalid(Field::new(
            "from",
            "repeated",
            "被合并的区划重复，或只有目标区划本身，请重新选择。",
            "A division is named twice, or nothing but the target is; choose again.",
        )));
    }
    for division in &closed {
        may_merge(division, stays)?;
    }
    change.closed = closed;
    Ok(())
}

fn may_merge(division: &division::Model, stays: &division::Model) -> Outcome<()> {
    if !matches!(level_of(stays), Level::Township | Level::Village) {
        return Err(low_only("division.merge_level", "合并", "merged"));
    }
    if division.level != stays.level || division.parent_id != stays.parent_id {
        return Err(Problem::refused(
            "division.merge_apart",
            format!("“{}”与“{}”不在同一上级之下或层级不同，不能合并；可先登记隶属变更。", division.name, stays.name),
            format!(
                "{} and {} are not of one level under one parent; record a change of parent first.",
                division.name, stays.name
            ),
        ));
    }
    Ok(())
}

fn low_only(rule: &'static str, zh: &str, en: &str) -> Problem {
    Problem::refused(
        rule,
        format!("目前只能{zh}乡镇（街道）和村（社区）。"),
        format!("Only townships and villages can be {en}."),
    )
}

fn reparented(new: &NewEvent, named: Named) -> Outcome<Change> {
    let to = target(&named)?;
    let mut change = Change::about(first(&named)?);
    put(new, &mut change);
    for division in &named.from {
        may_hang(division, &to, named.to_has_level)?;
        change.moved.push((division.clone(), Under::Known(Box::new(to.clone()))));
    }
    once(&mut change)?;
    if change.moved.len() > 1 && change.is_rewritten() {
        return Err(Problem::invalid(Field::new(
            "new_name",
            "choose",
            "一次变更多个区划时不能同时改名或改代码，请分次登记。",
            "Name and codes can change with one division at a time; record them one after another.",
        )));
    }
    Ok(change)
}

/// A division hangs below the level above its own, or where its equals hang already (东莞 has no counties).
fn may_hang(division: &division::Model, to: &division::Model, has_level: bool) -> Outcome<()> {
    if division.parent_id == to.id {
        return Err(Problem::invalid(Field::new(
            "to",
            "unchanged",
            format!("“{}”已经隶属“{}”。", division.name, to.name),
            format!("{} hangs below {} already.", division.name, to.name),
        )));
    }
    if division.level < Level::County.number()
        || to.level >= division.level
        || (to.level + 1 != division.level && !has_level)
    {
        return Err(Problem::refused(
            "division.parent_level",
            format!("“{}”不能直接隶属“{}”，请核对上级的层级。", division.name, to.name),
            format!("{} cannot hang right below {}; check the level.", division.name, to.name),
        ));
    }
    Ok(())
}

/// No division may be moved twice.
fn once(change: &mut Change) -> Outcome<()> {
    change.moved.sort_by_key(|(d, _)| d.id);
    let many = change.moved.len();
    change.moved.dedup_by_key(|(d, _)| d.id);
    if change.moved.len() == many {
        return Ok(());
    }
    Err(Problem::invalid(Field::new(
        "villages",
        "repeated",
        "同一个区划被选了两次，请重新选择。",
        "A division is named twice; choose again.",
    )))
}

fn split(new: &NewEvent, named: Named) -> Outcome<Change> {
    let stays = first(&named)?;
    if !matches!(level_of(&stays), Level::Township | Level::Village) {
        return Err(low_only("division.split_level", "分设", "split"));
    }
    let mut change = Change::about(stays.clone());
    for (at, part) in new.parts.iter().enumerate() {
        let kind = part.kind.clone().unwrap_or_else(|| stays.kind.clone());
        of_level(&format!("parts[{at}].kind"), &kind, stays.level)?;
        change.fresh.push(Fresh {
            name: part.name.trim().to_owned(),
            kind,
            level: stays.level,
            code_civil: part.code_civil.clone(),
            code_stat: part.code_stat.clone(),
            field: format!("parts[{at}]"),
        });
    }
    if level_of(&stays) == Level::Village {
        if named.parts.iter().any(|p| !p.is_empty()) {
            return Err(Problem::invalid(Field::new(
                "parts",
                "not_used",
                "村（社区）分设不划转村，请留空；人员逐一归属。",
                "A village has no villages below it; people are assigned one by one.",
            )));
        }
        let mut targets: Vec<Under> = (0..change.fresh.len()).map(Under::Fresh).collect();
        if !new.closes {
            targets.push(Under::Known(Box::new(stays)));
        }
        change.opened = Some(Opened { targets, closes: new.closes });
        return Ok(change);
    }
    for (at, villages) in named.parts.into_iter().enumerate() {
        for village in villages {
            belongs(&village, &stays, &format!("parts[{at}].villages"))?;
            change.moved.push((village, Under::Fresh(at)));
        }
    }
    once(&mut change)?;
    if new.closes && usize::try_from(stays.children).unwrap_or(0) != change.moved.len() {
        return Err(left_over(&stays));
    }
    change.heir = new.closes;
    Ok(change)
}

fn left_over(division: &division::Model) -> Problem {
    Problem::refused(
        "division.not_empty",
        format!("“{}”下还有村（社区）没有安排去向，请先全部安排，再撤销。", division.name),
        format!("Villages of {} have no new place yet; place all of them first.", division.name),
    )
}

fn belongs(village: &division::Model, township: &division::Model, field: &str) -> Outcome<()> {
    if village.level == Level::Village.number() && village.parent_id == township.id {
        return Ok(());
    }
    Err(Problem::invalid(Field::new(
        field,
        "elsewhere",
        format!("“{}”不是“{}”下的村（社区）。", village.name, township.name),
        format!("{} is no village of {}.", village.name, township.name),
    )))
}

fn boundary(named: Named) -> Outcome<Change> {
    let (from, to) = (first(&named)?, target(&named)?);
    let level = level_of(&from);
    if !matches!(level, Level::Township | Level::Village) {
        return Err(low_only("division.boundary_level", "调整界线的", "changed in their boundary"));
    }
    if from.level != to.level || from.id == to.id || from.county_id != to.county_id {
        return Err(Problem::refused(
            "division.boundary_apart",
            format!("“{}”与“{}”应是同一县（区）内两个同级区划；跨县请登记隶属变更。", from.name, to.name),
            format!("{} and {} must be two of one level in one county.", from.name, to.name),
        ));
    }
    let mut change = Change::about(from.clone());
    if level == Level::Village {
        if !named.villages.is_empty() {
            return Err(Problem::invalid(Field::new(
                "villages",
                "not_used",
                "村与村之间调整界线不划转村，请留空；人员逐一归属。",
                "Between villages no village changes over; people are assigned one by one.",
            )));
        }
        let targets = [to, from].map(|d| Under::Known(Box::new(d))).to_vec();
        change.opened = Some(Opened { targets, closes: false });
        return Ok(change);
    }
    if named.villages.is_empty() {
        return Err(Problem::invalid(Field::required("villages")));
    }
    for village in named.villages {
        belongs(&village, &from, "villages")?;
        change.moved.push((village, Under::Known(Box::new(to.clone()))));
    }
    once(&mut change)?;
    Ok(change)
}

fn abolished(named: Named) -> Outcome<Change> {
    let from = first(&named)?;
    if !matches!(level_of(&from), Level::Township | Level::Village) {
        return Err(low_only("division.abolish_level", "撤销", "abolished"));
    }
    if let Some(to) = named.to {
        let mut change = Change::about(to);
        gathered(&mut change, vec![from])?;
        return Ok(change);
    }
    let mut change = Change::about(from.clone());
    if level_of(&from) == Level::Township {
        if from.children > 0 || !named.successors.is_empty() {
            return Err(left_over(&from));
        }
        change.ends = true;
        return Ok(change);
    }
    for successor in &named.successors {
        let village = successor.level == Level::Village.number();
        if !village || successor.id == from.id || successor.county_id != from.county_id {
            return Err(Problem::invalid(Field::new(
                "successors",
                "elsewhere",
                format!("“{}”不是同一县（区）的其他村（社区）。", successor.name),
                format!("{} is no other village of the county.", successor.name),
            )));
        }
    }
    let targets = named.successors.into_iter().map(|d| Under::Known(Box::new(d))).collect();
    change.opened = Some(Opened { targets, closes: true });
    Ok(change)
}

fn created(new: &NewEvent, named: Named) -> Outcome<Change> {
    let parent = target(&named)?;
    let kind = new.new_kind.clone().unwrap_or_default();
    let level = level_of_kind(&kind);
    if !matches!(level, Some(Level::Township | Level::Village)) {
        return Err(low_only("division.create_level", "设立", "set up"));
    }
    let level = level.map_or(5, Level::number);
    if parent.level >= level || (parent.level + 1 != level && !named.to_has_level) {
        return Err(Problem::refused(
            "division.parent_level",
            format!("“{}”下不能直接设立这一级的区划，请核对上级。", parent.name),
            format!("A division of this level cannot hang right below {}.", parent.name),
        ));
    }
    let mut change = Change::about(parent);
    change.stays_named = false;
    change.fresh_below = change.stays.id;
    change.fresh.push(Fresh {
        name: new.new_name.as_deref().unwrap_or_default().trim().to_owned(),
        kind,
        level,
        code_civil: new.new_code_civil.clone(),
        code_stat: new.new_code_stat.clone(),
        field: String::new(),
    });
    Ok(change)
}

/// The level of a kind, by the code list.
pub fn level_of_kind(kind: &str) -> Option<Level> {
    let item = codes::list("division_kind")?.get(kind)?;
    Level::from_number(item.level.as_deref()?.parse().ok()?)
}

fn of_level(field: &str, kind: &str, level: i32) -> Outcome<()> {
    if level_of_kind(kind).map(Level::number) == Some(level) {
        return Ok(());
    }
    Err(Problem::invalid(Field::new(
        field,
        "level",
        "这种类型与区划的层级不符，请重新选择。",
        "This kind is of another level; choose again.",
    )))
}

fn is_open(division: &division::Model) -> Outcome<()> {
    if division.valid_to.is_some() || division.kind == "filler" {
        return Err(Problem::refused(
            "division.closed",
            format!("“{}”已停用，不能再变更，请选择现行区划。", division.name),
            format!("{} is closed; choose a division of today.", division.name),
        ));
    }
    Ok(())
}

fn not_later(division: &division::Model, on: Day) -> Outcome<()> {
    if division.valid_from.is_some_and(|from| from > on) { Err(later_event(&division.name)) } else { Ok(()) }
}

fn begun(division: &division::Model, on: Day) -> Outcome<()> {
    if division.begun_on.is_some_and(|from| from > on) { Err(later_event(&division.name)) } else { Ok(()) }
}

/// The refusal of an event that lies before one already recorded.
pub fn later_event(name: &str) -> Problem {
    Problem::refused(
        "division.later_event",
        format!("“{name}”在此日期之后已有变更记录，请核对生效日期。"),
        format!("{name} has an event after this day; check the day."),
    )
}

/// Codes must have the length of their level.
fn fitting(new: &NewEvent, change: &Change) -> Outcome<()> {
    let length = |level: i32| match level {
        1 => 2,
        2 => 4,
        3 => 6,
        4 => 9,
        _ => 12,
    };
    let own = change.fresh.first().filter(|_| new.kind == EventKind::Create).map_or(change.stays.level, |f| f.level);
    let mut given = vec![
        ("new_code_civil".to_owned(), &new.new_code_civil, own),
        ("new_code_stat".to_owned(), &new.new_code_stat, own),
    ];
    for fresh in change.fresh.iter().filter(|f| !f.field.is_empty()) {
        given.push((format!("{}.code_civil", fresh.field), &fresh.code_civil, fresh.level));
        given.push((format!("{}.code_stat", fresh.field), &fresh.code_stat, fresh.level));
    }
    for (field, code, level) in given {
        if code.as_ref().is_some_and(|c| c.len() != length(level)) {
            return Err(Problem::invalid(bad_code(&field)));
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
