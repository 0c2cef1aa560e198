//! What comes in for a plaque, and which event may follow which. Pure.

use chrono::NaiveDate;
use kernel::{Day, Outcome, Problem};
use serde::Deserialize;
use uuid::Uuid;

use crate::network::checks::Faults;

/// A plaque event to record.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPlaque {
    /// Client-made UUIDv7.
    pub id: Uuid,
    /// hang, replace or remove.
    pub kind: String,
    /// The day; today or earlier, and later than the event before.
    pub on: NaiveDate,
    /// Number of the document behind it.
    #[schema(max_length = 200)]
    pub document_no: Option<String>,
}

impl NewPlaque {
    /// Checks the form.
    pub fn check(&self, today: Day) -> Outcome<()> {
        let mut faults = Faults::default();
        faults.code("kind", "plaque_kind", &self.kind);
        faults.past("on", self.on, today);
        faults.short("document_no", self.document_no.as_deref());
        faults.finish()
    }
}

/// The day since which a plaque hangs after `event`, given the newest event and that day before it; or a refusal.
pub fn after(newest: Option<(Day, &str)>, since: Option<Day>, event: &NewPlaque) -> Outcome<Option<Day>> {
    if let Some((day, _)) = newest
        && event.on <= day
    {
        return Err(Problem::refused(
            "plaque.order",
            format!("日期必须晚于上一次挂牌事项（{day}），请修改日期。"),
            format!("The date must be after the plaque event before ({day}); change it."),
        ));
    }
    let hangs = newest.is_some_and(|(_, kind)| kind != "remove");
    match (event.kind.as_str(), hangs) {
        ("hang", true) => Err(Problem::refused(
            "plaque.hangs",
            "已经挂牌；如更换牌匾，请选择“换牌”。",
            "A plaque hangs already; choose replace if it was exchanged.",
        )),
        ("replace" | "remove", false) => Err(Problem::refused(
            "plaque.missing",
            "尚未挂牌，不能换牌或摘牌；请先登记挂牌。",
            "No plaque hangs; record the hanging first.",
        )),
        ("hang", false) => Ok(Some(event.on)),
        ("remove", true) => Ok(None),
        _ => Ok(since),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Day {
        kernel::day::parse(text).unwrap()
    }

    #[test]
    fn events_follow_each_other_in_order_and_sense() {
        let event =
            |kind: &str, on: &str| NewPlaque { id: Uuid::nil(), kind: kind.into(), on: d(on), document_no: None };
        let hung = Some((d("2021-10-20"), "hang"));
        let gone = Some((d("2022-01-01"), "remove"));
        let since = Some(d("2021-10-20"));
        assert_eq!(after(None, None, &event("hang", "2021-10-20")).unwrap(), since);
        assert_eq!(after(hung, since, &event("replace", "2022-01-01")).unwrap(), since);
        assert_eq!(after(hung, since, &event("remove", "2022-01-01")).unwrap(), None);
        assert_eq!(after(gone, None, &event("hang", "2022-02-01")).unwrap(), Some(d("2022-02-01")));
        for (newest, kind, on, rule) in [
            (None, "replace", "2022-01-01", "plaque.missing"),
            (None, "remove", "2022-01-01", "plaque.missing"),
            (gone, "remove", "2022-02-01", "plaque.missing"),
            (hung, "hang", "2022-01-01", "plaque.hangs"),
            (hung, "remove", "2021-10-20", "plaque.order"),
            (hung, "remove", "2021-10-19", "plaque.order"),
        ] {
            let Err(Problem::Refused(said, _)) = after(newest, since, &event(kind, on)) else { panic!("{kind} {on}") };
            assert_eq!(said, rule, "{kind} {on}");
        }
    }
}
