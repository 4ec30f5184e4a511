# Convolutional networks on real pictures.

use strict;
use warnings;
use NnetNode;
use RealData;
use Test::More;

my $node = new_node('images', conf => { maintenance_work_mem => '256MB', max_parallel_maintenance_workers => 1 });

sub accuracy
{
	my ($seed, $layers, $x, $table, $options) = @_;

	return $node->safe_psql('postgres', "
		SELECT setseed($seed / 10.0) \\g /dev/null
		SELECT nnet.create_model('m', $layers) \\g /dev/null
		SELECT nnet.compile('m', 'sparse_categorical_crossentropy', metrics => '{accuracy}') \\g /dev/null
		SELECT nnet.fit('m', $x, label, nnet.options($options, seed => $seed)) FROM ${table}_train \\g /dev/null
		SELECT nnet.evaluate('m', $x, label) ->> 'accuracy' FROM ${table}_test;
		DROP TABLE m");
}

# ---- digits, 8 x 8 ----

SKIP:
{
	skip 'digits-8x8 is not in NNET_DATA', 1 unless data_file('digits-8x8/optdigits.tra');
	for (['train', 'tra'], ['test', 'tes'])
	{
		load_lines($node, "lines_$_->[0]", data_file("digits-8x8/optdigits.$_->[1]"));
		$node->safe_psql('postgres', "CREATE TABLE digits_$_->[0] AS SELECT a[1:64]::real[] AS pixels, a[65]::integer AS label
			FROM lines_$_->[0], string_to_array(line, ',') AS a");
	}
	my $layers = "nnet.input(8, 8, 1), nnet.rescaling(1.0 / 16), nnet.conv2d(32, 3, activation => 'relu'),
		nnet.conv2d(64, 3, activation => 'relu'), nnet.max_pooling2d(2), nnet.dropout(0.25), nnet.flatten(),
		nnet.dense(128, activation => 'relu'), nnet.dropout(0.5), nnet.dense(10, activation => 'softmax')";
	cmp_ok(median_of_seeds('digits', sub { accuracy($_[0], $layers, 'pixels', 'digits', 'epochs => 20') }),
		'>=', 0.97, 'digits 8x8: test accuracy');
}

# ---- Fashion-MNIST, the classic network ----

SKIP:
{
	skip 'Fashion-MNIST is not in NNET_DATA', 1 unless data_file('fashion-mnist/train-images-idx3-ubyte.gz');
	load_idx($node, 'fashion_train', map { data_file("fashion-mnist/train-$_-ubyte.gz") } 'images-idx3', 'labels-idx1');
	load_idx($node, 'fashion_test', map { data_file("fashion-mnist/t10k-$_-ubyte.gz") } 'images-idx3', 'labels-idx1');
	my $layers = "nnet.input(28, 28, 1), nnet.rescaling(1.0 / 255), nnet.conv2d(32, 3, activation => 'relu'),
		nnet.max_pooling2d(2), nnet.conv2d(64, 3, activation => 'relu'), nnet.max_pooling2d(2), nnet.flatten(),
		nnet.dense(64, activation => 'relu'), nnet.dense(10, activation => 'softmax')";
	cmp_ok(median_of_seeds('Fashion-MNIST, convolutional',
			sub { accuracy($_[0], $layers, 'pixels', 'fashion', 'epochs => 7') }),
		'>=', 0.90, 'Fashion-MNIST, convolutional: test accuracy');
}

ok(no_crash_in($node), 'no process crashed');
$node->stop;
done_testing();
