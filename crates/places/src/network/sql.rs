//! The rules of [`super::status`] as SQL fragments in the neutral subset, for figures over many stations and points at once.
//!
//! A fragment speaks of an alias `o` (a row of `station` or `point`). `$day` and `$grace` stand for two placeholders: the day
//! asked for, and the first day on which a suspension is still within the grace days. The row's own `status`, `status_on` and
//! `plaque_on` answer for their time; only an earlier day asks the history. A test compares these with the pure rules.

/// A station (社工站) or a point (社工点).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// 社工站
    Station,
    /// 社工点
    Point,
}

impl Owner {
    /// The word in `owner_kind` and the table's name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Station => "station",
            Self::Point => "point",
        }
    }
}

fn lacking(status: &str, since: &str, grace: &str) -> String {
    format!(
        "CASE {status} WHEN 'operating' THEN 0 WHEN 'closed' THEN 5 \
         WHEN 'suspended' THEN CASE WHEN {since} >= {grace} THEN 0 ELSE 3 END ELSE 4 END"
    )
}

/// The number of the status's shortfall on the day, 0 for none.
pub fn status_lacks(day: &str, grace: &str) -> String {
    let now = lacking("o.status", "o.status_on", grace);
    let then = lacking("h.status", "h.on_day", grace);
    format!(
        "CASE WHEN o.status_on <= {day} THEN {now} ELSE COALESCE((SELECT {then} FROM network_status h \
         WHERE h.owner_id = o.id AND h.on_day <= {day} ORDER BY h.on_day DESC, h.serial DESC LIMIT 1), 6) END"
    )
}

/// The status on the day; null before there was one.
pub fn status_on(day: &str) -> String {
    format!(
        "CASE WHEN o.status_on <= {day} THEN o.status ELSE (SELECT h.status FROM network_status h \
         WHERE h.owner_id = o.id AND h.on_day <= {day} ORDER BY h.on_day DESC, h.serial DESC LIMIT 1) END"
    )
}

/// 1 when a plaque hangs on the day, else 0.
pub fn hung(day: &str) -> String {
    format!(
        "CASE WHEN o.plaque_on <= {day} THEN 1 WHEN (SELECT q.kind FROM plaque q WHERE q.owner_id = o.id \
         AND q.on_day <= {day} ORDER BY q.on_day DESC, q.id DESC LIMIT 1) IN ('hang', 'replace') THEN 1 ELSE 0 END"
    )
}

/// 1 when somebody is assigned on the day, else 0. A point also has the resident worker (驻站社工) of its station, who does
/// the duties of all posts where there is one worker only.
pub fn manned(owner: Owner, day: &str) -> String {
    let active = format!("a.from_on <= {day} AND (a.to_on IS NULL OR a.to_on >= {day})");
    match owner {
        Owner::Station => {
            format!(
                "CASE WHEN EXISTS (SELECT 1 FROM assignment a WHERE a.station_id = o.id AND {active}) THEN 1 ELSE 0 END"
            )
        }
        Owner::Point => format!(
            "CASE WHEN EXISTS (SELECT 1 FROM assignment a WHERE a.point_id = o.id AND {active}) THEN 1 \
             WHEN EXISTS (SELECT 1 FROM post t JOIN assignment a ON a.post_id = t.id \
             WHERE t.station_id = o.station_id AND t.kind = 'resident' AND {active}) THEN 1 ELSE 0 END"
        ),
    }
}

/// The number of the nearest shortfall on the day, 0 when it counts.
pub fn rank(owner: Owner, day: &str, grace: &str) -> String {
    let (status, hung, manned) = (status_lacks(day, grace), hung(day), manned(owner, day));
    format!("CASE WHEN ({status}) > 0 THEN ({status}) WHEN ({hung}) = 0 THEN 2 WHEN ({manned}) = 0 THEN 1 ELSE 0 END")
}
