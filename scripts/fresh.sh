#!/usr/bin/env bash
# Tries the two commands of the README where nothing is installed: minimal Debian systems, made, used and removed.
#
#   make fresh                       make run and make test, on Debian 12 and on Debian 13
#   make fresh SYSTEM=trixie         on one of them
#   make fresh RUN="make run"        something shorter: any line of shell, said in the clone
#
# Each system gets this machine's settings for packages (sources of apt, configuration of pip, certificates, proxies, and
# the folders that those name), then git, make and python3, then a clone of the commit that is checked out. It runs in
# mount and process namespaces of its own, so that what it mounts or starts ends with it and is never seen outside; the
# scratch folder (below TMPDIR, else /var/tmp) is removed at the end, however the end comes; a log for each system stays in LOGS. docs/fresh-machines.md.
set -euo pipefail
cd -P "$(dirname "${BASH_SOURCE[0]}")/.."

readonly SYSTEMS=${SYSTEM:-${SYSTEMS:-bookworm trixie}} RUN=${RUN:-make run && make test}
# The logs stay: what was made is removed.
readonly LOGS=${LOGS:-${TMPDIR:-/var/tmp}/form1-fresh-logs}
readonly KEYS=/usr/share/keyrings/debian-archive-keyring.gpg CLONE=/srv/form1
readonly SETTINGS='^(PIP_[A-Z_]+|SSL_CERT_(FILE|DIR)|(REQUESTS_CA|CURL_CA)_BUNDLE|(https?|no|all)_proxy|(HTTPS?|NO|ALL)_PROXY)='

say() { echo "form1: $*" >&2; }
die() { say "$*" && exit 1; }

# Say what a step took: step SYSTEM WORDS
step() { say "$1: $2: ${SECONDS} s" && SECONDS=0; }

# The archives that this machine takes Debian from, as lines of sources.list for SYSTEM: sources SYSTEM
sources() {
    local here
    here=$(. /etc/os-release && echo "$VERSION_CODENAME")
    # shellcheck disable=SC2016
    apt-get indextargets --format '$(CREATED_BY) $(REPO_URI) $(RELEASE) $(COMPONENT)' |
        awk -v here="$here" -v there="$1" -v keys="$KEYS" '$1 == "Packages" && index($3 "-", here "-") == 1 {
            print "deb [signed-by=" keys "]", $2, there substr($3, length(here) + 1), $4 }' | sort -u
}

# The files and folders that the configuration of pip and the environment name, one a line.
named_places() {
    python3 - <<'PYTHON'
import configparser, os, re
from pathlib import Path

files = [os.environ.get("PIP_CONFIG_FILE", ""), "/etc/pip.conf", "/etc/xdg/pip/pip.conf", "~/.config/pip/pip.conf"]
values = [value for name, value in os.environ.items() if re.match("PIP_|SSL_CERT_|REQUESTS_CA_|CURL_CA_", name)]
for file in filter(None, files):
    settings = configparser.RawConfigParser(strict=False)
    settings.read(Path(file).expanduser())
    values += [file, *(value for part in settings.sections() for _, value in settings.items(part))]
for word in " ".join(values).split():
    place = Path(re.sub("^file:(//)?", "", word)).expanduser()
    if place.is_absolute() and place.exists():
        # The pages of an index that is a folder point at the files beside it.
        print(place.parent if place.is_dir() and place.name == "simple" else place)
PYTHON
}

