#!/usr/bin/perl
#
# reference.pl [--check]
#	Write doc/reference.md, every function of the extension as its install script
#	declares and comments it.  With --check nothing is written; exits with 1 if
#	the page is not what it should be.

use strict;
use warnings;

my $page = 'doc/reference.md';
my %title = (
	'20-layers' => 'Layers',
	'21-convolution' => 'Layers for images and signals',
	'22-recurrent' => 'Layers for sequences',
	'23-features' => 'Layers for columns of a table',
	'24-activations' => 'Layers: activations with arguments, noise, normalizations',
	'25-volumes' => 'Layers for signals and volumes',
	'26-images' => 'Layers for images: size and augmentation',
	'27-attention' => 'Layers: attention, einsum_dense',
	'30-optimizers' => 'Optimizers, schedules, initializers, regularizers',
	'31-losses' => 'Losses and metrics with arguments',
	'40-models' => 'Models',
	'50-train' => 'Training and evaluation',
	'55-search' => 'Choosing among models',
	'60-predict' => 'Prediction',
	'65-values' => 'Models as values',
	'65-explain' => 'Explanations',
	'67-rounds' => 'Training in rounds, where the rows are',
	'66-importance' => 'Importances of features',
	'70-algebra' => 'Arithmetic on models',
	'75-metrics' => 'Metrics of queries',
	'80-gan' => 'Generative adversarial networks',
	'85-pictures' => 'Pictures',
	'85-text' => 'Texts',
	'86-series' => 'Time series',
	'88-seeing' => 'Seeing models');

sub slurp
{
	my ($name) = @_;
	open my $file, '<', $name or return '';
	local $/;
	return scalar <$file>;
}

# Types as people write them.
sub plain
{
	my ($text) = @_;
	$text =~ s/\bpg_catalog\.//g;
	$text =~ s/\bint4\b/integer/g;
	$text =~ s/\bint8\b/bigint/g;
	$text =~ s/\bfloat4\b/real/g;
	$text =~ s/\bfloat8\b(?!')/double precision/g;
	$text =~ s/\bbool\b/boolean/g;
	$text =~ s/'::text\b/'/g;
	$text =~ s/::double precision//g;
	$text =~ s/\s+/ /g;
	$text =~ s/^ | $//g;
	return $text;
}

# Each argument on its own: name, type, default.
sub arguments
{
	my ($list) = @_;
	my (@arguments, @results);
	my $depth = 0;
	my $one = '';

	for my $character (split(//, "$list,"))
	{
		$depth++ if $character =~ /[(\[{]/;
		$depth-- if $character =~ /[)\]}]/;
		if ($character eq ',' && $depth == 0)
		{
			$one = plain($one);
			if ($one =~ s/^OUT //) { push @results, $one }
			elsif ($one ne '') { push @arguments, $one =~ s/ DEFAULT / = /r }
			$one = '';
			next;
		}
		$one .= $character;
	}
	return (\@arguments, \@results);
}

sub entry
{
	my ($kind, $name, $list, $tail, $comment) = @_;
	my ($arguments, $results) = arguments($list);
	my ($returns) = $tail =~ /RETURNS\s+(\S+(?:\s+\S+)?)\s*\n/;
	$returns = plain($returns // '');
	$returns = 'rows of (' . join(', ', @$results) . ')' if @$results;
	$returns =~ s/^SETOF /rows of /;
	my $text = "**nnet.$name**(" . join(', ', map { "`$_`" } @$arguments) . ')';
	$text .= " → `$returns`" if $returns && $returns ne 'jsonb';
	$text .= ", $kind" if $kind;
	$text .= "\\\n$comment\n";
	return $text;
}

# The columns of the view of all models.
sub models_columns
{
	my ($view) = slurp('sql/10-types.sql') =~ /CREATE VIEW nnet\.models AS\n    SELECT(.*?)\n    FROM\b/s;
	return join ', ', $view =~ /\bAS\s+(\w+)(?=,|\s*$)/mg;
}

sub write_page
{
	my $text = <<"END";
# Reference

Every function of the extension, with its arguments and their defaults, made from
the install script by `scripts/reference.pl`. All arguments can be given by name
(`units => 64`), but those of aggregates, which PostgreSQL takes by place alone.
`"any"` takes several types: see the
[guide](guide.md#what-x-and-y-can-be) for data; for an argument of a layer such
as `kernel_size` a number, an array or its text (`3`, `ARRAY[3,5]`, `'{3,5}'`), for an
initializer or regularizer its name (`'he_normal'`, `'l2'`) or what its function makes,
for a learning rate a number or what a schedule function makes. Layers, optimizers, schedules, initializers,
regularizers and options are values of type `jsonb`.

Arguments that many layers have: `name` is unique in the model and made as Keras does
if left out (`dense`, `dense_1`); `inputs` names the layers that feed this one, the one
before if left out; `trainable => false` keeps its weights in training.

Beside the functions there are the types `nnet.layer`, of which a model's table is,
`nnet.model`, a whole model as [one value](values.md), and `nnet.evaluation`, what one came to over some rows, and the
view `nnet.models` (@{[ models_columns() ]}): the models
that the current user may read; the description is what COMMENT ON TABLE said.
END
	for my $file (sort glob 'sql/[0-9]*.sql')
	{
		my ($key) = $file =~ m!sql/(.*)\.sql!;
		my $sql = slurp($file);
		my %comment;
		my $entries = '';

		while ($sql =~ /^COMMENT ON (?:FUNCTION|AGGREGATE|PROCEDURE) nnet\.(\w+)\s*\(((?:[^()])*)\) IS\s*'((?:[^']|'')*)';/mg)
		{
			my ($name, $types, $what) = ($1, plain($2), $3);
			$comment{$name} //= [];
			push @{ $comment{$name} }, $what =~ s/''/'/gr;
		}
		my %seen;
		while ($sql =~ /^CREATE (FUNCTION|AGGREGATE|PROCEDURE) nnet\.(\w+)\s*\(((?:[^()']|'[^']*'|\((?:[^()])*\))*)\)([^;]*);/mg)
		{
			my ($what, $name, $list, $tail) = ($1, $2, $3, $4);
			my $comment = $comment{$name}[ $seen{$name}++ ] // '';
			next if $comment =~ /^implementation of/;
			my $kind = $what eq 'AGGREGATE' ? 'aggregate' : $what eq 'PROCEDURE' ? 'procedure' : $tail =~ /\bWINDOW\b/ ? 'window function' : '';
			$comment =~ s/^(?:layer|optimizer|schedule|initializer|regularizer): //;
			$entries .= "\n" . entry($kind, $name, $list, $tail, $comment);
		}
		$text .= "\n## " . ($title{$key} // $key) . "\n$entries" if $entries;
	}
	return $text;
}

my $text = write_page();
if (@ARGV && $ARGV[0] eq '--check')
{
	exit 0 if slurp($page) eq $text;
	print "$page: is not what the SQL declares; run scripts/reference.pl\n";
	exit 1;
}
mkdir 'doc';
open my $file, '>', $page or die "$page: $!\n";
print $file $text;
close $file or die "$page: $!\n";
