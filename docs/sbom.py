#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Prints the bill of materials of a build, as CycloneDX 1.5 in JSON: sbom.py BUILD >hearken.cdx.json

Its components are the libraries that Meson found, and the models. A library that nothing installed
is linked with, as those of the tests, has the scope "excluded".
"""

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

LICENCE = "GPL-2.0-or-later"


def introspect(build, what):
    """What `meson introspect` would tell of a build: Meson leaves it there."""
    return json.loads((Path(build) / "meson-info" / f"intro-{what}.json").read_text("utf-8"))


def dynamic(path, tag):
    """The names that an ELF file has under a tag: SONAME, NEEDED."""
    entries = subprocess.check_output(["readelf", "-dW", path], text=True)
    return re.findall(rf"\({tag}\).*\[(.*)\]", entries)


def needed(targets):
    """The libraries that the installed programs and libraries are linked with, by soname."""
    kinds = ("shared library", "shared module", "executable")
    files = [t["filename"][0] for t in targets if t["installed"] and t["type"] in kinds]
    return {soname for file in files for soname in dynamic(file, "NEEDED")}


def library(dependency, sonames):
    """A dependency of Meson's as a component."""
    file = next((arg for arg in dependency["link_args"] if arg.startswith("/")), None)
    is_linked = file is not None and bool(sonames.intersection(dynamic(file, "SONAME")))
    purl = f"pkg:generic/{dependency['name']}@{dependency['version']}"
    return {
        "type": "library",
        "bom-ref": purl,
        "name": dependency["name"],
        "version": dependency["version"],
        "scope": "required" if is_linked else "excluded",
        "purl": purl,
    }


def model(path):
    """An installed model, language model or dictionary as a component."""
    is_model = path.suffix == ".safetensors"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return {
        "type": "machine-learning-model" if is_model else "data",
        "bom-ref": path.name,
        "name": path.name,
        "scope": "required",
        "hashes": [{"alg": "SHA-256", "content": digest}],
    }


def bill(build):
    """The whole document. It has no date and no serial number: the same build gives the same bytes."""
    project = introspect(build, "projectinfo")
    sonames = needed(introspect(build, "targets"))
    components = [library(d, sonames) for d in introspect(build, "dependencies")]
    installed = introspect(build, "installed")
    components += [model(Path(s)) for s, to in installed.items() if "/hearken/models/" in to]
    name = project["descriptive_name"]
    required = [c["bom-ref"] for c in components if c["scope"] == "required"]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "library",
                "bom-ref": name,
                "name": name,
                "version": project["version"],
                "licenses": [{"license": {"id": LICENCE}}],
            }
        },
        "components": components,
        "dependencies": [{"ref": name, "dependsOn": required}],
    }


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: sbom.py BUILD >hearken.cdx.json")
    print(json.dumps(bill(sys.argv[1]), indent=2))
