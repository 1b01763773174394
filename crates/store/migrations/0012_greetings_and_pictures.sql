-- The delivery that greeted a number: what follows it waits for its receipt. NULL = greeted by an older version, or never.
ALTER TABLE contact ADD COLUMN greeting BIGINT;
-- Pictures and the like that came with a text: known by the text's replay key before the text is understood. state: 0 = to be fetched,
-- 1 = here, 2 = given up. The bytes lie apart, so that a list of them reads no pictures; they are in the database, so that a backup
-- has them with the text they came with.
CREATE TABLE attachment (district BIGINT NOT NULL, replay TEXT NOT NULL, number BIGINT NOT NULL, account TEXT NOT NULL, link TEXT NOT NULL, state BIGINT NOT NULL, kind BIGINT NOT NULL, size BIGINT NOT NULL, tries BIGINT NOT NULL, opens BIGINT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (district, replay, number));
CREATE INDEX attachment_due ON attachment (district, opens) WHERE state = 0;
CREATE TABLE attachment_bytes (district BIGINT NOT NULL, replay TEXT NOT NULL, number BIGINT NOT NULL, bytes BYTES NOT NULL, PRIMARY KEY (district, replay, number))
