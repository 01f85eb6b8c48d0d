"""How one gets in: password, second factor, lock, log, the door of the admin."""
