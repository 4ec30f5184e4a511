/*
 * conv_product.c
 *	  The products of a convolution over one chunk.
 *
 * With patches P (cells, patch) of a group's channels and its columns of the
 * kernel W (patch, filters / groups):  z = P W + b,  y = f(z);
 * dW += P' dz,  dP = dz W',  and dP's numbers are added to their places in dx.
 * P and dP exist for one band of cells at a time, in scratch, which is the
 * same; a window of one cell needs neither.
 */
#include "core/layers/conv/conv.h"

/* Cells whose outputs are activated while they are in cache, where no patches bound them. */
#define CELL_ROWS 384

bool
nn_conv_plan(NNLayer *layer, size_t patch, size_t width, NNError *error)
{
	char what[NN_MAX_NAME + 16];

	if (patch > NN_MAX_SAMPLE)
	{
		nn_error(error, NN_TOO_LARGE, "%s: its window has more than %zu values",
				 nn_layer_what(layer, what, sizeof(what)), NN_MAX_SAMPLE);
		return nn_hint(error, "Use a smaller kernel_size.");
	}
	layer->scratch_fixed = nn_band_rows(patch, width) * patch;
	return true;
}

/* What stays the same from band to band. */
typedef struct Shape
{
	size_t cells; /* of the chunk */
	size_t rows;  /* of a band */
	size_t patch;
	int channels; /* of a group */
	int filters;
	bool direct; /* x itself has the patches as rows */
	int ldp;	 /* from patch to patch */
} Shape;

static Shape
shape_of(const NNConv *conv, size_t samples)
{
	const NNWindow *w = &conv->window;
	Shape s;

	s.cells = samples * nn_window_out_cells(w);
	s.channels = w->in_c / conv->groups;
	s.filters = conv->filters / conv->groups;
	s.patch = nn_window_patch(w, s.channels);
	s.direct = nn_window_is_cell(w);
	s.ldp = s.direct ? w->in_c : (int) s.patch;
	s.rows = s.direct ? CELL_ROWS : nn_band_rows(s.patch, (size_t) conv->filters);
	return s;
}

static NNBand
band_of(const Shape *s, size_t from, int group)
{
	NNBand band = {from, from + s->rows, group * s->channels, s->channels};

	if (band.to > s->cells)
		band.to = s->cells;
	return band;
}

/* The band's patches, unfolded to scratch if need be. */
static const nn_real *
patches(const NNConv *conv, const Shape *s, const NNBand *band, const nn_real *x, nn_real *scratch)
{
	if (s->direct)
		return x + band->from * (size_t) s->ldp + band->channel;
	nn_im2col(&conv->window, band, x, scratch);
	return scratch;
}

void
nn_conv_forward(const NNConv *conv, size_t samples, const nn_real *x, nn_real *y, nn_real *z,
				nn_real *scratch)
{
	Shape s = shape_of(conv, samples);
	size_t f = (size_t) conv->filters;

	for (size_t from = 0; from < s.cells && !nn_pool_stopping(); from += s.rows)
	{
		nn_real *band_y = y + from * f;
		size_t rows = band_of(&s, from, 0).to - from;

		if (conv->bias && conv->packed.panels == NULL)
			nn_fill_rows(band_y, conv->bias, rows, f);
		for (int g = 0; g < conv->groups; g++)
		{
			NNBand band = band_of(&s, from, g);
			const nn_real *p = patches(conv, &s, &band, x, scratch);

			if (nn_gemm_packed(&conv->packed, 0, s.filters, (int) rows, p, s.ldp, conv->bias, 0,
							   band_y, conv->filters))
				continue;
			nn_gemm(false, false, (int) rows, s.filters, (int) s.patch, 1, p, s.ldp,
					conv->kernel + g * s.filters, conv->filters, conv->bias ? 1 : 0,
					band_y + g * s.filters, conv->filters);
		}
		if (z)
			nn_copy(z + from * f, band_y, rows * f);
		nn_activate(conv->activation, band_y, rows * f, f);
	}
}

/* dW += P' dz of a band, for filters of its group from `from` to before `to`. */
static void
kernel_band(const NNConv *conv, const Shape *s, const NNBand *band, const NNConvBack *back,
			const nn_real *dz, int from, int to)
{
	int first = band->channel / s->channels * s->filters + from;

	nn_gemm_outer((int) s->patch, to - from, (int) (band->to - band->from),
				  patches(conv, s, band, back->x, back->scratch), s->ldp, dz + from, conv->filters,
				  back->kernel_grad + first, conv->filters);
}

/* One band of one group: dz is the band's first number of the group. */
static void
backward_band(const NNConv *conv, const Shape *s, const NNBand *band, const NNConvBack *back,
			  const nn_real *dz)
{
	int rows = (int) (band->to - band->from);
	int first = band->channel / s->channels * s->filters;

	if (back->kernel_grad)
		kernel_band(conv, s, band, back, dz, 0, s->filters);
	if (back->dx)
	{
		nn_real *dp =
			s->direct ? back->dx + band->from * (size_t) s->ldp + band->channel : back->scratch;

		nn_gemm(false, true, rows, (int) s->patch, s->filters, 1, dz, conv->filters,
				conv->kernel + first, conv->filters, 0, dp, s->ldp);
		if (!s->direct)
			nn_col2im_add(&conv->window, band, back->dx, dp);
	}
}

void
nn_conv_backward(const NNConv *conv, const NNConvBack *back)
{
	Shape s = shape_of(conv, back->samples);
	size_t f = (size_t) conv->filters;

	if (back->dx && !s.direct)
		nn_zero(back->dx, back->samples * nn_window_in_size(&conv->window));
	for (size_t from = 0; from < s.cells && !nn_pool_stopping(); from += s.rows)
	{
		nn_real *dz = back->dy + from * f;
		size_t rows = band_of(&s, from, 0).to - from;

		nn_activate_backward(conv->activation, back->z ? back->z + from * f : NULL,
							 back->y + from * f, dz, rows * f, f);
		if (back->bias_grad)
			nn_sum_rows(back->bias_grad, dz, rows, f);
		for (int g = 0; g < conv->groups; g++)
		{
			NNBand band = band_of(&s, from, g);

			backward_band(conv, &s, &band, back, dz + g * s.filters);
		}
	}
}

void
nn_conv_kernel_gradient(const NNConv *conv, const NNConvBack *back, int from, int to)
{
	Shape s = shape_of(conv, back->samples);

	for (size_t cell = 0; cell < s.cells && !nn_pool_stopping(); cell += s.rows)
	{
		NNBand band = band_of(&s, cell, 0);

		kernel_band(conv, &s, &band, back, back->dy + cell * (size_t) conv->filters, from, to);
	}
}
