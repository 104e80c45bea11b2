from pathlib import Path

from gradio.media import get_image
from gradio_client import handle_file

from tests.cases import Case, Exchange

CASE = Case(
    given={"image": Path(get_image("lion.jpg")), "model": "sample/tiny-vit"},
    shape=list[list[float]],
    bad=(
        ({"image": None}, "not a file that was uploaded"),
        ({"image": "/etc/hostname"}, "not a file that was uploaded"),
        ({"image": handle_file(__file__)}, "cannot be read as a picture"),
        ({"pool": "perhaps"}, "'pool'"),
    ),
    exchanges=(
        Exchange({"image": Path("cat.png")}, {"pool": False}, [[[0.5, 0.25], [0.0, 1.0]]]),
        Exchange({"image": Path("cat.png")}, {}, [[0.5, 0.25]]),
    ),
)
