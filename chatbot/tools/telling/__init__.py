"""What people and models read of a call: masked, in their language, as data."""
