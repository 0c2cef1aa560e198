//! Amounts, limits and marks in plain words: pure.

use kernel::Day;
use policy::card::{Card, Ends, Limit};

use crate::entitlements::http::Answered;

/// What stands beside what was not read in its source.
pub const UNVERIFIED: &str = "（待核实：条款还没有对照原文，不能当作依据）";
/// What stands beside a value for tests and training.
pub const EXAMPLE: &str = "（按示例标准测算，不是当地实际标准）";

/// A day as people write it.
pub fn day(day: Day) -> String {
    day.format("%Y年%-m月%-d日").to_string()
}

/// An amount of fen in yuan, without a needless fraction.
pub fn yuan(fen: i64) -> String {
    match fen % 100 {
        0 => format!("{}元", fen / 100),
        rest => format!("{}.{:02}元", fen / 100, rest.abs()),
    }
}

fn every(unit: &str) -> &'static str {
    match unit {
        "fen_month" => "每月",
        "fen_year" => "每年",
        _ => "",
    }
}

/// What an answer says of the amount; none where nothing is known of it.
pub fn amount(answer: &Answered) -> Option<String> {
    let every = every(&answer.amount_unit);
    let figure = match (answer.amount, answer.low, answer.high) {
        (Some(amount), ..) => format!("{every}大约{}", yuan(amount)),
        (None, Some(low), Some(high)) if low < high => format!("{every}{}到{}", yuan(low), yuan(high)),
        _ if answer.params_missing => "当地标准还没有录入，算不出数额".to_owned(),
        _ if answer.amount_unit.is_empty() => return None,
        _ => "数额要等情况问清才能算".to_owned(),
    };
    let known = answer.amount.is_some() || answer.low.is_some();
    let mark = if answer.example && known { EXAMPLE } else { "" };
    let how = if answer.amount_text.is_empty() { String::new() } else { format!("；{}", answer.amount_text) };
    Some(format!("{figure}{mark}{how}"))
}

fn limit(limit: &Limit) -> String {
    let unit = if limit.workdays { "个工作日" } else { "天" };
    let mark = if limit.verified { "" } else { "（待核实）" };
    format!("{}{}{unit}{mark}", limit.step, limit.days)
}

/// How many days the whole takes, and how long the notice hangs; none where the card knows no limit.
pub fn limits(card: &Card) -> Option<String> {
    let whole = card.limits.iter().filter(|l| l.ends == Some(Ends::Whole));
    let notice = card.limits.iter().filter(|l| l.ends == Some(Ends::Publicity));
    let mut named: Vec<String> = whole.chain(notice).map(limit).collect();
    if named.is_empty() {
        named = card.limits.iter().map(limit).collect();
    }
    (!named.is_empty()).then(|| named.join("，"))
}

/// What a person brings; a card without a list of papers does not mean that nothing is needed.
pub fn bring(card: &Card) -> String {
    let papers: Vec<&str> = asked_for(card).collect();
    match (papers.is_empty(), card.evidence.is_empty()) {
        (false, _) => papers.join("、"),
        (true, false) => "不用带材料，由部门查询".to_owned(),
        (true, true) => "材料清单没有录入，请先向办理单位问清".to_owned(),
    }
}

/// A clause as people read it: `社会救助法 art. 18–20` is 社会救助法第18–20条.
pub fn clause(source: &str) -> String {
    let mut parts = source.split(" art. ");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| !(c.is_ascii_digit() || "–-、".contains(c))).unwrap_or(part.len());
        let (number, rest) = part.split_at(end);
        text.push_str(&format!("第{number}条{rest}"));
    }
    text
}

/// The papers a person is asked for; what data matching obtains is not among them.
pub fn asked_for(card: &Card) -> impl Iterator<Item = &str> {
    card.evidence.iter().filter(|e| !e.matched).map(|e| e.text.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policies::shelf::shelf;

    fn card(id: &str) -> &'static Card {
        shelf().unwrap().library.cards().iter().find(|c| c.id == id).unwrap()
    }

    #[test]
    fn amounts_are_yuan_and_say_when_they_are_examples() {
        for (fen, text) in [(40_000, "400元"), (40_050, "400.50元"), (5, "0.05元"), (0, "0元")] {
            assert_eq!(yuan(fen), text);
        }
        let mut answer = Answered {
            policy: std::sync::Arc::new(card("dibao").into()),
            status: "eligible".to_owned(),
            amount: Some(40_000),
            low: Some(40_000),
            high: Some(40_000),
            amount_unit: "fen_month".to_owned(),
            amount_text: "全家合计".to_owned(),
            amount_text_en: String::new(),
            example: true,
            missing: vec![],
            amount_missing: vec![],
            unlikely: false,
            params_missing: false,
        };
        assert_eq!(amount(&answer).unwrap(), format!("每月大约400元{EXAMPLE}；全家合计"));
        answer.example = false;
        answer.amount = None;
        answer.high = Some(80_000);
        assert_eq!(amount(&answer).unwrap(), "每月400元到800元；全家合计");
        answer.low = None;
        answer.high = None;
        answer.params_missing = true;
        assert!(amount(&answer).unwrap().starts_with("当地标准还没有录入"));
    }

    #[test]
    fn clauses_are_written_as_people_read_them() {
        for (source, text) in [
            ("社会救助法 art. 18–20", "社会救助法第18–20条"),
            ("社会救助法 art. 41、62；民发〔2021〕57号", "社会救助法第41、62条；民发〔2021〕57号"),
            ("民发〔2022〕83号", "民发〔2022〕83号"),
        ] {
            assert_eq!(clause(source), text);
        }
    }

    #[test]
    fn what_data_matching_obtains_is_never_asked_for() {
        let asked: Vec<&str> = asked_for(card("dibao")).collect();
        assert!(asked.contains(&"申请书") && !asked.iter().any(|text| text.contains("户口簿")), "{asked:?}");
        assert_eq!(limits(card("dibao")).unwrap(), "全程30个工作日，审核意见公示7天");
    }
}
