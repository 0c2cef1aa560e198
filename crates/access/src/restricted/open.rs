//! Opening restricted files, and the named list: proposing, deciding, revoking.

use std::sync::Arc;

use ground::Floor;
use kernel::{Day, Id, Millis, Outcome, Permit, Problem, Sealed, Secret, Sees};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait as _, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    ModelTrait, QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _, Select,
};

use super::{
    InFile,
    row::{clearance, file},
};
use crate::{
    Kept, Scope, Visible, Writing,
    audit::{Change, Detail},
    visible::{Lined as _, Source, reader},
};

const HOUR: Millis = 3_600_000;

/// A file somebody may open, as he may know of it before he opens it.
#[derive(Debug, Clone)]
pub struct Known {
    /// The file.
    pub id: Id,
    /// Whose.
    pub person: Id,
    /// proposed, open, closed or refused.
    pub state: String,
    /// When to look at it again.
    pub follow_up_on: Option<Day>,
    /// When it was made.
    pub created_at: Millis,
    /// The caller's part on the list; empty when he comes by break-glass or only proposed the file.
    pub part: String,
    /// named or break_glass.
    pub way: String,
    /// When the caller's clearance ends.
    pub until: Option<Millis>,
    /// Revision.
    pub rev: i32,
}

/// A restricted file in the hands of somebody whose opening is recorded already.
#[must_use]
pub struct Opened {
    floor: Arc<Floor>,
    file: file::Model,
    known: Known,
}

impl Opened {
    /// What was known before.
    pub fn known(&self) -> &Known {
        &self.known
    }

    /// What the file is about.
    pub fn kind(&self) -> Outcome<String> {
        self.text(&self.file.kind)
    }

    /// Rows that stand in the file.
    pub fn rows<E: InFile>(&self) -> Visible<'static, E> {
        Visible::part(Source::Read(self.floor.clone()), Condition::all().add(E::file_column().eq(self.file.id)))
    }

    /// Reads what stands in a row of the file.
    pub fn text(&self, sealed: &Sealed) -> Outcome<String> {
        Ok(self.floor.keys.open_sealed(sealed).map_err(Problem::internal)?.expose().to_owned())
    }
}

/// A file the caller may write to, inside a write; says nothing of what stands in it.
#[must_use]
pub struct Cleared(file::Model);

impl Cleared {
    /// The file.
    pub fn id(&self) -> Id {
        self.0.id
    }

    /// Whose.
    pub fn person(&self) -> Id {
        self.0.person_id
    }
}

/// The caller's clearances that hold now, for any of these persons.
pub async fn clearances_of<P: Permit>(scope: &Scope<P>, persons: &[Id]) -> Outcome<Vec<clearance::Model>> {
    let (source, now) = (Source::Read(scope.floor().clone()), scope.now());
    let mut found: Vec<clearance::Model> = Vec::new();
    for chunk in persons.chunks(256) {
        // Few lengths of the list, so that few statements are kept ready.
        let mut ids = chunk.to_vec();
        ids.resize(chunk.len().next_power_of_two(), chunk.last().copied().unwrap_or_default());
        let query = approved(scope.actor(), ids).select_only().columns(clearance::Entity::fields());
        found.extend(source.lines::<clearance::Model>(query.build(source.backend())).await?);
    }
    found.retain(|row| row.holds(now));
    Ok(found)
}

fn approved(me: Id, persons: Vec<Id>) -> Select<clearance::Entity> {
    clearance::Entity::find()
        .filter(clearance::Column::PersonId.is_in(persons))
        .filter(clearance::Column::AccountId.eq(me))
        .filter(clearance::Column::State.eq("approved"))
}

/// State of the caller's newest request to open a minor's file.
pub async fn newest_request<P: Permit>(scope: &Scope<P>, person: Id) -> Outcome<Option<String>> {
    let row = clearance::Entity::find()
        .filter(clearance::Column::PersonId.eq(person))
        .filter(clearance::Column::AccountId.eq(scope.actor()))
        .filter(clearance::Column::Way.eq("minor"))
        .order_by_desc(clearance::Column::Id)
        .one(reader(scope.floor()))
        .await?;
    Ok(row.map(|row| row.state))
}

