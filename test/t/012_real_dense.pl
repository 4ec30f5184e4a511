# Dense networks on real data reach what such networks are known to reach.

use strict;
use warnings;
use FindBin;
use NnetNode;
use PostgreSQL::Test::Utils;
use RealData;
use Test::More;

my $node = new_node('dense', conf => { maintenance_work_mem => '256MB', max_parallel_maintenance_workers => 1 });

# ---- iris: the mean accuracy of a five-fold cross-validation, in a few lines ----

my ($facts) = grep { -e } "$FindBin::Bin/../../demo/iris.sql", 'demo/iris.sql';
$node->safe_psql('postgres', slurp_file($facts));
my $iris = median_of_seeds(
	'iris',
	sub {
		my ($seed) = @_;
		return $node->safe_psql('postgres', "
			SELECT setseed($seed / 10.0) \\g /dev/null
			SELECT nnet.create_model('iris_' || k, nnet.input(4), nnet.normalization(), nnet.dense(16, activation => 'relu'),
				nnet.dense(3, activation => 'softmax')) FROM generate_series(0, 4) AS k \\g /dev/null
			SELECT nnet.compile(('iris_' || k)::regclass, 'sparse_categorical_crossentropy', nnet.adam(0.01), '{accuracy}')
				FROM generate_series(0, 4) AS k \\g /dev/null
			SELECT nnet.fit(('iris_' || k)::regclass, ROW(sepal_length, sepal_width, petal_length, petal_width), species,
				nnet.options(epochs => 60, batch_size => 16, seed => $seed))
				FROM iris, generate_series(0, 4) AS k WHERE id % 5 <> k GROUP BY k \\g /dev/null
			SELECT avg(a) FROM (SELECT (nnet.evaluate(('iris_' || id % 5)::regclass,
				ARRAY[sepal_length, sepal_width, petal_length, petal_width], species) ->> 'accuracy')::float8 AS a
				FROM iris GROUP BY id % 5) AS folds;
			DROP TABLE iris_0, iris_1, iris_2, iris_3, iris_4");
	});
cmp_ok($iris, '>=', 0.94, 'iris: mean accuracy of five folds');

# ---- Fashion-MNIST: 784-128-10 from bytes ----

my $images = 'fashion-mnist/train-images-idx3-ubyte.gz';
SKIP:
{
	skip 'Fashion-MNIST is not in NNET_DATA', 1 unless data_file($images);
	load_idx($node, 'fashion_train', map { data_file("fashion-mnist/train-$_-ubyte.gz") } 'images-idx3', 'labels-idx1');
	load_idx($node, 'fashion_test', map { data_file("fashion-mnist/t10k-$_-ubyte.gz") } 'images-idx3', 'labels-idx1');
	my $accuracy = median_of_seeds(
		'Fashion-MNIST, dense',
		sub {
			my ($seed) = @_;
			return $node->safe_psql('postgres', "
				SELECT setseed($seed / 10.0) \\g /dev/null
				SELECT nnet.create_model('f', nnet.input(784), nnet.rescaling(1.0 / 255), nnet.dense(128, activation => 'relu'),
					nnet.dense(10, activation => 'softmax')) \\g /dev/null
				SELECT nnet.compile('f', 'sparse_categorical_crossentropy', metrics => '{accuracy}') \\g /dev/null
				SELECT nnet.fit('f', pixels, label, nnet.options(epochs => 5, seed => $seed)) FROM fashion_train \\g /dev/null
				SELECT nnet.evaluate('f', pixels, label) ->> 'accuracy' FROM fashion_test;
				DROP TABLE f");
		});
	cmp_ok($accuracy, '>=', 0.865, 'Fashion-MNIST, dense: test accuracy');
}

# ---- California housing: 8-64-64-1, the error in dollars on a held-out fifth ----

SKIP:
{
	my $file = data_file('california-housing/housing.csv');
	skip 'California housing is not in NNET_DATA', 1 unless $file;
	$node->safe_psql('postgres', 'CREATE TABLE housing (longitude real, latitude real, age real, rooms real, bedrooms real,
		population real, households real, income real, value real, ocean text, id serial)');
	$node->command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('postgres'), '-c',
			"\\copy housing (longitude, latitude, age, rooms, bedrooms, population, households, income, value, ocean) FROM '$file' (FORMAT csv, HEADER)" ],
		'housing is loaded');
	my $x = 'ROW(longitude, latitude, age, rooms, bedrooms, population, households, income)';
	my $rows = 'FROM housing WHERE bedrooms IS NOT NULL AND hashint4(id) % 5';
	my $error = median_of_seeds(
		'California housing',
		sub {
			my ($seed) = @_;
			return $node->safe_psql('postgres', "
				SELECT setseed($seed / 10.0) \\g /dev/null
				SELECT nnet.create_model('h', nnet.input(8), nnet.normalization(), nnet.dense(64, activation => 'relu'),
					nnet.dense(64, activation => 'relu'), nnet.dense(1)) \\g /dev/null
				SELECT nnet.compile('h', 'mse', metrics => '{mae}') \\g /dev/null
				SELECT nnet.fit('h', $x, value / 100000, nnet.options(epochs => 20, seed => $seed)) $rows <> 0 \\g /dev/null
				SELECT 100000 * (nnet.evaluate('h', $x, value / 100000) ->> 'mae')::float8 $rows = 0;
				DROP TABLE h");
		});
	cmp_ok($error, '<', 40000, 'California housing: mean absolute error in dollars');
}

# ---- tables as they are: whole rows of numbers, gaps and categories, no column listed ----

SKIP:
{
	my ($train, $test) = map { data_file("adult/adult-$_.csv") } 'train', 'test';

	skip 'Adult is not in NNET_DATA', 2 unless $train;
	$node->safe_psql('postgres', "
		CREATE TABLE adult (age int, workclass text, fnlwgt int, education text, education_num int, marital_status text,
			occupation text, relationship text, race text, sex text, capital_gain int, capital_loss int,
			hours_per_week int, native_country text, income text);
		CREATE TABLE adult_test (LIKE adult);
		COPY adult FROM PROGRAM 'grep . $train' (FORMAT csv, NULL ' ?');
		COPY adult_test FROM PROGRAM 'grep , $test | sed s/[.]\$//' (FORMAT csv, NULL ' ?')");
	my ($accuracy, $auc) = split /\|/, $node->safe_psql('postgres', "
		SELECT setseed(0.5) \\g /dev/null
		SELECT nnet.create_model('income', nnet.features('adult', exclude => '{income}'),
			nnet.dense(64, activation => 'relu'), nnet.dense(1, activation => 'sigmoid')) \\g /dev/null
		SELECT nnet.compile('income', 'binary_crossentropy', metrics => '{accuracy,auc}') \\g /dev/null
		SELECT nnet.fit('income', a, income, nnet.options(epochs => 5, batch_size => 64, seed => 1)) FROM adult AS a \\g /dev/null
		SELECT e ->> 'accuracy', e ->> 'auc' FROM (SELECT nnet.evaluate('income', t, income) AS e FROM adult_test AS t) AS e");
	cmp_ok($accuracy, '>=', 0.85, 'Adult: test accuracy');
	cmp_ok($auc, '>=', 0.9, 'Adult: area under the curve');
}

SKIP:
{
	my $housing = data_file('california-housing/housing.csv');

	skip 'California housing is not in NNET_DATA', 1 unless $housing;
	$node->safe_psql('postgres', "
		CREATE TABLE blocks (id serial, longitude float8, latitude float8, housing_median_age float8, total_rooms float8,
			total_bedrooms float8, population float8, households float8, median_income float8,
			median_house_value float8, ocean_proximity text);
		COPY blocks (longitude, latitude, housing_median_age, total_rooms, total_bedrooms, population, households,
			median_income, median_house_value, ocean_proximity) FROM '$housing' (FORMAT csv, HEADER)");
	my $error = $node->safe_psql('postgres', "
		SELECT setseed(0.5) \\g /dev/null
		SELECT nnet.create_model('price', nnet.features('blocks', exclude => '{id,median_house_value}'),
			nnet.dense(128, activation => 'relu'), nnet.dense(64, activation => 'relu'), nnet.dense(1),
			nnet.normalization(invert => true)) \\g /dev/null
		SELECT nnet.compile('price', 'mae', nnet.adam(0.002)) \\g /dev/null
		SELECT nnet.fit('price', h, median_house_value, nnet.options(epochs => 40, batch_size => 64, seed => 1))
			FROM blocks AS h WHERE id % 5 <> 0 \\g /dev/null
		SELECT nnet.evaluate('price', h, median_house_value) ->> 'loss' FROM blocks AS h WHERE id % 5 = 0");
	cmp_ok($error, '<', 36000, 'California housing: mean absolute error');
}

$node->stop;
done_testing();
