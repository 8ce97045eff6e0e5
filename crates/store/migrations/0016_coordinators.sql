-- Few of a network's members coordinate it, and every form that names them asks who.
CREATE INDEX membership_role ON membership (whole_id, role);
