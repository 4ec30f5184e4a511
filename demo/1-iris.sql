\echo
\echo == 1. Flowers: three species of iris by four lengths ==
\echo
\echo Every fifth flower is held out; the network sees the others, with their
\echo names as plain text.
\echo
\i demo/iris.sql

SELECT setseed(0.42) \g /dev/null
\set ECHO queries

SELECT nnet.create_model('iris_model',
    nnet.input(4),
    nnet.normalization(),
    nnet.dense(16, activation => 'relu'),
    nnet.dense(3, activation => 'softmax'));

SELECT nnet.compile('iris_model', 'sparse_categorical_crossentropy',
                    optimizer => nnet.adam(0.01), metrics => '{accuracy}');

SELECT jsonb_pretty(nnet.fit('iris_model', ROW(sepal_length, sepal_width, petal_length, petal_width),
                             species, nnet.options(epochs => 60, batch_size => 16, seed => 1))) AS trained
FROM iris WHERE id % 5 <> 0;

SELECT id, species AS truth,
       nnet.classify('iris_model', f) AS prediction,
       round(max(p)::numeric, 3) AS probability
FROM iris, LATERAL (SELECT ARRAY[sepal_length, sepal_width, petal_length, petal_width] AS f) AS features,
     LATERAL unnest(nnet.predict('iris_model', f)) AS p
WHERE id % 15 = 0
GROUP BY id, species, f ORDER BY id;

SELECT count(*) AS held_out,
       nnet.evaluate('iris_model', ARRAY[sepal_length, sepal_width, petal_length, petal_width], species)
           ->> 'accuracy' AS accuracy
FROM iris WHERE id % 5 = 0;
\set ECHO none
