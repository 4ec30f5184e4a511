# Memory of large models: bytes a weight while they are made, trained and used,
# what one session may take, and every kind of call under the limit of a control
# group, where the machine lets the tests make one.

use strict;
use warnings;
use NnetNode;
use PostgreSQL::Test::Utils;
use Test::More;

use constant MB => 1024 * 1024;

my $node = new_node('memory', conf => { shared_buffers => '32MB', max_wal_size => '4GB' });

# kB of memory that a new backend needs for a query, more than one that read a small model.
sub peak_of
{
	my ($query, $setting) = @_;
	my $session = session($node);
	my $pid = backend_of($session);
	$session->query_safe("SET nnet.cache_size = 0; SET nnet.threads = 2; SET nnet.force_threads = on");
	$session->query_safe("SELECT nnet.predict('small', '{1,2,3,4}')");
	$session->query_safe("SET $setting") if defined $setting;
	my $before = peak_memory_while($pid, sub { });
	my $peak = peak_memory_while($pid, sub { $session->query_safe($query) });

	$session->quit;
	return ($peak - $before) * 1024;
}

make_model($node, 'small');

# ---- epochs leave nothing behind ----

my $steered =
  'early_stopping => nnet.early_stopping(patience => 1000000), reduce_lr_on_plateau => nnet.reduce_lr_on_plateau(patience => 1000000)';
cmp_ok(
	peak_of(
		"SELECT nnet.fit('small', '{1,2,3,4}'::real[], 1, nnet.options(epochs => 200000, validation_split => 0.5, $steered)) FROM generate_series(1, 2)",
		'nnet.force_threads = off'),
	'<', 150 * MB, 'two hundred thousand epochs need the memory of the ten thousand that the history keeps');

# ---- bytes a weight ----

# 20 million weights in two rows, 10 million in one, a table and a kernel of 10 million.
my %models = (
	'two rows' => [ 'nnet.input(1000), nnet.dense(20000, use_bias => false), nnet.dense(1)', 1000, 64 ],
	'one row' => [ 'nnet.input(1000), nnet.dense(10000, use_bias => false), nnet.dense(1)', 1000, 64 ],
	'embedding' => [ 'nnet.input(10), nnet.embedding(100000, 100), nnet.flatten(), nnet.dense(1)', 10, 64 ],
	'convolution' => [ 'nnet.input(10000), nnet.reshape(ARRAY[10, 1000]), nnet.conv1d(2000, 5), nnet.flatten(), nnet.dense(1)', 10000, 64 ]);
# 4 bytes for a weight, 8 for the state of Adam, 4 for the gradient, and 2 more.  An UPDATE
# of PostgreSQL 13 copies a row's values once more before it forms the row: the state is
# there three times as it is saved, 24 bytes, where 14 has it twice.
my $fit_bytes = $node->safe_psql('postgres', 'SHOW server_version_num') < 140000 ? 26 : 18;

