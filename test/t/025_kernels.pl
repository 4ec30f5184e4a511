# The kernels of the processor that is here, whatever OpenBLAS makes of it; and
# address space that runs out: with any limit each kind of call ends in a result
# or an error.

use strict;
use warnings;
use NnetNode;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

delete @ENV{qw(OPENBLAS_CORETYPE LD_LIBRARY_PATH)};

# ---- the processor's kernels ----

# What Linux says it has, not what the extension reads.
my ($flags) = -r '/proc/cpuinfo' ? slurp_file('/proc/cpuinfo') =~ /^flags\s*:(.*)$/m : ();
my %has = map { $_ => 1 } split ' ', $flags // '';
my $avx2 = $has{avx2} && $has{fma};
my $avx512 = $avx2 && 5 == grep { $has{"avx512$_"} } qw(f cd bw dq vl);

my $node = new_node('kernels', conf => { max_parallel_maintenance_workers => 2 });
my $info = sub { $node->safe_psql('postgres', "SELECT nnet.info() ->> '$_[0]'") };

note $node->safe_psql('postgres', 'SELECT jsonb_pretty(nnet.info())');
like($info->('kernels_choice'), qr/OpenBLAS/, 'it is told who chose the kernels');
SKIP:
{
	skip 'this processor has no AVX2', 3 unless $avx2;
	like($info->('processor'), qr/^\S+ .*\bfma\b.* avx2\b/, 'AVX2 is seen');
	unlike($info->('kernels'),
		qr/^(?:Generic|Katmai|Coppermine|Northwood|Banias|Athlon|Opteron.*|Prescott|Barcelona|Bobcat|Atom|Core2|Nano|Penryn|Dunnington|Nehalem|Sandybridge)$/i,
		'and the kernels in use are not for SSE');
	skip 'this processor has no AVX-512', 1 unless $avx512;
	like($info->('kernels'), qr/^(?:SkylakeX|Cooperlake|SapphireRapids)$/i, 'with AVX-512 they are for that');
}
# a compiler may know neither, one or both of the instructions for bfloat16
like($info->('backends'), $avx512 ? qr/^avx512, openblas, plain(?:; bfloat16: (?:amx, )?bf16)?$/ : $avx2 ? qr/^avx2, small, openblas, plain$/ : qr/openblas, plain$/,
	'and who multiplies');
