-- What letters said of a rhythm stands with the rhythm: a prompt each, and what became of it.

-- the count of letters by themselves is not kept any more
DROP TABLE told_matter;
-- those of which nobody knows yet whether they arrived
CREATE INDEX prompt_queued ON prompt (at) WHERE state = 'queued';
