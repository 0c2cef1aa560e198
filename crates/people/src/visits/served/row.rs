//! The counter this room reads; `figures` keeps it.

/// Target persons by last served day.
pub mod served_counter {
    use sea_orm::entity::prelude::*;

    /// So many target persons of a place were served last on this day.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "served_counter")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub place_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub last_served_on: Date,
        #[sea_orm(primary_key, auto_increment = false)]
        pub in_ledger: bool,
        pub n: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::part_of!(access::placement::division::Entity, PlaceId, id);
}
