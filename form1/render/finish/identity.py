"""What the file says about itself: both standards in one metadata stream, and the files that travel inside.

PDF/A-3 and PDF/UA-1 are each named in XMP. The property of PDF/UA is none that PDF/A knows, so it is described there
(ISO 19005-3, 6.6.2.3). The stream is not compressed, so that an archive finds it without reading PDF.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import PurePath
from typing import Any, Final
from xml.sax.saxutils import escape

from pydyf import Array, Dictionary, Stream, String

from form1.core.errors import MachineError

_KINDS: Final = {".csv": "text/csv", ".json": "application/json", ".xml": "application/xml"}

_COLOURS, _PROFILE = "sRGB IEC61966-2.1", "sRGB2014.icc"

_METADATA: Final = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" pdfaid:part="3" pdfaid:conformance="A"/>
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the file conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" \
xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<dc:format>application/pdf</dc:format>
{fields}
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


@dataclass(frozen=True)
class Attached:
    """A file that travels inside: `relationship` as in ISO 32000-2, 7.11.3 (Data, Supplement, Source, Alternative)."""

    name: str
    content: bytes
    description: str
    relationship: str
    dated: date


def describe(pdf: Any, metadata: Any) -> None:
    """Write the metadata stream of both standards in place of the one of WeasyPrint."""
    language = metadata.lang or "x-default"
    fields = [
        _lines("dc:title", "Alt", [metadata.title], language),
        _lines("dc:creator", "Seq", metadata.authors),
        _lines("dc:description", "Alt", [metadata.description], language),
        _lines("dc:language", "Bag", [metadata.lang]),
        _field("xmp:CreatorTool", metadata.generator),
        _field("xmp:CreateDate", metadata.created),
        _field("xmp:ModifyDate", metadata.modified),
        _field("pdf:Producer", pdf.info["Producer"].string),
    ]
    packet = _METADATA.format(fields="\n".join(filter(None, fields)))
    stream = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    stream.stream, stream.compress = [packet.encode()], False


def set_colours(pdf: Any) -> None:
    """Say which colours are meant: sRGB, by the profile of the International Color Consortium.

    The ICC allows to copy, distribute and embed sRGB2014.icc without restriction; WeasyPrint brings it along.
    MachineError without it.
    """
    try:
        profile = files("weasyprint.pdf").joinpath(_PROFILE).read_bytes()
    except FileNotFoundError:
        raise MachineError(
            f"the colour profile {_PROFILE} is missing. pip install weasyprint==70.0 brings it."
        ) from None
    stream = Stream([profile], Dictionary({"N": 3}), compress=True)
    pdf.add_object(stream)
    name = String(_COLOURS)
    intent = {"Type": "/OutputIntent", "S": "/GTS_PDFA1", "OutputConditionIdentifier": name, "Info": name}
    pdf.catalog["OutputIntents"] = Array([Dictionary({**intent, "DestOutputProfile": stream.reference})])


def attach(pdf: Any, attachments: Iterable[Attached]) -> None:
    """Embed files, listed by name and as belonging to the whole document."""
    specifications: list[tuple[str, Any]] = []
    for file in sorted(attachments, key=lambda file: file.name):
        moment = String(f"D:{file.dated:%Y%m%d}000000Z")
        parameters = Dictionary(
            {
                "Size": len(file.content),
                "CheckSum": f"<{hashlib.md5(file.content, usedforsecurity=False).hexdigest()}>",
                "CreationDate": moment,
                "ModDate": moment,
            }
        )
        kind = _KINDS[PurePath(file.name).suffix].replace("/", "#2F")
        extra = {"Type": "/EmbeddedFile", "Subtype": f"/{kind}", "Params": parameters}
        stream = Stream([file.content], Dictionary(extra), compress=True)
        pdf.add_object(stream)
        specification = Dictionary(
            {
                "Type": "/Filespec",
                "F": String(file.name),
                "UF": String(file.name),
                "Desc": String(file.description),
                "AFRelationship": f"/{file.relationship}",
                "EF": Dictionary({"F": stream.reference, "UF": stream.reference}),
            }
        )
        pdf.add_object(specification)
        specifications.append((file.name, specification.reference))
    if specifications:
        names = Array(part for name, reference in specifications for part in (String(name), reference))
        pdf.catalog.setdefault("Names", Dictionary())["EmbeddedFiles"] = Dictionary({"Names": names})
        pdf.catalog["AF"] = Array(reference for _, reference in specifications)


def _field(name: str, value: str | None) -> str:
    return f"<{name}>{escape(value)}</{name}>" if value else ""


def _lines(name: str, kind: str, values: Sequence[str | None], language: str = "") -> str:
    """Return a property with several values, or with one in a language that is also the default."""
    there = [escape(value) for value in values if value]
    if not there:
        return ""
    marks = [' xml:lang="x-default"', f' xml:lang="{language}"'] if language else [""]
    items = "".join(f"<rdf:li{mark}>{value}</rdf:li>" for value in there for mark in marks)
    return f"<{name}><rdf:{kind}>{items}</rdf:{kind}></{name}>"
