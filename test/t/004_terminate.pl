# A backend that is told to end while its threads compute ends in order: a
# hundred times, at changing moments, and the server never starts anew.

use strict;
use warnings;
use NnetNode;
use Test::More;
use Time::HiRes qw(sleep);

my $node = new_node('terminate', conf => { max_parallel_maintenance_workers => 2 });
make_rows($node, 'rows', 100000);
make_model($node, 'm', units => 128);
my $before = weights_of($node, 'm');
my $postmaster = $node->safe_psql('postgres', 'SELECT pg_postmaster_start_time()');

# Whole batches, small ones, and predictions that keep the pool busy as well.
my @queries = (
	fit_sql('m', 'rows', epochs => 1000, batch_size => 100000),
	fit_sql('m', 'rows', epochs => 1000, batch_size => 64),
	"SELECT count(p) FROM (SELECT nnet.predict_batch('m', x) OVER () AS p FROM rows, generate_series(1, 100)) AS q");
my $control = session($node);
my ($ended, $threads) = (0, 0);

for my $round (1 .. 100)
{
	my $session = session($node);
	my $pid = backend_of($session);

	$session->query_safe('SET nnet.threads = 3') if $round % 2;
	start_query($session, $queries[ $round % 3 ]);
	wait_active($pid, 12) or last;
	sleep rand 0.03;
	$threads++ if tasks_of($pid) > 1;
	$control->query_safe("SELECT pg_terminate_backend($pid)");
	wait_until("backend $pid to end", 20, sub { !-e "/proc/$pid" }) or last;
	$ended++;
	# psql notices when it writes next
	$session->{run}->kill_kill;
}
is($ended, 100, 'a hundred backends ended when told to');
cmp_ok($threads, '>=', 60, 'most of them had threads at the time');
is(weights_of($node, 'm'), $before, 'the model is unchanged');
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
	is(weights_of($node, 'm'), $before, 'the model is unchanged');
}
$node->stop;
done_testing();
