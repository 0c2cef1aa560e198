//! Recording a division event: one transaction that versions, sets up, moves, closes and audits, or a preview that only counts.

use access::{Level, Outcome, Problem, Scope, Visible, Writing, Written};
use kernel::place::DivisionId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};

use super::{
    ChangeDivisions,
    model::{self, EventKind, NewEvent},
    moves::{self, MOVES, Moved, Names},
    plan::{self, Change, Named, Under},
    queue,
    row::{division, event},
    services,
    shift::{self, Shift, Tables},
    story,
    tree::{self, Mark},
};

/// An event that moves more rows than this is carried out as a job with progress.
pub const MANY: i64 = 20_000;

/// Records an event; a repeat with the same id and body changes nothing.
pub async fn record(scope: &Scope<ChangeDivisions>, new: NewEvent, body: &[u8]) -> Outcome<Written> {
    check(scope, &new)?;
    scope.write_once(new.id, body, move |tx| Box::pin(async move { apply(tx, &new).await })).await
}

/// What an event would move and queue; changes nothing.
pub async fn preview(scope: &Scope<ChangeDivisions>, new: &NewEvent) -> Outcome<Moved> {
    check(scope, new)?;
    let change = arrange(scope, new, |id| scope.find::<division::Entity>().filter(division::Column::Id.eq(id))).await?;
    let mut moved = moves::count(scope, &change.closed).await?;
    for (division, _) in &change.moved {
        add(&mut moved, shift::count(scope, division).await?);
    }
    if change.heir || change.ends {
        add(&mut moved, at_township(scope, &change.stays).await?);
    }
    if change.opened.is_some() {
        moved.insert("pending".to_owned(), queue::count(scope, &change.stays).await?);
    }
    note_divisions(&mut moved, &change);
    Ok(moved)
}

fn add(moved: &mut Moved, more: Moved) {
    for (word, n) in more {
        *moved.entry(word).or_default() += n;
    }
}

/// Rows of a township that lie in none of its villages.
async fn at_township(scope: &Scope<ChangeDivisions>, township: &division::Model) -> Outcome<Moved> {
    let in_villages = |table: &str| MOVES.iter().any(|m| m.table == table && m.names == Names::Village);
    let mut moved = moves::count(scope, std::slice::from_ref(township)).await?;
    moved.retain(|word, _| MOVES.iter().any(|m| m.word == word && !in_villages(m.table)));
    Ok(moved)
}

fn check(scope: &Scope<ChangeDivisions>, new: &NewEvent) -> Outcome<()> {
    let faults = model::faults(new, scope.today());
    if faults.is_empty() { Ok(()) } else { Err(Problem::Invalid(faults)) }
}

/// Finds the divisions an event names, each inside the reach, and works it out.
async fn arrange<'a>(
    scope: &Scope<ChangeDivisions>,
    new: &NewEvent,
    find: impl Fn(i32) -> Visible<'a, division::Entity>,
) -> Outcome<Change> {
    let mut named = Named::default();
    let all = async |field: String, codes: &[String]| -> Outcome<Vec<division::Model>> {
        let mut rows = Vec::with_capacity(codes.len());
        for (at, code) in codes.iter().enumerate() {
            let found = scope.resolve(&format!("{field}[{at}]"), code).await?;
            rows.push(find(found.id).required().await?);
        }
        Ok(rows)
    };
    named.from = all("from".to_owned(), &new.from).await?;
    named.villages = all("villages".to_owned(), &new.villages).await?;
    named.successors = all("successors".to_owned(), &new.successors).await?;
    for (at, part) in new.parts.iter().enumerate() {
        named.parts.push(all(format!("parts[{at}].villages"), &part.villages).await?);
    }
    if let Some(code) = new.to.as_ref().filter(|_| reads_target(new.kind)) {
        let found = scope.resolve("to", code).await?;
        let to = find(found.id).required().await?;
        let level = match new.kind {
            EventKind::Create => new.new_kind.as_deref().and_then(plan::level_of_kind).map(Level::number),
            _ => named.from.first().map(|d| d.level),
        };
        named.to_has_level = has_level(scope, &to, level.unwrap_or(0)).await?;
        named.to = Some(to);
    }
    let change = plan::arrange(new, named)?;
    codes_are_free(scope, &change).await?;
    Ok(change)
}

