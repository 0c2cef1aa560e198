//! What comes in about applications, and its checks: pure.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use kernel::{Day, Field, Problem};
use people::persons::checks::{Faults, LONG, SHORT};
use policy::card::Card;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::flow::Act;

/// Most surveyors of one survey.
const MOST_SURVEYORS: usize = 10;
/// Fewest surveyors of a home survey (入户调查).
const SURVEYORS: usize = 2;
/// Most characters of a number or a name.
const NUMBER: usize = 64;
/// Highest amount, in fen.
const MOST_AMOUNT: i64 = 10_000_000_000;

/// The person has or brings the paper.
pub const HAVE: &str = "have";
/// The paper is not needed here.
pub const NOT_NEEDED: &str = "not_needed";

/// Ways in which the means check is authorised (核对授权).
pub const CONSENT_WAYS: [&str; 4] = ["signed", "fingerprint", "online", "guardian"];

/// An application to begin.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewApplication {
    /// UUIDv7 made by the client.
    pub id: Uuid,
    /// For whom.
    pub person_id: Uuid,
    /// Word of the policy.
    #[schema(max_length = 64)]
    pub policy: String,
}

/// The authorisation to check the means of the household (核对授权, 社会救助法 art. 40).
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// Who gave it.
    #[schema(max_length = 64)]
    pub by: String,
    /// When.
    pub on: NaiveDate,
    /// signed 书面签字, fingerprint 捺印, online 线上授权, guardian 监护人代签.
    #[schema(max_length = 16)]
    pub how: String,
}

/// Changes of what is being prepared; what is left out stays.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Changes {
    /// Revision the caller saw.
    pub rev: i32,
    /// The authorisation.
    pub consent: Option<Consent>,
    /// Whether a close relative works for the deciding office (近亲属备案).
    pub is_relative: Option<bool>,
    /// Who, with a yes.
    #[schema(max_length = 200)]
    pub relative_note: Option<String>,
    /// Papers by their words on the card: `have` or `not_needed`; those left out are open.
    pub answers: Option<BTreeMap<String, String>>,
    /// Note of who prepares.
    #[schema(max_length = 4000)]
    pub note: Option<String>,
}

impl Changes {
    /// Everything that is wrong, as far as the card tells.
    pub fn faults(&self, card: &Card, today: Day) -> Faults {
        let mut faults = Faults::default();
        if let Some(consent) = &self.consent {
            faults.text("consent.by", &consent.by, NUMBER);
            faults.past("consent.on", consent.on, today);
            if !CONSENT_WAYS.contains(&consent.how.as_str()) {
                faults.push(Field::unknown_code("consent.how", "consent_how"));
            }
        }
        faults.optional_text("relative_note", self.relative_note.as_deref(), SHORT);
        faults.optional_text("note", self.note.as_deref(), LONG);
        if self.is_relative == Some(true) && self.relative_note.as_deref().map_or("", str::trim).is_empty() {
            faults.push(Field::new(
                "relative_note",
                "required",
                "请写明与哪位经办人员是近亲属，以便备案和回避。",
                "Say who of the staff is a relative, so that it is filed and that person stays out.",
            ));
        }
        for (paper, answer) in self.answers.iter().flatten() {
            faults.0.extend(paper_fault(card, paper, answer));
        }
        faults
    }
}

fn paper_fault(card: &Card, paper: &str, answer: &str) -> Option<Field> {
    match card.evidence.iter().find(|e| e.text == paper) {
        None => Some(Field::new(
            "answers",
            "unknown_paper",
            "有一项材料不在本政策的材料清单中，请刷新页面后重新勾选。",
            "A paper is not on the list of this policy; reload and tick again.",
        )),
        Some(known) if known.matched => Some(Field::new(
            "answers",
            "matched",
            format!("“{paper}”由数据比对取得，不得要求申请人提供（社会救助法第六十二条）。"),
            format!(
                "`{}` is obtained by data match and must not be asked for (Social Assistance Law art. 62).",
                if known.text_en.is_empty() { paper } else { &known.text_en }
            ),
        )),
        Some(_) if answer != HAVE && answer != NOT_NEEDED => Some(Field::unknown_code("answers", "paper_answer")),
        Some(_) => None,
    }
}

