"""Who gets a report, when, and that it comes once; alerts to chat rooms."""
