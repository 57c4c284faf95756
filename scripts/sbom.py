"""Write dist/form1.cdx.json: what form1 is made of, as a CycloneDX bill of materials, valid by its schema.

    make sbom

Lists every package of requirements/ that a user may install, with version, licence, what needs it and the sha256 of its
files; what comes only with an extra is optional. The same pins give the same bytes: no time, no serial number, no host.
Runs in an environment that has requirements/packaging.txt, and installs the packages in one of their own.
"""

import json
import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any

from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation import make_schemabased_validator
from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).resolve().parents[1]
TARGET = REPOSITORY / "dist" / "form1.cdx.json"
FILES = ("run", "causes", "duckdb", "sign", "spark")
"""The files of requirements/ that make up the product: what always comes, then the extras."""


def hashes() -> dict[str, tuple[str, list[str]]]:
    """Return the file that pins each package and the sha256 of what may be installed."""
    found: dict[str, tuple[str, list[str]]] = {}
    for file in FILES:
        text = (REPOSITORY / "requirements" / f"{file}.txt").read_text(encoding="utf-8").replace("\\\n", "")
        for line in text.splitlines():
            if "==" in line:
                name = canonicalize_name(line.split("==")[0])
                found.setdefault(name, (file, re.findall(r"--hash=sha256:([0-9a-f]{64})", line)))
    return found


def version() -> str:
    """Return the version of form1, from the one place where it stands."""
    text = (REPOSITORY / "form1" / "__init__.py").read_text(encoding="utf-8")
    return text.split('__version__ = "')[1].split('"')[0]


def inspected() -> dict[str, Any]:
    """Return what cyclonedx-py says of an environment with the product and all its extras."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder) / "bin" / "python")
        install = [python, "-m", "pip", "install", "--quiet", "--no-deps"]
        for file in ("build", *FILES):
            subprocess.run([*install, "--require-hashes", "-r", f"requirements/{file}.txt"], cwd=REPOSITORY, check=True)
        subprocess.run([*install, "--no-build-isolation", "."], cwd=REPOSITORY, check=True)
        command = ["cyclonedx-py", "environment", "--pyproject=pyproject.toml", "--mc-type=application"]
        command += ["--output-reproducible", "--spec-version=1.6", "--output-format=JSON", python]
        said = subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, text=True).stdout
    materials: dict[str, Any] = json.loads(said)
    return materials


def bill() -> dict[str, Any]:
    """Return the bill of materials: the product, the packages that are pinned for it, and what needs what."""
    materials, pinned = inspected(), hashes()
    product = materials["metadata"]["component"]
    product["version"] = version()
    for part in (product, *materials["metadata"]["tools"]["components"]):
        part.pop("externalReferences", None)
    components = [each for each in materials["components"] if canonicalize_name(each["name"]) in pinned]
    if missing := set(pinned) - {canonicalize_name(each["name"]) for each in components}:
        sys.exit(f"form1: not installed, so not listed: {', '.join(sorted(missing))}")
    for component in components:
        file, digests = pinned[canonicalize_name(component["name"])]
        component.pop("properties", None)
        component["scope"] = "required" if file == "run" else "optional"
        component["externalReferences"] = [
            {
                "type": "distribution",
                "url": f"requirements/{file}.txt",
                "hashes": [{"alg": "SHA-256", "content": digest} for digest in digests],
            }
        ]
    materials["components"] = sorted(components, key=lambda each: str(each["bom-ref"]))
    kept = {product["bom-ref"], *(each["bom-ref"] for each in components)}
    needs = {each["ref"]: set(each.get("dependsOn", [])) & kept for each in materials["dependencies"]}
    materials["dependencies"] = [
        {"ref": ref, "dependsOn": sorted(needs[ref])} if needs[ref] else {"ref": ref}
        for ref in sorted(kept & set(needs))
    ]
    return materials


def main() -> None:
    """Write the bill of materials when it is valid."""
    text = json.dumps(bill(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    validator = make_schemabased_validator(OutputFormat.JSON, SchemaVersion.V1_6)
    if error := validator.validate_str(text):
        sys.exit(f"form1: dist/form1.cdx.json would not be valid: {error}")
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(text, encoding="utf-8")
    print(TARGET.relative_to(REPOSITORY))


if __name__ == "__main__":
    main()
