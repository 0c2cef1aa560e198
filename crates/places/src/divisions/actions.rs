//! Recording a division event: one transaction that versions, closes, moves and audits, or a preview that only counts.

use access::{Day, Id, Level, Outcome, Problem, Scope, Visible, Writing, Written};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, Value};

use super::{
    ChangeDivisions,
    model::{self, Change, EventKind, NewEvent},
    moves::{self, Moved},
    recount,
    row::{division, event},
};

/// Records an event; a repeat with the same id and body changes nothing.
pub async fn record(scope: &Scope<ChangeDivisions>, new: NewEvent, body: &[u8]) -> Outcome<Written> {
    check(scope, &new)?;
    scope.write_once(new.id, body, move |tx| Box::pin(async move { apply(tx, &new).await })).await
}

/// What an event would move; changes nothing.
pub async fn preview(scope: &Scope<ChangeDivisions>, new: &NewEvent) -> Outcome<Moved> {
    check(scope, new)?;
    let change = arrange(scope, new, |id| scope.find::<division::Entity>().filter(division::Column::Id.eq(id))).await?;
    let mut moved = moves::count(scope, &change.closed).await?;
    note_villages(&mut moved, &change);
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
    let mut from = Vec::with_capacity(new.from.len());
    for (at, code) in new.from.iter().enumerate() {
        let named = scope.resolve(&format!("from[{at}]"), code).await?;
        from.push(find(named.id).required().await?);
    }
    let to = match (&new.to, new.kind) {
        (Some(code), EventKind::Merge) => {
            let named = scope.resolve("to", code).await?;
            Some(find(named.id).required().await?)
        }
        _ => None,
    };
    let change = model::arrange(new, from, to)?;
    for (list, field, code, before) in [
        ("civil", "new_code_civil", &change.code_civil, &change.stays.code_civil),
        ("stat", "new_code_stat", &change.code_stat, &change.stays.code_stat),
    ] {
        if let Some(code) = code
            && Some(code) != before.as_ref()
        {
            free(scope, list, field, code, &change).await?;
        }
    }
    Ok(change)
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
    let ends = found.valid_to.is_some() || change.closed.iter().any(|c| c.id == found.id);
    if !same || ends || found.id == change.stays.id {
        return Ok(());
    }
    Err(Problem::refused(
        "division.code_in_use",
        format!("代码 {code} 正由“{}”使用，请核对批准文件。", found.name),
        format!("{} has the code {code}; compare it with the document.", found.name),
    ))
}

async fn apply(tx: &Writing<'_, ChangeDivisions>, new: &NewEvent) -> Outcome<()> {
    let find = |id: i32| tx.find::<division::Entity>().filter(division::Column::Id.eq(id));
    let change = arrange(tx.scope(), new, find).await?;
    for closed in &change.closed {
        refuse_later_below(tx, closed, new.effective_on).await?;
    }
    let mut moved = moves::rewrite(tx, &change.closed, &change.stays).await?;
    note_villages(&mut moved, &change);
    let written = tx.insert::<event::Entity>(event_row(tx, new, &change, &moved)?).await?;
    let mark = Mark { event: written.id, audit_no: written.audit_no, on: new.effective_on };
    for (from, to) in pairs(&change) {
        let sql = "INSERT INTO division_event_map (event_id, from_id, to_id) VALUES ($1, $2, $3)";
        tx.execute(sql, vec![mark.event.into(), from.into(), to.into()]).await?;
    }
    for closed in &change.closed {
        close(tx, closed, &change.stays, &mark).await?;
    }
    if change.is_rewritten() {
        rewrite(tx, &change, &mark).await?;
    }
    if !change.closed.is_empty() {
        let mut ids: Vec<i32> = change.closed.iter().map(|c| c.id).collect();
        ids.push(change.stays.id);
        recount::places(tx, &ids).await?;
    }
    Ok(())
}

/// What every row an event touches is marked with.
struct Mark {
    event: Id,
    audit_no: i64,
    on: Day,
}

impl Mark {
    /// The last day of what was before.
    fn eve(&self) -> Day {
        kernel::day::add_days(self.on, -1)
    }
}

