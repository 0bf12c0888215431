"""Each part of the ranking by what it changes, on a real store with the real embedding model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from app.core.types import Hit
from app.model.contract import Embedder
from app.store import fusion
from app.store.index import Index
from app.store.rarity import Rarity
from app.store.search import Searcher
from app.store.vectors import VectorIndex
from app.store.words import Tongue, content_words, match_any, runs, tongue
from app.workers.worker import Worker
from indexers.item import Item, Unit

Make = Callable[..., Item]
Embed = Callable[..., Any]


@pytest.fixture(scope="module")
def embed() -> Iterator[Embed]:
    worker = Worker("embedder", "app.model.embed:service")

    def these(*texts: str) -> np.ndarray[Any, Any]:
        found = worker.call(Embedder.embed, texts=texts)
        return np.frombuffer(found.data, "<f4").reshape(found.count, found.dim)

    yield these
    worker.stop()


@pytest.fixture
def ask(
    index: Index, vectors: VectorIndex, source: int, make: Make, embed: Embed
) -> Callable[..., list[Hit]]:
    """``ask(texts, question)``: what is found among notes of these texts, best first, all embedded."""

    def one(texts: list[str], question: str, **how: Any) -> list[Hit]:
        items = [make(n, text, title="") for n, text in enumerate(texts)]
        index.put(source, Unit(path="/box", stamp=str(hash((*texts, question)))), items, [])
        while pending := vectors.pending():
            vectors.add([id for id, _ in pending], embed(*(text for _, text in pending)), model="test")
        searcher = Searcher(index.db, vectors)
        return list(searcher.search(question, vector=embed(question)[0], **how))

    return one


def order(hits: list[Hit]) -> list[int]:
    return [int(hit.uri.removeprefix("mid:").partition("@")[0]) for hit in hits]


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Where is the spare key?", Tongue.ENGLISH),
        ("spare key", Tongue.ENGLISH),
        ("Wo ist der Schlüssel?", Tongue.LATIN),
        ("dónde está la llave", Tongue.LATIN),
        ("où", Tongue.LATIN),
        ("Где ключ?", Tongue.OTHER),
        ("钥匙在哪里", Tongue.OTHER),
        ("", Tongue.ENGLISH),
    ],
)
def test_the_tongue_of_a_question(text: str, spoken: Tongue) -> None:
    assert tongue(text) is spoken


def test_signs_are_paired_and_stray_letters_left_out() -> None:
    assert content_words("会议室在 NFL") == ["会议", "议室", "室在", "nfl"]
    assert runs("会议室, 在 NFL") == "会议 议室"
    assert content_words("Noor's house") == ["noor", "house"]


def test_vowel_signs_are_parts_of_words(index: Index, source: int, make: Make) -> None:
    assert content_words("मेरी किताब कहाँ है?") == ["मेरी", "किताब", "कहाँ", "है"]
    texts = ["यह किताब पुरानी है।", "कल ताबड़तोड़ बारिश हुई।", "புத்தகம் மேசையில் உள்ளது"]
    items = [make(n, text, title="") for n, text in enumerate(texts)]
    index.put(source, Unit(path="/box", stamp="1"), items, [])
    searcher = Searcher(index.db, VectorIndex(index.db))
    assert order(list(searcher.search("किताब"))) == [0]  # not what has its letters k, t and b somewhere
    assert order(list(searcher.search("புத்தகம்"))) == [2]
    assert order(list(searcher.as_you_type("पुरा"))) == [0]
    assert order(list(searcher.as_you_type("बारि"))) == [1]
    with index.db.write() as db:
        db.conn.execute("INSERT INTO fts (fts, rank) VALUES ('integrity-check', 1)")


def test_other_forms_of_a_word_are_found_where_no_stemmer_knows_them(ask: Callable[..., list[Hit]]) -> None:
    texts = ["Die Rechnungen liegen im Ordner.", "Der Ordner ist rot.", "Das Auto ist blau."]
    assert order(ask(texts, "Wo ist die Rechnung?"))[0] == 0
    assert match_any(["rechnung", "rot"], inflected=True) == '"rechnung" OR "rot" OR "rechn"*'
    assert match_any(["rechnung", "rot"]) == '"rechnung" OR "rot"'


def test_what_is_meant_is_found_without_its_words_and_what_is_said_without_its_meaning(
    ask: Callable[..., list[Hit]],
) -> None:
    texts = [
        "The feline slept on the sofa all afternoon.",
        "Reference XK-4471 was noted.",
        "Quarterly figures were sent to the board.",
        "The roof was mended in spring.",
    ]
    assert order(ask(texts, "what did the cat do"))[0] == 0
    assert order(ask(texts, "XK-4471"))[0] == 1


def test_words_weigh_more_where_the_model_does_not_know_the_language() -> None:
    found = [found_of(1, "альфа", bm25=5.0, cosine=0.1), found_of(2, "beta", bm25=0.0, cosine=0.9)]
    fusion.fuse(found, "альфа гамма дельта", {"альфа": 1.0, "гамма": 1.0, "дельта": 1.0}, refined=False)
    assert found[0].score > found[1].score
    fusion.fuse(found, "alpha or gamma", {"alpha": 1.0, "gamma": 1.0}, refined=False)
    assert found[0].score < found[1].score


def test_words_are_believed_when_they_hold_all_of_the_question() -> None:
    found = [found_of(1, "alpha gamma", bm25=5.0, cosine=0.35), found_of(2, "beta", bm25=0.0, cosine=0.9)]
    fusion.fuse(found, "alpha gamma", {"alpha": 1.0, "gamma": 1.0}, refined=False)
    believed = found[0].score - found[1].score
    fusion.fuse(found, "alpha gamma", {"alpha": 1.0, "delta": 9.0}, refined=False)
    assert believed > found[0].score - found[1].score


def found_of(id: int, passage: str, *, bm25: float = 1.0, cosine: float = 0.0, item: int = 0) -> fusion.Found:
    row = {"id": id, "item_id": item or id, "title": "", "people": "", "about": "", "passage": passage}
    return fusion.Found(row, bm25, cosine)


def test_refining_raises_what_holds_more_words_and_what_has_them_side_by_side() -> None:
    rarity = {"boiler": 1.0, "warranty": 1.0, "number": 1.0}
    found = [
        found_of(1, "boiler boiler boiler"),
        found_of(2, "the warranty of a boiler has the number 7"),
        found_of(3, "boiler warranty number 7"),
    ]
    fusion.fuse(found, "boiler warranty number", rarity, refined=False)
    assert len({one.score for one in found}) == 1  # the control: by the lists alone they are equal
    fusion.fuse(found, "boiler warranty number", rarity, refined=True)
    assert found[0].score < found[1].score < found[2].score


@pytest.mark.parametrize(("same", "share"), [(7, 0.5), (8, 0.0)])
def test_refining_raises_what_stands_beside_a_good_passage_of_the_same_item(same: int, share: float) -> None:
    found = [found_of(1, "alpha", bm25=4.0, item=7), found_of(2, "it costs 40", bm25=0.0, item=same)]
    table, trust = fusion.features(found, "alpha", {"alpha": 1.0})
    assert table[:, fusion.FEATURES.index("around")].tolist() == [0.0, share]
    assert trust == 1.0
    assert all(weights[fusion.FEATURES.index("around")] > 0 for weights in fusion.WEIGHTS.values())


def test_other_forms_and_parts_of_compounds_are_seen_by_their_letters() -> None:
    found = [
        found_of(1, "Der Heizkesselraum ist zu."),
        found_of(2, "Der Garten ist zu."),
        found_of(3, "Die Sitzung war kurz."),
    ]
    for refined in (False, True):
        for one in found:
            one.bm25, one.cosine = 1.0, 0.5  # the control: the lists see no difference
        fusion.fuse(found, "Wo sind die Heizkessel?", {"heizkessel": 1.0}, refined=refined)
        assert found[0].score > max(found[1].score, found[2].score)


def test_accents_tell_words_apart_where_the_question_has_some() -> None:
    found = [found_of(1, "con bò ở nhà", cosine=0.5), found_of(2, "cái bộ ở nhà", cosine=0.5)]
    fusion.fuse(found, "bộ ở đâu", {"bộ": 1.0}, refined=True)
    assert found[0].score < found[1].score
    fusion.fuse(found, "bo o dau", {"bo": 1.0}, refined=True)
    assert found[0].score == pytest.approx(found[1].score)  # who types none finds both


def test_words_close_together_count_more_than_the_same_far_apart() -> None:
    apart = f"The boiler {'was mended and then it rained for days ' * 6}and a warranty came."
    found = [found_of(1, apart), found_of(2, f"A warranty for the new boiler. {'It rained for days. ' * 12}")]
    table, _ = fusion.features(found, "boiler warranty", {"boiler": 1.0, "warranty": 1.0})
    assert table[:, fusion.FEATURES.index("close")].tolist() == [0.5, 1.0]


def test_no_list_at_all_is_no_error() -> None:
    fusion.fuse([], "anything", {}, refined=True)
    assert fusion.rough({}, {}, Tongue.ENGLISH) == {}
    assert fusion.rough({3: 2.0}, {}, Tongue.ENGLISH) == {3: 1.0}
    assert fusion.rough({}, {3: 0.5}, Tongue.OTHER) == {3: 1.0}


def test_a_rarer_word_tells_more(index: Index, source: int, make: Make) -> None:
    items = [make(n, "common rare" if n == 0 else "common") for n in range(50)]
    index.put(source, Unit(path="/r", stamp="1"), items, [])
    weights = Rarity(index.db).of(("rare", "common", "absent"))
    assert weights["absent"] > weights["rare"] > weights["common"]


def test_what_points_away_from_the_question_keeps_its_order() -> None:
    scores = fusion.rough({}, {1: -0.1, 2: -0.3, 3: -0.2}, Tongue.ENGLISH)
    assert sorted(scores, key=lambda id: -scores[id]) == [1, 3, 2]
    assert min(scores.values()) > 0
