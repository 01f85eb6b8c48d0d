"""Answers that need no key and no network: by rules, quoted passages, and tools' own wordings."""
