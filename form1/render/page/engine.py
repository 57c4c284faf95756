"""The PDF engine: WeasyPrint with our fonts, nothing fetched, and the same bytes for the same page."""

from __future__ import annotations

import base64
import contextlib
import ctypes.util
import gc
import hashlib
import io
import logging
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

from form1.core.errors import DefinitionError, MachineError
from form1.core.folders import data_folder
from form1.core.quiet import overheard
from form1.render.finish import Attached, Finisher, is_misread
from form1.render.page import fonts

_PANGO_REMEDY: Final = (
    "Install Pango (Debian, Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)."
)
_NO_SUBSETTER: Final = (
    "libharfbuzz-subset is not there, or older than 4.1: fontTools cuts the fonts of the PDF, to other bytes than "
    "elsewhere. Install it (Debian, Ubuntu: apt-get install libharfbuzz-subset0)."
)
_TRIAL: Final = """<!DOCTYPE html><html lang="az"><head><title>Ə</title><style>
@font-face { font-family: Form; src: url("form1:/fonts/regular"); } body { font-family: Form; }
</style></head><body><p>Ə</p></body></html>"""
_FONTCONFIG: Final = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>{folder}</dir><cachedir>{folder}</cachedir></fontconfig>
"""
_ATTEMPTS: Final = 8
"""One in a hundred files needs a second."""
_FONTS_URL: Final = "form1:/fonts/"
_TEMPLATES_URL: Final = "form1:/templates/"
_PICTURE_URL: Final = "data:image/svg+xml;base64,"


def write(html: str, attachments: Sequence[Attached] = ()) -> bytes:
    """Return the page as a PDF that is PDF/A-3a and PDF/UA-1, with files inside.

    MachineError when this machine lacks Pango or the fonts; DefinitionError when the page leaves a picture undescribed,
    links to a place that is not there, asks for a picture that cannot be had or has a letter that the fonts lack.
    """
    weasyprint = engine()
    fonts.require(html)
    with _unhurried_garbage(), _heeded_complaints(), _our_font_alone(), _undated_fonts():
        options = {
            "pdf_variant": "pdf/ua-1",
            "pdf_identifier": hashlib.sha256(html.encode()).hexdigest()[:32].encode(),
        }
        document = weasyprint.HTML(string=html, url_fetcher=fetcher()).render(**options)
        for spare in range(_ATTEMPTS):
            pdf: bytes = document.write_pdf(finisher=Finisher(attachments, spare), **options)
            if not is_misread(pdf):
                break
    return pdf


def engine() -> Any:
    """Return the module weasyprint; MachineError when the libraries that it needs are not there."""
    with _our_font_alone():
        try:
            # On failure it prints an advice of several lines; ours is one line.
            with _libraries_by_file_name(), contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
                # Without libharfbuzz-subset fontTools does its work; `lacking` says so in our words.
                warnings.filterwarnings("ignore", category=DeprecationWarning)
                import weasyprint
        except (ImportError, OSError, AttributeError) as error:
            reason = next(iter(str(error).splitlines()), type(error).__name__)
            raise MachineError(f"the PDF cannot be drawn: {reason}. {_PANGO_REMEDY}") from None
    return weasyprint


def pango_version() -> str:
    """Return the version of Pango, such as 1.50.12; MachineError when there is none."""
    engine()
    from weasyprint.text.ffi import pango

    number = int(pango.pango_version())
    return f"{number // 10_000}.{number // 100 % 100}.{number % 100}"


def lacking() -> str:
    """Return what this machine lacks for the pages that were drawn, and the remedy; empty when it lacks nothing.

    Without libharfbuzz-subset pages are drawn all the same, and always with the same bytes.
    """
    if "weasyprint" not in sys.modules:
        return ""  # nothing was drawn
    from weasyprint.text.ffi import harfbuzz, harfbuzz_subset

    return "" if harfbuzz_subset is not None and harfbuzz.hb_version_atleast(4, 1, 0) else _NO_SUBSETTER


def noise() -> str:
    """Draw a page of one letter; return the first line that libraries print on standard error, which should be none.

    MachineError when the page cannot be drawn.
    """
    with overheard() as said:
        write(_TRIAL)
    return said[0] if said else ""


def fetcher() -> Any:
    """Return what answers the page's requests: our fonts, templates/, pictures that it holds itself; else a refusal."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Fetcher(URLFetcher):  # type: ignore[misc]
        """Serves form1:/fonts/, form1:/templates/ and SVG in data URLs, and opens nothing else."""

        def fetch(self, url: str, headers: object = None) -> Any:
            if url.startswith(_FONTS_URL) and url.removeprefix(_FONTS_URL) in fonts.FONTS:
                body, kind = fonts.font(url.removeprefix(_FONTS_URL)), "font/ttf"
            elif url.startswith(_TEMPLATES_URL):
                # Names of files that stand in the folder, so no path can lead out of it.
                known = {path.name: path for path in data_folder("templates").iterdir() if path.is_file()}
                name = url.removeprefix(_TEMPLATES_URL)
                if name not in known:
                    raise ValueError(f"templates/ has no {name!r}")
                body = known[name].read_bytes()
                kind = "text/css" if name.endswith(".css") else "application/octet-stream"
            elif url.startswith(_PICTURE_URL):
                # What the picture shows stands in the URL itself; nothing is fetched.
                body, kind = base64.b64decode(url.removeprefix(_PICTURE_URL), validate=True), "image/svg+xml"
            else:
                raise ValueError("the page asks for something outside templates/: refused")
            return URLFetcherResponse(url, body, {"Content-Type": kind})

    return Fetcher(allowed_protocols=("form1", "data"), allow_redirects=False)


