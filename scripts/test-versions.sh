#!/usr/bin/env bash
#
# test-versions.sh [RELEASE]...
#	Demo and tests on other releases of Debian, each with its own PostgreSQL and
#	compiler, in minimal roots: bullseye (13), bookworm (15), trixie (17) and
#	sid (18); all of them by default.  Begins, as a stranger would, with nothing
#	but make and git.  Ends with a line for each release, and fails if one did.
#	roots.sh tells of the roots.
#
# NNET_GOALS	what is made in each ("demo test")
# NNET_DATA		the real data, as for "make test"

set -uo pipefail

cd "$(dirname "$0")/.." || exit 2
. scripts/roots.sh
goals=${NNET_GOALS:-demo test}
releases=(bullseye bookworm trixie sid)

run_release() {
	local release=$1 log=$roots/$1.log status=0 version sums started=$SECONDS

	make_root "$release" && fill_root "$release" || { results+=("$release: no root could be made"); return 1; }
	# shellcheck disable=SC2016,SC2086
	in_root "$release" bash -c 'cd /src/nnet && for goal; do make --no-print-directory "$goal" || exit; done' goals $goals \
		2>&1 | tee "$log" || status=1
	version=$(in_root "$release" bash -c 'pg_config --version; gcc --version | head -n 1' 2>/dev/null | paste -sd, | sed 's/,/, /g')
	sums=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$log" | tail -n 1)
	[ $status -eq 0 ] || sums="$sums FAILED"
	results+=("$release (${version:-no PostgreSQL}): ${sums:-no sum} ($goals, $((SECONDS - started)) s)")
	return $status
}

[ $# -gt 0 ] || set -- "${releases[@]}"
results=()
failed=0
for release in "$@"; do
	printf '\n##### %s\n' "$release"
	run_release "$release" || failed=1
done
printf '\n'
printf '%s\n' "${results[@]}"
exit $failed
