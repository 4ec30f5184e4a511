#!/usr/bin/perl
#
# harness.pl SUITE FILE...
#	Run TAP programs (Perl or binary) or pgTAP scripts (*.sql, against the server of
#	the environment) and append "SUITE passed failed skipped" to the file that
#	NNET_TOTALS names.  A file that ends badly counts as a failure of its own.

use strict;
use warnings;
use TAP::Harness;

my ($suite, @files) = @ARGV;
die "usage: harness.pl SUITE FILE...\n" unless @files;

# psql stops a broken script at once, and says where.
my %pgtap = (suffix => '.sql', set => { ON_ERROR_STOP => 1, ON_ERROR_ROLLBACK => 0 });
my $harness = TAP::Harness->new(
	{   verbosity => $ENV{VERBOSE} ? 1 : 0,
		failures  => 1,
		comments  => $suite ne 'tap',	# Perl's tell their failures on stderr
		timer     => 1,
		jobs      => $ENV{JOBS} // 1,
		merge     => 0,
		lib       => [ split /:/, $ENV{PERL5LIB} // '' ],
		sources   => $files[0] =~ /\.sql$/ ? { pgTAP => \%pgtap } : {},
	});
my $result = $harness->runtests(@files);

my ($passed, $failed) = (scalar $result->passed, scalar $result->failed);
for my $parser ($result->parsers)
{
	next unless $parser->has_problems;
	$failed++ unless $parser->failed;
}
if (my $name = $ENV{NNET_TOTALS})
{
	open my $totals, '>>', $name or die "$name: $!\n";
	printf $totals "%s %d %d %d\n", $suite, $passed, $failed, scalar $result->skipped;
	close $totals or die "$name: $!\n";
}
exit($failed ? 1 : 0);
