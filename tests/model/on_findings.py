"""Steps about what is found of the work: inspections."""

from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import rule

from .book import HOMEOWNER, SIGNERS, Part, Stage
from .on_work import has_stage
from .steps import DATA, Steps, when


class FindingSteps(Steps):
    """What engineers, supervisors and homeowners see on the site."""

    @when(has_stage("planned", "in_progress", "submitted"))
    @rule(data=DATA)
    def inspect(self, data: st.DataObject) -> None:
        c = self.choices(data)
        name, stage = c.stage(self._can_be_inspected)
        project = self.project_of(stage)
        roles = c.one([SIGNERS, SIGNERS - {HOMEOWNER}])

        def fits(part: Part) -> bool:
            return part.role in roles

        percent = Decimal(c.likely(["40", "70", "33.33", "0", "100"], ["100.01", "-1"]))
        self.act(
            c,
            "inspect_milestone",
            c.who(fits, project),
            name,
            percent=percent,
            evidence=c.files(project, set()) if c.rarely() else [],
        )

    def _can_be_inspected(self, stage: Stage) -> bool:
        return self.project_of(stage).state == "active" and stage.state != "signed_off"
