#!/usr/bin/env bash
#
# test-upgrade.sh [OLD NEW]
#	pg_upgrade from the PostgreSQL of one release of Debian to that of another
#	(bookworm's 15 to trixie's 17 by default): in a root of the newer release with
#	the servers of both, as a system has them that was upgraded, and nnet built for
#	each by the same compiler; then test/t/027_upgrade.pl.  roots.sh tells of the
#	roots.

set -euo pipefail

cd "$(dirname "$0")/.."
. scripts/roots.sh

[ $# -gt 0 ] || set -- bookworm trixie
[ $# -eq 2 ] || { say "usage: test-upgrade.sh [OLD NEW], two names of releases"; exit 2; }
root=$1-to-$2
make_root "$2" "$root"
fill_root "$root"
# shellcheck disable=SC2016	# the inner shell expands
in_root "$root" bash -euo pipefail -c '
	version_in() {
		apt-cache madison postgresql | sed -n "s,^ *postgresql | \([0-9]*\)+.* $1/main .*,\1,p" | head -n 1
	}
	echo "deb $3 $1 main" >/etc/apt/sources.list.d/old.list
	apt-get -q update
	old=$(version_in "$1")
	new=$(version_in "$2")
	cd /src/nnet
	export PG_CONFIG=/usr/lib/postgresql/$new/bin/pg_config
	scripts/install-deps.sh build run test
	echo "create_main_cluster = false" >>/etc/postgresql-common/createcluster.conf
	apt-get -q install -y --no-install-recommends "postgresql-$old" "postgresql-server-dev-$old"
	mkdir /tmp/old
	make -s -C /tmp/old -f /src/nnet/Makefile -j"$(nproc)" PG_CONFIG="/usr/lib/postgresql/$old/bin/pg_config" install
	NNET_OLD_PROGRAMS=/usr/lib/postgresql/$old TAP_TESTS=test/t/027_upgrade.pl VERBOSE=1 scripts/test.sh tap
' upgrade "$1" "$2" "$(package_source)" 2>&1 | tee "$roots/$root.log"
