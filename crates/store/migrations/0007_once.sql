-- SQLite kept a key twice, in its table and in the key's index: attempts and companies' ids lie in their key's order now, and a
-- delivery under its own id, which no other district's has. PostgreSQL has no such choice.
SQLITE CREATE TABLE delivery_anew (id INTEGER PRIMARY KEY, district BIGINT NOT NULL, message BIGINT NOT NULL, contact BIGINT NOT NULL, rendition BIGINT NOT NULL, language TEXT NOT NULL, channel BIGINT NOT NULL, sender BIGINT NOT NULL, lane BIGINT NOT NULL, weight BIGINT NOT NULL, state BIGINT NOT NULL, attempt BIGINT NOT NULL, opens BIGINT NOT NULL, closes BIGINT NOT NULL, claimed_at BIGINT, claimed_until BIGINT, students TEXT NOT NULL, menu_base BIGINT NOT NULL, speaks_for BIGINT NOT NULL, reason TEXT NOT NULL, changed BIGINT NOT NULL, restored BIGINT, walked BIGINT NOT NULL DEFAULT 0, offers BIGINT NOT NULL DEFAULT 4);
SQLITE INSERT INTO delivery_anew (id, district, message, contact, rendition, language, channel, sender, lane, weight, state, attempt, opens, closes, claimed_at, claimed_until, students, menu_base, speaks_for, reason, changed, restored, walked, offers) SELECT id, district, message, contact, rendition, language, channel, sender, lane, weight, state, attempt, opens, closes, claimed_at, claimed_until, students, menu_base, speaks_for, reason, changed, restored, walked, offers FROM delivery;
SQLITE DROP TABLE delivery;
SQLITE ALTER TABLE delivery_anew RENAME TO delivery;
SQLITE CREATE UNIQUE INDEX delivery_once ON delivery (message, contact, language);
SQLITE CREATE INDEX delivery_due ON delivery (sender, lane, opens) WHERE state = 0;
SQLITE CREATE INDEX delivery_late ON delivery (district, claimed_until) WHERE state = 1;
SQLITE CREATE INDEX delivery_contact ON delivery (contact, sender);
SQLITE CREATE INDEX delivery_held ON delivery (rendition) WHERE state = 8;
SQLITE CREATE INDEX delivery_restored ON delivery (district, opens, id) WHERE state = 5 AND restored > 0;
SQLITE CREATE INDEX delivery_fallen ON delivery (district, id) WHERE walked = 0 AND state IN (4, 6, 7);
SQLITE CREATE TABLE attempt_anew (district BIGINT NOT NULL, delivery BIGINT NOT NULL, number BIGINT NOT NULL, at BIGINT NOT NULL, outcome BIGINT, segments BIGINT, reason TEXT, PRIMARY KEY (district, delivery, number)) WITHOUT ROWID;
SQLITE INSERT INTO attempt_anew (district, delivery, number, at, outcome, segments, reason) SELECT district, delivery, number, at, outcome, segments, reason FROM attempt;
SQLITE DROP TABLE attempt;
SQLITE ALTER TABLE attempt_anew RENAME TO attempt;
SQLITE CREATE TABLE provider_id_anew (district BIGINT NOT NULL, id TEXT NOT NULL, delivery BIGINT NOT NULL, number BIGINT NOT NULL, PRIMARY KEY (district, id)) WITHOUT ROWID;
SQLITE INSERT INTO provider_id_anew (district, id, delivery, number) SELECT district, id, delivery, number FROM provider_id;
SQLITE DROP TABLE provider_id;
SQLITE ALTER TABLE provider_id_anew RENAME TO provider_id
