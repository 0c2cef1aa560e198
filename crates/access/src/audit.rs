//! Audit chains (留痕): one per county and one (chain 0) for the system, appended in the transaction of the change.
//!
//! Each record's keyed hash covers its content and the hash before it, so an edit, a deletion, an insertion or a swap breaks
//! the chain; a cut tail shows against the head, against rows that name a higher audit number, and against the signed
//! checkpoints outside the database. What changed is stored encrypted: the log holds no readable names.

use std::collections::BTreeMap;

use ground::{Floor, Keyring, Steps, db::crash_point};
use kernel::{Id, Outcome, Problem, Secret};
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, QueryTrait as _, Statement};
use serde::{Deserialize, Serialize};

use crate::{known, row::audit};

pub mod checkpoint;
mod proof;
mod verify;

pub(crate) use proof::{Proof, Was, digest, hex};
pub(crate) use verify::audit_no;
pub use verify::{Fault, Snapshot, Watched, seal_loads, verify, verify_in};

/// The chain of records that belong to no county.
pub const SYSTEM: i32 = 0;

/// One changed field, as shown in the history of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Change {
    /// Column name.
    pub field: String,
    /// Value before; null when there was none or it is a secret.
    pub before: Option<String>,
    /// Value after; null when there is none or it is a secret.
    pub after: Option<String>,
}

/// What an audit record tells beside who, when and which object.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Detail {
    /// Changed fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// The reason a person gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A record to append.
pub struct Entry<'a> {
    /// County id, or [`SYSTEM`].
    pub chain: i32,
    /// Who.
    pub actor: Id,
    /// What, for example `insert`, `update`, `open`, `reveal`, `sign_in`.
    pub action: &'a str,
    /// Kind of object.
    pub object_kind: &'a str,
    /// Which object.
    pub object: Id,
    /// Its revision after the act.
    pub rev: i32,
    /// More.
    pub detail: &'a Detail,
}

/// Appends a record and gives its number in the chain.
pub async fn append(steps: &Steps<'_>, floor: &Floor, entry: Entry<'_>) -> Outcome<i64> {
    append_with(steps, floor, entry, &Proof::default()).await
}

/// Appends a record that also proves a row.
pub(crate) async fn append_with(steps: &Steps<'_>, floor: &Floor, entry: Entry<'_>, proof: &Proof) -> Outcome<i64> {
    let (mut seq, mut mac) = advance(steps, entry.chain, 1).await?;
    let row = sealed(floor, &entry, proof, &mut seq, &mut mac)?;
    let seq = row.seq;
    put(steps, vec![row]).await?;
    crash_point("after_audit");
    keep_head(steps, entry.chain, mac).await?;
    if known::changes(entry.object_kind, entry.action) {
        raise_generation(steps).await?;
    }
    Ok(seq)
}

/// Appends many records, each chain advanced once; for views, of which there are many and which change nothing.
pub async fn append_views(steps: &Steps<'_>, floor: &Floor, entries: &[Entry<'_>]) -> Outcome<()> {
    let mut chains: BTreeMap<i32, Vec<&Entry<'_>>> = BTreeMap::new();
    for entry in entries {
        chains.entry(entry.chain).or_default().push(entry);
    }
    for (chain, entries) in chains {
        let (mut seq, mut mac) = advance(steps, chain, i64::try_from(entries.len()).unwrap_or(0)).await?;
        let mut rows = Vec::with_capacity(entries.len());
        for entry in entries {
            rows.push(sealed(floor, entry, &Proof::default(), &mut seq, &mut mac)?);
        }
        put(steps, rows).await?;
        keep_head(steps, chain, mac).await?;
    }
    Ok(())
}

/// Inserts records: one by one where that costs nothing, so that one statement is kept ready for any number of them.
async fn put(steps: &Steps<'_>, rows: Vec<audit::Model>) -> Outcome<()> {
    let at_once = if steps.are_cheap() { 1 } else { rows.len().max(1) };
    let mut rows = rows.into_iter().map(|row| audit::ActiveModel::from(row).reset_all()).peekable();
    while rows.peek().is_some() {
        let some: Vec<_> = rows.by_ref().take(at_once).collect();
        steps.run(audit::Entity::insert_many(some).build(steps.backend())).await?;
    }
    Ok(())
}

/// Takes the next `count` numbers of a chain: the number before them, and the hash of the record that has it.
async fn advance(steps: &Steps<'_>, chain: i32, count: i64) -> Outcome<(i64, Vec<u8>)> {
    let backend = steps.backend();
    let text = sql(backend, "UPDATE audit_head SET seq = seq + $2 WHERE chain = $1 RETURNING seq, mac");
    let advance = || Statement::from_sql_and_values(backend, text.clone(), [chain.into(), count.into()]);
    let mut heads: Vec<(i64, Vec<u8>)> = steps.lines(advance()).await?;
    if heads.is_empty() {
        let first = Statement::from_sql_and_values(
            backend,
            sql(backend, "INSERT INTO audit_head (chain, seq, mac) VALUES ($1, 0, $2) ON CONFLICT (chain) DO NOTHING"),
            [chain.into(), Vec::<u8>::new().into()],
        );
        steps.run(first).await?;
        heads = steps.lines(advance()).await?;
    }
    let (seq, mac) = heads.pop().ok_or_else(|| Problem::internal("audit head is missing"))?;
    Ok((seq - count, mac))
}

