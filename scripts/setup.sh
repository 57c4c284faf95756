#!/usr/bin/env bash
# All set-up of a working copy, called by the Makefile before every target.
#
#   scripts/setup.sh run     what `form1` needs: system libraries, .venv, requirements/run.txt
#   scripts/setup.sh dev     the same and the tools of requirements/dev.txt; where Java is, Apache Spark for its tests
#   scripts/setup.sh pins    renew requirements/*.txt from pyproject.toml (scripts/pins.py; --keep: with the versions that stand)
#   scripts/setup.sh sbom    list what form1 is made of in dist/form1.cdx.json (scripts/sbom.py)
#
# Made for Debian and Ubuntu with git, make and Python. Does only what is missing, one line per step on stderr; the whole
# output of a step goes to .venv-setup.log. A stamp in .venv remembers the pins that were installed; a set-up that was
# killed half-way leaves .venv/.unfinished behind, and the next call starts again from nothing.
set -euo pipefail
cd -P "$(dirname "${BASH_SOURCE[0]}")/.."

readonly GOAL=${1:-dev} LOG=.venv-setup.log
readonly PYTHONS="python3.14 python3.13 python3.12 python3.11 python3" # newest first; the last may be newer still
unset PYTHONHOME PYTHONPATH                                            # another project's modules are not ours
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_USER=0 PIP_PROGRESS_BAR=off

say() { echo "form1: $*" >&2; }
die() { say "$*" && exit 1; }

# step WORDS COMMAND...: announce, run quietly, show the end of the log when it fails.
step() {
    say "$1"
    echo "== $1" >>"$LOG"
    "${@:2}" >>"$LOG" 2>&1 && return
    tail -n 15 "$LOG" >&2
    die "this step failed: $1 (everything it said: $LOG)"
}

# The newest Python that has venv; without one, the newest there is.
choose_python() {
    local name newest=""
    for name in $PYTHONS; do
        "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
        has_venv "$name" && echo "$name" && return
        newest=${newest:-$name}
    done
    echo "$newest"
}

has_venv() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }

# Asks the loader, as WeasyPrint will: loads PYTHON LIBRARY...
loads() { "$1" -c 'import ctypes, sys; [ctypes.CDLL(name) for name in sys.argv[1:]]' "${@:2}" 2>/dev/null; }

# The system packages that this machine lacks: missing_packages PYTHON
missing_packages() {
    [ "$1" = .venv/bin/python ] || has_venv "$1" || "$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'
    loads "$1" libpango-1.0.so.0 libpangoft2-1.0.so.0 || echo libpango-1.0-0 libpangoft2-1.0-0
    loads "$1" libharfbuzz-subset.so.0 || echo libharfbuzz-subset0
}

# Takes in all that apt-cache says: a reader that leaves early breaks the pipe, and a known name would pass for unknown.
apt_knows() { [ -n "$(apt-cache show "$1" 2>/dev/null)" ]; }

# The same, of those that this release has: only Ubuntu 22.04 lacks one, and fontTools does its work there.
missing_here() {
    local name
    for name in $(missing_packages "$1"); do
        [ "$name" = libharfbuzz-subset0 ] && apt_knows libpango-1.0-0 && ! apt_knows "$name" || echo "$name"
    done
}

apt_install() {
    export DEBIAN_FRONTEND=noninteractive
    local install=(apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=120)
    # Lists that are older than the mirror name files that are gone: fetch them anew and try once more.
    "${install[@]}" "$@" || { apt-get update -qq && "${install[@]}" "$@"; }
}

