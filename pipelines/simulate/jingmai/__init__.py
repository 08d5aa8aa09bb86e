"""The JD shop's chats as Jingmai reports them: a row an agent and day, no chat."""
