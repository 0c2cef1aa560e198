//! The tables of this room.

/// Areas.
pub mod area {
    use sea_orm::entity::prelude::*;

    /// An area (片区): some villages of a station's township under one name.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "area")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub station_id: Uuid,
        pub name: String,
        pub from_on: Date,
        pub to_on: Option<Date>,
        pub county_id: i32,
        pub rev: i32,
        pub audit_no: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::kept!("area");
    access::part_of!(crate::stations::row::station::Entity, StationId, id);
}

/// Villages of areas.
pub mod area_village {
    use sea_orm::entity::prelude::*;

    /// A village belongs to an area from a day on; to at most one open area of its station.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "area_village")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub area_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub village_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub from_on: Date,
        pub station_id: Uuid,
        pub to_on: Option<Date>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::part_of!(crate::stations::row::station::Entity, StationId, id);
}
