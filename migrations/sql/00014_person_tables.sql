-- People have an avatar, which is a URL, and an id in another system, which searches find.
-- Members who joined before have neither.

-- +goose Up
ALTER TABLE member
    ADD COLUMN avatar text NOT NULL DEFAULT '',
    ADD COLUMN external_id text NOT NULL DEFAULT '';