fn reads_target(kind: EventKind) -> bool {
    use EventKind as K;
    matches!(kind, K::Merge | K::Reparent | K::Boundary | K::Abolish | K::Create)
}

/// Whether open divisions of a level hang right below another.
async fn has_level(scope: &Scope<ChangeDivisions>, to: &division::Model, level: i32) -> Outcome<bool> {
    let below = scope
        .find::<division::Entity>()
        .filter(division::Column::ParentId.eq(to.id))
        .filter(division::Column::Level.eq(level))
        .filter(division::Column::ValidTo.is_null());
    Ok(below.one().await?.is_some())
}

async fn codes_are_free(scope: &Scope<ChangeDivisions>, change: &Change) -> Outcome<()> {
    let stays = &change.stays;
    let mut wanted: Vec<(&str, String, &Option<String>)> = Vec::new();
    if change.code_civil != stays.code_civil {
        wanted.push(("civil", "new_code_civil".to_owned(), &change.code_civil));
    }
    if change.code_stat != stays.code_stat {
        wanted.push(("stat", "new_code_stat".to_owned(), &change.code_stat));
    }
    for fresh in &change.fresh {
        let field =
            |name: &str| if fresh.field.is_empty() { format!("new_{name}") } else { format!("{}.{name}", fresh.field) };
        wanted.push(("civil", field("code_civil"), &fresh.code_civil));
        wanted.push(("stat", field("code_stat"), &fresh.code_stat));
    }
    for (at, (list, field, code)) in wanted.iter().enumerate() {
        let Some(code) = code else { continue };
        if wanted.iter().take(at).any(|(l, _, c)| l == list && c.as_ref() == Some(code)) {
            return Err(in_use(code, "另一个新设区划", "another new division"));
        }
        free(scope, list, field, code, change).await?;
    }
    Ok(())
}

/// Refuses a code that another open division has in the same list.
async fn free(scope: &Scope<ChangeDivisions>, list: &str, field: &str, code: &str, change: &Change) -> Outcome<()> {
    let found = match scope.resolve(field, &format!("{list}:{code}")).await {
        Ok(found) => found,
        Err(Problem::Invalid(_)) => return Ok(()),
        Err(other) => return Err(other),
    };
    // A longer code may resolve to the shorter one it is padded from.
    let same = if list == "civil" { found.code_civil.as_deref() } else { found.code_stat.as_deref() } == Some(code);
    let closes = (change.heir || change.ends) && found.id == change.stays.id;
    let ends = found.valid_to.is_some() || closes || change.closed.iter().any(|c| c.id == found.id);
    let own = found.id == change.stays.id && change.fresh.is_empty();
    if !same || ends || own { Ok(()) } else { Err(in_use(code, &found.name, &found.name)) }
}

fn in_use(code: &str, zh: &str, en: &str) -> Problem {
    Problem::refused(
        "division.code_in_use",
        format!("代码 {code} 正由“{zh}”使用，请核对批准文件。"),
        format!("{en} has the code {code}; compare it with the document."),
    )
}

async fn apply(tx: &Writing<'_, ChangeDivisions>, new: &NewEvent) -> Outcome<()> {
    let find = |id: i32| tx.find::<division::Entity>().filter(division::Column::Id.eq(id));
    let change = arrange(tx.scope(), new, find).await?;
    for division in change.touched() {
        queue::refuse_open(tx, division).await?;
    }
    for closed in &change.closed {
        refuse_later_below(tx, closed, new).await?;
    }
    let written = tx.insert::<event::Entity>(event_row(tx, new, &change)?).await?;
    let mark = Mark { event: written.id, audit_no: written.audit_no, on: new.effective_on };
    let moved = carry_out(tx, &change, &mark, new.kind).await?;
    let text = serde_json::to_string(&moved).map_err(Problem::internal)?;
    tx.update::<event::Entity>(&written, |row| row.moved = Set(text)).await?;
    Ok(())
}

