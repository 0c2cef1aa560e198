//! Facts of persons (核对情况): what policies ask for and no other table holds.

pub const STEP_1: &str = "
-- Only added to: what is told later stands beside what was told before, and the newest counts.
-- held: value, none (does not apply) or unknown (taken back: nobody knows any more).
CREATE TABLE person_fact (
  id {id} NOT NULL PRIMARY KEY,
  person_id {id} NOT NULL,
  code {text} NOT NULL,
  held {text} NOT NULL,
  value {big},
  source {text} NOT NULL,
  as_of {day} NOT NULL,
  note {text} NOT NULL,
  actor_id {id} NOT NULL,
  at {big} NOT NULL,
  county_id {int} NOT NULL,
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE INDEX person_fact_person ON person_fact (person_id, id)
";
