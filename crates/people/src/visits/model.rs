//! What is checked of a visit and what follows from it: pure rules over content, code lists and parameters.

use kernel::{Day, Field, Id, Millis, Outcome, Problem, codes, day, page, params::Params};

use super::content::Content;

/// No visit is older than the ledger work it belongs to; an earlier day is a slip of the pen.
const EARLIEST: Day = match Day::from_ymd_opt(2015, 1, 1) {
    Some(day) => day,
    None => Day::MIN,
};

/// Longest short text, in characters.
pub const SHORT: usize = 200;
/// Longest long text, in characters.
pub const LONG: usize = 4000;
/// A visit lasts a day at most.
const DAY_MINUTES: i32 = 1440;
/// A promise for the next visit lies within this many days.
const PROMISE_DAYS: i64 = 5 * 366;

impl Content {
    /// Everything that is wrong with the content, each with a sentence.
    pub fn faults(&self, now: Millis, today: Day) -> Vec<Field> {
        let mut faults = Vec::new();
        self.check_codes(&mut faults);
        self.check_times(now, today, &mut faults);
        self.check_texts(&mut faults);
        self.check_sense(&mut faults);
        faults
    }

    fn check_codes(&self, faults: &mut Vec<Field>) {
        for (field, list, code) in [
            ("kind", "visit_kind", &self.kind),
            ("mode", "visit_mode", &self.mode),
            ("contact_result", "contact_result", &self.contact_result),
            ("work_field", "work_field", &self.work_field),
        ] {
            if !codes::has(list, code) {
                faults.push(Field::unknown_code(field, list));
            }
        }
        for (field, list, chosen) in [
            ("risk_signs", "risk_sign", &self.risk_signs),
            ("needs", "need_domain", &self.needs),
            ("services", "service_kind", &self.services),
        ] {
            if let Some(i) = chosen.iter().position(|code| !codes::has(list, code)) {
                faults.push(Field::unknown_code(format!("{field}[{i}]"), list));
            }
        }
    }

    fn check_times(&self, now: Millis, today: Day, faults: &mut Vec<Field>) {
        if self.visited_on > today {
            faults.push(Field::future("visited_on"));
        } else if self.visited_on < EARLIEST {
            faults.push(Field::new(
                "visited_on",
                "range",
                format!("走访日期不能早于 {EARLIEST}，请核对年份。"),
                format!("The visit cannot be dated before {EARLIEST}; check the year."),
            ));
        }
        if self.started_at.is_some_and(|at| day::of_millis(at) != self.visited_on) {
            faults.push(Field::new(
                "started_at",
                "other_day",
                "开始时间与走访日期不是同一天，请核对。",
                "The start is not on the day of the visit; check both.",
            ));
        }
        if self.ended_at.is_some_and(|at| at > now) {
            faults.push(Field::future("ended_at"));
        }
        match (self.started_at, self.ended_at) {
            (Some(start), Some(end)) if end < start => faults.push(Field::new(
                "ended_at",
                "before_start",
                "结束时间早于开始时间，请修改。",
                "The end lies before the start; correct one of them.",
            )),
            (Some(start), Some(end)) if end - start > i64::from(DAY_MINUTES) * 60_000 => faults.push(Field::new(
                "ended_at",
                "range",
                "一次走访不超过 24 小时，请修改结束时间。",
                "A visit lasts 24 hours at most; correct the end.",
            )),
            (None, Some(_)) => faults.push(Field::required("started_at")),
            _ => {}
        }
        if self.minutes.is_some_and(|n| !(0..=DAY_MINUTES).contains(&n)) {
            faults.push(Field::new(
                "minutes",
                "range",
                "时长应在 0 到 1440 分钟之间，请修改。",
                "The length must be between 0 and 1440 minutes; correct it.",
            ));
        }
        if let (Some(minutes), Some(start), Some(end)) = (self.minutes, self.started_at, self.ended_at)
            && end >= start
            && i64::from(minutes) > (end - start + 59_999) / 60_000
        {
            faults.push(Field::new(
                "minutes",
                "longer_than_visit",
                "服务时长超过了开始到结束的时间，请核对（路途不算服务时长）。",
                "The minutes are more than from begin to end; correct them (travel is no service).",
            ));
        }
        let promise = self.visited_on..=day::add_days(self.visited_on, PROMISE_DAYS);
        if self.next_visit_on.is_some_and(|on| !promise.contains(&on)) {
            faults.push(Field::new(
                "next_visit_on",
                "range",
                "约定的下次走访日期应在本次走访之后五年内，请修改。",
                "The next visit must be promised for a day within five years after this one; correct it.",
            ));
        }
    }

