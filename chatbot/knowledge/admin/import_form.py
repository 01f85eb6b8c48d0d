from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminImageFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldBooleanSwitchWidget,
)

from chatbot.knowledge.admin.articles import CategoryInput
from chatbot.knowledge.imports.uploads import ACCEPT, Upload, checked
from chatbot.knowledge.services import Options
from chatbot.knowledge.services.imports import MOST_ADDRESSES, MOST_FILES
from chatplatform.kernel.errors import ApplicationError
from chatplatform.tenants.models import Tenant


class SeveralFilesInput(UnfoldAdminImageFieldWidget):  # type: ignore[misc]  # the theme's wide one
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name)


class SeveralFilesField(forms.FileField):
    """Checked uploads; each that can't be taken is said by its name."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        files: Sequence[UploadedFile[bytes]] = data or []
        if len(files) > MOST_FILES:
            raise forms.ValidationError(
                _("At most %(most)s files at a time; or send a ZIP.") % {"most": MOST_FILES}
            )
        faults, taken = list[str](), list[Upload]()
        for file in files:
            try:
                taken.append(checked(file))
            except ApplicationError as refusal:
                faults.append(f"{file.name}: {refusal.detail}")
        if faults:
            raise forms.ValidationError(faults)
        return taken


class ImportForm(forms.Form):
    """Files or addresses, never both, and what becomes of them."""

    tenant = forms.ModelChoiceField(
        Tenant.objects.none(), label=_("tenant"), widget=UnfoldAdminSelectWidget
    )
    uploads = SeveralFilesField(
        label=_("files"),
        required=False,
        widget=SeveralFilesInput(attrs={"accept": ACCEPT}),
        help_text=_(
            "Markdown, HTML, PDF, Word (DOCX), CSV with the columns question and answer, or a ZIP "
            "of them; up to 10 MB each. What was imported from a file of the same name is changed."
        ),
    )
    urls = forms.CharField(
        label=_("addresses"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text=_("Instead of files: the pages at these addresses, one a line."),
    )
    language = forms.ChoiceField(
        label=_("language"),
        required=False,
        widget=UnfoldAdminSelectWidget,
        choices=[("", _("as each text is written")), *settings.LANGUAGES],
    )
    category = forms.CharField(
        label=_("category"),
        required=False,
        max_length=80,
        widget=CategoryInput,
        help_text=_("For new articles that name none themselves."),
    )
    publish = forms.BooleanField(
        label=_("publish at once"),
        required=False,
        widget=UnfoldBooleanSwitchWidget,
        help_text=_("Otherwise new articles are drafts, to be read and published by someone."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if user.tenant is not None:
            del self.fields["tenant"]
        else:
            self.fields["tenant"].queryset = Tenant.objects.order_by("name")  # type: ignore[attr-defined]

    def clean_urls(self) -> list[str]:
        urls = [line.strip() for line in self.cleaned_data["urls"].splitlines() if line.strip()]
        if len(urls) > MOST_ADDRESSES:
            raise forms.ValidationError(
                _("At most %(most)s addresses at a time.") % {"most": MOST_ADDRESSES}
            )
        return list(dict.fromkeys(urls))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("uploads") and given.get("urls"):
            raise forms.ValidationError(_("Choose files or write addresses, not both."))
        if not self.errors and not given.get("uploads") and not given.get("urls"):
            raise forms.ValidationError(_("Choose files, or write addresses."))
        return given

    def options(self) -> Options:
        chosen = self.cleaned_data
        return Options(chosen["language"], chosen["category"], chosen["publish"])
