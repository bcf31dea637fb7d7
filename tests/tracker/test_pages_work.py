"""Work on the pages: photos, documents, submitting."""

import re
from decimal import Decimal
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from milestones.actions import log_progress, report_defect
from milestones.models import Milestone, ProgressEntry
from payments.actions import record_payment
from projects.models import Project
from tests.cast import (
    TODAY,
    Cast,
    acting,
    active,
    photo,
    signed_in,
    stage,
    submitted,
)
from tests.tracker.forms import form_key
from tracker.drawings import draw


def test_progress_is_logged_with_several_photos_at_once(cast: Cast) -> None:
    project = active(cast)
    first = stage(project, 1)
    address = reverse("log", args=[first.id])
    client = signed_in(cast.alon)
    criterion = str(first.criteria.all()[1].id)
    sent = {"once": form_key(client, address), "percent": "40", "criterion": criterion, "note": "Rebar is in"}
    for _press in range(2):
        photos = [SimpleUploadedFile(f"{n}.jpg", draw("rebar", n), "image/jpeg") for n in (1, 2)]
        assert client.post(address, sent | {"evidence": photos}).status_code == 303
    assert ProgressEntry.objects.count() == 1
    assert first.evidence.count() == 2
    again = client.get(address).content.decode()
    assert re.search(f'value="{criterion}"[^>]*checked', again), "the criterion used last is chosen already"
    shown = first.evidence.all()[0].attachment
    thumbnail = client.get(reverse("thumbnail", args=[shown.id]))
    thumbnail.close()
    assert thumbnail["Content-Type"] == "image/jpeg"
    assert thumbnail["X-Content-Type-Options"] == "nosniff"
    assert "private" in thumbnail["Cache-Control"]
    assert signed_in(cast.dana).get(reverse("attachment", args=[shown.id])).status_code == 404


def test_a_file_that_is_not_taken_is_named_and_nothing_is_logged(cast: Cast) -> None:
    project = active(cast)
    address = reverse("log", args=[stage(project, 1).id])
    lie = SimpleUploadedFile("wall.jpg", b"<html>not a photo</html>", "image/jpeg")
    response = signed_in(cast.alon).post(address, {"once": uuid4(), "percent": "40", "evidence": lie})
    assert response.status_code == 422
    assert "wall.jpg" in response.content.decode()
    assert not ProgressEntry.objects.exists()


def test_a_document_is_saved_and_never_shown_in_place(cast: Cast) -> None:
    project = active(cast)
    first = stage(project, 1)
    paper = SimpleUploadedFile(
        "lab.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n", "application/pdf"
    )
    client = signed_in(cast.alon)
    sent = {"once": uuid4(), "percent": "40", "evidence": paper}
    assert client.post(reverse("log", args=[first.id]), sent).status_code == 303
    document = first.evidence.get().attachment
    response = client.get(reverse("attachment", args=[document.id]))
    response.close()
    assert response["Content-Disposition"] == 'attachment; filename="lab.pdf"'
    assert client.get(reverse("thumbnail", args=[document.id])).status_code == 404


def test_the_contractor_submits_and_withdraws(cast: Cast) -> None:
    project = active(cast)
    first = stage(project, 1)
    client = signed_in(cast.alon)
    address = reverse("submit", args=[first.id])
    criteria = [str(c.id) for c in first.criteria.all()]
    short = client.post(address, {"once": uuid4(), "criteria_met": criteria[:1]})
    assert short.status_code == 409
    assert "Mark every criterion as met" in short.content.decode()
    submitted(cast, first)
    withdrawn = client.post(reverse("withdraw", args=[first.id]), {"once": uuid4()})
    assert withdrawn.status_code == 303
    assert stage(project, 1).state == Milestone.State.IN_PROGRESS


def test_the_button_is_locked_while_a_submission_would_be_refused(cast: Cast) -> None:
    def is_locked(project: Project) -> bool:
        page = signed_in(cast.alon).get(reverse("submit", args=[stage(project, 3).id])).content.decode()
        assert "Submit for sign-off" in page
        return "btn--locked" in page

    project = active(cast)
    assert is_locked(project), "nothing is shown yet"
    log_progress(
        acting(cast.alon), stage(project, 3).id, percent=Decimal(50), evidence=[photo(cast, project).id]
    )
    assert not is_locked(project)
    report_defect(acting(cast.noa), stage(project, 3).id, title="Crack", blocking=True)
    assert is_locked(project)
    assert not is_locked(active(cast, policy={"evidence_required": False}))


def test_early_money_is_not_offered_the_line_that_it_is_on(cast: Cast) -> None:
    project = active(cast)
    line = str(stage(project, 1).id)
    told = {"amount": Decimal(500), "paid_on": TODAY(), "method": "cash"}
    early = record_payment(acting(cast.noa), project.id, line=line, **told)
    page = signed_in(cast.noa).get(reverse("allocate", args=[early.id])).content.decode()
    assert f'value="{line}"' not in page
    assert f'value="{stage(project, 2).id}"' in page
