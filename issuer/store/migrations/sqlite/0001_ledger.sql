CREATE TABLE ledger (
  id    INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  size  INTEGER NOT NULL CHECK (size >= 0)
) STRICT;
INSERT INTO ledger (id, size) VALUES (1, 0);

CREATE TABLE certificates (
  place            INTEGER NOT NULL PRIMARY KEY,
  id               TEXT    NOT NULL UNIQUE,
  number           TEXT    NOT NULL UNIQUE,
  kind             TEXT    NOT NULL,
  department       TEXT    NOT NULL,
  credential       BLOB    NOT NULL,
  leaf             BLOB    NOT NULL,
  caller           TEXT    NOT NULL,
  idempotency_key  TEXT    NOT NULL,
  digest           BLOB    NOT NULL,
  issued_at_s      INTEGER NOT NULL,
  UNIQUE (caller, idempotency_key)
) STRICT;

CREATE TABLE statuses (
  place          INTEGER NOT NULL PRIMARY KEY REFERENCES certificates (place),
  status         TEXT    NOT NULL CHECK (status IN ('valid', 'revoked', 'suspended', 'superseded')),
  reason         INTEGER NOT NULL,
  since_day      INTEGER NOT NULL,
  superseded_by  INTEGER REFERENCES certificates (place)
) STRICT;

CREATE TABLE api_keys (
  id          TEXT NOT NULL PRIMARY KEY,
  department  TEXT NOT NULL,
  types       TEXT NOT NULL,
  hash        BLOB NOT NULL UNIQUE
) STRICT;
