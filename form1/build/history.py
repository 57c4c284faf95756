"""Earlier periods beside a form: what its rules and its summary compare it with.

The cells of an earlier period are those about to be published, else those of the form that was accepted (where a
register of receptions is named), else those of the edition that stands, else those that its exports give. Cells of
another version of the form are brought to the addresses that they have in this one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from form1 import rules
from form1.archive import store
from form1.archive.receptions import Register
from form1.build.exports_folder import path_of
from form1.core.cells import CellMap
from form1.core.periods import Period
from form1.definition import Form
from form1.definition.carried import carry, why_not
from form1.model.history import History

NOTHING_FRESH: Final[Mapping[Period, CellMap]] = MappingProxyType({})


def for_rules(
    form: Form,
    period: Period,
    *,
    editions: Path,
    exports: Path,
    register: Path | None = None,
    fresh: Mapping[Period, CellMap] = NOTHING_FRESH,
    later: bool = False,
) -> dict[Period, History]:
    """Return the earlier periods that the rules look at, whole, as `collect` finds them.

    With `later` also those after this one that stand already, as far as the form is still the same.
    """
    needed = dict.fromkeys(rules.needed_periods(form, period), ())
    if later:
        version = _version(form, period)
        for other in rules.needed_periods(form, period, later=True):
            if _version(form, other) == version:
                needed[other] = ()
    return collect(form, period, needed, editions=editions, exports=exports, register=register, fresh=fresh)


def collect(
    form: Form,
    period: Period,
    needed: Mapping[Period, Collection[str]],
    *,
    editions: Path,
    exports: Path,
    register: Path | None = None,
    fresh: Mapping[Period, CellMap] = NOTHING_FRESH,
) -> dict[Period, History]:
    """Return the earlier periods that are needed beside the form of `period`, each with cells or why it has none.

    `needed` names the tables that are wanted of each earlier period; none stands for all. `editions` is the folder of
    the archive, `exports` that of the exports, `register` that of the receptions; `fresh` gives the cells of periods
    that are about to be published.
    """
    return {
        earlier: _carried(form, period, earlier, _only(fresh[earlier], tables))
        if earlier in fresh and form.covers(earlier)
        else _found(form, period, earlier, tables, register, editions, exports)
        for earlier, tables in needed.items()
    }


def _version(form: Form, period: Period) -> int:
    return sum(version.valid_from <= period.last_day for version in form.versions)


def recall(
    form: Form,
    period: Period,
    wanted: Mapping[Period, str],
    needed: Mapping[Period, Collection[str]],
    digest: Callable[[CellMap], str],
    *,
    editions: Path,
) -> dict[Period, History]:
    """Return earlier periods as they were when an edition was made: `wanted` gives the `digest` of their cells then.

    A period of which no edition that stands has those cells is told as absent.
    """
    found: dict[Period, History] = {}
    for earlier, tables in needed.items():
        found[earlier] = _without(form, "history_absent", earlier)
        if not form.covers(earlier):
            continue
        for edition in reversed(store.Archive(editions).editions(earlier)):
            if edition.damage():
                continue
            cells = edition.cells()
            known = {digest(_carried(form, period, earlier, _only(cells, some)).cells or {}) for some in ((), tables)}
            if wanted.get(earlier) in known:
                found[earlier] = _carried(form, period, earlier, _only(cells, tables))
                break
    return found


def _found(
    form: Form,
    period: Period,
    earlier: Period,
    tables: Collection[str],
    register: Path | None,
    editions: Path,
    exports: Path,
) -> History:
    if not form.covers(earlier):
        return _without(form, "history_before_versions", earlier)
    accepted = Register(register).accepted(earlier) if register is not None else None
    standing = accepted or store.Archive(editions).latest(earlier)
    if standing is not None and standing.damage():
        return _without(form, "history_damaged", earlier)
    if standing is not None:
        return _carried(form, period, earlier, _only(standing.cells(), tables))
    return _from_exports(form, period, earlier, tables, exports)


def _from_exports(form: Form, period: Period, earlier: Period, tables: Collection[str], exports: Path) -> History:
    was = form.of(earlier)
    if not path_of(exports, earlier).is_dir():
        return _without(was, "history_absent", earlier)
    # The readers of exports are heavy, and whoever checks a form beside an archive needs none of them.
    from form1.build import assemble
    from form1.build.gathering import gather

    filled = assemble.fill(was, earlier, gather(was, exports, earlier, tables).counts)
    cells = _only(filled.cells, tables)
    if not cells:
        return _without(was, "history_unusable", earlier)
    return replace(_carried(form, period, earlier, cells), is_published=False)


def _carried(form: Form, period: Period, earlier: Period, cells: CellMap) -> History:
    was = form.of(earlier)
    carried = carry(cells, was, earlier, form, period)
    breaks = {side: why_not(was, form, side, past, earlier) for side, past in carried.breaks.items()}
    return History(carried.cells, breaks=breaks)


def _only(cells: CellMap, tables: Collection[str]) -> CellMap:
    """An edition and the exports behind it give the same cells, whoever asks for some of the tables."""
    return {address: cell for address, cell in cells.items() if address[0] in tables} if tables else cells


def _without(form: Form, why: str, earlier: Period) -> History:
    return History(None, form.words[why].filled(period=str(earlier)))
