"""What every page made from the code says first."""

NOTE = "<!-- written by `manage.py write_reference`; a test compares it with the code -->\n"
