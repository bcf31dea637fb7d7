"""The demonstration's three contracts, told through the acts themselves with the clock set to each moment.

The house: five stages signed and paid, the sixth submitted and signed by the supervisor, waiting for the
homeowners, and 48,000 recorded off schedule for it; a defect that held it up was repaired and verified. The
renovation on track, with an amount withheld for a small defect that is said to be fixed. The kitchen with
65 % paid at the order. Dates are relative to today.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile

from milestones.actions import (
    approve_milestone,
    fix_defect,
    log_progress,
    report_defect,
    sign_agreement,
    submit_milestone,
    verify_defect,
)
from milestones.models import Defect, Milestone
from payments.actions import ask_for_advance, confirm_payment, open_advance, record_payment, release_payment
from payments.queries import ledger_of
from people.models import User
from projects import clock
from projects.actions import accept_invitation, add_attachment, invite_party
from projects.files import receive, store
from projects.flagging import settle_flags
from projects.kernel import Actor
from projects.models import Obligation, Project
from projects.vat import vat_rate_on
from tracker.actions import create_project
from tracker.catalogue import milestones_from_template, template_of
from tracker.demonstration import DEMO_PEOPLE
from tracker.drawings import draw

ZONE = ZoneInfo("Asia/Jerusalem")

MAIL_DAYS = timedelta(days=3)  # before today: what the demonstration's mailbox holds

HOUSE_SCENES = {1: ["block_wall"], 2: ["foundations"], 3: ["rebar"], 4: ["frame"], 5: ["frame", "rebar"]}

SIXTH_SCENES = ["membrane", "block_wall", "flood_test", "block_wall", "flood_test"]

RENOVATION_SCENES = {1: ["block_wall"], 2: ["block_wall"], 3: ["pipes", "cabinet"]}

KITCHEN_SCENES = {1: ["kitchen"], 2: ["kitchen"]}

REPAIRED = 100  # the drawings of repairs are numbered from here, apart from those of the work

# What a drawing is called: it is named as one.
DRAWING_OF = {
    "he": {
        "foundations": "ציור: יסודות",
        "rebar": "ציור: ברזל לפני יציקה",
        "frame": "ציור: שלד",
        "membrane": "ציור: יריעות איטום",
        "flood_test": "ציור: הצפת הגג",
        "block_wall": "ציור: קיר עם פתח דלת",
        "pipes": "ציור: צינורות על הקיר",
        "cabinet": "ציור: ארון חשמל",
        "kitchen": "ציור: גופי מטבח",
        "boxes": "ציור: ארגזים",
    },
    "en": {
        "foundations": "Drawing: foundations",
        "rebar": "Drawing: rebar before casting",
        "frame": "Drawing: frame",
        "membrane": "Drawing: waterproofing sheets",
        "flood_test": "Drawing: roof flood test",
        "block_wall": "Drawing: wall with a door opening",
        "pipes": "Drawing: pipes on a wall",
        "cabinet": "Drawing: electrical cabinet",
        "kitchen": "Drawing: kitchen carcasses",
        "boxes": "Drawing: boxes",
    },
}


@dataclass
class Story:
    """One project while it is told: its people, and the moment."""

    people: dict[str, User]
    language: str
    moment: datetime
    project: Project = field(init=False)
    drawn: int = 0

    def at(self, day: date, hour: int, minute: int = 0) -> None:
        """Move the story on; it never goes back."""
        self.moment = max(self.moment + timedelta(minutes=1), datetime.combine(day, time(hour, minute), ZONE))

    def tell(self, verb: Any, who: str, target: UUID | None = None, **inputs: Any) -> Any:
        """One act at the story's moment, by a person who has just proved who they are."""
        self.moment += timedelta(seconds=40)
        with clock.set_to(self.moment):
            return verb(Actor(self.people[who].id, proven=True), target, **inputs)

    def stage(self, position: int) -> Milestone:
        return Milestone.objects.get(project=self.project, position=position)

    def begin(self, template: str, name: str, total: str, starts_on: date, others: dict[str, str]) -> None:
        """The draft with its template, everybody invited and joined, and the signatures of both sides."""
        amount, owner = Decimal(total), next(who for who, role in others.items() if role == "homeowner")
        found = template_of(template, self.language)
        self.project = self.tell(
            create_project,
            owner,
            my_role="homeowner",
            template=template,
            name=name,
            kind=found.kind,
            contract_total=amount,
            retention_percent=found.retention_percent,
            vat_rate=vat_rate_on(starts_on),
            starts_on=starts_on,
            milestones=milestones_from_template(template, amount, starts_on, self.language),
        )
        for who, role in others.items():
            if who != owner:
                invited = self.tell(
                    invite_party, owner, self.project.id, email=self.people[who].email, role=role
                )
                self.tell(accept_invitation, who, invited.id)
        self.project.refresh_from_db()
        for who, role in others.items():
            if role in {"homeowner", "contractor"}:
                self.tell(sign_agreement, who, self.project.id, version=self.project.version)
        self.project.refresh_from_db()

    def show(self, position: int, percent: int, scenes: Iterable[str], note: str = "") -> None:
        """The contractor reports each criterion with its drawn photos: the scenes go round the criteria."""
        stage, scenes = self.stage(position), list(scenes)
        criteria = list(stage.criteria.all())
        for n, criterion in enumerate(criteria[: len(scenes)]):
            self.tell(
                log_progress,
                "alon",
                stage.id,
                percent=Decimal(percent),
                note="" if n else note,
                evidence=[self._drawing(scene) for scene in scenes[n :: len(criteria)]],
                criterion=criterion.id,
            )

    def report(self, position: int, percent: int, note: str = "") -> None:
        self.tell(log_progress, "alon", self.stage(position).id, percent=Decimal(percent), note=note)

    def submit(self, position: int) -> Milestone:
        stage = self.stage(position)
        met = [c.id for c in stage.criteria.all()]
        self.tell(submit_milestone, "alon", stage.id, criteria_met=met)
        return self.stage(position)

    def sign(self, position: int, *signers: str, minor: Sequence[dict[str, Any]] = ()) -> None:
        """Each approves it, with these small defects."""
        for who in signers:
            stage = self.stage(position)
            told = {"version": stage.version, "minor_defects": minor}
            self.tell(approve_milestone, who, stage.id, **told)

    def fix(self, defect: Defect, note: str, scene: str) -> None:
        """The contractor says that it is repaired, and shows it."""
        shown = self._drawing(scene, REPAIRED + defect.number)
        self.tell(fix_defect, "alon", defect.id, note=note, photos=[shown])

    def pay(self, position: int, who: str) -> None:
        """Release all that the line has payable, and have its receipt confirmed the next day."""
        line = ledger_of(self.project).line(str(self.stage(position).id))
        if line is None or not line.payable:
            return
        payment = self.tell(
            release_payment,
            who,
            self.project.id,
            line=line.line,
            amount=line.payable,
            paid_on=self.moment.date(),
            method="bank_transfer",
            reference=f"{4400 + position}",
        )
        self.at(self.moment.date() + timedelta(days=1), 9, 20)
        self.tell(confirm_payment, "alon", payment.id, received_on=self.moment.date())

    def settle(self) -> None:
        with clock.set_to(self.moment):
            settle_flags(self.project.id)

    def _drawing(self, scene: str, seed: int = 0) -> UUID:
        self.drawn += not seed
        upload = SimpleUploadedFile(f"{scene}.jpg", draw(scene, seed or self.drawn), "image/jpeg")
        received = receive(upload)
        store(received)
        name = DRAWING_OF[self.language][scene]
        return self.tell(add_attachment, "alon", self.project.id, received=received, name=name).id


