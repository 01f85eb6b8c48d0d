"""What the page of instructions shows of their trial, and the button that begins one."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from chatbot.assistant.prompts.models import Prompt
from chatbot.assistant.providers.endpoints import candidates
from chatbot.evaluation.runtime_settings import EvaluationSettings
from chatbot.evaluation.services import begin_trial
from chatbot.evaluation.trials import OBJECTIONS, Standing, trial_of
from chatplatform.accounts.actors import actor_of
from chatplatform.accounts.models import User
from chatplatform.configuration.selectors import current
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.kernel.visibility import visible


def panel(request: HttpRequest, prompt: Prompt) -> SafeString:
    """Nothing for the version that holds, nor where nobody asks for trials and none could be."""
    shown = _shown(request, prompt)
    idle = shown["trial"].standing in (Standing.NO_MODEL, Standing.NO_QUESTIONS)
    if prompt.status == Prompt.Status.PUBLISHED or (idle and not shown["is_required"]):
        return SafeString()
    return render_to_string("evaluation/trial_panel.html", shown, request)


def trial_view(request: HttpRequest, prompt: int) -> HttpResponse:
    """POST begins a trial, GET is the panel's content while it goes on."""
    rows = visible(Prompt.objects.select_related("tenant"), request.user)
    row: Prompt = get_object_or_404(rows, pk=prompt)
    needed = "change" if request.method == "POST" else "view"
    if not cast(User, request.user).has_perm(f"prompts.{needed}_prompt"):
        raise PermissionDenied
    with tenant_scope(row.tenant):
        if request.method != "POST":
            return render(request, "evaluation/trial.html", _shown(request, row))
        begin_trial(prompt=row, actor=actor_of(cast(User, request.user)))
    messages.success(request, _("The evaluation has begun; its progress is shown below."))
    return redirect(reverse("admin:prompts_prompt_change", args=[row.pk]))


def _shown(request: HttpRequest, prompt: Prompt) -> dict[str, Any]:
    trial = trial_of(prompt)
    compared = [each.comparison for each in trial.hearings]
    return {
        "trial": trial,
        "original": prompt,
        "lost": [question for each in compared if each for question in each.lost],
        "model": next((each.model for each in candidates(prompt.tenant)), ""),
        "is_required": current(EvaluationSettings, prompt.tenant).guards_instructions,
        "objects": trial.standing in OBJECTIONS,
        "may_begin": cast(User, request.user).has_perm("prompts.change_prompt"),
        "address": reverse("admin:evaluation_evaluationrun_trial", args=[prompt.pk]),
    }
