\echo
\echo == 2. Two spirals: a border that no straight line draws ==
\echo
\echo 2,000 points of a documented generator: arm a winds out from the middle, arm b
\echo is the same turned by half a circle, both with a little noise.  Every fifth point
\echo is held out.
\echo
SELECT setseed(0.1) \g /dev/null
CREATE TABLE spirals AS
SELECT i AS id, arm,
       ARRAY[r * cos(angle) + 0.02 * (random() - 0.5),
             r * sin(angle) + 0.02 * (random() - 0.5)]::real[] AS point
FROM generate_series(1, 1000) AS i, unnest('{a,b}'::text[]) AS arm,
     LATERAL (SELECT sqrt(i / 1000.0) AS r) AS radius,
     LATERAL (SELECT 3.2 * pi() * r + CASE arm WHEN 'b' THEN pi() ELSE 0 END AS angle) AS turn;

\set ECHO queries
SELECT nnet.create_model('spiral_model', nnet.input(2),
    nnet.dense(64, activation => 'relu'),
    nnet.dense(64, activation => 'relu'),
    nnet.dense(2, activation => 'softmax'));

SELECT nnet.compile('spiral_model', 'sparse_categorical_crossentropy',
                    optimizer => nnet.adam(0.01), metrics => '{accuracy}');

SELECT jsonb_pretty(nnet.fit('spiral_model', point, arm,
                             nnet.options(epochs => 150, batch_size => 64, seed => 1))) AS trained
FROM spirals WHERE id % 5 <> 0;

SELECT string_agg(CASE nnet.classify('spiral_model', ARRAY[x / 30.0, y / 15.0]::real[])
                      WHEN 'a' THEN '.' ELSE '#' END, '' ORDER BY x) AS "what it takes for a (.) and for b (#)"
FROM generate_series(-33, 33) AS x, generate_series(16, -16, -1) AS y
GROUP BY y ORDER BY y DESC;

SELECT id, point, arm AS truth, nnet.classify('spiral_model', point) AS prediction,
       round(greatest(p[1], p[2])::numeric, 3) AS probability
FROM spirals, nnet.predict('spiral_model', point) AS p
WHERE id % 100 = 0 AND arm = CASE id % 200 WHEN 0 THEN 'a' ELSE 'b' END ORDER BY id;

SELECT count(*) AS held_out, nnet.evaluate('spiral_model', point, arm) ->> 'accuracy' AS accuracy
FROM spirals WHERE id % 5 = 0;
\set ECHO none