/// The files of a person the caller may open, and those he proposed.
pub async fn of_person<P: Permit + Sees<file::Entity>>(scope: &Scope<P>, person: Id) -> Outcome<Vec<Known>> {
    known(reader(scope.floor()), scope.actor(), person, scope.now()).await
}

async fn known(conn: &impl ConnectionTrait, me: Id, person: Id, now: Millis) -> Outcome<Vec<Known>> {
    let mut mine = approved(me, vec![person]).all(conn).await?;
    mine.retain(|row| row.holds(now));
    let files =
        file::Entity::find().filter(file::Column::PersonId.eq(person)).order_by_asc(file::Column::Id).all(conn).await?;
    let of = |file: &file::Model| {
        let listed = mine.iter().find(|c| c.way == "named" && c.file_id == Some(file.id));
        listed.or_else(|| mine.iter().find(|c| c.way == "break_glass"))
    };
    let in_force = |file: &file::Model| matches!(file.state.as_str(), "open" | "closed");
    let files = files.into_iter().filter_map(|file| match of(&file) {
        Some(by) if in_force(&file) => {
            let (part, way, until) = (by.part.clone(), by.way.clone(), by.until_at);
            Some(Known::of(&file, part, way, until))
        }
        _ if file.created_by == me && file.state == "proposed" => {
            Some(Known::of(&file, String::new(), "named".to_owned(), None))
        }
        _ => None,
    });
    Ok(files.collect())
}

impl Known {
    fn of(file: &file::Model, part: String, way: String, until: Option<Millis>) -> Self {
        Self {
            id: file.id,
            person: file.person_id,
            state: file.state.clone(),
            follow_up_on: file.follow_up_on,
            created_at: file.created_at,
            part,
            way,
            until,
            rev: file.rev,
        }
    }

    fn can_open(&self) -> bool {
        matches!(self.state.as_str(), "open" | "closed")
    }
}

/// The files that name the caller, newest clearance first: id of the clearance (for the cursor) and the file.
pub async fn mine<P: Permit + Sees<file::Entity>>(
    scope: &Scope<P>,
    after: Option<Id>,
    rows: u64,
) -> Outcome<Vec<(Id, Known)>> {
    let conn = reader(scope.floor());
    let mut query = clearance::Entity::find()
        .filter(clearance::Column::AccountId.eq(scope.actor()))
        .filter(clearance::Column::Way.eq("named"))
        .filter(clearance::Column::State.eq("approved"))
        .order_by_desc(clearance::Column::Id)
        .limit(rows);
    if let Some(after) = after {
        query = query.filter(clearance::Column::Id.lt(after));
    }
    let names = query.all(conn).await?;
    let ids: Vec<Id> = names.iter().filter_map(|c| c.file_id).collect();
    let files = file::Entity::find().filter(file::Column::Id.is_in(ids)).all(conn).await?;
    let of = |c: &clearance::Model| files.iter().find(|f| Some(f.id) == c.file_id && f.state != "proposed");
    let now = scope.now();
    let known = names.iter().filter(|c| c.holds(now)).filter_map(|c| {
        let file = of(c)?;
        Some((c.id, Known::of(file, c.part.clone(), c.way.clone(), c.until_at)))
    });
    Ok(known.collect())
}

/// Whose file this is, for somebody who may know of it; else it does not exist.
pub async fn subject<P: Permit + Sees<file::Entity>>(scope: &Scope<P>, file: Id) -> Outcome<Id> {
    let conn = reader(scope.floor());
    let row = file::Entity::find_by_id(file).one(conn).await?.ok_or(Problem::NotFound)?;
    let known = known(conn, scope.actor(), row.person_id, scope.now()).await?;
    if known.iter().any(|k| k.id == file) { Ok(row.person_id) } else { Err(Problem::NotFound) }
}

