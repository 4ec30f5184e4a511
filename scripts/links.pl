#!/usr/bin/perl
#
# links.pl
#	The pages for readers: every relative link leads to a file, every anchor to a
#	heading of its page, and every page of doc/ can be reached from the README.
#	Prints file:line: what; exits with 1 if there was any.

use strict;
use warnings;
use File::Basename;
use File::Spec;

my $found = 0;
my %page;

sub report
{
	my ($file, $line, $what) = @_;
	print "$file:$line: $what\n";
	$found++;
	return;
}

# A page's lines, those of code blanked.
sub lines_of
{
	my ($name) = @_;
	my $code = 0;
	my @lines;

	open my $file, '<', $name or die "$name: $!\n";
	while (<$file>)
	{
		my $fence = /^\s*```/;
		push @lines, $fence || $code ? '' : $_;
		$code = !$code if $fence;
	}
	return \@lines;
}

# The anchors that a page's headings have, as GitHub makes them.
sub anchors_of
{
	my ($lines) = @_;
	my %anchor;

	for (@$lines)
	{
		my ($heading) = /^#+ +(.*?)\s*$/ or next;
		my $name = lc $heading =~ s/\[([^]]*)\]\([^)]*\)/$1/gr =~ s/[^\w\- ]//gr =~ tr/ /-/r;
		my $number = $anchor{$name}++;
		$anchor{"$name-$number"} = 1 if $number;
	}
	return \%anchor;
}

sub load
{
	my ($name) = @_;

	$page{$name} //= do {
		my $lines = lines_of($name);
		{ lines => $lines, anchors => anchors_of($lines), leads_to => {} };
	};
	return $page{$name};
}

sub check
{
	my ($name) = @_;
	my $self = load($name);
	my $number = 0;

	for (@{ $self->{lines} })
	{
		$number++;
		my $text = s/`[^`]*`//gr;
		while ($text =~ /\]\(([^)\s]*)\)/g)
		{
			my ($path, $anchor) = split /#/, $1, 2;
			next if $path =~ /^\w+:/;
			my $target = $path eq '' ? $name : File::Spec->abs2rel(File::Spec->rel2abs(dirname($name) . "/$path"));
			$target =~ s!\b[^/]+/\.\./!!;
			if (!-e $target)
			{
				report($name, $number, "\"$path\" is not there");
				next;
			}
			$self->{leads_to}{$target} = 1;
			report($name, $number, "\"$path\" has no heading \"#$anchor\"")
			  if defined $anchor && !load($target)->{anchors}{$anchor};
		}
	}
	return;
}

my @pages = (glob('*.md'), glob('doc/*.md'));
check($_) for @pages;

my %reached;
my @next = ('README.md');
while (defined(my $name = shift @next))
{
	push @next, keys %{ $page{$name}{leads_to} } if $page{$name} && !$reached{$name}++;
}
report('README.md', 1, "no link leads to $_") for grep { !$reached{$_} } glob 'doc/*.md';

printf "%d pages: %s\n", scalar @pages, $found ? "$found complaints" : 'in order';
exit($found ? 1 : 0);
