# A network of the next character learns Shakespeare, and writes words that are his.

use strict;
use warnings;
use NnetNode;
use PostgreSQL::Test::Utils;
use Test::More;

my $file = ($ENV{NNET_DATA} // '') . '/tiny-shakespeare/input.txt';
plan skip_all => 'NNET_DATA has no tiny-shakespeare' unless -e $file;

my $node = new_node('shakespeare', conf => { max_parallel_maintenance_workers => 1 });
my $text = slurp_file($file);

$node->safe_psql('postgres', "CREATE TABLE corpus AS SELECT \$shakespeare\$$text\$shakespeare\$::text AS t");
is($node->safe_psql('postgres', 'SELECT octet_length(t) FROM corpus'), length $text, 'the text is there');
$node->safe_psql(
	'postgres', "
	SELECT setseed(0.5);
	SELECT nnet.create_model('shakespeare', nnet.input(1),
		nnet.text_vectorization(67, standardize => 'none', split => 'character'),
		nnet.embedding(67, 16), nnet.lstm(128, return_sequences => true), nnet.dense(67, activation => 'softmax'));
	SELECT nnet.compile('shakespeare', 'sparse_categorical_crossentropy', nnet.adam(0.01));
	SELECT nnet.fit('shakespeare', left(w, 60), substr(w, 2),
			nnet.options(epochs => 2, batch_size => 32, validation_split => 0.1, seed => 1))
		FROM (SELECT w[1] AS w FROM corpus, regexp_matches(t, '.{61}', 'g') WITH ORDINALITY AS m (w, n) ORDER BY n) AS s");

is($node->safe_psql('postgres', "SELECT string_agg(token, '' ORDER BY id) FROM nnet.vocabulary('shakespeare') WHERE id BETWEEN 2 AND 7"),
	' etoah', 'the most frequent characters come first');
cmp_ok($node->safe_psql('postgres', "SELECT val_loss FROM nnet.history('shakespeare') ORDER BY epoch DESC LIMIT 1"),
	'<', 2.0, 'two epochs bring the loss on unseen text below 2 nats');
cmp_ok(
	$node->safe_psql(
		'postgres', "
		WITH his AS (SELECT DISTINCT w FROM corpus, regexp_split_to_table(lower(t), '[^a-z]+') AS w),
			made AS (SELECT w FROM regexp_split_to_table(
				lower(nnet.generate_text('shakespeare', E'ROMEO:\\n', 1000, 0.5, 1)), '[^a-z]+') AS w WHERE length(w) > 2)
		SELECT avg((w IN (SELECT w FROM his))::integer) FROM made"),
	'>', 0.6, 'most words it writes are his');
ok(no_crash_in($node), 'no process crashed');
$node->stop;
done_testing();
