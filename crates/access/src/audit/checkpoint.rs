//! Signed checkpoints over all heads, written outside the database.

use std::collections::BTreeMap;

use ground::{Floor, Folder};
use kernel::{Outcome, Problem};
use sea_orm::{EntityTrait as _, QueryOrder as _};
use serde::{Deserialize, Serialize};

use crate::row::audit_head;

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
