-- What backups were made; which districts wait for "resume" after a restore; which rows may have gone since the backup.
-- delivery.restored: since when it may have gone under this very id; 0 = made anew of something that may have gone: no carrier can be asked.
-- message.restored: when the restore was, where it was still being expanded. incoming.restored: it waited to be understood.
CREATE TABLE backup (at BIGINT PRIMARY KEY, version TEXT NOT NULL, schema_number BIGINT NOT NULL);
CREATE TABLE restore (district BIGINT NOT NULL, at BIGINT NOT NULL, backup BIGINT NOT NULL, marked BIGINT NOT NULL, resumed BIGINT, PRIMARY KEY (district, at));
CREATE INDEX restore_paused ON restore (district) WHERE resumed IS NULL;
ALTER TABLE delivery ADD COLUMN restored BIGINT;
ALTER TABLE message ADD COLUMN restored BIGINT;
ALTER TABLE incoming ADD COLUMN restored BIGINT;
CREATE INDEX delivery_restored ON delivery (district, opens, id) WHERE state = 5 AND restored > 0
