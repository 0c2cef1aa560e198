//! Verbs over accounts and grants, used by HTTP and the command line.

use kernel::{Day, Field, Id, Outcome, Permit, Place, Problem, Secret};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, sea_query::Expr};

use super::{ApproveGrants, ChangeAccounts};
use crate::{
    Scope, Writing, Written,
    audit::SYSTEM,
    placement,
    reach::MOST_PARTS,
    roles::{Roles, Rule},
    row::{account, role_grant, session},
    session as signing,
    tasks::{self, NewTask},
};

/// An account to make.
pub struct NewAccount {
    /// Client-made id.
    pub id: Id,
    /// Sign-in name: letters, digits, `.`, `-`, `_`; kept in lower case.
    pub username: String,
    /// Name shown to others.
    pub display_name: String,
    /// First password; must be changed at first sign-in.
    pub password: Secret,
    /// Made by a demo world.
    pub is_demo: bool,
}

/// A grant to propose.
#[derive(Debug, Clone)]
pub struct NewGrant {
    /// Client-made id.
    pub id: Id,
    /// Role code.
    pub role: String,
    /// Where; none only for roles whose every permit is without place.
    pub place: Option<Place>,
    /// Organisation.
    pub org_id: Option<Id>,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Option<Day>,
}

/// Checks the words of a new account.
pub fn check_names(username: &str, display_name: &str) -> Vec<Field> {
    let mut wrong = Vec::new();
    let shape = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_');
    if !(3..=40).contains(&username.len()) || !username.chars().all(shape) {
        wrong.push(Field::new(
            "username",
            "format",
            "账号名应为 3 到 40 位小写字母、数字或 . - _，请修改。",
            "The sign-in name needs 3 to 40 lower-case letters, digits or . - _; change it.",
        ));
    }
    match display_name.trim().chars().count() {
        0 => wrong.push(Field::required("display_name")),
        1..=50 => {}
        _ => wrong.push(Field::too_long("display_name", 50)),
    }
    wrong
}

/// Checks role, place and period of a new grant.
pub fn check_grant(prefix: &str, grant: &NewGrant) -> Vec<Field> {
    let mut wrong = Vec::new();
    let Some(role) = Roles::embedded().get(&grant.role) else {
        return vec![Field::unknown_code(format!("{prefix}role"), "role")];
    };
    if grant.place.is_none() && role.permits.values().any(|p| p.rule != Rule::All) {
        wrong.push(Field::required(format!("{prefix}place")));
    }
    if grant.to.is_some_and(|to| to < grant.from) {
        wrong.push(Field::new(
            format!("{prefix}to"),
            "range",
            "截止日期不能早于开始日期，请修改。",
            "The last day must not be before the first day; change it.",
        ));
    }
    wrong
}

/// Makes an account with proposed grants.
pub async fn create(
    scope: &Scope<ChangeAccounts>,
    new: NewAccount,
    grants: Vec<NewGrant>,
    body: &[u8],
) -> Outcome<Written> {
    signing::acceptable(&new.username, &new.password, scope.today())?;
    let hash = signing::hash(scope.house(), new.password).await?;
    scope
        .write_once(new.id, body, move |tx| {
            Box::pin(async move {
                let taken = account::Entity::find()
                    .filter(account::Column::Username.eq(new.username.clone()))
                    .one(tx.derived())
                    .await?;
                if taken.is_some() {
                    return Err(Problem::invalid(Field::new(
                        "username",
                        "taken",
                        "账号名已被使用，请换一个。",
                        "This sign-in name is taken; choose another.",
                    )));
                }
                tx.insert::<account::Entity>(account::ActiveModel {
                    id: Set(new.id),
                    username: Set(new.username),
                    display_name: Set(new.display_name.trim().to_owned()),
                    password_hash: Set(hash),
                    state: Set("active".to_owned()),
                    must_change: Set(!new.is_demo),
                    is_demo: Set(new.is_demo),
                    county_id: Set(SYSTEM),
                    created_at: Set(tx.scope().now()),
                    last_login_at: Set(None),
                    password_set_at: Set(tx.scope().now()),
                    ..Default::default()
                })
                .await?;
                for grant in grants {
                    propose_in(tx, new.id, grant).await?;
                }
                Ok(())
            })
        })
        .await
}

