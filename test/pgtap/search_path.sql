-- The functions mean PostgreSQL's names, whatever a search_path puts before them.
BEGIN;
SELECT no_plan();

-- A schema whose operators, functions and types look like the system's.
CREATE SCHEMA trap;
CREATE FUNCTION trap.spring(text) RETURNS boolean LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'fell into the trap: %', $1; END $$;
DO $$
DECLARE
    t text;
    o text;
BEGIN
    FOREACH t IN ARRAY '{int4,int8,oid,text,name,float4,jsonb,bool}'::text[] LOOP
        EXECUTE format('CREATE FUNCTION trap.equal(pg_catalog.%1$I, pg_catalog.%1$I) RETURNS boolean
            LANGUAGE sql AS $f$ SELECT trap.spring(%2$L) $f$', t, t || ' operator');
        FOREACH o IN ARRAY '{=,<>,<,>}'::text[] LOOP
            EXECUTE format('CREATE OPERATOR trap.%2$s (FUNCTION = trap.equal,
                LEFTARG = pg_catalog.%1$I, RIGHTARG = pg_catalog.%1$I)', t, o);
        END LOOP;
        EXECUTE format('CREATE DOMAIN trap.%1$I AS pg_catalog.%1$I CHECK (trap.spring(%2$L))', t, t || ' type');
    END LOOP;
END $$;
CREATE FUNCTION trap.random() RETURNS float8 LANGUAGE sql AS
$$ SELECT 1.0 WHERE trap.spring('random') $$;
CREATE VIEW trap.pg_extension AS SELECT trap.spring('pg_extension');
CREATE VIEW trap.pg_class AS SELECT trap.spring('pg_class');
CREATE TYPE trap.layer AS (layer pg_catalog.int4);

CREATE FUNCTION pg_temp.run(query text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_catalog.set_config('search_path', 'trap, pg_catalog', true);
    EXECUTE query;
    PERFORM pg_catalog.set_config('search_path', 'public', true);
END $$;
CREATE FUNCTION pg_temp.safe(query text, what text) RETURNS text LANGUAGE sql AS
$$ SELECT lives_ok(format('SELECT pg_temp.run(%L)', query), what) $$;

SELECT throws_like(format('SELECT pg_temp.run(%L)', $$ SELECT 1 = 2 $$), 'fell into the trap%', 'the trap works');
SELECT throws_like(format('SELECT pg_temp.run(%L)', $$ SELECT '1'::text $$), '%trap%', 'for types as well');

CREATE TABLE rows AS SELECT ARRAY[i / 10.0, 1]::real[] AS x, i % 2 AS y, 'word ' || i % 3 AS t
FROM generate_series(1, 20) AS i;

SELECT pg_temp.safe($$ SELECT nnet.create_model('public.m', nnet.input(2), nnet.normalization(),
    nnet.dense(2, activation => 'softmax')) $$, 'create_model');
SELECT pg_temp.safe($$ SELECT nnet.compile('public.m', 'sparse_categorical_crossentropy',
    optimizer => nnet.adam(), metrics => '{accuracy}') $$, 'compile');
SELECT pg_temp.safe($$ SELECT nnet.compile('public.m', 'sparse_categorical_crossentropy') $$,
    'its default optimizer');
SELECT pg_temp.safe($$ SELECT nnet.compile('public.m', 'sparse_categorical_crossentropy', 'adam') $$,
    'compile by name');
SELECT pg_temp.safe($$ SELECT nnet.fit('public.m', x, y) FROM public.rows $$, 'fit');
SELECT pg_temp.safe($$ SELECT nnet.fit('public.m', x, y, nnet.options(epochs => 2, validation_split => 0.2))
    FROM public.rows $$, 'fit with options');
SELECT pg_temp.safe($$ SELECT nnet.evaluate('public.m', x, y) FROM public.rows $$, 'evaluate');
SELECT pg_temp.safe($$ SELECT nnet.predict('public.m', x), nnet.classify('public.m', x) FROM public.rows $$, 'predict');
SELECT pg_temp.safe($$ SELECT nnet.predict('public.m', ROW(1, 2.5)) $$, 'predict of a row of numbers');
SELECT pg_temp.safe($$ SELECT nnet.predict_batch('public.m', x) OVER () FROM public.rows $$, 'predict_batch');
SELECT pg_temp.safe($$ SELECT * FROM nnet.summary('public.m'), nnet.history('public.m'),
    nnet.parameters('public.m') $$, 'summary, history, parameters');
SELECT pg_temp.safe($$ SELECT * FROM nnet.models $$, 'models');
SELECT pg_temp.safe($$ SELECT nnet.info() $$, 'info');
SELECT pg_temp.safe($$ SELECT nnet.copy_model('public.m', 'public.copied') $$, 'copy_model');
SELECT pg_temp.safe($$ SELECT layer, nnet.average(weights) FROM public.m GROUP BY layer $$, 'average');

SELECT pg_temp.safe($$ SELECT nnet.create_model('public.g', nnet.input(3), nnet.dense(2)),
    nnet.create_model('public.d', nnet.input(2), nnet.dense(1, activation => 'sigmoid')) $$, 'a pair of models');
SELECT pg_temp.safe($$ SELECT nnet.compile('public.g', 'mse'), nnet.compile('public.d', 'mse') $$, 'compiled');
SELECT pg_temp.safe($$ SELECT nnet.fit_gan('public.g', 'public.d', x, nnet.gan_options(epochs => 2))
    FROM public.rows $$, 'fit_gan');
SELECT pg_temp.safe($$ SELECT nnet.png_grid(p, 1, 2, 1, 2), nnet.png_grid(p, 1, 2, 1, 2, -1, 1),
    count(nnet.png(p, 1, 2)) FROM nnet.generate('public.g', 4) AS p $$, 'generate and pictures');

SELECT pg_temp.safe($$ SELECT nnet.create_model('public.w', nnet.input(1),
    nnet.text_vectorization(output_sequence_length => 2), nnet.embedding(9, 4), nnet.flatten(),
    nnet.dense(3, 'softmax')) $$, 'a model of texts');
SELECT pg_temp.safe($$ SELECT nnet.compile('public.w', 'sparse_categorical_crossentropy') $$, 'compiled');
SELECT pg_temp.safe($$ SELECT nnet.fit('public.w', t, t) FROM public.rows $$, 'fit of texts');
SELECT pg_temp.safe($$ SELECT nnet.generate_text('public.w', 'word 1', 2),
    (SELECT count(*) FROM nnet.vocabulary('public.w')) $$, 'generate_text and vocabulary');
SELECT pg_temp.safe($$ SELECT nnet.create_model('public.s', nnet.input(3, 1), nnet.lstm(2), nnet.dense(1)) $$,
    'a model of a series');
SELECT pg_temp.safe($$ SELECT nnet.forecast('public.s', '{1,2,3,4}'::pg_catalog.float4[], 2) $$, 'forecast');

SELECT * FROM finish();
ROLLBACK;
