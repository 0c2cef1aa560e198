//! Proposing restricted files, writing to them, and break-glass.

use access::{
    Scope, Writing, Written,
    audit::Detail,
    restricted::{
        self, Cleared,
        row::{clearance, file},
    },
};
use kernel::{Field, Id, Outcome, Permit, Problem, Secret, params::Params};
use sea_orm::ActiveValue::Set;

use super::{
    BreakGlass, Propose, Write,
    model::{Content, FileChange, MoreNames, NewBreakGlass, NewEntry, NewFile, NewName, check_follow_up, check_names},
    row::restricted_entry,
    store,
};
use crate::{
    clearances::actions::{NewClearance, approver, ask, notice},
    ledger,
    persons::{
        checks::{Faults, SHORT},
        row::person,
    },
};

/// No parameter lets break-glass last longer.
const MOST_MINUTES: i64 = 180;

/// Proposes a file with its list and first entries; a second person approves it.
pub async fn propose(scope: &Scope<Propose>, person: Id, new: NewFile, digest: &[u8]) -> Outcome<Written> {
    let mut faults = Faults::default();
    new.check(scope.today(), &mut faults);
    faults.done(Some(()))?;
    scope
        .write_once(new.id, &[digest, person.as_bytes()].concat(), move |tx| {
            Box::pin(async move {
                let person = tx.get::<person::Entity>(person).await?;
                let role = approver(tx, &person, tx.scope().actor()).await?;
                let entries =
                    new.entries.iter().map(|e| row_of(tx, &person, e, e.id, 1)).collect::<Outcome<Vec<_>>>()?;
                let row = file::ActiveModel {
                    id: Set(new.id),
                    person_id: Set(person.id),
                    kind: Set(tx.scope().seal(&Secret::new(new.kind.clone()))?),
                    state: Set("proposed".to_owned()),
                    follow_up_on: Set(new.follow_up_on),
                    county_id: Set(person.county_id),
                    created_at: Set(tx.scope().now()),
                    created_by: Set(tx.scope().actor()),
                    ..Default::default()
                };
                restricted::propose::<restricted_entry::Entity, _>(tx, row, entries).await?;
                put_names(tx, &person, new.id, &new.names, &new.reason, role).await
            })
        })
        .await
}

/// Proposes more names for the list of a file that names the caller.
pub async fn add_names(
    scope: &Scope<Propose>,
    (person, file): (Id, Id),
    more: MoreNames,
    digest: &[u8],
) -> Outcome<Written> {
    let mut faults = Faults::default();
    faults.text("reason", &more.reason, SHORT);
    check_names(&more.names, &mut faults);
    faults.done(Some(()))?;
    scope
        .write_once(more.id, &[digest, file.as_bytes()].concat(), move |tx| {
            Box::pin(async move {
                let person = tx.get::<person::Entity>(person).await?;
                restricted::cleared(tx, person.id, file).await.map(|_| ())?;
                let role = approver(tx, &person, tx.scope().actor()).await?;
                put_names(tx, &person, file, &more.names, &more.reason, role).await
            })
        })
        .await
}

async fn put_names<P: Permit>(
    tx: &Writing<'_, P>,
    person: &person::Model,
    file: Id,
    names: &[NewName],
    reason: &str,
    role: &'static str,
) -> Outcome<()> {
    let place = person.place();
    for (n, name) in names.iter().enumerate() {
        let mut fits = false;
        for holder in store::roles_of(&name.part) {
            fits |= ledger::store::holders_in(tx, holder, &place).await?.contains(&name.account);
        }
        if !fits {
            return Err(Problem::invalid(Field::new(
                format!("names[{n}].account"),
                "role",
                "该账号在当地没有与此身份相应的岗位，请从候选名单中选择。",
                "This account holds no fitting role here; choose from the candidates.",
            )));
        }
        let new = NewClearance {
            file: Some(file),
            part: &name.part,
            ..NewClearance::new(name.id, "named", name.account, role, reason)
        };
        ask(tx, person, new).await?;
    }
    notice(tx, person, "clearance_waiting", role, names.first().map(|n| n.id)).await
}

