//! The tables of this room: persons, their search keys and where they lived when.
//!
//! Periods are half-open: a residence or category holds on day D when `from_on <= D` and (`to_on` is empty or `D < to_on`);
//! a person lives on D when `died_on` is empty or `D < died_on`. So what is ended today no longer counts today.

use kernel::Day;

/// Stands for "never" in `last_visit_on` and `last_served_on`, so that order is the same on both engines.
pub const NEVER_BEFORE: Day = match Day::from_ymd_opt(1900, 1, 1) {
    Some(day) => day,
    None => Day::MIN,
};

/// Stands for "never" in `next_due_on`.
pub const NEVER_DUE: Day = match Day::from_ymd_opt(9999, 12, 31) {
    Some(day) => day,
    None => Day::MAX,
};

/// Persons (服务对象).
pub mod person {
    use kernel::Sealed;
    use sea_orm::entity::prelude::*;

    /// A person who is served or may be; `cat_bits`, `is_target`, `ledger_state` and `grade` repeat facts of other tables.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "person")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub name: String,
        pub usual_name: Option<String>,
        /// JSON list of names.
        pub former_names: String,
        /// Likeliest spelling, for the order of short lists.
        pub name_pinyin: String,
        pub sex: String,
        pub birth_date: Option<Date>,
        pub ethnicity: Option<String>,
        pub nationality: Option<String>,
        pub marital: Option<String>,
        pub education: Option<String>,
        pub political: Option<String>,
        pub doc_type: String,
        pub id_number: Option<Sealed>,
        pub id_hash: Option<Vec<u8>>,
        pub no_number_reason: Option<String>,
        pub phone: Option<Sealed>,
        pub phone_hash: Option<Vec<u8>>,
        pub address: Option<Sealed>,
        pub village_id: i32,
        pub township_id: i32,
        pub county_id: i32,
        pub city_id: i32,
        pub province_id: i32,
        pub residence_since: Option<Date>,
        pub hukou_village_id: Option<i32>,
        pub hukou_address: Option<Sealed>,
        pub died_on: Option<Date>,
        pub told_on: Option<Date>,
        pub told_way: Option<String>,
        pub worker_id: Option<Uuid>,
        /// The station responsible, where it is not (or not yet) that of the residence.
        pub station_id: Option<Uuid>,
        pub lead_source: String,
        pub note: Option<String>,
        pub cat_bits: i64,
        pub is_target: bool,
        pub ledger_state: String,
        /// Empty when there is none.
        pub grade: String,
        pub last_visit_on: Date,
        pub last_served_on: Date,
        pub next_due_on: Date,
        pub failed_in_row: i32,
        /// The first day on which the nightly job has something to do for this person.
        pub next_check_on: Date,
        /// Open red risk signs.
        pub red_open: i32,
        /// The record this one was merged into; it then lies in no place.
        pub merged_into: Option<Uuid>,
        pub created_at: i64,
        pub created_by: Uuid,
        pub rev: i32,
        pub audit_no: i64,
        /// Day a visit is planned for by hand.
        pub planned_on: Option<Date>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::lined!(
        id,
        name,
        usual_name,
        former_names,
        name_pinyin,
        sex,
        birth_date,
        ethnicity,
        nationality,
        marital,
        education,
        political,
        doc_type,
        id_number,
        id_hash,
        no_number_reason,
        phone,
        phone_hash,
        address,
        village_id,
        township_id,
        county_id,
        city_id,
        province_id,
        residence_since,
        hukou_village_id,
        hukou_address,
        died_on,
        told_on,
        told_way,
        worker_id,
        station_id,
        lead_source,
        note,
        cat_bits,
        is_target,
        ledger_state,
        grade,
        last_visit_on,
        last_served_on,
        next_due_on,
        failed_in_row,
        next_check_on,
        red_open,
        merged_into,
        created_at,
        created_by,
        rev,
        audit_no,
        planned_on
    );
    access::kept!("person", secret [
        Name, UsualName, FormerNames, NamePinyin, IdNumber, IdHash, NoNumberReason, Phone, PhoneHash, Address, HukouAddress, Note
    ]);
    access::placed!(ProvinceId, CityId, CountyId, TownshipId, VillageId; owner WorkerId; subject Id);
    access::part_of!(crate::handovers::row::handover::Entity, Id, person_id);
}

