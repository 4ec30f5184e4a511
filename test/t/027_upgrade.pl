# pg_upgrade: a cluster with models of every kind, and all that SQL can hang on a
# model, goes to a new server, copied and linked.  There every prediction is the
# same to the last bit, and training goes on as it would have.
#
# The old server is the one that is tested, or that of another version if
# NNET_OLD_PROGRAMS names the folder whose bin/ it is in, with nnet installed
# there (scripts/test-upgrade.sh).

use strict;
use warnings;
use NnetNode;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $programs = $ENV{NNET_OLD_PROGRAMS};
my $old = PostgreSQL::Test::Cluster->new('old', $programs ? (install_path => $programs) : ());
$old->init(extra => initdb_options($old));
$old->append_conf('postgresql.conf', 'nnet.threads = 2');
$old->start;
my $version = $old->safe_psql('postgres', "SELECT current_setting('server_version_num')::int / 10000");
note 'from PostgreSQL ', $old->safe_psql('postgres', "SELECT current_setting('server_version')");

# ---- models: layers, how they are compiled, trained and asked ----

my $bits = sub { "md5(string_agg(array_send($_[0]), '' ORDER BY id))" };
my $classes = "'sparse_categorical_crossentropy', metrics => '{accuracy}'";
my @models = (
	[ 'lab.dense', "nnet.input(4), nnet.normalization(), nnet.dense(16, activation => 'relu'), nnet.batch_normalization(),
		nnet.dropout(0.2), nnet.dense(3, activation => 'softmax')",
		"$classes, optimizer => nnet.adam(nnet.exponential_decay(0.01, 10, 0.9), clipnorm => 1)", 'x', 'colour' ],
	[ 'lab.given', "nnet.input(4), nnet.dense(3, activation => 'softmax')", "$classes, labels => '{red,grün,blue}'", 'x', 'colour' ],
	[ 'lab.conv', "nnet.input(8, 8, 1), nnet.rescaling(1 / 255.0), nnet.conv2d(4, 3, activation => 'relu', padding => 'same', name => 'stem'),
		nnet.separable_conv2d(4, 3, padding => 'same', name => 'branch'), nnet.add('{stem,branch}'), nnet.max_pooling2d(2),
		nnet.conv2d_transpose(2, 2, strides => 2), nnet.layer_normalization(), nnet.global_average_pooling2d(), nnet.dense(3, activation => 'softmax')",
		"$classes, optimizer => nnet.sgd(0.05, momentum => 0.9, nesterov => true)", 'pixels', 'y' ],
	[ 'lab.signal', "nnet.input(8, 2), nnet.conv1d(4, 3, padding => 'causal'), nnet.bidirectional(nnet.gru(4)), nnet.dense(1)",
		"'huber', optimizer => nnet.rmsprop(0.01, centered => true)", 'series', 'x[1]' ],
	[ 'lab.steps', "nnet.input(NULL, 2), nnet.masking(), nnet.lstm(6, return_sequences => true), nnet.simple_rnn(4), nnet.dense(1)",
		"'mse', optimizer => nnet.adamw(0.01)", 'series[:2 + id % 6]', 'x[1]' ],
	[ 'lab.weather', "nnet.input(8, 1), nnet.lstm(8), nnet.dense(1)", "'mae', optimizer => 'nadam'", 'before', 'x[1]' ],
	[ 'lab.mood', "nnet.input(1), nnet.text_vectorization(30), nnet.embedding(30, 6, mask_zero => true), nnet.lstm(6),
		nnet.dense(1, activation => 'sigmoid')", "'binary_crossentropy', optimizer => nnet.adam(0.01), metrics => '{accuracy,hinge}'", 'remark', 'y = 1' ],
	[ 'lab.writer', "nnet.input(1), nnet.text_vectorization(30, split => 'character', standardize => 'none', output_sequence_length => 8),
		nnet.embedding(30, 8), nnet.gru(12, return_sequences => true), nnet.dense(30, activation => 'softmax')",
		"'sparse_categorical_crossentropy', optimizer => nnet.lion(0.001)", 'left(remark, -1)', 'substr(remark, 2)' ],
	[ 'lab.scaled', "nnet.input(4), nnet.dense(8, activation => 'tanh', kernel_initializer => nnet.orthogonal(), kernel_regularizer => nnet.l1_l2(0.001, 0.001)),
		nnet.dense(1), nnet.normalization(invert => true)", "'mse', optimizer => nnet.adadelta()", 'x', '1000 + 100 * x[2]' ],
	# more than a megabyte, out of line
	[ 'lab.wide', "nnet.input(4), nnet.dense(600, activation => 'relu'), nnet.dense(600, activation => 'relu'), nnet.dense(3, activation => 'softmax')",
		$classes, 'x', 'y' ],
	[ '"Größe"."a ""model"" \'s"', "nnet.input(4), nnet.dense(3, activation => 'softmax')", $classes, 'x', 'y' ],
);
my %fit = map { $_->[0] => $_->[3] && "SELECT nnet.fit(" . quoted($_->[0]) . ", $_->[3], $_->[4], nnet.options(epochs => 3, batch_size => 8,
	validation_split => 0.1, seed => 5)) FROM (SELECT * FROM lab.rows ORDER BY id) AS r" } @models;

sub quoted
{
	my ($text) = @_;

	return "'" . ($text =~ s/'/''/gr) . "'";
}

$old->safe_psql('postgres', "CREATE ROLE keeper LOGIN; CREATE ROLE tenant LOGIN; CREATE DATABASE home OWNER keeper; CREATE DATABASE bytes TEMPLATE template0 ENCODING 'SQL_ASCII'");
$old->safe_psql('bytes', "CREATE EXTENSION nnet; SELECT setseed(0.5);
	SELECT nnet.create_model('m', nnet.input(1), nnet.text_vectorization(9), nnet.embedding(9, 2), nnet.lstm(2), nnet.dense(2, activation => 'softmax'));
	SELECT nnet.compile('m', 'sparse_categorical_crossentropy');
	SELECT nnet.fit('m', convert_from(t, 'SQL_ASCII'), convert_from(t, 'SQL_ASCII')) FROM unnest(ARRAY['\\xe4', '\\xf6']::bytea[]) AS t");
$old->safe_psql('home', q(
	CREATE EXTENSION nnet;
	REVOKE EXECUTE ON FUNCTION nnet.png FROM PUBLIC;
	SET ROLE keeper;
	CREATE SCHEMA lab; CREATE SCHEMA "Größe"; GRANT USAGE ON SCHEMA lab TO tenant;
	CREATE TABLE lab.rows AS SELECT i AS id, i % 3 AS y, ARRAY[sin(i), cos(i), i % 3, (i % 7) / 7.0]::real[] AS x,
		('{red,grün,blue}'::text[])[1 + i % 3] AS colour, decode(md5(i::text) || md5('a' || i) || md5('b' || i) || md5('c' || i), 'hex') AS pixels,
		(SELECT array_agg(ARRAY[sin(i + k), cos(i * k)]::real[]) FROM generate_series(1, 8) AS k) AS series,
		(SELECT array_agg(sin(i + k)::real) FROM generate_series(1, 8) AS k) AS before,
		(ARRAY['a good film', 'bad acting', 'really good, really'])[1 + i % 3] || ' ' || i % 4 AS remark
	FROM generate_series(1, 60) AS i));
for my $model (@models)
{
	my ($name, $layers, $compile) = @$model;
	my $literal = quoted($name);

	$old->safe_psql('home', "SET ROLE keeper; SELECT setseed(0.5); SELECT nnet.create_model($literal, $layers);
		SELECT nnet.compile($literal, $compile); $fit{$name}");
}
$old->safe_psql('home', q(
	SET ROLE keeper; SELECT setseed(0.5); SET search_path = lab;
	SELECT nnet.create_model('maker', nnet.input(3), nnet.dense(8, activation => 'relu'), nnet.dense(4)),
		nnet.create_model('judge', nnet.input(4), nnet.dense(8, activation => 'leaky_relu'), nnet.dense(1, activation => 'sigmoid')),
		nnet.create_model('bare', nnet.input(4), nnet.dense(2)), nnet.create_model('untrained', nnet.input(4), nnet.dense(2));
	SELECT nnet.compile('maker', 'binary_crossentropy'), nnet.compile('judge', 'binary_crossentropy'), nnet.compile('untrained', 'mse');
	SELECT nnet.fit_gan('maker', 'judge', x, nnet.gan_options(epochs => 2, seed => 5)) FROM rows;

	-- models that are not plain tables of their own
	SELECT nnet.copy_model('dense', 'unlogged'); ALTER TABLE unlogged SET UNLOGGED;
	SELECT nnet.copy_model('dense', 'guarded'); ALTER TABLE guarded ENABLE ROW LEVEL SECURITY; GRANT SELECT ON guarded, dense, rows TO tenant;
	CREATE POLICY guarded_tenant ON guarded TO tenant USING (layer < 100);
	CREATE TABLE parted (LIKE dense) PARTITION BY LIST (layer);
	CREATE TABLE parted_first PARTITION OF parted FOR VALUES IN (-1, 0); CREATE TABLE parted_rest PARTITION OF parted DEFAULT;
	INSERT INTO parted TABLE dense;
	CREATE VIEW looked_through AS TABLE dense;
	CREATE TABLE kept_whole AS SELECT array_agg(d) AS layers FROM dense AS d;
	COMMENT ON TABLE dense IS 'of rows';

	-- what uses them
	CREATE VIEW answers AS SELECT id, nnet.predict('dense', x) AS p, nnet.classify('dense', x) AS c,
		nnet.predict_batch('lab.conv', pixels) OVER () AS b FROM rows;
	CREATE VIEW quality AS SELECT nnet.evaluate('dense', x, colour) AS e FROM rows;
	CREATE VIEW known AS SELECT model, writable, description FROM nnet.models;
	CREATE VIEW course AS SELECT epoch, loss, val_loss, metrics, samples, learning_rate FROM nnet.history('dense');
	CREATE MATERIALIZED VIEW stored AS TABLE answers; CREATE UNIQUE INDEX ON stored (id);
	CREATE FUNCTION by_sql(real[]) RETURNS text LANGUAGE sql STABLE AS $$ SELECT nnet.classify('lab.dense', $1) $$;
	CREATE FUNCTION by_plpgsql(m regclass, v real[]) RETURNS real[] LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN nnet.predict(m, v); END $$;
	CREATE AGGREGATE mean_answer(real[]) (SFUNC = array_cat, STYPE = real[]);
	CREATE DOMAIN pleasant AS text CHECK (VALUE IS NULL OR nnet.classify('lab.mood', VALUE) IS NOT NULL);
	CREATE TABLE incoming (id integer, x real[], p real[] DEFAULT nnet.predict('lab.dense', '{1,2,3,4}'::real[]),
		note pleasant, CHECK (nnet.classify('lab.dense', x) IS NOT NULL)) PARTITION BY RANGE (id);
	CREATE TABLE incoming_low PARTITION OF incoming FOR VALUES FROM (0) TO (30); CREATE TABLE incoming_high PARTITION OF incoming DEFAULT;
	CREATE FUNCTION answer() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.p = nnet.predict('lab.dense', NEW.x); RETURN NEW; END $$;
	CREATE TRIGGER answer BEFORE INSERT ON incoming_high FOR EACH ROW EXECUTE FUNCTION answer();
	INSERT INTO incoming SELECT id, x, NULL, remark FROM rows;
	CREATE TABLE made AS SELECT * FROM nnet.generate('maker', 10, seed => 3) AS p;
	CREATE TABLE chosen (model regclass, weight real); INSERT INTO chosen VALUES ('dense', 0.5), ('given', 0.5);
	CREATE TABLE secrets AS TABLE rows; ALTER TABLE secrets ENABLE ROW LEVEL SECURITY; GRANT SELECT ON secrets TO tenant;
	CREATE POLICY red_only ON secrets TO tenant USING (nnet.classify('lab.dense', x) = 'red');
	CREATE RULE also AS ON INSERT TO made DO ALSO SELECT nnet.predict('lab.judge', NEW.p)
));
$old->safe_psql('home', "SET ROLE keeper; CREATE FUNCTION lab.parsed(v real[]) RETURNS real[] STABLE BEGIN ATOMIC SELECT nnet.predict('lab.dense', v); END")
  if $version >= 14;

# ---- what must be the same: a name, a query, as whom ----

my @same = map { ("$_->[0]: predictions" => [ 'SELECT ' . $bits->("nnet.predict(" . quoted($_->[0]) . ", $_->[3])") . ' FROM lab.rows', 'keeper' ]) } @models;
for my $name ((map { $_->[0] } @models), 'lab.maker', 'lab.judge', 'lab.bare', 'lab.untrained', 'lab.unlogged', 'lab.parted')
{
	my $model = quoted($name);

	push @same, "$name: every bit of its table" => [ "SELECT md5(string_agg(record_send(m), '' ORDER BY layer, part)) FROM $name AS m", 'keeper' ],
	  "$name: summary, labels, vocabulary, history" => [ "SELECT s FROM nnet.summary($model) AS s UNION ALL SELECT h FROM nnet.history($model) AS h", 'keeper' ];
}
my $all = sub { "SELECT * FROM lab.$_[0] ORDER BY 1" };
push @same,
  'labels' => [ "SELECT * FROM nnet.labels('lab.dense'), nnet.labels('lab.given') AS g", 'keeper' ],
  'vocabulary' => [ "SELECT * FROM nnet.vocabulary('lab.mood'), nnet.vocabulary('lab.writer') AS w", 'keeper' ],
  'generated rows' => [ "SELECT * FROM nnet.generate('lab.maker', 5, seed => 1)", 'keeper' ],
  'generated text' => [ "SELECT nnet.generate_text('lab.writer', 'a go', 20, seed => 1)", 'keeper' ],
  'forecast' => [ "SELECT nnet.forecast('lab.weather', before, 5) FROM lab.rows", 'keeper' ],
  'many at a time' => [ 'SELECT ' . $bits->('p') . " FROM (SELECT id, nnet.predict_batch('lab.steps', series[:2 + id % 6]) OVER () AS p FROM lab.rows) AS s", 'keeper' ],
  'a model out of line' => [ "SELECT pg_total_relation_size('lab.wide') > 1000000", 'keeper' ],
  (map { ("as tenant: $_" => [ 'SELECT ' . $bits->("nnet.predict('lab.$_', x)") . ' FROM lab.secrets', 'tenant' ]) } 'guarded', 'dense'),
  (map { ("$_ as a model" => [ 'SELECT ' . $bits->("nnet.predict('lab.$_', x)") . ' FROM lab.rows', 'keeper' ]) } 'unlogged', 'parted', 'looked_through', 'guarded'),
  (map { ("$_" => [ $all->($_), 'keeper' ]) } 'answers', 'quality', 'known', 'course', 'stored', 'incoming', 'made', 'chosen', 'kept_whole'),
  'bits in the view' => [ 'SELECT ' . $bits->('p') . ', ' . $bits->('b') . ' FROM lab.answers', 'keeper' ],
  'functions' => [ "SELECT lab.by_sql(x), lab.by_plpgsql('lab.dense', x)" . ($version >= 14 ? ', lab.parsed(x)' : '') . ' FROM lab.rows', 'keeper' ],
  'models as values' => [ 'SELECT model, nnet.predict(model, x) FROM lab.chosen, lab.rows ORDER BY 1, 2', 'keeper' ],
  'a default and a trigger' => [ "INSERT INTO lab.incoming (id, x) VALUES (1, '{1,0,1,0}'), (99, '{1,0,1,0}') RETURNING p", 'keeper' ],
  'a rule' => [ "INSERT INTO lab.made VALUES ('{1,2,3,4}')", 'keeper' ],
  'privileges of functions' => [ "SELECT proacl::text FROM pg_proc WHERE oid = 'nnet.png'::regproc", 'keeper' ],
  'types of the tables' => [ 'SELECT oid::regclass, reloftype::regtype FROM pg_class WHERE reloftype <> 0 ORDER BY 1', 'keeper' ];

# Each asked in a transaction that is rolled back, by a session of its own.
sub told
{
	my ($node) = @_;
	my %told;

	for (my $i = 0; $i < @same; $i += 2)
	{
		my ($query, $role) = @{ $same[ $i + 1 ] };
		$told{ $same[$i] } = $node->safe_psql('home', "SET extra_float_digits = 1; SET ROLE $role; BEGIN; $query; ROLLBACK");
	}
	$told{'bytes of no encoding'} = $node->safe_psql('bytes', "SELECT md5(string_agg(nnet.classify('m', t) || nnet.predict('m', t)::text, ''))
		FROM (SELECT convert_from(b, 'SQL_ASCII') AS t FROM unnest(ARRAY['\\xe4', '\\xf6']::bytea[]) AS b) AS s");
	return \%told;
}

# A training more of each, and what comes of it: predictions, weights, all of the
# history but the seconds.
sub trained_on
{
	my ($node) = @_;
	my %told;

	for my $model (@models)
	{
		my ($name, undef, undef, $x) = @$model;
		my $literal = quoted($name);

		$node->safe_psql('home', "SET ROLE keeper; $fit{$name}");
		$told{$name} = $node->safe_psql('home', "SET ROLE keeper; SELECT " . $bits->("nnet.predict($literal, $x)") . " FROM lab.rows;
			SELECT md5(string_agg(coalesce(array_send(weights), '') || coalesce(array_send(slots), ''), '' ORDER BY layer, part)) FROM $name;
			SELECT epoch, loss, val_loss, metrics, samples, learning_rate FROM nnet.history($literal)");
	}
	$node->safe_psql('home', "SET ROLE keeper; SELECT nnet.fit_gan('lab.maker', 'lab.judge', x, nnet.gan_options(seed => 6)) FROM lab.rows;
		REFRESH MATERIALIZED VIEW lab.stored");
	$told{'a pair'} = $node->safe_psql('home', "SELECT * FROM nnet.generate('lab.maker', 5, seed => 1)");
	$told{'a materialized view'} = $node->safe_psql('home', 'SELECT ' . $bits->('p') . ' FROM lab.stored');
	return \%told;
}

sub same_as_before
{
	my ($now, $before, $what) = @_;

	for my $name (sort keys %$before)
	{
		isnt($before->{$name}, '', "there is something: $name") if $name ne 'a rule';
		is($now->{$name}, $before->{$name}, "$what: $name");
	}
	return;
}

my $before = told($old);
$old->stop;

# ---- copied: the old cluster stays, and both train on ----

my $copied = upgraded($old, 'copied');
note 'to PostgreSQL ', $copied->safe_psql('postgres', "SELECT current_setting('server_version')");
same_as_before(told($copied), $before, 'copied');
is($copied->safe_psql('home', "ALTER EXTENSION nnet UPDATE; SELECT extversion = default_version FROM pg_extension AS e
	JOIN pg_available_extensions AS a ON a.name = e.extname WHERE extname = 'nnet'"), 't', 'copied: the extension is of the same version');
$copied->safe_psql('postgres', 'CREATE DATABASE fresh');
$copied->safe_psql('fresh', 'CREATE EXTENSION nnet');
# not as in the old one: types of rows and arrays are members up to 16
my $members = "SELECT pg_describe_object(classid, objid, objsubid) FROM pg_depend WHERE refclassid = 'pg_extension'::regclass
	AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'nnet') AND deptype = 'e' ORDER BY 1";
is($copied->safe_psql('home', $members), $copied->safe_psql('fresh', $members), 'copied: has what a new one has');
my $model_of = "SELECT nnet.create_model('lab.another', nnet.input(4), nnet.dense(1)); SELECT nnet.compile('lab.another', 'mse'); DROP TABLE lab.another";
$copied->safe_psql('home', "SET ROLE keeper; $model_of");
pass('copied: new models can be made');
my $later = trained_on($copied);
$copied->stop;
$old->start;
same_as_before(trained_on($old), $later, 'trained on, here and there');
$before = told($old);
$old->stop;

# ---- linked: the old one is given up ----

my $linked = upgraded($old, 'linked', '--link');
same_as_before(told($linked), $before, 'linked');
ok(no_crash_in($_), 'no process crashed') for $old, $copied, $linked;
$linked->stop;
done_testing();