/// Proposes a grant for an account.
pub async fn propose(scope: &Scope<ChangeAccounts>, account: Id, grant: NewGrant, body: &[u8]) -> Outcome<Written> {
    scope
        .write_once(grant.id, body, move |tx| {
            Box::pin(async move {
                tx.get::<account::Entity>(account).await?;
                propose_in(tx, account, grant).await
            })
        })
        .await
}

async fn propose_in(tx: &Writing<'_, ChangeAccounts>, account: Id, grant: NewGrant) -> Outcome<()> {
    let held = role_grant::Entity::find()
        .filter(role_grant::Column::AccountId.eq(account))
        .filter(role_grant::Column::State.is_in(["proposed", "approved"]))
        .all(tx.derived())
        .await?;
    if let Some(other) = held.iter().find(|h| !Roles::embedded().may_be_together(&h.role, &grant.role)) {
        return Err(Problem::refused(
            "grant.separation",
            format!("{} 与 {} 必须由不同的人担任（三员分立），请授权给其他账号。", other.role, grant.role),
            format!("{} and {} must be different people; grant it to another account.", other.role, grant.role),
        ));
    }
    if held.len() >= MOST_PARTS {
        return Err(Problem::refused(
            "grant.too_many",
            "一个账号最多 16 项授权，请改用上一级区划授权。",
            "An account may hold 16 grants; use a grant for the division above instead.",
        ));
    }
    let (place_id, county_id) = grant.place.map_or((0, SYSTEM), |p| (p.id, p.at(kernel::Level::County)));
    tx.insert::<role_grant::Entity>(role_grant::ActiveModel {
        id: Set(grant.id),
        account_id: Set(account),
        role: Set(grant.role),
        org_id: Set(grant.org_id),
        place_id: Set(place_id),
        county_id: Set(county_id),
        from_on: Set(grant.from),
        to_on: Set(grant.to),
        state: Set("proposed".to_owned()),
        proposed_by: Set(tx.scope().actor()),
        approved_by: Set(None),
        end_reason: Set(None),
        ..Default::default()
    })
    .await?;
    Ok(())
}

/// Approves or refuses a proposed grant; nobody decides on an own proposal or an own grant.
pub async fn decide(scope: &Scope<ApproveGrants>, grant: Id, rev: i32, approve: bool) -> Outcome<()> {
    scope
        .write(move |tx| {
            Box::pin(async move {
                let row = tx.get_rev::<role_grant::Entity>(grant, rev).await?;
                let actor = tx.scope().actor();
                if row.proposed_by == actor || row.account_id == actor {
                    return Err(Problem::refused(
                        "grant.own",
                        "不能审批自己提出或授予自己的权限，请由另一位安全管理员审批。",
                        "You cannot decide on your own proposal or grant; another security admin has to.",
                    ));
                }
                if row.state != "proposed" {
                    return Err(already_decided());
                }
                tx.update::<role_grant::Entity>(&row, |r| {
                    r.state = Set(if approve { "approved" } else { "refused" }.to_owned());
                    r.approved_by = Set(Some(actor));
                })
                .await?;
                Ok(())
            })
        })
        .await
}

fn already_decided() -> Problem {
    Problem::refused(
        "grant.decided",
        "这项授权已经处理过，请刷新查看。",
        "This grant was decided already; reload to see it.",
    )
}

/// Ends a grant today.
pub async fn end_grant(scope: &Scope<ChangeAccounts>, grant: Id, rev: i32, reason: String) -> Outcome<()> {
    scope
        .write(move |tx| {
            Box::pin(async move {
                let row = tx.get_rev::<role_grant::Entity>(grant, rev).await?;
                if row.state == "ended" || row.state == "refused" {
                    return Err(already_decided());
                }
                let today = tx.scope().today();
                tx.update::<role_grant::Entity>(&row, move |r| {
                    r.state = Set("ended".to_owned());
                    r.to_on = Set(Some(today));
                    r.end_reason = Set(Some(reason));
                })
                .await?;
                if row.state == "approved" { left_office(tx, &row).await } else { Ok(()) }
            })
        })
        .await
}

