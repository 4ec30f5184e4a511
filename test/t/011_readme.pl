# The examples of all pages run as they stand, one after the other, and their
# networks learn what the pages say.  What is said to fail fails, with the message
# of its heading.  So do, on data made up here, the examples that need what is not
# there (pictures, another database), the commands for psql, and the recipes of
# "A model is a table".

use strict;
use warnings;
use File::Basename;
use File::Spec;
use FindBin;
use IO::Compress::Gzip;
use NnetNode;
use PostgreSQL::Test::Utils;
use Test::More;

# ---- the pages, in the order in which they go on from each other ----

my ($readme) = grep { -e } "$FindBin::Bin/../../README.md", 'README.md';
my $source = dirname($readme);
my @first = map { "doc/$_.md" } 'guide', 'recipes', 'security', 'troubleshooting';
my %placed = map { $_ => 1 } @first;
my @pages = ('README.md', @first, grep { !$placed{$_} } map { 'doc/' . basename($_) } sort glob "$source/doc/*.md");
my %text_of = map { $_ => slurp_file("$source/$_") } @pages;

# Its blocks of code: where, of which kind, under which heading.
sub blocks_of
{
	my ($page) = @_;
	my ($number, $heading, $block, @blocks) = (0, '');

	for (split /^/, $text_of{$page})
	{
		$number++;
		if ($block)
		{
			undef $block, next if /^```$/;
			$block->{text} .= $_;
		}
		elsif (/^```(.*)$/)
		{
			push @blocks, $block = { where => "$page, line $number", kind => $1, heading => $heading, text => '' };
		}
		elsif (/^#+ (.*)$/)
		{
			$heading = $1;
		}
	}
	return @blocks;
}

my @blocks = map { blocks_of($_) } @pages;
my %kind = ('sql' => 1, 'sql no-run' => 1, 'sql error' => 1, 'sh' => 1, '' => 1);
is($kind{ $_->{kind} }, 1, "the block of $_->{where} is of a kind that is known: \"$_->{kind}\"") for @blocks;

my $node = new_node('readme', conf => { max_parallel_maintenance_workers => 1 });

sub run_sql
{
	my ($sql, $what, $database) = @_;
	my ($status, $out, $err) = $node->psql($database // 'postgres', $sql, on_error_stop => 1);

	is($status, 0, $what) or diag $err;
	return $err;
}

# The message that a heading tells; "..." in it stands for anything.
sub message_of
{
	my ($block) = @_;
	my ($message) = $block->{heading} =~ /^`(.*)`$/ or return;

	return join '.*', map { quotemeta } split /\.\.\./, $message, -1;
}

my %run;
for my $block (grep { $_->{kind} =~ /^sql(?: error)?$/ } @blocks)
{
	my $sql = "SELECT setseed(0.5);\n$block->{text}";
	my $message = message_of($block);
	my $expected = $message // '(a message in the heading)';

	$run{ $block->{where} =~ s/,.*//r }++;
	if ($block->{kind} eq 'sql error')
	{
		my ($status, $out, $err) = $node->psql('postgres', $sql, on_error_stop => 1);
		isnt($status, 0, "the example of $block->{where} fails");
		like($err, qr/ERROR:  $expected$/m, 'with the message of its heading');
		next;
	}
	my $err = run_sql($sql, "the example of $block->{where} runs");
	if (defined $message)
	{
		like($err, qr/(?:WARNING|NOTICE):  $message$/m, "the example of $block->{where} warns as its heading says");
		next;
	}
	my @unexpected = grep { /WARNING|NOTICE/ && !/NOTICE:  epoch / } split /\n/, $err;
	is("@unexpected", '', "the example of $block->{where} warns of nothing");
}
cmp_ok($run{$_} // 0, '>', 1, "there are examples in $_") for 'README.md', @first;

sub is_above
{
	my ($query, $bound, $what) = @_;

	cmp_ok($node->safe_psql('postgres', $query), '>', $bound, $what);
	return;
}

is_above("SELECT (nnet.evaluate('ring', xy, place) ->> 'accuracy')::float8 FROM points", 0.9, 'the ring is found');
is_above("SELECT (nnet.evaluate('bar_model', pixels, label) ->> 'accuracy')::float8 FROM bars", 0.95, 'bars are told apart');
is_above("SELECT -(nnet.evaluate('weather', before, value) ->> 'mae')::float8 FROM windows WHERE day > 335", -0.4,
	'the series goes on');
is_above("SELECT (nnet.evaluate('mood', remark, good) ->> 'accuracy')::float8 FROM remarks", 0.95, 'moods are told apart');
like($node->safe_psql('postgres', "SELECT nnet.generate_text('writer', 'the cat', 40, 0.5, 1)"), qr/sat|mat|the/,
	'the writer has words');
is_above("SELECT -(nnet.evaluate('appraiser', facts, price) ->> 'mae')::float8 FROM houses WHERE id % 5 = 0", -15000,
	'prices are learned by their scale');
is_above("SELECT (SELECT nnet.evaluate('student', xy, place) ->> 'loss' FROM points WHERE id % 5 = 0)::float8
	- (SELECT nnet.evaluate('student_best', xy, place) ->> 'loss' FROM points WHERE id % 5 = 0)::float8", -1e-6,
	'the best epoch is no worse than the last');
is_above("SELECT (nnet.evaluate('buyer', c, buys) ->> 'accuracy')::float8 FROM customers AS c", 0.9, 'buyers are told apart');
is_above("SELECT avg((will_buy = buys)::int) FROM prospects JOIN customers USING (id)", 0.9, 'and the view answers with labels');
is_above("SELECT min(probability) FROM prospects WHERE will_buy = 'yes'", 0.4999, 'whose probabilities are those of the label');
is_above("SELECT avg((nnet.classify('guard', x) = y)::int) FROM visits WHERE id % 7 = 0 AND y = 'fraud'", 0.9, 'the rare class is found');
is($node->safe_psql('postgres', "SELECT proparallel FROM pg_proc WHERE proname = 'place_of'"), 's', 'a function around predictions is parallel safe');
is_above("SELECT count(*) FROM nnet.generate('maker', 500, 1) AS p WHERE sqrt(p[1] ^ 2 + p[2] ^ 2) BETWEEN 0.6 AND 1.4", 400,
	'most generated points lie about the ring');

# ---- examples that need what is not there: here it is, but small ----

my $folder = PostgreSQL::Test::Utils::tempdir();
my $pictures = 64;

sub write_idx
{
	my ($name, $shape, $values) = @_;
	my $file = IO::Compress::Gzip->new("$folder/$name") or die "$name\n";

	$file->print(pack('n C C N*', 0, 8, scalar @$shape, @$shape), pack('C*', @$values));
	$file->close or die "$name\n";
	return;
}

write_idx('train-images-idx3-ubyte.gz', [ $pictures, 28, 28 ], [ map { 7 * $_ % 256 } 1 .. 784 * $pictures ]);
write_idx('train-labels-idx1-ubyte.gz', [$pictures], [ map { $_ % 10 } 1 .. $pictures ]);
my $demo = File::Spec->rel2abs($source) . '/demo';
symlink $demo, "$folder/demo" or die "$folder/demo: $!\n";
$node->safe_psql('postgres', "CREATE TABLE $_ AS SELECT i AS id, decode(repeat(md5(i::text), 49), 'hex') AS pixels,
	i % 10 AS label FROM generate_series(1, $pictures) AS i") for 'digits_train', 'digits_test', 'new_images';
$node->safe_psql('postgres', 'CREATE DATABASE fresh');
$node->safe_psql('postgres', 'CREATE ROLE anna');
# the server of foreign tables is this one
$node->safe_psql('postgres', "CREATE EXTENSION postgres_fdw; CREATE SERVER north FOREIGN DATA WRAPPER postgres_fdw
	OPTIONS (host '@{[ $node->host ]}', port '@{[ $node->port ]}', dbname 'postgres');
	CREATE USER MAPPING FOR PUBLIC SERVER north;
	CREATE FOREIGN TABLE northern_points (id integer, xy real[], place text) SERVER north OPTIONS (table_name 'points')");

for my $block (@blocks)
{
	if ($block->{kind} eq 'sql no-run')
	{
		run_sql($block->{text}, "the example of $block->{where} runs, given its data",
			$block->{text} =~ /CREATE EXTENSION/ ? 'fresh' : 'postgres');
	}
	elsif ($block->{kind} eq 'sh' && $block->{text} =~ /^psql /m)
	{
		local $ENV{PGDATABASE} = 'postgres';
		$node->command_ok([ 'bash', '-e', '-o', 'pipefail', '-c', "cd $folder\n$block->{text}" ],
			"the commands of $block->{where} run");
	}
}
is($node->safe_psql('postgres', 'SELECT count(*) FROM fashion_train WHERE length(pixels) = 784'),
	$pictures, 'pictures are loaded from idx files');

# signature, then a chunk's length and name, then width and height
for my $expected ([ 'one.png', 12, 12 ], [ 'sheet.png', 298, 178 ])
{
	my ($name, @size) = @$expected;
	my ($signature, @found) = unpack 'a8 x8 N2', slurp_file("$folder/$name");

	is($signature, "\x89PNG\r\n\x1a\n", "$name is a PNG file");
	is("@found", "@size", "of this size");
}

# ---- the recipes of "A model is a table" ----

my $guide = $text_of{'doc/guide.md'};
my ($table) = $guide =~ /^\| you want to \| and do \|\n\| --- \| --- \|\n((?:\|.*\n)+)/m;
my %recipe;
for my $row (split /\n/, $table)
{
	my (undef, $want, $do) = split /\s*(?<!\\)\|\s*/, $row;
	$recipe{$want} = [ map { s/\\\|/|/gr } $do =~ /`([^`]+)`/g ];
}

sub run_in_vain
{
	my ($sql, $what) = @_;

	isnt(scalar $node->psql('postgres', $sql), 0, $what);
	return;
}

sub recipe
{
	my ($want, $part) = @_;

	return $recipe{$want}[ $part // 0 ] // "SELECT 'no such recipe' / 0";
}

sub follow
{
	my ($want) = @_;

	run_sql(recipe($want), "you want to $want: its recipe runs");
	return delete $recipe{$want};
}

# Whether the weights of two models' layers are the same, one answer a layer.
sub same_layers
{
	my ($one, $two) = @_;

	return $node->safe_psql('postgres', "SELECT string_agg(layer || ' ' || (a.weights = b.weights), ', ' ORDER BY layer)
		FROM $one AS a JOIN $two AS b USING (layer, part) WHERE a.weights IS NOT NULL");
}

my $fit = "SELECT nnet.fit('ring', xy, place) FROM points";
my $as_anna = 'SET ROLE anna; SELECT nnet.%s';
my $predict = sprintf $as_anna, "predict('ring', '{0,0}'::real[])";
my $train = sprintf $as_anna, "fit('ring', '{0,0}'::real[], 'outside')";

run_in_vain($predict, 'a stranger does not predict');
follow('let someone predict');
run_sql($predict, 'anna predicts');
run_in_vain($train, 'but does not train');
follow('let someone train');
run_sql($train, 'now she does');

follow('keep a version');
my $kept = weights_of($node, 'ring');
is(weights_of($node, 'ring_v1'), $kept, 'the version is the model');
run_sql($fit, 'the model trains on');
isnt(weights_of($node, 'ring'), $kept, 'and changes');
follow('go back');
is(weights_of($node, 'ring'), $kept, 'back it is as it was');

follow('freeze a layer');
run_sql($fit, 'with a frozen layer it trains on');
is(same_layers('ring', 'ring_v1'), '1 true, 2 false, 3 false', 'the frozen layer has stayed');

$node->safe_psql('postgres', "SELECT nnet.create_model('other', nnet.input(2), nnet.dense(32, activation => 'relu'),
	nnet.dense(32, activation => 'relu'), nnet.dense(3)); SELECT nnet.compile('other', 'mse')");
follow('use its layers in another model');
is(same_layers('other', 'ring'), '1 true, 2 true, 3 false', 'the layers are in the other model');
run_sql("SELECT nnet.fit('other', xy, xy || 1::real) FROM points", 'which trains');

follow('use its first layers alone');
is($node->safe_psql('postgres', "SELECT cardinality(nnet.predict('encoder', xy)) FROM points LIMIT 1"), 32,
	'a view of the first layers predicts');
$node->safe_psql('postgres', 'DROP VIEW encoder');

my ($average) = recipe('average models') =~ /^(nnet\.average\(weights\))$/;
run_sql("SELECT layer, part, $average FROM (TABLE ring UNION ALL TABLE ring_v1) AS m GROUP BY 1, 2",
	'average models: it averages');
is($node->safe_psql('postgres', 'SELECT bool_and(abs(w - (w0 + w1) / 2) < 1e-6) FROM
	(SELECT unnest(m.weights) AS w, unnest(a.weights) AS w0, unnest(b.weights) AS w1
	 FROM mean AS m JOIN fold_0 AS a USING (layer, part) JOIN fold_1 AS b USING (layer, part)) AS u'),
	't', 'and the recipe made the mean of both');
delete $recipe{'average models'};

is($node->safe_psql('postgres', recipe('read or change weights') =~ s/\*/string_agg(name || '.' || parameter, ' ')/r),
	'dense.kernel dense.bias dense_1.kernel dense_1.bias dense_2.kernel dense_2.bias', 'weights by name');
run_sql(recipe('read or change weights', 1) =~ s/\.\.\./array_fill(0::real, ARRAY[66]) WHERE name = 'dense_2'/r,
	'weights are changed');
is($node->safe_psql('postgres', "SELECT nnet.predict('ring', '{0,0}'::real[])"), '{0.5,0.5}',
	'as the prediction tells');
delete $recipe{'read or change weights'};

my ($dump, $copy) = @{ delete $recipe{'back it up, move it'} };
$node->command_ok([ split(/ /, $dump), $node->connstr('postgres') ], 'pg_dump of a model');
run_sql($copy =~ s/\.\.\./STDOUT/r, 'COPY of a model');
delete $recipe{'predict on a hot standby'};    # 005_standby.pl does
delete $recipe{'move to a new PostgreSQL'};    # 027_upgrade.pl does
delete $recipe{'move to a new nnet'};          # 033_version.pl does

like($node->safe_psql('postgres', follow('see all models you may read')->[0]), qr/^ring\|.*\|t\|$/m,
	'the models are listed');

# what the remarks below the table say of names and of plain copies
$node->safe_psql('postgres', "CREATE VIEW bound AS SELECT nnet.predict('ring', '{0,0}'::real[])");
follow('rename it');
is($node->safe_psql('postgres', 'TABLE bound'), '{0.5,0.5}', 'a view follows the renamed table');
run_in_vain($predict, 'the old name is nobody\'s');
$node->safe_psql('postgres', 'DROP VIEW bound; ALTER TABLE circle RENAME TO ring');
$node->safe_psql('postgres', "CREATE TABLE copy AS TABLE ring; SELECT nnet.predict('copy', '{0,0}'::real[])");
for my $back ('ALTER TABLE copy OF nnet.layer', 'ADD PRIMARY KEY (layer, part)')
{
	like($guide, qr/`\Q$back\E`/, "`$back` is the guide's");
	$node->safe_psql('postgres', $back =~ s/^ADD/ALTER TABLE copy ADD/r);
}
is($node->safe_psql('postgres', "SELECT count(*) FROM nnet.models WHERE model = 'copy'::regclass"), 1,
	'a copy is a model again');
follow('drop it');
is(join(', ', sort keys %recipe), '', 'every recipe of the table was followed');

# ---- what it lists is what there is ----

my @settings = split /\n/,
  $node->safe_psql('postgres', "LOAD 'nnet'; SELECT name FROM pg_settings WHERE name LIKE 'nnet.%'");
cmp_ok(scalar @settings, '>=', 2, 'there are settings');
for my $name (@settings)
{
	like($guide, qr/^\| `\Q$name\E` \|/m, "the setting $name is in its table");
}
# An unknown word is answered by the list of all.
for my $call ("nnet.compile('mood', 'no_such_loss')", "nnet.compile('mood', 'mse', 'adam', '{no_such_metric}')",
	"nnet.compile('mood', 'mse', 'no_such_optimizer')", "nnet.dense(3, activation => 'no_such_activation')")
{
	my ($status, $out, $err) = $node->psql('postgres', "SELECT $call");
	my ($list) = $err =~ /^HINT:.*?(?:are|of|:)\s+(.*?)\.?$/m;
	my @missing = grep { $guide !~ /\b\Q$_\E\b/ } split /, (?:or |and )?|\s+or\s+|\s+and\s+/, $list // 'no list';
	is("@missing", '', "all that the hint of $call lists is in the guide");
}

ok(no_crash_in($node), 'no process crashed');
$node->stop;
done_testing();
