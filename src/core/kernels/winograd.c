/*
 * winograd.c
 *	  The transforms of Winograd's F(2x2, 3x3): four outputs of a 3 x 3 window
 *	  by 16 multiplications a channel instead of 36.
 *
 *	 y = A' [ (G g G') * (B' x B) ] A
 *
 *		   1  0 -1  0		  1	  0	  0			1  0
 *	 B' =  0  1	 1	0	 G = 1/2 1/2 1/2	A = 1  1
 *		   0 -1	 1	0		 1/2-1/2 1/2		1 -1
 *		   0  1	 0 -1		  0	  0	  1			0 -1
 *
 * (Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, 2016.)
 * What goes back is the transpose of what goes forward.  Sums and halves lose
 * next to nothing of float's precision, which larger tiles do.  A NaN comes out
 * at all four outputs of its tile.
 *
 * Loops are over channels, which lie side by side.
 */
#include "core/kernels/winograd.h"
#include "core/kernels/math_inline.h"

/* Sixteen numbers by name. */
#define FIRST_CELLS(DO) DO(0) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7)
#define LAST_CELLS(DO) DO(8) DO(9) DO(10) DO(11) DO(12) DO(13) DO(14) DO(15)
#define EACH_CELL(DO) FIRST_CELLS(DO) LAST_CELLS(DO)

#define LOAD_PLANE(k) const nn_real m##k = from[(k) *plane + i];
#define LOAD_CELL(k) const nn_real m##k = c##k[i];
#define CELL_POINTER(k) const nn_real *const c##k = cells[k];
#define STORE_PLANE(k, value) to[(k) *plane + i] = (value)

/* Four numbers by B', and by B, which is what their gradients want. */
#define INPUT_0(a, b, c, d) ((a) - (c))
#define INPUT_1(a, b, c, d) ((b) + (c))
#define INPUT_2(a, b, c, d) ((c) - (b))
#define INPUT_3(a, b, c, d) ((b) - (d))
#define BACK_0(a, b, c, d) (a)
#define BACK_1(a, b, c, d) ((b) - (c) + (d))
#define BACK_2(a, b, c, d) ((b) + (c) - (a))
#define BACK_3(a, b, c, d) (-(d))

/* Down the columns, then along the rows. */
#define DOWN(f, j, k0, k1, k2, k3)                 \
	const nn_real f##0##j = f##_0(k0, k1, k2, k3); \
	const nn_real f##1##j = f##_1(k0, k1, k2, k3); \
	const nn_real f##2##j = f##_2(k0, k1, k2, k3); \
	const nn_real f##3##j = f##_3(k0, k1, k2, k3)
#define ALL_DOWN(f)               \
	DOWN(f, 0, m0, m4, m8, m12);  \
	DOWN(f, 1, m1, m5, m9, m13);  \
	DOWN(f, 2, m2, m6, m10, m14); \
	DOWN(f, 3, m3, m7, m11, m15)
#define ACROSS(f, r, k) f##_##k(f##r##0, f##r##1, f##r##2, f##r##3)

NN_HOT(void, nn_winograd_input,
	   (nn_real *restrict to, size_t plane, const nn_real *const *cells, size_t n),
	   (to, plane, cells, n))
{
	EACH_CELL(CELL_POINTER)

#pragma omp simd
	for (size_t i = 0; i < n; i++)
	{
		EACH_CELL(LOAD_CELL)
		ALL_DOWN(INPUT);
#define STORE_ROW(r)                               \
	STORE_PLANE(4 * (r), ACROSS(INPUT, r, 0));     \
	STORE_PLANE(4 * (r) + 1, ACROSS(INPUT, r, 1)); \
	STORE_PLANE(4 * (r) + 2, ACROSS(INPUT, r, 2)); \
	STORE_PLANE(4 * (r) + 3, ACROSS(INPUT, r, 3))
		STORE_ROW(0);
		STORE_ROW(1);
		STORE_ROW(2);
		STORE_ROW(3);
#undef STORE_ROW
	}
}

