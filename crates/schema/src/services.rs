//! Services counted, bulk work, planned days and the review of visits.

pub const STEP_1: &str = "
-- A visit to several people is one row each; they share group_id, and all but one leave the minutes to the first.
-- service_bits: the codes of `services` as one bit each (data/codes/service_kind.toml), so that a list can be narrowed.
ALTER TABLE visit ADD COLUMN group_id {id};
ALTER TABLE visit ADD COLUMN minutes_shared {bool} NOT NULL DEFAULT FALSE;
ALTER TABLE visit ADD COLUMN service_bits {big} NOT NULL DEFAULT 0;
UPDATE visit SET service_bits =
  (CASE WHEN services LIKE '%\"means_survey\"%' THEN 1 ELSE 0 END)
  + (CASE WHEN services LIKE '%\"file_visit\"%' THEN 2 ELSE 0 END)
  + (CASE WHEN services LIKE '%\"need_analysis\"%' THEN 4 ELSE 0 END)
  + (CASE WHEN services LIKE '%\"visiting_care\"%' THEN 8 ELSE 0 END)
  + (CASE WHEN services LIKE '%\"psychological_counselling\"%' THEN 16 ELSE 0 END)
  + (CASE WHEN services LIKE '%\"resource_link\"%' THEN 32 ELSE 0 END)
  + (CASE WHEN services LIKE '%\"capacity\"%' THEN 64 ELSE 0 END)
  + (CASE WHEN services LIKE '%\"integration\"%' THEN 128 ELSE 0 END)
  + (CASE WHEN services LIKE '%\"emotional_counselling\"%' THEN 256 ELSE 0 END)
  + (CASE WHEN services LIKE '%\"psychological_comfort\"%' THEN 512 ELSE 0 END)
  + (CASE WHEN services LIKE '%\"spiritual_care\"%' THEN 1024 ELSE 0 END)
  + (CASE WHEN services LIKE '%\"relationship_adjustment\"%' THEN 2048 ELSE 0 END)
  + (CASE WHEN services LIKE '%\"social_inclusion\"%' THEN 4096 ELSE 0 END)
  WHERE services <> '[]';
CREATE INDEX visit_group ON visit (group_id) WHERE group_id IS NOT NULL;
CREATE INDEX visit_served ON visit (served_village_id, visited_on, id);

-- at_id: village, township or county of service; minus a city or province: people to take off its counties' sum, served in several.
-- span: a month (2026-11), quarter (2026-Q4) or year (2026). kind: '*', s:<service>, f:<field>, m:<mode>.
-- acts and minutes stand in months only; people are distinct in each span. Recounted after every division event.
CREATE TABLE service_counter (
  at_id {int} NOT NULL,
  span {text} NOT NULL,
  kind {text} NOT NULL,
  acts {big} NOT NULL,
  people {big} NOT NULL,
  minutes {big} NOT NULL,
  PRIMARY KEY (at_id, span, kind)
){clustered};

-- planned_on: the day somebody is promised or planned to be visited, set by hand.
ALTER TABLE person ADD COLUMN planned_on {day};
CREATE INDEX person_planned ON person (worker_id, planned_on, id) WHERE planned_on IS NOT NULL;
-- The load of a township by worker and grade is read from this index alone.
CREATE INDEX person_load_township ON person (township_id, next_due_on, worker_id, grade);

-- A bulk act: what was chosen is frozen in its rows before the first is touched.
CREATE TABLE bulk_run (
  id {id} NOT NULL PRIMARY KEY,
  kind {text} NOT NULL,
  wish {text} NOT NULL,
  actor_id {id} NOT NULL,
  total {int} NOT NULL,
  undo_until {big} NOT NULL,
  undone_at {big},
  village_id {int} NOT NULL,
  township_id {int} NOT NULL,
  county_id {int} NOT NULL,
  city_id {int} NOT NULL,
  province_id {int} NOT NULL,
  created_at {big} NOT NULL,
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE INDEX bulk_run_actor ON bulk_run (actor_id, id);
CREATE INDEX bulk_run_village ON bulk_run (village_id, id);
CREATE INDEX bulk_run_township ON bulk_run (township_id, id);
CREATE INDEX bulk_run_county ON bulk_run (county_id, id);
CREATE INDEX bulk_run_city ON bulk_run (city_id, id);
CREATE INDEX bulk_run_province ON bulk_run (province_id, id);

-- wish, before_json, after_json: what is asked of this row, what stood there and what was set; secrets are sealed in there.
CREATE TABLE bulk_row (
  run_id {id} NOT NULL,
  serial {int} NOT NULL,
  person_id {id} NOT NULL,
  state {text} NOT NULL,
  wish {text} NOT NULL,
  before_json {text} NOT NULL,
  after_json {text} NOT NULL,
  why_zh {text} NOT NULL,
  why_en {text} NOT NULL,
  PRIMARY KEY (run_id, serial)
){clustered};

-- What a supervisor or station head found when reading a visit; ask: the worker has to answer.
CREATE TABLE visit_review (
  id {id} NOT NULL PRIMARY KEY,
  visit_id {id} NOT NULL,
  worker_id {id} NOT NULL,
  reviewer_id {id} NOT NULL,
  verdict {text} NOT NULL,
  reasons {text} NOT NULL,
  comment {text} NOT NULL,
  answer {text},
  answered_at {big},
  village_id {int} NOT NULL,
  township_id {int} NOT NULL,
  county_id {int} NOT NULL,
  city_id {int} NOT NULL,
  province_id {int} NOT NULL,
  created_at {big} NOT NULL,
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE INDEX visit_review_visit ON visit_review (visit_id, id);
CREATE INDEX visit_review_worker ON visit_review (worker_id, id);
CREATE INDEX visit_review_village ON visit_review (village_id, id);
CREATE INDEX visit_review_township ON visit_review (township_id, id);
CREATE INDEX visit_review_county ON visit_review (county_id, id);
CREATE INDEX visit_review_city ON visit_review (city_id, id);
CREATE INDEX visit_review_province ON visit_review (province_id, id);
";
