"""The mails of the ground: an invitation, a flag that asks somebody to act, and how a project ends."""

from django.utils.translation import gettext_lazy as _

from people.queries import person_at
from projects.flagging import BOTH_SIDES, flag_sentence, flag_title
from projects.letters import Fact, Mail, Reader, readers_among, readers_as
from projects.models import SIDES, Deed, Flag, Obligation, Party, Turn
from projects.outbox import obligation
from projects.queries import parties_of
from projects.rules import those_who_sign


@obligation("invitation_mail")
def write_invitation(owed: Obligation) -> None:
    """To the invited address: in its owner's language, or in that of who invited."""
    open_ones = Party.objects.filter(user=None, declined_at=None, left_at=None)
    party = open_ones.select_related("project", "invited_by__user").filter(pk=owed.payload["party"]).first()
    if party is None:
        return
    assert party.invited_by is not None
    assert party.invited_by.user is not None
    inviter, known = party.invited_by.user, person_at(party.invited_email)
    reader = Reader.of(known) if known else Reader(party.invited_email, inviter.language)
    facts = [Fact(_("Project"), party.project.name), Fact(_("Your part"), party.get_role_display)]
    said = {"inviter": inviter.full_name}
    Mail("invitation", party.project, ("invitations",), facts, said, sealed=False).to([reader])


@obligation("flag_mail")
def write_flag(owed: Obligation) -> None:
    """To those whom a flag asks to act; nothing when the facts have cleared it meanwhile."""
    flag = (
        Flag.objects.select_related("project", "reading")
        .filter(pk=owed.payload["flag"], cleared_at=None)
        .first()
    )
    if flag is None:
        return
    said = {
        "title": lambda: flag_title(flag.kind),
        "sentence": lambda: flag_sentence(flag.kind, flag.reading.figures),
    }
    mail = Mail("flag", flag.project, ("project", flag.project_id), said=said)
    mail.to(readers_as(flag.project, SIDES if flag.asks == BOTH_SIDES else {flag.asks}))


TURNED = {
    Turn.Kind.COMPLETED: _("All the work is signed off, and the project is completed."),
    Turn.Kind.CLOSED: _("The defects period is over, and the project is closed."),
    Turn.Kind.SUSPENDED: _("The work is suspended. What is payable stays payable."),
    Turn.Kind.RESUMED: _("The work goes on."),
    Turn.Kind.TERMINATED: _("The contract has ended before its work was done."),
}

NEXT = {
    Turn.Kind.COMPLETED: _("Next comes the handover, with a protocol that both sides sign."),
    Turn.Kind.CLOSED: _("What opened of the retention may be paid now."),
    Turn.Kind.SUSPENDED: _("Either side can resume it, with a word on what changed."),
    Turn.Kind.RESUMED: _("Progress, submissions and signatures are open again."),
    Turn.Kind.TERMINATED: _("Next comes the settlement: either side proposes a closing sum, both sign it."),
}

PAGE_OF = {Deed.Kind.HANDOVER: "handover", Deed.Kind.CLOSING_SUM: "settlement"}


@obligation("turn_mail")
def write_turn(owed: Obligation) -> None:
    """To both sides: the project was completed, suspended, resumed, terminated or closed."""
    turn = Turn.objects.select_related("project", "entry__actor").get(pk=owed.payload["turn"])
    kind = Turn.Kind(turn.kind)
    said = {"turn": turn, "sentence": TURNED[kind], "next": NEXT[kind]}
    facts = [
        Fact(_("Project"), turn.project.name),
        Fact(_("By"), turn.entry.actor.full_name if turn.entry.actor else ""),
    ]
    Mail("turn", turn.project, ("project", turn.project_id), facts, said).to(readers_as(turn.project, SIDES))


@obligation("deed_mail")
def write_deed(owed: Obligation) -> None:
    """To those who sign for the sides: a new version waits for them; nothing when a newer one does."""
    deed = Deed.objects.select_related("project").get(pk=owed.payload["deed"])
    if Deed.objects.filter(project=deed.project, kind=deed.kind, version__gt=deed.version).exists():
        return
    signed = set(deed.signatures.values_list("party_id", flat=True))
    waited_for = [party for party in those_who_sign(parties_of(deed.project)) if party.id not in signed]
    _letter("deed", deed).to(readers_among(waited_for))


@obligation("deed_concluded_mail")
def write_deed_concluded(owed: Obligation) -> None:
    """To both sides: everybody has signed it."""
    deed = Deed.objects.select_related("project").get(pk=owed.payload["deed"])
    _letter("deed_concluded", deed).to(readers_as(deed.project, SIDES))


def _letter(name: str, deed: Deed) -> Mail:
    facts = [
        Fact(_("Project"), deed.project.name),
        Fact(_("Version"), deed.version),
        Fact(_("Handed over on"), deed.day),
        Fact(_("Closing sum"), deed.amount),
    ]
    page = (PAGE_OF[Deed.Kind(deed.kind)], deed.project_id)
    return Mail(name, deed.project, page, facts, {"deed": deed, "title": deed.get_kind_display})
