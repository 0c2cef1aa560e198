//! The state machine of the ledger: which step may follow, who takes it, and what it must say. Pure.

use chrono::NaiveDate;
use kernel::{Day, Field, Problem, codes};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::persons::checks::{Faults, LONG, SHORT};

/// Who takes a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Whoever may move the ledger.
    Worker,
    /// Whoever may approve; a worker's call becomes a task for them.
    Head,
    /// A worker proposes, another account that may approve confirms.
    Two,
}

/// One step of the state machine.
#[derive(Debug, PartialEq, Eq)]
pub struct Step {
    /// State before.
    pub from: &'static str,
    /// State after.
    pub to: &'static str,
    /// Who takes it.
    pub who: Who,
    /// List the reason is taken from; no reason when none.
    pub reasons: Option<&'static str>,
}

const fn step(from: &'static str, to: &'static str, who: Who, reasons: Option<&'static str>) -> Step {
    Step { from, to, who, reasons }
}

/// Every step there is.
pub const STEPS: &[Step] = &[
    step("lead", "verifying", Who::Worker, None),
    step("lead", "dismissed", Who::Worker, Some("dismiss_reason")),
    step("verifying", "active", Who::Two, None),
    step("verifying", "dismissed", Who::Worker, Some("dismiss_reason")),
    step("active", "suspended", Who::Head, Some("suspend_reason")),
    step("active", "exited", Who::Head, Some("exit_reason")),
    step("suspended", "active", Who::Head, None),
    step("suspended", "exited", Who::Head, Some("exit_reason")),
    step("exited", "archived", Who::Worker, None),
    step("exited", "lead", Who::Head, None),
    step("archived", "lead", Who::Head, None),
    // Taken out of the archive again; the note says why.
    step("archived", "exited", Who::Worker, None),
    step("dismissed", "lead", Who::Worker, None),
];

/// The step from one state to another.
pub fn find(from: &str, to: &str) -> Option<&'static Step> {
    STEPS.iter().find(|s| s.from == from && s.to == to)
}

/// A step asked for.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStep {
    /// UUIDv7 made by the client.
    pub id: Uuid,
    /// Revision of the ledger entry the caller saw.
    pub rev: i32,
    /// State after, code of list `ledger_state`.
    pub to: String,
    /// Day of the step, today or earlier.
    pub on: NaiveDate,
    /// Reason, where the step needs one: list `dismiss_reason`, `suspend_reason` or `exit_reason`.
    pub reason: Option<String>,
    /// Note.
    #[schema(max_length = 4000)]
    pub note: Option<String>,
    /// Grade, for the entry into the ledger.
    pub grade: Option<String>,
    /// Why the grade lies below the least one suggested.
    #[schema(max_length = 200)]
    pub floor_reason: Option<String>,
    /// What the step rests on.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub evidence: Vec<Evidence>,
}

/// A piece of evidence.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Code of list `evidence_kind`.
    pub kind: String,
    /// Its number or name.
    #[schema(min_length = 1, max_length = 200)]
    pub reference: String,
}

/// The most pieces of evidence of one step.
const MOST_EVIDENCE: usize = 10;

/// Checks a list of evidence.
pub fn check_evidence(evidence: &[Evidence], faults: &mut Faults) {
    if evidence.len() > MOST_EVIDENCE {
        faults.push(Field::new(
            "evidence",
            "too_many",
            "一次最多填写10项证据，请合并或放入附件说明。",
            "At most 10 pieces of evidence; join some of them.",
        ));
    }
    for (n, piece) in evidence.iter().enumerate().take(MOST_EVIDENCE) {
        faults.code(&format!("evidence[{n}].kind"), "evidence_kind", &piece.kind);
        faults.text(&format!("evidence[{n}].reference"), &piece.reference, SHORT);
    }
}

/// Evidence as it is kept.
pub fn evidence_text(evidence: &[Evidence]) -> String {
    serde_json::to_string(evidence).unwrap_or_else(|_| "[]".to_owned())
}

