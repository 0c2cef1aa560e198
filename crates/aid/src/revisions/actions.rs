//! Drafting revisions, and the acts on them.

use access::{
    Body as Sent, Place, Scope, Writing, Written,
    tasks::{self, NewTask, Window},
};
use kernel::{Field, Id, Level, Outcome, Permit, Problem, Sees};
use people::persons::checks::Faults;
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{
    Draft,
    draft::{body, facts_of},
    model::{Act, Body, NewAct, NewRevision, POLICY, Redraft, STANDARDS},
    row::policy_revision::{self, IN_FORCE},
    store,
    view::ExampleResult,
};
use crate::policies::{
    Here,
    shelf::{Chain, shelf},
};

/// Kind of the task that asks a second person to decide.
const TASK: &str = "policy_revision";

/// Drafts a revision; the same id again changes nothing.
pub async fn begin(scope: &Scope<Draft>, sent: Sent<NewRevision>) -> Outcome<Written> {
    let Sent { value: new, digest } = sent;
    let place = scope.resolve("place", &new.place).await?.place();
    must_be_wide(&place)?;
    scope.must_cover(&place)?;
    if new.kind != STANDARDS && new.kind != POLICY {
        return Err(Problem::invalid(Field::unknown_code("kind", "revision_kind")));
    }
    checked(scope, &new.kind, &new.document, &new.body)?;
    let draft = row(scope, &place, &new)?;
    fits(scope, &place, &draft).await?;
    scope
        .write_once(new.id, &digest, move |tx| {
            Box::pin(async move {
                let row = policy_revision::ActiveModel::from(draft);
                tx.insert::<policy_revision::Entity>(sea_orm::ActiveModelTrait::reset_all(row)).await.map(|_| ())
            })
        })
        .await
}

/// Changes a draft.
pub async fn redraft(scope: &Scope<Draft>, id: Id, new: Redraft) -> Outcome<()> {
    let before = store::one(scope, id).await?;
    checked(scope, &before.kind, &new.document, &new.body)?;
    let after = changed(before.clone(), &new)?;
    let place = scope.division(before.place_id).await?.place();
    fits(scope, &place, &after).await?;
    scope
        .write(move |tx| {
            Box::pin(async move {
                let row = tx.get_rev::<policy_revision::Entity>(id, new.rev).await?;
                if row.state != "draft" {
                    return Err(Problem::refused(
                        "revision.sent",
                        "只有草稿可以修改；请先撤回或退回。",
                        "Only a draft can be changed; withdraw it or have it sent back first.",
                    ));
                }
                must_be_own(&row, tx.scope().actor())?;
                let after = changed(row.clone(), &new)?;
                tx.update::<policy_revision::Entity>(&row, |r| {
                    *r = sea_orm::ActiveModelTrait::reset_all(policy_revision::ActiveModel::from(after));
                })
                .await
                .map(|_| ())
            })
        })
        .await
}

fn checked(scope: &Scope<Draft>, kind: &str, document: &super::model::Document, body: &Body) -> Outcome<()> {
    let mut faults = Faults::default();
    document.faults(&mut faults, scope.today());
    body.faults(kind, shelf()?.library.dictionary(), document.from_on, &mut faults);
    faults.done(Some(()))
}

/// Whoever writes a draft is its author, so that nobody decides about own words under a colleague's name.
fn must_be_own(row: &policy_revision::Model, actor: Id) -> Outcome<()> {
    if row.author_id == actor {
        return Ok(());
    }
    Err(Problem::refused(
        "revision.not_own",
        "只有起草人可以修改或提交自己的草稿；需要时请另行起草。",
        "Only its author changes a draft or hands it in; draft another one where needed.",
    ))
}

fn must_be_wide(place: &Place) -> Outcome<()> {
    if place.level <= Level::County {
        return Ok(());
    }
    Err(Problem::invalid(Field::new(
        "place",
        "level",
        "标准和政策只能按县（区）、市、省录入，请选择县级以上地区。",
        "Standards and policies are set for a county, city or province; choose one of these.",
    )))
}

