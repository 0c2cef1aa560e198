//! Making households, and members coming and going.

use access::{Scope, Writing, Written};
use kernel::{Day, Id, Outcome, Permit, Problem, Secret};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{
    Change,
    model::{EndMembership, HEAD, NewHousehold, NewMember, NewRelation, UnitQuestion},
    proposal,
    row::{household, membership, unit_decision},
    store,
};
use crate::persons::{
    self,
    checks::Faults,
    model::{BEFORE_BIRTH, secret_text},
    row::person,
};

/// Makes a household with its members.
pub async fn create(scope: &Scope<Change>, new: NewHousehold, digest: &[u8]) -> Outcome<Written> {
    let mut faults = Faults::default();
    new.check(scope.today(), &mut faults);
    let address = secret_text("address", new.address.as_ref(), &mut faults);
    let village = faults.keep(persons::actions::village(scope, "village", &new.village).await)?;
    let village = faults.done(village)?;
    scope.must_cover(&village.place())?;
    let place = village.place();
    let decision = decision(scope, &new).await?;
    scope
        .write_once(new.id, digest, move |tx| {
            Box::pin(async move {
                let home = tx.insert::<household::Entity>(row(tx, &new, place.path, address.as_ref())?).await?;
                for (i, member) in new.members.iter().enumerate() {
                    admit(tx, &home, member, &format!("members[{i}].")).await?;
                }
                match decision {
                    Some(decision) => decide(tx, &home, decision).await,
                    None => Ok(()),
                }
            })
        })
        .await
}

/// What a means-test unit is decided on: the answers, what the rule proposes, and why the unit is another one.
struct Decision {
    applicant: Id,
    basis: String,
    differs: bool,
    reason: Option<String>,
}

async fn decision(scope: &Scope<Change>, new: &NewHousehold) -> Outcome<Option<Decision>> {
    let (Some(unit), Some(applicant)) = (&new.unit, new.head()) else { return Ok(None) };
    let question = UnitQuestion { applicant_id: applicant, facts: unit.facts.clone() };
    let proposal = proposal::propose(&scope.also()?, &question).await?;
    let members: Vec<Id> = new.members.iter().map(|m| m.person_id).collect();
    let differs = proposal::differs(&proposal, &members);
    let reason = unit.reason.as_deref().map(str::trim).filter(|r| !r.is_empty()).map(str::to_owned);
    if differs && reason.is_none() {
        return Err(proposal::reason_needed());
    }
    let verdicts: Vec<_> = proposal.items.iter().map(|m| json!({"verdict": m.verdict, "facts": m.facts})).collect();
    let basis = json!({"verdicts": verdicts, "source": proposal.source}).to_string();
    Ok(Some(Decision { applicant, basis, differs, reason }))
}

async fn decide(tx: &Writing<'_, Change>, home: &household::Model, decision: Decision) -> Outcome<()> {
    let row = unit_decision::ActiveModel {
        id: Set(tx.scope().new_id()),
        applicant_id: Set(decision.applicant),
        basis: Set(decision.basis),
        differs: Set(decision.differs),
        reason: Set(decision.reason),
        decided_on: Set(tx.scope().today()),
        decided_by: Set(tx.scope().actor()),
        county_id: Set(home.county_id),
        ..Default::default()
    };
    tx.insert_part::<unit_decision::Entity, household::Entity>(home, row).await.map(|_| ())
}

fn row(
    tx: &Writing<'_, Change>,
    new: &NewHousehold,
    [province_id, city_id, county_id, township_id, village_id]: [i32; 5],
    address: Option<&Secret>,
) -> Outcome<household::ActiveModel> {
    let scope = tx.scope();
    Ok(household::ActiveModel {
        id: Set(new.id),
        kind: Set(new.kind.clone()),
        head_id: Set(new.head()),
        address: Set(address.map(|a| scope.seal(a)).transpose()?),
        village_id: Set(village_id),
        township_id: Set(township_id),
        county_id: Set(county_id),
        city_id: Set(city_id),
        province_id: Set(province_id),
        from_on: Set(new.from().unwrap_or(scope.today())),
        to_on: Set(None),
        origin_id: Set(None),
        successor_id: Set(None),
        created_at: Set(scope.now()),
        ..Default::default()
    })
}

/// Adds a member to a household inside the reach.
pub async fn add(scope: &Scope<Change>, home: Id, new: NewMember, digest: &[u8]) -> Outcome<Written> {
    let mut faults = Faults::default();
    new.check("", scope.today(), &mut faults);
    faults.done(Some(()))?;
    scope
        .write_once(new.id, &[digest, home.as_bytes()].concat(), move |tx| {
            Box::pin(async move {
                let home = tx.get::<household::Entity>(home).await?;
                must_be_free(&home, &new.relation)?;
                admit(tx, &home, &new, "").await
            })
        })
        .await
}

/// The household a new person is to join, when the caller may change it.
pub(crate) async fn open_to<P: Permit>(scope: &Scope<P>, home: Id) -> Outcome<household::Model> {
    let scope: Scope<Change> = scope.also()?;
    store::find(&scope, None, home).await?.ok_or(Problem::NotFound)
}

