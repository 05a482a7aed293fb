-- The indexes of the read models, a paragraph a table: rebuilding loads the tables
-- first, then runs these side by side, so the longest stand first.
--
-- Indexes for searches keep new entries in a list before they sort them in, up to
-- gin_pending_list_limit kB. Each search reads this list. If it is as long as usual, 4 MB,
-- plans avoid the index.
--
-- Each index is written with each row, so there is one only where a statement of the program
-- needs it. Keys lead with the person where another index leads with the project or the team.

-- +goose Up
ALTER TABLE member ADD PRIMARY KEY (user_id, org_id);
CREATE INDEX member_sort ON member (org_id, sort_name, user_id);
CREATE INDEX member_role ON member (org_id, role, sort_name, user_id);
CREATE INDEX member_reach ON member (org_id, sort_name, user_id) WHERE reach <> '';
CREATE INDEX member_inactive ON member (org_id, user_id) WHERE deactivated OR start IS NOT NULL OR until IS NOT NULL;
CREATE INDEX member_search ON member USING gin (org_id, search public.gin_trgm_ops) WITH (gin_pending_list_limit = 256);

ALTER TABLE audit ADD PRIMARY KEY (org_id, at, version, index);
CREATE INDEX audit_actor ON audit (org_id, actor, at, version, index);

ALTER TABLE audit_subject ADD PRIMARY KEY (org_id, subject, at, version, index);

ALTER TABLE team_member ADD PRIMARY KEY (org_id, user_id, team_id);
CREATE INDEX team_member_sort ON team_member (org_id, team_id, sort_name, user_id);

ALTER TABLE project_member ADD PRIMARY KEY (org_id, user_id, project_id);
CREATE INDEX project_member_sort ON project_member (org_id, project_id, sort_name, user_id);

ALTER TABLE project_override ADD PRIMARY KEY (org_id, project_id, user_id, permission);

ALTER TABLE organization ADD PRIMARY KEY (org_id);

ALTER TABLE scheme_role ADD PRIMARY KEY (org_id, kind, role);

ALTER TABLE scheme_permission ADD PRIMARY KEY (org_id, kind, permission);

ALTER TABLE project_team ADD PRIMARY KEY (org_id, project_id, team_id);
CREATE INDEX project_team_team ON project_team (org_id, team_id, project_id);

ALTER TABLE team_ancestor ADD PRIMARY KEY (org_id, team_id, ancestor);
CREATE INDEX team_ancestor_ancestor ON team_ancestor (org_id, ancestor, team_id);

ALTER TABLE project ADD PRIMARY KEY (org_id, project_id);
CREATE INDEX project_sort ON project (org_id, sort_name, project_id);
CREATE INDEX project_search ON project USING gin (org_id, search public.gin_trgm_ops) WITH (gin_pending_list_limit = 256);

ALTER TABLE team ADD PRIMARY KEY (org_id, team_id);
CREATE INDEX team_sort ON team (org_id, sort_name, team_id);
CREATE INDEX team_search ON team USING gin (org_id, search public.gin_trgm_ops) WITH (gin_pending_list_limit = 256);

ALTER TABLE invite ADD PRIMARY KEY (org_id, invite_id);
ALTER TABLE access_request ADD PRIMARY KEY (org_id, request_id);
CREATE INDEX access_request_made ON access_request (org_id, at DESC, request_id);
CREATE INDEX access_request_user ON access_request (user_id, at DESC);
ALTER TABLE elevation ADD PRIMARY KEY (org_id, user_id, project_id);
ALTER TABLE email_domain ADD PRIMARY KEY (org_id, domain);
CREATE INDEX email_domain_verified ON email_domain (domain, org_id) WHERE verified_at IS NOT NULL;
CREATE INDEX invite_sent ON invite (org_id, at DESC, invite_id);
CREATE INDEX invite_user ON invite (user_id) WHERE closed = '' AND user_id <> '';
CREATE INDEX invite_address ON invite (address) WHERE closed = '' AND address <> '';
