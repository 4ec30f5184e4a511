# A prediction does not read what the machine allows each time that it loads a
# model, as by a view: the files of the kernel cost more than a small model.

use strict;
use warnings;
use NnetNode;
use Test::More;

my $node = new_node('limits_read');
make_model($node, 'm');
$node->safe_psql('postgres', 'CREATE VIEW v AS SELECT * FROM m');

my $session = session($node);
my $pid = backend_of($session);

# Calls of read() by the backend so far; undef: the kernel does not count them.
sub reads
{
	open(my $file, '<', "/proc/$pid/io") or return;
	my ($count) = join('', <$file>) =~ /^syscr: (\d+)/m;
	return $count;
}

plan skip_all => 'this kernel does not count reads' unless defined reads();

my $predict = q(DO $$ DECLARE y real[]; BEGIN
	FOR i IN 1..1000 LOOP SELECT nnet.predict('v', ARRAY[i, 2, 3, 4]) INTO y; END LOOP; END $$);
$session->query_safe($predict);
my $before = reads();
$session->query_safe($predict);
my $reads = reads() - $before;

# the limits are read again every few seconds, in some tens of reads
cmp_ok($reads, '<', 500, "1000 predictions by a view: $reads reads");

$session->quit;
done_testing();
