CREATE TABLE ledger (
  id    BIGINT  NOT NULL PRIMARY KEY CHECK (id = 1),
  size  BIGINT  NOT NULL CHECK (size >= 0)
);
INSERT INTO ledger (id, size) VALUES (1, 0);

CREATE TABLE certificates (
  place            BIGINT  NOT NULL PRIMARY KEY,
  id               TEXT    NOT NULL UNIQUE,
  number           TEXT    NOT NULL UNIQUE,
  kind             TEXT    NOT NULL,
  department       TEXT    NOT NULL,
  credential       BYTEA   NOT NULL,
  leaf             BYTEA   NOT NULL,
  caller           TEXT    NOT NULL,
  idempotency_key  TEXT    NOT NULL,
  digest           BYTEA   NOT NULL,
  issued_at_s      BIGINT  NOT NULL,
  UNIQUE (caller, idempotency_key)
);

CREATE TABLE statuses (
  place          BIGINT  NOT NULL PRIMARY KEY REFERENCES certificates (place),
  status         TEXT    NOT NULL CHECK (status IN ('valid', 'revoked', 'suspended', 'superseded')),
  reason         BIGINT  NOT NULL,
  since_day      BIGINT  NOT NULL,
  superseded_by  BIGINT  REFERENCES certificates (place)
);

CREATE TABLE api_keys (
  id          TEXT NOT NULL PRIMARY KEY,
  department  TEXT NOT NULL,
  types       TEXT NOT NULL,
  hash        BYTEA NOT NULL UNIQUE
);
