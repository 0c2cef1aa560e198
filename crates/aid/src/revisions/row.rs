//! The table of this room.

/// Revisions of standards and policies (标准调整、政策修订).
pub mod policy_revision {
    use access::Published;
    use sea_orm::{Condition, entity::prelude::*};

    /// In force: approved by a second person.
    pub const IN_FORCE: &str = "in_force";

    /// One document and what it changes at one place from one day on.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "policy_revision")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// standards or policy.
        pub kind: String,
        /// The place it holds for, and for all below.
        pub place_id: i32,
        pub province_id: i32,
        pub city_id: i32,
        pub county_id: i32,
        pub township_id: i32,
        /// Title of the document.
        pub title: String,
        /// Its number (文号).
        pub number: String,
        /// Who issued it.
        pub issuer: String,
        pub issued_on: Option<Date>,
        /// First day it holds.
        pub from_on: Date,
        /// Where the paper is kept, or its address.
        pub kept_at: String,
        /// Whether the author had the document itself at hand (对照原文).
        pub is_verified: bool,
        pub note: String,
        /// Word of the policy, for a revision of its conditions.
        pub policy: Option<String>,
        /// JSON: [`super::model::Body`].
        pub body: String,
        /// draft, handed, in_force, withdrawn, void.
        pub state: String,
        pub author_id: Uuid,
        pub created_at: i64,
        pub decided_by: Option<Uuid>,
        pub decided_at: Option<i64>,
        pub decision_note: Option<String>,
        /// JSON: whom it would change, by policy.
        pub effect: Option<String>,
        /// Day on which that was worked out.
        pub effect_on: Option<Date>,
        pub rev: i32,
        pub audit_no: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::kept!("policy_revision");
    access::placed!(ProvinceId, CityId, CountyId, TownshipId);

    impl Published for Entity {
        fn published() -> Condition {
            Condition::all().add(Column::State.eq(IN_FORCE))
        }
    }
}