/// The papers to ask for that nobody has answered yet.
pub fn open_papers<'a>(card: &'a Card, answers: &BTreeMap<String, String>) -> Vec<&'a str> {
    let asked = card.evidence.iter().filter(|e| !e.matched);
    asked.map(|e| e.text.as_str()).filter(|text| !answers.contains_key(*text)).collect()
}

/// An act.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAct {
    /// UUIDv7 made by the client.
    pub id: Uuid,
    /// Revision the caller saw.
    pub rev: i32,
    /// What is done.
    pub act: Act,
    /// Day it was done, today or earlier.
    pub on: NaiveDate,
    /// What was found or said; the reason of a refusal, an objection or a withdrawal.
    #[schema(max_length = 4000)]
    pub text: Option<String>,
    /// Names of those who surveyed, two at least.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub surveyors: Vec<String>,
    /// Whether the township agrees; with an opinion.
    pub agree: Option<bool>,
    /// Last day of the notice, where the card does not say how long it lasts.
    pub until: Option<NaiveDate>,
    /// Whether somebody objected; with the end of a notice.
    pub objection: Option<bool>,
    /// Number given by the deciding system (受理号); with a submission.
    #[schema(max_length = 64)]
    pub upstream_no: Option<String>,
    /// Number of the decision (确认通知书、不予确认告知书).
    #[schema(max_length = 200)]
    pub document: Option<String>,
    /// Confirmed amount in fen, in the unit of the card.
    pub amount: Option<i64>,
    /// Confirmed category, where the policy recognises one of several (TEKUN_H, TEKUN_I).
    #[schema(max_length = 32)]
    pub category: Option<String>,
}

impl NewAct {
    /// What was said, trimmed.
    pub fn said(&self) -> &str {
        self.text.as_deref().map_or("", str::trim)
    }

    /// Those who surveyed: distinct names.
    pub fn surveyors(&self) -> BTreeSet<&str> {
        self.surveyors.iter().map(|name| name.trim()).filter(|name| !name.is_empty()).collect()
    }

    /// Everything that is wrong, as far as the act alone tells.
    pub fn faults(&self, today: Day) -> Faults {
        let mut faults = Faults::default();
        faults.id("id", self.id);
        faults.past("on", self.on, today);
        faults.optional_text("text", self.text.as_deref(), LONG);
        match self.act {
            Act::Survey => self.survey_faults(&mut faults),
            Act::Opinion if self.agree.is_none() => faults.push(Field::required("agree")),
            Act::PublicityEnd if self.objection.is_none() => faults.push(Field::required("objection")),
            Act::Submit => {
                faults.text("upstream_no", self.upstream_no.as_deref().unwrap_or_default(), NUMBER);
            }
            Act::Confirm => {
                faults.text("document", self.document.as_deref().unwrap_or_default(), SHORT);
                if self.amount.is_some_and(|amount| !(0..=MOST_AMOUNT).contains(&amount)) {
                    faults.push(Field::new(
                        "amount",
                        "range",
                        "金额超出范围，请核对单位。",
                        "The amount is out of range; check the unit.",
                    ));
                }
            }
            Act::Refuse => {
                faults.optional_text("document", self.document.as_deref(), SHORT);
            }
            _ => {}
        }
        let because = self.act == Act::Refuse
            || self.act == Act::Withdraw
            || self.agree == Some(false)
            || self.objection == Some(true);
        if because && self.said().is_empty() {
            faults.push(Field::new("text", "required", "请写明理由。", "Give the reason."));
        }
        faults
    }

