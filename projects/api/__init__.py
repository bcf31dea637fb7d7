"""The doors of the ground: parties and invitations, files, the journal, flags, tokens."""
