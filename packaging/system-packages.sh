#!/usr/bin/env bash
# Installs the system libraries Homebody needs on Debian and Ubuntu, or names the ones that are missing.
#
#   packaging/system-packages.sh run     what the desktop app and the build of llama.cpp need
#   packaging/system-packages.sh test    the same, and what the tests drive (a display, a window manager, a keyring …)
#
# Quick when nothing is missing. Exit code 0, also when something is missing and may not be installed:
# the program says itself what it cannot do without it.
set -euo pipefail

purpose=${1:-run}
packages=(
  # Qt's xcb platform plugin and its OpenGL loader
  libegl1 libgl1 libxkbcommon0 libxkbcommon-x11-0 libxcb1 libxcb-cursor0 libxcb-icccm4 libxcb-image0
  libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-shm0 libxcb-sync1 libxcb-xfixes0
  libxcb-xinerama0 libxcb-xkb1 libxcb-xtest0 libx11-xcb1 libdbus-1-3 libfontconfig1 fonts-dejavu-core
  fonts-inter xdg-utils # the look, and opening an original in the program for it
)
case $purpose in
  run) ;;
  test)
    packages+=(
      xvfb xauth openbox xdotool x11-utils xclip xterm trayer # a display to drive, a second program, a system tray
      sway wl-clipboard wtype                                 # a Wayland desktop to drive, its selection, its keys
      gnome-keyring dbus dbus-x11                             # a real Secret Service
      at-spi2-core                                            # accessible names
      strace                                                  # what the processes do on the network
      dovecot-imapd libimage-exiftool-perl                    # a real mailbox, and a second opinion on photos
    ) ;;
  *)
    echo "usage: packaging/system-packages.sh [run|test]" >&2
    exit 2
    ;;
esac

if ! command -v dpkg-query >/dev/null; then
  echo "system packages: this is not Debian or Ubuntu; install your system's equivalents of: ${packages[*]}" >&2
  exit 0
fi

# llama.cpp is compiled on this machine, and Debian's own Python comes without ensurepip.
command -v c++ >/dev/null || packages+=(g++)
python=$(command -v python3.11 || true)
if [[ $python == /usr/bin/* ]] && ! "$python" -c 'import ensurepip' 2>/dev/null; then
  packages+=(python3.11-venv)
fi

installed=$(dpkg-query --show --showformat='${db:Status-Abbrev}${Package}\n' 2>/dev/null | sed -n 's/^ii *//p')
missing=$(comm -23 <(printf '%s\n' "${packages[@]}" | sort -u) <(sort -u <<<"$installed"))
[[ -n $missing ]] || exit 0
missing=${missing//$'\n'/ }

if [[ $(id -u) == 0 ]]; then
  root=()
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
  root=(sudo -n)
else
  echo "system packages: missing: $missing" >&2
  echo "system packages: install them with: sudo apt-get install $missing" >&2
  exit 0
fi

echo "system packages: installing $missing"
# shellcheck disable=SC2086 # one word each
install() {
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing </dev/null
}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# The package list may be missing or too old, so it is refreshed only when the first attempt fails.
if ! { install || { "${root[@]}" apt-get update -qq </dev/null && install; }; } >"$log" 2>&1; then
  tail -n 5 "$log" >&2
  echo "system packages: installing failed; do it by hand: apt-get install $missing" >&2
fi