NN_HOT(void, nn_winograd_input_back,
	   (nn_real *const *cells, const nn_real *restrict from, size_t plane, size_t n),
	   (cells, from, plane, n))
{
#define TARGET_POINTER(k) nn_real *const c##k = cells[k];
	EACH_CELL(TARGET_POINTER)

#pragma omp simd
	for (size_t i = 0; i < n; i++)
	{
		EACH_CELL(LOAD_PLANE)
		ALL_DOWN(BACK);
		/* cells that are not there are one and the same row, which nobody reads */
		c0[i] += ACROSS(BACK, 0, 0);
		c1[i] += ACROSS(BACK, 0, 1);
		c2[i] += ACROSS(BACK, 0, 2);
		c3[i] += ACROSS(BACK, 0, 3);
		c4[i] += ACROSS(BACK, 1, 0);
		c5[i] += ACROSS(BACK, 1, 1);
		c6[i] += ACROSS(BACK, 1, 2);
		c7[i] += ACROSS(BACK, 1, 3);
		c8[i] += ACROSS(BACK, 2, 0);
		c9[i] += ACROSS(BACK, 2, 1);
		c10[i] += ACROSS(BACK, 2, 2);
		c11[i] += ACROSS(BACK, 2, 3);
		c12[i] += ACROSS(BACK, 3, 0);
		c13[i] += ACROSS(BACK, 3, 1);
		c14[i] += ACROSS(BACK, 3, 2);
		c15[i] += ACROSS(BACK, 3, 3);
	}
}

/* Four numbers by A': two. */
#define SUM_0(a, b, c, d) ((a) + (b) + (c))
#define SUM_1(a, b, c, d) ((b) - (c) - (d))

NN_INLINE void
output(nn_real *const *cells, const nn_real *restrict from, size_t plane,
	   const nn_real *restrict bias, bool relu, size_t n)
{
	nn_real *const y0 = cells[0], *const y1 = cells[1], *const y2 = cells[2], *const y3 = cells[3];

#pragma omp simd
	for (size_t i = 0; i < n; i++)
	{
		EACH_CELL(LOAD_PLANE)
		const nn_real a0 = SUM_0(m0, m4, m8, m12), b0 = SUM_1(m0, m4, m8, m12);
		const nn_real a1 = SUM_0(m1, m5, m9, m13), b1 = SUM_1(m1, m5, m9, m13);
		const nn_real a2 = SUM_0(m2, m6, m10, m14), b2 = SUM_1(m2, m6, m10, m14);
		const nn_real a3 = SUM_0(m3, m7, m11, m15), b3 = SUM_1(m3, m7, m11, m15);
		const nn_real more = bias != NULL ? bias[i] : 0;
		const nn_real s0 = SUM_0(a0, a1, a2, a3) + more;
		const nn_real s1 = SUM_1(a0, a1, a2, a3) + more;
		const nn_real s2 = SUM_0(b0, b1, b2, b3) + more;
		const nn_real s3 = SUM_1(b0, b1, b2, b3) + more;

		y0[i] = relu ? nn_at_least(s0, 0) : s0;
		y1[i] = relu ? nn_at_least(s1, 0) : s1;
		y2[i] = relu ? nn_at_least(s2, 0) : s2;
		y3[i] = relu ? nn_at_least(s3, 0) : s3;
	}
}

NN_HOT(void, nn_winograd_output,
	   (nn_real *const *cells, const nn_real *from, size_t plane, const nn_real *bias, bool relu,
		size_t n),
	   (cells, from, plane, bias, relu, n))
{
	if (relu && bias != NULL)
		output(cells, from, plane, bias, true, n);
	else if (bias != NULL)
		output(cells, from, plane, bias, false, n);
	else
		output(cells, from, plane, NULL, relu, n);
}