/// Which division became which; a rename maps a division to itself.
fn pairs(change: &Change) -> Vec<(i32, i32)> {
    let stays = change.stays.id;
    let own = (change.stays_named || change.closed.is_empty()).then_some((stays, stays));
    change.closed.iter().map(|c| (c.id, stays)).chain(own).collect()
}

fn note_villages(moved: &mut Moved, change: &Change) {
    let villages = if change.stays.level == Level::Township.number() {
        change.closed.iter().map(|c| i64::from(c.children)).sum()
    } else {
        0
    };
    moved.insert("villages".to_owned(), villages);
    moved.insert("divisions".to_owned(), i64::try_from(change.closed.len()).unwrap_or_default());
}

fn event_row(
    tx: &Writing<'_, ChangeDivisions>,
    new: &NewEvent,
    change: &Change,
    moved: &Moved,
) -> Outcome<event::ActiveModel> {
    let what = describe(change);
    let note = new.note.as_deref().map(str::trim).unwrap_or_default();
    Ok(event::ActiveModel {
        id: Set(new.id),
        kind: Set(new.kind.code().to_owned()),
        effective_on: Set(Some(new.effective_on)),
        approval_no: Set(new.approval_no.trim().to_owned()),
        note: Set(if note.is_empty() { what } else { format!("{what}；{note}") }),
        moved: Set(serde_json::to_string(moved).map_err(Problem::internal)?),
        county_id: Set(change.stays.county_id),
        city_id: Set(change.stays.city_id),
        province_id: Set(change.stays.province_id),
        created_at: Set(tx.scope().now()),
        ..Default::default()
    })
}

/// What happened, in the words of a notice: names and codes before and after.
fn describe(change: &Change) -> String {
    let code = |civil: &Option<String>, stat: &Option<String>| {
        let parts: Vec<String> = [("民政代码", civil), ("统计代码", stat)]
            .into_iter()
            .filter_map(|(label, code)| code.as_ref().map(|c| format!("{label} {c}")))
            .collect();
        parts.join("，")
    };
    let before = &change.stays;
    let mut parts = Vec::new();
    if !change.closed.is_empty() {
        let names: Vec<&str> = change.closed.iter().map(|c| c.name.as_str()).collect();
        parts.push(format!("{}并入{}", names.join("、"), before.name));
    }
    if change.name != before.name {
        parts.push(format!("{}更名为{}", before.name, change.name));
    }
    if change.code_civil != before.code_civil || change.code_stat != before.code_stat {
        let (old, new) = (code(&before.code_civil, &before.code_stat), code(&change.code_civil, &change.code_stat));
        parts.push(format!("{}：{old} 改为 {new}", change.name));
    }
    parts.join("；")
}

/// A village that was changed after the day of a merge cannot be moved before that change.
async fn refuse_later_below(tx: &Writing<'_, ChangeDivisions>, closed: &division::Model, on: Day) -> Outcome<()> {
    if closed.level != Level::Township.number() {
        return Ok(());
    }
    let later = tx
        .find::<division::Entity>()
        .filter(division::Column::TownshipId.eq(closed.id))
        .filter(division::Column::Level.eq(Level::Village.number()))
        .filter(division::Column::ValidFrom.gt(on))
        .one()
        .await?;
    later.map_or(Ok(()), |village| Err(model::later_event(&village.name)))
}

/// Ends a division; what hung below it hangs below `stays` from now on, and says where it hung before.
async fn close(
    tx: &Writing<'_, ChangeDivisions>,
    closed: &division::Model,
    stays: &division::Model,
    mark: &Mark,
) -> Outcome<()> {
    if closed.level == Level::Township.number() {
        keep_version(tx, "township_id = $5 AND level = 5", closed.id, stays.id, mark).await?;
        let text = "UPDATE division SET parent_id = $1, township_id = $1, valid_from = $2, rev = rev + 1, audit_no = $3 \
                    WHERE township_id = $4 AND level = 5";
        tx.execute(text, vec![stays.id.into(), mark.on.into(), mark.audit_no.into(), closed.id.into()]).await?;
        let text = "UPDATE division_version SET township_id = $1 WHERE township_id = $2 AND division_id <> $2";
        tx.execute(text, vec![stays.id.into(), closed.id.into()]).await?;
        let text = "UPDATE division SET children = children + $1 WHERE id = $2";
        tx.execute(text, vec![closed.children.into(), stays.id.into()]).await?;
    }
    let text = "UPDATE division SET valid_to = $1, children = 0, rev = rev + 1, audit_no = $2 WHERE id = $3";
    tx.execute(text, vec![mark.eve().into(), mark.audit_no.into(), closed.id.into()]).await?;
    let text = "UPDATE division SET children = children - 1 WHERE id = $1";
    tx.execute(text, vec![closed.parent_id.into()]).await?;
    Ok(())
}