/// What a list shows of a person.
#[derive(Clone, Debug)]
pub struct PersonLine {
    pub id: kernel::Id,
    pub name: String,
    pub name_pinyin: String,
    pub sex: String,
    pub birth_date: Option<Day>,
    pub id_number: Option<kernel::Sealed>,
    pub phone: Option<kernel::Sealed>,
    pub village_id: i32,
    pub township_id: i32,
    pub county_id: i32,
    pub city_id: i32,
    pub province_id: i32,
    pub died_on: Option<Day>,
    pub worker_id: Option<kernel::Id>,
    pub cat_bits: i64,
    pub ledger_state: String,
    pub grade: String,
    pub last_visit_on: Day,
    pub next_due_on: Day,
    pub created_at: i64,
    pub created_by: kernel::Id,
}

access::lined!(PersonLine of person:
    id,
    name,
    name_pinyin,
    sex,
    birth_date,
    id_number,
    phone,
    village_id,
    township_id,
    county_id,
    city_id,
    province_id,
    died_on,
    worker_id,
    cat_bits,
    ledger_state,
    grade,
    last_visit_on,
    next_due_on,
    created_at,
    created_by
);

impl PersonLine {
    /// The ids of province, city, county, township and village.
    pub fn path(&self) -> [i32; 5] {
        [self.province_id, self.city_id, self.county_id, self.township_id, self.village_id]
    }
}

impl PersonLine {
    /// The village (or what stands for it) as a place.
    pub fn place(&self) -> kernel::Place {
        kernel::Place { id: self.village_id, level: kernel::Level::Village, path: self.path() }
    }

    /// The order of lists, for rows of several places that are merged.
    pub fn newest_first(a: &Self, b: &Self) -> std::cmp::Ordering {
        b.id.cmp(&a.id)
    }
}

impl From<person::Model> for PersonLine {
    fn from(p: person::Model) -> Self {
        Self {
            id: p.id,
            name: p.name,
            name_pinyin: p.name_pinyin,
            sex: p.sex,
            birth_date: p.birth_date,
            id_number: p.id_number,
            phone: p.phone,
            village_id: p.village_id,
            township_id: p.township_id,
            county_id: p.county_id,
            city_id: p.city_id,
            province_id: p.province_id,
            died_on: p.died_on,
            worker_id: p.worker_id,
            cat_bits: p.cat_bits,
            ledger_state: p.ledger_state,
            grade: p.grade,
            last_visit_on: p.last_visit_on,
            next_due_on: p.next_due_on,
            created_at: p.created_at,
            created_by: p.created_by,
        }
    }
}

/// Search keys (检索键) of persons.
pub mod person_key {
    use sea_orm::entity::prelude::*;

    /// One word under which a person is found inside a county.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "person_key")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub county_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub word: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Uuid,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Where a person lived when (居住经历); the open row is the place of today.
pub mod residence {
    use sea_orm::entity::prelude::*;

    /// One place for one half-open period.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "residence")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub from_on: Date,
        pub to_on: Option<Date>,
        pub village_id: i32,
        pub township_id: i32,
        pub county_id: i32,
        pub city_id: i32,
        pub province_id: i32,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::part_of!(super::person::Entity, PersonId, id);
}

impl person::Model {
    /// The ids of province, city, county, township and village.
    pub fn path(&self) -> [i32; 5] {
        [self.province_id, self.city_id, self.county_id, self.township_id, self.village_id]
    }

    /// The village (or what stands for it) as a place.
    pub fn place(&self) -> kernel::Place {
        kernel::Place { id: self.village_id, level: kernel::Level::Village, path: self.path() }
    }

    /// Whether the person counts as a client: alive and not a dismissed lead.
    pub fn is_client(&self) -> bool {
        self.died_on.is_none() && self.ledger_state != "dismissed"
    }
}
