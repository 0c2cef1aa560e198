//! The tables of this room: files and clearances.

/// Restricted files (受限档案).
pub mod file {
    use kernel::Sealed;
    use sea_orm::entity::prelude::*;

    /// A file about one person. It lies nowhere and belongs to no parent: no query of a room reaches it, only an opening does.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "restricted_file")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub person_id: Uuid,
        /// Code of list `restricted_kind`, encrypted: what a file is about is a secret itself.
        pub kind: Sealed,
        /// proposed, open, closed or refused.
        pub state: String,
        /// When somebody on the list wants to look at it again.
        pub follow_up_on: Option<Date>,
        pub county_id: i32,
        pub created_at: i64,
        pub created_by: Uuid,
        pub rev: i32,
        pub audit_no: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    crate::kept!("restricted_file", secret[Kind]);
}

/// Clearances (查阅批准): one account may look at one person's files, asked by somebody, decided by somebody else, dated.
pub mod clearance {
    use kernel::Sealed;
    use sea_orm::entity::prelude::*;

    /// One clearance; it holds while it is approved and `until_at` is empty or lies ahead.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "clearance")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// named, break_glass, standing or minor.
        pub way: String,
        pub person_id: Uuid,
        /// The file, for named ones.
        pub file_id: Option<Uuid>,
        /// Who may look.
        pub account_id: Uuid,
        /// Part on the named list: owner, head, supervisor, officer or colleague; empty for other ways.
        pub part: String,
        /// Role that decides.
        pub approver: String,
        pub reason: Sealed,
        /// waiting, approved, refused or revoked.
        pub state: String,
        /// How long an opening shall last once it is approved.
        pub minutes: Option<i32>,
        pub asked_by: Uuid,
        pub asked_at: i64,
        pub decided_by: Option<Uuid>,
        pub decided_at: Option<i64>,
        pub until_at: Option<i64>,
        pub note: Option<Sealed>,
        pub village_id: i32,
        pub township_id: i32,
        pub county_id: i32,
        pub city_id: i32,
        pub province_id: i32,
        pub rev: i32,
        pub audit_no: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    crate::lined!(
        id,
        way,
        person_id,
        file_id,
        account_id,
        part,
        approver,
        reason,
        state,
        minutes,
        asked_by,
        asked_at,
        decided_by,
        decided_at,
        until_at,
        note,
        village_id,
        township_id,
        county_id,
        city_id,
        province_id,
        rev,
        audit_no,
    );
    crate::kept!("clearance", secret[Reason, Note]);
    crate::placed!(ProvinceId, CityId, CountyId, TownshipId, VillageId; owner AccountId);

    impl Model {
        /// Whether it opens something at this instant.
        pub fn holds(&self, now: i64) -> bool {
            self.state == "approved" && self.until_at.is_none_or(|until| until > now)
        }
    }
}
