//! The table of this room.

/// What was removed.
pub mod recycled {
    use sea_orm::entity::prelude::*;

    /// One removal; it lies where the object lay, and follows division events there.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "recycled")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// person, visit, household or membership.
        pub kind: String,
        pub object_id: Uuid,
        /// The person it is about; none for a household.
        pub person_id: Option<Uuid>,
        pub state: String,
        pub reason: String,
        pub village_id: i32,
        pub township_id: i32,
        pub county_id: i32,
        pub city_id: i32,
        pub province_id: i32,
        pub asked_by: Uuid,
        pub asked_at: i64,
        pub decided_by: Option<Uuid>,
        pub decided_at: Option<i64>,
        /// Last day on which it can be brought back.
        pub until_on: Option<Date>,
        pub restored_by: Option<Uuid>,
        pub restored_at: Option<i64>,
        pub rev: i32,
        pub audit_no: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::kept!("recycled", secret[Reason]);
    access::placed!(ProvinceId, CityId, CountyId, TownshipId, VillageId);

    impl Model {
        /// The ids of province, city, county, township and village where the object lay.
        pub fn path(&self) -> [i32; 5] {
            [self.province_id, self.city_id, self.county_id, self.township_id, self.village_id]
        }
    }
}
