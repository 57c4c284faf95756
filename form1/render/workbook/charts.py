"""Native charts of the workbook: drawn by the spreadsheet program from the numbers that stand beside them."""

from __future__ import annotations

from typing import Any, Final

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.marker import DataPoint
from openpyxl.chart.series_factory import SeriesFactory
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Font, Paragraph, ParagraphProperties
from openpyxl.worksheet.worksheet import Worksheet

from form1.render.workbook.styles import FAMILY

MAIN, PALE, LINE = "1F4E79", "C3CFDB", "5C6B7A"
"""The shades of the pictures in PDF and page: told apart in print without colour."""
_SHADES: Final = ("FFFFFF", "F1F4F7", "E3E9EF", PALE, MAIN)
_INK: Final = "111111"


def bars(sheet: Worksheet, *, first: int, last: int, rest: int | None, column: int = 2) -> BarChart:
    """Return horizontal bars of the counts in `column`, rows `first` to `last`; `rest` is the row that is paler."""
    chart = _chart("bar")
    chart.add_data(Reference(sheet, min_col=column, min_row=first, max_row=last), titles_from_data=False)
    chart.set_categories(Reference(sheet, min_col=1, min_row=first, max_row=last))
    chart.x_axis.scaling.orientation = "maxMin"  # the first row on top
    series = chart.series[0]
    _shade(series, MAIN)
    if rest is not None:
        series.dPt.append(_point(rest - first, PALE))
    return chart


def side(sheet: Worksheet, *, first: int, last: int, column: int, highest: int, left: bool, title: str) -> BarChart:
    """Return one side of a pyramid: the left one runs from right to left, both end at `highest`."""
    chart = bars(sheet, first=first, last=last, rest=None, column=column)
    chart.x_axis.scaling.orientation = "minMax"  # the first row, the youngest, at the bottom
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, max(highest, 1)
    chart.gapWidth = 20
    if left:
        chart.y_axis.scaling.orientation = "maxMin"
    else:
        _shade(chart.series[0], PALE)
        chart.x_axis.delete = True  # the ages stand between the sides, once
    _name(chart, title)
    return chart


def columns(sheet: Worksheet, *, row: int, heads: int, spans: list[tuple[str, int, int]], title: str) -> BarChart:
    """Return columns of the counts in `row`, quarters side by side; `spans` are years with first and last column.

    The quarters are named in the row `heads`.
    """
    chart = _chart("col")
    for (year, left, right), shade in zip(spans, _SHADES[-len(spans) :], strict=True):
        series = SeriesFactory(Reference(sheet, min_col=left, max_col=right, min_row=row, max_row=row), title=year)
        _shade(series, shade)
        chart.series.append(series)
    widest = max(spans, key=lambda span: span[2] - span[1])
    chart.set_categories(Reference(sheet, min_col=widest[1], max_col=widest[2], min_row=heads, max_row=heads))
    chart.gapWidth, chart.overlap = 18, 0
    chart.legend = _legend(chart)
    _name(chart, title)
    return chart


def place(sheet: Worksheet, chart: BarChart, cell: str, width: float, height: float) -> None:
    """Put a chart with its corner at a cell; sizes in points."""
    chart.width, chart.height = width / 72 * 2.54, height / 72 * 2.54
    sheet.add_chart(chart, cell)


def _chart(kind: str) -> BarChart:
    chart = BarChart()
    chart.type, chart.style, chart.gapWidth, chart.legend, chart.varyColors = kind, 2, 45, None, False
    chart.graphical_properties = GraphicalProperties(noFill=True, ln=LineProperties(noFill=True))
    for axis in (chart.x_axis, chart.y_axis):
        axis.delete, axis.majorTickMark, axis.title = False, "none", None
        axis.txPr = _type(800)
    chart.x_axis.tickLblSkip = 1
    chart.y_axis.delete, chart.y_axis.majorGridlines = True, None
    chart.y_axis.scaling.min = 0
    chart.x_axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=LINE, w=9525))
    return chart


def _shade(series: Any, colour: str) -> None:
    series.graphicalProperties = GraphicalProperties(solidFill=colour, ln=LineProperties(solidFill=LINE, w=6350))
    series.dLbls = DataLabelList(
        showVal=True, showSerName=False, showCatName=False, showLegendKey=False, showPercent=False, txPr=_type(650)
    )
    series.dLbls.position = "outEnd"
    series.invertIfNegative = False


def _point(place: int, colour: str) -> DataPoint:
    look = GraphicalProperties(solidFill=colour, ln=LineProperties(solidFill=LINE, w=6350))
    return DataPoint(idx=place, invertIfNegative=False, spPr=look)


def _legend(chart: BarChart) -> Any:
    from openpyxl.chart.legend import Legend

    legend = Legend()
    legend.position, legend.txPr, legend.overlay = "t", _type(800), False
    return legend


def _name(chart: BarChart, title: str) -> None:
    from openpyxl.chart.text import Text
    from openpyxl.drawing.text import RegularTextRun

    look = CharacterProperties(sz=900, b=True, solidFill=_INK, latin=Font(typeface=FAMILY))
    run = RegularTextRun(rPr=look, t=title)
    rich = RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=look), r=[run])])
    chart.title = Title(tx=Text(rich=rich), overlay=False, layout=Layout(manualLayout=ManualLayout()))
    chart.title.layout = None


def _type(size: int) -> RichText:
    look = CharacterProperties(sz=size, solidFill=_INK, latin=Font(typeface=FAMILY))
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=look), endParaRPr=look)])
