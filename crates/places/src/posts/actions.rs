//! Verbs that change posts and assignments.

use access::{Outcome, Scope, Writing, Written};
use kernel::{Day, Field, Id, Problem};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::{
    model::{self, AssignmentChange, NewAssignment, NewPost, PostChange, Stretch},
    row::{assignment, post},
};
use crate::{
    areas::actions::open,
    network::{
        Change,
        checks::{Faults, kept},
    },
    points::row::point,
    stations::row::station,
};

/// Plans a post.
pub async fn plan(scope: &Scope<Change>, station: Id, new: NewPost, digest: &[u8]) -> Outcome<Written> {
    new.check(scope.today())?;
    scope
        .write_once(new.id, digest, move |tx| {
            Box::pin(async move {
                let station = tx.get::<station::Entity>(station).await?;
                put(tx, &station, new).await.map(|_| ())
            })
        })
        .await
}

/// Inserts a checked post.
pub async fn put(tx: &Writing<'_, Change>, station: &station::Model, new: NewPost) -> Outcome<post::Model> {
    open(station)?;
    if let Some(id) = new.point_id {
        let point = tx.find::<point::Entity>().filter(point::Column::Id.eq(id)).one().await?;
        if point.is_none_or(|p| p.station_id != station.id) {
            return Err(Problem::invalid(Field::new(
                "point_id",
                "unknown",
                "该社工点不属于本站，请重新选择。",
                "This point does not belong to the station; choose again.",
            )));
        }
    }
    tx.insert::<post::Entity>(post::ActiveModel {
        id: Set(new.id),
        station_id: Set(station.id),
        point_id: Set(new.point_id),
        kind: Set(new.kind),
        headcount: Set(new.headcount),
        funded_by: Set(kept(new.funded_by)),
        township_id: Set(station.township_id),
        county_id: Set(station.county_id),
        city_id: Set(station.city_id),
        province_id: Set(station.province_id),
        from_on: Set(new.from),
        to_on: Set(None),
        ..Default::default()
    })
    .await
}

/// Changes headcount or ends a post with its open assignments; tells the post's station.
pub async fn change(scope: &Scope<Change>, id: Id, change: PostChange) -> Outcome<Id> {
    let today = scope.today();
    let mut faults = Faults::default();
    if let Some(headcount) = change.headcount {
        faults.range("headcount", headcount, 1, 1_000);
    }
    faults.finish()?;
    scope
        .write(move |tx| {
            Box::pin(async move {
                let before = tx.get_rev::<post::Entity>(id, change.rev).await?;
                if let Some(to) = change.to {
                    let mut faults = Faults::default();
                    faults.end("to", before.from_on, to, today);
                    faults.finish()?;
                    end_assignments(tx, &before, to).await?;
                }
                tx.update::<post::Entity>(&before, |r| {
                    if let Some(headcount) = change.headcount {
                        r.headcount = Set(headcount);
                    }
                    if let Some(to) = change.to {
                        r.to_on = Set(Some(to));
                    }
                })
                .await?;
                Ok(before.station_id)
            })
        })
        .await
}

async fn end_assignments(tx: &Writing<'_, Change>, post: &post::Model, to: Day) -> Outcome<()> {
    let rows = tx.parts::<assignment::Entity, post::Entity>(post).all().await?;
    for row in rows.iter().filter(|r| r.to_on.is_none_or(|last| last > to)) {
        let last = to.max(row.from_on);
        tx.update::<assignment::Entity>(row, |r| r.to_on = Set(Some(last))).await?;
    }
    Ok(())
}

/// Assigns somebody to a post.
pub async fn assign(scope: &Scope<Change>, post: Id, new: NewAssignment, digest: &[u8]) -> Outcome<Written> {
    let share = new.check(scope.today())?;
    if let Some(account) = new.account_id {
        let at = scope.find::<post::Entity>().filter(post::Column::Id.eq(post)).required().await?;
        let township = scope.division(at.township_id).await?.place();
        if !scope.workers_at(&township).await?.iter().any(|(id, _)| *id == account) {
            return Err(Problem::invalid(Field::new(
                "account_id",
                "unknown",
                "该账号不是本乡镇的社工，请从列表中选择；没有账号的人员只填姓名。",
                "This account is no worker of the township; choose from the list, or enter the name alone for somebody without account.",
            )));
        }
    }
    scope
        .write_once(new.id, digest, move |tx| {
            Box::pin(async move {
                let post = tx.get::<post::Entity>(post).await?;
                put_assignment(tx, &post, new, share).await.map(|_| ())
            })
        })
        .await
}

