# Rows of another server, by postgres_fdw: predictions by values are made there where
# they are conditions, and aggregates of values whole, if the server is said to have
# nnet; so partitions on other servers are trained on there.

use strict;
use warnings;
use NnetNode;
use PostgreSQL::Test::Utils;
use Test::More;

my ($here, $there) = map { new_node($_, conf => { max_parallel_maintenance_workers => 1 }) } 'here', 'there';
my ($status) = $here->psql('postgres', 'CREATE EXTENSION postgres_fdw');

if ($status != 0)
{
	$_->stop for $here, $there;
	plan skip_all => 'postgres_fdw is not installed';
}
for my $node ($here, $there)
{
	make_rows($node, 'rows', 1000);
	$node->safe_psql('postgres', 'ALTER TABLE rows ADD name text; UPDATE rows SET name = y');
}
make_model($here, 'm');
$here->safe_psql('postgres', fit_sql('m', 'rows', epochs => 3));
my $value = $here->safe_psql('postgres', "SELECT nnet.pack('m', slots => false)");
my ($host, $port) = ($there->host, $there->port);
$here->safe_psql(
	'postgres', "CREATE SERVER there FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '$host', port '$port', dbname 'postgres');
	CREATE USER MAPPING FOR PUBLIC SERVER there OPTIONS (user '" . $here->safe_psql('postgres', 'SELECT current_user') . "');
	CREATE FOREIGN TABLE far (id integer, x real[], y integer, name text) SERVER there OPTIONS (table_name 'rows')");

sub remote
{
	my ($sql) = @_;
	my ($remote) = $here->safe_psql('postgres', "EXPLAIN (VERBOSE, COSTS OFF) $sql") =~ /Remote SQL: (.*)/;
	return $remote;
}

my $classes = "SELECT count(*) FROM far WHERE nnet.classify_value('$value', x) = name";
my $outputs = "SELECT sum(id) FROM far WHERE (nnet.predict_value('$value'::nnet.model, x))[2] > 0.5";
unlike(remote($classes), qr/classify_value/, 'what the server is not said to have is not sent');
my $local = $here->safe_psql('postgres', $classes);
is($local, $here->safe_psql('postgres', $classes =~ s/far/rows/r), 'and runs here');
$here->safe_psql('postgres', "ALTER SERVER there OPTIONS (ADD extensions 'nnet')");
for my $sql ($classes, $outputs)
{
	my ($function) = $sql =~ /(\w+_value)/;

	like(remote($sql), qr/WHERE .*nnet\.$function\(/, "$function is sent");
	unlike(remote($sql), qr/^SELECT .*\bx\b.* FROM/, 'and no x comes here');
	is($here->safe_psql('postgres', $sql), $here->safe_psql('postgres', $sql =~ s/far/rows/r), 'with the results of here');
}
# PostgreSQL does not send the comparison of a text that is no column
unlike(remote("SELECT count(*) FROM far WHERE nnet.classify_value('$value', x) = '1'"), qr/classify/, 'a label that is compared with a constant stays here');
# by a table it cannot be: what that table is depends on the server
unlike(remote("SELECT id FROM far WHERE nnet.classify('m', x) = '1'"), qr/classify/, 'predictions by a table are not sent');

# aggregates of values are sent whole
my $order = 'nnet.options(seed => 1) ORDER BY id';
for my $sql ("SELECT round((nnet.evaluate(nnet.score_value('$value'::nnet.model, x, y)) ->> 'loss')::numeric, 6) FROM far",
	"SELECT md5(nnet.fit_value('$value'::nnet.model, x, y, $order)::text) FROM far")
{
	my ($function) = $sql =~ /(score_value|fit_value)/;

	like(remote($sql), qr/^SELECT .*nnet\.$function\(/, "an aggregate of $function runs there");
	is($here->safe_psql('postgres', $sql), $here->safe_psql('postgres', $sql =~ s/far/rows/r), 'with the results of here');
}

# ---- partitions on two servers, trained on in rounds ----

$here->safe_psql(
	'postgres', 'CREATE TABLE both_servers (bucket integer, x real[], y integer) PARTITION BY LIST (bucket);
	CREATE TABLE near PARTITION OF both_servers FOR VALUES IN (0);
	CREATE FOREIGN TABLE apart PARTITION OF both_servers FOR VALUES IN (1) SERVER there;
	INSERT INTO near SELECT 0, x, y FROM rows WHERE id % 2 = 0');
$there->safe_psql('postgres', 'CREATE TABLE apart AS SELECT 1 AS bucket, x, y FROM rows WHERE id % 2 = 1');
$there->append_conf('postgresql.conf', 'log_statement = all');
$there->reload;
for my $by ('bucket', 'bucket + 1')
{
	my $start = -s $there->logfile;
	my ($code, $out, $err) = $here->psql('postgres', "CALL nnet.fit_rounds('m', 'SELECT $by, x, y FROM both_servers', 2, nnet.options(seed => 1))");
	my $asked = substr slurp_file($there->logfile), $start;

	is($code, 0, "partitions of several servers are trained on in rounds, by $by") or diag $err;
	if ($by eq 'bucket')
	{
		unlike($err, qr/travel/, 'where they are');
		like($asked, qr/SELECT bucket, .*nnet\.fit_bucket\(/, 'by that server');
	}
	else
	{
		like($err, qr/NOTICE:  model "m": all rows travel to this server in each round/, 'or it is told that their rows travel');
		unlike($asked, qr/fit_value|fit_bucket/, 'which they do');
	}
}
is($here->safe_psql('postgres', "SELECT string_agg(samples::text, ' ') FROM nnet.history('m') WHERE epoch > 3"), '1000 1000 1000 1000', 'each row once');

$_->stop for $here, $there;
done_testing();
