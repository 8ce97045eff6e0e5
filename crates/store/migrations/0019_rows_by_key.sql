-- What nobody asks for need not be written with every row. Nobody looks for what a key opens or for the texts of a
-- category; persons are not found by the key of their name; and few coordinate, were brought by somebody, or say who
-- met their need.
DROP INDEX audience_key;
DROP INDEX intent_category_code;
DROP INDEX actor_name_key;
CREATE INDEX actor_name_key ON actor (name_key) WHERE kind <> 'person';
DROP INDEX membership_role;
CREATE INDEX membership_role ON membership (whole_id, role, state) WHERE role = 'coordinator';
DROP INDEX membership_brought;
CREATE INDEX membership_brought ON membership (whole_id, invited_by) WHERE invited_by IS NOT NULL;
DROP INDEX membership_invited_by;
CREATE INDEX membership_invited_by ON membership (invited_by) WHERE invited_by IS NOT NULL;
DROP INDEX intent_met_by;
CREATE INDEX intent_met_by ON intent (met_by) WHERE met_by IS NOT NULL;
