-- When people hear of a notice: next_access, at_once, both.

-- +goose Up
ALTER TABLE roster_inbox.notification ADD COLUMN notice_time text COLLATE "C" NOT NULL DEFAULT 'both';
ALTER TABLE roster_inbox.notification ALTER COLUMN notice_time DROP DEFAULT;

DROP INDEX roster_inbox.notification_due;
CREATE INDEX notification_due ON roster_inbox.notification (org_id, user_id, project_id)
    WHERE shown_at IS NULL AND notice_time <> 'at_once';
