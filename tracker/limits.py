"""How often, and how much at once. Generous to people and programs, tight for guessing (docs/security.md).

Counted in the shared cache (tracker.counts); while the broker is away nothing is counted and all goes on.
"""

# The ways in, as allauth counts them: attempts / window / per address ("ip"), person ("user"), or what was
# typed ("key"). One window for all, so that the page of a refusal can say when to try again.
PAGE_WINDOW_MINUTES = 5
PAGE_LIMITS = {
    "login": "60/5m/ip",
    "login_failed": "30/5m/ip,10/5m/key",
    "request_login_code": "60/5m/ip,5/5m/key",
    "reset_password": "30/5m/ip,5/5m/key",
    "reset_password_from_key": "30/5m/ip",
    "signup": "30/5m/ip",
    "reauthenticate": "20/5m/user",
    "change_password": "10/5m/user",
    "manage_email": "20/5m/user",
}

# The API: requests in a window of so many seconds. A person's programs and browsers count together;
# who does not say who they are counts by their address.
API_WINDOW_SECONDS = 60
API_LIMITS = {"read": 1200, "write": 300, "stranger": 120}

# The longest bodies, in bytes, by what the address begins with. A page's form carries up to twenty photos.
MOST_BYTES = {
    "/api/": 26 * 1024 * 1024,
    "/account/": 1024 * 1024,
    "/admin/": 1024 * 1024,
    "/language/": 1024 * 1024,
    "/": 64 * 1024 * 1024,
}
