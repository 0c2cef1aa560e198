//! Changes of whole households: another head, a split (分户), a join (并户), a death.

use access::{Scope, Writing, Written, tasks};
use kernel::{Day, Id, Outcome, Permit, Place, Problem, Secret};
use sea_orm::{ActiveValue::Set, EntityTrait as _};
use serde_json::json;

use super::{
    Change, actions,
    model::{self, HEAD, Join, NewHead, NewMember, NewRelation, Split},
    row::{household, membership},
    store,
};
use crate::persons::{self, checks::Faults, model::secret_text, row::person};

/// Names another head, with everybody's relation to that person.
pub async fn set_head(scope: &Scope<Change>, id: Id, new: NewHead) -> Outcome<()> {
    scope
        .write(move |tx| {
            Box::pin(async move {
                let home = tx.get_rev::<household::Entity>(id, new.rev).await?;
                must_be_open(&home)?;
                let members = store::open_in(tx, &home).await?;
                let ids: Vec<Id> = members.iter().map(|m| m.id).collect();
                if !model::settles(&new.relations, &ids) {
                    return Err(head_needed());
                }
                actions::succeed(tx, &home, &members, &new.relations).await
            })
        })
        .await
}

fn must_be_open(home: &household::Model) -> Outcome<()> {
    if home.to_on.is_none() {
        return Ok(());
    }
    Err(Problem::refused(
        "household.closed",
        "该户已注销，不能再变更。",
        "This household is closed and cannot be changed.",
    ))
}

fn head_needed() -> Problem {
    Problem::refused(
        "household.head_needed",
        "请指定一名户主，并填写其余每位成员与户主的关系。",
        "Name one head, and everybody else's relation to that person.",
    )
}

fn not_all() -> Problem {
    Problem::refused(
        "household.members_changed",
        "成员名单已变化，请刷新页面后重新填写。",
        "The members have changed; reload the page and fill in again.",
    )
}

/// Lets some members go on as a household of their own.
pub async fn split(scope: &Scope<Change>, id: Id, new: Split, digest: &[u8]) -> Outcome<Written> {
    let mut faults = Faults::default();
    new.check(scope.today(), &mut faults);
    let address = secret_text("address", new.address.as_ref(), &mut faults);
    let village = match &new.village {
        Some(text) => faults.keep(persons::actions::village(scope, "village", text).await)?.map(|d| d.place()),
        None => None,
    };
    faults.done(Some(()))?;
    if let Some(place) = &village {
        scope.must_cover(place)?;
    }
    scope
        .write_once(new.id, &[digest, id.as_bytes()].concat(), move |tx| {
            Box::pin(async move { part(tx, id, &new, village, address.as_ref()).await })
        })
        .await
}

async fn part(
    tx: &Writing<'_, Change>,
    id: Id,
    new: &Split,
    village: Option<Place>,
    address: Option<&Secret>,
) -> Outcome<()> {
    let home = tx.get_rev::<household::Entity>(id, new.rev).await?;
    must_be_open(&home)?;
    let members = store::open_in(tx, &home).await?;
    let named = |m: &membership::Model| new.members.iter().any(|n| n.membership_id == m.id);
    let (going, staying): (Vec<_>, Vec<_>) = members.into_iter().partition(named);
    if going.len() != new.members.len() {
        return Err(not_all());
    }
    if staying.is_empty() {
        return Err(Problem::refused(
            "household.all_leave",
            "不能全部分出。全户搬迁请修改住址；并入其他家庭请使用“并户”。",
            "Not everybody can split off. Use a join to move all into another household.",
        ));
    }
    let ids: Vec<Id> = staying.iter().map(|m| m.id).collect();
    if going.iter().any(|m| m.relation == HEAD) {
        if !model::settles(&new.staying, &ids) {
            return Err(head_needed());
        }
        actions::succeed(tx, &home, &staying, &new.staying).await?;
    } else if !new.staying.is_empty() {
        return Err(Problem::refused(
            "household.head_stays",
            "户主未离户，无需重新填写成员关系。",
            "The head stays, so no relations are needed.",
        ));
    }
    let head = going.iter().find(|m| relation_of(&new.members, m.id) == Some(HEAD)).map(|m| m.person_id);
    let [province_id, city_id, county_id, township_id, village_id] = village.map_or_else(|| home.path(), |v| v.path);
    let row = household::ActiveModel {
        id: Set(new.id),
        kind: Set(home.kind.clone()),
        head_id: Set(head),
        address: Set(address.map(|a| tx.scope().seal(a)).transpose()?),
        village_id: Set(village_id),
        township_id: Set(township_id),
        county_id: Set(county_id),
        city_id: Set(city_id),
        province_id: Set(province_id),
        from_on: Set(new.on),
        to_on: Set(None),
        origin_id: Set(Some(home.id)),
        successor_id: Set(None),
        created_at: Set(tx.scope().now()),
        ..Default::default()
    };
    let other = tx.insert::<household::Entity>(row).await?;
    carry(tx, &going, &other, &new.members, new.on, &new.reason).await
}