fn row(scope: &Scope<Draft>, place: &Place, new: &NewRevision) -> Outcome<policy_revision::Model> {
    let [province_id, city_id, county_id, township_id, _] = place.path;
    let d = &new.document;
    let trimmed = |text: &str| text.trim().to_owned();
    Ok(policy_revision::Model {
        id: new.id,
        kind: new.kind.clone(),
        place_id: place.id,
        province_id,
        city_id,
        county_id,
        township_id,
        title: trimmed(&d.name),
        number: trimmed(&d.number),
        issuer: trimmed(&d.issuer),
        issued_on: d.issued_on,
        from_on: d.from_on,
        kept_at: trimmed(&d.kept_at),
        is_verified: d.verified,
        note: trimmed(&d.note),
        policy: new.body.policy.clone(),
        body: serde_json::to_string(&new.body).map_err(Problem::internal)?,
        state: "draft".to_owned(),
        author_id: scope.actor(),
        created_at: scope.now(),
        decided_by: None,
        decided_at: None,
        decision_note: None,
        effect: None,
        effect_on: None,
        rev: 1,
        audit_no: 0,
    })
}

fn changed(row: policy_revision::Model, new: &Redraft) -> Outcome<policy_revision::Model> {
    let d = &new.document;
    let trimmed = |text: &str| text.trim().to_owned();
    Ok(policy_revision::Model {
        title: trimmed(&d.name),
        number: trimmed(&d.number),
        issuer: trimmed(&d.issuer),
        issued_on: d.issued_on,
        from_on: d.from_on,
        kept_at: trimmed(&d.kept_at),
        is_verified: d.verified,
        note: trimmed(&d.note),
        policy: new.body.policy.clone(),
        body: serde_json::to_string(&new.body).map_err(Problem::internal)?,
        // Whom it would change has to be worked out anew.
        effect: None,
        effect_on: None,
        ..row
    })
}

/// The place and those above it.
pub async fn chain<P: Permit>(scope: &Scope<P>, place: &Place) -> Outcome<Chain> {
    let [province, city, county, ..] = place.path;
    let labels = scope.labels([county, city, province]).await?;
    Ok(Chain::new([county, city, province].into_iter().filter_map(|id| Some((id, labels.get(&id)?.code.as_str())))))
}

/// The plan of a day as it would be with a revision, decided last, among what is in force.
pub async fn planned<P: Permit>(
    scope: &Scope<P>,
    chain: &Chain,
    day: kernel::Day,
    revision: &policy_revision::Model,
) -> Outcome<Here> {
    let ids = chain.places().iter().map(|(id, _)| *id).collect();
    let mut rows = store::in_force(scope, ids).await?;
    rows.retain(|row| row.id != revision.id);
    rows.push(policy_revision::Model { decided_at: None, ..revision.clone() });
    shelf()?.with(day, chain, &rows)
}

/// The plan of a day with what is in force.
pub async fn as_of<P: Permit>(scope: &Scope<P>, chain: &Chain, day: kernel::Day) -> Outcome<Here> {
    let ids = chain.places().iter().map(|(id, _)| *id).collect();
    shelf()?.with(day, chain, &store::in_force(scope, ids).await?)
}

/// The plan on the first day of a revision without it.
pub async fn without<P: Permit>(scope: &Scope<P>, chain: &Chain, row: &policy_revision::Model) -> Outcome<Here> {
    let ids = chain.places().iter().map(|(id, _)| *id).collect();
    let mut rows = store::in_force(scope, ids).await?;
    // What was decided later is no part of what this one changed.
    let later = |other: &policy_revision::Model| row.decided_at.is_some() && other.decided_at > row.decided_at;
    rows.retain(|other| other.id != row.id && !later(other));
    shelf()?.with(row.from_on, chain, &rows)
}

