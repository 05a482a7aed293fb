-- The read models. Names stand without a schema, since rebuilding makes the same
-- tables in another one. Ids are those of the ledger; the organization is in every key.
-- An origin is the event behind a row: version, index, time, actor (empty: the
-- system).
--
-- Tables that bulk commands fill quickly are analyzed when a twentieth of them has
-- changed, at the earliest after 1,000 rows, so that plans follow their growth.

-- +goose Up
CREATE TABLE checkpoint (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    position bigint NOT NULL,
    hash bytea NOT NULL,
    collation_version int[] NOT NULL DEFAULT '{}' -- the version of the keys and of the texts for searches
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
    archived boolean NOT NULL,
    seats int NOT NULL, -- 0: no limit
    overrides text COLLATE "C" NOT NULL, -- what they may do: both, raise, lower; empty: nothing, there are none
    scheme_digest text COLLATE "C" NOT NULL, -- the SHA-256 of scheme as the ledger writes it
    scheme jsonb NOT NULL
);

-- The roles of each organization's scheme, for those who ask with SQL.
CREATE TABLE scheme_role (
    org_id text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL, -- organization, project, team
    role text COLLATE "C" NOT NULL,
    label text NOT NULL,
    rank int NOT NULL,
    levels jsonb NOT NULL,
    own_levels text COLLATE "C" NOT NULL, -- how those of holders combine: instead, on_top; empty: they have none
    all_projects text COLLATE "C" NOT NULL, -- project role held everywhere; empty: none
    project_role text COLLATE "C" NOT NULL, -- project role where none is stated; empty: none
    bypass boolean NOT NULL,
    protected boolean NOT NULL,
    custom boolean NOT NULL
);

-- The permissions of each organization's scheme.
CREATE TABLE scheme_permission (
    org_id text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL, -- organization, project
    permission text COLLATE "C" NOT NULL,
    position int NOT NULL, -- in the scheme's order, from 0
    label text NOT NULL,
    toggle boolean NOT NULL -- off and on, instead of none, view and full
);

-- sort_name is the collation key of the name, or of the login, or of the id; the tables of
-- grants and team members have copies. search is what searches look in, folded. The program
-- makes both.
CREATE TABLE member (
    org_id text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    role text COLLATE "C" NOT NULL,
    reach text COLLATE "C" NOT NULL, -- project role held everywhere; empty: none
    project_role text COLLATE "C" NOT NULL, -- project role where none is stated; empty: none
    bypass boolean NOT NULL, -- neither levels nor overrides restrict what reach gives
    levels jsonb NOT NULL, -- the member's own
    start timestamptz, -- when it starts, or has started later than it was given; null: it started at once
    until timestamptz, -- null: has no end
    deactivated boolean NOT NULL,
    login text NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    avatar text NOT NULL, -- a URL
    external_id text NOT NULL, -- in another system
    sort_name bytea NOT NULL,
    search text COLLATE "C" NOT NULL,
    joined_version bigint NOT NULL,
    joined_index int NOT NULL,
    joined_at timestamptz NOT NULL,
    joined_actor text NOT NULL,
    role_version bigint NOT NULL,
    role_index int NOT NULL,
    role_at timestamptz NOT NULL,
    role_actor text NOT NULL
) WITH (fillfactor = 90, autovacuum_analyze_scale_factor = 0.05, autovacuum_analyze_threshold = 1000);

CREATE TABLE project (
    org_id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    sort_name bytea NOT NULL,
    search text COLLATE "C" NOT NULL,
    archived boolean NOT NULL,
    public_link boolean NOT NULL, -- on
    version bigint NOT NULL,
    index int NOT NULL,
    at timestamptz NOT NULL,
    actor text NOT NULL
) WITH (autovacuum_analyze_scale_factor = 0.05, autovacuum_analyze_threshold = 1000);

CREATE TABLE project_member (
    org_id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    role text COLLATE "C" NOT NULL,
    levels jsonb NOT NULL, -- the member's own
    start timestamptz, -- when it starts, or has started later than it was given; null: it started at once
    until timestamptz, -- null: has no end
    creator boolean NOT NULL, -- it came with creating the project
    version bigint NOT NULL,
    index int NOT NULL,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    sort_name bytea NOT NULL
) WITH (fillfactor = 90, autovacuum_analyze_scale_factor = 0.05, autovacuum_analyze_threshold = 1000);