/// A grade asked for.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGrade {
    /// UUIDv7 made by the client.
    pub id: Uuid,
    /// Revision of the ledger entry the caller saw.
    pub rev: i32,
    /// Code of list `grade`.
    pub grade: String,
    /// What the grade rests on.
    #[schema(max_length = 4000)]
    pub basis: String,
    /// Why the grade lies below the least one suggested.
    #[schema(max_length = 200)]
    pub floor_reason: Option<String>,
}

impl NewStep {
    /// Checks all that needs no database.
    pub fn check(&self, today: Day, faults: &mut Faults) {
        faults.code("to", "ledger_state", &self.to);
        faults.past("on", self.on, today);
        faults.optional_code("grade", "grade", self.grade.as_deref());
        faults.optional_text("note", self.note.as_deref(), LONG);
        faults.optional_text("floor_reason", self.floor_reason.as_deref(), SHORT);
        check_evidence(&self.evidence, faults);
    }

    /// Checks the reason against the step.
    pub fn check_reason(&self, step: &Step, faults: &mut Faults) {
        if step.from == "archived" && step.to == "exited" && self.note().is_empty() {
            let (zh, en) = ("取消归档须在备注中说明原因。", "Say in the note why the file leaves the archive.");
            faults.push(Field::new("note", "required", zh, en));
        }
        if self.reason.as_deref() == Some("declined") && step.to == "exited" && self.evidence.is_empty() {
            let (zh, en) = (
                "本人自愿退出须登记签字或拒绝记录作为证据。",
                "An exit by own wish needs the signed or recorded refusal as evidence.",
            );
            faults.push(Field::new("evidence", "required", zh, en));
        }
        let reason = self.reason.as_deref().unwrap_or_default();
        let Some(list) = step.reasons else {
            if !reason.is_empty() {
                faults.push(Field::new(
                    "reason",
                    "unexpected",
                    "此项变动不需要选择原因，请在备注中说明。",
                    "This step takes no reason; write a note instead.",
                ));
            }
            return;
        };
        faults.code("reason", list, reason);
        let item = codes::list(list).and_then(|l| l.get(reason));
        if item.and_then(|i| i.needs_text) == Some(true) && self.note().is_empty() {
            faults.push(Field::new(
                "note",
                "required",
                "选择此原因须在备注中说明具体情况。",
                "This reason needs a note that explains it.",
            ));
        }
    }

    /// The note, trimmed.
    pub fn note(&self) -> &str {
        self.note.as_deref().map(str::trim).unwrap_or_default()
    }
}

impl NewGrade {
    /// Checks all that needs no database.
    pub fn check(&self, faults: &mut Faults) {
        faults.code("grade", "grade", &self.grade);
        faults.text("basis", &self.basis, LONG);
        faults.optional_text("floor_reason", self.floor_reason.as_deref(), SHORT);
    }
}

/// What the caller may do with a person's ledger.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hands {
    /// May move.
    pub moves: bool,
    /// May approve.
    pub approves: bool,
}

/// A proposal that waits for a second person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The grade.
    pub grade: String,
    /// Whether the caller made it.
    pub own: bool,
    /// Whether the caller may confirm an own proposal (one worker, and the parameter says so).
    pub own_allowed: bool,
}

/// What becomes of a step that two people take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It becomes a proposal, or replaces the one that waits.
    Propose,
    /// It confirms the proposal.
    Confirm,
}

/// Decides between proposing and confirming; `same` tells that the call repeats the waiting grade (or names none).
pub fn turn(hands: Hands, waiting: Option<&Waiting>, same: bool) -> Result<Turn, Problem> {
    match waiting {
        Some(w) if hands.approves && (!w.own || w.own_allowed) => Ok(Turn::Confirm),
        Some(w) if w.own && same => Err(Problem::refused(
            "ledger.own_proposal",
            "您提出的申请须由另一位审批人确认，请等待审批。",
            "Your proposal must be confirmed by somebody else; please wait.",
        )),
        _ if hands.moves => Ok(Turn::Propose),
        _ => Err(Problem::refused(
            "ledger.no_proposal",
            "目前没有待审批的申请。请先由社工提出，再行审批。",
            "There is nothing to approve yet. A worker has to propose first.",
        )),
    }
}