def make_people(language: str) -> dict[str, User]:
    """The people of the demonstration, with verified addresses and no password, by first name."""
    people = {}
    for known in DEMO_PEOPLE:
        user = User.objects.create_user(known.email, full_name=known.name(language), language=language)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        people[known.email.partition("@")[0]] = user
    return people


def tell_all(language: str) -> Iterator[Project]:
    """Make the people and tell the three stories; yields each project when it stands."""
    people = make_people(language)
    today = clock.today("Asia/Jerusalem")
    for story in (_house, _renovation, _kitchen):
        yield story(people, language, today)
    first = datetime.combine(today - MAIL_DAYS, time(), ZONE)
    old_mails = Obligation.objects.filter(done_at=None, next_at__lt=first)
    old_mails.exclude(kind="settle_flags").update(done_at=clock.now())


def _begun(people: dict[str, User], language: str, day: date) -> Story:
    return Story(people, language, datetime.combine(day, time(9), ZONE))


def _house(people: dict[str, User], language: str, today: date) -> Project:
    starts_on = today - timedelta(days=236)
    story = _begun(people, language, starts_on - timedelta(days=9))
    names = {"he": "בית משפחת אלמוג, זכרון יעקב", "en": "Almog family house, Zikhron Ya'akov"}
    others = {
        "noa": "homeowner",
        "uri": "homeowner",
        "alon": "contractor",
        "michal": "engineer",
        "eran": "supervisor",
    }
    story.begin("house", names[language], "1900000.00", starts_on, others)
    inspectors = {1: [], 2: ["michal"], 3: ["michal"], 4: ["michal"], 5: ["michal"]}
    for position, scenes in HOUSE_SCENES.items():
        _complete(story, position, scenes, [*inspectors[position], "noa" if position % 2 else "uri"])
    _sixth_of_the_house(story, today)
    return story.project


