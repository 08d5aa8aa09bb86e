"""The Tmall shop's chats as Chitu's custom reports: a row an agent and day, no chat."""
