-- Tables and models for the queries of queries.pl.  "clean" rows are all well;
-- "dirty" ones have what an argument, a condition or a model refuses.
\set ON_ERROR_STOP on
SELECT setseed(0.25);
SELECT nnet.create_model('m', nnet.input(4), nnet.dense(8, 'relu'), nnet.dense(3, 'softmax'));
SELECT nnet.create_model('c', nnet.input(4), nnet.dense(6, 'tanh'), nnet.dense(3, 'softmax'));
SELECT nnet.compile('c', 'sparse_categorical_crossentropy', labels => '{a,b,c}');
SELECT nnet.create_model('one', nnet.input(4), nnet.dense(5, 'relu'), nnet.dense(1));
-- overflows in whatever order it is summed
UPDATE one SET weights = (SELECT array_agg(1000 * w ORDER BY i) FROM unnest(weights) WITH ORDINALITY AS u (w, i)) WHERE weights IS NOT NULL;
SELECT nnet.create_model('v', nnet.input(NULL, 1), nnet.gru(3), nnet.dense(2));
SELECT nnet.create_model('words', nnet.input(1), nnet.text_vectorization(vocabulary => '{good,bad,day,night}', output_sequence_length => 4),
	nnet.embedding(8, 4), nnet.flatten(), nnet.dense(3, 'softmax'));
-- of several inputs and outputs; of a table's columns; of steps; of a column with a cast of its own
SELECT nnet.create_model('house', nnet.input('{4}', name => 'x'), nnet.input('{1}', name => 's'), nnet.string_lookup(vocabulary => '{a,b,c}', output_mode => 'one_hot', name => 'letter'),
	nnet.input('{1}', name => 'a'), nnet.concatenate('{x,letter,a}'), nnet.dense(6, 'tanh', name => 'both'),
	nnet.dense(1, name => 'price'), nnet.dense(3, 'softmax', name => 'kind', inputs => '{both}'));
SELECT nnet.compile('house', '{"kind": "sparse_categorical_crossentropy"}'::jsonb, labels => '{"kind": ["a", "b", "c"]}'::jsonb);
SELECT nnet.create_model('single', nnet.input('{1}', name => 's'), nnet.string_lookup(vocabulary => '{a,b}', output_mode => 'one_hot'), nnet.dense(3, 'softmax'));
SELECT nnet.create_model('tags', nnet.input(NULL, 1), nnet.dense(3, 'softmax'));
SELECT nnet.compile('tags', 'sparse_categorical_crossentropy', labels => '{a,b,c}');
CREATE TYPE pair AS (m int, n float8);
CREATE SEQUENCE casts;
CREATE FUNCTION pair_reals(p pair) RETURNS real[] LANGUAGE plpgsql VOLATILE AS 'BEGIN PERFORM nextval(''casts''); RETURN ARRAY[p.m, p.n]; END';
CREATE CAST (pair AS real[]) WITH FUNCTION pair_reals(pair);
SELECT nnet.create_model('cast', nnet.input('{2}', name => 'pair'), nnet.input('{1}', name => 'a'), nnet.concatenate('{pair,a}'), nnet.dense(3, 'softmax'));
CREATE TYPE named_parts AS (s text, a int, x real[]);
CREATE TABLE clean AS
SELECT i AS id, i % 10 AS a, (i % 7)::numeric / 4 AS b, i % 5 + 1 AS d, chr(97 + i % 3) AS s,
	'm'::text AS name, 'm'::regclass AS mm,
	ARRAY[sin(i), cos(i), i % 3, (i % 7) / 7.0]::real[] AS x,
	ARRAY[cos(i), sin(3 * i), i % 2, (i % 11) / 11.0]::float8[] AS y,
	decode(lpad(to_hex(i * 7919 % 65536), 8, '1'), 'hex') AS z,
	(SELECT array_agg(sin(i + j)) FROM generate_series(0, i % 4 + 2) AS j)::real[] AS v,
	(ARRAY['good day', 'bad', 'a good night', 'bad bad day'])[i % 4 + 1] AS t,
	(ARRAY['price', 'kind'])[i % 2 + 1] AS o, ROW(i % 9, sin(i))::pair AS pair, 0 AS gone
