-- Reminders know what they remind of; tasks know who took them and how often the duty list was asked; numbers know when they
-- were introduced; what the office decided survives the next roster.
ALTER TABLE message ADD COLUMN reminds BIGINT;
ALTER TABLE task ADD COLUMN passed BIGINT NOT NULL DEFAULT 0;
ALTER TABLE task ADD COLUMN taken_by BIGINT;
ALTER TABLE contact ADD COLUMN introduced BIGINT;
ALTER TABLE relation ADD COLUMN by_office BIGINT NOT NULL DEFAULT 0;
ALTER TABLE contact_guardian ADD COLUMN by_office BIGINT NOT NULL DEFAULT 0;
CREATE INDEX task_risk ON task (district, due) WHERE kind = 6 AND ended IS NULL AND taken_by IS NULL;
CREATE INDEX message_reminds ON message (district, reminds) WHERE reminds IS NOT NULL
