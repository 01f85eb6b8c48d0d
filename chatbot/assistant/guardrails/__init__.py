"""What no answer may say, whoever asked for it; see docs/explanation/prompt-injection.md."""
