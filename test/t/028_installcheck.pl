# make installcheck against a stock cluster of a stranger: another encoding,
# superuser by another name, and settings that an administrator may have made.

use strict;
use warnings;
use Cwd 'abs_path';
use FindBin;
use IPC::Run;
use NnetNode;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my ($source) = map { abs_path($_) } grep { -d "$_/expected" } "$FindBin::Bin/../..", '.';
my $folder = PostgreSQL::Test::Utils::tempdir();
my $superuser = 'Jane Doe';
my $node = PostgreSQL::Test::Cluster->new('stock');
$node->init(extra => [ '--no-locale', '--encoding=EUC_JP', '-U', $superuser ],
	auth_extra => [ '--create-role', $superuser ]);
$node->append_conf('postgresql.conf', <<'END');
default_transaction_isolation = 'serializable'
default_transaction_deferrable = on
default_transaction_read_only = on
timezone = 'Asia/Kathmandu'
datestyle = 'German, DMY'
intervalstyle = 'iso_8601'
bytea_output = 'escape'
extra_float_digits = -2
xmloption = 'document'
jit = on
jit_above_cost = 1000
max_parallel_workers_per_gather = 4
parallel_setup_cost = 0
parallel_tuple_cost = 0
min_parallel_table_scan_size = 0
work_mem = '64kB'
client_min_messages = 'warning'
log_min_messages = 'warning'
search_path = 'nowhere'
standard_conforming_strings = on
row_security = on
check_function_bodies = on
client_encoding = 'LATIN1'
END
$node->append_conf('postgresql.conf', "default_toast_compression = 'pglz'") if version_of($node) >= 14;
$node->start;

my ($out, $err) = ('', '');
{
	local $ENV{PGHOST} = $node->host;
	local $ENV{PGPORT} = $node->port;
	local $ENV{PGUSER} = $superuser;
	delete local $ENV{MAKEFLAGS};
	IPC::Run::run([ 'make', '-s', '-C', $folder, '-f', "$source/Makefile", 'DEPS=no', 'installcheck' ], '<', '/dev/null', '>', \$out, '2>', \$err);
}
my @lines = grep { /^(not )?ok |^(test|    ) ?[^ ]+ +\.\.\. / } split /\n/, $out;
cmp_ok(scalar @lines, '>', 20, 'there are tests');
for my $line (@lines)
{
	like($line, qr/^ok |\.\.\. ok/, $line =~ s/\s*\d+ ms$//r);
}
diag $err, -e "$folder/regression.diffs" ? slurp_file("$folder/regression.diffs") : $out
  unless Test::More->builder->is_passing;
ok(no_crash_in($node), 'no process crashed');
$node->stop;
done_testing();
