#!/usr/bin/perl
#
# queries.pl SEED FIRST LAST
#	Print queries that predict and classify, drawn at random, each a few lines
#	of a script for psql after what numbers its rows and its errors.  They are for the tables and
#	models of queries.sql, and give the same at every run but for plans.

use strict;
use warnings;

my ($seed, $first, $last) = @ARGV;

# No generator of Perl's own: it differs between builds.
my $state;

sub draw
{
	my ($n) = @_;

	$state = ($state * 1103515245 + 12345) % 2147483648;
	return ($state >> 8) % $n;
}

sub pick { return $_[ draw(scalar @_) ]; }
sub chance { return draw(100) < $_[0]; }

my ($table, $t);

sub column { return "$t.$_[0]"; }

# Values for a model of 4 numbers.
sub numbers
{
	my $kind = draw(16);

	return column('x') if $kind < 6;
	return column('y') if $kind < 8;
	return column('z') if $kind < 9;
	return "ARRAY[$t.a, $t.b, $t.d, 1]" if $kind < 10;
	return "ARRAY[$t.a / $t.d, $t.b * 2, 1.5, $t.a]" if $kind < 11;
	return "ROW($t.a, $t.b, $t.x[1], $t.y[2])" if $kind < 12;
	return "($t.y[1:2] || $t.y[3:4])" if $kind < 13;
	return "$t.y\:\:real[]" if $kind < 14;
	return "scaled($t.x)" if $kind < 15;
	return "array_replace($t.x, 'NaN', 0)";
}

# A row for a model of the inputs x, s and a.
sub parts
{
	my $kind = draw(12);

	return $t if $kind < 5;
	return "ROW($t.x, $t.s, $t.a)" if $kind < 7;
	return "$t.j" if $kind < 9;
	return "ROW($t.a, $t.x, $t.s)" if $kind < 10;
	return "($t.j - '" . pick('none', 'a') . "')" if $kind < 11;
	return "named($t.x, $t.s, $t.a)";
}

# The name of an output.
sub output_name { return pick("'price'", "'kind'", "'kind'", "'price'", "(SELECT 'kind'\:\:text)", "'none'", 'NULL', "$t.o"); }

# Models of several inputs and outputs, of steps, and of a table's columns.
sub call_of_parts
{
	my ($what) = @_;
	my $kind = draw(12);

	return "nnet.$what('house', " . parts() . ')' if $kind < 4;
	return "nnet.$what('house', " . parts() . ', ' . output_name() . ')' if $kind < 7;
	return "nnet.$what('income', $t)" if $kind < 9;
	return "nnet.$what('cast', $t)" if $kind < 10;
	return "nnet.$what('single', " . pick($t, "$t.j", "$t.s") . ')' if $kind < 11;
	return $what eq 'predict' ? "nnet.predict('tags', $t.v)" : "(nnet.classify_steps('tags', $t.v))[1]";
}

sub call
{
	my ($what) = @_;
	my $kind = draw(20);

	return call_of_parts($what) if chance(30);
	return "nnet.$what('v', $t.v)" if $kind == 0 && $what eq 'predict';
	return "nnet.$what('words', $t.t)" if $kind == 1;
	return "nnet.$what(" . pick("'m'\:\:regclass", "'c'", "(SELECT 'c'\:\:regclass)", "$t.name\:\:regclass", "$t.mm", "NULL") . ", "
	  . numbers() . ')'
	  if $kind == 2;
	return "nnet.$what('not_model', $t.x)" if $kind == 3 && chance(10);
	return "nnet.$what('one', $t.x)" if $kind == 4 && $what eq 'predict';
	return "nnet.$what('m', '{1,2,3,4}'\:\:real[])" if $kind == 5 && chance(30);
	return "nnet.$what('one', nnet.predict('m', $t.x) || 0.5\:\:real)" if $kind == 6 && $what eq 'predict';
	return "nnet.$what('" . pick('m', 'm', 'c') . "', " . numbers() . ')';
}

sub number
{
	my $kind = draw(8);

	return '(' . call('predict') . ")[1]" if $kind < 5;
	return '(' . call('predict') . ")[1] + $t.a" if $kind < 6;
	return "coalesce((" . call('predict') . ")[1], -1)" if $kind < 7;
	return "CASE WHEN $t.a < 5 THEN (" . call('predict') . ")[1] ELSE 0 END";
}

sub output
{
	my $kind = draw(9);

	return call('predict') if $kind < 3;
	return call('classify') if $kind < 5;
	return number() if $kind < 7;
	return "coalesce(" . call('classify') . ", '-')" if $kind < 8;
	return call('classify') . " = 'a'";
}