/// Copies today's rows into the versions that end on the eve; `$5` of the condition is `id`, and `township` is where the
/// rows lie from now on. What began on the very day of the event lasted no day and leaves no version.
async fn keep_version(
    tx: &Writing<'_, ChangeDivisions>,
    condition: &str,
    id: i32,
    township: i32,
    mark: &Mark,
) -> Outcome<()> {
    let text = format!(
        "INSERT INTO division_version (division_id, valid_to, serial, name, kind, code_civil, code_stat, parent_id, \
         valid_from, event_id, township_id, county_id, city_id, province_id) \
         SELECT id, $1, COALESCE((SELECT MAX(v.serial) FROM division_version v WHERE v.division_id = division.id AND \
         v.valid_to = $1), 0) + 1, name, kind, code_civil, code_stat, parent_id, valid_from, $2, $3, county_id, city_id, \
         province_id FROM division WHERE {condition} AND (valid_from IS NULL OR valid_from < $4)"
    );
    let values: Vec<Value> = vec![mark.eve().into(), mark.event.into(), township.into(), mark.on.into(), id.into()];
    tx.execute(&text, values).await.map(|_| ())
}

/// Gives the division that stays its new name and codes.
async fn rewrite(tx: &Writing<'_, ChangeDivisions>, change: &Change, mark: &Mark) -> Outcome<()> {
    let stays = &change.stays;
    keep_version(tx, "id = $5", stays.id, stays.township_id, mark).await?;
    let keys = kernel::name::search_keys(&change.name);
    let initials = keys.initials.first().cloned().unwrap_or_default();
    let initials = if change.name == stays.name { stays.initials.clone() } else { initials };
    let text = "UPDATE division SET name = $1, initials = $2, code_civil = $3, code_stat = $4, valid_from = $5, \
                rev = rev + 1, audit_no = $6 WHERE id = $7";
    let values: Vec<Value> = vec![
        change.name.as_str().into(),
        initials.into(),
        change.code_civil.clone().into(),
        change.code_stat.clone().into(),
        mark.on.into(),
        mark.audit_no.into(),
        stays.id.into(),
    ];
    tx.execute(text, values).await?;
    if stays.level < Level::Village.number() {
        renew_words(tx, change, keys.initials).await?;
    }
    Ok(())
}

/// Old names are still found, old codes are not: another division may have them.
async fn renew_words(tx: &Writing<'_, ChangeDivisions>, change: &Change, initials: Vec<String>) -> Outcome<()> {
    let stays = &change.stays;
    for code in [&stays.code_civil, &stays.code_stat].into_iter().flatten() {
        let text = "DELETE FROM division_word WHERE division_id = $1 AND word = $2";
        tx.execute(text, vec![stays.id.into(), code.as_str().into()]).await?;
    }
    let codes = [change.code_civil.clone(), change.code_stat.clone()].into_iter().flatten();
    for word in initials.into_iter().chain([change.name.clone()]).chain(codes).filter(|w| !w.is_empty()) {
        let text = "INSERT INTO division_word (level, word, division_id, township_id, county_id, city_id, province_id) \
                    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (level, word, division_id) DO NOTHING";
        let values: Vec<Value> = vec![
            stays.level.into(),
            word.into(),
            stays.id.into(),
            stays.township_id.into(),
            stays.county_id.into(),
            stays.city_id.into(),
            stays.province_id.into(),
        ];
        tx.execute(text, values).await?;
    }
    Ok(())
}
