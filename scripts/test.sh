#!/usr/bin/env bash
#
# test.sh [SUITE]...
#	Run test suites (unit, regress, pgtap, tap; all by default) and end with one
#	line, "N passed, M failed".  Exits with 0 only if nothing failed and every
#	suite ran something.
#
# unit		C programs of the core, with sanitizers (test/unit)
# regress	SQL scripts whose output is compared (test/sql, expected)
# pgtap		SQL scripts that assert (test/pgtap)
# tap		Perl scripts that run servers of their own (test/t)
#
# TAP_TESTS and PGTAP_TESTS name the files to run instead of all.
#
# Tests of real data look for it in NNET_DATA or ../shared/data, and are
# reported as skipped where it is missing.

set -uo pipefail

cd "$(dirname "$0")/.." || exit 2
make=${MAKE:-make}
[ $# -gt 0 ] || set -- unit regress pgtap tap
NNET_TOTALS=$(mktemp)
export NNET_TOTALS
group=
trap 'rm -f "$NNET_TOTALS"; [ -z "$group" ] || remove_group' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

if [ -z "${NNET_DATA:-}" ] && [ -d ../shared/data ]; then
	NNET_DATA=$(cd ../shared/data && pwd)
fi
[ -z "${NNET_DATA:-}" ] || export NNET_DATA
[ -n "${NNET_DATA:-}" ] || echo "nnet: tests of real data are skipped: neither NNET_DATA nor ../shared/data is there"

run_unit() {
	local program
	local -a programs plain=()

	"$make" -s --no-print-directory DEPS=no -j"$(nproc)" unit || return
	programs=(build/unit/{double,float}/bin/*)
	# The detector of races knows some address layouts only; not everywhere
	# may a program ask for a plain one.
	setarch -R true 2>/dev/null && plain=(setarch -R)
	for program in build/unit/thread/bin/*; do
		if [ -x "$program" ] && "${plain[@]}" timeout 2 "$program" 2>&1 >/dev/null | grep -q "unexpected memory mapping"; then
			echo "nnet: tests for races are skipped: ThreadSanitizer cannot run on this kernel"
			break
		fi
		programs+=("$program")
	done
	# The core allocates nothing that could leak, and not every container lets
	# a program look for leaks.
	ASAN_OPTIONS=detect_leaks=0 JOBS=$(nproc) "${plain[@]}" test/harness.pl unit "${programs[@]}"
}

run_regress() {
	local log status=0

	log=$(mktemp)
	"$make" -s --no-print-directory DEPS=no -j"$(nproc)" all || return
	scripts/private-server.sh "$make" -s --no-print-directory DEPS=no installcheck >"$log" 2>&1 || status=1
	# the runner prints TAP since PostgreSQL 16, and marks a test as "ok" or "FAILED" before
	grep -E '^(not )?ok |^(test|    ) ?[^ ]+ +\.\.\. ' "$log"
	awk '/^(test|    ) ?[^ ]+ +\.\.\. / { if (/\.\.\. ok/) p++; else if (/ignored/) s++; else f++ }
		/^ok [0-9]/ { p++ } /^not ok [0-9]/ { f++ }
		END { printf "regress %d %d %d\n", p, f, s }' "$log" >>"$NNET_TOTALS"
	if [ $status -ne 0 ]; then
		if [ -s regression.diffs ]; then head -n 300 regression.diffs; else tail -n 50 "$log"; fi
	fi
	rm -f "$log"
	return $status
}

# shellcheck disable=SC2016	# the inner shell expands
run_pgtap() {
	"$make" -s --no-print-directory DEPS=no -j"$(nproc)" all || return
	scripts/private-server.sh bash -c '
		createdb nnet_pgtap && export PGDATABASE=nnet_pgtap &&
		psql -q -v ON_ERROR_STOP=1 -c "CREATE EXTENSION pgtap" -c "CREATE EXTENSION nnet" &&
		export PGOPTIONS="-c client_min_messages=warning" &&
		test/harness.pl pgtap ${PGTAP_TESTS:-test/pgtap/*.sql}'
}

# A control group for the tests to run in, of which one may set the limit of
# memory: as root, where the kernel lets us make one.  Prints its folder.
make_group() {
	local parent folder own

	[ "$(id -u)" -eq 0 ] || return 1
	for own in "$(sed -nE 's/^[0-9]+:([^:]*,)?memory(,[^:]*)?://p' /proc/self/cgroup)" "" \
		"$(sed -n 's/^0:://p' /proc/self/cgroup)"; do
		for parent in "/sys/fs/cgroup/memory$own" "/sys/fs/cgroup$own"; do
			folder=${parent%/}/nnet-test.$$
			[ -e "$parent/cgroup.procs" ] || continue
			mkdir "$folder" 2>/dev/null || continue
			if [ -e "$folder/memory.limit_in_bytes" ] || [ -e "$folder/memory.max" ]; then
				echo "$folder"
				return 0
			fi
			rmdir "$folder"
		done
	done
	return 1
}

# What was in the group has ended, or is about to.
remove_group() {
	local tries

	for tries in 1 2 3 4 5 6 7 8 9 10; do
		[ "$tries" -eq 1 ] || sleep 0.5
		rmdir "$group" 2>/dev/null && break
	done
	group=
}

# These start servers themselves, which root may not.
# shellcheck disable=SC2016
run_tap() {
	local status=0

	"$make" -s --no-print-directory DEPS=no -j"$(nproc)" all || return
	group=$(make_group) || group=
	NNET_MEMORY_GROUP=$group scripts/private-server.sh --no-server bash -c '
		set -e
		if [ -n "$NNET_MEMORY_GROUP" ]; then
			for limit in memory.limit_in_bytes memory.max; do
				[ ! -e "$NNET_MEMORY_GROUP/$limit" ] || chown "$NNET_SERVER_USER" "$NNET_MEMORY_GROUP/$limit"
			done
			echo $$ >"$NNET_MEMORY_GROUP/cgroup.procs"
		fi
		pgxs=$(dirname "$("${PG_CONFIG:-pg_config}" --pgxs)")/..
		cp -r test expected demo doc sql README.md Makefile nnet.control "$NNET_ROOT/"
		mkdir "$NNET_ROOT/work"
		become=()
		if [ "$NNET_SERVER_USER" != "$(id -un)" ]; then
			chown "$NNET_SERVER_USER" "$NNET_ROOT/work" "$NNET_TOTALS"
			become=(runuser -u "$NNET_SERVER_USER" --)
		fi
		# the folders that the modules of PostgreSQL 16 and newer want to be told
		export TESTDIR=$NNET_ROOT/work TESTDATADIR=$NNET_ROOT/work/data TESTLOGDIR=$NNET_ROOT/work/log
		export PG_REGRESS=$pgxs/test/regress/pg_regress
		export PERL5LIB=$NNET_ROOT/test/t/lib:$pgxs/test/perl
		unset PGHOST PGPORT PGUSER PGDATABASE
		cd "$NNET_ROOT"
		"${become[@]}" perl "$NNET_ROOT/test/harness.pl" tap ${TAP_TESTS:-test/t/*.pl}' || status=$?
	[ -z "$group" ] || remove_group
	return $status
}

empty=0
for suite in "$@"; do
	case $suite in
		unit | regress | pgtap | tap) ;;
		*) echo "test.sh: unknown suite \"$suite\"; there are unit, regress, pgtap, tap" >&2; exit 2 ;;
	esac
	printf '\n=== %s ===\n' "$suite"
	"run_$suite"
	status=$?
	# what failed without a test to blame is a failure too
	if ! awk -v s="$suite" -v status=$status \
		'$1 == s { n += $2 + $3; f += $3 } END { exit !(n > 0 && (status == 0 || f > 0)) }' "$NNET_TOTALS"; then
		echo "nnet: suite $suite ran no test or ended badly (status $status)"
		empty=$((empty + 1))
	fi
done

printf '\n'
awk '{ p[$1] += $2; f[$1] += $3; s[$1] += $4 }
	END { for (n in p) printf "%-8s %5d passed %5d failed %5d skipped\n", n, p[n], f[n], s[n] }' "$NNET_TOTALS" | sort
awk -v empty=$empty '{ p += $2; f += $3 }
	END { printf "%d passed, %d failed\n", p, f + empty; exit f + empty > 0 }' "$NNET_TOTALS"
