from realtime.frames import Frame


def ring(frame: Frame) -> None:
    """Being written."""
