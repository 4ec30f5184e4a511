/*
 * gemm_tiles.h
 *	  A backend of ours, written once for vectors of any width: gemm_avx2.c and
 *	  gemm_avx512.c say which, and include this.
 *
 * OpenBLAS copies ("packs") both factors of a product at each call; with a few
 * hundred rows that takes a tenth of the time, with a few dozen a third.  Here
 * B alone is packed, into a buffer that stays in the second cache level, or
 * once for many products, as the weights of a model that predicts, or not at
 * all, where it lies well and is read by few rows.  A is read where it lies,
 * transposed or not, unless so many columns read it that a copy pays.  Where A
 * is small and B large, it is the other way round.
 *
 * Packed, B (k, n) is cut into blocks of up to BLOCK rows, as even as can be,
 * and these into panels of PANEL columns, each row after row; the last panel
 * may have half of them and is filled up.  A panel stays in the first cache
 * level while the rows of A go by, and a block of A's rows in the second (Goto
 * and van de Geijn, Anatomy of High-Performance Matrix Multiplication, 2008).
 * The sums of a tile of C, up to TILE_ROWS by PANEL, stay in registers.
 *
 * The order of additions depends on k alone: a row of C does not depend on
 * which rows are beside it, nor on whether B was packed before.
 *
 * To be defined before: what gemm_tile.h asks for.
 */
#include <limits.h>
#include <string.h>

#include "core/kernels/gemm_tile.h"
#include "core/kernels/gemm_turn.h"

#define BLOCK 256
#define BLOCK_ROWS 192 /* of A: 192 kB of a block */
#define BUFFER_REALS 32768
#define WIDE 128 /* columns of C from which a copy of A pays that lies badly */
#define COPY_REALS (BLOCK_ROWS * BLOCK)

/*
 * Columns of C from which any copy of A pays: if the instruction takes numbers from memory,
 * what counts is that they are near.
 */
#ifdef V_STEP_AT
#define COPY_WIDE 512
#else
#define COPY_WIDE INT_MAX
#endif

static int
count_blocks(int k)
{
	return (k + BLOCK - 1) / BLOCK;
}

static int
block_begin(int k, int block)
{
	return (int) ((int64_t) k * block / count_blocks(k));
}

/* ---- packing ---- */

/*
 * Whole panels of k rows of b, panel after panel: row by row, since what lies together
 * is fetched together, and a page of a wide matrix holds no more than a row.
 */
static TARGET void
pack_panels(float *to, const float *b, size_t ldb, int k, int panels)
{
	for (int i = 0; i < k; i++, to += PANEL, b += ldb)
		for (int j = 0; j < panels; j++)
			memcpy(to + (size_t) j * (size_t) k * PANEL, b + (size_t) j * PANEL,
				   PANEL * sizeof(float));
}

/* Rows [p, p + k) of B's columns [j, j + cols), panel after panel.  Returns the end. */
static TARGET float *
pack_columns(float *to, bool turned, const float *b, size_t ldb, int p, int k, int j, int cols)
{
	const int end = j + cols;

	if (!turned)
	{
		const int panels = cols / PANEL;

		pack_panels(to, b + (size_t) p * ldb + (size_t) j, ldb, k, panels);
		to += (size_t) panels * PANEL * (size_t) k;
		j += panels * PANEL;
	}
	for (; j < end; j += PANEL)
	{
		const int n = end - j < PANEL ? end - j : PANEL;
		const size_t width = padded(n);
		const float *from = turned ? b + (size_t) j * ldb + p : b + (size_t) p * ldb + (size_t) j;

		if (turned)
			nn_turn(to, width, from, ldb, n, k);
		else
			for (int i = 0; i < k; i++)
				memcpy(to + (size_t) i * width, from + (size_t) i * ldb,
					   (size_t) n * sizeof(float));
		/* what lies past the last column is never stored, but must be numbers of a kind */
		for (int i = 0; i < k && (size_t) n < width; i++)
			memset(to + (size_t) i * width + n, 0, (width - (size_t) n) * sizeof(float));
		to += (size_t) k * width;
	}
	return to;
}

static size_t
tiles_packed_reals(int k, int n)
{
	/* with more than half of the lanes empty other kernels are faster */
	return n > LANES / 2 ? NN_ALIGN_REALS((size_t) k * padded(n)) : 0;
}

static void
tiles_pack(nn_real *to, bool turned, const nn_real *b, size_t ldb, int k, int n)
{
	for (int block = 0; block < count_blocks(k); block++)
	{
		const int p = block_begin(k, block);

		to = pack_columns(to, turned, b, ldb, p, block_begin(k, block + 1) - p, 0, n);
	}
}

/* ---- copies of A ---- */

