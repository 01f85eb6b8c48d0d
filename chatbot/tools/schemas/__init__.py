"""JSON Schemas, most of them strangers': which are taken, and what fits them."""
