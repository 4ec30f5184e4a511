# Plain predict and classify in batches: where, how far rows are read ahead, and
# that nothing but speed tells.  That results are the same, 029 tests.

use strict;
use warnings;
use NnetNode;
use Test::More;

my $node = new_node('scan', conf => { max_parallel_maintenance_workers => 1, max_parallel_workers_per_gather => 0 });
$node->safe_psql('postgres', <<'SQL');
SELECT setseed(0.5);
SELECT nnet.create_model('m', nnet.input(4), nnet.dense(8, 'relu'), nnet.dense(3, 'softmax'));
SELECT nnet.create_model('heavy', nnet.input(4), nnet.dense(2000, 'relu'), nnet.dense(2000, 'relu'), nnet.dense(3, 'softmax'));
CREATE TABLE t AS SELECT i AS id, i % 10 AS a, 'm'::regclass AS model,
	ARRAY[sin(i), cos(i), i % 3, 1]::real[] AS x FROM generate_series(1, 3000) AS i;
CREATE TABLE bad AS SELECT id, a, CASE WHEN id = 100 THEN '{1,2}' ELSE x END AS x, CASE WHEN id = 150 THEN 0 ELSE 1 END AS d FROM t;
CREATE FUNCTION twice(x real[]) RETURNS real[] LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN x; END';
CREATE FUNCTION drawn(x real[]) RETURNS real[] LANGUAGE plpgsql VOLATILE AS 'BEGIN RETURN x; END';
CREATE SEQUENCE numbers;
CREATE TABLE few AS SELECT DISTINCT nnet.classify('m', x) FROM t;
-- of several inputs and outputs, for rows of which it takes some columns only
SELECT nnet.create_model('house', nnet.input('{4}', name => 'x'), nnet.input('{1}', name => 's'), nnet.string_lookup(vocabulary => '{a,b,c}', output_mode => 'one_hot', name => 'letter'),
	nnet.concatenate('{x,letter}'), nnet.dense(6, 'tanh', name => 'both'), nnet.dense(1, name => 'price'), nnet.dense(3, 'softmax', name => 'kind', inputs => '{both}'));
SELECT nnet.compile('house', '{"kind": "sparse_categorical_crossentropy"}'::jsonb);
CREATE TYPE pair AS (m int, n float8);
CREATE SEQUENCE casts;
CREATE FUNCTION pair_reals(p pair) RETURNS real[] LANGUAGE plpgsql VOLATILE AS 'BEGIN PERFORM nextval(''casts''); RETURN ARRAY[p.m, p.n, 0, 0]; END';
CREATE CAST (pair AS real[]) WITH FUNCTION pair_reals(pair);
CREATE TABLE houses AS SELECT id, x, chr(97 + id % 3) AS s, ROW(id, 1)::pair AS pair, now() AS seen, jsonb_build_object('x', x, 's', 'b') AS j, 'price'::text AS o FROM t;
CREATE VIEW cast_x AS SELECT id, pair AS x, s FROM houses;
CREATE TABLE parted (LIKE houses) PARTITION BY RANGE (id);
CREATE TABLE parted1 PARTITION OF parted FOR VALUES FROM (0) TO (1000);
CREATE TABLE parted2 PARTITION OF parted FOR VALUES FROM (1000) TO (9000);
INSERT INTO parted SELECT * FROM houses;
VACUUM ANALYZE t, houses, parted;
SQL

# ---- where the library is loaded before a query is planned ----

my $scan = qr/NnetPredict/;
my $explain = "EXPLAIN (COSTS OFF) SELECT nnet.predict('m', x) FROM t";
my $later = session($node);
unlike($later->query_safe($explain), $scan, 'the query that loads the library is planned without it');
like($later->query_safe($explain), $scan, 'the second one of a session is in batches');
$later->quit;
$node->append_conf('postgresql.conf', "session_preload_libraries = 'nnet'\n");
$node->reload;
$node->poll_query_until('postgres', "SELECT current_setting('session_preload_libraries')", 'nnet');
my $session = session($node);
like($session->query_safe($explain), $scan, 'with session_preload_libraries the first');

sub plan_of { return $session->query_safe("EXPLAIN (COSTS OFF) $_[0]"); }
sub run_of { return $session->query_safe("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) $_[0]"); }