    fn check_texts(&self, faults: &mut Vec<Field>) {
        if self.summary.is_empty() {
            faults.push(Field::required("summary"));
        }
        let long =
            [("summary", &self.summary), ("policies_explained", &self.policies_explained), ("actions", &self.actions)];
        faults.extend(long.into_iter().filter_map(|(field, text)| too_long(field, text, LONG)));
        let none = String::new();
        let short = [
            ("companions", &self.companions),
            ("place_note", self.place_note.as_ref().unwrap_or(&none)),
            ("no_signature_reason", self.no_signature_reason.as_ref().unwrap_or(&none)),
        ];
        faults.extend(short.into_iter().filter_map(|(field, text)| too_long(field, text, SHORT)));
    }

    /// Kind, mode and company must fit each other: a telephone visit is no visit at home.
    fn check_sense(&self, faults: &mut Vec<Field>) {
        let names_its_mode = ["phone", "video", "neighbour", "institution"].contains(&self.kind.as_str());
        if names_its_mode && self.mode != self.kind {
            faults.push(Field::new(
                "mode",
                "kind_mismatch",
                "走访方式与走访类型不一致，请选择相同的方式。",
                "The mode does not fit the kind of visit; choose the same.",
            ));
        }
        let people = codes::list("visit_kind").and_then(|l| l.get(&self.kind)).and_then(|k| k.min_people).unwrap_or(1);
        if people > 1 && self.companions.is_empty() {
            faults.push(Field::new(
                "companions",
                "required",
                "入户调查须两人以上，请填写同行人员。",
                "A household survey takes two people or more; name who came along.",
            ));
        }
    }

    /// Whether somebody was spoken to (`met`, `proxy_met`).
    pub fn is_contact(&self) -> bool {
        is_contact(&self.contact_result)
    }

    /// Whether the visit counts as service: a contact in a mode of `coverage.served_modes` valid on its day (domain §3.5).
    pub fn qualifies(&self, params: &Params, places: &[&str]) -> bool {
        let modes = params.codes("coverage.served_modes", places, self.visited_on);
        self.is_contact() && modes.contains(&self.mode)
    }

    /// The red risk signs among those seen.
    pub fn red_signs(&self) -> Vec<&str> {
        let list = codes::list("risk_sign");
        let red = |code: &&str| list.and_then(|l| l.get(code)).is_some_and(|i| i.level.as_deref() == Some("red"));
        self.risk_signs.iter().map(String::as_str).filter(red).collect()
    }
}

/// The work field of somebody with these categories: a child counts before an elder, an elder before other need [D2].
pub fn work_field_of(cat_bits: i64) -> &'static str {
    let items = codes::list("category").map_or(&[][..], |l| &l.items);
    let open = items.iter().filter(|i| codes::category_mask(&i.code).is_some_and(|mask| cat_bits & mask != 0));
    let groups: Vec<&str> = open.filter_map(|i| i.group.as_deref()).collect();
    let rules: [(&[&str], &str); 3] = [
        (&["child"], "left_child"),
        (&["elder"], "elder_care"),
        (&["assistance", "disability", "health", "employment", "family"], "assistance"),
    ];
    let found = rules.iter().find(|(of, _)| groups.iter().any(|g| of.contains(g)));
    found.map_or(if groups.is_empty() { "assistance" } else { "community" }, |(_, field)| field)
}