async fn carry_out(tx: &Writing<'_, ChangeDivisions>, change: &Change, mark: &Mark, kind: EventKind) -> Outcome<Moved> {
    let fresh = set_up(tx, change, mark).await?;
    let mut moved = moves::rewrite(tx, &change.closed, &change.stays, mark.on).await?;
    for closed in &change.closed {
        tree::give_villages(tx, closed, &change.stays, mark).await?;
        tree::end(tx, closed, mark).await?;
    }
    let tables = if change.moved.is_empty() { Tables::new() } else { tx.tables().await? };
    for (division, under) in &change.moved {
        let Some(parent) = given(under, &fresh) else { continue };
        let step = Shift::below(division, parent);
        add(&mut moved, shift::shift(tx, &tables, &step, mark).await?);
        shift::tree(tx, &step, mark).await?;
        shift::end_areas(tx, &step, mark).await?;
    }
    if change.is_rewritten() {
        let stays = tx.find::<division::Entity>().filter(division::Column::Id.eq(change.stays.id)).required().await?;
        tree::rewrite(tx, &Change { stays, ..change.clone() }, mark).await?;
    }
    if change.heir {
        let heir = fresh.first().ok_or_else(|| Problem::internal("a split without new divisions"))?;
        let source = [change.stays.clone()];
        add(&mut moved, moves::rewrite(tx, &source, heir, mark.on).await?);
    }
    if change.heir || change.ends {
        refuse_full(tx, change).await?;
        tree::end(tx, &change.stays, mark).await?;
    }
    put_map(tx, change, &fresh, mark).await?;
    if let Some(opened) = &change.opened {
        let targets: Vec<DivisionId> = opened.targets.iter().filter_map(|u| given(u, &fresh)).map(|d| d.id).collect();
        spread(tx, &change.stays, &fresh, mark).await?;
        let row = queue::open(tx, change, opened, &targets, (mark, kind.code())).await?;
        moved.insert("pending".to_owned(), row.total.into());
    }
    services::counted_again(tx, change, &fresh).await?;
    note_divisions(&mut moved, change);
    Ok(moved)
}

async fn set_up(tx: &Writing<'_, ChangeDivisions>, change: &Change, mark: &Mark) -> Outcome<Vec<division::Model>> {
    let mut made = Vec::with_capacity(change.fresh.len());
    if change.fresh.is_empty() {
        return Ok(made);
    }
    let parent = tree::by_id(tx, change.fresh_below).await?;
    for fresh in &change.fresh {
        made.push(tree::set_up(tx, fresh, &parent, mark).await?);
    }
    Ok(made)
}

fn given<'a>(under: &'a Under, fresh: &'a [division::Model]) -> Option<&'a division::Model> {
    match under {
        Under::Known(division) => Some(division),
        Under::Fresh(at) => fresh.get(*at),
    }
}

/// The new parts of a village are covered by the points and belong to the areas that had the whole.
async fn spread(
    tx: &Writing<'_, ChangeDivisions>,
    from: &division::Model,
    fresh: &[division::Model],
    mark: &Mark,
) -> Outcome<()> {
    let first = "CASE WHEN from_on > $2 THEN from_on ELSE $2 END";
    for village in fresh {
        let texts = [
            format!(
                "INSERT INTO area_village (area_id, village_id, station_id, from_on, to_on) \
                 SELECT area_id, $3, station_id, {first}, to_on FROM area_village \
                 WHERE village_id = $1 AND (to_on IS NULL OR to_on >= $2)"
            ),
            format!(
                "INSERT INTO point_village (point_id, village_id, from_on, to_on, township_id, county_id, city_id, province_id) \
                 SELECT point_id, $3, {first}, to_on, township_id, county_id, city_id, province_id FROM point_village \
                 WHERE village_id = $1 AND (to_on IS NULL OR to_on >= $2)"
            ),
        ];
        for text in texts {
            tx.execute(&text, vec![from.id.into(), mark.on.into(), village.id.into()]).await?;
        }
    }
    Ok(())
}