@contextlib.contextmanager
def _libraries_by_file_name() -> Iterator[None]:
    """Let the import find its libraries by file name: `find_library` starts some 36 compilers and linkers."""
    if not sys.platform.startswith("linux") or "weasyprint" in sys.modules:
        yield
        return
    search = ctypes.util.find_library
    ctypes.util.find_library = lambda name: None
    try:
        yield
    finally:
        ctypes.util.find_library = search


@contextlib.contextmanager
def _our_font_alone() -> Iterator[None]:
    """Let fontconfig know one font of ours and a passing folder for its cache, and nothing of this machine.

    The page brings its fonts along; without any font Pango ends the process. A cache of the machine that is stale or
    cannot be written makes fontconfig complain on standard error, in dozens of lines.
    """
    kept = os.environ.get("FONTCONFIG_FILE")
    with tempfile.TemporaryDirectory(prefix="form1-", ignore_cleanup_errors=True) as folder:
        Path(folder, "font.ttf").write_bytes(fonts.font("regular"))
        configuration = Path(folder, "fonts.conf")
        configuration.write_text(_FONTCONFIG.format(folder=escape(folder)), encoding="utf-8")
        os.environ["FONTCONFIG_FILE"] = str(configuration)
        try:
            yield
        finally:
            if kept is None:
                del os.environ["FONTCONFIG_FILE"]
            else:
                os.environ["FONTCONFIG_FILE"] = kept


@contextlib.contextmanager
def _undated_fonts() -> Iterator[None]:
    """Keep the clock out of fonts that fontTools cuts: it dates them anew, unless it is told not to."""
    from weasyprint.pdf import fonts as theirs

    dated = theirs.TTFont
    theirs.TTFont = partial(dated, recalcTimestamp=False)
    try:
        yield
    finally:
        theirs.TTFont = dated


@contextlib.contextmanager
def _heeded_complaints() -> Iterator[None]:
    """Make an error of what WeasyPrint only logs as one, and leaves out of the page."""
    complaints: list[str] = []
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: complaints.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("weasyprint")
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
    if complaints:
        raise DefinitionError(
            f"templates: the PDF cannot be drawn whole: {complaints[0].splitlines()[0]}. Mend the page's markup."
        )


@contextlib.contextmanager
def _unhurried_garbage() -> Iterator[None]:
    """Collect garbage rarely while thousands of boxes are laid out, which saves a third of the time."""
    threshold = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*threshold)
        gc.unfreeze()
