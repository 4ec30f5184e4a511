\echo
\echo == 3. Fashion-MNIST: 60,000 pictures of clothes, one byte a pixel ==
\echo
SELECT setseed(0.3) \g /dev/null
\set ECHO queries
SELECT nnet.create_model('fashion',
    nnet.input(28, 28),
    nnet.rescaling(1.0 / 255),
    nnet.flatten(),
    nnet.dense(128, activation => 'relu'),
    nnet.dense(10, activation => 'softmax'));

SELECT nnet.compile('fashion', 'sparse_categorical_crossentropy', metrics => '{accuracy}');

SELECT jsonb_pretty(nnet.fit('fashion', pixels, label,
                             nnet.options(epochs => 5, batch_size => 64, seed => 1, verbose => true))) AS trained
FROM fashion_train;

SELECT * FROM nnet.summary('fashion');
\set ECHO none

\echo Two pictures of the test set, as the database sees them:
\echo
\pset border 0
SELECT string_agg(substr(' .:-=+*#%@', 1 + (get_byte(pixels, y * 28 + x) + get_byte(pixels, (y + 1) * 28 + x)) * 9 / 510, 1),
                  '' ORDER BY id, x) FILTER (WHERE id = 1)
       || '      ' ||
       string_agg(substr(' .:-=+*#%@', 1 + (get_byte(pixels, y * 28 + x) + get_byte(pixels, (y + 1) * 28 + x)) * 9 / 510, 1),
                  '' ORDER BY id, x) FILTER (WHERE id = 2) AS " "
FROM fashion_test, generate_series(0, 27) AS x, generate_series(0, 26, 2) AS y
WHERE id <= 2
GROUP BY y ORDER BY y;
\pset border 2

\set ECHO queries
SELECT id, label AS truth, nnet.classify('fashion', pixels) AS prediction,
       CASE WHEN label = nnet.classify('fashion', pixels) THEN '' ELSE 'wrong' END AS " "
FROM fashion_test WHERE id <= 12 ORDER BY id;

SELECT nnet.evaluate('fashion', pixels, label) ->> 'accuracy' AS accuracy, count(*) AS pictures
FROM fashion_test;
\set ECHO none
