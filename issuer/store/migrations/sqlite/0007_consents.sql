-- Who checks certificates with a key of its own: a name and a kind that holders are told.
CREATE TABLE verifiers (
  id    TEXT NOT NULL PRIMARY KEY,
  name  TEXT NOT NULL,
  kind  TEXT NOT NULL,
  hash  BLOB NOT NULL UNIQUE
) STRICT;

-- Name and kind are kept as the holder was told them.
CREATE TABLE subscriptions (
  id           TEXT    NOT NULL PRIMARY KEY,
  verifier     TEXT    NOT NULL,
  name         TEXT    NOT NULL,
  kind         TEXT    NOT NULL,
  place        INTEGER NOT NULL REFERENCES certificates (place),
  application  TEXT    NOT NULL REFERENCES applications (number),
  citizen      TEXT    NOT NULL REFERENCES citizens (id),
  purpose      TEXT    NOT NULL,
  url          TEXT    NOT NULL,
  secret       BLOB    NOT NULL,
  state        TEXT    NOT NULL CHECK (state IN ('asked', 'active', 'refused', 'withdrawn', 'ended')),
  asked_day    INTEGER NOT NULL,
  until_day    INTEGER NOT NULL
) STRICT;
CREATE INDEX subscriptions_to_tell ON subscriptions (place, state, id);
CREATE INDEX subscriptions_of_verifier ON subscriptions (verifier, id);
CREATE INDEX subscriptions_asked ON subscriptions (verifier, place, asked_day);
CREATE INDEX subscriptions_of_citizen ON subscriptions (citizen, asked_day, id);

-- Whether a citizen is to be told of checks; changes are counted, so that nodes read only what is new.
INSERT INTO counters (name, value) VALUES ('wishes', 0);
CREATE TABLE wishes (
  citizen   TEXT    NOT NULL PRIMARY KEY REFERENCES citizens (id),
  wanted    INTEGER NOT NULL CHECK (wanted IN (0, 1)),
  change    INTEGER NOT NULL,
  told_day  INTEGER NOT NULL,
  told      INTEGER NOT NULL
) STRICT;
CREATE INDEX wishes_by_change ON wishes (change);

-- Checks that their holder is to be told of: emptied when told, gone when the day is over.
CREATE TABLE checks (
  place    INTEGER NOT NULL REFERENCES certificates (place),
  kind     TEXT    NOT NULL,
  citizen  TEXT    NOT NULL REFERENCES citizens (id),
  purpose  TEXT    NOT NULL,
  first_s  INTEGER NOT NULL,
  count    INTEGER NOT NULL,
  due_s    INTEGER NOT NULL,
  PRIMARY KEY (place, kind)
) STRICT;
CREATE INDEX checks_due ON checks (due_s, citizen);
CREATE INDEX checks_of ON checks (citizen, place, kind);
-- What was said of checks is forgotten when it has arrived.
CREATE INDEX chat_outbox_checks ON chat_outbox (state, due_s) WHERE about = 'check';
