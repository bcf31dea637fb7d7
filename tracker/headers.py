"""What every answer tells the browser, errors and files included (docs/security.md)."""

from csp.constants import NONE, SELF

# No inline script or style anywhere, so no nonces. Scripts are a few small files of ours and htmx.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Photos are chosen with the phone's own camera page, which needs no permission of the browser.
CLOSED = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb", "browsing-topics")
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in CLOSED),
}