sub condition
{
	my $kind = draw(20);

	return "$t.a < " . draw(11) if $kind < 4;
	return "$t.id % 3 = 1" if $kind < 6;
	return "$t.b > 0.5" if $kind < 7;
	return "100 / $t.d > 30" if $kind < 8;
	return "is_fine($t.a)" if $kind < 9;
	return "$t.x IS NOT NULL" if $kind < 11;
	return number() . ' > 0.' . (100 + draw(800)) if $kind < 15;
	return call('classify') . ' ' . pick("= 'a'", "<> 'b'", "IN ('a', '1')") if $kind < 17;
	return "($t.a > 6 OR " . number() . ' > 0.4123)' if $kind < 18;
	return "cardinality($t.x) = 4" if $kind < 19;
	return "CASE WHEN cardinality($t.x) = 4 THEN " . number() . ' > 0.3456 ELSE false END';
}

sub where
{
	my $n = pick(0, 0, 1, 1, 2, 3);

	return $n == 0 ? '' : ' WHERE ' . join ' AND ', map { condition() } 1 .. $n;
}

sub from { return "$table AS $t"; }
sub outputs { return join ', ', map { output() . " AS o$_" } 1 .. pick(1, 1, 2, 3); }
sub limit { return chance(40) ? ' LIMIT ' . draw(60) . (chance(30) ? ' OFFSET ' . draw(20) : '') : ''; }

