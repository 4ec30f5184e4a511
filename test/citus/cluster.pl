# A cluster of Citus, a coordinator and three workers: rows are predicted, evaluated
# and trained on where they are, with the results of one server; a worker that is
# lost in a round leaves the model as it was.
#
# Citus is not in Debian: NNET_CITUS names where it was installed (see
# scripts/private-server.sh); without one nothing is tested.

use strict;
use warnings;
use NnetNode;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my %conf = (max_parallel_maintenance_workers => 1, max_prepared_transactions => 20, wal_level => 'logical', max_worker_processes => 32);
my $single = new_node('single', conf => \%conf);

if ($single->safe_psql('postgres', "SELECT count(*) FROM pg_available_extensions WHERE name = 'citus'") == 0)
{
	$single->stop;
	plan skip_all => 'no Citus is installed; NNET_CITUS=FOLDER names where one is';
}

my @nodes = map {
	new_node("citus$_", conf => {
			%conf, shared_preload_libraries => 'citus,nnet', 'citus.node_conninfo' => 'sslmode=disable', 'citus.shard_count' => 6,
			'citus.max_cached_conns_per_worker' => 0
		})
} 0 .. 3;
my ($coordinator, @workers) = @nodes;

for my $node (@nodes)
{
	$node->append_conf('postgresql.conf', "citus.local_hostname = '" . $node->host . "'");
	$node->reload;
	$node->safe_psql('postgres', 'CREATE EXTENSION citus');
}
$coordinator->safe_psql('postgres', "SELECT citus_set_coordinator_host('" . $coordinator->host . "', " . $coordinator->port . ')');
$coordinator->safe_psql('postgres', "SELECT citus_add_node('" . $_->host . "', " . $_->port . ')') for @workers;
is($coordinator->safe_psql('postgres', 'SELECT count(*) FROM pg_dist_node WHERE isactive'), 4, 'a cluster of four');

