//! The tables of this room.

/// Points.
pub mod point {
    use sea_orm::entity::prelude::*;

    /// A point (社工点) of a station, seated in a village (村、社区).
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "point")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub station_id: Uuid,
        pub area_id: Option<Uuid>,
        pub name: String,
        pub village_id: i32,
        pub township_id: i32,
        pub county_id: i32,
        pub city_id: i32,
        pub province_id: i32,
        pub premises: Option<String>,
        pub days_open_per_week: Option<i32>,
        pub plaque_on: Option<Date>,
        pub closed_on: Option<Date>,
        pub status: String,
        pub status_on: Date,
        pub created_at: i64,
        pub rev: i32,
        pub audit_no: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::kept!("point");
    access::part_of!(crate::stations::row::station::Entity, StationId, id);
    access::placed!(ProvinceId, CityId, CountyId, TownshipId, VillageId);
}

/// Villages a point covers.
pub mod point_village {
    use sea_orm::entity::prelude::*;

    /// A point covers a village from a day on.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "point_village")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub point_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub village_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub from_on: Date,
        pub to_on: Option<Date>,
        pub township_id: i32,
        pub county_id: i32,
        pub city_id: i32,
        pub province_id: i32,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::part_of!(super::point::Entity, PointId, id);
    access::placed!(ProvinceId, CityId, CountyId, TownshipId, VillageId);
}