-- Single permissions of people on projects, set beside the role.
CREATE TABLE project_override (
    org_id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    permission text COLLATE "C" NOT NULL,
    level text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    index int NOT NULL,
    at timestamptz NOT NULL,
    actor text NOT NULL
) WITH (autovacuum_analyze_scale_factor = 0.05, autovacuum_analyze_threshold = 1000);

CREATE TABLE team (
    org_id text COLLATE "C" NOT NULL,
    team_id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    sort_name bytea NOT NULL,
    search text COLLATE "C" NOT NULL,
    description text NOT NULL,
    privacy text NOT NULL,
    colour text NOT NULL, -- as in #1a2b3c; empty: none
    parent text COLLATE "C" NOT NULL, -- empty: the top level
    version bigint NOT NULL,
    index int NOT NULL,
    at timestamptz NOT NULL,
    actor text NOT NULL
) WITH (autovacuum_analyze_scale_factor = 0.05, autovacuum_analyze_threshold = 1000);

CREATE TABLE team_member (
    org_id text COLLATE "C" NOT NULL,
    team_id text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    role text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    index int NOT NULL,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    sort_name bytea NOT NULL
) WITH (fillfactor = 90, autovacuum_analyze_scale_factor = 0.05, autovacuum_analyze_threshold = 1000);

-- From which teams each team inherits: itself, and where the scheme has inheritance, those
-- above it.
CREATE TABLE team_ancestor (
    org_id text COLLATE "C" NOT NULL,
    team_id text COLLATE "C" NOT NULL,
    ancestor text COLLATE "C" NOT NULL
) WITH (autovacuum_analyze_scale_factor = 0.05, autovacuum_analyze_threshold = 1000);

-- The teams that are assigned to projects. Those that inherit from them have no rows here.
CREATE TABLE project_team (
    org_id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    team_id text COLLATE "C" NOT NULL,
    role text COLLATE "C" NOT NULL, -- empty: each member's project_role
    start timestamptz, -- when it starts, or has started later than it was given; null: it started at once
    until timestamptz, -- null: has no end
    version bigint NOT NULL,
    index int NOT NULL,
    at timestamptz NOT NULL,
    actor text NOT NULL
) WITH (fillfactor = 90, autovacuum_analyze_scale_factor = 0.05, autovacuum_analyze_threshold = 1000);

CREATE TABLE invite (
    org_id text COLLATE "C" NOT NULL,
    invite_id text COLLATE "C" NOT NULL,
    closed text COLLATE "C" NOT NULL, -- accepted, declined, revoked or expired; empty: it is open
    role text COLLATE "C" NOT NULL,
    email text NOT NULL,
    address text COLLATE "C" NOT NULL, -- the email in small letters
    user_id text COLLATE "C" NOT NULL, -- whom it is for, or who closed it; empty: not known
    levels jsonb NOT NULL, -- the member's own to be
    start timestamptz, -- when the membership will start; null: when the invite is accepted
    until timestamptz, -- when the membership will end; null: never
    projects jsonb NOT NULL,
    teams jsonb NOT NULL,
    expires_at timestamptz, -- null: never
    opened_at timestamptz, -- null: not since it was sent last
    closed_at timestamptz, -- null: it is open
    first_at timestamptz NOT NULL, -- when it was sent first; at is when last
    version bigint NOT NULL,
    index int NOT NULL,
    at timestamptz NOT NULL,
    actor text NOT NULL
) WITH (autovacuum_analyze_scale_factor = 0.05, autovacuum_analyze_threshold = 1000);

-- Requests for access. What people say in them is in no table.
CREATE TABLE access_request (
    org_id text COLLATE "C" NOT NULL,
    request_id text COLLATE "C" NOT NULL,
    closed text COLLATE "C" NOT NULL, -- approved, denied, withdrawn, expired or void; empty: it is open
    user_id text COLLATE "C" NOT NULL, -- who asks
    project_id text COLLATE "C" NOT NULL, -- empty: to join the organization, or for a higher role there
    role text COLLATE "C" NOT NULL,
    elevation boolean NOT NULL, -- it asks for a higher role for a time
    minutes int NOT NULL, -- how long an elevation is to last; 0: until says when it ends
    until timestamptz, -- when what it asks for ends; null: never, or after minutes
    expires_at timestamptz, -- null: never
    closed_at timestamptz, -- null: it is open
    version bigint NOT NULL,
    index int NOT NULL,
    at timestamptz NOT NULL,
    actor text NOT NULL
) WITH (autovacuum_analyze_scale_factor = 0.05, autovacuum_analyze_threshold = 1000);