# Queries, ordered so that the rows are the same whatever the plan.
my @forms = (
	sub { return "SELECT $t.id, " . outputs() . ' FROM ' . from() . where() . limit(); },
	sub { return "SELECT $t.id, " . outputs() . ' FROM ' . from() . where() . " ORDER BY $t.id" . limit(); },
	sub { return "SELECT $t.id, " . outputs() . ' FROM ' . from() . where() . ' ORDER BY ' . number() . ", $t.id" . limit(); },
	sub { return 'SELECT count(*), sum(' . number() . "), max($t.id) FROM " . from() . where(); },
	sub { return "SELECT $t.a, avg(" . number() . '), count(*) FILTER (WHERE ' . condition() . ') FROM ' . from() . where()
		  . " GROUP BY $t.a ORDER BY $t.a"; },
	sub { return 'SELECT ' . call('classify') . ' AS k, count(*), min(' . number() . ') FROM ' . from() . where()
		  . ' GROUP BY 1 ORDER BY 1' . (chance(30) ? limit() : ''); },
	sub { return "SELECT $t.a, count(*) FROM " . from() . where() . " GROUP BY $t.a HAVING max(" . number() . ') > 0.3 ORDER BY 1'; },
	sub { return 'SELECT DISTINCT ' . call('classify') . ' AS k FROM ' . from() . where() . ' ORDER BY 1'; },
	sub { return "SELECT $t.id, f.id, " . outputs() . ' FROM ' . from() . ' JOIN few AS f ON ' . "$t.a = f.a" . where()
		  . " ORDER BY $t.id, f.id" . limit(); },
	sub { return "SELECT f.id, $t.id, " . outputs() . ' FROM few AS f LEFT JOIN ' . from() . " ON $t.id = f.id AND " . condition()
		  . " ORDER BY f.id, $t.id"; },
	sub { return "SELECT $t.id, f.id FROM " . from() . ' JOIN few AS f ON ' . call('classify') . " = nnet.classify('c', f.x)"
		  . where() . " ORDER BY $t.id, f.id" . limit(); },
	sub { return "SELECT f.id, q.* FROM few AS f, LATERAL (SELECT $t.id AS n, " . outputs() . ' FROM ' . from()
		  . " WHERE $t.id < f.id AND " . condition() . " ORDER BY $t.id DESC LIMIT " . (1 + draw(5)) . ') AS q ORDER BY f.id, n'; },
	sub { return "SELECT f.id, (SELECT sum(" . number() . ') FROM ' . from() . " WHERE $t.a = f.a AND " . condition()
		  . ') AS s FROM few AS f ORDER BY f.id'; },
	sub { return 'SELECT f.id FROM few AS f WHERE ' . pick('', 'NOT ') . 'EXISTS (SELECT FROM ' . from() . " WHERE $t.a = f.a AND "
		  . condition() . ' AND ' . number() . ' > 0.2) ORDER BY f.id'; },
	sub { return "SELECT f.id FROM few AS f WHERE f.id IN (SELECT $t.id FROM " . from() . where() . ') ORDER BY f.id'; },
	sub { return "(SELECT $t.id, " . call('classify') . ' AS k FROM ' . from() . where() . ') ' . pick('UNION', 'UNION ALL', 'EXCEPT', 'INTERSECT')
		  . " (SELECT $t.id, " . call('classify') . ' FROM ' . from() . where() . ') ORDER BY 1, 2' . limit(); },
	sub { return "SELECT q.id, q.o1 FROM (SELECT $t.id, " . outputs() . ' FROM ' . from() . where() . pick('', ' OFFSET 0', limit())
		  . ') AS q' . pick('', ' WHERE q.id > 20') . ' ORDER BY q.id' . limit(); },
	sub { return 'WITH q AS ' . pick('', 'MATERIALIZED ') . "(SELECT $t.id, " . outputs() . ' FROM ' . from() . where()
		  . ') SELECT q.id, r.o1 FROM q JOIN q AS r USING (id) ORDER BY 1, 2' . limit(); },
	sub { return "SELECT $t.id, " . number() . " AS o1, row_number() OVER (ORDER BY $t.id) AS n FROM " . from() . where() . " ORDER BY $t.id" . limit(); },
	sub { return "SELECT $t.id, sum(" . number() . ") OVER (PARTITION BY $t.a ORDER BY $t.id), lag(" . call('classify')
		  . ") OVER (ORDER BY $t.id) FROM " . from() . where() . " ORDER BY $t.id" . limit(); },
	sub { return "SELECT $t.id, unnest(" . call('predict') . ') AS u, ' . number() . ' AS o FROM ' . from() . where() . limit(); },
	sub { return "SELECT $t.id, u FROM " . from() . ', unnest(' . call('predict') . ') AS u' . where() . ' ORDER BY 1, 2' . limit(); },
	sub { return 'SELECT id, p, c FROM seen WHERE a < ' . draw(10) . pick('', ' AND p[1] > 0.4') . pick('', " AND c = 'a'") . limit(); },
	sub { return "SELECT $t.id, nextval('drawn') IS NULL AS n, " . outputs() . ' FROM ' . from() . where() . limit(); },
	sub { return "SELECT $t.id, nnet.predict('m', volatile_x($t.x)), " . output() . ' AS o FROM ' . from() . where() . limit(); },
	sub { return "SELECT $t.id, 60 / ($t.d - 3) AS q, " . outputs() . ' FROM ' . from() . where() . limit(); },
	sub { return "SELECT $t.id, nnet.predict('house', $t) AS all_of_it, nnet.predict('house', $t, 'price') AS price, nnet.classify('house', $t, "
		  . output_name() . ') AS kind FROM ' . from() . where() . limit(); },
	sub { return "SELECT $t.id, nnet.predict('house', $t, 'price') AS price FROM " . from() . " WHERE nnet.classify('house', $t, 'kind') "
		  . pick("= 'a'", "<> 'b'", 'IS NOT NULL') . limit(); },
	sub { ($table) = grep { /^\w+$/ } $table, 'clean'; return "SELECT $t.id, " . outputs() . ' FROM ' . from() . " TABLESAMPLE bernoulli (50) REPEATABLE (3)" . where() . limit(); },
	sub { return "SELECT column1, nnet.classify('m', column2) FROM (VALUES (1, '{1,2,3,4}'\:\:real[]), (2, NULL), (3, '{4,3,2,1}'), (4, '{1,2}')) AS w"
		  . limit(); },
	sub { return "SELECT g, nnet.predict('m', ARRAY[g, 1, 2, 3]) FROM generate_series(1, 50) AS g WHERE (nnet.predict('m', ARRAY[g, 1, 2, 3]))[2] > 0.01"
		  . limit(); });

# What is done with a query.
sub plain { return ("$_[0];"); }

sub cursor
{
	my ($query) = @_;
	my @fetches = map { 'FETCH ' . pick('3', '7', '30', 'NEXT', 'PRIOR', 'BACKWARD 4', 'ABSOLUTE 10', 'RELATIVE -2', 'LAST', 'FIRST', 'ALL', 'BACKWARD ALL')
		  . ' FROM k;' } 1 .. 6;

	return ('BEGIN;', 'DECLARE k ' . pick('SCROLL ', 'SCROLL ', '') . "CURSOR FOR $query;", @fetches, 'COMMIT;');
}

sub forward_cursor
{
	my ($query) = @_;

	return ('BEGIN;', "DECLARE k CURSOR FOR $query;", 'FETCH 2 FROM k;', 'FETCH ' . draw(40) . ' FROM k;', 'COMMIT;');
}

sub prepared
{
	my ($query) = @_;

	$query =~ s/'m'/\$1/g;
	return ('SET plan_cache_mode = ' . pick('auto', 'force_generic_plan') . ';', "PREPARE q(regclass) AS $query;",
		"EXECUTE q('m');", "EXECUTE q('c');", "EXECUTE q('m');", 'DEALLOCATE q;', 'RESET plan_cache_mode;');
}

