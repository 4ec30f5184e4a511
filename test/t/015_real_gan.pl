# A convolutional generator learns to draw clothes: a classifier that was trained
# on real pictures finds many kinds among the drawn ones, and none too often.

use strict;
use warnings;
use NnetNode;
use RealData;
use Test::More;

plan skip_all => 'Fashion-MNIST is not in NNET_DATA' unless data_file('fashion-mnist/train-images-idx3-ubyte.gz');

my $node = new_node('gan', conf => { maintenance_work_mem => '256MB', max_parallel_maintenance_workers => 1 });

load_idx($node, 'fashion_train', map { data_file("fashion-mnist/train-$_-ubyte.gz") } 'images-idx3', 'labels-idx1');
load_idx($node, 'fashion_test', map { data_file("fashion-mnist/t10k-$_-ubyte.gz") } 'images-idx3', 'labels-idx1');

$node->safe_psql(
	'postgres', "
	SELECT setseed(0.5);
	SELECT nnet.create_model('expert', nnet.input(784), nnet.rescaling(1.0 / 255), nnet.dense(128, activation => 'relu'),
		nnet.dense(10, activation => 'softmax'));
	SELECT nnet.compile('expert', 'sparse_categorical_crossentropy', metrics => '{accuracy}');
	SELECT nnet.fit('expert', pixels, label, nnet.options(epochs => 5, batch_size => 128, seed => 1)) FROM fashion_train;

	SELECT nnet.create_model('painter', nnet.input(64),
		nnet.dense(7 * 7 * 64, use_bias => false), nnet.batch_normalization(), nnet.leaky_relu(0.2), nnet.reshape('{7,7,64}'),
		nnet.conv2d_transpose(32, 4, strides => 2, padding => 'same', use_bias => false),
		nnet.batch_normalization(), nnet.leaky_relu(0.2),
		nnet.conv2d_transpose(1, 4, strides => 2, padding => 'same', activation => 'sigmoid'), nnet.rescaling(255));
	SELECT nnet.create_model('critic', nnet.input(28, 28, 1), nnet.rescaling(1 / 127.5, -1),
		nnet.conv2d(32, 4, strides => 2, padding => 'same'), nnet.leaky_relu(0.2), nnet.dropout(0.3),
		nnet.conv2d(64, 4, strides => 2, padding => 'same'), nnet.leaky_relu(0.2), nnet.dropout(0.3),
		nnet.flatten(), nnet.dense(1, activation => 'sigmoid'));
	SELECT nnet.compile('painter', 'binary_crossentropy', nnet.adam(0.0004, beta_1 => 0.5));
	SELECT nnet.compile('critic', 'binary_crossentropy', nnet.adam(0.0002, beta_1 => 0.5));
	SELECT nnet.fit_gan('painter', 'critic', pixels,
		nnet.gan_options(epochs => 3, batch_size => 64, label_smoothing => 0.1, seed => 1)) FROM fashion_train;
	CREATE TABLE drawn AS SELECT r AS pixels FROM nnet.generate('painter', 1000, seed => 1) AS r");

cmp_ok($node->safe_psql('postgres', "SELECT nnet.evaluate('expert', pixels, label) ->> 'accuracy' FROM fashion_test"),
	'>', 0.84, 'the expert knows clothes');
my @kinds = split /\n/, $node->safe_psql('postgres',
	"SELECT count(*) FROM drawn GROUP BY nnet.classify('expert', pixels) ORDER BY 1 DESC");
note "kinds of 1000 drawn pictures: @kinds";
cmp_ok(scalar @kinds, '>=', 8, 'it finds eight of the ten kinds or more');
cmp_ok($kinds[0], '<=', 500, 'none makes up more than half');

# brightness, and how much pictures differ in it, are those of real ones
my ($drawn, $real) = map {
	[ split /\|/, $node->safe_psql('postgres', "SELECT avg(b), stddev(b) FROM (SELECT $_) AS s") ]
} '(SELECT avg(p) FROM unnest(pixels) AS p) AS b FROM drawn',
	'(SELECT avg(get_byte(pixels, i)) FROM generate_series(0, 783) AS i) AS b FROM fashion_test LIMIT 1000';
note "brightness drawn: @$drawn, real: @$real";
cmp_ok(abs($drawn->[0] - $real->[0]), '<', 20, 'brightness is that of real pictures');
cmp_ok($drawn->[1], '>', 0.5 * $real->[1], 'so is its spread');

ok(no_crash_in($node), 'no process crashed');
$node->stop;
done_testing();
