"""What templates may call has one meaning: no room takes a word that another has given."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask

from shelter.features import modules

DATABASES = ("sqlite",)


class Noting(dict[str, Any]):
    """The globals of a template environment that remember each word they were given."""

    def __init__(self) -> None:
        super().__init__()
        self.given: list[tuple[str, Any]] = []

    def __setitem__(self, name: str, value: Any) -> None:
        self.given.append((name, value))
        super().__setitem__(name, value)


def given(like: Flask) -> list[tuple[str, Any]]:
    """Every function that a room hands to templates, as its blueprint is registered on a bare application."""
    bare, noting = Flask("bare"), Noting()
    bare.url_map.converters = like.url_map.converters
    bare.jinja_env.globals = noting
    for module in modules("routes"):
        for one in vars(module).values():
            if isinstance(one, Blueprint) and one.name not in bare.blueprints:
                bare.register_blueprint(one)
    return noting.given


def test_a_word_of_templates_is_given_by_one_room(app: Flask) -> None:
    meanings: dict[str, set[Callable[..., Any]]] = defaultdict(set)
    for name, value in given(app):
        meanings[name].add(value)
    assert meanings, "no room gives a word: the test looks in the wrong place"
    assert {name: sorted(map(str, all_of)) for name, all_of in meanings.items() if len(all_of) > 1} == {}


def test_a_word_given_for_every_page_is_given_by_one_room(app: Flask) -> None:
    """Context processors are asked outside any page; those that need a reader say nothing then."""
    seen: dict[str, list[str]] = defaultdict(list)
    with app.test_request_context("/"):
        for processor in app.template_context_processors[None]:
            try:
                words = processor()
            except (AttributeError, RuntimeError, KeyError):
                continue
            for name in words:
                seen[name].append(getattr(processor, "__module__", ""))
    assert {name: rooms for name, rooms in seen.items() if len(rooms) > 1} == {}
