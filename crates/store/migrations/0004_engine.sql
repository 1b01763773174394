-- When each number's next text is on time; what a brand sent a day; deliveries nobody has followed up yet.
ALTER TABLE sender ADD COLUMN on_time BIGINT NOT NULL DEFAULT 0;
ALTER TABLE delivery ADD COLUMN walked BIGINT NOT NULL DEFAULT 0;
CREATE INDEX delivery_fallen ON delivery (district, id) WHERE walked = 0 AND state IN (4, 6, 7);
CREATE TABLE spent (district BIGINT NOT NULL, brand TEXT NOT NULL, day BIGINT NOT NULL, count BIGINT NOT NULL, PRIMARY KEY (district, brand, day))
