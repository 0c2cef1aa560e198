//! The table of this room.

/// Facts of persons (核对情况).
pub mod person_fact {
    use sea_orm::entity::prelude::*;

    /// What somebody told of one fact of one person; only added to.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "person_fact")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub person_id: Uuid,
        /// Word of the fact dictionary.
        pub code: String,
        /// `value`, `none` or `unknown`.
        pub held: String,
        /// In steps of the dictionary; a flag as 0 or 1.
        pub value: Option<i64>,
        /// Kind of source of the dictionary: matched, document, visit, declared, judged.
        pub source: String,
        /// Day it was true.
        pub as_of: Date,
        pub note: String,
        pub actor_id: Uuid,
        pub at: i64,
        pub county_id: i32,
        pub rev: i32,
        pub audit_no: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::lined!(id, person_id, code, held, value, source, as_of, note, actor_id, at, county_id, rev, audit_no);
    access::kept!("person_fact", secret [Value, Note]);
    access::part_of!(crate::persons::row::person::Entity, PersonId, id);
}
