from django.urls import path

from workbench.people import api

app_name = "people_api"
urlpatterns = [
    path("people", api.PeopleView.as_view(), name="people"),
    path("people/<str:username>", api.PersonView.as_view(), name="person"),
    path("people/<str:username>/sessions", api.PersonSessionsView.as_view(), name="sessions"),
    path("me/availability", api.AvailabilityView.as_view(), name="availability"),
]
