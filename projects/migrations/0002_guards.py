"""The journal's chain, the tie of facts to entries, and closed history, in the database itself."""

from django.db import migrations

from projects.guards import before, close, deferred, function, keep, tie

FACT_DIGEST = """
CREATE FUNCTION fact_digest(relation regclass, fact jsonb) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- sha256 of the row as JSON: NULLs left out (so a column added later changes no old hash), prose
    -- replaced by its own hash (so that a person's words can be erased and the chain still verifies), and
    -- moments in UTC, whatever the session's time zone.
    SELECT encode(sha256(convert_to(jsonb_object_agg(f.key,
        CASE WHEN a.atttypid = 'text'::regtype
             THEN to_jsonb('sha256:' || encode(sha256(convert_to(f.value #>> '{}', 'UTF8')), 'hex'))
             WHEN a.atttypid = 'timestamptz'::regtype
             THEN to_jsonb((f.value #>> '{}')::timestamptz AT TIME ZONE 'UTC')
             ELSE f.value END)::text, 'UTF8')), 'hex')
    FROM jsonb_each(fact) AS f
    JOIN pg_attribute a ON a.attrelid = relation AND a.attname = f.key
    WHERE f.value <> 'null'::jsonb
$$
"""

CHAINED = """
CREATE FUNCTION entry_is_chained() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    last projects_journalentry%ROWTYPE;
    said jsonb;
BEGIN
    PERFORM 1 FROM projects_project WHERE id = NEW.project_id FOR NO KEY UPDATE;
    SELECT * INTO last FROM projects_journalentry WHERE project_id = NEW.project_id ORDER BY seq DESC LIMIT 1;
    IF NEW.seq <> coalesce(last.seq, 0) + 1 THEN
        RAISE EXCEPTION 'journal_is_gapless' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.previous_hash <> coalesce(last.hash, repeat('0', 64))
       OR NEW.hash <> encode(sha256(decode(NEW.previous_hash, 'hex') || NEW.body), 'hex') THEN
        RAISE EXCEPTION 'journal_is_chained' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.at < last.at OR NEW.at > clock_timestamp() + interval '5 minutes' THEN
        RAISE EXCEPTION 'journal_goes_forward' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    said := convert_from(NEW.body, 'UTF8')::jsonb;
    IF (said ->> 'id')::uuid IS DISTINCT FROM NEW.id
       OR (said ->> 'project')::uuid IS DISTINCT FROM NEW.project_id
       OR (said ->> 'seq')::int IS DISTINCT FROM NEW.seq
       OR said ->> 'kind' IS DISTINCT FROM NEW.kind
       OR said ->> 'actor' IS DISTINCT FROM coalesce(NEW.actor_id::text, 'system')
       OR (said ->> 'at')::timestamptz IS DISTINCT FROM NEW.at
       OR jsonb_typeof(said -> 'facts') IS DISTINCT FROM 'object' THEN
        RAISE EXCEPTION 'journal_says_what_it_holds' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    NEW.xid := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END $$
"""

SEALED = """
CREATE FUNCTION act_is_not_sealed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    owner uuid := coalesce(to_jsonb(NEW), to_jsonb(OLD))
        ->> CASE TG_TABLE_NAME WHEN 'projects_project' THEN 'id' ELSE 'project_id' END;
BEGIN
    -- The entry is the last thing that an act writes: what it says then stays true until the commit.
    IF EXISTS (SELECT 1 FROM projects_journalentry e WHERE e.project_id = owner
        AND e.seq = (SELECT max(seq) FROM projects_journalentry WHERE project_id = owner)
        AND e.xid = pg_current_xact_id()::text::bigint)
    THEN
        RAISE EXCEPTION 'act_is_not_sealed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$
"""

TIED = """
CREATE FUNCTION tied_to_an_entry() RETURNS trigger
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
CREATE FUNCTION entry_names_its_facts() RETURNS trigger
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

WITHIN = """
CREATE FUNCTION keeps_to_its_project() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    reference record;
    theirs uuid;
BEGIN
    -- A fact refers to things of its own project only.
    FOR reference IN
        SELECT a.attname AS name, k.confrelid::regclass AS target FROM pg_constraint k
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
        JOIN pg_attribute p ON p.attrelid = k.confrelid AND p.attname = 'project_id'
        WHERE k.conrelid = TG_RELID AND k.contype = 'f'
    LOOP
        EXECUTE format('SELECT project_id FROM %s WHERE id = $1', reference.target)
            INTO theirs USING (to_jsonb(NEW) ->> reference.name)::uuid;
        IF theirs::text <> to_jsonb(NEW) ->> 'project_id' THEN
            RAISE EXCEPTION 'keeps_to_its_project: % of %', reference.name, TG_TABLE_NAME
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    RETURN NULL;
END $$
"""

CLOSED = """
CREATE FUNCTION history_is_closed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'history_is_closed: % of %', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""

ACTED = """
CREATE FUNCTION act_is_by_a_party() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    said jsonb := convert_from(NEW.body, 'UTF8');
BEGIN
    -- Who acts is a party, or ends their part by this very act, or declines one and does nothing else. The
    -- system raises and clears flags, ends a defects period and opens the retention then, nothing else.
    IF NEW.actor_id IS NULL THEN
        IF said ? 'removed' OR EXISTS (SELECT 1 FROM jsonb_object_keys(said -> 'facts') AS key
            WHERE split_part(key, '/', 1) NOT IN ('projects_flag', 'payments_retentionopening')
            AND NOT (split_part(key, '/', 1) IN ('projects_project', 'projects_turn')
                AND EXISTS (SELECT 1 FROM projects_turn t WHERE t.entry_id = NEW.id AND t.kind = 'closed')))
        THEN
            RAISE EXCEPTION 'act_is_by_a_party' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF NOT EXISTS (SELECT 1 FROM projects_party p WHERE p.project_id = NEW.project_id AND (
        (p.user_id = NEW.actor_id AND p.joined_at IS NOT NULL AND (p.left_at IS NULL OR p.entry_id = NEW.id))
        OR (p.declined_at IS NOT NULL AND p.entry_id = NEW.id
            AND (SELECT count(*) FROM jsonb_object_keys(said -> 'facts')) = 1)))
    THEN
        RAISE EXCEPTION 'act_is_by_a_party' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_tables")]

    operations = [
        function(FACT_DIGEST, "fact_digest(regclass, jsonb)"),
        function(CHAINED, "entry_is_chained()"),
        function(SEALED, "act_is_not_sealed()"),
        function(TIED, "tied_to_an_entry()"),
        function(NAMED, "entry_names_its_facts()"),
        function(WITHIN, "keeps_to_its_project()"),
        function(CLOSED, "history_is_closed()"),
        function(ACTED, "act_is_by_a_party()"),
        deferred("projects_journalentry", "entry_names_its_facts", "INSERT"),
        deferred("projects_journalentry", "act_is_by_a_party", "INSERT"),
        before("projects_journalentry", "entry_is_chained", "INSERT"),
        *close("projects_journalentry", "projects_agreementsignature", "projects_attachment"),
        *keep("projects_project", "projects_party", "projects_flag"),
        *tie(
            "projects_project",
            "projects_party",
            "projects_agreementsignature",
            "projects_attachment",
            "projects_flag",
        ),
    ]
