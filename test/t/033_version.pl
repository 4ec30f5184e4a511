# From each earlier version of the extension to this one: ALTER EXTENSION UPDATE ends
# with the catalog that CREATE EXTENSION makes, and models that the earlier version
# made (test/upgrade) predict, are evaluated and trained on: before the update, with
# the SQL of then and today's library, after it, and restored beside a new extension.
#
# A test that fails in the first part names an object and what is different: that is
# what sql/nnet--OLD--NEW.sql lacks.

use strict;
use warnings;
use File::Basename;
use FindBin;
use JSON::PP;
use NnetNode;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my ($source) = grep { -e "$_/nnet.control" } "$FindBin::Bin/../..", '.';
my ($version) = slurp_file("$source/nnet.control") =~ /^default_version = '(.*)'$/m;
my @earlier = map { /nnet--([\d.]+)\.sql$/ } glob "$source/sql/nnet--*.sql";
cmp_ok(scalar @earlier, '>', 0, 'there are earlier versions');

my $node = PostgreSQL::Test::Cluster->new('version');
$node->init(extra => initdb_options($node));
$node->append_conf('postgresql.conf', 'nnet.threads = 1');
$node->start;
my $server = $node->safe_psql('postgres', "SELECT current_setting('server_version_num')::int / 10000");
$node->safe_psql('postgres', 'CREATE ROLE installer LOGIN; CREATE ROLE tenant LOGIN');

# By a role that may do no more than that.
sub new_database
{
	my ($name, $create) = @_;

	$node->safe_psql('postgres', "CREATE DATABASE $name TEMPLATE template0; GRANT CREATE ON DATABASE $name TO installer");
	$node->safe_psql($name, "SET ROLE installer; $create");
	return;
}

sub run_file
{
	my ($database, $file, $what) = @_;

	$node->command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr($database), '-f', $file ], $what);
	return;
}

# ---- what the catalog says ----

# All of each member, but names where oids differ between databases: a hash of
# objects, each a hash of facts.
sub catalog_of
{
	my ($database) = @_;
	my $facts = q(
		WITH member AS (
			SELECT classid, objid, pg_describe_object(classid, objid, 0) AS object FROM pg_depend
			WHERE deptype = 'e' AND refclassid = 'pg_extension'::regclass
				AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'nnet')
		), fact AS (
			SELECT 'pg_proc'::regclass AS classid, p.oid AS objid,
				to_jsonb(p) - '{oid,pronamespace,prorettype,proargtypes,proallargtypes,proargdefaults,prosupport}'::text[]
				|| jsonb_build_object('arguments', pg_get_function_arguments(p.oid), 'result', pg_get_function_result(p.oid),
					'support', p.prosupport::text) AS facts
			FROM pg_proc AS p
			UNION ALL
			SELECT 'pg_proc'::regclass, aggfnoid, jsonb_build_object('aggregate', to_jsonb(a) - '{aggfnoid,aggtranstype}'::text[])
				|| jsonb_build_object('state', aggtranstype::regtype, 'transition', aggtransfn::regprocedure, 'final', aggfinalfn::regprocedure,
					'combine', aggcombinefn::regprocedure, 'serialize', aggserialfn::regprocedure,
					'deserialize', aggdeserialfn::regprocedure)
			FROM pg_aggregate AS a
			UNION ALL
			SELECT 'pg_operator'::regclass, oid, jsonb_build_object('function', oprcode, 'commutator', oprcom::regoperator, 'negator', oprnegate::regoperator,
					'restriction', oprrest, 'join', oprjoin, 'merges', oprcanmerge, 'hashes', oprcanhash)
			FROM pg_operator
			UNION ALL
			SELECT 'pg_opclass'::regclass, oid, jsonb_build_object('default', opcdefault,
					'operators', (SELECT jsonb_object_agg(amopstrategy, amopopr::regoperator) FROM pg_amop WHERE amopfamily = opcfamily),
					'functions', (SELECT jsonb_object_agg(amprocnum, amproc::regprocedure) FROM pg_amproc WHERE amprocfamily = opcfamily))
			FROM pg_opclass
			UNION ALL
			SELECT 'pg_type'::regclass, oid, to_jsonb(t) - '{oid,typnamespace,typrelid,typelem,typarray}'::text[] FROM pg_type AS t
			UNION ALL
			SELECT 'pg_class'::regclass, c.oid, jsonb_build_object('kind', relkind, 'owner', relowner, 'rights', relacl, 'options', reloptions)
				|| CASE WHEN relkind = 'v' THEN jsonb_build_object('view', pg_get_viewdef(c.oid)) ELSE '{}' END
			FROM pg_class AS c
			UNION ALL
			SELECT CASE WHEN c.relkind = 'c' THEN 'pg_type'::regclass ELSE 'pg_class'::regclass END,
				CASE WHEN c.relkind = 'c' THEN c.reltype ELSE c.oid END,
				jsonb_object_agg('column ' || attname, jsonb_build_array(attnum, format_type(atttypid, atttypmod), attnotnull,
					attstorage, attacl, col_description(c.oid, attnum)))
			FROM pg_class AS c JOIN pg_attribute ON attrelid = c.oid WHERE NOT attisdropped AND attnum > 0 GROUP BY c.oid, relkind, reltype
			UNION ALL
			SELECT 'pg_namespace'::regclass, oid, to_jsonb(n) - 'oid' FROM pg_namespace AS n
			UNION ALL
			SELECT classoid, objoid, jsonb_build_object('comment', description) FROM pg_description WHERE objsubid = 0
			UNION ALL
			SELECT classoid, objoid, jsonb_build_object('first rights', initprivs) FROM pg_init_privs WHERE objsubid = 0
		)
		SELECT jsonb_build_object('object', object, 'fact', key, 'value', value)
		FROM (SELECT object, '' AS key, 'null'::jsonb AS value FROM member
			UNION ALL SELECT object, key, value FROM member JOIN fact USING (classid, objid), jsonb_each(facts)) AS f
	);
	my %catalog;

	for my $line (split /\n/, $node->safe_psql($database, $facts))
	{
		my $said = decode_json($line);
		$catalog{ $said->{object} }{ $said->{fact} } = $said->{value};
	}
	return \%catalog;
}

