//! What a record proves of the row it is about: a keyed digest of the row after the change.
//!
//! The digest stands encrypted in the record, whose hash covers it, so whoever edits a row past the product would need the
//! audit key. It covers every column but bookkeeping (`rev`, `audit_no`: compared on their own), the time of the last
//! sign-in, and the columns that say where a row lies: a division event rewrites them in one statement for thousands of
//! rows. Places are compared with the tree, persons and visits with the open residence. Empty values (null, 0, false, empty
//! text) do not enter, so a later step may add a column with an empty default.
//!
//! Rows of a bulk load share one record `load`. Their digests are added up and kept in a record `sealed`; the first change
//! of such a row keeps the digest it had (`was`), so the sum can always be worked out again: a row edited, added or removed
//! past the product changes it, and nobody without the key can make up for that.

use ground::Keyring;
use sea_orm::{IdenStatic as _, Iterable as _, Value};
use serde::{Deserialize, Serialize};

use super::Detail;
use crate::writing::Kept;

/// Columns that do not enter the digest: bookkeeping, where a row lies, and what is worked out again and again.
const OUTSIDE: &[&str] = &[
    "rev",
    "audit_no",
    "last_login_at",
    "province_id",
    "city_id",
    "county_id",
    "township_id",
    "village_id",
    "from_province_id",
    "from_city_id",
    "from_county_id",
    "from_township_id",
    "from_village_id",
    "hukou_village_id",
    "served_village_id",
    "place_id",
    // Worked out from other columns, not told by anybody.
    "next_check_on",
    "until_on",
];

/// What a record proves beside what it tells.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Proof {
    /// Digest of the row after the change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
    /// The row as its first record left it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<Was>,
    /// Rows of a bulk load.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load: Option<Load>,
}

/// The digest of a row under its first record.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Was {
    /// Chain of that record.
    pub chain: i32,
    /// Its number.
    pub seq: i64,
    /// The digest.
    pub row: String,
}

/// The rows of a bulk load, summed up.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Load {
    /// Number of the `load` record in the same chain.
    pub seq: i64,
    /// How many rows.
    pub rows: u64,
    /// Sum of their digests.
    pub sum: String,
}

/// A record as it is stored: what people may read, and the proof.
#[derive(Serialize)]
pub(super) struct Stored<'a> {
    #[serde(flatten)]
    pub detail: &'a Detail,
    #[serde(flatten)]
    pub proof: &'a Proof,
}

/// The keyed digest of a row whose values `get` gives.
pub(crate) fn digest<E: Kept>(keys: &Keyring, get: impl Fn(E::Column) -> Option<Value>) -> u128 {
    let mut text = b"row\0".to_vec();
    let mut part = |bytes: &[u8]| {
        text.extend_from_slice(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
        text.extend_from_slice(bytes);
    };
    part(E::KIND.as_bytes());
    for column in E::Column::iter() {
        if OUTSIDE.contains(&column.as_str()) {
            continue;
        }
        if let Some(value) = get(column).as_ref().and_then(bytes) {
            part(column.as_str().as_bytes());
            part(&value);
        }
    }
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ..] = keys.audit_mac(&text);
    u128::from_be_bytes([a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p])
}

/// A digest, or a sum of them, as text.
pub(crate) fn hex(digest: u128) -> String {
    format!("{digest:032x}")
}

/// The same read again; 0 for what is none.
pub(super) fn unhex(text: &str) -> u128 {
    u128::from_str_radix(text, 16).unwrap_or(0)
}

/// A value as it enters the digest; none for an empty one.
fn bytes(value: &Value) -> Option<Vec<u8>> {
    let bytes = match value {
        Value::Bool(v) => v.filter(|x| *x).map(|_| vec![1]),
        Value::Int(v) => v.filter(|x| *x != 0).map(|x| i64::from(x).to_be_bytes().to_vec()),
        Value::BigInt(v) => v.filter(|x| *x != 0).map(|x| x.to_be_bytes().to_vec()),
        Value::Double(v) => v.map(|x| x.to_bits().to_be_bytes().to_vec()),
        Value::String(v) => v.as_ref().map(|x| x.as_bytes().to_vec()),
        Value::Bytes(v) => v.as_ref().map(|x| x.to_vec()),
        Value::Uuid(v) => v.map(|x| x.as_bytes().to_vec()),
        Value::ChronoDate(v) => v.map(|x| x.to_string().into_bytes()),
        other => Some(format!("{other:?}").into_bytes()),
    };
    bytes.filter(|b| !b.is_empty())
}