my $who = $info->('backends');
$node->stop;
for my $forced ('avx512', 'avx2', 'openblas', 'plain')
{
	next if $forced eq 'avx512' && !$avx512 || $forced eq 'avx2' && !$avx2;
	local $ENV{NNET_KERNELS} = $forced;
	$node->start;
	like($info->('backends'), qr/^$forced\b/, "NNET_KERNELS=$forced puts it first");
	like($info->('kernels'), qr/^(?:Haswell|Zen)$/i, 'and OpenBLAS does not go beyond it') if $forced eq 'avx2';
	$node->stop;
}
SKIP:
{
	skip 'products of bfloat16 cannot be had', 4 if !$has{avx512_bf16} || $who !~ /bfloat16/;
	local $ENV{NNET_KERNELS} = 'bf16';
	$node->start;
	is($info->('backends'), 'avx512, openblas, plain; bfloat16: bf16', 'one of those for bfloat16 is forced without those before it');
	$node->stop;
	skip 'this processor has no AMX, or it is not for us', 3 if $who !~ /amx/;
	local $ENV{NNET_KERNELS} = 'amx';
	$node->start;
	is($info->('backends'), 'avx512, openblas, plain; bfloat16: amx, bf16', 'or comes first');
	like($info->('processor'), qr/ amx_tile amx_bf16\b/, 'the processor is told to have it');
	$node->safe_psql('postgres', "CREATE TABLE rounded AS SELECT ARRAY[i * 0.01]::real[] AS x, i * 0.01 AS y FROM generate_series(1, 64) AS i;
		SELECT nnet.create_model('line', nnet.input(1), nnet.dense(1)); SELECT nnet.compile('line', 'mse', nnet.adam(0.1))");
	my $fitted = $node->safe_psql('postgres', "SELECT nnet.info() IS NOT NULL; SET nnet.precision = 'bfloat16'; "
		. fit_sql('line', 'rounded', epochs => 200, verbose => 'false') =~ s/SELECT (.*) FROM/SELECT ($1 ->> 'loss')::float < 0.01 FROM/r);
	is((split /\n/, $fitted)[-1], 't', 'and is trained with');
	$node->stop;
}

# A library that takes SSE kernels, whatever it is asked for or may be asked for.
my $fake = PostgreSQL::Test::Utils::tempdir();
my $source = (glob "{$ENV{NNET_ROOT},.}/test/unit/fake/openblas.c")[0];
SKIP:
{
	my $cc = $ENV{CC} // 'cc';
	skip 'no C compiler, or no processor whose kernels are known', 5
	  unless $avx2 && defined $source && system("$cc -shared -fPIC -o $fake/libopenblas.so.0 $source") == 0;
	{
		local $ENV{LD_LIBRARY_PATH} = $fake;
		local $ENV{FAKE_VERSION} = '0.3.29';
		$node->start;
	}
	my $doubt = qr/LOG:  OpenBLAS uses its kernels for Prescott: the processor can do more/;
	my $session = session($node);
	is($session->query_safe("SELECT nnet.info() ->> 'kernels_choice'"),
		'OpenBLAS by itself took Prescott; the processor can do more', 'a doubtful choice is told');
	$session->query_safe('SELECT nnet.info()');
	$session->quit;
	is(scalar(() = slurp_file($node->logfile) =~ /$doubt/g), 1, 'and logged, once a session');
	$node->stop;

	{
		local $ENV{LD_LIBRARY_PATH} = $fake;
		local $ENV{OPENBLAS_CORETYPE} = 'Prescott';
		$node->start;
	}
	is($info->('kernels_choice'), 'OPENBLAS_CORETYPE is Prescott; the processor can do more',
		'what the administrator chose is told as that');
	is(scalar(() = slurp_file($node->logfile) =~ /$doubt/g), 1, 'and not logged');
	$node->stop;

	{
		local $ENV{LD_LIBRARY_PATH} = $fake;
		$node->start;
	}
	like($info->('kernels_choice'), qr/^asked for \w+ by the processor's features; OpenBLAS by itself took Prescott$/,
		'an old version is asked for others');
	$node->stop;
}

# ---- address space ----

$node->start;
make_rows($node, 'rows', 400);
make_model($node, 'm', units => 128);
make_pair($node, 'maker', 'judge', units => 128);
$node->safe_psql(
	'postgres', "
	CREATE TABLE sixteens AS SELECT ARRAY(SELECT sin(i * j) FROM generate_series(1, 16) AS j)::real[] AS x, sin(i) AS y
		FROM generate_series(1, 400) AS i;
	CREATE TABLE ones AS SELECT ARRAY[sin(i)]::real[] AS x FROM generate_series(1, 400) AS i;
	CREATE TABLE reviews AS SELECT 'some words of ' || i % 10 || ' or more' AS x, i % 2 AS y FROM generate_series(1, 400) AS i;
	SELECT nnet.create_model('cnn', nnet.input(16, 1), nnet.conv1d(64, 5, activation => 'relu'), nnet.flatten(), nnet.dense(1)),
		nnet.create_model('lstm', nnet.input(16, 1), nnet.lstm(64), nnet.dense(1)),
		nnet.create_model('text', nnet.input(1), nnet.text_vectorization(100, output_sequence_length => 8),
			nnet.embedding(100, 64), nnet.global_average_pooling1d(), nnet.dense(64), nnet.dense(1, 'sigmoid'));
	SELECT nnet.compile('cnn', 'mse'), nnet.compile('lstm', 'mse'), nnet.compile('text', 'binary_crossentropy')");
$node->safe_psql('postgres', fit_sql('text', 'reviews'));

my %call = (
	info => "SELECT nnet.info() ->> 'threads'",
	create_model => "SELECT nnet.create_model('made', nnet.input(300),
		nnet.dense(300, kernel_initializer => nnet.orthogonal()))",
	copy_model => "SELECT nnet.copy_model('m', 'made')",
	compile => "SELECT nnet.compile('m', 'mse')",
	summary => "SELECT count(*) FROM nnet.summary('m')",
	predict => "SELECT count(nnet.predict('m', x)) FROM rows",
	classify => "SELECT count(nnet.classify('m', x)) FROM rows",
	'predict, convolution' => "SELECT count(nnet.predict('cnn', x)) FROM sixteens",
	'predict, recurrent' => "SELECT count(nnet.predict('lstm', x)) FROM sixteens",
	'predict, text' => "SELECT count(nnet.predict('text', x)) FROM reviews",
	'predict, parallel' => "SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
		SELECT count(nnet.predict('m', x)) FROM rows",
	predict_batch => "SELECT count(p) FROM (SELECT nnet.predict_batch('m', x) OVER () AS p FROM rows) AS q",
	evaluate => "SELECT nnet.evaluate('m', x, y) IS NOT NULL FROM rows",
	forecast => "SELECT count(*) FROM (SELECT nnet.forecast('lstm', (SELECT x FROM sixteens LIMIT 1), 3)) AS f",
	generate => "SELECT count(*) FROM nnet.generate('maker', 100)",
	fit => fit_sql('m', 'rows', batch_size => 100) . ' HAVING count(*) > 0',
	'fit, convolution' => fit_sql('cnn', 'sixteens'),
	'fit, recurrent' => fit_sql('lstm', 'sixteens', batch_size => 100),
	'fit, text' => fit_sql('text', 'reviews'),
	fit_gan => fit_gan_sql('maker', 'judge', 'ones'),
);
# out of memory, or more than there can be
my $refusal = qr/ERROR:  (?:53200|54000): /;

# One call in a session that may map so many MB more than it has, from the start or
# after a prediction; what became of it.  Hung, it is ended from outside.
sub try_within
{
	my ($what, $megabytes, $before) = @_;
	my $timed_out = 0;
	my $script = "\\set VERBOSITY verbose
		$before;
		SELECT pg_backend_pid() AS pid \\gset
		\\setenv BACKEND :pid
		\\! prlimit --pid \$BACKEND --as=\$((\$(awk '/^VmSize/ { print \$2 * 1024 }' /proc/\$BACKEND/status) + $megabytes * 1048576)):
		SET statement_timeout = '20s'; SET nnet.threads = 3; SET nnet.force_threads = on; BEGIN;
		$call{$what};
		ROLLBACK;";

	my ($status, $out, $err) = $node->psql('postgres', $script, on_error_stop => 1, timeout => 60, timed_out => \$timed_out);
	return $timed_out || $err =~ /statement timeout/ ? 'hung' : $status == 0 ? 'result' : $err =~ $refusal ? 'refused' : $err;
}

# Who waits for a thread that could not be had hangs each time; a busy machine does not.
sub call_within
{
	my $got = try_within(@_);

	return $got eq 'hung' ? try_within(@_) : $got;
}

# OpenBLAS takes some 64 MB for itself, and 128 MB for each buffer.
my %ladder = (
	"SELECT nnet.l2()" => [ 0, 2, 8, 40, 100, 160, 200, 215, 280, 345, 500, 700 ],
	$call{'predict, convolution'} => [ 0, 1, 3, 8, 30, 140, 280, 400 ]);
for my $before (sort keys %ladder)
{
	my @ladder = @{ $ladder{$before} };
	my $when = $before =~ /predict/ ? 'once it has computed' : 'at first';

	for my $what (sort keys %call)
	{
		my @got = map { call_within($what, $_, $before) } @ladder;

		is(scalar(grep { $_ ne 'result' && $_ ne 'refused' } @got), 0, "$what, $when: a result or a refusal with each limit")
		  or diag(join ', ', map { "$ladder[$_] MB: $got[$_]" } 0 .. $#ladder);
		is($got[-1], 'result', "$what, $when: a result where there is enough");
		note "$what, $when: " . join ', ', map { "$ladder[$_]: $got[$_]" } 0 .. $#ladder;
	}
}
is(call_within('fit', 40, 'SELECT 1'), 'refused', 'a training without address space is refused');

# Fewer threads rather than none: from where there is enough for one, a further one
# for every 132 MB or so.  How much the library itself takes is its version's affair.
my %first;
for (my $megabytes = 100; $megabytes <= 700; $megabytes += 20)
{
	my ($status, $out) = $node->psql('postgres', "SELECT pg_backend_pid() AS pid \\gset
		\\setenv BACKEND :pid
		\\! prlimit --pid \$BACKEND --as=\$((\$(awk '/^VmSize/ { print \$2 * 1024 }' /proc/\$BACKEND/status) + $megabytes * 1048576)):
		SET nnet.threads = 3; SELECT nnet.info() ->> 'threads'");

	$first{ $out || 'none' } //= $megabytes;
}
is(join(' ', sort keys %first), '1 2 3 none', 'the less memory the fewer threads');
cmp_ok(abs($first{ $_ + 1 } - $first{$_} - 132), '<=', 25, ($_ + 1) . " threads from $first{$_ + 1} MB on, $_ from $first{$_}") for 1, 2;

# A session that was refused lives on, and computes once there is enough.
my $session = session($node);
my $pid = backend_of($session);
my $limit = sub { system('prlimit', '--pid', $pid, "--as=$_[0]:") == 0 or die 'prlimit' };
my ($size) = slurp_file("/proc/$pid/status") =~ /^VmSize:\s+(\d+) kB/m;
$limit->(($size + 50 * 1024) * 1024);
$session->query($call{predict}) for 1 .. 2;
my $error = error_of($session);
like($error, qr/ERROR:  not enough address space to compute with OpenBLAS/, 'a session is refused');
like($error, qr/DETAIL:  A session needs 212 MB more for it, and 132 MB for each further thread/, 'and told what is needed');
unlike($error, qr/install/i, 'which is no matter of installing');
$limit->('unlimited');
is($session->query($call{predict}), 400, 'and computes once the limit is gone');
$session->quit;

ok(no_crash_in($node), 'no process crashed');
$node->stop;
done_testing();
