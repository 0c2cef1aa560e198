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
        /// The household this one was split from.
        pub origin_id: Option<Uuid>,
        /// The household that took the members of this one.
        pub successor_id: Option<Uuid>,
        pub created_at: i64,
        pub rev: i32,
        pub audit_no: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::lined!(
        id,
        kind,
        head_id,
        address,
        village_id,
        township_id,
        county_id,
        city_id,
        province_id,
        from_on,
        to_on,
        origin_id,
        successor_id,
        created_at,
        rev,
        audit_no
    );
    access::kept!("household", secret[Address]);
    access::placed!(ProvinceId, CityId, CountyId, TownshipId, VillageId);
}

impl household::Model {
    /// Province, city, county, township and village.
    pub fn path(&self) -> [i32; 5] {
        [self.province_id, self.city_id, self.county_id, self.township_id, self.village_id]
    }

    /// The village as a place.
    pub fn place(&self) -> kernel::Place {
        kernel::Place { id: self.village_id, level: kernel::Level::Village, path: self.path() }
    }
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
    access::lined!(
        id,
        household_id,
        person_id,
        relation,
        is_cohabiting,
        from_on,
        to_on,
        end_reason,
        county_id,
        rev,
        audit_no
    );
    access::kept!("membership", secret[EndReason]);
    access::part_of!(super::household::Entity, HouseholdId, id);
    access::part_of!(crate::persons::row::person::Entity, PersonId, id);
}

/// Decisions on means-test units (核算单元认定).
pub mod unit_decision {
    use sea_orm::entity::prelude::*;

    /// Who decided on a unit, on what the rule proposed and on which answers.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "unit_decision")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub household_id: Uuid,
        pub applicant_id: Uuid,
        /// JSON: the verdicts of the rule and the facts behind them.
        pub basis: String,
        /// Whether the unit differs from what the rule proposed.
        pub differs: bool,
        pub reason: Option<String>,
        pub decided_on: Date,
        pub decided_by: Uuid,
        pub county_id: i32,
        pub rev: i32,
        pub audit_no: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::kept!("unit_decision", secret[Basis, Reason]);
    access::part_of!(super::household::Entity, HouseholdId, id);
}
