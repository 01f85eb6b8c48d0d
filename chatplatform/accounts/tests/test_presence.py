"""Who is here, and who says that she is away."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chatplatform.accounts.callers import grants
from chatplatform.accounts.callers.narrowing import PeopleOnly
from chatplatform.accounts.events import audience
from chatplatform.accounts.models import User
from chatplatform.accounts.presence import sightings
from chatplatform.accounts.presence.availability import availability_of, choose_availability
from chatplatform.accounts.presence.models import Availability, Presence, online_since
from chatplatform.accounts.tests.factories import UserFactory
from chatplatform.audit.models import AuditEntry
from chatplatform.kernel.errors import PermissionRefused
from chatplatform.tenants.models import Tenant
from realtime.testing import published

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose streams an earlier test left open is not this one's matter."""
    monkeypatch.setattr(sightings, "_seen", set())


def choose(user: User, availability: Availability) -> bool:
    return choose_availability(user=user, availability=availability)


def test_whoever_has_said_nothing_is_available(ben: User) -> None:
    assert availability_of(ben) is Availability.AVAILABLE


def test_a_choice_is_kept_told_and_written_into_history(in_tenant: Tenant, ben: User) -> None:
    assert choose(ben, Availability.AWAY)
    assert availability_of(User.objects.get(pk=ben.pk)) is Availability.AWAY
    (told,) = published(in_tenant.slug)
    assert told.type == "availability_change"
    assert told.payload == {"user": "ben", "name": "Ben", "availability": "away"}
    assert set(told.channels) == set(audience(ben))
    line = AuditEntry.objects.get(action="user.availability")
    assert (line.before, line.after) == ({"availability": "available"}, {"availability": "away"})


def test_the_same_choice_again_leaves_no_trace(in_tenant: Tenant, ben: User) -> None:
    assert not choose(ben, Availability.AVAILABLE)
    choose(ben, Availability.AWAY)
    assert not choose(ben, Availability.AWAY)
    assert len(published(in_tenant.slug)) == 1
    assert AuditEntry.objects.filter(action="user.availability").count() == 1


def test_it_is_ones_own_to_say(in_tenant: Tenant, ben: User) -> None:
    ben.narrowed_to = frozenset({"conversations.serve_conversation"})
    with pytest.raises(PeopleOnly):
        choose(ben, Availability.AWAY)
    with pytest.raises(PermissionRefused):
        choose(User.objects.create_user("operator"), Availability.AWAY)


def test_people_whose_streams_are_open_are_here(in_tenant: Tenant, ben: User, bea: User) -> None:
    sightings.note([ben.pk])
    sightings.write()
    here = Presence.objects.filter(seen_at__gt=online_since())
    assert list(here.values_list("user", flat=True)) == [ben.pk]


def test_an_old_sight_is_no_longer_here(in_tenant: Tenant, ben: User) -> None:
    long_ago = timezone.now() - timedelta(minutes=1)
    Presence.objects.create(tenant=in_tenant, user=ben, seen_at=long_ago)
    assert not Presence.objects.filter(seen_at__gt=online_since()).exists()


def test_however_many_are_here_one_update_says_so(in_tenant: Tenant) -> None:
    people = UserFactory.create_batch(20, tenant=in_tenant)
    sightings.note(each.pk for each in people)
    sightings.write()
    sightings.note(each.pk for each in people)
    with CaptureQueriesContext(connection) as asked:
        sightings.write()
    assert len(asked) == 1
    with CaptureQueriesContext(connection) as asked:
        sightings.write()
    assert len(asked) == 0, "nobody was seen since"


def test_operators_are_nobodys_colleagues() -> None:
    operator = User.objects.create_user("operator")
    sightings.note([operator.pk])
    sightings.write()
    assert not Presence._base_manager.exists()


def test_the_look_at_open_streams_notes_whose_they_are(
    in_tenant: Tenant, ben: User, bea: User
) -> None:
    browser = Client()
    browser.force_login(ben)
    key = browser.session.session_key or ""
    ben = User.objects.select_related("tenant").get(pk=ben.pk)  # with her rights as they are now
    held = grants.user_grant(ben, key)
    lost = grants.user_grant(bea, "ended")
    assert grants.still_hold({held, lost}) == {held}
    sightings.write()
    seen = Presence.objects.exclude(seen_at=None)
    assert list(seen.values_list("user", flat=True)) == [ben.pk]
