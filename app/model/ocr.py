"""The text recognition process: rapidocr over images that are opened within caps, no network."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import onnxruntime
from rapidocr import RapidOCR
from rapidocr.utils.output import RapidOCROutput

from app.core.errors import HomebodyError
from app.model.contract import Seen, TextReader
from app.workers.service import Service
from indexers import _pdf, pixels
from indexers._content import Unreadable

MAX_SIDE = 2000  # pixels; text that is legible in a photo is still legible at this size
LEAST_SIDE = 12
LEAST_SCORE = 0.6  # below, recognised "text" is mostly leaves and carpets


class RapidReader:
    """Implements :class:`TextReader`."""

    def __init__(self, *, threads: int = 0) -> None:
        onnxruntime.set_default_logger_severity(4)
        cv2.setNumThreads(1)
        self._engine = RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.max_side_len": MAX_SIDE,
                "Global.text_score": LEAST_SCORE,
                "EngineConfig.onnxruntime.intra_op_num_threads": threads
                or max(1, (os.cpu_count() or 2) // 2),
            }
        )

    def read(self, *, path: str) -> str:
        return self.see(path=path).text

    def legible(self, *, data: bytes) -> str:
        try:
            image = pixels.upright(data, side=MAX_SIDE)
        except pixels.Unusable as error:
            raise HomebodyError(f"the picture cannot be read: {error}") from error
        return self._text(np.ascontiguousarray(np.asarray(image)[:, :, ::-1]))

    def see(self, *, path: str, data: bytes = b"") -> Seen:
        try:
            image = pixels.upright(data or Path(path), side=MAX_SIDE)
        except pixels.Unusable as error:
            raise HomebodyError(f"the image cannot be read: {error}", where=path) from error
        found = self._text(np.ascontiguousarray(np.asarray(image)[:, :, ::-1]))  # BGR, as OpenCV has it
        return Seen(text=found, look=pixels.look(image))

    def page(self, *, path: str, number: int, data: bytes = b"") -> str:
        try:
            image = _pdf.picture(data or Path(path), number, side=MAX_SIDE)
        except (Unreadable, OSError) as error:
            raise HomebodyError(f"the page cannot be read: {error}", where=path) from error
        return self._text(np.ascontiguousarray(np.asarray(image)[:, :, ::-1]))

    def _text(self, image: npt.NDArray[np.uint8]) -> str:
        if min(image.shape[:2]) < LEAST_SIDE:
            return ""  # too small for any letter
        found = self._engine(image)
        if not isinstance(found, RapidOCROutput) or found.boxes is None or not found.txts:
            return ""
        boxes = [(box[:, 0].min(), box[:, 1].min(), box[:, 1].max()) for box in found.boxes]
        return in_reading_order(
            [
                (float(x), float(y0), float(y1), text)
                for (x, y0, y1), text in zip(boxes, found.txts, strict=True)
            ]
        )


def in_reading_order(found: list[tuple[float, float, float, str]]) -> str:
    """Pieces (left, top, bottom, text) as lines: those whose middle lies within a line belong to it."""
    lines: list[list[tuple[float, float, float, str]]] = []
    for piece in sorted(found, key=lambda p: (p[1] + p[2]) / 2):
        middle = (piece[1] + piece[2]) / 2
        if lines and lines[-1][0][1] <= middle <= lines[-1][0][2]:
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return "\n".join(" ".join(p[3].strip() for p in sorted(line)) for line in lines)


def service(config: dict[str, Any]) -> Service:
    reader = RapidReader(**config)
    return Service({TextReader: reader})
