# The README's tour runs as it stands, one example after the other, and its
# networks learn what it says.  Examples that need what is not there are marked.

use strict;
use warnings;
use FindBin;
use NnetNode;
use PostgreSQL::Test::Utils;
use Test::More;

my ($readme) = grep { -e } "$FindBin::Bin/../../README.md", 'README.md';
my $text = slurp_file($readme);
my @blocks;
push @blocks, [ 1 + ($` =~ tr/\n//), $1 ] while $text =~ /^```sql\n(.*?)^```$/msg;
cmp_ok(scalar @blocks, '>', 15, 'there are examples to run');

my $node = new_node('readme', conf => { max_parallel_maintenance_workers => 1 });
for my $block (@blocks)
{
	my ($line, $sql) = @$block;
	my ($status, $out, $err) = $node->psql('postgres', "SELECT setseed(0.5);\n$sql", on_error_stop => 1);

	is($status, 0, "the example in line $line runs") or diag $err;
}

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
is_above("SELECT count(*) FROM nnet.generate('maker', 500, 1) AS p WHERE sqrt(p[1] ^ 2 + p[2] ^ 2) BETWEEN 0.6 AND 1.4", 300,
	'most generated points lie about the ring');
# ---- what it lists is what there is ----

my @settings = split /\n/,
  $node->safe_psql('postgres', "LOAD 'nnet'; SELECT name FROM pg_settings WHERE name LIKE 'nnet.%'");
cmp_ok(scalar @settings, '>=', 2, 'there are settings');
for my $name (@settings)
{
	like($text, qr/^\| `\Q$name\E` \|/m, "the setting $name is in its table");
}
# An unknown word is answered by the list of all.
for my $call ("nnet.compile('ring', 'no_such_loss')", "nnet.compile('ring', 'mse', 'adam', '{no_such_metric}')",
	"nnet.compile('ring', 'mse', 'no_such_optimizer')", "nnet.dense(3, activation => 'no_such_activation')")
{
	my ($status, $out, $err) = $node->psql('postgres', "SELECT $call");
	my ($list) = $err =~ /^HINT:.*?(?:are|of|:)\s+(.*?)\.?$/m;
	my @missing = grep { $text !~ /\b\Q$_\E\b/ } split /, (?:or |and )?|\s+or\s+|\s+and\s+/, $list // 'no list';
	is("@missing", '', "all that the hint of $call lists is in the README");
}

ok(no_crash_in($node), 'no process crashed');
$node->stop;
done_testing();
