"""sse-starlette on uvicorn, one Redis subscription a process, a queue a client."""
