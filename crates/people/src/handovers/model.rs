//! What comes in about hand-overs, and the checks that need no database.

use chrono::NaiveDate;
use kernel::{Day, Field, Problem, Secret};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::persons::checks::{Faults, SHORT};

/// Persons in one step of a caseload.
pub const STEP: u64 = 200;
/// State: waits for the receiver.
pub const PROPOSED: &str = "proposed";
/// State: the receiver (or the head) took over.
pub const ACCEPTED: &str = "accepted";
/// State: the receiver gave it back.
pub const DECLINED: &str = "declined";
/// State: the sender took it back.
pub const WITHDRAWN: &str = "withdrawn";
/// Kind: to another station.
pub const STATION: &str = "station";
/// Kind: to another worker of the station.
pub const WORKER: &str = "worker";

/// A person to hand over to the station of another township.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewHandover {
    /// UUIDv7 made by the client.
    pub id: Uuid,
    /// Revision of the person the caller saw.
    pub rev: i32,
    /// Village where the person lives now, as `place=`; its township's station receives.
    pub village: String,
    /// Since when the person lives there, today or earlier.
    pub moved_on: NaiveDate,
    /// Address below the village.
    #[schema(max_length = 200)]
    pub address: Option<Secret>,
    /// Code of list `handover_reason`.
    pub reason: String,
    /// More about it; required with reason `other`.
    #[schema(max_length = 200)]
    pub note: Option<String>,
    /// Code of list `handover_consent`.
    pub consent: String,
}

impl NewHandover {
    /// Checks all that needs no database.
    pub fn check(&self, today: Day, faults: &mut Faults) {
        faults.id("id", self.id);
        faults.past("moved_on", self.moved_on, today);
        faults.code("reason", "handover_reason", &self.reason);
        faults.code("consent", "handover_consent", &self.consent);
        if self.consent == "not_needed" {
            faults.push(Field::new(
                "consent",
                "not_for_stations",
                "移交到其他社工站，须告知本人或取得同意，请选择告知或同意的方式。",
                "A hand-over to another station needs notice or consent; say which.",
            ));
        }
        explained("note", &self.reason, self.note.as_deref(), faults);
    }
}

/// The receiver's yes.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// Id of this act, made by the client (UUIDv7).
    pub id: Uuid,
    /// Revision the caller saw.
    pub rev: i32,
    /// Who answers for the person from now on: a worker of the station.
    pub worker_id: Uuid,
}

/// The receiver's no, or the sender's second thought.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    /// Id of this act, made by the client (UUIDv7).
    pub id: Uuid,
    /// Revision the caller saw.
    pub rev: i32,
    /// Code of list `handover_answer`.
    pub reason: String,
    /// More about it; required with reason `other`.
    #[schema(max_length = 200)]
    pub note: Option<String>,
}

impl Refusal {
    /// Checks all that needs no database.
    pub fn check(&self, faults: &mut Faults) {
        faults.code("reason", "handover_answer", &self.reason);
        explained("note", &self.reason, self.note.as_deref(), faults);
    }
}

/// A step of a caseload: clients of one worker (or of nobody) for another worker.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCaseloadStep {
    /// Id of this step, made by the client (UUIDv7).
    pub id: Uuid,
    /// Id of the whole hand-over: the same for all steps, printed on one list.
    pub batch_id: Uuid,
    /// Inside this place, as `place=`.
    pub place: String,
    /// Who was responsible; null for persons without a worker.
    pub from_worker_id: Option<Uuid>,
    /// Who is from now on.
    pub to_worker_id: Uuid,
    /// Code of list `handover_reason`.
    pub reason: String,
    /// More about it; required with reason `other`.
    #[schema(max_length = 200)]
    pub note: Option<String>,
    /// Only these persons; all when left out, at most 200 in one step.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub person_ids: Vec<Uuid>,
}

