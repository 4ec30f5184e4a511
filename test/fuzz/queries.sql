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
CREATE TABLE clean AS
SELECT i AS id, i % 10 AS a, (i % 7)::numeric / 4 AS b, i % 5 + 1 AS d, chr(97 + i % 3) AS s,
	'm'::text AS name, 'm'::regclass AS mm,
	ARRAY[sin(i), cos(i), i % 3, (i % 7) / 7.0]::real[] AS x,
	ARRAY[cos(i), sin(3 * i), i % 2, (i % 11) / 11.0]::float8[] AS y,
	decode(lpad(to_hex(i * 7919 % 65536), 8, '1'), 'hex') AS z,
	(SELECT array_agg(sin(i + j)) FROM generate_series(0, i % 4 + 2) AS j)::real[] AS v,
	(ARRAY['good day', 'bad', 'a good night', 'bad bad day'])[i % 4 + 1] AS t
FROM generate_series(1, 400) AS i;
CREATE TABLE dirty AS
SELECT id, a, CASE WHEN id % 83 = 0 THEN NULL ELSE b END AS b, CASE WHEN id % 71 = 0 THEN 0 ELSE d END AS d, s, name, mm,
	CASE WHEN id % 61 = 0 THEN x[1:3] WHEN id % 97 = 0 THEN array_replace(x, x[2], NULL)
		WHEN id % 13 = 0 THEN NULL WHEN id % 101 = 0 THEN array_replace(x, x[1], 'NaN')
		WHEN id % 67 = 0 THEN '{2e37,0,0,0}' ELSE x END AS x,
	CASE WHEN id % 59 = 0 THEN y || 1e300::float8 WHEN id % 17 = 0 THEN NULL ELSE y END AS y,
	CASE WHEN id % 73 = 0 THEN z || '\x00' ELSE z END AS z,
	CASE WHEN id % 79 = 0 THEN '{}' ELSE v END AS v,
	CASE WHEN id % 19 = 0 THEN NULL ELSE t END AS t
FROM clean;
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
CREATE VIEW seen AS SELECT id, a, nnet.predict('m', x) AS p, nnet.classify('c', x) AS c FROM dirty;
ANALYZE;
