# Models edited at random give errors with names, never internal ones, and never
# bring a process down.  FUZZ_SEED and FUZZ_TRIES try others, and more.

use strict;
use warnings;
use NnetNode;
use Test::More;

my $seed = $ENV{FUZZ_SEED} // 1;
my $tries = $ENV{FUZZ_TRIES} // 1000;
my $node = new_node('fuzz', conf => { max_parallel_maintenance_workers => 1, statement_timeout => '5s' });
$node->safe_psql('postgres', 'CREATE SCHEMA fuzz');
my ($out, $err) = run_script($node, 'rows.sql', 300 + $tries / 2, "seed=$seed", 'first=1', "last=$tries", 'schema=fuzz');
is($err, '', 'the script itself runs well');
is($out, "t\n", 'by one process all the time');

sub query
{
	return $node->safe_psql('postgres', "SET search_path = fuzz; $_[0]");
}

my %states = map { split /\|/ } split /\n/, query('SELECT state, count(*) FROM outcomes GROUP BY state');
note join ', ', map { "$_: $states{$_}" } sort keys %states;
is(query("SELECT string_agg(kind, ' ') FROM kinds k WHERE NOT EXISTS (SELECT FROM originals o WHERE o.kind = k.kind)"), '',
	'there is a model of every kind of layer');
is(query("SELECT string_agg(DISTINCT p.proname, ' ') FROM pg_proc p WHERE p.pronamespace = 'nnet'::regnamespace
	AND p.prokind IN ('f', 'a') -- a procedure ends transactions, which nothing here may
	AND 'regclass'::regtype = ANY (p.proargtypes::oid[]) AND 'internal'::regtype <> ALL (p.proargtypes::oid[])
	AND NOT EXISTS (SELECT FROM readers r WHERE position('nnet.' || p.proname || '(' IN r.call) > 0)"), '',
	'every function that takes a model reads them');
is(query("SELECT count(*) FROM generate_series(1, $tries) n WHERE NOT EXISTS (SELECT FROM outcomes o WHERE o.number = n
	AND (o.state = '57014' OR o.call = (SELECT call FROM readers ORDER BY readers.n DESC LIMIT 1)))"), 0, 'all tries came to an end');
cmp_ok($states{57014} // 0, '<', $tries / 50, 'and few were cut short');
cmp_ok($states{F0000} // 0, '>', 2 * $tries, 'what was edited harmlessly goes well');
cmp_ok($states{22023} // 0, '>', 2 * $tries, 'what makes no sense is refused');
is(query("SELECT string_agg(DISTINCT state || ' ' || number || ' ' || original || ' ' || call || ': ' || message, E'\\n')
	FROM outcomes WHERE state ~ '^(XX|57|53|58|P0|2F|42803|42601|42883)' AND state <> '57014'"), '', 'no error is an internal one');

# what went wrong left the session as it was
is($node->safe_psql('postgres', "SELECT count(nnet.predict('fuzz.o_dense', '{1,2,3}'::real[]))"), 1, 'the originals still predict');
ok(no_crash_in($node), 'no process crashed');
$node->stop;
done_testing();
