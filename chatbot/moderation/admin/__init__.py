from chatbot.moderation.admin import hits, originals, phrases, words

__all__ = ["hits", "originals", "phrases", "words"]
