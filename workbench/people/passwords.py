"""Passwords that are read out once, and typed from a note."""

import secrets

_SYLLABLE = ("bcdfghjkmnprstvwz", "aeiou", "bcdfghjkmnprstvwz")  # pronounceable in most languages
_DIGITS = "23456789"  # without those that look like letters
_SYLLABLES = 5


def first_password() -> str:
    """Such as `tov-rak-mip-zed-hul-47`: about 57 bits."""
    syllables = ("".join(map(secrets.choice, _SYLLABLE)) for _ in range(_SYLLABLES))
    return "-".join([*syllables, secrets.choice(_DIGITS) + secrets.choice(_DIGITS)])
