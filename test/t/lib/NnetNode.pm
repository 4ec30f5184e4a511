# NnetNode.pm
#	What the tests here share, on top of PostgreSQL's own test modules: servers
#	with nnet in them, a small model to train, and what Linux tells of a
#	backend's threads, files and memory.
#
# Each test is one program, has servers of its own and leaves nothing behind.

package NnetNode;

use strict;
use warnings;
use Exporter 'import';
use FindBin;
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);

our @EXPORT = qw(
  new_node make_model make_pair make_rows weights_of steps_of fit_sql fit_gan_sql
  session backend_of start_query wait_until wait_active error_of
  tasks_of is_masked cpu_ticks_of times_of_threads open_temp_files temp_files_of peak_memory_while
  no_crash_in run_script version_of initdb_options upgraded
);

# A started server with the extension in its database "postgres".
sub new_node
{
	my ($name, %option) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name);

	$node->init(allows_streaming => $option{streaming} // 0);
	$node->append_conf('postgresql.conf', "$_ = '$option{conf}{$_}'")
	  for sort keys %{ $option{conf} // {} };
	$node->start;
	$node->safe_psql('postgres', 'CREATE EXTENSION nnet');
	return $node;
}

# Rows of 4 numbers and one of three classes, that a small network can learn.
sub make_rows
{
	my ($node, $table, $count) = @_;

	$node->safe_psql(
		'postgres', qq(
		CREATE TABLE $table AS
		SELECT i AS id, ARRAY[sin(i), cos(i), i % 3, (i % 7) / 7.0]::real[] AS x, i % 3 AS y
		FROM generate_series(1, $count) AS i));
	return;
}

# A compiled classifier of such rows; units tells how slow it is to train.
sub make_model
{
	my ($node, $name, %option) = @_;
	my $inputs = $option{inputs} // 4;
	my $units = $option{units} // 16;
	my $classes = $option{classes} // 3;

	$node->safe_psql(
		'postgres', qq(
		SELECT setseed(0.5);
		SELECT nnet.create_model('$name', nnet.input($inputs),
			nnet.dense($units, activation => 'relu'), nnet.dense($units, activation => 'relu'),
			nnet.dense($classes, activation => 'softmax'));
		SELECT nnet.compile('$name', 'sparse_categorical_crossentropy',
			optimizer => nnet.adam(), metrics => '{accuracy}')));
	return;
}

# Two models for each other, from as many values to as many or to one: of one
# value, each can play either part.
sub make_pair
{
	my ($node, $generator, $discriminator, %option) = @_;
	my $inputs = $option{inputs} // 1;
	my $units = $option{units} // 16;
	my %outputs = ($generator => $inputs, $discriminator => 1);

	for my $name ($generator, $discriminator)
	{
		$node->safe_psql(
			'postgres', qq(
			SELECT setseed(0.5);
			SELECT nnet.create_model('$name', nnet.input($inputs),
				nnet.dense($units, activation => 'relu'), nnet.dense($units, activation => 'relu'),
				nnet.dense($outputs{$name}, activation => 'sigmoid'));
			SELECT nnet.compile('$name', 'binary_crossentropy')));
	}
	return;
}

sub fit_sql
{
	my ($model, $table, %option) = @_;

	$option{seed} //= 1;
	my $options = join ', ', map { "$_ => $option{$_}" } sort keys %option;
	return "SELECT nnet.fit('$model', x, y, nnet.options($options)) FROM $table";
}

sub fit_gan_sql
{
	my ($generator, $discriminator, $rows, %option) = @_;

	$option{seed} //= 1;
	my $options = join ', ', map { "$_ => $option{$_}" } sort keys %option;
	return "SELECT nnet.fit_gan('$generator', '$discriminator', x, nnet.gan_options($options)) FROM $rows";
}

# A fingerprint of everything a model's table holds.
sub weights_of
{
	my ($node, $model, $database) = @_;

	return $node->safe_psql($database // 'postgres',
		"SELECT md5(string_agg(m::text, '' ORDER BY layer, part)) FROM $model AS m");
}

sub steps_of
{
	my ($node, $model) = @_;

	return $node->safe_psql('postgres', "SELECT config ->> 'steps' FROM $model WHERE layer = -1");
}

# ---- pg_upgrade ----

sub programs_of
{
	my ($node) = @_;
	my ($folder) = grep { -x "$_/postgres" } map { "$_/bin" } grep { defined } $node->{_install_path};

	($folder) = grep { -x "$_/postgres" } split /:/, $ENV{PATH} unless $folder;
	return $folder;
}

# The number of its major version.
sub version_of
{
	my ($node) = @_;
	my ($version) = run_command([ programs_of($node) . '/postgres', '--version' ]);

	return $version =~ /\) (\d+)/ ? $1 : die "no version in \"$version\"";
}

