# Installing and dropping: which versions there are and the ways between them, by
# whom, what it leaves to others, what it refuses; and a machine whose OpenBLAS is
# missing or told which kernels to use.

use strict;
use warnings;
use File::Basename;
use FindBin;
use NnetNode;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('install');
$node->init;
$node->start;

sub refused
{
	my ($database, $query, $expected, $what) = @_;
	my ($status, $out, $err) = $node->psql($database, $query);

	isnt($status, 0, "$what: refused");
	like($err, $expected, "$what: and says why");
	return;
}

# ---- versions, and the ways from one to another ----

my ($source) = grep { -e "$_/nnet.control" } "$FindBin::Bin/../..", '.';
my ($version) = slurp_file("$source/nnet.control") =~ /^default_version = '(.*)'$/m;
my $folder = $node->safe_psql('postgres', "SELECT setting || '/extension' FROM pg_config WHERE name = 'SHAREDIR'");

sub names_of
{
	return join ' ', sort map { basename($_) } @_;
}

is($node->safe_psql('postgres', "SELECT default_version FROM pg_available_extensions WHERE name = 'nnet'"),
	$version, 'the control file names the version');
ok(-e "$folder/nnet--$version.sql", 'which has a script that installs it');
is(names_of(glob "$folder/nnet--*.sql"), names_of("nnet--$version.sql", glob "$source/sql/nnet--*.sql"),
	'every script of the sources, of earlier versions and of upgrades, is installed, and no other');
