/*
 * conv_winograd.c
 *	  Convolutions by 3 x 3 windows, without strides, by Winograd's transforms
 *	  (kernels/winograd.h): 16 products of matrices instead of one, of 16 / 36 of
 *	  its multiplications.
 *
 * Tiles of 2 x 2 outputs are numbered over the chunk, sample after sample, row
 * after row.  A block of them is transformed, multiplied and transformed back
 * while it stays in cache:
 *	 forward   V = x's, M_p = V_p U_p, y of M
 *	 backward  Z of dz, dU_p += V_p' Z_p, dV_p = Z_p U_p', dx += of dV
 * for p of 16 planes, with V (tiles, channels), M and Z (tiles, filters) and the
 * kernel's U (channels, filters), which each call transforms anew.
 *
 * Whether a layer is computed so follows from its shape alone, so that a row's
 * output does not depend on those beside it.
 */
#include "core/layers/conv/conv.h"
#include "core/kernels/winograd.h"

#define PLANES NN_WINOGRAD_PLANES

#define LEAST_SIDE 16				   /* channels and filters: narrower products do not pay */
#define LEAST_TILES 9				   /* of a sample: for fewer the kernel's transform does not */
#define MOST_KERNEL ((size_t) 1 << 18) /* channels times filters: 16 times as many are kept */

#define BLOCK_REALS ((size_t) 1 << 16) /* of V and M together, or V and Z */
#define BLOCK_LEAST 24
#define BLOCK_MOST 96
#define BLOCK_STEP 12  /* what products take at a time */
#define PLANE_APART 16 /* reals, so that planes do not crowd each other out of the cache */

/* Sizes that follow from channels and filters, and where things lie in scratch. */
typedef struct Layout
{
	int channels, filters;
	size_t kernel; /* channels times filters */
	size_t block;  /* tiles */
	size_t v_plane, m_plane;
	size_t packed; /* of a plane of U or U'; 0: as it is */
	/* offsets */
	size_t u, sums, v, m, zeros, dump, reals;
} Layout;

static size_t
larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

static Layout
layout_of(int channels, int filters)
{
	const size_t c = (size_t) channels, f = (size_t) filters;
	Layout s = {.channels = channels, .filters = filters, .kernel = NN_ALIGN_REALS(c * f)};

	s.block = BLOCK_REALS / (PLANES * (c + f)) / BLOCK_STEP * BLOCK_STEP;
	s.block = s.block < BLOCK_LEAST ? BLOCK_LEAST : s.block > BLOCK_MOST ? BLOCK_MOST : s.block;
	s.v_plane = NN_ALIGN_REALS(s.block * c) + PLANE_APART;
	s.m_plane = NN_ALIGN_REALS(s.block * f) + PLANE_APART;
	s.packed = larger(nn_packed_reals(channels, filters), nn_packed_reals(filters, channels));
	if (nn_packed_reals(channels, filters) == 0 || nn_packed_reals(filters, channels) == 0)
		s.packed = 0;
	/* U as products read it; the sums of its gradient, before which it is made there */
	s.sums = s.u + PLANES * larger(s.packed, s.kernel);
	s.v = s.sums + PLANES * s.kernel;
	s.m = s.v + PLANES * s.v_plane;
	/* before there are tiles, a plane of U is turned in their place */
	s.zeros = s.v + larger(PLANES * (s.v_plane + s.m_plane), s.kernel);
	s.dump = s.zeros + NN_ALIGN_REALS(larger(c, f));
	s.reals = s.dump + NN_ALIGN_REALS(larger(c, f));
	return s;
}

static size_t
tiles_of(const NNWindow *w)
{
	return ((size_t) w->out_h + 1) / 2 * (((size_t) w->out_w + 1) / 2);
}

bool
nn_conv_suits_winograd(const NNWindow *w, int filters, int groups)
{
	return w->in_d == 1 && w->size_d == 1 && w->size_h == 3 && w->size_w == 3 && w->stride_h == 1 &&
		w->stride_w == 1 && w->dilation_h == 1 && w->dilation_w == 1 && groups == 1 &&
		w->in_c >= LEAST_SIDE && filters >= LEAST_SIDE &&
		(size_t) w->in_c * (size_t) filters <= MOST_KERNEL && tiles_of(w) >= LEAST_TILES;
}

size_t
nn_conv_winograd_scratch(int channels, int filters)
{
	return layout_of(channels, filters).reals;
}

/* ---- tiles ---- */

/* Where a tile lies: sample, and its first output. */
typedef struct Place
{
	size_t sample;
	int y, x;
} Place;

static Place
place_of(const NNWindow *w, size_t tile)
{
	const size_t across = ((size_t) w->out_w + 1) / 2;
	const size_t in_sample = tile % tiles_of(w);

	return (Place){tile / tiles_of(w), (int) (2 * (in_sample / across)),
				   (int) (2 * (in_sample % across))};
}

