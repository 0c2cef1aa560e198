//! Visits and their addenda.

pub const STEP_1: &str = "
-- served_*: where the visit took place (statistics); the five place columns: where the person lives today (scope).
CREATE TABLE visit (
  id {id} NOT NULL PRIMARY KEY,
  person_id {id} NOT NULL,
  worker_id {id} NOT NULL,
  kind {text} NOT NULL,
  mode {text} NOT NULL,
  visited_on {day} NOT NULL,
  started_at {big},
  ended_at {big},
  minutes {int},
  contact_result {text} NOT NULL,
  companions {text} NOT NULL,
  summary {text} NOT NULL,
  risk_signs {text} NOT NULL,
  needs {text} NOT NULL,
  services {text} NOT NULL,
  work_field {text} NOT NULL,
  policies_explained {text} NOT NULL,
  actions {text} NOT NULL,
  next_visit_on {day},
  place_note {text},
  no_signature_reason {text},
  qualifies {bool} NOT NULL,
  state {text} NOT NULL,
  void_reason {text},
  served_village_id {int} NOT NULL,
  village_id {int} NOT NULL,
  township_id {int} NOT NULL,
  county_id {int} NOT NULL,
  city_id {int} NOT NULL,
  province_id {int} NOT NULL,
  created_at {big} NOT NULL,
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE INDEX visit_person ON visit (person_id, visited_on, id);
CREATE INDEX visit_qualifying ON visit (person_id, qualifies, visited_on);
CREATE INDEX visit_worker ON visit (worker_id, visited_on, id);
CREATE INDEX visit_village ON visit (village_id, visited_on, id);
CREATE INDEX visit_township ON visit (township_id, visited_on, id);
CREATE INDEX visit_county ON visit (county_id, visited_on, id);
CREATE INDEX visit_city ON visit (city_id, visited_on, id);
CREATE INDEX visit_province ON visit (province_id, visited_on, id);

CREATE TABLE visit_addendum (
  id {id} NOT NULL PRIMARY KEY,
  visit_id {id} NOT NULL,
  text {text} NOT NULL,
  author_id {id} NOT NULL,
  at {big} NOT NULL,
  county_id {int} NOT NULL,
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE INDEX visit_addendum_visit ON visit_addendum (visit_id, id);
";
