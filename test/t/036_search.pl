# nnet.search and nnet.cross_validate in a server of their own: rows are read once, a
# search tells what it does, obeys the limit of memory, and ends with its session.

use strict;
use warnings;
use NnetNode;
use Test::More;

my $node = new_node('search', conf => { max_parallel_maintenance_workers => 2 });
$node->safe_psql(
	'postgres', q{
	CREATE TABLE rows AS SELECT i AS id, ARRAY[sin(i), cos(i * 1.7), sin(i * 0.3)]::real[] AS x,
		(sin(i) > 0)::int + (cos(i * 1.7) > 0)::int AS y FROM generate_series(1, 2000) AS i;
	CREATE SEQUENCE rows_read;
	CREATE SEQUENCE candidates_read;
	CREATE VIEW grid AS SELECT 'units ' || units AS name, units,
		ARRAY[nnet.input(3), nnet.dense(units, 'relu'), nnet.dense(3, 'softmax')] AS layers,
		'sparse_categorical_crossentropy' AS loss, 'accuracy' AS metrics FROM unnest('{2,4,8}'::int[]) AS units});

sub search_sql
{
	my ($name, $candidates, $rows, %options) = @_;
	my $options = join ', ', 'seed => 1', map { "$_ => $options{$_}" } sort keys %options;

	return "SELECT count(rank) FROM nnet.search($name, \$c\$ $candidates \$c\$, \$r\$ $rows \$r\$, options => nnet.options($options))";
}

# ---- once ----

is($node->safe_psql('postgres',
		search_sql("'best'", "SELECT nextval('candidates_read') AS number, * FROM grid", "SELECT x, y FROM rows WHERE nextval('rows_read') > 0")),
	3, 'all candidates are trained');
is($node->safe_psql('postgres', "SELECT last_value FROM rows_read"), 2000, 'each row was read once');
is($node->safe_psql('postgres', "SELECT last_value FROM candidates_read"), 3, 'and each candidate');
is($node->safe_psql('postgres', "SELECT count(nnet.classify('best', x)) FROM rows"), 2000, 'the best is a model');

# ---- verbose ----

my $number = qr/[-+0-9.e]+/;
my ($status, $out, $err) =
  $node->psql('postgres', search_sql('NULL', 'SELECT * FROM grid LIMIT 1', 'SELECT x, y FROM rows', epochs => 2, verbose => 'true'));
my @lines = grep { /NOTICE/ } split /\n/, $err;
is(scalar @lines, 5, 'one line a training');
like($_, qr{^.*NOTICE:  candidate "units 2", fold [1-5]/5: val_loss $number, $number s$}, 'of a candidate and a fold') for @lines;

# ---- memory ----

# Of what a machine has, some 10 MB: enough for the small ones.
my $limit = $node->safe_psql('postgres', "SELECT (nnet.info() ->> 'memory_limit')::float8");
my $fraction = sprintf '%.9f', 0.5 * 24e6 / $limit;
SKIP:
{
	skip 'a machine of much memory', 1 if $fraction < 0.0001;
	is( $node->safe_psql(
			'postgres', "SET nnet.memory_fraction = $fraction; SELECT string_agg(format('%s %s', candidate, rank IS NOT NULL), ', ' ORDER BY units)
			FROM nnet.search(NULL, \$\$ SELECT units, 'units ' || units AS name, ARRAY[nnet.input(3), nnet.dense(units, 'relu'),
				nnet.dense(3, 'softmax')] AS layers, 'sparse_categorical_crossentropy' AS loss FROM unnest('{2,4,1000000}'::int[]) AS units \$\$,
				'SELECT x, y FROM rows', options => nnet.options(seed => 1)), LATERAL (SELECT (params ->> 'units')::int AS units) AS p"),
		'units 2 t, units 4 t, units 1000000 f', 'a candidate that takes too much memory fails alone');
}

# ---- the end ----

my $endless = search_sql("'never'", 'SELECT * FROM grid', 'SELECT x, y FROM rows', epochs => 1000000);
my $session = session($node);
my $pid = backend_of($session);

start_query($session, $endless);
ok(wait_active($pid, 20), 'a search works');
kill INT => $pid;
$session->query('SELECT 1');
like(error_of($session), qr/canceling statement due to user request/, 'a cancel ends it');
is($session->query_safe("SELECT to_regclass('never') IS NULL"), 't', 'and there is no model');
is($session->query_safe(search_sql('NULL', 'SELECT * FROM grid', 'SELECT x, y FROM rows')), 3, 'the session searches again');
$session->query_safe('SET statement_timeout = 300');
$session->query($endless);
like(error_of($session), qr/canceling statement due to statement timeout/, 'so does a timeout');
$session->query_safe('RESET statement_timeout');

start_query($session, $endless);
ok(wait_active($pid, 20), 'a search works');
$node->safe_psql('postgres', "SELECT pg_terminate_backend($pid)");
ok(wait_until('the session to end', 20, sub { !kill 0, $pid }), 'a session that is terminated ends, with its threads');
ok(no_crash_in($node), 'no process crashed');
$node->stop;
done_testing();
