-- A late answer to "who is it for" finds the texts that went to the office without one.
CREATE INDEX incoming_asked ON incoming (district, contact, sender) WHERE place = 3 AND asked = 1
