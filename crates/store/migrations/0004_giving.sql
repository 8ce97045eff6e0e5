-- What changed among offers and needs, for those who follow in memory.
CREATE INDEX intent_changed ON intent (updated_at);
CREATE INDEX notice_object ON notice (object_id, kind, actor_id);
