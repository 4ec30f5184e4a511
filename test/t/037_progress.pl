# The view nnet.progress: what trainings are at, where the library is preloaded; who
# sees what; that a training leaves it however it ends.

use strict;
use warnings;
use NnetNode;
use Test::More;

my $node = new_node('progress', conf => { shared_preload_libraries => 'nnet', max_parallel_maintenance_workers => 1 });
make_rows($node, 'rows', 2000);
make_model($node, 'm');
$node->safe_psql('postgres', 'CREATE ROLE stranger; CREATE ROLE watcher IN ROLE pg_read_all_stats');

sub shown { return $node->safe_psql('postgres', "SELECT count(*) FROM nnet.progress") }

is(shown(), 0, 'nobody trains');
my $session = session($node);
my $pid = backend_of($session);
my $endless = fit_sql('m', 'rows', epochs => 1000000);

for my $end ('cancel', 'terminate')
{
	start_query($session, $endless);
	ok(wait_until('a training to be shown', 60, sub { shown() == 1 }), 'a training is shown');
	ok( wait_until('its epochs', 60, sub {
				$node->safe_psql('postgres', "SELECT epoch > 2 AND step > 0 AND loss > 0 AND started < now() AND estimated_end > started FROM nnet.progress") eq 't'
			}), 'and goes on');
	is($node->safe_psql('postgres', 'SELECT pid, datname, model, epochs FROM nnet.progress'), "$pid|postgres|m|1000000", 'whose it is, and of what');
	is($node->safe_psql('postgres', "SET ROLE stranger; SELECT pid, num_nulls(datname, model, epoch, epochs, step, loss, started, estimated_end) FROM nnet.progress"),
		"$pid|8", 'a stranger sees that there is one');
	is($node->safe_psql('postgres', "SET ROLE watcher; SELECT num_nulls(model, epoch) FROM nnet.progress"), 0, 'who may read all statistics sees it');
	$node->safe_psql('postgres', $end eq 'cancel' ? "SELECT pg_cancel_backend($pid)" : "SELECT pg_terminate_backend($pid)");
	ok(wait_until('its end', 60, sub { shown() == 0 }), "after a $end it is gone");
	$session->query('SELECT 1') if $end eq 'cancel';
}

# a pair of models is shown by the one that generates
$node->safe_psql('postgres', "SELECT nnet.create_model('painter', nnet.input(2), nnet.dense(4)), nnet.create_model('critic', nnet.input(4), nnet.dense(1, 'sigmoid'));
	SELECT nnet.compile(m, 'binary_crossentropy') FROM unnest('{painter,critic}'::regclass[]) AS m");
$session = session($node);
$pid = backend_of($session);
start_query($session, fit_gan_sql('painter', 'critic', 'rows', epochs => 1000000));
ok( wait_until('its epochs', 60, sub {
			$node->safe_psql('postgres', "SELECT epoch > 2 AND epochs = 1000000 AND step > 0 AND loss > 0 AND estimated_end > started FROM nnet.progress WHERE model = 'painter'::regclass") eq 't'
		}), 'fit_gan is shown, too');
$node->safe_psql('postgres', "SELECT pg_cancel_backend($pid)");
ok(wait_until('its end', 60, sub { shown() == 0 }), 'until it ends');
$session->quit;
ok(no_crash_in($node), 'no process crashed');
$node->stop;

$node = new_node('not_preloaded');
my ($status, $out, $err) = $node->psql('postgres', 'SELECT count(*) FROM nnet.progress');
is($out, 0, 'not preloaded, the view is empty');
like($err, qr/NOTICE:  nnet.progress shows nothing, as the library is not preloaded/, 'and says why');
$node->stop;
done_testing();