# Lay this machine's settings for packages into the system: settle ROOT SYSTEM
settle() {
    local root=$1 place
    sources "$2" >"$root/etc/apt/sources.list"
    apt-config dump Acquire | grep -vE '^Acquire::(IndexTargets|Changelogs|cdrom)' >"$root/etc/apt/apt.conf.d/00host"
    for place in /etc/apt/auth.conf /etc/apt/auth.conf.d /etc/ssl/certs /usr/local/share/ca-certificates \
        /etc/resolv.conf /etc/hosts $(named_places | sort -u); do
        [ -e "$place" ] || continue
        mkdir -p "$root$(dirname "$place")"
        case $place in
        /etc/*) cp -rLT --remove-destination "$place" "$root$place" ;; # the system may change its own
        *) if [ -d "$place" ]; then
            mkdir -p "$root$place" && mount --bind -o ro "$place" "$root$place"
        else
            cp -L "$place" "$root$place"
        fi ;;
        esac
    done
    mount -t proc proc "$root/proc"
    mount -t sysfs -o ro sysfs "$root/sys"
    mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
    mount -t tmpfs tmpfs "$root/dev/shm"
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" && chmod +x "$root/usr/sbin/policy-rc.d" # starts no service
}

# Say a line of shell in the system, with no more of this machine's environment than its settings: inside ROOT LINE
inside() {
    local environment
    readarray -t environment < <(env | grep -E "$SETTINGS")
    chroot "$1" /usr/bin/env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        DEBIAN_FRONTEND=noninteractive "${environment[@]}" bash -euo pipefail -c "$2" </dev/null
}

# In the namespaces: make the system and run. try ROOT SYSTEM
try() {
    local root=$1 mirror
    mirror=$(sources "$2" | awk -v suite="$2" '$4 == suite { print $3; exit }')
    say "$2: making a minimal system"
    debootstrap --variant=minbase --keyring="$KEYS" "$2" "$root" "$mirror" >"$LOGS/$2.log" 2>&1 ||
        { tail -n 15 "$LOGS/$2.log" >&2 && die "debootstrap of $2 failed"; }
    settle "$root" "$2"
    step "$2" "made" && say "$2: installing git, make and python3"
    inside "$root" "apt-get update && apt-get install -y --no-install-recommends git make python3" >>"$LOGS/$2.log" 2>&1 ||
        { tail -n 15 "$LOGS/$2.log" >&2 && die "apt-get in $2 failed"; }
    step "$2" "installed"
    git clone --quiet --no-hardlinks . "$root$CLONE"
    say "$2: $(inside "$root" "python3 --version"), $(git rev-parse --short HEAD): $RUN"
    inside "$root" "cd $CLONE; $RUN" 2>&1 | tee -a "$LOGS/$2.log"
    step "$2" "run"
}

mounts_below() { awk -v top="$1/" 'index($5 "/", top) == 1 { print $5 }' /proc/self/mountinfo; }

# Remove a scratch folder, never through a mount: with one that cannot be undone, the folder stays and is named.
remove() {
    local mount
    for mount in $(mounts_below "$1"); do umount --recursive "$mount" 2>/dev/null || true; done
    [ -z "$(mounts_below "$1")" ] || { say "$1 stays, something is mounted below it" && return 1; }
    rm -rf --one-file-system "$1"
}

if [ "${1:-}" = try ]; then
    try "$2" "$3"
    exit
fi

[ "$(id -u)" = 0 ] || die "this makes systems and mounts; call it as root: sudo make fresh"
# shellcheck disable=SC2086
for system in $SYSTEMS; do
    [ -n "$(sources "$system" | awk -v suite="$system" '$4 == suite')" ] ||
        die "this machine's sources of apt name no archive of Debian; call it on a Debian machine"
done
command -v debootstrap >/dev/null || {
    say "installing debootstrap"
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends debootstrap >/dev/null
}
[ -z "$(git status --porcelain)" ] || say "what is not committed is not tried"

mkdir -p "$LOGS"
scratch=$(mktemp -d "${TMPDIR:-/var/tmp}/form1-fresh.XXXXXX") child="" results=() code=0
finish() {
    local code=$?
    trap - EXIT
    [ -z "$child" ] || { kill -KILL "$child" && wait "$child"; } 2>/dev/null || true # its namespaces die with it
    remove "$scratch" || code=1
    exit "$code"
}
trap finish EXIT
trap 'exit 130' HUP INT TERM

for system in $SYSTEMS; do
    SECONDS=0 outcome=passed
    unshare --mount --pid --fork --kill-child scripts/fresh.sh try "$scratch/$system" "$system" &
    child=$!
    wait "$child" || { outcome=FAILED code=1; }
    child=""
    counts=$(grep -aE '[0-9]+ (passed|failed|error)' "$LOGS/$system.log" 2>/dev/null | tail -n 1 | tr -d =) || true
    results+=("$system: $outcome in ${SECONDS} s;${counts:- no tests run}; $LOGS/$system.log")
    remove "$scratch/$system"
done
for result in "${results[@]}"; do say "$result"; done
exit "$code"
