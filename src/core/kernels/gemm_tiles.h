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
 * transposed or not.
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
 * To be defined before:
 *	 TARGET		attributes of functions with these vectors
 *	 VECTOR		a vector of LANES reals, and what is done with it:
 *	 V_ZERO()  V_LOAD(p)  V_SET1(x)  V_FMA(x, y, sum)  V_MUL(x, y)
 *	 PART, V_PART(n)	what stands for the first n lanes: all if there are more, none if none
 *	 V_LOAD_PART(p, part)  V_STORE_PART(p, v, part)
 *	 V_LOAD_B(p, part)	likewise; may load all lanes of what is packed
 *	 TILE_ROWS, EACH_ROW(DO)	DO(0) to DO(TILE_ROWS - 1)
 *	 EACH_TILE(DO)		DO(TILE_ROWS) down to DO(2)
 *	 B_IN_PLACE			if V_LOAD_B reads nothing past its part: B may be read where it lies
 */
#include <string.h>

#include "core/kernels/gemm_turn.h"

#define PANEL (2 * LANES)
#define BLOCK 256
#define BLOCK_ROWS 192 /* of A: 192 kB of a block */
#define BUFFER_REALS 32768
#define WIDE 128	   /* columns of C from which a copy of A pays, if it lies badly */
#define TURNED_ROWS 96 /* of a block of A, if it is transposed and copied */

#define TARGET_INLINE static inline __attribute__((always_inline)) TARGET

/* One panel of one block of B, and what its products are added to. */
typedef struct Panel
{
	int k;
	const float *a; /* from the block's first column, or row if turned */
	size_t lda;
	const float *b;
	size_t ldb;
	float alpha, beta;
	const float *s; /* C = alpha A B + beta S; NULL: nothing is added */
	size_t lds;
	float *c;
	size_t ldc;
	int cols; /* of C, up to PANEL */
} Panel;

static size_t
padded(int n)
{
	return ((size_t) n + LANES - 1) / LANES * LANES;
}

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

