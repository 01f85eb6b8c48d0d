"""Nobody gets at another tenant's things: every route, stream and socket is tried."""
