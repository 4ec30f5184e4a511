# Networks of variable steps drawn at random, over rows of mixed lengths: each row
# is predicted and measured as if it were alone, y has the steps of the output, and
# what is too short is refused.  FUZZ_SEED and FUZZ_TRIES try others, and more.

use strict;
use warnings;
use NnetNode;
use Test::More;

my $seed = $ENV{FUZZ_SEED} // 0.5;
my $tries = $ENV{FUZZ_TRIES} // 80;
my $node = new_node('steps', conf => { max_parallel_maintenance_workers => 3 });
my ($out, $err) = run_script($node, 'steps.sql', 300 + 10 * $tries, 'ON_ERROR_STOP=1', "seed=$seed", "tries=$tries");
is($err, '', 'the script itself runs well');
is($out, '', "of $tries networks nothing is found");

my %counts = map { split /\|/ } split /\n/, $node->safe_psql('postgres', 'TABLE counts');
note join ', ', map { "$_: $counts{$_}" } sort keys %counts;
cmp_ok($counts{networks} // 0, '>', $tries / 2, 'most of them can take some of the rows');
cmp_ok($counts{'refused lengths'} // 0, '>', $tries, 'and not others');
ok(no_crash_in($node), 'no process crashed');
$node->stop;
done_testing();
