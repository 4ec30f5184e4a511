#!/usr/bin/env bash
#
# test-processors.sh [PROCESSOR]...
#	The unit tests on processors that need not be here, emulated by qemu: all of
#	those below, or some.  Ends with one line, "N passed, M failed".
#
#	sse		x86-64 without AVX (Nehalem)
#	avx		with AVX, but neither AVX2 nor FMA (Sandy Bridge)
#	later	one with AVX2 that OpenBLAS before 0.3.29 does not know, and for which
#			it takes kernels for SSE: it must have others
#	arm64	another architecture, for which all is cross-compiled; without OpenBLAS
#
# Needs what "install-deps.sh build run processors" installs.  What is emulated takes
# some minutes: avx and later run the tests of kernels only.

set -uo pipefail

cd "$(dirname "$0")/.." || exit 2
[ $# -gt 0 ] || set -- sse avx later arm64
unset OPENBLAS_CORETYPE
passed=0
failed=0

# count TEXT: what a program printed; "N passed, M failed" is its last line
count() {
	local program=$1 text=$2

	if [[ ${text##*$'\n'} =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
		passed=$((passed + BASH_REMATCH[1]))
		failed=$((failed + BASH_REMATCH[2]))
		[ "${BASH_REMATCH[2]}" = 0 ] || printf '%s\n' "$text" | grep -A1 '^not ok'
	else
		failed=$((failed + 1))
		printf '%s ended without a sum:\n%s\n' "$program" "$(tail -n 3 <<<"$text")"
	fi
}

# run_some FLAVOUR PROGRAMS QEMU [OPTION]...: build all programs, and run those whose
# names begin so; what the last one printed is left in $text
run_some() {
	local flavour=$1 programs=$2 program

	shift 2
	${MAKE:-make} -s --no-print-directory DEPS=no -j"$(nproc)" "unit-$flavour" || {
		failed=$((failed + 1))
		return
	}
	for program in build/unit/"$flavour"/bin/$programs*; do
		text=$("$@" "$program" 2>&1)
		count "$program" "$text"
	done
}

for processor in "$@"; do
	printf '\n=== %s ===\n' "$processor"
	case $processor in
		sse) run_some x86_64 '' qemu-x86_64 -cpu Nehalem ;;
		avx) run_some x86_64 kernels_ qemu-x86_64 -cpu SandyBridge ;;
		later)
			run_some x86_64 kernels_[!b] qemu-x86_64 -cpu Haswell-noTSX,model=207
			run_some x86_64 kernels_blas qemu-x86_64 -cpu Haswell-noTSX,model=207
			if grep -qx 'ok [0-9]* - kernels for Haswell' <<<"$text"; then
				passed=$((passed + 1))
			else
				echo "not ok - kernels for Haswell on a later processor"
				failed=$((failed + 1))
			fi
			;;
		arm64) NNET_WITHOUT_OPENBLAS=1 run_some arm64 '' qemu-aarch64 -L /usr/aarch64-linux-gnu ;;
		*) echo "test-processors.sh: there are sse, avx, later, arm64" >&2; exit 2 ;;
	esac
	printf '%d passed, %d failed until here\n' $passed $failed
done
printf '\n%d passed, %d failed\n' $passed $failed
[ $failed -eq 0 ]
