CREATE TABLE counters (
  name   TEXT    NOT NULL PRIMARY KEY,
  value  BIGINT NOT NULL
);
INSERT INTO counters (name, value) VALUES ('applications', 0);
INSERT INTO counters (name, value) VALUES ('events', 0);

CREATE TABLE citizens (
  id        TEXT    NOT NULL PRIMARY KEY,
  channel   TEXT    NOT NULL,
  handle    TEXT    NOT NULL,
  since_s   BIGINT NOT NULL,
  UNIQUE (channel, handle)
);

CREATE TABLE applications (
  number         TEXT    NOT NULL PRIMARY KEY,
  service        TEXT    NOT NULL,
  applicant      TEXT    NOT NULL REFERENCES citizens (id),
  office         TEXT    NOT NULL,
  state          TEXT    NOT NULL,
  role           TEXT,
  body           TEXT    NOT NULL,
  submitted_day  BIGINT,
  version        BIGINT NOT NULL,
  created_s      BIGINT NOT NULL
);
CREATE INDEX applications_waiting ON applications (role, office, number);
CREATE INDEX applications_own ON applications (applicant, number);
CREATE INDEX applications_counted ON applications (service, state);

CREATE TABLE events (
  place        BIGINT NOT NULL PRIMARY KEY,
  application  TEXT    NOT NULL REFERENCES applications (number),
  body         TEXT    NOT NULL,
  hash         BYTEA    NOT NULL
);
CREATE INDEX events_of ON events (application, place);

CREATE TABLE officers (
  id        TEXT NOT NULL PRIMARY KEY,
  name      TEXT NOT NULL,
  posts     TEXT NOT NULL,
  password  TEXT NOT NULL,
  totp      BYTEA NOT NULL
);

CREATE TABLE sessions (
  hash       BYTEA    NOT NULL PRIMARY KEY,
  kind       TEXT    NOT NULL CHECK (kind IN ('citizen', 'officer')),
  who        TEXT    NOT NULL,
  expires_s  BIGINT NOT NULL
);
CREATE INDEX sessions_ended ON sessions (expires_s);

CREATE TABLE tries (
  who      TEXT    NOT NULL PRIMARY KEY,
  hash     BYTEA    NOT NULL,
  count    BIGINT NOT NULL,
  until_s  BIGINT NOT NULL
);

CREATE TABLE payments (
  order_id     TEXT    NOT NULL PRIMARY KEY,
  application  TEXT    NOT NULL UNIQUE REFERENCES applications (number),
  rupees       BIGINT NOT NULL CHECK (rupees > 0),
  state        TEXT    NOT NULL CHECK (state IN ('open', 'paid')),
  created_s    BIGINT NOT NULL
);
CREATE INDEX payments_open ON payments (state, created_s, order_id);
CREATE INDEX applications_state ON applications (state, number);