    fn survey_faults(&self, faults: &mut Faults) {
        if self.surveyors().len() < SURVEYORS {
            faults.push(Field::new(
                "surveyors",
                "two",
                "入户调查须由两人以上进行，请填写至少两名调查人员的姓名。",
                "A home survey takes two people at least; name them.",
            ));
        }
        if self.surveyors.len() > MOST_SURVEYORS || self.surveyors.iter().any(|name| name.chars().count() > NUMBER) {
            faults.push(Field::too_long("surveyors", NUMBER));
        }
    }
}

/// Refuses to go on while the relatives' question or papers are open: all that is missing is told at once.
pub fn must_be_complete(card: &Card, is_relative: Option<bool>, answers: &str, urgent: bool) -> Result<(), Problem> {
    if is_relative.is_none() {
        return Err(Problem::refused(
            "application.relative",
            "请先回答申请人是否为经办人员近亲属（近亲属备案）。",
            "First say whether the applicant is a close relative of the staff.",
        ));
    }
    let answers = serde_json::from_str(answers).unwrap_or_default();
    let open = open_papers(card, &answers);
    if urgent || open.is_empty() {
        return Ok(());
    }
    Err(Problem::refused(
        "application.papers",
        format!("还有材料没有核对：{}。请逐项选择“已有”或“不需要”。", open.join("、")),
        format!("{} papers are still open; answer each with have or not needed.", open.len()),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policies::shelf::shelf;

    fn act(json: serde_json::Value) -> Vec<String> {
        let mut body = serde_json::json!({"id": "01960000-0000-7000-8000-000000000001", "rev": 1, "on": "2026-11-25"});
        for (key, value) in json.as_object().unwrap() {
            body[key] = value.clone();
        }
        let new: NewAct = serde_json::from_value(body).unwrap();
        let faults = new.faults(kernel::day::parse("2026-11-25").unwrap());
        faults.0.into_iter().map(|f| format!("{}/{}", f.field, f.code)).collect()
    }

    #[test]
    fn each_act_says_what_it_needs() {
        for (body, faults) in [
            (serde_json::json!({"act": "accept"}), &[][..]),
            (serde_json::json!({"act": "accept", "on": "2026-11-26"}), &["on/future"]),
            (serde_json::json!({"act": "survey", "surveyors": ["李明"]}), &["surveyors/two"]),
            (serde_json::json!({"act": "survey", "surveyors": ["李明", " 李明 "]}), &["surveyors/two"]),
            (serde_json::json!({"act": "survey", "surveyors": ["李明", "王芳"]}), &[]),
            (serde_json::json!({"act": "opinion"}), &["agree/required"]),
            (serde_json::json!({"act": "opinion", "agree": false}), &["text/required"]),
            (serde_json::json!({"act": "publicity_end"}), &["objection/required"]),
            (serde_json::json!({"act": "submit"}), &["upstream_no/required"]),
            (serde_json::json!({"act": "confirm", "document": "1", "amount": -1}), &["amount/range"]),
            (serde_json::json!({"act": "refuse"}), &["text/required"]),
            (serde_json::json!({"act": "withdraw", "text": " "}), &["text/required"]),
        ] {
            assert_eq!(act(body.clone()), faults, "{body}");
        }
    }

    #[test]
    fn what_a_match_obtains_cannot_be_asked_for() {
        let card = shelf().unwrap().library.cards().iter().find(|c| c.id == "dibao").unwrap();
        for (paper, answer, code) in [
            ("申请书", HAVE, None),
            ("申请书", "later", Some("unknown_code")),
            ("身份证、户口簿", HAVE, Some("matched")),
            ("无犯罪记录证明", HAVE, Some("unknown_paper")),
        ] {
            assert_eq!(paper_fault(card, paper, answer).map(|f| f.code), code, "{paper} {answer}");
        }
        let asked = open_papers(card, &BTreeMap::new());
        assert!(asked.contains(&"申请书") && !asked.contains(&"残疾人证"), "{asked:?}");
    }
}
