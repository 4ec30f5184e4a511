#!/usr/bin/perl
#
# lint.pl
#	What the sources promise each other, checked:
#
#	layout	PostgreSQL's: tabs, braces on lines of their own, names of functions
#			at the line's start, no line comments, files and functions of a size
#			that can be read at once
#	tower	sql -> src/pg -> nn.h -> the rooms of src/core, floor by floor -> BLAS:
#			who may include and call whom, and that files do not call each other in circles
#	core	no allocation, no printing, no exit, no PostgreSQL
#	words	a comment, or the note of the design, that names a file means one that is there;
#			a header's "in that file" stands before what that file defines
#	sql		CREATE, never OR REPLACE or IF NOT EXISTS; all names qualified
#
# A file over 700 lines or a function over 80 must say why in the comment at its
# head, with the words "Long because".  Prints file:line: what; exits with 1 if
# there was any.

use strict;
use warnings;
use File::Find;

use constant { FILE_LINES => 700, FUNCTION_LINES => 80, LINE_WIDTH => 120 };

my $found = 0;

sub report
{
	my ($file, $line, $what) = @_;
	print "$file:$line: $what\n";
	$found++;
	return;
}

sub slurp
{
	my ($name) = @_;
	open my $file, '<', $name or die "$name: $!\n";
	local $/;
	return scalar <$file>;
}