# A setting turns it off, also for what was planned before.
$session->query_safe("PREPARE p AS SELECT nnet.predict('m', x) FROM t");
like(run_of('EXECUTE p'), qr/Predictions in Batches: 2999\b/, 'all rows but the first are predicted in batches');
$session->query_safe('SET nnet.batch_predict = off');
unlike(plan_of("SELECT nnet.predict('m', x) FROM t"), $scan, 'nnet.batch_predict = off plans as PostgreSQL does');
like(run_of('EXECUTE p'), qr/Predictions in Batches: 0\b/, 'and holds for a plan that there is');
$session->query_safe('RESET nnet.batch_predict');

# ---- what is in batches ----

my %batched = (
	'the target list' => "SELECT id, nnet.predict('m', x) FROM t",
	'a condition' => "SELECT id FROM t WHERE (nnet.predict('m', x))[1] > 0.5",
	'a condition that may fail before it' => "SELECT id, nnet.predict('m', x) FROM t WHERE 10 / (a + 1) > 2",
	'classify' => "SELECT nnet.classify('m', x), count(*) FROM t GROUP BY 1",
	'an aggregate' => "SELECT avg((nnet.predict('m', x))[1]) FROM t",
	'a grouped aggregate' => "SELECT a, avg((nnet.predict('m', x))[1]) FROM t GROUP BY a",
	'a window' => "SELECT id, sum((nnet.predict('m', x))[1]) OVER (ORDER BY id) FROM t",
	'a join' => "SELECT nnet.predict('m', t.x || u.x[1:0]) FROM t JOIN t AS u USING (id)",
	'a join by what was predicted' => "SELECT count(*) FROM t JOIN few ON classify = nnet.classify('m', x)",
	'a join of rows with conditions' => "SELECT nnet.predict('m', t.x) FROM t JOIN t AS u USING (id) WHERE u.id % 3 = 1 AND u.a::text LIKE '1%'",
	'a condition and another call' => "SELECT nnet.classify('m', x) FROM t WHERE (nnet.predict('m', x))[1] + a > 0.5",
	'a sort' => "SELECT id FROM t ORDER BY (nnet.predict('m', x))[1]",
	'a subquery' => "SELECT p FROM (SELECT nnet.predict('m', x) AS p FROM t OFFSET 0) AS q WHERE p[1] > 0.5",
	'UPDATE' => "UPDATE t SET a = length(nnet.classify('m', x))",
	'INSERT' => "INSERT INTO t (id, a) SELECT id, length(nnet.classify('m', x)) FROM t",
	'unnest' => "SELECT id, unnest(nnet.predict('m', x)) FROM t",
	'numbers' => "SELECT nnet.predict('m', ARRAY[id, a, 1, 2]) FROM t",
	'a whole row' => "SELECT nnet.predict('house', h) FROM houses AS h",
	'a whole row of a partitioned table' => "SELECT nnet.predict('house', h) FROM parted AS h",
	'a row of a subquery' => "SELECT nnet.predict('house', q) FROM (SELECT s, x FROM houses OFFSET 0) AS q",
	'ROW(...)' => "SELECT nnet.predict('house', ROW(x, s)) FROM houses",
	'jsonb' => "SELECT nnet.predict('house', j) FROM houses",
	'an output by its name' => "SELECT nnet.predict('house', h, 'price') FROM houses AS h",
	'classify of an output by its name' => "SELECT nnet.classify('house', h, 'kind') FROM houses AS h",
	'an output by a parameter of the query' => "SELECT nnet.predict('house', h, current_setting('application_name', true) || 'price') FROM houses AS h",
	'the first operand of OR' => "SELECT nnet.classify('m', x) = '1' OR a = 1 FROM t",
);
like(plan_of($batched{$_}), $scan, "$_: in batches") for sort keys %batched;

