//! The tables of this room.

/// Divisions (行政区划) as they are today.
pub mod division {
    use kernel::{Level, Place};
    use sea_orm::entity::prelude::*;

    /// A division with its own id, both official codes and the ids above it.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "division")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        pub level: i32,
        pub kind: String,
        pub name: String,
        pub initials: String,
        pub code_civil: Option<String>,
        pub code_stat: Option<String>,
        pub parent_id: i32,
        pub province_id: i32,
        pub city_id: i32,
        pub county_id: i32,
        pub township_id: i32,
        pub village_id: i32,
        pub flags: String,
        pub counted: bool,
        pub children: i32,
        pub valid_from: Option<Date>,
        pub valid_to: Option<Date>,
        pub rev: i32,
        pub audit_no: i64,
        pub begun_on: Option<Date>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::placed!(ProvinceId, CityId, CountyId, TownshipId, VillageId);

    impl Model {
        /// Where it lies.
        pub fn place(&self) -> Place {
            Place {
                id: self.id,
                level: Level::from_number(self.level).unwrap_or(Level::Village),
                path: [self.province_id, self.city_id, self.county_id, self.township_id, self.village_id],
            }
        }

        /// The code to use in `place=`.
        pub fn code(&self) -> String {
            match (&self.code_civil, &self.code_stat) {
                (Some(civil), _) => civil.clone(),
                (None, Some(stat)) => format!("stat:{stat}"),
                (None, None) => String::new(),
            }
        }

        /// The short form shown inside other records.
        pub fn short(&self) -> access::PlaceRef {
            access::PlaceRef { code: self.code(), name: self.name.clone(), level: self.level, kind: self.kind.clone() }
        }

        /// Whether the division exists on a day; closed ones keep their last day.
        pub fn is_open_on(&self, day: kernel::Day) -> bool {
            self.valid_to.is_none_or(|last| last >= day) && self.begun_on.is_none_or(|first| first <= day)
        }

        /// Whether it lies inside a place, or is that place.
        pub fn lies_in(&self, place: &Place) -> bool {
            self.place().at(place.level) == place.id
        }
    }
}

/// What levels 1 to 4 are found by.
pub mod word {
    use sea_orm::entity::prelude::*;

    /// A name, code or spelling of a division.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "division_word")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub level: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub word: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub division_id: i32,
        pub township_id: i32,
        pub county_id: i32,
        pub city_id: i32,
        pub province_id: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::placed!(ProvinceId, CityId, CountyId, TownshipId);
}

/// What divisions were before an event.
pub mod version {
    use sea_orm::entity::prelude::*;

    /// Name, codes and parent of a division until a day.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "division_version")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub division_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub valid_to: Date,
        #[sea_orm(primary_key, auto_increment = false)]
        pub serial: i32,
        pub name: String,
        pub kind: String,
        pub code_civil: Option<String>,
        pub code_stat: Option<String>,
        pub parent_id: i32,
        pub valid_from: Option<Date>,
        pub event_id: Uuid,
        pub township_id: i32,
        pub county_id: i32,
        pub city_id: i32,
        pub province_id: i32,
        pub was_township_id: i32,
        pub was_county_id: i32,
        pub was_city_id: i32,
        pub was_province_id: i32,
        pub was_counted: bool,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::placed!(ProvinceId, CityId, CountyId, TownshipId);
}

/// Division events recorded in the product (区划变更).
pub mod event {
    use access::visible::Placed;
    use kernel::Level;
    use sea_orm::entity::prelude::*;

    /// An event with its document.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "division_event")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub kind: String,
        pub effective_on: Option<Date>,
        pub approval_no: String,
        pub note: String,
        pub moved: String,
        pub county_id: i32,
        pub city_id: i32,
        pub province_id: i32,
        pub created_at: i64,
        pub rev: i32,
        pub audit_no: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::kept!("division_event");

    impl Placed for Entity {
        fn column(level: Level) -> Option<Column> {
            match level {
                Level::Province => Some(Column::ProvinceId),
                Level::City => Some(Column::CityId),
                Level::County => Some(Column::CountyId),
                Level::Township | Level::Village => None,
            }
        }
        fn owner() -> Option<Column> {
            None
        }
    }
}

/// Which division became which by an event.
pub mod event_map {
    use sea_orm::entity::prelude::*;

    /// One pair of an event.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "division_event_map")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub event_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub from_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub to_id: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::unplaced!();
    access::part_of!(super::event::Entity, EventId, id);
}

/// Changes of counties and above as the civil-affairs list tells them.
pub mod news {
    use sea_orm::entity::prelude::*;

    /// One published change; the source has years, no days.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "division_news")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub serial: i32,
        pub changed_on: String,
        pub kind: String,
        pub code: String,
        pub name: String,
        pub old_code: String,
        pub old_name: String,
        pub note: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::unplaced!();
}

/// Where the two lists disagree and a person should look.
pub mod review {
    use access::visible::Placed;
    use kernel::Level;
    use sea_orm::entity::prelude::*;

    /// A pair, or a unit without partner.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "division_review")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub serial: i32,
        pub reason: String,
        pub county_id: i32,
        pub city_id: i32,
        pub province_id: i32,
        pub code_stat: String,
        pub name_stat: String,
        pub code_civil: String,
        pub name_civil: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}

    impl Placed for Entity {
        fn column(level: Level) -> Option<Column> {
            match level {
                Level::Province => Some(Column::ProvinceId),
                Level::City => Some(Column::CityId),
                Level::County => Some(Column::CountyId),
                Level::Township | Level::Village => None,
            }
        }
        fn owner() -> Option<Column> {
            None
        }
    }
}

/// Queues of unassigned (待归属): what an event could not place by rule.
pub mod queue {
    use sea_orm::entity::prelude::*;

    /// The queue of one event; it has the event's id.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "division_queue")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub kind: String,
        pub from_id: i32,
        pub township_id: i32,
        pub county_id: i32,
        pub city_id: i32,
        pub province_id: i32,
        pub effective_on: Date,
        pub closes: bool,
        pub state: String,
        pub total: i32,
        pub open_items: i32,
        pub created_at: i64,
        pub settled_at: Option<i64>,
        pub rev: i32,
        pub audit_no: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::kept!("division_queue");
    access::placed!(ProvinceId, CityId, CountyId, TownshipId);
}

/// Villages that may take what is queued.
pub mod queue_target {
    use sea_orm::entity::prelude::*;

    /// One village.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "division_queue_target")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub queue_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub village_id: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::part_of!(super::queue::Entity, QueueId, id);
}

/// What is queued: persons, households and points.
pub mod queue_item {
    use sea_orm::entity::prelude::*;

    /// One row of another room; `to_id` is 0 while it is unassigned.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "division_queue_item")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub queue_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub kind: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub object_id: Uuid,
        pub to_id: i32,
        pub decided_by: Option<Uuid>,
        pub decided_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::part_of!(super::queue::Entity, QueueId, id);
}
