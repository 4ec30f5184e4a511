# With shared_preload_libraries = 'nnet' the postmaster stays as it is: one
# thread, no BLAS; and every backend, worker and setting works.  Without any
# preloading a session knows the settings from its first use of nnet on.

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

# Settings of ours that do not exist are refused, once the library is loaded, where PostgreSQL can do that.
my $reserves = $node->safe_psql('postgres', 'SHOW server_version_num') >= 150000;
my ($status, $out, $err) = $node->psql('postgres', 'SET nnet.no_such_setting = 1');
SKIP:
{
	skip 'prefixes are reserved since PostgreSQL 15', 1 unless $reserves;
	like($err, qr/invalid configuration parameter name "nnet.no_such_setting"/, 'the prefix is reserved');
}
ok(no_crash_in($node), 'no process crashed');
$node->stop;

# ---- who may set what, and when ----

$node = new_node('settings');
$node->safe_psql('postgres', 'CREATE ROLE me LOGIN');

# What a new session of that user says to the last of some statements.
sub answer
{
	my ($sql) = @_;
	my ($status, $out, $err) = $node->psql('postgres', $sql, extra_params => [ '-U', 'me' ]);

	return $err =~ /(?:ERROR|WARNING|FATAL):\s+(.*)/ ? $1 : (split /\n/, $out)[-1] // '';
}

my $alter = 'ALTER ROLE me SET nnet.threads = 2';
my $use = "SELECT nnet.info() IS NOT NULL";
is(answer("SET nnet.threads = 2; $use; SHOW nnet.threads"), '2', 'SET works before nnet is used');
is(answer("SET nnet.threads = 'many'; $use"), 'invalid value for parameter "nnet.threads": "many"', 'and is checked then');
like(answer($alter), qr/^permission denied to set parameter|^unrecognized/, 'ALTER ROLE needs that nnet was used');
is(answer("$use; $alter"), 't', 'then it works for who is nobody');
is(answer("$use; SHOW nnet.threads"), '2', 'and holds in the next session');
is(answer("$use; ALTER ROLE me RESET nnet.threads"), 't', 'until it is reset');
is(answer("$use; CREATE FUNCTION pg_temp.f() RETURNS text LANGUAGE sql SET nnet.threads = 3 AS 'SELECT current_setting(''nnet.threads'')'; SELECT pg_temp.f()"),
	'3', 'a function has a setting of its own');
is(answer("$use; ALTER ROLE me SET nnet.memory_fraction = 1"), 'permission denied to set parameter "nnet.memory_fraction"',
	'but for that which guards the machine');
my $none = qr/^(?:invalid configuration parameter name|unrecognized configuration parameter) "nnet.no_such_setting"/;
like(answer("SET nnet.no_such_setting = 1; $use"), $none, 'others there are none');
SKIP:
{
	skip 'prefixes are reserved since PostgreSQL 15', 1 unless $reserves;
	like(answer("$use; SET nnet.no_such_setting = 1"), $none, 'nor do they come to be');
}
$node->append_conf('postgresql.conf', "session_preload_libraries = 'nnet'\n");
$node->reload;
is($node->poll_query_until('postgres', 'SHOW session_preload_libraries', 'nnet'), 1, 'session_preload_libraries');
is(answer("$alter; SHOW nnet.threads"), '0', 'makes it work at once');
is(answer('SHOW nnet.threads'), '2', 'and known');
ok(no_crash_in($node), 'no process crashed');
$node->stop;
done_testing();
