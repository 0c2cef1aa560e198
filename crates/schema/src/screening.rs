//! Screening (政策筛查): what policies said of everybody last time, what came of it, and the runs.

pub const STEP_1: &str = "
-- One row per living client, worked out by runs and never told by anybody: no revision, no audit. The five place columns follow
-- the person. standard_id: county whose standards held. basis: digest of cards and parameters. next_on: first day on which the
-- calendar alone may change something. statuses: policy=letter by policy; what is unknown is left out.
CREATE TABLE screening_state (
  person_id {id} NOT NULL PRIMARY KEY,
  village_id {int} NOT NULL,
  township_id {int} NOT NULL,
  county_id {int} NOT NULL,
  city_id {int} NOT NULL,
  province_id {int} NOT NULL,
  standard_id {int} NOT NULL,
  basis {big} NOT NULL,
  next_on {day} NOT NULL,
  statuses {text} NOT NULL
){clustered};
CREATE INDEX screening_state_county ON screening_state (county_id, person_id);
CREATE INDEX screening_state_township ON screening_state (township_id, person_id);
CREATE INDEX screening_state_next ON screening_state (county_id, next_on, person_id);
CREATE INDEX screening_state_basis ON screening_state (county_id, standard_id, basis, person_id);

-- What a worker may look at, worked out as well. kind: eligible (may fit, is not received), lost, unknown.
CREATE TABLE screening_finding (
  id {id} NOT NULL PRIMARY KEY,
  person_id {id} NOT NULL,
  worker_id {id},
  village_id {int} NOT NULL,
  township_id {int} NOT NULL,
  county_id {int} NOT NULL,
  city_id {int} NOT NULL,
  province_id {int} NOT NULL,
  policy {text} NOT NULL,
  kind {text} NOT NULL,
  is_dismissed {bool} NOT NULL,
  since_on {day} NOT NULL,
  amount {big},
  is_example {bool} NOT NULL
);
CREATE INDEX screening_finding_person ON screening_finding (person_id, kind, policy);
CREATE INDEX screening_finding_village ON screening_finding (village_id, kind, is_dismissed, id);
CREATE INDEX screening_finding_village_policy ON screening_finding (village_id, kind, is_dismissed, policy, id);
CREATE INDEX screening_finding_township ON screening_finding (township_id, kind, is_dismissed, id);
CREATE INDEX screening_finding_township_policy ON screening_finding (township_id, kind, is_dismissed, policy, id);
CREATE INDEX screening_finding_county ON screening_finding (county_id, kind, is_dismissed, id);
CREATE INDEX screening_finding_county_policy ON screening_finding (county_id, kind, is_dismissed, policy, id);
CREATE INDEX screening_finding_city ON screening_finding (city_id, kind, is_dismissed, id);
CREATE INDEX screening_finding_city_policy ON screening_finding (city_id, kind, is_dismissed, policy, id);
CREATE INDEX screening_finding_province ON screening_finding (province_id, kind, is_dismissed, id);
CREATE INDEX screening_finding_province_policy ON screening_finding (province_id, kind, is_dismissed, policy, id);
CREATE INDEX screening_finding_worker ON screening_finding (worker_id, kind, is_dismissed, id);
CREATE INDEX screening_finding_worker_policy ON screening_finding (worker_id, kind, is_dismissed, policy, id);

-- What a worker said of a finding on a second look (核实意见).
CREATE TABLE screening_dismissal (
  id {id} NOT NULL PRIMARY KEY,
  person_id {id} NOT NULL,
  policy {text} NOT NULL,
  kind {text} NOT NULL,
  reason {text} NOT NULL,
  note {text} NOT NULL,
  actor_id {id} NOT NULL,
  at {big} NOT NULL,
  county_id {int} NOT NULL,
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE INDEX screening_dismissal_person ON screening_dismissal (person_id, id);

-- A run over a county (township_id 0) or a township. seq: last audit record of the county it knows of. upto_id: how far it came.
CREATE TABLE screening_run (
  id {id} NOT NULL PRIMARY KEY,
  township_id {int} NOT NULL,
  county_id {int} NOT NULL,
  city_id {int} NOT NULL,
  province_id {int} NOT NULL,
  kind {text} NOT NULL,
  state {text} NOT NULL,
  is_first {bool} NOT NULL,
  day {day} NOT NULL,
  seq {big} NOT NULL,
  upto_id {id} NOT NULL,
  seen {big} NOT NULL,
  changed {big} NOT NULL,
  missed {big} NOT NULL,
  actor_id {id} NOT NULL,
  started_at {big} NOT NULL,
  ended_at {big}
);
CREATE INDEX screening_run_county ON screening_run (county_id, township_id, state, id)
";
