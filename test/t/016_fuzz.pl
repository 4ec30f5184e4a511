# Models edited at random give errors with names, never internal ones, and never
# bring a process down.  FUZZ_SEED and FUZZ_TRIES try others, and more.

use strict;
use warnings;
use FindBin;
use NnetNode;
use Test::More;

my ($script) = grep { -e } "$FindBin::Bin/../fuzz/rows.sql", 'test/fuzz/rows.sql';
my $seed = $ENV{FUZZ_SEED} // 0.25;
my $tries = $ENV{FUZZ_TRIES} // 1000;
my $node = new_node('fuzz', conf => { max_parallel_maintenance_workers => 1 });
my $file = $node->basedir . '/rows.sql';

open my $in, '<', $script or die "$script: $!\n";
open my $out, '>', $file or die "$file: $!\n";
print $out "\\set seed $seed\n\\set tries $tries\n", <$in>;
close $out or die "$file: $!\n";
$node->command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('postgres'), '-f', $file ],
	"$tries edited models are tried");

my %states = map { split /\|/ } split /\n/, $node->safe_psql('postgres',
	'SELECT state, count(*) FROM outcomes GROUP BY state ORDER BY state');
note join ', ', map { "$_: $states{$_}" } sort keys %states;
cmp_ok($states{F0000} // 0, '>', $tries, 'what was edited harmlessly goes well');
cmp_ok($states{22023} // 0, '>', $tries, 'what makes no sense is refused');
is($node->safe_psql('postgres', "SELECT string_agg(DISTINCT state || ' ' || call || ': ' || message, E'\\n')
	FROM outcomes WHERE state ~ '^(XX|57|53|58|42803|42601|42883)'"), '', 'no error is an internal one');

# what went wrong left the session as it was
is($node->safe_psql('postgres', "SELECT count(nnet.predict('o_dense', '{1,2,3}'::real[]))"), 1, 'the originals still predict');
ok(no_crash_in($node), 'no process crashed');
$node->stop;
done_testing();
