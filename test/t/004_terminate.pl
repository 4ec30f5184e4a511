# A backend that is told to end while its threads compute ends in order: a
# hundred times, at changing moments, and the server never starts anew; then
# some times with each of the larger kinds of networks.

use strict;
use warnings;
use NnetNode;
use Test::More;
use Time::HiRes qw(sleep);

my $node = new_node('terminate', conf => { max_parallel_maintenance_workers => 2 });
make_rows($node, 'rows', 100000);
make_model($node, 'm', units => 128);
$node->safe_psql(
	'postgres', "
	CREATE TABLE pictures AS SELECT decode(repeat(md5(i::text), 49), 'hex') AS x, i % 10 AS y
		FROM generate_series(1, 5000) AS i;
	CREATE TABLE series AS SELECT ARRAY(SELECT sin(i + s / 10.0) FROM generate_series(1, 1000) AS s)::real[] AS x,
		sin(i) AS y FROM generate_series(1, 200) AS i;
	SELECT nnet.create_model('cnn', nnet.input(28, 28, 1), nnet.conv2d(32, 3, activation => 'relu'),
			nnet.batch_normalization(), nnet.max_pooling2d(2), nnet.flatten(), nnet.dense(10, 'softmax')),
		nnet.create_model('lstm', nnet.input(1000, 1), nnet.lstm(64), nnet.dense(1)),
		nnet.create_model('painter', nnet.input(16), nnet.dense(7 * 7 * 8), nnet.reshape('{7,7,8}'),
			nnet.conv2d_transpose(1, 4, strides => 4, padding => 'same')),
		nnet.create_model('critic', nnet.input(28, 28, 1), nnet.conv2d(8, 4, strides => 2), nnet.flatten(),
			nnet.dense(1, 'sigmoid'));
	SELECT nnet.compile('cnn', 'sparse_categorical_crossentropy'), nnet.compile('lstm', 'mse'),
		nnet.compile('painter', 'binary_crossentropy'), nnet.compile('critic', 'binary_crossentropy')");
my @models = ('m', 'cnn', 'lstm', 'painter', 'critic');

sub weights_of_all
{
	return join ' ', map { weights_of($node, $_) } @models;
}

my $before = weights_of_all();
my $postmaster = $node->safe_psql('postgres', 'SELECT pg_postmaster_start_time()');

# Whole batches, small ones, and predictions that keep the pool busy as well.
my @queries = (
	fit_sql('m', 'rows', epochs => 1000, batch_size => 100000),
	fit_sql('m', 'rows', epochs => 1000, batch_size => 64),
	"SELECT count(p) FROM (SELECT nnet.predict_batch('m', x) OVER () AS p FROM rows, generate_series(1, 100)) AS q");
my $control = session($node);

# How many of so many backends ended, and how many had threads at the time.
sub terminate
{
	my ($rounds, @queries) = @_;
	my ($ended, $threads) = (0, 0);

	for my $round (1 .. $rounds)
	{
		my $session = session($node);
		my $pid = backend_of($session);

		$session->query_safe('SET nnet.threads = 3') if $round % 2;
		start_query($session, $queries[ $round % @queries ]);
		wait_active($pid, 12) or last;
		sleep rand 0.03;
		$threads++ if tasks_of($pid) > 1;
		$control->query_safe("SELECT pg_terminate_backend($pid)");
		wait_until("backend $pid to end", 20, sub { !-e "/proc/$pid" }) or last;
		$ended++;
		# psql notices when it writes next
		$session->{run}->kill_kill;
	}
	return ($ended, $threads);
}

my ($ended, $threads) = terminate(100, @queries);
is($ended, 100, 'a hundred backends ended when told to');
cmp_ok($threads, '>=', 60, 'most of them had threads at the time');

my %large = (
	'convolutions' => fit_sql('cnn', 'pictures', epochs => 1000, batch_size => 1000),
	'an LSTM' => fit_sql('lstm', 'series', epochs => 1000, batch_size => 200),
	'fit_gan' => fit_gan_sql('painter', 'critic', 'pictures', epochs => 1000, batch_size => 5000));
for my $what (sort keys %large)
{
	($ended, $threads) = terminate(15, $large{$what});
	is($ended, 15, "$what: fifteen backends ended when told to in mid-batch");
	cmp_ok($threads, '>=', 9, "$what: most of them had threads at the time");
}
is(weights_of_all(), $before, 'the models are unchanged');
is($node->safe_psql('postgres', 'SELECT pg_postmaster_start_time()'), $postmaster, 'the server is the same');
$control->query_safe('SELECT 1');
pass('other sessions went on');
$control->quit;
ok(no_crash_in($node), 'no crash recovery in the log');
is(scalar(temp_files_of($node)), 0, 'no temporary file is left');

# ---- the server itself is told to stop ----

for my $mode ('fast', 'immediate')
{
	my $session = session($node);
	my $pid = backend_of($session);

	start_query($session, $queries[0]);
	wait_active($pid, 12);
	$node->stop($mode);
	ok(!-e "/proc/$pid", "stopped in mode $mode during a training");
	$session->{run}->kill_kill;
	$node->start;
	is(weights_of_all(), $before, 'the models are unchanged');
}
$node->stop;
done_testing();
