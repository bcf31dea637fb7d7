"""Who may take a payment back, and who consents to it: one judgement for acts and pages."""


def reversal_refusal(*, is_own: bool, is_release: bool, signs: bool) -> str | None:
    """Why a part may not ask to take a payment back; None when it may.

    Only the side that told of the payment; a release (or an advance) is taken back by who may release.
    """
    if not is_own:
        return "not_your_payment"
    return "not_a_signer" if is_release and not signs else None


def consent_refusal(*, is_own: bool, signs: bool) -> str | None:
    """Why a part may not consent to a reversal that waits; None when it may: a signer of the other side."""
    if is_own:
        return "not_yours_to_consent"
    return None if signs else "not_a_signer"
