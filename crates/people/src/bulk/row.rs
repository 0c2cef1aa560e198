//! The tables of this room.

/// Bulk acts (批量操作).
pub mod bulk_run {
    use sea_orm::entity::prelude::*;

    /// One bulk act; it lies where its maker works.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "bulk_run")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub kind: String,
        /// JSON of `model::Wish`.
        pub wish: String,
        pub actor_id: Uuid,
        pub total: i32,
        pub undo_until: i64,
        pub undone_at: Option<i64>,
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
    access::kept!("bulk_run");
    access::placed!(ProvinceId, CityId, CountyId, TownshipId, VillageId; owner ActorId);
}

/// Rows of a bulk act (批量操作明细).
pub mod bulk_row {
    use sea_orm::entity::prelude::*;

    /// One person of a bulk act and what became of it.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "bulk_row")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub run_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub serial: i32,
        pub person_id: Uuid,
        /// waiting, done, refused, undone or kept.
        pub state: String,
        pub wish: String,
        pub before_json: String,
        pub after_json: String,
        pub why_zh: String,
        pub why_en: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::part_of!(super::bulk_run::Entity, RunId, id);
}
