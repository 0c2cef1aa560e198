//! Timers, reviews and open risks of the ledger, and due windows of tasks.

pub const STEP_1: &str = "
-- next_check_on: the first day on which the nightly job has something to do for this person; 1900-01-01 asks for it at once.
-- red_open: open red risk signs.
ALTER TABLE person ADD COLUMN next_check_on {day} NOT NULL DEFAULT '1900-01-01';
ALTER TABLE person ADD COLUMN red_open {int} NOT NULL DEFAULT 0;
CREATE INDEX person_check ON person (next_check_on, id);

ALTER TABLE ledger_entry ADD COLUMN graded_on {day};
ALTER TABLE ledger_entry ADD COLUMN reviewed_on {day};
-- JSON list of {kind, ref}.
ALTER TABLE ledger_transition ADD COLUMN evidence {text} NOT NULL DEFAULT '[]';

ALTER TABLE category_assignment ADD COLUMN sub_code {text} NOT NULL DEFAULT '';
ALTER TABLE category_assignment ADD COLUMN valid_until {day};
ALTER TABLE category_assignment ADD COLUMN reviewed_on {day};
-- Why the next review comes earlier than its period; empty when it does not.
ALTER TABLE category_assignment ADD COLUMN review_cause {text} NOT NULL DEFAULT '';

CREATE TABLE category_review (
  id {id} NOT NULL PRIMARY KEY,
  person_id {id} NOT NULL,
  assignment_id {id} NOT NULL,
  on_day {day} NOT NULL,
  outcome {text} NOT NULL,
  cause {text} NOT NULL,
  note {text} NOT NULL,
  evidence_kind {text} NOT NULL,
  evidence_ref {text} NOT NULL,
  actor_id {id} NOT NULL,
  at {big} NOT NULL,
  county_id {int} NOT NULL,
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE INDEX category_review_person ON category_review (person_id, id);

-- A red risk sign that was seen: open until a second person has signed its closing off.
CREATE TABLE risk (
  id {id} NOT NULL PRIMARY KEY,
  person_id {id} NOT NULL,
  sign {text} NOT NULL,
  visit_id {id} NOT NULL,
  state {text} NOT NULL,
  opened_on {day} NOT NULL,
  opened_by {id} NOT NULL,
  asked_by {id},
  asked_on {day},
  close_note {text} NOT NULL,
  closed_by {id},
  closed_on {day},
  county_id {int} NOT NULL,
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE INDEX risk_person ON risk (person_id, id);

-- mark: what the task is about exactly, so that a job raises it once; from_on to until_on: any day of this window is in time.
ALTER TABLE task ADD COLUMN mark {text} NOT NULL DEFAULT '';
ALTER TABLE task ADD COLUMN from_on {day};
ALTER TABLE task ADD COLUMN until_on {day} NOT NULL DEFAULT '9999-12-31';
ALTER TABLE task ADD COLUMN done_on {day};
ALTER TABLE task ADD COLUMN late_reason {text};
UPDATE task SET until_on = due_on WHERE due_on IS NOT NULL;
CREATE INDEX task_until_village ON task (village_id, role, state, until_on, id);
CREATE INDEX task_until_township ON task (township_id, role, state, until_on, id);
CREATE INDEX task_until_county ON task (county_id, role, state, until_on, id);
CREATE INDEX task_until_city ON task (city_id, role, state, until_on, id);
CREATE INDEX task_until_province ON task (province_id, role, state, until_on, id);
CREATE INDEX task_until_account ON task (account_id, role, state, until_on, id);
CREATE INDEX task_done_account ON task (account_id, role, state, id);
CREATE INDEX task_kind_township ON task (township_id, role, state, kind, until_on, id);
CREATE INDEX task_kind_county ON task (county_id, role, state, kind, until_on, id);
CREATE INDEX task_kind_account ON task (account_id, role, state, kind, until_on, id);
";
