INSERT INTO counters (name, value) VALUES ('chat-events', 0);
INSERT INTO counters (name, value) VALUES ('chat-outbox', 0);

CREATE TABLE chat_events (
  place       INTEGER NOT NULL PRIMARY KEY,
  channel     TEXT    NOT NULL,
  id          TEXT    NOT NULL,
  handle      TEXT    NOT NULL,
  body        TEXT    NOT NULL,
  state       TEXT    NOT NULL CHECK (state IN ('waiting', 'done', 'dead')),
  sent_s      INTEGER NOT NULL,
  received_s  INTEGER NOT NULL,
  attempts    INTEGER NOT NULL,
  due_s       INTEGER NOT NULL,
  UNIQUE (channel, id)
) STRICT;
CREATE INDEX chat_events_due ON chat_events (state, due_s, place);
CREATE INDEX chat_events_in_order ON chat_events (channel, handle, state, sent_s, place);

CREATE TABLE chat_states (
  citizen  TEXT    NOT NULL PRIMARY KEY REFERENCES citizens (id),
  body     TEXT    NOT NULL,
  version  INTEGER NOT NULL
) STRICT;

CREATE TABLE chat_outbox (
  id          INTEGER NOT NULL PRIMARY KEY,
  channel     TEXT    NOT NULL,
  handle      TEXT    NOT NULL,
  about       TEXT    NOT NULL,
  body        TEXT    NOT NULL,
  state       TEXT    NOT NULL CHECK (state IN ('waiting', 'held', 'sent', 'dead')),
  attempts    INTEGER NOT NULL,
  due_s       INTEGER NOT NULL,
  message_id  TEXT    UNIQUE,
  progress    INTEGER NOT NULL,
  error       TEXT
) STRICT;
CREATE INDEX chat_outbox_due ON chat_outbox (state, due_s, id);
CREATE INDEX chat_outbox_in_order ON chat_outbox (channel, handle, state, id);
