"""Who may see and do what: one table, and how what is not for everybody is shown."""
