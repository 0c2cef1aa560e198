//! The table of this room.

/// Stations.
pub mod station {
    use sea_orm::entity::prelude::*;

    /// A station (社工站) hosted by a township-level unit.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "station")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub name: String,
        pub township_id: i32,
        pub county_id: i32,
        pub city_id: i32,
        pub province_id: i32,
        pub host_org_name: Option<String>,
        pub operator_org_name: Option<String>,
        pub operating_mode: String,
        pub address: Option<String>,
        pub phone: Option<String>,
        pub lat: Option<f64>,
        pub lng: Option<f64>,
        pub crs: Option<String>,
        pub floor_area_m2: Option<i32>,
        pub facilities: String,
        pub open_hours: Option<String>,
        pub opened_on: Option<Date>,
        pub plaque_on: Option<Date>,
        pub closed_on: Option<Date>,
        pub status: String,
        pub status_on: Date,
        pub note: Option<String>,
        pub created_at: i64,
        pub rev: i32,
        pub audit_no: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    access::lined!(
        id,
        name,
        township_id,
        county_id,
        city_id,
        province_id,
        host_org_name,
        operator_org_name,
        operating_mode,
        address,
        phone,
        lat,
        lng,
        crs,
        floor_area_m2,
        facilities,
        open_hours,
        opened_on,
        plaque_on,
        closed_on,
        status,
        status_on,
        note,
        created_at,
        rev,
        audit_no
    );
    access::kept!("station", secret[Note]);
    access::placed!(ProvinceId, CityId, CountyId, TownshipId);
}