system_packages() {
    local python=$1 missing update=""
    mapfile -t missing < <(missing_here "$python")
    [ ${#missing[@]} -gt 0 ] || return 0
    command -v apt-get >/dev/null ||
        die "this machine lacks ${missing[*]} (names as in Debian); install them with its package manager and call make again"
    if ! apt_knows libpango-1.0-0; then
        update="sudo apt-get update && "
        if [ "$(id -u)" = 0 ]; then
            step "fetching the package lists" apt-get update -qq
            mapfile -t missing < <(missing_here "$python")
        fi
    fi
    [ "$(id -u)" = 0 ] ||
        die "system packages are missing; run: ${update}sudo apt-get install -y ${missing[*]}   and call make again"
    [ ${#missing[@]} -eq 0 ] || step "installing ${missing[*]}" apt_install "${missing[@]}"
    mapfile -t missing < <(missing_here "$python")
    [ ${#missing[@]} -eq 0 ] || die "$python ($(command -v "$python")) still lacks ${missing[*]}; use the system's own Python"
}

# What a stamp must say: the pins and the project.
wanted() { cat requirements/*.txt pyproject.toml form1/__init__.py | cksum; }
stamped() { [ "$(cat ".venv/.stamp-$1" 2>/dev/null)" = "$(wanted)" ]; }

# Finished, made for this very folder (its scripts hold the path), with a Python that starts and is new enough, and pip.
venv_works() {
    [ ! -e .venv/.unfinished ] && grep -qsF "$PWD/.venv" .venv/bin/activate &&
        .venv/bin/python -c 'import importlib.util as i, sys
sys.exit(sys.version_info < (3, 11) or i.find_spec("pip") is None)' 2>/dev/null
}

# --no-deps: the pins are the whole closure, so nothing unpinned can come in; `pip check` proves that none is lacking.
# A file that is not one of those that were pinned is refused by its hash.
install_pins() { .venv/bin/python -m pip install --no-deps --require-hashes -r "requirements/$1.txt"; }
install_form1() { .venv/bin/python -m pip install --no-deps --no-build-isolation -e .; }
pins_agree() { .venv/bin/python -m pip check; }

make_venv() {
    rm -rf .venv && mkdir .venv || die "cannot write to $PWD"
    touch .venv/.unfinished
    step "making .venv with $("$1" --version)" "$1" -m venv .venv
}

packages() {
    touch .venv/.unfinished
    if ! stamped run; then
        step "installing the packages of requirements/run.txt" install_pins run
        step "installing the build backend of requirements/build.txt" install_pins build
        step "installing form1" install_form1
    fi
    [ "$GOAL" = run ] || step "installing the tools of requirements/dev.txt" install_pins dev
    # 450 MB that are of no use without Java; the tests of that engine say so and are skipped.
    [ "$GOAL" = run ] || ! command -v java >/dev/null || step "installing Apache Spark" install_pins spark
    step "checking that the packages agree" pins_agree
    wanted >.venv/.stamp-run
    [ "$GOAL" = run ] || wanted >.venv/.stamp-dev
    rm .venv/.unfinished
    say "set-up is complete"
}

set_up() {
    local python=.venv/bin/python ready=""
    if venv_works; then stamped "$GOAL" && ready=yes; else python=$(choose_python); fi
    [ -n "$python" ] || die "no Python 3.11 or newer here (Debian 12, Ubuntu 24.04 and later have it); run: sudo apt-get install -y python3"
    [ -n "$ready" ] || { : >"$LOG"; } 2>/dev/null || die "cannot write to $PWD"
    system_packages "$python"
    [ -z "$ready" ] || return 0
    venv_works || make_venv "$python"
    packages
}

# Run a script of this folder in a scratch environment with the tools of requirements/packaging.txt: tool SCRIPT
tool() {
    local scratch
    scratch=$(mktemp -d)
    trap "rm -rf '$scratch'" EXIT
    "$(choose_python)" -m venv "$scratch" &&
        "$scratch/bin/python" -m pip install -q --no-deps --require-hashes -r requirements/packaging.txt >&2
    PATH="$scratch/bin:$PATH" "$scratch/bin/python" "$@"
}

[ "${BASH_SOURCE[0]}" = "$0" ] || return 0 # a test reads the functions

# Two calls at once (make -j, two terminals) wait for each other.
if command -v flock >/dev/null; then exec 9<pyproject.toml && flock 9; fi

case $GOAL in
run | dev) set_up ;;
pins) tool scripts/pins.py "${@:2}" && say "requirements/*.txt are renewed; run make test before you keep them" ;;
sbom) tool scripts/sbom.py ;;
*) die "usage: scripts/setup.sh run|dev|pins|sbom" ;;
esac
