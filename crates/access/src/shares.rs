//! Read trails (移交后的查阅期): rows visible by a dated share.
//!
//! A hand-over takes a record out of the sender's reach at once. So that nobody who was responsible loses sight of somebody
//! who may not have been taken on yet, the sender keeps a **share** of the subject: until the hand-over is answered, and for
//! a period after. It remembers where the subject lay and who was responsible, so a reach covers a share exactly as it
//! covered the row before: by place, or by place and owner for those who see own rows only.
//!
//! A share gives sight of the subject and of records that name it, through [`crate::Scope::find_with_trail`] only.
//! [`crate::Writing`] never asks it: what is shared cannot be changed. Lists of work (due, unserved, figures) do not ask it
//! either, so nobody is counted twice.

use kernel::{Day, Id, Outcome, Permit, day};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    sea_query::{Query, SelectStatement},
};

use crate::{
    Writing,
    reach::Reach,
    row::share::{ActiveModel, Column, Entity},
    visible::condition,
};

/// Stands for "until it is answered" in `until_on`.
pub const OPEN: Day = match Day::from_ymd_opt(9999, 12, 31) {
    Some(day) => day,
    None => Day::MAX,
};

/// A share to open.
#[derive(Debug, Clone)]
pub struct NewShare {
    /// What stays readable.
    pub subject: Id,
    /// The act behind it.
    pub cause: Id,
    /// Province, city, county, township and village where the subject lay.
    pub path: [i32; 5],
    /// Who was responsible.
    pub owner: Option<Id>,
    /// First day without sight; [`OPEN`] while it is not known.
    pub until: Day,
}

/// What a caller may still read of a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trail {
    /// First day without sight; [`OPEN`] while it is not known.
    pub until: Day,
    /// Whether all records of the subject are open, not only those of the caller's own acts.
    pub whole: bool,
}

/// Opens a share in the caller's transaction.
pub async fn open<P: Permit>(tx: &Writing<'_, P>, new: NewShare) -> Outcome<()> {
    let [province_id, city_id, county_id, township_id, village_id] = new.path;
    let row = ActiveModel {
        id: Set(tx.scope().new_id()),
        subject_id: Set(new.subject),
        cause_id: Set(new.cause),
        owner_id: Set(new.owner),
        village_id: Set(village_id),
        township_id: Set(township_id),
        county_id: Set(county_id),
        city_id: Set(city_id),
        province_id: Set(province_id),
        until_on: Set(new.until),
        created_at: Set(tx.scope().now()),
        ..Default::default()
    };
    tx.insert_for_others::<Entity>(row).await.map(|_| ())
}

/// Sets the end of the shares an act opened.
pub async fn end<P: Permit>(tx: &Writing<'_, P>, cause: Id, until: Day) -> Outcome<()> {
    for row in Entity::find().filter(Column::CauseId.eq(cause)).all(tx.derived()).await? {
        tx.update_part::<Entity>(&row, |r| r.until_on = Set(until)).await?;
    }
    Ok(())
}

/// The subjects one part of a reach may still read; none for a reach that sees everything anyway.
pub(crate) fn live(reach: &Reach, today: Day) -> Option<SelectStatement> {
    if *reach == Reach::All {
        return None;
    }
    let mut query = Query::select();
    query
        .column(Column::SubjectId)
        .from(Entity)
        .cond_where(condition::<Entity>(reach)?)
        .and_where(Column::UntilOn.gt(today));
    Some(query)
}

/// The longest live share of a subject this reach covers.
pub(crate) async fn trail(
    conn: &impl ConnectionTrait,
    reaches: &[Reach],
    subject: Id,
    today: Day,
) -> Outcome<Option<Trail>> {
    let mut found: Option<Trail> = None;
    let mine = Condition::all().add(Column::SubjectId.eq(subject)).add(Column::UntilOn.gt(today));
    for row in Entity::find().filter(mine).all(conn).await? {
        let path = [row.province_id, row.city_id, row.county_id, row.township_id, row.village_id];
        for reach in reaches.iter().filter(|r| **r != Reach::All && r.covers(&path, row.owner_id)) {
            let whole = matches!(reach, Reach::Inside(_));
            let before = found.unwrap_or(Trail { until: row.until_on, whole: false });
            found = Some(Trail { until: before.until.max(row.until_on), whole: before.whole || whole });
        }
    }
    Ok(found)
}

/// The end of a trail as shown: nothing while the hand-over is not answered.
pub fn shown(until: Day) -> Option<Day> {
    (until < OPEN).then_some(until)
}

/// First day without sight when something is answered today and the trail lasts `days` more.
pub fn until(today: Day, days: i64) -> Day {
    day::add_days(today, days.max(0))
}