my %alone = (
	'a model of each row' => "SELECT nnet.predict(model, x) FROM t",
	'a volatile argument' => "SELECT nnet.predict('m', drawn(x)) FROM t",
	'an output of each row' => "SELECT nnet.predict('house', h, h.o) FROM houses AS h",
	'a volatile output' => "SELECT nnet.predict('house', h, (ARRAY['price', 'kind'])[1 + (random() * 0)::int]) FROM houses AS h",
	'a row with a volatile column' => "SELECT nnet.predict('house', ROW(drawn(x), s)) FROM houses",
	'a function of a user' => "SELECT nnet.predict('m', twice(x)) FROM t",
	'a branch of CASE' => "SELECT CASE WHEN a = 1 THEN nnet.predict('m', x) END FROM t",
	'the second operand of OR' => "SELECT a = 1 OR nnet.classify('m', x) = '1' FROM t",
	'a volatile condition below' => "SELECT nnet.predict('m', x) FROM t WHERE random() < 0.5",
	'rows that are locked' => "SELECT nnet.predict('m', x) FROM (SELECT x FROM t FOR UPDATE) AS q",
	'what depends on no row' => "SELECT nnet.predict('m', '{1,2,3,4}'::real[]) FROM t",
);
unlike(plan_of($alone{$_}), $scan, "$_: left alone") for sort keys %alone;

# What reads a row is known when it comes: casts of users are not run ahead.
like(run_of("SELECT nnet.predict('house', h) FROM houses AS h"), qr/Predictions in Batches: 2999\b/, 'columns that the model does not take do not matter');
like(run_of("SELECT nnet.predict('house', c) FROM cast_x AS c"), qr/Predictions in Batches: 0\b/, 'a column with a cast of a user is read row by row');
$session->query_safe("ALTER SEQUENCE casts RESTART");
$session->query_safe("SELECT nnet.predict('house', c) FROM (SELECT * FROM cast_x OFFSET 0) AS c LIMIT 3");
is($session->query_safe("SELECT last_value FROM casts"), 3, 'and only for rows that are wanted');
my $shared = run_of("SELECT nnet.predict('house', h), nnet.predict('house', h, 'price'), nnet.classify('house', h, 'kind') FROM houses AS h");
like($shared, qr/Predictions in Batches: 8997\b/, 'three calls of the same row');
like($shared, qr/Batches: (\d+)\b/, 'are in batches');
my ($alone_batches) = run_of("SELECT nnet.predict('house', h) FROM houses AS h") =~ /Batches: (\d+)\b/;
my ($shared_batches) = $shared =~ /Batches: (\d+)\b/;
cmp_ok($shared_batches, '<=', 2 * $alone_batches, 'which they share');
is($session->query_safe("SELECT count(*) FROM houses AS h WHERE nnet.predict('house', h) <> nnet.predict('house', h, 'price') || nnet.predict('house', h, 'kind')"), 0,
	'and each gets its own output');
$session->query("SELECT nnet.predict('house', h, 'none') FROM houses AS h");
like(error_of($session), qr/model "house" has no output "none"/, 'an output that there is not is an error of the call');

# ---- how far rows are read ahead ----

