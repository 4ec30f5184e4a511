# Several sessions at one model: readers never wait and see the weights of their
# snapshot, trainers wait for each other, a fixed snapshot refuses to train on
# what changed since.  So it is with two models at a time, in whatever order.

use strict;
use warnings;
use NnetNode;
use Test::More;

my $node = new_node('concurrency');
make_rows($node, 'rows', 3000);
make_model($node, 'm', units => 64);

my $predict = "SELECT nnet.predict('m', '{0.1,0.2,1,0.5}'::real[])";
my $endless = fit_sql('m', 'rows', epochs => 1000000);
my $quick = fit_sql('m', 'rows', epochs => 2);
my $steps_quick = 2 * 94;

# ---- a reader beside a trainer ----

my $trainer = session($node);
my $reader = session($node);
my $pid = backend_of($trainer);
my $before = $reader->query_safe($predict);

# While the trainer computes, another session sees the old result; then the training is cancelled.
sub look_at_training
{
	my ($training, $query, $old, $what) = @_;

	$trainer->query_safe('BEGIN');
	start_query($trainer, $training);
	wait_active($pid);
	is($reader->query_safe($query), $old, "$what: another session sees the old weights");
	is($node->safe_psql('postgres', "SELECT state FROM pg_stat_activity WHERE pid = $pid"), 'active', "$what: and did not wait for it");
	$node->safe_psql('postgres', "SELECT pg_cancel_backend($pid)");
	$trainer->query('SELECT 1');
	like(error_of($trainer), qr/canceling statement/, "$what: it was still training");
	$trainer->query_safe('ROLLBACK');
	return;
}

look_at_training($endless, $predict, $before, 'fit');
$trainer->query_safe('BEGIN');
$trainer->query_safe($quick);
is($reader->query_safe($predict), $before, 'trained but not committed: still the old weights');
isnt($trainer->query_safe($predict), $before, 'the trainer itself sees the new ones');

my $fixed = session($node);
$fixed->query_safe('BEGIN ISOLATION LEVEL REPEATABLE READ');
$fixed->query_safe($predict);
$trainer->query_safe('COMMIT');
my $after = $reader->query_safe($predict);
isnt($after, $before, 'committed: the new weights');
is($fixed->query_safe($predict), $before, 'a transaction with a fixed snapshot keeps the old weights');
is($reader->query_safe($predict), $after, 'as the other sessions keep the new ones');

# ---- a trainer whose snapshot is too old ----

$fixed->query($quick);
like(error_of($fixed), qr/could not serialize access/, 'a fixed snapshot does not train what changed since');
$fixed->query_safe('ROLLBACK');
$fixed->query_safe('\set VERBOSITY sqlstate');
$fixed->query_safe('BEGIN ISOLATION LEVEL REPEATABLE READ');
$fixed->query_safe('SELECT 1');
$trainer->query_safe($quick);
$fixed->query($quick);
like(error_of($fixed), qr/ERROR:\s+40001/, 'the error code tells clients to try again');
$fixed->query_safe('ROLLBACK');
$fixed->query_safe($quick);
pass('and trying again trains');
$fixed->quit;
is(steps_of($node, 'm'), 3 * $steps_quick, 'every committed step is counted');

# ---- two trainers ----

my $second = session($node);
my $second_pid = backend_of($second);
my $waits = "SELECT count(*) FROM pg_stat_activity WHERE pid = $second_pid AND wait_event_type = 'Lock'";

$trainer->query_safe('BEGIN');
$trainer->query_safe($quick);
start_query($second, $quick);
ok($node->poll_query_until('postgres', $waits, '1'), 'a second trainer waits for the first');
isnt($reader->query_safe($predict), '', 'while a reader does not');
$trainer->query_safe('COMMIT');
$second->query('SELECT 1');
is(error_of($second), '', 'the second goes on when the first has committed');
is(steps_of($node, 'm'), 5 * $steps_quick, 'and continues from what the first committed');
is($node->safe_psql('postgres', "SELECT count(*) FROM nnet.history('m')"), 5 * 2,
	'the history has the epochs of both');

