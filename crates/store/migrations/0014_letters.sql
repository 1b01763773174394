-- How many letters came to one answer address of late.
CREATE INDEX incoming_letter ON incoming (district, sent_to, received) WHERE via = 2