/// Inserts a checked assignment with its share in percent.
pub async fn put_assignment(
    tx: &Writing<'_, Change>,
    post: &post::Model,
    new: NewAssignment,
    share: i32,
) -> Outcome<assignment::Model> {
    if new.from < post.from_on || post.to_on.is_some_and(|to| to < new.from) {
        return Err(Problem::refused(
            "assignment.outside_post",
            "任职起始日期不在岗位的设置期内，请修改日期或先调整岗位。",
            "The first day lies outside the time of the post; change it, or the post first.",
        ));
    }
    let row = tx
        .insert::<assignment::Entity>(assignment::ActiveModel {
            id: Set(new.id),
            post_id: Set(post.id),
            station_id: Set(post.station_id),
            point_id: Set(post.point_id),
            account_id: Set(new.account_id),
            worker_name: Set(new.worker_name.trim().to_owned()),
            employment_mode: Set(new.employment_mode),
            share_pct: Set(share),
            township_id: Set(post.township_id),
            county_id: Set(post.county_id),
            city_id: Set(post.city_id),
            province_id: Set(post.province_id),
            from_on: Set(new.from),
            to_on: Set(post.to_on),
            ..Default::default()
        })
        .await?;
    // Asked after the insert, whose audit record makes writers of a county wait for each other.
    if let Some(account) = row.account_id
        && model::peak(&stretches(tx, account).await?, row.from_on, row.to_on) > 100
    {
        return Err(Problem::refused(
            "assignment.beyond_full_time",
            "该社工同一时期各岗位的工作时间合计超过 100%，请先结束或减少原任职。",
            "This worker would work more than full time on some day; end or reduce another assignment first.",
        ));
    }
    Ok(row)
}

/// What an account works anywhere, also outside the caller's place: only the sum leaves this room.
async fn stretches(tx: &Writing<'_, Change>, account: Id) -> Outcome<Vec<Stretch>> {
    let rows = assignment::Entity::find().filter(assignment::Column::AccountId.eq(account)).all(tx.derived()).await?;
    Ok(rows.into_iter().map(|r| (r.share_pct, r.from_on, r.to_on)).collect())
}

/// Sets the last day of an assignment; tells its post and station. Moving it later is checked against full time again.
pub async fn end(scope: &Scope<Change>, id: Id, change: AssignmentChange) -> Outcome<(Id, Id)> {
    let today = scope.today();
    scope
        .write(move |tx| {
            Box::pin(async move {
                let before = tx.get_rev::<assignment::Entity>(id, change.rev).await?;
                let mut faults = Faults::default();
                faults.end("to", before.from_on, change.to, today);
                faults.finish()?;
                if before.to_on.is_some_and(|last| last < change.to) {
                    return Err(Problem::refused(
                        "assignment.ended",
                        "该任职已结束，不能延长；如继续工作，请新增任职。",
                        "This assignment has ended and cannot be made longer; add a new one.",
                    ));
                }
                tx.update::<assignment::Entity>(&before, |r| r.to_on = Set(Some(change.to))).await?;
                Ok((before.station_id, before.post_id))
            })
        })
        .await
}

/// Ends every open post and assignment of a station that closes.
pub async fn end_all(tx: &Writing<'_, Change>, station: &station::Model, on: Day) -> Outcome<()> {
    let posts = tx.parts::<post::Entity, station::Entity>(station).all().await?;
    for post in posts.iter().filter(|p| p.to_on.is_none_or(|last| last > on)) {
        end_assignments(tx, post, on).await?;
        let last = on.max(post.from_on);
        tx.update::<post::Entity>(post, |r| r.to_on = Set(Some(last))).await?;
    }
    Ok(())
}
