//! The table of this room.

/// Reviews of visits (督导审阅).
pub mod visit_review {
    use sea_orm::entity::prelude::*;

    /// What one reader found in one visit; it lies where the visit lies and belongs to the worker who visited.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "visit_review")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub visit_id: Uuid,
        pub worker_id: Uuid,
        pub reviewer_id: Uuid,
        /// ok or ask.
        pub verdict: String,
        /// JSON list of codes.
        pub reasons: String,
        pub comment: String,
        pub answer: Option<String>,
        pub answered_at: Option<i64>,
        pub village_id: i32,
        pub township_id: i32,
        pub county_id: i32,
        pub city_id: i32,
        pub province_id: i32,
        pub created_at: i64,
        pub rev: i32,
        pub audit_no: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::kept!("visit_review", secret [Comment, Answer]);
    access::placed!(ProvinceId, CityId, CountyId, TownshipId, VillageId; owner WorkerId);
}
