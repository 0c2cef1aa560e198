//! Persons, documents, search keys, households, categories, the ledger and the counters kept with them.

pub const STEP_1: &str = "
-- cat_bits: one bit per open category (data/codes/category.toml); is_target: at least one open target category.
-- last_served_on, next_due_on: 1900-01-01 and 9999-12-31 stand for never, so that order is the same on both engines.
CREATE TABLE person (
  id {id} NOT NULL PRIMARY KEY,
  name {text} NOT NULL,
  usual_name {text},
  former_names {text} NOT NULL,
  name_pinyin {text} NOT NULL,
  sex {text} NOT NULL,
  birth_date {day},
  ethnicity {text},
  nationality {text},
  marital {text},
  education {text},
  political {text},
  doc_type {text} NOT NULL,
  id_number {bytes},
  id_hash {bytes},
  no_number_reason {text},
  phone {bytes},
  phone_hash {bytes},
  address {bytes},
  village_id {int} NOT NULL,
  township_id {int} NOT NULL,
  county_id {int} NOT NULL,
  city_id {int} NOT NULL,
  province_id {int} NOT NULL,
  residence_since {day},
  hukou_village_id {int},
  hukou_address {bytes},
  died_on {day},
  told_on {day},
  told_way {text},
  worker_id {id},
  lead_source {text} NOT NULL,
  note {text},
  cat_bits {big} NOT NULL,
  is_target {bool} NOT NULL,
  ledger_state {text} NOT NULL,
  grade {text} NOT NULL,
  last_visit_on {day} NOT NULL,
  last_served_on {day} NOT NULL,
  next_due_on {day} NOT NULL,
  failed_in_row {int} NOT NULL,
  created_at {big} NOT NULL,
  created_by {id} NOT NULL,
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE INDEX person_village ON person (village_id, id, cat_bits, grade, ledger_state);
CREATE INDEX person_township ON person (township_id, id, cat_bits, grade, ledger_state);
CREATE INDEX person_county ON person (county_id, id, cat_bits, grade, ledger_state);
CREATE INDEX person_city ON person (city_id, id, cat_bits, grade, ledger_state);
CREATE INDEX person_province ON person (province_id, id, cat_bits, grade, ledger_state);
CREATE INDEX person_worker ON person (worker_id, id, cat_bits, grade, ledger_state);
CREATE INDEX person_id_hash ON person (id_hash);
CREATE INDEX person_unserved_village ON person (village_id, is_target, last_served_on, id);
CREATE INDEX person_unserved_township ON person (township_id, is_target, last_served_on, id);
CREATE INDEX person_unserved_county ON person (county_id, is_target, last_served_on, id);
CREATE INDEX person_due_village ON person (village_id, next_due_on, id);
CREATE INDEX person_due_township ON person (township_id, next_due_on, id);
CREATE INDEX person_due_county ON person (county_id, next_due_on, id);
CREATE INDEX person_due_worker ON person (worker_id, next_due_on, id);
CREATE INDEX person_state_township ON person (township_id, ledger_state, id);
CREATE INDEX person_state_county ON person (county_id, ledger_state, id);
CREATE INDEX person_state_worker ON person (worker_id, ledger_state, id);

-- Search keys: 'n:' name, 'p:' full pinyin, 'i:' initials (every reading), '4:' keyed hash of county + last four digits.
CREATE TABLE person_key (
  county_id {int} NOT NULL,
  word {text} NOT NULL,
  person_id {id} NOT NULL,
  PRIMARY KEY (county_id, word, person_id)
){clustered};
CREATE INDEX person_key_person ON person_key (person_id);

-- Where somebody lived when; the open row is the person's place of today.
CREATE TABLE residence (
  person_id {id} NOT NULL,
  from_on {day} NOT NULL,
  to_on {day},
  village_id {int} NOT NULL,
  township_id {int} NOT NULL,
  county_id {int} NOT NULL,
  city_id {int} NOT NULL,
  province_id {int} NOT NULL,
  PRIMARY KEY (person_id, from_on)
){clustered};
CREATE INDEX residence_village ON residence (village_id, person_id);
CREATE INDEX residence_township ON residence (township_id, person_id);
CREATE INDEX residence_county ON residence (county_id, person_id);
CREATE INDEX residence_city ON residence (city_id, person_id);
CREATE INDEX residence_province ON residence (province_id, person_id);

CREATE TABLE household (
  id {id} NOT NULL PRIMARY KEY,
  kind {text} NOT NULL,
  head_id {id},
  address {bytes},
  village_id {int} NOT NULL,
  township_id {int} NOT NULL,
  county_id {int} NOT NULL,
  city_id {int} NOT NULL,
  province_id {int} NOT NULL,
  from_on {day} NOT NULL,
  to_on {day},
  created_at {big} NOT NULL,
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE INDEX household_village ON household (village_id, id);
CREATE INDEX household_township ON household (township_id, id);
CREATE INDEX household_county ON household (county_id, id);
CREATE INDEX household_city ON household (city_id, id);
CREATE INDEX household_province ON household (province_id, id);
CREATE INDEX household_head ON household (head_id);

CREATE TABLE membership (
  id {id} NOT NULL PRIMARY KEY,
  household_id {id} NOT NULL,
  person_id {id} NOT NULL,
  relation {text} NOT NULL,
  is_cohabiting {bool} NOT NULL,
  from_on {day} NOT NULL,
  to_on {day},
  end_reason {text},
  county_id {int} NOT NULL,
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE INDEX membership_household ON membership (household_id, id);
CREATE INDEX membership_person ON membership (person_id, id);

CREATE TABLE category_assignment (
  id {id} NOT NULL PRIMARY KEY,
  person_id {id} NOT NULL,
  category {text} NOT NULL,
  source {text} NOT NULL,
  evidence_kind {text} NOT NULL,
  evidence_ref {text} NOT NULL,
  from_on {day} NOT NULL,
  to_on {day},
  end_reason {text},
  verified_by {id},
  next_review_on {day},
  county_id {int} NOT NULL,
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE INDEX category_assignment_person ON category_assignment (person_id, id);

CREATE TABLE ledger_entry (
  id {id} NOT NULL PRIMARY KEY,
  person_id {id} NOT NULL,
  episode {int} NOT NULL,
  state {text} NOT NULL,
  grade {text} NOT NULL,
  proposed_grade {text} NOT NULL,
  opened_on {day} NOT NULL,
  entered_on {day},
  closed_on {day},
  exit_reason {text},
  new_found {bool} NOT NULL,
  county_id {int} NOT NULL,
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE UNIQUE INDEX ledger_entry_person ON ledger_entry (person_id, episode);

CREATE TABLE ledger_transition (
  person_id {id} NOT NULL,
  on_day {day} NOT NULL,
  serial {big} NOT NULL,
  entry_id {id} NOT NULL,
  from_state {text} NOT NULL,
  to_state {text} NOT NULL,
  grade {text} NOT NULL,
  reason {text} NOT NULL,
  note {text} NOT NULL,
  actor_id {id} NOT NULL,
  at {big} NOT NULL,
  PRIMARY KEY (person_id, on_day, serial)
){clustered};

-- Kept for village, township and county places in the transaction that changes a person.
CREATE TABLE client_counter (
  place_id {int} NOT NULL,
  category {text} NOT NULL,
  grade {text} NOT NULL,
  n {big} NOT NULL,
  PRIMARY KEY (place_id, category, grade)
){clustered};
-- Target persons by last served day ('1900-01-01' = never) and whether the ledger entry is active.
CREATE TABLE served_counter (
  place_id {int} NOT NULL,
  last_served_on {day} NOT NULL,
  in_ledger {bool} NOT NULL,
  n {big} NOT NULL,
  PRIMARY KEY (place_id, last_served_on, in_ledger)
){clustered};
";
