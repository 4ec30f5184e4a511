#!/usr/bin/env bash
#
# run.sh [LINE]...
#	Measure nnet beside other programs, in a private server; "make bench".
#	With lines (mlp32 cnn128 ...; BENCH_LINES="mlp32,cnn128" for make) only those.
#
# BENCH_REPEAT=5	runs of which the median counts
# BENCH_QUICK=yes	fewer rows, three runs, only the fastest peers
# BENCH_PEERS=...	some of debian-torch,torch,keras,jax,onnx,openvino; none: nnet alone
# BENCH_ISA=avx2	kernels of AVX2 on both sides, where they have a switch for it; ONNX
#					Runtime and the products of OpenVINO have none
# BENCH_LOADED=yes	measure although other programs compute; the table says so
# BENCH_INSTALL=no	install no peer, use those that are there
# BENCH_TORCH, BENCH_KERAS, BENCH_JAX, BENCH_ONNX, BENCH_OPENVINO=PYTHON
#					programs to use instead of ones installed here
# BENCH_DATA=DIR	keep the rows, and what probes found, there for the next time
#
# Peers come from Debian (python3-torch) and, by pip, into environments of
# their own under ${XDG_CACHE_HOME:-~/.cache}/nnet-bench: some gigabytes, once.

set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/nnet-bench
peers=${BENCH_PEERS-debian-torch,torch,keras,jax,onnx,openvino}
lines=("$@")
[ ${#lines[@]} -gt 0 ] || IFS=', ' read -r -a lines <<<"${BENCH_LINES:-}"

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
! wanted jax || add jax "${BENCH_JAX:-$(environment jax jax jax numpy || true)}"
! wanted onnx || add onnx "${BENCH_ONNX:-$(environment onnx onnxruntime onnxruntime onnx numpy || true)}"

! wanted openvino || add openvino "${BENCH_OPENVINO:-$(environment openvino openvino openvino onnx numpy || true)}"

# What was set by hand, for one side or both, would not be the choice that users get.
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE OPENBLAS_NUM_THREADS OMP_NUM_THREADS MKL_NUM_THREADS \
	NNET_KERNELS ONEDNN_MAX_CPU_ISA DNNL_MAX_CPU_ISA ATEN_CPU_CAPABILITY MKL_ENABLE_INSTRUCTIONS XLA_FLAGS
case ${BENCH_ISA:-} in
	"") ;;
	avx2)
		export NNET_KERNELS=avx2 OPENBLAS_CORETYPE=Haswell ONEDNN_MAX_CPU_ISA=AVX2 \
			ATEN_CPU_CAPABILITY=avx2 MKL_ENABLE_INSTRUCTIONS=AVX2 XLA_FLAGS=--xla_cpu_max_isa=AVX2
		;;
	*) echo "bench: BENCH_ISA can be avx2" >&2; exit 2 ;;
esac
[ "${BENCH_QUICK:-}" != yes ] || BENCH_REPEAT=${BENCH_REPEAT:-3}

# the program that measures the machine's peak
"${MAKE:-make}" -s -C "$here/../.." DEPS=no build/profile >&2
export BENCH_PROFILE=$here/../../build/profile

exec "$here/../../scripts/private-server.sh" \
	-c shared_buffers=1GB -c maintenance_work_mem=1GB -c work_mem=64MB -c max_wal_size=4GB \
	-c checkpoint_timeout=30min -c autovacuum=off -- \
	"$python" "$here/bench.py" --runs "${BENCH_REPEAT:-5}" "${arguments[@]}" "${lines[@]}"
