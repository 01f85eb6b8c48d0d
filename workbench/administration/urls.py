from django.urls import path

from workbench.administration import (
    dictionaries_api,
    errors_api,
    moderation_api,
    settings_api,
)

app_name = "administration"
urlpatterns = [
    path("settings", settings_api.SettingGroupsView.as_view(), name="setting_groups"),
    path("settings/<str:group>", settings_api.SettingGroupView.as_view(), name="settings"),
    path("dictionaries", dictionaries_api.DictionariesView.as_view(), name="dictionaries"),
    path("dictionaries/<str:code>", dictionaries_api.DictionaryView.as_view(), name="dictionary"),
    path("moderation/check", moderation_api.CheckView.as_view(), name="check_text"),
    path("moderation/words", moderation_api.WordsView.as_view(), name="words"),
    path("moderation/words/<int:id>", moderation_api.WordView.as_view(), name="word"),
    path("moderation/hits", moderation_api.HitsView.as_view(), name="hits"),
    path("moderation/hits/<int:id>/verdict", moderation_api.VerdictView.as_view(), name="verdict"),
    path("messages/<int:id>/reveal", moderation_api.RevealView.as_view(), name="reveal"),
    path("errors", errors_api.ErrorsView.as_view(), name="errors"),
]
