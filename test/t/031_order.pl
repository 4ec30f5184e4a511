# Rows beyond memory: shuffled from a temporary file that is read in large pieces,
# once an epoch; and as good as shuffled in memory, though they come sorted.

use strict;
use warnings;
use NnetNode;
use RealData;
use Test::More;

my $node = new_node('order', conf => { maintenance_work_mem => '256MB', max_parallel_maintenance_workers => 1 });

# ---- reading ----

# 60,000 rows of 812 bytes in the file, three epochs.
my ($rows, $bytes, $epochs) = (60000, 812, 3);
$node->safe_psql(
	'postgres', "
	CREATE TABLE many AS SELECT v.x, i % 10 AS y
		FROM (SELECT v, array_agg(sin(v * 1000 + k)::real) AS x FROM generate_series(1, 100) v, generate_series(1, 200) k GROUP BY v) v,
			generate_series(1, $rows / 100) i");
make_model($node, 'm', inputs => 200, units => 4, classes => 10);

# What a process has read: calls and bytes.
sub reads_of
{
	my ($pid) = @_;
	my $text = NnetNode::slurp("/proc/$pid/io");

	return map { $text =~ /^$_: (\d+)/m } 'syscr', 'rchar';
}

# A fit's reads beyond those of the same fit in memory.
sub reads_of_fit
{
	my ($query) = @_;
	my $session = session($node);
	my $pid = backend_of($session);
	my @read;

	$session->query_safe($query);
	for my $memory ('256MB', '4MB')
	{
		$session->query_safe("SET maintenance_work_mem = '$memory'");
		my @before = reads_of($pid);
		$session->query_safe($query);
		my @after = reads_of($pid);
		push @read, [ $after[0] - $before[0], $after[1] - $before[1] ];
	}
	$session->quit;
	return map { $read[1][$_] - $read[0][$_] } 0, 1;
}

SKIP:
{
	my $session = session($node);
	my ($calls) = reads_of(backend_of($session));
	$session->quit;
	skip 'this machine does not tell what a process reads', 6 unless defined $calls;
	for my $try (
		[ 'shuffled', {} ], [ 'in their order', { shuffle => 'false' } ], [ 'some for validation', { validation_split => 0.3 } ])
	{
		my ($what, $options) = @$try;
		my ($calls, $read) = reads_of_fit(fit_sql('m', 'many', epochs => $epochs, %$options));
		my $once = $rows * $bytes;

		note "$what: $calls reads of $read bytes";
		cmp_ok($calls, '<', $epochs * $once / 32768, "$what: in pieces of 32 kB and more");
		cmp_ok(abs($read / ($epochs * $once) - 1), '<', 0.02, "$what: and each row once an epoch");
	}
}

# ---- Fashion-MNIST, sorted by label ----

SKIP:
{
	skip 'Fashion-MNIST is not in NNET_DATA', 1 unless data_file('fashion-mnist/train-images-idx3-ubyte.gz');
	load_idx($node, 'fashion_train', map { data_file("fashion-mnist/train-$_-ubyte.gz") } 'images-idx3', 'labels-idx1');
	load_idx($node, 'fashion_test', map { data_file("fashion-mnist/t10k-$_-ubyte.gz") } 'images-idx3', 'labels-idx1');
	my %accuracy;
	for my $memory ('256MB', '16MB')
	{
		for my $seed (1 .. 4)
		{
			$accuracy{$memory} += $node->safe_psql('postgres', "
				SET maintenance_work_mem = '$memory';
				SELECT setseed($seed / 10.0) \\g /dev/null
				SELECT nnet.create_model('f', nnet.input(784), nnet.rescaling(1.0 / 255), nnet.dense(64, activation => 'relu'),
					nnet.dense(10, activation => 'softmax')) \\g /dev/null
				SELECT nnet.compile('f', 'sparse_categorical_crossentropy', nnet.adam(nnet.cosine_decay(0.002, 1407)), '{accuracy}') \\g /dev/null
				SELECT nnet.fit('f', pixels, label, nnet.options(epochs => 3, batch_size => 128, seed => $seed))
					FROM (SELECT * FROM fashion_train ORDER BY label) AS s \\g /dev/null
				SELECT nnet.evaluate('f', pixels, label) ->> 'accuracy' FROM fashion_test;
				DROP TABLE f") / 4;
		}
		note "Fashion-MNIST, sorted by label, maintenance_work_mem = $memory: accuracy $accuracy{$memory}";
	}
	cmp_ok($accuracy{'256MB'}, '>', 0.85, 'Fashion-MNIST, sorted by label, in memory: test accuracy');
	cmp_ok($accuracy{'16MB'}, '>', $accuracy{'256MB'} - 0.005, 'from a file in 16 MB: half a point less at most');
}

is(scalar(temp_files_of($node)), 0, 'no temporary file is left');
ok(no_crash_in($node), 'no process crashed');
$node->stop;
done_testing();
