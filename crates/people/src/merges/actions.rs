//! Proposing, confirming and carrying out a merge.

use access::{
    Scope, Writing, Written,
    audit::{Change, Detail},
    cells::{Cell, Cells, RowOf, Type},
    tasks::{self, NewTask},
};
use kernel::{Id, Outcome, Permit, Problem, codes};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;

use super::{
    Confirm, DECLINED, DONE, Merge, PROPOSED,
    carry::{CARRIED, Carry, Part, Pen},
    model::{Field, NewMerge},
    row::person_merge,
    shell, store,
};
use crate::{
    applications, categories, due,
    duplicates::{self, row::person_twin},
    figures, ledger, minors,
    persons::{
        self,
        checks::{Faults, SHORT},
        row::person,
    },
    risks::row::risk,
    screening, services,
    visits::{self, row::visit},
};

/// Merges two records of one township, or proposes the merge where they lie in two.
pub async fn merge(scope: &Scope<Merge>, new: NewMerge, digest: &[u8]) -> Outcome<Written> {
    let mut faults = Faults::default();
    let (take, reason) = new.check(&mut faults);
    faults.done(Some(()))?;
    for id in [new.survivor_id, new.absorbed_id] {
        minors::must_open_id(scope, id).await?;
    }
    scope
        .write_once(new.id, digest, move |tx| {
            Box::pin(async move {
                let survivor = tx.get_rev::<person::Entity>(new.survivor_id, new.survivor_rev).await?;
                let absorbed = tx.get_rev::<person::Entity>(new.absorbed_id, new.absorbed_rev).await?;
                must_match(tx, &survivor, &absorbed).await?;
                let across = survivor.township_id != absorbed.township_id;
                let row = tx.insert::<person_merge::Entity>(row(tx, &new, &absorbed, &reason, across)).await?;
                if across {
                    return ask(tx, &row, &absorbed).await;
                }
                carry_out(tx, &row, &survivor, &absorbed, &take).await
            })
        })
        .await
}

fn row(
    tx: &Writing<'_, Merge>,
    new: &NewMerge,
    absorbed: &person::Model,
    reason: &str,
    across: bool,
) -> person_merge::ActiveModel {
    let [province_id, city_id, county_id, township_id, village_id] = absorbed.path();
    let (now, actor) = (tx.scope().now(), tx.scope().actor());
    person_merge::ActiveModel {
        id: Set(new.id),
        survivor_id: Set(new.survivor_id),
        absorbed_id: Set(new.absorbed_id),
        state: Set(if across { PROPOSED } else { DONE }.to_owned()),
        choices: Set(json!(new.take).to_string()),
        moved: Set("{}".to_owned()),
        reason: Set(reason.to_owned()),
        village_id: Set(village_id),
        township_id: Set(township_id),
        county_id: Set(county_id),
        city_id: Set(city_id),
        province_id: Set(province_id),
        proposed_by: Set(actor),
        proposed_at: Set(now),
        decided_by: Set((!across).then_some(actor)),
        decided_at: Set((!across).then_some(now)),
        undone_by: Set(None),
        undone_at: Set(None),
        undo_reason: Set(None),
        ..Default::default()
    }
}

/// What keeps two records from being merged.
async fn must_match(tx: &Writing<'_, Merge>, survivor: &person::Model, absorbed: &person::Model) -> Outcome<()> {
    if survivor.died_on.is_some() != absorbed.died_on.is_some() {
        return Err(Problem::refused(
            "merge.one_dead",
            "两份档案中一份已登记死亡、另一份没有。请先核实，为另一份登记死亡后再合并。",
            "One record says the person died, the other does not. Find out, and record the death there before merging.",
        ));
    }
    let sql = "SELECT id FROM handover WHERE person_id IN ($1, $2) AND is_open = $3";
    let moving = tx.rows(sql, vec![survivor.id.into(), absorbed.id.into(), true.into()]).await?;
    if !moving.is_empty() {
        return Err(Problem::refused(
            "merge.handover",
            "其中一份档案正在移交，请先接收、退回或撤回移交，再合并。",
            "One of the records is being handed over; accept, decline or withdraw that first.",
        ));
    }
    let sql =
        "SELECT id FROM person_merge WHERE state = 'proposed' AND (survivor_id IN ($1, $2) OR absorbed_id IN ($1, $2))";
    let waiting = tx.rows(sql, vec![survivor.id.into(), absorbed.id.into()]).await?;
    if waiting.is_empty() {
        return Ok(());
    }
    Err(Problem::refused(
        "merge.pending",
        "其中一份档案已有待确认的合并，请先处理该合并。",
        "A merge of one of the records waits for its confirmation; settle that first.",
    ))
}

