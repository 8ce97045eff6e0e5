-- Being told: what a member chose to be told, when, and what their letters said already.

-- a choice: about a person, a tie, a group or everything; an empty topic or channel is every one
CREATE TABLE telling (
  id BIGINT PRIMARY KEY,
  actor_id BIGINT NOT NULL REFERENCES actor (id),
  scope TEXT NOT NULL,
  -- 0 for everything
  about_id BIGINT NOT NULL,
  topic TEXT NOT NULL,
  channel TEXT NOT NULL,
  timing TEXT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX telling_place ON telling (actor_id, scope, about_id, topic, channel);
CREATE INDEX telling_about ON telling (about_id);
-- where and when a person lives, and when their next letter is looked at
CREATE TABLE telling_hours (
  actor_id BIGINT PRIMARY KEY REFERENCES actor (id),
  zone TEXT NOT NULL,
  -- minutes of the day; alike: never quiet
  quiet_from BIGINT NOT NULL,
  quiet_until BIGINT NOT NULL,
  -- 1 Monday to 7 Sunday
  weekday BIGINT NOT NULL,
  next_at BIGINT NOT NULL
);
CREATE INDEX telling_hours_next ON telling_hours (next_at);
-- a link in a letter that turns its kind off; only its hash is kept
CREATE TABLE telling_link (
  token_hash TEXT PRIMARY KEY,
  actor_id BIGINT NOT NULL REFERENCES actor (id),
  topic TEXT NOT NULL,
  channel TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX telling_link_actor ON telling_link (actor_id);
CREATE INDEX telling_link_age ON telling_link (created_at);
-- a matter a letter named already, so that it is not named again within its cycle
CREATE TABLE told_matter (
  actor_id BIGINT NOT NULL REFERENCES actor (id),
  matter TEXT NOT NULL,
  times BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (actor_id, matter)
);
-- a line of somebody's list of which a letter is due to a person, written with the line; gone once the letter is
CREATE TABLE notice_mail (
  notice_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (notice_id, person_id)
);
CREATE INDEX notice_mail_due ON notice_mail (at, person_id);
CREATE INDEX notice_mail_person ON notice_mail (person_id, at);
-- a line that its member does not want in the list
ALTER TABLE notice ADD COLUMN hidden BOOLEAN NOT NULL DEFAULT FALSE;
-- whoever has a letter box already is asked when their week is
INSERT INTO telling_hours (actor_id, zone, quiet_from, quiet_until, weekday, next_at)
  SELECT a.person_id, 'Asia/Bangkok', 1260, 420, 1, 0 FROM account a WHERE a.state = 'active' AND EXISTS
  (SELECT 1 FROM account_name n WHERE n.account_id = a.id AND n.kind = 'email' AND n.confirmed_at IS NOT NULL);
