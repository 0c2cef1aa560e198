//! The tables of this room.

/// Posts.
pub mod post {
    use sea_orm::entity::prelude::*;

    /// A post (岗位): a planned number of people of one kind, at a station or at one of its points.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "post")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub station_id: Uuid,
        pub point_id: Option<Uuid>,
        pub kind: String,
        pub headcount: i32,
        pub funded_by: Option<String>,
        pub township_id: i32,
        pub county_id: i32,
        pub city_id: i32,
        pub province_id: i32,
        pub from_on: Date,
        pub to_on: Option<Date>,
        pub rev: i32,
        pub audit_no: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::kept!("post");
    access::part_of!(crate::stations::row::station::Entity, StationId, id);
    access::placed!(ProvinceId, CityId, CountyId, TownshipId);
}

/// Assignments.
pub mod assignment {
    use sea_orm::entity::prelude::*;

    /// A worker fills (part of) a post for a time.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "assignment")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub post_id: Uuid,
        pub station_id: Uuid,
        pub point_id: Option<Uuid>,
        pub account_id: Option<Uuid>,
        pub worker_name: String,
        pub employment_mode: String,
        pub share_pct: i32,
        pub township_id: i32,
        pub county_id: i32,
        pub city_id: i32,
        pub province_id: i32,
        pub from_on: Date,
        pub to_on: Option<Date>,
        pub rev: i32,
        pub audit_no: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::kept!("assignment", secret[WorkerName]);
    access::part_of!(crate::stations::row::station::Entity, StationId, id);
    access::part_of!(super::post::Entity, PostId, id);
    access::placed!(ProvinceId, CityId, CountyId, TownshipId);
}
