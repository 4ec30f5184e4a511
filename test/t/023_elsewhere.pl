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

done_testing();