fn row_of<P: Permit>(
    tx: &Writing<'_, P>,
    person: &person::Model,
    new: &NewEntry,
    entry: Id,
    version: i32,
) -> Outcome<restricted_entry::ActiveModel> {
    let content = Content { text: new.content.text.trim().to_owned(), ..new.content.clone() };
    let text = serde_json::to_string(&content).map_err(Problem::internal)?;
    Ok(restricted_entry::ActiveModel {
        id: Set(new.id),
        entry_id: Set(entry),
        version: Set(version),
        content: Set(tx.scope().seal(&Secret::new(text))?),
        author_id: Set(tx.scope().actor()),
        at: Set(tx.scope().now()),
        county_id: Set(person.county_id),
        ..Default::default()
    })
}

/// Adds an entry, or a new version of one; the version before stays.
pub async fn write(scope: &Scope<Write>, (person, file): (Id, Id), new: NewEntry, digest: &[u8]) -> Outcome<Written> {
    let mut faults = Faults::default();
    faults.id("id", new.id);
    new.content.check("content.", scope.today(), &mut faults);
    faults.done(Some(()))?;
    scope
        .write_once(new.id, &[digest, file.as_bytes()].concat(), move |tx| {
            Box::pin(async move {
                let person = tx.get::<person::Entity>(person).await?;
                let file: Cleared = restricted::cleared(tx, person.id, file).await?;
                let (entry, version) = match new.replaces {
                    Some(entry) => (entry, store::next_version(tx, file.id(), entry).await?),
                    None => (new.id, 1),
                };
                let row = row_of(tx, &person, &new, entry, version)?;
                restricted::append::<restricted_entry::Entity, _>(tx, &file, row).await.map(|_| ())
            })
        })
        .await
}

/// Sets the day to look at the file again, or closes it.
pub async fn change(scope: &Scope<Write>, (person, file): (Id, Id), change: FileChange) -> Outcome<()> {
    let mut faults = Faults::default();
    check_follow_up(change.follow_up_on, scope.today(), &mut faults);
    faults.done(Some(()))?;
    scope
        .write(move |tx| {
            Box::pin(async move {
                let person = tx.get::<person::Entity>(person).await?;
                let file = restricted::cleared(tx, person.id, file).await?;
                restricted::change_file(tx, &file, change.rev, |row| {
                    row.follow_up_on = Set(change.follow_up_on.filter(|_| !change.close));
                    if change.close {
                        row.state = Set("closed".to_owned());
                    }
                })
                .await
            })
        })
        .await
}

/// Opens every restricted file of a person for a short time; the head and the auditor are told, whatever is set.
///
/// The answer is the same whether the person has such files or not.
pub async fn break_glass(scope: &Scope<BreakGlass>, person: Id, new: NewBreakGlass, digest: &[u8]) -> Outcome<Written> {
    let mut faults = Faults::default();
    faults.id("id", new.id);
    faults.text("reason", &new.reason, SHORT);
    if !(1..=180).contains(&new.minutes) {
        let (zh, en) = ("请填写 1 至 180 分钟。", "Give 1 to 180 minutes.");
        faults.push(Field::new("minutes", "range", zh, en));
    }
    faults.done(Some(()))?;
    scope
        .write_once(new.id, &[digest, person.as_bytes()].concat(), move |tx| {
            Box::pin(async move {
                let person = tx.get::<person::Entity>(person).await?;
                let (me, now) = (tx.scope().actor(), tx.scope().now());
                let most = Params::national().whole("restricted.break_glass_minutes", &[], tx.scope().today());
                let minutes = i64::from(new.minutes).min(most.unwrap_or(MOST_MINUTES)).min(MOST_MINUTES);
                let is_head = tx.scope().roles().any(|role| role == "SH");
                let overseer = if is_head { approver(tx, &person, me).await? } else { "SH" };
                let row = clearance::ActiveModel {
                    state: Set("approved".to_owned()),
                    decided_at: Set(Some(now)),
                    until_at: Set(Some(now + minutes * 60_000)),
                    ..NewClearance::new(new.id, "break_glass", me, overseer, &new.reason).row(tx, &person)?
                };
                let row = restricted::clear(tx, row).await?;
                let detail = Detail { changes: Vec::new(), reason: Some(new.reason.trim().to_owned()) };
                tx.append("break_glass", "clearance", row.id, row.county_id, row.rev, &detail).await?;
                notice(tx, &person, "break_glass", "SH", Some(row.id)).await?;
                if overseer != "SH" {
                    notice(tx, &person, "break_glass_review", overseer, Some(row.id)).await?;
                }
                notice(tx, &person, "break_glass_audit", "AU", Some(row.id)).await
            })
        })
        .await
}