my $state = weights_of($node, 'm');
$trainer->query_safe('BEGIN');
$trainer->query_safe($quick);
start_query($second, 'BEGIN; ' . $quick);
$node->poll_query_until('postgres', $waits, '1');
$trainer->query_safe('ROLLBACK');
$second->query('SELECT 1');
is(error_of($second), '', 'the second goes on when the first has rolled back');
is($second->query_safe("SELECT config ->> 'steps' FROM m WHERE layer = -1"),
	6 * $steps_quick, 'and continues from what was there before');
$second->query_safe('ROLLBACK');
is(weights_of($node, 'm'), $state, 'both rolled back: nothing changed');

# The same result as one after the other without waiting.
$node->safe_psql('postgres', "SELECT nnet.copy_model('m', 'alone')");
$node->safe_psql('postgres', fit_sql('alone', 'rows', epochs => 2)) for 1 .. 2;
$trainer->query_safe('BEGIN');
$trainer->query_safe($quick);
start_query($second, $quick);
$node->poll_query_until('postgres', $waits, '1');
$trainer->query_safe('COMMIT');
$second->query_safe('SELECT 1');
my $compare = "SELECT bool_and(a.weights IS NOT DISTINCT FROM b.weights) FROM m a JOIN alone b USING (layer, part)";
is($node->safe_psql('postgres', $compare), 't', 'waiting changes nothing: the same weights bit for bit');

# ---- a waiting trainer can be cancelled ----

$trainer->query_safe('BEGIN');
$trainer->query_safe($quick);
start_query($second, $quick);
$node->poll_query_until('postgres', $waits, '1');
$node->safe_psql('postgres', "SELECT pg_cancel_backend($second_pid)");
$second->query('SELECT 1');
like(error_of($second), qr/canceling statement due to user request/, 'a waiting trainer can be cancelled');
$trainer->query_safe('COMMIT');

# ---- who may not use a model does not queue for its lock ----

$node->safe_psql('postgres', 'CREATE ROLE stranger; CREATE ROLE reader; GRANT SELECT ON m TO reader; GRANT SELECT ON rows TO PUBLIC');
$second->query_safe($predict);
$trainer->query_safe('BEGIN; LOCK TABLE m');
$second->query_safe("SET lock_timeout = '1ms'");
for my $try (
	[ 'stranger', $predict ], [ 'stranger', $quick ], [ 'stranger', "SELECT nnet.compile('m', 'mse')" ],
	[ 'stranger', "SELECT nnet.copy_model('m', 'pg_temp.c')" ], [ 'reader', $quick ],
	[ 'reader', "SELECT nnet.compile('m', 'mse')" ])
{
	my ($role, $sql) = @$try;

	$second->query("SET ROLE $role");
	$second->query($sql);
	like(error_of($second), qr/permission denied for table m/, "$role: refused at once: $sql");
}
$second->query($predict);
like(error_of($second), qr/lock timeout/, 'who may read it waits');
$second->query_safe('RESET ROLE; RESET lock_timeout');
$trainer->query_safe('COMMIT');

# ---- two models at a time ----

# from one value to one, so that each can be the generator
$node->safe_psql('postgres', 'CREATE TABLE numbers AS SELECT y / 3.0 AS x FROM rows');
make_pair($node, 'g', 'd', units => 64);
my $gan = fit_gan_sql('g', 'd', 'numbers', epochs => 2);
my $swapped = fit_gan_sql('d', 'g', 'numbers', epochs => 2);
my $fit_one = "SELECT nnet.fit('%s', x, x, nnet.options(epochs => 2, seed => 1)) FROM numbers";
my $both = "SELECT nnet.predict('g', 0.5), nnet.predict('d', 0.5)";

sub state_of_pair
{
	return join ' ', map { weights_of($node, $_) } @_ ? @_ : ('g', 'd');
}

sub steps_of_pair
{
	return join ' ', map { steps_of($node, $_) } @_ ? @_ : ('g', 'd');
}

# The trainer has trained and not ended its transaction: another training has to wait.
sub trained_while_waits
{
	my ($first, $other, $end, $what) = @_;

	$trainer->query_safe('BEGIN');
	$trainer->query_safe($first);
	start_query($second, $other);
	ok($node->poll_query_until('postgres', $waits, '1'), "$what: it waits");
	$trainer->query_safe($end);
	$second->query('SELECT 1');
	is(error_of($second), '', "$what: and goes on after $end");
	return;
}

