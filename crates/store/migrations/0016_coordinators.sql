-- Few of a network's members coordinate it, and every form that names them asks who. With the state in it this index is
-- taken whatever a database has counted of the others.
CREATE INDEX membership_role ON membership (whole_id, role, state);
