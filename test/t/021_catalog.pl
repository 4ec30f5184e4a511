# Every function of the catalog, called with values that nobody meant, by the owner
# of models and by a stranger, gives results or errors, never internal errors or
# the end of a process.  CATALOG_SEED and CATALOG_CALLS try others, and more.

use strict;
use warnings;
use NnetNode;
use Test::More;

my $seed = $ENV{CATALOG_SEED} // 1;
my $calls = $ENV{CATALOG_CALLS} // 8000;
my $timeout = 2;
my $node = new_node('catalog', conf => { max_parallel_maintenance_workers => 1, statement_timeout => "${timeout}s" });
$node->safe_psql('postgres', 'CREATE SCHEMA fuzz');
my ($out, $err) = run_script($node, 'catalog.sql', 300 + $calls / 20, "seed=$seed", 'first=1', "last=$calls", 'schema=fuzz');
is($err, '', 'the script itself runs well');
is($out, "t\n", 'by one process all the time');

sub query
{
	return $node->safe_psql('postgres', "SET search_path = fuzz; $_[0]");
}

my %states = map { split /\|/ } split /\n/, query('SELECT state, count(*) FROM outcomes GROUP BY state');
note join ', ', map { "$_: $states{$_}" } sort keys %states;
is(query('SELECT count(*) FROM outcomes'), $calls, "all of $calls calls came to an end");
is(query("SELECT string_agg(DISTINCT state || ' ' || number || ' ' || call || ': ' || message, E'\\n') FROM outcomes
	WHERE state ~ '^(XX|53|57|58|P0|2F)' AND state <> '57014'"), '', 'no error is an internal one');

# A call that was held up by a busy machine is not the next time.
my $late = "FROM outcomes WHERE seconds > $timeout + 10";
my @deaf;
for my $number (split /\n/, query("SELECT DISTINCT number $late"))
{
	$node->safe_psql('postgres', 'DROP SCHEMA IF EXISTS again CASCADE; DROP ROLE IF EXISTS again_keeper, again_stranger; CREATE SCHEMA again');
	run_script($node, 'catalog.sql', 300, "seed=$seed", "first=$number", "last=$number", 'schema=again');
	push @deaf, $node->safe_psql('postgres', "SET search_path = again; SELECT call $late");
}
is(join(' ', @deaf), '', 'none was deaf to its timeout');
cmp_ok($states{57014} // 0, '<', $calls / 100, 'and few needed it');

# the calls are what they are meant to be
is(query("SELECT string_agg(DISTINCT call || ': ' || message, E'\\n') FROM outcomes o WHERE state ~ '^42(601|883|725|803)'
	AND call !~ 'nnet[.](search|cross_validate|learn_from)[(]' -- which run queries
	AND message !~ '^(could not identify|improper relation name|operator does not exist)'
	AND message !~ 'unknown.* is not unique' -- a bare literal where a function has several forms
	AND NOT EXISTS (SELECT FROM functions f WHERE o.call LIKE '%nnet.' || f.proname || '(%' AND f.inside)"), '',
	'every call is one of a function there is');
is(query("SELECT string_agg(proname, ' ') FROM functions f WHERE NOT f.inside
	AND NOT EXISTS (SELECT FROM outcomes o WHERE position('nnet.' || quote_ident(f.proname) || '(' IN o.call) > 0)"), '',
	'no function is left out');
cmp_ok($states{F0000} // 0, '>', $calls / 5, 'many go well');
cmp_ok(query("SELECT count(DISTINCT proname) FROM functions f JOIN outcomes o ON position('nnet.' || quote_ident(f.proname) || '(' IN o.call) > 0
	WHERE f.reads AND o.state = 'F0000'"), '>', 12, 'also of those that read models');
is(query("SELECT string_agg(call, E'\\n') FROM outcomes WHERE who = 'stranger' AND state = 'F0000'
	AND call !~ 'NULL::' -- which gives no row of a strict function
	AND call ~ 'nnet.(summary|parameters|history|vocabulary|copy_model)..(m|line|words|a_view).::regclass.*, [1-9]. '"), '', 'a stranger sees nothing of a model');

is($node->safe_psql('postgres', "SELECT count(nnet.predict('fuzz.m', '{1,2}'::real[]))"), 1, 'the models still predict');
ok(no_crash_in($node), 'no process crashed');
$node->stop;
done_testing();
