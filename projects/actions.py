"""What people do to the ground: invite, accept, confirm, end a part; add a file; see a flag; make a token."""

import secrets
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from people.queries import verified_addresses
from projects import clock
from projects.files import Received
from projects.journal import text_hash
from projects.kernel import Act, action
from projects.models import SIDES, ApiToken, Attachment, Flag, FlagSeen, Party, Project, Role
from projects.queries import parties_of, projects_visible_to
from projects.refusals import Refused, not_there
from projects.rules import ending_refusal, invitation_refusal, is_confirmed_at_once

BETWEEN_NOTES_OF_USE = timedelta(hours=1)


def new_version(act: Act) -> None:
    """An edit of the draft: a new version of the agreement, which voids the signatures under the old one."""
    if act.project.state == Project.State.DRAFT:
        act.change(act.project, version=act.project.version + 1)


def require_draft(act: Act, version: int | None = None) -> None:
    """Terms change in draft only, and only from the version that was read."""
    if act.project.state != Project.State.DRAFT:
        raise Refused("project_not_draft")
    if version is not None and version != act.project.version:
        raise Refused("changed_since_read")


TermsRule = Callable[[Project, Mapping[str, Any]], Refused | None]
_TERMS_RULES: list[TermsRule] = []


def register_terms_rule(rule: TermsRule) -> TermsRule:
    """Let an app above object to an edit of the draft's terms, for facts that the ground does not know."""
    _TERMS_RULES.append(rule)
    return rule


@action("terms_changed", by=SIDES)
def edit_project(act: Act, *, version: int, **terms: Any) -> Project:
    """Change terms of a draft (name, address, contract_total, deposit, retention_percent, starts_on, policy,
    and the linkage to an index: linkage_index, _share, _base_month and _base_value, all or none).

    `version` is the one that was read. Refuses project_not_draft, changed_since_read.
    """
    require_draft(act, version)
    for rule in _TERMS_RULES:
        if refused := rule(act.project, terms):
            raise refused
    act.change(act.project, version=version + 1, **terms)
    act.record(version=act.project.version, fields=sorted(terms))
    return act.project


@action("party_invited", by=SIDES)
def invite_party(act: Act, *, email: str, role: str, signs: bool = True) -> Party:
    """Invite an address to a role; the mail leaves after the commit.

    Refuses already_invited, contractor_is_there, homeowners_invite_homeowners, first_homeowner_signs.
    """
    email = email.strip().lower()
    parties = parties_of(act.project)
    draft = act.project.state == Project.State.DRAFT
    assert act.party is not None
    if code := invitation_refusal(act.party, role, parties, draft=draft, signs=signs):
        raise Refused(code)
    if any(_address(p) == email and p.left_at is None and p.declined_at is None for p in parties):
        raise Refused("already_invited", field="email")
    party = act.add(
        Party(
            role=role,
            invited_email=email,
            invited_by=act.party,
            signs=signs and role != Role.OBSERVER,
            confirmed=is_confirmed_at_once(act.party, role),
        )
    )
    act.record(party=party.id, role=role, signs=party.signs, confirmed=party.confirmed)
    act.later("invitation_mail", party=str(party.id))
    return party


def _address(party: Party) -> str:
    return party.user.email if party.user else party.invited_email


@action("party_joined", on=Party, by=())
def accept_invitation(act: Act) -> Party:
    """Join; only a person who proved that the invited address is theirs. To others it does not exist.

    Refuses not_found, already_a_party.
    """
    party = _invitation(act)
    if any(p.user_id == act.actor.user_id and p.left_at is None for p in parties_of(act.project)):
        raise Refused("already_a_party")
    act.change(party, user_id=act.actor.user_id, joined_at=act.at)
    if party.signs:
        new_version(act)
    act.record(party=party.id, role=party.role)
    return party


@action("invitation_declined", on=Party, by=())
def decline_invitation(act: Act) -> Party:
    """Do not join; as for joining, only the person whose address was invited.

    Refuses not_found.
    """
    party = _invitation(act)
    act.record(party=party.id, role=party.role)
    return act.change(party, declined_at=act.at)


