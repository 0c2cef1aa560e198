//! The tables of this room.

use super::content::Content;

/// Visits (走访).
pub mod visit {
    use sea_orm::entity::prelude::*;

    /// A visit: where it took place (`served_village_id`, for statistics) and where the person lives today (for scope).
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "visit")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub person_id: Uuid,
        pub worker_id: Uuid,
        pub kind: String,
        pub mode: String,
        pub visited_on: Date,
        pub started_at: Option<i64>,
        pub ended_at: Option<i64>,
        pub minutes: Option<i32>,
        pub contact_result: String,
        pub companions: String,
        pub summary: String,
        pub risk_signs: String,
        pub needs: String,
        pub services: String,
        pub work_field: String,
        pub policies_explained: String,
        pub actions: String,
        pub next_visit_on: Option<Date>,
        pub place_note: Option<String>,
        pub no_signature_reason: Option<String>,
        /// Completed, a contact, in a mode that counts: what service coverage asks.
        pub qualifies: bool,
        pub state: String,
        pub void_reason: Option<String>,
        pub served_village_id: i32,
        pub village_id: i32,
        pub township_id: i32,
        pub county_id: i32,
        pub city_id: i32,
        pub province_id: i32,
        pub created_at: i64,
        pub rev: i32,
        pub audit_no: i64,
        /// The visit all rows of one visit to several people name; their own id for the first of them.
        pub group_id: Option<Uuid>,
        /// The minutes stand on another row of the same visit.
        pub minutes_shared: bool,
        /// The services given, one bit each.
        pub service_bits: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::lined!(
        id,
        person_id,
        worker_id,
        kind,
        mode,
        visited_on,
        started_at,
        ended_at,
        minutes,
        contact_result,
        companions,
        summary,
        risk_signs,
        needs,
        services,
        work_field,
        policies_explained,
        actions,
        next_visit_on,
        place_note,
        no_signature_reason,
        qualifies,
        state,
        void_reason,
        served_village_id,
        village_id,
        township_id,
        county_id,
        city_id,
        province_id,
        created_at,
        rev,
        audit_no,
        group_id,
        minutes_shared,
        service_bits
    );
    access::kept!("visit", secret [
        Companions, Summary, RiskSigns, Needs, PoliciesExplained, Actions, PlaceNote, NoSignatureReason, VoidReason
    ]);
    access::placed!(ProvinceId, CityId, CountyId, TownshipId, VillageId; owner WorkerId; subject PersonId);
    access::part_of!(crate::persons::row::person::Entity, PersonId, id);
}

/// Addenda (补充记录): what is added once a visit is locked.
pub mod addendum {
    use sea_orm::entity::prelude::*;

    /// A later word on a visit; it changes nothing that was written before.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "visit_addendum")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub visit_id: Uuid,
        pub text: String,
        pub author_id: Uuid,
        pub at: i64,
        pub county_id: i32,
        pub rev: i32,
        pub audit_no: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::lined!(id, visit_id, text, author_id, at, county_id, rev, audit_no);
    access::kept!("visit_addendum", secret[Text]);
    access::part_of!(super::visit::Entity, VisitId, id);
}

/// What the history of a person is followed back by.
#[derive(Debug)]
pub struct VisitTold {
    pub id: kernel::Id,
    pub visited_on: kernel::Day,
    pub mode: String,
    pub contact_result: String,
    pub qualifies: bool,
}

access::lined!(VisitTold of visit: id, visited_on, mode, contact_result, qualifies);

/// What a visit adds to the counters of services.
#[derive(Debug, Clone)]
pub struct VisitAct {
    pub id: kernel::Id,
    pub state: String,
    pub contact_result: String,
    pub visited_on: kernel::Day,
    pub served_village_id: i32,
    pub service_bits: i64,
    pub work_field: String,
    pub mode: String,
    pub minutes: Option<i32>,
    pub minutes_shared: bool,
}

access::lined!(VisitAct of visit:
    id,
    state,
    contact_result,
    visited_on,
    served_village_id,
    service_bits,
    work_field,
    mode,
    minutes,
    minutes_shared
);

impl From<&visit::Model> for VisitAct {
    fn from(v: &visit::Model) -> Self {
        Self {
            id: v.id,
            state: v.state.clone(),
            contact_result: v.contact_result.clone(),
            visited_on: v.visited_on,
            served_village_id: v.served_village_id,
            service_bits: v.service_bits,
            work_field: v.work_field.clone(),
            mode: v.mode.clone(),
            minutes: v.minutes,
            minutes_shared: v.minutes_shared,
        }
    }
}

/// The person of a visit is reached through the visit: who may change a visit keeps its person's last days right.
impl access::PartOf<visit::Entity> for crate::persons::row::person::Entity {
    fn parent_column() -> crate::persons::row::person::Column {
        crate::persons::row::person::Column::Id
    }
    fn parent_key(parent: &visit::Model) -> sea_orm::Value {
        parent.person_id.into()
    }
}

impl visit::Model {
    /// The ids of province, city, county, township and village where the person lives today.
    pub fn path(&self) -> [i32; 5] {
        [self.province_id, self.city_id, self.county_id, self.township_id, self.village_id]
    }

    /// What the visit says.
    pub fn content(&self) -> Content {
        let list = |json: &str| serde_json::from_str(json).unwrap_or_default();
        Content {
            kind: self.kind.clone(),
            mode: self.mode.clone(),
            visited_on: self.visited_on,
            started_at: self.started_at,
            ended_at: self.ended_at,
            minutes: self.minutes,
            contact_result: self.contact_result.clone(),
            companions: self.companions.clone(),
            summary: self.summary.clone(),
            risk_signs: list(&self.risk_signs),
            needs: list(&self.needs),
            services: list(&self.services),
            work_field: self.work_field.clone(),
            policies_explained: self.policies_explained.clone(),
            actions: self.actions.clone(),
            next_visit_on: self.next_visit_on,
            place_note: self.place_note.clone(),
            no_signature_reason: self.no_signature_reason.clone(),
        }
    }
}