/// Leaves the decision to the station that gives the record up.
async fn ask(tx: &Writing<'_, Merge>, row: &person_merge::Model, absorbed: &person::Model) -> Outcome<()> {
    let task = NewTask {
        kind: "merge_confirm",
        role: "SH",
        place: absorbed.place(),
        subject_kind: "merge",
        subject_id: Some(row.id),
        account_id: None,
        due_on: None,
        detail: json!({}),
    };
    tasks::raise(tx, task).await
}

/// Confirms a merge somebody else proposed, and carries it out.
pub async fn confirm(scope: &Scope<Confirm>, id: Id, rev: i32) -> Outcome<()> {
    scope
        .write(move |tx| {
            Box::pin(async move {
                let row = waiting(tx, id, rev).await?;
                if row.proposed_by == tx.scope().actor() {
                    return Err(Problem::refused(
                        "merge.two_people",
                        "跨乡镇合并须由另一人确认，提出人不能自行确认。",
                        "A merge across townships needs a second person; who proposed it cannot confirm it.",
                    ));
                }
                let survivor = store::person_in(tx, row.survivor_id).await?;
                let absorbed = store::person_in(tx, row.absorbed_id).await?;
                if survivor.county_id == 0 || absorbed.county_id == 0 {
                    return Err(Problem::refused(
                        "merge.gone",
                        "其中一份档案已被合并或移入回收站，请退回这次合并。",
                        "One of the records was merged or removed meanwhile; decline this merge.",
                    ));
                }
                let names: Vec<String> = serde_json::from_str(&row.choices).unwrap_or_default();
                let take: Vec<Field> = names.iter().filter_map(|n| Field::named(n)).collect();
                let (now, actor) = (tx.scope().now(), tx.scope().actor());
                let row = tx
                    .update::<person_merge::Entity>(&row, |r| {
                        r.state = Set(DONE.to_owned());
                        r.decided_by = Set(Some(actor));
                        r.decided_at = Set(Some(now));
                    })
                    .await?;
                tasks::settle(tx, "merge_confirm", "merge", row.id).await?;
                carry_out(tx, &row, &survivor, &absorbed, &take).await
            })
        })
        .await
}

/// Says no to a merge somebody else proposed.
pub async fn decline(scope: &Scope<Confirm>, id: Id, rev: i32, reason: &str) -> Outcome<()> {
    let mut faults = Faults::default();
    let reason = faults.text("reason", reason, SHORT);
    faults.done(Some(()))?;
    scope
        .write(move |tx| {
            Box::pin(async move {
                let row = waiting(tx, id, rev).await?;
                let (now, actor) = (tx.scope().now(), tx.scope().actor());
                tx.update::<person_merge::Entity>(&row, |r| {
                    r.state = Set(DECLINED.to_owned());
                    r.decided_by = Set(Some(actor));
                    r.decided_at = Set(Some(now));
                    r.undo_reason = Set(Some(reason));
                })
                .await?;
                tasks::settle(tx, "merge_confirm", "merge", row.id).await
            })
        })
        .await
}

async fn waiting(tx: &Writing<'_, Confirm>, id: Id, rev: i32) -> Outcome<person_merge::Model> {
    let row = tx.get_rev::<person_merge::Entity>(id, rev).await?;
    if row.state == PROPOSED {
        return Ok(row);
    }
    Err(Problem::refused(
        "merge.decided",
        "这次合并已经处理过，请刷新页面。",
        "This merge was decided already; reload the page.",
    ))
}

