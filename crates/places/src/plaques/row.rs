//! The table of this room.

/// Plaque events.
pub mod plaque {
    use sea_orm::entity::prelude::*;

    /// A plaque (牌匾) of a station or point was hung, replaced or removed.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "plaque")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub owner_kind: String,
        pub owner_id: Uuid,
        pub kind: String,
        pub on_day: Date,
        pub document_no: Option<String>,
        pub county_id: i32,
        pub rev: i32,
        pub audit_no: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::kept!("plaque");
    access::part_of!(crate::stations::row::station::Entity, OwnerId, id);
    access::part_of!(crate::points::row::point::Entity, OwnerId, id);
}
