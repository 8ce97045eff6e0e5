-- What an address book said that has no place of its own goes out again with the card, one property a line.
ALTER TABLE actor ADD COLUMN card_lines TEXT NOT NULL DEFAULT '';
ALTER TABLE actor ADD COLUMN birthday TEXT;

-- One occurrence of a repeating gathering that was moved or changed: what it is from now on, and which one it was.
CREATE TABLE gathering_change (
  id BIGINT PRIMARY KEY,
  gathering_id BIGINT NOT NULL REFERENCES gathering (id),
  -- the moment the occurrence would have begun
  replaces_at BIGINT NOT NULL,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  place TEXT NOT NULL,
  starts_at BIGINT NOT NULL,
  ends_at BIGINT,
  whole_day BOOLEAN NOT NULL,
  status TEXT NOT NULL,
  sequence BIGINT NOT NULL
);
CREATE UNIQUE INDEX gathering_change_once ON gathering_change (gathering_id, replaces_at);
