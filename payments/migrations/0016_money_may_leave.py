"""The gate judges money that comes to a line: what was released may leave it, whatever else lies there."""

from django.db import migrations

# As before (0002_guards) but for the last condition. Money that was recorded beside the gate may stand on a
# line beyond what is open there; a part of a release that is taken back only makes that less.
GATE = """
CREATE OR REPLACE FUNCTION gate_holds() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    line record;
    paid numeric;
    released boolean;
BEGIN
    PERFORM 1 FROM projects_project WHERE id = NEW.project_id FOR NO KEY UPDATE;
    SELECT * INTO line FROM line_of(NEW.project_id, NEW.line, NEW.milestone_id);
    SELECT coalesce(sum(a.amount), 0) INTO paid FROM payments_allocation a
        WHERE a.project_id = NEW.project_id AND a.line = NEW.line
        AND a.milestone_id IS NOT DISTINCT FROM NEW.milestone_id;
    SELECT p.kind = 'release' INTO released
        FROM payments_payment p WHERE p.id = NEW.payment_id AND p.project_id = NEW.project_id;
    IF released IS NULL THEN
        RAISE EXCEPTION 'allocation_is_of_its_project' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF line."full" IS NULL OR paid < 0 OR paid > line."full" THEN
        RAISE EXCEPTION 'line_holds_no_more_than_its_full' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF released AND NEW.amount > 0 AND paid > line.open THEN
        RAISE EXCEPTION 'release_only_through_the_gate' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0015_verified")]

    operations = [migrations.RunSQL(GATE)]
