# Memory and temporary files: rows beyond maintenance_work_mem go to a file that
# PostgreSQL accounts for, and the backend's memory grows neither with the rows
# nor with the batch, nor with the number of models in training.

use strict;
use warnings;
use NnetNode;
use Test::More;

use constant MB => 1024;	# in kB

my $node = new_node('limits', conf => { maintenance_work_mem => '64MB', max_parallel_maintenance_workers => 1 });
my $inputs = 784;

# Rows that differ, without computing 47 million random numbers.
$node->safe_psql(
	'postgres', "
	CREATE TABLE bytes (id integer, x bytea, y integer);
	ALTER TABLE bytes ALTER x SET STORAGE EXTERNAL;
	INSERT INTO bytes SELECT i, decode(repeat(md5(i::text), 49), 'hex'), i % 10 FROM generate_series(1, 60000) AS i;
	CREATE TABLE vectors AS SELECT v AS id, (SELECT array_agg(sin(v * 1000 + i)::real) FROM generate_series(1, $inputs) AS i) AS x
		FROM generate_series(1, 200) AS v;
	CREATE TABLE reals (id integer, x real[], y integer);
	ALTER TABLE reals ALTER x SET STORAGE EXTERNAL;
	INSERT INTO reals SELECT i, x, i % 10 FROM generate_series(1, 60000) AS i JOIN vectors AS v ON v.id = 1 + i % 200;
	ANALYZE");
make_model($node, 'm', inputs => $inputs, units => 128, classes => 10);

# Parameters, two slots of adam, at most a gradient for each of two threads, their
# copies on the way to the table; and the activations of a batch.
my $parameters = $node->safe_psql('postgres', "SELECT sum(parameters) FROM nnet.summary('m')");
my $model = 8 * $parameters * 4 / 1024 + 128 * ($inputs + 4 * 128) * 4 * 2 / 1024;

# kB of memory that a new backend needs for a query.
sub peak_of
{
	my ($query, $setting) = @_;
	my $session = session($node);
	my $pid = backend_of($session);
	$session->query_safe("SET $setting") if defined $setting;
	my $peak = peak_memory_while($pid, sub { $session->query_safe($query) });

	$session->quit;
	return $peak;
}

my %peak;
for my $table ('bytes', 'reals')
{
	$peak{$table} = peak_of(fit_sql('m', $table, epochs => 2, batch_size => 128));
	note "$table: $peak{$table} kB";
	cmp_ok($peak{$table}, '<', 64 * MB + $model + 20 * MB,
		"60000 rows of $inputs $table: under maintenance_work_mem, the model's buffers and 20 MB");
	is(scalar(temp_files_of($node)), 0, "$table: no temporary file is left");
}

# Ten times the rows, either way more than fits: what there is more is in the file.
my %ten = (
	'bytes' => [ 'bytes WHERE id <= 24000', 'bytes, generate_series(1, 4)' ],
	'reals' => [ 'reals WHERE id <= 6000', 'reals' ]);
for my $table (sort keys %ten)
{
	my ($one, $many) = map { peak_of(fit_sql('m', $_, batch_size => 128), "maintenance_work_mem = '16MB'") }
	  @{ $ten{$table} };

	note "$table: $one kB, ten times as many: $many kB";
	cmp_ok($many, '<', 16 * MB + $model + 20 * MB, "ten times as many $table: under the same bound");
	cmp_ok($many - $one, '<', 4 * MB, "ten times as many $table: nothing changes");
}

# One pass in the order of the rows keeps one batch.
my $stream = peak_of(fit_sql('m', 'reals', epochs => 1, batch_size => 128, shuffle => 'false'));
note "streaming: $stream kB";
cmp_ok($stream, '<', $model + 20 * MB, 'one epoch without shuffling keeps no rows');

my $predict = peak_of("SELECT count(nnet.predict('m', x)) FROM reals");
note "predict: $predict kB";
cmp_ok($predict, '<', $model + 20 * MB, 'predict keeps one row');
my $batch = peak_of("SELECT count(p) FROM (SELECT nnet.predict_batch('m', x) OVER () AS p FROM reals) AS q");
note "predict_batch: $batch kB";
cmp_ok($batch, '<', $model + 24 * MB, 'predict_batch keeps what work_mem allows');

# ---- many models in one statement ----

$node->safe_psql(
	'postgres', "
	SELECT nnet.create_model('small', nnet.input($inputs), nnet.dense(4), nnet.dense(10, 'softmax'));
	SELECT nnet.compile('small', 'sparse_categorical_crossentropy');
	SELECT nnet.copy_model('small', 'group_' || g) FROM generate_series(0, 199) AS g");
# in kB, with 48 for what it knows of its losses and metrics
my $small = 48 + 8 * 4 / 1024 * $node->safe_psql('postgres', "SELECT sum(parameters) FROM nnet.summary('small')");

# Groups come one after the other, sorted or, as the planner is told that each is
# large, hashed.  Aggregates without groups have their rows at the same time.
my $grouped = "SELECT count(fitted) FROM (SELECT nnet.fit(('group_' || id % 200)::regclass, x, y) AS fitted
	FROM reals GROUP BY id % 200 OFFSET 0) AS g";
my $side_by_side = 'SELECT ' . join(', ', map { "nnet.fit('group_$_', x, y) FILTER (WHERE id % 200 = $_)" } 0 .. 199)
  . ' FROM reals';
for my $try (
	[ 'sorted', "work_mem = '4MB'", $grouped, qr/GroupAggregate.*Sort/s, 1 ],
	[ 'hashed', "work_mem = '1GB'; SET enable_sort = off", $grouped, qr/HashAggregate/, 1 ],
	[ 'side by side', "work_mem = '4MB'", $side_by_side, qr/Aggregate/, 64 ])
{
	my ($what, $setting, $query, $plan, $rows) = @$try;

	like($node->safe_psql('postgres', "SET $setting; EXPLAIN $query"), $plan, "200 trainings, $what: planned so");
	my $peak = peak_of($query, $setting);
	note "200 trainings, $what: $peak kB";
	cmp_ok($peak, '<', $rows * MB + 200 * $small + 20 * MB,
		"200 trainings, $what: no more than $rows MB of rows, their models and 20 MB");
	is(scalar(temp_files_of($node)), 0, "200 trainings, $what: no temporary file is left");
}
is($node->safe_psql('postgres', "SELECT min(n), max(n) FROM (SELECT count(*) AS n
	FROM nnet.models, nnet.history(model) WHERE model::text LIKE 'group%' GROUP BY model) AS h"), '3|3',
	'each of the 200 was trained each time');

# ---- large batches, many steps ----

# A batch is worked on in chunks of 4 MB a thread, or 16 samples.  Measured: 15 MB,
# of which a backend without a model has 3.
$node->safe_psql(
	'postgres', "
	SELECT nnet.create_model('cnn', nnet.input(28, 28, 1),
		nnet.conv2d(32, 3, activation => 'relu'), nnet.max_pooling2d(2),
		nnet.conv2d(64, 3, activation => 'relu'), nnet.max_pooling2d(2), nnet.flatten(), nnet.dense(10, 'softmax'));
	SELECT nnet.compile('cnn', 'sparse_categorical_crossentropy')");
my %batch = map { $_ => peak_of(fit_sql('cnn', 'bytes WHERE id <= 1000', batch_size => $_)) } 100, 100000;
note "cnn, 1000 rows: batch 100: $batch{100} kB, 100000: $batch{100000} kB";
cmp_ok($batch{100000}, '<', 32 * MB, 'a convolutional model, batch 100000 given 1000 rows: under 32 MB');
cmp_ok($batch{100000} - $batch{100}, '<', 8 * MB, 'as with a batch of 100');

# Batch normalization needs all of a batch at once: of the rows there are, not of
# those there may be.  Measured: 23 MB.
$node->safe_psql(
	'postgres', "
	SELECT nnet.create_model('normalized', nnet.input(28, 28, 1), nnet.conv2d(8, 3), nnet.batch_normalization(),
			nnet.flatten(), nnet.dense(10, 'softmax')),
		nnet.create_model('maker', nnet.input(4), nnet.dense(784), nnet.batch_normalization(),
			nnet.reshape('{28,28,1}')),
		nnet.create_model('judge', nnet.input(28, 28, 1), nnet.conv2d(8, 3), nnet.batch_normalization(),
			nnet.flatten(), nnet.dense(1, 'sigmoid'));
	SELECT nnet.compile('normalized', 'sparse_categorical_crossentropy'),
		nnet.compile('maker', 'binary_crossentropy'), nnet.compile('judge', 'binary_crossentropy')");
my $hundred = 'bytes WHERE id <= 100';
my %whole = (
	'fit' => fit_sql('normalized', $hundred, epochs => 10, batch_size => 1000000),
	'fit in the order of rows' => fit_sql('normalized', $hundred, batch_size => 1000000, shuffle => 'false'),
	'fit_gan' => fit_gan_sql('maker', 'judge', $hundred, epochs => 10, batch_size => 1000000));
for my $what (sort keys %whole)
{
	my $peak = peak_of($whole{$what});

	note "batch normalization, $what: $peak kB";
	cmp_ok($peak, '<', 40 * MB, "batch normalization, $what, batch 1000000 given 100 rows: under 40 MB");
}

# Training, an LSTM remembers 11 numbers a unit and step for each of the 16 samples
# that a thread works on; predicting, none.
my ($steps, $units) = (1000, 64);
$node->safe_psql(
	'postgres', "
	CREATE TABLE series AS SELECT ARRAY(SELECT sin(i + s / 10.0) FROM generate_series(1, $steps) AS s)::real[] AS x,
		sin(i) AS y FROM generate_series(1, 64) AS i;
	SELECT nnet.create_model('lstm', nnet.input($steps, 1), nnet.lstm($units), nnet.dense(1));
	SELECT nnet.compile('lstm', 'mse')");
my $unrolled = 2 * 16 * $steps * $units * 11 * 4 / 1024;
my $lstm = peak_of(fit_sql('lstm', 'series', batch_size => 64), 'nnet.threads = 2');
note "lstm of $steps steps: $lstm kB, of which unrolled $unrolled kB";
cmp_ok($lstm, '>', $unrolled, "an LSTM of $steps steps: 44 bytes a unit, step and sample in work");
cmp_ok($lstm, '<', $unrolled + 20 * MB, 'and not much more');
my $forward = peak_of("SELECT nnet.predict('lstm', x) FROM series");
note "lstm of $steps steps, predict: $forward kB";
cmp_ok($forward, '<', 20 * MB, 'nor anything like it to predict');

# ---- temporary files ----

my $files = "SELECT temp_files > 0 AND temp_bytes >= 100000000 FROM pg_stat_database WHERE datname = current_database()";
ok($node->poll_query_until('postgres', $files), 'what went to temporary files is in the statistics');

my $before = weights_of($node, 'm');
my ($status, $out, $err) = $node->psql('postgres',
	"SET maintenance_work_mem = '1MB'; SET temp_file_limit = '20MB'; " . fit_sql('m', 'reals', epochs => 2));
like($err, qr/temporary file size exceeds "?temp_file_limit"?/, 'temp_file_limit holds');
is(weights_of($node, 'm'), $before, 'and the model is unchanged');
is(scalar(temp_files_of($node)), 0, 'and no temporary file is left');

# What is in a file or in memory is trained alike in the order of the rows.
$node->safe_psql('postgres', "SELECT nnet.copy_model('m', 'in_memory'); SELECT nnet.copy_model('m', 'in_file')");
$node->safe_psql('postgres', "SET maintenance_work_mem = '1GB'; " . fit_sql('in_memory', 'reals', epochs => 2, shuffle => 'false'));
$node->safe_psql('postgres', "SET maintenance_work_mem = '1MB'; " . fit_sql('in_file', 'reals', epochs => 2, shuffle => 'false'));
is($node->safe_psql('postgres', "SELECT bool_and(a.weights IS NOT DISTINCT FROM b.weights)
	FROM in_memory AS a JOIN in_file AS b USING (layer, part)"), 't', 'rows in memory or in a file: the same weights');

# ---- models that come and go ----

# What a session keeps of them is PostgreSQL's own: its catalog caches remember what they did not
# find, which grows as much with tables that nnet has nothing to do with.
SKIP:
{
	skip 'pg_backend_memory_contexts came with PostgreSQL 14', 2
	  if $node->safe_psql('postgres', 'SHOW server_version_num') < 140000;
	$node->safe_psql(
		'postgres', q(
		CREATE PROCEDURE come_and_go(what text, n integer) LANGUAGE plpgsql AS $$
		BEGIN
			FOR i IN 1 .. n LOOP
				IF what = 'tables' THEN
					EXECUTE 'CREATE TABLE passing OF nnet.layer (PRIMARY KEY (layer, part))';
					EXECUTE 'INSERT INTO passing (layer, part, config) VALUES (-1, 0, ''{}''), (0, 0, ''{}''), (1, 0, ''{}'')';
					EXECUTE 'SELECT * FROM passing ORDER BY layer, part FOR UPDATE';
					EXECUTE 'UPDATE passing SET weights = ''{1,2,3}'' WHERE layer = 1 AND part = 0';
				ELSE
					PERFORM nnet.create_model('passing', nnet.input(2), nnet.dense(1));
					EXECUTE 'SELECT nnet.compile(''passing'', ''mse'')';
					EXECUTE 'SELECT nnet.fit(''passing'', ARRAY[i, 2]::real[], i) FROM generate_series(1, 3) i';
					EXECUTE 'SELECT nnet.evaluate(''passing'', ARRAY[i, 2]::real[], i), avg((nnet.predict(''passing'', ARRAY[i, 2]::real[]))[1]) FROM generate_series(1, 3) i';
					EXECUTE 'SELECT nnet.predict_batch(''passing'', ARRAY[i, 2]::real[]) OVER () FROM generate_series(1, 3) i';
					EXECUTE 'SELECT count(s) FROM nnet.summary(''passing'') s';
				END IF;
				EXECUTE 'DROP TABLE passing';
				COMMIT;
			END LOOP;
		END $$;
		CREATE FUNCTION used(OUT caches numeric, OUT rest numeric) LANGUAGE sql AS $$
			SELECT sum(used_bytes) FILTER (WHERE name = 'CacheMemoryContext'), sum(used_bytes) FILTER (WHERE name <> 'CacheMemoryContext')
			FROM pg_backend_memory_contexts WHERE name NOT IN ('MessageContext', 'ExecutorState', 'ExprContext') $$));
	my $lasting = session($node);
	my %grown;
	$lasting->query_safe("CALL come_and_go('$_', 300)") for 'tables', 'models';
	for my $what ('tables', 'models')
	{
		my @before = split /\|/, $lasting->query_safe('SELECT * FROM used()');
		$lasting->query_safe("CALL come_and_go('$what', 2000)");
		my @after = split /\|/, $lasting->query_safe('SELECT * FROM used()');
		$grown{$what} = [ map { ($after[$_] - $before[$_]) / 2000 } 0, 1 ];
		note sprintf '%s: %.0f bytes of catalog caches each, %.0f of the rest', $what, @{ $grown{$what} };
	}
	cmp_ok($grown{models}[0], '<', $grown{tables}[0] + 256, 'two thousand models leave no more in the catalog caches than tables');
	cmp_ok($grown{models}[1], '<', 16, 'and nothing elsewhere');
	$lasting->quit;
}

ok(no_crash_in($node), 'no process crashed');
$node->stop;
done_testing();
