"""Pages of the roof: those that show work, money and people together, and those that begin a project."""