/// A township may end only when nothing lies in it any more.
async fn refuse_full(tx: &Writing<'_, ChangeDivisions>, change: &Change) -> Outcome<()> {
    for m in moves::concerned(Level::Township).into_iter().filter(|m| m.how == moves::How::Set) {
        let text = format!("SELECT 1 AS one FROM {} WHERE {} = $1 LIMIT 1", m.table, m.column);
        if !tx.query(&text, vec![change.stays.id.into()]).await?.is_empty() {
            return Err(Problem::refused(
                "division.not_empty",
                format!("“{}”下还有社工站、人员、授权或其他记录，请指明并入的区划。", change.stays.name),
                format!(
                    "Stations, people, grants or other records are left in {}; name a successor.",
                    change.stays.name
                ),
            ));
        }
    }
    Ok(())
}

/// Which division became which; a division that stays maps to itself.
async fn put_map(
    tx: &Writing<'_, ChangeDivisions>,
    change: &Change,
    fresh: &[division::Model],
    mark: &Mark,
) -> Outcome<()> {
    let stays = change.stays.id;
    let mut pairs: Vec<(DivisionId, DivisionId)> = change.closed.iter().map(|c| (c.id, stays)).collect();
    pairs.extend(change.moved.iter().map(|(d, _)| (d.id, d.id)));
    let source = |id: DivisionId| if change.stays_named { stays } else { id };
    pairs.extend(fresh.iter().map(|f| (source(f.id), f.id)));
    let targets = change.opened.iter().flat_map(|o| o.targets.iter());
    let goals = change.moved.iter().map(|(_, under)| under).filter(|_| change.fresh.is_empty());
    let known = targets.chain(goals).filter_map(|u| given(u, fresh)).map(|d| (stays, d.id));
    pairs.extend(known);
    let remains = !(change.heir || change.ends);
    if (change.stays_named && remains) || pairs.is_empty() {
        pairs.push((stays, stays));
    }
    pairs.sort_unstable();
    pairs.dedup();
    for (from, to) in pairs {
        let sql = "INSERT INTO division_event_map (event_id, from_id, to_id) VALUES ($1, $2, $3)";
        tx.execute(sql, vec![mark.event.into(), from.into(), to.into()]).await?;
    }
    Ok(())
}

fn note_divisions(moved: &mut Moved, change: &Change) {
    let villages = if change.stays.level == Level::Township.number() {
        change.closed.iter().map(|c| i64::from(c.children)).sum()
    } else {
        0
    };
    let shifted = change.moved.iter().filter(|(d, _)| d.level == Level::Village.number()).count();
    let ended = change.closed.len() + usize::from(change.heir || change.ends);
    let others = change.moved.len() - shifted;
    let number = |n: usize| i64::try_from(n).unwrap_or_default();
    moved.insert("villages".to_owned(), villages + number(shifted));
    moved.insert("divisions".to_owned(), number(ended + others));
    moved.insert("created".to_owned(), number(change.fresh.len()));
}

fn event_row(tx: &Writing<'_, ChangeDivisions>, new: &NewEvent, change: &Change) -> Outcome<event::ActiveModel> {
    let what = story::describe(new.kind, change);
    let note = new.note.as_deref().map(str::trim).unwrap_or_default();
    Ok(event::ActiveModel {
        id: Set(new.id),
        kind: Set(new.kind.code().to_owned()),
        effective_on: Set(Some(new.effective_on)),
        approval_no: Set(new.approval_no.trim().to_owned()),
        note: Set(if note.is_empty() { what } else { format!("{what}；{note}") }),
        moved: Set("{}".to_owned()),
        county_id: Set(change.stays.county_id),
        city_id: Set(change.stays.city_id),
        province_id: Set(change.stays.province_id),
        created_at: Set(tx.scope().now()),
        ..Default::default()
    })
}

/// A village that was changed after the day of a merge cannot be moved before that change.
async fn refuse_later_below(
    tx: &Writing<'_, ChangeDivisions>,
    closed: &division::Model,
    new: &NewEvent,
) -> Outcome<()> {
    if closed.level != Level::Township.number() {
        return Ok(());
    }
    let later = tx
        .find::<division::Entity>()
        .filter(division::Column::TownshipId.eq(closed.id))
        .filter(division::Column::Level.eq(Level::Village.number()))
        .filter(division::Column::ValidFrom.gt(new.effective_on))
        .one()
        .await?;
    later.map_or(Ok(()), |village| Err(plan::later_event(&village.name)))
}
