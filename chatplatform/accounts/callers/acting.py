"""Who may hold what opens another's account: her password, a key that acts as she."""

from collections.abc import Callable

from chatplatform.accounts.models import User

# Whether the first may act as the second; roles know what both may do and see.
Rule = Callable[[User, User], bool]

_rules: list[Rule] = []


def decide_by(rule: Rule) -> None:
    """Register the one rule; called from AppConfig.ready. Without one nobody acts as another."""
    _rules[:] = [rule]


def may_act_as(by: User, user: User) -> bool:
    """Whether nothing is gained by it: oneself, and whom the rule allows."""
    return by.pk == user.pk or any(rule(by, user) for rule in _rules)
