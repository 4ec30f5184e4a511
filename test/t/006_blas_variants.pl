# Debian has OpenBLAS in three variants, which differ in how they make threads.
# With each: the extension's threads are all there are, each blocks every
# signal, and the results agree.  Where all are meant to be installed (CI=true) a
# missing one is a failure.

use strict;
use warnings;
use NnetNode;
use PostgreSQL::Test::Cluster;
use Test::More;

my $path = "SELECT nnet.predict('m', ARRAY[sin(5), cos(5), 2, 5 / 7.0]::real[])";
my (%tested, @reference);

sub threads_and_masks
{
	my ($variant, $what, $pid, $expected) = @_;
	my @tasks = tasks_of($pid);

	is(scalar @tasks, $expected, "$variant: $what: $expected threads");
	is(scalar(grep { !is_masked($_) } @tasks[ 1 .. $#tasks ]), 0,
		"$variant: $what: every thread but the main one blocks every signal");
	ok(!is_masked($tasks[0]), "$variant: $what: the main one does not");
	return;
}

for my $variant ('pthread', 'openmp', 'serial')
{
	my ($folder) = glob "/usr/lib/*/openblas-$variant";

  SKIP:
	{
		my $is_here = defined $folder && -e "$folder/libopenblas.so.0";
		ok($is_here, "libopenblas0-$variant is installed, as CI=true demands") if ($ENV{CI} // '') eq 'true';
		skip "libopenblas0-$variant is not installed", 1 unless $is_here;

		local $ENV{LD_LIBRARY_PATH} = $folder;
		# what a user may have set must not make threads either
		local $ENV{OPENBLAS_NUM_THREADS} = 4;
		local $ENV{OMP_NUM_THREADS} = 4;
		my $node = new_node("blas_$variant", conf => { max_parallel_maintenance_workers => 2 });
		make_rows($node, 'rows', 4000);
		make_model($node, 'm', units => 64);
		my $session = session($node);
		my $pid = backend_of($session);

		$session->query_safe('SET nnet.threads = 1');
		$session->query_safe($path);
		open my $maps, '<', "/proc/$pid/maps" or die "maps: $!";
		like(join('', <$maps>), qr!/openblas-$variant/!, "$variant: it is this one that is loaded");
		close $maps;
		threads_and_masks($variant, 'after a prediction', $pid, 1);

		$session->query_safe('SET nnet.threads = 3');
		start_query($session, fit_sql('m', 'rows', epochs => 200, batch_size => 1000));
		wait_active($pid, 12);
		threads_and_masks($variant, 'during a training', $pid, 3);
		$session->query('SELECT 1');
		is(error_of($session), '', "$variant: the training ended well");
		threads_and_masks($variant, 'after it', $pid, 3);
		$session->query_safe("SELECT count(p) FROM (SELECT nnet.predict_batch('m', x) OVER () AS p FROM rows) AS q");
		threads_and_masks($variant, 'after predict_batch', $pid, 3);

		my @output = split /,/, $session->query_safe($path) =~ s/[{}]//gr;
		@reference = @output unless @reference;
		my ($worst) = sort { $b <=> $a } map { abs($output[$_] - $reference[$_]) } 0 .. $#reference;
		cmp_ok($worst, '<', 0.01, "$variant: the same prediction as with the others, but for rounding");
		note $session->query_safe('SELECT nnet.info()');
		$session->quit;

		ok(no_crash_in($node), "$variant: no process crashed");
		$node->stop;
		$tested{$variant} = 1;
	}
}
note 'tested: ' . join ', ', sort keys %tested;
ok(%tested > 0, 'at least one variant is here');
done_testing();
