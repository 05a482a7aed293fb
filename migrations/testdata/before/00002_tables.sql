-- The read models. Names stand without a schema, since rebuilding makes the same
-- tables in another one. Ids are those of the ledger; the organization leads.
-- An origin is the event behind a row: version, index, time, actor (empty: the
-- system).

-- +goose Up
CREATE TABLE checkpoint (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    position bigint NOT NULL,
    hash bytea NOT NULL
) WITH (fillfactor = 50);
INSERT INTO checkpoint (position, hash) VALUES (0, decode(repeat('00', 32), 'hex'));

-- Moves the checkpoint, or raises where it is not the one that the caller has.
-- +goose StatementBegin
CREATE FUNCTION move_checkpoint(had bigint, had_hash bytea, now bigint, now_hash bytea) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE checkpoint SET position = now, hash = now_hash WHERE one AND position = had AND hash = had_hash;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the checkpoint is not %', had USING ERRCODE = 'RO001';
    END IF;
END $$;
-- +goose StatementEnd

CREATE TABLE organization (
    org_id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    scheme_digest text COLLATE "C" NOT NULL, -- the SHA-256 of scheme as the ledger writes it
    scheme jsonb NOT NULL
);

-- The roles of each organization's scheme, for those who ask with SQL.
CREATE TABLE scheme_role (
    org_id text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL, -- organization, project, team
    role text COLLATE "C" NOT NULL,
    rank int NOT NULL,
    all_projects text COLLATE "C" NOT NULL, -- project role held everywhere; empty: none
    levels jsonb NOT NULL
);

-- sort_name is the name, or the login, or the id, in lower case; the tables of
-- grants and team members have copies.
CREATE TABLE member (
    org_id text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    role text COLLATE "C" NOT NULL,
    reach text COLLATE "C" NOT NULL, -- project role held everywhere; empty: none
    login text NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    sort_name text COLLATE "C" NOT NULL,
    search text COLLATE "C" NOT NULL,
    joined_version bigint NOT NULL,
    joined_index int NOT NULL,
    joined_at timestamptz NOT NULL,
    joined_actor text NOT NULL,
    role_version bigint NOT NULL,
    role_index int NOT NULL,
    role_at timestamptz NOT NULL,
    role_actor text NOT NULL
) WITH (fillfactor = 90);

CREATE TABLE project (
    org_id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    sort_name text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    index int NOT NULL,
    at timestamptz NOT NULL,
    actor text NOT NULL
);

CREATE TABLE project_member (
    org_id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    role text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    index int NOT NULL,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    sort_name text COLLATE "C" NOT NULL
) WITH (fillfactor = 90);

CREATE TABLE team (
    org_id text COLLATE "C" NOT NULL,
    team_id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    sort_name text COLLATE "C" NOT NULL,
    description text NOT NULL,
    privacy text NOT NULL,
    parent text COLLATE "C" NOT NULL, -- empty: the top level
    version bigint NOT NULL,
    index int NOT NULL,
    at timestamptz NOT NULL,
    actor text NOT NULL
);

CREATE TABLE team_member (
    org_id text COLLATE "C" NOT NULL,
    team_id text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    role text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    index int NOT NULL,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    sort_name text COLLATE "C" NOT NULL
) WITH (fillfactor = 90);

-- One row for a team that is assigned, and one for each team that inherits from it.
CREATE TABLE project_team (
    org_id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    team_id text COLLATE "C" NOT NULL, -- whose members have the role
    assigned_team text COLLATE "C" NOT NULL, -- the same, or a team above it
    role text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    index int NOT NULL,
    at timestamptz NOT NULL,
    actor text NOT NULL
) WITH (fillfactor = 90);

CREATE TABLE invite (
    org_id text COLLATE "C" NOT NULL,
    invite_id text COLLATE "C" NOT NULL,
    role text COLLATE "C" NOT NULL,
    email text NOT NULL,
    projects jsonb NOT NULL,
    expires_at timestamptz, -- null: never
    version bigint NOT NULL,
    index int NOT NULL,
    at timestamptz NOT NULL,
    actor text NOT NULL
);

-- Payloads stay in the ledger, at position.
CREATE TABLE audit (
    org_id text COLLATE "C" NOT NULL,
    at timestamptz NOT NULL,
    version bigint NOT NULL,
    index int NOT NULL,
    position bigint NOT NULL,
    type text COLLATE "C" NOT NULL,
    actor text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL -- the person, else the team, project or invite
);

-- Every reason for somebody's access to a project.
CREATE VIEW access_source AS
SELECT pm.org_id, pm.project_id, pm.user_id, 'direct' AS kind, 0 AS shown, pm.role,
    '' COLLATE "C" AS team_id, '' COLLATE "C" AS via, pm.version, pm.index, pm.at, pm.actor,
    NULL::bigint AS entered_version, NULL::int AS entered_index, NULL::timestamptz AS entered_at, NULL::text AS entered_actor
FROM project_member pm
UNION ALL
SELECT m.org_id, p.project_id, m.user_id, 'organization', 1, m.reach,
    '', '', m.role_version, m.role_index, m.role_at, m.role_actor, NULL, NULL, NULL, NULL
FROM member m JOIN project p ON p.org_id = m.org_id
WHERE m.reach <> ''
UNION ALL
SELECT pt.org_id, pt.project_id, tm.user_id, 'team', 2, pt.role,
    pt.assigned_team, pt.team_id, pt.version, pt.index, pt.at, pt.actor, tm.version, tm.index, tm.at, tm.actor
FROM project_team pt JOIN team_member tm ON tm.org_id = pt.org_id AND tm.team_id = pt.team_id;

-- What people may do on projects, one row a person and project that has access.
CREATE VIEW effective_access AS
SELECT s.org_id, s.project_id, s.user_id,
    (array_agg(s.role ORDER BY r.rank DESC, s.shown, s.team_id, s.via))[1] AS role,
    count(*) AS sources
FROM access_source s
JOIN scheme_role r ON r.org_id = s.org_id AND r.kind = 'project' AND r.role = s.role
GROUP BY s.org_id, s.project_id, s.user_id;
