from pathlib import Path

import pytest

from chatplatform.launcher.possession import AlreadyRunning, take_possession


def test_a_second_launcher_on_the_same_data_is_refused_by_name(tmp_path: Path) -> None:
    refused = pytest.raises(AlreadyRunning, match=f"already serves {tmp_path}")
    with take_possession(tmp_path), refused:
        take_possession(tmp_path)


def test_the_data_is_free_again_when_its_launcher_is_gone(tmp_path: Path) -> None:
    take_possession(tmp_path).close()
    take_possession(tmp_path).close()
