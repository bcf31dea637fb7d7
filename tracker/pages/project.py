"""A project on one page: does the money lead, what waits, how far is the work. Or its draft."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from milestones.actions import add_milestone, sign_agreement
from milestones.models import Evidence, Milestone
from milestones.queries import agreement_gaps, expectations_visible_to, front_loading, milestones_visible_to
from milestones.rules import those_who_sign_the_agreement
from payments.advances import advances_of
from payments.changing import changes_visible_to
from payments.queries import ledger_of, payments_visible_to
from payments.rules import exposure_of
from projects import clock
from projects.endings import suspend_project
from projects.files import PHOTO
from projects.models import AgreementSignature, Attachment, Deed, Flag, Party, Project
from projects.page_kit import may_do, page, part_in, project_context, reader_of
from projects.policy import policy_of
from projects.queries import deeds_visible_to, journal_of, parties_of
from tracker.drawn import curves_of, folded, rail_rows
from tracker.journal_reading import seal_of, told
from tracker.journal_words import words_of
from tracker.waiting import Facts, waiting_for_reader

RECENT_ENTRIES = 4

State = Project.State

# What both sides sign in a state.
DEED_OF = {State.COMPLETED.value: Deed.Kind.HANDOVER, State.TERMINATED.value: Deed.Kind.CLOSING_SUM}

# In which states which page follows, and whether it is an act of who signs for a side.
COURSE = [
    ({State.ACTIVE}, "complete", _("Complete the project"), True),
    ({State.ACTIVE}, "suspend", _("Suspend the work"), True),
    ({State.SUSPENDED}, "resume", _("Resume the work"), True),
    ({State.ACTIVE, State.SUSPENDED}, "terminate", _("End the contract"), True),
    ({State.COMPLETED, State.CLOSED}, "handover", _("Handover protocol"), False),
    ({State.TERMINATED}, "settlement", _("Settlement"), False),
]

WEIGHTS = {"critical": 0, "warning": 1, "notice": 2}


@dataclass(frozen=True)
class Link:
    url: str
    label: object


@page()
def project(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """The overview of an active project; in draft, what the agreement says and still lacks."""
    part = part_in(request, project_id)
    facts = _facts(request, part)
    context = project_context(part, "project") | {"facts": facts, "parties": _present(facts)}
    if part.project.state == Project.State.DRAFT:
        return render(request, "tracker/draft.html", context | _draft(facts))
    return render(request, "tracker/project.html", context | _standing(facts) | _journal(facts))


def _facts(request: HttpRequest, part: Party) -> Facts:
    reader, project = reader_of(request), part.project
    found = milestones_visible_to(reader).filter(project=project)
    stages = list(found.select_related("project", "sign_off__entry"))
    kind = DEED_OF.get(project.state)
    return Facts(
        part=part,
        parties=parties_of(project),
        stages=stages,
        ledger=ledger_of(project, stages),
        payments=list(payments_visible_to(reader).filter(project=project)),
        expectations=list(expectations_visible_to(reader).filter(project=project)),
        changes=list(changes_visible_to(reader).filter(project=project, force=None, end=None)),
        advances=list(advances_of(project)),
        deeds=list(deeds_visible_to(reader).filter(project=project, kind=kind)) if kind else [],
    )


def _course(part: Party) -> list[Link]:
    """What may follow from the state in which the project is, as far as the reader's part goes."""
    may_turn = may_do(part, suspend_project)
    return [
        Link(reverse(name, args=[part.project_id]), label)
        for states, name, label, is_act in COURSE
        if part.project.state in states and (may_turn or not is_act)
    ]


def _present(facts: Facts) -> list[Party]:
    return [party for party in facts.parties if party.is_present]


def _standing(facts: Facts) -> dict[str, Any]:
    """The figures, what waits, the drawings."""
    project, ledger = facts.part.project, facts.ledger
    today = clock.today(project.time_zone)
    figures = exposure_of(ledger.contract, ledger.lines, ledger.unheld, policy_of(project.policy), today)
    wide, narrow = curves_of(project, ledger, today)
    rail = rail_rows(facts, figures.paid)
    return {
        "figures": figures,
        "unheld": ledger.unheld,
        "waiting": waiting_for_reader(facts),
        "flags": _open_flags(project),
        "course": _course(facts.part),
        "wide": wide,
        "narrow": narrow,
        "rail": rail,
        "folded": folded(rail),
        "cover": _latest_photo(project),
        "handover": max((stage.agreed_end for stage in facts.stages if stage.agreed_end), default=None),
        "defects_open": sum(stage.defects_open for stage in facts.stages),
        "signed_off": sum(stage.state == Milestone.State.SIGNED_OFF for stage in facts.stages),
    }


def _latest_photo(project: Project) -> Attachment | None:
    """The newest photo from the site that was shown for a milestone: what the house looks like now."""
    shown = Evidence.objects.filter(milestone__project=project, attachment__kind=PHOTO)
    newest = shown.select_related("attachment").order_by("-entry__seq", "-pk").first()
    return newest.attachment if newest else None


def _open_flags(project: Project) -> list[Flag]:
    flags = Flag.objects.filter(project=project, cleared_at=None).select_related("reading")
    return sorted(flags, key=lambda flag: (WEIGHTS[flag.severity], flag.opened_at))


def _journal(facts: Facts) -> dict[str, Any]:
    """The latest entries, and whether the chain holds. A file is told of by the entry that shows it."""
    project = facts.part.project
    entries = journal_of(project.id).select_related("actor").exclude(kind="file_added").order_by("-seq")
    latest = told(list(entries[:RECENT_ENTRIES]), words_of(project, facts.parties))
    return {"recent": latest, "seal": seal_of(project)}


def _draft(facts: Facts) -> dict[str, Any]:
    """What the agreement still lacks, the front-loading test, and who has signed this version of it."""
    project, part = facts.part.project, facts.part
    signers = those_who_sign_the_agreement(facts.parties)
    signed = {
        signature.party_id: signature
        for signature in AgreementSignature.objects.filter(
            project=project, version=project.version
        ).select_related("entry")
    }
    test = front_loading(project)
    return {
        "gaps": agreement_gaps(project),
        "test": test,
        "proposal": list(zip(facts.stages, test.proposed_amounts, strict=True)),
        "signers": [{"party": party, "signature": signed.get(party.id)} for party in signers],
        "has_signed": part.id in signed,
        "may_sign": may_do(part, sign_agreement),
        "may_edit": may_do(part, add_milestone),
        "waiting": waiting_for_reader(facts),
        "values_total": sum(stage.value for stage in facts.stages),
        "amounts_total": sum((stage.amount for stage in facts.stages), project.deposit),
        "policy": policy_of(project.policy),
    }
