-- The digits a delivery offers are read off its own row, with menu_base; 4 = none. Rows of menu stay for what is no answer to a message.
-- A queued delivery is small: its indexes begin where rows differ (ids are no other district's), its rendition's deliveries are looked
-- for only while they are held, and changed is 0 until something happened to it.
ALTER TABLE delivery ADD COLUMN offers BIGINT NOT NULL DEFAULT 4;
DROP INDEX delivery_rendition;
CREATE INDEX delivery_held ON delivery (rendition) WHERE state = 8;
DROP INDEX delivery_due;
CREATE INDEX delivery_due ON delivery (sender, lane, opens) WHERE state = 0;
DROP INDEX delivery_contact;
CREATE INDEX delivery_contact ON delivery (contact, sender);
DROP INDEX delivery_once;
CREATE UNIQUE INDEX delivery_once ON delivery (message, contact, language);
-- A text that just came in is in one index more than its key; what was tried too often is found without looking at what waits.
DROP INDEX incoming_thread;
CREATE INDEX incoming_thread ON incoming (thread, received) WHERE thread IS NOT NULL;
CREATE INDEX incoming_tired ON incoming (district, tries, id) WHERE place = 0 AND tries >= 5