/// Whether a result is a contact: the person or somebody close was met.
pub fn is_contact(result: &str) -> bool {
    codes::list("contact_result").and_then(|l| l.get(result)).is_some_and(|i| i.counts == Some(true))
}

/// The results that are a contact.
pub fn contact_results() -> Vec<&'static str> {
    let items = codes::list("contact_result").map_or(&[][..], |l| &l.items);
    items.iter().filter(|i| i.counts == Some(true)).map(|i| i.code.as_str()).collect()
}

/// How many visits in a row failed, from results with the newest first; a death is no failure.
pub fn failed_in_row<'a>(newest_first: impl IntoIterator<Item = &'a str>) -> i32 {
    let failures = newest_first.into_iter().take_while(|r| !is_contact(r) && *r != "died").count();
    i32::try_from(failures).unwrap_or(i32::MAX)
}

/// The first day on which a visit can no longer be changed: some days after it was entered.
pub fn locks_on(created_at: Millis, params: &Params, places: &[&str]) -> Day {
    let entered = day::of_millis(created_at);
    day::add_days(entered, params.whole("visit.lock_days", places, entered).unwrap_or(0))
}

/// A visit is entered within `visit.backdate_days` of its day; later it is told to the station head, not entered.
pub fn too_late(visited_on: Day, today: Day, params: &Params, places: &[&str]) -> Vec<Field> {
    let most = params.whole("visit.backdate_days", places, today);
    let late = most.filter(|most| day::days_between(visited_on, today) > *most).map(|most| {
        let first = day::add_days(today, -most);
        Field::new(
            "visited_on",
            "too_late",
            format!("走访须在 {most} 天内录入，最早可填 {first}。更早的走访请在本次记录的内容中说明。"),
            format!("A visit is entered within {most} days, so {first} is the first day possible. Tell of earlier visits in the summary of this one."),
        )
    });
    late.into_iter().collect()
}

/// Whether somebody in this ledger state may be visited.
pub fn may_be_visited(ledger_state: &str) -> bool {
    !["dismissed", "exited", "archived"].contains(&ledger_state)
}

/// A day that a query may name; anything further away is a slip and no database could hold it.
pub fn day_faults(field: &str, day: Option<Day>) -> Option<Field> {
    let near = |day: Day| (1900..=9999).contains(&chrono::Datelike::year(&day));
    day.filter(|d| !near(*d)).map(|_| {
        Field::new(
            field,
            "range",
            "日期超出范围，请填写 1900 年到 9999 年之间的日期。",
            "The day is out of range; give a day between the years 1900 and 9999.",
        )
    })
}

/// Reads a cursor whose key begins with a day.
pub fn day_key(cursor: Option<&str>) -> Outcome<Option<(Day, Id)>> {
    let key: Option<(Day, Id)> = page::decode(cursor)?;
    match day_faults("cursor", key.map(|(day, _)| day)) {
        Some(fault) => Err(Problem::invalid(fault)),
        None => Ok(key),
    }
}

/// Refuses when something is wrong.
pub fn refuse(faults: Vec<Field>) -> Outcome<()> {
    if faults.is_empty() { Ok(()) } else { Err(Problem::Invalid(faults)) }
}

/// A required text within a limit.
pub fn text_faults(field: &str, text: &str, most: usize) -> Vec<Field> {
    let empty = text.is_empty().then(|| Field::required(field));
    empty.into_iter().chain(too_long(field, text, most)).collect()
}

fn too_long(field: &str, text: &str, most: usize) -> Option<Field> {
    (text.chars().count() > most).then(|| Field::too_long(field, most))
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
