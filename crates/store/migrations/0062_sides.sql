-- What the one who was asked offers, asks and gains stands beside what the one who asked did; and a relation may be told from the
-- other end: who asks for a mentor proposes the tie, and is mentored.
ALTER TABLE tie ADD COLUMN reversed BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE tie ADD COLUMN object_offers TEXT NOT NULL DEFAULT '';
ALTER TABLE tie ADD COLUMN object_asks TEXT NOT NULL DEFAULT '';
ALTER TABLE tie ADD COLUMN object_benefit TEXT NOT NULL DEFAULT '';
