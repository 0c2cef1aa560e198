//! Read trails of handed-over records, hand-overs between stations and workers, and what households need beside.

pub const STEP_1: &str = "
-- A read trail: who covers this place (or is this owner) reads the subject until this day, never writes it.
CREATE TABLE share (
  id {id} NOT NULL PRIMARY KEY,
  subject_id {id} NOT NULL,
  cause_id {id} NOT NULL,
  owner_id {id},
  village_id {int} NOT NULL,
  township_id {int} NOT NULL,
  county_id {int} NOT NULL,
  city_id {int} NOT NULL,
  province_id {int} NOT NULL,
  until_on {day} NOT NULL,
  created_at {big} NOT NULL,
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE INDEX share_village ON share (village_id, until_on, subject_id);
CREATE INDEX share_township ON share (township_id, until_on, subject_id);
CREATE INDEX share_county ON share (county_id, until_on, subject_id);
CREATE INDEX share_city ON share (city_id, until_on, subject_id);
CREATE INDEX share_province ON share (province_id, until_on, subject_id);
CREATE INDEX share_owner ON share (owner_id, until_on, subject_id);
CREATE INDEX share_cause ON share (cause_id);
CREATE INDEX share_subject ON share (subject_id, until_on);

-- The station responsible for a person, where it is not (or not yet) that of the residence.
ALTER TABLE person ADD COLUMN station_id {id};
CREATE INDEX person_nobody_village ON person (village_id, id) WHERE worker_id IS NULL;
CREATE INDEX person_nobody_township ON person (township_id, id) WHERE worker_id IS NULL;
CREATE INDEX person_nobody_county ON person (county_id, id) WHERE worker_id IS NULL;

-- A hand-over lies where it goes to; the columns from_… say where it comes from.
CREATE TABLE handover (
  id {id} NOT NULL PRIMARY KEY,
  kind {text} NOT NULL,
  batch_id {id},
  person_id {id} NOT NULL,
  state {text} NOT NULL,
  is_open {bool} NOT NULL,
  reason {text} NOT NULL,
  note {text},
  consent {text} NOT NULL,
  village_id {int} NOT NULL,
  township_id {int} NOT NULL,
  county_id {int} NOT NULL,
  city_id {int} NOT NULL,
  province_id {int} NOT NULL,
  to_station_id {id},
  to_worker_id {id},
  from_village_id {int} NOT NULL,
  from_township_id {int} NOT NULL,
  from_county_id {int} NOT NULL,
  from_city_id {int} NOT NULL,
  from_province_id {int} NOT NULL,
  from_station_id {id},
  from_worker_id {id},
  moved_on {day} NOT NULL,
  answer_by {day} NOT NULL,
  open_items {text} NOT NULL,
  proposed_by {id} NOT NULL,
  decided_on {day},
  decided_by {id},
  answer {text},
  answer_note {text},
  trail_until {day},
  created_at {big} NOT NULL,
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE INDEX handover_village ON handover (village_id, is_open, id);
CREATE INDEX handover_township ON handover (township_id, is_open, id);
CREATE INDEX handover_county ON handover (county_id, is_open, id);
CREATE INDEX handover_city ON handover (city_id, is_open, id);
CREATE INDEX handover_province ON handover (province_id, is_open, id);
CREATE INDEX handover_to_worker ON handover (to_worker_id, is_open, id);
CREATE INDEX handover_from_village ON handover (from_village_id, is_open, id);
CREATE INDEX handover_from_township ON handover (from_township_id, is_open, id);
CREATE INDEX handover_from_county ON handover (from_county_id, is_open, id);
CREATE INDEX handover_from_city ON handover (from_city_id, is_open, id);
CREATE INDEX handover_from_province ON handover (from_province_id, is_open, id);
CREATE INDEX handover_from_worker ON handover (from_worker_id, is_open, id);
CREATE INDEX handover_person ON handover (person_id, id);
CREATE INDEX handover_batch ON handover (batch_id, id);

-- Where a household came from by a split, and which one took its members.
ALTER TABLE household ADD COLUMN origin_id {id};
ALTER TABLE household ADD COLUMN successor_id {id};
CREATE INDEX household_kind_village ON household (village_id, kind, id);
CREATE INDEX household_kind_township ON household (township_id, kind, id);
CREATE INDEX household_kind_county ON household (county_id, kind, id);
CREATE INDEX household_kind_city ON household (city_id, kind, id);
CREATE INDEX household_kind_province ON household (province_id, kind, id);

-- What a means-test unit was decided on: the proposal of the rule and the answers behind it (JSON, never searched inside).
CREATE TABLE unit_decision (
  id {id} NOT NULL PRIMARY KEY,
  household_id {id} NOT NULL,
  applicant_id {id} NOT NULL,
  basis {text} NOT NULL,
  differs {bool} NOT NULL,
  reason {text},
  decided_on {day} NOT NULL,
  decided_by {id} NOT NULL,
  county_id {int} NOT NULL,
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE INDEX unit_decision_household ON unit_decision (household_id, id);
";
