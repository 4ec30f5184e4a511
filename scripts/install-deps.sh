#!/usr/bin/env bash
#
# install-deps.sh GROUP...
#	Install the Debian packages that a group of work needs, those that are
#	missing and no others.  Groups: build, run, test, lint, bench, clang, versions,
#	assert, coverage, processors.
#
# Says what it is about to do.  At a terminal an ordinary user is asked by apt
# before anything is installed; root and unattended runs go ahead.  With all
# packages there it says nothing and touches nothing.
#
# No server of yours is used or changed: nnet is tried in private, throw-away
# servers.  Where PostgreSQL comes in for the first time, the server that
# Debian would create and start with it is left out ("pg_createcluster 15 main
# --start" makes it later).

set -euo pipefail

say() { printf 'nnet: %s\n' "$*" >&2; }

installed() {
	[ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null || true)" = installed ]
}

# What pg_config belongs to decides the version; without one, Debian's.
postgresql_version() {
	local config=${PG_CONFIG:-pg_config} text

	if command -v "$config" >/dev/null && text=$("$config" --version 2>/dev/null); then
		text=${text#PostgreSQL }
		text=${text%%[^0-9]*}
	else
		text=$(apt-cache depends postgresql 2>/dev/null |
			sed -n 's/^ *Depends: postgresql-\([0-9]\{1,\}\)$/\1/p' | head -n 1)
	fi
	printf '%s' "${text:-15}"
}

# Its name tells of the ABI: libpng16-16 up to Debian 12, libpng16-16t64 since.
libpng_package() {
	local name

	name=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' 'libpng16-16*' 2>/dev/null |
		sed -n 's/^installed //p' | head -n 1)
	[ -n "$name" ] ||
		name=$(apt-cache depends libpng-dev 2>/dev/null | sed -n 's/^ *Depends: \(libpng16-16.*\)$/\1/p' | head -n 1)
	printf '%s' "${name:-libpng16-16}"
}

packages_of() {
	case $1 in
		build) printf '%s\n' make gcc libc6-dev libpng-dev "postgresql-server-dev-$version" ;;
		run) printf '%s\n' "postgresql-$version" libopenblas0-pthread "$(libpng_package)" perl ;;
		test) printf '%s\n' libipc-run-perl libtap-parser-sourcehandler-pgtap-perl \
			"postgresql-$version-pgtap" "postgresql-client-$version" procps \
			libopenblas0-openmp libopenblas0-serial ;;
		lint) printf '%s\n' shellcheck perl clang-format ;;
		processors) printf '%s\n' gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user ;;
		clang) printf '%s\n' clang ;;
		versions) printf '%s\n' debootstrap git util-linux ;;
		assert) printf '%s\n' dpkg-dev bison flex bzip2 ;;
		coverage) printf '%s\n' gcovr ;;
		bench) printf '%s\n' python3 python3-venv python3-pip python3-numpy ;;
		*) say "unknown group \"$1\"; there are build, run, test, lint, clang, bench, versions, assert, coverage, processors"; exit 2 ;;
	esac
}

apt() {
	local -a root=() yes=()

	[ "$(id -u)" -eq 0 ] || root=(sudo)
	if [ "$(id -u)" -eq 0 ] || [ ! -t 0 ] || [ -n "${CI:-}" ]; then
		yes=(-y)
		export DEBIAN_FRONTEND=${DEBIAN_FRONTEND:-noninteractive}
		root+=(env "DEBIAN_FRONTEND=$DEBIAN_FRONTEND")
	fi
	"${root[@]}" apt-get -q "$@" "${yes[@]}"
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# PostgreSQL's first coming: without the cluster that Debian would start.
install_without_cluster() {
	local conf=/etc/postgresql-common/createcluster.conf saved status=0

	installed postgresql-common || apt install --no-install-recommends postgresql-common
	saved=$(mktemp)
	cat "$conf" >"$saved"
	echo "create_main_cluster = false" | as_root tee -a "$conf" >/dev/null
	apt install --no-install-recommends "$@" || status=$?
	as_root tee "$conf" <"$saved" >/dev/null
	rm -f "$saved"
	return $status
}

main() {
	local package
	local -a missing=()

	command -v apt-get >/dev/null || {
		say "no apt-get here: install PostgreSQL with its server headers, OpenBLAS, gcc, make"
		say "and Perl by your system's means, then add DEPS=no to make"
		exit 1
	}
	version=$(postgresql_version)
	while read -r package; do
		installed "$package" || missing+=("$package")
	done < <(for group in "$@"; do packages_of "$group"; done | sort -u)
	[ ${#missing[@]} -gt 0 ] || return 0

	if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
		say "installing needs root, and sudo is not there.  As root:"
		say "    apt-get update && apt-get install --no-install-recommends ${missing[*]}"
		exit 1
	fi
	if [ -z "${updated:-}" ]; then
		say "installing what is missing: ${missing[*]}"
		apt update
		# With the package lists new, versions and names may be known better.
		updated=yes
		main "$@"
		return
	fi
	if [[ " ${missing[*]} " == *" postgresql-$version "* ]]; then
		install_without_cluster "${missing[@]}"
	else
		apt install --no-install-recommends "${missing[@]}"
	fi
}

main "$@"
