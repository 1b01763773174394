-- A contact point has few deliveries: its index needs no number of ours beside it, and a queued delivery is nine bytes smaller.
DROP INDEX delivery_contact;
CREATE INDEX delivery_contact ON delivery (contact)
