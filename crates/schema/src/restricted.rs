//! Restricted files, what stands in them, and clearances: who may look at what, approved by whom, until when.

/// First step.
pub const STEP_1: &str = "
-- What a file is about (kind) and all that stands in it (content) is ciphertext.
CREATE TABLE restricted_file (
  id {id} NOT NULL PRIMARY KEY,
  person_id {id} NOT NULL,
  kind {bytes} NOT NULL,
  state {text} NOT NULL,
  follow_up_on {day},
  county_id {int} NOT NULL,
  created_at {big} NOT NULL,
  created_by {id} NOT NULL,
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE INDEX restricted_file_person ON restricted_file (person_id, id);

CREATE TABLE restricted_entry (
  id {id} NOT NULL PRIMARY KEY,
  file_id {id} NOT NULL,
  entry_id {id} NOT NULL,
  version {int} NOT NULL,
  content {bytes} NOT NULL,
  author_id {id} NOT NULL,
  at {big} NOT NULL,
  county_id {int} NOT NULL,
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE INDEX restricted_entry_file ON restricted_entry (file_id, id);
CREATE UNIQUE INDEX restricted_entry_version ON restricted_entry (entry_id, version);

CREATE TABLE clearance (
  id {id} NOT NULL PRIMARY KEY,
  way {text} NOT NULL,
  person_id {id} NOT NULL,
  file_id {id},
  account_id {id} NOT NULL,
  part {text} NOT NULL,
  approver {text} NOT NULL,
  reason {bytes} NOT NULL,
  state {text} NOT NULL,
  minutes {int},
  asked_by {id} NOT NULL,
  asked_at {big} NOT NULL,
  decided_by {id},
  decided_at {big},
  until_at {big},
  note {bytes},
  village_id {int} NOT NULL,
  township_id {int} NOT NULL,
  county_id {int} NOT NULL,
  city_id {int} NOT NULL,
  province_id {int} NOT NULL,
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE INDEX clearance_person ON clearance (person_id, account_id, state);
CREATE INDEX clearance_file ON clearance (file_id, id);
CREATE INDEX clearance_account ON clearance (account_id, way, state, id);
CREATE INDEX clearance_township ON clearance (township_id, approver, state, id);
CREATE INDEX clearance_county ON clearance (county_id, approver, state, id);
";
