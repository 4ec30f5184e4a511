#!/usr/bin/perl
#
# rounds_model.pl
#	What nnet.fit_rounds() would take on many servers, reckoned from what its parts
#	were measured to take: doc/rounds.md has the table.
#
# A round: the coordinator writes the model as text once and sends it to each of N
# servers; each reads it, trains, writes the sums of an average as text and sends them;
# the coordinator reads and adds up N of these.  What servers do, they do at the same
# time; what the coordinator does, it does N times.  Lost is what is not training.

use strict;
use warnings;

my $link = 1.25e9; # bytes a second: 10 Gbit/s

# Bytes a weight: a value has 4, in base64; sums of several buckets 8, in hex.
my %bytes = (model => 4 * 4 / 3, sums => 8 * 2);

# Seconds a weight of processor time, measured by rounds_cost.sql.
my %cost = (
	write_model => 3.9e-8,
	read_model => 2.5e-8,
	train_apart => 7.3e-8, # a fit of two rows, the model into memory and out, and into sums
	write_sums => 1.13e-7,
	read_sums => 8.8e-8,
	add => 6.7e-8,
	save => 9.1e-8); # the average and the table

sub round_of
{
	my ($servers, $weights) = @_;
	my $once = $cost{write_model} + $cost{read_model} + $cost{train_apart} + $cost{write_sums} + $cost{save};
	my $each = ($bytes{model} + $bytes{sums}) / $link + $cost{read_sums} + $cost{add};

	return $weights * ($once + $servers * $each);
}

print "| weights | servers | GB a round | s a round | lost if servers train 1 min | 10 min | 1 h |\n| --- | --- | --- | --- | --- | --- | --- |\n";
for my $weights (1e6, 1e8, 1e9)
{
	for my $servers (8, 64, 512)
	{
		my $seconds = round_of($servers, $weights);
		my $gigabytes = $servers * $weights * ($bytes{model} + $bytes{sums}) / 1e9;

		printf "| %s | %d | %.3g | %.3g | %s |\n", $weights >= 1e9 ? '1 G' : $weights / 1e6 . ' M', $servers, $gigabytes, $seconds,
		  join ' | ', map { sprintf '%.0f %%', 100 * $seconds / ($seconds + $_) } 60, 600, 3600;
	}
}
