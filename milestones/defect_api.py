"""The doors of what is found: inspections, defects, their repairs and what these may cost."""

from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from milestones import actions
from milestones.defect_serializers import (
    DefectBody,
    DefectEventBody,
    DefectSerializer,
    EstimateBody,
    FixDateBody,
    InspectionBody,
    InspectionSerializer,
    ReopenBody,
)
from milestones.models import Defect
from milestones.queries import defects_visible_to, milestones_visible_to
from projects.rest.views import Door, acts, reads


def defect_again(user_id: UUID, written: Defect) -> Defect:
    """The defect as it stands after an act."""
    return defects_visible_to(user_id).get(pk=written.pk)


class Inspections(Door):
    post = acts(
        "inspect_milestone",
        actions.inspect_milestone,
        takes=InspectionBody,
        answers=InspectionSerializer,
        status=201,
    )


class Defects(Door):
    """The defects of a milestone, in the order they were found.

    Open and closed ones, with their photos, what became of each, and every move of its fix date.
    """

    order = ("number", "id")

    @reads("list_defects", DefectSerializer, many=True)
    def get(self, request: Request, id: UUID) -> Response:
        milestone = self.one(milestones_visible_to, id)
        return self.page(self.visible(defects_visible_to).filter(milestone=milestone), DefectSerializer)

    post = acts(
        "report_defect",
        actions.report_defect,
        takes=DefectBody,
        answers=DefectSerializer,
        again=defect_again,
        status=201,
    )


class DefectFixed(Door):
    post = acts(
        "fix_defect",
        actions.fix_defect,
        takes=DefectEventBody,
        answers=DefectSerializer,
        again=defect_again,
    )


class DefectReschedule(Door):
    post = acts(
        "reschedule_defect",
        actions.reschedule_defect,
        takes=FixDateBody,
        answers=DefectSerializer,
        again=defect_again,
    )


class DefectVerify(Door):
    post = acts(
        "verify_defect",
        actions.verify_defect,
        takes=DefectEventBody,
        answers=DefectSerializer,
        again=defect_again,
    )


class DefectReopen(Door):
    post = acts(
        "reopen_defect",
        actions.reopen_defect,
        takes=ReopenBody,
        answers=DefectSerializer,
        again=defect_again,
    )


class DefectEstimate(Door):
    post = acts(
        "estimate_defect",
        actions.estimate_defect,
        takes=EstimateBody,
        answers=DefectSerializer,
        again=defect_again,
    )