sub query { my ($sql, $node) = @_; return ($node // $coordinator)->safe_psql('postgres', $sql) }

# What the coordinator itself does, of a plan.
sub plan_here
{
	my ($sql) = @_;
	my $plan = query("EXPLAIN (VERBOSE, COSTS OFF) $sql");

	return $plan =~ s/^ *Tasks Shown:.*//msr;
}

# ---- the same rows on one server and on all ----

my $rows = 'SELECT i AS id, i % 8 AS bucket, ARRAY[sin(i), cos(i), i % 3, (i % 7) / 7.0]::real[] AS x, i % 3 AS y FROM generate_series(1, 4000) AS i';
query("CREATE TABLE rows AS $rows", $single);
query("CREATE TABLE rows (id integer, bucket integer, x real[], y integer); SELECT create_distributed_table('rows', 'bucket'); INSERT INTO rows $rows");
for my $node ($single, $coordinator)
{
	make_model($node, 'm');
	query('CREATE TABLE models (model nnet.model)', $node);
}
query(fit_sql('m', 'rows', epochs => 2), $single);
my $value = query("SELECT nnet.pack('m')", $single);
query("DROP TABLE m; SELECT nnet.unpack('$value', 'm'); INSERT INTO models SELECT nnet.pack('m')");

# ---- predictions ----

my $by_value = "SELECT id, nnet.classify_value('$value', x), nnet.predict_value('$value'::nnet.model, x) FROM rows";
my $here = plan_here($by_value);
like($here, qr/^Custom Scan \(Citus Adaptive\)/, 'values predict where the rows are');
unlike($here, qr/\bx\b/, 'which do not come here');
my $digest = "SELECT md5(string_agg(p::text, ',' ORDER BY id)) FROM (%s) AS p";
is(query(sprintf $digest, $by_value), query(sprintf($digest, $by_value), $single), 'as on one server');
# a model in a table of this node goes there as a result
like(plan_here('SELECT id, nnet.classify_value((SELECT model FROM models), x) FROM rows'), qr/^Custom Scan \(Citus Adaptive\)/, 'a model of a table, too');
is(query("SELECT count(*) FROM rows WHERE nnet.classify_value((SELECT model FROM models), x) = y::text"),
	query("SELECT count(*) FROM rows WHERE nnet.classify('m', x) = y::text", $single), 'with the same results');

# a plain table of the same name on each node
my $by_table = "SELECT id, nnet.classify('m', x), nnet.predict('m', x) FROM rows";
query("SELECT nnet.unpack('$value', 'm')", $_) for @workers;
$here = plan_here($by_table);
like($here, qr/^Custom Scan \(Citus Adaptive\)/, 'so do tables of one name on all nodes');
unlike($here, qr/\bx\b/, 'of which no rows come here');
is(query(sprintf $digest, $by_table), query(sprintf($digest, $by_table), $single), 'as on one server');
# and changed everywhere, they predict anew
query("UPDATE m SET weights = (SELECT array_agg(-w ORDER BY n) FROM unnest(weights) WITH ORDINALITY AS u (w, n)) WHERE weights IS NOT NULL", $_) for $single, @nodes;
is(query(sprintf $digest, $by_table), query(sprintf($digest, $by_table), $single), 'not by what was before');

# ---- evaluation ----

my $scores = "SELECT nnet.evaluate(nnet.score_value('$value'::nnet.model, x, y)) FROM rows";
$here = plan_here($scores);
like($here, qr/Custom Scan \(Citus Adaptive\)/, 'evaluation runs there');
unlike($here, qr/\bx\b|score_value/, 'and its sums come here');
my ($figures, $expected) = (query($scores), query($scores, $single));
is(query("SELECT count(*) FROM jsonb_each('$figures') JOIN jsonb_each('$expected') AS e USING (key) WHERE abs(jsonb_each.value::text::float - e.value::text::float) <= 1e-9"), 4,
	'with the figures of one server');

# ---- a model for each bucket ----

my $fits = "SELECT bucket, nnet.fit_value('$value', x, y, nnet.options(seed => 1, shuffle => false, batch_size => 1000)) AS model FROM rows GROUP BY bucket";
unlike(plan_here($fits), qr/Aggregate|\bx\b/, 'models for buckets are trained there');
my $losses = "SELECT string_agg(bucket || ' ' || round((e ->> 'loss')::numeric, 4), ', ' ORDER BY bucket) FROM (SELECT f.bucket, nnet.evaluate(nnet.score_value(model, x, y)) AS e
	FROM ($fits) AS f JOIN rows USING (bucket) GROUP BY f.bucket) AS s";
is(query($losses), query($losses, $single), 'as on one server');

# ---- one model for all ----

my $in_rounds = "CALL nnet.fit_rounds('m', 'SELECT bucket, x, y FROM rows', 3, nnet.options(seed => 1, batch_size => 4000), validation => 'SELECT x, y FROM rows WHERE id <= 400'";
my $told = '';
for my $node ($single, $coordinator)
{
	query('DROP TABLE m', $node);
	query("SELECT nnet.unpack('$value', 'm')", $node);
	my ($status, $out, $err) = $node->psql('postgres', "$in_rounds, outer => nnet.outer())");
	is($status, 0, 'trained in rounds') or diag $err;
	$told = $err;
}
unlike($told, qr/travel/, 'where the rows are');
# 8 buckets in 6 shards of 3 workers
like(join('', map { slurp_file($_->logfile) } @workers), qr/fit_(?:bucket|value).*"concurrency": 2\b/, 'by two sessions a worker, which share its threads');
my $history = "SELECT string_agg(samples || ' ' || round(loss::numeric, 4) || ' ' || round(val_loss::numeric, 4), ', ' ORDER BY epoch) FROM nnet.history('m')";
is(query($history), query($history, $single), 'as on one server');
my ($status, $out, $err) = $coordinator->psql('postgres', "CALL nnet.fit_rounds('m', 'SELECT id % 4, x, y FROM rows', 1)");
like($err, qr/NOTICE:  model "m": all rows travel to this server in each round/, 'rows that have to travel are told');
is($status, 0, 'and are trained on') or diag $err;
is(query('SELECT max(samples) FROM nnet.history(\'m\')'), 4000, 'all of them');

# ---- a worker that is lost ----

my $before = query("SELECT md5(nnet.pack('m')::text)");
my $session = session($coordinator);
my $pid = backend_of($session);
start_query($session, "CALL nnet.fit_rounds('m', 'SELECT bucket, x, y FROM rows', 2, nnet.options(epochs => 100000))");
ok( wait_until('the workers', 120, sub {
			query("SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%nnet.fit_%' AND pid <> pg_backend_pid()", $workers[2]) > 0
		}), 'all compute');
$workers[2]->stop('immediate');
$session->query('SELECT 1');
like(error_of($session), qr/ERROR:.*round 1 of nnet\.fit_rounds\(\), model "m"/s, 'a lost worker is an error of the round');
is(query("SELECT md5(nnet.pack('m')::text)"), $before, 'and leaves the model');
$workers[2]->start;
is(query("CALL nnet.fit_rounds('m', 'SELECT bucket, x, y FROM rows', 2); SELECT count(*) FROM nnet.history('m')") - query("SELECT count(*) FROM nnet.history('m')", $single), 3, 'the next call trains it');

# ---- candidates that hop from bucket to bucket ----

my $hop = q{SELECT (h.bucket + 1) % 8 AS bucket, h.candidate, nnet.fit_value(h.model, x, y, nnet.options(seed => 1)) AS model
	FROM hopping AS h JOIN rows USING (bucket) GROUP BY h.bucket, h.candidate};
query("CREATE TABLE hopping (bucket integer, candidate integer, model nnet.model); SELECT create_distributed_table('hopping', 'bucket', colocate_with => 'rows');
	INSERT INTO hopping SELECT c, c, '$value' FROM generate_series(0, 7) AS c");
unlike(plan_here($hop), qr/Aggregate|\bx\b/, 'candidates are trained where the rows are');
for my $round (1 .. 3)
{
	query("BEGIN; CREATE TEMPORARY TABLE hopped AS $hop; DELETE FROM hopping; INSERT INTO hopping SELECT * FROM hopped; COMMIT");
}
is(query('SELECT string_agg(bucket || \' \' || candidate, \', \' ORDER BY bucket) FROM hopping'), join(', ', map { $_ . ' ' . ($_ + 5) % 8 } 0 .. 7), 'and hop');

$_->stop for @nodes, $single;
done_testing();