/// Carries a merge out: rows, the surviving record, the shell, pairs, words, counters, audit in the chains of both.
async fn carry_out<P: Permit>(
    tx: &Writing<'_, P>,
    row: &person_merge::Model,
    survivor: &person::Model,
    absorbed: &person::Model,
    take: &[Field],
) -> Outcome<()> {
    let mut pen = Pen::new(tx, row.id, "merge");
    let (mine, theirs) = (visits_of(tx, survivor.id).await?, visits_of(tx, absorbed.id).await?);
    let takes = |field| take.contains(&field);
    if takes(Field::Ledger) {
        pen.swap(Part::Ledger, survivor.id, absorbed.id).await?;
    }
    if takes(Field::Residence) {
        pen.swap(Part::Residence, survivor.id, absorbed.id).await?;
    }
    let path = if takes(Field::Residence) { absorbed.path() } else { survivor.path() };
    let came: Vec<Id> = categories::store::open_in(tx, absorbed).await?.iter().map(|c| c.id).collect();
    super::homes::settle(&mut pen, survivor, absorbed).await?;
    for what in CARRIED.iter().filter(|c| c.carry == Carry::Go) {
        pen.give(what, absorbed.id, survivor.id, path).await?;
    }
    end_doubles(&mut pen, survivor, &came).await?;
    close_ledger(&mut pen, absorbed).await?;
    let kept = keep(&mut pen, survivor, absorbed, take).await?;
    shell::empty(&mut pen, absorbed, Some(survivor.id)).await?;
    lead_on(&mut pen, absorbed, survivor).await?;
    settle_pairs(&mut pen, survivor, absorbed).await?;
    if takes(Field::Residence) {
        visits::follow(tx, &kept).await?;
    }
    applications::store::follow(tx, &kept).await?;
    screening::store::follow(tx, &kept).await?;
    services::regrouped(tx, &theirs, &[]).await?;
    services::regrouped(tx, &mine, &visits_of(tx, survivor.id).await?).await?;
    persons::store::put_words(tx, &kept).await?;
    told(tx, "merge", (survivor, absorbed), &row.reason).await?;
    let moved = json!({ "counts": pen.counts, "survivor_rev": kept.rev });
    tx.update_part::<person_merge::Entity>(row, |r| r.moved = Set(moved.to_string())).await.map(|_| ())
}

/// All visits of a record, for the counters of services.
pub(super) async fn visits_of<P: Permit>(tx: &Writing<'_, P>, person: Id) -> Outcome<Vec<visit::Model>> {
    Ok(visit::Entity::find().filter(visit::Column::PersonId.eq(person)).all(tx.derived()).await?)
}

/// The act in the audit chains of both records.
pub(super) async fn told<P: Permit>(
    tx: &Writing<'_, P>,
    action: &str,
    (survivor, absorbed): (&person::Model, &person::Model),
    reason: &str,
) -> Outcome<()> {
    for (one, other, field) in [(survivor, absorbed, "absorbed"), (absorbed, survivor, "merged_into")] {
        let change = Change { field: field.to_owned(), before: None, after: Some(other.id.to_string()) };
        let detail = Detail { changes: vec![change], reason: Some(reason.to_owned()) };
        tx.append(action, "person", one.id, one.county_id, one.rev, &detail).await?;
    }
    Ok(())
}

/// Of a category both had open, the one that came with the absorbed record ends: nobody has a category twice.
async fn end_doubles<P: Permit>(pen: &mut Pen<'_, '_, P>, survivor: &person::Model, came: &[Id]) -> Outcome<()> {
    let open = categories::store::open_in(pen.tx, survivor).await?;
    let today = pen.tx.scope().today();
    for double in open.iter().filter(|c| came.contains(&c.id)) {
        if !open.iter().any(|c| c.category == double.category && !came.contains(&c.id)) {
            continue;
        }
        let row = audited("category_assignment", "category_assignment", double.id);
        let before: Cells = vec![
            ("to_on".to_owned(), Cell::Day(None)),
            ("end_reason".to_owned(), Cell::Text(double.end_reason.clone())),
            ("next_review_on".to_owned(), Cell::Day(double.next_review_on)),
        ];
        let set: Cells = vec![
            ("to_on".to_owned(), Cell::Day(Some(today.max(double.from_on)))),
            ("end_reason".to_owned(), Cell::from("duplicate")),
            ("next_review_on".to_owned(), Cell::Day(None)),
        ];
        pen.change(&row, &before, &set).await?;
    }
    Ok(())
}