/* Rows [p, p + k) of B's columns [j, j + cols), panel after panel.  Returns the end. */
static TARGET float *
pack_columns(float *to, bool turned, const float *b, size_t ldb, int p, int k, int j, int cols)
{
	for (const int end = j + cols; j < end; j += PANEL)
	{
		const int n = end - j < PANEL ? end - j : PANEL;
		const size_t width = padded(n);
		const float *from = turned ? b + (size_t) j * ldb + p : b + (size_t) p * ldb + (size_t) j;

		if (turned)
			nn_turn(to, width, from, ldb, n, k);
		else if (n == PANEL)
			for (int i = 0; i < k; i++)
				memcpy(to + (size_t) i * PANEL, from + (size_t) i * ldb, PANEL * sizeof(float));
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

/* ---- tiles ---- */

#define ROW_BEGIN(r)                              \
	VECTOR low##r = V_ZERO(), high##r = V_ZERO(); \
	if (rows > r)                                 \
		_mm_prefetch((const char *) (c + r * ldc), _MM_HINT_T0);

#define ROW_STEP(r)                                                                          \
	if (rows > r)                                                                            \
	{                                                                                        \
		const VECTOR x = V_SET1((r < 3 ? a0 : r < 6 ? a3 : r < 9 ? a6 : a9)[r % 3 * a_row]); \
                                                                                             \
		low##r = V_FMA(x, b0, low##r);                                                       \
		if (wide)                                                                            \
			high##r = V_FMA(x, b1, high##r);                                                 \
	}

#define ROW_STORE(r)                                                         \
	if (rows > r)                                                            \
	{                                                                        \
		V_STORE_PART(c + r * ldc, V_MUL(low##r, alpha), part0);              \
		if (wide)                                                            \
			V_STORE_PART(c + r * ldc + LANES, V_MUL(high##r, alpha), part1); \
	}

#define ROW_ADD(r)                                                                                 \
	if (rows > r)                                                                                  \
	{                                                                                              \
		low##r = V_FMA(beta, V_LOAD_PART(s + r * lds, part0), V_MUL(low##r, alpha));               \
		V_STORE_PART(c + r * ldc, low##r, part0);                                                  \
		if (wide)                                                                                  \
		{                                                                                          \
			high##r = V_FMA(beta, V_LOAD_PART(s + r * lds + LANES, part1), V_MUL(high##r, alpha)); \
			V_STORE_PART(c + r * ldc + LANES, high##r, part1);                                     \
		}                                                                                          \
	}

/*
 * The compiler is kept from knowing what a value is: of twelve rows' addresses it
 * would make as many registers, and values that are needed after the loop alone
 * would push those of the loop out.
 */
#define HIDE(x) __asm__("" : "+r"(x))

/* The tile from row i, with rows, wide and turned (constants of each call). */
TARGET_INLINE void
tile(const Panel *t, const int rows, const bool wide, const bool turned, int i)
{
	const PART part0 = V_PART(t->cols), part1 = V_PART(t->cols - LANES);
	const size_t a_row = turned ? 1 : t->lda, a_col = turned ? t->lda : 1;
	const size_t ldb = t->ldb, ldc = t->ldc;
	const float *a0 = t->a + (size_t) i * a_row;
	const float *a3 = a0 + 3 * a_row, *a6 = a0 + 6 * a_row, *a9 = a0 + 9 * a_row;
	const float *b = t->b;
	float *c = t->c + (size_t) i * ldc;
	const Panel *after = t;

	if (!turned)
	{
		HIDE(a3);
		HIDE(a6);
		HIDE(a9);
	}
	EACH_ROW(ROW_BEGIN)
	for (int p = t->k; p > 0; p--)
	{
		const VECTOR b0 = V_LOAD_B(b, part0);
		const VECTOR b1 = wide ? V_LOAD_B(b + LANES, part1) : b0;

		EACH_ROW(ROW_STEP)
		a0 += a_col;
		a3 += a_col;
		a6 += a_col;
		a9 += a_col;
		b += ldb;
	}
	HIDE(after);
	{
		const VECTOR alpha = V_SET1(after->alpha), beta = V_SET1(after->beta);
		const size_t lds = after->lds;
		const float *s = after->s;

		if (s == NULL)
		{
			EACH_ROW(ROW_STORE)
		}
		else
		{
			s += (size_t) i * lds;
			EACH_ROW(ROW_ADD)
		}
	}
	(void) part1;
}

#define TILE_OF(n)                   \
	case n:                          \
		tile(t, n, wide, turned, i); \
		break;

/* All rows, in tiles as even as can be. */
TARGET_INLINE void
panel(const Panel *t, const bool wide, const bool turned, int m)
{
	int rows;

	for (int i = 0, tiles = (m + TILE_ROWS - 1) / TILE_ROWS; tiles > 0; i += rows, tiles--)
	{
		rows = (m - i + tiles - 1) / tiles;
		switch (rows)
		{
			EACH_TILE(TILE_OF)
			default:
				tile(t, 1, wide, turned, i);
				break;
		}
	}
}

static TARGET void
panel_wide(const Panel *t, int m)
{
	panel(t, true, false, m);
}

static TARGET void
panel_narrow(const Panel *t, int m)
{
	panel(t, false, false, m);
}

static TARGET void
panel_wide_turned(const Panel *t, int m)
{
	panel(t, true, true, m);
}

static TARGET void
panel_narrow_turned(const Panel *t, int m)
{
	panel(t, false, true, m);
}

/* With panels of `stored` columns, of which t->cols count. */
static void
run_panel(const Panel *t, int stored, bool turned, int m)
{
	if (stored > LANES)
		(turned ? panel_wide_turned : panel_wide)(t, m);
	else
		(turned ? panel_narrow_turned : panel_narrow)(t, m);
}

/* ---- packed weights ---- */

/* All columns for some rows of A and one block of B; false when the job is to stop. */
static bool
multiply_block(const NNPackedProduct *product, int block, int m, Panel t)
{
	const NNPacked *b = product->b;
	const int begin = block_begin(b->k, block);
	const float *panels = b->panels + (size_t) begin * padded(b->n);
	const float *s = t.s;
	float *c = t.c;

	t.k = block_begin(b->k, block + 1) - begin;
	t.a += begin;
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
		run_panel(&t, stored, false, m);
	}
	return true;
}

static bool
tiles_multiply_packed(const NNPackedProduct *product)
{
	if (product->first % PANEL != 0)
		return false;
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
			if (!multiply_block(product, block, rows, t))
				return true;
			/* the other blocks add to what the first left */
			t.s = t.c;
			t.lds = t.ldc;
		}
	}
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
	float *a_room; /* BLOCK by TURNED_ROWS, if A is to be copied; or NULL */
} Group;

/* C += of one group, for all rows; false when the job is to stop. */
static bool
multiply_group(const NNProduct *product, const Group *g)
{
	Panel t = {
		.k = g->k,
		.lda = product->lda,
		.alpha = product->alpha,
		.beta = g->p == 0 ? product->beta : 1,
		.lds = product->ldc,
		.ldc = product->ldc,
	};
	const bool adds = t.beta != 0;
	const int most = g->a_room != NULL ? TURNED_ROWS : BLOCK_ROWS;

	for (int i = 0; i < product->m; i += most)
	{
		const int rows = product->m - i < most ? product->m - i : most;
		const float *b = g->b;

		t.a = product->ta ? product->a + (size_t) g->p * product->lda + i
						  : product->a + (size_t) i * product->lda + g->p;
		if (nn_pool_stopping())
			return false;
		if (g->a_room != NULL)
		{
			for (int p = 0; p < g->k; p++)
				memcpy(g->a_room + p * TURNED_ROWS, t.a + (size_t) p * product->lda,
					   (size_t) rows * sizeof(float));
			t.a = g->a_room;
			t.lda = TURNED_ROWS;
		}
		for (int j = 0; j < g->cols; j += PANEL)
		{
			const int stored = g->cols - j > LANES ? PANEL : LANES;

			t.cols = g->cols - j < PANEL ? g->cols - j : PANEL;
			t.b = g->packed ? b : g->b + j;
			t.ldb = g->packed ? (size_t) stored : product->ldb;
			t.c = product->c + (size_t) i * product->ldc + g->j + j;
			t.s = adds ? t.c : NULL;
			run_panel(&t, stored, product->ta, rows);
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
	_Alignas(NN_ALIGN) float a_room[BLOCK * TURNED_ROWS];
	const bool turned = t->ta && t->n >= WIDE && crowded(t->lda, t->k);

	for (int block = 0; block < count_blocks(t->k); block++)
	{
		Group g = {.p = block_begin(t->k, block),
				   .b = buffer,
				   .packed = true,
				   .a_room = turned ? a_room : NULL};
		int most;

		g.k = block_begin(t->k, block + 1) - g.p;
		most = BUFFER_REALS / g.k / PANEL * PANEL;
		for (g.j = 0; g.j < t->n; g.j += most)
		{
			g.cols = t->n - g.j < most ? t->n - g.j : most;
			(void) pack_columns(buffer, t->tb, t->b, t->ldb, g.p, g.k, g.j, g.cols);
			if (!multiply_group(t, &g))
				return;
		}
	}
}

#ifdef B_IN_PLACE
static void
multiply_in_place(const NNProduct *t)
{
	for (int block = 0; block < count_blocks(t->k); block++)
	{
		Group g = {.p = block_begin(t->k, block), .cols = t->n};

		g.k = block_begin(t->k, block + 1) - g.p;
		g.b = t->b + (size_t) g.p * t->ldb;
		if (!multiply_group(t, &g))
			return;
	}
}
#endif