# What clusters of all versions are made with, so that one can become the other.
sub initdb_options
{
	my ($node) = @_;
	my @options = ('--no-locale', '--encoding=UTF8');

	push @options, '--no-data-checksums' if version_of($node) >= 18;
	return \@options;
}

# A new server of the version that is tested, started, to which pg_upgrade has
# brought what is in a stopped one; undef, and a failed test, if it would not.
sub upgraded
{
	my ($old, $name, @options) = @_;
	my $new = PostgreSQL::Test::Cluster->new($name);
	my $folder = PostgreSQL::Test::Utils::tempdir();
	my ($out, $err);

	$new->init(extra => initdb_options($new));
	# its logs are put where it runs
	IPC::Run::run(
		[ 'pg_upgrade', '-d', $old->data_dir, '-D', $new->data_dir, '-b', programs_of($old), '-B', programs_of($new),
			'-s', $new->host, '-p', $old->port, '-P', $new->port, @options ],
		'>', \$out, '2>', \$err, init => sub { chdir $folder or die "$folder: $!" });
	unless (like($out, qr/Upgrade Complete/, "pg_upgrade @options"))
	{
		diag $out, $err, map { slurp_file($_) } glob("$folder/*.{log,txt} " . $new->data_dir . '/pg_upgrade_output.d/*/*.txt ' . $new->data_dir . '/pg_upgrade_output.d/*/log/*.log');
		return;
	}
	$new->start;
	return $new;
}

# ---- sessions ----

