"""What a person reads who takes a customer over: by template at once, by the model soon after."""
