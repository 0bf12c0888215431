"""The demo's photos: what each shows, when and where it was taken; written as JPEG with EXIF."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import papers
import scenes
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

CAMERA = ("Fjord", "Fjord P6")
PLACES = {  # latitude, longitude, time zone
    "Lisbon": (38.7169, -9.1399, "Europe/Lisbon"),
    "Lisbon airport": (38.7742, -9.1342, "Europe/Lisbon"),
    "Belém": (38.6972, -9.2064, "Europe/Lisbon"),
    "Sintra": (38.8029, -9.3817, "Europe/Lisbon"),
    "Colares": (38.7997, -9.4470, "Europe/Lisbon"),
    "Zambujeira": (37.5243, -8.7853, "Europe/Lisbon"),
    "Porto": (41.1496, -8.6110, "Europe/Lisbon"),
    "Gaia": (41.1370, -8.6140, "Europe/Lisbon"),
    "Stockholm": (59.3293, 18.0686, "Europe/Stockholm"),
    "Lidingö": (59.3667, 18.1333, "Europe/Stockholm"),
    "Grinda": (59.4110, 18.5600, "Europe/Stockholm"),
    "Hässelby": (59.3670, 17.8330, "Europe/Stockholm"),
}


@dataclass(frozen=True)
class Photo:
    when: str
    place: str
    paint: Callable[[str], Image.Image]

    @property
    def path(self) -> str:
        stamp = datetime.fromisoformat(self.when)
        return f"{stamp:%Y/%m}/IMG_{stamp:%Y%m%d_%H%M%S}.jpg"


def text(look: str, *lines: str) -> Callable[[str], Image.Image]:
    return lambda seed: papers.paper(seed, look=look, lines=list(lines))


PHOTOS = (
    Photo("2026-05-16 11:20:41", "Lisbon", scenes.tiles),
    Photo(
        "2026-05-29 20:31:07",
        "Zambujeira",
        text(
            "card",
            "# WIFI",
            "",
            "network: CasaDaNoor",
            "password: trovao-manso-88",
            "",
            "please close the shutters",
        ),
    ),
    Photo("2026-05-30 12:18:52", "Zambujeira", scenes.sea),
    Photo("2026-06-09 10:05:12", "Sintra", scenes.valley),
    Photo(
        "2026-06-10 17:42:30",
        "Lisbon",
        text(
            "whiteboard",
            "# RIBEIRA SECA - who does what",
            "",
            "Rui: cistern section, 1:20, by 3 July",
            "Beatriz: planting plan, alder + ash",
            "Vera: steps, handrail, bench 7",
            "Lurdes: permit for the crane",
            "",
            "open: where do the goats go?",
            "model 1:200 -> Friday 26 June",
            "budget playground: 64.000",
        ),
    ),
    Photo(
        "2026-06-19 12:58:20",
        "Lisbon",
        text(
            "chalkboard",
            "# Tasca do Zé Lula",
            "",
            "Lulas grelhadas 11,50",
            "Sardinhas assadas 9,00",
            "Arroz de tomate 3,50",
            "Arroz doce 2,80",
            "",
            "fechado ao domingo",
        ),
    ),
    Photo("2026-06-23 16:10:33", "Colares", scenes.pines),
    Photo("2026-06-24 21:03:15", "Lisbon", lambda seed: scenes.plate(seed, food="soup")),
    Photo(
        "2026-07-08 13:31:48",
        "Porto",
        text(
            "receipt",
            "# O GRANITO",
            "Rua da Ginja 31, Porto",
            "Mesa 4    08-07-2026  13:29",
            "",
            "1 Sopa do dia        2,50",
            "1 Bacalhau assado   12,50",
            "1 Água               1,60",
            "1 Café               1,20",
            "",
            "TOTAL EUR           17,80",
            "Multibanco ****2093",
            "",
            "Contribuinte: sem NIF",
            "Obrigado, volte sempre",
        ),
    ),
    Photo("2026-07-08 18:55:02", "Porto", scenes.river),
    Photo("2026-07-14 08:40:19", "Lisbon", scenes.cat),
    Photo(
        "2026-07-30 18:04:44",
        "Lisbon",
        text(
            "note",
            "# Contador n.º 77-40913",
            "",
            "EDIFÍCIO 18, 3.º ESQ.",
            "",
            "leitura kWh",
            "# 4 1 8 7 7",
            "",
            "30-07-2026",
        ),
    ),
    Photo(
        "2026-08-06 06:02:36",
        "Lisbon airport",
        text(
            "pass",
            "NORDVIND AIR   BOARDING PASS",
            "ALMLOEF / VERA MS",
            "NV 482   LIS Lisbon - ARN Stockholm",
            "06 AUG 2026   DEP 07:05   BOARDING 06:25",
            "",
            "# GATE 22     SEAT 14A     SEQ 088",
            "BOOKING QX7LPD   GROUP 3",
        ),
    ),
    Photo(
        "2026-08-08 15:22:10",
        "Lidingö",
        text(
            "menu",
            "# Gunnel 70 år",
            "Villa Sjöbris, 8 augusti 2026",
            "",
            "Toast Skagen",
            "Rökt sik, nypotatis, dill",
            "Bakad kålrot med brynt smör",
            "",
            "Prinsesstårta (grön, förstås)",
            "Kaffe och hallongrotta",
            "",
            "Taxi: säg Sjöbrisvägen 4",
        ),
    ),
    Photo("2026-08-08 20:47:55", "Lidingö", scenes.archipelago),
    Photo("2026-08-11 12:15:27", "Grinda", scenes.archipelago),
    Photo("2026-09-11 07:02:13", "Belém", lambda seed: scenes.river(seed, boats=2, bridge=False)),
    Photo(
        "2026-09-15 08:25:40",
        "Belém",
        text(
            "whiteboard",
            "# TREINO  15 SET",
            "",
            "aquecimento 3 km",
            "4 x 500 m   cadência 30",
            "1 x 1000 m  TESTE",
            "Garça: Célia Vera Brígida Ana Rita",
            "",
            "forqueta n.º 3: porca moída, trocar!",
            "sábado 19: NÃO há treino (maré)",
        ),
    ),
    Photo("2026-09-17 16:25:58", "Lisbon", lambda seed: scenes.street(seed, railing=True)),
    Photo(
        "2026-09-20 21:10:05",
        "Lisbon",
        text(
            "receipt",
            "# BICICLETAS AURORA",
            "Rua dos Serralheiros Velhos 88",
            "Fatura 2024/0417",
            "Data      14-05-2024",
            "",
            "Kestrel Tourer verde 53",
            "quadro KT-88213    920,00",
            "Campainha       oferta",
            "",
            "TOTAL EUR          920,00",
            "Garantia do quadro 5 anos",
            "",
            "Atendeu: Benedita",
        ),
    ),
    Photo("2026-09-26 11:31:16", "Gaia", lambda seed: scenes.river(seed, boats=4)),
    Photo(
        "2026-10-13 15:48:29",
        "Lisbon airport",
        text(
            "pass",
            "NORDVIND AIR   BOARDING PASS",
            "ALMLOEF / VERA MS",
            "NV 486   LIS Lisbon - ARN Stockholm",
            "13 OCT 2026   DEP 17:05   BOARDING 16:25",
            "",
            "# GATE 41     SEAT 7C     SEQ 112",
            "BOOKING M4TKR8   GROUP 2",
        ),
    ),
    Photo(
        "2026-10-14 08:21:50",
        "Stockholm",
        text(
            "badge",
            "Landskapsdagarna 2026",
            "# Vera Almlöf",
            "Atelier Raiz, Lisboa",
            "",
            "SPEAKER",
            "Dinner: table 6",
            "Locker 118",
        ),
    ),
    Photo(
        "2026-10-15 11:44:03",
        "Stockholm",
        text(
            "card",
            "# Ragnar Hultgren",
            "fårbonde och dimfångare",
            "",
            "Norrgårda 3, Fårö",
            "070-174 06 92",
            "ragnar@example.org",
        ),
    ),
    Photo("2026-10-17 14:36:22", "Hässelby", lambda seed: scenes.archipelago(seed, autumn=True)),
    Photo("2026-10-24 17:20:11", "Lisbon", scenes.lemons),
    Photo("2026-10-30 09:12:47", "Lisbon", lambda seed: scenes.street(seed, tram=True)),
    Photo(
        "2026-11-02 10:57:35",
        "Sintra",
        text(
            "note",
            "# Viveiros Monte Claro",
            "Guia de remessa 5107",
            "2 de novembro de 2026",
            "",
            "Quercus suber 14/16: 38",
            "devolvido: 1 (guia partida)",
            "ficam: 37",
            "Pistacia lentiscus 3 l: 220",
            "",
            "Matrícula do camião: AA-00-ZX",
            "Recebeu: B. Nóbrega   10h50",
            "Motorista: Nelson",
        ),
    ),
    Photo("2026-11-11 15:05:09", "Lisbon", lambda seed: scenes.plate(seed, food="chestnuts")),
    Photo(
        "2026-11-12 08:11:26",
        "Sintra",
        text(
            "sign",
            "# P",
            "dias úteis",
            "9h - 19h",
            "máx. 2 horas",
            "0,80 EUR / hora",
            "",
            "# Mercado",
            "quinta-feira 6h-14h",
            "reboque",
        ),
    ),
    Photo("2026-11-14 11:52:18", "Porto", scenes.courtyard),
    Photo("2026-11-15 14:20:38", "Porto", scenes.sea),
)


def build(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for photo in PHOTOS:
        target = folder / photo.path
        target.parent.mkdir(parents=True, exist_ok=True)
        grained(photo.paint(photo.when), photo.when).save(target, "JPEG", quality=72, exif=exif(photo))


def grained(picture: Image.Image, seed: str) -> Image.Image:
    """A little sensor noise, so that flat areas look like a photo's."""
    chance = np.random.default_rng([ord(char) for char in seed])
    noise = chance.normal(0, 1.7, (picture.height, picture.width, 1))
    return Image.fromarray((np.asarray(picture, float) + noise).clip(0, 255).astype(np.uint8))


