# A model goes where its table goes: pg_dump, COPY, a whole database, logical
# replication; and it predicts and trains there as it did here.

use strict;
use warnings;
use NnetNode;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_node('dump', streaming => 'logical');
make_rows($node, 'rows', 500);
make_model($node, 'm');
$node->safe_psql('postgres', fit_sql('m', 'rows', epochs => 3));

# Text of real is exact: equal text is equal weights.
my $predictions = "SELECT md5(string_agg(nnet.predict('m', x)::text, ',' ORDER BY id)) FROM rows";
my $here = $node->safe_psql('postgres', $predictions);
my $folder = PostgreSQL::Test::Utils::tempdir();

# ---- one table ----

$node->command_ok([ 'pg_dump', '-t', 'm', '-t', 'rows', '-f', "$folder/m.sql", '-d', $node->connstr('postgres') ],
	'pg_dump of one model');
$node->safe_psql('postgres', 'CREATE DATABASE other');
$node->safe_psql('other', 'CREATE EXTENSION nnet');
$node->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', "$folder/m.sql", '-d', $node->connstr('other') ],
	'restored into a fresh database');
is($node->safe_psql('other', $predictions), $here, 'identical predictions');
is(weights_of($node, 'm', 'other'), weights_of($node, 'm'), 'identical weights, optimizer state and history');
is($node->safe_psql('other', 'SELECT model::text FROM nnet.models'), 'm', 'it is a model there');

# Training goes on from the same state, so the same rows give the same weights.
my $more = fit_sql('m', 'rows', epochs => 2, seed => 7);
$node->safe_psql($_, $more) for 'postgres', 'other';
is($node->safe_psql('other', $predictions), $node->safe_psql('postgres', $predictions),
	'training continues exactly');

# ---- a whole database, with the extension ----

$here = $node->safe_psql('postgres', $predictions);
$node->command_ok([ 'pg_dump', '-Fc', '-f', "$folder/all.dump", '-d', $node->connstr('postgres') ], 'pg_dump of all');
$node->safe_psql('postgres', 'CREATE DATABASE whole');
$node->command_ok([ 'pg_restore', '-e', '-j', '2', '-d', $node->connstr('whole'), "$folder/all.dump" ],
	'restored, the extension too');
is($node->safe_psql('whole', $predictions), $here, 'identical predictions');

# ---- COPY, as text and binary, into an empty model table ----

for my $format ('text', 'csv', 'binary')
{
	$node->safe_psql('postgres', "COPY m TO '$folder/m.$format' (FORMAT $format)");
	$node->safe_psql('other', "TRUNCATE m; COPY m FROM '$folder/m.$format' (FORMAT $format)");
	is($node->safe_psql('other', $predictions), $here, "copied as $format: identical predictions");
}

# ---- logical replication ----

$node->safe_psql('postgres', 'CREATE DATABASE subscriber');
$node->safe_psql('subscriber', 'CREATE EXTENSION nnet; CREATE TABLE m OF nnet.layer (PRIMARY KEY (layer, part));
	CREATE TABLE rows (id integer, x real[], y integer)');
$node->safe_psql('subscriber', "INSERT INTO rows SELECT i, ARRAY[sin(i), cos(i), i % 3, (i % 7) / 7.0]::real[], i % 3
	FROM generate_series(1, 500) AS i");
$node->safe_psql('postgres', 'CREATE PUBLICATION models FOR TABLE m');
# within one server the slot must be made beforehand
$node->safe_psql('postgres', "SELECT pg_create_logical_replication_slot('models', 'pgoutput')");
my $publisher = $node->connstr('postgres');
$publisher =~ s/'/''/g;
$node->safe_psql('subscriber', "CREATE SUBSCRIPTION models CONNECTION '$publisher' PUBLICATION models
	WITH (create_slot = false, slot_name = 'models')");
$node->wait_for_subscription_sync($node, 'models', 'subscriber');
is($node->safe_psql('subscriber', $predictions), $here, 'replicated: identical predictions');
$node->safe_psql('postgres', $more);
$node->wait_for_catchup('models');
is($node->safe_psql('subscriber', $predictions), $node->safe_psql('postgres', $predictions),
	'trained at the publisher: the subscriber follows');

$node->safe_psql('subscriber', 'ALTER SUBSCRIPTION models DISABLE; ALTER SUBSCRIPTION models SET (slot_name = NONE)');
$node->safe_psql('subscriber', 'DROP SUBSCRIPTION models');
$node->safe_psql('postgres', "SELECT pg_drop_replication_slot('models')");
ok(no_crash_in($node), 'no process crashed');
$node->stop;
done_testing();
