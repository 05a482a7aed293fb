-- Read models have no history of their own: where their tables change, the files
-- that make them get the next numbers, with this one before them. The projector
-- then fills the empty tables from the ledger.

-- +goose Up
DROP SCHEMA roster CASCADE;
CREATE SCHEMA roster;
