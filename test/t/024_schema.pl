# The schema nnet is part of the extension and of the superuser who owns its
# functions: who installs the trusted extension gets no way into the calls of
# others; and dumps of part or whole of a database, and pg_upgrade, meet no
# second CREATE SCHEMA.

use strict;
use warnings;
use NnetNode;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('schema');
$node->init(extra => initdb_options($node));
$node->start;

sub refused
{
	my ($database, $query, $expected, $what) = @_;
	my ($status, $out, $err) = $node->psql($database, $query);

	isnt($status, 0, "$what: refused");
	like($err, $expected, "$what: and says why");
	return;
}

# ---- installed by a role with no more than CREATE on the database ----

$node->safe_psql('postgres', 'CREATE ROLE installer LOGIN; CREATE ROLE victim LOGIN; CREATE DATABASE shared;
	GRANT CREATE ON DATABASE shared TO installer');

$node->safe_psql('shared', 'SET ROLE installer; CREATE SCHEMA nnet');
refused('shared', "SET ROLE $_; CREATE EXTENSION nnet", qr/schema "nnet" already exists/, "a schema nnet that is there before, $_")
  for 'installer', 'postgres';
$node->safe_psql('shared', 'DROP SCHEMA nnet; SET ROLE installer; CREATE EXTENSION nnet');
is($node->safe_psql('shared', "SELECT extowner::regrole FROM pg_extension WHERE extname = 'nnet'"), 'installer',
	'who may CREATE in a database installs it');
is($node->safe_psql('shared', "SELECT nspowner FROM pg_namespace WHERE nspname = 'nnet'"), 10, "but has not got its schema");

# predict(regclass, real[]) would be chosen over ours, of any other argument.
my $ours = "SELECT nnet.predict('lab.m', '{1,2}'::real[]) IS NOT NULL AND nnet.classify('lab.m', ROW(1, 2)) IS NOT NULL";
my $body = "RETURNS real[] LANGUAGE plpgsql AS \$\$ BEGIN RAISE EXCEPTION 'run as %', current_user; END \$\$";
$node->safe_psql('shared', "CREATE SCHEMA lab; GRANT ALL ON SCHEMA lab TO PUBLIC; SET ROLE victim;
	SELECT nnet.create_model('lab.m', nnet.input(2), nnet.dense(2, activation => 'softmax'))");
$node->safe_psql('shared', "SET ROLE installer; CREATE SCHEMA evil; GRANT USAGE ON SCHEMA evil TO PUBLIC;
	CREATE FUNCTION evil.predict(regclass, real[]) $body; CREATE TYPE evil.layer AS (layer int);
	CREATE DOMAIN evil.real AS float4; CREATE TABLE evil.models (model regclass)");

my $denied = qr/permission denied for schema nnet|must be owner of/;
my @ways = (
	[ "CREATE FUNCTION nnet.predict(regclass, real[]) $body", 'a function in its schema' ],
	[ 'CREATE TABLE nnet.t ()', 'a table there' ],
	[ 'CREATE TYPE nnet.t AS (a int)', 'a type' ],
	[ 'CREATE OPERATOR nnet.+ (FUNCTION = int4pl, LEFTARG = int, RIGHTARG = int)', 'an operator' ],
	[ 'ALTER FUNCTION evil.predict(regclass, real[]) SET SCHEMA nnet', 'a function moved there' ],
	[ 'ALTER DOMAIN evil.real SET SCHEMA nnet', 'a domain' ],
	[ 'GRANT CREATE ON SCHEMA nnet TO installer', 'a grant', qr/permission denied|no privileges were granted/ ],
	[ 'ALTER SCHEMA nnet OWNER TO installer', 'its owner' ],
	[ 'ALTER SCHEMA nnet RENAME TO old', 'its name' ],
	[ 'DROP SCHEMA nnet CASCADE', 'dropped alone' ],
	[ 'ALTER EXTENSION nnet DROP SCHEMA nnet', 'taken out of the extension' ],
	[ 'ALTER EXTENSION nnet SET SCHEMA evil', 'another schema', qr/does not support SET SCHEMA/ ],
	[ 'ALTER FUNCTION nnet.predict(regclass, "any") RENAME TO q', 'a function renamed' ],
	[ 'ALTER FUNCTION nnet.predict(regclass, "any") SET search_path = evil', 'a setting of a function' ],
	[ 'ALTER FUNCTION nnet.predict(regclass, "any") SECURITY DEFINER', 'a security definer' ],
	[ 'DROP FUNCTION nnet.predict(regclass, "any")', 'a function dropped' ],
	[ 'ALTER EXTENSION nnet DROP FUNCTION nnet.predict(regclass, "any")', 'a function taken out' ],
	[ 'REVOKE EXECUTE ON FUNCTION nnet.predict(regclass, "any") FROM PUBLIC', 'a function taken away', qr/permission denied|no privileges could be revoked/ ],
	[ 'ALTER TYPE nnet.layer ADD ATTRIBUTE secret text', 'the type changed' ],
	[ 'CREATE OR REPLACE VIEW nnet.models AS SELECT 1', 'the view replaced' ],
	[ 'CREATE CAST (real[] AS nnet.layer) WITH INOUT', 'a cast', qr/must be owner of type/ ],
	[ 'CREATE CAST (text AS real[]) WITH INOUT', 'a cast of types of the system', qr/must be owner of type/ ],
	[ "CREATE FUNCTION evil.f(internal) RETURNS internal LANGUAGE C AS '\$libdir/nnet', 'nnet_fit_final'", 'its C code by another declaration', qr/permission denied for language c/ ],
	[ 'CREATE AGGREGATE evil.fit(regclass, "any", "any") (SFUNC = nnet.fit_transition, STYPE = internal)', 'its transitions in another aggregate', qr/cannot be internal/ ],
);
for my $way (@ways)
{
	my ($query, $what, $expected) = @$way;
	my ($status, $out, $err) = $node->psql('shared', "SET ROLE installer; $query", on_error_stop => 1);

	like($err, $expected // $denied, "the installer: $what");
	is($node->safe_psql('shared', $ours), 't', "the installer: $what: calls are ours");
}

# Members can be added; what is added is neither found nor called for it.
for my $object ('FUNCTION evil.predict(regclass, real[])', 'TYPE evil.layer', 'DOMAIN evil.real', 'TABLE evil.models', 'SCHEMA evil')
{
	$node->safe_psql('shared', "SET ROLE installer; ALTER EXTENSION nnet ADD $object");
	is($node->safe_psql('shared', "SET search_path = evil, public; $ours"), 't', "a member, $object: calls are ours");
}
is($node->safe_psql('shared', "SET search_path = evil, public; SELECT nnet.copy_model('lab.m', 'lab.copy')"), 'lab.copy',
	'and new models have our type');
is($node->safe_psql('shared', "SELECT count(*) FROM nnet.models"), 2, 'models are ours');

# The owner of the database is no more.
$node->safe_psql('postgres', 'CREATE ROLE host LOGIN; CREATE DATABASE hosted OWNER host');
$node->safe_psql('hosted', 'CREATE EXTENSION nnet');
refused('hosted', "SET ROLE host; CREATE FUNCTION nnet.predict(regclass, real[]) $body", $denied, "the database's owner: a function");
refused('hosted', 'SET ROLE host; ALTER SCHEMA nnet OWNER TO host', $denied, "the database's owner: the schema");
refused('hosted', 'SET ROLE host; DROP EXTENSION nnet', $denied, "the database's owner: another's extension");

# ---- what hangs on a stranger's model runs as whoever uses it, as doc/security.md says ----

$node->safe_psql('postgres', 'CREATE ROLE stranger LOGIN; CREATE DATABASE strange');
$node->safe_psql('strange', "CREATE EXTENSION nnet; CREATE SCHEMA lab; GRANT ALL ON SCHEMA lab TO PUBLIC;
	SET ROLE stranger; CREATE TABLE lab.log (who name); GRANT INSERT ON lab.log TO PUBLIC;
	CREATE FUNCTION lab.note() RETURNS boolean LANGUAGE plpgsql AS \$\$ BEGIN INSERT INTO lab.log VALUES (current_user); RETURN true; END \$\$;
	CREATE FUNCTION lab.note_row() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN PERFORM lab.note(); RETURN new; END \$\$;
	CREATE FUNCTION lab.note_jsonb(jsonb) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS \$\$ BEGIN RETURN lab.note(); END \$\$;
	CREATE FUNCTION lab.note_cast(lab.log) RETURNS real[] LANGUAGE plpgsql AS \$\$ BEGIN PERFORM lab.note(); RETURN '{1,2}'; END \$\$;
	CREATE CAST (lab.log AS real[]) WITH FUNCTION lab.note_cast(lab.log); CREATE DOMAIN lab.config AS jsonb CHECK (lab.note_jsonb(VALUE))");
my $predicts = "SELECT nnet.predict('lab.%s', '{1,2}'::real[])";
my $fits = "SELECT nnet.fit('lab.%s', ARRAY[i, 1]::real[], i) FROM generate_series(1, 10) AS i";
my %hook = (
	trigger => [ 'CREATE TRIGGER t BEFORE UPDATE ON lab.%s FOR EACH ROW EXECUTE FUNCTION lab.note_row()', $fits ],
	rule => [ 'CREATE RULE r AS ON UPDATE TO lab.%s DO ALSO SELECT lab.note()', "SELECT nnet.compile('lab.%s', 'mae')" ],
	policy => [ 'ALTER TABLE lab.%1$s ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON lab.%1$s USING (lab.note())', $predicts ],
	view => [ 'ALTER TABLE lab.%1$s RENAME TO %1$s_table; CREATE VIEW lab.%1$s AS SELECT * FROM lab.%1$s_table WHERE lab.note(); GRANT ALL ON lab.%1$s TO PUBLIC', $predicts ],
	check => [ 'ALTER TABLE lab.%s ADD CHECK (lab.note_jsonb(config)) NOT VALID', $fits ],
	domain => [ 'ALTER TABLE lab.%1$s NOT OF; ALTER TABLE lab.%1$s ALTER config TYPE lab.config', $fits ],
	generated => [ 'ALTER TABLE lab.%1$s NOT OF; ALTER TABLE lab.%1$s ADD g boolean GENERATED ALWAYS AS (lab.note_jsonb(config)) STORED', $fits ],
	index => [ 'CREATE INDEX ON lab.%s (lab.note_jsonb(config))', $fits ],
	cast => [ 'SELECT 1', "SELECT nnet.predict('lab.%s', ROW('x')::lab.log)" ],
);
for my $name (sort keys %hook)
{
	my ($attach, $use) = @{ $hook{$name} };

	$node->safe_psql('strange', "SET ROLE stranger; SELECT nnet.create_model('lab.$name', nnet.input(2), nnet.dense(1));
		SELECT nnet.compile('lab.$name', 'mse'); GRANT ALL ON lab.$name TO PUBLIC;" . sprintf($attach, $name));
	$node->safe_psql('strange', "TRUNCATE lab.log; SET SESSION AUTHORIZATION victim; " . sprintf($use, $name));
	is($node->safe_psql('strange', 'SELECT DISTINCT who FROM lab.log'), 'victim', "a stranger's model: $name");
}
SKIP:
{
	skip 'views cannot be refused', 1
	  unless $node->safe_psql('strange', "SELECT count(*) FROM pg_settings WHERE name = 'restrict_nonsystem_relation_kind'");
	refused('strange', "SET restrict_nonsystem_relation_kind = 'view, foreign-table'; " . sprintf($predicts, 'view'),
		qr/access to non-system view "view" is restricted/, 'a view where they are restricted');
}

# ---- dumps ----

sub run_ok
{
	my ($what, @command) = @_;

	return $node->command_ok([ @command ], $what);
}

# One more database, with the extension if wanted, and the dump in it.
sub restored
{
	my ($name, $extension, @options) = @_;
	my $file = PostgreSQL::Test::Utils::tempdir() . "/$name.sql";

	run_ok("pg_dump @options", 'pg_dump', '-f', $file, @options, '-d', $node->connstr('source'));
	unlike(slurp_file($file), qr/CREATE SCHEMA nnet/, "pg_dump @options: does not create the schema");
	$node->safe_psql('postgres', "CREATE DATABASE $name");
	$node->safe_psql($name, 'DROP SCHEMA public') if "@options" =~ /-n public/;
	$node->safe_psql($name, 'CREATE EXTENSION nnet') if $extension;
	run_ok("restored: @options", 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', $file, '-d', $node->connstr($name));
	return;
}

sub predictions
{
	my ($where, @models) = @_;

	return join ';', map { $where->safe_psql('source', "SELECT nnet.predict('$_', '{1,2}'::real[])") } @models;
}

$node->safe_psql('postgres', 'CREATE DATABASE source');
$node->safe_psql('source', "CREATE EXTENSION nnet; CREATE SCHEMA lab");
$node->safe_psql('source', "SELECT nnet.create_model('$_', nnet.input(2), nnet.dense(2)); SELECT nnet.compile('$_', 'mse');
	SELECT nnet.fit('$_', ARRAY[i, 1]::real[], ARRAY[1, i]::real[]) FROM generate_series(1, 10) AS i") for 'public.m', 'lab.m';
my $there = predictions($node, 'public.m', 'lab.m');

sub has_both
{
	my ($name, $what) = @_;
	my $query = join ' UNION ALL ', map { "SELECT nnet.predict('$_', '{1,2}'::real[])::text" } 'public.m', 'lab.m';

	is($node->safe_psql($name, $query) =~ s/\n/;/r, $there, $what);
	return;
}

restored('by_schema', 1, '-n', 'lab');
restored('by_table', 1, '-t', 'public.m');
restored('both_schemas', 1, '-n', 'lab', '-n', 'public');
has_both('both_schemas', 'two schemas: models predict alike');
restored('its_schema', 0, '-n', 'nnet');
is($node->safe_psql('its_schema', "SELECT to_regnamespace('nnet') IS NULL"), 't', 'its schema alone has nothing to dump');
restored('but_its_schema', 0, '-N', 'nnet');
has_both('but_its_schema', 'all but its schema: models predict alike');
restored('whole', 0, '--no-publications');
has_both('whole', 'all: models predict alike');
restored('again', 0, '--clean', '--if-exists');
has_both('again', 'all, with --clean: models predict alike');

# Over what is there: DROP EXTENSION takes the schema along.
{
	my $file = PostgreSQL::Test::Utils::tempdir() . '/over.sql';

	run_ok('dumped with --clean', 'pg_dump', '--clean', '--if-exists', '-f', $file, '-d', $node->connstr('source'));
	run_ok('restored over itself', 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', $file, '-d', $node->connstr('whole'));
	has_both('whole', 'over itself: models predict alike');
}

# By the owner of a database who is not superuser.
{
	my $file = PostgreSQL::Test::Utils::tempdir() . '/host.sql';

	$node->safe_psql('postgres', 'CREATE DATABASE hosts_own OWNER host');
	run_ok('dumped without owners', 'pg_dump', '-O', '-x', '-N', 'public', '-f', $file, '-d', $node->connstr('source'));
	run_ok('restored by an ordinary user', 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', $file, '-d', $node->connstr('hosts_own') . ' user=host');
	is($node->safe_psql('hosts_own', "SET ROLE host; SELECT nnet.predict('lab.m', '{1,2}'::real[])"), predictions($node, 'lab.m'),
		'restored by an ordinary user: predicts alike');
}

# ---- pg_upgrade, which takes the extension apart and puts it together again ----

SKIP:
{
	skip 'no pg_upgrade', 5 unless grep { -x "$_/pg_upgrade" } split /:/, $ENV{PATH};
	$node->stop;
	my $new = upgraded($node, 'upgraded') or last SKIP;
	is(predictions($new, 'public.m', 'lab.m'), $there, 'upgraded: models predict alike');
	is($new->safe_psql('shared', $ours), 't', 'and in the other database');
	is($new->safe_psql('source', "SELECT pg_describe_object(classid, objid, 0) FROM pg_depend
		WHERE refclassid = 'pg_extension'::regclass AND classid = 'pg_namespace'::regclass"), 'schema nnet',
		'the schema is part of the extension');
	my ($status, $out, $err) = $new->psql('shared', "SET ROLE installer; CREATE FUNCTION nnet.predict(regclass, real[]) $body");
	like($err, $denied, 'and nobody else may create in it');
	$new->stop;
}
done_testing();