is($node->safe_psql('postgres', "SELECT count(*) FROM pg_extension_update_paths('nnet')
	WHERE target = '$version' AND source <> target AND path IS NULL"), 0, 'a way leads from every version to this one');

# make is asked what it would do with one.
my $copy = PostgreSQL::Test::Utils::tempdir();
mkdir "$copy/$_" for 'sql', 'test', 'test/unit', 'doc';
append_to_file("$copy/$_", slurp_file("$source/$_")) for 'Makefile', 'nnet.control', 'test/unit/unit.mk', 'README.md',
  map { 'doc/' . basename($_) } glob "$source/doc/*.md";
append_to_file("$copy/sql/nnet--0.0.1--$version.sql", '');
{
	local $ENV{MAKEFLAGS};
	my ($plan) = run_command([ 'make', '-C', $copy, '-n', 'DEPS=no', 'install' ]);
	like($plan, qr!install .*/sql/nnet--0\.0\.1--\Q$version\E\.sql .*/extension/!,
		'make installs an upgrade script that is added');
	for my $page (map { basename($_) } glob "$source/doc/*.md")
	{
		like($plan, qr!install .*\bdoc/\Q$page\E .*/nnet/doc/!, "make installs doc/$page beside README.md");
	}
	like($plan, qr!install .*/README\.md .*/nnet/'!, 'which it installs, too');
}

# ---- who may install ----

$node->safe_psql('postgres', 'CREATE ROLE plain LOGIN; CREATE ROLE other LOGIN; CREATE DATABASE theirs OWNER plain; CREATE DATABASE shared');
refused('shared', 'SET ROLE plain; CREATE EXTENSION nnet', qr/permission denied/,
	'without CREATE on the database');
$node->safe_psql('theirs', 'SET ROLE plain; CREATE EXTENSION nnet');
pass('an ordinary user installs it into a database of theirs');
is($node->safe_psql('theirs', "SELECT DISTINCT rolsuper FROM pg_proc JOIN pg_roles r ON r.oid = proowner WHERE proname = 'predict'"),
	't', 'the functions belong to the superuser');

my $define = "SELECT nnet.create_model('m', nnet.input(2), nnet.dense(2)); SELECT nnet.compile('m', 'mse');
	SELECT nnet.fit('m', ARRAY[i, 1]::real[], ARRAY[1, i]::real[]) FROM generate_series(1, 10) AS i;
	SELECT nnet.predict('m', '{1,2}'::real[])";
$node->safe_psql('theirs', "CREATE SCHEMA lab; GRANT ALL ON SCHEMA lab TO other; SET ROLE other; SET search_path = lab; $define");
pass('anyone uses it without a grant');
# ---- dropping ----

refused('theirs', 'SET ROLE plain; DROP EXTENSION nnet', qr/cannot drop extension nnet because other objects depend on it.*lab\.m/s,
	'dropping it while there are models');
is($node->safe_psql('theirs', "SELECT count(*) FROM lab.m"), 3, 'the model is still there');
$node->safe_psql('theirs', 'CREATE TABLE lab.plain AS TABLE lab.m');
$node->safe_psql('theirs', 'SET client_min_messages = error; DROP EXTENSION nnet CASCADE');
is($node->safe_psql('theirs', "SELECT to_regclass('lab.m') IS NULL AND to_regclass('lab.plain') IS NOT NULL"), 't',
	'CASCADE drops models, not plain copies');
is($node->safe_psql('theirs', "SELECT count(*) FROM pg_namespace WHERE nspname = 'nnet'"), 0, 'and its schema');
$node->safe_psql('theirs', "CREATE EXTENSION nnet; CREATE TABLE lab.m OF nnet.layer (PRIMARY KEY (layer, part));
	INSERT INTO lab.m TABLE lab.plain; SELECT nnet.predict('lab.m', '{1,2}'::real[])");
pass('installed anew, a copy becomes a model again');
refused('shared', 'CREATE EXTENSION nnet SCHEMA public', qr/must be installed in schema "pg_catalog"/, 'another schema');
$node->stop;

# ---- OpenBLAS is missing ----

# A library that needs another, which is not there; then a file that is no library.
my $broken = PostgreSQL::Test::Utils::tempdir();
my $cc = $ENV{CC} // 'cc';
my $fit = "SELECT nnet.fit('m', ARRAY[i, 1]::real[], ARRAY[1, i]::real[]) FROM generate_series(1, 10) AS i";
system("cd $broken && echo 'int x;' >x.c && $cc -shared -fPIC -o libabsent.so x.c && "
	. "$cc -shared -fPIC -Wl,--no-as-needed -o libopenblas.so.0 x.c -L. -labsent && rm libabsent.so") == 0
  or die 'no library';
{
	local $ENV{LD_LIBRARY_PATH} = $broken;
	$node->start;
}
$node->safe_psql('postgres', 'CREATE EXTENSION nnet');
pass('without OpenBLAS it installs');
$node->safe_psql('postgres', "SELECT nnet.create_model('m', nnet.input(2), nnet.dense(2)); SELECT nnet.compile('m', 'mse')");
pass('and models can be defined');
refused('postgres', $fit, qr/cannot load OpenBLAS: .*HINT:.*apt install libopenblas0/s, 'training without OpenBLAS');
$node->stop;

unlink "$broken/libopenblas.so.0";
open my $file, '>', "$broken/libopenblas.so.0" or die "$broken: $!";
close $file;
{
	local $ENV{LD_LIBRARY_PATH} = $broken;
	$node->start;
}
refused('postgres', $fit, qr/cannot load OpenBLAS: (?!.*install)/s, 'a damaged file is no matter of installing');
my $session = session($node);
$session->query("SELECT nnet.predict('m', '{1,2}'::real[])") for 1 .. 2;
like(error_of($session), qr/OpenBLAS/, 'a session can try again');
is($session->query_safe('SELECT 1'), 1, 'and lives on');
$session->quit;
$node->stop;

# another library under its name
my ($other) = glob '{/usr,}/lib/*/libpng16.so.16';
unlink "$broken/libopenblas.so.0";
symlink $other, "$broken/libopenblas.so.0" or die "$broken: $!";
{
	local $ENV{LD_LIBRARY_PATH} = $broken;
	$node->start;
}
refused('postgres', "SELECT nnet.predict('m', '{1,2}'::real[])", qr/is not OpenBLAS: functions are missing/,
	'predicting with another library under its name');
$node->stop;

# it is loaded with its own threads off, and what was set for them is given back
{
	local $ENV{OMP_NUM_THREADS} = '1,' x 1000;
	$node->start;
}
refused('postgres', "SELECT nnet.predict('m', '{1,2}'::real[])", qr/OPENBLAS_NUM_THREADS or OMP_NUM_THREADS cannot be set/,
	'predicting where a number of threads is too long to be kept');
$node->stop;

# ---- which kernels it uses ----

{
	local $ENV{OPENBLAS_CORETYPE} = 'Nehalem';
	$node->start;
}
$node->safe_psql('postgres', "SELECT nnet.fit('m', ARRAY[i, 1]::real[], ARRAY[1, i]::real[]) FROM generate_series(1, 10) AS i");
is($node->safe_psql('postgres', "SELECT nnet.info() ->> 'kernels'"), 'Nehalem', "the administrator's choice of kernels holds, and is told");
ok(no_crash_in($node), 'no process crashed');
$node->stop;
done_testing();
