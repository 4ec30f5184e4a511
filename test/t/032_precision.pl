# nnet.precision = 'bfloat16' on a server whose processor does not have it: told to
# who asks for it in a session, a warning where the configuration does.

use strict;
use warnings;
use NnetNode;
use PostgreSQL::Test::Utils;
use Test::More;

# kernels of AVX2, as on a processor without AVX-512; plain loops if it has less
delete $ENV{OPENBLAS_CORETYPE};
$ENV{NNET_KERNELS} = 'avx2';
my $node = new_node('precision', conf => { max_parallel_maintenance_workers => 1 });
my $psql = sub { [ $node->psql('postgres', $_[0], on_error_stop => 1) ] };

SKIP:
{
	skip 'this processor has no AVX2, and kernels are chosen by it', 10
	  if $node->safe_psql('postgres', 'SELECT nnet.info() ->> $$bfloat16$$') ne 'false';
	make_rows($node, 'rows', 100);
	make_model($node, 'm', units => 32);

	my (undef, undef, $error) = @{ $psql->(q(\set VERBOSITY verbose
		SELECT nnet.info() IS NOT NULL; SET nnet.precision = 'bfloat16')) };
	like($error, qr/ERROR:  0A000: invalid value for parameter "nnet.precision": "bfloat16"/, 'a session is refused');
	like($error, qr/DETAIL:  This processor does not multiply bfloat16/, 'and told why');
	like($error, qr/HINT:  .*nnet\.info\(\) ->> 'bfloat16'/, 'and how to know');
	is($node->safe_psql('postgres', q(SET nnet.precision = 'float32'; SELECT nnet.info() ->> 'precision')),
		'float32', 'float32 can be set');

	# before the library is loaded nobody knows the setting's values
	(undef, my $out, $error) = @{ $psql->(q(SET nnet.precision = 'bfloat16';
		SELECT nnet.info() ->> 'precision')) };
	like($error, qr/WARNING:  invalid value for parameter "nnet.precision": "bfloat16"/, 'set before the library is loaded: a warning');
	is($out, 'float32', 'and the default');

	$node->safe_psql('postgres', q(ALTER DATABASE postgres SET nnet.precision = 'bfloat16'));
	(my $status, $out, $error) = @{ $psql->('SELECT count(nnet.predict($$m$$, x)) FROM rows; ' . fit_sql('m', 'rows')
		. ' HAVING false; SELECT nnet.info() ->> $$precision$$') };
	is($status, 0, 'a database that asks for it is served');
	like($error, qr/WARNING:  invalid value for parameter "nnet.precision": "bfloat16"/, 'with a warning');
	like($out, qr/^100$/m, 'predictions');
	like($out, qr/^float32$/m, 'and float32');
}

ok(no_crash_in($node), 'no process crashed');
$node->stop;
done_testing();
