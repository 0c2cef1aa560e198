//! The status history of stations and points.

/// Dated statuses.
pub mod network_status {
    use sea_orm::entity::prelude::*;

    /// A status that holds from a day on; the last by (day, serial) on or before a day is the status of that day.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "network_status")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub owner_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub on_day: Date,
        #[sea_orm(primary_key, auto_increment = false)]
        pub serial: i32,
        pub owner_kind: String,
        pub status: String,
        pub host_id: Option<i32>,
        pub reason: String,
        pub actor_id: Uuid,
        pub at: i64,
        pub county_id: i32,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::part_of!(crate::stations::row::station::Entity, OwnerId, id);
    access::part_of!(crate::points::row::point::Entity, OwnerId, id);
}