/// Whether a step may be taken for somebody who died: the file goes into the archive and out again.
pub fn stands_after_death(step: &Step) -> bool {
    step.to == "archived" || (step.from == "archived" && step.to == "exited")
}

/// The states the caller may ask for now; a dead person's entry can only be archived.
pub fn allowed(state: &str, alive: bool, hands: Hands, waiting: Option<&Waiting>) -> Vec<&'static str> {
    let may = |step: &&Step| match step.who {
        Who::Worker => hands.moves,
        Who::Head => hands.moves || hands.approves,
        Who::Two => turn(hands, waiting, true).is_ok(),
    };
    let fits = |step: &&Step| step.from == state && (alive || stands_after_death(step));
    STEPS.iter().filter(fits).filter(may).map(|s| s.to).collect()
}

/// The refusal of a step that does not exist.
pub fn no_step(from: &str, to: &str) -> Problem {
    let label = |state: &str, lang| codes::label("ledger_state", state, lang).to_owned();
    let (zh, en) = (codes::Lang::Zh, codes::Lang::En);
    Problem::refused(
        "ledger.transition",
        format!("当前状态为“{}”，不能转为“{}”。请刷新页面后选择可办理的变动。", label(from, zh), label(to, zh)),
        format!(
            "The entry is “{}” and cannot become “{}”. Reload and choose a step that is offered.",
            label(from, en),
            label(to, en)
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORKER: Hands = Hands { moves: true, approves: false };
    const HEAD: Hands = Hands { moves: true, approves: true };
    const REVIEWER: Hands = Hands { moves: false, approves: true };

    fn waiting(own: bool, own_allowed: bool) -> Waiting {
        Waiting { grade: "A".to_owned(), own, own_allowed }
    }

    #[test]
    fn every_state_of_the_list_can_be_reached_and_every_reason_list_exists() {
        for state in &codes::list("ledger_state").unwrap().items {
            assert!(STEPS.iter().any(|s| s.to == state.code), "{}", state.code);
        }
        assert!(STEPS.iter().filter_map(|s| s.reasons).all(|list| codes::list(list).is_some()));
    }

    #[test]
    fn nobody_confirms_an_own_proposal_unless_the_parameter_says_so() {
        for (hands, w, same, expected) in [
            (WORKER, None, true, Ok(Turn::Propose)),
            (HEAD, None, true, Ok(Turn::Propose)),
            (HEAD, Some(waiting(true, false)), true, Err("ledger.own_proposal")),
            (HEAD, Some(waiting(true, false)), false, Ok(Turn::Propose)),
            (HEAD, Some(waiting(true, true)), true, Ok(Turn::Confirm)),
            (HEAD, Some(waiting(false, false)), true, Ok(Turn::Confirm)),
            (REVIEWER, Some(waiting(false, false)), true, Ok(Turn::Confirm)),
            (REVIEWER, None, true, Err("ledger.no_proposal")),
            (WORKER, Some(waiting(true, false)), true, Err("ledger.own_proposal")),
            (WORKER, Some(waiting(false, false)), true, Ok(Turn::Propose)),
        ] {
            let got =
                turn(hands, w.as_ref(), same).map_err(|p| if let Problem::Refused(rule, _) = p { rule } else { "" });
            assert_eq!(got, expected, "{hands:?} {w:?} {same}");
        }
    }

    #[test]
    fn only_offered_steps_are_allowed() {
        for (state, hands, expected) in [
            ("lead", WORKER, &["verifying", "dismissed"][..]),
            ("lead", REVIEWER, &[]),
            ("verifying", WORKER, &["active", "dismissed"]),
            ("active", REVIEWER, &["suspended", "exited"]),
            ("exited", HEAD, &["archived", "lead"]),
            ("archived", HEAD, &["lead", "exited"]),
            ("dismissed", WORKER, &["lead"]),
        ] {
            assert_eq!(allowed(state, true, hands, None), expected, "{state} {hands:?}");
        }
        assert_eq!(allowed("exited", false, HEAD, None), ["archived"]);
        assert_eq!(allowed("verifying", true, HEAD, Some(&waiting(true, false))), ["dismissed"]);
    }
}
