-- Channels: web push and LINE beside letters, and by which of them each line is told.

-- a way to one device, for as long as the session it was made in; its keys are the browser's (RFC 8291), base64url
CREATE TABLE push_subscription (
  id BIGINT PRIMARY KEY,
  session_hash TEXT NOT NULL REFERENCES session (token_hash) ON DELETE CASCADE,
  endpoint TEXT NOT NULL,
  p256dh TEXT NOT NULL,
  auth TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX push_subscription_endpoint ON push_subscription (endpoint);
CREATE INDEX push_subscription_session ON push_subscription (session_hash);
-- each channel has its own moment for a line
CREATE TABLE notice_way (
  notice_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL,
  channel TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (notice_id, person_id, channel)
);
INSERT INTO notice_way (notice_id, person_id, channel, at) SELECT notice_id, person_id, 'email', at FROM notice_mail;
DROP TABLE notice_mail;
CREATE INDEX notice_way_due ON notice_way (at, person_id);
CREATE INDEX notice_way_person ON notice_way (person_id, at);
-- whether what is shown on a locked screen may say what it is about
ALTER TABLE telling_hours ADD COLUMN words BOOLEAN NOT NULL DEFAULT FALSE;
