//! The tables of this room.

/// What all policies said of a person last time.
pub mod screening_state {
    use sea_orm::entity::prelude::*;

    /// One living client.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "screening_state")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Uuid,
        pub village_id: i32,
        pub township_id: i32,
        pub county_id: i32,
        pub city_id: i32,
        pub province_id: i32,
        /// County whose standards held.
        pub standard_id: i32,
        /// Digest of cards and parameters.
        pub basis: i64,
        /// First day on which the calendar alone may change something.
        pub next_on: Date,
        /// `policy=letter` by policy; what is unknown is left out.
        pub statuses: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Findings (漏保线索).
pub mod screening_finding {
    use sea_orm::entity::prelude::*;

    /// One policy and person a worker may look at: a hint, no decision.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "screening_finding")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub person_id: Uuid,
        pub worker_id: Option<Uuid>,
        pub village_id: i32,
        pub township_id: i32,
        pub county_id: i32,
        pub city_id: i32,
        pub province_id: i32,
        /// Word of the policy library.
        pub policy: String,
        /// eligible, lost or unknown.
        pub kind: String,
        pub is_dismissed: bool,
        pub since_on: Date,
        /// In units of the card, where known.
        pub amount: Option<i64>,
        /// Whether the amount hangs on invented values for tests and training (示例).
        pub is_example: bool,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::lined!(
        id,
        person_id,
        worker_id,
        village_id,
        township_id,
        county_id,
        city_id,
        province_id,
        policy,
        kind,
        is_dismissed,
        since_on,
        amount,
        is_example
    );
    access::placed!(ProvinceId, CityId, CountyId, TownshipId, VillageId; owner WorkerId);
    access::part_of!(crate::persons::row::person::Entity, PersonId, id);
}

/// Second looks (核实意见).
pub mod screening_dismissal {
    use sea_orm::entity::prelude::*;

    /// Why a finding is set aside; only added to.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "screening_dismissal")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub person_id: Uuid,
        pub policy: String,
        pub kind: String,
        /// Code of list `screening_reason`.
        pub reason: String,
        pub note: String,
        pub actor_id: Uuid,
        pub at: i64,
        pub county_id: i32,
        pub rev: i32,
        pub audit_no: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::kept!("screening_dismissal", secret[Note]);
    access::part_of!(crate::persons::row::person::Entity, PersonId, id);
}

/// Runs (筛查运行).
pub mod screening_run {
    use sea_orm::entity::prelude::*;

    /// One run over a county, or over a township of it.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "screening_run")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// 0 for a county.
        pub township_id: i32,
        pub county_id: i32,
        pub city_id: i32,
        pub province_id: i32,
        /// full or incremental.
        pub kind: String,
        /// running or done.
        pub state: String,
        /// The county's first run: a baseline, nothing differs from anything.
        pub is_first: bool,
        pub day: Date,
        /// Last audit record of the county it knows of.
        pub seq: i64,
        /// How far a full run came.
        pub upto_id: Uuid,
        /// Persons looked at.
        pub seen: i64,
        /// Persons of whom something differs from last time.
        pub changed: i64,
        /// Of those, how many a full run found that the incremental ones before it had missed.
        pub missed: i64,
        pub actor_id: Uuid,
        pub started_at: i64,
        pub ended_at: Option<i64>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::placed!(ProvinceId, CityId, CountyId, TownshipId);
}
