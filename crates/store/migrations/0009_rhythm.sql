-- How often one member wants to hear of another, what they wrote to each other, and what somebody is good at.
-- Days are whole days since 1970-01-01 in the holder's zone.

ALTER TABLE actor ADD COLUMN zone TEXT NOT NULL DEFAULT 'Asia/Bangkok';

-- the rhythm one member (a person, or a group through whoever acts for it) keeps toward another
CREATE TABLE care (
  id BIGINT PRIMARY KEY,
  holder_id BIGINT NOT NULL REFERENCES actor (id),
  other_id BIGINT NOT NULL REFERENCES actor (id),
  network_id BIGINT REFERENCES actor (id),
  -- own values; without them the label, the role or the network says how often
  ideal_days BIGINT,
  max_days BIGINT,
  last_touch_at BIGINT,
  last_touch_on BIGINT,
  last_touch_by BIGINT,
  last_touch_contact BIGINT,
  last_attempt_on BIGINT,
  attempts BIGINT NOT NULL,
  last_inbound_on BIGINT,
  next_fixed_on BIGINT,
  snoozed_until BIGINT,
  paused_from BIGINT,
  paused_to BIGINT,
  paused_reason TEXT NOT NULL,
  prompted_on BIGINT,
  prompts BIGINT NOT NULL,
  locked_until BIGINT,
  channel TEXT,
  why TEXT NOT NULL,
  visibility TEXT NOT NULL,
  delegate_id BIGINT,
  ended_on BIGINT,
  created_on BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE UNIQUE INDEX care_once ON care (holder_id, other_id);
CREATE INDEX care_other ON care (other_id);
CREATE INDEX care_delegate ON care (delegate_id);

-- what somebody was reminded of, and what became of it
CREATE TABLE prompt (
  id BIGINT PRIMARY KEY,
  care_id BIGINT NOT NULL REFERENCES care (id),
  due_on BIGINT NOT NULL,
  channel TEXT NOT NULL,
  state TEXT NOT NULL,
  at BIGINT NOT NULL,
  settled_at BIGINT
);
CREATE UNIQUE INDEX prompt_once ON prompt (care_id, due_on, channel);

-- a holder's own words for ties, each with a rhythm
CREATE TABLE label (
  id BIGINT PRIMARY KEY,
  holder_id BIGINT NOT NULL REFERENCES actor (id),
  name TEXT NOT NULL,
  ideal_days BIGINT,
  max_days BIGINT,
  weight DOUBLE PRECISION NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX label_once ON label (holder_id, name);
CREATE TABLE tie_label (
  label_id BIGINT NOT NULL REFERENCES label (id),
  other_id BIGINT NOT NULL REFERENCES actor (id),
  PRIMARY KEY (label_id, other_id)
);
CREATE INDEX tie_label_other ON tie_label (other_id);

-- what a network suggests: for everybody (no role), or toward those with a role; its season, when it has one
CREATE TABLE cadence_default (
  network_id BIGINT NOT NULL REFERENCES actor (id),
  role TEXT NOT NULL,
  ideal_days BIGINT,
  max_days BIGINT,
  -- month and day as 305 for 5 March; silence outside the season is no decay
  season_from BIGINT,
  season_to BIGINT,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (network_id, role)
);

-- a group answers a proposal by its own rule: any steward, or as many as it says
CREATE TABLE answer_rule (
  actor_id BIGINT PRIMARY KEY REFERENCES actor (id),
  stewards BIGINT NOT NULL
);
CREATE TABLE tie_consent (
  tie_id BIGINT NOT NULL REFERENCES tie (id),
  person_id BIGINT NOT NULL REFERENCES actor (id),
  at BIGINT NOT NULL,
  PRIMARY KEY (tie_id, person_id)
);

-- room to write, on one thing, for those concerned
CREATE TABLE word (
  id BIGINT PRIMARY KEY,
  room TEXT NOT NULL,
  object_id BIGINT NOT NULL,
  network_id BIGINT,
  by_id BIGINT NOT NULL REFERENCES actor (id),
  person_id BIGINT,
  reply_to BIGINT,
  words TEXT NOT NULL,
  picture TEXT,
  at BIGINT NOT NULL,
  gone_at BIGINT
);
CREATE INDEX word_room ON word (object_id, room, id);
CREATE INDEX word_by ON word (by_id);
CREATE TABLE word_seen (
  word_id BIGINT NOT NULL REFERENCES word (id),
  actor_id BIGINT NOT NULL REFERENCES actor (id),
  at BIGINT NOT NULL,
  PRIMARY KEY (word_id, actor_id)
);
CREATE INDEX word_seen_actor ON word_seen (actor_id);

-- one sentence for what somebody is good at, after help or work together
CREATE TABLE vouch (
  id BIGINT PRIMARY KEY,
  by_id BIGINT NOT NULL REFERENCES actor (id),
  for_id BIGINT NOT NULL REFERENCES actor (id),
  category TEXT NOT NULL,
  words TEXT NOT NULL,
  at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX vouch_once ON vouch (by_id, for_id, category);
CREATE INDEX vouch_for ON vouch (for_id);

-- a secret address where a calendar program reads one member's days
CREATE TABLE calendar_feed (
  token_hash TEXT PRIMARY KEY,
  actor_id BIGINT NOT NULL REFERENCES actor (id),
  account_id BIGINT NOT NULL,
  reduced BOOLEAN NOT NULL,
  as_events BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  revoked_at BIGINT
);
CREATE INDEX calendar_feed_actor ON calendar_feed (actor_id);

-- who gave last is asked from both sides
CREATE INDEX intent_met_by ON intent (met_by);
