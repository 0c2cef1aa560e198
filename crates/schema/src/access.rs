//! Accounts, sessions, grants, organisations, tasks, write receipts and the audit chains.

pub const STEP_1: &str = "
CREATE TABLE account (
  id {id} NOT NULL PRIMARY KEY,
  username {text} NOT NULL,
  display_name {text} NOT NULL,
  password_hash {text} NOT NULL,
  state {text} NOT NULL,
  must_change {bool} NOT NULL,
  is_demo {bool} NOT NULL,
  county_id {int} NOT NULL,
  created_at {big} NOT NULL,
  last_login_at {big},
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE UNIQUE INDEX account_username ON account (username);
CREATE INDEX account_state ON account (state, id);

CREATE TABLE session (
  token_hash {bytes} NOT NULL PRIMARY KEY,
  account_id {id} NOT NULL,
  bearer {bool} NOT NULL,
  created_at {big} NOT NULL,
  seen_at {big} NOT NULL,
  expires_at {big} NOT NULL,
  ended_at {big}
);
CREATE INDEX session_account ON session (account_id, created_at);

CREATE TABLE login_guard (
  subject {text} NOT NULL PRIMARY KEY,
  failures {int} NOT NULL,
  window_from {big} NOT NULL
);

CREATE TABLE organisation (
  id {id} NOT NULL PRIMARY KEY,
  kind {text} NOT NULL,
  name {text} NOT NULL,
  place_id {int} NOT NULL,
  county_id {int} NOT NULL,
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE INDEX organisation_place ON organisation (place_id, id);
CREATE INDEX organisation_name ON organisation (name);

CREATE TABLE role_grant (
  id {id} NOT NULL PRIMARY KEY,
  account_id {id} NOT NULL,
  role {text} NOT NULL,
  org_id {id},
  place_id {int} NOT NULL,
  county_id {int} NOT NULL,
  from_on {day} NOT NULL,
  to_on {day},
  state {text} NOT NULL,
  proposed_by {id} NOT NULL,
  approved_by {id},
  end_reason {text},
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE INDEX role_grant_account ON role_grant (account_id, state);
CREATE INDEX role_grant_state ON role_grant (state, id);
CREATE INDEX role_grant_place ON role_grant (place_id, role, state);

CREATE TABLE task (
  id {id} NOT NULL PRIMARY KEY,
  kind {text} NOT NULL,
  role {text} NOT NULL,
  subject_kind {text} NOT NULL,
  subject_id {id},
  account_id {id},
  village_id {int} NOT NULL,
  township_id {int} NOT NULL,
  county_id {int} NOT NULL,
  city_id {int} NOT NULL,
  province_id {int} NOT NULL,
  detail {text} NOT NULL,
  state {text} NOT NULL,
  due_on {day},
  created_at {big} NOT NULL,
  done_at {big},
  done_by {id},
  note {text},
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE INDEX task_township ON task (township_id, role, state, id);
CREATE INDEX task_county ON task (county_id, role, state, id);
CREATE INDEX task_city ON task (city_id, role, state, id);
CREATE INDEX task_province ON task (province_id, role, state, id);
CREATE INDEX task_subject ON task (subject_kind, subject_id, kind);

CREATE TABLE write_receipt (
  id {id} NOT NULL PRIMARY KEY,
  permit {text} NOT NULL,
  account_id {id} NOT NULL,
  body {bytes} NOT NULL,
  at {big} NOT NULL
){clustered};

CREATE TABLE audit_head (
  chain {int} NOT NULL PRIMARY KEY,
  seq {big} NOT NULL,
  mac {bytes} NOT NULL
);
CREATE TABLE audit (
  chain {int} NOT NULL,
  seq {big} NOT NULL,
  at {big} NOT NULL,
  actor_id {id} NOT NULL,
  action {text} NOT NULL,
  object_kind {text} NOT NULL,
  object_id {id} NOT NULL,
  rev {int} NOT NULL,
  detail {bytes} NOT NULL,
  mac {bytes} NOT NULL,
  PRIMARY KEY (chain, seq)
){clustered};
CREATE INDEX audit_object ON audit (object_id, object_kind, seq);
CREATE INDEX audit_actor ON audit (actor_id, at, chain, seq);

CREATE TABLE setting (
  name {text} NOT NULL PRIMARY KEY,
  value {text} NOT NULL
);
";

pub const STEP_2: &str = "
-- When the password was set; 0: with the account.
ALTER TABLE account ADD COLUMN password_set_at {big} NOT NULL DEFAULT 0;
";
