//! What is known of a division's changes: events recorded here, then what the civil-affairs list published.

use std::collections::BTreeSet;

use access::{Id, Outcome, Problem, Scope};
use sea_orm::{ColumnTrait as _, Condition, Order};

use super::{
    ReadDivisions,
    moves::Moved,
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
        let pairs = scope.parts::<event_map::Entity, event::Entity>(&row).all().await?;
        let labels = scope.labels(pairs.iter().flat_map(|p| [p.from_id, p.to_id])).await?;
        let side = |ids: BTreeSet<i32>| ids.iter().filter_map(|id| labels.get(id)).cloned().collect();
        let moved: Moved = serde_json::from_str(&row.moved).map_err(Problem::internal)?;
        rows.push(DivisionEvent {
            id: row.id.to_string(),
            kind: row.kind,
            effective_on: row.effective_on,
            changed_on: row.effective_on.map(|d| d.to_string()).unwrap_or_default(),
            approval_no: row.approval_no,
            note: row.note,
            from: side(pairs.iter().map(|p| p.from_id).collect()),
            to: side(pairs.iter().map(|p| p.to_id).collect()),
            moved,
        });
    }
    rows.sort_by(|a, b| (b.effective_on, &b.id).cmp(&(a.effective_on, &a.id)));
    Ok(rows)
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