/* Two numbers by A: four. */
NN_HOT(void, nn_winograd_output_back,
	   (nn_real *restrict to, size_t plane, const nn_real *const *cells, size_t n),
	   (to, plane, cells, n))
{
	const nn_real *const y0 = cells[0], *const y1 = cells[1];
	const nn_real *const y2 = cells[2], *const y3 = cells[3];

#pragma omp simd
	for (size_t i = 0; i < n; i++)
	{
		const nn_real a = y0[i], b = y1[i], c = y2[i], d = y3[i];
		const nn_real e = a + c, f = b + d, g = a - c, h = b - d;

		STORE_PLANE(0, a);
		STORE_PLANE(1, a + b);
		STORE_PLANE(2, a - b);
		STORE_PLANE(3, -b);
		STORE_PLANE(4, e);
		STORE_PLANE(5, e + f);
		STORE_PLANE(6, e - f);
		STORE_PLANE(7, -f);
		STORE_PLANE(8, g);
		STORE_PLANE(9, g + h);
		STORE_PLANE(10, g - h);
		STORE_PLANE(11, -h);
		STORE_PLANE(12, -c);
		STORE_PLANE(13, -c - d);
		STORE_PLANE(14, d - c);
		STORE_PLANE(15, d);
	}
}

/* Three numbers by G: four. */
#define GROW(name, a, b, c)                                \
	const nn_real name##0 = (a), name##3 = (c);            \
	const nn_real name##s = (nn_real) 0.5 * ((a) + (c));   \
	const nn_real name##1 = name##s + (nn_real) 0.5 * (b); \
	const nn_real name##2 = name##s - (nn_real) 0.5 * (b)

NN_HOT(void, nn_winograd_kernel, (nn_real *restrict to, const nn_real *restrict g, size_t n),
	   (to, g, n))
{
	const size_t plane = n;

#pragma omp simd
	for (size_t i = 0; i < n; i++)
	{
		GROW(a, g[i], g[3 * n + i], g[6 * n + i]);
		GROW(b, g[n + i], g[4 * n + i], g[7 * n + i]);
		GROW(c, g[2 * n + i], g[5 * n + i], g[8 * n + i]);
#define STORE_ROW(r)                  \
	{                                 \
		GROW(w, a##r, b##r, c##r);    \
		STORE_PLANE(4 * (r), w0);     \
		STORE_PLANE(4 * (r) + 1, w1); \
		STORE_PLANE(4 * (r) + 2, w2); \
		STORE_PLANE(4 * (r) + 3, w3); \
	}
		STORE_ROW(0)
		STORE_ROW(1)
		STORE_ROW(2)
		STORE_ROW(3)
#undef STORE_ROW
	}
}

/* Four numbers by G': three. */
#define SHRINK_0(a, b, c, d) ((a) + (nn_real) 0.5 * ((b) + (c)))
#define SHRINK_1(a, b, c, d) ((nn_real) 0.5 * ((b) - (c)))
#define SHRINK_2(a, b, c, d) ((nn_real) 0.5 * ((b) + (c)) + (d))

NN_HOT(void, nn_winograd_kernel_back,
	   (nn_real *restrict dg, const nn_real *restrict from, size_t n), (dg, from, n))
{
	const size_t plane = n;

#pragma omp simd
	for (size_t i = 0; i < n; i++)
	{
		EACH_CELL(LOAD_PLANE)
#define SHRINK_ROW(r)                                          \
	{                                                          \
		const nn_real w0 = SHRINK_##r(m0, m4, m8, m12);        \
		const nn_real w1 = SHRINK_##r(m1, m5, m9, m13);        \
		const nn_real w2 = SHRINK_##r(m2, m6, m10, m14);       \
		const nn_real w3 = SHRINK_##r(m3, m7, m11, m15);       \
                                                               \
		dg[(3 * (r)) * n + i] += SHRINK_0(w0, w1, w2, w3);     \
		dg[(3 * (r) + 1) * n + i] += SHRINK_1(w0, w1, w2, w3); \
		dg[(3 * (r) + 2) * n + i] += SHRINK_2(w0, w1, w2, w3); \
	}
		SHRINK_ROW(0)
		SHRINK_ROW(1)
		SHRINK_ROW(2)
#undef SHRINK_ROW
	}
}