my $one = run_of("SELECT nnet.predict('m', x) FROM t LIMIT 1");
like($one, qr/Seq Scan on t \(actual rows=1(?:\.00)? /, 'LIMIT 1 reads one row');
like($one, qr/Batches: 0\b/, 'and makes no batch');
like(run_of("SELECT nnet.predict('m', x) FROM t LIMIT 40 OFFSET 2"), qr/Seq Scan on t \(actual rows=42(?:\.00)? /, 'no LIMIT reads more than it wants');
like(run_of("SELECT nnet.predict('m', x) FROM t ORDER BY id DESC LIMIT 5"), qr/top-N heapsort/, 'a sort below knows of LIMIT');
like(run_of("SELECT EXISTS (SELECT FROM t WHERE (nnet.predict('m', x))[1] > 0)"), qr/Seq Scan on t \(actual rows=1(?:\.00)? /, 'EXISTS reads one row');
$session->query_safe('BEGIN');
$session->query_safe("DECLARE k CURSOR FOR SELECT nnet.predict('m', x) FROM bad");
is(scalar(split /\n/, $session->query_safe('FETCH 99 FROM k')), 99, 'rows before one that fails are given');
$session->query('FETCH 1 FROM k');
like(error_of($session), qr/expects x to have 4 values, not 2.*call 100 of nnet.predict/s, 'and its error comes when it is wanted, with its number');
$session->query('ROLLBACK');
is($session->query_safe("SELECT count(*) FROM (SELECT nnet.predict('m', x) FROM bad WHERE id > 20 LIMIT 79) AS q"), 79, 'an error beyond LIMIT is none');
is($session->query_safe("SELECT count(*) FROM (SELECT nnet.predict('m', x) FROM bad WHERE 1 / d = 1 AND id > 100 LIMIT 49) AS q"), 49,
	'nor is one of a condition');
$session->query_safe("SELECT nnet.predict('m', x) FROM (SELECT x, nextval('numbers') AS n FROM t OFFSET 0) AS q LIMIT 3");
is($session->query_safe("SELECT last_value FROM numbers"), 3, 'nothing else happens ahead of its row');

# ---- one after the other ----

my $chain = run_of("SELECT nnet.classify('m', x) FROM t WHERE (nnet.predict('m', x))[1] + a > 0.5 AND id > 10 ");
is(scalar(() = $chain =~ /NnetPredict/g), 2, 'calls of the select list are for rows that the condition lets through');
unlike($chain, qr/Batches: [01]\b/, 'and in batches as well');
like(run_of("SELECT nnet.classify('m', x) FROM bad WHERE (nnet.predict('m', x))[1] >= 0 LIMIT 99"), qr/actual rows=99/,
	'which read no further than the first that might fail');

# ---- what only looks harmless ----

$node->safe_psql('postgres', <<'SQL');
CREATE TABLE classes (c text PRIMARY KEY, n serial);
INSERT INTO classes SELECT DISTINCT nnet.classify('m', x) FROM t;
INSERT INTO classes SELECT 'other' || i FROM generate_series(1, 20) AS i;
CREATE TABLE keys AS SELECT 'none' || i AS k FROM generate_series(1, 40) AS i;
CREATE TABLE divisors AS SELECT i AS id, 3 - i AS d, CASE WHEN i <> 2 THEN 5 END AS n FROM generate_series(1, 3) AS i;
CREATE TABLE documents AS SELECT id, x, CASE WHEN id > 30 THEN ARRAY['{}'::json] END AS j,
	CASE WHEN id = 50 THEN box '(1e200,1e200),(0,0)' ELSE box '(1,1),(0,0)' END AS b FROM t WHERE id < 60;
CREATE FUNCTION counted(i int) RETURNS SETOF int LANGUAGE plpgsql VOLATILE AS 'BEGIN PERFORM nextval(''numbers''); RETURN NEXT i; END';
SQL

# The same with the setting on and off; both as expected, where that can be said.
sub same
{
	my ($what, $query, $expected) = @_;
	my %said;

	for my $setting ('off', 'on')
	{
		my ($code, $out, $err) = $node->psql('postgres', "ALTER SEQUENCE numbers RESTART; SET nnet.batch_predict = $setting; $query");
		$said{$setting} = $out . ($err =~ s/^psql:<stdin>:\d+: //mgr);
	}
	is($said{on}, $said{off}, $what);
	is($said{off}, $expected, "$what: what is expected") if defined $expected;
	return;
}

sub fetched
{
	my ($query, $from, $more) = @_;

	return "BEGIN; DECLARE k CURSOR FOR $query; MOVE $from FROM k; FETCH 3 FROM k; " . ($more // '') . '; COMMIT';
}

my $nested = 'SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_indexscan = off; SET enable_indexonlyscan = off; SET enable_bitmapscan = off;';
my $hashed = 'SET enable_nestloop = off; SET enable_mergejoin = off;';
same('a join that stops at its first match', "$nested SELECT count(*) FROM t JOIN classes ON c = nnet.classify('m', x)", 3000);
for my $join ('keys LEFT JOIN t ON', 't RIGHT JOIN keys ON', 'keys FULL JOIN t ON')
{
	same("$join: a call that gives something for rows without a match",
		"$hashed SELECT count(c), count(k) FROM (SELECT k, nnet.classify('m', coalesce(x, '{0,0,0,0}')) AS c FROM $join k = nnet.classify('m', coalesce(x, '{0,0,0,0}')) OFFSET 0) AS q",
		$join =~ /FULL/ ? '3040|40' : '40|40');
}
same('a LIMIT that is none for the second row',
	"SELECT d.id, count(p) FROM divisors AS d, LATERAL (SELECT nnet.predict('m', x) AS p, q.id FROM (SELECT * FROM t ORDER BY a, id) AS q LIMIT d.n) AS r GROUP BY 1 ORDER BY 1",
	"1|5\n2|3000\n3|5");
same('a condition of row numbers', "SELECT id, n FROM (SELECT id, a, x, nnet.classify('m', x) AS c, row_number() OVER (ORDER BY id) AS n FROM t) AS q WHERE n <= 3 AND c IS NOT NULL ORDER BY 1",
	"1|1\n2|2\n3|3");
same('an error of an outer row', $nested . fetched("SELECT q.id, nnet.classify('m', q.x) IS NULL FROM divisors AS d, LATERAL (SELECT id, x FROM t WHERE id < 40 / d.d OFFSET 0) AS q", 50), "32|f\n33|f\n34|f");
same('one in a sort below', $nested . fetched("SELECT q.id, nnet.classify('m', q.x) IS NULL FROM divisors AS d, LATERAL (SELECT id, x FROM t WHERE id > 40 / d.d ORDER BY a, id LIMIT 40) AS q", 70));
same("one of $_->[0]", fetched("SELECT t.id, nnet.classify('m', x) IS NULL, q FROM t, LATERAL ($_->[1]) AS q", 70))
  for [ 'rows from a function', 'SELECT * FROM generate_series(1, 1 + 1 / (80 - t.id))' ],
  [ 'LIMIT', 'SELECT FROM classes LIMIT 1 + 1 / (80 - t.id)' ],
  [ 'a condition once for all rows', 'SELECT FROM classes WHERE 10 / (80 - t.id) >= 0 LIMIT 1' ],
  [ 'an aggregate', 'SELECT sum(10 / (80 - t.id)) FROM classes' ];
same('one of a row number', fetched("SELECT nnet.classify('m', x) IS NULL, r FROM (SELECT x, 10 / (row_number() OVER () - 50) AS r FROM t OFFSET 0) AS q", 30));
same('one of a count', 'SET enable_hashagg = off;'
	  . fetched("SELECT id, nnet.classify('m', ARRAY[id, n, 1, 2]) IS NULL FROM (SELECT id, count(*) AS n FROM (SELECT id FROM t UNION ALL SELECT id FROM t WHERE id <> 50) AS r GROUP BY id HAVING 10 / (count(*) - 1) > 0 OFFSET 0) AS q", 30));
same('elements that have no comparison', fetched("SELECT id FROM documents WHERE (j = ARRAY['{}'::json]) IS NULL AND nnet.classify('m', x) IS NOT NULL", 20), "21\n22\n23");
same('an area that is too large', fetched("SELECT id, nnet.classify('m', x) IS NULL FROM documents WHERE b = box '(1,1),(0,0)'", 20), "21|f\n22|f\n23|f");
# "classes" is no model: who calls it fails, and nobody does.
same('a call that is compared with no rows', "SELECT count(*) FROM t WHERE nnet.classify('classes', x) NOT IN (SELECT k FROM keys WHERE k = 'nobody')", 3000);
same('a default that no row needs', "SELECT count(n) FROM (SELECT lag(id, 0, length(nnet.classify('classes', x))) OVER (ORDER BY id) AS n FROM t OFFSET 0) AS q", 3000);
same('a key after one that is NULL', "$hashed SELECT count(*) FROM t JOIN keys ON k = nullif(t.id::text, t.id::text) AND k || '' = nnet.classify('classes', x)", 0);
same('an effect of a function that gives rows', fetched("SELECT t.id, nnet.classify('m', x) IS NULL FROM t, LATERAL counted(t.id) AS g", 4, 'SELECT last_value FROM numbers'), "5|f\n6|f\n7|f\n7");

# ---- cursors ----

$session->query_safe('BEGIN');
$session->query_safe("DECLARE k CURSOR FOR SELECT id, nnet.classify('m', x) AS c FROM t");
$session->query_safe('MOVE 50 FROM k');
$session->query_safe('UPDATE t SET a = -1 WHERE CURRENT OF k');
is($session->query_safe('SELECT id FROM t WHERE a = -1'), 50, 'CURRENT OF is the row that was given, not one read ahead');
like($session->query_safe('FETCH BACKWARD 1 FROM k'), qr/^49\|/, 'backward from there');
like($session->query_safe('FETCH FIRST FROM k'), qr/^1\|/, 'to the first');
like($session->query_safe('FETCH LAST FROM k'), qr/^3000\|/, 'and the last');
like($session->query_safe('FETCH BACKWARD 2 FROM k'), qr/^2999\|.*\n2998\|/, 'and back');
$session->query_safe('ROLLBACK');

# ---- the cost ----

$session->query_safe('SET nnet.batch_predict = off');
like(plan_of("SELECT id FROM t WHERE (nnet.predict('m', x))[1] > 0.5 AND a = 3 AND id % 7 = 1"), qr/id % 7.*nnet\.predict/s, 'cheap conditions come first');
$session->query_safe('RESET nnet.batch_predict');
$session->query_safe('SET max_parallel_workers_per_gather = 2; SET min_parallel_table_scan_size = 0');
like(plan_of("SELECT nnet.predict('heavy', x) FROM t"), qr/Gather.*NnetPredict.*Parallel Seq Scan/s, 'a large model gets a parallel plan');
unlike(plan_of("SELECT nnet.predict('m', x) FROM t WHERE id < 100"), qr/Gather/, 'a small one does not');
my $parallel = run_of("SELECT sum((nnet.predict('heavy', x))[1]) FROM t");
like($parallel, qr/Workers Launched: 2/, 'it runs in workers');
my $sum = "SELECT round(sum((nnet.predict('heavy', x))[1])::numeric, 2) FROM t";
my $in_parallel = $session->query_safe($sum);
is($session->query_safe("SET max_parallel_workers_per_gather = 0; SET nnet.batch_predict = off; $sum"), $in_parallel, 'and gives the same');
$session->query_safe('RESET ALL');
$node->safe_psql('postgres', 'CREATE TABLE empty_model (LIKE m); CREATE VIEW of_m AS TABLE m');
like(plan_of("SELECT nnet.predict('$_', x) FROM t"), $scan, "$_: a model whose cost is not known can be planned for") for 'empty_model', 'of_m', 't';

# ---- models and rows that change ----

$session->query_safe("PREPARE q AS SELECT count(*) FROM t WHERE (nnet.predict('m', x))[1] > 0.9999");
is($session->query_safe('EXECUTE q'), 0, 'a prepared statement');
$session->query_safe("BEGIN; UPDATE m SET weights = (SELECT array_agg(CASE WHEN i = cardinality(weights) - 2 THEN 100 ELSE w END ORDER BY i)
	FROM unnest(weights) WITH ORDINALITY AS u (w, i)) WHERE layer = (SELECT max(layer) FROM m WHERE weights IS NOT NULL)");
is($session->query_safe('EXECUTE q'), 3000, 'predicts with the model as the transaction left it');
$session->query_safe('ROLLBACK');
is($session->query_safe('EXECUTE q'), 0, 'and as it is again');

# Another transaction changes a row that an UPDATE waits for.
$session->query_safe("BEGIN; UPDATE t SET x = '{9,9,9,9}' WHERE id = 1500");
my $waiting = session($node);
$waiting->query_safe("SET nnet.batch_predict = on");
start_query($waiting, "UPDATE t SET a = round((nnet.predict('m', x))[2] * 1000000) WHERE id BETWEEN 1400 AND 1600 AND (nnet.predict('m', x))[1] >= 0");
$node->poll_query_until('postgres', "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted");
$session->query_safe('COMMIT');
$waiting->query_safe('SELECT 1');
is($waiting->query_safe("SELECT count(*) FROM t WHERE id BETWEEN 1400 AND 1600 AND abs(a - round((nnet.predict('m', x))[2] * 1000000)) <= 1"), 201,
	'an UPDATE that waited predicts from the row as it became');
$waiting->quit;

# ---- a cancel, and memory ----

my $pid = backend_of($session);
my $long = "SELECT sum((nnet.predict('heavy', x))[1]) FROM t, generate_series(1, 1000)";
like(plan_of($long), $scan, 'a long query is in batches');
start_query($session, $long);
wait_active($pid, 20);
$node->safe_psql('postgres', "SELECT pg_cancel_backend($pid)");
$session->query('SELECT 1');
like(error_of($session), qr/canceling statement due to user request/, 'it can be cancelled');
is($session->query_safe("SELECT count(nnet.predict('heavy', x)) FROM t WHERE id < 100"), 99, 'and the session goes on');

$session->query_safe("SET work_mem = '1MB'");
my $rows = "SELECT count(nnet.predict('m', t.x)) FROM t, generate_series";
my $few = peak_memory_while($pid, sub { $session->query_safe("$rows(1, 30)") });
my $many = peak_memory_while($pid, sub { $session->query_safe("$rows(1, 300)") });
cmp_ok($many, '<', $few + 4096, 'memory does not grow with the rows');
$session->quit;
ok(no_crash_in($node), 'no process crashed');
$node->stop;
done_testing();
