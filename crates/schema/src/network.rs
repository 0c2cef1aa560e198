//! Stations, areas, points, posts, assignments, plaques and their status history.

pub const STEP_1: &str = "
CREATE TABLE station (
  id {id} NOT NULL PRIMARY KEY,
  name {text} NOT NULL,
  township_id {int} NOT NULL,
  county_id {int} NOT NULL,
  city_id {int} NOT NULL,
  province_id {int} NOT NULL,
  host_org_name {text},
  operator_org_name {text},
  operating_mode {text} NOT NULL,
  address {text},
  phone {text},
  lat {double},
  lng {double},
  crs {text},
  floor_area_m2 {int},
  facilities {text} NOT NULL,
  open_hours {text},
  opened_on {day},
  plaque_on {day},
  closed_on {day},
  status {text} NOT NULL,
  status_on {day} NOT NULL,
  note {text},
  created_at {big} NOT NULL,
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE INDEX station_township ON station (township_id, id);
CREATE INDEX station_county ON station (county_id, id);
CREATE INDEX station_city ON station (city_id, id);
CREATE INDEX station_province ON station (province_id, id);

CREATE TABLE point (
  id {id} NOT NULL PRIMARY KEY,
  station_id {id} NOT NULL,
  area_id {id},
  name {text} NOT NULL,
  village_id {int} NOT NULL,
  township_id {int} NOT NULL,
  county_id {int} NOT NULL,
  city_id {int} NOT NULL,
  province_id {int} NOT NULL,
  premises {text},
  days_open_per_week {int},
  plaque_on {day},
  closed_on {day},
  status {text} NOT NULL,
  status_on {day} NOT NULL,
  created_at {big} NOT NULL,
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE INDEX point_station ON point (station_id, id);
CREATE INDEX point_at_village ON point (village_id, id);
CREATE INDEX point_township ON point (township_id, id);
CREATE INDEX point_county ON point (county_id, id);
CREATE INDEX point_city ON point (city_id, id);
CREATE INDEX point_province ON point (province_id, id);

CREATE TABLE point_village (
  point_id {id} NOT NULL,
  village_id {int} NOT NULL,
  from_on {day} NOT NULL,
  to_on {day},
  township_id {int} NOT NULL,
  county_id {int} NOT NULL,
  city_id {int} NOT NULL,
  province_id {int} NOT NULL,
  PRIMARY KEY (point_id, village_id, from_on)
){clustered};
CREATE INDEX point_village_village ON point_village (village_id, point_id);
CREATE INDEX point_village_township ON point_village (township_id, village_id, point_id);
CREATE INDEX point_village_county ON point_village (county_id, village_id, point_id);

CREATE TABLE area (
  id {id} NOT NULL PRIMARY KEY,
  station_id {id} NOT NULL,
  name {text} NOT NULL,
  from_on {day} NOT NULL,
  to_on {day},
  county_id {int} NOT NULL,
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE INDEX area_station ON area (station_id, id);
CREATE TABLE area_village (
  area_id {id} NOT NULL,
  village_id {int} NOT NULL,
  station_id {id} NOT NULL,
  from_on {day} NOT NULL,
  to_on {day},
  PRIMARY KEY (area_id, village_id, from_on)
){clustered};
CREATE INDEX area_village_village ON area_village (village_id, area_id);
CREATE INDEX area_village_station ON area_village (station_id, area_id);

CREATE TABLE post (
  id {id} NOT NULL PRIMARY KEY,
  station_id {id} NOT NULL,
  point_id {id},
  kind {text} NOT NULL,
  headcount {int} NOT NULL,
  funded_by {text},
  township_id {int} NOT NULL,
  county_id {int} NOT NULL,
  city_id {int} NOT NULL,
  province_id {int} NOT NULL,
  from_on {day} NOT NULL,
  to_on {day},
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE INDEX post_station ON post (station_id, id);
CREATE INDEX post_township ON post (township_id, id);
CREATE INDEX post_county ON post (county_id, id);
CREATE INDEX post_city ON post (city_id, id);
CREATE INDEX post_province ON post (province_id, id);

-- share_pct: share of full time in percent, 1 to 100.
CREATE TABLE assignment (
  id {id} NOT NULL PRIMARY KEY,
  post_id {id} NOT NULL,
  station_id {id} NOT NULL,
  point_id {id},
  account_id {id},
  worker_name {text} NOT NULL,
  employment_mode {text} NOT NULL,
  share_pct {int} NOT NULL,
  township_id {int} NOT NULL,
  county_id {int} NOT NULL,
  city_id {int} NOT NULL,
  province_id {int} NOT NULL,
  from_on {day} NOT NULL,
  to_on {day},
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE INDEX assignment_post ON assignment (post_id, id);
CREATE INDEX assignment_station ON assignment (station_id, from_on, to_on);
CREATE INDEX assignment_point ON assignment (point_id, from_on, to_on);
CREATE INDEX assignment_account ON assignment (account_id, id);
CREATE INDEX assignment_township ON assignment (township_id, id);
CREATE INDEX assignment_county ON assignment (county_id, id);
CREATE INDEX assignment_city ON assignment (city_id, id);
CREATE INDEX assignment_province ON assignment (province_id, id);

-- owner_id is a station or a point.
CREATE TABLE plaque (
  id {id} NOT NULL PRIMARY KEY,
  owner_kind {text} NOT NULL,
  owner_id {id} NOT NULL,
  kind {text} NOT NULL,
  on_day {day} NOT NULL,
  document_no {text},
  county_id {int} NOT NULL,
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE INDEX plaque_owner ON plaque (owner_id, on_day, id);

-- Status history: the status that holds from on_day; the last row by (on_day, serial) on or before a day is the status of that day.
-- host_id: the township of the station (the seat of the point) when it was entered; a merge leaves it, so that the figures of
-- days before the merge stay what they were.
CREATE TABLE network_status (
  owner_id {id} NOT NULL,
  on_day {day} NOT NULL,
  serial {int} NOT NULL,
  owner_kind {text} NOT NULL,
  status {text} NOT NULL,
  host_id {int},
  reason {text} NOT NULL,
  actor_id {id} NOT NULL,
  at {big} NOT NULL,
  county_id {int} NOT NULL,
  PRIMARY KEY (owner_id, on_day, serial)
){clustered};
";
