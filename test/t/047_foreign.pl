# Rows of another server, by postgres_fdw: predictions by values are made there where
# they are conditions, if the server is said to have nnet; what is not sent runs here,
# with the same results.

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
make_rows($_, 'rows', 1000) for $here, $there;
make_model($here, 'm');
$here->safe_psql('postgres', fit_sql('m', 'rows', epochs => 3));
my $value = $here->safe_psql('postgres', "SELECT nnet.pack('m', slots => false)");
my ($host, $port) = ($there->host, $there->port);
$here->safe_psql(
	'postgres', "CREATE SERVER there FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '$host', port '$port', dbname 'postgres');
	CREATE USER MAPPING FOR PUBLIC SERVER there OPTIONS (user '" . $here->safe_psql('postgres', 'SELECT current_user') . "');
	CREATE FOREIGN TABLE far (id integer, x real[], y integer) SERVER there OPTIONS (table_name 'rows')");

sub remote
{
	my ($sql) = @_;
	my ($remote) = $here->safe_psql('postgres', "EXPLAIN (VERBOSE, COSTS OFF) $sql") =~ /Remote SQL: (.*)/;
	return $remote;
}

my $classes = "SELECT count(*) FROM far WHERE nnet.classify_value('$value', x) = '1'";
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
# by a table it cannot be: what that table is depends on the server
unlike(remote("SELECT id FROM far WHERE nnet.classify('m', x) = '1'"), qr/classify/, 'predictions by a table are not sent');

# what is not sent has its rows brought here
my $near = sub { my ($sql) = @_; return $here->safe_psql('postgres', $sql =~ s/far/rows/r) };
for my $sql ("SELECT nnet.evaluate(nnet.score_value('$value'::nnet.model, x, y)) FROM (SELECT * FROM far ORDER BY id) AS r",
	"SELECT md5(nnet.fit_value('$value'::nnet.model, x, y, nnet.options(seed => 1) ORDER BY id)::text) FROM far")
{
	is($here->safe_psql('postgres', $sql), $near->($sql =~ s/\(SELECT \* FROM far ORDER BY id\)/(SELECT * FROM far ORDER BY id)/r), 'the same as over rows that are here');
}

# ---- partitions on two servers, trained on in rounds ----

$here->safe_psql(
	'postgres', 'CREATE TABLE both_servers (id integer, x real[], y integer) PARTITION BY LIST ((id % 2));
	CREATE TABLE near PARTITION OF both_servers FOR VALUES IN (0);
	CREATE FOREIGN TABLE apart PARTITION OF both_servers FOR VALUES IN (1) SERVER there;
	INSERT INTO near SELECT * FROM rows WHERE id % 2 = 0');
$there->safe_psql('postgres', 'CREATE TABLE apart AS SELECT * FROM rows WHERE id % 2 = 1');
my ($code, $out, $err) = $here->psql('postgres', "CALL nnet.fit_rounds('m', 'SELECT id % 2, x, y FROM both_servers', 2, nnet.options(seed => 1))");
is($code, 0, 'partitions of several servers are trained on in rounds') or diag $err;
like($err, qr/NOTICE:  model "m": all rows travel to this server in each round/, 'and it is told that their rows travel');
is($here->safe_psql('postgres', "SELECT string_agg(samples::text, ' ') FROM nnet.history('m') WHERE epoch > 3"), '1000 1000', 'all of them, each once');

$_->stop for $here, $there;
done_testing();
