#!/bin/sh
# apt-install.sh PACKAGE… — installs Debian packages as root or by password-less sudo; else, or when it fails, one line with the
# command to run, and exit 3. Goes on where an interrupted installation stopped.
set -u

say() { printf 'conformance: %s\n' "$*" >&2; }
fail() { say "$*"; exit 3; }

packages=$*
by_hand="apt-get update && apt-get install -y --no-install-recommends $packages"

command -v apt-get >/dev/null ||
    fail "needs $packages (Debian's names), and there is no apt-get here: install them your system's way, then run this again"
if [ "$(id -u)" = 0 ]; then
    as_root='env'
elif sudo -n true 2>/dev/null; then
    as_root='sudo env'
else
    fail "needs $packages, and this user is neither root nor allowed sudo without a password; run: sudo sh -c '$by_hand'"
fi

log=$(mktemp) || exit 3
trap 'rm -f "$log"' EXIT
root() { $as_root DEBIAN_FRONTEND=noninteractive LC_ALL=C "$@" </dev/null >>"$log" 2>&1; }
install() { root apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@"; }

say "apt-get install -y --no-install-recommends $packages"
root dpkg --configure -a # what an interrupted run left half done
if ! install "$@"; then
    say "apt-get update"
    root apt-get -o DPkg::Lock::Timeout=300 update
    install "$@" || fail "apt-get: $(grep '^E: ' "$log" | tail -n 1); run: sudo sh -c '$by_hand'"
fi
