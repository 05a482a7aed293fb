-- Erasures of people that have begun and not ended, so that whoever starts after a crash goes on. A schema of its own, which rebuilding leaves
-- alone. A row is written before anything is done, and deleted once no copy is left.

-- +goose Up
CREATE SCHEMA roster_erasure;

CREATE TABLE roster_erasure.begun (
    user_id text COLLATE "C" PRIMARY KEY,
    began_at timestamptz NOT NULL DEFAULT now(),
    transfer_to jsonb NOT NULL, -- who takes over, by organization
    on_behalf_of text NOT NULL, -- empty: nobody
    cause text NOT NULL, -- empty: none
    retention boolean NOT NULL, -- it is erased for belonging nowhere any more
    position bigint NOT NULL, -- where the ledger ended when it began
    destroyed_at timestamptz -- when all events were recorded and all keys destroyed: copies alone are left
);
