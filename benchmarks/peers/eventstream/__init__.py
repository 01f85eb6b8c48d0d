"""django-eventstream on daphne, several processes joined by Redis."""
