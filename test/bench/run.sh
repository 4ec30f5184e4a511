#!/usr/bin/env bash
#
# run.sh [LINE]...
#	Measure nnet beside other programs, in a private server; "make bench".
#	With lines (mlp32 cnn128 ...; BENCH="mlp32,cnn128" for make) only those.
#
# BENCH_RUNS=5		runs of which the median counts
# BENCH_PEERS=...	some of debian-torch,torch,keras,onnx; none: nnet alone
# BENCH_INSTALL=no	install no peer, use those that are there
# BENCH_TORCH, BENCH_KERAS, BENCH_ONNX=PYTHON
#					programs to use instead of ones installed here
# BENCH_DATA=DIR	keep the rows there for the next time
#
# Peers come from Debian (python3-torch) and, by pip, into environments of
# their own under ${XDG_CACHE_HOME:-~/.cache}/nnet-bench: some gigabytes, once.

set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/nnet-bench
peers=${BENCH_PEERS-debian-torch,torch,keras,onnx}
lines=("$@")
[ ${#lines[@]} -gt 0 ] || IFS=', ' read -r -a lines <<<"${BENCH:-}"

# Debian's own python3 has Debian's modules; another may come first on the path.
python=
for candidate in python3 /usr/bin/python3; do
	if "$candidate" -c 'import numpy' 2>/dev/null; then
		python=$candidate
		break
	fi
done
[ -n "$python" ] || { echo "bench: no python3 with numpy; install python3-numpy" >&2; exit 1; }

wanted() { [[ ",$peers," == *",$1,"* ]]; }

root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }

debian_torch() {
	/usr/bin/python3 -c 'import torch' 2>/dev/null && return
	[ "${BENCH_INSTALL:-}" != no ] && command -v apt-get >/dev/null || return 1
	echo "bench: installing Debian's python3-torch" >&2
	{ root apt-get -q update && root env DEBIAN_FRONTEND=noninteractive \
		apt-get -q -y install --no-install-recommends python3-torch; } >&2
}

# NAME MODULE PACKAGE...: an environment with the packages; prints its python.
environment() {
	local name=$1 module=$2

	shift 2
	if ! "$cache/$name/bin/python" -c "import $module" 2>/dev/null; then
		[ "${BENCH_INSTALL:-}" != no ] || return 1
		echo "bench: installing $* into $cache/$name" >&2
		{ "$python" -m venv "$cache/$name" && "$cache/$name/bin/pip" install -q "$@"; } >&2 || return 1
	fi
	echo "$cache/$name/bin/python"
}

arguments=()
add() { [ -z "$2" ] && echo "bench: peer $1 is not to be had" >&2 || arguments+=(--peer "$1=$2"); }
! wanted debian-torch || { debian_torch && add debian-torch /usr/bin/python3; } || add debian-torch ""
! wanted torch || add torch "${BENCH_TORCH:-$(environment torch torch torch numpy || true)}"
! wanted keras || add keras "${BENCH_KERAS:-$(environment keras tensorflow keras tensorflow-cpu || true)}"
! wanted onnx || add onnx "${BENCH_ONNX:-$(environment onnx onnxruntime onnxruntime onnx numpy || true)}"

# A kernel set chosen by hand would be one side's handicap.
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE OPENBLAS_NUM_THREADS OMP_NUM_THREADS MKL_NUM_THREADS

exec "$here/../../scripts/private-server.sh" \
	-c shared_buffers=1GB -c maintenance_work_mem=1GB -c work_mem=64MB -c max_wal_size=4GB \
	-c checkpoint_timeout=30min -c autovacuum=off -- \
	"$python" "$here/bench.py" --runs "${BENCH_RUNS:-5}" "${arguments[@]}" "${lines[@]}"
