"""The text recognition process: rapidocr over images that are opened within caps, no network."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import onnxruntime
import pillow_heif
from PIL import Image, ImageOps
from rapidocr import RapidOCR
from rapidocr.utils.output import RapidOCROutput

from app.core.errors import HomebodyError
from app.model.contract import TextReader
from app.workers.service import Service

MAX_BYTES = 60 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_SIDE = 2000  # pixels; text that is legible in a photo is still legible at this size
LEAST_SIDE = 12
LEAST_SCORE = 0.6  # below, recognised "text" is mostly leaves and carpets


class RapidReader:
    """Implements :class:`TextReader`."""

    def __init__(self, *, threads: int = 0) -> None:
        pillow_heif.register_heif_opener()
        Image.MAX_IMAGE_PIXELS = MAX_PIXELS
        warnings.simplefilter("error", Image.DecompressionBombWarning)
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
        image = _open(Path(path))
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


def _open(path: Path) -> npt.NDArray[np.uint8]:
    """The image upright, in BGR as OpenCV has it, at most MAX_SIDE on its long side."""
    if path.stat().st_size > MAX_BYTES:
        raise _refused(path, f"it is larger than {MAX_BYTES // 1024 // 1024} MB")
    try:
        with Image.open(path) as image:
            if image.width * image.height > MAX_PIXELS:
                raise _refused(path, f"it has more than {MAX_PIXELS // 1_000_000} megapixels")
            image.draft("RGB", (MAX_SIDE, MAX_SIDE))  # a JPEG is decoded no larger than needed
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((MAX_SIDE, MAX_SIDE))
            colours = _on_white(upright)
    except HomebodyError:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise _refused(path, f"it has more than {MAX_PIXELS // 1_000_000} megapixels") from error
    except MemoryError:
        raise
    except Exception as error:  # Pillow's readers raise whatever a damaged file trips them over
        raise _refused(path, f"it is damaged or no image ({type(error).__name__})") from error
    return np.ascontiguousarray(np.asarray(colours)[:, :, ::-1])


def _on_white(image: Image.Image) -> Image.Image:
    """Transparent parts count as paper."""
    if image.mode not in ("RGBA", "LA", "PA") and "transparency" not in image.info:
        return image.convert("RGB")
    with_alpha = image.convert("RGBA")
    paper = Image.new("RGBA", with_alpha.size, "white")
    return Image.alpha_composite(paper, with_alpha).convert("RGB")


def _refused(path: Path, why: str) -> HomebodyError:
    return HomebodyError(f"the image cannot be read: {why}", where=str(path))


def service(config: dict[str, Any]) -> Service:
    reader = RapidReader(**config)
    return Service({TextReader: reader})