fn relation_of(relations: &[NewRelation], membership: Id) -> Option<&str> {
    relations.iter().find(|r| r.membership_id == membership).map(|r| r.relation.as_str())
}

/// Ends the memberships here and begins new ones there, on the same day.
async fn carry(
    tx: &Writing<'_, Change>,
    going: &[membership::Model],
    other: &household::Model,
    relations: &[NewRelation],
    on: Day,
    reason: &str,
) -> Outcome<()> {
    for member in going {
        let mut faults = Faults::default();
        let (zh, en) = ("日期早于成员入户日期，请核对。", "The day lies before a member came into the household.");
        faults.not_before("on", on, Some(member.from_on), zh, en);
        faults.done(Some(()))?;
        let reason = reason.trim().to_owned();
        tx.update_part::<membership::Entity>(member, |r| {
            r.to_on = Set(Some(on));
            r.end_reason = Set(Some(reason));
        })
        .await?;
        let new = NewMember {
            id: tx.scope().new_id(),
            person_id: member.person_id,
            relation: relation_of(relations, member.id).unwrap_or("8").to_owned(),
            from: on,
            is_cohabiting: Some(member.is_cohabiting),
        };
        store::insert(tx, other, &new).await?;
    }
    Ok(())
}

/// Takes all members of a household into another one of the same kind; the first ends.
pub async fn join(scope: &Scope<Change>, id: Id, new: Join, digest: &[u8]) -> Outcome<Written> {
    let mut faults = Faults::default();
    new.check(scope.today(), &mut faults);
    faults.done(Some(()))?;
    scope
        .write_once(new.id, &[digest, id.as_bytes()].concat(), move |tx| {
            Box::pin(async move {
                let home = tx.get_rev::<household::Entity>(id, new.rev).await?;
                let other = tx.get::<household::Entity>(new.into_id).await?;
                must_be_open(&home)?;
                must_be_open(&other)?;
                if home.id == other.id || home.kind != other.kind {
                    return Err(Problem::refused(
                        "household.other_kind",
                        "只能并入另一个同类家庭（户籍户、共同居住户、核算单元不得混并）。",
                        "Only another household of the same kind can take the members.",
                    ));
                }
                let members = store::open_in(tx, &home).await?;
                let ids: Vec<Id> = members.iter().map(|m| m.id).collect();
                if !model::names_each(&new.members, &ids) {
                    return Err(not_all());
                }
                carry(tx, &members, &other, &new.members, new.on, &new.reason).await?;
                let (on, successor) = (new.on, other.id);
                tx.update::<household::Entity>(&home, |r| {
                    r.head_id = Set(None);
                    r.to_on = Set(Some(on));
                    r.successor_id = Set(Some(successor));
                })
                .await
                .map(|_| ())
            })
        })
        .await
}

/// Ends the memberships of somebody who died; where the head died and others stay, the station is asked to name the next.
pub(crate) async fn leave_by_death<P: Permit>(tx: &Writing<'_, P>, person: &person::Model, on: Day) -> Outcome<()> {
    for leaving in store::open_of(tx, person).await? {
        // Reached through the person: the household may lie in another place.
        let Some(home) = household::Entity::find_by_id(leaving.household_id).one(tx.derived()).await? else { continue };
        let to = on.max(leaving.from_on);
        tx.update_part::<membership::Entity>(&leaving, |r| {
            r.to_on = Set(Some(to));
            r.end_reason = Set(Some("死亡".to_owned()));
        })
        .await?;
        let staying = store::open_in(tx, &home).await?;
        let headless = leaving.relation == HEAD;
        if staying.is_empty() || headless {
            tx.update_part::<household::Entity>(&home, |r| {
                if headless {
                    r.head_id = Set(None);
                }
                if staying.is_empty() {
                    r.head_id = Set(None);
                    r.to_on = Set(Some(to));
                }
            })
            .await?;
        }
        if headless && !staying.is_empty() {
            tasks::raise(
                tx,
                tasks::NewTask {
                    kind: "household_head_needed",
                    role: "SH",
                    place: home.place(),
                    subject_kind: "household",
                    subject_id: Some(home.id),
                    account_id: None,
                    due_on: None,
                    detail: json!({"kind": home.kind}),
                },
            )
            .await?;
        }
    }
    Ok(())
}
