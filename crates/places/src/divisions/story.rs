//! What is known of a division's changes: events recorded here, then what the civil-affairs list published.

use std::collections::BTreeSet;

use access::{Id, Outcome, Page, Place, Problem, Scope, Visible};
use sea_orm::{ColumnTrait as _, Condition, Order};

use super::{
    ReadDivisions,
    model::EventKind,
    moves::Moved,
    plan::{Change, Under},
    row::{division, event, event_map, news},
    view::DivisionEvent,
};

/// The story of a division, newest first within each source.
pub async fn of(scope: &Scope<ReadDivisions>, row: &division::Model) -> Outcome<Vec<DivisionEvent>> {
    let mut story = recorded(scope, row.id).await?;
    story.extend(published(scope, row).await?);
    Ok(story)
}

async fn recorded(scope: &Scope<ReadDivisions>, id: i32) -> Outcome<Vec<DivisionEvent>> {
    let mut ids: BTreeSet<Id> = BTreeSet::new();
    for column in [event_map::Column::FromId, event_map::Column::ToId] {
        let pairs =
            scope.find::<event_map::Entity>().filter(column.eq(id)).order(event_map::Column::EventId, Order::Asc);
        ids.extend(pairs.all().await?.into_iter().map(|m| m.event_id));
    }
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        let row = scope.find::<event::Entity>().filter(event::Column::Id.eq(id)).required().await?;
        rows.push(told(scope, row).await?);
    }
    rows.sort_by(|a, b| (b.effective_on, &b.id).cmp(&(a.effective_on, &a.id)));
    Ok(rows)
}

async fn told(scope: &Scope<ReadDivisions>, row: event::Model) -> Outcome<DivisionEvent> {
    let pairs = scope.parts::<event_map::Entity, event::Entity>(&row).all().await?;
    let labels = scope.labels(pairs.iter().flat_map(|p| [p.from_id, p.to_id])).await?;
    let side = |ids: BTreeSet<i32>| ids.iter().filter_map(|id| labels.get(id)).cloned().collect();
    let moved: Moved = serde_json::from_str(&row.moved).map_err(Problem::internal)?;
    Ok(DivisionEvent {
        id: row.id.to_string(),
        kind: row.kind,
        effective_on: row.effective_on,
        changed_on: row.effective_on.map(|d| d.to_string()).unwrap_or_default(),
        approval_no: row.approval_no,
        note: row.note,
        from: side(pairs.iter().map(|p| p.from_id).collect()),
        to: side(pairs.iter().map(|p| p.to_id).collect()),
        moved,
    })
}

/// The query behind [`recorded_in`], for plan tests.
pub fn recorded_query(
    scope: &Scope<ReadDivisions>,
    place: &Place,
    after: Option<Id>,
    rows: u64,
) -> Visible<'static, event::Entity> {
    let mut query = scope.find_in::<event::Entity>(place);
    if let Some(after) = after {
        query = query.filter(event::Column::Id.lt(after));
    }
    query.order(event::Column::Id, Order::Desc).limit(rows)
}

/// Events recorded in a county or above, newest first.
pub async fn recorded_in(
    scope: &Scope<ReadDivisions>,
    place: &Place,
    after: Option<Id>,
    limit: u64,
) -> Outcome<Page<DivisionEvent>> {
    let page = Page::cut(recorded_query(scope, place, after, limit + 1).all().await?, limit, |e| e.id);
    let mut items = Vec::with_capacity(page.items.len());
    for row in page.items {
        items.push(told(scope, row).await?);
    }
    Ok(Page { items, next: page.next })
}

/// What happens, in the words of a notice: names and codes before and after.
pub fn describe(kind: EventKind, change: &Change) -> String {
    let before = &change.stays;
    let mut parts = Vec::new();
    let list = |rows: &[division::Model]| rows.iter().map(|d| d.name.clone()).collect::<Vec<_>>().join("、");
    if !change.closed.is_empty() {
        parts.push(format!("{}并入{}", list(&change.closed), before.name));
    }
    if !change.fresh.is_empty() {
        let names: Vec<&str> = change.fresh.iter().map(|f| f.name.as_str()).collect();
        let from = if kind == EventKind::Create { "下设立" } else { "分设" };
        parts.push(format!("{}{from}{}", before.name, names.join("、")));
    }
    for (to, names) in moved_to(change) {
        parts.push(format!("{names}划归{to}"));
    }
    match kind {
        EventKind::Abolish if change.closed.is_empty() => parts.push(format!("撤销{}", before.name)),
        EventKind::Split if change.heir || change.opened.as_ref().is_some_and(|o| o.closes) => {
            parts.push(format!("撤销{}", before.name));
        }
        EventKind::Boundary if change.moved.is_empty() => parts.push(format!("{}的部分区域划出", before.name)),
        _ => {}
    }
    parts.extend(rewritten(change));
    parts.join("；")
}