new_database('fresh', 'CREATE EXTENSION nnet');
my $fresh = catalog_of('fresh');
cmp_ok(scalar keys %$fresh, '>', 100, 'there are objects to compare');
like($fresh->{'function nnet.predict(regclass,"any")'}{comment}, qr/outputs/, 'and facts of them');

sub same_as_fresh
{
	my ($database, $old) = @_;
	my $updated = catalog_of($database);
	my %all = (%$fresh, %$updated);
	my $differ = 0;

	for my $object (sort keys %all)
	{
		is_deeply($updated->{$object}, $fresh->{$object}, "updated from $old, as new: $object") or $differ++;
	}
	diag "sql/nnet--$old--$version.sql has to make, change or drop what the tests above name" if $differ;
	return;
}

# ---- what models do ----

# The models of the schema lab that the dump tells of, by name: x, y, whether
# there are classes, how they are trained.
sub models_of
{
	my ($database) = @_;
	my %models;

	for my $line (split /\n/, $node->safe_psql($database, "SELECT to_jsonb(m) || jsonb_build_object('classes',
		(SELECT count(class) FROM lab.answers AS a WHERE a.name = m.name)) FROM lab.models AS m"))
	{
		my $model = decode_json($line);
		$models{ $model->{name} } = $model;
	}
	return \%models;
}

# What a query of one value says of each of some models, by name, in one session.
sub ask_each
{
	my ($database, $query_of, @models) = @_;
	my @told = split /\n/, $node->safe_psql($database, join ";\n", map { $query_of->($_) } @models), -1;
	my %told;

	is(scalar @told, scalar @models, "$database: an answer of each model") or diag @told;
	@told{ map { $_->{name} } @models } = @told;
	return \%told;
}

# The same answers, as near as processors and kernels differ.
sub answers_hold
{
	my ($database, $what) = @_;
	my $near = sub { "abs($_[0] - $_[1]) <= 1e-4 * (1 + abs($_[1]))" };
	my $models = models_of($database);
	my @names = sort keys %$models;

	cmp_ok(scalar @names, '>', 10, "$what: there are models");
	my $predicted = ask_each($database, sub {
			my ($name, $x) = @{ $_[0] }{ 'name', 'x' };
			my $other = $_[0]{classes} ? "nnet.classify('lab.$name', $x) IS DISTINCT FROM class" : 'false';

			return "SELECT count(*) FILTER (WHERE cardinality(now) = cardinality(prediction) AND NOT other
					AND (SELECT bool_and(" . $near->('n', 'p') . ") FROM unnest(now, prediction) AS u (n, p)))
				FROM (SELECT nnet.predict('lab.$name', $x) AS now, prediction, $other AS other
					FROM lab.rows JOIN lab.answers AS a USING (id) WHERE a.name = '$name') AS s";
		}, map { $models->{$_} } @names);
	is($predicted->{$_}, 8, "$what: $_ predicts as it did") for @names;

	my @evaluated = grep { defined $models->{$_}{y} } @names;
	my $differ = ask_each($database, sub {
			my ($name, $x, $y) = @{ $_[0] }{ 'name', 'x', 'y' };

			return "SELECT count(*) || ' told, other: ' || count(*) FILTER (WHERE (" . $near->('(now ->> key)::float8', 'value::float8') . ") IS NOT TRUE)
				FROM lab.models, jsonb_each_text(evaluation), LATERAL (SELECT nnet.evaluate('lab.$name', $x, $y) AS now FROM lab.rows) AS s
				WHERE name = '$name'";
		}, map { $models->{$_} } @evaluated);
	like($differ->{$_}, qr/^[3-9] told, other: 0$/, "$what: $_ is evaluated as it was") for @evaluated;

	is($node->safe_psql($database, "SELECT count(*) FROM lab.made JOIN (
			SELECT 'generate ' || n AS name, v FROM nnet.generate('lab.maker', 3, seed => 1) WITH ORDINALITY AS g (v, n)
			UNION ALL SELECT 'forecast', nnet.forecast('lab.weather', before, 5) FROM lab.rows WHERE id = 1) AS s USING (name)
		WHERE (SELECT bool_and(" . $near->('n', 'p') . ") FROM unnest(v, value) AS u (n, p))"),
		4, "$what: what is generated and forecast is the same");
	is($node->safe_psql($database, "SELECT length(nnet.generate_text('lab.writer', 'a go', 10, seed => 1)) > 0"), 't', "$what: text is generated");
	return;
}

