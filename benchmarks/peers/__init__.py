"""What a user would pick instead, as small as each can be written by its own documentation."""
