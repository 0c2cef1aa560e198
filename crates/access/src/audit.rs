//! Audit chains (留痕): one per county and one (chain 0) for the system, appended in the transaction of the change.
//!
//! Each record's keyed hash covers its content and the hash before it, so an edit, a deletion, an insertion or a swap breaks
//! the chain; a cut tail shows against the head, against rows that name a higher audit number, and against the signed
//! checkpoints outside the database. What changed is stored encrypted: the log holds no readable names.

use std::collections::BTreeMap;

use ground::{Floor, Keyring, db::crash_point};
use kernel::{Id, Outcome, Problem, Secret};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Statement,
};
use serde::{Deserialize, Serialize};

use crate::{
    known,
    row::{audit, audit_head},
};

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
pub async fn append(conn: &impl ConnectionTrait, floor: &Floor, entry: Entry<'_>) -> Outcome<i64> {
    let (mut seq, mut mac) = advance(conn, entry.chain, 1).await?;
    let row = sealed(floor, &entry, &mut seq, &mut mac)?;
    let seq = row.seq;
    audit::Entity::insert(audit::ActiveModel::from(row).reset_all()).exec_without_returning(conn).await?;
    crash_point("after_audit");
    keep_head(conn, entry.chain, mac).await?;
    if known::changes(entry.object_kind, entry.action) {
        raise_generation(conn).await?;
    }
    Ok(seq)
}

