"""The bill of materials says what the lock file pins, all of it, and the same each time."""

import json
import re
from importlib.metadata import version

from flask import Flask

from shelter.cli.bill import bill, components
from tests.support.sources import ROOT


def test_every_pinned_package_is_on_it_with_its_hashes(house: Flask) -> None:
    said = json.loads(house.test_cli_runner().invoke(args=["bill-of-materials"]).output)
    lock = (ROOT / "requirements.txt").read_text()
    pinned = dict(re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", lock, re.MULTILINE))
    assert {one["name"]: one["version"] for one in said["components"]} == {k.lower(): v for k, v in pinned.items()}
    assert sum(len(one["hashes"]) for one in said["components"]) == lock.count("--hash=sha256:")
    assert all(one["hashes"] for one in said["components"])
    assert (said["bomFormat"], said["specVersion"], said["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", said["serialNumber"])
    refs = {one["bom-ref"] for one in said["components"]}
    assert set(said["dependencies"][0]["dependsOn"]) == refs
    assert len(refs) == len(said["components"])
    assert version("flask") in {one["version"] for one in said["components"] if one["name"] == "flask"}


def test_it_is_the_same_each_time_and_another_for_another_lock() -> None:
    assert bill(ROOT) == bill(ROOT)
    assert components("a==1 \\\n    --hash=sha256:" + "0" * 64) != components("a==2 \\\n    --hash=sha256:" + "0" * 64)
    (one,) = components("colorama==0.4.6 ; sys_platform == 'win32' \\\n    --hash=sha256:" + "0" * 64)
    assert one["properties"] == [{"name": "python:marker", "value": "sys_platform == 'win32'"}]
