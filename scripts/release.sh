#!/usr/bin/env bash
#
# release.sh [--check]
#	Check that a release is whole: one version number everywhere, an upgrade
#	script from each version before, a dated heading in the changelog; then make
#	the archive.  With --check only what must hold at any time, quietly.

set -euo pipefail

cd "$(dirname "$0")/.."
status=0
complain() { printf 'release: %s\n' "$*"; status=1; }

version=$(sed -n "s/^default_version = '\(.*\)'$/\1/p" nnet.control)
same() {
	[ "$2" = "$version" ] || complain "$1 says \"$2\", nnet.control \"$version\""
}

same Makefile "$(sed -n 's/^EXTVERSION = //p' Makefile)"
same "CHANGELOG.md" "$(sed -n 's/^## \([0-9.]*\).*/\1/p' CHANGELOG.md | head -n 1)"
same debian/changelog "$(sed -n '1s/.*(\([0-9.]*\).*/\1/p' debian/changelog)"
for found in $(perl -MJSON::PP -0777 -ne '$m = decode_json($_);
		for (qw(name version abstract maintainer license provides meta-spec)) { exists $m->{$_} or print "no-$_ " }
		print join " ", $m->{version}, $m->{provides}{nnet}{version}' META.json); do
	same META.json "$found"
done

for heading in $(sed -n 's/^## \([0-9.]*\).*/\1/p' CHANGELOG.md | tail -n +2); do
	next=$(sed -n 's/^## \([0-9.]*\).*/\1/p' CHANGELOG.md | grep -B 1 "^${heading//./\\.}$" | head -n 1)
	[ -e "sql/nnet--$heading--$next.sql" ] || complain "there is no sql/nnet--$heading--$next.sql"
done
[ "${1:-}" != --check ] || exit $status

grep -qE "^## $version \([0-9]{4}-[0-9]{2}-[0-9]{2}\)" CHANGELOG.md || complain "CHANGELOG.md gives $version no date"
[ -z "$(git status --porcelain)" ] || complain "not everything is committed"
[ $status -eq 0 ] || exit 1
"${MAKE:-make}" -s dist
