# Queries drawn at random give the same rows, errors and effects with
# nnet.batch_predict on and off.  FUZZ_SEED and FUZZ_QUERIES try others, and more.

use strict;
use warnings;
use FindBin;
use List::Util 'max';
use NnetNode;
use PostgreSQL::Test::Utils;
use Test::More;

my $seed = $ENV{FUZZ_SEED} // 1;
my $queries = $ENV{FUZZ_QUERIES} // 250;
my $generator = "$FindBin::Bin/../fuzz/queries.pl";
my $node = new_node('queries', conf => { session_preload_libraries => 'nnet', max_parallel_maintenance_workers => 1,
	autovacuum => 'off', synchronize_seqscans => 'off' });
my ($out, $err) = run_script($node, 'queries.sql', 60);
is($err, '', 'there are tables and models');

# What psql says of each query, by its number: rows, then notices and errors.
sub answers
{
	my ($setting) = @_;
	my $script = `$^X $generator $seed 1 $queries`;
	my ($rows, $errors, %answers);

	# the session's own, which RESET leaves
	local $ENV{PGOPTIONS} = "-c nnet.batch_predict=$setting";
	IPC::Run::run([ 'psql', '-XAtq', '-d', $node->connstr('postgres'), '-v', 'VERBOSITY=verbose' ],
		'<', \$script, '>', \$rows, '2>', \$errors, IPC::Run::timeout(60 + $queries));
	for my $said ($rows, $errors)
	{
		my (undef, %part) = split /^-- (\d+)\n/m, $said;
		$answers{$_} .= $part{$_} for keys %part;
	}
	return \%answers;
}

my $number = qr/-?\d+\.\d+(?:e[+-]\d+)?|-?\d+e[+-]\d+|-?\d{5,}/;

# The largest number in each column, by the places of numbers in the parts of an answer.
sub largest_beside
{
	my @parts = @_;
	my ($column, @columns, @largest) = (0);

	for my $i (0 .. $#parts)
	{
		my $text = $i % 2 == 0 ? $parts[$i] : '';
		$column = 0 if $text =~ s/.*\n//s;
		$column += $text =~ tr/|//;
		$columns[$i] = $column;
		$largest[$column] = max($largest[$column] // 0, abs $parts[$i]) if $i % 2 == 1;
	}
	return map { $largest[$_] // 0 } @columns;
}

# The same but for the last digits of numbers, which in a sum are those of its largest
# terms; of parallel workers, errors say less.
sub alike
{
	my ($on, $off, $query) = @_;

	# where rows are read again and again, backwards, or a row is given several times, calls are numbered otherwise
	s/^(CONTEXT:  call )\d+/$1/mg for $query =~ /LATERAL|unnest|FETCH/ ? ($on, $off) : ();
	if ("$on$off" =~ /parallel worker/)
	{
		my ($one) = $on =~ /^(ERROR:  \w+)/m;
		my ($other) = $off =~ /^(ERROR:  \w+)/m;
		return ($one // '') eq ($other // '');
	}
	my @on = split /($number)/, $on;
	my @off = split /($number)/, $off;
	my @beside = largest_beside(@off);
	return 0 if @on != @off;
	for my $i (0 .. $#on)
	{
		next if $on[$i] eq $off[$i];
		return 0 if $i % 2 == 0 || abs($on[$i] - $off[$i]) > 1e-6 * (1 + 10 * abs($off[$i]) + $beside[$i]);
	}
	return 1;
}

sub first_difference
{
	my @on = split /\n/, $_[0];
	my @off = split /\n/, $_[1];
	my $i = 0;

	$i++ while ($on[$i] // '') eq ($off[$i] // '') && $i < @on;
	return join "\n", "---- on, from line $i of " . @on, (grep { defined } @on[ $i .. $i + 8 ]), "---- off, of " . @off,
	  (grep { defined } @off[ $i .. $i + 8 ]), '';
}

# How many of the plain queries have plans with batches.
sub count_of_batched
{
	my @plain = grep { /^(SELECT|WITH|\()/ } split /\n/, `$^X $generator $seed 1 $queries`;
	my $plans;

	IPC::Run::run([ 'psql', '-XAtq', '-d', $node->connstr('postgres') ],
		'<', \join("\n", map { "\\echo ====\nEXPLAIN $_" } @plain), '>', \$plans, '2>', \my $errors);
	my $batched = grep { /NnetPredict/ } split /^====$/m, $plans;
	note "$batched of " . @plain . ' plain queries are in batches';
	return $batched / @plain;
}

cmp_ok(count_of_batched(), '>', 0.3, 'many queries are in batches');

my $off = answers('off');
my $on = answers('on');
my $errors = 0;
is(scalar(keys %$on), $queries, 'all queries were run');
for my $i (1 .. $queries)
{
	$errors++ if ($off->{$i} // '') =~ /^ERROR/m;
	next if ($on->{$i} // 'lost') eq ($off->{$i} // 'lost');
	my $query = `$^X $generator $seed $i $i`;
	next if alike($on->{$i} // 'lost', $off->{$i} // 'lost', $query);
	fail("query $i of seed $seed");
	diag $query, first_difference($on->{$i} // 'lost', $off->{$i} // 'lost');
}
note "$errors queries had errors";
cmp_ok($errors, '>', $queries / 20, 'errors were among what was compared');
cmp_ok($errors, '<', $queries / 1.5, 'and more than errors');
ok(no_crash_in($node), 'no process crashed');
$node->stop;
done_testing();
