//! The tables of this room.

/// Merges of two records of one person.
pub mod person_merge {
    use sea_orm::entity::prelude::*;

    /// One merge; it lies where the absorbed record lay, and follows division events there.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "person_merge")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub survivor_id: Uuid,
        pub absorbed_id: Uuid,
        pub state: String,
        /// JSON list of the fields taken from the absorbed record.
        pub choices: String,
        /// JSON: what moved, and the survivor's revision after it.
        pub moved: String,
        pub reason: String,
        pub village_id: i32,
        pub township_id: i32,
        pub county_id: i32,
        pub city_id: i32,
        pub province_id: i32,
        pub proposed_by: Uuid,
        pub proposed_at: i64,
        pub decided_by: Option<Uuid>,
        pub decided_at: Option<i64>,
        pub undone_by: Option<Uuid>,
        pub undone_at: Option<i64>,
        pub undo_reason: Option<String>,
        pub rev: i32,
        pub audit_no: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::kept!("person_merge", secret[Reason, UndoReason]);
    access::placed!(ProvinceId, CityId, CountyId, TownshipId, VillageId);

    impl Model {
        /// The ids of province, city, county, township and village where the absorbed record lay.
        pub fn path(&self) -> [i32; 5] {
            [self.province_id, self.city_id, self.county_id, self.township_id, self.village_id]
        }
    }
}

/// The record that stays, as whoever decides about a merge may know it.
pub mod survivor {
    use kernel::Sealed;
    use sea_orm::entity::prelude::*;

    /// What is shown of a record that may lie outside the reach: enough to compare, masked.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "person")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub name: String,
        pub sex: String,
        pub birth_date: Option<Date>,
        pub id_number: Option<Sealed>,
        pub township_id: i32,
        pub village_id: i32,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::part_of!(super::person_merge::Entity, Id, survivor_id);
}

/// Cells set aside by an act that can be taken back.
pub mod set_aside {
    use sea_orm::entity::prelude::*;

    /// The changed cells of one row, before and after.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "set_aside")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub act_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub serial: i32,
        pub table_name: String,
        /// JSON: key columns with their cells after the act.
        pub row_key: String,
        /// JSON: column, cell before, cell after.
        pub cells: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
