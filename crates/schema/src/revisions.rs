//! Revisions of standards and policies (标准调整、政策修订) by the places that may decide them.

pub const STEP_1: &str = "
-- A document (红头文件) and what it changes at one place from one day on. The place columns are those of the place itself,
-- 0 below its level. kind: standards (numbers) or policy (conditions and amounts of one policy).
-- state: draft, handed, in_force, withdrawn, void. body: JSON, what changes. effect: JSON, whom it would change.
CREATE TABLE policy_revision (
  id {id} NOT NULL PRIMARY KEY,
  kind {text} NOT NULL,
  place_id {int} NOT NULL,
  province_id {int} NOT NULL,
  city_id {int} NOT NULL,
  county_id {int} NOT NULL,
  township_id {int} NOT NULL,
  title {text} NOT NULL,
  number {text} NOT NULL,
  issuer {text} NOT NULL,
  issued_on {day},
  from_on {day} NOT NULL,
  kept_at {text} NOT NULL,
  is_verified {bool} NOT NULL,
  note {text} NOT NULL,
  policy {text},
  body {text} NOT NULL,
  state {text} NOT NULL,
  author_id {id} NOT NULL,
  created_at {big} NOT NULL,
  decided_by {id},
  decided_at {big},
  decision_note {text},
  effect {text},
  effect_on {day},
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE INDEX policy_revision_place ON policy_revision (place_id, state, id);
CREATE INDEX policy_revision_county ON policy_revision (county_id, id);
CREATE INDEX policy_revision_county_state ON policy_revision (county_id, state, id);
CREATE INDEX policy_revision_city ON policy_revision (city_id, id);
CREATE INDEX policy_revision_city_state ON policy_revision (city_id, state, id);
CREATE INDEX policy_revision_province ON policy_revision (province_id, id);
CREATE INDEX policy_revision_province_state ON policy_revision (province_id, state, id)
";
