"""What the sign-in library says and our Chinese says in our words; `make messages` collects it."""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

WORDS = [
    _("A new set of recovery codes has been generated."),
    _("Add"),
    _("Alternative options"),
    _("An authenticator app is not active."),
    _("Are you sure you want to remove this security key?"),
    _("Authentication using an authenticator app is active."),
    _("Authenticator code"),
    _("Backup key"),
    _("Code"),
    _("Confirm Access"),
    _("Deactivate Authenticator App"),
    _("Download codes"),
    _("Edit Security Key"),
    _("Enter an authenticator code:"),
    _("Enter your password:"),
    _("Generate new codes"),
    _("I have saved my recovery codes"),
    _("Incorrect code."),
    _("Incorrect password."),
    _("Key nr. {number}"),
    _("Master key"),
    _("New Password (again)"),
    _("No recovery codes set up."),
    _("No security keys have been added."),
    _("Please reauthenticate to safeguard your account."),
    _("Please type your current password."),
    _("Recovery Codes"),
    _("Recovery codes"),
    _("Save them  in a secure location now — they won't be shown again."),
    _("The username and/or password you specified are not correct."),
    _("This action will invalidate your existing codes."),
    _("Two-Factor Authentication"),
    _("Unused codes"),
    _("Use authenticator app or code"),
    _("Use your password"),
    _("You are about to deactivate authenticator app based authentication. Are you sure?"),
    _("You are about to generate a new set of recovery codes for your account."),
    _("You cannot deactivate two-factor authentication."),
    _("You must type the same password each time."),
    _(
        "Your account is protected by two-factor authentication. "
        "Please enter an authenticator code:"
    ),
]

COUNTS = [
    ngettext_lazy(
        "You have added %(count)s security key.", "You have added %(count)s security keys."
    ),
    ngettext_lazy(
        "There is %(unused_count)s out of %(total_count)s recovery codes available.",
        "There are %(unused_count)s out of %(total_count)s recovery codes available.",
    ),
]
