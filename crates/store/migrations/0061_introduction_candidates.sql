-- Pairs that stood among the best of a network, and whether they are proposed or left alone, so that it can be told what
-- proposing does. A pair stands here once in a half-year, and keeps its side for it.
CREATE TABLE introduction_candidate (
  id BIGINT PRIMARY KEY,
  network_id BIGINT NOT NULL REFERENCES actor (id),
  a_id BIGINT NOT NULL REFERENCES actor (id),
  b_id BIGINT NOT NULL REFERENCES actor (id),
  held_out BOOLEAN NOT NULL,
  entered_at BIGINT NOT NULL
);
CREATE INDEX introduction_candidate_network ON introduction_candidate (network_id, entered_at);
CREATE INDEX introduction_candidate_a ON introduction_candidate (a_id);
CREATE INDEX introduction_candidate_b ON introduction_candidate (b_id);
