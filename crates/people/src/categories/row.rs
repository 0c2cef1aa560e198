//! The table of category assignments.

/// Category assignments (类别认定).
pub mod category_assignment {
    use sea_orm::entity::prelude::*;

    /// One category of one person for the half-open period `from_on..to_on`, with its evidence; open when `to_on` is empty.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "category_assignment")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub person_id: Uuid,
        pub category: String,
        pub source: String,
        pub evidence_kind: String,
        pub evidence_ref: String,
        pub from_on: Date,
        pub to_on: Option<Date>,
        pub end_reason: Option<String>,
        pub verified_by: Option<Uuid>,
        pub next_review_on: Option<Date>,
        pub county_id: i32,
        pub rev: i32,
        pub audit_no: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::kept!("category_assignment", secret [EvidenceRef, EndReason]);
    access::part_of!(crate::persons::row::person::Entity, PersonId, id);
}
