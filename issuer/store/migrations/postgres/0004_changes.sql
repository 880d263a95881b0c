-- Changes of status are counted, so that whoever holds an earlier state can ask for what changed since.
ALTER TABLE ledger ADD COLUMN changes BIGINT NOT NULL DEFAULT 0 CHECK (changes >= 0);
ALTER TABLE statuses ADD COLUMN change BIGINT NOT NULL DEFAULT 0;
CREATE INDEX statuses_by_change ON statuses (change);