_Static_assert(COPY_WIDE == INT_MAX || TILE_ROWS % 4 == 0, "turn_rows writes four rows at once");

/* Four rows of A's k columns, below each other in to, TILE_ROWS apart. */
static TARGET void
turn_rows(float *to, const float *a, size_t lda, int rows, int k)
{
	const float *row[4];
	int p = 0;

	/* what lies past the last row is never stored, but must be numbers of a kind */
	for (int r = 0; r < 4; r++)
		row[r] = a + (size_t) (r < rows ? r : rows - 1) * lda;
	for (; p + 4 <= k; p += 4, to += 4 * TILE_ROWS)
	{
		__m128 v0 = _mm_loadu_ps(row[0] + p), v1 = _mm_loadu_ps(row[1] + p);
		__m128 v2 = _mm_loadu_ps(row[2] + p), v3 = _mm_loadu_ps(row[3] + p);

		_MM_TRANSPOSE4_PS(v0, v1, v2, v3);
		_mm_storeu_ps(to, v0);
		_mm_storeu_ps(to + TILE_ROWS, v1);
		_mm_storeu_ps(to + 2 * TILE_ROWS, v2);
		_mm_storeu_ps(to + 3 * TILE_ROWS, v3);
	}
	for (; p < k; p++, to += TILE_ROWS)
		for (int r = 0; r < 4; r++)
			to[r] = row[r][p];
}

/*
 * m rows of k columns of A, which is transposed if turned, tile after tile as panel() cuts them:
 * of each column the rows of the tile, next to each other.
 */
static TARGET void
copy_rows(float *to, bool turned, const float *a, size_t lda, int m, int k)
{
	int rows;

	for (int tiles = (m + TILE_ROWS - 1) / TILE_ROWS; tiles > 0;
		 tiles--, m -= rows, to += (size_t) k * TILE_ROWS)
	{
		rows = tile_rows(m, tiles);
		if (turned)
			for (int p = 0; p < k; p++)
				V_STORE_PART(to + (size_t) p * TILE_ROWS,
							 V_LOAD_PART(a + (size_t) p * lda, V_PART(rows)), V_PART(rows));
		else
			for (int r = 0; r < rows; r += 4)
				turn_rows(to + r, a + (size_t) r * lda, lda, rows - r, k);
		a += (size_t) rows * (turned ? 1 : lda);
	}
}

/* Have t read such a copy. */
static void
read_copy(Panel *t, const float *copy)
{
	t->a = copy;
	t->lda = TILE_ROWS;
	t->next_tile = (size_t) t->k * TILE_ROWS;
}

/* ---- packed weights ---- */

/*
 * All columns for some rows of A and one block of B, by a copy of A if there is room for it;
 * false when the job is to stop.
 */
static bool
multiply_block(const NNPackedProduct *product, int block, int m, Panel t, float *room)
{
	const NNPacked *b = product->b;
	const int begin = block_begin(b->k, block);
	const float *panels = b->panels + (size_t) begin * padded(b->n);
	const float *s = t.s;
	float *c = t.c;

	t.k = block_begin(b->k, block + 1) - begin;
	t.a += begin;
	if (room != NULL)
	{
		copy_rows(room, false, t.a, t.lda, m, t.k);
		read_copy(&t, room);
	}
	for (int j = 0; j < product->n; j += PANEL)
	{
		/* a part of a panel that is stored with PANEL columns is read as such */
		const int stored = b->n - product->first - j > LANES ? PANEL : LANES;

		if (nn_pool_stopping())
			return false;
		t.b = panels + (size_t) (product->first + j) * (size_t) t.k;
		t.ldb = (size_t) stored;
		t.s = s != NULL ? s + j : NULL;
		t.c = c + j;
		t.cols = product->n - j < PANEL ? product->n - j : PANEL;
		run_panel(&t, stored, room != NULL, m);
	}
	return true;
}

static void
multiply_blocks(const NNPackedProduct *product, float *room)
{
	for (int i = 0; i < product->m; i += BLOCK_ROWS)
	{
		Panel t = {
			.a = product->a + (size_t) i * product->lda,
			.lda = product->lda,
			.alpha = 1,
			.beta = 1,
			.s = product->s != NULL ? product->s + (size_t) i * product->lds : NULL,
			.lds = product->lds,
			.c = product->c + (size_t) i * product->ldc,
			.ldc = product->ldc,
		};
		const int rows = product->m - i < BLOCK_ROWS ? product->m - i : BLOCK_ROWS;

		for (int block = 0; block < count_blocks(product->b->k); block++)
		{
			if (!multiply_block(product, block, rows, t, room))
				return;
			/* the other blocks add to what the first left */
			t.s = t.c;
			t.lds = t.ldc;
		}
	}
}

/* Apart, since a large frame costs something by itself. */
static void multiply_blocks_copied(const NNPackedProduct *product) __attribute__((noinline));

