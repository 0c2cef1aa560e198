//! The table of this room, seen from its two sides: where a hand-over goes to, and where it comes from.

macro_rules! side {
    ($(#[$doc:meta])* $name:ident, ($p:ident, $c:ident, $k:ident, $t:ident, $v:ident; $owner:ident)) => {
        $(#[$doc])*
        pub mod $name {
            use sea_orm::entity::prelude::*;

            /// A hand-over of one person.
            #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
            #[sea_orm(table_name = "handover")]
            pub struct Model {
                #[sea_orm(primary_key, auto_increment = false)]
                pub id: Uuid,
                /// `station` or `worker`.
                pub kind: String,
                /// Hand-overs of one caseload share it.
                pub batch_id: Option<Uuid>,
                pub person_id: Uuid,
                /// proposed, accepted, declined, withdrawn.
                pub state: String,
                pub is_open: bool,
                pub reason: String,
                pub note: Option<String>,
                pub consent: String,
                pub village_id: i32,
                pub township_id: i32,
                pub county_id: i32,
                pub city_id: i32,
                pub province_id: i32,
                pub to_station_id: Option<Uuid>,
                pub to_worker_id: Option<Uuid>,
                pub from_village_id: i32,
                pub from_township_id: i32,
                pub from_county_id: i32,
                pub from_city_id: i32,
                pub from_province_id: i32,
                pub from_station_id: Option<Uuid>,
                pub from_worker_id: Option<Uuid>,
                pub moved_on: Date,
                pub answer_by: Date,
                /// JSON: what was open when it was proposed.
                pub open_items: String,
                pub proposed_by: Uuid,
                pub decided_on: Option<Date>,
                pub decided_by: Option<Uuid>,
                pub answer: Option<String>,
                pub answer_note: Option<String>,
                /// First day on which the sender no longer reads.
                pub trail_until: Option<Date>,
                pub created_at: i64,
                pub rev: i32,
                pub audit_no: i64,
            }
            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}
            impl ActiveModelBehavior for ActiveModel {}
            access::lined!(id, kind, batch_id, person_id, state, is_open, reason, note, consent, village_id, township_id, county_id, city_id, province_id, to_station_id, to_worker_id, from_village_id, from_township_id, from_county_id, from_city_id, from_province_id, from_station_id, from_worker_id, moved_on, answer_by, open_items, proposed_by, decided_on, decided_by, answer, answer_note, trail_until, created_at, rev, audit_no);
            access::placed!($p, $c, $k, $t, $v; owner $owner);
        }
    };
}

side!(
    /// Where it goes to: the receiver's inbox.
    handover, (ProvinceId, CityId, CountyId, TownshipId, VillageId; ToWorkerId)
);
side!(
    /// Where it comes from: what the sender sent out.
    outgoing, (FromProvinceId, FromCityId, FromCountyId, FromTownshipId, FromVillageId; FromWorkerId)
);

mod links {
    use super::{handover, outgoing};
    use access::PartOf;
    use sea_orm::{EntityTrait, Value};

    impl PartOf<outgoing::Entity> for handover::Entity {
        fn parent_column() -> handover::Column {
            handover::Column::Id
        }
        fn parent_key(parent: &<outgoing::Entity as EntityTrait>::Model) -> Value {
            parent.id.into()
        }
    }
    impl PartOf<crate::persons::row::person::Entity> for handover::Entity {
        fn parent_column() -> handover::Column {
            handover::Column::PersonId
        }
        fn parent_key(parent: &<crate::persons::row::person::Entity as EntityTrait>::Model) -> Value {
            parent.id.into()
        }
    }
    impl access::Kept for handover::Entity {
        const KIND: &'static str = "handover";
        fn id(model: &handover::Model) -> kernel::Id {
            model.id
        }
        fn rev(model: &handover::Model) -> i32 {
            model.rev
        }
        fn chain(model: &handover::Model) -> i32 {
            model.county_id
        }
        fn rev_column() -> handover::Column {
            handover::Column::Rev
        }
        fn audit_column() -> handover::Column {
            handover::Column::AuditNo
        }
        fn id_column() -> handover::Column {
            handover::Column::Id
        }
        fn secret_columns() -> Vec<handover::Column> {
            vec![handover::Column::Note, handover::Column::AnswerNote]
        }
        fn whole(row: handover::ActiveModel) -> Option<handover::Model> {
            sea_orm::TryIntoModel::try_into_model(row).ok()
        }
    }
}

impl handover::Model {
    /// Province, city, county, township and village it comes from.
    pub fn from_path(&self) -> [i32; 5] {
        [self.from_province_id, self.from_city_id, self.from_county_id, self.from_township_id, self.from_village_id]
    }

    /// Province, city, county, township and village it goes to.
    pub fn path(&self) -> [i32; 5] {
        [self.province_id, self.city_id, self.county_id, self.township_id, self.village_id]
    }
}

impl From<outgoing::Model> for handover::Model {
    fn from(m: outgoing::Model) -> Self {
        Self {
            id: m.id,
            kind: m.kind,
            batch_id: m.batch_id,
            person_id: m.person_id,
            state: m.state,
            is_open: m.is_open,
            reason: m.reason,
            note: m.note,
            consent: m.consent,
            village_id: m.village_id,
            township_id: m.township_id,
            county_id: m.county_id,
            city_id: m.city_id,
            province_id: m.province_id,
            to_station_id: m.to_station_id,
            to_worker_id: m.to_worker_id,
            from_village_id: m.from_village_id,
            from_township_id: m.from_township_id,
            from_county_id: m.from_county_id,
            from_city_id: m.from_city_id,
            from_province_id: m.from_province_id,
            from_station_id: m.from_station_id,
            from_worker_id: m.from_worker_id,
            moved_on: m.moved_on,
            answer_by: m.answer_by,
            open_items: m.open_items,
            proposed_by: m.proposed_by,
            decided_on: m.decided_on,
            decided_by: m.decided_by,
            answer: m.answer,
            answer_note: m.answer_note,
            trail_until: m.trail_until,
            created_at: m.created_at,
            rev: m.rev,
            audit_no: m.audit_no,
        }
    }
}
