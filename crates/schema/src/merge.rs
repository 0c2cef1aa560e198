//! Possible duplicates, merges with what they changed, and the recycle bin.

pub const STEP_1: &str = "
-- The person this record was merged into; such a row lies in no place (its place columns are 0) and is in nobody's reach.
ALTER TABLE person ADD COLUMN merged_into {id};
CREATE INDEX person_merged_into ON person (merged_into);

-- Pairs of records that may be one person, found by the machine and decided by people; a level the two do not share is 0.
CREATE TABLE person_twin (
  id {id} NOT NULL PRIMARY KEY,
  first_id {id} NOT NULL,
  second_id {id} NOT NULL,
  score {int} NOT NULL,
  why {text} NOT NULL,
  state {text} NOT NULL,
  village_id {int} NOT NULL,
  township_id {int} NOT NULL,
  county_id {int} NOT NULL,
  city_id {int} NOT NULL,
  province_id {int} NOT NULL,
  found_at {big} NOT NULL,
  decided_at {big},
  decided_by {id},
  reason {text}
);
CREATE UNIQUE INDEX person_twin_pair ON person_twin (first_id, second_id);
CREATE INDEX person_twin_second ON person_twin (second_id);
CREATE INDEX person_twin_village ON person_twin (village_id, state, id);
CREATE INDEX person_twin_township ON person_twin (township_id, state, id);
CREATE INDEX person_twin_county ON person_twin (county_id, state, id);
CREATE INDEX person_twin_city ON person_twin (city_id, state, id);
CREATE INDEX person_twin_province ON person_twin (province_id, state, id);

-- The place is where the absorbed record lay; it follows division events, so that an undo finds the place of today.
CREATE TABLE person_merge (
  id {id} NOT NULL PRIMARY KEY,
  survivor_id {id} NOT NULL,
  absorbed_id {id} NOT NULL,
  state {text} NOT NULL,
  choices {text} NOT NULL,
  moved {text} NOT NULL,
  reason {text} NOT NULL,
  village_id {int} NOT NULL,
  township_id {int} NOT NULL,
  county_id {int} NOT NULL,
  city_id {int} NOT NULL,
  province_id {int} NOT NULL,
  proposed_by {id} NOT NULL,
  proposed_at {big} NOT NULL,
  decided_by {id},
  decided_at {big},
  undone_by {id},
  undone_at {big},
  undo_reason {text},
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE INDEX person_merge_survivor ON person_merge (survivor_id, id);
CREATE INDEX person_merge_absorbed ON person_merge (absorbed_id, id);
CREATE INDEX person_merge_village ON person_merge (village_id, state, id);
CREATE INDEX person_merge_township ON person_merge (township_id, state, id);
CREATE INDEX person_merge_county ON person_merge (county_id, state, id);
CREATE INDEX person_merge_city ON person_merge (city_id, state, id);
CREATE INDEX person_merge_province ON person_merge (province_id, state, id);

-- The recycle bin: what was entered in error, where it lay, and until when the screen can bring it back.
CREATE TABLE recycled (
  id {id} NOT NULL PRIMARY KEY,
  kind {text} NOT NULL,
  object_id {id} NOT NULL,
  person_id {id},
  state {text} NOT NULL,
  reason {text} NOT NULL,
  village_id {int} NOT NULL,
  township_id {int} NOT NULL,
  county_id {int} NOT NULL,
  city_id {int} NOT NULL,
  province_id {int} NOT NULL,
  asked_by {id} NOT NULL,
  asked_at {big} NOT NULL,
  decided_by {id},
  decided_at {big},
  until_on {day},
  restored_by {id},
  restored_at {big},
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE INDEX recycled_object ON recycled (object_id, id);
CREATE INDEX recycled_person ON recycled (person_id, id);
CREATE INDEX recycled_village ON recycled (village_id, state, id);
CREATE INDEX recycled_township ON recycled (township_id, state, id);
CREATE INDEX recycled_county ON recycled (county_id, state, id);
CREATE INDEX recycled_city ON recycled (city_id, state, id);
CREATE INDEX recycled_province ON recycled (province_id, state, id);

-- Cells of rows before and after a merge or a removal: what an undo or a restore puts back.
CREATE TABLE set_aside (
  act_id {id} NOT NULL,
  serial {int} NOT NULL,
  table_name {text} NOT NULL,
  row_key {text} NOT NULL,
  cells {text} NOT NULL,
  PRIMARY KEY (act_id, serial)
){clustered};

-- Words of near duplicates beside those of search: 'b:' birth date and sex, 'q:' sound folded as people mishear it.
INSERT INTO person_key (county_id, word, person_id)
  SELECT county_id, 'b:' || replace(CAST(birth_date AS text), '-', '') || sex, id FROM person WHERE birth_date IS NOT NULL;
INSERT INTO person_key (county_id, word, person_id)
  SELECT DISTINCT county_id, 'q:' || replace(replace(replace(replace(replace(replace(replace(substr(word, 3),
    'zh', 'z'), 'ch', 'c'), 'sh', 's'), 'ng', 'n'), 'l', 'n'), 'f', 'h'), 'r', 'n'), person_id
  FROM person_key WHERE substr(word, 1, 2) = 'p:';
";
