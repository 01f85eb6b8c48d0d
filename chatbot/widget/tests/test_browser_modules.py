import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_the_widgets_modules_pass_their_own_tests() -> None:
    tests = sorted((HERE / "js").glob("*.test.mjs"))
    run = subprocess.run(  # noqa: S603 - our own files
        [shutil.which("node") or "node", "--test", *tests],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