$before = $reader->query_safe($both);
$state = state_of_pair();
look_at_training(fit_gan_sql('g', 'd', 'numbers', epochs => 1000000), $both, $before, 'fit_gan');
$trainer->query_safe('BEGIN');
$trainer->query_safe($gan);
is($reader->query_safe($both), $before, 'not committed: still the old weights of both');
unlike($trainer->query_safe($both), qr/^\Q$_\E\||\|\Q$_\E$/, 'the trainer itself sees new ones')
  for split /\|/, $before;
$trainer->query_safe('ROLLBACK');
is(state_of_pair(), $state, 'ROLLBACK leaves both tables unchanged');
is($trainer->query_safe($both), $before, 'and the session that trained predicts as before');

$node->safe_psql('postgres', "SELECT nnet.copy_model('g', 'g_alone'), nnet.copy_model('d', 'd_alone')");
$node->safe_psql('postgres', fit_gan_sql('g_alone', 'd_alone', 'numbers', epochs => 2)) for 1 .. 2;
trained_while_waits($gan, $gan, 'COMMIT', 'fit_gan of the same pair');
is(steps_of_pair(), join(' ', (2 * $steps_quick) x 2), 'both models have the steps of both');
$compare = "SELECT bool_and(a.weights IS NOT DISTINCT FROM b.weights) FROM %s a JOIN %s b USING (layer, part)";
is($node->safe_psql('postgres', sprintf $compare, $_, "${_}_alone"), 't', "$_: the same weights as without waiting")
  for 'g', 'd';
trained_while_waits($gan, $swapped, 'COMMIT', 'fit_gan with the parts swapped');
is(steps_of_pair(), join(' ', (4 * $steps_quick) x 2), 'swapped, too, both are trained');
trained_while_waits($gan, sprintf($fit_one, 'd'), 'COMMIT', 'fit of the discriminator beside fit_gan');
trained_while_waits(sprintf($fit_one, 'g'), $gan, 'COMMIT', 'fit_gan beside fit of the generator');
is(steps_of_pair(), join(' ', (7 * $steps_quick) x 2), 'and each continues from what the other committed');
$state = state_of_pair();
trained_while_waits($gan, "BEGIN; $gan", 'ROLLBACK', 'fit_gan of the same pair');
is($second->query_safe("SELECT g.config -> 'steps', d.config -> 'steps' FROM g, d WHERE g.layer = -1 AND d.layer = -1"),
	join('|', (8 * $steps_quick) x 2), 'it continues from what was there before');
$second->query_safe('ROLLBACK');
is(state_of_pair(), $state, 'both rolled back: nothing changed');

# Both trainings begin while a third session holds one of the models: had they an
# order of their own, each would get one model and wait for the other.
for my $held ('g', 'd')
{
	$reader->query_safe("BEGIN; SELECT count(*) FROM (SELECT FROM $held FOR UPDATE) AS locked");
	start_query($trainer, $gan);
	ok($node->poll_query_until('postgres', $waits =~ s/\d+/$pid/r, '1'), "$held is held: the first waits");
	start_query($second, $swapped);
	ok($node->poll_query_until('postgres', $waits, '1'), "$held is held: the second, parts swapped, waits");
	$reader->query_safe('COMMIT');
	for my $session ($trainer, $second)
	{
		$session->query('SELECT 1');
		is(error_of($session), '', "$held is let go: both trainings go on");
	}
}
is(steps_of_pair(), join(' ', (11 * $steps_quick) x 2), 'and all are counted');
is($node->safe_psql('postgres', 'SELECT sum(deadlocks) FROM pg_stat_database'), 0, 'without a deadlock');

# One of the two changed since a fixed snapshot is enough.
$second->query_safe('BEGIN ISOLATION LEVEL REPEATABLE READ');
$second->query_safe('SELECT 1');
$trainer->query_safe(sprintf $fit_one, 'd');
$state = state_of_pair();
$second->query($gan);
like(error_of($second), qr/could not serialize access/, 'a fixed snapshot does not train a pair one of which changed');
$second->query_safe('ROLLBACK');
is(state_of_pair(), $state, 'and changes neither');

$_->quit for $trainer, $reader, $second;
ok(no_crash_in($node), 'no process crashed');
$node->stop;
done_testing();
