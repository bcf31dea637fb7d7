"""What was agreed, who takes part, who signed, flags, and what is owed and answered: in the database itself."""

from django.db import migrations

from projects.guards import before, deferred, function

TERMS = """
CREATE FUNCTION terms_are_closed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- What was agreed changes in draft only, and nothing leads back to draft; but the contract total by a
    -- change order that comes into force.
    IF OLD.state <> 'draft' AND (NEW.state = 'draft' OR
        to_jsonb(NEW) - '{entry_id,state}'::text[] <> to_jsonb(OLD) - '{entry_id,state}'::text[])
       AND NOT EXISTS (
        SELECT 1 FROM payments_changeinforce f JOIN payments_changeorder c ON c.id = f.change_id
        WHERE f.entry_id = NEW.entry_id AND f.project_id = NEW.id AND OLD.state = 'active'
        AND NEW.contract_total = f.contract_total AND NEW.contract_total = OLD.contract_total + c.amount
        AND to_jsonb(NEW) - '{entry_id,contract_total}'::text[]
          = to_jsonb(OLD) - '{entry_id,contract_total}'::text[])
    THEN
        RAISE EXCEPTION 'terms_are_closed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.version < OLD.version THEN
        RAISE EXCEPTION 'terms_go_forward' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
"""

EDITED = """
CREATE FUNCTION edit_voids_signatures() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    was jsonb := to_jsonb(OLD) - '{entry_id,state,version,round}'::text[];
    becomes jsonb := to_jsonb(NEW) - '{entry_id,state,version,round}'::text[];
    whose uuid := coalesce(becomes, was)
        ->> CASE TG_TABLE_NAME WHEN 'projects_project' THEN 'id' ELSE 'project_id' END;
BEGIN
    -- Who signed a version signed these very terms: after an edit nobody has signed the present version. What
    -- is agreed later is signed by itself.
    IF was IS DISTINCT FROM becomes AND NOT terms_change_by_right((to_jsonb(NEW) ->> 'entry_id')::uuid)
       AND EXISTS (
        SELECT 1 FROM projects_agreementsignature s JOIN projects_project c ON c.id = s.project_id
        WHERE c.id = whose AND s.version = c.version)
    THEN
        RAISE EXCEPTION 'edit_voids_signatures' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

PARTS = """
CREATE FUNCTION a_part_is_kept() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Who a part belongs to, who brought it, its role, its right to sign and its end are never rewritten.
    IF NEW.role <> OLD.role OR NEW.signs <> OLD.signs OR (OLD.confirmed AND NOT NEW.confirmed)
       OR NEW.invited_email <> OLD.invited_email OR NEW.invited_by_id IS DISTINCT FROM OLD.invited_by_id
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

RIGHTS = """
CREATE FUNCTION a_part_counts_by_right() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    act projects_journalentry%ROWTYPE;
BEGIN
    SELECT * INTO act FROM projects_journalentry WHERE id = NEW.entry_id;
    -- Everybody joins for themselves, and only who begins a project does so uninvited.
    IF NEW.joined_at IS NOT NULL AND OLD.joined_at IS NULL
       AND (NEW.user_id IS DISTINCT FROM act.actor_id OR (TG_OP = 'INSERT' AND act.seq > 1))
    -- An engineer or supervisor counts by the act of a signing homeowner.
    OR NEW.role IN ('engineer', 'supervisor') AND NEW.confirmed AND OLD.confirmed IS NOT TRUE
       AND NOT EXISTS (SELECT 1 FROM projects_party h WHERE h.project_id = NEW.project_id
           AND h.user_id = act.actor_id AND h.role = 'homeowner' AND h.signs
           AND h.joined_at IS NOT NULL AND h.left_at IS NULL)
    THEN
        RAISE EXCEPTION 'a_part_counts_by_right' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

BROUGHT = """
CREATE FUNCTION a_part_is_brought_by_right() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    act projects_journalentry%ROWTYPE;
    inviter projects_party%ROWTYPE;
