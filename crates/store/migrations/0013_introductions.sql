-- The full introduction: asked for by one of the two, offered by somebody who knows both, or found; what came of it.

-- asked, offered or found
ALTER TABLE introduction ADD COLUMN origin TEXT NOT NULL DEFAULT 'found';
-- which of the two asked for it
ALTER TABLE introduction ADD COLUMN asker_id BIGINT;
-- a kind of benefit
ALTER TABLE introduction ADD COLUMN purpose TEXT NOT NULL DEFAULT 'relationship';
-- what the one who asked wrote, made to be passed on
ALTER TABLE introduction ADD COLUMN note TEXT NOT NULL DEFAULT '';
-- what the one who introduces wrote to both
ALTER TABLE introduction ADD COLUMN words TEXT NOT NULL DEFAULT '';
-- when both were asked; none as long as somebody in between has not passed it on
ALTER TABLE introduction ADD COLUMN asked_at BIGINT;
-- seen by nobody but the one who was to pass it on: to the others it stays as it was until it closes
ALTER TABLE introduction ADD COLUMN put_aside_at BIGINT;
ALTER TABLE introduction ADD COLUMN connected_at BIGINT;
-- when both were told that they are asked whether it was worth it
ALTER TABLE introduction ADD COLUMN worth_asked_at BIGINT;
UPDATE introduction SET asked_at = created_at;
UPDATE introduction SET connected_at = updated_at WHERE state = 'connected';
CREATE INDEX introduction_introducer ON introduction (introducer_id, id);
CREATE INDEX introduction_worth_due ON introduction (connected_at) WHERE state = 'connected' AND worth_asked_at IS NULL;
-- whether it was worth it: each of the two for themselves
CREATE TABLE introduction_worth (
  introduction_id BIGINT NOT NULL REFERENCES introduction (id),
  actor_id BIGINT NOT NULL REFERENCES actor (id),
  worth TEXT NOT NULL,
  -- what came of it
  outcome TEXT NOT NULL,
  -- thanks to the one who introduced
  thanks TEXT NOT NULL,
  -- the one who introduced sees what came of it only where both allow it
  shared BOOLEAN NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (introduction_id, actor_id)
);
-- what a member takes on; who has no row has the defaults
CREATE TABLE introduction_limit (
  actor_id BIGINT PRIMARY KEY REFERENCES actor (id),
  at_once BIGINT NOT NULL,
  a_week BIGINT NOT NULL,
  to_make BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
DROP INDEX introduction_close;
CREATE INDEX introduction_close ON introduction (closes_at) WHERE state IN ('drafted', 'asking');
