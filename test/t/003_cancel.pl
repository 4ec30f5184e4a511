# A cancel takes effect within 100 ms at any batch size, changes nothing, and
# leaves no file and no working thread.  The machine may be busy with other
# things: each way is tried five times, the median counts.

use strict;
use warnings;
use NnetNode;
use Test::More;
use Time::HiRes qw(sleep time);

use constant LIMIT => 0.100;

my $node = new_node('cancel', conf => { max_parallel_maintenance_workers => 2, work_mem => '64MB' });
make_model($node, 'm', inputs => 100, units => 128, classes => 10);
$node->safe_psql(
	'postgres', "
	CREATE TABLE vectors AS SELECT v AS id, (SELECT array_agg(sin(v * 100 + i)::real) FROM generate_series(1, 100) i) AS x
		FROM generate_series(1, 50) AS v;
	CREATE TABLE rows AS SELECT i AS id, x, i % 10 AS y FROM generate_series(1, 100000) i JOIN vectors v ON v.id = 1 + i % 50;
	ANALYZE");

my $session = session($node);
my $pid = backend_of($session);
my $before = weights_of($node, 'm');

# The time of the error, by the server's own clock.
sub timed
{
	my ($query) = @_;

	return "DO \$\$ BEGIN PERFORM * FROM ($query) AS q; EXCEPTION WHEN query_canceled THEN
		RAISE NOTICE 'ended %', extract(epoch FROM clock_timestamp()); END \$\$";
}

sub median
{
	my @sorted = sort { $a <=> $b } @_;
	return $sorted[ @sorted / 2 ];
}

sub is_quiet
{
	my ($what) = @_;
	# the pool parks at once, but not in no time
	sleep 0.05;
	my $ticks = cpu_ticks_of($pid);

	sleep 0.3;
	cmp_ok(cpu_ticks_of($pid) - $ticks, '<=', 1, "$what: no thread is working");
	is(scalar(grep { $_->{state} eq 'R' } tasks_of($pid)), 0, "$what: all threads sleep");
	is(scalar(open_temp_files($pid)), 0, "$what: no temporary file is open");
	is(scalar(temp_files_of($node)), 0, "$what: no temporary file is left");
	is(weights_of($node, 'm'), $before, "$what: the model is unchanged");
	return;
}

sub try_cancel
{
	my ($what, $query) = @_;
	my @delays;

	for (1 .. 5)
	{
		start_query($session, timed($query));
		wait_active($pid, 20) or last;
		my $asked = $node->safe_psql('postgres',
			"SELECT extract(epoch FROM clock_timestamp()) FROM pg_cancel_backend($pid)");
		$session->query('SELECT 1');
		my ($ended) = error_of($session) =~ /ended ([\d.]+)/;
		push @delays, $ended - $asked if defined $ended;
	}
	is(scalar @delays, 5, "$what: every cancel was obeyed");
	note "$what: delays @delays";
	cmp_ok(median(@delays), '<', LIMIT, "$what: within 100 ms");
	is_quiet($what);
	return;
}

my %fit = (
	'fit, batch 100000' => fit_sql('m', 'rows', epochs => 1000, batch_size => 100000),
	'fit, batch 32' => fit_sql('m', 'rows', epochs => 1000, batch_size => 32),
	'fit, from a temporary file' => fit_sql('m', 'rows', epochs => 1000, batch_size => 100000),
	'fit, reading rows' =>
	  "SELECT nnet.fit('m', x, y, nnet.options(epochs => 1, seed => 1)) FROM rows, generate_series(1, 1000)",
	'evaluate' => "SELECT nnet.evaluate('m', x, y) FROM rows, generate_series(1, 1000)",
	'predict' => "SELECT count(nnet.predict('m', x)) FROM rows, generate_series(1, 1000)",
	'predict_batch' =>
	  "SELECT count(p) FROM (SELECT nnet.predict_batch('m', x) OVER () AS p FROM rows, generate_series(1, 1000)) AS q",
);
for my $what (sort keys %fit)
{
	$session->query_safe($what =~ /file/ ? "SET maintenance_work_mem = '1MB'" : 'RESET maintenance_work_mem');
	try_cancel($what, $fit{$what});
}

# ---- statement_timeout ----

my @delays;
for (1 .. 5)
{
	$session->query_safe("SET statement_timeout = '700ms'");
	my $start = time;
	$session->query($fit{'fit, batch 100000'});
	push @delays, time - $start - 0.7;
	like(error_of($session), qr/canceling statement due to statement timeout/, 'statement_timeout ends a fit');
	$session->query_safe('RESET statement_timeout');
}
note "delays @delays";
cmp_ok(median(@delays), '<', LIMIT, 'statement_timeout: within 100 ms');
is_quiet('statement_timeout');

# ---- the session goes on ----

$session->query_safe(fit_sql('m', 'rows', epochs => 1, batch_size => 1000));
isnt(weights_of($node, 'm'), $before, 'the same session trains afterwards');
$session->quit;
ok(no_crash_in($node), 'no process crashed');
$node->stop;
done_testing();
