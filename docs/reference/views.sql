-- Generated from the code by `make docs`; changes made here are lost.
--
-- The facts (schema 10) as views for tools that open DuckDB. First say where they are:
--
--     SET VARIABLE folder = '/srv/parcours/facts';
--     SET VARIABLE tenant = 'acme';
--
-- Times are UTC, durations milliseconds; customers and advisors stand under keyed hashes. Only the
-- files that the manifest names are read: run this file at the start of every connection, and again
-- for newer facts. Files are written once an hour; what is newer is in `/v1/measures` alone so far.
-- It stops at a table of which the tenant has no row yet. The guards of
-- `/v1/measures` (small groups, persons) do not hold here: who reads the folder sees every row, so
-- publish no figure of one person.

-- One row per contact, in the order of: offered, contact.
SET VARIABLE contact_files = (
    SELECT list(getvariable('folder') || '/' || name) FROM (
        SELECT unnest(map_values(CAST(
            content::JSON -> 'files' -> getvariable('tenant') -> 'contact'
            AS MAP(VARCHAR, VARCHAR)))) AS name
        FROM read_text(getvariable('folder') || '/manifest.json')));
CREATE OR REPLACE VIEW contact_facts AS SELECT
    "tenant",
    "contact",
    epoch_ms("offered") AS "offered",
    epoch_ms("answered") AS "answered",
    "responded",
    epoch_ms("ended") AS "ended",
    epoch_ms("wrapped") AS "wrapped",
    epoch_ms("closed") AS "closed",
    "channel",
    "direction",
    "status",
    "abandoned",
    "implied",
    "dropped",
    "customer",
    "customer_segment",
    "advisor",
    "actor_kind",
    "team",
    "site",
    "provider",
    "audience",
    "language",
    "ticket",
    "journey",
    "revision",
    "outcome",
    "motive",
    "qualification",
    "action",
    "declarations",
    "qualifications",
    "actions",
    "sessions",
    "visits",
    "transfers",
    "consults",
    "holds",
    "deferrals",
    "repeats",
    "promises",
    "flags",
    "skips",
    "none_of_these",
    "by_hand",
    "amends",
    "robot_done",
    "robot_failed",
    "robot_ms",
    "behind_ms",
    "doubtful_ms",
    "useful_said",
    "satisfaction",
    "effort",
    "recommend",
    "felt",
    "raters",
    "rated_ms",
    "rated_useful_ms",
    "recoded_declaration",
    "recoded_qualification",
    "recoded_action",
    "ms_useful",
    "ms_identification",
    "ms_ivr",
    "ms_queue",
    "ms_lookup",
    "ms_analysis",
    "ms_procedure",
    "ms_hold",
    "ms_transfer",
    "ms_repetition",
    "ms_deferral",
    "ms_robot_wait",
    "ms_masked",
    "ms_rework",
    "ms_after_call",
    "ms_idle",
    "ms_unattributed",
    "talk_ms",
    "conversation_ms",
    "handling_ms",
    "handled_ms",
    "live_ms",
    "lost_ms"
FROM read_parquet(getvariable('contact_files'));

-- One row per segment, in the order of: offered, contact, position.
SET VARIABLE segment_files = (
    SELECT list(getvariable('folder') || '/' || name) FROM (
        SELECT unnest(map_values(CAST(
            content::JSON -> 'files' -> getvariable('tenant') -> 'segment'
            AS MAP(VARCHAR, VARCHAR)))) AS name
        FROM read_text(getvariable('folder') || '/manifest.json')));
CREATE OR REPLACE VIEW segment_facts AS SELECT
    "tenant",
    "contact",
    epoch_ms("offered") AS "offered",
    "position",
    epoch_ms("begins") AS "begins",
    epoch_ms("ends") AS "ends",
    "ms",
    "category",
    "raw",
    "flag",
    "session",
    "visit",
    "step",
    "journey",
    "revision",
    "channel"
FROM read_parquet(getvariable('segment_files'));

-- One row per visit, in the order of: offered, contact, session, visit.
SET VARIABLE visit_files = (
    SELECT list(getvariable('folder') || '/' || name) FROM (
        SELECT unnest(map_values(CAST(
            content::JSON -> 'files' -> getvariable('tenant') -> 'visit'
            AS MAP(VARCHAR, VARCHAR)))) AS name
        FROM read_text(getvariable('folder') || '/manifest.json')));
CREATE OR REPLACE VIEW visit_facts AS SELECT
    "tenant",
    "contact",
    epoch_ms("offered") AS "offered",
    "session",
    "visit",
    "journey",
    "revision",
    "step",
    "occurrence",
    "channel",
    "actor_kind",
    "advisor",
    "team",
    "site",
    "provider",
    "customer_segment",
    "motive",
    epoch_ms("entered") AS "entered",
    epoch_ms("finished") AS "finished",
    "how",
    "exit",
    "undone",
    "repeats",
    "person",
    "robot",
    "flags",
    "ms",
    "useful_ms",
    "delay_ms",
    "root",
    epoch_ms("ended") AS "ended"
FROM read_parquet(getvariable('visit_files'));

-- One row per ticket, in the order of: opened, ticket.
SET VARIABLE ticket_files = (
    SELECT list(getvariable('folder') || '/' || name) FROM (
        SELECT unnest(map_values(CAST(
            content::JSON -> 'files' -> getvariable('tenant') -> 'ticket'
            AS MAP(VARCHAR, VARCHAR)))) AS name
        FROM read_text(getvariable('folder') || '/manifest.json')));
CREATE OR REPLACE VIEW ticket_facts AS SELECT
    "tenant",
    "ticket",
    epoch_ms("opened") AS "opened",
    epoch_ms("closed") AS "closed",
    "status",
    "outcome",
    "journey",
    "revision",
    "motive",
    "qualification",
    "action",
    "qualifications",
    "actions",
    "customer",
    "customer_segment",
    "advisor",
    "team",
    "site",
    "provider",
    "channel",
    "first_contact",
    "channels",
    "contacts",
    "reconnects",
    "internal",
    "outbound",
    "switches",
    "transfers",
    "deferrals",
    "reopened",
    "sessions",
    epoch_ms("first_offered") AS "first_offered",
    epoch_ms("last_over") AS "last_over",
    "handling_ms",
    "internal_ms",
    "useful_ms",
    "live_ms",
    "robot_ms",
    "robot_runs",
    "again",
    "self_care"
FROM read_parquet(getvariable('ticket_files'));
