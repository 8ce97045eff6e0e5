-- What they give and need, how they are tied, and what was brought in by a file.

CREATE TABLE intent (
  id BIGINT PRIMARY KEY,
  side TEXT NOT NULL,
  actor_id BIGINT NOT NULL REFERENCES actor (id),
  network_id BIGINT NOT NULL REFERENCES actor (id),
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  text_key TEXT NOT NULL,
  mode TEXT NOT NULL,
  terms TEXT NOT NULL,
  urgency TEXT NOT NULL,
  areas TEXT NOT NULL,
  everywhere BOOLEAN NOT NULL,
  available TEXT NOT NULL,
  -- days since 1970-01-01
  starts_on BIGINT,
  ends_on BIGINT,
  valid_until BIGINT NOT NULL,
  capacity BIGINT NOT NULL,
  visibility TEXT NOT NULL,
  restricted_to BIGINT,
  state TEXT NOT NULL,
  met_by BIGINT,
  met_note TEXT NOT NULL,
  lang TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by BIGINT,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX intent_actor ON intent (actor_id, state);
CREATE INDEX intent_board ON intent (network_id, side, state, id);
CREATE INDEX intent_validity ON intent (state, valid_until);
CREATE INDEX intent_text ON intent (actor_id, side, text_key);

CREATE TABLE intent_category (
  intent_id BIGINT NOT NULL REFERENCES intent (id),
  category TEXT NOT NULL,
  tapped BOOLEAN NOT NULL,
  weight DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (intent_id, category)
);
CREATE INDEX intent_category_code ON intent_category (category);

-- "I can help" on a need, "I would like this" on an offer
CREATE TABLE reply (
  id BIGINT PRIMARY KEY,
  intent_id BIGINT NOT NULL REFERENCES intent (id),
  actor_id BIGINT NOT NULL REFERENCES actor (id),
  words TEXT NOT NULL,
  state TEXT NOT NULL,
  at BIGINT NOT NULL,
  answered_at BIGINT
);
CREATE UNIQUE INDEX reply_once ON reply (intent_id, actor_id);
CREATE INDEX reply_actor ON reply (actor_id, at);

CREATE TABLE tie (
  id BIGINT PRIMARY KEY,
  subject_id BIGINT NOT NULL REFERENCES actor (id),
  object_id BIGINT NOT NULL REFERENCES actor (id),
  network_id BIGINT REFERENCES actor (id),
  relation TEXT NOT NULL,
  layer TEXT NOT NULL,
  directed BOOLEAN NOT NULL,
  origin TEXT NOT NULL,
  introduced_by BIGINT,
  strength BIGINT,
  since TEXT,
  subject_offers TEXT NOT NULL,
  subject_asks TEXT NOT NULL,
  benefit TEXT NOT NULL,
  subject_confirmed_at BIGINT,
  object_confirmed_at BIGINT,
  -- seen by nobody but the one who declined: to the other side it stays a proposal until it lapses
  object_declined_at BIGINT,
  recorded_by BIGINT,
  state TEXT NOT NULL,
  note TEXT NOT NULL,
  lapses_at BIGINT,
  last_contact_at BIGINT,
  created_at BIGINT NOT NULL,
  created_by BIGINT,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE UNIQUE INDEX tie_once ON tie (subject_id, object_id, relation);
CREATE INDEX tie_subject ON tie (subject_id, state);
CREATE INDEX tie_object ON tie (object_id, state);
CREATE INDEX tie_lapse ON tie (state, lapses_at);
-- a note is private to the side that wrote it
CREATE TABLE tie_note (
  tie_id BIGINT NOT NULL REFERENCES tie (id),
  actor_id BIGINT NOT NULL REFERENCES actor (id),
  words TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tie_id, actor_id)
);

CREATE TABLE contact (
  id BIGINT PRIMARY KEY,
  network_id BIGINT,
  at BIGINT NOT NULL,
  whole_day BOOLEAN NOT NULL,
  channel TEXT NOT NULL,
  direction TEXT NOT NULL,
  summary TEXT NOT NULL,
  outcome TEXT NOT NULL,
  origin TEXT NOT NULL,
  visibility TEXT NOT NULL,
  text_key TEXT NOT NULL,
  recorded_by BIGINT,
  recorded_at BIGINT NOT NULL
);
CREATE INDEX contact_network ON contact (network_id, at);
-- a mention that nobody could be found for keeps its words
CREATE TABLE contact_participant (
  contact_id BIGINT NOT NULL REFERENCES contact (id),
  position BIGINT NOT NULL,
  actor_id BIGINT,
  words TEXT NOT NULL,
  role TEXT NOT NULL,
  PRIMARY KEY (contact_id, position)
);
CREATE INDEX contact_participant_actor ON contact_participant (actor_id, contact_id);

CREATE TABLE gathering (
  id BIGINT PRIMARY KEY,
  network_id BIGINT NOT NULL REFERENCES actor (id),
  uid TEXT NOT NULL,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  place TEXT NOT NULL,
  starts_at BIGINT NOT NULL,
  ends_at BIGINT,
  whole_day BOOLEAN NOT NULL,
  zone TEXT NOT NULL,
  recurrence TEXT NOT NULL,
  exceptions TEXT NOT NULL,
  status TEXT NOT NULL,
  sequence BIGINT NOT NULL,
  visibility TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by BIGINT,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE UNIQUE INDEX gathering_once ON gathering (network_id, uid);
CREATE INDEX gathering_start ON gathering (network_id, starts_at);
CREATE TABLE attendance (
  gathering_id BIGINT NOT NULL REFERENCES gathering (id),
  actor_id BIGINT NOT NULL REFERENCES actor (id),
  state TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (gathering_id, actor_id)
);
CREATE INDEX attendance_actor ON attendance (actor_id);

-- an introduction asks both apart from each other; neither learns whether the other said no or nothing
CREATE TABLE introduction (
  id BIGINT PRIMARY KEY,
  network_id BIGINT NOT NULL REFERENCES actor (id),
  introducer_id BIGINT NOT NULL REFERENCES actor (id),
  a_id BIGINT NOT NULL REFERENCES actor (id),
  b_id BIGINT NOT NULL REFERENCES actor (id),
  reason TEXT NOT NULL,
  a_gains TEXT NOT NULL,
  b_gains TEXT NOT NULL,
  state TEXT NOT NULL,
  closes_at BIGINT NOT NULL,
  tie_id BIGINT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX introduction_network ON introduction (network_id, state, id);
CREATE INDEX introduction_a ON introduction (a_id, b_id);
CREATE INDEX introduction_b ON introduction (b_id, a_id);
CREATE INDEX introduction_close ON introduction (state, closes_at);
CREATE TABLE introduction_answer (
  introduction_id BIGINT NOT NULL REFERENCES introduction (id),
  actor_id BIGINT NOT NULL REFERENCES actor (id),
  answer TEXT NOT NULL,
  asked_by BIGINT,
  manner TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (introduction_id, actor_id)
);

CREATE TABLE notice (
  id BIGINT PRIMARY KEY,
  actor_id BIGINT NOT NULL REFERENCES actor (id),
  kind TEXT NOT NULL,
  object_id BIGINT NOT NULL,
  about_id BIGINT,
  words TEXT NOT NULL,
  at BIGINT NOT NULL,
  read_at BIGINT
);
CREATE INDEX notice_actor ON notice (actor_id, read_at, id);

-- imports
CREATE TABLE import (
  id BIGINT PRIMARY KEY,
  network_id BIGINT NOT NULL REFERENCES actor (id),
  by_id BIGINT,
  state TEXT NOT NULL,
  files TEXT NOT NULL,
  report TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  finished_at BIGINT,
  undone_at BIGINT
);
CREATE INDEX import_network ON import (network_id, id);
CREATE TABLE import_upload (
  import_id BIGINT NOT NULL REFERENCES import (id),
  position BIGINT NOT NULL,
  file_name TEXT NOT NULL,
  bytes BYTEA NOT NULL,
  mapping TEXT NOT NULL,
  PRIMARY KEY (import_id, position)
);
-- what an import made or changed, so that it can be taken back as a whole
CREATE TABLE import_object (
  import_id BIGINT NOT NULL REFERENCES import (id),
  position BIGINT NOT NULL,
  kind TEXT NOT NULL,
  object_id BIGINT NOT NULL,
  made BOOLEAN NOT NULL,
  before TEXT,
  provenance TEXT NOT NULL,
  PRIMARY KEY (import_id, position)
);
CREATE INDEX import_object_object ON import_object (object_id);
CREATE TABLE import_mapping (
  network_id BIGINT NOT NULL REFERENCES actor (id),
  headings_key TEXT NOT NULL,
  mapping TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (network_id, headings_key)
);
-- two members that may be one, for a human to decide
CREATE TABLE likely_duplicate (
  id BIGINT PRIMARY KEY,
  network_id BIGINT NOT NULL REFERENCES actor (id),
  a_id BIGINT NOT NULL REFERENCES actor (id),
  b_id BIGINT NOT NULL REFERENCES actor (id),
  reason TEXT NOT NULL,
  state TEXT NOT NULL,
  import_id BIGINT,
  at BIGINT NOT NULL,
  decided_by BIGINT,
  decided_at BIGINT
);
CREATE UNIQUE INDEX likely_duplicate_once ON likely_duplicate (a_id, b_id);
CREATE INDEX likely_duplicate_network ON likely_duplicate (network_id, state);
CREATE TABLE merge (
  id BIGINT PRIMARY KEY,
  kept_id BIGINT NOT NULL REFERENCES actor (id),
  merged_id BIGINT NOT NULL REFERENCES actor (id),
  moved TEXT NOT NULL,
  by_id BIGINT,
  at BIGINT NOT NULL,
  undone_at BIGINT
);
CREATE INDEX merge_kept ON merge (kept_id);