# A training more: the epochs before stay as they were told, new ones follow, with
# losses that are finite; weights change, and predictions are finite.
sub train_on
{
	my ($database, $what) = @_;
	my $models = models_of($database);
	my @trained = grep { defined $_->{fit} } map { $models->{$_} } sort keys %$models;
	my $course = sub { "SELECT string_agg(concat_ws(' ', epoch, loss, val_loss, samples), ', ' ORDER BY epoch) FROM nnet.history('lab.$_[0]{name}')" };
	my $weights = sub { "SELECT md5(string_agg(m::text, '' ORDER BY layer, part)) FROM lab.$_[0]{name} AS m WHERE layer > 0" };
	my $before = ask_each($database, $course, @trained);
	my $unlearned = ask_each($database, $weights, @trained);

	ask_each($database, sub { $_[0]{fit} }, @trained);
	my $after = ask_each($database, $course, @trained);
	my $learned = ask_each($database, $weights, @trained);
	my $finite = ask_each($database, sub { "SELECT bool_and(p BETWEEN -1e30 AND 1e30) FROM lab.rows, unnest(nnet.predict('lab.$_[0]{name}', $_[0]{x})) AS p" },
		@trained);
	my $counted = ask_each($database, sub { "SELECT count(*) = max(epoch) AND bool_and(loss BETWEEN 0 AND 1e30) FROM nnet.history('lab.$_[0]{name}')" }, @trained);
	for my $name (map { $_->{name} } @trained)
	{
		my $kept = substr $after->{$name}, 0, length $before->{$name};

		is($kept, $before->{$name}, "$what: $name keeps its history");
		cmp_ok(length $after->{$name}, '>', length $kept, "$what: $name has trained on, and its history goes on");
		is($counted->{$name}, 't', "$what: epochs of $name are counted on, with losses that are numbers");
		isnt($learned->{$name}, $unlearned->{$name}, "$what: $name has learned");
		is($finite->{$name}, 't', "$what: $name predicts numbers after that");
	}
	is($node->safe_psql($database, "SELECT string_agg(label, ' ' ORDER BY class) FROM nnet.labels('lab.given')"),
		'red grün blue', "$what: labels stay");
	return;
}

# ---- the ways of the earlier versions ----