static void
multiply_blocks_copied(const NNPackedProduct *product)
{
	_Alignas(NN_ALIGN) float room[COPY_REALS];

	multiply_blocks(product, room);
}

static bool
tiles_multiply_packed(const NNPackedProduct *product)
{
	if (product->first % PANEL != 0)
		return false;
	if (product->n >= COPY_WIDE && product->m >= TILE_ROWS)
		multiply_blocks_copied(product);
	else
		multiply_blocks(product, NULL);
	return true;
}

/* ---- any product ---- */

/* Rows [p, p + k) of B's columns [j, j + cols), which lie at b or are packed there. */
typedef struct Group
{
	int p, k;
	int j, cols;
	const float *b;
	bool packed;
	float *room; /* for a copy of A, if there is to be one */
	bool copied; /* it is there */
	bool far;	 /* B is in place, and read by many rows */
} Group;

/* Where column p of row i of op(A) is. */
static const float *
left_at(const NNProduct *t, int i, int p)
{
	return t->ta ? t->a + (size_t) p * t->lda + i : t->a + (size_t) i * t->lda + p;
}

/* C += of one group, for all rows; false when the job is to stop. */
static bool
multiply_group(const NNProduct *product, const Group *g)
{
	Panel t = {
		.k = g->k,
		.far = g->far,
		.lda = product->lda,
		.alpha = product->alpha,
		.beta = g->p == 0 ? product->beta : 1,
		.lds = product->ldc,
		.ldc = product->ldc,
	};
	const bool adds = t.beta != 0;

	for (int i = 0; i < product->m; i += BLOCK_ROWS)
	{
		const int rows = product->m - i < BLOCK_ROWS ? product->m - i : BLOCK_ROWS;
		const float *b = g->b;

		t.a = left_at(product, i, g->p);
		if (nn_pool_stopping())
			return false;
		if (g->room != NULL)
		{
			if (!g->copied)
				copy_rows(g->room, product->ta, t.a, product->lda, rows, g->k);
			read_copy(&t, g->room);
		}
		for (int j = 0; j < g->cols; j += PANEL)
		{
			const int stored = g->cols - j > LANES ? PANEL : LANES;

			t.cols = g->cols - j < PANEL ? g->cols - j : PANEL;
			t.b = g->packed ? b : g->b + j;
			t.ldb = g->packed ? (size_t) stored : product->ldb;
			t.c = product->c + (size_t) i * product->ldc + g->j + j;
			t.s = adds ? t.c : NULL;
			run_panel(&t, stored, product->ta || g->room != NULL, rows);
			b += (size_t) g->k * (size_t) stored;
		}
	}
	return true;
}

/*
 * Whether k rows, ld apart, of which a tile reads one cache line each, crowd each
 * other out of a first-level cache of 32 kB: the more so, the larger the power of
 * two in ld.
 */
static bool
crowded(size_t ld, int k)
{
	return (ld & -ld) * (size_t) (k < BLOCK ? k : BLOCK) > 4096;
}

/* Apart, since a large frame costs something by itself. */
static void multiply_copied(const NNProduct *t) __attribute__((noinline));

static void
multiply_copied(const NNProduct *t)
{
	_Alignas(NN_ALIGN) float buffer[BUFFER_REALS];
	_Alignas(NN_ALIGN) float room[COPY_REALS];
	/* one copy for all groups of columns, or one for each */
	const bool once = t->n >= COPY_WIDE && t->m <= BLOCK_ROWS;
	const bool copies = once || (t->ta && t->n >= WIDE && crowded(t->lda, t->k));

	for (int block = 0; block < count_blocks(t->k); block++)
	{
		Group g = {.p = block_begin(t->k, block),
				   .b = buffer,
				   .packed = true,
				   .room = copies ? room : NULL,
				   .copied = once};
		int most;

		g.k = block_begin(t->k, block + 1) - g.p;
		most = BUFFER_REALS / g.k / PANEL * PANEL;
		if (once)
			copy_rows(room, t->ta, left_at(t, 0, g.p), t->lda, t->m, g.k);
		for (g.j = 0; g.j < t->n; g.j += most)
		{
			g.cols = t->n - g.j < most ? t->n - g.j : most;
			(void) pack_columns(buffer, t->tb, t->b, t->ldb, g.p, g.k, g.j, g.cols);
			if (!multiply_group(t, &g))
				return;
		}
	}
}

/* ---- few rows of A, by a large B ---- */

#define FEW_MOST 96		/* rows of A at a time */
#define FEW_REALS 65536 /* of A packed: 256 kB of the stack */
#define FEW_COLUMNS 48	/* of C at a time */
#define LARGE 65536		/* reals of B, if it is transposed; else it takes more */

