"""The service centre: people, calendars, queues and what happens; knows no export format."""
