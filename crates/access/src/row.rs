//! The tables of this wing.

/// Accounts (账号).
pub mod account {
    use sea_orm::entity::prelude::*;

    /// A person who signs in.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "account")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub username: String,
        pub display_name: String,
        pub password_hash: String,
        pub state: String,
        pub must_change: bool,
        pub is_demo: bool,
        pub county_id: i32,
        pub created_at: i64,
        pub last_login_at: Option<i64>,
        /// Milliseconds; 0 means with the account.
        pub password_set_at: i64,
        pub rev: i32,
        pub audit_no: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    crate::lined!(
        id,
        username,
        display_name,
        password_hash,
        state,
        must_change,
        is_demo,
        county_id,
        created_at,
        last_login_at,
        password_set_at,
        rev,
        audit_no
    );
    crate::kept!("account", secret[PasswordHash]);
    crate::unplaced!();

    /// Whether any account was made by a demo world.
    pub async fn has_demo(floor: &ground::Floor) -> kernel::Outcome<bool> {
        use sea_orm::QuerySelect as _;
        let found = Entity::find().filter(Column::IsDemo.eq(true)).limit(1).one(floor.db.read()).await?;
        Ok(found.is_some())
    }
}

/// Sessions (登录会话).
pub mod session {
    use sea_orm::entity::prelude::*;

    /// A signed-in browser or tool; the token itself is never stored.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "session")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub token_hash: Vec<u8>,
        pub account_id: Uuid,
        pub bearer: bool,
        pub created_at: i64,
        pub seen_at: i64,
        pub expires_at: i64,
        pub ended_at: Option<i64>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    crate::lined!(token_hash, account_id, bearer, created_at, seen_at, expires_at, ended_at);
}

/// Failed sign-ins by account name and by address.
pub mod login_guard {
    use sea_orm::entity::prelude::*;

    /// Failures inside the running window.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "login_guard")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub subject: String,
        pub failures: i32,
        pub window_from: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Organisations (单位): identity only; what a room knows of them stays in that room.
pub mod organisation {
    use sea_orm::entity::prelude::*;

    /// An organisation that accounts belong to.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "organisation")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub kind: String,
        pub name: String,
        pub place_id: i32,
        pub county_id: i32,
        pub rev: i32,
        pub audit_no: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    crate::kept!("organisation");
    crate::unplaced!();
}

/// Grants (授权): role × organisation × place × period.
pub mod role_grant {
    use sea_orm::entity::prelude::*;

    /// One role of one account at one place for a time.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "role_grant")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: Uuid,
        pub role: String,
        pub org_id: Option<Uuid>,
        pub place_id: i32,
        pub county_id: i32,
        pub from_on: Date,
        pub to_on: Option<Date>,
        pub state: String,
        pub proposed_by: Uuid,
        pub approved_by: Option<Uuid>,
        pub end_reason: Option<String>,
        pub rev: i32,
        pub audit_no: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    crate::kept!("grant");
    crate::unplaced!();
}

/// Tasks (待办).
pub mod task {
    use sea_orm::entity::prelude::*;

    /// Something a role at a place should look at; it stays until done, however late.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "task")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub kind: String,
        pub role: String,
        pub subject_kind: String,
        pub subject_id: Option<Uuid>,
        pub account_id: Option<Uuid>,
        pub village_id: i32,
        pub township_id: i32,
        pub county_id: i32,
        pub city_id: i32,
        pub province_id: i32,
        pub detail: String,
        pub state: String,
        pub due_on: Option<Date>,
        pub created_at: i64,
        pub done_at: Option<i64>,
        pub done_by: Option<Uuid>,
        pub note: Option<String>,
        /// What it is about exactly; a job raises a task of the same kind, subject and mark once. Empty for tasks people raise.
        pub mark: String,
        /// First day of the window in which it can be done in time.
        pub from_on: Option<Date>,
        /// Last day in time; [`NO_LIMIT`](crate::tasks::NO_LIMIT) without one, so that lists sort alike on both engines.
        pub until_on: Date,
        /// Day on which it was really done.
        pub done_on: Option<Date>,
        /// Why it was done late, list `late_reason`.
        pub late_reason: Option<String>,
        pub rev: i32,
        pub audit_no: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    crate::kept!("task");
    crate::placed!(ProvinceId, CityId, CountyId, TownshipId, VillageId; owner AccountId);
}

/// Read trails.
pub mod share {
    use sea_orm::entity::prelude::*;

    /// Whoever covers this place (or is this owner in it) reads the subject until `until_on`, and never writes it.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "share")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// What is read: a person, with the records of that person.
        pub subject_id: Uuid,
        /// The act behind it: a hand-over.
        pub cause_id: Uuid,
        /// Who was responsible; counts for those who see own rows only.
        pub owner_id: Option<Uuid>,
        pub village_id: i32,
        pub township_id: i32,
        pub county_id: i32,
        pub city_id: i32,
        pub province_id: i32,
        /// First day without sight.
        pub until_on: Date,
        pub created_at: i64,
        pub rev: i32,
        pub audit_no: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    crate::kept!("share");
    crate::placed!(ProvinceId, CityId, CountyId, TownshipId, VillageId; owner OwnerId);
}

/// Receipts of client-made ids, so that a repeated write is recognised.
pub mod write_receipt {
    use sea_orm::entity::prelude::*;

    /// A write that was carried out.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "write_receipt")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub permit: String,
        pub account_id: Uuid,
        pub body: Vec<u8>,
        pub at: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// What an account likes to see (个人设置).
pub mod preference {
    use sea_orm::entity::prelude::*;

    /// One setting.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "preference")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        pub value: String,
        pub at: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Drafts of forms (草稿).
pub mod draft {
    use kernel::Sealed;
    use sea_orm::entity::prelude::*;

    /// What was typed into one form and not sent yet.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "draft")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub form: String,
        pub base_rev: i32,
        pub content: Sealed,
        pub saved_at: i64,
        pub expires_at: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Exports of lists (导出).
pub mod list_export {
    use sea_orm::entity::prelude::*;

    /// One export somebody asked for.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "list_export")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: Uuid,
        pub place_id: i32,
        pub county_id: i32,
        pub list: String,
        pub query: String,
        /// JSON list of keys.
        pub columns: String,
        pub unmasked: bool,
        pub purpose: String,
        pub people: i32,
        pub minors: i32,
        pub needs_approval: bool,
        pub state: String,
        pub decided_by: Option<Uuid>,
        pub decided_at: Option<i64>,
        pub decision_note: Option<String>,
        pub row_count: Option<i32>,
        pub file_hash: Option<String>,
        pub link_hash: Option<Vec<u8>>,
        pub link_until: Option<i64>,
        pub created_at: i64,
        pub rev: i32,
        pub audit_no: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    // A filter may hold a name or number somebody searched for.
    crate::kept!("export", secret[Query, LinkHash]);
    crate::owned!(AccountId);
}

/// The audit chains.
pub mod audit {
    use sea_orm::entity::prelude::*;

    /// One audit record, chained to the one before it.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub chain: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i64,
        pub at: i64,
        pub actor_id: Uuid,
        pub action: String,
        pub object_kind: String,
        pub object_id: Uuid,
        pub rev: i32,
        pub detail: Vec<u8>,
        pub mac: Vec<u8>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// The newest record of each chain.
pub mod audit_head {
    use sea_orm::entity::prelude::*;

    /// Sequence number and hash of a chain's newest record.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit_head")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub chain: i32,
        pub seq: i64,
        pub mac: Vec<u8>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