/// What moves below another parent: the parent's name, and the names of what it gets.
fn moved_to(change: &Change) -> Vec<(String, String)> {
    let mut to: Vec<(String, Vec<&str>)> = Vec::new();
    for (division, under) in &change.moved {
        let name = match under {
            Under::Known(parent) => parent.name.clone(),
            Under::Fresh(at) => change.fresh.get(*at).map(|f| f.name.clone()).unwrap_or_default(),
        };
        match to.iter_mut().find(|(n, _)| *n == name) {
            Some((_, names)) => names.push(&division.name),
            None => to.push((name, vec![&division.name])),
        }
    }
    to.into_iter().map(|(name, names)| (name, names.join("、"))).collect()
}

fn rewritten(change: &Change) -> Vec<String> {
    let code = |civil: &Option<String>, stat: &Option<String>| {
        let parts: Vec<String> = [("民政代码", civil), ("统计代码", stat)]
            .into_iter()
            .filter_map(|(label, code)| code.as_ref().map(|c| format!("{label} {c}")))
            .collect();
        parts.join("，")
    };
    let before = &change.stays;
    let mut parts = Vec::new();
    if change.kind != before.kind {
        let label = |kind: &str| kernel::codes::label("division_kind", kind, kernel::codes::Lang::Zh).to_owned();
        parts.push(format!("{}由{}改设为{}", before.name, label(&before.kind), label(&change.kind)));
    }
    if change.name != before.name {
        parts.push(format!("{}更名为{}", before.name, change.name));
    }
    if change.code_civil != before.code_civil || change.code_stat != before.code_stat {
        let (old, new) = (code(&before.code_civil, &before.code_stat), code(&change.code_civil, &change.code_stat));
        parts.push(format!("{}：{old} 改为 {new}", change.name));
    }
    parts
}

/// The published list writes six digits and knows counties and above.
async fn published(scope: &Scope<ReadDivisions>, row: &division::Model) -> Outcome<Vec<DivisionEvent>> {
    let Some(code) = row.code_civil.as_ref().or(row.code_stat.as_ref()).filter(|c| c.len() <= 6) else {
        return Ok(Vec::new());
    };
    let code = format!("{code:0<6}");
    let mut rows: Vec<news::Model> = Vec::new();
    for condition in [
        Condition::all().add(news::Column::Code.eq(code.as_str())),
        Condition::all().add(news::Column::OldCode.eq(code.as_str())),
    ] {
        let found = scope.find::<news::Entity>().filter(condition).order(news::Column::Serial, Order::Desc);
        rows.extend(found.all().await?);
    }
    rows.sort_by(|a, b| (&b.changed_on, b.serial).cmp(&(&a.changed_on, a.serial)));
    rows.dedup_by_key(|r| r.serial);
    Ok(rows.into_iter().map(shown).collect())
}

fn shown(row: news::Model) -> DivisionEvent {
    let old = [row.old_code.as_str(), row.old_name.as_str()].join(" ");
    let new = [row.code.as_str(), row.name.as_str()].join(" ");
    let change = match (old.trim(), new.trim()) {
        ("", new) => new.to_owned(),
        (old, "") => old.to_owned(),
        (old, new) if old == new => new.to_owned(),
        (old, new) => format!("{old} → {new}"),
    };
    DivisionEvent {
        id: format!("public:{}", row.serial),
        kind: row.kind,
        effective_on: kernel::day::parse(&row.changed_on),
        changed_on: row.changed_on,
        approval_no: String::new(),
        note: if row.note.is_empty() { change } else { format!("{change}；{}", row.note) },
        from: Vec::new(),
        to: Vec::new(),
        moved: Moved::new(),
    }
}
