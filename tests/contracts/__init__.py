"""What the OpenAPI documents promise, tried with generated requests against both processes."""
