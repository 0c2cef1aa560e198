//! Checks of a review and the drawing of a sample: pure.

use kernel::{Day, Field, codes, day};
use serde::Deserialize;
use uuid::Uuid;

use crate::visits::model::LONG;

/// Most visits of one sample.
pub const MOST: usize = 100;

/// Most reasons of one question.
const MOST_REASONS: usize = 10;

/// A review to write.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReview {
    /// UUIDv7 made by the client.
    pub id: Uuid,
    /// The visit that was read.
    pub visit_id: Uuid,
    /// ok, or ask.
    pub verdict: Verdict,
    /// Why it is asked back, list `review_reason`.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub reasons: Vec<String>,
    /// What the worker should add or explain.
    #[schema(max_length = 4000)]
    pub comment: Option<String>,
}

/// What a reader says of a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Good as it is.
    Ok,
    /// The worker is asked to add or explain.
    Ask,
}

impl NewReview {
    /// The comment, trimmed.
    pub fn comment(&self) -> &str {
        self.comment.as_deref().map(str::trim).unwrap_or_default()
    }

    /// Everything that is wrong, each with a sentence.
    pub fn faults(&self) -> Vec<Field> {
        let mut faults = Vec::new();
        if let Some(n) = self.reasons.iter().position(|code| !codes::has("review_reason", code)) {
            faults.push(Field::unknown_code(format!("reasons[{n}]"), "review_reason"));
        }
        if self.reasons.len() > MOST_REASONS {
            faults.push(Field::new("reasons", "too_many", "原因最多选 10 项。", "Choose ten reasons at most."));
        }
        if self.comment().chars().count() > LONG {
            faults.push(Field::too_long("comment", LONG));
        }
        if self.verdict == Verdict::Ask && self.reasons.is_empty() && self.comment().is_empty() {
            faults.push(Field::new(
                "comment",
                "required",
                "退回补充时，请选择原因或写明需要补充的内容。",
                "To ask back, choose a reason or write what is missing.",
            ));
        }
        faults
    }
}

/// A small generator that gives the same draw for the same seed.
pub struct Draw(u64);

impl Draw {
    /// From a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number below `n` (0 for an empty range).
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        let n = u64::try_from(n).unwrap_or(u64::MAX).max(1);
        usize::try_from(z % n).unwrap_or(0)
    }

    /// The items in drawn order.
    pub fn shuffled<T>(&mut self, mut items: Vec<T>) -> Vec<T> {
        for n in (1..items.len()).rev() {
            let other = self.below(n + 1);
            items.swap(n, other);
        }
        items
    }
}

/// The days of the window in drawn order.
pub fn days(draw: &mut Draw, today: Day, window: i64) -> Vec<Day> {
    draw.shuffled((0..window.clamp(1, 366)).map(|n| day::add_days(today, -n)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn review(verdict: &str, reasons: &[&str], comment: &str) -> Vec<&'static str> {
        let id = "01960000-0000-7000-8000-000000000001";
        let json =
            serde_json::json!({"id": id, "visit_id": id, "verdict": verdict, "reasons": reasons, "comment": comment});
        serde_json::from_value::<NewReview>(json).unwrap().faults().into_iter().map(|f| f.code).collect()
    }

    #[test]
    fn asking_back_says_why() {
        assert_eq!(review("ok", &[], ""), Vec::<&str>::new());
        assert_eq!(review("ask", &[], "  "), ["required"]);
        assert_eq!(review("ask", &["too_short"], ""), Vec::<&str>::new());
        assert_eq!(review("ask", &[], "请写明用药情况"), Vec::<&str>::new());
        assert_eq!(review("ask", &["nonsense"], ""), ["unknown_code"]);
    }

    #[test]
    fn the_same_seed_draws_the_same() {
        let drawn = |seed| Draw::new(seed).shuffled((0..50).collect::<Vec<_>>());
        assert_eq!(drawn(7), drawn(7));
        assert_ne!(drawn(7), drawn(8));
        let mut sorted = drawn(7);
        sorted.sort_unstable();
        assert_eq!(sorted, (0..50).collect::<Vec<_>>(), "everybody once");
        assert_eq!(Draw::new(1).below(0), 0);
    }

    #[test]
    fn every_place_of_a_draw_is_reached() {
        let mut first = std::collections::BTreeSet::new();
        for seed in 0..200 {
            first.insert(Draw::new(seed).shuffled((0..10).collect::<Vec<_>>())[0]);
        }
        assert_eq!(first.len(), 10);
    }
}