static void
next_place(const NNWindow *w, Place *at)
{
	at->x += 2;
	if (at->x < w->out_w)
		return;
	at->x = 0;
	at->y += 2;
	if (at->y < w->out_h)
		return;
	at->y = 0;
	at->sample++;
}

/* The cells [y, y + side) x [x, x + side) of an image (height, width, n); none for those outside. */
static void
cells_of(nn_real **cells, int side, nn_real *image, int height, int width, int n, int y, int x,
		 nn_real *none)
{
	for (int i = 0; i < side; i++)
		for (int j = 0; j < side; j++, cells++)
			*cells = y + i < 0 || y + i >= height || x + j < 0 || x + j >= width
				? none
				: image + ((size_t) (y + i) * (size_t) width + (size_t) (x + j)) * (size_t) n;
}

static void
input_cells(nn_real **cells, const NNWindow *w, nn_real *x, const Place *at, nn_real *none)
{
	cells_of(cells, 4, x + at->sample * nn_window_in_size(w), w->in_h, w->in_w, w->in_c,
			 at->y - w->top, at->x - w->left, none);
}

static void
output_cells(nn_real **cells, const NNWindow *w, int filters, nn_real *y, const Place *at,
			 nn_real *none)
{
	cells_of(cells, 2, y + at->sample * nn_window_out_cells(w) * (size_t) filters, w->out_h,
			 w->out_w, filters, at->y, at->x, none);
}

/* ---- a block ---- */

typedef struct Run
{
	const NNConv *conv;
	Layout s;
	nn_real *scratch;
	size_t tiles; /* of the chunk */
} Run;

static Run
run_of(const NNConv *conv, size_t samples, nn_real *scratch)
{
	Run run = {
		.conv = conv,
		.s = layout_of(conv->window.in_c, conv->filters),
		.scratch = scratch,
		.tiles = samples * tiles_of(&conv->window),
	};

	nn_zero(scratch + run.s.zeros, run.s.dump - run.s.zeros);
	nn_zero(scratch + run.s.dump, run.s.reals - run.s.dump);
	return run;
}

/* U, or for products with its transpose that. */
static void
make_u(const Run *run, bool turned)
{
	const Layout *s = &run->s;
	const size_t n = (size_t) s->channels * (size_t) s->filters;
	nn_real *u = run->scratch + (s->packed > 0 ? s->sums : s->u);

	nn_winograd_kernel(u, run->conv->kernel, n);
	for (size_t p = 0; p < PLANES && s->packed > 0; p++)
	{
		const nn_real *from = u + p * n;
		nn_real *to = run->scratch + s->u + p * s->packed;

		if (turned)
		{
			nn_transpose(run->scratch + s->v, from, (size_t) s->channels, (size_t) s->filters);
			nn_pack(to, false, run->scratch + s->v, s->channels, s->filters, s->channels);
		}
		else
			nn_pack(to, false, from, s->filters, s->channels, s->filters);
	}
}

/* For each plane: to (tiles, width) = from times U, or U'. */
static void
multiply(const Run *run, size_t tiles, bool turned)
{
	const Layout *s = &run->s;
	const int k = turned ? s->filters : s->channels, n = turned ? s->channels : s->filters;
	const nn_real *from = run->scratch + (turned ? s->m : s->v);
	nn_real *to = run->scratch + (turned ? s->v : s->m);
	const size_t from_plane = turned ? s->m_plane : s->v_plane;
	const size_t to_plane = turned ? s->v_plane : s->m_plane;

	for (size_t p = 0; p < PLANES; p++, from += from_plane, to += to_plane)
	{
		const NNPacked packed = {s->packed > 0 ? run->scratch + s->u + p * s->packed : NULL, k, n};
		const nn_real *plain = run->scratch + s->u + p * (size_t) s->channels * (size_t) s->filters;

		if (!nn_gemm_packed(&packed, 0, n, (int) tiles, from, k, NULL, 0, to, n))
			nn_gemm(false, turned, (int) tiles, n, k, 1, from, k, plain, s->filters, 0, to, n);
	}
}

/* V of the block's tiles. */
static void
transform_inputs(const Run *run, const nn_real *x, size_t first, size_t tiles)
{
	const Layout *s = &run->s;
	Place at = place_of(&run->conv->window, first);
	nn_real *v = run->scratch + s->v;
	nn_real *cells[PLANES];

	for (size_t t = 0; t < tiles; t++, v += s->channels)
	{
		input_cells(cells, &run->conv->window, (nn_real *) x, &at, run->scratch + s->zeros);
		nn_winograd_input(v, s->v_plane, (const nn_real *const *) cells, (size_t) s->channels);
		next_place(&run->conv->window, &at);
	}
}

static size_t
block_end(const Run *run, size_t first)
{
	return run->tiles - first < run->s.block ? run->tiles - first : run->s.block;
}

/* ---- forward ---- */