FROM generate_series(1, 400) AS i;
ALTER TABLE clean DROP gone, ADD j jsonb;
UPDATE clean SET j = jsonb_build_object('x', x, 's', s, 'a', a);
VACUUM FULL clean; -- in the order of id
CREATE TABLE dirty AS
SELECT id, a, CASE WHEN id % 83 = 0 THEN NULL ELSE b END AS b, CASE WHEN id % 71 = 0 THEN 0 ELSE d END AS d, s, name, mm,
	CASE WHEN id % 61 = 0 THEN x[1:3] WHEN id % 97 = 0 THEN array_replace(x, x[2], NULL)
		WHEN id % 13 = 0 THEN NULL WHEN id % 101 = 0 THEN array_replace(x, x[1], 'NaN')
		WHEN id % 67 = 0 THEN '{2e37,0,0,0}' ELSE x END AS x,
	CASE WHEN id % 59 = 0 THEN y || 1e300::float8 WHEN id % 17 = 0 THEN NULL ELSE y END AS y,
	CASE WHEN id % 73 = 0 THEN z || '\x00' ELSE z END AS z,
	CASE WHEN id % 79 = 0 THEN '{}' ELSE v END AS v,
	CASE WHEN id % 19 = 0 THEN NULL ELSE t END AS t, o, pair,
	CASE WHEN id % 53 = 0 THEN j - 's' WHEN id % 47 = 0 THEN j || '{"a": "b"}' WHEN id % 43 = 0 THEN NULL WHEN id % 41 = 0 THEN j || '{"x": [1, 2, 3]}' ELSE j END AS j
FROM clean;
UPDATE dirty SET s = CASE WHEN id % 31 = 0 THEN NULL ELSE 'z' END WHERE id % 31 = 0 OR id % 29 = 0;
VACUUM FULL dirty;
CREATE TABLE few AS SELECT id, a, x FROM clean WHERE id % 37 = 1;
CREATE TABLE kept (LIKE dirty INCLUDING ALL);
ALTER TABLE kept ADD p real[], ADD c text;
CREATE TABLE part (LIKE clean) PARTITION BY RANGE (id);
CREATE TABLE part1 PARTITION OF part FOR VALUES FROM (0) TO (150);
CREATE TABLE part2 PARTITION OF part FOR VALUES FROM (150) TO (1000);
INSERT INTO part SELECT * FROM clean;
CREATE INDEX ON clean (id);
CREATE INDEX ON dirty (id);
CREATE INDEX ON clean (a);
CREATE TABLE not_model (i int);
CREATE SEQUENCE drawn;
CREATE FUNCTION scaled(x real[]) RETURNS real[] LANGUAGE plpgsql IMMUTABLE AS
'BEGIN RETURN ARRAY[x[1] / 2, x[2], x[3], x[4]]; END';
CREATE FUNCTION volatile_x(x real[]) RETURNS real[] LANGUAGE plpgsql VOLATILE AS
'BEGIN PERFORM nextval(''drawn''); RETURN x; END';
CREATE FUNCTION is_fine(a int) RETURNS boolean LANGUAGE plpgsql STABLE AS
'BEGIN RETURN 12 / (a - 9) < 0; END';
CREATE FUNCTION named(x real[], s text, a int) RETURNS named_parts LANGUAGE sql IMMUTABLE AS 'SELECT ROW(s, a, x)::named_parts';
SELECT nnet.create_model('income', nnet.features('clean', columns => '{a,b,d,s}'), nnet.dense(4, 'relu'), nnet.dense(3, 'softmax'));
SELECT nnet.compile('income', 'sparse_categorical_crossentropy');
SELECT nnet.fit('income', c, t, nnet.options(epochs => 1, seed => 1, verbose => false) ORDER BY id) IS NOT NULL FROM (SELECT *, id % 3 AS t FROM (SELECT id, a, b, d, s FROM clean OFFSET 0) AS w) AS c;
CREATE VIEW seen AS SELECT id, a, nnet.predict('m', x) AS p, nnet.classify('c', x) AS c FROM dirty;
ANALYZE;
