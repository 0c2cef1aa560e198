//! The tables of this room: households and memberships.

/// Households (家庭).
pub mod household {
    use kernel::Sealed;
    use sea_orm::entity::prelude::*;

    /// One household of one kind; a person may belong to one open household of each kind.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "household")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub kind: String,
        /// The person at the head; empty once the household is closed.
        pub head_id: Option<Uuid>,
        pub address: Option<Sealed>,
        pub village_id: i32,
        pub township_id: i32,
        pub county_id: i32,
        pub city_id: i32,
        pub province_id: i32,
        pub from_on: Date,
        pub to_on: Option<Date>,
        pub created_at: i64,
        pub rev: i32,
        pub audit_no: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::kept!("household", secret[Address]);
    access::placed!(ProvinceId, CityId, CountyId, TownshipId, VillageId);
}

/// Memberships (家庭成员).
pub mod membership {
    use sea_orm::entity::prelude::*;

    /// One person in one household for the half-open period `from_on..to_on`, with the relation to the head (GB/T 4761).
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "membership")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub household_id: Uuid,
        pub person_id: Uuid,
        pub relation: String,
        pub is_cohabiting: bool,
        pub from_on: Date,
        pub to_on: Option<Date>,
        pub end_reason: Option<String>,
        pub county_id: i32,
        pub rev: i32,
        pub audit_no: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::kept!("membership", secret[EndReason]);
    access::part_of!(super::household::Entity, HouseholdId, id);
    access::part_of!(crate::persons::row::person::Entity, PersonId, id);
}