-- Higher roles that people have for a time, beside what they have without them. One on a project gives something only while its
-- person has access there in another way.
CREATE TABLE elevation (
    org_id text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL, -- empty: a role in the organization
    role text COLLATE "C" NOT NULL,
    reach text COLLATE "C" NOT NULL, -- project role held everywhere; empty: none
    bypass boolean NOT NULL, -- neither levels nor overrides restrict what reach gives
    until timestamptz NOT NULL,
    request_id text COLLATE "C" NOT NULL, -- what asked for it
    version bigint NOT NULL,
    index int NOT NULL,
    at timestamptz NOT NULL,
    actor text NOT NULL -- who approved it
);

-- Domains of addresses by which people join.
CREATE TABLE email_domain (
    org_id text COLLATE "C" NOT NULL,
    domain text COLLATE "C" NOT NULL, -- in small letters, an international one as people read it
    mode text COLLATE "C" NOT NULL, -- automatic or approval
    role text COLLATE "C" NOT NULL,
    verified_at timestamptz, -- null: never
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
    subject text COLLATE "C" NOT NULL -- the person, else the team, project, invite or request
) WITH (autovacuum_analyze_scale_factor = 0.05, autovacuum_analyze_threshold = 1000);

-- All that an event is about, and what ended with it.
CREATE TABLE audit_subject (
    org_id text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    at timestamptz NOT NULL,
    version bigint NOT NULL,
    index int NOT NULL
) WITH (autovacuum_analyze_scale_factor = 0.05, autovacuum_analyze_threshold = 1000);

-- Levels as numbers: none and off are 0, view is 1, full and on are 2.
CREATE FUNCTION level_number(level text) RETURNS int LANGUAGE sql IMMUTABLE
RETURN CASE WHEN level IN ('full', 'on') THEN 2 WHEN level = 'view' THEN 1 WHEN level IS NOT NULL THEN 0 END;

CREATE FUNCTION level_name(number int, toggle boolean) RETURNS text LANGUAGE sql IMMUTABLE
RETURN CASE number WHEN 2 THEN CASE WHEN toggle THEN 'on' ELSE 'full' END
    WHEN 1 THEN CASE WHEN toggle THEN 'off' ELSE 'view' END
    ELSE CASE WHEN toggle THEN 'off' ELSE 'none' END END;

-- The number of a level once an override is applied, where there is one.
CREATE FUNCTION overridden(held int, override int, may text) RETURNS int LANGUAGE sql IMMUTABLE
RETURN CASE may WHEN 'both' THEN coalesce(override, held) WHEN 'raise' THEN greatest(held, override)
    WHEN 'lower' THEN least(held, override) ELSE held END;

-- Every source of somebody's access to a project, also those that start later or have ended, and
-- those of members who are deactivated. start and until are when the source itself starts and ends. starts_at
-- is when both it and the membership have started; null: at once. ends_at is when one of them ends; null: never.
CREATE VIEW access_reason AS
SELECT pm.org_id, pm.project_id, pm.user_id,
    CASE WHEN pm.creator THEN 'creator' ELSE 'direct' END AS kind, CASE WHEN pm.creator THEN 1 ELSE 0 END AS shown,
    pm.role, pm.levels, false AS bypass, pm.start, pm.until, '' COLLATE "C" AS team_id, '' COLLATE "C" AS via,
    pm.version, pm.index, pm.at, pm.actor,
    NULL::bigint AS entered_version, NULL::int AS entered_index, NULL::timestamptz AS entered_at, NULL::text AS entered_actor,
    m.deactivated, greatest(m.start, pm.start) AS starts_at, least(m.until, pm.until) AS ends_at
FROM project_member pm JOIN member m USING (org_id, user_id)
UNION ALL
SELECT m.org_id, p.project_id, m.user_id,
    'organization', 2,
    m.reach, '{}', m.bypass, m.start, m.until, '', '',
    m.role_version, m.role_index, m.role_at, m.role_actor,
    NULL, NULL, NULL, NULL,
    m.deactivated, m.start, m.until