/* Activations that the last transform does not do itself, in pieces that stay in cache. */
static void
activate(const NNConv *conv, size_t n, nn_real *y, nn_real *z)
{
	const size_t piece = BLOCK_REALS / (size_t) conv->filters * (size_t) conv->filters;

	if (z)
		nn_copy(z, y, n);
	for (size_t i = 0; i < n; i += piece)
		nn_activate(conv->activation, y + i, n - i < piece ? n - i : piece, (size_t) conv->filters);
}

void
nn_conv_winograd_forward(const NNConv *conv, size_t samples, const nn_real *x, nn_real *y,
						 nn_real *z, nn_real *scratch)
{
	const Run run = run_of(conv, samples, scratch);
	const bool relu = conv->activation == NN_RELU && z == NULL;
	const NNWindow *w = &conv->window;
	const size_t f = (size_t) conv->filters;
	nn_real *cells[4];
	size_t tiles;

	make_u(&run, false);
	for (size_t first = 0; first < run.tiles && !nn_pool_stopping(); first += tiles)
	{
		Place at = place_of(w, first);
		const nn_real *m = scratch + run.s.m;

		tiles = block_end(&run, first);
		transform_inputs(&run, x, first, tiles);
		multiply(&run, tiles, false);
		for (size_t t = 0; t < tiles; t++, m += f)
		{
			output_cells(cells, w, conv->filters, y, &at, scratch + run.s.dump);
			nn_winograd_output(cells, m, run.s.m_plane, conv->bias, relu, f);
			next_place(w, &at);
		}
	}
	if (!relu)
		activate(conv, samples * nn_window_out_cells(w) * f, y, z);
}

/* ---- backward ---- */

/* Z of the block's tiles. */
static void
transform_gradients(const Run *run, const nn_real *dz, size_t first, size_t tiles)
{
	const Layout *s = &run->s;
	Place at = place_of(&run->conv->window, first);
	nn_real *m = run->scratch + s->m;
	nn_real *cells[4];

	for (size_t t = 0; t < tiles; t++, m += s->filters)
	{
		output_cells(cells, &run->conv->window, s->filters, (nn_real *) dz, &at,
					 run->scratch + s->zeros);
		nn_winograd_output_back(m, s->m_plane, (const nn_real *const *) cells, (size_t) s->filters);
		next_place(&run->conv->window, &at);
	}
}

static void
add_inputs(const Run *run, nn_real *dx, size_t first, size_t tiles)
{
	const Layout *s = &run->s;
	Place at = place_of(&run->conv->window, first);
	const nn_real *v = run->scratch + s->v;
	nn_real *cells[PLANES];

	for (size_t t = 0; t < tiles; t++, v += s->channels)
	{
		input_cells(cells, &run->conv->window, dx, &at, run->scratch + s->dump);
		nn_winograd_input_back(cells, v, s->v_plane, (size_t) s->channels);
		next_place(&run->conv->window, &at);
	}
}

static void
add_sums(const Run *run, size_t tiles)
{
	const Layout *s = &run->s;

	for (size_t p = 0; p < PLANES; p++)
		nn_gemm_outer(s->channels, s->filters, (int) tiles, run->scratch + s->v + p * s->v_plane,
					  s->channels, run->scratch + s->m + p * s->m_plane, s->filters,
					  run->scratch + s->sums + p * (size_t) s->channels * (size_t) s->filters,
					  s->filters);
}

void
nn_conv_winograd_backward(const NNConv *conv, const NNConvBack *back)
{
	const Run run = run_of(conv, back->samples, back->scratch);
	const size_t n = (size_t) conv->window.in_c * (size_t) conv->filters;
	const size_t f = (size_t) conv->filters;
	const size_t outputs = nn_window_out_cells(&conv->window) * f;
	size_t tiles;

	for (size_t b = 0; b < back->samples; b++)
	{
		nn_real *dz = back->dy + b * outputs;

		nn_activate_backward(conv->activation, back->z ? back->z + b * outputs : NULL,
							 back->y + b * outputs, dz, outputs, f);
		if (back->bias_grad)
			nn_sum_rows(back->bias_grad, dz, outputs / f, f);
	}
	if (back->dx)
	{
		nn_zero(back->dx, back->samples * nn_window_in_size(&conv->window));
		make_u(&run, true);
	}
	if (back->kernel_grad)
		nn_zero(back->scratch + run.s.sums, PLANES * n);
	for (size_t first = 0; first < run.tiles && !nn_pool_stopping(); first += tiles)
	{
		tiles = block_end(&run, first);
		transform_gradients(&run, back->dy, first, tiles);
		if (back->kernel_grad)
		{
			transform_inputs(&run, back->x, first, tiles);
			add_sums(&run, tiles);
		}
		if (back->dx)
		{
			multiply(&run, tiles, true);
			add_inputs(&run, back->dx, first, tiles);
		}
	}
	if (back->kernel_grad)
		nn_winograd_kernel_back(back->kernel_grad, back->scratch + run.s.sums, n);
}
