# A hot standby predicts with the model as the primary last committed it,
# refuses to train, and trains once promoted.

use strict;
use warnings;
use NnetNode;
use PostgreSQL::Test::Cluster;
use Test::More;

# Row by row, since it is compared to the bit: the first query of a session reads no
# rows ahead, and products of one row round otherwise than those of many.
my $primary = new_node('primary', streaming => 1, conf => { 'nnet.batch_predict' => 'off' });
make_rows($primary, 'rows', 1000);
make_model($primary, 'm');
my $fit = fit_sql('m', 'rows', epochs => 2);
$primary->safe_psql('postgres', $fit);
$primary->backup('base');

my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($primary, 'base', has_streaming => 1);
$standby->start;
$primary->wait_for_catchup($standby);

my $predictions = "SELECT md5(string_agg(nnet.predict('m', x)::text, ',' ORDER BY id)) FROM rows";
my $evaluation = "SELECT nnet.evaluate('m', x, y) - 'seconds' FROM rows";
my $first = $primary->safe_psql('postgres', $predictions);

# One session at the standby all along, so that its cached model has to follow.
my $reader = session($standby);
is($reader->query_safe($predictions), $first, 'the standby predicts as the primary');
is($reader->query_safe($evaluation), $primary->safe_psql('postgres', $evaluation), 'and evaluates as it');
$reader->query_safe($_)
  for "SELECT * FROM nnet.summary('m')", "SELECT * FROM nnet.history('m')", 'SELECT * FROM nnet.models',
  "SELECT nnet.classify('m', x) FROM rows", "SELECT nnet.predict_batch('m', x) OVER () FROM rows";
pass('summary, history, models, classify and predict_batch work as well');

$reader->query($fit);
like(error_of($reader), qr/read-only transaction|during recovery/, 'training is refused');

$primary->safe_psql('postgres', $fit);
$primary->wait_for_catchup($standby);
my $second = $primary->safe_psql('postgres', $predictions);
isnt($second, $first, 'the primary trained on');
is($reader->query_safe($predictions), $second, 'the standby follows, in the same session');

$primary->safe_psql('postgres', "BEGIN; CREATE TABLE copy AS TABLE m; TRUNCATE m; INSERT INTO m SELECT layer, part, kind, name,
	inputs, config, (SELECT array_agg(-w ORDER BY i) FROM unnest(weights) WITH ORDINALITY AS u (w, i)), slots FROM copy; COMMIT");
$primary->wait_for_catchup($standby);
isnt($reader->query_safe($predictions), $second, 'and follows a table filled anew');
is($reader->query_safe($predictions), $primary->safe_psql('postgres', $predictions), 'exactly');
$reader->quit;

$primary->stop;
$standby->promote;
$standby->safe_psql('postgres', $fit);
is($standby->safe_psql('postgres', "SELECT count(*) FROM nnet.history('m')"), 6, 'promoted, it trains');
ok(no_crash_in($standby), 'no process crashed');
$standby->stop;
done_testing();
