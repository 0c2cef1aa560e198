//! The tables of this room.

/// Applications (帮办申请).
pub mod application {
    use sea_orm::entity::prelude::*;

    /// One application of one person for one policy; it lies where the person lives and belongs to who answers for the person.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "application")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub person_id: Uuid,
        /// Word of the policy library.
        pub policy: String,
        /// draft, accepted, surveyed, opinion, publicity, submitted, confirmed, refused, withdrawn.
        pub state: String,
        /// Neither decided nor withdrawn.
        pub is_open: bool,
        pub worker_id: Uuid,
        /// Who began it; somebody else accepts it.
        pub opened_by: Uuid,
        pub village_id: i32,
        pub township_id: i32,
        pub county_id: i32,
        pub city_id: i32,
        pub province_id: i32,
        pub opened_on: Date,
        /// Day of the newest act.
        pub state_on: Date,
        /// Last day for the next act.
        pub due_on: Option<Date>,
        /// 受理.
        pub accepted_on: Option<Date>,
        /// Last day of the public notice (公示).
        pub publicity_to: Option<Date>,
        pub publicity_ended_on: Option<Date>,
        /// 上报.
        pub submitted_on: Option<Date>,
        /// 受理号 of the deciding system.
        pub upstream_no: Option<String>,
        pub decided_on: Option<Date>,
        /// Number of the decision (确认通知书、不予确认告知书).
        pub document: Option<String>,
        /// Why it was refused or withdrawn.
        pub reason: Option<String>,
        /// Confirmed amount in fen, in the unit of the card.
        pub amount: Option<i64>,
        /// Day the person was told of the decision.
        pub told_on: Option<Date>,
        /// Day the decision was published (公布).
        pub announced_on: Option<Date>,
        /// Who authorised the means check (核对授权).
        pub consent_by: Option<String>,
        pub consent_on: Option<Date>,
        pub consent_how: Option<String>,
        /// Whether a close relative works for the deciding office (近亲属备案); empty until asked.
        pub is_relative: Option<bool>,
        pub relative_note: Option<String>,
        /// JSON: papers by their words, `have` or `not_needed`.
        pub answers: String,
        pub note: Option<String>,
        pub created_at: i64,
        pub rev: i32,
        pub audit_no: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::kept!("application", secret [UpstreamNo, Document, Reason, ConsentBy, RelativeNote, Answers, Note]);
    access::placed!(ProvinceId, CityId, CountyId, TownshipId, VillageId; owner WorkerId; subject PersonId);
    access::part_of!(crate::persons::row::person::Entity, PersonId, id);

    impl Model {
        /// Province, city, county, township and village.
        pub fn path(&self) -> [i32; 5] {
            [self.province_id, self.city_id, self.county_id, self.township_id, self.village_id]
        }
    }
}

/// Acts on applications (办理环节).
pub mod application_step {
    use sea_orm::entity::prelude::*;

    /// One act: who did or recorded it, of which day, and what was said; only added to.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "application_step")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub application_id: Uuid,
        pub act: String,
        pub on_day: Date,
        pub text: String,
        /// JSON: surveyors, last day of the notice, numbers.
        pub detail: String,
        pub actor_id: Uuid,
        pub at: i64,
        pub county_id: i32,
        pub rev: i32,
        pub audit_no: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::kept!("application_step", secret [Text, Detail]);
    access::part_of!(super::application::Entity, ApplicationId, id);
}

/// The person of an application.
impl access::PartOf<application::Entity> for crate::persons::row::person::Entity {
    fn parent_column() -> crate::persons::row::person::Column {
        crate::persons::row::person::Column::Id
    }
    fn parent_key(parent: &application::Model) -> sea_orm::Value {
        parent.person_id.into()
    }
}