/// Lets a new person join a household found by [`open_to`], in the transaction that enters the person.
pub(crate) async fn join<P: Permit>(
    tx: &Writing<'_, P>,
    home: &household::Model,
    person: &person::Model,
    relation: &str,
    on: Day,
) -> Outcome<()> {
    must_be_free(home, relation)?;
    let member = NewMember {
        id: tx.scope().new_id(),
        person_id: person.id,
        relation: relation.to_owned(),
        from: on,
        is_cohabiting: None,
    };
    store::insert(tx, home, &member).await.map(|_| ())
}

fn must_be_free(home: &household::Model, relation: &str) -> Outcome<()> {
    if home.to_on.is_some() {
        return Err(Problem::refused(
            "household.closed",
            "该户已注销，不能再增加成员。请新建家庭。",
            "This household is closed. Make a new one.",
        ));
    }
    if relation == HEAD && home.head_id.is_some() {
        return Err(Problem::refused(
            "household.one_head",
            "该户已有户主。如需更换户主，请先为原户主办理离户并指定新户主。",
            "This household has a head. To change it, let the present head leave and name the new one.",
        ));
    }
    Ok(())
}

async fn admit(tx: &Writing<'_, Change>, home: &household::Model, new: &NewMember, prefix: &str) -> Outcome<()> {
    let person = tx.get::<person::Entity>(new.person_id).await?;
    let mut faults = Faults::default();
    faults.not_before(&format!("{prefix}from"), new.from, person.birth_date, BEFORE_BIRTH.0, BEFORE_BIRTH.1);
    faults.done(Some(()))?;
    if person.died_on.is_some() {
        return Err(Problem::refused(
            "person.dead",
            "该对象已登记死亡，不能加入家庭。",
            "The person is recorded as dead and cannot join a household.",
        ));
    }
    if store::is_member(tx, &person, &home.kind).await? {
        return Err(Problem::refused(
            "household.member_elsewhere",
            "该对象已在另一个同类家庭中。请先在原家庭办理离户。",
            "The person belongs to another household of this kind. End that membership first.",
        ));
    }
    store::insert(tx, home, new).await.map(|_| ())
}

/// Ends a membership; the last to leave closes the household, and a head who leaves others behind names the new one.
pub async fn end(scope: &Scope<Change>, id: Id, end: EndMembership) -> Outcome<Id> {
    let mut faults = Faults::default();
    end.check(scope.today(), &mut faults);
    faults.done(Some(()))?;
    scope.write(move |tx| Box::pin(async move { leave(tx, id, &end).await })).await
}

async fn leave(tx: &Writing<'_, Change>, id: Id, end: &EndMembership) -> Outcome<Id> {
    let leaving = store::membership(tx, id).await?;
    let home = tx.get::<household::Entity>(leaving.household_id).await?;
    if leaving.rev != end.rev {
        return Err(Problem::Stale(leaving.rev));
    }
    if leaving.to_on.is_some() {
        return Err(Problem::refused(
            "household.left",
            "该成员已离户，无需重复办理。",
            "This member has left already.",
        ));
    }
    let mut faults = Faults::default();
    let (zh, en) = ("离户日期早于入户日期，请核对。", "The end lies before the beginning; check both dates.");
    faults.not_before("to", end.to, Some(leaving.from_on), zh, en);
    faults.done(Some(()))?;
    let (to, reason) = (end.to, end.reason.trim().to_owned());
    tx.update_part::<membership::Entity>(&leaving, |r| {
        r.to_on = Set(Some(to));
        r.end_reason = Set(Some(reason));
    })
    .await?;
    let staying = store::open_in(tx, &home).await?;
    if staying.is_empty() {
        tx.update::<household::Entity>(&home, |r| {
            r.head_id = Set(None);
            r.to_on = Set(Some(to));
        })
        .await?;
    } else if leaving.relation == HEAD {
        let ids: Vec<Id> = staying.iter().map(|m| m.id).collect();
        if !end.settles(&ids) {
            return Err(Problem::refused(
                "household.head_needed",
                "户主离户前，请指定新户主，并填写其余每位成员与新户主的关系。",
                "Before the head leaves, name the new head and everybody's relation to that person.",
            ));
        }
        succeed(tx, &home, &staying, &end.relations).await?;
    } else if !end.relations.is_empty() {
        return Err(Problem::refused(
            "household.head_stays",
            "户主未离户，无需重新填写成员关系。",
            "The head stays, so no relations are needed.",
        ));
    }
    Ok(home.id)
}

pub(super) async fn succeed(
    tx: &Writing<'_, Change>,
    home: &household::Model,
    staying: &[membership::Model],
    relations: &[NewRelation],
) -> Outcome<()> {
    for member in staying {
        let Some(new) = relations.iter().find(|r| r.membership_id == member.id) else { continue };
        let relation = new.relation.clone();
        tx.update_part::<membership::Entity>(member, |r| r.relation = Set(relation)).await?;
        if new.relation == HEAD {
            let head = member.person_id;
            tx.update::<household::Entity>(home, |r| r.head_id = Set(Some(head))).await?;
        }
    }
    Ok(())
}
