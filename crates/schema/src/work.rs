//! Work for people: saved lists, what an account likes to see, drafts of forms, exports of lists.

pub const STEP_1: &str = "
-- A saved list (worklist) belongs to an account; shared_place_id names the place whose staff sees it too, 0 when it is private.
CREATE TABLE worklist (
  id {id} NOT NULL PRIMARY KEY,
  account_id {id} NOT NULL,
  shared_place_id {int} NOT NULL,
  county_id {int} NOT NULL,
  list {text} NOT NULL,
  name {text} NOT NULL,
  query {text} NOT NULL,
  columns {text} NOT NULL,
  sort {text} NOT NULL,
  state {text} NOT NULL,
  created_at {big} NOT NULL,
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE INDEX worklist_account ON worklist (account_id, list, state, id);
CREATE INDEX worklist_shared ON worklist (shared_place_id, list, state, id);

CREATE TABLE preference (
  account_id {id} NOT NULL,
  name {text} NOT NULL,
  value {text} NOT NULL,
  at {big} NOT NULL,
  PRIMARY KEY (account_id, name)
){clustered};

-- content is sealed; id is the client-made id the finished form would be sent with.
CREATE TABLE draft (
  account_id {id} NOT NULL,
  id {id} NOT NULL,
  form {text} NOT NULL,
  base_rev {int} NOT NULL,
  content {bytes} NOT NULL,
  saved_at {big} NOT NULL,
  expires_at {big} NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE INDEX draft_form ON draft (account_id, form, saved_at);
CREATE INDEX draft_expires ON draft (expires_at);

-- An export of a list: asked for, approved by a second person where that is needed, made, fetched once.
CREATE TABLE list_export (
  id {id} NOT NULL PRIMARY KEY,
  account_id {id} NOT NULL,
  place_id {int} NOT NULL,
  county_id {int} NOT NULL,
  list {text} NOT NULL,
  query {text} NOT NULL,
  columns {text} NOT NULL,
  unmasked {bool} NOT NULL,
  purpose {text} NOT NULL,
  people {int} NOT NULL,
  minors {int} NOT NULL,
  needs_approval {bool} NOT NULL,
  state {text} NOT NULL,
  decided_by {id},
  decided_at {big},
  decision_note {text},
  row_count {int},
  file_hash {text},
  link_hash {bytes},
  link_until {big},
  created_at {big} NOT NULL,
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE INDEX list_export_account ON list_export (account_id, id);
";
