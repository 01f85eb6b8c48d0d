import pytest
from django.core.management import CommandError, call_command

from chatbot.widget.runtime_settings import WidgetSettings
from chatplatform.accounts.models import User
from chatplatform.configuration import services
from chatplatform.tenants.models import Tenant


def test_an_operator_reads_what_holds_and_who_decided_it(
    operator: User, ada: User, tenant: Tenant, capsys: pytest.CaptureFixture[str]
) -> None:
    services.change(group=WidgetSettings, values={"heading": "Ask us"}, by=operator)
    services.change(group=WidgetSettings, values={"heading": "Hi"}, by=ada, tenant=tenant)
    call_command("show_settings")
    everyone = capsys.readouterr().out
    assert "widget.heading" in everyone
    assert "'Ask us'" in everyone
    assert "installation, by olga" in everyone
    assert "assistant.attempts" in everyone
    call_command("show_settings", tenant="shop")
    shop = capsys.readouterr().out
    assert "'Hi'" in shop
    assert "tenant, by ada" in shop
    assert "assistant.attempts" not in shop


@pytest.mark.django_db
def test_an_unknown_tenant_is_named() -> None:
    with pytest.raises(CommandError, match="nobody"):
        call_command("show_settings", tenant="nobody")
