from django.urls import path

from workbench.administration import dictionaries_api, errors_api, settings_api

app_name = "administration"
urlpatterns = [
    path("settings", settings_api.SettingGroupsView.as_view(), name="setting_groups"),
    path("settings/<str:group>", settings_api.SettingGroupView.as_view(), name="settings"),
    path("dictionaries", dictionaries_api.DictionariesView.as_view(), name="dictionaries"),
    path("dictionaries/<str:code>", dictionaries_api.DictionaryView.as_view(), name="dictionary"),
    path("errors", errors_api.ErrorsView.as_view(), name="errors"),
]
