# RealData.pm
#	Data sets of the real world for tests: where they lie, and how they get into
#	tables.  They are looked for in the folder that NNET_DATA names; a test whose
#	data is not there is skipped, and says so.

package RealData;

use strict;
use warnings;
use Exporter 'import';
use FindBin;
use Test::More;

our @EXPORT = qw(data_file load_lines load_idx median_of_seeds);

# The path of a file, or nothing.
sub data_file
{
	my ($name) = @_;
	my $file = ($ENV{NNET_DATA} // '') . "/$name";

	return $file if defined $ENV{NNET_DATA} && -r $file;
	return;
}

# A table of numbered lines of text.
sub load_lines
{
	my ($node, $table, $file) = @_;

	$node->safe_psql('postgres', "CREATE TABLE $table (id serial, line text)");
	$node->command_ok(
		[   'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('postgres'), '-c',
			"\\copy $table (line) FROM '$file' (FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02')" ],
		"$table is loaded");
	return;
}

# A table of pictures as bytea with their labels as numbers.
sub load_idx
{
	my ($node, $table, $images, $labels) = @_;
	my ($loader) = grep { -e } "$FindBin::Bin/../../demo/load-idx.pl", 'demo/load-idx.pl';
	my $target = $node->connstr('postgres');

	$node->safe_psql('postgres', "CREATE TABLE $table (id integer, pixels bytea, label integer)");
	is(system("perl '$loader' '$images' '$labels' | psql -Xq -v ON_ERROR_STOP=1 -d \"$target\" -c 'COPY $table FROM STDIN'"),
		0, "$table is loaded");
	return;
}

# Of what code returns for the seeds 1, 2 and 3.
sub median_of_seeds
{
	my ($what, $code) = @_;
	my @values = map { $code->($_) } 1, 2, 3;
	my @sorted = sort { $a <=> $b } @values;

	note "$what: @values";
	return $sorted[ @sorted / 2 ];
}

1;
