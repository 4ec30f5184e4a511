#!/usr/bin/env bash
#
# private-server.sh [OPTION]... [--] COMMAND [ARGUMENT]...
#	Run a command with a PostgreSQL of its own, in a temporary folder that is
#	gone afterwards: a copy of the installed programs with nnet added, and a
#	server with a fresh database on a Unix socket.  Nothing outside the folder
#	is touched, no root rights are needed, no port is opened.
#
#	-c NAME=VALUE	a setting of the server (may be repeated)
#	--no-server		only the programs; the command starts servers itself
#	--keep			keep the folder and say where it is
#
# The command sees PGHOST, PGPORT, PGUSER, PGDATABASE, a PATH that begins with
# the private programs, and NNET_ROOT (the folder), NNET_DATADIR and
# NNET_LOG (the server's), NNET_SERVER_USER (who the server runs as).
#
# NNET_CITUS names a folder under which a Citus for this PostgreSQL was installed
# (make install DESTDIR=...): the private programs have it, too.
#
# PostgreSQL refuses to run as root: then its processes run as the system user
# "postgres" or "nobody", the command as the caller.
#
# Lifetimes: the folder lives as long as this script; the server is stopped by
# the pid in its own postmaster.pid, also when this script gets a signal.

set -euo pipefail

here=$(cd "$(dirname "$0")/.." && pwd)
settings=()
server=yes
keep=no
root=
child=

while [ $# -gt 0 ]; do
	case $1 in
		-c) settings+=("$2"); shift 2 ;;
		--no-server) server=no; shift ;;
		--keep) keep=yes; shift ;;
		--) shift; break ;;
		-*) echo "private-server.sh: unknown option $1" >&2; exit 2 ;;
		*) break ;;
	esac
done
[ $# -gt 0 ] || { echo "usage: private-server.sh [-c NAME=VALUE]... [--no-server] [--keep] COMMAND..." >&2; exit 2; }

# As whom the server runs, and how to become that user.
become=()
NNET_SERVER_USER=$(id -un)
if [ "$(id -u)" -eq 0 ]; then
	NNET_SERVER_USER=nobody
	! id postgres >/dev/null 2>&1 || NNET_SERVER_USER=postgres
	# from a folder that user can read
	become=(env -C / runuser -u "$NNET_SERVER_USER" --)
fi

postmaster_pid() {
	head -n 1 "$NNET_DATADIR/postmaster.pid" 2>/dev/null || true
}

stop_server() {
	local pid tries signal=INT

	pid=$(postmaster_pid)
	[ -n "$pid" ] || return 0
	kill -"$signal" "$pid" 2>/dev/null || return 0
	for ((tries = 0; tries < 300; tries++)); do
		kill -0 "$pid" 2>/dev/null || return 0
		[ $tries -ne 200 ] || kill -QUIT "$pid" 2>/dev/null || true
		sleep 0.1
	done
	echo "private-server.sh: server $pid does not stop" >&2
}

# shellcheck disable=SC2317	# called by trap
clean_up() {
	local status=$?

	trap '' INT TERM HUP
	trap - EXIT
	if [ -n "$child" ] && kill -0 "$child" 2>/dev/null; then
		kill -TERM "$child" 2>/dev/null || true
		wait "$child" 2>/dev/null || true
	fi
	[ -z "$root" ] || [ "$server" = no ] || stop_server
	if [ "$keep" = yes ]; then
		echo "private-server.sh: kept $root" >&2
	elif [ -n "$root" ]; then
		rm -rf "$root"
	fi
	exit $status
}

# Servers find their files from where the program lies: the same tree under
# another root is a complete PostgreSQL.  Programs must be copies, the rest
# may be links.
copy_programs() {
	local dir

	for dir in "$pkglibdir" "$sharedir"; do
		mkdir -p "$programs$dir"
		cp -rs "$dir/." "$programs$dir/"
	done
	if [ -n "${NNET_CITUS:-}" ]; then
		cp -rs "$NNET_CITUS$pkglibdir"/citus* "$programs$pkglibdir/"
		cp -s "$NNET_CITUS$sharedir"/extension/citus* "$programs$sharedir/extension/"
	fi
	# bin may lie inside of a folder that was just linked
	rm -rf "${programs:?}$bindir"
	mkdir -p "$programs$bindir"
	cp -L "$bindir"/* "$programs$bindir/"
	# what is compiled is compiled for the installed server
	rm -f "$programs$bindir/pg_config"
	rm -f "$programs$pkglibdir/nnet.so" "$programs$sharedir/extension"/nnet--*.sql \
		"$programs$sharedir/extension/nnet.control"
	${MAKE:-make} -s -C "$here" DEPS=no PG_CONFIG="$pg_config" DESTDIR="$programs" install
}

start_server() {
	local setting

	"${become[@]}" mkdir "$root/server"
	"${become[@]}" "$programs$bindir/initdb" -D "$NNET_DATADIR" -U postgres -A trust \
		-E UTF8 --no-locale --no-sync >"$root/initdb.log" 2>&1 ||
		{ cat "$root/initdb.log" >&2; exit 1; }
	{
		echo "listen_addresses = ''"
		echo "unix_socket_directories = '$PGHOST'"
		echo "port = $PGPORT"
		echo "fsync = off"
		echo "log_line_prefix = '%m [%p] '"
		for setting in "${settings[@]}"; do
			printf "%s = '%s'\n" "${setting%%=*}" "$(sed "s/'/''/g" <<<"${setting#*=}")"
		done
	} | "${become[@]}" tee -a "$NNET_DATADIR/postgresql.conf" >/dev/null
	"${become[@]}" "$programs$bindir/pg_ctl" -D "$NNET_DATADIR" -l "$NNET_LOG" -w -s start ||
		{ cat "$NNET_LOG" >&2; exit 1; }
}

cd "$here"
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

pg_config=$(command -v "${PG_CONFIG:-pg_config}")
export PG_CONFIG=$pg_config
bindir=$("$pg_config" --bindir)
pkglibdir=$("$pg_config" --pkglibdir)
sharedir=$("$pg_config" --sharedir)

# A socket's path holds at most 107 bytes.
temporary=${TMPDIR:-/tmp}
[ ${#temporary} -le 60 ] || temporary=/tmp
root=$(mktemp -d "$temporary/nnet.XXXXXX")
chmod 755 "$root"
programs=$root/programs
export PGHOST=$root/server PGPORT=5432 PGUSER=postgres PGDATABASE=postgres
export NNET_ROOT=$root NNET_DATADIR=$root/server/data NNET_LOG=$root/server/log NNET_SERVER_USER
unset PGSERVICE PGSERVICEFILE PGOPTIONS PGPASSFILE PGHOSTADDR PGDATA
export PSQLRC=/dev/null

copy_programs
export PATH=$programs$bindir:$PATH
if [ "$server" = yes ]; then
	[ "$NNET_SERVER_USER" = "$(id -un)" ] || chown "$NNET_SERVER_USER" "$root"
	start_server
fi

# In the background, so that a signal is dealt with at once.
"$@" <&0 &
child=$!
status=0
wait "$child" || status=$?
child=
exit $status
