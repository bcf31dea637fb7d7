"""Facts and entry name each other, asked only of the tables that an act wrote: not of every table at every act."""

from django.db import migrations

TIED = """
CREATE OR REPLACE FUNCTION tied_to_an_entry() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    was jsonb := to_jsonb(OLD);
    row_id uuid := coalesce(to_jsonb(NEW), was) ->> 'id';
    named text := TG_TABLE_NAME || '/' || row_id;
    fact jsonb;
    owner uuid;
    head uuid;
    head_xid bigint;
    head_said jsonb;
BEGIN
    -- What counts is the row as it stands at commit: an act may write it more than once.
    EXECUTE format('SELECT to_jsonb(f) FROM %I.%I f WHERE id = $1', TG_TABLE_SCHEMA, TG_TABLE_NAME)
        INTO fact USING row_id;
    owner := coalesce(fact, to_jsonb(NEW), was)
        ->> CASE TG_TABLE_NAME WHEN 'projects_project' THEN 'id' ELSE 'project_id' END;
    -- One act, one entry: the last of the chain, written by this transaction.
    SELECT id, xid, convert_from(body, 'UTF8')::jsonb INTO head, head_xid, head_said FROM projects_journalentry
        WHERE project_id = owner ORDER BY seq DESC LIMIT 1;
    IF head_xid IS DISTINCT FROM pg_current_xact_id()::text::bigint
       OR fact ->> 'entry_id' <> head::text
       OR was ->> 'id' <> row_id::text OR was ->> 'project_id' <> fact ->> 'project_id'
       OR (fact IS NULL AND (TG_OP <> 'DELETE' OR NOT coalesce(head_said -> 'removed' ? named, false)))
    THEN
        RAISE EXCEPTION 'fact_is_tied: %/% has no entry in this transaction', TG_TABLE_NAME, row_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF fact IS NOT NULL AND NOT coalesce(head_said -> 'facts' ? named, false) THEN
        RAISE EXCEPTION 'entry_names_its_facts' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

NAMED = """
CREATE OR REPLACE FUNCTION entry_names_its_facts() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    facts jsonb := convert_from(NEW.body, 'UTF8')::jsonb -> 'facts';
    named record;
    written jsonb;
BEGIN
    -- The facts of an entry are the rows that carry it, with their hashes; there is at least one. A row in a
    -- table of which it names none is refused by tied_to_an_entry.
    IF facts = '{}' THEN
        RAISE EXCEPTION 'entry_names_its_facts' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    FOR named IN
        SELECT c.oid::regclass AS fact_table, split_part(f.key, '/', 1) AS said, jsonb_object_agg(f.key, f.value) AS facts
        FROM jsonb_each(facts) f
        LEFT JOIN (pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid)
            ON t.tgname = 'tied_to_an_entry' AND c.relname = split_part(f.key, '/', 1)
        GROUP BY c.oid, split_part(f.key, '/', 1)
    LOOP
        IF named.fact_table IS NOT NULL THEN
            EXECUTE format('SELECT jsonb_object_agg(%L || id, fact_digest(%L, to_jsonb(f))) FROM %s f
                WHERE entry_id = $1', named.said || '/', named.fact_table, named.fact_table) INTO written USING NEW.id;
        END IF;
        IF named.fact_table IS NULL OR written IS DISTINCT FROM named.facts THEN
            RAISE EXCEPTION 'entry_names_its_facts' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    RETURN NULL;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0004_endings")]

    operations = [migrations.RunSQL(sql) for sql in (TIED, NAMED)]
