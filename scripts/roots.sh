# shellcheck shell=bash
#
# roots.sh
#	For scripts that try the extension on other releases of Debian, to be read
#	by ".": minimal roots made by debootstrap from the package source that this
#	machine has, and kept in NNET_ROOTS (~/.cache/nnet-roots) for the next time;
#	remove the folder to begin afresh.  Needs root, for chroot.
#
# deadline: the value of SECONDS at which what is done with roots is ended; empty
# for none.
#
# Lifetimes: mounts and processes of a run live in namespaces of their own and
# end with it; the checkout in a root is made anew at each run.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
roots=${NNET_ROOTS:-${XDG_CACHE_HOME:-$HOME/.cache}/nnet-roots}

say() { printf 'nnet: %s\n' "$*" >&2; }

[ "$(id -u)" -eq 0 ] || { say "making roots needs root"; exit 2; }
mkdir -p "$roots"

data=${NNET_DATA:-}
[ -n "$data" ] || [ ! -d "$here/../shared/data" ] || data=$(cd "$here/../shared/data" && pwd)

deadline=

is_late() {
	[ -n "$deadline" ] && [ $SECONDS -ge "$deadline" ]
}

# A command until the deadline; 137 where that ended it.  By KILL, since unshare
# hands TERM on to a process that may not heed it.
in_time() {
	local left

	[ -n "$deadline" ] || { "$@"; return; }
	left=$((deadline - SECONDS))
	[ $left -gt 0 ] || return 137
	timeout --signal=KILL $left "$@"
}

# Where this machine's own Debian packages come from.
package_source() {
	apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' 2>/dev/null | head -n 1
}

# A root of a release, under its name or another.
make_root() {
	local root=$roots/${2:-$1} source script

	[ ! -e "$root/.complete" ] || return 0
	command -v debootstrap >/dev/null || { say "debootstrap is not installed"; return 1; }
	source=$(package_source)
	[ -n "$source" ] || { say "apt knows no source of Debian packages: apt-get update"; return 1; }
	say "making a minimal root of $1"
	rm -rf "$root"
	mkdir -p "$root"
	# a release that debootstrap does not know yet is made as sid is
	script=/usr/share/debootstrap/scripts/$1
	[ -e "$script" ] || script=/usr/share/debootstrap/scripts/sid
	in_time debootstrap --variant=minbase --include=make,git,ca-certificates "$1" "$root" "$source" "$script" \
		>"$root.debootstrap" 2>&1 || { tail -n 20 "$root.debootstrap" >&2; return 1; }
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
	# nothing here is to survive a power cut
	echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/90-throw-away"
	find /etc/apt/apt.conf.d -name '*prox*' -exec cp -t "$root/etc/apt/apt.conf.d/" {} + 2>/dev/null
	return 0
}

# A command in a root, with mounts and processes of its own.
in_root() {
	local root=$roots/$1

	shift
	# shellcheck disable=SC2016	# the inner shell expands
	in_time unshare --mount --pid --fork --kill-child -- bash -ec '
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
