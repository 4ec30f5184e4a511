#!/usr/bin/env bash
#
# test-assert.sh [SUITE]...
# test-assert.sh -- COMMAND [ARGUMENT]...
#	Tests on a PostgreSQL that checks its assertions and forgets its caches as
#	often as it can, built from Debian's source package of the installed
#	version: the suites with assertions (regress pgtap tap by default), then the
#	regression tests named in NNET_CLOBBER once more with debug_discard_caches,
#	which makes a server some hundred times slower.
#
# With SANITIZE=yes server and extension are built with AddressSanitizer and
# UndefinedBehaviorSanitizer as well, and the second part is left out.
#
# With a command, nnet is built for that server and the command is run, with
# PG_CONFIG for it, in place of tests: scripts/private-server.sh psql.
#
# Servers are kept in NNET_ASSERT (~/.cache/nnet-assert) for the next time.

set -euo pipefail

cd "$(dirname "$0")/.."
say() { printf 'nnet: %s\n' "$*" >&2; }

version=$("${PG_CONFIG:-pg_config}" --version | sed 's/^PostgreSQL \([0-9]*\).*/\1/')
home=${NNET_ASSERT:-${XDG_CACHE_HOME:-$HOME/.cache}/nnet-assert}/$version
sanitizers=
if [ "${SANITIZE:-no}" = yes ]; then
	home=$home-sanitized
	sanitizers="-fsanitize=address,undefined"
	# a server frees its memory by ending; its stack may not move
	export ASAN_OPTIONS=detect_leaks=0:detect_stack_use_after_return=0:abort_on_error=1:disable_coredump=1
fi
clobber=${NNET_CLOBBER:-average changed predict steps evaluate}
[ $# -gt 0 ] || set -- regress pgtap tap

# The source package, by lists of our own: this machine's stay as they are.
fetch_source() {
	local lists=$home/apt source release

	mkdir -p "$lists/lists/partial"
	# shellcheck disable=SC2016	# apt expands
	apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(CODENAME)' 'Created-By: Packages' 'Label: Debian' |
		while read -r source release release; do echo "deb-src $source $release main"; done | sort -u >"$lists/sources.list"
	local -a apt=(apt-get -q -o "Dir::Etc::SourceList=$lists/sources.list" -o Dir::Etc::SourceParts=- -o "Dir::State::Lists=$lists/lists")
	"${apt[@]}" update
	"${apt[@]}" source --download-only "postgresql-$version"
}

build_server() {
	[ ! -e "$home/.complete" ] || return 0
	say "building PostgreSQL $version with assertions, once"
	mkdir -p "$home/source"
	(
		cd "$home"
		fetch_source
		tar -xf postgresql-"$version"_*.orig.tar.* -C source --strip-components=1
		cd source
		./configure --quiet --prefix="$home/server" --enable-cassert --enable-debug --enable-tap-tests \
			--without-readline --without-zlib --without-icu CFLAGS="-O1 -g -fno-omit-frame-pointer $sanitizers"
		make -s -j"$(nproc)"
		make -s install
		make -s -C contrib/postgres_fdw install
	) >"$home.log" 2>&1 || { tail -n 30 "$home.log" >&2; exit 1; }
	cp "$("${PG_CONFIG:-pg_config}" --sharedir)"/extension/pgtap* "$home/server/share/postgresql/extension/" 2>/dev/null ||
		cp "$("${PG_CONFIG:-pg_config}" --sharedir)"/extension/pgtap* "$home/server/share/extension/"
	touch "$home/.complete"
}

build_server
export PG_CONFIG=$home/server/bin/pg_config
status=0
[ -z "$sanitizers" ] || export BUILD=build/sanitized COPT="$sanitizers -fno-sanitize-recover=undefined -O1"
if [ "$1" = -- ]; then
	shift
	"${MAKE:-make}" -s --no-print-directory DEPS=no -j"$(nproc)" all
	"$@"
	exit
fi
if [ -n "$sanitizers" ]; then
	scripts/test.sh "$@"
	exit
fi
scripts/test.sh "$@" || status=1
printf '\n=== regress, caches forgotten ===\n'
# shellcheck disable=SC2086
scripts/private-server.sh -c debug_discard_caches=1 \
	"${MAKE:-make}" -s --no-print-directory DEPS=no installcheck REGRESS="$clobber" || status=1
exit $status