/// An audited row by its id.
pub(crate) fn audited(table: &str, kind: &'static str, id: Id) -> RowOf {
    RowOf { table: table.to_owned(), key: vec![("id".to_owned(), id.into())], kind: Some(kind) }
}

/// The episode that does not go on ends as a duplicate (domain reference §5.4).
async fn close_ledger<P: Permit>(pen: &mut Pen<'_, '_, P>, absorbed: &person::Model) -> Outcome<()> {
    let entry = ledger::store::current_in(pen.tx, absorbed).await?;
    if !matches!(entry.state.as_str(), "lead" | "verifying" | "active" | "suspended") {
        return Ok(());
    }
    let ended = if matches!(entry.state.as_str(), "lead" | "verifying") { "dismissed" } else { "exited" };
    let text = |column: &str, value: &str| (column.to_owned(), Cell::from(value));
    let before: Cells = vec![
        text("state", &entry.state),
        text("proposed_grade", &entry.proposed_grade),
        ("closed_on".to_owned(), Cell::Day(entry.closed_on)),
        ("exit_reason".to_owned(), Cell::Text(entry.exit_reason.clone())),
    ];
    let set: Cells = vec![
        text("state", ended),
        text("proposed_grade", ""),
        ("closed_on".to_owned(), Cell::Day(Some(pen.tx.scope().today()))),
        text("exit_reason", "duplicate"),
    ];
    pen.change(&audited("ledger_entry", "ledger_entry", entry.id), &before, &set).await
}

/// The surviving record with the chosen values, and what it repeats of its facts.
async fn keep<P: Permit>(
    pen: &mut Pen<'_, '_, P>,
    survivor: &person::Model,
    absorbed: &person::Model,
    take: &[Field],
) -> Outcome<person::Model> {
    let mut former: Vec<String> = serde_json::from_str(&survivor.former_names).unwrap_or_default();
    let theirs: Vec<String> = serde_json::from_str(&absorbed.former_names).unwrap_or_default();
    let (kept, other) =
        if take.contains(&Field::Name) { (&absorbed.name, &survivor.name) } else { (&survivor.name, &absorbed.name) };
    for name in theirs.iter().chain([other]) {
        if name != kept && !former.contains(name) {
            former.push(name.clone());
        }
    }
    former.truncate(10);
    let former = json!(former).to_string();
    // Whoever moves to the other record's village leaves the care of a worker who does not work there.
    let moves = take.contains(&Field::Residence) && survivor.township_id != absorbed.township_id;
    let chosen = pen
        .tx
        .update_part::<person::Entity>(survivor, |row| {
            for field in take {
                field.copy(absorbed, row);
            }
            if moves {
                Field::Worker.copy(absorbed, row);
            }
            row.former_names = Set(former);
        })
        .await?;
    let after = restate(pen.tx, &chosen).await?;
    shell::note(pen, survivor, &after).await?;
    figures::moved(pen.tx, Some(survivor), &after).await?;
    Ok(after)
}

/// Works out again what a record repeats of its visits, categories and ledger; the caller moves the counters.
pub(super) async fn restate<P: Permit>(tx: &Writing<'_, P>, person: &person::Model) -> Outcome<person::Model> {
    let trace = visits::store::trace(|| tx.parts::<visit::Entity, person::Entity>(person)).await?;
    let open = categories::store::open_in(tx, person).await?;
    let bits = codes::categories_mask(open.iter().map(|c| c.category.as_str()));
    let places = due::place_codes_in(tx, person).await?;
    let target = categories::actions::is_target(bits, &due::actions::nearest(&places), tx.scope().today());
    let entry = ledger::store::current_in(tx, person).await?;
    let risks = tx.parts::<risk::Entity, person::Entity>(person).filter(risk::Column::State.ne("closed")).all().await?;
    let red = i32::try_from(risks.len()).unwrap_or(i32::MAX);
    let carried = if matches!(entry.state.as_str(), "active" | "suspended") { entry.grade } else { String::new() };
    let after = tx
        .update_part::<person::Entity>(person, |row| {
            row.last_visit_on = Set(trace.last_visit_on);
            row.last_served_on = Set(trace.last_served_on);
            row.failed_in_row = Set(trace.failed_in_row);
            row.cat_bits = Set(bits);
            row.is_target = Set(target);
            row.ledger_state = Set(entry.state);
            row.grade = Set(carried);
            row.red_open = Set(red);
            // The nightly job looks at the record anew.
            row.next_check_on = Set(persons::row::NEVER_BEFORE);
        })
        .await?;
    let next = due::day_of(tx, &after, &trace).await?;
    tx.update_part::<person::Entity>(&after, |row| row.next_due_on = Set(next)).await
}

