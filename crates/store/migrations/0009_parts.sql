-- Parts of long texts that a company hands over one by one. A part that was joined keeps its replay key, so that a repeated one is
-- dropped; what is open is found by its index alone.
CREATE TABLE part (district BIGINT NOT NULL, replay TEXT NOT NULL, via BIGINT NOT NULL, received BIGINT NOT NULL, sent_from TEXT NOT NULL, sent_to TEXT NOT NULL, raw BYTES NOT NULL, carrier_answered BIGINT NOT NULL, name TEXT NOT NULL, number BIGINT NOT NULL, total BIGINT NOT NULL, joined BIGINT, PRIMARY KEY (district, replay));
CREATE INDEX part_open ON part (district, received) WHERE joined IS NULL;
