"""The door of certificates for payment."""

from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from payments.certificate_serializers import CertificateSerializer, PeriodBody
from payments.certificates import certificate_for
from payments.linking import linkage_in_period
from projects.queries import projects_visible_to
from projects.rest.views import Door, reads
from projects.vat import vat_split


class Certificates(Door):
    """The certificate for payment of a period: work and money line by line.

    In the terms of forms G702 and G703. The work is by value, the money by the schedule; `due` is what is
    open and unpaid, early money has a column of its own, and linkage stands beside. Both days of the period
    are in it.
    """

    @reads("read_certificate", CertificateSerializer, asks=PeriodBody)
    def get(self, request: Request, id: UUID) -> Response:
        project = self.one(projects_visible_to, id)
        period = PeriodBody(project, data=request.query_params.dict())
        period.is_valid(raise_exception=True)
        found = certificate_for(project, **period.validated_data)
        about = {
            "begins": found.begins,
            "ends": found.ends,
            "currency": project.currency,
            "next": None,
            "previous": None,
            "rows": found.rows,
            "unheld": found.unheld,
            "total": found.total,
            "due_vat": vat_split(found.total.due, found.ends, project.vat_rate),
            "linkage": linkage_in_period(project, found.begins, found.ends),
        }
        return Response(self.shown(CertificateSerializer, about))
