"""The Pinduoduo shop's chats as its desk reports them: a row an agent and day, no chat."""
