ALTER TABLE citizens ADD COLUMN language TEXT NOT NULL DEFAULT 'hi';
ALTER TABLE citizens ADD COLUMN email TEXT;

CREATE TABLE orders (
  order_id     TEXT    NOT NULL PRIMARY KEY,
  application  TEXT    NOT NULL UNIQUE REFERENCES applications (number),
  rupees       INTEGER NOT NULL CHECK (rupees > 0),
  state        TEXT    NOT NULL CHECK (state IN ('open', 'paid', 'refund-due', 'refunded')),
  created_s    INTEGER NOT NULL,
  ask_s        INTEGER,
  reference    TEXT
) STRICT;
INSERT INTO orders (order_id, application, rupees, state, created_s, ask_s)
  SELECT order_id, application, rupees, state, created_s, CASE state WHEN 'open' THEN created_s END FROM payments;
DROP TABLE payments;
CREATE INDEX orders_to_ask ON orders (ask_s, order_id);

CREATE TABLE transfers (
  id           TEXT    NOT NULL PRIMARY KEY,
  debit        TEXT    NOT NULL,
  credit       TEXT    NOT NULL,
  paise        INTEGER NOT NULL CHECK (paise > 0),
  application  TEXT    REFERENCES applications (number),
  at_s         INTEGER NOT NULL
) STRICT;
CREATE INDEX transfers_debit ON transfers (debit, at_s, id);
CREATE INDEX transfers_credit ON transfers (credit, at_s, id);
CREATE INDEX transfers_application ON transfers (application, at_s, id);

INSERT INTO counters (name, value) VALUES ('outbox', 0);
CREATE TABLE outbox (
  id         INTEGER NOT NULL PRIMARY KEY,
  queue      TEXT    NOT NULL,
  kind       TEXT    NOT NULL CHECK (kind IN ('citizen', 'webhook')),
  recipient  TEXT    NOT NULL,
  body       TEXT    NOT NULL,
  state      TEXT    NOT NULL CHECK (state IN ('waiting', 'sent', 'dead')),
  attempts   INTEGER NOT NULL,
  due_s      INTEGER NOT NULL,
  error      TEXT
) STRICT;
CREATE INDEX outbox_due ON outbox (state, due_s, id);
CREATE INDEX outbox_in_order ON outbox (queue, state, id);

CREATE TABLE webhooks (
  id          TEXT NOT NULL PRIMARY KEY,
  department  TEXT NOT NULL,
  url         TEXT NOT NULL,
  secret      BLOB NOT NULL
) STRICT;
CREATE INDEX webhooks_of ON webhooks (department, id);

CREATE TABLE delegations (
  id            TEXT    NOT NULL PRIMARY KEY,
  from_officer  TEXT    NOT NULL REFERENCES officers (id) ON DELETE CASCADE,
  to_officer    TEXT    NOT NULL REFERENCES officers (id) ON DELETE CASCADE,
  from_day      INTEGER NOT NULL,
  until_day     INTEGER NOT NULL
) STRICT;
CREATE INDEX delegations_to ON delegations (to_officer, until_day);
CREATE INDEX delegations_from ON delegations (from_officer, until_day);

CREATE TABLE proposals (
  id          TEXT    NOT NULL PRIMARY KEY,
  by_officer  TEXT    NOT NULL,
  body        TEXT    NOT NULL,
  state       TEXT    NOT NULL CHECK (state IN ('open', 'done')),
  at_s        INTEGER NOT NULL
) STRICT;
CREATE INDEX proposals_open ON proposals (state, at_s, id);

ALTER TABLE events ADD COLUMN note TEXT NOT NULL DEFAULT '';