async fn find(
    conn: &impl ConnectionTrait,
    me: Id,
    (person, file): (Id, Id),
    now: Millis,
) -> Outcome<(file::Model, Known)> {
    let known = known(conn, me, person, now).await?.into_iter().find(|k| k.id == file && k.can_open());
    let known = known.ok_or(Problem::NotFound)?;
    let row = file::Entity::find_by_id(file).one(conn).await?.ok_or(Problem::NotFound)?;
    Ok((row, known))
}

/// Opens a file of a person the caller reaches: checks the list, counts (at most `per_hour`), commits the one audit record
/// with the reason, then answers.
pub async fn open<P: Permit + Sees<file::Entity>>(
    scope: &Scope<P>,
    person: Id,
    file: Id,
    reason: &str,
    per_hour: u32,
) -> Outcome<Opened> {
    let (me, now) = (scope.actor(), scope.now());
    find(reader(scope.floor()), me, (person, file), now).await?;
    scope.house().limits.take(me, "restricted", per_hour, HOUR, now)?;
    let reason = reason.to_owned();
    let (row, known) = scope
        .write(move |tx| {
            Box::pin(async move {
                // Asked again here: a clearance that was revoked meanwhile opens nothing.
                let (row, known) = find(tx.derived(), me, (person, file), now).await?;
                let way = Change { field: "way".to_owned(), before: None, after: Some(known.way.clone()) };
                let detail = Detail { changes: vec![way], reason: Some(reason) };
                tx.append("open", file::Entity::KIND, row.id, row.county_id, row.rev, &detail).await?;
                Ok((row, known))
            })
        })
        .await?;
    Ok(Opened { floor: scope.floor().clone(), file: row, known })
}

/// Everybody who is or was on the list of an opened file, oldest first.
pub async fn names_on(opened: &Opened) -> Outcome<Vec<clearance::Model>> {
    let rows = clearance::Entity::find()
        .filter(clearance::Column::FileId.eq(opened.file.id))
        .order_by_asc(clearance::Column::Id)
        .all(reader(&opened.floor))
        .await?;
    Ok(rows)
}

/// The reason somebody gave for a clearance that this scope may decide on.
pub fn reason_of<P: Permit + Sees<clearance::Entity>>(scope: &Scope<P>, row: &clearance::Model) -> Outcome<String> {
    Ok(scope.open_for_use(&row.reason)?.expose().to_owned())
}

