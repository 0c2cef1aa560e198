//! What a bulk act asks for, and the states of its rows: pure.

use kernel::{Field, Outcome, Problem, problem::Text};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::persons::checks::{Faults, LONG};

/// A row that nobody has touched yet.
pub const WAITING: &str = "waiting";
/// A row that was carried out.
pub const DONE: &str = "done";
/// A row that a rule refused.
pub const REFUSED: &str = "refused";
/// A row that was put back.
pub const UNDONE: &str = "undone";
/// A row that changed since and was left as it is.
pub const KEPT: &str = "kept";

/// A bulk act to carry out.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRun {
    /// UUIDv7 made by the client; also the id of its job.
    pub id: Uuid,
    /// assign, grade or confirm.
    pub kind: RunKind,
    /// assign: the new responsible worker; null takes the worker away.
    pub worker_id: Option<Uuid>,
    /// grade: code of list `grade`.
    pub grade: Option<String>,
    /// grade: what it rests on.
    #[schema(max_length = 4000)]
    pub basis: Option<String>,
    /// The people, when they were chosen one by one.
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub people: Vec<Uuid>,
    /// The people, when a filter chooses them.
    pub filter: Option<Choice>,
}

/// People chosen by a filter, as the list of persons knows it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Division code.
    pub place: Option<String>,
    /// Category codes; several mean any of them.
    #[serde(default)]
    #[schema(max_items = 60)]
    pub category: Vec<String>,
    /// Grades.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub grade: Vec<String>,
    /// Ledger states.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub state: Vec<String>,
    /// Responsible worker.
    pub worker: Option<Uuid>,
}

/// What a bulk act does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunKind {
    /// Gives people to a worker.
    Assign,
    /// Proposes or confirms a grade.
    Grade,
    /// Confirms the grades that wait.
    Confirm,
}

/// What is asked of every row, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize)]
pub struct Wish {
    /// The worker of an assignment.
    pub worker_id: Option<Uuid>,
    /// The grade.
    pub grade: Option<String>,
    /// What the grade rests on.
    pub basis: Option<String>,
}

impl RunKind {
    /// The code that is stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Assign => "assign",
            Self::Grade => "grade",
            Self::Confirm => "confirm",
        }
    }

    /// The kind of a stored code; none for `edit`, whose rows are done when it is stored.
    pub fn of(code: &str) -> Option<Self> {
        [Self::Assign, Self::Grade, Self::Confirm].into_iter().find(|k| k.code() == code)
    }
}

impl NewRun {
    /// Checks all that needs no database.
    pub fn check(&self) -> Outcome<()> {
        let mut faults = Faults::default();
        if self.people.is_empty() == self.filter.is_none() {
            faults.push(Field::new(
                "people",
                "one_way",
                "请选择要操作的对象：勾选名单，或使用筛选条件（二选一）。",
                "Choose the people: either one by one or by a filter.",
            ));
        }
        faults.optional_text("basis", self.basis.as_deref(), LONG);
        if self.kind == RunKind::Grade {
            faults.code("grade", "grade", self.grade.as_deref().unwrap_or_default());
            faults.text("basis", self.basis.as_deref().unwrap_or_default(), LONG);
        }
        faults.done(Some(()))
    }

    /// What is asked of every row.
    pub fn wish(&self) -> Wish {
        let grade = self.kind == RunKind::Grade;
        Wish {
            worker_id: self.worker_id.filter(|_| self.kind == RunKind::Assign),
            grade: self.grade.clone().filter(|_| grade),
            basis: self.basis.as_deref().map(|b| b.trim().to_owned()).filter(|_| grade),
        }
    }
}

/// More people than one act may have.
pub fn too_many(limit: i64) -> Problem {
    Problem::refused(
        "bulk.too_many",
        format!("一次最多操作 {limit} 人，当前条件选中的人数超过了这个上限。请缩小范围后分批办理。"),
        format!(
            "One bulk act takes {limit} people at most, and more are chosen. Narrow the choice and do it in parts."
        ),
    )
}

/// Nobody was chosen.
pub fn nobody() -> Problem {
    Problem::refused("bulk.nobody", "没有符合条件的对象，请重新选择。", "Nobody meets the conditions; choose again.")
}

/// Why a row was refused, in both languages.
pub fn why(problem: &Problem) -> (String, String) {
    let one = |english: bool| {
        let body = problem.body(english, None);
        match body.fields.first() {
            Some(field) => field.message.clone(),
            None => body.title,
        }
    };
    (one(false), one(true))
}

/// The words of a row that was left as it is.
pub fn kept_text() -> Text {
    Text::new("之后已被修改，未撤销，请逐条核对。", "Changed since, so it was left as it is; check it by hand.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(json: serde_json::Value) -> NewRun {
        let mut body = serde_json::json!({"id": "01960000-0000-7000-8000-000000000001"});
        for (key, value) in json.as_object().unwrap() {
            body[key] = value.clone();
        }
        serde_json::from_value(body).unwrap()
    }

    #[test]
    fn people_come_by_list_or_by_filter_and_a_grade_needs_its_basis() {
        let some = serde_json::json!(["01960000-0000-7000-8000-000000000002"]);
        for (json, good) in [
            (serde_json::json!({"kind": "confirm", "people": some}), true),
            (serde_json::json!({"kind": "confirm", "filter": {}}), true),
            (serde_json::json!({"kind": "confirm"}), false),
            (serde_json::json!({"kind": "confirm", "people": some, "filter": {}}), false),
            (serde_json::json!({"kind": "grade", "people": some, "grade": "A", "basis": "走访核实"}), true),
            (serde_json::json!({"kind": "grade", "people": some, "grade": "A", "basis": " "}), false),
            (serde_json::json!({"kind": "grade", "people": some, "grade": "X", "basis": "x"}), false),
            (serde_json::json!({"kind": "assign", "people": some}), true),
        ] {
            assert_eq!(run(json.clone()).check().is_ok(), good, "{json}");
        }
    }

    #[test]
    fn a_refusal_is_kept_in_both_languages() {
        let (zh, en) = why(&Problem::invalid(Field::required("phone")));
        assert!(!zh.is_ascii() && en.is_ascii());
        let (zh, en) = why(&nobody());
        assert!(zh.contains("没有符合条件") && en.contains("Nobody"));
    }
}
