#!/usr/bin/env bash
#
# demo.sh
#	Show nnet at work, in a private server that is gone afterwards: flowers,
#	spirals, and pictures of clothes where Fashion-MNIST lies in
#	NNET_DATA/fashion-mnist or ../shared/data/fashion-mnist.

set -euo pipefail

cd "$(dirname "$0")/.."

if [ "${1:-}" != --inside ]; then
	"${MAKE:-make}" --no-print-directory DEPS=no -j"$(nproc)" all
	echo
	echo "Starting a private PostgreSQL server ..."
	exec scripts/private-server.sh -c "max_parallel_maintenance_workers=$(nproc)" scripts/demo.sh --inside
fi

# NOTICE lines without the place they come from
sql() {
	psql -X -q -v ON_ERROR_STOP=1 -P pager=off -P border=2 -P footer=off -P format=wrapped -P columns=100 -P null='-' <"$1" 2>&1
}

load_fashion() {
	local part file=$1/fashion-mnist images labels

	[ -e "$file/train-images-idx3-ubyte.gz" ] || return 1
	psql -X -q -v ON_ERROR_STOP=1 -c "CREATE TABLE classes AS SELECT number - 1 AS number, name
		FROM unnest('{T-shirt/top,Trouser,Pullover,Dress,Coat,Sandal,Shirt,Sneaker,Bag,Ankle boot}'::text[])
			WITH ORDINALITY AS c (name, number)"
	for part in train:train test:t10k; do
		images=$file/${part#*:}-images-idx3-ubyte.gz
		labels=$file/${part#*:}-labels-idx1-ubyte.gz
		psql -X -q -v ON_ERROR_STOP=1 -c "CREATE TEMPORARY TABLE loaded (id integer, pixels bytea, number integer)" \
			-c "COPY loaded FROM STDIN" \
			-c "CREATE TABLE fashion_${part%:*} AS SELECT id, pixels, name AS label
				FROM loaded JOIN classes USING (number) ORDER BY id" \
			< <(perl demo/load-idx.pl "$images" "$labels")
	done
}

started=$EPOCHREALTIME
psql -X -q -c "CREATE EXTENSION nnet"
psql -X -q -t -A -c "SELECT 'PostgreSQL ' || current_setting('server_version') || ', nnet ' || extversion
	FROM pg_extension WHERE extname = 'nnet'"
sql demo/1-iris.sql
sql demo/2-spirals.sql
data=${NNET_DATA:-../shared/data}
if load_fashion "$data"; then
	sql demo/3-fashion.sql
else
	echo
	echo "== 3. Fashion-MNIST: skipped, $data/fashion-mnist is not there =="
	echo
	echo "Put its four files (train-images-idx3-ubyte.gz, ...) into a folder fashion-mnist and"
	echo "name the folder above in NNET_DATA to see it."
fi
cat <<END

That took $(awk -v a="$started" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }') seconds; the server and its data are gone now.

Next:
    sudo make install                  put nnet into your own PostgreSQL server
    CREATE EXTENSION nnet;             in a database of it
    make test                          run all tests
    README.md                          the tour, and where to read on
END
