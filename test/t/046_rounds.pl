# nnet.fit_rounds() on one machine: each bucket is trained by a worker of its own;
# a worker that is ended, a cancel and a terminated session leave the model as the
# round before did, and the next call goes on; others see how far it is.

use strict;
use warnings;
use NnetNode;
use RealData;
use Test::More;

my $node = new_node('rounds', conf => { shared_preload_libraries => 'nnet', max_parallel_workers => 4, max_worker_processes => 8,
		max_parallel_workers_per_gather => 3, max_parallel_maintenance_workers => 1 });
make_rows($node, 'rows', 2000);
make_model($node, 'm');
my $query = 'SELECT id % 4, x, y FROM rows';

sub call { my ($rounds, $options, $rest) = @_; return "CALL nnet.fit_rounds('m', '$query', $rounds, nnet.options(seed => 1, $options)" . ($rest // '') . ')' }
sub workers { return $node->safe_psql('postgres', "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'parallel worker'") }
sub epochs { return $node->safe_psql('postgres', "SELECT count(*) FROM nnet.history('m')") }
sub state { return $node->safe_psql('postgres', "SELECT md5(nnet.pack('m')::text)") }

# ---- workers ----

my $session = session($node);
my $pid = backend_of($session);
start_query($session, call(1000, 'epochs => 100000')); # a round that lasts
ok(wait_until('three workers', 60, sub { workers() == 3 }), 'as many workers as one query may have train');
ok( wait_until('the round', 60, sub { $node->safe_psql('postgres', "SELECT epoch || ' of ' || epochs FROM nnet.progress WHERE pid = $pid AND model = 'm'::regclass") eq '1 of 1000' }),
	'others see the round');
is($node->safe_psql('postgres', "SELECT bool_and(rolname = current_user) FROM pg_stat_activity AS a JOIN pg_roles AS r ON r.oid = usesysid WHERE backend_type = 'parallel worker'"),
	't', 'workers are the user\'s');
# a backend that wants to train it waits
my $other = session($node);
my $other_pid = backend_of($other);
start_query($other, fit_sql('m', 'rows'));
ok( wait_until('the other to wait', 60, sub { $node->safe_psql('postgres', "SELECT wait_event_type FROM pg_stat_activity WHERE pid = $other_pid") eq 'Lock' }),
	'who would train the model meanwhile waits for the round');
$node->safe_psql('postgres', "SELECT pg_cancel_backend($other_pid)");
$other->query('SELECT 1');

# ---- a worker that is ended ----

my $before = state();
$node->safe_psql('postgres', "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'parallel worker' LIMIT 1");
$session->query('SELECT 1');
my $error = error_of($session);
like($error, qr/ERROR:  (?:terminating (?:connection|background worker .*) due to administrator command|lost connection to parallel worker)/, 'an ended worker is an error');
like($error, qr/CONTEXT:.*round 1 of nnet\.fit_rounds\(\), model "m"/s, 'which tells the round');
is(state(), $before, 'and leaves the model as it was');
ok(wait_until('no workers', 60, sub { workers() == 0 }), 'the other workers end');
is($node->safe_psql('postgres', 'SELECT count(*) FROM nnet.progress'), 0, 'and the training leaves the view');

# ---- a call that goes on ----

for my $end ('cancel', 'terminate', 'worker')
{
	make_model($node, "m_$end");
	my $call = call(40, 'epochs => 5', ', outer => nnet.outer()') =~ s/'m'/'m_$end'/r;
	my $done = sub { $node->safe_psql('postgres', "SELECT count(*) FROM nnet.history('m_$end')") };

	$session = session($node);
	$pid = backend_of($session);
	start_query($session, $call);
	ok(wait_until('some rounds', 120, sub { $done->() >= 2 }), "rounds are committed one by one ($end)");
	if ($end eq 'worker')
	{
		wait_until('a worker', 60, sub {
				$node->safe_psql('postgres', "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE backend_type = 'parallel worker'") > 0
					or $done->() >= 40 });
	}
	else
	{
		$node->safe_psql('postgres', "SELECT pg_${end}_backend($pid)");
	}
	$session->query('SELECT 1') if $end ne 'terminate';
	ok(wait_until('its end', 60, sub { $node->safe_psql('postgres', 'SELECT count(*) FROM nnet.progress') == 0 }), 'it ends');
	my $rounds = $done->();
	if ($rounds < 40)
	{
		is($node->safe_psql('postgres', "SELECT config -> 'rounds' ->> 'done' FROM m_$end WHERE layer = -1"), $rounds, 'what is done is in the model');
		my ($status, $out, $err) = $node->psql('postgres', $call);
		is($status, 0, 'the next call works');
		like($err, qr/NOTICE:  model "m_$end": going on with round @{[ $rounds + 1 ]} of 40/, 'and goes on');
	}
	is($done->(), 40, 'to the last round');
	is($node->safe_psql('postgres', "SELECT ended || (last_epoch - first_epoch + 1) FROM nnet.trainings('m_$end')"), 'rounds40', 'of one training');
	is($node->safe_psql('postgres', "SELECT config ? 'rounds', slots IS NULL FROM m_$end WHERE layer = -1"), 'f|t', 'of which nothing is left but the model');
}

# ---- with workers and without, it is the same but for the order of sums ----

my $figures = "SELECT string_agg(round(loss::numeric, 3)::text, ' ') FROM nnet.history";
for my $workers (0, 1, 3)
{
	make_model($node, "with_$workers");
	$node->safe_psql('postgres', "SET max_parallel_workers_per_gather = $workers;
		CALL nnet.fit_rounds('with_$workers', '$query', 3, nnet.options(seed => 1, shuffle => false, batch_size => 4000))");
	is($node->safe_psql('postgres', "$figures('with_$workers')"), $node->safe_psql('postgres', "$figures('with_0')"), "$workers workers");
}
# what is no query twice is not read twice, and what no worker may run is run here
for my $query ('SELECT floor(random() * 4), x, y FROM rows', 'SELECT id % 4, x, nullif(y, currval(\'\'restricted\'\')) FROM rows')
{
	$node->safe_psql('postgres', "CREATE SEQUENCE IF NOT EXISTS restricted; SELECT nextval('restricted');
		CALL nnet.fit_rounds('with_1', '$query', 1, nnet.options(seed => 1))");
	pass("trained: $query");
}
is($node->safe_psql('postgres', "SELECT samples FROM nnet.history('with_1') WHERE epoch = 4"), 2000, 'each row once');

# ---- an error in a bucket ----

my $wrong = 'SELECT id % 4, x, y + (id = 7)::int * 99 FROM rows';
my (undef, undef, $told) = $node->psql('postgres', "CALL nnet.fit_rounds('with_1', '$wrong', 1)");
like($told, qr/ERROR:  \d+ is not a class of model "with_1"/, 'a row that no bucket can train on');
is(scalar(() = $told =~ /\Q$wrong\E/g), 1, 'tells the query once, not for each bucket');

# ---- buckets that are sorted by label ----

SKIP:
{
	skip 'Fashion-MNIST is not in NNET_DATA', 1 unless data_file('fashion-mnist/train-images-idx3-ubyte.gz');
	load_idx($node, 'pictures', map { data_file("fashion-mnist/train-$_-ubyte.gz") } 'images-idx3', 'labels-idx1');
	$node->safe_psql('postgres', 'CREATE TABLE sorted AS
		SELECT (row_number() OVER (ORDER BY label, id) - 1) / 2500 AS bucket, pixels, label FROM (SELECT * FROM pictures ORDER BY id LIMIT 10000) AS first');
	my $accuracy = sub {
		my ($training) = @_;
		return $node->safe_psql('postgres', "
			SET client_min_messages = error;
			SELECT setseed(0.1) \\g /dev/null
			SELECT nnet.create_model('dense', nnet.input(784), nnet.rescaling(1.0 / 255), nnet.dense(128, activation => 'relu'), nnet.dense(10, activation => 'softmax')) \\g /dev/null
			SELECT nnet.compile('dense', 'sparse_categorical_crossentropy', nnet.adam(0.001), '{accuracy}') \\g /dev/null
			$training \\g /dev/null
			SELECT nnet.evaluate('dense', pixels, label) ->> 'accuracy' FROM pictures WHERE id > 50000;
			DROP TABLE dense");
	};
	my $fit = $accuracy->(q{SELECT nnet.fit('dense', pixels, label, nnet.options(epochs => 10, batch_size => 64, seed => 1)) FROM sorted});
	my $rounds = $accuracy->(q{CALL nnet.fit_rounds('dense', 'SELECT bucket, pixels, label FROM sorted', 60, nnet.options(batch_size => 64, seed => 1), steps => 25)});
	note "fit $fit, rounds $rounds";
	cmp_ok($rounds, '>=', $fit - 0.05, 'as many rows as fit, in buckets of 2 or 3 classes: at most 5 points are lost');
}

# ---- trainings of several sessions ----

make_model($node, 'wide', units => 512);
for my $concurrency (1, 2, 3, 7)
{
	my $threads = { 1 => 3, 2 => 1, 3 => 1, 7 => 1 }->{$concurrency};
	my $trainer = session($node);
	my $trainer_pid = backend_of($trainer);

	$trainer->query_safe('SET nnet.threads = 3');
	start_query($trainer, fit_sql('wide', 'rows', epochs => 100000, batch_size => 1000, concurrency => $concurrency));
	wait_active($trainer_pid, 10);
	is(scalar(tasks_of($trainer_pid)), $threads, "one of $concurrency trainings that share 3 threads has $threads");
	$node->safe_psql('postgres', "SELECT pg_terminate_backend($trainer_pid)");
	$trainer->{run}->kill_kill;
}

# ---- rights ----

$node->safe_psql('postgres', 'CREATE ROLE reader; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader');
my ($status, $out, $err) = $node->psql('postgres', "SET ROLE reader; CALL nnet.fit_rounds('with_1', '$query', 1)");
isnt($status, 0, 'who may not change a model does not train it');
like($err, qr/permission denied for table with_1/, 'as PostgreSQL says');
($status, $out, $err) = $node->psql('postgres', "SET default_transaction_read_only = on; CALL nnet.fit_rounds('with_1', '$query', 1)");
like($err, qr/cannot execute nnet\.fit_rounds\(\) in a read-only transaction/, 'nor in a transaction that only reads');

ok(no_crash_in($node), 'no process crashed');
$node->stop;
done_testing();