/// The row of a record behind the one with this number and hash, which both move on to it.
fn sealed(
    floor: &Floor,
    entry: &Entry<'_>,
    proof: &Proof,
    seq: &mut i64,
    before: &mut Vec<u8>,
) -> Outcome<audit::Model> {
    let json = serde_json::to_string(&proof::Stored { detail: entry.detail, proof }).map_err(Problem::internal)?;
    *seq += 1;
    let mut row = audit::Model {
        chain: entry.chain,
        seq: *seq,
        at: floor.now(),
        actor_id: entry.actor,
        action: entry.action.to_owned(),
        object_kind: entry.object_kind.to_owned(),
        object_id: entry.object,
        rev: entry.rev,
        detail: floor.keys.seal(&Secret::new(json)).map_err(Problem::internal)?.0,
        mac: Vec::new(),
    };
    row.mac = mac(&floor.keys, before, &row).to_vec();
    before.clone_from(&row.mac);
    Ok(row)
}

async fn keep_head(steps: &Steps<'_>, chain: i32, mac: Vec<u8>) -> Outcome<()> {
    let backend = steps.backend();
    let text = sql(backend, "UPDATE audit_head SET mac = $1 WHERE chain = $2");
    steps.run(Statement::from_sql_and_values(backend, text, [mac.into(), chain.into()])).await?;
    Ok(())
}

/// What requests remember of divisions and accounts is out of date from this transaction on.
async fn raise_generation(steps: &Steps<'_>) -> Outcome<()> {
    let backend = steps.backend();
    let text = "INSERT INTO setting (name, value) VALUES ($1, '1') ON CONFLICT (name) DO UPDATE \
                SET value = CAST(CAST(setting.value AS bigint) + 1 AS text)";
    steps.run(Statement::from_sql_and_values(backend, sql(backend, text), [known::GENERATION.into()])).await?;
    Ok(())
}

/// Writes `$1` as the engine wants it; SQLite knows `?1` with the same meaning.
pub(crate) fn sql(backend: sea_orm::DbBackend, text: &str) -> String {
    if backend == sea_orm::DbBackend::Postgres { text.to_owned() } else { text.replace('$', "?") }
}

/// The keyed hash of a record over its content and the hash before it.
fn mac(keys: &Keyring, before: &[u8], row: &audit::Model) -> [u8; 32] {
    let mut text = Vec::with_capacity(256);
    let mut part = |bytes: &[u8]| {
        text.extend_from_slice(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
        text.extend_from_slice(bytes);
    };
    part(before);
    part(&row.chain.to_be_bytes());
    part(&row.seq.to_be_bytes());
    part(&row.at.to_be_bytes());
    part(row.actor_id.as_bytes());
    part(row.action.as_bytes());
    part(row.object_kind.as_bytes());
    part(row.object_id.as_bytes());
    part(&row.rev.to_be_bytes());
    part(&row.detail);
    keys.audit_mac(&text)
}

/// A change as the chain of a county tells it: which record, never what of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Kind of object.
    pub kind: String,
    /// Which.
    pub object: Id,
    /// One record stands for many rows (a bulk load, a division event).
    pub of_many: bool,
}

/// What changed in the county of a report behind one record and up to another; openings, reveals and exports are no changes.
/// Persons and households are named one by one, of everything else only what stands for many rows at once.
pub async fn changes(report: &crate::scope::Report, after: i64, upto: i64) -> Outcome<Vec<Changed>> {
    let text = "SELECT DISTINCT object_kind, object_id, action IN ('load', 'moved') FROM audit WHERE chain = $1 AND seq > $2 \
                AND seq <= $3 AND action NOT IN ('open', 'reveal', 'export', 'sealed') \
                AND (object_kind IN ('person', 'household') OR action IN ('load', 'moved'))";
    let values = vec![report.place().id.into(), after.into(), upto.into()];
    let rows = report.lines::<(String, Id, bool)>(text, values).await?;
    Ok(rows.into_iter().map(|(kind, object, of_many)| Changed { kind, object, of_many }).collect())
}

/// Number of the newest record in the chain of the county of a report; 0 without any.
pub async fn newest(report: &crate::scope::Report) -> Outcome<i64> {
    let text = "SELECT seq FROM audit_head WHERE chain = $1";
    let rows = report.lines::<(i64,)>(text, vec![report.place().id.into()]).await?;
    Ok(rows.first().map_or(0, |row| row.0))
}

/// Reads what a record tells.
pub fn read_detail(keys: &Keyring, row: &audit::Model) -> Option<Detail> {
    let plain = keys.open_sealed(&kernel::Sealed(row.detail.clone())).ok()?;
    serde_json::from_str(plain.expose()).ok()
}
