-- Letters that leave the house, addresses that do not take them, e-mail that was confirmed.

-- after this moment a job is not worth doing any more: nobody wants last week's link today
ALTER TABLE job ADD COLUMN expires_at BIGINT;
DROP INDEX job_due;
CREATE INDEX job_due ON job (kind, state, run_at);
CREATE INDEX delivery_state ON delivery (state, at);

-- when a letter came back for good
ALTER TABLE account_name ADD COLUMN bounced_at BIGINT;
ALTER TABLE contact_point ADD COLUMN bounced_at BIGINT;
-- until now nobody was asked whether an address is theirs
UPDATE account_name SET confirmed_at = NULL WHERE kind = 'email';
