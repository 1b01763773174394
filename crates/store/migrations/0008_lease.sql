-- Of the directory: what only one process may hold at a time, such as a session with a message center; who does, and until when.
CREATE TABLE lease (name TEXT PRIMARY KEY, holder TEXT NOT NULL, ends BIGINT NOT NULL)