/// The file, for somebody on its list, inside a write.
pub async fn cleared<P>(tx: &Writing<'_, P>, person: Id, file: Id) -> Outcome<Cleared>
where
    P: Permit + Sees<file::Entity>,
{
    let (row, known) = find(tx.derived(), tx.scope().actor(), (person, file), tx.scope().now()).await?;
    if known.way != "named" {
        return Err(Problem::refused(
            "restricted.read_only",
            "紧急查阅只能查看，不能写入受限档案。",
            "Break-glass lets you read; nothing can be written.",
        ));
    }
    if row.state != "open" {
        return Err(Problem::refused(
            "restricted.closed",
            "该受限档案已关闭，不能再写入。",
            "This restricted file is closed; nothing can be added.",
        ));
    }
    Ok(Cleared(row))
}

/// Adds a row to a file.
pub async fn append<E, P>(tx: &Writing<'_, P>, file: &Cleared, row: E::ActiveModel) -> Outcome<E::Model>
where
    E: InFile + Kept,
    P: Permit,
    E::ActiveModel: ActiveModelTrait<Entity = E> + sea_orm::ActiveModelBehavior + Send,
    E::Model: ModelTrait<Entity = E> + IntoActiveModel<E::ActiveModel>,
{
    put::<E, P>(tx, &file.0, row).await
}

async fn put<E, P>(tx: &Writing<'_, P>, file: &file::Model, mut row: E::ActiveModel) -> Outcome<E::Model>
where
    E: InFile + Kept,
    P: Permit,
    E::ActiveModel: ActiveModelTrait<Entity = E> + sea_orm::ActiveModelBehavior + Send,
    E::Model: ModelTrait<Entity = E> + IntoActiveModel<E::ActiveModel>,
{
    row.set(E::file_column(), file.id.into());
    tx.insert_for_others::<E>(row).await
}

/// Changes the day to look at the file again, or closes it.
pub async fn change_file<P: Permit>(
    tx: &Writing<'_, P>,
    file: &Cleared,
    rev: i32,
    change: impl FnOnce(&mut file::ActiveModel) + Send,
) -> Outcome<()> {
    if file.0.rev != rev {
        return Err(Problem::Stale(file.0.rev));
    }
    tx.update_part::<file::Entity>(&file.0, change).await.map(|_| ())
}

/// Proposes a file with its first rows; nobody opens it before it is approved.
pub async fn propose<E, P>(tx: &Writing<'_, P>, file: file::ActiveModel, entries: Vec<E::ActiveModel>) -> Outcome<()>
where
    E: InFile + Kept,
    P: Permit + Sees<file::Entity>,
    E::ActiveModel: ActiveModelTrait<Entity = E> + sea_orm::ActiveModelBehavior + Send,
    E::Model: ModelTrait<Entity = E> + IntoActiveModel<E::ActiveModel>,
{
    let file = tx.insert_for_others::<file::Entity>(file).await?;
    for entry in entries {
        put::<E, P>(tx, &file, entry).await?;
    }
    Ok(())
}

/// Adds a clearance; the room has checked who may ask for whom.
pub async fn clear<P: Permit>(tx: &Writing<'_, P>, row: clearance::ActiveModel) -> Outcome<clearance::Model> {
    tx.insert_for_others::<clearance::Entity>(row).await
}

/// Approves or refuses what waits: a clearance, or a proposed file with its whole list. Gives the rows that were decided.
///
/// Nobody decides on what he asked for or on his own clearance, and only the role that was asked decides.
pub async fn decide<P>(
    tx: &Writing<'_, P>,
    row: clearance::Model,
    approve: bool,
    note: Option<&Secret>,
) -> Outcome<Vec<clearance::Model>>
where
    P: Permit + Sees<clearance::Entity>,
{
    let (me, now) = (tx.scope().actor(), tx.scope().now());
    if row.state != "waiting" {
        return Err(Problem::refused(
            "clearance.decided",
            "该申请已经处理，无需重复操作。",
            "This request has been decided already.",
        ));
    }
    let mut rows = vec![row];
    if let Some(id) = rows.first().and_then(|r| r.file_id) {
        let file = file::Entity::find_by_id(id).one(tx.derived()).await?.ok_or(Problem::NotFound)?;
        if file.state == "proposed" {
            rows = clearance::Entity::find()
                .filter(clearance::Column::FileId.eq(id))
                .filter(clearance::Column::State.eq("waiting"))
                .all(tx.derived())
                .await?;
            let state = if approve { "open" } else { "refused" };
            tx.update_part::<file::Entity>(&file, |r| r.state = Set(state.to_owned())).await?;
        }
    }
    let involved = rows.iter().any(|r| r.asked_by == me || (r.account_id == me && r.part != "head"));
    let asked = rows.iter().all(|r| tx.scope().roles().any(|role| role == r.approver));
    if involved || !asked {
        return Err(Problem::refused(
            "clearance.own",
            "不能审批本人提出或涉及本人的申请，请由被指定的另一位审批人处理。",
            "You cannot decide on your own request; another approver has to.",
        ));
    }
    let note = note.map(|n| tx.scope().seal(n)).transpose()?;
    let mut decided = Vec::with_capacity(rows.len());
    for row in rows {
        let until = row.minutes.filter(|_| approve).map(|m| now + Millis::from(m) * 60_000);
        let note = note.clone();
        let row = tx
            .update_part::<clearance::Entity>(&row, |r| {
                r.state = Set(if approve { "approved" } else { "refused" }.to_owned());
                r.decided_by = Set(Some(me));
                r.decided_at = Set(Some(now));
                r.until_at = Set(until);
                r.note = Set(note);
            })
            .await?;
        decided.push(row);
    }
    Ok(decided)
}
