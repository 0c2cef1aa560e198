//! The tables of the ledger: entries (one per episode) and their transitions.

/// Ledger entries (台账).
pub mod ledger_entry {
    use sea_orm::entity::prelude::*;

    /// One episode of a person in the ledger; the newest episode is the one that counts.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "ledger_entry")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub person_id: Uuid,
        pub episode: i32,
        pub state: String,
        /// Empty when there is none.
        pub grade: String,
        /// Grade waiting for a second person; empty when nothing waits.
        pub proposed_grade: String,
        pub opened_on: Date,
        pub entered_on: Option<Date>,
        pub closed_on: Option<Date>,
        pub exit_reason: Option<String>,
        pub new_found: bool,
        /// Day of the grade in force.
        pub graded_on: Option<Date>,
        /// Day of the last review (复核).
        pub reviewed_on: Option<Date>,
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
        episode,
        state,
        grade,
        proposed_grade,
        opened_on,
        entered_on,
        closed_on,
        exit_reason,
        new_found,
        graded_on,
        reviewed_on,
        county_id,
        rev,
        audit_no
    );
    access::kept!("ledger_entry");
    access::part_of!(crate::persons::row::person::Entity, PersonId, id);
}

/// Transitions (台账变动), never changed once written.
pub mod ledger_transition {
    use sea_orm::entity::prelude::*;

    /// One step of an entry. The state on day D is that of the last row with `on_day <= D` by (`on_day`, `serial`).
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "ledger_transition")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub on_day: Date,
        /// Counts the steps of the person from 1.
        #[sea_orm(primary_key, auto_increment = false)]
        pub serial: i64,
        pub entry_id: Uuid,
        pub from_state: String,
        pub to_state: String,
        pub grade: String,
        pub reason: String,
        pub note: String,
        pub actor_id: Uuid,
        pub at: i64,
        /// JSON list of [`super::super::model::Evidence`].
        pub evidence: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::lined!(
        person_id, on_day, serial, entry_id, from_state, to_state, grade, reason, note, actor_id, at, evidence
    );
    access::part_of!(crate::persons::row::person::Entity, PersonId, id);
}