BEGIN
    SELECT * INTO act FROM projects_journalentry WHERE id = NEW.entry_id;
    SELECT * INTO inviter FROM projects_party WHERE id = NEW.invited_by_id AND user_id = act.actor_id
        AND role IN ('homeowner', 'contractor') AND joined_at IS NOT NULL AND left_at IS NULL;
    -- Either side begins a project, with itself alone, and either side invites; to be the contractor only in
    -- draft; to be another than the first homeowner only a signing homeowner does.
    IF (act.seq = 1 AND (NEW.joined_at IS NULL OR NEW.role NOT IN ('homeowner', 'contractor')))
       OR (act.seq > 1 AND (inviter.id IS NULL
           OR (NEW.role = 'contractor' AND EXISTS (SELECT 1 FROM projects_project c
               WHERE c.id = NEW.project_id AND c.state <> 'draft'))
           OR (NEW.role = 'homeowner'
               AND NOT (inviter.role = 'homeowner' AND inviter.signs AND inviter.confirmed)
               AND EXISTS (SELECT 1 FROM projects_party h WHERE h.project_id = NEW.project_id
                   AND h.id <> NEW.id AND h.role = 'homeowner'
                   AND (h.joined_at IS NOT NULL OR (h.left_at IS NULL AND h.declined_at IS NULL))))))
    THEN
        RAISE EXCEPTION 'a_part_is_brought_by_right' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

ENDED = """
CREATE FUNCTION a_part_ends_by_right() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.left_at IS NULL OR OLD.left_at IS NOT NULL THEN
        RETURN NULL;
    END IF;
    -- One's own, by a signing homeowner, or an invitation by who sent it.
    IF NOT EXISTS (SELECT 1 FROM projects_journalentry e JOIN projects_party p
        ON p.project_id = e.project_id AND p.user_id = e.actor_id AND p.joined_at IS NOT NULL
        WHERE e.id = NEW.entry_id AND (p.id = NEW.id OR (p.left_at IS NULL AND (
            (p.role = 'homeowner' AND p.signs AND p.confirmed)
            OR (p.id = NEW.invited_by_id AND NEW.joined_at IS NULL)))))
    -- The contractor of a signed agreement stays, and so does the last homeowner who signs.
    OR (NEW.role = 'contractor' AND EXISTS (SELECT 1 FROM projects_project c
        WHERE c.id = NEW.project_id AND c.state <> 'draft'))
    OR (NEW.role = 'homeowner' AND NEW.signs AND NEW.confirmed AND NEW.joined_at IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM projects_party h WHERE h.project_id = NEW.project_id
            AND h.role = 'homeowner' AND h.signs AND h.confirmed
            AND h.joined_at IS NOT NULL AND h.left_at IS NULL))
    THEN
        RAISE EXCEPTION 'a_part_ends_by_right' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

FLAGS = """
CREATE FUNCTION a_flag_is_kept() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- What a flag is about is never rewritten, and a cleared one stays cleared.
    IF (NEW.kind, NEW.about_kind, NEW.about_id, NEW.opened_at)
       IS DISTINCT FROM (OLD.kind, OLD.about_kind, OLD.about_id, OLD.opened_at)
       OR (OLD.cleared_at IS NOT NULL AND NEW.cleared_at IS DISTINCT FROM OLD.cleared_at)
    THEN
        RAISE EXCEPTION 'a_flag_is_kept' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
"""

RAISED = """
CREATE FUNCTION a_flag_is_the_systems() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Flags are raised, changed and cleared by rules, never by hand.
    IF EXISTS (SELECT 1 FROM projects_journalentry WHERE id = NEW.entry_id AND actor_id IS NOT NULL) THEN
        RAISE EXCEPTION 'a_flag_is_the_systems' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

