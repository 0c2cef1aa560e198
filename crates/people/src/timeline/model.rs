//! Words and order of timeline items. Pure.

use chrono::NaiveDate;
use kernel::{
    Day, Id, Millis,
    codes::{self, Lang},
    day,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    categories::row::category_assignment,
    handovers::{
        model::{ACCEPTED, DECLINED, WORKER},
        row::handover,
    },
    households::row::membership,
    ledger::row::ledger_transition,
    persons::row::person,
    visits::{
        VOID,
        row::{addendum, visit},
    },
};

/// Longest text of an item; the record itself has the rest.
const SHORT: usize = 200;

/// Place of an item in the timeline; later is larger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Key(pub NaiveDate, pub Millis, pub Uuid, pub u8);

/// One item before names are filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Where it stands.
    pub key: Key,
    /// When it was entered, as far as that is known.
    pub at: Millis,
    /// visit, addendum, ledger, category, household, handover or person.
    pub kind: &'static str,
    /// What happened, in a few words.
    pub title: String,
    /// More about it.
    pub text: String,
    /// Who did it, as far as that is known.
    pub actor: Option<Id>,
    /// The record behind it.
    pub ref_id: Id,
}

impl Item {
    fn new(kind: &'static str, on: Day, at: Millis, ref_id: Id, rank: u8) -> Self {
        let key = Key(on, at, ref_id, rank);
        Self { key, at, kind, title: String::new(), text: String::new(), actor: None, ref_id }
    }
}

fn say(lang: Lang, zh: &str, en: &str) -> String {
    match lang {
        Lang::Zh => zh.to_owned(),
        Lang::En => en.to_owned(),
    }
}

/// A visit with its addenda, which stand right behind it.
pub fn of_visit(visit: &visit::Model, addenda: &[addendum::Model], lang: Lang) -> Vec<Item> {
    let label = |list, code: &str| codes::label(list, code, lang).to_owned();
    let mut item = Item::new("visit", visit.visited_on, visit.created_at, visit.id, 0);
    let parts = [
        label("visit_kind", &visit.kind),
        label("visit_mode", &visit.mode),
        label("contact_result", &visit.contact_result),
    ];
    item.title = parts.join(" · ");
    if visit.state == VOID {
        item.title = format!("{} · {}", say(lang, "已作废", "Void"), item.title);
    }
    item.text = visit.summary.chars().take(SHORT).collect();
    item.actor = Some(visit.worker_id);
    let added = addenda.iter().map(|a| {
        let mut item = Item::new("addendum", visit.visited_on, visit.created_at.max(a.at), a.id, 1);
        item.at = a.at;
        item.title = say(lang, "补充记录", "Addendum");
        item.text = a.text.chars().take(SHORT).collect();
        item.actor = Some(a.author_id);
        item.ref_id = visit.id;
        item
    });
    std::iter::once(item).chain(added).collect()
}

/// A step in the ledger.
pub fn of_step(step: &ledger_transition::Model, lang: Lang) -> Item {
    let state = |code: &str| codes::label("ledger_state", code, lang).to_owned();
    let mut item =
        Item::new("ledger", step.on_day, step.at, step.entry_id, u8::try_from(step.serial).unwrap_or(u8::MAX));
    item.title = if step.from_state.is_empty() || step.from_state == step.to_state {
        state(&step.to_state)
    } else {
        format!("{} → {}", state(&step.from_state), state(&step.to_state))
    };
    if !step.grade.is_empty() {
        item.title.push_str(&format!(" · {}", codes::label("grade", &step.grade, lang)));
    }
    let reason = ["dismiss_reason", "suspend_reason", "exit_reason"]
        .into_iter()
        .find(|list| codes::has(list, &step.reason))
        .map_or(step.reason.as_str(), |list| codes::label(list, &step.reason, lang));
    item.text = [reason, step.note.as_str()].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" · ");
    item.actor = Some(step.actor_id);
    item
}

/// Begin and end of a category.
pub fn of_category(row: &category_assignment::Model, lang: Lang) -> Vec<Item> {
    let label = codes::category(&row.category).map_or(row.category.as_str(), |c| c.label(lang));
    let mut begin = Item::new("category", row.from_on, made_at(row.id, row.from_on), row.id, 0);
    begin.title = format!("{}{label}", say(lang, "认定类别：", "Category: "));
    begin.text = codes::label("evidence_kind", &row.evidence_kind, lang).to_owned();
    begin.actor = row.verified_by;
    let end = row.to_on.map(|on| {
        let mut end = Item::new("category", on, day::start_millis(on), row.id, 1);
        end.title = format!("{}{label}", say(lang, "类别结束：", "Category ended: "));
        end.text = row.end_reason.clone().unwrap_or_default();
        end
    });
    std::iter::once(begin).chain(end).collect()
}

