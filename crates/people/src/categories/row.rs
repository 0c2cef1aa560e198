//! The tables of category assignments and their reviews.

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
        /// Finer code of list `category_sub`; empty when there is none.
        pub sub_code: String,
        /// Last day of the certificate or recognition; a review is due by then.
        pub valid_until: Option<Date>,
        /// Day of the last review.
        pub reviewed_on: Option<Date>,
        /// Why the next review comes early, list `recheck_cause`; empty when it follows its period.
        pub review_cause: String,
        pub county_id: i32,
        pub rev: i32,
        pub audit_no: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::lined!(
        id,
        person_id,
        category,
        source,
        evidence_kind,
        evidence_ref,
        from_on,
        to_on,
        end_reason,
        verified_by,
        next_review_on,
        sub_code,
        valid_until,
        reviewed_on,
        review_cause,
        county_id,
        rev,
        audit_no
    );
    access::kept!("category_assignment", secret [EvidenceRef, EndReason]);
    access::part_of!(crate::persons::row::person::Entity, PersonId, id);
}

/// Reviews of assignments (类别复核), never changed once written.
pub mod category_review {
    use sea_orm::entity::prelude::*;

    /// One review: what was found, and on which evidence.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "category_review")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub person_id: Uuid,
        pub assignment_id: Uuid,
        pub on_day: Date,
        /// `keep` or `end`.
        pub outcome: String,
        /// Why it was due, list `recheck_cause`; empty when by its period.
        pub cause: String,
        pub note: String,
        pub evidence_kind: String,
        pub evidence_ref: String,
        pub actor_id: Uuid,
        pub at: i64,
        pub county_id: i32,
        pub rev: i32,
        pub audit_no: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::kept!("category_review", secret [Note, EvidenceRef]);
    access::part_of!(crate::persons::row::person::Entity, PersonId, id);
}
