"""Pictures in the preview come as pixels from another process; what is not as it says is not shown."""

from __future__ import annotations

from PySide6.QtCore import QSize

from app.core.library import Picture
from app.ui import pictures


def test_pixels_are_fitted_into_the_room() -> None:
    made = pictures.fitted(Picture(width=400, height=800, rgb=b"\x10\x80\xf0" * 320_000), QSize(420, 260))
    assert made is not None and (made.width(), made.height()) == (130, 260)
    assert made.pixelColor(5, 5).getRgb()[:3] == (16, 128, 240)
    odd = pictures.image(
        Picture(width=3, height=2, rgb=bytes(range(18)))
    )  # rows of no multiple of four bytes
    assert odd is not None and odd.pixelColor(0, 1).getRgb()[:3] == (9, 10, 11)


def test_what_is_no_picture_is_left_out() -> None:
    for wide, high, rgb in ((3, 2, b"short"), (0, 2, b""), (-1, -1, b"xxx"), (2**30, 2**30, b"x")):
        assert pictures.image(Picture(width=wide, height=high, rgb=rgb)) is None
