"""What marks data as data, and what no answer may say; see docs/explanation/prompt-injection.md."""
