//! The table of this room.

/// Red risk signs (红色风险).
pub mod risk {
    use sea_orm::entity::prelude::*;

    /// One red sign of one person, open until it is signed off.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "risk")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub person_id: Uuid,
        /// Code of list `risk_sign`.
        pub sign: String,
        pub visit_id: Uuid,
        /// `open`, `closing` (waits for the second person) or `closed`.
        pub state: String,
        pub opened_on: Date,
        pub opened_by: Uuid,
        pub asked_by: Option<Uuid>,
        pub asked_on: Option<Date>,
        pub close_note: String,
        pub closed_by: Option<Uuid>,
        pub closed_on: Option<Date>,
        pub county_id: i32,
        pub rev: i32,
        pub audit_no: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::lined!(
        id, person_id, sign, visit_id, state, opened_on, opened_by, asked_by, asked_on, close_note, closed_by,
        closed_on, county_id, rev, audit_no
    );
    access::kept!("risk", secret [Sign, CloseNote]);
    access::part_of!(crate::persons::row::person::Entity, PersonId, id);
}
