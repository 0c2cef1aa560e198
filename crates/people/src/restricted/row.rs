//! The table of this room.

/// Entries of restricted files (受限档案内容).
pub mod restricted_entry {
    use kernel::Sealed;
    use sea_orm::entity::prelude::*;

    /// One version of one entry; the first version's id is the entry's id. What it says is ciphertext.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "restricted_entry")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub file_id: Uuid,
        pub entry_id: Uuid,
        pub version: i32,
        pub content: Sealed,
        pub author_id: Uuid,
        pub at: i64,
        pub county_id: i32,
        pub rev: i32,
        pub audit_no: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::kept!("restricted_entry", secret[Content]);
    access::in_file!(FileId);
}