for my $what (sort keys %models)
{
	my ($layers, $inputs, $rows) = @{ $models{$what} };
	my $create = peak_of("SELECT nnet.create_model('large', $layers)");
	my $n = $node->safe_psql('postgres', "SELECT sum(parameters) FROM nnet.summary('large')");

	$node->safe_psql(
		'postgres', "SELECT nnet.compile('large', 'mse');
		CREATE TABLE rows AS SELECT ARRAY(SELECT (i * k % 1000)::real FROM generate_series(1, $inputs) AS k) AS x,
			sin(i)::real AS y FROM generate_series(1, $rows) AS i");
	my %peak = (
		create => $create,
		predict => peak_of("SELECT nnet.predict('large', x) FROM rows LIMIT 1"),
		fit => peak_of(fit_sql('large', 'rows')),
		'fit again' => peak_of(fit_sql('large', 'rows')),
		evaluate => peak_of("SELECT nnet.evaluate('large', x, y) FROM rows"));
	my %bound = (
		create => 9,
		predict => 4.2,
		fit => $fit_bytes,
		'fit again' => $fit_bytes,
		evaluate => 5);

	note "$what: $n weights";
	for my $call (sort keys %peak)
	{
		my $bytes = $peak{$call} / $n;

		# what does not depend on the weights, such as the few batches, is in 6 MB
		cmp_ok($bytes, '<', $bound{$call} + 6 * MB / $n,
			sprintf('%s, %s: %.2f bytes a weight', $what, $call, $bytes));
	}
	# The peak is the highest of samples: a short call can end before its last page is in one.
	cmp_ok($peak{evaluate} / $n, '>', 2, "$what: the weights themselves are seen");
	cmp_ok($peak{fit} / $n, '>', 12, "$what: and slots and gradients in training");
	$node->safe_psql('postgres', 'DROP TABLE large, rows');
}

# ---- what is read and written in parts is what was there ----

$node->safe_psql(
	'postgres', "
	SELECT setseed(0.1);
	SELECT nnet.create_model('large', nnet.input(8), nnet.dense(300000), nnet.dense(1));
	SELECT nnet.compile('large', 'mse');
	SELECT nnet.copy_model('large', 'cut');
	-- the same values in rows of other lengths, compressed or not, and by a view
	UPDATE cut SET weights = weights[1 : 1000001] WHERE layer = 1;
	INSERT INTO cut (layer, part, kind, name, weights)
		SELECT layer, 1, kind, name, weights[1000002 : 2000000] FROM large WHERE layer = 1;
	INSERT INTO cut (layer, part, kind, name, weights)
		SELECT layer, 2, kind, name, weights[2000001 :] FROM large WHERE layer = 1;
	CREATE TABLE packed AS SELECT * FROM large WITH NO DATA;
	INSERT INTO packed SELECT * FROM large;
	CREATE VIEW seen AS SELECT layer, part, kind, name, inputs, config, weights || '{}'::real[] AS weights, slots FROM cut;
	CREATE TABLE few AS SELECT ARRAY[sin(i), cos(i), 1, 2, 3, 4, 5, 6]::real[] AS x, sin(i)::real AS y
		FROM generate_series(1, 64) AS i");
is( $node->safe_psql('postgres', "SELECT count(DISTINCT p::text) FROM (VALUES ('large'), ('cut'), ('packed'), ('seen')) AS m (name),
	LATERAL (SELECT array_agg(nnet.predict(name::regclass, x) ORDER BY y) FROM few) AS f (p)"),
	1, 'rows of any length, compressed values and views give the same predictions');
$node->safe_psql('postgres', 'SET nnet.threads = 1; ' . fit_sql($_, 'few', epochs => 2, shuffle => 'false')) for 'large', 'cut';
is( $node->safe_psql('postgres', "SELECT count(DISTINCT p::text) FROM (VALUES ('large'), ('cut')) AS m (name),
	LATERAL (SELECT array_agg(nnet.predict(name::regclass, x) ORDER BY y) FROM few) AS f (p)"),
	1, 'and are trained alike');
is( $node->safe_psql(
		'postgres', "SELECT bool_and(md5(l.slots[1 + s * 2700000 + first : s * 2700000 + first + n]::text) =
			md5(c.slots[1 + s * n : (s + 1) * n]::text)), sum(n)
		FROM (SELECT slots FROM large WHERE layer = 1) AS l,
			(SELECT slots, cardinality(weights) AS n, (sum(cardinality(weights)) OVER (ORDER BY part) - cardinality(weights))::integer AS first
				FROM cut WHERE layer = 1) AS c,
			generate_series(0, 1) AS s"),
	't|5400000', 'their slots too');

# Rules, domains and triggers see ordinary arrays.
$node->safe_psql(
	'postgres', "
	CREATE TABLE log (n integer, m integer);
	CREATE DOMAIN reals AS real[] CHECK (cardinality(VALUE) < 10000000);
	SELECT nnet.copy_model('large', 'ruled'), nnet.copy_model('large', 'watched'), nnet.copy_model('large', 'domained');
	CREATE RULE noted AS ON UPDATE TO ruled DO ALSO INSERT INTO log VALUES (array_length(NEW.weights, 1), array_length(NEW.slots, 1));
	CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
		'BEGIN INSERT INTO log VALUES (array_length(NEW.weights, 1), array_length(NEW.slots, 1)); RETURN NEW; END';
	CREATE TRIGGER noted BEFORE UPDATE ON watched FOR EACH ROW WHEN (cardinality(NEW.weights) > 0) EXECUTE FUNCTION note();
	ALTER TABLE watched ADD CHECK (cardinality(weights) < 10000000);
	ALTER TABLE domained NOT OF;
	ALTER TABLE domained ALTER weights TYPE reals, ALTER slots TYPE reals");
for my $name ('ruled', 'watched', 'domained')
{
	$node->safe_psql('postgres', 'SET nnet.threads = 1; TRUNCATE log; ' . fit_sql($name, 'few', shuffle => 'false'));
	is( $node->safe_psql('postgres', "SELECT max(n), max(m) FROM log"),
		$name eq 'domained' ? '|' : '2700000|5400000', "$name: what looks on sees arrays of their length");
	ok($node->safe_psql('postgres', "SELECT nnet.predict('$name', x) IS NOT NULL FROM few LIMIT 1"), "$name: and it is saved");
}

# ---- a session's share ----

my $session = session($node);
$session->query_safe("SELECT count(nnet.predict('large', x)) FROM few");
cmp_ok($session->query_safe("SELECT (nnet.info() ->> 'memory_used')::bigint"), '>', 10 * MB, 'a model kept is counted');
$session->query_safe('SET nnet.cache_size = 0');
$session->query_safe("SELECT count(nnet.predict('large', x)) FROM few");
$session->query_safe(fit_sql('large', 'few'));
$session->query("SELECT nnet.fit('large', x, 1 / (y - y)) FROM few");
like(error_of($session), qr/division by zero/, 'a training that fails');
is($session->query_safe("SELECT nnet.info() -> 'memory_used'"), 0, 'when all are gone, also by an error, nothing is');
$session->quit;

my $machine = $node->safe_psql('postgres', "SET nnet.memory_fraction = 1; SELECT nnet.info() -> 'memory_limit'");
my ($total) = slurp_file('/proc/meminfo') =~ /^MemTotal:\s+(\d+) kB/m;
cmp_ok($machine, '<=', $total * 1024, 'the limit is no more than the machine has');

$node->safe_psql('postgres', 'CREATE ROLE plain LOGIN; GRANT ALL ON ALL TABLES IN SCHEMA public TO plain; GRANT ALL ON SCHEMA public TO plain');
my ($status, $out, $err) = $node->psql('postgres', "SELECT 1 FROM nnet.info(); SET nnet.memory_fraction = 1", extra_params => [ '-U', 'plain' ]);
like($err, qr/permission denied to set parameter "nnet.memory_fraction"/, 'who is no superuser cannot lift it');
($status, $out, $err) = $node->psql('postgres',
	"SET nnet.memory_fraction = 1; SELECT nnet.info() IS NOT NULL; SHOW nnet.memory_fraction", extra_params => [ '-U', 'plain' ]);
unlike($out, qr/^1$/m, 'nor before the library is loaded');

# Models whose every kind of call needs more than a small share, and one that has room.
my $giant = 'nnet.repeat_vector(200000), nnet.dense(16), nnet.leaky_relu(0.1), nnet.leaky_relu(0.1), nnet.flatten(), nnet.dense(1)';
$node->safe_psql(
	'postgres', "
	SELECT nnet.create_model('wide', nnet.input(1), $giant);
	SELECT nnet.create_model('judge', nnet.input(1), $giant, nnet.activation('sigmoid'));
	SELECT nnet.create_model('maker', nnet.input(2), nnet.dense(1));
	SELECT nnet.create_model('deep', nnet.input(4000), nnet.dense(3000), nnet.dense(1));
	SELECT nnet.create_model('words', nnet.input(4), nnet.text_vectorization(), nnet.embedding(1000000, 20), nnet.flatten(),
		nnet.dense(4, activation => 'softmax'));
	SELECT nnet.compile('wide', 'mse'), nnet.compile('judge', 'binary_crossentropy'),
		nnet.compile('maker', 'mse'), nnet.compile('deep', 'mse'), nnet.compile('words', 'sparse_categorical_crossentropy');
	CREATE TABLE points AS SELECT i::real AS x, i::real AS y FROM generate_series(1, 40) AS i;
	CREATE TABLE lines AS SELECT array_fill(i::real, ARRAY[4000]) AS x, i::real AS y FROM generate_series(1, 40) AS i");

my %calls = (
	"create_model" => "nnet.create_model('huge', nnet.input(5000), nnet.dense(5000)) IS NOT NULL",
	"copy_model" => "nnet.copy_model('deep', 'deep_copy') IS NOT NULL",
	"predict" => "nnet.predict('wide', 1)",
	"predict, large weights" => "nnet.predict('deep', x) FROM lines",
	"predict_batch" => "nnet.predict_batch('wide', x) OVER () FROM points",
	"predict_batch, large weights" => "nnet.predict_batch('deep', x) OVER () FROM lines",
	"classify" => "nnet.classify('wide', 1)",
	"evaluate" => "nnet.evaluate('wide', x, y) FROM points",
	"evaluate, large weights" => "nnet.evaluate('deep', x, y) FROM lines",
	"fit" => "nnet.fit('wide', x, y) FROM points",
	"fit, large weights" => "nnet.fit('deep', x, y) FROM lines",
	"fit_gan" => "nnet.fit_gan('maker', 'judge', x) FROM points",
	"forecast" => "nnet.forecast('wide', '{1}'::real[], 3)",
	"generate" => "nnet.generate('wide', 3)",
	"generate_text" => "nnet.generate_text('words', 'a b', 2)",
	"parameters" => "count(*) FROM nnet.parameters('deep')",
	"average" => "cardinality(nnet.average(array_fill(i::real, ARRAY[6000000]))) FROM generate_series(1, 2) AS i",
	"png_grid" => "length(nnet.png_grid(array_fill(1::real, ARRAY[4000000]), 2000, 2000, 1, 2)) FROM generate_series(1, 20)",
	"summary" => "count(*) FROM nnet.summary('deep')",
	"history" => "count(*) FROM nnet.history('deep')",
	"trainings" => "count(*) FROM nnet.trainings('deep')");

# What is not stored needs none of the memory.
my %small = map { $_ => 1 } 'summary', 'history', 'trainings';

for my $call (sort keys %calls)
{
	my ($status, $out, $err) = $node->psql('postgres',
		"\\set VERBOSITY verbose\nSET nnet.memory_fraction = " . (32 * MB / $machine) . "; SELECT $calls{$call}");

	if ($small{$call})
	{
		is($status, 0, "$call: has room in 32 MB");
		next;
	}
	like($err, qr/ERROR:  53200: .*(?:needs|are needed)/, "$call: refused in 32 MB");
	like($err, qr/DETAIL:  It is .*MB for .* This session may use 32 MB \(nnet.memory_fraction is/, "$call: why");
	like($err, qr/HINT:  .*nnet\.memory_fraction/, "$call: the way out");
}

# The rows of a training go to a file where the share ends.
is( $node->safe_psql(
		'postgres', "SET nnet.memory_fraction = " . (4 * MB / $machine) . "; SET maintenance_work_mem = '1GB';
		SELECT nnet.fit('small', ARRAY[i, 1, 2, 3]::real[], i % 3, nnet.options(epochs => 1)) ->> 'samples'
		FROM generate_series(1, 300000) AS i"),
	300000, 'rows beyond the share are in a file');

# The best epoch's weights are in the sum as well, and are refused before rows are read.
my $deep = $node->safe_psql('postgres', "SELECT sum(parameters) FROM nnet.summary('deep')");
my $for_fit = 'SET nnet.memory_fraction = ' . ((18 * $deep + 4 * MB) / $machine) . '; SET nnet.threads = 1; ';
($status, $out, $err) = $node->psql('postgres', $for_fit . fit_sql('deep', 'lines', epochs => 2));
is($status, 0, 'there is memory for a training') or diag $err;
($status, $out, $err) = $node->psql('postgres', $for_fit . "SELECT nnet.fit('deep', x, 1 / (y - 2), nnet.options(epochs => 2, best_weights => true)) FROM lines");
like($err, qr/ERROR:  model "deep" needs \d+ MB of memory to be trained and keep the weights of its best epoch, but \d+ MB are left/,
	'but not for the best weights beside it');
like($err, qr/DETAIL:  It is .*\d MB for the best epoch's weights/, 'which the error says');

# What the process may map is a limit as well.
$session = session($node);
my $pid = backend_of($session);
$session->query_safe("SELECT nnet.predict('small', '{1,2,3,4}')");
my ($mapped) = slurp_file("/proc/$pid/status") =~ /^VmSize:\s+(\d+) kB/m;
SKIP:
{
	skip 'prlimit is not installed', 3
	  if system('prlimit', '--pid', $pid, '--as=' . ($mapped * 1024 + 100 * MB)) != 0;
	$session->query(fit_sql('deep', 'lines'));
	my $error = error_of($session);
	like($error, qr/ERROR:  model "deep" needs \d+ MB of memory to be trained, but \d+ MB are left/,
		'a limited address space: refused');
	like($error, qr/DETAIL:  .*The address space of this process is limited/, 'and why');
	ok($session->query_safe("SELECT nnet.predict('small', '{1,2,3,4}') IS NOT NULL"), 'the session goes on');
}
$session->quit;

# ---- a control group ----

# Within it run this program and the server.
my $group = $ENV{NNET_MEMORY_GROUP} // '';
my ($file) = grep { -w $_ } map { "$group/$_" } 'memory.limit_in_bytes', 'memory.max';

sub set_limit
{
	my ($limit) = @_;

	open my $to, '>', $file or die "$file: $!";
	print $to "$limit\n";
	close $to or die "$file: $!";
	return;
}

SKIP:
{
	skip 'no control group of memory can be made here', 1 if $group eq '' || !defined $file;

	# for the largest call's share and what others, such as the files' cache, cannot do without
	set_limit(400 * MB);
	is($node->safe_psql('postgres', "SELECT nnet.info() -> 'memory_limit'"), 200 * MB, 'half of a control group of 400 MB');
	for my $call (sort keys %calls)
	{
		for my $fraction (0.25, 0.5, 0.75)
		{
			my ($status, $out, $err) = $node->psql('postgres',
				"\\set VERBOSITY verbose\nSET nnet.memory_fraction = $fraction; SELECT $calls{$call}", timeout => 300);

			# 3: psql's for an error in SQL; 2 would be a lost connection
			ok($status == 0 || $status == 3,
				"$call, a fraction of $fraction: a result or an error") or diag("$status: $err");
		}
	}
	# others in the group have taken what the share would allow
	my $others = '';
	vec($others, 200 * MB, 8) = 1;
	($status, $out, $err) = $node->psql('postgres', 'SET nnet.memory_fraction = 0.75; ' . fit_sql('deep', 'lines'));
	like($err, qr/DETAIL:  .*The control group has no more that is free/, 'nor is what others use of the group given out');
	cmp_ok(length $others, '>', 200 * MB, 'which they still do');
	undef $others;
	ok(no_crash_in($node), 'in the group no process was killed');
	set_limit(-e "$group/memory.max" ? 'max' : -1);
}

ok(no_crash_in($node), 'no process crashed');
$node->stop;
done_testing();
