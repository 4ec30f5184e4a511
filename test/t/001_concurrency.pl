# Several sessions at one model: readers never wait and see the weights of their
# snapshot, trainers wait for each other, a fixed snapshot refuses to train on
# what changed since.

use strict;
use warnings;
use NnetNode;
use Test::More;

my $node = new_node('concurrency');
make_rows($node, 'rows', 3000);
make_model($node, 'm', units => 64);

my $predict = "SELECT nnet.predict('m', '{0.1,0.2,1,0.5}'::real[])";
my $slow = fit_sql('m', 'rows', epochs => 60);
my $quick = fit_sql('m', 'rows', epochs => 2);
my $steps_slow = 60 * 94;
my $steps_quick = 2 * 94;

# ---- a reader beside a trainer ----

my $trainer = session($node);
my $reader = session($node);
my $pid = backend_of($trainer);
my $before = $reader->query_safe($predict);

$trainer->query_safe('BEGIN');
start_query($trainer, $slow);
wait_active($pid);
my $during = $reader->query_safe($predict);
is($node->safe_psql('postgres', "SELECT state FROM pg_stat_activity WHERE pid = $pid"),
	'active', 'the prediction did not wait for the training');
is($during, $before, 'a prediction during another session\'s training has the old weights');
my ($result) = $trainer->query('SELECT 1');
is(error_of($trainer), '', 'the training ended well');
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
is(steps_of($node, 'm'), $steps_slow + 2 * $steps_quick, 'every committed step is counted');

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
is(steps_of($node, 'm'), $steps_slow + 4 * $steps_quick, 'and continues from what the first committed');
is($node->safe_psql('postgres', "SELECT count(*) FROM nnet.history('m')"), 60 + 4 * 2,
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
	$steps_slow + 5 * $steps_quick, 'and continues from what was there before');
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

$_->quit for $trainer, $reader, $second;
ok(no_crash_in($node), 'no process crashed');
$node->stop;
done_testing();
