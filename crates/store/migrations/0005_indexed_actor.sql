-- What belongs to a member is looked at again when who may see the member changes.
CREATE INDEX indexed_actor ON indexed (actor_id);
