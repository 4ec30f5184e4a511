#!/usr/bin/env bash
#
# test-versions.sh [RELEASE]...
#	Demo and tests on other releases of Debian, each with its own PostgreSQL and
#	compiler, in minimal roots: bullseye (13), bookworm (15), trixie (17) and
#	sid (18); all of them by default.  Begins, as a stranger would, with nothing
#	but make and git.  Ends with a line for each release.  Exits with 1 if something
#	failed, with 3 if nothing did but something was left out: where no root or no
#	packages can be had, or the time ends.  roots.sh tells of the roots.
#
# NNET_GOALS	what is made in each ("demo test")
# NNET_SECONDS	what a release may take, its root and packages included (no limit)
# NNET_DATA		the real data, as for "make test"

set -uo pipefail

cd "$(dirname "$0")/.." || exit 2
. scripts/roots.sh
read -ra goals <<<"${NNET_GOALS:-demo test}"
releases=(bullseye bookworm trixie sid)

# Whether a root reaches what nnet is built and run with.
has_packages() {
	in_root "$1" bash -c 'apt-get -qq update &&
		apt-get -qq -y --no-install-recommends --download-only install gcc postgresql libopenblas0-pthread' >/dev/null 2>&1
}

# One goal, as a stranger would make it; sets outcome to what became of it.
run_goal() {
	local release=$1 goal=$2 status log=$roots/$1.log line=0

	[ ! -e "$log" ] || line=$(wc -l <"$log")
	in_root "$release" make --no-print-directory -C /src/nnet "$goal" 2>&1 | tee -a "$log"
	status=${PIPESTATUS[0]}
	if [ "$status" -eq 0 ]; then
		outcome=passed
	elif [ "$status" -eq 137 ] && is_late; then
		outcome="left out for time"
	elif tail -n +$((line + 1)) "$log" | grep -qE "$sum" || has_packages "$release"; then
		outcome=failed
	else
		outcome="left out, since its packages cannot be had"
	fi
}

# Adds a line to results, and sets failed or incomplete.
run_release() {
	local release=$1 log=$roots/$1.log started=$SECONDS goal outcome version said=

	deadline=${NNET_SECONDS:+$((SECONDS + NNET_SECONDS))}
	rm -f "$log"
	if ! make_root "$release" || ! fill_root "$release" || ! in_root "$release" true; then
		outcome="since no root could be made"
		! is_late || outcome="for time, while its root was made"
		results+=("$release: left out $outcome")
		incomplete=1
		return
	fi
	for goal in "${goals[@]}"; do
		run_goal "$release" "$goal"
		case $outcome in
			passed) ;;
			failed) failed=1 ;;
			*) incomplete=1 ;;
		esac
		said+=", $goal $outcome"
	done
	deadline=
	version=$(in_root "$release" bash -c 'pg_config --version; gcc --version | head -n 1' 2>/dev/null | paste -sd, | sed 's/,/, /g')
	results+=("$release (${version:-no PostgreSQL}): $(grep -E "$sum" "$log" |
		awk '{ p += $1; f += $3 } END { printf "%d tests passed, %d failed", p, f }')$said; $((SECONDS - started)) s")
}

sum='^[0-9]+ passed, [0-9]+ failed$'
[ $# -gt 0 ] || set -- "${releases[@]}"
results=()
failed=0
incomplete=0
for release in "$@"; do
	printf '\n##### %s\n' "$release"
	run_release "$release"
done
printf '\n'
printf '%s\n' "${results[@]}"
[ $failed -eq 0 ] || exit 1
[ $incomplete -eq 0 ] || exit 3
