"""Reviews of chats and calls by the quality team, and the sheets it keeps of them."""