/// Records merged into the absorbed one before lead to the survivor now.
async fn lead_on<P: Permit>(
    pen: &mut Pen<'_, '_, P>,
    absorbed: &person::Model,
    survivor: &person::Model,
) -> Outcome<()> {
    let columns = [("id", Type::Id), ("merged_into", Type::Id)];
    for before in pen.tx.cells("person", &columns, "merged_into", absorbed.id).await? {
        let key: Cells = before.iter().filter(|(c, _)| c == "id").cloned().collect();
        let row = RowOf { table: "person".to_owned(), key, kind: Some("person") };
        pen.change(&row, &before, &vec![("merged_into".to_owned(), survivor.id.into())]).await?;
    }
    Ok(())
}

/// The pair is merged, other open pairs of the absorbed record wait aside, and tasks about the duplicate are done.
async fn settle_pairs<P: Permit>(
    pen: &mut Pen<'_, '_, P>,
    survivor: &person::Model,
    absorbed: &person::Model,
) -> Outcome<()> {
    let (now, actor) = (pen.tx.scope().now(), pen.tx.scope().actor());
    for pair in duplicates::store::pairs_in(pen.tx, absorbed.id).await? {
        let this = [pair.first_id, pair.second_id].contains(&survivor.id);
        if this || pair.state == duplicates::OPEN {
            set_aside(
                pen,
                &pair,
                if this { duplicates::MERGED } else { duplicates::ASIDE },
                this.then_some((now, actor)),
            )
            .await?;
        }
    }
    let done: Cells = vec![
        ("state".to_owned(), Cell::from("done")),
        ("done_at".to_owned(), Cell::Big(Some(now))),
        ("done_by".to_owned(), actor.into()),
    ];
    let columns = [("id", Type::Id), ("state", Type::Text), ("done_at", Type::Big), ("done_by", Type::Id)];
    let wanted: Cells = vec![
        ("subject_kind".to_owned(), Cell::from("person")),
        ("subject_id".to_owned(), survivor.id.into()),
        ("kind".to_owned(), Cell::from("duplicate_person")),
        ("state".to_owned(), Cell::from("open")),
    ];
    for before in pen.tx.cells_by("task", &columns, &wanted).await? {
        let key: Cells = before.iter().filter(|(c, _)| c == "id").cloned().collect();
        pen.change(&RowOf { table: "task".to_owned(), key, kind: Some("task") }, &before, &done).await?;
    }
    Ok(())
}

/// Changes the state of a pair.
pub(crate) async fn set_aside<P: Permit>(
    pen: &mut Pen<'_, '_, P>,
    pair: &person_twin::Model,
    state: &str,
    decided: Option<(i64, Id)>,
) -> Outcome<()> {
    let row = RowOf { table: "person_twin".to_owned(), key: vec![("id".to_owned(), pair.id.into())], kind: None };
    let cells = |state: &str, at: Option<i64>, by: Option<Id>| -> Cells {
        vec![
            ("state".to_owned(), Cell::from(state)),
            ("decided_at".to_owned(), Cell::Big(at)),
            ("decided_by".to_owned(), Cell::Id(by)),
        ]
    };
    let (at, by) = decided.map_or((pair.decided_at, pair.decided_by), |(at, by)| (Some(at), Some(by)));
    pen.change(&row, &cells(&pair.state, pair.decided_at, pair.decided_by), &cells(state, at, by)).await
}
