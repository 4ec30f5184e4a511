#!/usr/bin/perl
#
# load-idx.pl IMAGES LABELS
#	Turn a pair of files in the idx format of MNIST and its kin (gzip-compressed
#	or not) into rows for COPY: number, pixels as bytea, label as a number.
#
# An idx file is big-endian: 0, 0, the type (8: unsigned bytes), the number of
# dimensions, each dimension in four bytes; then the values.

use strict;
use warnings;
use IO::Uncompress::Gunzip qw($GunzipError);

sub open_idx
{
	my ($name) = @_;
	my $file = IO::Uncompress::Gunzip->new($name, Transparent => 1) or die "$name: $GunzipError\n";
	my $head = read_exactly($file, $name, 4);
	my ($zero, $type, $rank) = unpack 'n C C', $head;

	die "$name: not an idx file of bytes\n" if $zero != 0 || $type != 8 || $rank < 1;
	my ($count, @shape) = unpack 'N*', read_exactly($file, $name, 4 * $rank);
	my $size = 1;
	$size *= $_ for @shape;
	return ($file, $count, $size);
}

sub read_exactly
{
	my ($file, $name, $bytes) = @_;
	my $data = '';

	while (length $data < $bytes)
	{
		my $got = $file->read($data, $bytes - length $data, length $data);
		die "$name: ends too early\n" unless defined $got && $got > 0;
	}
	return $data;
}

my ($images_name, $labels_name) = @ARGV;
die "usage: load-idx.pl IMAGES LABELS\n" unless @ARGV == 2;
my ($images, $count, $size) = open_idx($images_name);
my ($labels, $label_count) = open_idx($labels_name);
die "$images_name has $count images, $labels_name $label_count labels\n" if $count != $label_count;

my @label = unpack 'C*', read_exactly($labels, $labels_name, $label_count);
for my $i (1 .. $count)
{
	print "$i\t\\\\x", unpack('H*', read_exactly($images, $images_name, $size)), "\t$label[$i - 1]\n";
}