impl NewCaseloadStep {
    /// Checks all that needs no database.
    pub fn check(&self, faults: &mut Faults) {
        faults.id("id", self.id);
        faults.id("batch_id", self.batch_id);
        faults.code("reason", "handover_reason", &self.reason);
        explained("note", &self.reason, self.note.as_deref(), faults);
        if self.from_worker_id == Some(self.to_worker_id) {
            faults.push(Field::new(
                "to_worker_id",
                "same_worker",
                "接手人与移交人相同，请另选一位社工。",
                "Receiver and sender are the same; choose another worker.",
            ));
        }
        if self.person_ids.len() as u64 > STEP {
            faults.push(Field::new(
                "person_ids",
                "too_many",
                format!("一次最多 {STEP} 人，请分次提交。"),
                format!("At most {STEP} persons at a time; send several steps."),
            ));
        }
    }
}

fn explained(field: &str, reason: &str, note: Option<&str>, faults: &mut Faults) {
    if faults.optional_text(field, note, SHORT).is_none() && reason == "other" {
        faults.push(Field::required(field));
    }
}

/// What is open about a person when it is handed over, for the receiver and for the signed list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OpenItems {
    /// Code of list `ledger_state`.
    pub ledger_state: String,
    /// Code of list `grade`; empty without one.
    pub grade: String,
    /// A grade that waits for approval.
    pub proposed_grade: String,
    /// Next due day; null when nothing is due.
    pub next_due_on: Option<NaiveDate>,
    /// Latest contact.
    pub last_visit_on: Option<NaiveDate>,
    /// Failed visits in a row.
    pub failed_in_row: i32,
    /// Open tasks about the person.
    pub tasks: Vec<OpenTask>,
    /// Open households the person belongs to.
    pub households: u32,
}

/// An open task in a hand-over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OpenTask {
    /// Kind of the task.
    pub kind: String,
    /// Until when.
    pub due_on: Option<NaiveDate>,
}

/// A hand-over that was answered before.
pub fn answered() -> Problem {
    Problem::refused(
        "handover.answered",
        "这项移交已经办结（接收、退回或撤回），请刷新页面查看结果。",
        "This hand-over was answered or withdrawn already; reload the page.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u128) -> Uuid {
        Uuid::from_u128((n << 80) | (7 << 76) | (2 << 62))
    }

    #[test]
    fn a_hand_over_to_a_station_needs_notice_and_other_reasons_need_words() {
        let today = kernel::day::parse("2026-11-23").unwrap();
        let new = |reason: &str, note: Option<&str>, consent: &str| NewHandover {
            id: id(1),
            rev: 1,
            village: "430703001001".to_owned(),
            moved_on: today,
            address: None,
            reason: reason.to_owned(),
            note: note.map(str::to_owned),
            consent: consent.to_owned(),
        };
        for (body, faults) in [
            (new("moved", None, "told"), vec![]),
            (new("other", None, "told"), vec!["note"]),
            (new("other", Some("  "), "told"), vec!["note"]),
            (new("other", Some("投亲"), "told"), vec![]),
            (new("moved", None, "not_needed"), vec!["consent"]),
            (new("moved", None, ""), vec!["consent"]),
            (new("x", None, "told"), vec!["reason"]),
        ] {
            let mut found = Faults::default();
            body.check(today, &mut found);
            assert_eq!(found.0.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), faults, "{body:?}");
        }
    }

    #[test]
    fn a_caseload_goes_to_somebody_else() {
        let step = NewCaseloadStep {
            id: id(1),
            batch_id: id(2),
            place: "430703001".to_owned(),
            from_worker_id: Some(id(3)),
            to_worker_id: id(3),
            reason: "staff_left".to_owned(),
            note: None,
            person_ids: Vec::new(),
        };
        let mut faults = Faults::default();
        step.check(&mut faults);
        assert_eq!(faults.0.iter().map(|f| f.code).collect::<Vec<_>>(), ["same_worker"]);
    }
}
