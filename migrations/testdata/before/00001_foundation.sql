-- What rebuilding leaves alone: extensions, schemas, and the notifications, whose
-- marks no ledger holds.

-- +goose Up
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS btree_gin WITH SCHEMA public;

CREATE SCHEMA roster;
CREATE SCHEMA roster_inbox;

CREATE TABLE roster_inbox.checkpoint (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    position bigint NOT NULL,
    hash bytea NOT NULL
) WITH (fillfactor = 50);
INSERT INTO roster_inbox.checkpoint (position, hash) VALUES (0, decode(repeat('00', 32), 'hex'));

CREATE TABLE roster_inbox.notification (
    org_id text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    notice_id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL, -- empty: the organization
    from_role text NOT NULL,
    to_role text NOT NULL,
    position bigint NOT NULL,
    version bigint NOT NULL,
    index int NOT NULL,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    shown_at timestamptz,
    acknowledged_at timestamptz,
    PRIMARY KEY (org_id, user_id, notice_id)
);
CREATE INDEX notification_due ON roster_inbox.notification (org_id, user_id, project_id) WHERE shown_at IS NULL;
CREATE INDEX notification_list ON roster_inbox.notification (user_id, position DESC, notice_id);
