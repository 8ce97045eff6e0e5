-- What members promise each other, what they exchanged, what good it did, rings of giving, and what can be lent.

CREATE TABLE exchange (
  id BIGINT PRIMARY KEY,
  network_id BIGINT NOT NULL REFERENCES actor (id),
  provider_id BIGINT NOT NULL REFERENCES actor (id),
  receiver_id BIGINT NOT NULL REFERENCES actor (id),
  what TEXT NOT NULL,
  action TEXT NOT NULL,
  quantity TEXT NOT NULL,
  effort_minutes BIGINT,
  -- days since 1970-01-01
  on_day BIGINT NOT NULL,
  intent_id BIGINT,
  promise_id BIGINT,
  state TEXT NOT NULL,
  recorded_by BIGINT,
  confirmed_at BIGINT,
  -- seen by the two sides and their coordinators alone
  dispute_words TEXT NOT NULL,
  -- what the receiver says became of it: nothing yet, used, helped
  use_state TEXT NOT NULL,
  used_at BIGINT,
  contact_id BIGINT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX exchange_provider ON exchange (provider_id, state, on_day);
CREATE INDEX exchange_receiver ON exchange (receiver_id, state, on_day);
CREATE INDEX exchange_network ON exchange (network_id, state, on_day);
CREATE UNIQUE INDEX exchange_promise ON exchange (promise_id);
CREATE TABLE exchange_benefit (
  exchange_id BIGINT NOT NULL REFERENCES exchange (id),
  actor_id BIGINT NOT NULL REFERENCES actor (id),
  benefit TEXT NOT NULL,
  PRIMARY KEY (exchange_id, actor_id, benefit)
);
CREATE INDEX exchange_benefit_actor ON exchange_benefit (actor_id);
-- "could you have done it alone?": asked of each side apart, seen by the one who answered alone
CREATE TABLE exchange_answer (
  exchange_id BIGINT NOT NULL REFERENCES exchange (id),
  actor_id BIGINT NOT NULL REFERENCES actor (id),
  alone TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (exchange_id, actor_id)
);
CREATE TABLE appreciation (
  id BIGINT PRIMARY KEY,
  exchange_id BIGINT NOT NULL REFERENCES exchange (id),
  network_id BIGINT NOT NULL REFERENCES actor (id),
  from_id BIGINT NOT NULL REFERENCES actor (id),
  to_id BIGINT NOT NULL REFERENCES actor (id),
  words TEXT NOT NULL,
  public BOOLEAN NOT NULL,
  at BIGINT NOT NULL
);
CREATE UNIQUE INDEX appreciation_once ON appreciation (exchange_id, from_id);
CREATE INDEX appreciation_to ON appreciation (to_id, at);
CREATE INDEX appreciation_from ON appreciation (from_id);
-- what a member hopes for in a network, and how much of it came
CREATE TABLE expectation (
  id BIGINT PRIMARY KEY,
  network_id BIGINT NOT NULL REFERENCES actor (id),
  actor_id BIGINT NOT NULL REFERENCES actor (id),
  benefit TEXT NOT NULL,
  importance BIGINT NOT NULL,
  -- 1 not at all to 5 fully; none before the first answer
  level BIGINT,
  hoped_at BIGINT NOT NULL,
  answered_at BIGINT
);
CREATE UNIQUE INDEX expectation_once ON expectation (network_id, actor_id, benefit);
CREATE INDEX expectation_actor ON expectation (actor_id);

CREATE TABLE promise (
  id BIGINT PRIMARY KEY,
  network_id BIGINT NOT NULL REFERENCES actor (id),
  provider_id BIGINT NOT NULL REFERENCES actor (id),
  receiver_id BIGINT NOT NULL REFERENCES actor (id),
  proposed_by BIGINT NOT NULL REFERENCES actor (id),
  what TEXT NOT NULL,
  -- days since 1970-01-01, the last day included
  due_on BIGINT,
  -- another day the provider asks for
  asked_due_on BIGINT,
  intent_id BIGINT,
  reply_id BIGINT,
  ring_id BIGINT,
  state TEXT NOT NULL,
  words TEXT NOT NULL,
  lapses_at BIGINT,
  settled_on BIGINT,
  created_at BIGINT NOT NULL,
  created_by BIGINT,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE UNIQUE INDEX promise_reply ON promise (reply_id);
CREATE INDEX promise_provider ON promise (provider_id, state, due_on);
CREATE INDEX promise_receiver ON promise (receiver_id, state, due_on);
CREATE INDEX promise_network ON promise (network_id, state, settled_on);
CREATE INDEX promise_due ON promise (state, due_on);
CREATE INDEX promise_intent ON promise (intent_id);

-- three who could give in a circle; nobody learns who did not answer
CREATE TABLE ring (
  id BIGINT PRIMARY KEY,
  network_id BIGINT NOT NULL REFERENCES actor (id),
  -- the needs it meets, so that one ring is proposed once
  ring_key TEXT NOT NULL,
  state TEXT NOT NULL,
  proposed_by BIGINT NOT NULL REFERENCES actor (id),
  lapses_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE UNIQUE INDEX ring_once ON ring (network_id, ring_key);
CREATE INDEX ring_lapse ON ring (state, lapses_at);
CREATE TABLE ring_side (
  id BIGINT PRIMARY KEY,
  ring_id BIGINT NOT NULL REFERENCES ring (id),
  provider_id BIGINT NOT NULL REFERENCES actor (id),
  receiver_id BIGINT NOT NULL REFERENCES actor (id),
  offer_id BIGINT NOT NULL REFERENCES intent (id),
  need_id BIGINT NOT NULL REFERENCES intent (id),
  -- the provider's own answer, seen by nobody else
  answer TEXT NOT NULL,
  answered_at BIGINT
);
CREATE UNIQUE INDEX ring_side_once ON ring_side (ring_id, provider_id);
CREATE INDEX ring_side_provider ON ring_side (provider_id);

CREATE TABLE resource (
  id BIGINT PRIMARY KEY,
  network_id BIGINT NOT NULL REFERENCES actor (id),
  holder_id BIGINT NOT NULL REFERENCES actor (id),
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  category TEXT,
  quantity BIGINT NOT NULL,
  condition TEXT NOT NULL,
  lendable BOOLEAN NOT NULL,
  location TEXT NOT NULL,
  state TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by BIGINT,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX resource_network ON resource (network_id, state, id);
CREATE INDEX resource_holder ON resource (holder_id, state);
CREATE TABLE booking (
  id BIGINT PRIMARY KEY,
  resource_id BIGINT NOT NULL REFERENCES resource (id),
  borrower_id BIGINT NOT NULL REFERENCES actor (id),
  from_at BIGINT NOT NULL,
  -- the first moment after it
  until_at BIGINT NOT NULL,
  quantity BIGINT NOT NULL,
  purpose TEXT NOT NULL,
  state TEXT NOT NULL,
  condition_out TEXT NOT NULL,
  condition_back TEXT NOT NULL,
  words TEXT NOT NULL,
  exchange_id BIGINT,
  created_at BIGINT NOT NULL,
  created_by BIGINT,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX booking_resource ON booking (resource_id, state, until_at);
CREATE INDEX booking_borrower ON booking (borrower_id, state, until_at);
