# Memory and temporary files: rows beyond maintenance_work_mem go to a file that
# PostgreSQL accounts for, and the backend's memory does not grow with the rows.

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

# Parameters, two slots of adam, a gradient for each of two threads, their
# copies on the way to the table; and the activations of a batch.
my $parameters = $node->safe_psql('postgres', "SELECT sum(parameters) FROM nnet.summary('m')");
my $model = 8 * $parameters * 4 / 1024 + 128 * ($inputs + 4 * 128) * 4 * 2 / 1024;

sub peak_of
{
	my ($query) = @_;
	my $session = session($node);
	my $pid = backend_of($session);
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

# Ten times the rows, from the same table again and again.
my $tenfold = fit_sql('m', 'bytes, generate_series(1, 10)', epochs => 1, batch_size => 128);
my $ten = peak_of($tenfold);
note "ten times bytes: $ten kB";
cmp_ok($ten, '<', 64 * MB + $model + 20 * MB, 'ten times as many rows: under the same bound');

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

# ---- temporary files ----

my $files = "SELECT temp_files > 0 AND temp_bytes >= 100000000 FROM pg_stat_database WHERE datname = current_database()";
ok($node->poll_query_until('postgres', $files), 'what went to temporary files is in the statistics');

my $before = weights_of($node, 'm');
my ($status, $out, $err) = $node->psql('postgres',
	"SET maintenance_work_mem = '1MB'; SET temp_file_limit = '20MB'; " . fit_sql('m', 'reals', epochs => 2));
like($err, qr/temporary file size exceeds temp_file_limit/, 'temp_file_limit holds');
is(weights_of($node, 'm'), $before, 'and the model is unchanged');
is(scalar(temp_files_of($node)), 0, 'and no temporary file is left');

# What is in a file or in memory is trained alike.
$node->safe_psql('postgres', "SELECT nnet.copy_model('m', 'in_memory'); SELECT nnet.copy_model('m', 'in_file')");
$node->safe_psql('postgres', "SET maintenance_work_mem = '1GB'; " . fit_sql('in_memory', 'reals', epochs => 1));
$node->safe_psql('postgres', "SET maintenance_work_mem = '1MB'; " . fit_sql('in_file', 'reals', epochs => 1));
is($node->safe_psql('postgres', "SELECT bool_and(a.weights IS NOT DISTINCT FROM b.weights)
	FROM in_memory AS a JOIN in_file AS b USING (layer, part)"), 't', 'rows in memory or in a file: the same weights');

ok(no_crash_in($node), 'no process crashed');
$node->stop;
done_testing();
