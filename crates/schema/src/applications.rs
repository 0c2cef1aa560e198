//! Applications prepared for clients (帮办代办) and every act on them.

pub const STEP_1: &str = "
-- The five place columns say where the person lives today; worker_id who answers for the person: both follow the person.
-- state: draft, accepted, surveyed, opinion, publicity, submitted, confirmed, refused, withdrawn.
-- due_on: last day for the next act by the limits of the card; empty when the card knows none.
CREATE TABLE application (
  id {id} NOT NULL PRIMARY KEY,
  person_id {id} NOT NULL,
  policy {text} NOT NULL,
  state {text} NOT NULL,
  is_open {bool} NOT NULL,
  worker_id {id} NOT NULL,
  opened_by {id} NOT NULL,
  village_id {int} NOT NULL,
  township_id {int} NOT NULL,
  county_id {int} NOT NULL,
  city_id {int} NOT NULL,
  province_id {int} NOT NULL,
  opened_on {day} NOT NULL,
  state_on {day} NOT NULL,
  due_on {day},
  accepted_on {day},
  publicity_to {day},
  publicity_ended_on {day},
  submitted_on {day},
  upstream_no {text},
  decided_on {day},
  document {text},
  reason {text},
  amount {big},
  told_on {day},
  announced_on {day},
  consent_by {text},
  consent_on {day},
  consent_how {text},
  is_relative {bool},
  relative_note {text},
  answers {text} NOT NULL,
  note {text},
  created_at {big} NOT NULL,
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE INDEX application_person ON application (person_id, id);
CREATE INDEX application_worker ON application (worker_id, is_open, id);
CREATE INDEX application_worker_state ON application (worker_id, state, id);
CREATE INDEX application_village ON application (village_id, is_open, id);
CREATE INDEX application_village_state ON application (village_id, state, id);
CREATE INDEX application_township ON application (township_id, is_open, id);
CREATE INDEX application_township_state ON application (township_id, state, id);
CREATE INDEX application_county ON application (county_id, is_open, id);
CREATE INDEX application_county_state ON application (county_id, state, id);
CREATE INDEX application_city ON application (city_id, is_open, id);
CREATE INDEX application_city_state ON application (city_id, state, id);
CREATE INDEX application_province ON application (province_id, is_open, id);
CREATE INDEX application_province_state ON application (province_id, state, id);

-- Only added to.
CREATE TABLE application_step (
  id {id} NOT NULL PRIMARY KEY,
  application_id {id} NOT NULL,
  act {text} NOT NULL,
  on_day {day} NOT NULL,
  text {text} NOT NULL,
  detail {text} NOT NULL,
  actor_id {id} NOT NULL,
  at {big} NOT NULL,
  county_id {int} NOT NULL,
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE INDEX application_step_application ON application_step (application_id, id)
";
