#!/usr/bin/env bash
#
# make.sh VERSION COMMIT
#	Write VERSION.sql: models of all families as that version of nnet made, trained
#	and dumped them, with what it predicted.  The version is built from the commit
#	that was its last; for 0.1.0:
#
#	test/upgrade/make.sh 0.1.0 038acfc
#
# test/t/033_version.pl takes them to today's.

set -euo pipefail

cd "$(dirname "$0")"
[ $# -eq 2 ] || { echo "usage: make.sh VERSION COMMIT" >&2; exit 2; }
here=$PWD
version=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

git -C ../.. archive "$2" | tar -x -C "$work"
grep -q "^default_version = '$version'$" "$work/nnet.control" ||
	{ echo "make.sh: $2 is not of version $version" >&2; exit 1; }
make -s -C "$work" DEPS=no -j"$(nproc)" all
# without what differs between runs, and what older versions of psql do not know
# shellcheck disable=SC2016	# the inner shell expands
"$work/scripts/private-server.sh" bash -euo pipefail -c '
	psql -Xq -v ON_ERROR_STOP=1 -c "CREATE EXTENSION nnet" -f "$1/models.sql"
	pg_dump --schema=lab --no-owner --no-privileges |
		sed -E "/^--/d; /^\\\\(un)?restrict /d" | cat -s >"$1/$2.sql"' make "$here" "$version"