def exif(photo: Photo) -> Image.Exif:
    latitude, longitude, zone = PLACES[photo.place]
    when = datetime.fromisoformat(photo.when).replace(tzinfo=ZoneInfo(zone))
    stamp, offset = f"{when:%Y:%m:%d %H:%M:%S}", f"{when:%z}"
    data = Image.Exif()
    data[Base.Make], data[Base.Model], data[Base.DateTime], data[Base.Orientation] = *CAMERA, stamp, 1
    data.get_ifd(IFD.Exif).update(
        {
            Base.DateTimeOriginal: stamp,
            Base.DateTimeDigitized: stamp,
            Base.OffsetTimeOriginal: f"{offset[:3]}:{offset[3:]}",
        }
    )
    data.get_ifd(IFD.GPSInfo).update(
        {
            GPS.GPSLatitudeRef: "N" if latitude >= 0 else "S",
            GPS.GPSLatitude: sexagesimal(latitude),
            GPS.GPSLongitudeRef: "E" if longitude >= 0 else "W",
            GPS.GPSLongitude: sexagesimal(longitude),
        }
    )
    return data


def sexagesimal(degrees: float) -> tuple[float, float, float]:
    """Degrees, minutes and seconds, as EXIF writes a position."""
    minutes = abs(degrees) % 1 * 60
    return float(int(abs(degrees))), float(int(minutes)), round(minutes % 1 * 60, 2)
