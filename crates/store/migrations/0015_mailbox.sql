-- Of the directory: how far each mailbox was read that letters are fetched from.
CREATE TABLE mailbox (name TEXT PRIMARY KEY, validity BIGINT NOT NULL, uid BIGINT NOT NULL, read BIGINT NOT NULL)
