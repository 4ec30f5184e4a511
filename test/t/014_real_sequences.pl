# Recurrent networks on real sequences: speakers by their vowels, pictures row by
# row, the airline's passengers.

use strict;
use warnings;
use NnetNode;
use RealData;
use Test::More;

my $node = new_node('sequences', conf => { maintenance_work_mem => '256MB', max_parallel_maintenance_workers => 1 });

sub accuracy
{
	my ($seed, $layers, $x, $table, $options, $optimizer) = @_;

	return $node->safe_psql('postgres', "
		SELECT setseed($seed / 10.0) \\g /dev/null
		SELECT nnet.create_model('m', $layers) \\g /dev/null
		SELECT nnet.compile('m', 'sparse_categorical_crossentropy', @{[ $optimizer // 'nnet.adam()' ]}, '{accuracy}') \\g /dev/null
		SELECT nnet.fit('m', $x, label, nnet.options($options, seed => $seed)) FROM ${table}_train \\g /dev/null
		SELECT nnet.evaluate('m', $x, label) ->> 'accuracy' FROM ${table}_test;
		DROP TABLE m");
}

# ---- speakers: sequences of 7 to 29 steps of 12 values ----

SKIP:
{
	skip 'Japanese vowels are not in NNET_DATA', 1 unless data_file('japanese-vowels/JapaneseVowels_TRAIN.ts');
	for my $part ('train', 'test')
	{
		load_lines($node, "lines_$part", data_file("japanese-vowels/JapaneseVowels_\U$part\E.ts"));
		# channels are separated by colons and transposed to steps; the label is last
		$node->safe_psql('postgres', "CREATE TABLE vowels_$part AS
			SELECT id, label, (SELECT array_agg(values ORDER BY step) FROM (
				SELECT step, array_agg(value::real ORDER BY channel) AS values
				FROM unnest(f[1:12]) WITH ORDINALITY AS c (channel_values, channel),
					unnest(string_to_array(channel_values, ',')) WITH ORDINALITY AS v (value, step)
				GROUP BY step) AS steps) AS x
			FROM lines_$part, string_to_array(line, ':') AS f, LATERAL (SELECT trim(f[13]) AS label) AS l
			WHERE cardinality(f) = 13");
	}
	is($node->safe_psql('postgres', 'SELECT count(*), min(cardinality(x)), max(cardinality(x)) FROM vowels_train'),
		'270|84|312', 'vowels: 270 sequences of 7 to 26 steps');
	my $layers = "nnet.input(NULL, 12), nnet.bidirectional(nnet.lstm(32)), nnet.dropout(0.3), nnet.dense(9, activation => 'softmax')";
	cmp_ok(median_of_seeds('vowels', sub { accuracy($_[0], $layers, 'x', 'vowels', 'epochs => 60, batch_size => 16', 'nnet.adam(0.003)') }),
		'>=', 0.95, 'Japanese vowels: test accuracy');
}

# ---- pictures as 28 steps of 28 values ----

SKIP:
{
	skip 'Fashion-MNIST is not in NNET_DATA', 1 unless data_file('fashion-mnist/train-images-idx3-ubyte.gz');
	load_idx($node, 'fashion_train', map { data_file("fashion-mnist/train-$_-ubyte.gz") } 'images-idx3', 'labels-idx1');
	load_idx($node, 'fashion_test', map { data_file("fashion-mnist/t10k-$_-ubyte.gz") } 'images-idx3', 'labels-idx1');
	my $layers = "nnet.input(28, 28), nnet.rescaling(1.0 / 255), nnet.lstm(64, return_sequences => true), nnet.lstm(64),
		nnet.dense(10, activation => 'softmax')";
	cmp_ok(median_of_seeds('Fashion-MNIST, recurrent', sub { accuracy($_[0], $layers, 'pixels', 'fashion', 'epochs => 5') }),
		'>=', 0.86, 'Fashion-MNIST, recurrent: test accuracy');
}

# ---- passengers: 24 months from the years before ----

SKIP:
{
	my $file = data_file('airline-passengers/airline-passengers.csv');
	skip 'airline passengers are not in NNET_DATA', 1 unless $file;
	$node->safe_psql('postgres', 'CREATE TABLE airline (month text, passengers real, id serial)');
	$node->command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('postgres'), '-c',
			"\\copy airline (month, passengers) FROM '$file' (FORMAT csv, HEADER)" ], 'airline is loaded');
	# Logarithms of what each month is to the month before: the year's pattern
	# without the trend.  A forecast adds them up.
	my $error = median_of_seeds(
		'airline',
		sub {
			my ($seed) = @_;
			return $node->safe_psql('postgres', "
				CREATE TABLE growth AS SELECT id, (10 * ln(passengers / lag(passengers) OVER (ORDER BY id)))::real AS g FROM airline;
				SELECT setseed($seed / 10.0) \\g /dev/null
				SELECT nnet.create_model('a', nnet.input(12, 1), nnet.lstm(32), nnet.dense(1)) \\g /dev/null
				SELECT nnet.compile('a', 'mse', nnet.adam(0.005)) \\g /dev/null
				SELECT nnet.fit('a', before, g, nnet.options(epochs => 150, batch_size => 8, seed => $seed)) FROM (
					SELECT id, g, array_agg(g) OVER (ORDER BY id ROWS BETWEEN 12 PRECEDING AND 1 PRECEDING) AS before
					FROM growth WHERE id BETWEEN 2 AND 120) AS windows WHERE cardinality(before) = 12 \\g /dev/null
				SELECT avg(abs(passengers - last * exp(total / 10)))
				FROM (SELECT 120 + n AS id, sum(g) OVER (ORDER BY n) AS total
					FROM unnest((SELECT nnet.forecast('a', array_agg(g ORDER BY id), 24) FROM growth WHERE id BETWEEN 2 AND 120))
						WITH ORDINALITY AS f (g, n)) AS forecast
					JOIN airline USING (id), (SELECT passengers AS last FROM airline WHERE id = 120) AS december;
				DROP TABLE a, growth");
		});
	my $naive = $node->safe_psql('postgres', 'SELECT avg(abs(a.passengers - b.passengers)) FROM airline AS a
		JOIN airline AS b ON b.id = 108 + 1 + (a.id - 121) % 12 WHERE a.id > 120');
	note "seasonal-naive: $naive";
	cmp_ok($error, '<', $naive, 'airline: the forecast of 24 months beats the same month of the year before');
}

ok(no_crash_in($node), 'no process crashed');
$node->stop;
done_testing();
