"""History changed byte by byte as a superuser could, to see that `verify` finds each change and its place."""