/// Roles of those who answer for clients.
pub(crate) const CARERS: [&str; 3] = ["SH", "TW", "SW"];

/// Kind of the subject of a task about the clients of a grant.
pub(crate) const CASELOAD: &str = "caseload";

/// Asks the head of the station to hand over the clients of somebody who no longer works there.
pub(crate) async fn left_office(tx: &Writing<'_, ChangeAccounts>, grant: &role_grant::Model) -> Outcome<()> {
    if !CARERS.contains(&grant.role.as_str()) || grant.place_id == 0 {
        return Ok(());
    }
    let place = placement::by_id(tx.derived(), grant.place_id).await?.place();
    let task = NewTask {
        kind: "caseload_left",
        role: "SH",
        place,
        subject_kind: CASELOAD,
        subject_id: Some(grant.id),
        account_id: None,
        due_on: None,
        detail: serde_json::json!({ "role": grant.role, "account_id": grant.account_id }),
    };
    tasks::raise(tx, task).await
}

/// What may change on an account.
#[derive(Default)]
pub struct AccountChange {
    /// New display name.
    pub display_name: Option<String>,
    /// `active` or `suspended`.
    pub state: Option<String>,
    /// A new first password.
    pub password: Option<Secret>,
}

/// Changes an account; suspending and resetting end its sessions in the same transaction.
pub async fn change(scope: &Scope<ChangeAccounts>, account: Id, rev: i32, change: AccountChange) -> Outcome<()> {
    if change.state.as_deref() == Some("suspended") && account == scope.actor() {
        return Err(Problem::refused(
            "account.self",
            "不能停用自己的账号，请由另一位系统管理员操作。",
            "You cannot suspend your own account; another admin has to.",
        ));
    }
    let current = scope.find::<account::Entity>().filter(account::Column::Id.eq(account)).required().await?;
    let hash = match change.password {
        Some(password) => {
            signing::acceptable(&current.username, &password, scope.today())?;
            Some(signing::hash(scope.house(), password).await?)
        }
        None => None,
    };
    scope
        .write(move |tx| {
            Box::pin(async move {
                let row = tx.get_rev::<account::Entity>(account, rev).await?;
                let now = tx.scope().now();
                let suspended = change.state.as_deref() == Some("suspended") && row.state != "suspended";
                let ends = hash.is_some() || change.state.as_deref() == Some("suspended");
                tx.update::<account::Entity>(&row, |r| {
                    if let Some(name) = change.display_name {
                        r.display_name = Set(name.trim().to_owned());
                    }
                    if let Some(state) = change.state {
                        r.state = Set(state);
                    }
                    if let Some(hash) = hash {
                        r.password_hash = Set(hash);
                        r.password_set_at = Set(now);
                        r.must_change = Set(true);
                    }
                })
                .await?;
                if ends {
                    end_sessions(tx, account, None).await?;
                }
                if suspended {
                    let grants = role_grant::Entity::find()
                        .filter(role_grant::Column::AccountId.eq(account))
                        .filter(role_grant::Column::State.eq("approved"));
                    for grant in grants.all(tx.derived()).await? {
                        left_office(tx, &grant).await?;
                    }
                }
                Ok(())
            })
        })
        .await
}

/// Ends the open sessions of an account, except one.
pub(crate) async fn end_sessions<P: Permit>(tx: &Writing<'_, P>, account: Id, except: Option<Vec<u8>>) -> Outcome<()> {
    let mut query = session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::value(tx.scope().now()))
        .filter(session::Column::AccountId.eq(account))
        .filter(session::Column::EndedAt.is_null());
    if let Some(hash) = except {
        query = query.filter(session::Column::TokenHash.ne(hash));
    }
    query.exec(tx.derived()).await?;
    Ok(())
}