def _complete(
    story: Story,
    position: int,
    scenes: list[str],
    signers: list[str],
    minor: Sequence[dict[str, Any]] = (),
) -> None:
    """A stage from its start to its payment, on its planned dates; the last signer names small defects."""
    stage = story.stage(position)
    assert stage.planned_start is not None
    assert stage.planned_end is not None
    story.at(stage.planned_start + (stage.planned_end - stage.planned_start) / 2, 15, 10)
    story.report(position, 50)
    story.at(stage.planned_end, 13, 30)
    story.show(position, 100, scenes)
    story.submit(position)
    for who in signers:
        story.at(story.moment.date() + timedelta(days=1), 11, 40)
        story.sign(position, who, minor=minor if who == signers[-1] else ())
    story.at(story.moment.date() + timedelta(days=2), 20, 15)
    story.pay(position, signers[-1])


def _sixth_of_the_house(story: Story, today: date) -> None:
    he = story.language == "he"
    story.at(today - timedelta(days=24), 8, 30)
    story.report(6, 35, "הקירות בקומה א׳ הושלמו" if he else "First-floor walls are up")
    story.at(today - timedelta(days=20), 20, 40)
    story.tell(
        record_payment,
        "noa",
        story.project.id,
        line=str(story.stage(6).id),
        amount=Decimal("48000.00"),
        paid_on=story.moment.date(),
        method="bank_transfer",
        reference="4417",
        reason="הקבלן ביקש להקדים בגלל קושי תזרימי" if he else "The contractor asked for it early, cash flow",
    )
    story.settle()
    story.at(today - timedelta(days=9), 16, 5)
    story.report(6, 80)
    _held_up(story, today)
    story.at(today - timedelta(days=4), 12, 10)
    story.show(
        6, 100, SIXTH_SCENES, "ההצפה הסתיימה בלי כתם" if he else "The flood test ended without a stain"
    )
    story.at(today - timedelta(days=3), 8, 5)
    story.submit(6)
    story.at(today - timedelta(days=2), 11, 40)
    story.sign(6, "eran")
    story.at(today - timedelta(days=1), 7, 52)
    story.report(7, 10, "סימון נקודות החשמל" if he else "Electrical points marked")
    story.at(today - timedelta(days=1), 20, 15)
    asked = story.tell(
        ask_for_advance,
        "alon",
        story.project.id,
        milestone=story.stage(7).id,
        amount=Decimal("67200.00"),
        catch_up_on=today + timedelta(days=24),
        reason="ספק הצנרת מבקש תשלום מראש" if he else "The supplier of the pipes asks for payment ahead",
    )
    for who in ("noa", "uri"):
        story.at(story.moment.date(), 20, 40)
        story.tell(open_advance, who, asked.id)
    story.settle()


