#!/bin/sh
# The programs this project needs from the system: found, or installed (as root, with apt),
# or named with the command that installs them. Nothing else is downloaded.
set -eu

missing=""
need() { # need <package> <command that shows it is there>
	sh -c "$2" >/dev/null 2>&1 || missing="$missing $1"
}

need python3-venv 'python3 -c "import venv, ensurepip"'
need git 'command -v git'
need nodejs 'command -v node'
need npm 'command -v npm'
need chromium 'command -v chromium || command -v chromium-browser || command -v google-chrome'
# Tests on the engine of the council's iPads.
need webkit2gtk-driver 'command -v WebKitWebDriver'
need xvfb 'command -v Xvfb'
need fontconfig 'command -v fc-list'
# A font with every Vietnamese letter for printed papers (fonts-liberation 1.07 lacks 92 of them).
need fonts-liberation2 'fc-list ":family=Liberation Serif:charset=1ea1 1edf 1ef9" | grep -q .'
# Papers: office files to PDF, text of scans.
need libreoffice-writer-nogui 'command -v soffice || command -v libreoffice'
need libreoffice-calc-nogui 'ls /usr/lib/libreoffice/program/libsclo.so /opt/libreoffice*/program/libsclo.so 2>/dev/null | grep -q .'
need libreoffice-impress-nogui 'ls /usr/lib/libreoffice/program/libsdlo.so /opt/libreoffice*/program/libsdlo.so 2>/dev/null | grep -q .'
need tesseract-ocr 'command -v tesseract'
need tesseract-ocr-vie 'tesseract --list-langs | grep -qx vie'
need libpq5 'ls /usr/lib/*/libpq.so.5 || true'

[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
	echo "Cài các gói hệ thống:$missing"
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -qq
	# shellcheck disable=SC2086  # a list of packages
	apt-get install -y -qq --no-install-recommends $missing >/dev/null
	exit 0
fi
echo "Thiếu các gói hệ thống:$missing" >&2
echo "Hãy cài bằng lệnh:  sudo apt-get install --no-install-recommends$missing" >&2
[ "${CI:-}" = true ] && exit 1
echo "Tiếp tục mà không có chúng; doctor sẽ nhắc lại." >&2
