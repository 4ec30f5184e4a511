# Models as values go where values go: dump and restore, COPY, another server, drivers'
# parameters; and are used by parallel plans, on a standby's kind of transaction, and
# by several sessions, with the same results.

use strict;
use warnings;
use NnetNode;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_node('values', conf => { max_parallel_workers => 4, max_worker_processes => 8, min_parallel_table_scan_size => 0,
		parallel_setup_cost => 0, parallel_tuple_cost => 0, max_parallel_maintenance_workers => 1 });
make_rows($node, 'rows', 4000);
make_model($node, 'm');
$node->safe_psql('postgres', fit_sql('m', 'rows', epochs => 2));
$node->safe_psql('postgres', "CREATE TABLE models (id integer, model nnet.model);
	INSERT INTO models VALUES (1, nnet.pack('m')), (2, nnet.pack('m', false)), (3, NULL)");
my $folder = PostgreSQL::Test::Utils::tempdir();

my $digest = "SELECT string_agg(id || ' ' || coalesce(md5(model::text), 'NULL'), ', ' ORDER BY id) FROM models";
my $classes = "SELECT md5(string_agg(nnet.classify_value(model, x) || ' ' || nnet.predict_value(model, x)::text, ',' ORDER BY rows.id))
	FROM rows, models WHERE models.id = 1";
my $values = $node->safe_psql('postgres', $digest);
my $here = $node->safe_psql('postgres', $classes);
is($here, $node->safe_psql('postgres', "SELECT md5(string_agg(nnet.classify('m', x) || ' ' || nnet.predict('m', x)::text, ',' ORDER BY id)) FROM rows"),
	'values predict as the table does');

# ---- dump and restore, COPY ----

$node->command_ok([ 'pg_dump', '-Fc', '-f', "$folder/all.dump", '-d', $node->connstr('postgres') ], 'pg_dump of all');
$node->safe_psql('postgres', 'CREATE DATABASE whole');
$node->command_ok([ 'pg_restore', '-e', '-d', $node->connstr('whole'), "$folder/all.dump" ], 'restored');
is($node->safe_psql('whole', $digest), $values, 'the same values');
is($node->safe_psql('whole', $classes), $here, 'the same predictions');
for my $format ('text', 'csv', 'binary')
{
	$node->safe_psql('postgres', "COPY models TO '$folder/models.$format' (FORMAT $format)");
	$node->safe_psql('whole', "TRUNCATE models; COPY models FROM '$folder/models.$format' (FORMAT $format)");
	is($node->safe_psql('whole', $digest), $values, "the same values after COPY as $format");
}
# binary that was cut or changed is refused
my $binary = slurp_file("$folder/models.binary");
for my $spoiled ([ 'cut', substr($binary, 0, length($binary) / 2) ], [ 'changed', substr($binary, 0, 400) . chr(ord(substr $binary, 400) ^ 1) . substr($binary, 401) ])
{
	open my $file, '>:raw', "$folder/spoiled" or die "spoiled: $!\n";
	print $file $spoiled->[1];
	close $file or die "spoiled: $!\n";
	my ($status, $out, $err) = $node->psql('whole', "COPY models FROM '$folder/spoiled' (FORMAT binary)");
	isnt($status, 0, "binary that was $spoiled->[0] is refused");
	like($err, qr/invalid value of type nnet\.model|unexpected EOF/, 'clearly');
}

# ---- another server, in another encoding ----

$node->safe_psql('postgres', "SELECT nnet.create_model('words', nnet.input(1), nnet.text_vectorization(20, output_sequence_length => 2), nnet.embedding(20, 2), nnet.flatten(), nnet.dense(2, activation => 'softmax'));
	SELECT nnet.compile('words', 'sparse_categorical_crossentropy');
	SELECT nnet.fit('words', ('{Größe,Maß,\"Größe Maß\"}'::text[])[1 + i % 3], ('{süß,sauer}'::text[])[1 + i % 2], nnet.options(seed => 1)) FROM generate_series(1, 50) AS i");
$node->safe_psql('postgres', "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'");
$node->safe_psql('latin', 'CREATE EXTENSION nnet; CREATE TABLE moved (model nnet.model)');
my $packed = $node->safe_psql('postgres', "SELECT nnet.pack('words')");
$node->safe_psql('latin', "INSERT INTO moved VALUES ('$packed')");
is($node->safe_psql('latin', "SELECT nnet.unpack(model, 'words') FROM moved"), 'words', 'unpacked where the encoding is another');
is($node->safe_psql('latin', "SELECT nnet.pack('words')"), $packed, 'and packed again it is the same');
is($node->safe_psql('latin', "SET client_encoding = 'UTF8'; SELECT nnet.classify('words', 'Größe') || nnet.predict('words', 'Maß')::text"),
	$node->safe_psql('postgres', "SELECT nnet.classify('words', 'Größe') || nnet.predict('words', 'Maß')::text"), 'texts are told apart there too');

# ---- parallel plans ----

$node->safe_psql('postgres', 'ALTER TABLE rows SET (parallel_workers = 4); ANALYZE rows');
my $counts = "SELECT string_agg(class || ' ' || n, ', ' ORDER BY class) FROM (SELECT nnet.classify_value(model, x) AS class, count(*) AS n
	FROM rows, (SELECT model FROM models WHERE id = 1 OFFSET 0) AS one GROUP BY 1) AS c";
my $figures = "SELECT (e ->> 'samples')::integer || ' ' || round((e ->> 'loss')::numeric, 6) || ' ' || (e ->> 'skipped')
	FROM (SELECT nnet.evaluate(nnet.score_value(\$1, x, y)) AS e FROM rows) AS r";
my $value = $node->safe_psql('postgres', "SELECT nnet.pack('m')");
my $table = $node->safe_psql('postgres', "SELECT (e ->> 'samples')::integer || ' ' || round((e ->> 'loss')::numeric, 6) || ' ' || (e ->> 'skipped')
	FROM (SELECT nnet.evaluate('m', x, y) AS e FROM rows) AS r");
my %seen;
for my $workers (0, 1, 4)
{
	my $set = "SET max_parallel_workers_per_gather = $workers;";

	$seen{ $node->safe_psql('postgres', "$set $counts") }++;
	is($node->safe_psql('postgres', "$set PREPARE p (nnet.model) AS $figures; EXECUTE p ('$value')"), $table, "the figures of the table, with $workers workers");
	my $plan = $node->safe_psql('postgres', "$set PREPARE p (nnet.model) AS $figures; EXPLAIN (ANALYZE, COSTS off, TIMING off) EXECUTE p ('$value')");
	my ($launched) = $plan =~ /Workers Launched: (\d+)/;
	is($launched // 0, $workers, "they had $workers workers");
	like($plan, qr/Partial Aggregate/, 'and made parts of the sums') if $workers > 0;
}
is(scalar keys %seen, 1, 'the same classes with each number of workers');

# training of values in workers: each group has its rows in one process
my $groups = "SELECT string_agg(part || md5(model::text), ',' ORDER BY part) FROM (
	SELECT 0 AS part, nnet.fit_value('$value', x, y, nnet.options(seed => 1) ORDER BY id) AS model FROM rows WHERE id % 2 = 0
	UNION ALL SELECT 1, nnet.fit_value('$value', x, y, nnet.options(seed => 1) ORDER BY id) FROM rows WHERE id % 2 = 1) AS p";
is($node->safe_psql('postgres', "SET max_parallel_workers_per_gather = 4; SET enable_parallel_append = on; $groups"),
	$node->safe_psql('postgres', "SET max_parallel_workers_per_gather = 0; $groups"), 'trained under parallel plans they are the same');

# ---- the session's models ----

is($node->safe_psql('postgres', "SELECT count(nnet.predict_value(model, x)) FROM rows, models WHERE models.id < 3;
	SELECT nnet.info() ->> 'cached_models'"), "8000\n2", 'values are kept between queries, each once');
is($node->safe_psql('postgres', "SET nnet.cache_size = 0; SELECT count(nnet.predict_value(model, x)) FROM rows, models WHERE models.id < 3 AND rows.id <= 50"),
	100, 'and work without room to keep them');
$node->safe_psql('postgres', "CREATE TABLE each AS SELECT i AS id, nnet.fit_value(nnet.pack('m'), x, y, nnet.options(seed => i, batch_size => 4)) AS model
	FROM rows, generate_series(1, 60) AS i WHERE rows.id <= 20 GROUP BY i");
is($node->safe_psql('postgres', "SET nnet.cache_size = '256kB'; SELECT count(DISTINCT model), count(DISTINCT nnet.predict_value(model, x)) FROM each, rows WHERE rows.id = 1"),
	'60|60', 'a model a row');

# ---- averages ----

$node->safe_psql('postgres', 'ALTER TABLE each SET (parallel_workers = 2)');
my $average = "SELECT nnet.average_value(model, id)";
like($node->safe_psql('postgres', "SET max_parallel_workers_per_gather = 2; EXPLAIN (COSTS off) $average FROM each"), qr/Partial Aggregate/, 'averages are made of parts');
is($node->safe_psql('postgres', "SET max_parallel_workers_per_gather = 2; CREATE TABLE averages AS $average AS a, 1 AS id FROM each;
		SET max_parallel_workers_per_gather = 0; INSERT INTO averages $average, 2 FROM each;
		SELECT nnet.unpack(a, 'average_' || id) FROM averages ORDER BY id;
		SELECT bool_and(abs(p - q) <= 1e-6 * (1 + abs(p))) FROM average_1 AS a JOIN average_2 AS b USING (layer, part), unnest(a.weights, b.weights) AS u (p, q)"),
	"average_1\naverage_2\nt", 'which are the same as one');
$node->safe_psql('postgres', "SELECT nnet.create_model('large', nnet.input(1), nnet.embedding(15000, 9000), nnet.flatten(), nnet.dense(1))");
my ($status, $out, $err) = $node->psql('postgres', "SELECT nnet.average_value(nnet.pack('large')) IS NULL");
like($err, qr/models of 135009001 parameters are too large to be averaged as values/, 'models whose sums are more than a value holds');

ok(no_crash_in($node), 'no process crashed');
$node->stop;
done_testing();