def _held_up(story: Story, today: date) -> None:
    """The supervisor finds a fault that blocks the sixth stage; it is repaired, and verified, in time."""
    he = story.language == "he"
    story.at(today - timedelta(days=8), 10, 25)
    defect = story.tell(
        report_defect,
        "eran",
        story.stage(6).id,
        title="יריעת האיטום לא עולה על המעקה" if he else "The membrane does not rise up the parapet",
        place="גג, צד צפון" if he else "Roof, north side",
        blocking=True,
        fix_by=today - timedelta(days=5),
    )
    story.at(today - timedelta(days=6), 15, 30)
    story.fix(defect, "הורמה 30 ס״מ והולחמה" if he else "Raised by 30 cm and welded", "membrane")
    story.at(today - timedelta(days=5), 9, 15)
    story.tell(verify_defect, "eran", defect.id, note="נבדק ביד" if he else "Checked by hand")


def _renovation(people: dict[str, User], language: str, today: date) -> Project:
    starts_on = today - timedelta(days=47)
    story = _begun(people, language, starts_on - timedelta(days=6))
    names = {"he": "שיפוץ דירת משפחת נחום, רמת גן", "en": "Nahum family apartment renovation, Ramat Gan"}
    others = {"uri": "homeowner", "alon": "contractor", "michal": "engineer", "eran": "supervisor"}
    story.begin("renovation", names[language], "320000.00", starts_on, others)
    he = language == "he"
    lid = {
        "title": "מכסה ארון החשמל לא נסגר עד הסוף" if he else "The cabinet's lid does not close fully",
        "place": "כניסה" if he else "Entrance",
        "withheld": Decimal("1200.00"),
        "fix_by": today + timedelta(days=6),
    }
    for position, scenes in RENOVATION_SCENES.items():
        first = {2: ["michal"], 3: ["eran"]}.get(position, [])
        _complete(story, position, scenes, [*first, "uri"], [lid] if position == 3 else [])
    story.at(today - timedelta(days=2), 10, 40)
    defect = Defect.objects.get(project=story.project)
    story.fix(defect, "הציר הוחלף" if he else "The hinge was replaced", "cabinet")
    story.at(today - timedelta(days=2), 14, 20)
    story.report(4, 60, "גבס הושלם בסלון" if he else "Drywall done in the living room")
    story.settle()
    return story.project


def _kitchen(people: dict[str, User], language: str, today: date) -> Project:
    starts_on = today - timedelta(days=32)
    story = _begun(people, language, starts_on - timedelta(days=4))
    names = {"he": "מטבח משפחת ברק, מודיעין", "en": "Barak family kitchen, Modi'in"}
    others = {"noa": "homeowner", "alon": "contractor", "eran": "supervisor"}
    story.begin("kitchen", names[language], "95000.00", starts_on, others)
    for position, scenes in KITCHEN_SCENES.items():
        _complete(story, position, scenes, [*({2: ["eran"]}.get(position, [])), "noa"])
    story.at(today - timedelta(days=5), 10, 15)
    story.show(3, 40, ["kitchen", "boxes"], "הגופים נחתכו" if language == "he" else "Carcasses are cut")
    story.settle()
    return story.project
