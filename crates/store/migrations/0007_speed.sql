-- What is done by the clock looks for few among many: an index of those alone. One that begins with the state draws a
-- database that has not counted through every row of that state.
DROP INDEX tie_lapse;
CREATE INDEX tie_lapse ON tie (lapses_at) WHERE state = 'proposed';
DROP INDEX intent_validity;
CREATE INDEX intent_validity ON intent (valid_until) WHERE state = 'open';
DROP INDEX introduction_close;
CREATE INDEX introduction_close ON introduction (closes_at) WHERE state = 'asking';
