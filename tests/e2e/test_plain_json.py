"""A catalogue section that no module knows still works on the page's API."""

import base64
from pathlib import Path

import pytest
from gradio.media import get_image
from gradio_client import Client
from gradio_client.exceptions import AppError

from tests.loopback_hub import LoopbackHub
from tests.serving import Served, free_port
from tests.tiny_models import resnet

CATALOGUE = """
image-classification:
  - {id: org/tiny-resnet, about: -, languages: [none], licence: mit, size_mb: 1, source: hub}
"""


def test_a_task_of_transformers_gets_json_in_and_json_out(
    environ: dict[str, str], tmp_path: Path
) -> None:
    catalogue = tmp_path / "models.yaml"
    catalogue.write_text(CATALOGUE)
    with LoopbackHub({"org/tiny-resnet": resnet(tmp_path / "resnet")}) as hub:
        mine = {"HF_ENDPOINT": hub.url, "HF_HUB_CACHE": str(tmp_path / "hub")}
        port = {"PORT": str(free_port()), "CATALOGUE": str(catalogue)}
        served = Served({**environ, **mine, **port}, tmp_path / "log")
        try:
            client = Client(served.url, verbose=False)
            picture = base64.b64encode(Path(get_image("lion.jpg")).read_bytes()).decode()
            answer = client.predict(
                inputs=f"data:image/jpeg;base64,{picture}",
                parameters={"top_k": 1},
                api_name="/image_classification",
            )
            assert [set(row) for row in answer] == [{"label", "score"}]
            with pytest.raises(AppError, match="nothing to work on"):
                client.predict(inputs="", api_name="/image_classification")
        finally:
            served.stop()
