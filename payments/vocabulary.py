"""The words of the payments: refusal codes and journal kinds."""

from django.utils.translation import gettext_lazy as _

from projects.journal import register_kinds
from projects.refusals import register_refusals

register_refusals(
    {
        "payment_locked": (
            409,
            _("This payment is locked. It unlocks when every required signer has signed off its work."),
        ),
        "more_than_payable": (
            409,
            _("This is more than is payable now: %(payable)s. Release up to that amount."),
        ),
        "set_off_first": (
            409,
            _("%(unheld)s was already paid and counts against no line. Set it off against a line first."),
        ),
        "bad_amount": (400, _("Write an amount above zero, with at most two decimals.")),
        "unknown_line": (400, _("There is no such line in this payment schedule.")),
        "before_activation": (
            400,
            _("Before the agreement is signed, money can count only as the deposit, or against no line."),
        ),
        "deposit_below_paid": (
            400,
            _("%(paid)s of the deposit was paid already. The deposit cannot be less."),
        ),
        "date_in_future": (400, _("This date is in the future. Record money once it has moved.")),
        "confirmed_already": (409, _("Receipt of this payment is confirmed already.")),
        "nothing_to_move": (409, _("No money of this payment is early, so none can be moved.")),
        "more_than_early": (409, _("Only %(early)s of this payment is early and can be moved.")),
        "no_room": (409, _("This line has room for %(room)s only.")),
        "not_your_payment": (403, _("Only the side that recorded a payment can ask to take it back.")),
        "reversal_waits": (409, _("A request to take this back already waits for the other side's answer.")),
        "more_than_left": (409, _("Only %(left)s is left of this payment.")),
        "dispute_without_reason": (
            400,
            _("Write what is wrong with it in a few words; the other side reads it."),
        ),
        "disputed_already": (409, _("This payment is disputed already. Its dispute is settled first.")),
        "nothing_left_to_dispute": (
            409,
            _("All of this payment was taken back, so there is nothing left to dispute."),
        ),
        "not_your_dispute": (403, _("Only the side that disputed a payment can withdraw the dispute.")),
        "dispute_is_over": (409, _("This dispute is over already.")),
        "answered_already": (409, _("This request was answered already.")),
        "bad_change": (400, _("Write an amount with at most two decimals; a new milestone costs 0 or more.")),
        "value_differs": (400, _("The value of the work and its payment change by the same sum.")),
        "no_deduction": (400, _("Write by how much the price falls: a defect is settled by a deduction.")),
        "unknown_defect": (400, _("There is no such defect in this milestone.")),
        "nothing_to_change": (400, _("Write by how much the price changes, or by how many days the date.")),
        "unknown_milestone": (400, _("There is no such milestone in this contract.")),
        "criteria_missing": (400, _("Write at least one criterion that says when it is done.")),
        "nobody_signs": (400, _("Choose who signs it off, among those who sign in this project.")),
        "no_date_to_move": (400, _("This milestone has no agreed date, so there is none to move.")),
        "below_zero": (
            409,
            _(
                "At most %(most)s can be deducted from this milestone:"
                " neither its value nor its payment goes below 0."
            ),
        ),
        "contract_without_price": (409, _("The contract total must stay above 0.")),
        "change_below_paid": (
            409,
            _(
                "%(paid)s was already paid there, and after this change it would hold only %(holds)s."
                " Deduct less, or have the money taken back or set off first."
            ),
        ),
        "work_is_completed": (409, _("The work is completed, so its terms no longer change.")),
        "change_has_ended": (409, _("This change is in force already, or was declined or withdrawn.")),
        "not_yours_to_consent": (403, _("The other side must consent to this.")),
        "advance_open": (
            409,
            _("One advance at a time: another is asked for, approved, or paid and its milestone unsigned."),
        ),
        "advance_closed": (
            409,
            _("This request for an advance is closed. Nothing more is decided about it."),
        ),
        "advance_unopened": (
            409,
            _("Every homeowner who signs opens the request first. The time to think runs from the last one."),
        ),
        "cooling_off": (
            409,
            _("It can be approved from %(decide_after)s on; until then is time to think. Declining is open."),
        ),
        "more_than_asked": (400, _("No more than was asked for can be approved: %(asked)s.")),
        "approved_already": (409, _("You have approved these terms already.")),
        "advance_over_cap": (
            409,
            _("Money would be further ahead of the work than agreed: %(cap)s at most. %(most)s would fit."),
        ),
        "advance_not_approved": (
            409,
            _("It may be paid when every homeowner who signs has approved it."),
        ),
        "more_than_approved": (409, _("No more than was approved can be paid: %(approved)s.")),
        "milestone_signed_off": (
            409,
            _("This milestone is signed off, so its payment is open and needs no advance."),
        ),
        "not_linked": (409, _("No linkage to an index is part of this agreement.")),
        "month_before_base": (
            400,
            _("This month is not after the base month of the agreement. Only later months count."),
        ),
        "month_twice": (400, _("This month is there twice. Keep one value for it.")),
        "index_before_its_month_ends": (
            400,
            _("An index is published after its month has ended. Check the month and the day."),
        ),
        "index_in_future": (
            400,
            _("This day is still ahead. Add the index once it is published, with the day on which it was."),
        ),
        "catch_up_past": (400, _("Choose a day after today by which the work will have caught up.")),
    }
)

