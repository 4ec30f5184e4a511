/*
 * gemm_tile.h
 *	  Tiles of C whose sums stay in registers, for vectors of any width: the
 *	  innermost loops of gemm_tiles.h and gemm_bf16.c.
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
 *	 V_STEP(x, y, sum)	a step along k; V_FMA if not defined
 */
#ifndef V_STEP
#define V_STEP V_FMA
#endif

#include "core/kernels/gemm_panel.h"

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
		low##r = V_STEP(x, b0, low##r);                                                      \
		if (wide)                                                                            \
			high##r = V_STEP(x, b1, high##r);                                                \
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
