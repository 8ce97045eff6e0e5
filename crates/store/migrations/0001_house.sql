-- The house's own rooms: journal, audience, jobs, files, and who signs in.
-- Dialect: TEXT, BIGINT, DOUBLE PRECISION, BOOLEAN; ids made by the program; times BIGINT microseconds UTC; JSON as TEXT.

CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

-- how often the store was opened: each process makes ids of its own
CREATE TABLE opening (
  name TEXT PRIMARY KEY,
  count BIGINT NOT NULL
);

CREATE TABLE journal (
  id BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  account_id BIGINT,
  actor_id BIGINT,
  on_behalf_of BIGINT,
  consent_id BIGINT,
  through TEXT NOT NULL,
  reason TEXT,
  act TEXT NOT NULL,
  verb TEXT NOT NULL,
  object_id BIGINT NOT NULL,
  network_id BIGINT,
  fields TEXT NOT NULL
);
CREATE INDEX journal_object ON journal (object_id, id);
CREATE INDEX journal_actor ON journal (actor_id, id);
CREATE INDEX journal_network ON journal (network_id, id);

-- old values stand apart, with a retention: undo needs them, erasure reaches them
CREATE TABLE journal_before (
  journal_id BIGINT NOT NULL REFERENCES journal (id),
  object_id BIGINT NOT NULL,
  field TEXT NOT NULL,
  value TEXT,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (journal_id, object_id, field)
);
CREATE INDEX journal_before_object ON journal_before (object_id);
CREATE INDEX journal_before_expiry ON journal_before (expires_at);

-- who may see an object: one table, one predicate
CREATE TABLE audience (
  object_id BIGINT NOT NULL,
  key BIGINT NOT NULL,
  PRIMARY KEY (object_id, key)
);
CREATE INDEX audience_key ON audience (key, object_id);
CREATE TABLE key_holder (
  actor_id BIGINT NOT NULL,
  key BIGINT NOT NULL,
  PRIMARY KEY (actor_id, key)
);
CREATE INDEX key_holder_key ON key_holder (key, actor_id);

CREATE TABLE job (
  id BIGINT PRIMARY KEY,
  kind TEXT NOT NULL,
  idempotency_key TEXT UNIQUE,
  payload TEXT NOT NULL,
  state TEXT NOT NULL,
  run_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  locked_until BIGINT,
  last_error TEXT,
  created_at BIGINT NOT NULL,
  finished_at BIGINT
);
CREATE INDEX job_due ON job (state, run_at);
CREATE TABLE delivery (
  id BIGINT PRIMARY KEY,
  job_id BIGINT NOT NULL REFERENCES job (id),
  recipient_id BIGINT,
  address TEXT,
  channel TEXT NOT NULL,
  state TEXT NOT NULL,
  at BIGINT NOT NULL,
  detail TEXT
);
CREATE INDEX delivery_job ON delivery (job_id);
CREATE INDEX delivery_recipient ON delivery (recipient_id, at);

CREATE TABLE file (
  sha256 TEXT PRIMARY KEY,
  media_type TEXT NOT NULL,
  bytes BYTEA NOT NULL,
  created_at BIGINT NOT NULL
);

-- text as the program analyzed it; the index is built from here and follows changed_at
CREATE TABLE indexed (
  object_id BIGINT PRIMARY KEY,
  kind TEXT NOT NULL,
  network_id BIGINT,
  actor_id BIGINT,
  tokens TEXT NOT NULL,
  facets TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  gone BOOLEAN NOT NULL
);
CREATE INDEX indexed_changed ON indexed (changed_at);

CREATE TABLE account (
  id BIGINT PRIMARY KEY,
  person_id BIGINT NOT NULL,
  password_hash TEXT,
  operator BOOLEAN NOT NULL,
  lang TEXT NOT NULL,
  state TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE UNIQUE INDEX account_person ON account (person_id);
-- a user name, phone, e-mail or the subject at an OIDC provider by which an account is found
CREATE TABLE account_name (
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  account_id BIGINT NOT NULL REFERENCES account (id),
  confirmed_at BIGINT,
  PRIMARY KEY (kind, name)
);
CREATE INDEX account_name_account ON account_name (account_id);
CREATE TABLE passkey (
  id TEXT PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES account (id),
  label TEXT NOT NULL,
  credential TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  used_at BIGINT
);
CREATE INDEX passkey_account ON passkey (account_id);
CREATE TABLE session (
  token_hash TEXT PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES account (id),
  acting_as BIGINT NOT NULL,
  network_id BIGINT,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  device TEXT NOT NULL
);
CREATE INDEX session_account ON session (account_id);
CREATE INDEX session_expiry ON session (expires_at);
-- a code or link that works once: first sign-in, claim, reset, e-mail confirmation, first operator
CREATE TABLE one_time_code (
  code_hash TEXT PRIMARY KEY,
  purpose TEXT NOT NULL,
  account_id BIGINT,
  actor_id BIGINT,
  network_id BIGINT,
  detail TEXT,
  created_by BIGINT,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT
);
CREATE INDEX one_time_code_actor ON one_time_code (actor_id);
CREATE INDEX one_time_code_account ON one_time_code (account_id);
CREATE TABLE sign_in_attempt (
  id BIGINT PRIMARY KEY,
  name_hash TEXT NOT NULL,
  address TEXT NOT NULL,
  at BIGINT NOT NULL,
  succeeded BOOLEAN NOT NULL
);
CREATE INDEX sign_in_attempt_name ON sign_in_attempt (name_hash, at);
CREATE INDEX sign_in_attempt_address ON sign_in_attempt (address, at);
CREATE TABLE access_token (
  token_hash TEXT PRIMARY KEY,
  id BIGINT NOT NULL UNIQUE,
  account_id BIGINT NOT NULL REFERENCES account (id),
  acting_as BIGINT NOT NULL,
  label TEXT NOT NULL,
  scopes TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  used_at BIGINT,
  revoked_at BIGINT
);
CREATE INDEX access_token_account ON access_token (account_id);
-- the answer given to a form or request that was sent with this key: the second tap gets the same one
CREATE TABLE idempotency (
  account_id BIGINT NOT NULL,
  key TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  status BIGINT NOT NULL,
  answer TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (account_id, key)
);
CREATE INDEX idempotency_age ON idempotency (created_at);
