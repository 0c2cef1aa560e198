//! The table of this room.

/// Pairs of records that may be one person.
pub mod person_twin {
    use sea_orm::entity::prelude::*;

    /// One pair, the smaller id first; a place level the two do not share is 0, so that only a common reach sees it.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "person_twin")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub first_id: Uuid,
        pub second_id: Uuid,
        /// 0 to 100.
        pub score: i32,
        /// JSON list of reasons.
        pub why: String,
        pub state: String,
        pub village_id: i32,
        pub township_id: i32,
        pub county_id: i32,
        pub city_id: i32,
        pub province_id: i32,
        pub found_at: i64,
        pub decided_at: Option<i64>,
        pub decided_by: Option<Uuid>,
        pub reason: Option<String>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::placed!(ProvinceId, CityId, CountyId, TownshipId, VillageId);
}
