-- Who: actors of every kind, how to reach them, what they can, where they belong.

CREATE TABLE actor (
  id BIGINT PRIMARY KEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  nickname TEXT NOT NULL,
  title TEXT NOT NULL DEFAULT '',
  -- one a line
  other_nicknames TEXT NOT NULL DEFAULT '',
  aliases TEXT NOT NULL DEFAULT '',
  -- province, district, sub-district as they were written, one a line
  place_words TEXT NOT NULL DEFAULT '',
  card_uid TEXT,
  name_key TEXT NOT NULL,
  sort_key TEXT NOT NULL,
  bio TEXT NOT NULL,
  profession TEXT NOT NULL,
  position TEXT NOT NULL,
  org_type TEXT,
  size_band TEXT,
  founder_id BIGINT,
  languages TEXT NOT NULL,
  avatar TEXT,
  province_code TEXT,
  district_code TEXT,
  subdistrict_code TEXT,
  latitude DOUBLE PRECISION,
  longitude DOUBLE PRECISION,
  public_latitude DOUBLE PRECISION,
  public_longitude DOUBLE PRECISION,
  public_cell TEXT,
  capacity_a_month BIGINT NOT NULL,
  contact_channel TEXT,
  contact_hours TEXT NOT NULL,
  -- the context card: what the other side should know before the first contact
  context_limits TEXT NOT NULL,
  context_avoid TEXT NOT NULL,
  context_matters TEXT NOT NULL,
  state TEXT NOT NULL,
  consent TEXT NOT NULL,
  may_be_suggested BOOLEAN NOT NULL,
  visibility TEXT NOT NULL,
  claimed_by BIGINT,
  verification TEXT NOT NULL,
  -- networks only
  origin TEXT,
  stage TEXT,
  joining TEXT,
  merged_into BIGINT,
  uri TEXT,
  lang TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by BIGINT,
  updated_at BIGINT NOT NULL,
  gone_at BIGINT,
  version BIGINT NOT NULL
);
CREATE INDEX actor_sort ON actor (sort_key, id);
CREATE INDEX actor_name_key ON actor (name_key);
CREATE INDEX actor_kind ON actor (kind, sort_key);
CREATE INDEX actor_province ON actor (province_code, district_code, subdistrict_code);

CREATE TABLE contact_point (
  id BIGINT PRIMARY KEY,
  actor_id BIGINT NOT NULL REFERENCES actor (id),
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  shown TEXT NOT NULL,
  note TEXT NOT NULL,
  visibility TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX contact_point_once ON contact_point (actor_id, kind, value);
CREATE INDEX contact_point_value ON contact_point (kind, value);

-- who acts for a group or organization
CREATE TABLE stewardship (
  actor_id BIGINT NOT NULL REFERENCES actor (id),
  person_id BIGINT NOT NULL REFERENCES actor (id),
  role TEXT NOT NULL,
  since BIGINT NOT NULL,
  until BIGINT,
  PRIMARY KEY (actor_id, person_id)
);
CREATE INDEX stewardship_person ON stewardship (person_id);

CREATE TABLE capability (
  id BIGINT PRIMARY KEY,
  actor_id BIGINT NOT NULL REFERENCES actor (id),
  category TEXT NOT NULL,
  note TEXT NOT NULL,
  wants_to_learn BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX capability_once ON capability (actor_id, category, wants_to_learn);
CREATE INDEX capability_category ON capability (category, wants_to_learn);

-- membership in a network, group or organization: the tie of kind member, with its role
CREATE TABLE membership (
  id BIGINT PRIMARY KEY,
  whole_id BIGINT NOT NULL REFERENCES actor (id),
  part_id BIGINT NOT NULL REFERENCES actor (id),
  role TEXT NOT NULL,
  title TEXT NOT NULL,
  state TEXT NOT NULL,
  invited_by BIGINT,
  answers TEXT NOT NULL,
  since BIGINT NOT NULL,
  until BIGINT,
  created_at BIGINT NOT NULL,
  created_by BIGINT,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE UNIQUE INDEX membership_once ON membership (whole_id, part_id);
CREATE INDEX membership_part ON membership (part_id, state);
CREATE INDEX membership_whole ON membership (whole_id, state, part_id);

CREATE TABLE consent (
  id BIGINT PRIMARY KEY,
  actor_id BIGINT NOT NULL REFERENCES actor (id),
  purpose TEXT NOT NULL,
  state TEXT NOT NULL,
  manner TEXT NOT NULL,
  recorded_by BIGINT,
  wording TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX consent_actor ON consent (actor_id, purpose, at);

CREATE TABLE block (
  actor_id BIGINT NOT NULL REFERENCES actor (id),
  blocked_id BIGINT NOT NULL REFERENCES actor (id),
  at BIGINT NOT NULL,
  PRIMARY KEY (actor_id, blocked_id)
);
CREATE INDEX block_other ON block (blocked_id);

-- something a member brings to the coordinator's attention
CREATE TABLE concern (
  id BIGINT PRIMARY KEY,
  network_id BIGINT NOT NULL REFERENCES actor (id),
  object_id BIGINT NOT NULL,
  by_id BIGINT NOT NULL REFERENCES actor (id),
  words TEXT NOT NULL,
  state TEXT NOT NULL,
  answer TEXT NOT NULL,
  at BIGINT NOT NULL,
  settled_at BIGINT,
  settled_by BIGINT
);
CREATE INDEX concern_network ON concern (network_id, state, id);

CREATE TABLE invitation (
  id BIGINT PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE,
  token TEXT NOT NULL,
  network_id BIGINT NOT NULL REFERENCES actor (id),
  from_id BIGINT NOT NULL REFERENCES actor (id),
  to_actor_id BIGINT,
  role TEXT NOT NULL,
  message TEXT NOT NULL,
  opened BIGINT NOT NULL,
  accepted BIGINT NOT NULL,
  state TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX invitation_network ON invitation (network_id, state);
