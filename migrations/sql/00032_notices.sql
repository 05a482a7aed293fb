-- Notices of several kinds; mails to be sent, and those that were. The mails stand in a schema of their own, which rebuilding leaves alone: no ledger
-- holds which were sent. There is no text of a person in it, and no secret.

-- +goose Up
ALTER TABLE roster_inbox.notification ADD COLUMN kind text COLLATE "C" NOT NULL DEFAULT 'role_changed';
ALTER TABLE roster_inbox.notification ALTER COLUMN kind DROP DEFAULT;
ALTER TABLE roster_inbox.notification ADD COLUMN invite_id text COLLATE "C" NOT NULL DEFAULT ''; -- empty: none
ALTER TABLE roster_inbox.notification ADD COLUMN request_id text COLLATE "C" NOT NULL DEFAULT ''; -- empty: none

CREATE INDEX notification_unread ON roster_inbox.notification (user_id) WHERE shown_at IS NULL;

CREATE SCHEMA roster_outbox;

-- The checkpoint has a row once mails have been sent.
CREATE TABLE roster_outbox.checkpoint (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    position bigint NOT NULL,
    hash bytea NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE roster_outbox.mail (
    notice_id text COLLATE "C" PRIMARY KEY,
    kind text COLLATE "C" NOT NULL,
    org_id text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL, -- empty: it goes to the address of the invite
    invite_id text COLLATE "C" NOT NULL, -- empty: none
    request_id text COLLATE "C" NOT NULL, -- empty: none
    project_id text COLLATE "C" NOT NULL, -- empty: the organization
    from_role text NOT NULL,
    to_role text NOT NULL,
    position bigint NOT NULL,
    version bigint NOT NULL,
    index int NOT NULL,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    about_id text COLLATE "C" NOT NULL, -- whose access a reminder is about; empty for all else
    until timestamptz, -- the end that a reminder is about
    email text NOT NULL, -- sealed, of somebody who is no member; empty: that of the member
    metadata jsonb NOT NULL, -- sealed, of somebody who is no member any more, for the language; {}: none
    state text COLLATE "C" NOT NULL DEFAULT 'waiting', -- waiting, sent, dropped, dead
    due_at timestamptz NOT NULL DEFAULT now(), -- of one that waits
    tries int NOT NULL DEFAULT 0,
    error text NOT NULL DEFAULT '', -- of the last try, or why it was dropped
    settled_at timestamptz -- when it was sent or dropped, or became a dead letter
);
CREATE INDEX mail_due ON roster_outbox.mail (org_id, due_at) WHERE state = 'waiting';
CREATE INDEX mail_dead ON roster_outbox.mail (settled_at, notice_id) WHERE state = 'dead';
CREATE INDEX mail_settled ON roster_outbox.mail (settled_at) WHERE state IN ('sent', 'dropped');
