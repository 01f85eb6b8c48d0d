"""Answers by a model: what it is sent, its steps of text and tool calls, what it stands on."""