def _invitation(act: Act) -> Party:
    party: Party = act.target
    is_open = party.user_id is None and party.left_at is None and party.declined_at is None
    if not is_open or party.invited_email not in verified_addresses(act.actor.user_id):
        raise not_there()
    return party


@action("party_confirmed", on=Party, by={Role.HOMEOWNER}, signing=True)
def confirm_party(act: Act) -> Party:
    """A homeowner lets an engineer or supervisor whom the contractor brought count. Again: no effect.

    Refuses part_has_ended.
    """
    party: Party = act.target
    if party.left_at or party.declined_at:
        raise Refused("part_has_ended")
    if not party.confirmed:
        act.change(party, confirmed=True)
        act.record(party=party.id, role=party.role)
        new_version(act)
    return party


@action("party_left", on=Party, by=Role)
def end_part(act: Act) -> Party:
    """End a part, or take an invitation back. The row stays; the person sees the project no more.

    One's own, a signing homeowner anybody's, and who invited an open invitation. Refuses
    homeowners_end_parts, last_homeowner_stays, contract_holds.
    """
    party: Party = act.target
    assert act.party is not None
    draft = act.project.state == Project.State.DRAFT
    if code := ending_refusal(act.party, party, parties_of(act.project), draft):
        raise Refused(code)
    if party.left_at or party.declined_at:
        return party
    act.change(party, left_at=act.at)
    act.record(party=party.id, role=party.role)
    if party.signs and party.joined_at:
        new_version(act)
    return party


@action("file_added", by=Role, scope="progress")
def add_attachment(act: Act, *, received: Received, name: str = "") -> Attachment:
    """Keep a received file as a fact of the project; its bytes are stored by their hash already.

    Photos are encoded anew, without their place. Refuses too_large, unknown_type,
    type_mismatch, too_many_pixels, broken.
    """
    attachment = act.add(
        Attachment(
            kind=received.kind,
            name=name,
            sha256=received.sha256,
            media_type=received.media_type,
            size=received.size,
            width=received.width,
            height=received.height,
            taken_at=received.taken_at,
        )
    )
    act.record(attachment=attachment.id, file=received.sha256, kind=received.kind)
    return attachment


@action("flag_seen", on=Flag, by=Role, scope="read")
def see_flag(act: Act) -> Flag:
    """Mark a flag as seen by the actor.

    No fact of the project: it clears nothing and makes no entry.
    """
    assert act.actor.user_id is not None
    FlagSeen.objects.get_or_create(flag=act.target, user_id=act.actor.user_id, defaults={"at": act.at})
    return act.target


@action("token_created", on=None, by=(), proof=True)
def create_token(
    act: Act,
    *,
    name: str,
    scopes: Collection[str],
    project: UUID | None = None,
    expires_at: datetime | None = None,
) -> tuple[ApiToken, str]:
    """Make a token of the actor's own and return it with its secret, which is kept nowhere.

    No fact of a project, so no entry. Refuses proof_needed, and unknown_project for a project that the actor
    does not see.
    """
    if not act.actor.proven:
        raise Refused("proof_needed")
    assert act.actor.user_id is not None
    if project and not projects_visible_to(act.actor.user_id).filter(pk=project).exists():
        raise Refused("unknown_project", field="project")
    secret = f"plumb_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        user_id=act.actor.user_id,
        name=name,
        digest=text_hash(secret),
        scopes=sorted(scopes),
        project_id=project,
        expires_at=expires_at,
    )
    return token, secret


@action("token_revoked", on=None, by=())
def revoke_token(act: Act, *, token: UUID) -> None:
    """End a token of the actor's own, at once. Refuses not_found, also for one that was revoked before."""
    assert act.actor.user_id is not None
    own = ApiToken.objects.filter(pk=token, user_id=act.actor.user_id, revoked_at=None)
    if not own.update(revoked_at=act.at):
        raise not_there()


def note_token_use(token: ApiToken) -> None:
    """Keep when a token was last used, to the hour, so that its owner can tell one that nobody needs."""
    now = clock.now()
    if token.last_used_at is None or now - token.last_used_at >= BETWEEN_NOTES_OF_USE:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
