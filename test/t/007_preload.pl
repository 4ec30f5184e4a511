# With shared_preload_libraries = 'nnet' the postmaster stays as it is: one
# thread, no BLAS; and every backend, worker and setting works.

use strict;
use warnings;
use NnetNode;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_node('preload',
	conf => { shared_preload_libraries => 'nnet', 'nnet.threads' => 2, max_parallel_maintenance_workers => 2 });
my $postmaster = (split /\n/, slurp_file($node->data_dir . '/postmaster.pid'))[0];

sub postmaster_is_plain
{
	my ($when) = @_;

	is(scalar(tasks_of($postmaster)), 1, "$when: the postmaster has one thread");
	unlike(slurp_file("/proc/$postmaster/maps"), qr/openblas|libgomp/, "$when: and no BLAS");
	return;
}

postmaster_is_plain('started');
is($node->safe_psql('postgres', 'SHOW nnet.threads'), '2', 'a setting from the file is known');
make_rows($node, 'rows', 20000);
make_model($node, 'm');
$node->safe_psql('postgres', fit_sql('m', 'rows', epochs => 2));
$node->safe_psql('postgres', $_)
  for "SELECT nnet.evaluate('m', x, y) FROM rows", "SELECT count(nnet.classify('m', x)) FROM rows",
  "SELECT count(*) FROM (SELECT nnet.predict_batch('m', x) OVER () FROM rows) AS q";
pass('training, evaluation and prediction work');

my $parallel = "SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
	SET max_parallel_workers_per_gather = 2; ";
my $count = "SELECT count(*) FROM rows WHERE (nnet.predict('m', x))[1] > 0.5";
like($node->safe_psql('postgres', "$parallel EXPLAIN $count"), qr/Gather/, 'prediction in parallel workers is planned');
is($node->safe_psql('postgres', "$parallel $count"), $node->safe_psql('postgres', $count),
	'and counts the same');
like($node->safe_psql('postgres', "$parallel EXPLAIN SELECT nnet.evaluate('m', x, y) FROM rows"), qr/Partial Aggregate/,
	'evaluation in parallel workers is planned');
my $accuracy = "SELECT round((nnet.evaluate('m', x, y) ->> 'accuracy')::numeric, 4) FROM rows";
is($node->safe_psql('postgres', "$parallel $accuracy"), $node->safe_psql('postgres', $accuracy), 'and agrees');

postmaster_is_plain('after work');
$node->append_conf('postgresql.conf', "nnet.threads = 1\n");
$node->append_conf('postgresql.conf', "nnet.cache_size = '1MB'\n");
$node->reload;
ok($node->poll_query_until('postgres', "SELECT current_setting('nnet.threads')", '1'), 'a reload changes settings');
is($node->safe_psql('postgres', 'SHOW nnet.cache_size'), '1MB', 'all of them');
postmaster_is_plain('after a reload');
$node->restart;
$postmaster = (split /\n/, slurp_file($node->data_dir . '/postmaster.pid'))[0];
$node->safe_psql('postgres', "SELECT nnet.predict('m', x) FROM rows LIMIT 1");
postmaster_is_plain('after a restart');

# Settings of ours that do not exist are refused, once the library is loaded.
my ($status, $out, $err) = $node->psql('postgres', 'SET nnet.no_such_setting = 1');
like($err, qr/invalid configuration parameter name "nnet.no_such_setting"/, 'the prefix is reserved');
ok(no_crash_in($node), 'no process crashed');
$node->stop;
done_testing();
