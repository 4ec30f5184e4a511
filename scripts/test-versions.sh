#!/usr/bin/env bash
#
# test-versions.sh [RELEASE]...
#	Demo and tests on other releases of Debian, each with its own PostgreSQL and
#	compiler, in minimal roots: bullseye (13), bookworm (15), trixie (17) and
#	sid (18); all of them by default.  Begins, as a stranger would, with nothing
#	but make and git.  Ends with a line for each release, and fails if one did.
#
# Roots are made by debootstrap from the package source that this machine has,
# and kept in NNET_ROOTS (~/.cache/nnet-roots) for the next time; remove the
# folder to begin afresh.  Needs root, for chroot.
#
# NNET_GOALS	what is made in each ("demo test")
# NNET_DATA		the real data, as for "make test"
#
# Lifetimes: mounts and processes of a run live in namespaces of their own and
# end with it; the checkout in a root is made anew at each run.

set -uo pipefail

here=$(cd "$(dirname "$0")/.." && pwd)
roots=${NNET_ROOTS:-${XDG_CACHE_HOME:-$HOME/.cache}/nnet-roots}
goals=${NNET_GOALS:-demo test}
releases=(bullseye bookworm trixie sid)

say() { printf 'nnet: %s\n' "$*" >&2; }

# Where this machine's own Debian packages come from.
package_source() {
	apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' 2>/dev/null | head -n 1
}

make_root() {
	local root=$roots/$1 source script

	[ ! -e "$root/.complete" ] || return 0
	source=$(package_source)
	[ -n "$source" ] || { say "apt knows no source of Debian packages: apt-get update"; return 1; }
	say "making a minimal root of $1"
	rm -rf "$root"
	mkdir -p "$root"
	# a release that debootstrap does not know yet is made as sid is
	script=/usr/share/debootstrap/scripts/$1
	[ -e "$script" ] || script=/usr/share/debootstrap/scripts/sid
	debootstrap --variant=minbase --include=make,git,ca-certificates "$1" "$root" "$source" "$script" \
		>"$roots/$1.debootstrap" 2>&1 || { tail -n 20 "$roots/$1.debootstrap" >&2; return 1; }
	touch "$root/.complete"
}

# The committed files, and what the machine needs to reach its package source.
fill_root() {
	local root=$roots/$1

	rm -rf "$root/src/nnet" "$root/src/shared"
	mkdir -p "$root/src/nnet" "$root/src/shared/data"
	git -C "$here" archive HEAD | tar -x -C "$root/src/nnet" || return
	cp /etc/resolv.conf "$root/etc/resolv.conf"
	# packages of a moment in the past do as well
	echo 'Acquire::Check-Valid-Until "false";' >"$root/etc/apt/apt.conf.d/90-moment"
	find /etc/apt/apt.conf.d -name '*prox*' -exec cp -t "$root/etc/apt/apt.conf.d/" {} + 2>/dev/null
	return 0
}

# A command in a root, with mounts and processes of its own.
in_root() {
	local root=$roots/$1

	shift
	# shellcheck disable=SC2016	# the inner shell expands
	unshare --mount --pid --fork --kill-child -- bash -c '
		root=$1 data=$2
		shift 2
		mount -t proc proc "$root/proc"
		mount --rbind /dev "$root/dev"
		mount -t tmpfs tmpfs "$root/dev/shm"
		mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
		[ -z "$data" ] || mount --bind -o ro "$data" "$root/src/shared/data"
		exec chroot "$root" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
			CI=true TERM=dumb ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
			"$@"' in-root "$root" "$data" "$@" </dev/null
}

data=${NNET_DATA:-}
[ -n "$data" ] || [ ! -d "$here/../shared/data" ] || data=$(cd "$here/../shared/data" && pwd)

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

[ "$(id -u)" -eq 0 ] || { say "making roots needs root"; exit 2; }
[ $# -gt 0 ] || set -- "${releases[@]}"
mkdir -p "$roots"
results=()
failed=0
for release in "$@"; do
	printf '\n##### %s\n' "$release"
	run_release "$release" || failed=1
done
printf '\n'
printf '%s\n' "${results[@]}"
exit $failed
