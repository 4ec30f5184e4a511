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
 *	 V_STEP_AT(p, y, sum)	the same with the number at p for all lanes, in one instruction;
 *					by V_SET1 if not defined
 */
#include <limits.h>

#ifndef V_STEP
#define V_STEP V_FMA
#endif

#include "core/kernels/gemm_panel.h"
#include "core/kernels/gemm_step.h"

/* ---- tiles ---- */

#define ROW_BEGIN(r)                              \
	VECTOR low##r = V_ZERO(), high##r = V_ZERO(); \
	if (rows > r)                                 \
		_mm_prefetch((const char *) (c + r * ldc), _MM_HINT_T0);

#ifdef V_STEP_AT
#define UNROLLED 4
#define ROW_STEP(r, u)                                          \
	if (rows > r)                                               \
	{                                                           \
		V_STEP_AT(turned ? a0 + r : a##r + u, b0, low##r);      \
		if (wide)                                               \
			V_STEP_AT(turned ? a0 + r : a##r + u, b1, high##r); \
	}
#else
#define UNROLLED INT_MAX
#define ROW_STEP(r, u)                                          \
	if (rows > r)                                               \
	{                                                           \
		const VECTOR x = V_SET1(*(turned ? a0 + r : a##r + u)); \
                                                                \
		low##r = V_STEP(x, b0, low##r);                         \
		if (wide)                                               \
			high##r = V_STEP(x, b1, high##r);                   \
	}
#endif
#define ROW_STEP0(r) ROW_STEP(r, 0)
#define ROW_STEP1(r) ROW_STEP(r, 1)
#define ROW_STEP2(r) ROW_STEP(r, 2)
#define ROW_STEP3(r) ROW_STEP(r, 3)

/* Rows' addresses, kept as they are: made anew of one another they would take instructions in the loop. */
#define ROW_ADDRESS(r)                                  \
	const float *a##r = a + (rows > r ? r : 0) * a_row; \
	if (rows > r && !turned)                            \
		HIDE(a##r);

#define ROW_NEXT(r, n)       \
	if (rows > r && !turned) \
	{                        \
		a##r += n;           \
		HIDE(a##r);          \
	}
#define ROW_NEXT1(r) ROW_NEXT(r, 1)
#define ROW_NEXT4(r) ROW_NEXT(r, 4)

#define AHEAD 8 /* steps along k that B is asked for early, if it is far */

/* A step along k, of all rows. */
#define TILE_STEP(ROW_STEP)                                                \
	{                                                                      \
		if (far)                                                           \
			_mm_prefetch((const char *) (b + ahead), _MM_HINT_T0);         \
		if (far && wide)                                                   \
			_mm_prefetch((const char *) (b + ahead + LANES), _MM_HINT_T0); \
		const VECTOR b0 = V_LOAD_B(b, part0);                              \
		const VECTOR b1 = wide ? V_LOAD_B(b + LANES, part1) : b0;          \
                                                                           \
		EACH_ROW(ROW_STEP)                                                 \
		if (turned)                                                        \
		{                                                                  \
			a0 += lda;                                                     \
			HIDE(a0);                                                      \
		}                                                                  \
		b += ldb;                                                          \
		HIDE(b);                                                           \
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

/* The tile from row i, which is at a; rows, wide, turned and far are constants of each call. */
TARGET_INLINE void
tile(const Panel *t, const int rows, const bool wide, const bool turned, const bool far, int i,
	 const float *a)
{
	const PART part0 = V_PART(t->cols), part1 = V_PART(t->cols - LANES);
	const size_t lda = t->lda, a_row = turned ? 1 : lda;
	const size_t ldb = t->ldb, ldc = t->ldc;
	const float *b = t->b;
	float *c = t->c + (size_t) i * ldc;
	const size_t ahead = AHEAD * ldb;
	const Panel *after = t;
	int k = t->k;

	EACH_ROW(ROW_ADDRESS)
	EACH_ROW(ROW_BEGIN)
	for (; k >= UNROLLED; k -= 4)
	{
		TILE_STEP(ROW_STEP0)
		TILE_STEP(ROW_STEP1)
		TILE_STEP(ROW_STEP2)
		TILE_STEP(ROW_STEP3)
		EACH_ROW(ROW_NEXT4)
	}
	for (; k > 0; k--)
	{
		TILE_STEP(ROW_STEP0)
		EACH_ROW(ROW_NEXT1)
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

#define TILE_OF(n)                           \
	case n:                                  \
		tile(t, n, wide, turned, far, i, a); \
		break;

/* Of the next one, if so many rows are cut into tiles as even as can be. */
static inline int
tile_rows(int m, int tiles)
{
	return (m + tiles - 1) / tiles;
}

/* All rows, tile after tile. */
TARGET_INLINE void
panel(const Panel *t, const bool wide, const bool turned, const bool far, int m)
{
	const float *a = t->a;
	int rows;

	for (int i = 0, tiles = (m + TILE_ROWS - 1) / TILE_ROWS; tiles > 0; i += rows, tiles--)
	{
		rows = tile_rows(m - i, tiles);
		switch (rows)
		{
			EACH_TILE(TILE_OF)
			default:
				tile(t, 1, wide, turned, far, i, a);
				break;
		}
		a += t->next_tile > 0 ? t->next_tile : (size_t) rows * (turned ? 1 : t->lda);
	}
}

static TARGET void
panel_wide(const Panel *t, int m)
{
	panel(t, true, false, false, m);
}

static TARGET void
panel_narrow(const Panel *t, int m)
{
	panel(t, false, false, false, m);
}

static TARGET void
panel_wide_turned(const Panel *t, int m)
{
	panel(t, true, true, false, m);
}

static TARGET void
panel_narrow_turned(const Panel *t, int m)
{
	panel(t, false, true, false, m);
}

#ifdef B_IN_PLACE
static TARGET void
panel_wide_turned_far(const Panel *t, int m)
{
	panel(t, true, true, true, m);
}
#endif

/* With panels of `stored` columns, of which t->cols count. */
static void
run_panel(const Panel *t, int stored, bool turned, int m)
{
#ifdef B_IN_PLACE
	if (t->far && turned && stored > LANES)
	{
		panel_wide_turned_far(t, m);
		return;
	}
#endif
	if (stored > LANES)
		(turned ? panel_wide_turned : panel_wide)(t, m);
	else
		(turned ? panel_narrow_turned : panel_narrow)(t, m);
}