/// Appends many records, each chain advanced once; for views, of which there are many and which change nothing.
pub async fn append_views(conn: &impl ConnectionTrait, floor: &Floor, entries: &[Entry<'_>]) -> Outcome<()> {
    let mut chains: BTreeMap<i32, Vec<&Entry<'_>>> = BTreeMap::new();
    for entry in entries {
        chains.entry(entry.chain).or_default().push(entry);
    }
    for (chain, entries) in chains {
        let (mut seq, mut mac) = advance(conn, chain, i64::try_from(entries.len()).unwrap_or(0)).await?;
        let mut rows = Vec::with_capacity(entries.len());
        for entry in entries {
            rows.push(audit::ActiveModel::from(sealed(floor, entry, &mut seq, &mut mac)?).reset_all());
        }
        audit::Entity::insert_many(rows).exec_without_returning(conn).await?;
        keep_head(conn, chain, mac).await?;
    }
    Ok(())
}

/// Takes the next `count` numbers of a chain: the number before them, and the hash of the record that has it.
async fn advance(conn: &impl ConnectionTrait, chain: i32, count: i64) -> Outcome<(i64, Vec<u8>)> {
    let backend = conn.get_database_backend();
    let text = sql(backend, "UPDATE audit_head SET seq = seq + $2 WHERE chain = $1 RETURNING seq, mac");
    let advance = || Statement::from_sql_and_values(backend, text.clone(), [chain.into(), count.into()]);
    let mut head = conn.query_one_raw(advance()).await?;
    if head.is_none() {
        let first = Statement::from_sql_and_values(
            backend,
            sql(backend, "INSERT INTO audit_head (chain, seq, mac) VALUES ($1, 0, $2) ON CONFLICT (chain) DO NOTHING"),
            [chain.into(), Vec::<u8>::new().into()],
        );
        conn.execute_raw(first).await?;
        head = conn.query_one_raw(advance()).await?;
    }
    let head = head.ok_or_else(|| Problem::internal("audit head is missing"))?;
    let seq: i64 = head.try_get("", "seq")?;
    Ok((seq - count, head.try_get("", "mac")?))
}

/// The row of a record behind the one with this number and hash, which both move on to it.
fn sealed(floor: &Floor, entry: &Entry<'_>, seq: &mut i64, before: &mut Vec<u8>) -> Outcome<audit::Model> {
    let json = serde_json::to_string(entry.detail).map_err(Problem::internal)?;
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

async fn keep_head(conn: &impl ConnectionTrait, chain: i32, mac: Vec<u8>) -> Outcome<()> {
    let backend = conn.get_database_backend();
    let text = sql(backend, "UPDATE audit_head SET mac = $1 WHERE chain = $2");
    conn.execute_raw(Statement::from_sql_and_values(backend, text, [mac.into(), chain.into()])).await?;
    Ok(())
}

/// What requests remember of divisions and accounts is out of date from this transaction on.
async fn raise_generation(conn: &impl ConnectionTrait) -> Outcome<()> {
    let backend = conn.get_database_backend();
    let text = "INSERT INTO setting (name, value) VALUES ($1, '1') ON CONFLICT (name) DO UPDATE \
                SET value = CAST(CAST(setting.value AS bigint) + 1 AS text)";
    conn.execute_raw(Statement::from_sql_and_values(backend, sql(backend, text), [known::GENERATION.into()])).await?;
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

/// Reads what a record tells.
pub fn read_detail(keys: &Keyring, row: &audit::Model) -> Option<Detail> {
    let plain = keys.open_sealed(&kernel::Sealed(row.detail.clone())).ok()?;
    serde_json::from_str(plain.expose()).ok()
}

/// A fault found by [`verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which chain.
    pub chain: i32,
    /// Which record, 0 for the chain as a whole.
    pub seq: i64,
    /// What is wrong.
    pub what: String,
}

/// Walks every chain, and compares heads and checkpoints; gives all faults found and the number of records read.
pub async fn verify(floor: &Floor) -> Outcome<(Vec<Fault>, u64)> {
    let conn = floor.db.read();
    let mut faults = Vec::new();
    let mut fault = |chain, seq, what: &str| faults.push(Fault { chain, seq, what: what.to_owned() });
    let heads = audit_head::Entity::find().order_by_asc(audit_head::Column::Chain).all(conn).await?;
    let mut chains: BTreeMap<i32, Option<audit_head::Model>> = heads.into_iter().map(|h| (h.chain, Some(h))).collect();
    let marks = checkpoint::read_all(floor);
    for chain in marks.heads.keys() {
        chains.entry(*chain).or_insert(None);
    }
    for row in conn
        .query_all_raw(Statement::from_string(conn.get_database_backend(), "SELECT DISTINCT chain FROM audit"))
        .await?
    {
        chains.entry(row.try_get("", "chain")?).or_insert(None);
    }
    for broken in &marks.broken {
        fault(SYSTEM, 0, &format!("checkpoint {broken} has no valid signature"));
    }
    let mut count = 0_u64;
    for (chain, head) in chains {
        let mut before: Vec<u8> = Vec::new();
        let mut seq = 0_i64;
        let wanted = marks.heads.get(&chain);
        loop {
            let rows = audit::Entity::find()
                .filter(audit::Column::Chain.eq(chain))
                .filter(audit::Column::Seq.gt(seq))
                .order_by_asc(audit::Column::Seq)
                .limit(2_000)
                .all(conn)
                .await?;
            let full = rows.len() == 2_000;
            for row in rows {
                count += 1;
                if row.seq != seq + 1 {
                    fault(chain, seq + 1, "record is missing");
                }
                if mac(&floor.keys, &before, &row).as_slice() != row.mac {
                    fault(chain, row.seq, "record was changed, or the one before it");
                }
                if wanted.is_some_and(|marks| marks.get(&row.seq).is_some_and(|m| *m != row.mac)) {
                    fault(chain, row.seq, "record differs from its signed checkpoint");
                }
                seq = row.seq;
                before = row.mac;
            }
            if !full {
                break;
            }
        }
        match head {
            None => fault(chain, seq, "the chain has no head"),
            Some(h) if h.seq != seq || h.mac != before => fault(chain, seq, "the head does not match the last record"),
            Some(_) => {}
        }
        if wanted.is_some_and(|marks| marks.keys().max().is_some_and(|last| *last > seq)) {
            fault(chain, seq, "records after this one are in a signed checkpoint but not here: the tail was cut");
        }
    }
    Ok((faults, count))
}

/// Compares kept rows with their audit records: a row whose record is missing or names another object, and a record of an
/// insert whose row is gone. Rows of a bulk load share one record with the action `load`.
pub async fn verify_rows(floor: &Floor, tables: &[(&str, &str)]) -> Outcome<Vec<Fault>> {
    let conn = floor.db.read();
    let backend = conn.get_database_backend();
    let mut faults = Vec::new();
    for (table, kind) in tables {
        let unrecorded = format!(
            "SELECT t.county_id AS chain, t.audit_no AS seq FROM {table} t \
             LEFT JOIN audit a ON a.chain = t.county_id AND a.seq = t.audit_no \
             WHERE a.seq IS NULL OR (a.object_id <> t.id AND a.action <> 'load') LIMIT 100"
        );
        let gone = format!(
            "SELECT a.chain AS chain, a.seq AS seq FROM audit a LEFT JOIN {table} t ON t.id = a.object_id \
             WHERE a.object_kind = '{kind}' AND a.action = 'insert' AND t.id IS NULL LIMIT 100"
        );
        for (text, what) in [(unrecorded, "row without its audit record"), (gone, "audit record without its row")] {
            for row in conn.query_all_raw(Statement::from_string(backend, text)).await? {
                faults.push(Fault {
                    chain: row.try_get("", "chain")?,
                    seq: row.try_get("", "seq")?,
                    what: format!("{table}: {what}"),
                });
            }
        }
    }
    Ok(faults)
}

/// Signed checkpoints over all heads, written outside the database.
pub mod checkpoint {
    use std::collections::BTreeMap;

    use super::{Outcome, Problem, audit_head};
    use ground::{Floor, Folder};
    use sea_orm::{EntityTrait as _, QueryOrder as _};
    use serde::{Deserialize, Serialize};

    #[derive(Serialize, Deserialize)]
    struct Signed {
        body: String,
        signature: Vec<u8>,
    }

    #[derive(Serialize, Deserialize)]
    struct BodyText {
        at: i64,
        heads: Vec<(i32, i64, Vec<u8>)>,
    }

    /// What the checkpoints on disk say.
    #[derive(Default)]
    pub struct Marks {
        /// Per chain: sequence number and hash.
        pub heads: BTreeMap<i32, BTreeMap<i64, Vec<u8>>>,
        /// Files whose signature does not hold.
        pub broken: Vec<String>,
    }

    /// Writes the heads of now, signed: one file that is always the newest, and one per day that stays.
    pub async fn write(floor: &Floor) -> Outcome<()> {
        let heads = audit_head::Entity::find()
            .order_by_asc(audit_head::Column::Chain)
            .all(floor.db.read())
            .await?
            .into_iter()
            .map(|h| (h.chain, h.seq, h.mac))
            .collect();
        let body = serde_json::to_string(&BodyText { at: floor.now(), heads }).map_err(Problem::internal)?;
        let signature = floor.keys.sign(body.as_bytes());
        let text = serde_json::to_vec(&Signed { body, signature }).map_err(Problem::internal)?;
        for name in ["latest.json".to_owned(), format!("{}.json", floor.today())] {
            Folder::write_private(&floor.folder.checkpoints().join(name), &text).map_err(Problem::internal)?;
        }
        Ok(())
    }

    /// Reads all checkpoints and checks their signatures.
    pub fn read_all(floor: &Floor) -> Marks {
        let mut marks = Marks::default();
        let Ok(files) = std::fs::read_dir(floor.folder.checkpoints()) else { return marks };
        for file in files.flatten() {
            let path = file.path();
            if path.extension().is_none_or(|e| e != "json") {
                continue;
            }
            let read = || -> Option<BodyText> {
                let signed: Signed = serde_json::from_slice(&std::fs::read(&path).ok()?).ok()?;
                floor.keys.verify(signed.body.as_bytes(), &signed.signature).then_some(())?;
                serde_json::from_str(&signed.body).ok()
            };
            match read() {
                Some(body) => {
                    for (chain, seq, mac) in body.heads {
                        marks.heads.entry(chain).or_default().insert(seq, mac);
                    }
                }
                None => marks.broken.push(file.file_name().to_string_lossy().into_owned()),
            }
        }
        marks
    }
}