/*
 * With B on the left, C' = B' A', it is A, the smaller, that is packed, and B is read where it lies,
 * if it lies well: in rows, or else such that tiles use most of what is fetched.  The same numbers
 * are added in the same order.
 */
static bool
multiplies_few(const NNProduct *t)
{
	const int width = (int) padded(t->m);
	const size_t b_reals = (size_t) t->n * (size_t) t->k;

	if (t->ta || t->alpha != 1 || (t->beta != 0 && t->beta != 1) || t->m > FEW_MOST ||
		t->n < 2 * width || t->k < 2 * LANES || width * t->k > FEW_REALS ||
		8 * (width - t->m) > width)
		return false;
	if (t->tb)
		return b_reals >= LARGE;
	return b_reals >= 4 * LARGE && TILE_ROWS * sizeof(float) > 32 && !crowded(t->ldb, t->k);
}

/* Columns [j, j + n) of C from their transpose, rows of `width`. */
static TARGET void
store_turned(const NNProduct *t, const float *turned, size_t width, int j, int n)
{
	_Alignas(NN_ALIGN) float rows[8 * FEW_COLUMNS];

	for (int i = 0; i < t->m; i += 8)
	{
		const int most = t->m - i < 8 ? t->m - i : 8;

		for (int l = 0; l < n; l += 8)
			nn_turn8(rows + l, FEW_COLUMNS, turned + (size_t) l * width + i, width, n - l);
		for (int r = 0; r < most; r++)
			memcpy(t->c + (size_t) (i + r) * t->ldc + j, rows + r * FEW_COLUMNS,
				   (size_t) n * sizeof(float));
	}
}

/* turned (n, width) += the transpose of n columns of B, times A packed. */
static void
add_turned(const NNProduct *t, const float *packed, float *turned, size_t width, int j, int n)
{
	bool adds = t->beta != 0;

	for (int block = 0; block < count_blocks(t->k); block++, adds = true)
	{
		const int p = block_begin(t->k, block);
		Panel of = {
			.k = block_begin(t->k, block + 1) - p,
			.a = t->tb ? t->b + (size_t) j * t->ldb + p : t->b + (size_t) p * t->ldb + j,
			.lda = t->ldb,
			.alpha = 1,
			.beta = 1,
			.lds = width,
			.ldc = width,
		};

		for (size_t i = 0; i < width; i += PANEL)
		{
			const int stored = width - i > LANES ? PANEL : LANES;

			of.b = packed;
			of.ldb = (size_t) stored;
			of.c = turned + i;
			of.s = adds ? of.c : NULL;
			of.cols = stored;
			run_panel(&of, stored, !t->tb, n);
			packed += (size_t) of.k * (size_t) stored;
		}
	}
}

static void multiply_few(const NNProduct *t) __attribute__((noinline));

static TARGET void
multiply_few(const NNProduct *t)
{
	_Alignas(NN_ALIGN) float packed[FEW_REALS];
	/* what lies past the last row is never stored, but must be numbers of a kind */
	_Alignas(NN_ALIGN) float turned[FEW_COLUMNS * FEW_MOST] = {0};
	const size_t width = padded(t->m);

	tiles_pack(packed, true, t->a, t->lda, t->k, t->m);
	for (int j = 0; j < t->n; j += FEW_COLUMNS)
	{
		const int n = t->n - j < FEW_COLUMNS ? t->n - j : FEW_COLUMNS;

		if (nn_pool_stopping())
			return;
		if (t->beta != 0)
			nn_turn(turned, width, t->c + j, t->ldc, t->m, n);
		add_turned(t, packed, turned, width, j, n);
		store_turned(t, turned, width, j, n);
	}
}

#ifdef B_IN_PLACE
static void
multiply_blocks_in_place(const NNProduct *t, float *room)
{
	for (int block = 0; block < count_blocks(t->k); block++)
	{
		Group g = {.p = block_begin(t->k, block),
				   .cols = t->n,
				   .room = room,
				   .copied = true,
				   .far = room != NULL};

		g.k = block_begin(t->k, block + 1) - g.p;
		g.b = t->b + (size_t) g.p * t->ldb;
		if (room != NULL)
			copy_rows(room, t->ta, left_at(t, 0, g.p), t->lda, t->m, g.k);
		if (!multiply_group(t, &g))
			return;
	}
}

static void
multiply_in_place(const NNProduct *t)
{
	multiply_blocks_in_place(t, NULL);
}

static void multiply_far(const NNProduct *t) __attribute__((noinline));

/* With B where it lies and A copied, up to BLOCK_ROWS rows. */
static void
multiply_far(const NNProduct *t)
{
	_Alignas(NN_ALIGN) float room[COPY_REALS];

	multiply_blocks_in_place(t, room);
}
#endif