/// Joining and leaving a household.
pub fn of_membership(row: &membership::Model, lang: Lang) -> Vec<Item> {
    let mut join = Item::new("household", row.from_on, made_at(row.id, row.from_on), row.household_id, 0);
    join.title = say(lang, "加入家庭", "Joined a household");
    join.text = codes::label("relation", &row.relation, lang).to_owned();
    let leave = row.to_on.map(|on| {
        let mut leave = Item::new("household", on, day::start_millis(on), row.household_id, 1);
        leave.title = say(lang, "离开家庭", "Left a household");
        leave.text = row.end_reason.clone().unwrap_or_default();
        leave
    });
    std::iter::once(join).chain(leave).collect()
}

/// Proposal and answer of a hand-over.
pub fn of_handover(row: &handover::Model, lang: Lang) -> Vec<Item> {
    let reason = codes::label("handover_reason", &row.reason, lang);
    let mut proposed = Item::new("handover", day::of_millis(row.created_at), row.created_at, row.person_id, 0);
    proposed.key.2 = row.id;
    let inside = row.kind == WORKER;
    proposed.title = if inside {
        say(lang, "更换责任社工", "Another worker")
    } else {
        say(lang, "提出移交", "Hand-over to another station proposed")
    };
    proposed.text = [reason, row.note.as_deref().unwrap_or_default()].join(" ").trim().to_owned();
    proposed.actor = Some(row.proposed_by);
    let answered = row.decided_on.filter(|_| !inside).map(|on| {
        // Behind the proposal of the same day.
        let mut answered = Item::new("handover", on, day::start_millis(on).max(row.created_at), row.person_id, 1);
        answered.key.2 = row.id;
        answered.title = match row.state.as_str() {
            ACCEPTED => say(lang, "移交已接收", "Hand-over accepted"),
            DECLINED => say(lang, "移交被退回", "Hand-over declined"),
            _ => say(lang, "移交已撤回", "Hand-over withdrawn"),
        };
        let why = row.answer.as_deref().map_or("", |code| codes::label("handover_answer", code, lang));
        answered.text = [why, row.answer_note.as_deref().unwrap_or_default()].join(" ").trim().to_owned();
        answered.actor = row.decided_by;
        answered
    });
    std::iter::once(proposed).chain(answered).collect()
}

/// Registration, telling (告知) and death.
pub fn of_person(person: &person::Model, lang: Lang) -> Vec<Item> {
    let registered = day::of_millis(person.created_at);
    let mut made = Item::new("person", registered, person.created_at, person.id, 0);
    made.title = say(lang, "登记", "Registered");
    made.text = codes::label("lead_source", &person.lead_source, lang).to_owned();
    made.actor = Some(person.created_by);
    let told = person.told_on.map(|on| {
        let mut told = Item::new("person", on, day::start_millis(on), person.id, 1);
        told.title = say(lang, "已告知", "Told about the data kept");
        told.text = codes::label("told_way", person.told_way.as_deref().unwrap_or_default(), lang).to_owned();
        told
    });
    let died = person.died_on.map(|on| {
        let mut died = Item::new("person", on, day::start_millis(on), person.id, 2);
        died.title = say(lang, "去世", "Died");
        died
    });
    std::iter::once(made).chain(told).chain(died).collect()
}

/// When a row with this UUIDv7 was made; the day it speaks of when the id does not tell.
fn made_at(id: Id, on: Day) -> Millis {
    let stamp = id.get_timestamp().map(|t| t.to_unix());
    stamp
        .and_then(|(s, n)| i64::try_from(s).ok().map(|s| s * 1000 + i64::from(n / 1_000_000)))
        .unwrap_or(day::start_millis(on))
}

/// The items behind `after`, latest first, one more than the page so that its cursor is known.
pub fn merge(mut items: Vec<Item>, after: Option<Key>, rows: usize) -> Vec<Item> {
    items.retain(|item| after.is_none_or(|after| item.key < after));
    items.sort_by_key(|item| std::cmp::Reverse(item.key));
    items.truncate(rows);
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(on: &str, at: Millis, rank: u8) -> Item {
        Item::new("visit", day::parse(on).unwrap(), at, Id::nil(), rank)
    }

    #[test]
    fn pages_follow_each_other_without_gap_or_repeat() {
        let all: Vec<Item> = [
            ("2026-03-01", 5, 0),
            ("2026-03-01", 5, 1),
            ("2026-03-02", 1, 0),
            ("2025-12-31", 9, 0),
            ("2026-03-01", 4, 0),
        ]
        .into_iter()
        .map(|(on, at, rank)| item(on, at, rank))
        .collect();
        let whole = merge(all.clone(), None, 10);
        assert!(whole.windows(2).all(|w| w[0].key > w[1].key));
        let (mut read, mut after) = (Vec::new(), None);
        loop {
            let page = merge(all.clone(), after, 2);
            let Some(last) = page.last() else { break };
            after = Some(last.key);
            read.extend(page);
        }
        assert_eq!(read, whole);
    }
}
