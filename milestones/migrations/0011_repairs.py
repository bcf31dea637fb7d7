"""What repairs count as: one formula for the value of the work and for the retention that waits for them."""

from django.db import migrations

from projects.guards import function

# As before; and of the estimates, where there is no expert's, the homeowners', which counts `alone` up to a bound,
# and what both sides have `agreed` on.
NOW = """
CREATE OR REPLACE VIEW milestones_defectnow AS
SELECT d.id AS defect_id, d.project_id, d.milestone_id,
    coalesce((SELECT CASE v.kind WHEN 'reopened' THEN 'open' ELSE v.kind END FROM milestones_defectevent v
        JOIN projects_journalentry e ON e.id = v.entry_id
        WHERE v.defect_id = d.id ORDER BY e.seq DESC LIMIT 1), 'open') AS state,
    said.by_expert, said.by_homeowner, said.by_contractor,
    coalesce((SELECT r.fix_by FROM milestones_fixdatemove r JOIN projects_journalentry e ON e.id = r.entry_id
        WHERE r.defect_id = d.id ORDER BY e.seq DESC LIMIT 1), d.fix_by) AS fix_by,
    CASE WHEN said.by_expert IS NULL THEN said.by_homeowner END AS alone,
    CASE WHEN said.by_expert IS NULL AND said.by_homeowner IS NOT NULL AND said.by_contractor IS NOT NULL
        THEN least(said.by_homeowner, said.by_contractor) END AS agreed
FROM milestones_defect d
CROSS JOIN LATERAL (SELECT
        (array_agg(x.amount ORDER BY e.seq DESC) FILTER (WHERE x.role IN ('engineer', 'supervisor')))[1]
            ::numeric(14, 2) AS by_expert,
        (array_agg(x.amount ORDER BY e.seq DESC) FILTER (WHERE x.role = 'homeowner'))[1]
            ::numeric(14, 2) AS by_homeowner,
        (array_agg(x.amount ORDER BY e.seq DESC) FILTER (WHERE x.role = 'contractor'))[1]
            ::numeric(14, 2) AS by_contractor
    FROM milestones_estimate x JOIN projects_journalentry e ON e.id = x.entry_id
    WHERE x.defect_id = d.id) said
"""

# What the repair of faults of one milestone counts as (milestones.findings.repair_of), from the sums of what is
# said of each: an expert's estimate; else the homeowners', as far as both sides agree, and alone, over all of
# them, up to the value of the milestone. Without a search path of its own, so that queries take it in: it calls
# nothing that could be found elsewhere.
REPAIR = """
CREATE FUNCTION repair_of(value numeric, expert numeric, alone numeric, agreed numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(expert, 0.00) + least(coalesce(alone, 0.00), greatest(value, coalesce(agreed, 0.00)))
$$
"""


class Migration(migrations.Migration):
    dependencies = [("milestones", "0010_fix_dates")]

    operations = [
        migrations.RunSQL(NOW),
        function(REPAIR, "repair_of(numeric, numeric, numeric, numeric)"),
    ]
