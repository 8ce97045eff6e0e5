-- Passing a need, a question or a person to a member who can act, and seeing where it is.

CREATE TABLE referral (
  id BIGINT PRIMARY KEY,
  network_id BIGINT NOT NULL REFERENCES actor (id),
  sender_id BIGINT NOT NULL REFERENCES actor (id),
  receiver_id BIGINT NOT NULL REFERENCES actor (id),
  subject TEXT NOT NULL,
  intent_id BIGINT,
  person_id BIGINT,
  title TEXT NOT NULL,
  reason TEXT NOT NULL,
  urgency TEXT NOT NULL,
  -- how the person it speaks of agreed: in the program, by word, on paper
  consent_manner TEXT,
  consent_at BIGINT,
  consent_by BIGINT,
  state TEXT NOT NULL,
  -- days since 1970-01-01
  due_on BIGINT NOT NULL,
  reply TEXT NOT NULL,
  feedback TEXT,
  feedback_words TEXT NOT NULL,
  -- shows the state alone, to whoever holds the printed letter
  secret TEXT NOT NULL UNIQUE,
  overdue_at BIGINT,
  created_at BIGINT NOT NULL,
  created_by BIGINT,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX referral_sender ON referral (sender_id, id);
CREATE INDEX referral_receiver ON referral (receiver_id, state, id);
CREATE INDEX referral_person ON referral (person_id, state);
CREATE INDEX referral_due ON referral (state, due_on);
CREATE INDEX referral_network ON referral (network_id, overdue_at, id);
CREATE INDEX referral_intent ON referral (intent_id);
-- the trail: nothing of it is ever changed
CREATE TABLE referral_step (
  id BIGINT PRIMARY KEY,
  referral_id BIGINT NOT NULL REFERENCES referral (id),
  at BIGINT NOT NULL,
  by_id BIGINT NOT NULL,
  step TEXT NOT NULL,
  to_id BIGINT,
  words TEXT NOT NULL
);
CREATE INDEX referral_step_referral ON referral_step (referral_id, id);
