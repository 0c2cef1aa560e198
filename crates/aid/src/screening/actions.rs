//! Setting a finding aside.

use access::{Body, Scope, Written};
use kernel::{Field, Id, Outcome, Problem, codes};
use people::{
    minors,
    persons::row::person,
    screening::{row::screening_finding, store},
};
use sea_orm::ColumnTrait as _;
use serde::Deserialize;
use uuid::Uuid;

use super::{Dismiss, apply};

/// Longest note.
const NOTE: usize = 200;

/// What was found on a second look.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDismissal {
    /// UUIDv7 made by the client.
    pub id: Uuid,
    /// Code of list `screening_reason`.
    #[schema(max_length = 32)]
    pub reason: String,
    /// More in words; needed with the reason `other`.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub note: String,
}

impl NewDismissal {
    fn faults(&self) -> Vec<Field> {
        let mut faults = Vec::new();
        let item = codes::list("screening_reason").and_then(|list| list.get(&self.reason));
        if item.is_none() {
            faults.push(Field::unknown_code("reason", "screening_reason"));
        }
        if item.and_then(|i| i.needs_text) == Some(true) && self.note.trim().is_empty() {
            faults.push(Field::new("note", "required", "选择“其他”时请写明情况。", "With `other` say what was found."));
        }
        if self.note.chars().count() > NOTE {
            faults.push(Field::too_long("note", NOTE));
        }
        faults
    }
}

/// Sets a finding aside; the same id again changes nothing. The finding stays aside while it holds.
pub async fn dismiss(scope: &Scope<Dismiss>, finding: Id, body: Body<NewDismissal>) -> Outcome<Written> {
    let Body { value: new, digest } = body;
    let faults = new.faults();
    if !faults.is_empty() {
        return Err(Problem::Invalid(faults));
    }
    let wanted = move || screening_finding::Column::Id.eq(finding);
    let row = scope.find::<screening_finding::Entity>().filter(wanted()).required().await?;
    minors::must_open_id(scope, row.person_id).await?;
    scope
        .write_once(new.id, &[&digest[..], finding.as_bytes()].concat(), move |tx| {
            Box::pin(async move {
                let row = tx.find::<screening_finding::Entity>().filter(wanted()).required().await?;
                let person = tx.get::<person::Entity>(row.person_id).await?;
                if row.is_dismissed {
                    return Err(Problem::refused(
                        "screening.dismissed",
                        "这条线索已经核实过，请刷新页面。",
                        "This finding was set aside already; reload the page.",
                    ));
                }
                store::dismiss(tx, &person, &row, (new.id, new.reason, new.note.trim().to_owned())).await?;
                apply::settle(tx, person.id).await
            })
        })
        .await
}
