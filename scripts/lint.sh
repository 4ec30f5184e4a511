#!/usr/bin/env bash
#
# lint.sh
#	Every check of the sources that needs no build: structure (lint.pl), layout
#	(clang-format), shell scripts (shellcheck), Perl (perl -c), links between pages.  Ends with one line
#	a check; exits with 1 if any complained.

set -uo pipefail

cd "$(dirname "$0")/.." || exit 2
status=0

check() {
	local what=$1

	shift
	if "$@"; then
		echo "lint: $what: in order"
	else
		echo "lint: $what: complaints above"
		status=1
	fi
}

perl_files() {
	local file ok=0

	for file in scripts/*.pl test/harness.pl; do
		perl -cw "$file" 2>&1 | grep -v 'syntax OK' && ok=1
	done
	return $ok
}

check "sources" perl scripts/lint.pl
if command -v clang-format >/dev/null; then
	mapfile -t sources < <(find src test -name '*.[ch]' | sort)
	check "layout" clang-format --dry-run -Werror "${sources[@]}"
else
	echo "lint: layout: skipped, clang-format is not installed"
fi
if command -v shellcheck >/dev/null; then
	shell=(scripts/*.sh .ci/run)
	for file in test/bench/*.sh test/upgrade/*.sh; do
		[ ! -e "$file" ] || shell+=("$file")
	done
	check "shell scripts" shellcheck -x -S warning "${shell[@]}"
else
	echo "lint: shell scripts: skipped, shellcheck is not installed"
fi
check "Perl scripts" perl_files
check "links between pages" perl scripts/links.pl
check "version numbers" scripts/release.sh --check
check "reference of the functions" perl scripts/reference.pl --check
exit $status