/// Refuses what does not fit the library: unknown words, texts that say nothing, rings of references.
async fn fits<P: Permit>(scope: &Scope<P>, place: &Place, row: &policy_revision::Model) -> Outcome<()> {
    let here = planned(scope, &chain(scope, place).await?, row.from_on, row).await?;
    let Some(policy) = &row.policy else { return Ok(()) };
    let card = here.library.cards().iter().find(|card| card.id == *policy);
    match card {
        None => Err(Problem::invalid(Field::unknown_code("body.policy", "policy"))),
        Some(card) if card.restricted => Err(Problem::refused(
            "revision.restricted",
            "该政策涉及限制访问信息，不在这里修订。",
            "This policy touches restricted records and is not revised here.",
        )),
        Some(_) => Ok(()),
    }
}

/// How the examples of a revision come out.
pub async fn examples<P: Permit>(
    scope: &Scope<P>,
    place: &Place,
    row: &policy_revision::Model,
) -> Outcome<Vec<ExampleResult>> {
    let body = body(row)?;
    let Some(policy) = body.policy.as_deref().filter(|_| !body.examples.is_empty()) else { return Ok(Vec::new()) };
    let here = planned(scope, &chain(scope, place).await?, row.from_on, row).await?;
    let dictionary = here.library.dictionary();
    let found = here.plan.policies.iter().find(|p| here.library.card(p.card).is_some_and(|c| c.id == policy));
    let Some(lowered) = found else { return Ok(Vec::new()) };
    let mut results = Vec::with_capacity(body.examples.len());
    for example in &body.examples {
        let facts = facts_of(dictionary, example);
        let answer = policy::person::Case::new(&here.plan, &here.local, dictionary, &facts).answer(lowered);
        let is = match answer.status {
            Some(true) => "eligible",
            Some(false) => "not",
            None => "unknown",
        };
        let passes = is == example.is && (example.amount.is_none() || example.amount == answer.amount);
        results.push(ExampleResult { name: example.name.clone(), passes, is: is.to_owned(), amount: answer.amount });
    }
    Ok(results)
}

/// What the caller may do with a revision as it stands.
pub fn open_to<P: Permit>(scope: &Scope<P>, row: &policy_revision::Model) -> Vec<Act> {
    let (drafts, decides) = (scope.holds::<Draft>(), scope.holds::<super::Decide>());
    let author = row.author_id == scope.actor();
    match row.state.as_str() {
        "draft" if drafts && author => vec![Act::HandIn, Act::Withdraw],
        "handed" => {
            let mut acts = if decides && !author { vec![Act::Approve, Act::Refuse] } else { Vec::new() };
            acts.extend((drafts && author).then_some(Act::Withdraw));
            acts
        }
        IN_FORCE if decides && !author => vec![Act::Void],
        _ => Vec::new(),
    }
}

/// Carries an act out; the same id again changes nothing.
pub async fn act<P>(scope: &Scope<P>, id: Id, new: NewAct, digest: &[u8]) -> Outcome<Written>
where
    P: Permit + Sees<policy_revision::Entity>,
{
    let mut faults = Faults::default();
    let note = faults.optional_text("note", Some(&new.note), people::persons::checks::SHORT);
    if matches!(new.act, Act::Refuse | Act::Void) && note.is_none() {
        faults.push(Field::required("note"));
    }
    faults.done(Some(()))?;
    let row = store::one(scope, id).await?;
    let (place, looked_at) = (scope.division(row.place_id).await?.place(), row.rev);
    if new.act == Act::HandIn {
        ready(scope, &place, &row).await?;
    }
    if matches!(new.act, Act::HandIn | Act::Approve) {
        // What came into force in the meantime may not go together with it.
        fits(scope, &place, &row).await?;
    }
    scope
        .write_once(new.id, &[digest, id.as_bytes()].concat(), move |tx| {
            Box::pin(async move {
                let row = tx.get_rev::<policy_revision::Entity>(id, new.rev).await?;
                if row.rev != looked_at {
                    return Err(Problem::Stale(row.rev));
                }
                if !open_to(tx.scope(), &row).contains(&new.act) {
                    return Err(refusal(&row, tx.scope().actor(), new.act));
                }
                let (actor, now) = (tx.scope().actor(), tx.scope().now());
                let state = match new.act {
                    Act::HandIn => "handed",
                    Act::Approve => IN_FORCE,
                    // Sent back to its author, who may change it.
                    Act::Refuse => "draft",
                    Act::Withdraw => "withdrawn",
                    Act::Void => "void",
                };
                let decides = matches!(new.act, Act::Approve | Act::Refuse | Act::Void);
                // When it came into force stays: numbers decided later go on top of it.
                let first = new.act != Act::Void;
                let row = tx
                    .update::<policy_revision::Entity>(&row, |r| {
                        r.state = Set(state.to_owned());
                        if decides {
                            r.decided_by = Set(Some(actor));
                            if first {
                                r.decided_at = Set(Some(now));
                            }
                        }
                        r.decision_note = Set(note);
                    })
                    .await?;
                ask(tx, &row, &place, new.act).await
            })
        })
        .await
}

