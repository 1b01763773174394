-- The digits a delivery offers are read off its own row, with menu_base; 4 = none. Rows of menu stay for what is no answer to a message.
-- A rendition's deliveries are looked for only while they are held.
ALTER TABLE delivery ADD COLUMN offers BIGINT NOT NULL DEFAULT 4;
DROP INDEX delivery_rendition;
CREATE INDEX delivery_held ON delivery (district, rendition) WHERE state = 8
