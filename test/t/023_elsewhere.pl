# Rows that are not where they seem to be: a hook that lets the queries of a table read
# another one, models on another server, oids that mean something else there, and a
# privilege that goes while a transaction predicts.

use strict;
use warnings;
use FindBin;
use NnetNode;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_node('elsewhere');

# y = w x: predict shows w
sub make_w
{
	my ($name, $w) = @_;

	$node->safe_psql('postgres', qq(
		SELECT nnet.create_model('$name', nnet.input(1), nnet.dense(1, use_bias => false));
		SELECT nnet.compile('$name', 'mse', nnet.sgd(0.25));
		UPDATE $name SET weights = '{$w}' WHERE layer = 1));
	return;
}

sub w_of
{
	my ($session, $model) = @_;

	return $session->query("SELECT (nnet.predict('$model', '{1}'::real[]))[1]");
}

sub refused
{
	my ($database, $query, $expected, $what) = @_;
	my ($status, $out, $err) = $node->psql($database, $query);

	return like($err, $expected, $what);
}

# ---- a hook that sends queries elsewhere ----

# A server extension of the test's own, for the server the tests run with.
sub build_module
{
	my ($name) = @_;
	my $folder = PostgreSQL::Test::Utils::tempdir();
	my $config = $ENV{PG_CONFIG} // 'pg_config';
	my ($cc, $include) = map { my ($value) = run_command([ $config, $_ ]); $value } '--cc', '--includedir-server';

	chmod 0755, $folder;
	system_or_bail(split(' ', $ENV{CC} // $cc), qw(-shared -fPIC -O1 -I), $include, "$FindBin::Bin/../modules/$name/$name.c",
		'-o', "$folder/$name.so");
	return "$folder/$name.so";
}

make_w('shell', 0);
$node->safe_psql('postgres', 'CREATE TABLE shard AS TABLE shell');
$node->safe_psql('postgres', "UPDATE shard SET weights = '{1}' WHERE layer = 1");

my $module = build_module('redirect');
# the rows of the one and the other, w in the first place
my $rows = 'SELECT layer, part, kind, name, inputs, config, CASE layer WHEN 1 THEN ARRAY[w]::real[] ELSE weights END, slots FROM kept, (VALUES (%d)) AS v(w)';
$node->safe_psql('postgres', 'CREATE TABLE kept AS TABLE shell');
for my $case (
	[ 'is empty', 0, 'TRUNCATE shell' ],
	[ 'has other rows', 7, sprintf("INSERT INTO shell $rows", 7) ],
	[ 'has rows of the same versions', 8, sprintf("TRUNCATE shell, shard; WITH a AS (INSERT INTO shell $rows) INSERT INTO shard $rows", 8, 1) ])
{
	my ($what, $own, $change) = @$case;
	my $session = session($node);

	$node->safe_psql('postgres', "UPDATE shard SET weights = '{1}' WHERE layer = 1; $change");
	$session->query("LOAD '$module'; SELECT set_config('redirect.from', 'shell'::regclass::oid::text, false),
		set_config('redirect.to', 'shard'::regclass::oid::text, false)");
	is(w_of($session, 'shell'), 1, "the table itself $what: those of the other are read");
	$node->safe_psql('postgres', "UPDATE shard SET weights = '{2}' WHERE layer = 1");
	is(w_of($session, 'shell'), 2, '... and again when they changed there');
	$session->query("BEGIN; UPDATE shard SET weights = '{3}' WHERE layer = 1");
	is(w_of($session, 'shell'), 3, '... also in the transaction that changes them');
	$session->query('ROLLBACK');
	is(w_of($session, 'shell'), 2, '... and takes that back');
	is($session->query("SELECT string_agg((nnet.predict('shell', ARRAY[i]::real[]))[1]::text, ' ' ORDER BY i) FROM generate_series(1, 3) i"),
		'2 4 6', '... and within a query');
	$session->query("SELECT set_config('redirect.to', '0', false)");
	is($session->query('SELECT coalesce(max(weights[1]), 0) FROM shell WHERE layer = 1'), $own, '... which the hook alone did');
	$session->quit;
}

# ---- a hook that writes parameters out ----

# As auto_explain does (from PostgreSQL 16 on) and pgaudit: of what nnet runs inside, too.
{
	my $session = session($node);

	$module = build_module('parameters');
	$session->query("LOAD '$module'; SELECT nnet.create_model('written', nnet.input(2), nnet.dense(3), nnet.dense(1))");
	is($session->query("SELECT sum(array_length(weights, 1)) FROM written"), 13, 'parameters are written out: a model is made');
	$session->query("SELECT nnet.compile('written', 'mse');
		SELECT nnet.fit('written', ARRAY[i, -i]::real[], i, nnet.options(epochs => 2)) FROM generate_series(1, 8) i");
	is($session->query("SELECT count(*) FROM nnet.history('written')"), 2, '... and trained');
	is($session->query("SELECT count(*) FROM nnet.copy_model('written', 'written_2') c, nnet.parameters('written')"), 4, '... copied and shown');
	$session->query("DO \$\$ DECLARE n int := 5; BEGIN PERFORM count(*) FROM written WHERE layer < n; END \$\$");
	like($session->query("PREPARE p(int) AS SELECT \$1; EXECUTE p(12345); SHOW parameters.bytes"), qr/[1-9]\d*\z/, '... which the hook did write');
	$session->quit;
}

# ---- partial results that travel ----

# A state of nnet.evaluate() says which model it is of by name: oids differ between databases.
$module = build_module('partial');
$node->safe_psql('postgres', 'CREATE DATABASE there');
$node->safe_psql('there', 'CREATE EXTENSION nnet');
for my $database ('postgres', 'there')
{
	$node->safe_psql($database, qq(
		CREATE TABLE filler_$database ();
		SELECT nnet.create_model('e', nnet.input(1), nnet.dense(1, use_bias => false));
		SELECT nnet.compile('e', 'mse', metrics => '{mae}');
		UPDATE e SET weights = '{2}' WHERE layer = 1;
		CREATE TABLE rows AS SELECT i::real AS x, 3 * i::real AS y FROM generate_series(1, 10) i;
		CREATE AGGREGATE partial(regclass, "any", "any") (sfunc = nnet.evaluate_transition, stype = internal,
			finalfunc = nnet.evaluate_serialize);
		CREATE FUNCTION partial_total(internal, bytea) RETURNS internal LANGUAGE C AS '$module';
		CREATE AGGREGATE total(bytea) (sfunc = partial_total, stype = internal, finalfunc = nnet.evaluate_final)));
}
my @parts = map { $node->safe_psql('postgres', "SELECT partial('e', x, y) FROM rows WHERE x::int % 2 = $_") } 0, 1;
my $total = sub { return "SELECT total(s::bytea) FROM unnest('{" . join(',', map { "\"\\$_\"" } @_) . "}'::text[]) s" };
my $whole = $node->safe_psql('postgres', "SELECT nnet.evaluate('e', x, y) FROM rows");
like($whole, qr/"mae": 5.5/, 'an evaluation as a whole');
is($node->safe_psql('postgres', $total->(@parts)), $whole, 'from parts in the same database');
is($node->safe_psql('there', $total->(@parts)), $whole, 'and in another one, where the model has another oid');
$node->safe_psql('there', "SELECT nnet.compile('e', 'mae', metrics => '{mse}')");
refused('there', $total->(@parts), qr/model "e" was changed while rows were evaluated/, 'sums of another loss are not taken for those of this one');
my $other = $node->safe_psql('there', "SELECT partial('e', x, y) FROM rows");
refused('postgres', $total->(@parts, $other), qr/the model changes within a group of rows/, 'nor added to them');
$node->safe_psql('there', 'ALTER TABLE e RENAME TO f');
refused('there', $total->(@parts), qr/model "public.e" does not exist here/, 'no model of that name there');
refused('postgres', $total->(substr($parts[0], 0, $_) ), qr/ERROR/, "a state of $_ digits is refused")
  for 2, 10, 18, 34, 60, 90;

# ---- a foreign server that has the extension, too ----

SKIP:
{
	skip 'postgres_fdw is not installed', 13
	  unless $node->safe_psql('postgres', "SELECT count(*) FROM pg_available_extensions WHERE name = 'postgres_fdw'");

	$node->safe_psql('there', q(
		CREATE SCHEMA models;
		SELECT nnet.create_model('models.s', nnet.input(1), nnet.dense(1, use_bias => false));
		SELECT nnet.compile('models.s', 'mse', nnet.sgd(0.001)); UPDATE models.s SET weights = '{2}' WHERE layer = 1));
	$node->safe_psql('postgres', sprintf q(
		CREATE SCHEMA models;
		SELECT nnet.create_model('models.s', nnet.input(1), nnet.dense(1, use_bias => false));
		SELECT nnet.compile('models.s', 'mse', nnet.sgd(0.001)); UPDATE models.s SET weights = '{5}' WHERE layer = 1;
		CREATE EXTENSION postgres_fdw;
		CREATE SERVER there FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '%s', port '%s', dbname 'there', extensions 'nnet');
		CREATE USER MAPPING FOR CURRENT_USER SERVER there;
		CREATE SCHEMA remote;
		IMPORT FOREIGN SCHEMA public LIMIT TO (rows) FROM SERVER there INTO remote;
		CREATE FOREIGN TABLE remote.s (layer int, part int, kind text, name text, inputs text[], config jsonb,
			weights real[], slots real[]) SERVER there OPTIONS (schema_name 'models', table_name 's')),
		$node->host, $node->port);

	my $w = sub { return $node->safe_psql($_[0], 'SELECT weights[1] FROM models.s WHERE layer = 1') };
	my $loss = sub { return $node->safe_psql('postgres', "SELECT round((nnet.evaluate('models.s', x, y)->>'loss')::numeric, 3) FROM $_[0]") };

	is($loss->('rows'), '154.000', 'here the model is far off');
	# newer versions of postgres_fdw send no names of relations that are a user's
	my $sent = $node->safe_psql('postgres',
		"EXPLAIN (VERBOSE, COSTS OFF) SELECT nnet.evaluate('models.s', x, y) FROM remote.rows") =~ /Remote SQL: .*evaluate/;
	my $older = $node->safe_psql('postgres', 'SHOW server_version_num') < 160000;
	ok($sent || !$older, 'an aggregate over rows of a server that lists the extension is sent there, or not since 16');
	is($loss->('remote.rows'), $sent ? '38.500' : '154.000', 'it is of the model where it is computed');
	is($loss->('(SELECT * FROM remote.rows OFFSET 0) r'), '154.000', 'behind OFFSET 0 it is of the model here');
	is($node->safe_psql('postgres', "SELECT sum((nnet.predict('models.s', x))[1]) FROM remote.rows"), 275,
		'predictions are of the model here: they are never sent');
	is($node->safe_psql('postgres', "SELECT count(*) FROM remote.rows WHERE (nnet.predict('models.s', x))[1] > 40"), 2, '... in WHERE neither');
	my ($here, $there) = ($w->('postgres'), $w->('there'));
	$node->safe_psql('postgres', "SELECT nnet.fit('models.s', x, y) FROM remote.rows");
	my ($trained, $left) = $sent ? ('there', 'postgres') : ('postgres', 'there');
	is($w->($left), $left eq 'there' ? $there : $here, 'a fit of such rows trains one model');
	isnt($w->($trained), $trained eq 'there' ? $there : $here, '... that of where it is computed');
	($here, $there) = ($w->('postgres'), $w->('there'));
	$node->safe_psql('postgres', "SELECT nnet.fit('models.s', x, y) FROM (SELECT * FROM remote.rows OFFSET 0) r");
	isnt($w->('postgres'), $here, 'behind OFFSET 0 it trains the one here');
	is($w->('there'), $there, '... and no other');
	$node->safe_psql('postgres', "ALTER SERVER there OPTIONS (SET extensions '')");
	$here = $w->('postgres');
	$node->safe_psql('postgres', "SELECT nnet.fit('models.s', x, y) FROM remote.rows");
	isnt($w->('postgres'), $here, 'as it does where the extension is not listed');
	cmp_ok(abs($node->safe_psql('postgres', "SELECT (nnet.predict('remote.s', 1.0))[1]") - $there), '<', 1e-5,
		'a foreign table predicts');
	refused('postgres', "SELECT nnet.fit('remote.s', x, y) FROM rows", qr/"remote.s" cannot be trained/, '... but is not trained');
}

# ---- what is no model ----

$node->safe_psql('postgres', 'CREATE SEQUENCE sequence; CREATE TYPE pair AS (a int, b int); CREATE TABLE parted (LIKE shell) PARTITION BY LIST (layer)');
for my $relation ('pg_class', 'sequence', 'pair', 'e_pkey', 'rows', 'pg_toast.pg_toast_1255')
{
	my $oid = $node->safe_psql('postgres', "SELECT '$relation'::regclass::oid");

	refused('postgres', "SELECT $_", qr/is not a model/, "$relation is not a model: $_")
	  for "nnet.predict($oid, 1.0)", "nnet.fit($oid, 1.0, 1.0)", "nnet.evaluate($oid, 1.0, 1.0)", "nnet.compile($oid, 'mse')";
}
refused('postgres', "SELECT nnet.fit('parted', 1.0, 1.0)", qr/cannot be trained/, 'nor is a partitioned table for training');

# ---- a privilege that goes while a transaction predicts ----

$node->safe_psql('postgres', q(
	CREATE ROLE reader; GRANT SELECT ON e TO reader;
	CREATE FUNCTION w() RETURNS real LANGUAGE plpgsql AS $$ BEGIN RETURN (nnet.predict('e', 1.0))[1]; END $$));
my $reader = session($node);
$reader->query('SET ROLE reader');
$reader->query('BEGIN ISOLATION LEVEL REPEATABLE READ');
is($reader->query('SELECT w()'), 2, 'a model of someone else');
$node->safe_psql('postgres', 'REVOKE SELECT ON e FROM reader');
like($reader->query("DO \$\$ BEGIN PERFORM w(); RAISE NOTICE 'read'; EXCEPTION WHEN insufficient_privilege THEN PERFORM set_config('test.refused', 'yes', false); END \$\$;
	SELECT current_setting('test.refused', true)"), qr/^yes$/, 'is refused as soon as that is known');
$reader->quit;

done_testing();
