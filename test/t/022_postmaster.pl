# Whoever computes ends soon after the postmaster was killed: no new server can
# start before.

use strict;
use warnings;
use NnetNode;
use Test::More;
use Time::HiRes qw(time);

my $node = new_node('postmaster', conf => { max_parallel_maintenance_workers => 1, max_parallel_workers_per_gather => 0 });
make_rows($node, 'rows', 100000);
make_model($node, $_, units => 64) for 'm', 'm1', 'm2', 'm3';	# training locks its model
make_pair($node, 'painter', 'critic', inputs => 4);
$node->safe_psql('postgres', "
	SELECT nnet.create_model('words', nnet.input(1), nnet.text_vectorization(10, vocabulary => '{a,b}', output_sequence_length => 4),
		nnet.embedding(10, 3), nnet.lstm(256), nnet.dense(10, activation => 'softmax'));
	SELECT nnet.create_model('lstm', nnet.input(1000, 1), nnet.lstm(64), nnet.dense(1));
	SELECT nnet.compile('lstm', 'mse');
	CREATE TABLE series AS SELECT ARRAY(SELECT sin(i + s / 10.0) FROM generate_series(1, 1000) AS s)::real[] AS x,
		sin(i) AS y FROM generate_series(1, 200) AS i");
my @models = ('m', 'm1', 'm2', 'm3', 'painter', 'critic', 'words', 'lstm');

# Each would go on for many minutes.
my %queries = (
	'fit, many epochs' => fit_sql('m1', 'rows', epochs => 1000000, batch_size => 64),
	'fit, large batches on threads' =>
	  'SET nnet.threads = 2; ' . fit_sql('m2', 'rows', epochs => 1000000, batch_size => 100000),
	'fit, long rows' => fit_sql('lstm', 'series', epochs => 1000000, batch_size => 200),
	'fit, reading rows' =>
	  "SELECT nnet.fit('m3', x, y, nnet.options(seed => 1)) FROM rows, generate_series(1, 1000000)",
	'fit_gan' => fit_gan_sql('painter', 'critic', 'rows', epochs => 1000000),
	'evaluate' => "SELECT nnet.evaluate('m', x, y) FROM rows, generate_series(1, 1000000)",
	'predict' => "SELECT sum((nnet.predict('m', x))[1]) FROM rows, generate_series(1, 1000000)",
	'predict_batch' =>
	  "SELECT sum(p[1]) FROM (SELECT nnet.predict_batch('m', x) OVER () AS p FROM rows, generate_series(1, 1000000)) AS q",
	'generate' => "SELECT count(g) FROM nnet.generate('painter', 2147483647) AS g",
	'generate_text' => "SELECT length(nnet.generate_text('words', 'a b', 1000000)) FROM generate_series(1, 1000)",
	'forecast' => "SELECT nnet.forecast('lstm', x, 1000000) FROM series LIMIT 1");
my $before = join ' ', map { weights_of($node, $_) } @models;

# Ended, or nobody's child that nobody has asked after.
sub is_gone
{
	my ($pid) = @_;

	open my $file, '<', "/proc/$pid/stat" or return 1;
	return (<$file> // '') =~ /\) [ZX] /;
}

# Some at a time, so that each has begun to compute when the end comes.
my @names = sort keys %queries;
while (my @some = splice @names, 0, 4)
{
	my (%pid, @sessions);

	for my $name (@some)
	{
		my $session = session($node);
		$pid{$name} = backend_of($session);
		start_query($session, $queries{$name});
		push @sessions, $session;
	}
	wait_active($pid{$_}, 12) for @some;
	is(scalar(grep { !is_gone($pid{$_}) } @some), scalar(@some), 'all of them compute');
	$node->kill9;
	my $start = time;
	for my $name (@some)
	{
		ok(wait_until("$name to end", 20, sub { is_gone($pid{$name}) }), "$name ends after the postmaster");
		note sprintf '%s: %.2f s', $name, time - $start;
	}
	$_->{run}->kill_kill for @sessions;
	kill KILL => grep { !is_gone($_) } values %pid;
	wait_until('the last backend to end', 20, sub { !grep { !is_gone($_) } values %pid });
	# the server's other processes notice it too
	wait_until('a new server to start', 60,
		sub { $node->start(fail_ok => 1) || ($node->stop('fast', fail_ok => 1), 0)[1] });
}
is(join(' ', map { weights_of($node, $_) } @models), $before, 'the models are unchanged');
like(PostgreSQL::Test::Utils::slurp_file($node->logfile), qr/FATAL:  terminating connection due to unexpected postmaster exit/,
	'the log says why');
$node->stop;
done_testing();
