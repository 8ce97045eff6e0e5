-- Who of those who act for a group agreed to let somebody belong to it, until as many did as its rule says.
CREATE TABLE membership_consent (
  membership_id BIGINT NOT NULL REFERENCES membership (id),
  person_id BIGINT NOT NULL REFERENCES actor (id),
  at BIGINT NOT NULL,
  PRIMARY KEY (membership_id, person_id)
);
CREATE INDEX membership_consent_person ON membership_consent (person_id);
