# What a verbose training says: one line an epoch, with what history() keeps.

use strict;
use warnings;
use NnetNode;
use Test::More;

my $node = new_node('verbose');
make_rows($node, 'rows', 1000);
make_model($node, 'm');

my $number = qr/[-+0-9.e]+/;
my $fit = "SELECT nnet.fit('m', x, y, nnet.options(epochs => 3, seed => 1, %s)) IS NOT NULL FROM rows";

my ($status, $out, $err) = $node->psql('postgres', sprintf $fit, 'verbose => true, validation_split => 0.2');
my @lines = grep { /NOTICE/ } split /\n/, $err;
is(scalar @lines, 3, 'one line an epoch');
for my $i (1 .. 3)
{
	like($lines[ $i - 1 ],
		qr{NOTICE:  epoch $i/3: loss $number, accuracy $number, val_loss $number, val_accuracy $number, $number s$},
		"epoch $i: loss, metric, those of validation, seconds");
}
my ($loss) = $lines[2] =~ /: loss ($number)/;
ok( abs($loss - $node->safe_psql('postgres', "SELECT loss FROM nnet.history('m') WHERE epoch = 3")) < 1e-3 * (1 + $loss),
	'the line says what the history keeps');

($status, $out, $err) = $node->psql('postgres', sprintf $fit, 'verbose => true');
@lines = grep { /NOTICE/ } split /\n/, $err;
like($lines[0], qr{NOTICE:  epoch 1/3: loss $number, accuracy $number, $number s$}, 'without validation');
($status, $out, $err) = $node->psql('postgres',
	"SELECT nnet.fit('m', x, y, nnet.options(shuffle => false, verbose => true)) IS NOT NULL FROM rows");
@lines = grep { /NOTICE/ } split /\n/, $err;
is(scalar @lines, 1, 'a streamed epoch says its line too');
($status, $out, $err) = $node->psql('postgres', sprintf $fit, 'verbose => false');
is($err, '', 'not verbose: nothing');
($status, $out, $err) = $node->psql('postgres', "SELECT nnet.fit('m', x, y) IS NOT NULL FROM rows");
is($err, '', 'and that is the default');

# What steers a training says so.
my $never = "monitor => 'loss', min_delta => 1e9, patience => 2";
($status, $out, $err) = $node->psql(
	'postgres', "SELECT nnet.compile('m', 'sparse_categorical_crossentropy', nnet.sgd(0.5));
	SELECT nnet.fit('m', x, y, nnet.options(epochs => 9, initial_epoch => 4, verbose => true,
		early_stopping => nnet.early_stopping($never), reduce_lr_on_plateau => nnet.reduce_lr_on_plateau($never))) FROM rows");
@lines = grep { /NOTICE/ } split /\n/, $err;
like($lines[0], qr{NOTICE:  epoch 5/9: loss}, 'epochs are counted from the first one');
like($lines[3], qr{NOTICE:  epoch 7/9: loss has not improved, the learning rate is 0.05 from now on$}, 'a lower learning rate');
like($lines[4], qr{NOTICE:  epoch 7/9: early stopping, loss has not improved$}, 'early stopping');
is(scalar @lines, 5, 'and no more');

$node->stop;
done_testing();
