//! Whether the caller may open a minor's file, and how.

use std::collections::HashMap;

use access::{Scope, restricted, restricted::row::clearance};
use kernel::{Id, Millis, Outcome, Permit, Problem, Sees, params::Params};
use sea_orm::ColumnTrait as _;

use super::{Oversee, minor_by};
use crate::persons::row::{PersonLine, person};

const DAY: Millis = 86_400_000;

/// How somebody comes to open a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// The person is of age.
    Adult,
    /// As the person in charge.
    Head,
    /// By the standing approval of the responsible worker.
    Standing,
    /// As who registered the minor, for some days.
    Provisional,
    /// By an approved opening.
    Opening,
    /// By break-glass.
    BreakGlass,
}

impl Way {
    /// As it stands in the audit log.
    pub fn word(self) -> &'static str {
        match self {
            Self::Adult => "adult",
            Self::Head => "head",
            Self::Standing => "standing",
            Self::Provisional => "provisional",
            Self::Opening => "opening",
            Self::BreakGlass => "break_glass",
        }
    }
}

/// Whose files are open to the caller, how, and until when; who is not here is closed.
pub type Open = HashMap<Id, (Way, Option<Millis>)>;

/// How the caller may open each of these persons' files. One query at most, and none without minors among them.
pub async fn open_among<P: Permit>(scope: &Scope<P>, people: &[PersonLine]) -> Outcome<Open> {
    let today = scope.today();
    let (minors, adults): (Vec<_>, Vec<_>) = people.iter().partition(|p| minor_by(p.birth_date, p.cat_bits, today));
    let mut open: Open = adults.iter().map(|p| (p.id, (Way::Adult, None))).collect();
    if minors.is_empty() {
        return Ok(open);
    }
    let (me, now) = (scope.actor(), scope.now());
    let oversees = scope.also::<Oversee>().ok();
    let days = Params::national().whole("minors.provisional_days", &[], today).unwrap_or(0);
    let mut asked = Vec::new();
    for person in minors {
        let in_charge = oversees.as_ref().is_some_and(|s| s.must_cover(&person.place()).is_ok());
        let until = person.created_at + days * DAY;
        if in_charge && person.worker_id != Some(me) {
            open.insert(person.id, (Way::Head, None));
        } else {
            if person.created_by == me && now < until {
                open.insert(person.id, (Way::Provisional, Some(until)));
            }
            asked.push(person);
        }
    }
    let ids: Vec<Id> = asked.iter().map(|p| p.id).collect();
    for row in restricted::clearances_of(scope, &ids).await? {
        let responsible = asked.iter().any(|p| p.id == row.person_id && p.worker_id == Some(me));
        if let Some(way) = way_of(&row, responsible) {
            // Whatever lasts longest counts.
            let better = open.get(&row.person_id).is_none_or(|(_, until)| match (until, row.until_at) {
                (None, _) => false,
                (Some(_), None) => true,
                (Some(old), Some(new)) => new > *old,
            });
            if better {
                open.insert(row.person_id, (way, row.until_at));
            }
        }
    }
    Ok(open)
}

fn way_of(row: &clearance::Model, responsible: bool) -> Option<Way> {
    match row.way.as_str() {
        "standing" if responsible => Some(Way::Standing),
        "minor" => Some(Way::Opening),
        "break_glass" => Some(Way::BreakGlass),
        _ => None,
    }
}

/// How the caller may open this person's file; none when it is closed to him.
pub async fn way<P: Permit>(scope: &Scope<P>, person: &person::Model) -> Outcome<Option<(Way, Option<Millis>)>> {
    Ok(open_among(scope, &[PersonLine::from(person.clone())]).await?.remove(&person.id))
}

/// Refuses when the file of this person is closed to the caller.
pub async fn must_open<P: Permit>(scope: &Scope<P>, person: &person::Model) -> Outcome<Way> {
    match way(scope, person).await? {
        Some((way, _)) => Ok(way),
        None => Err(Problem::refused(
            "minor.closed",
            "未成年人档案须经审批才能查阅或修改，请先提交查阅申请。",
            "A minor's file needs an approval before it is opened or changed; ask for it first.",
        )),
    }
}

/// The same for a person by id, for what belongs to a person; whoever is not there is left to the caller's own search.
pub async fn must_open_id<P: Permit + Sees<person::Entity>>(scope: &Scope<P>, id: Id) -> Outcome<()> {
    match scope.find::<person::Entity>().filter(person::Column::Id.eq(id)).one().await? {
        Some(person) => must_open(scope, &person).await.map(|_| ()),
        None => Ok(()),
    }
}

/// Names as the caller may see them: masked for roles that see masked names, and for minors whose file is closed.
pub async fn names_of<'a, P: Permit>(
    scope: &Scope<P>,
    people: impl IntoIterator<Item = &'a person::Model>,
) -> Outcome<HashMap<Id, String>> {
    let people: Vec<PersonLine> = people.into_iter().cloned().map(PersonLine::from).collect();
    let open = open_among(scope, &people).await?;
    Ok(names_in(scope, &people, &open))
}

/// The same where it is known already whose files are open.
pub fn names_in<P: Permit>(scope: &Scope<P>, people: &[PersonLine], open: &Open) -> HashMap<Id, String> {
    let name = |p: &PersonLine| match open.contains_key(&p.id) {
        true => scope.show_name(&p.name),
        false => kernel::mask::name(&p.name),
    };
    people.iter().map(|p| (p.id, name(p))).collect()
}

/// Does `work` for somebody who opens a file. That it was opened is written down while `work` goes on, and of a minor's file
/// nothing is answered before it is: that takes as long as the work itself (未成年人网络保护条例 art. 36).
pub async fn recorded<P: Permit, T>(
    scope: &Scope<P>,
    person: &person::Model,
    way: Option<Way>,
    work: impl Future<Output = Outcome<T>>,
) -> Outcome<T> {
    if matches!(way, Some(Way::Adult) | None) {
        record(scope, person, way).await?;
        return work.await;
    }
    let (recorded, done) = futures::join!(record(scope, person, way), async {
        // The writer may have been woken on this very core, where it would wait until the work is done.
        std::thread::yield_now();
        work.await
    });
    recorded.and(done)
}

/// Records an opening: of a minor's file before the answer, of others within a second.
pub async fn record<P: Permit>(scope: &Scope<P>, person: &person::Model, way: Option<Way>) -> Outcome<()> {
    match way {
        Some(Way::Adult) | None => scope.opened::<person::Entity>(person).await,
        Some(way) => scope.record_opening::<person::Entity>(person, Some(format!("minor:{}", way.word()))).await,
    }
}
