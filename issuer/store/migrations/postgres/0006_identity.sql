-- Who a citizen has proved to be: the least that is kept of a proof.
CREATE TABLE identities (
  citizen  TEXT NOT NULL PRIMARY KEY REFERENCES citizens (id),
  body     TEXT NOT NULL
);

-- Other names by which a channel knows a citizen, such as the number before there was a user name.
CREATE TABLE handles (
  channel  TEXT NOT NULL,
  handle   TEXT NOT NULL,
  citizen  TEXT NOT NULL REFERENCES citizens (id),
  PRIMARY KEY (channel, handle)
);
CREATE INDEX handles_of ON handles (citizen);

-- Sign-ins elsewhere that were begun: by the hash of the state that comes back.
CREATE TABLE sign_ins (
  hash       BYTEA   NOT NULL PRIMARY KEY,
  citizen    TEXT    NOT NULL REFERENCES citizens (id),
  verifier   TEXT    NOT NULL,
  expires_s  BIGINT  NOT NULL
);
CREATE INDEX sign_ins_ended ON sign_ins (expires_s);
