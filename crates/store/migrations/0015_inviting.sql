-- who brought whom: the chain of a network, and those a member brought
CREATE INDEX membership_brought ON membership (whole_id, invited_by);
CREATE INDEX membership_invited_by ON membership (invited_by);