# The same text with the insides of comments and strings blanked, line for line.
sub code_only
{
	my ($text) = @_;
	$text =~ s{(/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+')}
		{ my $s = $1; my ($a, $b) = $s =~ m!^/\*! ? ('  ', '  ') : (substr($s, 0, 1)) x 2;
		  my $in = substr($s, length $a, length($s) - length($a) - length($b));
		  $in =~ s/[^\n]/ /g; "$a$in$b" }gsex;
	return $text;
}

# ---- layout ----

sub check_layout
{
	my ($file, $text, $code) = @_;
	my @lines = split /\n/, $text, -1;
	my @code = split /\n/, $code, -1;

	report($file, scalar @lines, 'the last line has no end') if $lines[-1] ne '';
	report($file, 1, 'the file begins without a comment that says what it is')
	  unless $text =~ m!^/\*\n \* \S!;
	my ($head) = $text =~ m!^(/\*.*?\*/)!s;
	report($file, scalar @lines, 'over ' . FILE_LINES . ' lines')
	  if @lines - 1 > FILE_LINES && ($head // '') !~ /Long because/;
	for my $i (0 .. $#lines)
	{
		local $_ = $lines[$i];
		my $width = 0;
		$width += $_ eq "\t" ? 4 - $width % 4 : 1 for split //;
		report($file, $i + 1, 'blanks at the end of the line') if /[ \t]$/;
		report($file, $i + 1, 'over ' . LINE_WIDTH . ' columns') if $width > LINE_WIDTH && $code[$i] =~ /\S/;
		report($file, $i + 1, 'indented by blanks instead of tabs') if /^\t* {4}/ && !/^\s*\\$/;
		$_ = $code[$i];
		report($file, $i + 1, 'a line comment; ours are /* */') if m!//!;
		next if /^\s*#/ || /\\$/;
		report($file, $i + 1, 'a brace at the end of a line of code')
		  if /\S.*\{$/ && !/[=,({\\]\s*\{$|^\s*\{|\]\s*=|\)\s*\{$/;
		report($file, $i + 1, 'a brace after ) belongs on the next line')
		  if /^\s*(?:\}\s*)?(?:if|else|for|while|do|switch)\b.*\{$/;
		report($file, $i + 1, 'else belongs on the line after the brace') if /\}\s*else\b/;
		report($file, $i + 1, "no blank between \"$1\" and (") if /\b(if|for|while|switch|return)\(/;
		report($file, $i + 1, 'no blank after a comma') if /,[^\s\n.)}]/ && !/'/;
		report($file, $i + 1, 'the body of a condition belongs on the next line')
		  if /^\s*(?:if|while)\s*(\((?:[^()]++|(?1))*\))\s*[^\s{&|;\/].*;\s*$/;
		report($file, $i + 1, 'a type and its function in one line')
		  if /^(?!extern|typedef|return|else|NN_INLINE|(?:static )?NN_HOT|#)\w[\w\s\*]*[\s\*]\w+\([^;]*\)$/ && ($code[ $i + 1 ] // '') =~ /^\{/;
	}
	return;
}

sub check_functions
{
	my ($file, $text, $code) = @_;
	my @lines = split /\n/, $text;
	my @code = split /\n/, $code, -1;
	my $start;

	for my $i (0 .. $#lines)
	{
		$start = $i if $code[$i] =~ /^\{\s*$/ && $i > 0 && $code[ $i - 1 ] =~ /[)\w]\s*$/;
		next unless defined $start && $code[$i] =~ /^\}/;
		if ($code[$i] =~ /^\}\s*$/ && $i - $start - 1 > FUNCTION_LINES)
		{
			my $top = $start - 1;
			$top-- while $top > 0 && $lines[ $top - 1 ] =~ /\S/;
			my $head = join "\n", @lines[ $top .. $start ];
			report($file, $start, 'a function of ' . ($i - $start - 1) . ' lines')
			  unless $head =~ /Long because/;
		}
		undef $start;
	}
	return;
}

# ---- the tower ----

# The rooms of the core, from the ground up: each may include and call those before it.
my @floors = qw(kernels base layers optimizers losses graph infer train);
my %floor = map { $floors[$_] => $_ } 0 .. $#floors;
my $face = qr!^core/nn(?:_gan|_explain|_lanes|_optimizer|_reading)?\.h$!;

# The room of a file of the core, or of a header as it is included.
sub room_of
{
	my ($file) = @_;
	return $file =~ m!^(?:src/)?core/([^/]+)/! ? $1 : undef;
}

# Whether a file in that room may include the header.
sub may_include
{
	my ($room, $header) = @_;
	my $other = room_of($header);

	return defined $other && $floor{$other} <= $floor{$room} if defined $other && defined $floor{$other};
	return $room ne 'kernels' && $header =~ $face;
}

my $standard = qr!^(?:float|limits|math|stdarg|stdatomic|stdbool|stddef|stdint|stdio|string|time)\.h$!;
my %system = (
	'src/core/kernels/openblas.c' => qr!^(?:dlfcn|stdlib|errno|sys/mman)\.h$!,
	'src/core/kernels/processor.c' => qr!^(?:cpuid|unistd|sys/syscall)\.h$!,
	'src/core/kernels/gemm_outer.c' => qr!^immintrin\.h$!,
	'src/core/kernels/transpose.c' => qr!^xmmintrin\.h$!,
	'src/core/kernels/backend.c' => qr!^stdlib\.h$!,
	'src/core/kernels/gemm_avx2.c' => qr!^immintrin\.h$!,
	'src/core/kernels/gemm_amx.c' => qr!^immintrin\.h$!,
	'src/core/kernels/gemm_bf16.c' => qr!^immintrin\.h$!,
	'src/core/kernels/gemm_pairs.h' => qr!^immintrin\.h$!,
	'src/core/kernels/gemm_avx512.c' => qr!^immintrin\.h$!,
	'src/core/kernels/gemm_turn.h' => qr!^immintrin\.h$!,
	'src/core/kernels/gemm_small.c' => qr!^immintrin\.h$!,
	'src/core/kernels/moments.c' => qr!^immintrin\.h$!,
	'src/core/kernels/stop.c' => qr!^pthread\.h$!,
	'src/core/kernels/threads.c' => qr!^(?:pthread|signal|sched|unistd|errno|immintrin)\.h$!,
);

# What the files of a room must not name, and why.
my @forbidden = (
	[ qr!^src/core/!, '', qr/\b(malloc|calloc|realloc|aligned_alloc|posix_memalign|alloca|strdup|free)\s*\(/,
		'the core allocates nothing' ],
	[ qr!^src/core/!, '', qr/\b(printf|fprintf|vprintf|puts|putchar|perror|fputs|write)\s*\(/,
		'the core prints nothing' ],
	[ qr!^src/core/!, '', qr/\b(exit|_exit|abort|longjmp|siglongjmp|setjmp|assert)\s*\(/,
		'the core never leaves by a jump' ],
	[ qr!^src/core/!, '', qr/\b(ereport|elog|palloc\w*|Datum|Oid)\b/, 'the core does not know PostgreSQL' ],
	[ qr!^src/!, 'src/core/kernels/openblas.c', qr/\b(cblas_\w+|openblas_\w+|dlopen|dlsym)\b/,
		'openblas.c alone knows the library' ],
	[ qr!^src/!, 'src/core/kernels/threads.c', qr/\b(pthread_(?:create|join|mutex|cond|barrier)\w*)\b/,
		'threads.c is the only one to make threads' ],
	[ qr!^src/core/kernels/!, '', qr/\b(NN(?:Layer|Model|Kind|Pass|Plan|Run|Optimizer|LossKind))\b/,
		'a kernel knows of plain arrays only' ],
	[ qr!^src/pg/!, '', qr/\b(malloc|calloc|realloc|strdup)\s*\(/, 'memory comes from a memory context' ],
	[ qr!^src/!, 'src/pg/nnet.h', qr/\b(CHECK_FOR_INTERRUPTS)\b/,
		'nnet_check_interrupts() notices the end of the postmaster too' ],
	[ qr!^src/!, 'src/pg/compat.h', qr/\b(PG_VERSION_NUM)\b/, 'compat.h alone tells versions apart' ],
	[ qr!^src/pg/!, '', qr/\b(NN(?:Pass|LossPass|Update|Param\b.*backward))\b/, 'the glue does not know what a gradient is' ],
);

sub check_tower
{
	my ($file, $text, $code) = @_;
	my $room = $file =~ m!^src/! ? room_of($file) : undef;
	my @lines = split /\n/, $text;
	my @code = split /\n/, $code, -1;

	for my $i (0 .. $#lines)
	{
		my ($quote, $header) = $lines[$i] =~ /^\s*#\s*include\s+(["<])([^">]+)/;
		if (defined $header && $room && $quote eq '"')
		{
			report($file, $i + 1, "\"$header\" is above this room") unless may_include($room, $header);
		}
		elsif (defined $header && $room)
		{
			report($file, $i + 1, "<$header> is not for the core")
			  unless $header =~ $standard || ($system{$file} && $header =~ $system{$file});
		}
		elsif (defined $header && $file =~ m!^src/pg/! && $header =~ m!^core/!)
		{
			report($file, $i + 1, "\"$header\": the core's face is core/nn.h, core/nn_gan.h, core/nn_explain.h, core/nn_lanes.h and core/nn_reading.h")
			  unless $header =~ m!^core/(?:nn|nn_gan|nn_explain|nn_lanes|nn_reading|kernels/kernels)\.h$!;
		}
		next if defined $header;
		for my $rule (@forbidden)
		{
			my ($where, $except, $what, $why) = @$rule;
			next if $file !~ $where || $file eq $except;
			report($file, $i + 1, "\"$1\": $why") if $code[$i] =~ $what;
		}
	}
	return;
}

# ---- who calls whom ----

# What each file defines that others can call, and what each names of that.
my (%defined_in, %names);

sub note_names
{
	my ($file, $code) = @_;

	return if $file !~ m!^src/.*\.c$!;
	while ($code =~ /^((?:[A-Za-z_][\w \*]*\n)|(?:[A-Za-z_][\w \*]*[ \*]))\*?(nn(?:et)?_\w+)(\(|(?:\[\])? =)/mg)
	{
		my ($type, $name) = ($1, $2);
		$defined_in{$name}{$file} = 1 unless $type =~ /\b(?:static|extern|return|else)\b/;
	}
	$names{$file}{$1} = 1 while $code =~ /\b(nn(?:et)?_\w+)\b/g;
	return;
}

# From each file those it calls: {file}{other} = [names].
sub calls_between
{
	my %calls;

	for my $file (keys %names)
	{
		for my $name (keys %{ $names{$file} })
		{
			my @where = keys %{ $defined_in{$name} // {} };
			push @{ $calls{$file}{ $where[0] } }, $name if @where == 1 && $where[0] ne $file;
		}
	}
	return %calls;
}

# The rooms of the glue, likewise: files of src/pg itself serve all of them, but for
# init.c, which PostgreSQL calls.
my @glue_floors = qw(pg types model data run adapt image metrics predict train evaluate search rounds report);
my %glue_floor = map { $glue_floors[$_] => $_ } 0 .. $#glue_floors;
$glue_floor{init} = @glue_floors;

sub glue_room_of
{
	my ($file) = @_;
	return 'init' if $file eq 'src/pg/init.c';
	return $file =~ m!^src/pg/(?:([^/]+)/)?! ? $1 // 'pg' : undef;
}

# Calls from a room to one above it.
sub check_floors
{
	my (%calls) = @_;

	for my $file (sort keys %calls)
	{
		my $core = $file =~ m!^src/core/!;
		my ($room_of, $floor) = $core ? (\&room_of, \%floor) : (\&glue_room_of, \%glue_floor);
		my $room = $room_of->($file) // '';

		report($file, 1, 'in a room whose floor scripts/lint.pl does not know') unless defined $floor->{$room};
		for my $other (sort keys %{ $calls{$file} })
		{
			my $there = $room_of->($other) // '';

			next if !$core && $other =~ m!^src/core/!;
			next if defined $floor->{$there} && $floor->{$there} <= ($floor->{$room} // 0);
			report($file, 1, "calls " . join(', ', sort @{ $calls{$file}{$other} }) . " of $other, which is above");
		}
	}
	return;
}

# Files that can be reached from each other by calls (Tarjan).
sub check_circles
{
	my (%calls) = @_;
	my (%index, %low, %open, @stack, $visit);
	my $next = 0;

	$visit = sub {
		my ($file) = @_;
		$index{$file} = $low{$file} = $next++;
		push @stack, $file;
		$open{$file} = 1;
		for my $other (sort keys %{ $calls{$file} // {} })
		{
			$visit->($other) unless defined $index{$other};
			my $reached = $open{$other} ? $low{$other} : next;
			$low{$file} = $reached if $reached < $low{$file};
		}
		return if $low{$file} != $index{$file};
		my @circle;
		do { push @circle, pop @stack; delete $open{ $circle[-1] } } until $circle[-1] eq $file;
		tell_circle(\%calls, @circle) if @circle > 1;
	};
	for my $file (sort keys %names)
	{
		$visit->($file) unless defined $index{$file};
	}
	return;
}

sub tell_circle
{
	my ($calls, @circle) = @_;
	my %in = map { $_ => 1 } @circle;

	for my $file (sort @circle)
	{
		for my $other (grep { $in{$_} } sort keys %{ $calls->{$file} })
		{
			report($file, 1, "calls " . join(', ', sort @{ $calls->{$file}{$other} })
				  . " of $other, which calls it in a circle of " . @circle . " files");
		}
	}
	return;
}

# ---- words ----

# All files of the project that words may mean, by their last name.
my %by_name;

sub note_file
{
	my ($file) = @_;
	push @{ $by_name{$1} }, "/$file" if $file =~ m!([^/]+)$!;
	return;
}

# The files that words name, which begin in that line of the file.
sub check_words
{
	my ($file, $number, $words) = @_;

	for (split /\n/, $words)
	{
		while (m{(?<![\w./*<%\$-])((?:[\w-]+/)*([\w-]+\.(?:c|h|pl|sql)))(?!\w)}g)
		{
			my ($path, $name) = ($1, $2);
			next if $path =~ /[A-Z]{3}/;
			report($file, $number, "\"$path\" is not there")
			  unless grep { /\Q\/$path\E$/ } @{ $by_name{$name} // [] };
		}
		$number++;
	}
	return;
}

sub check_comments
{
	my ($file, $text) = @_;
	my ($line, $at) = (1, 0);

	while ($text =~ m{/\*.*?\*/}gs)
	{
		my ($begin, $words) = ($-[0], $&);
		$line += substr($text, $at, $begin - $at) =~ tr/\n//;
		$at = $begin;
		check_words($file, $line, $words);
	}
	return;
}

# Each function that a header declares under "in FILE" is that file's, or the header's own.
sub check_sections
{
	my ($file, $text) = @_;
	my ($section, $number) = (undef, 0);

	for (split /\n/, $text)
	{
		$number++;
		$section = m!^/\* ---- in (\S+\.c)\b! ? $1 : undef if m!^/\* ----!;
		next unless defined $section && /^(?:(?:pg_noreturn )?extern\b.*?)?\b(nn(?:et)?_\w+)\(/;
		my ($name, @where) = ($1, keys %{ $defined_in{$1} // {} });
		report($file, $number, "$name is not in $section but in @where")
		  if @where && !grep { /\/\Q$section\E$/ } @where;
	}
	return;
}

# ---- SQL ----

sub check_sql
{
	my ($file) = @_;
	my $number = 0;
	my $text = slurp($file);

	$text =~ s/--[^\n]*//g;
	for (split /\n/, $text)
	{
		$number++;
		report($file, $number, 'CREATE, never OR REPLACE or IF NOT EXISTS')
		  if /\bOR\s+REPLACE\b|\bIF\s+NOT\s+EXISTS\b/i;
		report($file, $number, 'no SECURITY DEFINER in the extension') if /\bSECURITY\s+DEFINER\b/i;
		report($file, $number, "\"$1\" is not qualified with its schema")
		  if /^\s*CREATE\s+(?:FUNCTION|AGGREGATE|TYPE|VIEW|TABLE|CAST|OPERATOR\s+CLASS|OPERATOR(?!\s+CLASS))\s+(?!nnet\.|pg_catalog\.\W|\()(\S+)/i;
	}
	return;
}

# ---- all ----

my (@sources, %text_of);
find({ no_chdir => 1, wanted => sub { note_file($_) if -f } },
	grep { -d } qw(src test sql scripts demo));
find({ no_chdir => 1, wanted => sub { push @sources, $_ if /\.[ch]$/ } },
	grep { -d } qw(src test/unit test/fuzz test/bench));
for my $file (sort @sources)
{
	my $text = slurp($file);
	my $code = code_only($text);
	$text_of{$file} = $text;
	check_comments($file, $text);
	check_layout($file, $text, $code);
	check_functions($file, $text, $code);
	check_tower($file, $text, $code);
	note_names($file, $code);
}
my %calls = calls_between();
check_floors(%calls);
check_circles(%calls);
check_sections($_, $text_of{$_}) for grep { m!^src/.*\.h$! } sort @sources;
check_words($_, 1, slurp($_)) for qw(doc/design.md CONTRIBUTING.md);
check_sql($_) for sort glob 'sql/*.sql';

printf "%d files of C and %d of SQL: %s\n", scalar @sources, scalar(my @sql = glob 'sql/*.sql'),
  $found ? "$found complaints" : 'in order';
exit($found ? 1 : 0);
