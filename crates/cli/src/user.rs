//! `user add`: the first system admin, security admin and auditor of a fresh data folder — three different people.

use std::{io::Read as _, path::PathBuf};

use access::{
    House, Scope,
    accounts::{self, actions},
    audit::SYSTEM,
    roles::Roles,
    row::{account, role_grant},
};
use anyhow::{Context as _, bail};
use kernel::Secret;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};

/// Commands over the first accounts.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Add the first account of a role: SA, SEC or AU. Later accounts are made in the desk.
    Add {
        /// Data folder.
        #[arg(long, env = "SHEQIAO_DATA")]
        data: PathBuf,
        /// SA (system admin), SEC (security admin) or AU (auditor).
        #[arg(long)]
        role: String,
        /// Sign-in name.
        #[arg(long)]
        username: String,
        /// Shown name; the sign-in name when left out.
        #[arg(long)]
        display_name: Option<String>,
        /// Read the password from standard input.
        #[arg(long, required = true)]
        password_stdin: bool,
    },
}

/// Runs a command.
pub async fn run(command: Command) -> anyhow::Result<()> {
    let Command::Add { data, role, username, display_name, password_stdin: _ } = command;
    if !["SA", "SEC", "AU"].contains(&role.as_str()) {
        bail!("--role must be SA, SEC or AU; other accounts are made in the desk by the system admin");
    }
    let mut password = String::new();
    std::io::stdin().read_to_string(&mut password).context("cannot read the password from standard input")?;
    let password = password.trim_end_matches(['\r', '\n']).to_owned();
    let floor = crate::serve::open(&data).await?;
    let held = role_grant::Entity::find()
        .filter(role_grant::Column::Role.eq(role.clone()))
        .filter(role_grant::Column::State.eq("approved"))
        .one(floor.db.read())
        .await?;
    if held.is_some() {
        bail!("there is a {role} already; further accounts are made in the desk and approved by the security admin");
    }
    let username = username.trim().to_lowercase();
    let display_name = display_name.unwrap_or_else(|| username.clone());
    if let Some(wrong) = actions::check_names(&username, &display_name).into_iter().next() {
        bail!("{}: {}", wrong.field, wrong.en);
    }
    let house = House::build(floor.clone(), false);
    add(
        &house,
        First {
            username: username.clone(),
            display_name,
            password: Secret::new(password),
            role: role.clone(),
            is_demo: false,
        },
    )
    .await?;
    println!("Account {username} with role {role} is ready.");
    Ok(())
}

/// A first account of a role without place.
pub struct First {
    /// Sign-in name.
    pub username: String,
    /// Shown name.
    pub display_name: String,
    /// Password.
    pub password: Secret,
    /// Role code.
    pub role: String,
    /// Made by a demo world.
    pub is_demo: bool,
}

/// Makes the account with an approved grant; an account that exists is refused, so three roles are three people.
pub async fn add(house: &House, first: First) -> anyhow::Result<()> {
    let scope = Scope::<accounts::ChangeAccounts>::on_behalf_of(house, "user.add").await?;
    anyhow::ensure!(Roles::embedded().get(&first.role).is_some(), "unknown role {}", first.role);
    let (id, role) = (scope.new_id(), first.role);
    let new = actions::NewAccount {
        id,
        username: first.username,
        display_name: first.display_name,
        password: first.password,
        is_demo: first.is_demo,
    };
    let written = actions::create(&scope, new, Vec::new(), id.as_bytes()).await.map_err(|p| {
        anyhow::anyhow!("{}", p.body(true, None).fields.first().map_or_else(|| p.to_string(), |f| f.message.clone()))
    })?;
    anyhow::ensure!(written == access::Written::New, "the account exists already");
    let approver = Scope::<accounts::ApproveGrants>::on_behalf_of(house, "user.approve").await?.actor();
    let grant = scope.new_id();
    scope
        .write(move |tx| {
            Box::pin(async move {
                // Whoever typed the password here is the one who will use it.
                let row = tx.get::<account::Entity>(id).await?;
                tx.update::<account::Entity>(&row, |r| r.must_change = Set(false)).await?;
                let (today, actor) = (tx.scope().today(), tx.scope().actor());
                tx.insert::<role_grant::Entity>(role_grant::ActiveModel {
                    id: Set(grant),
                    account_id: Set(id),
                    role: Set(role),
                    org_id: Set(None),
                    place_id: Set(0),
                    county_id: Set(SYSTEM),
                    from_on: Set(today),
                    to_on: Set(None),
                    state: Set("approved".to_owned()),
                    proposed_by: Set(actor),
                    approved_by: Set(Some(approver)),
                    end_reason: Set(None),
                    ..Default::default()
                })
                .await?;
                Ok(())
            })
        })
        .await?;
    Ok(())
}
