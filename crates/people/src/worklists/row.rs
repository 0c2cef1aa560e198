//! The table of this room.

/// Saved lists (常用筛选).
pub mod worklist {
    use sea_orm::entity::prelude::*;

    /// One saved list; `columns` is a JSON list of keys, `shared_place_id` is 0 when it is private.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "worklist")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: Uuid,
        pub shared_place_id: i32,
        /// Of the place of the owner, for the audit chain.
        pub county_id: i32,
        pub list: String,
        pub name: String,
        pub query: String,
        pub columns: String,
        pub sort: String,
        /// kept or removed.
        pub state: String,
        pub created_at: i64,
        pub rev: i32,
        pub audit_no: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    // A filter may hold a name or number somebody searched for.
    access::kept!("worklist", secret[Query]);
    access::owned!(AccountId; shared SharedPlaceId);
}