sub stored
{
	my ($query) = @_;

	return ('BEGIN;', "CREATE TEMP TABLE made AS SELECT row_number() OVER () AS n, q\:\:text AS r FROM ($query) AS q;", 'SELECT * FROM made ORDER BY n;',
		'ROLLBACK;');
}

sub view
{
	my ($query) = @_;

	return ('BEGIN;', 'CREATE ' . pick('VIEW', 'MATERIALIZED VIEW') . " made AS SELECT q\:\:text AS r FROM ($query) AS q;", 'SELECT * FROM made LIMIT 50;', 'ROLLBACK;');
}

sub parallel
{
	my ($query) = @_;

	# which rows come first is anyone's
	$query =~ s/ (LIMIT|OFFSET) \d+//g;
	return ('SET parallel_setup_cost = 0;', 'SET parallel_tuple_cost = 0;', 'SET min_parallel_table_scan_size = 0;', 'SET max_parallel_workers_per_gather = 2;',
		"SELECT q\:\:text FROM ($query) AS q ORDER BY 1;", 'RESET ALL;');
}

sub looped
{
	my ($query) = @_;

	return ("DO \$\$ DECLARE it record; n int := 0; BEGIN FOR it IN $query LOOP n := n + 1; IF n % 9 = 1 THEN RAISE NOTICE '%', it; END IF; EXIT WHEN n > "
		  . draw(60) . '; END LOOP; END $$;');
}

my @writes = (
	sub { return ('UPDATE kept AS k SET p = ' . call('predict') . ', c = ' . call('classify') . ' FROM ' . from() . " WHERE $t.id = k.id AND "
		  . condition() . ';', 'SELECT id, p, c FROM kept ORDER BY id LIMIT 40;'); },
	sub { ($table, $t) = ('kept', 'k'); return ('UPDATE kept AS k SET c = ' . call('classify') . where() . pick('', ' RETURNING k.id, ' . call('predict')) . ';',
		'SELECT id, c FROM kept ORDER BY id LIMIT 40;'); },
	sub { ($table, $t) = ('kept', 'k'); return ('DELETE FROM kept AS k' . where() . ' RETURNING k.id;', 'SELECT count(*) FROM kept;'); },
	sub { return ("INSERT INTO kept (id, p, c) SELECT $t.id, " . call('predict') . ', ' . call('classify') . ' FROM ' . from() . where() . ';',
		'SELECT id, p, c FROM kept ORDER BY id, c, p LIMIT 40;'); },
	sub { ($table, $t) = ('kept', 'k'); return ('DECLARE u CURSOR FOR SELECT id, ' . call('predict') . ' FROM kept AS k' . where() . ';', 'FETCH 5 FROM u;',
		"UPDATE kept SET a = 77 WHERE CURRENT OF u;", 'FETCH 3 FROM u;', 'DELETE FROM kept WHERE CURRENT OF u;', 'SELECT id, a FROM kept WHERE a = 77 OR id < 12 ORDER BY id;'); },
	sub { ($table, $t) = ('kept', 'k'); return ('SELECT k.id, ' . outputs() . ' FROM kept AS k' . where() . limit() . ' FOR UPDATE;'); });

sub write
{
	return ('BEGIN;', 'TRUNCATE kept;', 'INSERT INTO kept SELECT *, NULL, NULL FROM ' . pick('clean', 'dirty') . ';', 'SAVEPOINT s;', pick(@writes)->(), 'ROLLBACK;');
}

for my $number ($first .. $last)
{
	$state = ($seed * 1000003 + $number * 7919) % 2147483648;
	draw(2) for 1 .. 5;
	($table, $t) = (pick('clean', 'dirty', 'dirty', 'part', '(SELECT * FROM dirty OFFSET 0)', '(SELECT j, v, x, y, z, a, b, d, s, t, o, id, name, mm, pair FROM dirty)'), 'r');
	my $query = $forms[ draw(scalar @forms) ];
	my @lines;
	my $kind = draw(20);

	if ($kind == 0)
	{
		$table = pick('clean', 'part');
		@lines = parallel($query->());
	}
	else
	{
		@lines = $kind < 10 ? plain($query->())
		  : $kind < 12 ? cursor($query->())
		  : $kind < 13 ? forward_cursor($query->())
		  : $kind < 14 ? prepared($query->())
		  : $kind < 15 ? stored($query->())
		  : $kind < 16 ? view($query->())
		  : $kind < 17 ? looped($query->())
		  : &write();
	}
	print "\\echo -- $number\n\\warn -- $number\n", map { "$_\n" } @lines;
}
