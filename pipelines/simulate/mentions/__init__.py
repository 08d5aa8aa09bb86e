"""What people write about the shops elsewhere, as a listening tool exports it."""