/// Asks those who may decide, and stops asking once there is nothing to decide.
async fn ask<P: Permit>(tx: &Writing<'_, P>, row: &policy_revision::Model, place: &Place, act: Act) -> Outcome<()> {
    tasks::settle(tx, TASK, TASK, row.id).await?;
    let roles: &[&'static str] = match (act, place.level) {
        (Act::HandIn, Level::County) => &["CA", "PA"],
        (Act::HandIn, _) => &["PA"],
        _ => &[],
    };
    for role in roles {
        let task = NewTask {
            kind: TASK,
            role,
            place: *place,
            subject_kind: TASK,
            subject_id: Some(row.id),
            account_id: None,
            due_on: None,
            detail: json!({ "from": row.from_on, "kind": row.kind }),
        };
        tasks::put(tx, task, Window::default()).await?;
    }
    Ok(())
}

/// Why an act may not follow.
fn refusal(row: &policy_revision::Model, actor: Id, act: Act) -> Problem {
    if row.state == "draft"
        && let Err(problem) = must_be_own(row, actor)
    {
        return problem;
    }
    if row.author_id == actor && matches!(act, Act::Approve | Act::Refuse | Act::Void) {
        return Problem::refused(
            "revision.own",
            "起草人不能审批自己的修订，请由另一位有权限的人员办理。",
            "Nobody decides about an own revision; another person with this permit has to.",
        );
    }
    Problem::refused(
        "revision.state",
        "该修订已处于其他状态，不能再这样办理，请刷新页面。",
        "The revision stands differently by now; reload the page.",
    )
}

/// Whether it can be handed in: document complete, something changes, examples come out, and whom it changes was looked at.
async fn ready<P: Permit>(scope: &Scope<P>, place: &Place, row: &policy_revision::Model) -> Outcome<()> {
    let mut faults = Faults::default();
    faults.text("document.number", &row.number, people::persons::checks::SHORT);
    faults.text("document.issuer", &row.issuer, people::persons::checks::SHORT);
    if row.issued_on.is_none() {
        faults.push(Field::required("document.issued_on"));
    }
    let body = body(row)?;
    if row.kind == STANDARDS && body.values.is_empty() {
        faults.push(Field::required("body.values"));
    }
    if row.kind == POLICY {
        let of = |is: &str| body.examples.iter().any(|e| e.is == is);
        if !of("eligible") || !of("not") {
            faults.push(Field::new(
                "body.examples",
                "required",
                "请至少各写一个“符合”和一个“不符合”的示例。",
                "Give at least one example that fits and one that does not.",
            ));
        }
        let results = examples(scope, place, row).await?;
        for failed in results.iter().filter(|r| !r.passes) {
            faults.push(Field::new(
                "body.examples",
                "failed",
                format!("示例“{}”的结果与预期不一致，请检查条件或示例。", failed.name),
                format!("Example `{}` does not come out as said; check the conditions or the example.", failed.name),
            ));
        }
    }
    if row.effect.is_none() {
        faults.push(Field::new(
            "effect",
            "required",
            "请先测算“影响哪些人”，再提交审批。",
            "Work out whom it changes before handing it in.",
        ));
    }
    faults.done(Some(()))
}
