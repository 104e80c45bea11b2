from pathlib import Path

import pytest
from gradio.utils import get_upload_folder

from runtime.errors import BadInput
from tabs.frame.uploads import uploaded


@pytest.fixture
def there() -> Path:
    folder = Path(get_upload_folder()) / ("0" * 64)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "speech.wav"
    file.write_bytes(b"RIFF")
    return file


def test_an_uploaded_file_passes(there: Path) -> None:
    assert uploaded(str(there)) == there
    assert uploaded({"path": str(there), "meta": {"_type": "gradio.FileData"}}) == there


def test_any_other_file_is_refused(there: Path, tmp_path: Path) -> None:
    link = there.with_name("link.wav")
    link.unlink(missing_ok=True)
    link.symlink_to("/etc/passwd")
    around = f"{there.parent}/../../../../etc/passwd"
    for path in (str(tmp_path / "a.wav"), "/etc/passwd", around, str(link), "", 7, None, {}):
        with pytest.raises(BadInput, match="uploaded here"):
            uploaded(path)
