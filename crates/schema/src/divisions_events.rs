//! The tree of any day after any event, and what an event leaves to be assigned by people.

pub const STEP_12: &str = "
-- begun_on: first day of a division that an event set up; null when it is older than the product.
ALTER TABLE division ADD COLUMN begun_on {day};
-- was_*: where the division lay until valid_to; the columns without was_ say where it lies today.
ALTER TABLE division_version ADD COLUMN was_township_id {int} NOT NULL DEFAULT 0;
ALTER TABLE division_version ADD COLUMN was_county_id {int} NOT NULL DEFAULT 0;
ALTER TABLE division_version ADD COLUMN was_city_id {int} NOT NULL DEFAULT 0;
ALTER TABLE division_version ADD COLUMN was_province_id {int} NOT NULL DEFAULT 0;
ALTER TABLE division_version ADD COLUMN was_counted {bool} NOT NULL DEFAULT TRUE;
UPDATE division_version SET was_county_id = county_id, was_city_id = city_id, was_province_id = province_id,
  was_township_id = CASE WHEN division_id = township_id THEN township_id ELSE parent_id END;
CREATE INDEX division_version_was_township ON division_version (was_township_id, valid_to);
CREATE INDEX division_version_was_county ON division_version (was_county_id, valid_to);
CREATE INDEX division_version_was_city ON division_version (was_city_id, valid_to);
CREATE INDEX division_version_was_province ON division_version (was_province_id, valid_to);
CREATE INDEX division_event_city ON division_event (city_id, id);
CREATE INDEX division_event_province ON division_event (province_id, id);

-- One queue of unassigned per event (its id is the event's id): what lay in from_id and no rule can place. While it is open
-- the rows stay where they are; closes: from_id ends on the eve of effective_on when nothing is left.
CREATE TABLE division_queue (
  id {id} NOT NULL PRIMARY KEY,
  kind {text} NOT NULL,
  from_id {int} NOT NULL,
  township_id {int} NOT NULL,
  county_id {int} NOT NULL,
  city_id {int} NOT NULL,
  province_id {int} NOT NULL,
  effective_on {day} NOT NULL,
  closes {bool} NOT NULL,
  state {text} NOT NULL,
  total {int} NOT NULL,
  open_items {int} NOT NULL,
  created_at {big} NOT NULL,
  settled_at {big},
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE INDEX division_queue_from ON division_queue (from_id, state);
CREATE INDEX division_queue_township ON division_queue (township_id, state, id);
CREATE INDEX division_queue_county ON division_queue (county_id, state, id);
CREATE INDEX division_queue_city ON division_queue (city_id, state, id);
CREATE INDEX division_queue_province ON division_queue (province_id, state, id);
-- Villages that may take what is queued; none named means any village of the county.
CREATE TABLE division_queue_target (
  queue_id {id} NOT NULL,
  village_id {int} NOT NULL,
  PRIMARY KEY (queue_id, village_id)
){clustered};
CREATE INDEX division_queue_target_village ON division_queue_target (village_id, queue_id);
-- to_id: 0 while unassigned.
CREATE TABLE division_queue_item (
  queue_id {id} NOT NULL,
  kind {text} NOT NULL,
  object_id {id} NOT NULL,
  to_id {int} NOT NULL,
  decided_by {id},
  decided_at {big},
  PRIMARY KEY (queue_id, kind, object_id)
){clustered};
CREATE INDEX division_queue_item_open ON division_queue_item (queue_id, to_id, kind, object_id);
";
