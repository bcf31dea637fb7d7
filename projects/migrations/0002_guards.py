"""The journal's chain, the tie of facts to entries, and closed history, in the database itself."""

from django.db import migrations

from projects.guards import close, deferred, keep, tie

FACT_DIGEST = """
CREATE FUNCTION fact_digest(relation regclass, fact jsonb) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- sha256 of the row as JSON: NULLs left out (so a column added later changes no old hash), prose
    -- replaced by its own hash (so that a person's words can be erased and the chain still verifies).
    SELECT encode(sha256(convert_to(jsonb_object_agg(f.key,
        CASE WHEN a.atttypid = 'text'::regtype
             THEN to_jsonb('sha256:' || encode(sha256(convert_to(f.value #>> '{}', 'UTF8')), 'hex'))
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
    IF (said ->> 'project')::uuid IS DISTINCT FROM NEW.project_id
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

TIED = """
CREATE FUNCTION tied_to_an_entry() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    was jsonb := to_jsonb(OLD);
    fact jsonb;
    key text;
    owner uuid;
    said jsonb;
BEGIN
    -- What counts is the row as it stands at commit: an act may write it more than once.
    key := TG_TABLE_NAME || '/' || coalesce(to_jsonb(NEW) ->> 'id', was ->> 'id');
    EXECUTE format('SELECT to_jsonb(f) FROM %I.%I f WHERE id = $1', TG_TABLE_SCHEMA, TG_TABLE_NAME)
        INTO fact USING coalesce(to_jsonb(NEW) ->> 'id', was ->> 'id')::uuid;
    IF fact IS NULL THEN
        owner := coalesce(was, to_jsonb(NEW)) ->> 'project_id';
        IF TG_OP <> 'DELETE' OR NOT EXISTS (
            SELECT 1 FROM projects_journalentry e WHERE e.project_id = owner
            AND e.xid = pg_current_xact_id()::text::bigint
            AND convert_from(e.body, 'UTF8')::jsonb -> 'removed' ? key)
        THEN
            RAISE EXCEPTION 'fact_is_tied: % was removed without an entry', key
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    END IF;
    owner := CASE TG_TABLE_NAME WHEN 'projects_project' THEN fact ->> 'id' ELSE fact ->> 'project_id' END;
    IF was IS NOT NULL AND was ->> 'project_id' IS DISTINCT FROM fact ->> 'project_id' THEN
        RAISE EXCEPTION 'fact_is_tied: % changed its project', key
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT convert_from(e.body, 'UTF8')::jsonb -> 'facts' INTO said FROM projects_journalentry e
        WHERE e.id = (fact ->> 'entry_id')::uuid AND e.project_id = owner
        AND e.xid = pg_current_xact_id()::text::bigint;
    IF said IS NULL OR said ->> key IS DISTINCT FROM fact_digest(TG_RELID, fact) THEN
        RAISE EXCEPTION 'fact_is_tied: % has no entry in this transaction', key
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
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

TERMS = """
CREATE FUNCTION terms_are_closed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- The agreement's own terms change in draft only, and nothing leads back to draft.
    IF OLD.state <> 'draft' AND (NEW.state = 'draft' OR
        (NEW.contract_total, NEW.deposit, NEW.retention_percent, NEW.currency, NEW.policy, NEW.kind,
         NEW.vat_rate, NEW.starts_on, NEW.version)
        IS DISTINCT FROM
        (OLD.contract_total, OLD.deposit, OLD.retention_percent, OLD.currency, OLD.policy, OLD.kind,
         OLD.vat_rate, OLD.starts_on, OLD.version))
    THEN
        RAISE EXCEPTION 'terms_are_closed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.version < OLD.version OR NEW.created_at <> OLD.created_at THEN
        RAISE EXCEPTION 'terms_go_forward' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
"""

PARTS = """
CREATE FUNCTION a_part_is_kept() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Who a part belongs to, its role and its end are never rewritten.
    IF NEW.role <> OLD.role OR NEW.invited_email <> OLD.invited_email
       OR (OLD.user_id IS NOT NULL AND NEW.user_id IS DISTINCT FROM OLD.user_id)
       OR (OLD.joined_at IS NOT NULL AND NEW.joined_at IS DISTINCT FROM OLD.joined_at)
       OR (OLD.left_at IS NOT NULL AND NEW.left_at IS DISTINCT FROM OLD.left_at)
       OR (OLD.declined_at IS NOT NULL AND NEW.declined_at IS DISTINCT FROM OLD.declined_at)
    THEN
        RAISE EXCEPTION 'a_part_is_kept' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
"""

SIGNED = """
CREATE FUNCTION active_means_signed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Both sides, and every signing homeowner, signed the version that became active.
    IF NEW.state <> 'draft' AND (TG_OP = 'INSERT' OR OLD.state = 'draft') AND (
        EXISTS (SELECT 1 FROM projects_party p WHERE p.project_id = NEW.id
            AND p.role IN ('homeowner', 'contractor') AND p.signs AND p.left_at IS NULL
            AND p.joined_at IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM projects_agreementsignature s
                JOIN projects_journalentry e ON e.id = s.entry_id AND e.actor_id = p.user_id
                WHERE s.party_id = p.id AND s.version = NEW.version))
        OR (SELECT count(DISTINCT p.role) FROM projects_party p WHERE p.project_id = NEW.id
            AND p.role IN ('homeowner', 'contractor') AND p.signs AND p.left_at IS NULL
            AND p.joined_at IS NOT NULL) < 2)
    THEN
        RAISE EXCEPTION 'active_means_signed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""


def function(sql: str, name: str) -> migrations.RunSQL:
    return migrations.RunSQL(sql, f"DROP FUNCTION {name}")


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_initial")]

    operations = [
        function(FACT_DIGEST, "fact_digest(regclass, jsonb)"),
        function(CHAINED, "entry_is_chained()"),
        function(TIED, "tied_to_an_entry()"),
        function(CLOSED, "history_is_closed()"),
        function(TERMS, "terms_are_closed()"),
        function(PARTS, "a_part_is_kept()"),
        function(SIGNED, "active_means_signed()"),
        deferred("projects_project", "active_means_signed"),
        migrations.RunSQL(
            "CREATE TRIGGER entry_is_chained BEFORE INSERT ON projects_journalentry "
            "FOR EACH ROW EXECUTE FUNCTION entry_is_chained()",
            "DROP TRIGGER entry_is_chained ON projects_journalentry",
        ),
        migrations.RunSQL(
            "CREATE TRIGGER terms_are_closed BEFORE UPDATE ON projects_project "
            "FOR EACH ROW EXECUTE FUNCTION terms_are_closed()",
            "DROP TRIGGER terms_are_closed ON projects_project",
        ),
        migrations.RunSQL(
            "CREATE TRIGGER a_part_is_kept BEFORE UPDATE ON projects_party "
            "FOR EACH ROW EXECUTE FUNCTION a_part_is_kept()",
            "DROP TRIGGER a_part_is_kept ON projects_party",
        ),
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
