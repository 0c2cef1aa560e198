//! What the answer says besides figures, in both languages.

use kernel::{
    Day,
    codes::{self, Lang},
    params::Params,
};

use crate::coverage::{Sentence, ServiceKind};

/// The formula of a figure.
pub fn formula(kind: ServiceKind) -> Sentence {
    match kind {
        ServiceKind::Service => Sentence::new(
            "服务覆盖率 = 统计期内至少接受过一次计入服务的目标对象 ÷ 目标对象",
            "Service coverage = target persons with at least one counted service in the period ÷ target persons",
        ),
        ServiceKind::Ledger => Sentence::new(
            "建档率 = 台账在册的目标对象 ÷ 目标对象",
            "Ledger coverage = target persons active in the ledger ÷ target persons",
        ),
    }
}

/// Who is in the denominator, what counts, and how a past day was worked out.
pub fn notes(kind: ServiceKind, params: &Params, places: &[&str], on: Day, past: bool) -> Vec<Sentence> {
    let categories = params.codes("coverage.target_categories", places, on);
    let names = |lang| {
        let label = |code: &String| match (code.as_str(), lang) {
            ("DIS", Lang::Zh) => "残疾人".to_owned(),
            ("DIS", Lang::En) => "Person with disability".to_owned(),
            (code, lang) => codes::category(code).map_or(code, |c| c.label(lang)).to_owned(),
        };
        categories.iter().map(label).collect::<Vec<_>>()
    };
    let mut notes = vec![Sentence::new(
        format!(
            "目标对象：当日在世、常住，且至少有一项以下类别未结束，不含不予建档的线索：{}。",
            names(Lang::Zh).join("、")
        ),
        format!(
            "Target persons: alive and resident on the day, with at least one of these categories open, without dismissed leads: {}.",
            names(Lang::En).join(", ")
        ),
    )];
    if kind == ServiceKind::Service {
        let modes = |lang| {
            let modes = params.codes("coverage.served_modes", places, on);
            modes.iter().map(|m| codes::label("visit_mode", m, lang)).collect::<Vec<_>>()
        };
        notes.push(Sentence::new(
            format!(
                "计入服务：已完成且未作废、见到本人或其家属（照料人）、方式为{}的走访。",
                modes(Lang::Zh).join("、")
            ),
            format!(
                "Counted: completed visits, not void, that met the person or family, in these modes: {}.",
                modes(Lang::En).join(", ")
            ),
        ));
    }
    if past {
        notes.push(Sentence::new(
            "往日数据按今日的行政区划归并；此后补录或作废的记录已计入。",
            "Past figures lie in the divisions of today, and include what was entered or voided since.",
        ));
    }
    notes
}