sub session
{
	my ($node, %option) = @_;
	my $session = $node->background_psql($option{database} // 'postgres', on_error_stop => 0);

	# each query has PostgreSQL's time limit, not all of them together
	$session->set_query_timer_restart;
	return $session;
}

sub backend_of
{
	my ($session) = @_;

	return $session->query('SELECT pg_backend_pid()');
}

# Send a query and return while it runs; the session's next query waits for it.
sub start_query
{
	my ($session, $query) = @_;

	$session->query_until(qr/started/, "\\echo started\n$query;\n");
	return;
}

# So many seconds of this program's own time: what it was kept from running, by a
# busy machine or one that stood still, has kept the servers from it as well.
sub wait_until
{
	my ($what, $seconds, $test) = @_;
	my $last = time;

	until ($test->())
	{
		if ($seconds <= 0)
		{
			fail("waiting for $what");
			return 0;
		}
		sleep 0.005;
		my $now = time;
		$seconds -= $now - $last < 0.02 ? $now - $last : 0.02;
		$last = $now;
	}
	return 1;
}

# Until a backend runs a query that began to compute: threads take time.
sub wait_active
{
	my ($pid, $ticks) = @_;
	my $start = cpu_ticks_of($pid);

	return wait_until("backend $pid to compute", 60,
		sub { cpu_ticks_of($pid) - $start >= ($ticks // 5) });
}

# What psql said on its error output since the last query, and forget it.
sub error_of
{
	my ($session) = @_;
	my $error = $session->{stderr};

	$session->{stderr} = '';
	return $error;
}

# ---- what Linux tells of a process ----

# A process may end while it is looked at: then there is nothing.
sub slurp
{
	my ($name) = @_;

	open my $file, '<', $name or return '';
	local $/;
	return scalar(<$file>) // '';
}

# Each thread: tid, state and the mask of blocked signals; the main one first.
sub tasks_of
{
	my ($pid) = @_;
	my @tasks;

	for my $status (glob "/proc/$pid/task/*/status")
	{
		my $text = slurp($status);
		my ($tid) = $status =~ m!task/(\d+)!;
		my ($state) = $text =~ /^State:\s+(\w)/m or next;
		my ($mask) = $text =~ /^SigBlk:\s+([0-9a-f]+)/m;
		push @tasks, { tid => $tid, state => $state, mask => $mask };
	}
	@tasks = sort { ($b->{tid} == $pid) <=> ($a->{tid} == $pid) || $a->{tid} <=> $b->{tid} } @tasks;
	return @tasks;
}

# All that can be blocked: not KILL and STOP, nor the two that the C library
# keeps for its threads.
sub is_masked
{
	my ($task) = @_;

	for my $signal (1 .. 64)
	{
		next if $signal == 9 || $signal == 19 || $signal == 32 || $signal == 33;
		my $digit = hex substr $task->{mask}, -1 - int(($signal - 1) / 4), 1;
		return 0 unless $digit & 1 << ($signal - 1) % 4;
	}
	return 1;
}

# Time that all threads of a process have computed, in hundredths of a second.
sub cpu_ticks_of
{
	my ($pid) = @_;
	my $text = slurp("/proc/$pid/stat");

	$text =~ s/^.*\) //s or return 0;
	my @field = split / /, $text;
	return $field[11] + $field[12];
}

# Seconds that each thread of a process has computed, and that it has waited for a
# processor where the kernel tells, by thread.
sub times_of_threads
{
	my ($pid) = @_;
	my (%computed, %waited);

	for my $folder (glob "/proc/$pid/task/*")
	{
		my ($thread) = $folder =~ m!(\d+)$!;
		my ($ran, $queued) = split / /, slurp("$folder/schedstat");

		if ($ran)
		{
			$computed{$thread} = $ran / 1e9;
			$waited{$thread} = $queued / 1e9;
		}
		elsif (slurp("$folder/stat") =~ /^.*\) (.*)/s)
		{
			my @field = split / /, $1;

			$computed{$thread} = ($field[11] + $field[12]) / 100;
			$waited{$thread} = 0;
		}
	}
	return (\%computed, \%waited);
}

# Temporary files a backend has open, and those that lie in the server's folder.
sub open_temp_files
{
	my ($pid) = @_;

	return grep { m!pgsql_tmp! } map { readlink($_) // '' } glob "/proc/$pid/fd/*";
}

sub temp_files_of
{
	my ($node) = @_;

	my @files = glob $node->data_dir . '/base/pgsql_tmp/*';

	return @files;
}

# Kilobytes that a process has in memory: of its own, and with all that is mapped
# the most since "begin_peak".
sub memory_of
{
	my ($pid) = @_;
	my %kb = slurp("/proc/$pid/status") =~ /^(RssAnon|RssFile|RssShmem|VmHWM):\s+(\d+) kB/mg;

	return %kb ? \%kb : undef;
}

# Let VmHWM begin anew, where the kernel lets us.
sub begin_peak
{
	my ($pid) = @_;

	open my $file, '>', "/proc/$pid/clear_refs" or return 0;
	syswrite $file, '5' or return 0;
	return close $file;
}

# Run code and return the largest RssAnon of a backend meanwhile, in kB.  A process
# of its own samples it from before the code begins; what a sample misses, on a
# busy machine, is in the kernel's own maximum, which counts mapped files and
# shared memory as well.
sub peak_memory_while
{
	my ($pid, $code) = @_;

	pipe my $reader, my $writer or die "pipe: $!";
	my $begun = begin_peak($pid);
	my $parent = $$;
	my $sampler = fork // die "fork: $!";
	if ($sampler == 0)
	{
		my ($peak, $done) = (0, 0);
		local $SIG{TERM} = sub { $done = 1 };
		close $reader;
		# a test that died is not there to end it
		until ($done || getppid() != $parent)
		{
			my $now = memory_of($pid);
			syswrite $writer, "begun\n" if $peak == 0;
			$peak = $now->{RssAnon} if defined $now && $now->{RssAnon} > $peak;
			select undef, undef, undef, 0.002;
		}
		syswrite $writer, "$peak\n";
		# without the parent's clean-up of its servers
		require POSIX;
		POSIX::_exit(0);
	}
	close $writer;
	<$reader>;
	$code->();
	kill TERM => $sampler;
	my $peak = <$reader>;
	waitpid $sampler, 0;
	my $end = $begun ? memory_of($pid) : undef;
	my $least = defined $end ? $end->{VmHWM} - $end->{RssFile} - $end->{RssShmem} : 0;
	return $peak > $least ? $peak + 0 : $least;
}

# A script of test/fuzz in psql, with variables, within so many seconds; returns
# what it printed, and its complaints.
sub run_script
{
	my ($node, $name, $seconds, @variables) = @_;
	my ($script) = grep { -e } "$FindBin::Bin/../fuzz/$name", "test/fuzz/$name";
	my ($out, $err);
	my $run = IPC::Run::start(
		[ 'psql', '-XqAt', '-d', $node->connstr('postgres'), (map { ('-v', $_) } @variables), '-f', $script ],
		'<', '/dev/null', '>', \$out, '2>', \$err, IPC::Run::timeout($seconds));

	$run->finish;
	return ($out, $err);
}

# No process of the server died, none was started anew, and no sanitizer found anything.
sub no_crash_in
{
	my ($node) = @_;
	my $log = slurp_file($node->logfile);

	return $log !~
	  /was terminated by signal|terminating any other active server processes|reinitializing|automatic recovery in progress|PANIC:|TRAP:|runtime error:|AddressSanitizer/;
}

1;