FROM member m JOIN project p USING (org_id)
WHERE m.reach <> ''
UNION ALL
SELECT e.org_id, p.project_id, e.user_id,
    'elevation', CASE WHEN e.project_id = '' THEN 3 ELSE 4 END,
    CASE WHEN e.project_id = '' THEN e.reach ELSE e.role END, '{}', e.bypass, NULL, e.until, '', '',
    e.version, e.index, e.at, e.actor,
    NULL, NULL, NULL, NULL,
    m.deactivated, m.start, least(m.until, e.until)
FROM elevation e JOIN member m USING (org_id, user_id)
    JOIN project p ON p.org_id = e.org_id AND (p.project_id = e.project_id OR e.project_id = '' AND e.reach <> '')
UNION ALL
SELECT pt.org_id, pt.project_id, tm.user_id,
    'team', 5,
    coalesce(nullif(pt.role, ''), m.project_role), '{}', false, pt.start, pt.until, pt.team_id, tm.team_id,
    pt.version, pt.index, pt.at, pt.actor,
    tm.version, tm.index, tm.at, tm.actor,
    m.deactivated, greatest(m.start, pt.start), least(m.until, pt.until)
FROM project_team pt JOIN team_ancestor ta ON (ta.org_id, ta.ancestor) = (pt.org_id, pt.team_id)
    JOIN team_member tm ON (tm.org_id, tm.team_id) = (ta.org_id, ta.team_id)
    JOIN member m ON (m.org_id, m.user_id) = (tm.org_id, tm.user_id)
WHERE coalesce(nullif(pt.role, ''), m.project_role) <> '';

-- The sources that hold at an instant. This is the one place in SQL that says which do.
-- +goose StatementBegin
CREATE FUNCTION access_source_at(instant timestamptz) RETURNS SETOF access_reason LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT * FROM access_reason r WHERE NOT r.deactivated AND (r.starts_at > instant OR r.ends_at <= instant) IS NOT TRUE
        AND (r.shown <> 4 OR EXISTS (SELECT FROM access_reason b -- an elevation on a project raises what there is without one
            WHERE (b.org_id, b.project_id, b.user_id) = (r.org_id, r.project_id, r.user_id) AND b.kind <> 'elevation'
                AND (b.starts_at > instant OR b.ends_at <= instant) IS NOT TRUE));
END;
-- +goose StatementEnd

-- What people may do on projects at an instant, one row for each person and project that
-- has access: the highest role and, for each permission, the highest level over the
-- sources, then what overrides make of it; of what is archived, a view at most.
-- +goose StatementBegin
CREATE FUNCTION effective_access_at(instant timestamptz)
RETURNS TABLE (org_id text, project_id text, user_id text, role text, sources bigint, permissions jsonb) LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT a.org_id, a.project_id, a.user_id, a.role, a.sources,
        (SELECT coalesce(jsonb_object_agg(p.permission, level_name(
                least(
                    CASE WHEN a.bypass THEN 2 ELSE overridden(
                        (SELECT coalesce(max(level_number(l.levels->>p.permission)), 0) FROM unnest(a.levels) AS l (levels)),
                        level_number(o.level), g.overrides) END,
                    CASE WHEN g.archived OR q.archived THEN 1 ELSE 2 END),
                p.toggle)), '{}')
            FROM organization g JOIN project q USING (org_id) JOIN scheme_permission p USING (org_id)
            LEFT JOIN project_override o ON (o.org_id, o.project_id, o.user_id, o.permission) = (a.org_id, a.project_id, a.user_id, p.permission)
            WHERE g.org_id = a.org_id AND q.project_id = a.project_id AND p.kind = 'project')
    FROM (
        SELECT s.org_id, s.project_id, s.user_id, count(*) AS sources, bool_or(s.bypass) AS bypass,
            (array_agg(s.role ORDER BY r.rank DESC, s.shown, s.team_id, s.via))[1] AS role,
            array_agg(CASE WHEN r.own_levels = 'instead' AND s.levels <> '{}' THEN '{}' ELSE r.levels END)
                || array_agg(CASE WHEN r.own_levels = '' THEN '{}' ELSE s.levels END) AS levels
        FROM access_source_at(instant) s JOIN scheme_role r ON r.org_id = s.org_id AND r.kind = 'project' AND r.role = s.role
        GROUP BY s.org_id, s.project_id, s.user_id) a;
END;
-- +goose StatementEnd

-- The same now, by the clock of the database, for people who ask with SQL. The program
-- passes its own instant to the functions.
CREATE VIEW access_source AS SELECT * FROM access_source_at(now());
CREATE VIEW effective_access AS SELECT * FROM effective_access_at(now());
