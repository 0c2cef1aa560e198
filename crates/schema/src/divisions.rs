//! Divisions with own ids, both official codes, validity, and dated events.

pub const STEP_1: &str = "
-- counted: may stand in a denominator when its kind is asked for (in the civil list, or in the other where that one is
-- silent); children: open units right below, fillers left out; valid_from: since when name, codes and parent are these.
CREATE TABLE division (
  id {int} NOT NULL PRIMARY KEY,
  level {int} NOT NULL,
  kind {text} NOT NULL,
  name {text} NOT NULL,
  initials {text} NOT NULL,
  code_civil {text},
  code_stat {text},
  parent_id {int} NOT NULL,
  province_id {int} NOT NULL,
  city_id {int} NOT NULL,
  county_id {int} NOT NULL,
  township_id {int} NOT NULL,
  village_id {int} NOT NULL,
  flags {text} NOT NULL,
  counted {bool} NOT NULL,
  children {int} NOT NULL,
  valid_from {day},
  valid_to {day},
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE INDEX division_parent ON division (parent_id, level, id);
CREATE INDEX division_civil ON division (code_civil) WHERE code_civil IS NOT NULL;
CREATE INDEX division_stat ON division (code_stat);
CREATE INDEX division_name ON division (level, name, id);
CREATE INDEX division_initials ON division (level, initials, id);
CREATE INDEX division_township ON division (township_id, level, id);
CREATE INDEX division_county ON division (county_id, level, id);
CREATE INDEX division_city ON division (city_id, level, id);
CREATE INDEX division_province ON division (province_id, level, id);

-- What levels 1 to 4 are found by: names (of today and before), all pinyin initials, both codes. Villages are found by
-- their own columns.
CREATE TABLE division_word (
  level {int} NOT NULL,
  word {text} NOT NULL,
  division_id {int} NOT NULL,
  township_id {int} NOT NULL,
  county_id {int} NOT NULL,
  city_id {int} NOT NULL,
  province_id {int} NOT NULL,
  PRIMARY KEY (level, word, division_id)
){clustered};
CREATE INDEX division_word_division ON division_word (division_id, word);

-- What a division was until valid_to (inclusive); of several for one day the lowest serial counts. The place columns say
-- where the division lies today.
CREATE TABLE division_version (
  division_id {int} NOT NULL,
  valid_to {day} NOT NULL,
  serial {int} NOT NULL,
  name {text} NOT NULL,
  kind {text} NOT NULL,
  code_civil {text},
  code_stat {text},
  parent_id {int} NOT NULL,
  valid_from {day},
  event_id {id} NOT NULL,
  township_id {int} NOT NULL,
  county_id {int} NOT NULL,
  city_id {int} NOT NULL,
  province_id {int} NOT NULL,
  PRIMARY KEY (division_id, valid_to, serial)
){clustered};
CREATE INDEX division_version_day ON division_version (valid_to, division_id, serial);
CREATE INDEX division_version_township ON division_version (township_id);

CREATE TABLE division_event (
  id {id} NOT NULL PRIMARY KEY,
  kind {text} NOT NULL,
  effective_on {day},
  approval_no {text} NOT NULL,
  note {text} NOT NULL,
  moved {text} NOT NULL,
  county_id {int} NOT NULL,
  city_id {int} NOT NULL,
  province_id {int} NOT NULL,
  created_at {big} NOT NULL,
  rev {int} NOT NULL,
  audit_no {big} NOT NULL
);
CREATE INDEX division_event_county ON division_event (county_id, id);
CREATE TABLE division_event_map (
  event_id {id} NOT NULL,
  from_id {int} NOT NULL,
  to_id {int} NOT NULL,
  PRIMARY KEY (event_id, from_id, to_id)
){clustered};
CREATE INDEX division_event_map_from ON division_event_map (from_id, event_id);
CREATE INDEX division_event_map_to ON division_event_map (to_id, event_id);

-- Changes the civil-affairs list reports for county level and above (public source, noisy before 1984).
CREATE TABLE division_news (
  serial {int} NOT NULL PRIMARY KEY,
  changed_on {text} NOT NULL,
  kind {text} NOT NULL,
  code {text} NOT NULL,
  name {text} NOT NULL,
  old_code {text} NOT NULL,
  old_name {text} NOT NULL,
  note {text} NOT NULL
);
CREATE INDEX division_news_code ON division_news (code, serial);
CREATE INDEX division_news_old_code ON division_news (old_code, serial);

-- Pairs of the two lists that a person should look at.
CREATE TABLE division_review (
  serial {int} NOT NULL PRIMARY KEY,
  reason {text} NOT NULL,
  county_id {int} NOT NULL,
  city_id {int} NOT NULL,
  province_id {int} NOT NULL,
  code_stat {text} NOT NULL,
  name_stat {text} NOT NULL,
  code_civil {text} NOT NULL,
  name_civil {text} NOT NULL
);
CREATE INDEX division_review_county ON division_review (county_id, serial);
CREATE INDEX division_review_city ON division_review (city_id, serial);
CREATE INDEX division_review_province ON division_review (province_id, serial);
";