for my $old (@earlier)
{
	my $dump = "$FindBin::Bin/../upgrade/$old.sql";
	my $of_then = "CREATE EXTENSION nnet VERSION '$old'";

	# ---- the library of today below the SQL of then ----

	new_database('waiting', $of_then);
	run_file('waiting', $dump, "models of $old are restored with its SQL");
	answers_hold('waiting', "SQL of $old");
	train_on('waiting', "SQL of $old");

	new_database('again', $of_then);
	run_file('again', "$FindBin::Bin/../upgrade/models.sql", "models are made with the SQL of $old");
	is($node->safe_psql('again', "SELECT string_agg(name, ' ') FROM lab.answers, unnest(prediction) AS p WHERE (p BETWEEN -1e30 AND 1e30) IS NOT TRUE"),
		'', 'and predict numbers');

	# ---- updated ----

	new_database('updated', $of_then);
	run_file('updated', $dump, "models of $old are restored, to be updated");
	$node->safe_psql('updated', q(
		CREATE VIEW lab.seen AS SELECT id, nnet.predict('lab.dense', x) AS p, nnet.classify('lab.dense', x) AS c,
			nnet.predict_batch('lab.conv', pixels) OVER () AS b FROM lab.rows;
		CREATE VIEW lab.quality AS SELECT nnet.evaluate('lab.dense', x, colour) AS e FROM lab.rows;
		CREATE VIEW lab.course AS SELECT epoch, loss, metrics FROM nnet.history('lab.long');
		CREATE VIEW lab.known AS SELECT s.name AS layer, l.label, m.model FROM nnet.summary('lab.dense') AS s, nnet.labels('lab.dense') AS l, nnet.models AS m;
		CREATE VIEW lab.mean AS SELECT nnet.average(weights) AS w FROM lab.dense WHERE layer = 2;
		CREATE MATERIALIZED VIEW lab.stored AS TABLE lab.seen;
		CREATE FUNCTION lab.by_sql(real[]) RETURNS text LANGUAGE sql STABLE AS $$ SELECT nnet.classify('lab.dense', $1) $$;
		CREATE FUNCTION lab.remade(name text) RETURNS jsonb LANGUAGE plpgsql AS $$
		DECLARE trained jsonb;
		BEGIN
			PERFORM nnet.create_model(name, nnet.input(4), nnet.dense(3, activation => 'softmax'));
			PERFORM nnet.compile(name, 'sparse_categorical_crossentropy', nnet.adam(0.01), ARRAY['accuracy'], ARRAY['red', 'grün', 'blue']);
			PERFORM nnet.compile(model => name, loss => 'sparse_categorical_crossentropy', optimizer => 'sgd', metrics => 'accuracy');
			SELECT nnet.fit(name, x, colour, nnet.options(3, 8, 0.1, true, 5, false)) INTO trained FROM lab.rows;
			RETURN trained;
		END $$;
		CREATE TABLE lab.incoming (x real[] CHECK (nnet.classify('lab.dense', x) IS NOT NULL), p real[] DEFAULT nnet.predict('lab.dense', '{1,2,3,4}'::real[]));
		GRANT USAGE ON SCHEMA lab TO tenant; GRANT SELECT ON ALL TABLES IN SCHEMA lab TO tenant;
		REVOKE EXECUTE ON FUNCTION nnet.png FROM PUBLIC; GRANT EXECUTE ON FUNCTION nnet.png TO tenant));
	$node->safe_psql('updated', "CREATE FUNCTION lab.parsed(v real[]) RETURNS real[] STABLE BEGIN ATOMIC SELECT nnet.predict('lab.dense', v); END")
	  if $server >= 14;

	my @same = (
		(map { "TABLE lab.$_" } 'seen', 'quality', 'course', 'known', 'mean', 'stored'),
		'SELECT lab.by_sql(x)' . ($server >= 14 ? ', lab.parsed(x)' : '') . ' FROM lab.rows',
		'BEGIN; INSERT INTO lab.incoming (x) SELECT x FROM lab.rows RETURNING p; ROLLBACK');
	my $told = sub { [ map { $node->safe_psql('updated', "SET extra_float_digits = 1; SET ROLE " . (/INSERT/ ? 'postgres' : 'tenant') . "; $_") } @same ] };
	my $before = $told->();

	# what depends on a function that goes stops it, and nothing is lost
	$node->safe_psql('updated', 'CREATE VIEW lab.settings AS SELECT nnet.options(epochs => 5) AS o');
	my ($status, undef, $error) = $node->psql('updated', 'SET ROLE installer; ALTER EXTENSION nnet UPDATE');
	isnt($status, 0, 'an update while a view depends on a function whose arguments change: refused');
	like($error, qr/cannot drop function nnet\.options\(.*\) because other objects depend on it\n.*DETAIL: +view lab\.settings depends on/s,
		'and names the view');
	is($node->safe_psql('updated', "SELECT extversion, (SELECT count(*) FROM lab.settings) FROM pg_extension WHERE extname = 'nnet'"), "$old|1", 'all is as before');
	$node->safe_psql('updated', 'DROP VIEW lab.settings');

	$node->safe_psql('updated', 'SET ROLE installer; ALTER EXTENSION nnet UPDATE');
	is($node->safe_psql('updated', "SELECT nnet.info() ->> 'version'"), $version, "$old becomes $version");
	is_deeply($told->(), $before, 'views, materialized views, functions, checks and defaults say the same');
	$node->safe_psql('updated', 'REFRESH MATERIALIZED VIEW lab.stored');
	is_deeply($told->(), $before, 'and so does a materialized view made anew');
	is($node->safe_psql('updated', "SELECT lab.remade('lab.by_function') ->> 'epochs'"), 3, 'calls in functions are understood as before');
	is($node->safe_psql('updated', "SELECT has_function_privilege('tenant', p, 'EXECUTE'), has_function_privilege('installer', p, 'EXECUTE')
		FROM (SELECT 'nnet.png'::regproc::oid AS p) AS s"), 't|f', 'rights on functions that stay are kept');
	$node->safe_psql('again', 'SET ROLE installer; ALTER EXTENSION nnet UPDATE');
	same_as_fresh('again', $old);
	answers_hold('updated', 'updated');
	train_on('updated', 'updated');

	# ---- restored beside a new extension ----

	new_database('restored', 'CREATE EXTENSION nnet');
	run_file('restored', $dump, "models of $old are restored with this version");
	answers_hold('restored', 'restored');
	train_on('restored', 'restored');
	$node->safe_psql('restored', 'ALTER SCHEMA lab RENAME TO restored');
	run_file('restored', "$FindBin::Bin/../upgrade/models.sql", "the SQL of $old is SQL of this version");

	# ---- the format of the training row is the least that tells the model ----

	for my $database ('updated', 'restored')
	{
		my $models = models_of($database);
		my $formats = ask_each($database, sub { "SELECT config ->> 'format' FROM lab.$_[0]{name} WHERE layer = -1" }, values %$models);
		is($formats->{$_}, 1, "$database: $_ is still of format 1") for sort keys %$models;
	}

	$node->safe_psql('postgres', "DROP DATABASE $_") for 'waiting', 'again', 'updated', 'restored';
}

sub format_of
{
	my ($model) = @_;

	return $node->safe_psql('fresh', "SELECT config ->> 'format' FROM $model WHERE layer = -1");
}

$node->safe_psql('fresh', "CREATE TABLE r AS SELECT i AS id, ARRAY[i, 1]::real[] AS a, ARRAY[1, i]::real[] AS b, i % 2 AS y, 1 + i % 3 AS w FROM generate_series(1, 10) AS i;
	SELECT nnet.create_model('one', nnet.input(2), nnet.dense(2, activation => 'softmax')),
		nnet.create_model('weighted', nnet.input(2), nnet.dense(2, activation => 'softmax')),
		nnet.create_model('two', nnet.input('{2}', name => 'a'), nnet.input('{2}', name => 'b'), nnet.concatenate('{a,b}'), nnet.dense(2, activation => 'softmax')),
		nnet.create_model('forked', nnet.input(2), nnet.dense(2, activation => 'relu', name => 'stem'), nnet.dense(1, name => 'p', inputs => '{stem}'),
			nnet.dense(2, activation => 'softmax', name => 'q', inputs => '{stem}'));
	SELECT nnet.compile(m, 'sparse_categorical_crossentropy') FROM unnest('{one,two}'::regclass[]) AS m;
	SELECT nnet.compile('weighted', 'sparse_categorical_crossentropy', weighted_metrics => '{accuracy}');
	SELECT nnet.compile('forked', loss => '{\"p\": \"mse\", \"q\": \"sparse_categorical_crossentropy\"}'::jsonb);
	SELECT nnet.fit('one', a, y, nnet.options(class_weight => '{\"0\": 2}'::jsonb, stratify => true, validation_split => 0.2), w) FROM r;
	SELECT nnet.fit('two', ROW(a, b), y) FROM r;
	SELECT nnet.fit('forked', a, ROW(w, y)) FROM r");
is(format_of('one'), 1, 'a model of one input and one output is of format 1, whatever it was trained with');
is(format_of($_->[0]), 2, "one $_->[1] is of format 2")
  for [ 'weighted', 'with weighted metrics' ], [ 'two', 'of two inputs' ], [ 'forked', 'of two outputs' ];

$node->safe_psql('fresh', "UPDATE one SET config = config || '{\"format\": 99}' WHERE layer = -1");
my (undef, undef, $newer) = $node->psql('fresh', "SELECT nnet.predict('one', a) FROM r");
like($newer, qr/model "one" has format 99, this version of nnet reads up to \d+\n.*HINT: +Install the nnet that wrote it, or a newer one\./s,
	'a format of later versions is refused');

ok(no_crash_in($node), 'no process crashed');
$node->stop;
done_testing();
