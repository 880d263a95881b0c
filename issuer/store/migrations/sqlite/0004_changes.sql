-- Changes of status are counted, so that whoever holds an earlier state can ask for what changed since.
ALTER TABLE ledger ADD COLUMN changes INTEGER NOT NULL DEFAULT 0 CHECK (changes >= 0);
ALTER TABLE statuses ADD COLUMN change INTEGER NOT NULL DEFAULT 0;
CREATE INDEX statuses_by_change ON statuses (change);
