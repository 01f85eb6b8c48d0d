from django.urls import path

from workbench.people import views

app_name = "people"
urlpatterns = [
    path("people/", views.people, name="list"),
    path("people/invite/", views.invite, name="invite"),
    path("people/@<str:username>/", views.person, name="person"),
    path("people/@<str:username>/place/", views.place, name="place"),
    path("people/@<str:username>/roles/", views.roles, name="roles"),
    path("people/@<str:username>/switch/", views.switch, name="switch"),
    path("people/@<str:username>/sign-out/", views.sign_out, name="sign_out"),
]