SIGNATURE = """
CREATE FUNCTION signature_is_the_partys() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- A present, signing part of either side, acting itself, on the present version of a draft; or by the
    -- very act that makes it active.
    IF NOT EXISTS (
        SELECT 1 FROM projects_party p
        JOIN projects_project c ON c.id = p.project_id AND c.id = NEW.project_id
        JOIN projects_journalentry e ON e.id = NEW.entry_id AND e.actor_id = p.user_id
        WHERE p.id = NEW.party_id AND p.role IN ('homeowner', 'contractor')
        AND p.signs AND p.confirmed AND p.joined_at IS NOT NULL AND p.left_at IS NULL
        AND NEW.version = c.version AND (c.state = 'draft' OR c.entry_id = e.id))
    THEN
        RAISE EXCEPTION 'signature_is_the_partys' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

SIGNED = """
CREATE FUNCTION active_means_signed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Both sides, and every signing homeowner, signed the version that became active, and the same terms.
    IF NEW.state <> 'draft' AND (TG_OP = 'INSERT' OR OLD.state = 'draft') AND (
        EXISTS (SELECT 1 FROM projects_party p WHERE p.project_id = NEW.id
            AND p.role IN ('homeowner', 'contractor') AND p.signs AND p.left_at IS NULL
            AND p.joined_at IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM projects_agreementsignature s
                WHERE s.party_id = p.id AND s.version = NEW.version))
        OR (SELECT count(DISTINCT p.role) FROM projects_party p WHERE p.project_id = NEW.id
            AND p.role IN ('homeowner', 'contractor') AND p.signs AND p.left_at IS NULL
            AND p.joined_at IS NOT NULL) < 2
        OR (SELECT count(DISTINCT s.terms_hash) FROM projects_agreementsignature s
            WHERE s.project_id = NEW.id AND s.version = NEW.version) > 1)
    THEN
        RAISE EXCEPTION 'active_means_signed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

CONTRACTORS = """
CREATE FUNCTION is_the_contractors() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM projects_journalentry e
        JOIN projects_party p ON p.project_id = e.project_id AND p.user_id = e.actor_id
        WHERE e.id = NEW.entry_id AND p.role = 'contractor' AND p.joined_at IS NOT NULL AND p.left_at IS NULL)
    THEN
        RAISE EXCEPTION 'is_the_contractors: %', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""

ANSWERED = """
CREATE FUNCTION an_answer_is_kept() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- What was answered under a key is answered again, for a day at least: one effect, one answer.
    IF OLD.status <> 0
       AND ((TG_OP = 'UPDATE' AND (NEW.status, NEW.answer) IS DISTINCT FROM (OLD.status, OLD.answer))
         OR (TG_OP = 'DELETE' AND OLD.created_at > clock_timestamp() - interval '1 day'))
    THEN
        RAISE EXCEPTION 'an_answer_is_kept' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$
"""

OWED = """
CREATE FUNCTION what_is_owed_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- An obligation goes only when it is done, and what is done is not owed again.
    IF (TG_OP = 'DELETE' AND OLD.done_at IS NULL) OR (TG_OP = 'UPDATE' AND OLD.done_at IS NOT NULL) THEN
        RAISE EXCEPTION 'what_is_owed_stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0002_guards")]

    operations = [
        function(TERMS, "terms_are_closed()"),
        function(EDITED, "edit_voids_signatures()"),
        function(PARTS, "a_part_is_kept()"),
        function(RIGHTS, "a_part_counts_by_right()"),
        function(BROUGHT, "a_part_is_brought_by_right()"),
        function(ENDED, "a_part_ends_by_right()"),
        function(FLAGS, "a_flag_is_kept()"),
        function(RAISED, "a_flag_is_the_systems()"),
        function(SIGNATURE, "signature_is_the_partys()"),
        function(SIGNED, "active_means_signed()"),
        function(CONTRACTORS, "is_the_contractors()"),
        function(ANSWERED, "an_answer_is_kept()"),
        function(OWED, "what_is_owed_stays()"),
        before("projects_project", "terms_are_closed", "UPDATE"),
        before("projects_party", "a_part_is_kept", "UPDATE"),
        before("projects_flag", "a_flag_is_kept", "UPDATE"),
        before("projects_once", "an_answer_is_kept", "UPDATE OR DELETE"),
        before("projects_obligation", "what_is_owed_stays", "UPDATE OR DELETE"),
        deferred("projects_project", "edit_voids_signatures", "UPDATE"),
        deferred("projects_project", "active_means_signed"),
        deferred("projects_agreementsignature", "signature_is_the_partys", "INSERT"),
        deferred("projects_party", "a_part_counts_by_right"),
        deferred("projects_party", "a_part_is_brought_by_right", "INSERT"),
        deferred("projects_party", "a_part_ends_by_right", "UPDATE"),
        deferred("projects_flag", "a_flag_is_the_systems"),
    ]