register_kinds(
    {
        "payment_released": (
            _("%(actor)s released %(amount)s for %(line)s"),
            "payment amount line paid_on method",
        ),
        "payment_recorded": (
            _("%(actor)s recorded a payment of %(amount)s for: %(moves)s"),
            "payment amount line paid_on method moves unheld",
        ),
        "payment_confirmed": (
            _("%(actor)s confirmed receipt of %(amount)s, paid on %(payment)s"),
            "payment amount received_on",
        ),
        "payment_allocated": (
            _("%(actor)s set %(amount)s of the payment of %(payment)s off against %(line)s"),
            "payment amount line moves",
        ),
        "reversal_asked": (
            _("%(actor)s asked to take back %(amount)s of the payment of %(payment)s"),
            "payment reversal amount why",
        ),
        "payment_reversed": (
            _("%(actor)s took back %(amount)s of the payment of %(payment)s"),
            "payment reversal amount why moves",
        ),
        "payment_disputed": (
            _("%(actor)s disputed the payment of %(payment)s, %(amount)s"),
            "payment dispute amount reason",
        ),
        "dispute_withdrawn": (
            _("%(actor)s withdrew the dispute over the payment of %(payment)s, %(amount)s"),
            "payment dispute amount",
        ),
        "change_proposed": (
            _("%(actor)s proposed a change: %(change)s, %(amount)s"),
            "change party role milestone defect number amount days title reason",
        ),
        "change_signed": (
            _("%(actor)s signed the change: %(change)s, %(amount)s"),
            "change party role version terms defect number amount days",
        ),
        "change_in_force": (
            _("%(actor)s signed the change: %(change)s, %(amount)s, and it is in force"),
            "change party role version terms amount days milestone contract_total value agreed_end",
        ),
        "defect_settled": (
            _("%(actor)s signed the change: %(change)s, %(amount)s, which settles defect %(number)s"),
            "change party role version terms amount days milestone contract_total value agreed_end"
            " defect number",
        ),
        "change_declined": (
            _("%(actor)s declined the change: %(change)s, %(amount)s"),
            "change party role amount days reason",
        ),
        "change_withdrawn": (
            _("%(actor)s withdrew the change: %(change)s, %(amount)s"),
            "change party role amount days reason",
        ),
        "reversal_declined": (
            _("%(actor)s declined to take back %(amount)s of the payment of %(payment)s"),
            "payment reversal amount",
        ),
        "advance_asked": (
            _("%(actor)s asked for an advance of %(amount)s for %(milestone)s"),
            "advance milestone amount catch_up_on reason",
        ),
        "advance_opened": (
            _("%(actor)s opened the request for an advance for %(milestone)s"),
            "advance milestone",
        ),
        "advance_approved": (
            _("%(actor)s approved an advance of %(amount)s for %(milestone)s"),
            "advance milestone amount version condition completes",
        ),
        "advance_declined": (
            _("%(actor)s declined the advance for %(milestone)s"),
            "advance milestone amount reason",
        ),
        "advance_withdrawn": (
            _("%(actor)s took back the request for an advance for %(milestone)s"),
            "advance milestone amount",
        ),
        "index_values_told": (
            _("%(actor)s added values of the index: %(count)s, the latest of %(month)s"),
            "month count values",
        ),
        "advance_paid": (
            _("%(actor)s paid an advance of %(amount)s for %(milestone)s"),
            "advance payment milestone amount paid_on method",
        ),
    }
)

register_refusals(
    {
        "work_is_missing": (
            409,
            _("Not all work is signed off yet. Milestones without their signatures: %(missing)s."),
        ),
    }
)

register_kinds(
    {
        "project_completed": (
            _("%(actor)s completed the project, all work signed off. Opened of the retention: %(amount)s"),
            "state amount",
        ),
        "project_terminated": (
            _("%(actor)s ended the contract before its work was done"),
            "state reason moves",
        ),
        "project_closed": (
            _("%(actor)s closed the project, its defects period over. Opened of the retention: %(amount)s"),
            "state amount",
        ),
        "retention_opened": (
            _("%(actor)s opened %(amount)s of the retention: the defects period is over"),
            "amount",
        ),
    }
)
