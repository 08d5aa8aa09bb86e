"""Surveys after calls and chats and among buyers, as a survey tool exports them."""
